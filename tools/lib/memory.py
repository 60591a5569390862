"""Runs tools/memory, which starts this and prepares the work folder: commands that are given too little memory."""
import argparse
import collections
import os
import resource
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from crash_judge import Judge
from crash_operations import CANARY, PASSPHRASE, Workshop, environment, operations

SAMPLE = ["add 64Ki", "import", "amend", "withdraw", "export", "open", "receive"]
LIMITS = {"address space": resource.RLIMIT_AS, "data": resource.RLIMIT_DATA}
STEP, MOST = 64 << 10, 8 << 30  # bytes
PATIENCE = 15  # seconds; libdispatch waits for ever for a thread that there is no memory for
WAITED = -signal.SIGKILL
LOADER = 127  # the status of a program whose libraries did not fit
# How a program ends that asks for memory and gets none: Swift has no other way.
DEATHS = {-signal.SIGILL, -signal.SIGTRAP, -signal.SIGABRT, -signal.SIGSEGV, -signal.SIGBUS, WAITED}


class Sweep:
    def __init__(self, workshop, operation, work):
        self.workshop, self.operation, self.work = workshop, operation, work
        self.judge = Judge(workshop.evidence, workshop, operation, work / "scratch")

    def run(self, desk, kind, limit):
        self.judge.lay(desk)
        words = self.operation.command(self.workshop.evidence, desk, self.workshop.prepared)
        try:
            return subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE,
                                  env=environment(desk),
                                  preexec_fn=lambda: resource.setrlimit(LIMITS[kind], (limit, limit)))
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess(words, WAITED, b"", b"")

    def least(self, kind, is_enough):
        """The smallest limit under which a run is as asked for, by halving."""
        low, high = 0, MOST // STEP
        while low < high:
            middle = (low + high) // 2
            done = self.run(self.work / "desk", kind, middle * STEP)
            low, high = (low, middle) if is_enough(done) else (middle + 1, high)
        return low * STEP

    def limits(self, kind, count):
        """From the first that lets the program start to the first that lets it end well, and one more."""
        start = self.least(kind, lambda done: done.returncode not in (LOADER, WAITED))
        end = max(self.least(kind, lambda done: done.returncode == 0), start)
        return [start + (end - start) * place // count for place in range(count + 1)]

    def tried(self, number, kind, limit):
        """What came of it, and what is wrong."""
        desk = self.work / f"desk {kind} {number}"
        done = self.run(desk, kind, limit)
        said = done.stderr.decode(errors="replace")
        for secret in (CANARY.decode(), PASSPHRASE):
            if secret in said or secret in done.stdout.decode(errors="replace"):
                return "told", f"it printed what is secret: {said[:300]}"
        has_died = done.returncode in DEATHS or done.returncode == LOADER
        outcome = "waited" if done.returncode == WAITED else "died" if has_died else "said" if done.returncode else "done"
        fault = None if has_died else self.judge.fault_of_end(done.returncode, said)
        status = None if has_died else done.returncode
        fault = fault or self.judge.fault(desk, status) or self.judge.fault_of_next(desk)
        self.judge.lay(desk)
        return outcome, fault


def main():
    parser = argparse.ArgumentParser(prog="tools/memory")
    for name in ["evidence", "maker", "work"]:
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--only", action="append")
    arguments = parser.parse_args()
    workshop = Workshop(arguments.evidence, arguments.maker, arguments.work)
    count, passed, failed = 100 if arguments.full else 10, 0, 0
    for place, operation in enumerate(operations()):
        if operation.name not in (arguments.only or (SAMPLE if not arguments.full else [operation.name])):
            continue
        work = arguments.work / f"sweep {place}"
        work.mkdir()
        sweep = Sweep(workshop, operation, work)
        for kind in LIMITS:
            limits = sweep.limits(kind, count)
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                results = list(pool.map(lambda task: sweep.tried(task[0], kind, task[1]), enumerate(limits)))
            outcomes = collections.Counter(outcome for outcome, _ in results)
            faults = [(limit, fault) for limit, (_, fault) in zip(limits, results) if fault]
            # Whoever never runs out of memory has tried nothing.
            if not outcomes["done"] or len(outcomes) < 2:
                faults.append((limits[-1], f"the limits do not reach from failure to success: {dict(outcomes)}"))
            told = ", ".join(f"{number} {outcome}" for outcome, number in sorted(outcomes.items()))
            print(f"{'FAIL' if faults else 'ok'}    {operation.name}, {kind} from {limits[0] >> 20} to "
                  f"{limits[-1] >> 20} MiB: {told}", flush=True)
            for limit, fault in faults[:5]:
                print(f"FAIL  {operation.name}, {kind} of {limit} bytes: {fault}", flush=True)
            passed, failed = passed + len(results) - len(faults), failed + len(faults)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
