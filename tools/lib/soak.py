"""What tools/soak does: random commands on a vault, stopped at random, and a model of what has to be in it."""
import argparse
import hashlib
import json
import random
import resource
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from checking import require, run
from key_words import words_of

PASSPHRASE = "six words that only benchmarks use"
SIZES = [0, 1, 4096, 65_535, 65_536, 65_537, 400_000]
COMPARED_EVERY = 20  # commands
# Of so many that are to be killed, or may write only so much, one at least does not come to its end: most of the moments
# lie before that, and most of the sizes are less than a command needs.
CERTAIN = 8
SHORT = 0.1  # seconds, until it is known how long a command lasts


@dataclass
class Item:
    title: str
    files: dict = field(default_factory=dict)  # path: SHA-256
    is_withdrawn: bool = False


@dataclass
class Step:
    """A command, how many entries it adds, and what it does to the model."""
    words: list
    entries: int
    apply: object
    may_be_stopped: bool = True


class Soak:
    def __init__(self, evidence, maker, work, count, seed):
        self.evidence, self.maker, self.work, self.count, self.seed = evidence, maker, work, count, seed
        self.random = random.Random(seed)
        self.vault, self.copy = work / "vault", work / "copy"
        self.passphrase_file = work / "passphrase"
        self.passphrase_file.write_text(PASSPHRASE + "\n")
        self.items, self.size, self.made = {}, 0, 0
        self.tally = {"done": 0, "stopped": 0, "undone": 0, "compared": 0}
        self.tried, self.cut, self.lasted = {"kill": 0, "limit": 0}, {"kill": 0, "limit": 0}, {}

    # Commands

    def command(self, words):
        return [str(word) for word in [self.evidence, *words, "--vault", self.vault,
                                       "--passphrase-file", self.passphrase_file]]

    def make_file(self):
        self.made += 1
        path = self.work / f"in/file-{self.made}.bin"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(self.random.randbytes(self.random.choice(SIZES)))
        return path, hashlib.sha256(path.read_bytes()).hexdigest()

    def new_item(self):
        """The words that add an item, and the item."""
        files = [self.make_file() for _ in range(self.random.choice([1, 1, 1, 3]))]
        item = Item(f"title {self.made}", {path.name: digest for path, digest in files})
        return ["add", *[path for path, _ in files], "--kind", "document", "--set", f"title={item.title}",
                "--set", "document.kind=note"], item

    def add(self):
        words, item = self.new_item()
        number = self.size
        return Step(words, 1, lambda: self.items.__setitem__(number, item))

    def standing(self):
        return [number for number, item in self.items.items() if not item.is_withdrawn]

    def amend(self):
        item = self.items[number := self.random.choice(self.standing())]
        self.made += 1
        title, more = f"title {self.made}", [self.make_file()] if self.random.random() < 0.3 else []

        def apply():
            item.title = title
            item.files |= {path.name: digest for path, digest in more}
        return Step(["amend", str(number), *[path for path, _ in more], "--set", f"title={title}", "--reason", "better"],
                    1, apply)

    def withdraw(self):
        number = self.random.choice(self.standing())
        return Step(["withdraw", str(number), "--reason", "asked", "--yes"], 1,
                    lambda: setattr(self.items[number], "is_withdrawn", True))

    def export(self):
        output = self.work / "bundle.age"
        output.unlink(missing_ok=True)
        numbers = self.random.sample(self.standing(), min(len(self.standing()), self.random.randint(1, 3)))
        return Step(["export", *map(str, numbers), "--to", "lawyer", "--disclose", "restricted", "--output", output],
                    1, lambda: None)

    def imported(self):
        count, first = self.random.randint(1, 12), self.size
        self.made += 1
        titles = [f"row {self.made}-{row}" for row in range(count)]
        (self.work / "rows.csv").write_text(
            "title,date,pressure.kind\n" + "".join(f"{title},2023-03-04,summons\n" for title in titles))
        return Step(["import", self.work / "rows.csv", "--kind", "pressure_event"], count,
                    lambda: self.items.update({first + row: Item(title) for row, title in enumerate(titles)}))

    def repair(self):
        """Damages an object or a tile, and brings it back from a copy."""
        shutil.rmtree(self.copy, ignore_errors=True)
        shutil.copytree(self.vault, self.copy)
        path = self.random.choice(sorted(self.vault.glob("objects/*/*.age")) + sorted(self.vault.glob("tile/0/*")))
        if path.is_file():
            path.chmod(0o600)
            path.write_bytes(path.read_bytes()[:-1])
        return Step(["repair", "--from", self.copy], 0, lambda: None, may_be_stopped=False)

    def next(self):
        if not self.standing():
            return self.add()
        makers = [self.add] * 6 + [self.amend] * 3 + [self.export] * 2 + [self.imported] * 2 + [self.withdraw, self.repair]
        return self.random.choice(makers)()

    # Running them

    def head(self):
        return json.loads(run(self.evidence, "head", "--vault", self.vault, "--json"))["entries"]

    def carry_out(self, step):
        """Runs a command, perhaps stopped on its way, and finds out whether it happened: wholly or not at all."""
        how = self.random.choice(["whole", "kill", "limit"]) if step.may_be_stopped else "whole"
        limit = int(600_000 ** self.random.random())
        begun = time.monotonic()
        process = subprocess.Popen(
            self.command(step.words), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            preexec_fn=(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))) if how == "limit" else None)
        if how == "kill":
            time.sleep(self.random.random() * self.lasted.get(step.words[0], SHORT))
            process.kill()
        _, errors = process.communicate()
        if how == "whole":
            self.lasted[step.words[0]] = time.monotonic() - begun
        else:
            self.tried[how] += 1
            self.cut[how] += process.returncode != 0
        what = f"{step.words[0]} ({how}) ended with {process.returncode}: {errors.decode(errors='replace')[:400]}"
        require(process.returncode == 0 or how != "whole", what)
        require(process.returncode in (0, -9) or how == "limit", what)
        require(process.returncode >= 0 or how == "kill", what)
        size = self.head()
        require(size in (self.size, self.size + step.entries), f"{what}; {self.size} entries became {size}")
        require(process.returncode != 0 or size == self.size + step.entries, f"{what}; nothing was added")
        require(process.returncode <= 0 or size == self.size, f"{what}; and yet it was added")
        happened = size == self.size + step.entries
        if happened:
            step.apply()
        self.size = size
        self.tally["done" if process.returncode == 0 else "stopped" if happened else "undone"] += 1

    def together(self):
        """Some commands that add, all at once: each of them has to be there in the end."""
        new = [self.new_item() for _ in range(self.random.randint(2, 4))]
        running = [subprocess.Popen(self.command([*words, "--json"]), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                   for words, _ in new]
        for (_, item), process in zip(new, running):
            out, errors = process.communicate()
            require(process.returncode == 0, f"together: status {process.returncode}: {errors.decode()}")
            number = json.loads(out)["item"]
            require(number not in self.items, f"together: {number} twice")
            self.items[number] = item
        # Each number was free, and they follow one another.
        require(sorted(self.items)[-len(new):] == list(range(self.size, self.size + len(new))), "together: a gap")
        self.size += len(new)
        self.tally["done"] += len(new)

    # The model

    def compare(self):
        verdict = json.loads(run(*self.command(["verify", "--deep", "--json"])))
        damage = [finding for finding in verdict["findings"] if finding["severity"] == "damage"]
        require(not damage, f"verify: {damage}")
        listed = {item["item"]: item["title"] for item in json.loads(run(*self.command(["list", "--json"])))["items"]}
        require(listed == {number: self.items[number].title for number in self.standing()},
                f"list: {sorted(listed.items())[-5:]}")
        for number in self.random.sample(self.standing(), min(3, len(self.standing()))):
            item, out = self.items[number], self.work / "out"
            if item.files:
                shutil.rmtree(out, ignore_errors=True)
                run(*self.command(["get", str(number), "--output", out]))
                found = {str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
                         for path in out.rglob("*") if path.is_file() and path.name != "record.json"}
                require(found == item.files, f"get {number}: {sorted(found)} instead of {sorted(item.files)}")
        left = [path for path in (self.vault / "incoming").iterdir() if path.suffix != ".commit"]
        require(len(left) < 50, f"{len(left)} files pile up in incoming/")
        self.tally["compared"] += 1

    def control(self):
        """A model that is wrong must be noticed."""
        number = self.standing()[0]
        self.items[number].title += "!"
        try:
            self.compare()
        except AssertionError:
            return True
        return False

    def fault_of_cuts(self):
        """Whether commands were stopped on their way at all."""
        missing = [how for how, count in self.tried.items() if count >= CERTAIN and not self.cut[how]]
        return f"none was cut short by: {', '.join(missing)}, of {self.tried}" if missing else None

    def run(self):
        print(f"seed {self.seed}", flush=True)
        run(self.maker, self.vault, "0")
        recipient = run(self.evidence, "key", "generate", "--output", self.work / "lawyer.key").decode().strip()
        run(*self.command(["recipient", "add", "lawyer", recipient, "--class", "lawyer",
                           "--words", words_of(self.evidence, recipient)]))
        self.size = self.head()
        failed = 0
        for number in range(self.count):
            try:
                self.together() if self.random.random() < 0.08 else self.carry_out(self.next())
                if number % COMPARED_EVERY == COMPARED_EVERY - 1 or number == self.count - 1:
                    self.compare()
                shutil.rmtree(self.work / "in", ignore_errors=True)
            except Exception as error:
                print(f"FAIL  command {number}: {type(error).__name__}: {str(error)[:800]}", flush=True)
                failed = 1
                break
        if not failed and not self.control():
            print("FAIL  control: a wrong model was not noticed")
            failed = 1
        if not failed and (fault := self.fault_of_cuts()):
            print(f"FAIL  {fault}")
            failed = 1
        print(f"killed on their way: {self.cut['kill']} of {self.tried['kill']}; without room: {self.cut['limit']} of "
              f"{self.tried['limit']}")
        print(f"{self.size} entries; {self.tally['done']} commands went through, {self.tally['stopped']} were stopped "
              f"after they were done, {self.tally['undone']} before; compared {self.tally['compared']} times")
        print(f"{sum(self.tally.values()) - self.tally['compared']} passed, {failed} failed")
        return failed


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    for name in ["evidence", "maker", "work"]:
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--seed", required=True)
    sys.exit(Soak(**vars(parser.parse_args())).run())
