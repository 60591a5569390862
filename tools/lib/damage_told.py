"""What the built command says of a vault, a sealed bundle and an open one that are damaged: status, and names."""
import itertools
import os
import queue
import random
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

SEED = 20261129
DAMAGED = 20
PATIENCE = 120  # seconds until a command that does not end counts as one that waits for ever
SMALL = 4096  # bytes, up to which --full tries every bit of a file
# The verdicts that name no path: the status, the words, and the files that alone they can be about.
VERDICTS = [
    (DAMAGED, "the sealed file is cut short or changed", ["bundle.age"]),
    (DAMAGED, "the head of the sealed file is damaged", ["bundle.age"]),
    (DAMAGED, "this is not a sealed (age) file", ["bundle.age"]),
    (12, "none of the keys opens the bundle", ["bundle.age"]),
    (1, "bundle.age is not there", ["bundle.age"]),
    # What a later version wrote cannot be judged; and the digit of a version is all that says so.
    (1, "later version", ["bundle.age", "bundle.note", "vault.note", "proofs/sender.note"]),
]


def changes(files, places, is_full):
    """Every change that is tried: what it is called, and the new content of files by path, None for one that is gone.
    Without `is_full`, one bit at so many places of a file."""
    draw = random.Random(SEED)
    for path, content in files.items():
        for place, bits in flips(len(content), places, is_full, draw):
            for bit in bits:
                changed = bytearray(content)
                changed[place] ^= 1 << bit
                yield f"{path}, byte {place}, bit {bit}", {path: bytes(changed)}
        for length in sorted({draw.randrange(len(content)) for _ in range(20 if is_full else places)}):
            yield f"{path}, cut at {length}", {path: content[:length]}
        yield f"{path}, with a byte more", {path: content + b"\n"}
        yield f"{path}, deleted", {path: None}
    pairs = [(one, other) for one in files for other in files if one < other and files[one] != files[other]]
    for one, other in pairs if is_full else draw.sample(pairs, min(len(pairs), 30)):
        yield f"{one} and {other}, swapped", {one: files[other], other: files[one]}


def flips(count, places, is_full, draw):
    """Places in a file of so many bytes, and the bits there: with `is_full` all of a small one, of others 200."""
    if is_full and count <= SMALL:
        return [(place, range(8)) for place in range(count)]
    stretch = max(count // (200 if is_full else places), 1)
    chosen = [min(start + draw.randrange(stretch), count - 1) for start in range(0, count, stretch)]
    return [(place, range(8) if is_full else [draw.randrange(8)]) for place in chosen]


def fault(done, changed):
    """What is wrong with how a command ended on a folder of which these paths were changed."""
    said = done.stdout + done.stderr
    if done.returncode == DAMAGED and any(re.search(rf"(?<![\w/.-]){re.escape(path)}(?![\w/.-])", said)
                                          for path in changed):
        return None
    for status, words, paths in VERDICTS:
        if done.returncode == status and words in said and set(paths) & set(changed):
            return None
    return f"ended with {done.returncode}, and said {said.strip()[-300:]!r}"


class Told:
    """One of the three: the folder with its files, and the command that is to judge it. `words` are those of the
    command, in which {folder} stands for a copy of the folder; `left_out` is what the command cannot judge."""

    def __init__(self, name, folder, words, left_out=(), places=2):
        self.name, self.words, self.places = name, [str(word) for word in words], places
        self.folder = folder
        self.files = {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*"))
                      if path.is_file() and not str(path.relative_to(folder)).startswith(tuple(left_out))}

    def run(self, folder, program=None):
        words = [word.replace("{folder}", str(folder)) for word in self.words]
        words = [str(program or words[0]), *words[1:]]
        try:
            done = subprocess.run(words, capture_output=True, stdin=subprocess.DEVNULL, text=True, errors="replace",
                                  timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            done = subprocess.CompletedProcess(words, None, "", f"it did not end in {PATIENCE} seconds")
        shutil.rmtree(f"{folder}.out", ignore_errors=True)
        return done

    def copies(self, work, count):
        """Copies of the folder, one for each that is at work at the same time."""
        free = queue.SimpleQueue()
        for number in range(count):
            copy = work / f"told {self.name} {number}"
            shutil.copytree(self.folder, copy)
            for path in copy.rglob("*"):
                path.chmod(0o700 if path.is_dir() else 0o600)
            free.put(copy)
        return free

    def tried(self, free, change, program=None):
        """What is wrong with the verdict on one change; the copy is as it was afterwards."""
        what, contents = change
        copy = free.get()
        try:
            for path, content in contents.items():
                (copy / path).unlink() if content is None else (copy / path).write_bytes(content)
            found = fault(self.run(copy, program), contents)
            for path in contents:
                (copy / path).write_bytes(self.files[path])
                (copy / path).chmod(0o600)
        finally:
            free.put(copy)
        return found and f"{what}: {found}"

    def judged(self, work, is_full):
        """The number of changes that were tried, and what was wrong with the verdicts; the folder as it is comes first,
        and has to be sound."""
        free = self.copies(work, os.cpu_count())
        copy = free.get()
        sound = self.run(copy)
        free.put(copy)
        if sound.returncode or not self.files:
            return 1, [f"before any change: ended with {sound.returncode}: {sound.stderr.strip()[:300]}"]
        tried, faults, waiting = 0, [], changes(self.files, self.places, is_full)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            # Some at a time: each change has the whole content of its file.
            while some := list(itertools.islice(waiting, 100)):
                found = pool.map(lambda change: self.tried(free, change), some)
                tried, faults = tried + len(some), faults + [fault for fault in found if fault]
        return tried, faults


# Programs in the place of ours, whose verdict on a changed file has to be found wanting.
CONTROLS = {
    "a program that crashes": 'echo "evidence: error: {path} is not as it was signed" >&2; kill -ILL $$',
    "a program that fails": 'echo "evidence: error: {path} is not as it was signed" >&2; exit 1',
    "a program that names another file": 'echo "evidence: error: {other} is not as it was signed" >&2; exit 20',
    "a program that names nothing": 'echo "evidence: error: something is damaged" >&2; exit 20',
    "a program that accepts everything": "exit 0",
}


def controls(told, work):
    """Each by name, and whether it was found; `told` is of more than one file."""
    free = told.copies(work / "controls", 1)
    path, other = list(told.files)[:2]
    for name, script in CONTROLS.items():
        program = work / "controls/program"
        program.write_text("#!/bin/sh\n" + script.replace("{path}", path).replace("{other}", other) + "\n")
        program.chmod(0o755)
        yield name, bool(told.tried(free, (name, {path: b"x" + told.files[path][1:]}), program))
