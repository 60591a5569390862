"""The commands that tools/crash stops, what each begins with, and what it must have made when it is done."""
import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from key_words import words_of
from time_authority import P256, answer, make_authority

PASSPHRASE = "six words that only benchmarks use"
CANARY = b"the canary that must not lie about in the open"
SIZES = {"1": 1, "64Ki-1": 65_535, "64Ki": 65_536, "64Ki+1": 65_537, "10M": 10_000_000}
LARGE = 2_500_000  # bytes, for a bundle in parts
ADD = ["add", "{in}/1", "--kind", "document", "--title", "t", "--set", "document.kind=note"]
KEY = ["--passphrase-file", "{in}/passphrase"]
SHARES = ["--share", "{in}/sheets/share-1.txt", "--share", "{in}/sheets/share-3.txt"]
OPENER = ["--identity", "{in}/key", "--sender", "{in}/card"]
SAMPLED = ["add 1", "withdraw", "export", "init", "accept-restored", "repair --from", "get"]


@dataclass
class Operation:
    """A command. In its words, {desk} is a folder with the vault, what it makes and what the machine remembers; {in} is
    a folder with what was prepared, which no command writes to; {said FILE} is what a file in it says."""
    name: str
    words: list
    # The desk that it begins with.
    desk: str = "plain"
    # Whether it takes the vault at {desk}/vault.
    has_vault: bool = True
    # What {desk}/out is when it is whole: see `Judge.fault_of_output`.
    makes: str = ""
    # How it may end when it had been done before.
    again: tuple = (0,)
    # Whether what it begins with is damaged.
    mends: bool = False
    # Whether it costs seconds, for a passphrase: then not every way of failing is tried at every call.
    is_slow: bool = False
    # Whether key files get the passphrase that the next command is given.
    rekeys: bool = False
    # Where it remembers what the same command goes on from, whatever becomes of its output.
    remembers: tuple = ()
    # Whether it makes several entries, one after the other.
    in_steps: bool = False
    # What the entry that it makes says, and must not lose.
    says: str = ""
    # Whether a power cut is of interest: it changes a vault, or makes one.
    changes_disk: bool = True

    def command(self, evidence, desk, prepared):
        words = [self.words[0], *self.words[1:], *(["--vault", "{desk}/vault"] if self.has_vault else [])]
        return [str(evidence), *(re.sub(r"\{said ([^}]+)\}", lambda match: (prepared / match[1]).read_text(), word)
                                 .replace("{desk}", str(desk)).replace("{in}", str(prepared)) for word in words)]


