"""Fetches the age of Debian's unstable release, a static program that knows post-quantum keys, which the age of
Debian 12 does not. Prints where it is. Only checks and benchmarks use it, so TLS to Debian's mirror is trust enough.
"""
import hashlib
import lzma
import platform
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

MIRROR = "https://deb.debian.org/debian/"
ARCHITECTURE = {"x86_64": "amd64", "aarch64": "arm64"}
TIMEOUT = 60  # seconds


def fetch(path):
    with urllib.request.urlopen(MIRROR + path, timeout=TIMEOUT) as answer:
        return answer.read()


def description(packages, name):
    """The fields of one package in a list of packages."""
    for paragraph in packages.split("\n\n"):
        if paragraph.startswith(f"Package: {name}\n"):
            return dict(line.split(": ", 1) for line in paragraph.splitlines() if ": " in line and line[0] != " ")
    sys.exit(f"no package {name} in the list")


def main():
    folder = Path(sys.argv[1])
    program = folder / "usr/bin/age"
    if not program.exists():
        architecture = ARCHITECTURE[platform.machine()]
        packages = lzma.decompress(fetch(f"dists/sid/main/binary-{architecture}/Packages.xz")).decode()
        fields = description(packages, "age")
        package = fetch(fields["Filename"])
        if hashlib.sha256(package).hexdigest() != fields["SHA256"]:
            sys.exit("the package has another digest than the list says")
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(suffix=".deb") as file:
            file.write(package)
            file.flush()
            subprocess.run(["dpkg-deb", "-x", file.name, folder], check=True)
    subprocess.run([program, "--version"], check=True, stdout=subprocess.DEVNULL)
    print(program)


if __name__ == "__main__":
    main()
