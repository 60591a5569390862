# shellcheck shell=bash
#
# What a fresh machine lacks, fetched once. To be sourced by the scripts in tools/:
#
#   source "$(dirname "${BASH_SOURCE[0]}")/lib/setup.sh"
#   need_swift
#   need_packages "the library that seals" libsodium-dev pkg-config
#   need_venv     "the checks against other software" jsonschema
#   find_evidence debug
#
# Each function is silent and needs no network when nothing is missing, and returns 1 after one clear
# sentence when it cannot help.

if [[ -z ${BASH_VERSION:-} ]]; then
  echo "setup.sh: to be sourced by bash" >&2
  return 1
fi

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# The status of a check that could try nothing here, for want of root for example: not done is neither kept nor broken.
# tools/lib/ending.py has it for Python.
# shellcheck disable=SC2034
left_out=75

# say TEXT…: one line of progress on standard error; in bold on a terminal that can and may show it.
say() {
  if [[ -t 2 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
    printf '\033[1m%s\033[0m\n' "$*" >&2
  else
    printf '%s\n' "$*" >&2
  fi
}

# need_swift: fails with an explanation when there is no Swift compiler on PATH.
need_swift() {
  if ! command -v swift >/dev/null; then
    say "error: no swift on PATH"
    say "hint: install it from https://www.swift.org/install, then: export PATH=\"/where/it/is/usr/bin:\$PATH\""
    return 1
  fi
}

# need_packages WHY PACKAGE…: Debian packages, installed when missing.
need_packages() {
  local why=$1 package missing=()
  shift
  if ! command -v dpkg-query >/dev/null; then
    say "note: not a Debian system; for $why you need what Debian calls: $*"
    return 0
  fi
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  ((${#missing[@]})) || return 0

  say "installing ${missing[*]} ($why)"
  # The lists of a fresh system are empty or old: they are fetched only when the first attempt fails.
  if ! apt_get install "${missing[@]}" 2>/dev/null; then
    if ! { apt_get update && apt_get install "${missing[@]}"; }; then
      say "error: could not install ${missing[*]}"
      say "hint: as root, with a network: apt-get update && apt-get install ${missing[*]}"
      return 1
    fi
  fi
}

is_installed() {
  [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# apt-get without questions and without chatter; through sudo where that is needed and there.
apt_get() {
  local command=(env DEBIAN_FRONTEND=noninteractive apt-get --quiet=2 --yes --no-install-recommends)
  if ((EUID != 0)) && command -v sudo >/dev/null; then
    command=(sudo "${command[@]}")
  fi
  "${command[@]}" "$@" </dev/null >/dev/null
}

# need_venv WHY PACKAGE…: packages from PyPI in .venv at the root of the repository; whatever version
# is there already will do. Sets `python` to the interpreter that sees them.
need_venv() {
  local why=$1 package missing=()
  shift
  python=$repository/.venv/bin/python
  if ! "$python" -c '' 2>/dev/null; then
    need_packages "$why" python3 python3-venv || return 1
    say "making .venv ($why)"
    if ! python3 -m venv --clear "$repository/.venv" >&2; then
      say "error: could not make .venv in $repository"
      return 1
    fi
  fi
  for package in "$@"; do
    has_distribution "$package" || missing+=("$package")
  done
  ((${#missing[@]})) || return 0

  say "installing ${missing[*]} into .venv ($why)"
  if ! "$python" -m pip install --quiet --disable-pip-version-check "${missing[@]}" </dev/null >&2; then
    say "error: could not install ${missing[*]} into .venv"
    say "hint: this needs a network once: $python -m pip install ${missing[*]}"
    return 1
  fi
}

# A requirement may carry a version or extras (name==1.2, name[extra]); only the name is looked for.
has_distribution() {
  "$python" -c 'import sys, importlib.metadata as m; m.version(sys.argv[1])' "${1%%[^A-Za-z0-9._-]*}" 2>/dev/null
}

# need_newer_age WHY: an age that knows post-quantum keys, kept in .build. Sets `newer_age` to the program, or to
# nothing, after a note, where it is not to be had: whoever asked leaves out what it was for, and says so.
# shellcheck disable=SC2034  # the caller reads it
need_newer_age() {
  local why=$1 folder=$repository/.build/newer-age
  [[ -x $folder/usr/bin/age ]] || say "fetching the age of Debian unstable ($why)"
  if ! newer_age=$(python3 "$repository/tools/lib/newer_age.py" "$folder" 2>/dev/null); then
    say "note: the age of Debian unstable is not to be had here; left out: $why"
    newer_age=
  fi
}

# find_python WHY PACKAGE…: sets `python` to EVIDENCE_TEST_PYTHON, or to that of .venv with these packages from PyPI.
find_python() {
  if [[ -n ${EVIDENCE_TEST_PYTHON:-} ]]; then
    python=$EVIDENCE_TEST_PYTHON
  else
    need_venv "$@"
  fi
}

# find_evidence CONFIGURATION: sets `evidence` to EVIDENCE_BIN, or to the program that it builds.
find_evidence() {
  if [[ -n ${EVIDENCE_BIN:-} ]]; then
    evidence=$(realpath -m "$EVIDENCE_BIN")
  else
    evidence=$(build_product evidence "$1")
  fi
  if [[ ! -x $evidence ]]; then
    say "error: not a program: $evidence"
    return 1
  fi
}

# build_product PRODUCT CONFIGURATION: builds it, and prints where it is.
build_product() {
  local product=$1 configuration=$2 flags
  need_swift || return 1
  need_packages "what is built on" libsodium-dev pkg-config || return 1
  (
    cd "$repository" || exit
    flags=(--configuration "$configuration" --product "$product")
    [[ $configuration == debug ]] || flags+=(--static-swift-stdlib)
    say "building $product ($configuration); the first time takes some minutes"
    swift build "${flags[@]}" >&2 || exit
    echo "$(swift build "${flags[@]}" --show-bin-path)/$product"
  )
}
