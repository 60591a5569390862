"""The families of tools/crash: what is done to a command, and how often.

Each ends with a control that must find damage."""
import errno
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field

import crash_disks
from crash_errors import EVERYTHING, Errors
from crash_judge import Judge
from crash_operations import SAMPLED, environment, operations
from crash_signals import Signals
from crash_together import Together
from crash_tracer import CHANGING, Action, spread, trace

SAMPLE = 4  # points of an operation
# By how many inodes more or less a run needs than another: a folder is named after a random digest, and may be there.
SLACK = {"blocks": 0, "inodes": 2}
SLOW = 40  # points of an operation whose passphrase costs seconds


@dataclass
class Tally:
    points: int = 0
    failures: list = field(default_factory=list)
    control: str = "not run"


class Crash(Errors, Signals, Together):
    def __init__(self, workshop, work, is_sample, only, most):
        self.evidence, self.prepared, self.is_sample, self.most = workshop.evidence, workshop.prepared, is_sample, most
        self.root, self.work, self.desk, self.scratch = work, work, work / "desk", work / "scratch"
        chosen = [operation for operation in operations() if not is_sample or only or operation.name in SAMPLED]
        chosen = [operation for operation in chosen if not only or any(is_meant(operation, name) for name in only)]
        say(f"preparing {len(chosen)} commands")
        self.judges = [Judge(self.evidence, workshop, operation, self.scratch) for operation in chosen]

    def commands_of(self, family):
        """The commands of which something has to be tried."""
        if family == "together" or family in ("power", "full") and not crash_disks.is_mountable(self.work):
            return []
        return [judge.operation.name for judge in self.judges if family != "power" or judge.operation.changes_disk]

    def at_work(self, number):
        """Gives a process of its own desks of its own."""
        self.work = self.work / f"worker {number}"
        self.work.mkdir()
        self.desk, self.scratch = self.work / "desk", self.work / "scratch"

    def traced(self, judge, counted=None, action=None, desk=None, when_frozen=None):
        desk = desk or self.desk
        return trace(judge.operation.command(self.evidence, desk, self.prepared), environment(desk), self.root,
                     counted or CHANGING, action, when_frozen=when_frozen)

    def points(self, judge, counted=CHANGING):
        judge.lay(self.desk)
        points = list(enumerate(self.traced(judge, counted).calls))
        if self.most:
            return spread(points, self.most)
        if self.is_sample:
            return spread(points, SAMPLE)
        return spread(points, SLOW) if judge.operation.is_slow else points

    def faults(self, judge, status=None):
        return judge.fault(self.desk, status) or judge.fault_of_next(self.desk)

    # Killed

    def kill(self):
        """Killed before each call that changes a file, a folder or a lock."""
        for judge in self.judges:
            for at, name in self.points(judge):
                yield judge, f"{name}, call {at}", self.killed, (at,)

    def killed(self, judge, at):
        judge.lay(self.desk)
        ending = self.traced(judge, action=Action("kill", at))
        return ending.was_reached, ending.was_reached and self.faults(judge)

    def kill_control(self):
        return self.pretended(self.trusting_judge(), "renameat2", "renameat")

    def pretended(self, judge, *names):
        judge.lay(self.desk)
        ending = self.traced(judge, action=Action("pretend", names=names, goes_on=True))
        return judge.fault(self.desk, ending.status)

    # On a disk of its own

    def power(self):
        """What has reached the disk before each call that changes something, and just after the end."""
        if not self.is_mountable("power cuts"):
            return
        for judge in self.judges:
            if judge.operation.changes_disk:
                for at, name in [*self.points(judge), (None, "just done")]:
                    yield judge, f"{name}, call {at}", self.cut, (at,)

    def cut(self, judge, at, pretended=None):
        action = Action("freeze", at) if at is not None else pretended
        with crash_disks.image(self.work) as disk:
            judge.fill(disk.desk)
            disk.settle()
            ending = self.traced(judge, action=action, desk=disk.desk, when_frozen=disk.take)
            if at is None:
                disk.take()
        if at is not None and not ending.was_reached:
            return False, None
        disk.recover(self.desk)
        return True, self.faults(judge, None if at is not None else ending.status)

    def power_control(self):
        if not crash_disks.is_mountable(self.work):
            return None
        return self.cut(self.judges[0], None, Action("pretend", names=("fsync",), goes_on=True))[1]

    def full(self):
        """A disk that is full at some 20 different bytes, and without inodes after each file; then with just enough."""
        if not self.is_mountable("full disks"):
            return
        for judge in self.judges:
            for limit, slack in SLACK.items():
                needed = self.needed(judge, limit)
                too_little = spread(list(range(needed)), self.most or (3 if self.is_sample else 20))
                for left in [*too_little, needed + slack]:
                    yield judge, f"{left} {limit} left", self.filled, (limit, left, needed)

    def filled(self, judge, limit, left, needed):
        status, fault = self.on_small_disk(judge, limit, left)
        return True, fault or self.fault_of_room(status, limit, left, needed)

    def on_small_disk(self, judge, limit, left, action=None):
        """The status with so much room left, and what is wrong then."""
        with self.small_disk(judge, limit, left) as disk:
            ending = self.traced(judge, EVERYTHING, action, desk=disk.desk)
            # Whoever judges opens what was made, and needs room.
            disk.leave(limit, None)
            fault = judge.fault_of_end(ending.status, ending.stderr) or judge.fault(disk.desk, ending.status)
            return ending.status, fault or judge.fault_of_next(disk.desk)

    @contextmanager
    def small_disk(self, judge, limit, left):
        with crash_disks.small(self.work) as disk:
            judge.fill(disk.desk)
            # Or the command makes room by removing what any command makes anew.
            (disk.desk / "vault/catalog.age").unlink(missing_ok=True)
            disk.leave(limit, left)
            yield disk

    @staticmethod
    def fault_of_room(status, limit, left, needed):
        """Whether the command said success where there was too little room, or failed where there was enough."""
        if not needed:
            return f"it writes, and needs no {limit}"
        if status == 0 and (left == 0 or left < needed - SLACK[limit]):
            return f"reported as done, and needs {needed}"
        return f"ended with {status}, and needs {needed}" if status and left >= needed + SLACK[limit] else None

    def needed(self, judge, limit):
        """How many blocks or inodes the operation needs, by halving."""
        low, high = 0, 1 << (6 if limit == "inodes" else 14)
        while low < high:
            middle = (low + high) // 2
            with self.small_disk(judge, limit, middle) as disk:
                done = judge.run(judge.operation, disk.desk)
            low, high = (low, middle) if done.returncode == 0 else (middle + 1, high)
        return low

    def full_control(self):
        """A full disk that nobody tells of: what found no room counts as written. And a need that is wrong by far."""
        if not crash_disks.is_mountable(self.work):
            return None
        judge = self.trusting_judge()
        enough = self.needed(judge, "blocks")
        swallowing = Action("swallow", names=("write",), error=errno.ENOSPC, goes_on=True)
        status, fault = self.on_small_disk(judge, "blocks", 0, swallowing)
        return (enough and status == 0 and fault and self.fault_of_room(status, "blocks", 0, enough)
                and self.filled(judge, "blocks", enough, enough + 1)[1]
                and self.filled(judge, "blocks", enough - 1, enough - 1)[1])

    def trusting_judge(self):
        """Of a command that does not look at what it has put in place, as a change of passphrase does."""
        return next((judge for judge in self.judges if not judge.operation.rekeys), self.judges[0])

    def is_mountable(self, what):
        if crash_disks.is_mountable(self.work):
            return True
        say(f"note: {what} are left out, since nothing can be mounted here")
        return False


FAMILIES = ["kill", "errors", "signals", "power", "full", "together"]


def is_meant(operation, name):
    """Whether this is the command of that name, or, if none is called so, begins with it."""
    names = [other.name for other in operations()]
    return operation.name == name if name in names else operation.name.startswith(f"{name} ")


def say(text):
    print(text, file=sys.stderr, flush=True)
