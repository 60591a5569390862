"""The third drill of tools/drill: an archivist loses the passphrase, two of three custodians bring the key back, a sheet
is lost and the key replaced; then a witness takes consent back. No disk is searched here.
"""
import subprocess
import sys
from pathlib import Path

from checking import require
from key_words import words_of

NEW = b"orchard-window-silver-candle"
READER = Path(__file__).resolve().parents[1] / "reader.py"


class CustodyChecks:
    """Checks that need what `Drill` has."""

    def custody(self, machine, title):
        self.office, self.title = machine(self.work / "office", self.evidence), title
        (self.office.home / "new").write_bytes(NEW + b"\n")
        self.prepare()
        self.check("without the passphrase nothing opens, and one sheet brings nothing back", self.one_is_too_few)
        self.check("two of three sheets bring reading and signing back, and the history says so", self.two_are_enough)
        self.check("after a sheet was lost, another reading key makes all sheets worthless", self.sheets_are_replaced)
        self.check("a witness withdraws: both who have a copy are named, with a notice for each", self.withdrawn)
        self.check("what was withdrawn is exported no more, the rest is, and the index verifies", self.the_rest_goes_on)

    def unlocked(self, *words, status=0):
        return self.office.run(*words, "--vault", "office.vault", "--passphrase-file", "new", status=status)

    def prepare(self):
        account = self.work / "accounts.txt"
        account.write_text("they were told to sign on the same day\n")
        vault = ["--vault", "office.vault"]
        self.office.unlocked("init", "office.vault", "--classic")
        for code in ["W-1", "W-2"]:
            self.office.unlocked(
                "add", str(account), *vault, "--kind", "testimony", "--title", f"{self.title} {code}", "--set",
                f"witness.code={code}", "--set", "account=they were told to sign", "--set", "interview.date=2026-05-09",
                "--set", "interview.language=tg", "--set", "consent.lawyer=code", "--set", "consent.quotes=verbatim")
        for name in ["First", "Second"]:
            self.office.run("key", "generate", "--classic", "--output", name)
            key = (self.office.home / name).read_text().split("public key: ")[1].split()[0]
            self.office.unlocked("recipient", "add", name, key, "--class", "lawyer", "--words",
                                 words_of(self.evidence, key), *vault)
            self.office.unlocked("export", "0", "1", "--to", name, "--output", f"{name}.age", *vault)
        self.office.unlocked("key", "split", "--threshold", "2", "--shares", "3", "--output", "sheets", *vault)
        # What is lost: nobody has it any more.
        (self.office.home / "passphrase").unlink()

    def combined(self, *numbers, status=0):
        sheets = [word for number in numbers for word in ("--share", f"sheets/share-{number}.txt")]
        return self.office.run("key", "combine", *sheets, "--replace", "--vault", "office.vault",
                               "--new-passphrase-file", "new", status=status)

    def one_is_too_few(self):
        self.unlocked("list", status=12)
        said = self.combined(2, status=64)
        require("share" in said, said)
        self.unlocked("list", status=12)

    def two_are_enough(self):
        self.combined(1, 3)
        told = self.unlocked("list")
        require(all(f"{self.title} {code}" in told for code in ["W-1", "W-2"]), told)
        events = [self.unlocked("show", str(number), "--json") for number in range(6, 8)]
        require('"shares_made"' in events[0] and '"recovered"' in events[1], f"{events}")
        self.unlocked("verify", "--deep")

    def sheets_are_replaced(self):
        self.unlocked("key", "rotate", "reading")
        self.combined(1, 3, status=12)
        require(f"{self.title} W-1" in self.unlocked("list"), "the new key does not read")
        self.unlocked("verify", "--deep")

    def withdrawn(self):
        told = self.unlocked("withdraw", "0", "--reason", "the witness fears for a brother", "--notices", "notices")
        require("First" in told and "Second" in told, told)
        notices = [path.read_text() for path in (self.office.home / "notices").iterdir()]
        require(len(notices) == 2, f"there are {len(notices)} notices")

    def the_rest_goes_on(self):
        self.unlocked("export", "0", "--to", "First", "--output", "again.age", status=30)
        require(not (self.office.home / "again.age").exists(), "something was made")
        self.unlocked("export", "1", "--to", "First", "--output", "rest.age")
        self.office.run("open", "rest.age", "--identity", "First", "--sender", "anyone", "--output", "rest")
        require(not list((self.office.home / "rest").rglob("item-0*")), "the item is in it")
        self.unlocked("verify", "--deep")
        done = subprocess.run([sys.executable, READER, "vault", self.office.home / "office.vault"], capture_output=True,
                              text=True, timeout=120)
        require(done.returncode == 0, f"reader.py: {done.stdout}{done.stderr}")
