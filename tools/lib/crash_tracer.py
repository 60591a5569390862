"""Runs a program and stops it, lets a call fail, or lies to it, at one system call, in whatever thread that comes.

Calls are counted over all threads together, from the first that names a given folder on. Two runs may interleave their
threads otherwise, but every count is reached in each. strace counts for each thread alone, and so cannot say "the call
after this one" of a program that reads in one thread and writes in another.

Source: ptrace(2). For x86-64 alone: elsewhere registers have other names.
"""
import ctypes
import errno
import os
import platform
import signal
import subprocess
import time
from dataclasses import dataclass, field

# What changes a file, a folder or a lock; then what reads one, or asks of it.
CHANGING = {1: "write", 18: "pwrite64", 26: "msync", 73: "flock", 74: "fsync", 75: "fdatasync", 76: "truncate",
            77: "ftruncate", 82: "rename", 83: "mkdir", 84: "rmdir", 87: "unlink", 90: "chmod", 91: "fchmod",
            257: "openat", 258: "mkdirat", 263: "unlinkat", 264: "renameat", 265: "linkat", 268: "fchmodat", 277: "sync_file_range",
            285: "fallocate", 306: "syncfs", 316: "renameat2", 437: "openat2"}
READING = {0: "read", 5: "fstat", 7: "poll", 17: "pread64", 72: "fcntl", 89: "readlink", 217: "getdents64",
           221: "fadvise64", 262: "newfstatat", 439: "faccessat2"}
OPENING = {"openat": 1, "openat2": 1}  # Which argument is the path.

TRACEME, CONT, SETOPTIONS, SYSCALL, POKEUSER, SYSCALL_INFO = 0, 7, 0x4200, 24, 6, 0x420e
OPTIONS = 1 | 2 | 4 | 8 | 16 | 1 << 20  # Marked syscall stops; fork, vfork, clone and exec followed; killed with us.
ORIG_RAX, RAX = 15 * 8, 10 * 8
WALL = 0x40000000


class SyscallInfo(ctypes.Structure):
    _fields_ = [("op", ctypes.c_uint8), ("pad", ctypes.c_uint8 * 3), ("arch", ctypes.c_uint32),
                ("instruction", ctypes.c_uint64), ("stack", ctypes.c_uint64), ("number", ctypes.c_uint64),
                ("arguments", ctypes.c_uint64 * 6)]  # At the end of a call, `number` is its result.


@dataclass
class Action:
    """What happens at the call with the number `at`: `kill`, `freeze`, `fail` with an error, `pretend` success without
    the call, or `swallow` the error if a write ends with it."""
    kind: str
    at: int = 0
    error: int = 0
    # Only these calls, by name; with `goes_on`, all of these from there on, or all of the same name if none are given.
    names: tuple = ()
    goes_on: bool = False
    # Signal for `kill`.
    signal: int = signal.SIGKILL


@dataclass
class Ending:
    status: int = None
    stderr: str = ""
    calls: list = field(default_factory=list)
    was_reached: bool = False
    # The name of the call that something was done to.
    hit: str = ""


def is_possible():
    return platform.machine() == "x86_64" and trace(["/bin/true"], {}, "/bin", {}).status == 0


def is_message(name, info):
    """Whether this writes to standard output or error: what the program says of a failure must be heard."""
    return name == "write" and info.arguments[0] in (1, 2)


