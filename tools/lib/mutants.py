"""Mutants of the program: what tools/mutants leaves out, and whether a test notices."""
import argparse
import contextlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from dataclasses import dataclass
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ending import require_known

REPOSITORY = Path(__file__).resolve().parents[2]
COPY = REPOSITORY / ".build/mutants/copy"
BUILD = REPOSITORY / ".build/mutants/build"
BY_HAND = REPOSITORY / "tools/lib/mutants_by_hand.txt"
ALLOWED = REPOSITORY / "tools/lib/mutants_allowed.txt"
NOTICED = REPOSITORY / ".build/mutants/noticed.json"
SEED = 1
PATIENCE = 3600  # seconds until a run of the tests that does not end counts as noticed; all of them take ten minutes
# Formats have tests of their own; what they do for a vault is tested with it.
REST = "EvidenceVaultTests|CommandLineTests|FuzzTests"
# Modules whose tests are not in a folder of their own.
OWN = {"evidence": "CommandLineTests", "EvidenceReport": "EvidenceVaultTests|CommandLineTests"}
# Which tests are run first, where those of a module take long, and what is tested is not in the folder of the same
# name: whoever is not missed by these is tried with all.
FIRST = {
    "Sources/Age": "AgeTests.(Header|Tampering|KeyText|Vector)",
    "Sources/EvidenceVault/Bundles/Bundle": "EvidenceVaultTests.(HostileSender|Bundle|Part|Note)",
    "Sources/EvidenceVault/Bundles": "EvidenceVaultTests.*(Bundle|Export|Part|Signature)",
    "Sources/EvidenceVault/Index": "EvidenceVaultTests.*(Pin|Head|Rollback|Restor|Copy)",
    "Sources/EvidenceVault/Base": "EvidenceVaultTests.*(SigningKey|Note|Timestamp)",
    "Sources/EvidenceVault/Checks": "EvidenceVaultTests.*SigningKey",
    "Sources/EvidenceReport/Submission": "EvidenceVaultTests.*Submission",
    "Sources/EvidenceReport": "EvidenceVaultTests.*(Printable|Report|Text)",
    "Sources/evidence": "CommandLineTests",
}
# How a program ends that traps: a mutant may make a test do so. Whoever ends otherwise, or before a test began, has
# shown nothing of the mutant.
TRAPS = {-signal.SIGILL, -signal.SIGTRAP, -signal.SIGABRT, -signal.SIGSEGV, -signal.SIGBUS, -signal.SIGFPE}
SUITE = re.compile(r"\bstruct (\w+Tests)\b")
# Where a test failed: the file of a suite is called as the suite.
PLACE = re.compile(rb" recorded an issue\b.*? at (\w+Tests)\.swift:\d+")

GUARD = re.compile(r"^(\s*)guard (.+) else \{(.*)$")
BINDING = re.compile(r"\b(let|var|case)\b")
SWITCH = """internal import Glibc

/// Whether this one is switched on.
func isMutant(_ number: Int32) -> Bool {
  guard let text = unsafe getenv("EVIDENCE_MUTANT") else { return false }
  return unsafe atoi(text) == number
}
"""


@dataclass
class Mutant:
    number: int
    path: str
    line: int
    text: str
    is_by_hand: bool = False
    suites: str = ""  # which of them noticed it once, as the list says, with `|` between them

    @property
    def module(self):
        return self.path.split("/")[1]

    @property
    def name(self):
        return f"{self.path}:{self.line}: {self.text.strip()}"


def by_hand():
    """The mutants of the list: a file, a piece of it, what takes its place, and the suites that miss it."""
    path = old = suites = None
    for line in BY_HAND.read_text().splitlines():
        if line.startswith("- "):
            old, suites = line[2:], ""
        elif line.startswith("= "):
            suites = line[2:]
        elif line.startswith("+ "):
            yield path, old, line[2:], suites
        elif line and not line.startswith("#"):
            path = line


def conditions(text):
    """The conditions of a guard, split at the commas between them."""
    depth, start, is_text = 0, 0, False
    for place, letter in enumerate(text):
        if letter == '"':
            is_text = not is_text
        elif not is_text and letter in "([{":
            depth += 1
        elif not is_text and letter in ")]}":
            depth -= 1
        elif letter == "," and depth == 0 and not is_text:
            yield text[start:place].strip()
            start = place + 1
    yield text[start:].strip()