def operations():
    add = [Operation(f"add {size}", [word.replace("/1", f"/{size}") for word in ADD] + KEY) for size in SIZES]
    return add + [
        Operation("add a folder", [word.replace("/1", "/folder") for word in ADD] + KEY),
        Operation("import", ["import", "{in}/cases.csv", "--kind", "dissolution_case", *KEY], again=(64,)),
        Operation("amend", ["amend", "2", "--set", "title=u", "--reason", "r", *KEY], again=(64,)),
        Operation("withdraw", ["withdraw", "2", "--reason", "r", "--yes", *KEY], again=(30,)),
        Operation("recipient add", ["recipient", "add", "somebody", "{in}/other.card", "--class", "lawyer", *KEY],
                  again=(1,)),
        Operation("reader add", ["reader", "add", "Second", "{in}/other.card", "--words", "{said other.words}", *KEY],
                  again=(1,)),
        Operation("reader remove", ["reader", "remove", "Second", "--reason", "r", *KEY], desk="two readers",
                  again=(1,)),
        Operation("reseal", ["reseal", *KEY], desk="two readers"),
        Operation("key split", ["key", "split", "--threshold", "2", "--shares", "3", "--output", "{desk}/out", *KEY],
                  makes="sheets"),
        Operation("key combine", ["key", "combine", *SHARES, "--replace", "--new-passphrase-file", "{in}/passphrase"],
                  desk="shared", is_slow=True),
        Operation("key passphrase", ["key", "passphrase", "--passphrase-file", "{in}/other passphrase",
                                     "--new-passphrase-file", "{in}/passphrase"], desk="other passphrase", rekeys=True,
                  is_slow=True),
        Operation("key rotate reading", ["key", "rotate", "reading", *KEY], is_slow=True, in_steps=True),
        Operation("key remove", ["key", "remove", *SHARES, *KEY], desk="shared", again=(12,), is_slow=True),
        Operation("key restore", ["key", "restore", "{in}/reading copy", *KEY], desk="removed", again=(1,),
                  is_slow=True),
        Operation("key next", ["key", "next", "{desk}/out", "--next-passphrase-file", "{in}/passphrase", *KEY],
                  makes="key", again=(1,), is_slow=True, remembers=("out",)),
        Operation("key next --public-half", ["key", "next", "--public-half", "{said next.key}", "--words",
                                             "{said next.words}", *KEY], again=(1,)),
        Operation("key rotate", ["key", "rotate", "--next", "{in}/next key", "--next-passphrase-file",
                                 "{in}/passphrase", *KEY], desk="promised", again=(22,), is_slow=True),
        Operation("key revoke", ["key", "revoke", "--up-to", "{in}/own head", "--reason", "seized in May", *KEY],
                  desk="large", is_slow=True, says="seized in May"),
        Operation("key revoke --next --then", [
            "key", "revoke", "--up-to", "{in}/own head", "--reason", "seized in June", "--next", "{in}/next key",
            "--next-passphrase-file", "{in}/passphrase", "--then", "{desk}/out", "--then-passphrase-file",
            "{in}/passphrase", *KEY], desk="promised", makes="key", again=(22,), is_slow=True, says="seized in June",
            remembers=("out",)),
        Operation("timestamp request", ["timestamp", "request", "--output", "{desk}/out"], makes="query",
                  remembers=("vault/timestamps/",)),
        Operation("timestamp attach", ["timestamp", "attach", "{in}/answer.tsr", "--authority",
                                       "{in}/authority/root.pem"],
                  desk="stamped", again=(1,)),
        Operation("witness sign", ["witness", "sign", "{in}/head", "--card", "{in}/other.card", "--output",
                                   "{desk}/out", *KEY], makes="note", remembers=("vault/witness/",)),
        Operation("witness add", ["witness", "add", "{in}/cosigned", "--card", "{in}/other.card"]),
        Operation("accept-restored", ["accept-restored", *KEY], desk="restored", again=(1,)),
        Operation("repair", ["repair"], desk="broken index", mends=True),
        Operation("repair --from", ["repair", "--from", "{in}/copy"], desk="broken", mends=True),
        Operation("export", ["export", "2", "--to", "Reader", "--output", "{desk}/out", *KEY], makes="bundle"),
        Operation("export --split", ["export", "4", "--to", "Reader", "--split", "1M", "--output", "{desk}/out", *KEY],
                  desk="large", makes="bundle"),
        Operation("disclose", ["disclose", "2", "title", "--to", "Reader", "--output", "{desk}/out", *KEY],
                  desk="exported", makes="bundle"),
        Operation("receive", ["receive", "{in}/for us", "--sender", "anyone", *KEY]),
        Operation("receive parts", ["receive", "{in}/parts-for-us", "--sender", "anyone", *KEY]),
        Operation("receipt", ["receipt", "{in}/for us", "--sender", "{in}/other.card", "--output", "{desk}/out", *KEY],
                  makes="note", remembers=("vault/witness/",)),
        Operation("receipt add", ["receipt", "add", "{in}/receipt", *KEY], desk="answered"),
        Operation("get", ["get", "2", "--output", "{desk}/out", *KEY], makes="folder", changes_disk=False),
        Operation("open", ["open", "{in}/bundle", "--output", "{desk}/out", *OPENER], has_vault=False, makes="folder",
                  changes_disk=False),
        Operation("open parts", ["open", "{in}/parts", "--output", "{desk}/out", *OPENER], has_vault=False,
                  makes="folder", changes_disk=False),
        Operation("open merge", ["open", "{in}/more", "--output", "{desk}/out", "--merge", "{in}/opened", *OPENER],
                  has_vault=False, makes="folder", changes_disk=False),
        Operation("intake create", ["intake", "create", "{desk}/out", "--name", "South", "--new-passphrase-file",
                                    "{in}/passphrase", *KEY], makes="vault", again=(1,), is_slow=True),
        Operation("intake adopt", ["intake", "adopt", "{in}/field", "--name", "North", "--reason", "r", *KEY],
                  again=(1,)),
        Operation("collect", ["collect", "{in}/field", *KEY], desk="with intake"),
        Operation("collect after key rotate", ["collect", "{in}/field with another key", *KEY], desk="with promise"),
        Operation("init", ["init", "{desk}/out", *KEY], has_vault=False, makes="vault", is_slow=True),
        Operation("salvage", ["salvage", "{in}/copy", "--output", "{desk}/out", *KEY, "--new-passphrase-file",
                              "{in}/passphrase"], has_vault=False, makes="vault", is_slow=True),
    ]