def spread(calls, count):
    """A few of the calls, from the first to the last."""
    if len(calls) <= count:
        return calls
    return [calls[index * (len(calls) - 1) // max(count - 1, 1)] for index in range(count)]


def ptrace(request, process, address, data):
    result = LIBC.ptrace(request, process, address, data)
    if result < 0 and ctypes.get_errno() not in (errno.ESRCH, errno.EIO):
        raise OSError(ctypes.get_errno(), "ptrace")
    return result


def begin():
    """In the program that is to be traced: also where this was started with nohup, SIGHUP is heeded."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    LIBC.ptrace(TRACEME, 0, None, None)


LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
LIBC.ptrace.restype = ctypes.c_long


def trace(command, environment, folder, counted, action=None, timeout=120, when_frozen=None):
    """Runs `command` to its end and returns how it ended, with the names of the `counted` calls."""
    return Tracer(folder, counted, action, when_frozen).run(command, environment, timeout)


class Tracer:
    def __init__(self, folder, counted, action, when_frozen):
        self.folder, self.counted, self.action, self.when_frozen = str(folder).encode(), counted, action, when_frozen
        self.has_begun, self.known, self.pending = False, set(), {}
        self.ending = Ending()

    def run(self, command, environment, timeout):
        with open(os.memfd_create("stderr"), "w+b") as errors:
            process = subprocess.Popen(
                [str(word) for word in command], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=errors, preexec_fn=begin)
            self.process = process.pid
            signal.signal(signal.SIGALRM, self.time_out)
            signal.alarm(timeout)
            try:
                os.waitpid(self.process, WALL)
                self.known.add(self.process)
                ptrace(SETOPTIONS, self.process, 0, OPTIONS)
                ptrace(SYSCALL, self.process, 0, 0)
                while self.ending.status is None:
                    self.step(*os.waitpid(-1, WALL))
            finally:
                signal.alarm(0)
            process.returncode = self.ending.status
            errors.seek(0)
            self.ending.stderr = errors.read().decode(errors="replace")
        return self.ending

    def time_out(self, *_):
        os.kill(self.process, signal.SIGKILL)
        raise TimeoutError("the command does not end")

    def step(self, thread, status):
        if os.WIFEXITED(status) or os.WIFSIGNALED(status):
            if thread == self.process:
                self.ending.status = os.waitstatus_to_exitcode(status)
            return
        delivered = 0
        if os.WSTOPSIG(status) == signal.SIGTRAP | 0x80:
            self.at_syscall(thread)
        elif status >> 16 == 0 and not (os.WSTOPSIG(status) == signal.SIGSTOP and thread not in self.known):
            delivered = os.WSTOPSIG(status)
        self.known.add(thread)
        # Once nothing is left to be done, the rest runs at full speed.
        is_done = self.ending.was_reached and not self.pending and not self.action.goes_on
        ptrace(CONT if is_done else SYSCALL, thread, 0, delivered)

    def at_syscall(self, thread):
        info = SyscallInfo()
        if LIBC.ptrace(SYSCALL_INFO, thread, ctypes.sizeof(info), ctypes.addressof(info)) <= 0:
            return
        if thread in self.pending:
            return self.at_exit(thread, info, *self.pending.pop(thread))
        if info.op != 1:
            return
        name = self.counted.get(info.number) or CHANGING.get(info.number)
        self.has_begun = self.has_begun or (name in OPENING and self.text(thread, info).startswith(self.folder))
        if not self.has_begun or info.number not in self.counted or is_message(name, info):
            return
        self.ending.calls.append(name)
        if self.action and self.is_meant(name):
            self.act(thread, name, info)

    def at_exit(self, thread, info, result, error):
        """Gives another result, or that only in the place of an `error`."""
        if error is None or info.number == -error & (1 << 64) - 1:
            ptrace(POKEUSER, thread, RAX, result & (1 << 64) - 1)

    def is_meant(self, name):
        if self.action.names and name not in self.action.names:
            return False
        if self.ending.was_reached:
            return self.action.goes_on and (bool(self.action.names) or name == self.ending.hit)
        return len(self.ending.calls) > self.action.at

    def act(self, thread, name, info):
        self.ending.was_reached, self.ending.hit = True, name
        if self.action.kind == "kill":
            os.kill(self.process, self.action.signal)
        elif self.action.kind == "freeze":
            self.freeze()
        elif self.action.kind == "swallow":
            self.pending[thread] = info.arguments[2], self.action.error
        else:
            written = info.arguments[2] if name in ("write", "pwrite64") else 0
            ptrace(POKEUSER, thread, ORIG_RAX, (1 << 64) - 1)
            self.pending[thread] = -self.action.error if self.action.kind == "fail" else written, None

    def freeze(self):
        """Leaves this thread where it is, lets each other one come to its next call, and no further."""
        for _ in range(20):
            thread, status = os.waitpid(-1, WALL | os.WNOHANG)
            if thread == 0:
                time.sleep(0.001)
            else:
                self.known.add(thread)
        self.when_frozen()
        os.kill(self.process, signal.SIGKILL)

    @staticmethod
    def text(thread, info):
        try:
            with open(f"/proc/{thread}/mem", "rb", buffering=0) as memory:
                memory.seek(info.arguments[1])
                return memory.read(512).split(b"\0")[0]
        except OSError:
            return b""
