"""Mutants of the program: what tools/mutants leaves out, and whether a test notices."""
import argparse
import os
import random
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
COPY = REPOSITORY / ".build/mutants/copy"
BUILD = REPOSITORY / ".build/mutants/build"
ALLOWED = REPOSITORY / "tools/lib/mutants_allowed.txt"
SEED = 1
PATIENCE = 900  # seconds until a run of the tests that does not end counts as noticed
# Formats have tests of their own; what they do for a vault is tested with it.
REST = "EvidenceVaultTests|CommandLineTests|FuzzTests"

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

    @property
    def module(self):
        return self.path.split("/")[1]

    @property
    def name(self):
        return f"{self.path}:{self.line}: {self.text.strip()}"


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

    def make(self):
        shutil.rmtree(COPY, ignore_errors=True)
        files = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, check=True).stdout
        for name in filter(None, files.decode().split("\0")):
            if os.path.lexists(REPOSITORY / name):
                (COPY / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(REPOSITORY / name, COPY / name, follow_symlinks=False)
        for path in sorted((COPY / "Sources").rglob("*.swift")):
            self.mutate(path)
        # The program under test inherits the switch, whatever else a test gives it.
        program = COPY / "Tests/CommandLineTests/Program.swift"
        text = program.read_text()
        given = 'environment.map { Array("\\($0)=\\($1)".utf8) }'
        if given not in text:
            sys.exit("error: Program.swift starts the program in another way than tools/mutants knows")
        switch = '[Array("EVIDENCE_MUTANT=\\(ProcessInfo.processInfo.environment["EVIDENCE_MUTANT"] ?? "0")".utf8)]'
        program.write_text(text.replace(given, f"{given} + {switch}"))

    def mutate(self, path):
        name, lines, is_changed = str(path.relative_to(COPY)), path.read_text().split("\n"), False
        for index, line in enumerate(lines):
            match = GUARD.match(line)
            # What decides whether a piece of input is one's own, and goes on with the next, is no check.
            if not match or BINDING.search(match[2]) or re.match(r"\s*continue", match[3]):
                continue
            mutant = Mutant(len(self.mutants) + 1, name, index + 1, line)
            self.mutants.append(mutant)
            on = ", ".join(left_out(mutant.number, condition) for condition in conditions(match[2]))
            lines[index] = f"{match[1]}guard {on} else {{{match[3]}"
            is_changed = True
        if is_changed:
            path.write_text("\n".join(lines))
            (COPY / "Sources" / name.split("/")[1] / "IsMutant.swift").write_text(SWITCH)


def build():
    print("building the tests with all mutants in them", flush=True)
    words = ["swift", "build", "--build-tests", "--package-path", COPY, "--scratch-path", BUILD]
    result = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if result.returncode:
        sys.exit("\n".join(dict.fromkeys(line for line in result.stdout.splitlines() if "error:" in line))
                 + "\nerror: the tests do not build with the mutants in them")


def is_noticed(number, tests):
    """Whether tests fail while a mutant is on; with 0, none is."""
    words = ["swift", "test", "--skip-build", "--parallel", "--disable-xctest", "--package-path", COPY,
             "--scratch-path", BUILD, "--filter", tests]
    environment = dict(os.environ, EVIDENCE_MUTANT=str(number))
    try:
        return subprocess.run([str(word) for word in words], env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=PATIENCE).returncode != 0
    except subprocess.TimeoutExpired:
        return True


def allowed():
    """The mutants that make no difference: `path: the line`, and a reason behind ` # `."""
    lines = [line for line in ALLOWED.read_text().splitlines() if line and not line.startswith("#")]
    return {line.split(" # ")[0].strip() for line in lines}


def main():
    parser = argparse.ArgumentParser(prog="tools/mutants")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("modules", nargs="*", metavar="MODULE")
    arguments = parser.parse_args()
    copy = Copy()
    copy.make()
    equal = allowed()
    mutants = [mutant for mutant in copy.mutants if f"{mutant.path}: {mutant.text.strip()}" not in equal]
    mutants = [mutant for mutant in mutants if not arguments.modules or mutant.module in arguments.modules]
    if arguments.sample:
        mutants = sorted(random.Random(SEED).sample(mutants, min(arguments.sample, len(mutants))),
                         key=lambda mutant: mutant.number)
    if arguments.list:
        print("\n".join(f"{mutant.number} {mutant.name}" for mutant in mutants))
        return 0
    build()
    for tests in sorted({own_tests(mutant.module) for mutant in mutants} | {REST}):
        if is_noticed(0, tests):
            sys.exit(f"error: the tests {tests} fail although nothing is left out")
    survived = 0
    for place, mutant in enumerate(mutants):
        if not is_noticed(mutant.number, own_tests(mutant.module)) and not is_noticed(mutant.number, REST):
            survived += 1
            print(f"FAIL  nobody misses {mutant.name}", flush=True)
        if place % 20 == 19:
            print(f"{place + 1} of {len(mutants)}, {survived} that nobody missed", flush=True)
    print(f"{len(mutants) - survived} passed, {survived} failed")
    return 1 if survived else 0


def own_tests(module):
    return f"{module}Tests" if (REPOSITORY / f"Tests/{module}Tests").is_dir() else REST


if __name__ == "__main__":
    sys.exit(main())
