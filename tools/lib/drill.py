"""The checks of tools/drill, which starts this as root and prepares the work folder.

Two machines: the archivist's, a folder, and the officer's, a disk image that holds the officer's home with the intake
vault. What is seized is the image, byte for byte, with all that was ever written to it and deleted.
"""
import argparse
import hashlib
import hmac
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyrage
from canary import Canary
from checking import require
from crash_disks import Image
from drill_custody import CustodyChecks
from drill_travel import TravelChecks
from key_words import words_of
from published_formats import bech32_encoded, derived
from withheld import canaries, files, places

PASSPHRASE, PASSPHRASE_IN_THE_FIELD = b"harbour-violet-pencil-thunder", b"meadow-lantern-ripple-cedar"
NAME, TITLE = "Nigina Sample-Drillova", "Summoned on the ninth of May"
ACCOUNT, FILE = "they put the prepared minutes before me", "visit-to-the-justice-department.txt"
SECRETS = [NAME, TITLE, ACCOUNT, FILE, "Drilltown"]
PLANTED = "a file that was deleted before the disk was taken"
READER = Path(__file__).resolve().parents[1] / "reader.py"
PURPOSES = ["vault", "checkpoints", "records", "bundles", "cosignatures"]


class Machine:
    """A home folder, and the program as it runs there."""

    def __init__(self, home, evidence, passphrase=PASSPHRASE):
        self.home, self.evidence = home, evidence
        home.mkdir(parents=True, exist_ok=True)
        (home / "passphrase").write_bytes(passphrase + b"\n")

    def run(self, *words, status=0):
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.home), "TMPDIR": str(self.home / "tmp"),
                       "XDG_STATE_HOME": str(self.home / "state"), "SWIFT_BACKTRACE": "enable=no"}
        (self.home / "tmp").mkdir(exist_ok=True)
        done = subprocess.run([self.evidence, *words], capture_output=True, cwd=self.home, env=environment, timeout=120)
        said = (done.stdout + done.stderr).decode()
        require(done.returncode == status, f"evidence {words[0]} ended with {done.returncode}, not {status}: {said}")
        return said

    def unlocked(self, *words, status=0):
        return self.run(*words, "--passphrase-file", "passphrase", status=status)


