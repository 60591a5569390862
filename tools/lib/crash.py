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
    tally = Tally()
    crash.tasks = list(getattr(crash, family)())
    say(f"{family}: {len(crash.tasks)} points")
    # Commands that run together have the machine for themselves.
    count = 1 if family == "together" else os.cpu_count() or 1
    tasks, results = multiprocessing.Queue(), multiprocessing.Queue()
    workers = [multiprocessing.Process(target=work_through, args=(f"{family} {number}", tasks, results))
               for number in range(count)]
    for index in [*range(len(crash.tasks)), *[None] * count]:
        tasks.put(index)
    for worker in workers:
        worker.start()
    left = count
    while left:
        if (result := results.get()) is None:
            left -= 1
            continue
        index, was_reached, fault = result
        tally.points += bool(was_reached)
        if fault:
            judge, name, *_ = crash.tasks[index]
            tally.failures.append(f"{judge.operation.name}, {name}: {fault}")
            say(f"{family}: {tally.failures[-1]}")
    if crash.tasks:
        tally.control = "found" if getattr(crash, f"{family}_control")() else "NOT FOUND"
    return tally


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
    tallies = {name: run(name) for name in arguments.families or FAMILIES}
    for name, tally in tallies.items():
        for failure in tally.failures[:20]:
            print(f"FAIL  {name}: {failure}")
        print(f"{'FAIL' if tally.failures or tally.control == 'NOT FOUND' else 'ok'}    {name}: {tally.points} points, "
              f"{len(tally.failures)} failures; control {tally.control}")
    failed = sum(len(tally.failures) + (tally.control == "NOT FOUND") for tally in tallies.values())
    print(f"{sum(tally.points for tally in tallies.values()) - failed} passed, {failed} failed")
    sys.exit(any(tally.failures or tally.control == "NOT FOUND" for tally in tallies.values()))


if __name__ == "__main__":
    main()
