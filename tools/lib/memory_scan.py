"""Looks for secrets in the memory of another process, from outside; the caller must be root."""
import base64
import contextlib
import ctypes
import os
import platform
import re
import signal
import time

PAGE = 4096
ZEROS = bytes(PAGE)
MEMFD_SECRET = 447
EXIT_GROUP = {"x86_64": "231", "aarch64": "94"}[platform.machine()]


class Secret:
    """A byte string to be looked for in pieces of eight bytes, also as hexadecimal and Base64.

    Pieces, because the allocator overwrites the start of what is freed, and a key may lie spilled over a stack. Eight
    random bytes are found by chance once in some 10^12 processes. Words of a list need longer pieces than that list.
    """

    def __init__(self, name, data, size=8):
        self.name = name
        if size != 8:
            self.pieces = _cut(data, size)
            return
        hexadecimal = data.hex().encode()
        self.pieces = (
            _cut(data, 8) | _cut(hexadecimal, 16) | _cut(hexadecimal.upper(), 16)
            | _cut(base64.b64encode(data).rstrip(b"="), 12) | _cut(base64.urlsafe_b64encode(data).rstrip(b"="), 12))


def _cut(data, size):
    return {data[at:at + size] for at in [*range(0, len(data) - size + 1, size), len(data) - size]}


class Mapping:
    def __init__(self, header, flags):
        words = header.split(maxsplit=5)
        self.start, self.end = (int(end, 16) for end in words[0].split("-"))
        self.permissions = words[1]
        self.label = words[5].strip() if len(words) > 5 else "anonymous memory"
        # Guarded memory is locked and left out of core files; nothing else in these programs is both.
        self.is_guarded = {"lo", "dd"} <= set(flags)
        self.is_hidden = self.label.startswith("/secretmem")

    @property
    def is_searched(self):
        # What came from a file and was never writable holds what the file holds.
        return self.permissions[0] == "r" and (self.permissions[1] == "w" or not self.label.startswith("/"))


def mappings(pid):
    header = None
    with open(f"/proc/{pid}/smaps") as lines:
        for line in lines:
            if re.match(r"[0-9a-f]+-[0-9a-f]+ ", line):
                header = line
            elif line.startswith("VmFlags:"):
                yield Mapping(header, line.split()[1:])


def contents(memory, mapping):
    """The runs of pages that are not all zeros: (address, bytes)."""
    start, run = mapping.start, []
    for address in range(mapping.start, mapping.end, PAGE):
        try:
            memory.seek(address)
            page = memory.read(PAGE)
        except (OSError, ValueError, OverflowError):  # kernel pages, such as [vvar]
            page = ZEROS
        if page != ZEROS:
            if not run:
                start = address
            run.append(page)
        elif run:
            yield start, b"".join(run)
            run = []
    if run:
        yield start, b"".join(run)


def can_hide():
    """Whether this kernel has memory that no other process can read."""
    try:
        os.close(ctypes.CDLL(None, use_errno=True).syscall(MEMFD_SECRET, os.O_CLOEXEC))
        return True
    except OSError:
        return False


class Findings:
    """What was found of each secret: how many of its pieces in guarded memory, and where in ordinary memory. Hidden
    memory is as if it were empty: how much of that there is, and whether a page of it could be read all the same."""

    def __init__(self, pid, secrets):
        self.guarded = {secret.name: set() for secret in secrets}
        self.ordinary = {secret.name: {} for secret in secrets}
        self.byte_count = self.hidden_byte_count = 0
        self.is_hidden_read = False
        with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
            for mapping in filter(lambda mapping: mapping.is_searched, list(mappings(pid))):
                self.hidden_byte_count += mapping.end - mapping.start if mapping.is_hidden else 0
                for _, data in contents(memory, mapping):
                    self.is_hidden_read |= mapping.is_hidden
                    self.byte_count += len(data)
                    self._search(mapping, data, secrets)

    def _search(self, mapping, data, secrets):
        for secret in secrets:
            pieces = {piece for piece in secret.pieces if piece in data}
            if pieces and mapping.is_guarded:
                self.guarded[secret.name] |= pieces
            elif pieces:
                self.ordinary[secret.name].setdefault(mapping.label, set()).update(pieces)

    def leaks(self, names=None):
        """One sentence for each secret with pieces in ordinary memory."""
        return [
            f"{name}: {', '.join(f'{len(pieces)} pieces in {label}' for label, pieces in places.items())}"
            for name, places in self.ordinary.items() if places and (names is None or name in names)]


def wait_until_idle(pid):
    """Waits until no thread of the process has run for a moment."""
    quiet = 0
    deadline = time.monotonic() + 60
    while quiet < 5:
        if time.monotonic() > deadline:
            raise AssertionError("the process does not come to rest")
        states = []
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/stat") as line:
                states.append(line.read().rpartition(")")[2].split()[0])
        quiet = quiet + 1 if all(state in "St" for state in states) else 0
        time.sleep(0.01)


def wait_for_exit(pid):
    """Waits until the main thread stands at the entrance of exit_group, and returns the exit status."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with open(f"/proc/{pid}/syscall") as line:
            words = line.read().split()
        if words[0] == EXIT_GROUP:
            return int(words[1], 16)
        time.sleep(0.005)
    raise AssertionError("the process does not end")


def end_traced(pid):
    """Kills a process and its tracer: a tracer that is only left alone keeps the dead process for as long as it waits."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        with open(f"/proc/{pid}/status") as status:
            tracer = next(int(line.split()[1]) for line in status if line.startswith("TracerPid:"))
        if tracer:
            os.kill(tracer, signal.SIGKILL)
        os.kill(pid, signal.SIGKILL)
