"""What tools/index-check, which was written from the C2SP texts alone, says of an index, and of broken copies of it."""
import shutil
import sys
from pathlib import Path

from published_formats import card_keys

CHECKER = Path(__file__).parents[1] / "index-check"
MAKER_PASSPHRASE = "six words that only benchmarks use"
COUNT = 600  # two full tiles and a partial one, and a level above them


def changed(path, offset):
    data = bytearray(path.read_bytes())
    data[offset] ^= 1
    replace(path, bytes(data))


def replace(path, data):
    path.unlink()  # Files of a vault are read-only.
    path.write_bytes(data)


def swap(one, other):
    kept = one.read_bytes()
    replace(one, other.read_bytes())
    replace(other, kept)


def shorten(path, count):
    replace(path, path.read_bytes()[:-count])


BREAKS = {
    "a bit of an entry": lambda vault, other: changed(vault / "tile/entries/001", 100),
    "a bit of the last bundle": lambda vault, other: changed(vault / "tile/entries/002.p/88", -5),
    "a bit of a tile of level 0": lambda vault, other: changed(vault / "tile/0/001", 32 * 7),
    "a bit of a tile of level 1": lambda vault, other: changed(vault / "tile/1/000.p/2", 3),
    "a cut bundle": lambda vault, other: shorten(vault / "tile/entries/000", 10),
    "a cut tile": lambda vault, other: shorten(vault / "tile/0/000", 32),
    "a missing tile": lambda vault, other: (vault / "tile/1/000.p/2").unlink(),
    "a missing bundle": lambda vault, other: (vault / "tile/entries/000").unlink(),
    "bundles in each other's places": lambda vault, other: swap(
        vault / "tile/entries/000", vault / "tile/entries/001"),
    "tiles in each other's places": lambda vault, other: swap(vault / "tile/0/000", vault / "tile/0/001"),
    "the root in the checkpoint": lambda vault, other: changed(
        vault / "checkpoint", (vault / "checkpoint").read_bytes().index(b"\n600\n") + 6),
    "the size in the checkpoint": lambda vault, other: replace(
        vault / "checkpoint", (vault / "checkpoint").read_bytes().replace(b"\n600\n", b"\n599\n")),
    "the checkpoint of another vault": lambda vault, other: replace(
        vault / "checkpoint", (other / "checkpoint").read_bytes()),
    "the entries of another vault": lambda vault, other: replace(
        vault / "tile/entries/000", (other / "tile/entries/000").read_bytes()),
}


class IndexChecks:
    def index_check(self, vault, *options, status=0):
        key = card_keys((vault / "vault.note").read_bytes())["checkpoints"]
        return self.run(sys.executable, CHECKER, vault, "--key", key, *options, status=status)

    def indexes(self):
        vault, other, broken = (self.work / name for name in ["index.vault", "other.vault", "broken.vault"])
        for path in [vault, other]:
            self.run(self.maker, path, COUNT)
        with self.check(f"tools/index-check accepts an index of {COUNT} entries"):
            self.index_check(vault)
        for name, spoil in BREAKS.items():
            shutil.rmtree(broken, ignore_errors=True)
            shutil.copytree(vault, broken)
            spoil(broken, other)
            with self.check(f"tools/index-check and evidence both refuse {name}"):
                self.index_check(broken, status=1)
                self.run(self.evidence, "verify", "--vault", broken, status=20)

    def restored(self):
        """A vault that goes on from an older copy of itself under a new origin, also where that was cut short."""
        vault, backup, head, passphrase = (
            self.work / name for name in ["restored.vault", "backup.vault", "given-up.head", "maker.passphrase"])
        passphrase.write_text(MAKER_PASSPHRASE + "\n")
        self.run(self.maker, vault, 300)
        shutil.copytree(vault, backup)
        self.run(self.maker, vault, 310)
        self.run(self.evidence, "head", "--vault", vault, "--output", head)
        shutil.rmtree(vault)
        shutil.copytree(backup, vault)
        self.run(self.evidence, "accept-restored", "--vault", vault, "--expect", head, "--passphrase-file", passphrase)
        key = self.work / "restored.key"
        key.write_bytes(self.run(
            self.evidence, "unseal", "--passphrase-file", passphrase, input=(vault / "keys/reading.age").read_bytes()))

        def read(path, status=0):
            self.run(sys.executable, self.reader, "vault", path, "--deep", "--identity", key, status=status)

        with self.check("tools/index-check and tools/reader.py accept a restored vault"):
            self.index_check(vault)
            read(vault)
        unfinished = self.work / "unfinished.vault"
        shutil.copytree(vault, unfinished)
        replace(unfinished / "checkpoint", (backup / "checkpoint").read_bytes())
        with self.check("tools/reader.py accepts one whose head is still that of the copy, as tools/index-check does "
                        "by the old key alone"):
            read(unfinished)
            self.index_check(unfinished, status=1)
            old = card_keys((backup / "vault.note").read_bytes())["checkpoints"]
            self.run(sys.executable, CHECKER, unfinished, "--key", old)
        self.run(self.maker, vault, 520)
        with self.check("both accept a restored vault that has grown, and reader.py no changed head of the copy"):
            self.index_check(vault)
            read(vault)
            changed(unfinished / "checkpoint", (unfinished / "checkpoint").read_bytes().index(b"\n300\n") + 1)
            read(unfinished, status=20)
