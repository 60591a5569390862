"""Runs the program for tools/leaks, holds it where its memory is to be searched, and counts the cases."""
import contextlib
import copy
import os
import pty
import select
import subprocess
import threading

from checking import require
from leaks_material import CONTENT_MARK
from memory_scan import Findings, Secret, can_hide, end_traced, wait_for_exit, wait_until_idle

HELD_BACK = 300_000  # bytes of input that come only after the first search


def traced(command, is_hiding=True):
    """The command under a tracer that holds it at the entrance of exit_group, with hidden memory or without."""
    injected = ["-e", "inject=exit_group:delay_enter=100s"]
    if not is_hiding:
        injected += ["-e", "inject=memfd_secret:error=ENOSYS"]
    return ["strace", "-D", "-qqq", "-o", "/dev/null", "-e", "trace=exit_group,memfd_secret", *injected,
            *map(str, command)]


class Run:
    """A command held twice: when half of its input is through, and at its end."""

    def __init__(self, command, data, is_hiding=True):
        self.process = subprocess.Popen(traced(command, is_hiding), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.go_on = threading.Event()
        self.feeder = threading.Thread(target=self._feed, args=[data], daemon=True)
        self.drain = threading.Thread(target=self._drain, daemon=True)
        self.output = b""

    def __enter__(self):
        self.feeder.start()
        return self

    def __exit__(self, *_):
        self.go_on.set()
        end_traced(self.process.pid)
        self.process.wait()

    def _feed(self, data):
        with contextlib.suppress(BrokenPipeError), self.process.stdin as pipe:
            pipe.write(data[:-HELD_BACK])
            pipe.flush()
            self.go_on.wait()
            pipe.write(data[-HELD_BACK:])

    def _drain(self):
        while piece := os.read(self.process.stdout.fileno(), 1 << 20):
            self.output += piece

    def wait_for_middle(self):
        """Takes what is put out, until no more comes."""
        while select.select([self.process.stdout], [], [], 0.3 if self.output else 60)[0]:
            piece = os.read(self.process.stdout.fileno(), 1 << 20)
            require(piece, "ended early")
            self.output += piece
        wait_until_idle(self.process.pid)

    def wait_for_end(self):
        self.go_on.set()
        self.drain.start()
        status = wait_for_exit(self.process.pid)
        require(status == 0, f"ended with status {status}")


class Cases:
    def __init__(self, evidence, work):
        self.evidence, self.work = evidence, work
        self.passed = self.failed = self.left_out = 0

    def ways(self, *names):
        """Whether memory is hidden, in the runs of these cases: where the kernel hides none, that half is left out."""
        if can_hide():
            yield True
        else:
            for name in names:
                self.leave_out(f"{name}, hidden", "this kernel hides no memory")
        yield False

    def leave_out(self, name, why):
        self.left_out += 1
        print(f"left out  {name}: {why}", flush=True)

    @contextlib.contextmanager
    def case(self, name):
        notes = []
        try:
            yield notes
            self.passed += 1
            print(f"ok    {name}: {'; '.join(notes)}", flush=True)
        except Exception as error:
            self.failed += 1
            print(f"FAIL  {name}: {type(error).__name__}: {' '.join(str(error).split())}", flush=True)

    def file(self, name, data):
        path = self.work / name
        path.write_bytes(data)
        return path

    def run(self, name, arguments, data, material, in_use, learn=lambda material, output: None):
        """Searches a command's memory. Those of `in_use` must be found while it works, in guarded memory alone, and if
        that is hidden then nowhere."""
        for is_hiding in self.ways(name):
            made = copy.copy(material)
            made.secrets = list(material.secrets)
            with self.case(f"{name}{', hidden' if is_hiding else ''}") as notes, \
                    Run([self.evidence, *arguments], data, is_hiding) as run:
                run.wait_for_middle()
                learn(made, run.output)
                known = [Secret("content", CONTENT_MARK), Secret("argument", str(self.work).encode())]
                middle = Findings(run.process.pid, made.secrets + known)
                run.wait_for_end()
                end = Findings(run.process.pid, made.secrets + known)
                # What is known to be in ordinary memory has to be found there, or the search looked elsewhere.
                for findings, what in [(middle, "content"), (middle, "argument"), (end, "argument")]:
                    require(findings.ordinary[what], f"the search does not find the {what}")
                require(is_hiding == (middle.hidden_byte_count > 0), f"{middle.hidden_byte_count} bytes are hidden")
                for what in in_use:
                    require(is_hiding or middle.guarded[what], f"{what} is not where it is in use")
                names = {secret.name for secret in made.secrets}
                self.require_none(names, middle, end, is_hiding)
                notes.append(f"{len(names)} secrets, {(middle.byte_count + end.byte_count) >> 10} KiB searched")

    @staticmethod
    def require_none(names, middle, end, is_hiding):
        found = [f"while working, {leak}" for leak in middle.leaks(names)]
        found += [f"at the end, {leak}" for leak in end.leaks(names)]
        found += [f"at the end, {what} in guarded memory" for what in names if end.guarded[what]]
        found += [f"while working, {what} in guarded memory" for what in names if is_hiding and middle.guarded[what]]
        found += ["hidden memory can be read"] if middle.is_hidden_read or end.is_hidden_read else []
        require(not found, "; ".join(found))


class Dialogue:
    """A command on a terminal of its own, which is held at its end."""

    def __init__(self, command, is_hiding):
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            words = traced(command, is_hiding)
            os.execvp(words[0], words)
        self.shown = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        end_traced(self.process)
        os.waitpid(self.process, 0)
        os.close(self.terminal)

    def wait_for_question(self):
        """Questions end with a colon."""
        while not self.shown.rstrip().endswith(b":"):
            require(select.select([self.terminal], [], [], 60)[0], f"no question after {self.shown!r}")
            self.shown += os.read(self.terminal, 4096)
        wait_until_idle(self.process)

    def answer(self, line):
        self.shown = b""
        os.write(self.terminal, line + b"\n")
