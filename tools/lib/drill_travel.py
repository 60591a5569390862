"""The second drill of tools/drill: a laptop is searched at a border, after `key remove`.

Its vault had a reading key, under two passphrases one after the other. What is searched is the whole disk: also blocks
that belong to no file any more. Copies of the key are on a stick that was left behind.
"""
import re
import shutil

import pyrage
from checking import require
from crash_disks import Image

OLD, CONTROL = b"walnut-before-the-journey-began", b"planted-words-of-a-careless-copy"
START = b"age-encryption.org/v1\n-> scrypt "
# What a key file holds, in bytes, with a tag: an identity in its age spelling, or a signing seed in hexadecimal.
LENGTHS = [77 + 16, 64 + 16]


class TravelChecks:
    """Checks that need what `Drill` has."""

    def travel(self, machine, passphrase, title, secrets):
        self.machine, self.words, self.secrets = machine, [OLD, passphrase], secrets
        self.folder = self.work / "travel"
        self.folder.mkdir()
        self.home_stick = self.folder / "stick left at home"
        self.home_stick.mkdir()
        disk = Image(self.folder)
        try:
            self.pack(machine(disk.desk, self.evidence), title)
            disk.settle()
        finally:
            disk.unmount()
        self.border = self.folder / "searched.img"
        shutil.copyfile(disk.file, self.border)
        disk.mount("-o", "loop,ro,noload", self.border)
        try:
            shutil.copytree(disk.desk, self.folder / "copy")
        finally:
            disk.unmount()
        self.laptop = machine(self.folder / "copy", self.evidence)
        self.check("after key remove every command refuses, whichever passphrase it is given", self.all_refuse)
        self.check("after key remove the passphrases open the signing key alone", self.signing_alone)
        self.check("on the whole disk, blocks without a file too, lies no reading key that the passphrases open; "
                   "a copy that was removed with rm is found (this is ext4 on a plain file: flash promises nothing)",
                   self.carved)
        self.check("the shares that stayed at home bring the key back, and everything opens", self.comes_home)

    def pack(self, laptop, title):
        """The day before the journey. Material, shares and a copy of the key are on sticks, not on this disk."""
        material = self.folder / "account.txt"
        material.write_text("they asked who had written it down\n")
        (laptop.home / "old").write_bytes(OLD + b"\n")
        (laptop.home / "control").write_bytes(CONTROL + b"\n")
        laptop.run("init", "my.vault", "--passphrase-file", "old")
        for number in range(2):
            laptop.run("add", str(material), "--vault", "my.vault", "--kind", "document", "--title", f"{title} {number}",
                       "--set", "document.kind=note", "--passphrase-file", "old")
        laptop.run("list", "--text", "summoned", "--vault", "my.vault", "--passphrase-file", "old")
        # What a careless person does: a copy beside the vault, removed as files are.
        shutil.copyfile(laptop.home / "my.vault/keys/reading.age", laptop.home / "careless.age")
        laptop.run("key", "passphrase", "careless.age", "--passphrase-file", "old", "--new-passphrase-file", "control")
        (laptop.home / "careless.age").unlink()
        laptop.run("key", "passphrase", "--vault", "my.vault", "--passphrase-file", "old", "--new-passphrase-file",
                   "passphrase")
        sheets = self.home_stick / "sheets"
        laptop.unlocked("key", "split", "--threshold", "2", "--shares", "3", "--output", str(sheets), "--vault",
                        "my.vault")
        shutil.copyfile(laptop.home / "my.vault/keys/reading.age", self.home_stick / "reading.age")
        laptop.unlocked("key", "remove", "--copy", str(self.home_stick / "reading.age"), "--vault", "my.vault")
        laptop.unlocked("add", str(material), "--vault", "my.vault", "--kind", "document", "--title", f"{title} 2",
                        "--set", "document.kind=note")

    def all_refuse(self):
        for name in ["old", "passphrase"]:
            for words in (["show", "0"], ["get", "0", "--output", "out"], ["history", "0"], ["stats"],
                          ["verify", "--deep"], ["recipient", "list"], ["list", "--text", "summoned"], ["case"],
                          ["key", "split", "--threshold", "2", "--shares", "2", "--output", "out"]):
                said = self.laptop.run(*words, "--vault", "my.vault", "--passphrase-file", name, status=12)
                for secret in self.secrets:
                    require(secret not in said, f"evidence {words[0]} prints {secret!r}")
        require(not (self.laptop.home / "out").exists(), "a command left something")

    def signing_alone(self):
        vault = self.laptop.home / "my.vault"
        opened = [path.name for path in sorted(vault.rglob("*")) for words in self.words
                  if path.is_file() and opens(path.read_bytes(), words)]
        require(opened == ["signing.age"], f"the passphrases open {opened}")
        require(len(list(vault.rglob("*.age"))) >= 7, "there is little to open")

    def carved(self):
        disk = self.border.read_bytes()
        require(b"AGE-SECRET-KEY-" not in disk, "a reading key stands on the disk in the open")
        for secret in self.secrets:
            require(secret.encode() not in disk, f"{secret!r} stands on the disk in the open")
        found = {words: list(carve(disk, words)) for words in [*self.words, CONTROL]}
        require(any(b"AGE-SECRET-KEY-" in secret for secret in found[CONTROL]),
                "the copy that was removed is not found: the search proves nothing")
        require(any(len(secret) == 64 for secret in found[self.words[1]]), "the signing key is not found")
        for words in self.words:
            require(not any(b"AGE-SECRET-KEY-" in secret for secret in found[words]),
                    "a block that belongs to no file still holds the sealed reading key")

    def comes_home(self):
        sheets = self.home_stick / "sheets"
        self.laptop.unlocked("key", "restore", "--share", str(sheets / "share-1.txt"), "--share",
                             str(sheets / "share-3.txt"), "--vault", "my.vault")
        told = self.laptop.unlocked("list", "--vault", "my.vault")
        require(all(f"{self.secrets[0]} {number}" in told for number in range(3)), told)
        self.laptop.unlocked("verify", "--deep", "--vault", "my.vault")


def opens(data, words):
    try:
        pyrage.passphrase.decrypt(data, words.decode())
        return True
    except pyrage.DecryptError:
        return False


def carve(disk, words):
    """What key files open to, wherever they begin, whether or not a file is there."""
    for match in re.finditer(re.escape(START), disk):
        place = match.start()
        head = re.compile(rb"[\n -~]{1,300}?\n--- [A-Za-z0-9+/]{43}\n").match(disk, place)
        if not head:
            continue
        for length in LENGTHS:
            try:
                yield bytes(pyrage.passphrase.decrypt(disk[place:head.end() + 16 + length], words.decode()))
                break
            except pyrage.DecryptError:
                continue
