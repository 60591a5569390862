"""Runs a command on a hostile bundle and says what is wrong with what it did."""
import contextlib
import io
import json
import os
import subprocess
import sys
import unicodedata
import unittest.mock
from dataclasses import dataclass, field
from pathlib import Path

from hostile_trace import CALLS, Trace

MEMORY_LIMIT = 128 << 10  # KiB
SECONDS_LIMIT = 10
METER = [sys.executable, "-I", "-S", str(Path(__file__).with_name("hostile_meter.py"))]
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@dataclass
class Hostile:
    """A bundle, and what has to become of it."""
    family: str
    name: str
    # The sealed bundle, or a function that makes it when it is needed; None if there is but a folder.
    sealed: object = None
    status: int = 20
    # What the error has to say, in part.
    says: str = ""
    # The files that lie there if it opens; None for those of the bundle.
    files: dict = None
    # The same bundle as an open folder, by path, and how `verify --bundle` and the other reader are to end.
    folder: dict = None
    folder_status: int = None
    folder_says: str = None
    # Why the other reader cannot judge it, if it cannot.
    not_by_reader: str = ""
    # What must not lie there afterwards, beside all that the trace shows; from the folder that the tool runs in.
    outside: list = field(default_factory=list)
    # What follows the name of the command.
    options: list = field(default_factory=list)
    # Why more memory is needed for it, and how much, in MiB.
    memory: tuple = None
    # Why more time is needed for it, and how many seconds.
    seconds: tuple = None
    # Whether it takes long to make or to judge.
    is_large: bool = False


class Fault(Exception):
    pass


def require(condition, what):
    if not condition:
        raise Fault(what)


@dataclass
class Outcome:
    status: int
    output: bytes
    errors: bytes
    seconds: float = 0
    memory: int = 0
    trace: Trace = None


class Judge:
    """Has the program, the keys, and a folder for each bundle."""

    # How many programs a command may be.
    programs = 1

    def __init__(self, evidence, reader, work, key, words):
        self.evidence, self.reader, self.work, self.key, self.words = evidence, reader, work, key, words

    def judge(self, hostile, number):
        """The most memory in KiB and the most seconds that it took; `Fault` if anything is wrong."""
        desk = self.work / f"{number:03}"
        (desk / "in").mkdir(parents=True)
        (desk / "out").mkdir()
        (desk / "home").mkdir()
        try:
            outcomes = self.opened(hostile, desk) if hostile.sealed is not None else []
            if hostile.folder is not None:
                outcomes += self.verified(hostile, desk)
            return max(run.memory for run in outcomes), max(run.seconds for run in outcomes)
        finally:
            remove(desk)

    # The two ways to look at a bundle.

    def opened(self, hostile, desk):
        bundle = desk / "in/bundle.age"
        sealed = hostile.sealed() if callable(hostile.sealed) else hostile.sealed
        if isinstance(sealed, Path):
            sealed.rename(bundle)
        else:
            bundle.write_bytes(sealed)
        size = bundle.stat().st_size
        options = hostile.options or ["--identity", self.key, "--sender", self.words]
        command = [self.evidence, "open", bundle, "--output", desk / "out/opened", *options]
        before = tree(desk)
        runs = []
        for is_traced in [False, True]:
            run = self.run(command, desk, is_traced, hostile)
            for path in filter(os.path.lexists, hostile.outside):
                os.unlink(path)  # so that the next bundle is not blamed for it
                raise Fault(f"it made {path}")
            self.check_words(hostile, run, hostile.status, hostile.says)
            if hostile.status == 0:
                self.check_opened(hostile, desk / "out/opened")
                remove(desk / "out/opened")
            require(tree(desk) == before, f"left behind: {sorted(set(tree(desk)) ^ set(before))[:3]}")
            runs.append(run)
        self.check_same(*runs)
        self.check_trace(runs[1].trace, desk / "out", size)
        if hostile.status == 0:
            self.check_json([*command, "--json"], desk, hostile)
        return runs

    def verified(self, hostile, desk):
        folder = desk / "in/folder"
        put(folder, hostile.folder)
        status = hostile.status if hostile.folder_status is None else hostile.folder_status
        says = hostile.says if hostile.folder_says is None else hostile.folder_says
        command = [self.evidence, "verify", "--bundle", folder, "--sender", self.words]
        before = tree(desk)
        runs = [self.run(command, desk, is_traced, hostile) for is_traced in [False, True]]
        for run in runs:
            self.check_words(hostile, run, status, says)
        require(tree(desk) == before, "the folder was changed")
        self.check_same(*runs)
        require(not runs[1].trace.changes, f"verify wrote: {runs[1].trace.changes[:3]}")
        if not hostile.not_by_reader:
            ended, said = self.read_by_other(folder)
            require(ended == status, f"reader.py ended with {ended} instead of {status}: {said[-200:]!r}")
        return runs

    def read_by_other(self, folder):
        """How tools/reader.py ends, and what it says; in this process, as starting it takes longer than its work."""
        said = io.StringIO()
        arguments = [str(self.reader.__file__), "bundle", str(folder), "--sender", self.words]
        given = unittest.mock.patch("sys.argv", arguments)
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said), given:
            return self.reader.main(), said.getvalue()

    def run(self, command, desk, is_traced, hostile):
        """Runs a command with nothing of the caller's around it."""
        report, trace = desk / "in/.report", desk / "in/.trace"
        tracer = ["/usr/bin/strace", "-f", "-qq", "-y", "-s", "65536", "-e", CALLS, "-o", trace] if is_traced else []
        words = [str(word) for word in [*METER, report, 900 if hostile.seconds else 60, *tracer, *command]]
        environment = {"HOME": f"{desk}/home", "XDG_STATE_HOME": f"{desk}/home/state", "PATH": "/usr/bin:/bin",
                       "SWIFT_BACKTRACE": "enable=no", "TERM": "xterm", "LANG": "C.UTF-8"}
        done = subprocess.run(words, capture_output=True, stdin=subprocess.DEVNULL, env=environment, timeout=900)
        status, seconds, memory = json.loads(report.read_text())
        report.unlink()
        outcome = Outcome(status, done.stdout, done.stderr)
        if is_traced:
            with open(trace, encoding="latin-1") as lines:
                outcome.trace = Trace(lines)
            trace.unlink()
            return outcome
        outcome.seconds, outcome.memory = seconds, memory
        limit = hostile.memory[1] << 10 if hostile.memory else MEMORY_LIMIT
        require(seconds <= (hostile.seconds[1] if hostile.seconds else SECONDS_LIMIT), f"it took {seconds:.1f} seconds")
        require(memory <= limit, f"it took {memory >> 10} MiB of memory")
        return outcome

    # What is asked of an outcome.

    @staticmethod
    def check_words(hostile, run, status, says):
        shown = run.errors.decode(errors="backslashreplace").strip()[:300]
        require(run.status == status, f"it ended with {run.status} instead of {status}: {shown!r}")
        for stream in [run.output, run.errors]:
            require_printable(stream)
        lines = run.errors.decode().splitlines()
        if status == 0:
            others = [line for line in lines if not line.startswith("evidence: nobody has vouched")]
            require(len(others) == (1 if says else 0), f"it said {shown!r}")
            require(not others or says in others[0], f"it said {shown!r} instead of {says!r}")
            return
        require(not run.output, f"it failed, and printed {run.output[:100]!r}")
        require(lines and lines[0].startswith("evidence: error: "), f"no error first: {shown!r}")
        require(len(lines) == 1 or len(lines) == 2 and lines[1].startswith("hint: "), f"more than one error: {shown!r}")
        require(len(lines[0]) <= 500, f"an error of {len(lines[0])} characters")
        require("unexpected" not in lines[0], f"an error that nobody thought of: {shown!r}")
        require(says in lines[0], f"it said {shown!r} instead of {says!r}")

    @staticmethod
    def check_same(first, second):
        require((first.status, first.output, first.errors) == (second.status, second.output, second.errors),
                f"it said {second.errors[:200]!r} the second time, and {first.errors[:200]!r} the first")

    def check_trace(self, trace, place, size):
        for change in trace.outside(place, "opened"):
            raise Fault(f"written outside: {change}")
        require(trace.programs <= self.programs, "it started another program")
        require(not trace.sockets, f"it used the network: {trace.sockets[:3]}")
        require(trace.written <= 2 * size, f"it wrote {trace.written} bytes for a bundle of {size}")

    @staticmethod
    def check_opened(hostile, folder):
        expected = {os.fsencode(path): content for path, content in hostile.files.items()}
        found = {path: content for path, (kind, content) in tree(folder, with_content=True).items() if kind == "file"}
        require(found.keys() == expected.keys(),
                f"other files lie there: {sorted(found.keys() ^ expected.keys())[:3]}")
        for path, content in expected.items():
            require(found[path] == content, f"{path} has another content")

    def check_json(self, command, desk, hostile):
        run = self.run(command, desk, False, hostile)
        require(run.status == 0, "with --json it ended otherwise")
        text = run.output.decode()
        json.loads(text)
        hidden = [c for c in text if c != "\n" and (unicodedata.category(c) == "Cc" or 0x202A <= ord(c) <= 0x202E
                                                     or 0x2066 <= ord(c) <= 0x2069)]
        require(not hidden, f"its JSON has U+{ord(hidden[0]):04X}" if hidden else "")
        remove(desk / "out/opened")


