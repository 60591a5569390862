"""The family of tools/crash that asks commands to end: at each call that puts something in place, removes it or syncs.

A command ends with 130, and then nothing has happened and nothing is left, or with 0, and then all is done: what asks
it to end is heeded before the step that counts, and not behind it."""
import signal

from crash_tracer import CHANGING, Action, spread

STEPS = {number: name for number, name in CHANGING.items()
         if name.startswith(("rename", "link", "unlink")) or name in ("fsync", "fdatasync", "syncfs")}
INTERRUPTED = 130
SELDOM = {signal.SIGTERM: 4, signal.SIGHUP: 4}  # at how many calls of a command
# What any command makes anew, and what the machine remembers.
KEPT = ("vault/catalog.age", "vault/fields.age", "state/")
MADE = ("vault", "state", "out", "out-merged")


class Signals:
    """Part of `crash_families.Crash`."""

    def signals(self):
        """SIGINT at each call, SIGTERM and SIGHUP at some."""
        for judge in self.judges:
            points = self.points(judge, STEPS)
            for at, name in points:
                yield judge, f"SIGINT, {name}, call {at}", self.signalled, (at, signal.SIGINT)
            for number, count in SELDOM.items():
                for at, name in spread(points, 2 if self.is_sample else count):
                    yield judge, f"{number.name}, {name}, call {at}", self.signalled, (at, number)

    def signalled(self, judge, at, number):
        ending = self.interrupted(judge, at, number)
        if not ending.was_reached:
            return False, None
        return True, (judge.fault_of_end(ending.status, ending.stderr) or self.fault_of_interrupt(judge, ending.status)
                      or judge.fault_of_next(self.desk))

    def interrupted(self, judge, at, number):
        judge.lay(self.desk)
        return self.traced(judge, STEPS, Action("kill", at, signal=number))

    def fault_of_interrupt(self, judge, status):
        """Whether the status, what is there and what was left agree."""
        if status not in (0, INTERRUPTED):
            return f"asked to end, it ended with {status}"
        return (judge.fault(self.desk, status) or self.fault_of_state(judge, status)
                or self.fault_of_remains(judge, status))

    def fault_of_state(self, judge, status):
        # What is done in steps is judged by the same rule as when it is killed.
        if status == 0 or judge.operation.mends or judge.operation.in_steps:
            return None
        if (now := judge.mark(self.desk)) == judge.old:
            return None
        if "vault/witness/" in judge.operation.remembers and now | {"witness": None} == judge.old | {"witness": None}:
            return None
        return f"interrupted, and not as before: {now}"

    def fault_of_remains(self, judge, status):
        """What nobody needs: waiting files, intents, temporary folders; after an interruption whatever is new."""
        new = [path for path in sorted(self.desk.rglob("*")) if not (judge.start / path.relative_to(self.desk)).exists()]
        names = [str(path.relative_to(self.desk)) for path in new if not path.is_dir() or "incoming" in path.parts]
        is_left = [name for name in names if name.startswith("vault/incoming/") or name.split("/")[0] not in MADE
                   or status and not judge.operation.mends and not judge.operation.in_steps
                   and not name.startswith((*KEPT, *judge.operation.remembers))]
        return f"ended with {status} and left {', '.join(is_left[:8])}" if is_left else None

    def signals_control(self):
        """One ending is not passed for the other, nor what a killed command leaves for what an interrupted one may."""
        judge = self.trusting_judge()
        points = [at for at, _ in self.points(judge, STEPS)]
        return (all(self.tampered(judge, at) for at in (points[0], points[-1]))
                and any(self.fault_of_killed(judge, at) for at in spread(points, 8)))

    def tampered(self, judge, at):
        ending = self.interrupted(judge, at, signal.SIGINT)
        return self.fault_of_interrupt(judge, 0 if ending.status == INTERRUPTED else INTERRUPTED)

    def fault_of_killed(self, judge, at):
        self.interrupted(judge, at, signal.SIGKILL)
        return not self.fault_of_state(judge, INTERRUPTED) and self.fault_of_remains(judge, INTERRUPTED)
