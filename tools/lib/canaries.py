"""The checks of tools/canaries, which starts this as root and prepares the work folder.

A vault lies on a disk of its own, with the home, the temporary folder and all that the machine remembers. Canaries are
put into what is taken in: content, the name of a file, a title, the name of a person; further canaries are the
passphrases and the keys. Each command of a long day runs under strace, which writes down every byte that it gives to a
file, a pipe or the terminal, and every program that it starts. What is meant to be read goes to a folder beside the
disk. Then no canary may be in what was written but where the command is meant to put it; none in any file of the disk,
nor in the image of the disk with all that was deleted from it.
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

from crash_disks import image, is_mountable
from ending import LEFT_OUT
from key_words import words_of
from published_formats import age_payload, bech32_decoded, scrypt_file_key

CALLS = "write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,execve,execveat,memfd_create"
LONGEST = 8_000_000  # bytes of one call that are written down
CALL = re.compile(rb"^(?:\d+ +)?(\w+)\((\d+)<((?:\\x..|[^>])*)>(.*)$", re.DOTALL)
STARTED = re.compile(rb"^(?:\d+ +)?(?:execve|execveat|memfd_create)\(")
HEXADECIMAL = re.compile(rb"(?:\\x[0-9a-f]{2})+")
SAMPLES = Path(__file__).resolve().parents[2] / "Vault/samples/records"
NAME = "Farzona Misolova-Sadbarova"
TITLE = "Canary title of a summons"
CONTENT = "The canary was summoned on a Tuesday and told to sign."
FILE = "canary-minutes-of-tuesday.txt"


class Canary:
    """A text or a key, and the spellings in which it may lie about."""

    def __init__(self, name, data):
        self.name, self.data = name, data
        self.spellings = {data, data.hex().encode(), data.hex().upper().encode()}
        for shift in range(3):
            encoded = base64.b64encode(bytes(shift) + data)
            # Only the middle is the same whatever stands before and after.
            self.spellings.add(encoded[4 if shift else 0:len(encoded) - 4])
        try:
            self.spellings |= {data.decode().encode(form) for form in ("utf-16-le", "utf-16-be")}
        except UnicodeDecodeError:
            pass

    def is_in(self, data):
        return any(spelling in data for spelling in self.spellings)


def unescaped(text):
    return b"".join(bytes.fromhex(run.replace(rb"\x", b"").decode()) for run in HEXADECIMAL.findall(text))


def written(log):
    """What each place was given, all calls of a command together, and how often another program was started."""
    places, starts = defaultdict(bytearray), 0
    for line in log.read_bytes().splitlines():
        if STARTED.match(line):
            starts += 1
        elif call := CALL.match(line):
            place = {b"1": "standard output", b"2": "standard error"}.get(call[2])
            path = unescaped(call[3]) or call[3]
            places[place or path.decode(errors="replace")] += unescaped(call[4])
    return places, starts


class Day:
    """The commands, each with the canaries that it is meant to tell, and where."""

    def __init__(self, evidence, work, disk):
        self.evidence, self.work, self.disk = evidence, work, disk
        self.outside, self.home = work / "outside", disk.desk
        self.outside.mkdir()
        for folder in (self.home, self.home / "temporary"):
            folder.mkdir()
        self.canaries, self.passed, self.failed = [], 0, 0
        for name, text in [("name", NAME), ("title", TITLE), ("content", CONTENT), ("file name", FILE)]:
            self.canaries.append(Canary(name, text.encode()))
        for name in ("passphrase", "new passphrase"):
            text = f"six {os.urandom(8).hex()} words of nobody"
            (self.outside / name).write_text(text + "\n")
            self.canaries.append(Canary(name, text.encode()))

    def check(self, name, faults):
        self.passed, self.failed = self.passed + (not faults), self.failed + bool(faults)
        print(f"{'FAIL' if faults else 'ok'}    {name}{': ' if faults else ''}{'; '.join(faults)}", flush=True)

    def run(self, *words, tells=(), outside=(), status=0, vault="vault", passphrase="passphrase", data=b""):
        """Runs a command. It has to give the canaries of `tells` to standard output, and those of `outside` to files
        beside the disk, or the search finds nothing; and no others to anything."""
        words = [str(word) for word in words]
        options = [*(["--vault", vault] if vault else []),
                   *(["--passphrase-file", self.outside / passphrase] if passphrase else [])]
        log = self.work / "calls"
        tracer = ["strace", "-f", "-qq", "-y", "-xx", "-s", str(LONGEST), "-e", f"trace={CALLS}", "-e", "signal=none",
                  "-o", log]
        environment = {"HOME": self.home, "TMPDIR": self.home / "temporary", "XDG_STATE_HOME": self.home / "state",
                       "PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no"}
        done = subprocess.run([*tracer, self.evidence, *words, *options], cwd=self.home, env=environment, input=data,
                              capture_output=True, timeout=300)
        name = " ".join(words[:2]) if words[0] in ("key", "recipient", "reader", "intake") else words[0]
        if done.returncode != status:
            self.check(name, [f"ended with {done.returncode}: {done.stderr.decode(errors='replace')[-300:]}"])
            return
        places, starts = written(log)
        faults = [] if starts == 1 else [f"{starts - 1} programs or files in memory beside it"]
        told, put = set(), set()
        for place, content in places.items():
            is_outside = place.startswith(f"{self.outside}/")
            for canary in self.canaries:
                if not canary.is_in(content):
                    continue
                if place == "standard output" and canary.name in tells:
                    told.add(canary.name)
                elif is_outside and canary.name in outside:
                    put.add(canary.name)
                else:
                    faults.append(f"the {canary.name} is in {place}")
        faults += [f"the search does not find the {name} on standard output" for name in set(tells) - told]
        faults += [f"the search does not find the {name} in what was made" for name in set(outside) - put]
        self.check(f"{name}: {len(places)} places written to", faults)
        return done.stdout

    def learn_keys(self):
        passphrase = (self.outside / "passphrase").read_bytes().strip()
        for name in ("reading", "signing"):
            sealed = (self.home / f"vault/keys/{name}.age").read_bytes()
            text = age_payload(sealed, scrypt_file_key(sealed, passphrase))
            if name == "reading":
                self.canaries.append(Canary("reading key as text", text.removeprefix(b"AGE-SECRET-KEY-PQ-1").strip()))
                self.canaries.append(Canary("reading key", bech32_decoded(text.decode(), "AGE-SECRET-KEY-PQ-")))
            else:
                self.canaries.append(Canary("signing key", bytes.fromhex(text.decode())))

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
        self.run("init", "vault", vault=None)
        self.learn_keys()
        self.take_in()
        self.look()
        self.hand_over()
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
        out = self.outside
        key = self.run("key", "generate", "--output", out / "key", vault=None, passphrase=None).decode().strip()
        self.run("recipient", "add", "Reader", key, "--class", "lawyer", "--words", words_of(self.evidence, key))
        self.run("export", "0", "--to", "Reader", "--preview", tells=["title", "file name"])
        self.run("export", "0", "--to", "Reader", "--output", "bundle")
        self.run("disclose", "0", "title", "--to", "Reader", "--output", "more")
        self.run("open", "bundle", "--output", out / "opened", "--identity", out / "key", "--sender", "anyone", vault=None,
                 passphrase=None, tells=["title"], outside=["title", "content", "file name"])

    def change(self):
        out = self.outside
        new = ["--new-passphrase-file", out / "new passphrase"]
        self.run("key", "split", "--threshold", "2", "--shares", "2", "--output", out / "sheets")
        self.run("key", "next", out / "next key", "--next-passphrase-file", out / "passphrase")
        self.run("key", "rotate", "reading")
        self.run("key", "passphrase", *new)
        shutil.copytree(self.home / "vault", self.home / "lost")
        shutil.rmtree(self.home / "lost/tile")
        self.run("salvage", "lost", "--output", "saved", *new, vault=None, passphrase="new passphrase")
        self.run("withdraw", "0", "--reason", "asked for", "--yes", passphrase="new passphrase")
        self.run("list", passphrase="new passphrase", tells=["title"])
        self.run("list", passphrase="passphrase", status=12)
        self.run("repair", passphrase=None)

    def search(self, image):
        """In every file of the disk, in the names, and in the image with all that was deleted."""
        found = []
        for path in self.home.rglob("*"):
            content = str(path).encode() + (path.read_bytes() if path.is_file() else b"")
            found += [f"the {canary.name} is in {path.relative_to(self.home)}"
                      for canary in self.canaries if canary.is_in(content)]
        self.check("no file of the disk has a canary", found)
        self.disk.settle()
        data = image.read_bytes()
        self.check("the image of the disk, with all that was deleted, has no canary",
                   [f"the {canary.name}" for canary in self.canaries if canary.is_in(data)])

    def plant(self, image):
        """Each canary in another spelling, in files that are deleted again: all of them have to be found."""
        spell = [bytes, lambda data: data.hex().encode(), base64.b64encode]
        for number, canary in enumerate(self.canaries):
            path = self.home / f"planted {number}"
            with path.open("wb") as file:
                file.write(b"." * number + spell[number % 3](b"." * number + canary.data))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
        self.disk.settle()
        data = image.read_bytes()
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
        day.plant(disk.file)
    print(f"{day.passed} passed, {day.failed} failed")
    return 1 if day.failed else 0


if __name__ == "__main__":
    sys.exit(main())
