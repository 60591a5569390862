"""Runs the rows of tools/bench and prints their table. Started by that script, which prepares the work folder.

Both sides of a row take turns over several rounds, so that a machine that slows down slows both. hyperfine does
the timing; medians and extremes are of all runs of a side. A row that cannot be measured does not keep the
others from being measured.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
from functools import cached_property
from pathlib import Path

from bench_age import AgeRows
from bench_bundle import HEAD as BUNDLE_HEAD
from bench_bundle import BundleRows
from bench_guess import GuessRows
from bench_index import IndexRows
from bench_parts import TIMEOUT, Failure, Row, Side, print_table, quoted, say, spread

ROOM_MIB = 64  # the budget of memory for any command
SCRYPT_MIB = 256  # what asking for a passphrase takes on top


class Bench(AgeRows, BundleRows, GuessRows, IndexRows):
    def __init__(self, arguments):
        self.evidence, self.work, work = arguments.evidence, arguments.work, arguments.work
        self.items, self.rounds = arguments.items, arguments.rounds
        self.newer_age, self.age_benchmark = arguments.newer_age, arguments.age_benchmark
        self.index_benchmark, self.largest_index = arguments.index_benchmark, arguments.largest_index
        self.recipient = (work / "recipient").read_text().strip()
        self.input, self.key, self.vault = work / "input", work / "key", work / "vault"

    # What is run

    def ours(self, *words):
        return quoted(self.evidence, *words)

    def in_vault(self, vault, command, *words):
        return self.ours(command, *words, "--vault", vault, "--passphrase-file", self.work / "passphrase")

    def add(self, vault, file, title):
        return self.in_vault(
            vault, "add", file, "--kind", "document", "--title", title, "--set", "document.kind=photo")

    # What is prepared, once, when a row asks for it

    def run(self, command, timeout=None):
        try:
            done = subprocess.run(["bash", "-c", command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE, timeout=timeout, cwd=self.work)
        except subprocess.TimeoutExpired:
            raise Failure(f"no end after {timeout} s: {command}") from None
        if done.returncode:
            raise Failure(f"status {done.returncode}: {command}\n{done.stderr.decode(errors='replace').strip()}")

    @cached_property
    def empty_vault(self):
        path = self.work / "empty.vault"
        self.run(self.ours("init", path, "--passphrase-file", self.work / "passphrase"), TIMEOUT)
        return path

    @cached_property
    def unlocking(self):
        """Seconds that a passphrase costs: opening one of the vault's own key files, which are age files."""
        key = self.empty_vault / "keys" / "signing.age"
        unseal = self.ours("unseal", "--passphrase-file", self.work / "passphrase", key)
        return statistics.median(self.times(Side("one key file", unseal + " >/dev/null"), 3, True))

    @cached_property
    def full_vault(self):
        """A vault of many small items, added one by one, as people do."""
        path = self.work / "full.vault"
        self.run(quoted("cp", "-R", self.empty_vault, path))
        tiny = self.work / "tiny"
        for number in range(1, self.items + 1):
            tiny.write_text(f"item {number}\n")
            self.run(self.add(path, tiny, f"Item {number}"), TIMEOUT)
            if number % 50 == 0 or number == self.items:
                say(f"adding items to list: {number} of {self.items}")
        return path

    # The rows

    def fresh_vault(self):
        """A command that puts an empty vault in place of the one that was used."""
        vault = quoted(self.vault)
        return f"rm -rf {vault}; cp -R {quoted(self.empty_vault)} {vault}; sync -f {quoted(self.work)}"

    def add_row(self):
        sealed = self.work / "peer.age"
        peer = " && ".join([
            quoted("sha256sum", self.input), self.age_seal("-o", sealed, self.input),
            quoted("sha256sum", sealed), quoted("sync", sealed, self.work)])
        yield Row("add", Side("evidence", self.add(self.vault, self.input, "bench"), self.fresh_vault(), unlocks=True),
                  Side("sha256sum, age, sha256sum, sync", peer,
                       f"rm -f {quoted(sealed)}; sync -f {quoted(self.work)}"), 2.0, "≥ 2 ×, without unlocking")
        sealed.unlink(missing_ok=True)
        self.run(quoted("rm", "-rf", self.vault))

    def list_row(self):
        command = self.in_vault(self.full_vault, "list")
        catalog, kept = self.full_vault / "catalog.age", self.work / "catalog.kept"
        self.run(command, TIMEOUT)
        if catalog.exists():
            self.run(quoted("cp", "-p", catalog, kept))
        cold, warm = quoted("rm", "-f", catalog), f"test ! -e {quoted(kept)} || {quoted('cp', '-pf', kept, catalog)}"
        yield Row(f"list {self.items} items, warm", Side("evidence", command, warm, unlocks=True),
                  Side("without the catalog", command, cold, unlocks=True), None, "none against itself", runs=3)

    def start(self):
        version = self.ours("--version")
        smallest = quoted(self.work / "smallest" / "program")
        yield Row("--version", Side("evidence", version), Side("smallest Swift program", smallest), 0.5,
                  "≤ 2 × its time (≥ 0.5)", runs=40, shell=False)
        yield Row("--version", Side("evidence", version), Side("true", quoted("/bin/true")), None, "none", runs=40,
                  shell=False)

    # Measuring

    def times(self, side, runs, shell):
        """Seconds of each run."""
        report = self.work / "hyperfine.json"
        command = ["hyperfine", "--style", "none", "--warmup", "1", "--runs", str(runs), "--export-json", str(report)]
        command += ["--shell", "bash"] if shell else ["--shell", "none"]
        command += ["--prepare", side.prepare, side.command]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              cwd=self.work)
        if done.returncode:
            raise Failure(f"{side.command}\n{done.stderr.decode(errors='replace').strip()}")
        return json.loads(report.read_text())["results"][0]["times"]

    def measure(self, row):
        """The cells of one row of the table."""
        say(f"measuring {row.name} against {row.peer.name}")
        ours, peer = [], []
        for _ in range(self.rounds):
            ours += self.times(row.ours, row.runs, row.shell)
            peer += self.times(row.peer, row.runs, row.shell)
        our_median, peer_median = statistics.median(ours), statistics.median(peer)
        ratio = counted = peer_median / our_median
        shown = f"{ratio:.2f}"
        if row.ours.unlocks:
            our_rest = our_median - self.unlocking
            peer_rest = peer_median - (self.unlocking if row.peer.unlocks else 0)
            # What is left of hardly more than an unlocking is the noise of the unlocking.
            if min(our_rest, peer_rest) > 0.05 * self.unlocking:
                counted = peer_rest / our_rest
                shown += f" ({counted:.2f} without unlocking)"
            else:
                shown += " (hardly more than unlocking)"
        verdict = "" if row.least is None else "met" if counted >= row.least else "missed"
        return [row.name, row.peer.name, spread(ours), spread(peer), shown, row.budget, verdict]

    def peak(self, command, prepare="true"):
        """Peak resident memory of one run, in MiB."""
        self.run(prepare)
        report = self.work / "peak"
        self.run(f"command time --quiet --format %M --output {quoted(report)} {command}")
        return int(report.read_text().split()[-1]) / 1024

    def memory(self):
        """Rows of the table of memory: ours, age's where there is one, the budget; all in MiB."""
        assert self.checked
        null, catalog = "/dev/null", quoted(self.work / "full.vault" / "catalog.age")
        measurements = [
            ("seal", lambda: (self.peak(self.our_seal("--output", null, self.input)),
                              self.peak(self.age_seal("-o", null, self.input))), ROOM_MIB),
            ("unseal", lambda: (self.peak(self.our_unseal("--output", null, self.sealed)),
                                self.peak(self.age_open("-o", null, self.sealed))), ROOM_MIB),
            ("add", lambda: (self.peak(self.add(self.vault, self.input, "bench"), self.fresh_vault()), None),
             ROOM_MIB + SCRYPT_MIB),
            (f"list {self.items} items, cold", lambda: (
                self.peak(self.in_vault(self.full_vault, "list"), f"rm -f {catalog}"), None), ROOM_MIB + SCRYPT_MIB),
            (f"list {self.items} items, warm", lambda: (
                self.peak(self.in_vault(self.full_vault, "list")), None), ROOM_MIB + SCRYPT_MIB),
        ]
        for name, measurement, budget in measurements:
            say(f"measuring the memory of {name}")
            yield name, measurement, budget


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--evidence", type=Path, required=True)
    parser.add_argument("--age-benchmark", type=Path, required=True)
    parser.add_argument("--index-benchmark", type=Path, required=True)
    parser.add_argument("--largest-index", type=int, required=True)
    parser.add_argument("--size-gib", type=int, required=True)
    parser.add_argument("--small-files", type=int, required=True)
    parser.add_argument("--newer-age", help="an age that knows post-quantum keys, where there is one")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--items", type=int, required=True)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("sections", nargs="+")
    arguments = parser.parse_args()
    bench = Bench(arguments)

    failures = []
    print(f"{bench.input.stat().st_size / 2**20:.0f} MiB of random bytes, {os.cpu_count()} processors; "
          "median (least–most) of all runs; ratio: the peer's time by ours\n")
    timed = {"seal": bench.seal, "unseal": bench.unseal, "small": bench.small, "limits": bench.limits,
             "add": bench.add_row, "list": bench.list_row, "guess": bench.guess_rows, "start": bench.start}
    rows = []
    for section in timed:
        if section in arguments.sections:
            try:
                for row in timed[section]():
                    rows.append(bench.measure(row))
            except Failure as failure:
                failures.append(f"{section}: {failure}")
    if rows:
        print_table(["what", "peer", "evidence", "peer's time", "ratio", "budget", ""], rows)
    if "unlocking" in vars(bench):
        print(f"unlocking: {bench.unlocking:.2f} s for one passphrase\n")
    if "guess" in arguments.sections:
        try:
            print_table(["what", "blocks of SHA-256 on the same core", "memory"], list(bench.guess_worth()))
        except Failure as failure:
            failures.append(f"guess: {failure}")
    if "memory" in arguments.sections:
        rows = []
        try:
            for name, measurement, budget in bench.memory():
                try:
                    ours, peer = measurement()
                except Failure as failure:
                    failures.append(f"memory of {name}: {failure}")
                    continue
                rows.append([name, f"{ours:.0f} MiB", f"{peer:.0f} MiB" if peer else "", f"≤ {budget} MiB",
                             "met" if ours <= budget else "missed"])
        except Failure as failure:
            failures.append(f"memory: {failure}")
        if rows:
            print_table(["peak memory", "evidence", "age", "budget", ""], rows)

    if "index" in arguments.sections:
        rows = []
        try:
            for row in bench.index_growth():
                rows.append(row)
        except Failure as failure:
            failures.append(f"index: {failure}")
        if rows:
            print_table(IndexRows.INDEX_HEAD, rows)

    if "bundle" in arguments.sections:
        rows = []
        try:
            for row in bench.bundle_rows(arguments.size_gib, arguments.small_files):
                rows.append(row)
        except Failure as failure:
            failures.append(f"bundle: {failure}")
        if rows:
            print_table(BUNDLE_HEAD, rows)

    if "profile" in arguments.sections:
        try:
            print_table(["what", "share", "where", "function"], list(bench.profile()))
        except Failure as failure:
            failures.append(f"profile: {failure}")

    for failure in failures:
        say(f"error: not measured: {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
