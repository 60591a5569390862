"""The checks of tools/canaries, which starts this as root and prepares the work folder.

A vault lies on a disk of its own, with the home, the temporary folder and all that the machine remembers. Canaries are
put into what is taken in: content, the name of a file, a title, the name of a person; further canaries are the
passphrases, the keys, each from the command on that makes it, and whatever looks like an age key. Each command of a
long day runs under strace, which writes down every byte that it gives to a file, a pipe or the terminal, and every
program that it starts. What is meant to be read goes to a folder beside the disk. Then no canary may be in what was
written but where the command is meant to put it; none in any file of the disk, nor in the image of the disk with all
that was deleted from it.
"""
import argparse
import base64
import json
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from urllib.parse import quote

from canaries_keys import ANY, KEY_FILE, Keys, any_key
from canary import Canary
from crash_disks import image, is_mountable
from ending import LEFT_OUT
from key_words import words_of
from memory_scan import can_hide

CALLS = "write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,execve,execveat,memfd_create,memfd_secret"
# The tracer cannot read hidden memory either, and would show what is written from there as an address.
SHOWN = "inject=memfd_secret:error=ENOSYS"
UNREAD = re.compile(rb'0x[0-9a-f]{3,}|"\.\.\.')  # an address, or what was cut off
BLOCK = 4096  # bytes
LONGEST = 8_000_000  # bytes of one call that are written down
CALL = re.compile(rb"^(?:\d+ +)?(\w+)\((\d+)<((?:\\x..|[^>])*)>(.*)$", re.DOTALL)
STARTED = re.compile(rb"^(?:\d+ +)?(?:execve|execveat|memfd_create)\(")
HEXADECIMAL = re.compile(rb"(?:\\x[0-9a-f]{2})+")
SAMPLES = Path(__file__).resolve().parents[2] / "Vault/samples/records"
NAME = "Farzona Misolova-Sadbarova"
TITLE = "Canary title of a summons"
CONTENT = "The canary was summoned on a Tuesday and told to sign."
FILE = "canary-minutes-of-tuesday.txt"
GROUPS = ("key", "recipient", "reader", "intake")
MADE = "keys that the command makes"
SPELL = [bytes, lambda data: data.hex().encode(), base64.b64encode, base64.urlsafe_b64encode]
SPELL_TEXT = [lambda data: data.decode().encode("utf-16-le"), lambda data: data.decode().encode("utf-16-be"),
              lambda data: quote(data, safe="").encode(), lambda data: json.dumps(data.decode()).encode(),
              lambda data: b"".join(b"\\u%04x" % letter for letter in data)]


def unescaped(text):
    return b"".join(bytes.fromhex(run.replace(rb"\x", b"").decode()) for run in HEXADECIMAL.findall(text))


def written(log):
    """What each place was given, all calls of a command together; how often another program was started; and the
    places that were given what the tracer could not read."""
    places, starts, unread = defaultdict(bytearray), 0, set()
    for line in log.read_bytes().splitlines():
        if STARTED.match(line):
            starts += 1
        elif call := CALL.match(line):
            place = {b"1": "standard output", b"2": "standard error"}.get(call[2])
            path = unescaped(call[3]) or call[3]
            place = place or path.decode(errors="replace")
            places[place] += unescaped(call[4])
            if UNREAD.search(call[4]):
                unread.add(place)
    return places, starts, unread


def command(words):
    """What a command is called, without what follows: `key rotate`."""
    return " ".join(words[:2] if words[0] in GROUPS else words[:1])


