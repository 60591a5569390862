"""Runs the families of tools/crash, which starts this and prepares the work folder, on all cores."""
import argparse
import multiprocessing
import os
import sys
from pathlib import Path

import crash_tracer
from crash_families import FAMILIES, Crash, Tally, is_meant, say
from crash_operations import Workshop, operations
from ending import LEFT_OUT, require_known

crash = None  # What each worker inherits.


def work_through(number, tasks, results):
    """Takes tasks until there are none, and tells how each went."""
    crash.at_work(number)
    while (index := tasks.get()) is not None:
        judge, name, body, arguments = crash.tasks[index]
        try:
            results.put((index, *body(judge, *arguments)))
        except Exception as error:
            results.put((index, True, f"{type(error).__name__}: {error}"))
    results.put(None)


def run(family):
    tally, tried = Tally(), set()
    crash.tasks = list(getattr(crash, family)())
    say(f"{family}: {len(crash.tasks)} points")
    for index, was_reached, fault in outcomes(family):
        judge, name, *_ = crash.tasks[index]
        if was_reached:
            tally.points += 1
            tried.add(judge.operation.name)
        if fault:
            tally.failures.append(f"{judge.operation.name}, {name}: {fault}")
            say(f"{family}: {tally.failures[-1]}")
    tally.failures += [f"{name}: nothing was tried" for name in crash.commands_of(family) if name not in tried]
    if crash.tasks:
        tally.control = "found" if getattr(crash, f"{family}_control")() else "NOT FOUND"
    return tally


def outcomes(family):
    """How each task went: its index, whether it reached what it is about, and what is wrong."""
    # Commands that run together have the machine for themselves.
    count = 1 if family == "together" else os.cpu_count() or 1
    tasks, results = multiprocessing.Queue(), multiprocessing.Queue()
    workers = [multiprocessing.Process(target=work_through, args=(f"{family} {number}", tasks, results))
               for number in range(count)]
    for index in [*range(len(crash.tasks)), *[None] * count]:
        tasks.put(index)
    for worker in workers:
        worker.start()
    while count:
        if (result := results.get()) is None:
            count -= 1
        else:
            yield result


def main():
    global crash
    parser = argparse.ArgumentParser()
    for name in ["evidence", "maker", "work"]:
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--sample", action="store_true")
    parser.add_argument("--only", action="append")
    parser.add_argument("--points", type=int)
    parser.add_argument("families", nargs="*")
    arguments = parser.parse_args()
    require_known(arguments.only, operations(), lambda name, operation: is_meant(operation, name),
                  shown=[operation.name for operation in operations()])
    if not crash_tracer.is_possible():
        say("note: programs cannot be traced here, or not yet on this processor, so nothing was stopped")
        sys.exit(LEFT_OUT)
    workshop = Workshop(arguments.evidence, arguments.maker, arguments.work)
    crash = Crash(workshop, arguments.work, arguments.sample, arguments.only, arguments.points)
    tallies = {}
    for name in arguments.families or FAMILIES:
        tally = tallies[name] = run(name)
        for failure in tally.failures[:20]:
            print(f"FAIL  {name}: {failure}")
        # One family takes hours: what it found must not be lost with the next.
        print(f"{'FAIL' if tally.failures or tally.control == 'NOT FOUND' else 'ok'}    {name}: {tally.points} points, "
              f"{len(tally.failures)} failures; control {tally.control}", flush=True)
    if not any(tally.points or tally.failures for tally in tallies.values()):
        sys.exit(LEFT_OUT)
    failed = sum(len(tally.failures) + (tally.control == "NOT FOUND") for tally in tallies.values())
    passed = sum(max(tally.points - len(tally.failures), 0) for tally in tallies.values())
    print(f"{passed} passed, {failed} failed")
    sys.exit(any(tally.failures or tally.control == "NOT FOUND" for tally in tallies.values()))


if __name__ == "__main__":
    main()
