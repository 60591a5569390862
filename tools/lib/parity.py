"""The checks of tools/parity, which starts this and prepares the work folder.

An opened bundle is changed in every way that we can think of, and each time four readers have to say the same: the
page VERIFY.html in a real browser, `evidence verify --bundle`, tools/reader.py, and `evidence open`, for which the
changed files are sealed again. What may differ is in parity_exceptions, and FORMAT.md says it.
"""
import argparse
import hashlib
import sys
from pathlib import Path

from broken_bundles import plant, tree
from bundle_forger import MANIFEST, NOTE, SENDER, SSH_SIGNATURE, TAG_MANIFEST, manifest_of
from checking import require
from forged_bundles import REFUSED
from parity_exceptions import EXCEPTIONS
from verify_page import PageChecks

READERS = ["evidence", "open", "page", "reader"]


def without(*starts):
    return lambda files, other: {path: data for path, data in files.items() if not path.startswith(starts)}


def replaced(path, change):
    return lambda files, other: files | {path: change(files[path])}


def without_disclosure(files, other):
    """The last field of an item hidden again, in the presentation and in what people read."""
    parts = files["proofs/item-0.sd-jwt"].split(b"~")
    lines = files["data/item-0/record.json"].split(b"\n")
    return files | {"proofs/item-0.sd-jwt": b"~".join(parts[:-2] + parts[-1:]),
                    "data/item-0/record.json": b"\n".join(lines[:-3] + lines[-2:])}


def other_algorithm(name):
    """A manifest by SHA-512 in place of the one there has to be; it fits."""
    def change(files, other):
        lines = files[name].decode().splitlines()
        made = "".join(f"{hashlib.sha512(files[line[66:]]).hexdigest()}  {line[66:]}\n" for line in lines)
        rest = {path: data for path, data in files.items() if path != name}
        return rest | {name.replace("256", "512"): made.encode()}
    return change


# Whoever has the folder changes something, and makes the manifests again: only the keys of the sender are missing.
REWRITES = {
    "a report forged": replaced("REPORT.html", lambda data: data.replace(b"Sample 0", b"Sample 9")),
    "the page that checks exchanged": replaced("VERIFY.html", lambda data: b"<p>Everything is sound.</p>"),
    "a file of evidence changed": replaced("data/item-0/files/files-0/letter.txt", lambda data: data + b"not"),
    "a record changed": replaced("data/item-0/record.json", lambda data: data.replace(b"Sample 0", b"Sample 9")),
    "a disclosure removed": without_disclosure,
    "an item removed": without("data/item-1/", "proofs/item-1."),
    "a history removed": without("data/item-0/custody.json"),
    "an event removed": without("proofs/event-"),
    "a page removed": without("REPORT.txt"),
    "a page more": lambda files, other: files | {"MORE.txt": b"more\n"},
    "a file more of an item": lambda files, other: files | {"data/item-0/files/more.txt": b"more\n"},
    "a list of files to fetch": lambda files, other: files | {"fetch.txt": b"https://files.invalid/x 1 data/x\n"},
    "the card of another sender": lambda files, other: files | {SENDER: other[SENDER]},
    "the note of another bundle": lambda files, other: files | {NOTE: other[NOTE]},
    "the signature of another bundle": lambda files, other: files | {SSH_SIGNATURE: other[SSH_SIGNATURE]},
    "a proof of another bundle": lambda files, other: files | {
        "proofs/item-0.tlog-proof": other["proofs/item-0.tlog-proof"]},
}


class ParityChecks(PageChecks):
    def rewrites(self):
        """What somebody can make who has no keys of the sender."""
        files, other, folder = tree(self.small), tree(self.large), self.work / "rewritten"
        for name, change in REWRITES.items():
            made = change(files, other)
            require(made != files, f"nothing was changed: {name}")
            made[MANIFEST] = manifest_of(made, [path for path in made if path.startswith("data/")])
            later = (TAG_MANIFEST, NOTE, SSH_SIGNATURE)
            made[TAG_MANIFEST] = manifest_of(
                made, [path for path in made if not path.startswith("data/") and path not in later])
            self.compare(f"rewritten: {name}", plant(made, folder), REFUSED)
        for name in [MANIFEST, TAG_MANIFEST]:
            self.compare(f"{name} of another algorithm", plant(other_algorithm(name)(files, other), folder), REFUSED)
        self.report("what somebody without keys could make")

    def exceptions(self, text):
        with self.check("whatever is excepted was tried, and stands in FORMAT.md"):
            missing = [words for others in EXCEPTIONS.values() for _, words in others.values() if words not in text]
            require(not missing, f"FORMAT.md does not say: {missing}")
            untried = set(EXCEPTIONS) - {name for name, _ in self.table}
            require(not untried, f"never tried: {untried}")

    def write_table(self, path):
        width = max(len(name) for name, _ in self.table)
        rows = [f"{'change':{width}}  " + "  ".join(f"{reader:8}" for reader in READERS)]
        rows += [f"{name:{width}}  " + "  ".join(f"{said[reader]:8}" for reader in READERS) for name, said in self.table]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(row.rstrip() for row in rows) + "\n")
        print(f"      {len(self.table)} changes and what each reader says of them: {path}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    for name in ["evidence", "samples", "reader", "page", "work", "chromium", "driver", "format", "table"]:
        parser.add_argument(f"--{name}", type=Path, required=True)
    arguments = vars(parser.parse_args())
    text, table = arguments.pop("format").read_text(), arguments.pop("table")
    checks = ParityChecks(**arguments, vectors=None, axe=None, pictures=None)
    try:
        for section in [checks.make_bundles, checks.mutations, checks.rewrites, checks.forgeries]:
            try:
                section()
            except Exception as error:
                with checks.check(section.__name__):
                    raise error
    finally:
        checks.browser.close()
    checks.exceptions(text)
    checks.write_table(table)
    print(f"{checks.passed} passed, {checks.failed} failed")
    sys.exit(1 if checks.failed else 0)


if __name__ == "__main__":
    main()
