"""Runs tools/hostile-bundles, which starts this and prepares the work folder."""
import argparse
import collections
import importlib.util
import multiprocessing
import os
import sys
from pathlib import Path

import hostile_age
import hostile_archives
import hostile_bags
import hostile_counts
import hostile_notes
import hostile_paths
import hostile_records
import hostile_ssh
import hostile_stamps
import hostile_texts
from ending import require_known
from hostile_bench import Bench
from hostile_controls import controls
from hostile_judge import Judge
from hostile_made import made

PASSPHRASE = "seven"
FAMILIES = [
    hostile_bags.bags, hostile_bags.passed_on, hostile_paths.paths, hostile_paths.names, hostile_archives.kinds,
    hostile_archives.headers, hostile_archives.sizes, hostile_age.age_files, hostile_notes.notes,
    hostile_ssh.ssh_signatures, hostile_notes.proofs, hostile_records.records, hostile_stamps.stamps,
    hostile_texts.texts, hostile_counts.counts,
]


judge, cases = None, []  # What each worker inherits.


class Tally:
    """What came of a family."""
    def __init__(self):
        self.passed = self.failed = self.memory = 0
        self.seconds = 0.0
        # Those that may take more than the others, and what they took.
        self.beyond = []


def attempt(number):
    """Judges a bundle in a process that has all of them from its birth."""
    try:
        return judge.judge(cases[number], number), None
    except Exception as fault:
        return (0, 0), f"{fault}" or type(fault).__name__


def run():
    """Judges all on all cores; what came of them by family, in the order in which they were made."""
    tallies = collections.defaultdict(Tally)
    with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
        for hostile, ((memory, seconds), fault) in zip(cases, pool.imap(attempt, range(len(cases)))):
            tally = tallies[hostile.family]
            tally.passed += fault is None
            tally.failed += fault is not None
            if hostile.memory or hostile.seconds:
                why = (hostile.memory or hostile.seconds)[0]
                tally.beyond.append(f"{hostile.name}: {memory >> 10} MiB, {seconds:.1f} s ({why})")
            else:
                tally.memory, tally.seconds = max(tally.memory, memory), max(tally.seconds, seconds)
            if fault:
                print(f"FAIL  {hostile.family}: {hostile.name}: {fault}", flush=True)
    return tallies


def module(path):
    """A program as a module."""
    specification = importlib.util.spec_from_file_location("reader", path)
    found = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(found)
    return found


def is_asked_for(text, hostile):
    return text in f"{hostile.family}: {hostile.name}"


def main():
    global judge, cases
    parser = argparse.ArgumentParser()
    for name in ["evidence", "maker", "reader", "words", "work"]:
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--only", action="append")
    arguments = parser.parse_args()
    work = arguments.work
    os.environ["HOSTILE_WORK"] = str(work)
    bench = Bench(arguments.words.read_text().split())
    key = work / "key"
    key.write_text(f"{bench.identity}\n")
    passphrase = work / "passphrase"
    passphrase.write_text(f"{PASSPHRASE}\n")
    bench.prepare_passphrase(PASSPHRASE, ["--passphrase", "--passphrase-file", passphrase, "--sender", bench.words])
    judge = Judge(arguments.evidence, module(arguments.reader), work, key, bench.words)
    cases = [hostile for family in FAMILIES for hostile in family(bench)]
    cases += made(bench, arguments.evidence, arguments.maker, work)
    cases = [hostile for hostile in cases if arguments.full or not hostile.is_large]
    require_known(arguments.only, cases, is_asked_for, shown=sorted({f"{hostile.family}: …" for hostile in cases}))
    if arguments.only:
        cases = [hostile for hostile in cases if any(is_asked_for(text, hostile) for text in arguments.only)]
    tallies = run()
    found = controls(judge, bench) if not arguments.only else []
    for name, is_found in found:
        if not is_found:
            print(f"FAIL  controls: {name} was not found")
    print(f"{'family':<20} {'passed':>6} {'failed':>6}   most memory   longest")
    for family, tally in tallies.items():
        print(f"{family:<20} {tally.passed:>6} {tally.failed:>6} {tally.memory >> 10:>9} MiB {tally.seconds:>7.1f} s")
    for family, tally in tallies.items():
        for line in tally.beyond:
            print(f"beyond what the others may take: {family}: {line}")
    passed = sum(tally.passed for tally in tallies.values()) + sum(is_found for _, is_found in found)
    failed = sum(tally.failed for tally in tallies.values()) + sum(not is_found for _, is_found in found)
    print(f"controls: {sum(is_found for _, is_found in found)} of {len(found)} found")
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
