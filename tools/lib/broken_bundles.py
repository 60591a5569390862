"""Bundles broken in every way, and what four programs say of each: the page, `evidence verify --bundle`, tools/reader.py
and `evidence open`. They have to agree, unless parity_exceptions says which of them cannot see it.
"""
import contextlib
import io
import shutil
import subprocess
from collections import Counter

import pyrage

from bundle_forger import Forgery
from forged_bundles import FORGERIES, REFUSED, SOUND
import forged_entries  # noqa: F401  it adds to the forgeries
import forged_links  # noqa: F401
from checking import require
from hostile_tar import archive
from parity_exceptions import EXCEPTIONS

PAGE_VERDICTS = {"unvouched": SOUND, "refused": REFUSED}


def tree(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*") if path.is_file() and not path.is_symlink()}


def plant(files, folder):
    shutil.rmtree(folder, ignore_errors=True)
    for path, data in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return folder


def changed_bytes(data):
    """A file changed in each way, with what was done to it."""
    for place in sorted({0, len(data) // 3, len(data) // 2, len(data) - 1}):
        if 0 <= place < len(data):
            yield f"bit flipped in byte {place}", data[:place] + bytes([data[place] ^ 1]) + data[place + 1:]
    if data:
        yield "cut off by a byte", data[:-1]
        yield "emptied", b""
    yield "a byte more", data + b"\n"


class BrokenBundleChecks:
    """Checks that need what `PageChecks` has."""

    def verdicts(self, folder):
        """What each program says of a folder."""
        said = {"evidence": self.evidence_verdict("verify", "--bundle", folder),
                "reader": self.reader_verdict(folder), "open": self.open_verdict(folder)}
        verdict = self.browser.choose(folder)
        said["page"] = PAGE_VERDICTS.get(verdict, verdict)
        if any("could not be carried out" in line for line in self.browser.faults()):
            said["page"] = "crashed: " + self.browser.faults()[0]
        return said

    def open_verdict(self, folder):
        """The files of the folder are sealed again for the recipient; of what is refused, nothing may stay."""
        sealed, opened = self.work / "again.age", self.work / "again/opened"
        sealed.write_bytes(pyrage.encrypt(archive(tree(folder)), [self.recipient]))
        opened.parent.mkdir(exist_ok=True)
        verdict = self.evidence_verdict("open", sealed, "--output", opened, "--identity", self.key)
        left = [path.name for path in opened.parent.iterdir()]
        shutil.rmtree(opened.parent)
        return verdict if left == (["opened"] if verdict == SOUND else []) else f"{verdict}, and left {left}"

    def evidence_verdict(self, *words):
        done = subprocess.run([self.evidence, *words, "--sender", "anyone"],
                              capture_output=True, stdin=subprocess.DEVNULL, timeout=60)
        if done.returncode == 1 and b"later version" in done.stderr:
            return REFUSED
        return {0: SOUND, 20: REFUSED}.get(done.returncode, f"status {done.returncode}")

    def reader_verdict(self, folder):
        with contextlib.redirect_stdout(io.StringIO()):
            try:
                self.reader.check_bundle(folder, None)
                return SOUND
            except self.reader.Bad:
                return REFUSED
            except Exception as error:
                return f"crashed: {type(error).__name__}: {error}"

    def compare(self, name, folder, expected):
        """Notes down where one of them says something else than it has to."""
        said, others = self.verdicts(folder), EXCEPTIONS.get(name, {})
        self.table.append((name, said))
        for program, verdict in said.items():
            self.counts[verdict] += 1
            if verdict != (others[program][0] if program in others else expected):
                self.differences.append((name, program, verdict))

    def report(self, what):
        """The table of what differs; nothing may."""
        differences, self.differences = self.differences, []
        counts, self.counts = self.counts, Counter()
        for name, program, verdict in differences:
            print(f"      {program} says “{verdict}” of: {name}", flush=True)
        with self.check(f"{what}: {counts.total() // 4} folders, the page, evidence and tools/reader.py agree"):
            require(counts.total() and not differences, f"{len(differences)} verdicts are others than they must be")

    def mutations(self):
        """Every file of the small bundle, changed in every way, in place."""
        folder = self.work / "mutated"
        plant(tree(self.small), folder)
        paths = sorted(tree(folder))
        for path in paths:
            place, data = folder / path, (folder / path).read_bytes()
            for what, changed in changed_bytes(data):
                place.write_bytes(changed)
                self.compare(f"{path}: {what}", folder, REFUSED)
            place.unlink()
            self.compare(f"{path}: deleted", folder, REFUSED)
            place.symlink_to(self.small / path)
            self.compare(f"{path}: a symbolic link to itself", folder, REFUSED)
            place.unlink()
            place.with_name(place.name + "2").write_bytes(data)
            self.compare(f"{path}: renamed", folder, REFUSED)
            place.with_name(place.name + "2").rename(place)
        self.swaps(folder, paths)
        self.additions(folder)
        self.compare("restored", folder, SOUND)
        self.report("every file changed in every way")

    def swaps(self, folder, paths):
        for one, other in zip(paths, paths[1:]):
            first, second = (folder / one).read_bytes(), (folder / other).read_bytes()
            if first == second:
                continue
            (folder / one).write_bytes(second)
            (folder / other).write_bytes(first)
            self.compare(f"{one} and {other} exchanged", folder, REFUSED)
            (folder / one).write_bytes(first)
            (folder / other).write_bytes(second)

    def additions(self, folder):
        for path in ["more.txt", ".more", "data/more.txt", "data/item-0/more.txt", "data/item-0/files/.more",
                     "proofs/more.txt", "proofs/timestamps/more.tst", "proofs/item-9.sd-jwt", "more/more.txt",
                     "manifest-sha256.txt.bak", "manifest-sha256.txt.sig"]:
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_bytes(b"more")
            self.compare(f"{path} added", folder, REFUSED)
            (folder / path).unlink()
        (folder / "empty").mkdir()
        self.compare("an empty folder more", folder, SOUND)
        (folder / "empty").rmdir()
        (folder / "link").symlink_to("bagit.txt")
        self.compare("a symbolic link more", folder, REFUSED)
        (folder / "link").unlink()
        for path in ["bundle.note", "proofs/sender.note", "tagmanifest-sha256.txt", "proofs/item-0.tlog-proof"]:
            for name, other in [("first", self.first), ("large", self.large)]:
                data = (folder / path).read_bytes()
                if (other / path).read_bytes() == data:
                    continue
                (folder / path).write_bytes((other / path).read_bytes())
                self.compare(f"{path} of the bundle “{name}”", folder, REFUSED)
                (folder / path).write_bytes(data)

    def forgeries(self):
        files, folder = tree(self.small), self.work / "forged"
        for name, change, verdict in FORGERIES:
            forged = Forgery(files, self.sender, self.reader)
            change(forged)
            self.compare(name, plant(forged.made(), folder), verdict)
        self.report("what a sender could sign")