def left_out(number, condition):
    """A condition that always holds while the mutant is on."""
    attempt = "try " if "try" in condition.split() else ""
    return f"{attempt}isMutant({number}) ? true : ({condition.removeprefix('try ')})"


class Copy:
    """The sources, with every mutant in them."""

    def __init__(self):
        self.mutants = []
        files = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, check=True).stdout
        self.names = {name for name in files.decode().split("\0") if name and os.path.lexists(REPOSITORY / name)}
        texts = {name: (REPOSITORY / name).read_text() for name in sorted(self.names)
                 if name.startswith("Sources/") and name.endswith(".swift")}
        self.changed = dict(self.mutate(name, text) for name, text in texts.items())
        self.changed |= {f"Sources/{module}/IsMutant.swift": SWITCH for module in {one.module for one in self.mutants}}
        self.changed["Tests/CommandLineTests/Program.swift"] = self.program()

    def write(self):
        """Writes only what is another file than last time, so that only this is built again."""
        names, changed = self.names, self.changed
        for old in COPY.rglob("*"):
            if (old.is_file() or old.is_symlink()) and str(old.relative_to(COPY)) not in names | changed.keys():
                old.unlink()
        for name in sorted(names | changed.keys()):
            place, text = COPY / name, changed.get(name)
            if (REPOSITORY / name).is_symlink():
                place.parent.mkdir(parents=True, exist_ok=True)
                if not place.is_symlink():
                    place.symlink_to(os.readlink(REPOSITORY / name))
                continue
            new = (REPOSITORY / name).read_bytes() if text is None else text.encode()
            if place.exists() and place.read_bytes() == new:
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(new)
            place.chmod((REPOSITORY / name).stat().st_mode if (REPOSITORY / name).exists() else 0o644)

    @staticmethod
    def program():
        """The program under test inherits the switch, whatever else a test gives it."""
        text = (REPOSITORY / "Tests/CommandLineTests/Program.swift").read_text()
        given = 'inherited = ["LLVM_PROFILE_FILE",'
        if given not in text:
            sys.exit("error: Program.swift starts the program in another way than tools/mutants knows")
        return text.replace(given, f'{given} "EVIDENCE_MUTANT",')

    def add(self, name, line, text, **more):
        """Makes a mutant. Its number stays when others come and go, so that little has to be built again."""
        earlier = sum(mutant.path == name and mutant.text == text for mutant in self.mutants)
        number = zlib.crc32(f"{name}\0{text}\0{earlier}".encode()) >> 1
        if any(mutant.number == number for mutant in self.mutants) or number == 0:
            sys.exit(f"error: two checks have the same number, among them {text}")
        self.mutants.append(Mutant(number, name, line, text, **more))
        return self.mutants[-1]

    def mutate(self, name, text):
        original = text.split("\n")
        for path, old, new, suites in by_hand():
            if path == name:
                text = self.mutate_by_hand(name, text, old, new, suites)
        lines = text.split("\n")
        for index, line in enumerate(lines):
            match = GUARD.match(line)
            # What decides whether a piece of input is one's own, and goes on with the next, is no check.
            if not match or BINDING.search(match[2]) or re.match(r"\s*continue", match[3]):
                continue
            mutant = self.add(name, index + 1, original[index])
            on = ", ".join(left_out(mutant.number, condition) for condition in conditions(match[2]))
            lines[index] = f"{match[1]}guard {on} else {{{match[3]}"
        return name, "\n".join(lines)

    def mutate_by_hand(self, name, text, old, new, suites):
        if text.count(old) != 1:
            sys.exit(f"error: {name} does not have this once, which the list looks for: {old}")
        mutant = self.add(name, text[:text.index(old)].count("\n") + 1, new, is_by_hand=True, suites=suites)
        return text.replace(old, re.sub(r"\bON\b", f"isMutant({mutant.number})", new))


def build():
    print("building the tests with all mutants in them", flush=True)
    # With optimisations the tests take a third of the time.
    words = ["swift", "build", "--build-tests", "-Xswiftc", "-O", "--package-path", COPY, "--scratch-path", BUILD]
    result = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if result.returncode:
        sys.exit("\n".join(dict.fromkeys(line for line in result.stdout.splitlines() if "error:" in line))
                 + "\nerror: the tests do not build with the mutants in them")


