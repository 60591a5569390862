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
from ending import require_known

SOME = ["add 64Ki", "import", "amend", "withdraw", "export", "open", "receive"]
SAMPLE = ["add 64Ki"]
LIMITS = {"address space": resource.RLIMIT_AS, "data": resource.RLIMIT_DATA}
STEP, MOST = 64 << 10, 8 << 30  # bytes
PATIENCE = 30  # seconds, after which a command counts as one that waits for ever
WAITED = -signal.SIGKILL
LOADER = 127  # the status of a program whose libraries did not fit
# How a program ends that asks for memory and gets none: Swift has no other way.
DEATHS = {-signal.SIGILL, -signal.SIGTRAP, -signal.SIGABRT, -signal.SIGSEGV, -signal.SIGBUS}
# Programs in the place of ours, in each of which something has to be found.
CONTROLS = {
    "a program that waits for ever": "exec sleep 1000",
    "a program that prints what is secret": f"echo {CANARY.decode()!r} >&2; kill -ABRT $$",
    "a program that says nothing and fails": "exit 1",
    "a program that dies over half a head": "{ head -c 40 checkpoint; } >new && mv new checkpoint; kill -ABRT $$",
}


class Sweep:
    def __init__(self, workshop, operation, work):
        self.workshop, self.operation, self.work = workshop, operation, work
        self.judge = Judge(workshop.evidence, workshop, operation, work / "scratch")
        self.program, self.patience = workshop.evidence, PATIENCE

    def run(self, desk, kind, limit):
        self.judge.lay(desk)
        words = self.operation.command(self.program, desk, self.workshop.prepared)
        try:
            return subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=self.patience,
                                  env=environment(desk), cwd=desk / "vault",
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
        """From the first that lets the program start to the first that lets it end well, and one more: near that, it
        depends on the threads of one run."""
        start = self.least(kind, lambda done: done.returncode != LOADER)
        end = max(self.least(kind, lambda done: done.returncode == 0), start)
        return [*(start + (end - start) * place // count for place in range(count + 1)), end + max(end - start, end // 4)]

    def tried(self, number, kind, limit):
        """What came of it, and what is wrong."""
        desk = self.work / f"desk {kind} {number}"
        done = self.run(desk, kind, limit)
        said = done.stderr.decode(errors="replace")
        for secret in (CANARY.decode(), PASSPHRASE):
            if secret in said or secret in done.stdout.decode(errors="replace"):
                return "told", f"it printed what is secret: {said[:300]}"
        if done.returncode == WAITED:
            return "waited", "it waited for ever"
        has_died = done.returncode in DEATHS or done.returncode == LOADER
        outcome = "died" if has_died else "said" if done.returncode else "done"
        fault = None if has_died else self.judge.fault_of_end(done.returncode, said)
        status = None if has_died else done.returncode
        fault = fault or self.judge.fault(desk, status) or self.judge.fault_of_next(desk)
        self.judge.lay(desk)
        return outcome, fault

    def control(self, script):
        """What is found in a program that does something wrong."""
        self.program, self.patience = self.work / "program", 2
        self.program.write_text(f"#!/bin/sh\n{script}\n")
        self.program.chmod(0o755)
        try:
            return self.tried("control", "data", MOST)[1]
        finally:
            self.program, self.patience = self.workshop.evidence, PATIENCE


def swept(sweep, kind, count):
    """Tries `count` limits and tells; how many were passed and failed."""
    name, limits = sweep.operation.name, sweep.limits(kind, count)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda task: sweep.tried(task[0], kind, task[1]), enumerate(limits)))
    outcomes = collections.Counter(outcome for outcome, _ in results)
    faults = [(limit, fault) for limit, (_, fault) in zip(limits, results) if fault]
    # Whoever never runs out of memory has tried nothing.
    if not outcomes["done"] or len(outcomes) < 2:
        faults.append((limits[-1], f"the limits do not reach from failure to success: {dict(outcomes)}"))
    told = ", ".join(f"{number} {outcome}" for outcome, number in sorted(outcomes.items()))
    print(f"{'FAIL' if faults else 'ok':6}{name}, {kind} from {limits[0] >> 20} to {limits[-1] >> 20} MiB: {told}",
          flush=True)
    for limit, fault in faults[:5]:
        print(f"FAIL  {name}, {kind} of {limit} bytes: {fault}", flush=True)
    return len(results) - len(faults), len(faults)


def main():
    parser = argparse.ArgumentParser(prog="tools/memory")
    for name in ["evidence", "maker", "work"]:
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--sample", action="store_true")
    parser.add_argument("--only", action="append")
    arguments = parser.parse_args()
    require_known(arguments.only, [operation.name for operation in operations()])
    workshop = Workshop(arguments.evidence, arguments.maker, arguments.work)
    count, names = (100, None) if arguments.full else (4, SAMPLE) if arguments.sample else (10, SOME)
    names = arguments.only or names
    passed = failed = 0
    for place, operation in enumerate(operation for operation in operations() if not names or operation.name in names):
        work = arguments.work / f"sweep {place}"
        work.mkdir()
        sweep = Sweep(workshop, operation, work)
        for name, script in CONTROLS.items() if place == 0 else ():
            found = sweep.control(script)
            print(f"{'ok' if found else 'FAIL':6}control: {name}: {'found' if found else 'NOT FOUND'}", flush=True)
            passed, failed = passed + bool(found), failed + (not found)
        for kind in LIMITS:
            good, bad = swept(sweep, kind, count)
            passed, failed = passed + good, failed + bad
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