class Drill(TravelChecks, CustodyChecks):
    def __init__(self, evidence, work):
        self.evidence, self.work = evidence, work
        self.passed = self.failed = 0

    def check(self, name, body):
        try:
            body()
            self.passed += 1
            print(f"ok    {name}", flush=True)
        except Exception as error:  # whatever a check raises is its failure, and the next one goes on
            self.failed += 1
            print(f"FAIL  {name}: {error}", flush=True)

    def run(self):
        self.archivist = Machine(self.work / "archivist", self.evidence)
        self.archivist.run("key", "generate", "--classic", "--output", "reading.key")
        self.recipient = (self.archivist.home / "reading.key").read_text().split("public key: ")[1].split()[0]
        # The archive's reading key is a file of its own here, so that stock programs can open with it as well.
        self.archivist.unlocked("init", "archive.vault", "--reader", self.recipient)
        (self.archivist.home / "field passphrase").write_bytes(PASSPHRASE_IN_THE_FIELD + b"\n")
        self.archive("intake", "create", "field.vault", "--name", "North", "--new-passphrase-file", "field passphrase")
        disk = Image(self.work)
        try:
            self.take_in(Machine(disk.desk, self.evidence, PASSPHRASE_IN_THE_FIELD))
            disk.settle()
        finally:
            disk.unmount()
        self.seized = self.work / "seized.img"
        shutil.copyfile(disk.file, self.seized)
        self.check("on the whole disk stands nothing of what was said, and no key that reads", self.nothing_is_on_disk)
        disk.mount("-o", "loop,ro,noload", self.seized)
        try:
            shutil.copytree(disk.desk, self.work / "copy")
        finally:
            disk.unmount()
        self.vault = self.work / "copy" / "field.vault"
        self.check("with the officer's passphrase every command refuses", self.every_command_refuses)
        self.check("of all sealed files the passphrase opens the signing key alone", self.only_the_signing_key_opens)
        self.check("nothing made from the signing key opens anything", self.signing_key_reads_nothing)
        self.check("the archivist's key opens all of it", self.archivist_reads)
        self.check("carried back, all of it comes to the archive, once", self.archive_collects)
        self.check("another program reads both vaults, and age opens what was collected", self.others_read)
        self.check("what was collected is exported, without the names", self.archive_exports)
        self.check("control: a vault that keeps its reading key is opened by its passphrase",
                   self.control_opens)
        self.travel(Machine, PASSPHRASE, TITLE, SECRETS[1:2])
        self.custody(Machine, TITLE)

    def archive(self, *words, status=0):
        """A command of the archivist in the archive."""
        return self.archivist.unlocked(*words, "--vault", "archive.vault", "--identity", "reading.key", status=status)

    def take_in(self, officer):
        """The officer's day, with the vault that the archivist made. What is taken in comes by a stick; one file of
        another kind is deleted for the search."""
        planted = officer.home / "planted.txt"
        planted.write_text(PLANTED)
        subprocess.run(["sync", "-f", officer.home], check=True)
        planted.unlink()
        stick = self.work / "stick"
        stick.mkdir()
        (stick / FILE).write_text(f"{ACCOUNT}\n")
        shutil.move(self.archivist.home / "field.vault", officer.home / "field.vault")
        for number in range(3):
            officer.unlocked(
                "add", str(stick / FILE), "--vault", "field.vault", "--kind", "testimony", "--title", TITLE,
                "--set", f"witness.name={NAME}", "--set", "witness.code=W-7", "--set", f"account={ACCOUNT} {number}",
                "--set", "interview.date=2026-05-09", "--set", "interview.language=tg", "--set",
                "interview.address=Drilltown", "--set", "consent.lawyer=code", "--set", "consent.quotes=verbatim")
        officer.run("verify", "--vault", "field.vault")

    def nothing_is_on_disk(self):
        disk = self.seized.read_bytes()
        require(Canary("planted", PLANTED.encode()).is_in(disk), "the deleted file is not found: the search proves nothing")
        own = (self.archivist.home / "reading.key").read_text().split()[-1]
        found = places([Canary(secret[:20], secret.encode()) for secret in [*SECRETS, own]], [("the disk", disk)])
        require(not found, "; ".join(found))
        require(b"AGE-SECRET-KEY-" not in disk, "a reading key stands on the disk")

    def officer(self):
        return Machine(self.work / "copy", self.evidence, PASSPHRASE_IN_THE_FIELD)

    def every_command_refuses(self):
        officer, vault = self.officer(), ["--vault", "field.vault"]
        told = officer.unlocked("list", *vault)
        require(told.startswith("3 entries") and not any(secret in told for secret in SECRETS), told)
        for words in (["show", "0"], ["get", "0", "--output", "out"], ["history", "0"], ["stats"],
                      ["verify", "--deep"], ["recipient", "list"], ["intake", "list"], ["list", "--text", "minutes"],
                      ["export", "0", "--passphrase", "--class", "lawyer", "--output", "out",
                       "--bundle-passphrase-file", "passphrase"]):
            said = officer.unlocked(*words, *vault, status=12)
            for secret in SECRETS:
                require(secret not in said, f"evidence {words[0]} prints {secret!r}")
        require(not (officer.home / "out").exists(), "a command left something")

    def sealed_files(self):
        return sorted(path for path in self.vault.rglob("*.age"))

    passphrase = PASSPHRASE_IN_THE_FIELD

    def opened_by_passphrase(self):
        opened = []
        for path in self.sealed_files():
            try:
                pyrage.passphrase.decrypt(path.read_bytes(), self.passphrase.decode())
            except pyrage.DecryptError:
                continue
            opened.append(path.name)
        return opened

    def only_the_signing_key_opens(self):
        require(len(self.sealed_files()) >= 7, "there is little to open")
        require(self.opened_by_passphrase() == ["signing.age"], f"the passphrase opens {self.opened_by_passphrase()}")

    def signing_key_reads_nothing(self):
        seed = bytes.fromhex(pyrage.passphrase.decrypt(
            (self.vault / "keys" / "signing.age").read_bytes(), self.passphrase.decode()).decode())
        made = [seed, hashlib.sha256(seed).digest(), hashlib.sha512(seed).digest()[:32],
                hashlib.sha256(self.passphrase).digest(), hmac.digest(seed, self.passphrase, "sha256")]
        made += [derived(seed, b"", f"evidence-vault/v1/sign/{purpose}".encode()) for purpose in PURPOSES]
        identities = self.work / "tried.key"
        identities.write_text("".join(
            f"{bech32_encoded(secret, prefix.lower()).upper()}\n" for secret in made
            for prefix in ("AGE-SECRET-KEY-", "AGE-SECRET-KEY-PQ-")))
        for path in self.sealed_files():
            if path.parent.name != "keys":
                said = self.officer().run("unseal", "--identity", str(identities), str(path), status=12)
                require("none of the keys" in said, said)

    def archivist_reads(self):
        for number in range(3):
            said = self.archivist.run("show", str(number), "--vault", str(self.vault), "--identity", "reading.key")
            require(NAME in said and f"{ACCOUNT} {number}" in said, said)
        self.archivist.run("verify", "--deep", "--vault", str(self.vault), "--identity", "reading.key")

    def archive_collects(self):
        said = self.archive("collect", str(self.vault))
        for number in range(3):
            require(f"item {number} of North is item {number + 1} here: {TITLE}" in said, said)
        require("nothing new in North" in self.archive("collect", str(self.vault)), "it is collected twice")
        said = self.archive("show", "2")
        require(f"{ACCOUNT} 1" in said and "item 1 of the intake vault North" in said, said)
        self.archive("verify", "--deep")

    def others_read(self):
        archive, key = self.archivist.home / "archive.vault", self.archivist.home / "reading.key"
        for vault in [archive, self.vault]:
            done = subprocess.run([sys.executable, READER, "vault", vault, "--identity", key, "--deep"],
                                  capture_output=True, text=True, timeout=120)
            require(done.returncode == 0, f"reader.py: {done.stdout}{done.stderr}")
        opened = [subprocess.run(["age", "-d", "-i", key, path], capture_output=True, check=True, timeout=60).stdout
                  for path in (archive / "objects").rglob("*.age")]
        require(len(opened) == 3, f"there are {len(opened)} objects")
        for data in opened:
            require(ACCOUNT.encode() in data and b"received-proofs/vault.note" in data, "age opens something else")

    def archive_exports(self):
        self.archivist.run("key", "generate", "--output", "lawyer.key")
        lawyer = (self.archivist.home / "lawyer.key").read_text().split("public key: ")[1].split()[0]
        self.archive("recipient", "add", "Lawyer", lawyer, "--class", "lawyer", "--words", words_of(
            self.evidence, lawyer))
        self.archive("export", "1", "3", "--to", "Lawyer", "--names-checked", "--output", "out.age")
        self.archivist.run("open", "out.age", "--identity", "lawyer.key", "--sender", "anyone", "--output", "opened")
        opened = self.archivist.home / "opened"
        require(not any("received-proofs" in place for place, _ in files(opened)), "the proofs of the intake left with it")
        found = places(canaries(NAME), files(opened))
        require(not found, "; ".join(found))

    def control_opens(self):
        self.passphrase = PASSPHRASE
        own = Machine(self.work / "own", self.evidence)
        own.unlocked("init", "own.vault")
        own.unlocked("add", "passphrase", "--vault", "own.vault", "--kind", "document", "--title", TITLE,
                     "--set", "document.kind=note")
        self.vault = own.home / "own.vault"
        require(self.opened_by_passphrase() == ["reading.age", "signing.age"], "the passphrase opens something else")
        require(TITLE in own.unlocked("list", "--vault", "own.vault"), "the list does not open")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--evidence", required=True)
    options.add_argument("--work", type=Path, required=True)
    given = options.parse_args()
    drill = Drill(given.evidence, given.work)
    drill.run()
    print(f"{drill.passed} passed, {drill.failed} failed")
    sys.exit(1 if drill.failed else 0)


if __name__ == "__main__":
    main()