class Workshop:
    """Makes everything that the operations begin with, once."""

    def __init__(self, evidence, maker, work):
        self.evidence, self.maker, self.prepared = evidence, maker, work / "prepared"
        self.desks = work / "desks"
        self.prepared.mkdir()
        self.desks.mkdir()
        self.material()
        self.plain()
        self.copies()
        self.others()
        self.timestamps()
        self.intake()

    def run(self, desk, *words, status=0):
        vault = [] if "--vault" in words or words[0] == "key" else ["--vault", f"{desk}/vault"]
        done = subprocess.run([self.evidence, *[str(word) for word in words], *vault], stdin=subprocess.DEVNULL,
                              capture_output=True, env=environment(desk))
        if done.returncode != status:
            raise RuntimeError(f"{words}: {done.returncode}: {done.stderr.decode(errors='replace')}")
        return done.stdout

    def add(self, desk, *words):
        return self.run(desk, *[word.replace("{in}", str(self.prepared)) for word in [*ADD, *KEY]], *words)

    def material(self):
        (self.prepared / "passphrase").write_text(PASSPHRASE + "\n")
        (self.prepared / "folder").mkdir()
        for name in ["a", "b"]:
            (self.prepared / "folder" / name).write_bytes(CANARY + name.encode())
        for name, size in {**SIZES, "large": LARGE}.items():
            (self.prepared / name).write_bytes((CANARY * (size // len(CANARY) + 1))[:size])
        rows = [f"Case {number},Organisation {number},gbao,court_ordered" for number in range(5)]
        (self.prepared / "cases.csv").write_text("\n".join(["title,organisation.pseudonym,region,mode", *rows, ""]))

    def plain(self):
        """A vault with two recipients and an item, one of them a recipient whose key is at hand."""
        desk = self.desks / "plain"
        desk.mkdir()
        subprocess.run([self.maker, desk / "vault", "2"], check=True, stdin=subprocess.DEVNULL)
        key = self.run(desk, "key", "generate", "--output", self.prepared / "key").decode().strip()
        self.add(desk)
        passphrase = ["--passphrase-file", self.prepared / "passphrase"]
        self.run(desk, "recipient", "add", "Reader", key, "--class", "lawyer",
                 "--words", words_of(self.evidence, key), *passphrase)
        shutil.rmtree(desk / "state", ignore_errors=True)
        exported = self.copy("plain", "exported")
        self.run(exported, "export", "2", "--to", "Reader", "--output", self.prepared / "bundle", *passphrase)
        shutil.rmtree(exported / "state", ignore_errors=True)
        shared = self.copy("plain", "shared")
        self.run(shared, "key", "split", "--threshold", "2", "--shares", "3", "--output", self.prepared / "sheets",
                 "--vault", shared / "vault", *passphrase)
        shutil.rmtree(shared / "state", ignore_errors=True)
        shutil.copyfile(shared / "vault/keys/reading.age", self.prepared / "reading copy")
        removed = self.copy("shared", "removed")
        self.run(removed, "key", "remove", "--i-have-no-copy", "--vault", removed / "vault", *passphrase)
        shutil.rmtree(removed / "state", ignore_errors=True)
        self.passphrases()
        promised = self.copy("shared", "promised")
        self.run(promised, "key", "next", self.prepared / "next key", "--vault", promised / "vault",
                 "--next-passphrase-file", self.prepared / "passphrase", *passphrase)
        shutil.rmtree(promised / "state", ignore_errors=True)
        made = json.loads(self.run(promised, "key", "next", self.prepared / "made abroad", "--only-make", "--json",
                                   "--next-passphrase-file", self.prepared / "passphrase"))
        (self.prepared / "next.key").write_text(made["public_half"])
        (self.prepared / "next.words").write_text(made["fingerprint"])
        large = self.copy("plain", "large")
        self.run(large, *[word.replace("{in}/1", f"{self.prepared}/large") for word in ADD], *passphrase)
        shutil.rmtree(large / "state", ignore_errors=True)
        split = self.copy("large", "split")
        self.run(split, "export", "4", "--to", "Reader", "--split", "1M", "--output", self.prepared / "parts",
                 *passphrase)

    def passphrases(self):
        """A vault under another passphrase, of whose key files copies lie in aside/."""
        (self.prepared / "other passphrase").write_text("other words that nobody benchmarks\n")
        other = self.copy("plain", "other passphrase")
        self.run(other, "key", "passphrase", "--vault", other / "vault", "--passphrase-file",
                 self.prepared / "passphrase", "--new-passphrase-file", self.prepared / "other passphrase")
        shutil.copytree(other / "vault/keys", other / "vault/aside/20230526T093000Z-00000000/keys")

    def copy(self, name, other):
        return Path(shutil.copytree(self.desks / name, self.desks / other))

    def copies(self):
        """A restored copy, of which the machine has seen more; and a broken vault with a whole copy of it."""
        restored = self.copy("plain", "restored")
        self.add(restored)
        shutil.rmtree(restored / "vault")
        shutil.copytree(self.desks / "plain" / "vault", restored / "vault")
        shutil.copytree(self.desks / "plain" / "vault", self.prepared / "copy")
        index = self.copy("plain", "broken index") / "vault"
        spoil(next((index / "tile/0").rglob("4")))
        (index / "objects" / "stray").write_bytes(b"nobody knows this file")
        vault = self.copy("plain", "broken") / "vault"
        spoil(next((vault / "objects").rglob("*.age")))
        next((vault / "records").rglob("*.age")).unlink()
        spoil(vault / "vault.note")
        (vault / "checkpoint").unlink()
        (vault / "keys/signing.age").unlink()

    def others(self):
        """Another vault, whose heads are countersigned, and which countersigns."""
        plain, other = self.desks / "plain", self.desks / "other"
        other.mkdir()
        subprocess.run([self.maker, other / "vault", "3"], check=True, stdin=subprocess.DEVNULL)
        (self.prepared / "other.card").write_bytes(self.run(other, "card"))
        (self.prepared / "other.words").write_text(words_of(self.evidence, self.prepared / "other.card"))
        (self.prepared / "card").write_bytes(self.run(plain, "card"))
        self.run(other, "head", "--output", self.prepared / "head")
        self.run(plain, "head", "--output", self.prepared / "own head")
        self.run(other, "witness", "sign", self.prepared / "own head", "--card", self.prepared / "card", "--output",
                 self.prepared / "cosigned", "--passphrase-file", self.prepared / "passphrase")
        shutil.rmtree(plain / "state", ignore_errors=True)
        self.bundles(plain, other)
        readers = self.copy("plain", "two readers")
        self.run(readers, "reader", "add", "Second", self.prepared / "other.card", "--words",
                 (self.prepared / "other.words").read_text(), "--passphrase-file", self.prepared / "passphrase")
        shutil.rmtree(readers / "state", ignore_errors=True)

    def bundles(self, plain, other):
        """A bundle from the other vault, and one of ours that it has answered."""
        passphrase = ["--passphrase-file", self.prepared / "passphrase"]
        self.add(other)
        self.run(other, "recipient", "add", "us", self.prepared / "card", "--class", "lawyer",
                 "--words", words_of(self.evidence, self.prepared / "card"), *passphrase)
        self.run(other, "export", "3", "--to", "us", "--output", self.prepared / "for us", *passphrase)
        self.run(other, *[word.replace("{in}/1", f"{self.prepared}/large") for word in ADD], *passphrase)
        self.run(other, "export", "6", "--to", "us", "--split", "1M", "--output", self.prepared / "parts-for-us",
                 *passphrase)
        self.supplement(passphrase)
        answered = self.copy("plain", "answered")
        self.run(answered, "recipient", "add", "them", self.prepared / "other.card", "--class", "lawyer",
                 "--words", words_of(self.evidence, self.prepared / "other.card"), *passphrase)
        self.run(answered, "export", "2", "--to", "them", "--output", self.prepared / "for them", *passphrase)
        self.run(other, "receipt", self.prepared / "for them", "--sender", self.prepared / "card", "--output",
                 self.prepared / "receipt", *passphrase)
        shutil.rmtree(answered / "state", ignore_errors=True)

    def supplement(self, passphrase):
        """A bundle that lies open, and one that reveals more of its item."""
        sent = self.copy("exported", "supplemented")
        self.run(sent, "disclose", "2", "title", "--to", "Reader", "--output", self.prepared / "more", *passphrase)
        self.run(sent, "open", self.prepared / "bundle", "--output", self.prepared / "opened",
                 *[word.replace("{in}", str(self.prepared)) for word in OPENER])

    def timestamps(self):
        """A vault that asked for a time-stamp, and the answer of an authority made for this."""
        desk, folder = self.copy("plain", "stamped"), self.prepared
        self.run(desk, "timestamp", "request", "--output", folder / "query.tsq")
        shutil.rmtree(desk / "state", ignore_errors=True)
        make_authority(folder / "authority", P256)
        answer(folder / "authority", folder / "query.tsq", folder / "answer.tsr")

    def intake(self):
        """A vault that made an intake vault, which has taken something in since."""
        desk, key = self.copy("plain", "with intake"), self.prepared / "passphrase"
        self.run(desk, "intake", "create", self.prepared / "field", "--name", "North", "--new-passphrase-file", key,
                 "--passphrase-file", key)
        shutil.rmtree(desk / "state", ignore_errors=True)
        other = self.desks / "field"
        other.mkdir()
        for size in ["1", "64Ki"]:
            self.run(other, *[word.replace("{in}/1", f"{self.prepared}/{size}") for word in ADD], "--vault",
                     self.prepared / "field", "--passphrase-file", key)
        self.replaced_key(key)

    def replaced_key(self, key):
        """The same intake vault, whose key was promised when it was collected, and replaced since."""
        desk, field = self.copy("with intake", "with promise"), self.prepared / "field with another key"
        shutil.copytree(self.prepared / "field", field)
        there = ["--vault", field, "--passphrase-file", key, "--next-passphrase-file", key]
        self.run(self.desks / "field", "key", "next", self.prepared / "next field key", *there)
        self.run(desk, "collect", field, "--passphrase-file", key)
        shutil.rmtree(desk / "state", ignore_errors=True)
        self.run(self.desks / "field", "key", "rotate", "--next", self.prepared / "next field key", *there)
        self.run(self.desks / "field", *[word.replace("{in}/1", f"{self.prepared}/64Ki+1") for word in ADD], "--vault",
                 field, "--passphrase-file", key)


def spoil(path):
    """Changes a bit in the middle of a file, which may be read-only."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.unlink()
    path.write_bytes(data)


def environment(desk):
    return {"HOME": str(desk), "XDG_STATE_HOME": f"{desk}/state", "PATH": "/usr/bin:/bin",
            "SWIFT_BACKTRACE": "enable=no"}

