"""Runs tools/simulate, which starts this and prepares the work folder: power cuts on a disk that is only a model."""
import argparse
import hashlib
import multiprocessing
import os
import random
import shutil
import sys
from dataclasses import replace
from pathlib import Path

from crash_judge import Judge
from crash_operations import Workshop, environment, operations
from disk_model import Disk, Model, lay
from disk_trace import record
from ending import require_known

SOME = ["add 1", "import", "withdraw", "accept-restored"]
SAMPLE, SAMPLE_COUNT, SAMPLE_SEED = ["add 1", "reader add"], 80, 1
KEPT = Path(__file__).resolve().parents[2] / ".build/simulate"
CONTROL_LIMIT = 2000  # schedules until a control that finds nothing counts as broken


class Case:
    """One command: what it asked of the disk, and who judges what is left of that."""

    def __init__(self, workshop, operation, work):
        self.work, self.judge = work, Judge(workshop.evidence, workshop, operation, work / "scratch")
        desk = work / "desk"
        self.judge.lay(desk)
        model = Model(desk)
        status = record(operation.command(workshop.evidence, desk, workshop.prepared), environment(desk), model,
                        work / "calls")
        if status:
            raise RuntimeError(f"{operation.name} ended with {status} while it was watched")
        self.disk = Disk(model)

    @property
    def name(self):
        return self.judge.operation.name

    def state(self, disk, seed, number):
        cut, tree = disk.state(random.Random(f"{seed} {self.name} {number}"))
        is_done = cut == len(disk.events)
        digest = hashlib.sha256(repr(is_done).encode())
        for path, content in sorted(tree.items()):
            digest.update(b"%r %r\n" % (path, content and (hashlib.sha256(content[0]).digest(), content[1])))
        return cut, tree, is_done, digest.digest()

    def lay(self, tree, desk):
        self.judge.lay(desk)
        lay(tree, self.judge.start, desk)

    def fault(self, tree, is_done, desk):
        self.lay(tree, desk)
        return self.judge.fault(desk, 0 if is_done else None) or self.judge.fault_of_next(desk)


def judge_share(case, seed, count, share, shares, results):
    """Judges each state once, of those that fall to this process."""
    seen, desk = set(), case.work / f"worker {share}" / "desk"
    desk.parent.mkdir(exist_ok=True)
    for number in range(count):
        cut, tree, is_done, digest = case.state(case.disk, seed, number)
        if digest in seen or digest[0] % shares != share:
            continue
        seen.add(digest)
        try:
            fault = case.fault(tree, is_done, desk)
        except Exception as error:
            fault = f"{type(error).__name__}: {error}"
        if fault:
            case.lay(tree, keep(case, number))
            results.put((number, cut, fault))
    results.put(len(seen))


def run(case, seed, count):
    """How many different states the schedules leave, and what is wrong after which."""
    shares, results = os.cpu_count() or 1, multiprocessing.Queue()
    for share in range(shares):
        multiprocessing.Process(target=judge_share, args=(case, seed, count, share, shares, results)).start()
    states, faults, left = 0, [], shares
    while left:
        result = results.get()
        if isinstance(result, int):
            states, left = states + result, left - 1
        else:
            faults.append(result)
            say(f"{case.name}, schedule {result[0]}, {described(case.disk, result[1])}: {result[2]}")
    return states, faults


def described(disk, cut):
    if cut == len(disk.events):
        return "just done"
    event = disk.events[cut]
    return f"before event {cut} of {len(disk.events)}, {event.kind} {event.name.decode(errors='replace')}".rstrip()


def say(text):
    print(text, file=sys.stderr, flush=True)


# What has to be missed

def syncs(disk):
    return [at for at, event in enumerate(disk.events) if event.kind == "sync"]


def without(disk, at):
    events = list(disk.events)
    events[at] = replace(events[at], value=0)
    return Disk(disk.model, events)


def checkpoint(disk):
    """The events that put a new head in the place of the old one: the sync of the file, its move, and that of the root
    folder; None for a command that does not."""
    moves = [at for at, event in enumerate(disk.events) if event.kind == "link" and event.name == b"checkpoint"]
    if not moves:
        return None
    move, link = moves[-1], disk.events[moves[-1]]
    files = [at for at in syncs(disk) if at < move and disk.events[at].inode == link.value]
    folders = [at for at in syncs(disk) if at > move and disk.events[at].inode == link.inode]
    return (files[-1], move, folders[0]) if files and folders else None


