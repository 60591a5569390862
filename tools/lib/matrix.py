"""The families of checks behind tools/matrix, and the table of what they found."""
import argparse
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from ending import LEFT_OUT, require_known

REPOSITORY = Path(__file__).resolve().parents[2]
LOGS = REPOSITORY / ".build/matrix"
# Each check ends in this line.
CLOSING = re.compile(r"^(\d+) passed, (\d+) failed$", re.MULTILINE)


@dataclass
class Family:
    name: str
    what: str
    sample: str  # the command; empty where there is no sample
    full: str

    def command(self, is_full):
        return self.full if is_full else self.sample


FAMILIES = [
    Family("interop", "other software reads ours, and ours theirs", "tools/interop", "tools/interop"),
    Family("random", "random bundles, opened by stock software", "tools/random-bundles 10 1", "tools/random-bundles 500"),
    Family("damage", "every bit, cut, deletion and swap is found", "tools/damage", "tools/damage --full"),
    Family("soak", "random commands, killed and cut short, against a model", "tools/soak 40 1", "tools/soak 20000"),
    Family("hostile", "hostile bundles", "tools/hostile-bundles", "tools/hostile-bundles --full"),
    Family("drill", "a seized laptop opens nothing", "tools/drill", "tools/drill"),
    Family("parity", "readers of a changed bundle agree", "tools/parity", "tools/parity"),
    Family("verify-page", "VERIFY.html in a browser", "tools/verify-page", "tools/verify-page"),
    Family("report-page", "REPORT.html in a browser", "tools/report-page", "tools/report-page"),
    Family("leaks", "keys left in memory, swap or core files", "tools/leaks", "tools/leaks"),
    Family("canaries", "what is written, and what stays on the disk", "tools/canaries", "tools/canaries"),
    Family("time", "branches on secrets", "tools/constant-time", "tools/constant-time --release"),
    Family("crash", "kill, errors, signals, power cuts, full disks, many at once", "tools/crash --sample", "tools/crash"),
    Family("simulate", "power cuts on a disk that is a model", "tools/simulate --sample", "tools/simulate 1000000"),
    Family("clock", "clocks that are wrong", "tools/clock --sample", "tools/clock 500"),
    Family("memory", "memory that runs out", "tools/memory --sample", "tools/memory --full"),
    Family("fuzz", "parsers under a fuzzer", "", "tools/fuzz --seconds 600"),
    Family("sanitize", "the tests under the sanitizers", "", "tools/sanitize"),
    Family("coverage", "how much the tests run", "", "tools/coverage"),
    Family("mutants", "each check left out once", "", "tools/mutants"),
    Family("reproduce", "two builds give the same code and data", "", "tools/reproduce"),
]


@dataclass
class Outcome:
    family: Family
    status: int
    seconds: float
    cases: int | None
    failures: int | None

    @property
    def is_left_out(self):
        return self.status == LEFT_OUT

    @property
    def is_good(self):
        """Whoever tried nothing has shown nothing."""
        return self.is_left_out or self.status == 0 and bool(self.cases) and not self.failures

    @property
    def row(self):
        cases = str(self.cases) if self.cases is not None else "left out" if self.is_left_out else "–"
        failures = str(self.failures) if self.failures is not None else "–" if self.is_left_out else "no verdict"
        return [self.family.name, self.family.what, cases, failures, f"{self.seconds / 60:.1f} min"]


def run(family, is_full):
    print(f"== {family.name}: {family.command(is_full)}", flush=True)
    begun, log = time.monotonic(), LOGS / f"{family.name}.log"
    with log.open("wb") as kept:
        process = subprocess.Popen(family.command(is_full).split(), cwd=REPOSITORY, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for line in process.stdout:
            kept.write(line)
            sys.stdout.buffer.write(line)
            sys.stdout.flush()
        status = process.wait()
    said = log.read_text(errors="replace")
    closings = CLOSING.findall(said)
    passed, failed = map(int, closings[-1]) if closings else (None, None)
    return Outcome(family, status, time.monotonic() - begun, passed + failed if closings else None, failed)


def table(outcomes):
    rows = [["family", "what is tried", "cases", "failed", "time"]] + [outcome.row for outcome in outcomes]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row, is_good in zip(rows, [None] + [outcome.is_good for outcome in outcomes]):
        mark = "" if is_good is None else "ok" if is_good else "FAIL"
        left = "  ".join(cell.ljust(width) for cell, width in zip(row[:2], widths))
        print(f"{mark:6}{left}  " + "  ".join(cell.rjust(width) for cell, width in zip(row[2:], widths[2:])))


def complain(outcome):
    """What was wrong, once more: what a family prints can be long."""
    if not outcome.is_good:
        lines = (LOGS / f"{outcome.family.name}.log").read_text(errors="replace").splitlines()
        wrong = [line for line in lines if re.match(r"FAIL|error:|Traceback|\w*Error", line)] or lines[-5:]
        print("\n".join([f"{outcome.family.name}:", *wrong[:20], ""]))


def main():
    parser = argparse.ArgumentParser(prog="tools/matrix")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("families", nargs="*", metavar="FAMILY")
    arguments = parser.parse_args()
    require_known(arguments.families, [family.name for family in FAMILIES])
    chosen = [family for family in FAMILIES
              if (family.name in arguments.families if arguments.families else family.command(arguments.full))]
    if arguments.list:
        for family in chosen:
            print(f"{family.name:12} {family.what}: {family.sample or '–'}; --full: {family.full}")
        return 0
    LOGS.mkdir(parents=True, exist_ok=True)
    outcomes = [run(family, arguments.full) for family in chosen]
    print()
    for outcome in outcomes:
        complain(outcome)
    table(outcomes)
    return 0 if all(outcome.is_good for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
