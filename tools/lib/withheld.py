"""Looks for names that are withheld in what a recipient gets, in each spelling that canary.py knows.

    withheld.py FOLDER --told TEXT NAME…

ends with status 1 and a line for each place if a file of an opened bundle has one of the names; and if TEXT, which the
disclosures of the bundle have in Base64 alone, is not found there, so that no name would be.
"""
import argparse
import io
import sys
import tarfile
from pathlib import Path

from canary import SHORTEST, Canary


def canaries(*names):
    """The names, each whole and in its words: that of a family gives a person away as well. A word may be too short to
    be looked for, a name may not."""
    words = [word for name in names for word in name.split() if len(word.encode()) >= SHORTEST]
    return [Canary(text, text.encode()) for text in dict.fromkeys([*names, *words])]


def members(archive):
    """A tar archive as it is, and each file of it with its path."""
    yield "the archive", archive
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        for member in opened:
            content = opened.extractfile(member).read() if member.isfile() else b""
            yield member.name, member.name.encode(errors="surrogateescape") + b"\n" + content


def files(folder):
    for path in sorted(folder.rglob("*")):
        place = str(path.relative_to(folder))
        yield place, place.encode(errors="surrogateescape") + b"\n" + (path.read_bytes() if path.is_file() else b"")


def places(names, pieces):
    """Where the names are that must be nowhere."""
    return [f"{name.name} is in {place}" for place, content in pieces for name in names if name.is_in(content)]


def is_found_in_disclosures(text, folder):
    """Whether a text that is disclosed is found where it stands in Base64 alone: else no name would be."""
    data = text.encode()
    proofs = [path.read_bytes() for path in (folder / "proofs").glob("*.sd-jwt")]
    return any(Canary("told", data).is_in(proof) for proof in proofs) and not any(data in proof for proof in proofs)


def main():
    parser = argparse.ArgumentParser(prog="withheld.py")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--told", required=True)
    parser.add_argument("names", nargs="+")
    arguments = parser.parse_args()
    found = places(canaries(*arguments.names), files(arguments.folder))
    if not is_found_in_disclosures(arguments.told, arguments.folder):
        found.append(f"the search finds nothing: {arguments.told} is disclosed, and not found in Base64")
    print("".join(f"{line}\n" for line in found), end="", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