def moved_too_early(disk):
    file, move, _ = checkpoint(disk)
    events = list(disk.events)
    events[file], events[move] = disk.events[move], replace(disk.events[file], value=move)
    events = [replace(event, after=file) if event.after == move else event for event in events]
    return Disk(disk.model, events)


def controls(disk):
    if checkpoint(disk) is None:
        return {"every fsync left out": Disk(disk.model, [replace(event, value=0) if event.kind == "sync" else event
                                                          for event in disk.events])}
    file, _, folder = checkpoint(disk)
    return {"the head's own fsync left out": without(disk, file),
            "the fsync of the vault's folder left out": without(disk, folder),
            "the head moved before its fsync": moved_too_early(disk)}


def is_found(case, disk, seed):
    seen = set()
    for number in range(CONTROL_LIMIT):
        _, tree, is_done, digest = case.state(disk, seed, number)
        if digest not in seen and case.fault(tree, is_done, case.work / "desk"):
            return True
        seen.add(digest)
    return False


def each_left_out(case, seed):
    """Which single fsync is missed: where two guard one thing, neither is."""
    for at in syncs(case.disk):
        event = case.disk.events[at]
        names = {link.name.decode(errors="replace") for link in case.disk.events
                 if link.kind == "link" and link.value == event.inode}
        what = "everything" if event.inode is None else "/".join(sorted(names)) or f"folder {event.inode}"
        verdict = "missed" if is_found(case, without(case.disk, at), seed) else "not missed"
        print(f"{case.name}, event {at}, fsync of {what}: {verdict}", flush=True)


def keep(case, number):
    """Where what a schedule left is kept, with the calls that led there."""
    folder = KEPT / f"{case.name} {number}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    lines = [f"{at} {event.kind} {event.inode} {event.name.decode(errors='replace')} {event.value} {len(event.data)}"
             for at, event in enumerate(case.disk.events)]
    (folder / "events").write_text("\n".join([*lines, ""]))
    return folder / "desk"


def main():
    parser = argparse.ArgumentParser(prog="tools/simulate")
    for name in ["evidence", "maker", "work"]:
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--only", action="append")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--schedule", type=int)
    parser.add_argument("--each", action="store_true")
    parser.add_argument("--sample", action="store_true")
    parser.add_argument("count", type=int, nargs="?")
    arguments = parser.parse_args()
    if arguments.sample:
        arguments.only, arguments.count, arguments.seed = SAMPLE, SAMPLE_COUNT, SAMPLE_SEED
    names = arguments.only or ([] if (arguments.count or 0) > 10_000 else SOME)
    chosen = [operation for operation in operations() if operation.changes_disk]
    require_known(arguments.only, [operation.name for operation in chosen])
    chosen = [operation for operation in chosen if not names or operation.name in names]
    count = max((arguments.count or 3000) // len(chosen), 1)
    workshop = Workshop(arguments.evidence, arguments.maker, arguments.work)
    print(f"seed {arguments.seed}, {count} schedules of each of {len(chosen)} commands", flush=True)
    passed = failed = 0
    for place, operation in enumerate(chosen):
        work = arguments.work / str(place)
        work.mkdir()
        case = Case(workshop, operation, work)
        if arguments.schedule is not None:
            cut, tree, is_done, _ = case.state(case.disk, arguments.seed, arguments.schedule)
            desk = keep(case, arguments.schedule)
            case.lay(tree, desk)
            fault = case.judge.fault(desk, 0 if is_done else None)
            print(f"{desk.parent}: {described(case.disk, cut)}: {fault or 'nothing is wrong at first sight'}")
            continue
        if arguments.each:
            each_left_out(case, arguments.seed)
            continue
        states, faults = run(case, arguments.seed, count)
        print(f"{'FAIL' if faults else 'ok'}    {operation.name}: {len(case.disk.events)} events, {count} schedules, "
              f"{states} states, {len(faults)} failures", flush=True)
        for number, cut, fault in faults[:5]:
            print(f"FAIL  {operation.name}, schedule {number}, {described(case.disk, cut)}: {fault}")
        passed, failed = passed + states - len(faults), failed + len(faults)
        if place == 0:
            for name, disk in controls(case.disk).items():
                found = is_found(case, disk, arguments.seed)
                mark, said = ("ok", "found") if found else ("FAIL", "NOT FOUND")
                print(f"{mark:6}control: {name}: {said}", flush=True)
                passed, failed = passed + found, failed + (not found)
    if arguments.schedule is None and not arguments.each:
        print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
