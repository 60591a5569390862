"""What checks of the built program share: how they count, and how they run a command. Needs Python alone."""
import os
import pty
import select
import signal
import subprocess
import time
from pathlib import Path

TIMEOUT = 120  # seconds, for one command


def require(condition, otherwise):
    if not condition:
        raise AssertionError(otherwise)


class Checks:
    """Counts what holds and what does not."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, name):
        return Check(self, name)

    def expect(self, name, holds, detail=""):
        if holds:
            self.passed += 1
            print(f"ok    {name}", flush=True)
        else:
            self.failed += 1
            print(f"FAIL  {name} {detail}", flush=True)


class Check:
    """A check passes when its block ends; whatever is raised in it is its failure, and the next check goes on."""
    def __init__(self, checks, name):
        self.checks, self.name = checks, name

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if error is None:
            self.checks.passed += 1
            print(f"ok    {self.name}", flush=True)
            return True
        if not isinstance(error, Exception):
            return False
        self.checks.failed += 1
        reason = " ".join(str(error).split()) or kind.__name__
        print(f"FAIL  {self.name}: {kind.__name__}: {reason[:300]}", flush=True)
        return True


def run(*command, input=b"", status=0, cwd=None):
    """Runs a command, requires its exit status, and returns its standard output."""
    words = [str(word) for word in command]
    done = subprocess.run(words, input=input, capture_output=True, timeout=TIMEOUT, cwd=cwd)
    if done.returncode != status:
        shown = done.stderr.decode(errors="replace")[-200:]
        raise AssertionError(f"{Path(words[0]).name} ended with {done.returncode} instead of {status}: {shown}")
    return done.stdout


def run_on_terminal(command, answers):
    """Runs a command on a terminal of its own and answers each of its questions, which end with a colon."""
    process, terminal = pty.fork()
    if process == 0:
        os.execvp(str(command[0]), [str(word) for word in command])
    deadline = time.monotonic() + TIMEOUT
    shown = everything = b""
    answers = list(answers)
    try:
        while True:
            if not select.select([terminal], [], [], max(0, deadline - time.monotonic()))[0]:
                os.kill(process, signal.SIGKILL)
                raise AssertionError(f"{command[0]} still waits after: {shown!r}")
            try:
                part = os.read(terminal, 4096)
            except OSError:  # a terminal whose other side is closed
                part = b""
            if not part:
                break
            shown += part
            everything += part
            if answers and shown.rstrip().endswith(b":"):
                os.write(terminal, answers.pop(0).encode() + b"\n")
                shown = b""
    finally:
        status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        os.close(terminal)
    require(status == 0, f"{command[0]} ended with {status}: {shown!r}")
    return everything.decode(errors="replace")