class Day:
    """The commands, each with the canaries that it is meant to tell, and where."""

    def __init__(self, evidence, work, disk):
        self.evidence, self.work, self.disk = evidence, work, disk
        self.outside, self.home = work / "outside", disk.desk
        self.outside.mkdir()
        for folder in (self.home, self.home / "temporary"):
            folder.mkdir()
        self.keys, self.canaries, self.passed, self.failed = Keys(self.home, self.outside), [any_key()], 0, 0
        for name, text in [("name", NAME), ("title", TITLE), ("content", CONTENT), ("file name", FILE)]:
            self.canaries.append(Canary(name, text.encode()))
        for name in ("passphrase", "new passphrase", "field passphrase"):
            self.canaries.append(self.keys.passphrase(name, f"six {os.urandom(8).hex()} words of nobody"))

    def check(self, name, faults):
        self.passed, self.failed = self.passed + (not faults), self.failed + bool(faults)
        print(f"{'FAIL' if faults else 'ok'}    {name}{': ' if faults else ''}{'; '.join(faults)}", flush=True)

    def run(self, *words, tells=(), outside=(), makes=0, status=0, **how):
        """Runs a command. It has to give the canaries of `tells` to standard output, and those of `outside` to files
        beside the disk, or the search finds nothing; and no others to anything. It makes so many keys."""
        done, places, starts, unread = self.traced(*words, **how)
        name = command(words)
        made, faults = self.keys.made_by(name)
        self.canaries += made
        if done.returncode != status:
            self.check(name, [f"ended with {done.returncode}: {done.stderr.decode(errors='replace')[-300:]}"])
            return b""
        if len(made) != makes:
            faults.append(f"{len(made)} new keys are found instead of {makes}")
        faults += [f"not all that is written to {place} is seen" for place in unread]
        if starts != 1:
            faults.append(f"{starts - 1} programs or files in memory beside it")
        outside = [found for what in outside for found in ([key.name for key in made] if what == MADE else [what])]
        told, put = set(), set()
        for canary, place in self.found(places):
            if place == "standard output" and canary in tells:
                told.add(canary)
            elif place.startswith(f"{self.outside}/") and canary in outside:
                put.add(canary)
            else:
                faults.append(f"the {canary} is in {place}")
        faults += [f"the search does not find the {name} on standard output" for name in set(tells) - told]
        faults += [f"the search does not find the {name} in what was made" for name in set(outside) - put]
        keys = f", {len(made)} keys made" if made else ""
        self.check(f"{name}: {len(places)} places written to{keys}", faults)
        return done.stdout

    def traced(self, *words, vault="vault", passphrase="passphrase", data=b"", shown=("-e", SHOWN)):
        """Runs a command: what it said, and what `written` tells of it."""
        options = [*(["--vault", vault] if vault else []),
                   *(["--passphrase-file", self.outside / passphrase] if passphrase else [])]
        log = self.work / "calls"
        tracer = ["strace", "-f", "-qq", "-y", "-xx", "-s", str(LONGEST), "-e", f"trace={CALLS}", "-e", "signal=none",
                  *shown, "-o", log]
        environment = {"HOME": self.home, "TMPDIR": self.home / "temporary", "XDG_STATE_HOME": self.home / "state",
                       "PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no"}
        done = subprocess.run([*tracer, self.evidence, *[str(word) for word in words], *options], cwd=self.home,
                              env=environment, input=data, capture_output=True, timeout=300)
        return done, *written(log)

    def found(self, places):
        """The names of the canaries that are in what was written, each with the place."""
        return {(canary.name, place) for place, content in places.items()
                for canary in self.canaries if canary.is_in(content)}

    def material(self):
        """What goes in: a testimony made of the sample, a table of cases."""
        out = self.outside
        (out / FILE).write_text(f"{CONTENT}\n" * 2000)
        record = json.loads((SAMPLES / "testimony.json").read_text())
        del record["case"]
        record |= {"title": TITLE, "witness.name": NAME, "consent.lawyer": "full"}
        (out / "testimony.json").write_text(json.dumps(record, ensure_ascii=False))
        rows = [f"{TITLE} {number},Organisation {number},gbao,court_ordered" for number in range(3)]
        (out / "cases.csv").write_text("\n".join(["title,organisation.pseudonym,region,mode", *rows, ""]))

    def spend(self):
        self.material()
        self.run("init", "vault", vault=None, makes=2)
        self.take_in()
        self.look()
        self.hand_over()
        self.share_work()
        self.recover()
        self.change()

    def take_in(self):
        out = self.outside
        self.run("add", out / FILE, "--kind", "testimony", "--record", out / "testimony.json")
        self.run("add", "-", "--name", FILE, "--kind", "document", "--title", TITLE, "--set", "document.kind=note",
                 data=CONTENT.encode() * 5000)
        self.run("import", out / "cases.csv", "--kind", "dissolution_case")
        self.run("amend", "0", "--set", "interview.mode=call", "--reason", "it was by telephone")
        self.run("history", "0", "--enter", "copied", "--set", "by=Officer Maple")

    def look(self):
        everything = ["name", "title", "content", "file name"]
        self.run("list", tells=["title"])
        self.run("list", "--text", "canary", tells=["title"])
        self.run("show", "0", tells=["title", "file name", "name"])
        self.run("get", "0", "--output", self.outside / "got", outside=everything)
        self.run("case")
        self.run("stats", "--by", "region")
        self.run("phrases")
        self.run("verify", "--deep")

    def hand_over(self):
        out, key = self.outside, self.generated("key")
        self.run("recipient", "add", "Reader", key, "--class", "lawyer", "--words", words_of(self.evidence, key))
        self.run("export", "0", "--to", "Reader", "--preview", tells=["title", "file name"])
        self.run("export", "0", "--to", "Reader", "--output", "bundle")
        self.run("disclose", "0", "title", "--to", "Reader", "--output", "more")
        self.run("open", "bundle", "--output", out / "opened", "--identity", out / "key", "--sender", "anyone",
                 vault=None, passphrase=None, tells=["title"], outside=["title", "content", "file name"])

    def generated(self, name):
        """Makes a key that is not sealed, and returns its recipient."""
        made = self.run("key", "generate", "--output", self.outside / name, vault=None, passphrase=None, makes=1,
                        outside=[ANY, MADE])
        return made.decode().strip()

    def share_work(self):
        """Another reader, and a vault in the field that goes with a file on a stick."""
        out, key = self.outside, self.generated("key of the archive")
        self.run("reader", "add", "Archive", key, "--words", words_of(self.evidence, key))
        self.run("reseal")
        self.run("reader", "remove", "Archive", "--reason", "left")
        field = {"vault": "field", "passphrase": "field passphrase"}
        self.run("intake", "create", "field", "--name", "North", "--new-passphrase-file", out / "field passphrase",
                 makes=1)
        self.run("key", "file", out / KEY_FILE, vault=None, passphrase=None, makes=1, outside=[MADE])
        self.run("key", "passphrase", "--new-passphrase-file", out / "field passphrase", "--new-key-file",
                 out / KEY_FILE, **field)
        self.run("add", out / FILE, "--kind", "testimony", "--record", out / "testimony.json", "--key-file",
                 out / KEY_FILE, **field)
        self.run("collect", "field", tells=["title"])

    def recover(self):
        out = self.outside
        self.run("key", "split", "--threshold", "2", "--shares", "2", "--output", out / "sheets", makes=2,
                 outside=[MADE])
        shares = [word for number in (1, 2) for word in ["--share", out / f"sheets/share-{number}.txt"]]
        new = ["--new-passphrase-file", out / "new passphrase"]
        self.run("key", "combine", *shares, *new, "--output", out / "combined.age", passphrase=None)
        self.run("key", "remove", *shares)
        self.run("key", "restore", *shares)

    def change(self):
        out = self.outside
        new = ["--new-passphrase-file", out / "new passphrase"]
        secret = ["--next-passphrase-file", out / "passphrase"]
        self.run("key", "next", out / "next key", *secret, makes=1)
        self.run("key", "rotate", "reading", makes=1)
        self.run("key", "rotate", "--next", out / "next key", *secret)
        self.run("key", "rotate", makes=1)
        head = self.run("head", passphrase=None).decode().strip()
        self.run("key", "revoke", "--up-to", head, "--reason", "seized", makes=1)
        self.run("key", "passphrase", *new)
        shutil.copytree(self.home / "vault", self.home / "lost")
        shutil.rmtree(self.home / "lost/tile")
        self.run("salvage", "lost", "--output", "saved", *new, vault=None, passphrase="new passphrase", makes=2)
        self.run("withdraw", "0", "--reason", "asked for", "--yes", passphrase="new passphrase")
        self.run("list", passphrase="new passphrase", tells=["title"])
        self.run("list", passphrase="passphrase", status=12)
        self.run("repair", passphrase=None)

    def search(self, image):
        """In every file of the disk, in the names, and in the image with all that was deleted."""
        self.check("no file of the disk has a canary", self.on_disk())
        data = self.whole(image)
        self.check("the image of the disk, with all that was deleted, has no canary",
                   [f"the {canary.name}" for canary in self.canaries if canary.is_in(data)])

    def whole(self, image):
        """All blocks of the image that are not empty, those that follow each other in one piece."""
        self.disk.settle()
        with image.open("rb") as file:
            return b"".join(block if any(block) else b"\0" for block in iter(lambda: file.read(BLOCK), b""))

    def on_disk(self):
        found = []
        for path in self.home.rglob("*"):
            content = str(path).encode() + (path.read_bytes() if path.is_file() else b"")
            found += [f"the {canary.name} is in {path.relative_to(self.home)}"
                      for canary in self.canaries if canary.is_in(content)]
        return found

    def give_away(self):
        """The commands themselves put keys where none may be: the search has to tell of each."""
        for kind, options in [("post-quantum", []), ("classic", ["--classic"])]:
            path = self.home / f"{kind} stray"
            _, places, *_ = self.traced("key", "generate", *options, "--output", path, vault=None, passphrase=None)
            faults = [] if any(name == ANY and path.name in place for name, place in self.found(places)) else \
                ["it is not found in what is written"]
            on_disk = self.on_disk()
            faults += [] if on_disk == [f"the {ANY} is in {path.name}"] else [f"on the disk: {'; '.join(on_disk)}"]
            path.unlink()
            self.check(f"control: a {kind} key that the search was not told of is found", faults)
        for canary, path, passphrase in self.keys.sealed_files():
            stick = ["--key-file", self.outside / KEY_FILE] if path.is_relative_to(self.home / "field") else []
            _, places, *_ = self.traced("unseal", path, *stick, vault=None, passphrase=passphrase)
            self.check(f"control: the {canary.name} is found where it is unsealed",
                       [] if (canary.name, "standard output") in self.found(places) else ["it is not"])

    def hide(self):
        """Keys that are written straight from hidden memory: the tracer sees none of it, and that has to be told."""
        if not can_hide():
            print("note: the control for hidden memory is left out: the kernel has none", flush=True)
            return
        path = self.outside / "hidden key"
        *_, unread = self.traced("key", "generate", "--output", path, vault=None, passphrase=None, shown=())
        self.check("control: what the tracer cannot read is told",
                   [] if any(place.startswith(f"{self.outside}/") for place in unread) else ["it is not"])

    def plant(self, image):
        """Each canary in each spelling, then in one of them in files that are deleted again: all have to be found."""
        missed, tail = [], os.urandom(20).hex().encode()
        for number, canary in enumerate(self.canaries):
            planted = b"." * (number % 3) + canary.data[0] + tail
            spelled = [spell(planted) for spell in SPELL + (SPELL_TEXT if canary.data[0].isascii() else [])]
            missed += [f"{canary.name} as {text[:80]}" for text in spelled if not canary.is_in(b"\0" + text)]
            path = self.home / f"planted {number}"
            with path.open("wb") as file:
                file.write(b"." * number + spelled[number % len(spelled)])
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
        self.check("control: each canary is found in each spelling", missed)
        data = self.whole(image)
        self.check("control: what was planted and deleted is found",
                   [f"not the {canary.name}" for canary in self.canaries if not canary.is_in(data)])


def main():
    parser = argparse.ArgumentParser(prog="tools/canaries")
    for name in ["evidence", "work"]:
        parser.add_argument(f"--{name}", type=Path, required=True)
    arguments = parser.parse_args()
    if not is_mountable(arguments.work):
        print("note: the search for canaries is left out: it needs root, and a disk of its own")
        return LEFT_OUT
    with image(arguments.work) as disk:
        day = Day(arguments.evidence, arguments.work, disk)
        day.spend()
        day.search(disk.file)
        day.give_away()
        day.hide()
        day.plant(disk.file)
    print(f"{day.passed} passed, {day.failed} failed")
    return 1 if day.failed else 0


if __name__ == "__main__":
    sys.exit(main())