# Files, also those whose paths are too long for one call.

def put(folder, files):
    """Writes files by path; a value that is no bytes is a function that makes what lies there."""
    for path, content in files.items():
        place = os.fsencode(folder) + b"/" + os.fsencode(path)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        if callable(content):
            content(place)
        else:
            with open(place, "xb") as file:
                file.write(content)


def tree(folder, with_content=False):
    """Everything in a folder by path: its kind, and its mode or its content. Deeper than one call takes, too."""
    found, waiting = {}, [(os.open(folder, os.O_RDONLY), b"")]
    while waiting:
        descriptor, prefix = waiting.pop()
        for name in os.listdir(descriptor):
            name = os.fsencode(name)
            state = os.lstat(name, dir_fd=descriptor)
            kind = {0o10: "file", 0o04: "folder", 0o12: "link"}.get(state.st_mode >> 12, "other")
            content = (state.st_mode, state.st_size)
            if with_content:
                require(kind in ("file", "folder"), f"{name} is no file")
                require(kind == "folder" or state.st_mode & 0o7777 == 0o600, f"{name} has another mode than 0600")
            if kind == "folder":
                waiting.append((os.open(name, os.O_RDONLY, dir_fd=descriptor), prefix + name + b"/"))
            elif with_content:
                with open(os.open(name, os.O_RDONLY, dir_fd=descriptor), "rb") as file:
                    content = file.read()
            found[prefix + name] = (kind, content)
        os.close(descriptor)
    return found


def remove(folder):
    # With descriptors, as deep paths need it; Python 3.11 does not go deeper than its stack.
    subprocess.run(["rm", "-rf", str(folder)], check=True)


def require_printable(stream):
    try:
        text = stream.decode()
    except UnicodeDecodeError:
        raise Fault(f"it printed what is no UTF-8: {stream[:100]!r}") from None
    for character in text.replace("\n", ""):
        require(unicodedata.category(character) not in UNSEEN, f"it printed U+{ord(character):04X}")
