"""Runs tools/clock, which starts this and prepares the work folder: commands under clocks that are wrong."""
import argparse
import itertools
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from clock_zones import ahead, in_every_zone, instant
from crash_operations import PASSPHRASE
from key_words import words_of

REPOSITORY = Path(__file__).resolve().parents[2]
REFUSED = 30
# What the clock says, in UTC, and the beginning of the date that an entry gets.
CLOCKS = {
    "before 1970": ("@1969-12-31 23:00:00", "1969-12-31T23:0"),
    "1970": ("@1970-01-01 00:00:00", "1970-01-01T00:0"),
    "a leap day": ("@2000-02-29 23:00:00", "2000-02-29T23:0"),
    "a leap second": ("@2016-12-31 23:59:59", ("2016-12-31T23:59:", "2017-01-01T00:0")),
    "the end of 31 bits": ("@2038-01-19 03:14:06", "2038-01-19T03:1"),
    "the end of 32 bits": ("@2106-02-07 06:28:14", "2106-02-07T06:2"),
    "the end of nanoseconds": ("@2262-04-11 23:47:15", "2262-04-11T23:4"),
    "the end of four digits": ("@9999-12-31 23:59:58", "9999-12-31T23:59:5"),
}
FILE_TIMES = [-(1 << 40), -1, 0, (1 << 31) - 1, 1 << 32, 253_402_300_800, 1 << 40]
YEARS = ["1970", "2026", "2106"]  # between which the clock jumps
NOTE = "this machine's clock says"
# What is tried in a sample.
SAMPLE = ["before 1970", "the end of 32 bits", "the end of four digits"]


