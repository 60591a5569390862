"""The family of tools/crash that runs many commands at once: additions alone, and beside commands on keys and readers.

Nothing that was told as added may be lost or be there twice, whoever looks meanwhile sees a sound vault, and what the
others do is done once."""
import json
import multiprocessing
import random
import subprocess
import time

from crash_judge import BUSY
from crash_operations import ADD, KEY, Operation, environment
from crash_tracer import CHANGING, Action, trace

CROWDS = [2, 4, 8, 16, 32]
# What is done twice at once beside additions.
MEETING = ["reader add", "reader remove", "reseal", "key rotate reading", "key next", "key next --public-half",
           "key rotate", "key revoke"]
MEETING_CROWDS = [4, 8]
KILLED = -9
ATTEMPTS = 10  # until a control that finds nothing counts as broken


class Together:
    """Part of `crash_families.Crash`."""

    def together(self):
        additions = next((judge for judge in self.judges if judge.operation.words[0] == "add"), None)
        if additions:
            for crowd in CROWDS[:3] if self.is_sample else CROWDS:
                yield additions, f"{crowd} at once", self.crowded, (crowd,)
        for judge in self.judges:
            if judge.operation.name in MEETING:
                for crowd in MEETING_CROWDS[:1] if self.is_sample else MEETING_CROWDS:
                    for is_killing in (False, True):
                        what = f"{crowd} additions and two of it at once{', half of them killed' * is_killing}"
                        yield judge, what, self.crowded, (crowd, is_killing)

    def crowd(self, judge, crowd):
        """The commands: additions with titles of their own, and in their midst what else is done."""
        commands = [Operation("", [word.replace("t", self.title(number)) if word == "t" else word for word in ADD] + KEY)
                    for number in range(crowd)]
        if judge.operation.name in MEETING:
            commands[crowd // 2:crowd // 2] = [judge.operation] * 2
        return commands

    @staticmethod
    def title(number):
        return f"at once {number}"

    def crowded(self, judge, crowd, is_killing=False, action=None):
        judge.lay(self.desk)
        commands = self.crowd(judge, crowd)
        if action:
            looked, endings = None, self.deceived(judge, commands, action)
        else:
            looked, endings = self.at_once(judge, commands, is_killing)
        if looked and not looked["sound"]:
            return True, f"whoever looked meanwhile saw damage: {str(looked)[:300]}"
        if action and judge.operation.name not in MEETING:
            return True, self.fault_of_count(judge, crowd)
        return True, (self.fault_of_endings(judge, commands, endings) or self.fault_of_additions(judge, commands, endings)
                      or self.fault_of_rest(judge))

    def at_once(self, judge, commands, is_killing):
        """What the vault looked like meanwhile; of each command how it ended and what it said."""
        chance = random.Random(f"{judge.operation.name} {len(commands)}")
        words = [command.command(self.evidence, self.desk, self.prepared) for command in commands]
        started = [subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                    stderr=subprocess.PIPE, env=environment(self.desk)) for command in words]
        if is_killing:
            for process in chance.sample(started, len(started) // 2):
                time.sleep(chance.random() / 10)
                process.kill()
        looked = judge.report(self.desk / "vault", self.desk)
        return looked, [(process.communicate()[1].decode(errors="replace"), process.returncode)
                        for process in started]

    def deceived(self, judge, commands, action):
        """All of them, or where others meet additions those alone, with an `action`."""
        endings = multiprocessing.Manager().list([None] * len(commands))

        def run(place, command):
            is_meant = judge.operation.name not in MEETING or command is judge.operation
            ending = trace(command.command(self.evidence, self.desk, self.prepared), environment(self.desk), self.desk,
                           CHANGING, action if is_meant else None)
            endings[place] = ending.stderr, ending.status

        started = [multiprocessing.Process(target=run, args=task) for task in enumerate(commands)]
        for process in started:
            process.start()
        for process in started:
            process.join()
        return list(endings)

    def fault_of_endings(self, judge, commands, endings):
        statuses = [status for command, (_, status) in zip(commands, endings) if command is judge.operation]
        for command, (said, status) in zip(commands, endings):
            is_addition = command is not judge.operation
            allowed = {0, KILLED, *([BUSY] if judge.operation.name in MEETING else [])}
            if status not in (allowed if is_addition else {*allowed, *judge.operation.again}):
                return f"{'an addition' if is_addition else 'it'} ended with {status}: {said[-300:]}"
            if status != KILLED and (fault := judge.fault_of_end(status, said)):
                return fault
        if statuses and KILLED not in statuses:
            done = statuses.count(0)
            if not done or done == 2 and 0 not in judge.operation.again:
                return f"of two, {done} were done: {statuses}"
        return None

    def fault_of_additions(self, judge, commands, endings):
        """What was told as added is there once, what failed is not."""
        listing = Operation("", ["list", "--json", *KEY])
        titles = [item.get("title") for item in json.loads(judge.run(listing, self.desk).stdout)["items"]]
        additions = [ending for command, ending in zip(commands, endings) if command is not judge.operation]
        for number, (_, status) in enumerate(additions):
            count = titles.count(self.title(number))
            if count != (status == 0) and not (status == KILLED and count == 1):
                return f"an addition that ended with {status} is there {count} times"
        return None

    def fault_of_rest(self, judge):
        """What is wrong after the same command and one more addition, which tidy up after the dead."""
        if judge.operation.makes == "key" and (fault := judge.fault_of_promise(self.desk)):
            return fault
        if judge.operation.name in MEETING:
            done = judge.run(judge.operation, self.desk)
            if done.returncode not in (0, *judge.operation.again):
                return f"run again it ended with {done.returncode}: {done.stderr.decode(errors='replace')[:300]}"
        return judge.fault_of_next_add(self.desk)

    def fault_of_count(self, judge, crowd):
        report = judge.report(self.desk / "vault", self.desk)
        is_all_there = report["sound"] and report["entries"] == judge.old["entries"] + crowd and not report["findings"]
        return None if is_all_there else str(report)[:300]

    def together_control(self):
        """Without the lock: additions lose one another; of the others the two that are done at once."""
        judge = next((judge for judge in self.judges if judge.operation.name in MEETING or
                      judge.operation.words[0] == "add"), self.judges[0])
        for _ in range(ATTEMPTS):
            if fault := self.crowded(judge, 8, False, Action("pretend", names=("flock",), goes_on=True))[1]:
                return fault
        return None