class NoVerdict(Exception):
    """The tests ended without a word on whether they hold."""


class Run:
    """What a run of the tests said, line by line."""

    def __init__(self):
        self.has_begun = self.has_failed = self.has_passed = self.was_stopped = self.is_empty = False
        self.last, self.suite = b"", None

    def hear(self, line):
        self.last = line
        if place := PLACE.search(line):
            self.suite = self.suite or place[1].decode()
        self.has_begun |= b" started." in line and b"Test run started" not in line
        self.has_failed |= b" recorded an issue" in line
        self.has_passed |= b"Test run with " in line and b" passed after " in line
        self.is_empty |= b"Test run with 0 tests" in line

    def is_noticed(self, status):
        """Whether a test failed, trapped or waited for ever."""
        if self.is_empty:
            raise NoVerdict("no test is called so")
        if self.has_failed or self.was_stopped or self.has_begun and status in TRAPS:
            return True
        if status == 0 and self.has_begun and self.has_passed:
            return False
        raise NoVerdict(f"the tests ended with {status}, and said last: {self.last.decode(errors='replace').strip()}")


def is_noticed(number, tests, noticed=None):
    """Whether tests fail while a mutant is on; with 0, none is. Which suite did goes into `noticed`.

    Raises `NoVerdict`.
    """
    # The runner itself: `swift test` takes longer to start than most tests take.
    words = [BUILD / "debug/EvidenceVaultPackageTests.xctest", "--testing-library", "swift-testing", "--filter", tests]
    environment = dict(os.environ, EVIDENCE_MUTANT=str(number))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, subprocess.Popen(
            [str(word) for word in words], env=environment | {"TMPDIR": folder}, stdin=subprocess.DEVNULL, cwd=COPY,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True) as runner:
        run = Run()
        clock = threading.Timer(PATIENCE, stop_late, [runner, run, f"with {number}, {tests}"])
        clock.start()
        for line in runner.stdout:
            run.hear(line)
            if run.has_failed and number:  # one is enough
                stop(runner)
        clock.cancel()
    if noticed is not None and run.suite:
        noticed[str(number)] = run.suite
    return run.is_noticed(runner.returncode)


def stop_late(runner, run, what):
    print(f"note: {what} took longer than {PATIENCE} s", flush=True)
    run.was_stopped = True
    stop(runner)