class Bench:
    def __init__(self, evidence, maker, work, library, is_sample=False):
        self.evidence, self.work, self.library = str(evidence), work, library
        self.clocks = {name: CLOCKS[name] for name in SAMPLE} if is_sample else CLOCKS
        self.is_sample, self.file_times = is_sample, FILE_TIMES[::3] if is_sample else FILE_TIMES
        self.vault, self.passphrase = work / "vault", work / "passphrase"
        self.passphrase.write_text(PASSPHRASE + "\n")
        self.passed, self.faults, self.numbers = 0, [], itertools.count(1)
        subprocess.run([maker, self.vault, "2"], check=True, stdin=subprocess.DEVNULL)
        (work / "paper").write_bytes(b"paper " * 1000)
        key = self.run(None, "key", "generate", "--output", work / "key").stdout.strip()
        self.ok("a recipient", self.unlocked(None, "recipient", "add", "Reader", key, "--class", "lawyer", "--words",
                                             words_of(self.evidence, key)))

    def run(self, clock, *words, zone="UTC", more=None, program=None):
        surroundings = {"HOME": str(self.work), "XDG_STATE_HOME": str(self.work / "state"), "PATH": "/usr/bin:/bin",
                        "SWIFT_BACKTRACE": "enable=no", "EVIDENCE_VAULT": str(self.vault), "TZ": zone, **(more or {})}
        if clock or more:
            # Only the time of day is another one: not how long something takes, nor when a file was changed.
            surroundings |= {"LD_PRELOAD": self.library, "NO_FAKE_STAT": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        if clock:
            surroundings["FAKETIME"] = clock
        # libfaketime changes the environment of the first program that loads it, and Swift then finds no arguments any
        # more; so another program is the first.
        process = subprocess.Popen(["env", program or self.evidence, *map(str, words)], stdin=subprocess.DEVNULL, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, errors="replace", env=surroundings)
        said, errors = process.communicate(timeout=900)
        for left in [f"sem.faketime_sem_{process.pid}", f"faketime_shm_{process.pid}"]:
            Path("/dev/shm", left).unlink(missing_ok=True)
        return subprocess.CompletedProcess(words, process.returncode, said, errors)

    def unlocked(self, clock, *words, **rest):
        return self.run(clock, *words, "--passphrase-file", self.passphrase, **rest)

    def expect(self, what, is_so, told=""):
        if is_so:
            self.passed += 1
        else:
            self.faults.append(what)
            print(f"FAIL  {what}: {str(told)[:400]}", flush=True)

    def ok(self, what, done, status=0):
        self.expect(what, done.returncode == status, f"ended with {done.returncode}: {done.stderr}")
        return done

    def add(self, clock, *fields, kind="document", **rest):
        fields = [word for field in (fields or ("document.kind=note",)) for word in ("--set", field)]
        return self.unlocked(clock, "add", self.work / "paper", "--kind", kind, "--title", "t", *fields, **rest)

    def requires_sound(self, what, clock=None):
        done = self.ok(f"{what}: verify", self.unlocked(clock, "verify", "--deep", "--json"))
        report = json.loads(done.stdout or "{}")
        self.expect(f"{what}: sound, and nothing found", report.get("sound") and not report.get("findings"), report)

    def newest(self):
        """The number and the date of the item that was added last."""
        listed = json.loads(self.unlocked(None, "list", "--json").stdout)
        return max((entry["item"], entry["added"]) for entry in listed["items"])


def under_each_clock(bench):
    """Whatever the clock says, every command works, and the date is the one that it said."""
    for name, (clock, date) in bench.clocks.items():
        bench.ok(f"{name}: add", bench.add(clock))
        number, added = bench.newest()
        bench.expect(f"{name}: the date", added.startswith(date), added)
        every_command(bench, name, clock, number)


def every_command(bench, name, clock, number):
    bundle, out = bench.work / f"bundle {number}", bench.work / f"out {number}"
    identity = ["--identity", bench.work / "key", "--sender", "anyone"]
    amendment = ["--set", "title=u", "--reason", "r"]
    for words in [["amend", number, *amendment], ["list"], ["show", number], ["history", number],
                  ["get", number, "--output", out], ["export", number, "--to", "Reader", "--output", bundle]]:
        bench.ok(f"{name}: {words[0]}", bench.unlocked(clock, *words))
    bench.ok(f"{name}: open", bench.run(clock, "open", bundle, "--output", f"{out} opened", *identity))
    bench.requires_sound(name, clock)


def back_and_forth(bench):
    """Entries out of the order of time are neither damage nor lost, and stay in their order."""
    first = bench.newest()[0]
    years = [2040, 1990, 2026, 1975, 2100, 2026]
    for year in years:
        bench.ok(f"clock at {year}: add", bench.add(f"@{year}-05-05 12:00:00"))
    bench.expect("all are there", bench.newest()[0] == first + len(years))
    for clock in [None, "@1990-01-01 00:00:00", "@2200-01-01 00:00:00"]:
        bench.requires_sound(f"seen from {clock}", clock)
        done = bench.ok(f"from {clock}: head", bench.run(clock, "head"))
        bench.ok(f"from {clock}: verify --expect", bench.run(clock, "verify", "--expect",
                                                             " ".join(done.stdout.split("\n")[0].split()[:9])))


def consent(bench):
    """Consent ends by the clock of the machine; where that is behind the vault, this is told."""
    testimony = ["witness.code=Blue Heron", "interview.date=2026-01-02", "interview.language=tg", "consent.lawyer=code",
                 "consent.until=2031-03-01", "consent.quotes=verbatim"]
    bench.ok("testimony", bench.add("@2026-02-02 00:00:00", *testimony, kind="testimony"))
    number = bench.newest()[0]

    def export(what, clock, status, is_told=None, zone="UTC"):
        words = ["export", number, "--to", "Reader", "--output", bench.work / f"consent {next(bench.numbers)}"]
        done = bench.ok(what, bench.unlocked(clock, *words, zone=zone), status)
        if is_told is not None:
            said = "told" if is_told else "nothing told"
            bench.expect(f"{what}: {said}", (NOTE in done.stderr) == is_told, done.stderr)

    export("on the last day", "@2031-02-28 23:50:00", 0)
    export("on the first day after", "@2031-03-01 00:00:01", REFUSED)
    # The day is that of UTC: where it is tomorrow already, and where it is still yesterday.
    export("on the last day, from Kiritimati", ahead(instant("2031-02-28 23:50:00")), 0, zone="Pacific/Kiritimati")
    export("on the first day after, from St. John's", ahead(instant("2031-03-01 00:00:05")), REFUSED,
           zone="America/St_Johns")
    export("expired for long", "@2101-01-01 00:00:00", REFUSED, False)
    export("clock set back", "@1999-01-01 00:00:00", 0, True)
    export("clock before 1970", "@1969-06-01 00:00:00", 0, True)


def jumping(bench, times):
    """The clock jumps while commands run."""
    clock, is_over, seen = bench.work / "clock", threading.Event(), set()

    def jump():
        for year in itertools.cycle(YEARS):
            moment, new = f"@{year}-02-07 06:28:16", clock.with_suffix(".new")
            new.write_text(moment + "\n")
            os.replace(new, clock)
            if is_over.wait(0.002):
                return

    more = {"FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1"}
    thread = threading.Thread(target=jump)
    thread.start()
    try:
        while not clock.exists():
            time.sleep(0.01)
        requires_jumps(bench, more)
        # Each command sees one of the times, by chance; in the end, more than one was seen.
        for place in range(times + 30):
            if place >= times and len(seen) > 1:
                break
            number = bench.newest()[0]
            bench.ok("jumping clock: add", bench.add(None, more=more))
            new, added = bench.newest()
            bench.expect("jumping clock: it is there", new > number)
            bench.expect("jumping clock: the date is one of the clock's", added[:4] in YEARS, added)
            seen.add(added[:4])
            words = ["export", new, "--to", "Reader", "--output", bench.work / f"jumping {place}"]
            done = bench.unlocked(None, *words, more=more)
            bench.expect("jumping clock: export", done.returncode in (0, REFUSED), done.stderr)
    finally:
        is_over.set()
        thread.join()
    bench.expect("jumping clock: the entries have more than one of its dates", len(seen) > 1, seen)
    bench.requires_sound("after the jumping clock")


def requires_jumps(bench, more):
    """Whether the clock jumps while one program runs: else nothing was tried."""
    script = "import time\nend = time.monotonic() + 1\nwhile time.monotonic() < end: print(time.gmtime().tm_year)"
    years = set(bench.run(None, "-c", script, more=more, program="python3").stdout.split())
    bench.expect("control: a program sees the clock jump", years == set(YEARS), years)


def file_times(bench):
    """The times of files are whatever a file system holds."""
    for seconds in bench.file_times:
        try:
            os.utime(bench.work / "paper", (seconds, seconds))
        except (OSError, OverflowError):
            continue
        bench.ok(f"a file of {seconds} seconds after 1970", bench.add(None))
        bench.ok(f"a file of {seconds} seconds: show", bench.unlocked(None, "show", bench.newest()[0]))
    bench.requires_sound("times of files")


def control(bench):
    """Whether the clock is another one at all: else nothing was tried."""
    bench.add("@1999-09-09 09:09:09")
    return bench.newest()[1].startswith("1999-09-09T09:")


def demonstration(bench):
    """The demo runs in forty years as it does today; control: not in 2100, when its witness's consent has ended."""
    def run(year):
        return bench.run(f"@{year}-01-02 00:00:00", program=REPOSITORY / "tools/demo",
                         more={"EVIDENCE_BIN": bench.evidence})
    bench.ok("demo in 2066", run(2066))
    done = run(2100)
    bench.expect("control: demo in 2100", done.returncode and "ended" in done.stdout + done.stderr,
                 f"ended with {done.returncode}")


def main():
    parser = argparse.ArgumentParser(prog="tools/clock")
    for name in ["evidence", "maker", "work"]:
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--library", required=True)
    parser.add_argument("--sample", action="store_true")
    parser.add_argument("jumps", type=int, nargs="?")
    arguments = parser.parse_args()
    bench = Bench(arguments.evidence, arguments.maker, arguments.work, arguments.library, arguments.sample)
    for family in [consent, under_each_clock, in_every_zone, back_and_forth, file_times, demonstration]:
        before = len(bench.faults)
        family(bench)
        print(f"{'ok' if len(bench.faults) == before else 'FAIL'}    {family.__doc__.strip()}", flush=True)
    jumping(bench, arguments.jumps or (2 if arguments.sample else 10))
    bench.expect("control: the clock is another one", control(bench))
    print(f"{bench.passed} passed, {len(bench.faults)} failed")
    return 1 if bench.faults else 0


if __name__ == "__main__":
    sys.exit(main())
