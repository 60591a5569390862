"""Bundles that the program itself made, handed on, and put together from two."""
import io
import shutil
import subprocess
import tarfile

from hostile_bench import NO_BUNDLE, NOT_IN_A_BUNDLE
from hostile_judge import Hostile
from hostile_tar import archive
from key_words import words_of

FAMILY = "made by evidence"
PASSPHRASE = "six words that only benchmarks use"


class Desk:
    """A vault with two recipients whose keys are at hand."""

    def __init__(self, evidence, maker, work, bench):
        self.evidence, self.folder, self.bench = evidence, work / "desk", bench
        self.folder.mkdir()
        subprocess.run([maker, self.folder / "vault", "2"], check=True, capture_output=True, stdin=subprocess.DEVNULL)
        (self.folder / "passphrase").write_text(PASSPHRASE + "\n")
        (self.folder / "page.txt").write_bytes(b"Come on Monday.\n")
        for name, identity in {"Reader": bench.identity, "Other": bench.other}.items():
            key = str(identity.to_public())
            self.run("recipient", "add", name, key, "--class", "lawyer", "--words", words_of(evidence, key))
        self.run("add", self.folder / "page.txt", "--kind", "document", "--title", "Summons", "--set",
                 "document.kind=note")
        self.words = self.run("card", passphrase=False)

    def run(self, *words, passphrase=True):
        options = ["--vault", self.folder / "vault"]
        options += ["--passphrase-file", self.folder / "passphrase"] if passphrase else []
        environment = {"HOME": str(self.folder), "PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no"}
        done = subprocess.run([str(word) for word in [self.evidence, *words, *options]], capture_output=True,
                              stdin=subprocess.DEVNULL, env=environment)
        if done.returncode:
            raise RuntimeError(f"{words[0]}: {done.stderr.decode(errors='replace')}")
        return done.stdout

    def export(self, recipient, identity):
        """A bundle for a recipient: sealed, and its files by path."""
        place = self.folder / f"{recipient}.age"
        self.run("export", "4", "--to", recipient, "--output", place)
        sealed = place.read_bytes()
        place.unlink()
        with tarfile.open(fileobj=io.BytesIO(self.bench.opened(sealed, identity))) as file:
            return sealed, {entry.name.removeprefix("bundle/"): file.extractfile(entry).read() for entry in file}


def made(bench, evidence, maker, work):
    desk = Desk(evidence, maker, work, bench)
    card = work / "card"
    card.write_bytes(desk.words)
    sealed, files = desk.export("Reader", bench.identity)
    theirs, their_files = desk.export("Other", bench.other)
    options = ["--identity", work / "key", "--sender", card]

    def case(name, data, status=20, says="", **expected):
        return Hostile(FAMILY, name, data, status, says, options=options, **expected)

    yield case("nothing wrong", sealed, 0, files=files)
    yield case("sealed again by another program", bench.seal(archive(files)), 0, files=files)
    yield case("for somebody else", theirs, 12, "none of the keys opens")
    passed = "the bundle opens with your key but was signed for somebody else"
    yield case("passed on: opened, and sealed again", bench.seal(archive(their_files)), says=passed)
    renoted = {**files, "bundle.note": their_files["bundle.note"]}
    yield case("note of the bundle for somebody else", bench.seal(archive(renoted)), says=passed)
    yield case("with a file more", bench.seal(archive({**files, "more.txt": b"x"})), says="nobody signed: more.txt")
    for path in files:
        rest = {other: content for other, content in files.items() if other != path}
        yield case(f"without {path}", bench.seal(archive(rest)),
                   says="tagmanifest-sha256.txt" if path.startswith("tagm") else f"the bundle lacks {path}")
    for path, content in files.items():
        changed = {**files, path: content[:-1] + bytes([content[-1] ^ 1])}
        yield case(f"last byte of {path} changed", bench.seal(archive(changed)))
    md5 = {path.replace("-sha256", "-md5"): content for path, content in files.items()}
    yield case("manifests of another algorithm", bench.seal(archive(md5)), says=NOT_IN_A_BUNDLE)
    yield case("folder in a folder", bench.seal(archive(files, root="bundle/bundle/")), says="the bundle lacks proofs")
    yield case("without its folder", bench.seal(archive(files, root="")), says=NO_BUNDLE)
    yield case("in a folder of another name", bench.seal(archive(files, root="bag/")), says=NO_BUNDLE)
    shutil.rmtree(desk.folder)