def stop(runner):
    """Ends the tests; programs that they started end by themselves."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(runner.pid, signal.SIGKILL)


def fault(mutant, is_own_alone, noticed, soundness):
    """What is wrong with what came of a mutant. The suites that noticed it the last time are asked first."""
    if suites := noticed.get(str(mutant.number), mutant.suites):
        with contextlib.suppress(NoVerdict):  # they may be called otherwise by now
            if is_noticed(mutant.number, called(suites)):
                return None
    try:
        for tests in tests_of(mutant, is_own_alone):
            soundness.require(tests)
            if is_noticed(mutant.number, tests, noticed):
                return None
        return "nobody misses"
    except NoVerdict as error:
        return f"no verdict ({error}) on"


def called(suites):
    """The tests of suites, by their names with `|` between them."""
    return f"\\.({suites})/"


def tests_of(mutant, is_own_alone):
    """The tests that it is tried against, one group after the other."""
    return list(dict.fromkeys(
        [first_tests(mutant), own_tests(mutant.module), *([] if is_own_alone else [REST])]))


class Soundness:
    """Which tests pass while nothing is left out: others would miss every mutant. Each are asked once."""

    def __init__(self):
        self.lock, self.faults = threading.Lock(), {}

    def require(self, tests):
        """Raises `NoVerdict`."""
        with self.lock:
            if tests not in self.faults:
                self.faults[tests] = self.fault(tests)
        if self.faults[tests]:
            raise NoVerdict(self.faults[tests])

    @staticmethod
    def fault(tests):
        try:
            return f"the tests {tests} fail although nothing is left out" if is_noticed(0, tests) else None
        except NoVerdict as error:
            return f"the tests {tests}, with nothing left out: {error}"


def allowed():
    """The mutants that make no difference: `path: the line`, and a reason behind ` # `."""
    lines = [line for line in ALLOWED.read_text().splitlines() if line and not line.startswith("#")]
    return {line.split(" # ")[0].strip() for line in lines}


def main():
    parser = argparse.ArgumentParser(prog="tools/mutants")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--by-hand", action="store_true")
    parser.add_argument("--own", action="store_true")
    parser.add_argument("--only", metavar="TEXT", action="append")
    parser.add_argument("modules", nargs="*", metavar="MODULE")
    arguments = parser.parse_args()
    copy = Copy()
    equal = allowed()
    mutants = [mutant for mutant in copy.mutants if f"{mutant.path}: {mutant.text.strip()}" not in equal]
    mutants = [mutant for mutant in mutants if mutant.is_by_hand or not arguments.by_hand]
    require_known(arguments.modules, sorted({mutant.module for mutant in mutants}))
    mutants = [mutant for mutant in mutants if not arguments.modules or mutant.module in arguments.modules]
    require_known(arguments.only, [mutant.name for mutant in mutants], lambda text, name: text in name,
                  shown=sorted({mutant.path for mutant in mutants}))
    if arguments.only:
        mutants = [mutant for mutant in mutants if any(text in mutant.name for text in arguments.only)]
    if arguments.sample:
        mutants = sorted(random.Random(SEED).sample(mutants, min(arguments.sample, len(mutants))),
                         key=lambda mutant: (mutant.path, mutant.line))
    if arguments.list:
        print("\n".join(f"{mutant.number} {mutant.name}" for mutant in mutants))
        return 0
    copy.write()
    build()
    noticed = json.loads(NOTICED.read_text()) if NOTICED.exists() else {}
    named = {name for mutant in mutants for name in noticed.get(str(mutant.number), mutant.suites).split("|") if name}
    soundness = Soundness()
    if named:
        try:
            soundness.require(called("|".join(sorted(named))))
        except NoVerdict as error:
            sys.exit(f"error: {error}")
    return tell(mutants, arguments.own, noticed, soundness)


def tell(mutants, is_own_alone, noticed, soundness):
    """Tries each, and prints those that nobody missed, and a table of all."""
    begun, tally = time.monotonic(), {}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        faults = pool.map(lambda mutant: fault(mutant, is_own_alone, noticed, soundness), mutants)
        for place, (mutant, what) in enumerate(zip(mutants, faults)):
            NOTICED.write_text(json.dumps(dict(noticed)))
            row = tally.setdefault(mutant.module, [0, 0, 0])
            row[0] += mutant.is_by_hand
            row[1] += not mutant.is_by_hand
            row[2] += what is not None
            if what:
                print(f"FAIL  {what} {mutant.name}", flush=True)
            if place % 20 == 19:
                print(f"{place + 1} of {len(mutants)} after {time.monotonic() - begun:.0f} s", flush=True)
    print(f"{'module':20} {'by hand':>8} {'guards':>8} {'not missed':>11}")
    for module, row in sorted(tally.items()):
        print(f"{module:20} {row[0]:8} {row[1]:8} {row[2]:11}")
    survived = sum(row[2] for row in tally.values())
    print(f"{len(mutants) - survived} passed, {survived} failed")
    return 1 if survived else 0


def first_tests(mutant):
    known = next((tests for place, tests in FIRST.items() if mutant.path.startswith(place)), None)
    return known or tests_of_folder(mutant) or own_tests(mutant.module)


def tests_of_folder(mutant):
    """The suites in the folder that is called as that of the source."""
    folder = REPOSITORY / f"Tests/{mutant.module}Tests" / Path(*Path(mutant.path).parts[2:-1])
    if len(Path(mutant.path).parts) < 4 or not folder.is_dir():
        return None
    suites = sorted(suite for path in folder.rglob("*.swift") for suite in SUITE.findall(path.read_text()))
    return f"{mutant.module}Tests.({'|'.join(suites)})/" if suites else None


def own_tests(module):
    return f"{module}Tests" if (REPOSITORY / f"Tests/{module}Tests").is_dir() else OWN.get(module, REST)


if __name__ == "__main__":
    sys.exit(main())
