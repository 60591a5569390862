"""The family of tools/crash that lets calls fail: each call of a command that changes or reads a file.

What fails is listed here, what does not is named with the reason, and a command that makes any other call fails."""
import errno
import re
import subprocess

from crash_operations import environment
from crash_tracer import CHANGING, READING, Action

ERRORS = {
    "openat": ["EMFILE", "EIO", "ENOSPC"], "openat2": ["EMFILE", "EIO", "ENOSPC"], "read": ["EIO", "EINTR"],
    "pread64": ["EIO", "EINTR"], "write": ["ENOSPC", "EIO", "EINTR"], "pwrite64": ["ENOSPC", "EIO", "EINTR"],
    "msync": ["EIO"], "fsync": ["EIO", "ENOSPC"], "fdatasync": ["EIO", "ENOSPC"], "syncfs": ["EIO", "ENOSPC"],
    "sync_file_range": ["EIO", "ENOSPC"], "fallocate": ["ENOSPC", "EIO", "EINTR"], "truncate": ["EIO", "EROFS"],
    "ftruncate": ["EIO", "ENOSPC"], "rename": ["EIO", "ENOSPC", "EROFS"], "renameat": ["EIO", "ENOSPC", "EROFS"],
    "renameat2": ["EIO", "ENOSPC", "EROFS"], "linkat": ["EIO", "ENOSPC", "EROFS"], "unlink": ["EIO", "EROFS"], "unlinkat": ["EIO", "EROFS"],
    "rmdir": ["EIO", "EROFS"], "mkdir": ["ENOSPC", "EROFS", "EIO"], "mkdirat": ["ENOSPC", "EROFS", "EIO"],
    "flock": ["EINTR", "ENOLCK"], "chmod": ["EIO", "EROFS"], "fchmod": ["EIO", "EROFS"], "fchmodat": ["EIO", "EROFS"],
    "fstat": ["EIO"], "newfstatat": ["EIO"], "getdents64": ["EIO"], "faccessat2": ["EIO", "EACCES"],
    "readlink": ["EIO", "ENOMEM"], "fcntl": ["EMFILE", "ENOMEM"], "fadvise64": ["EINVAL"], "poll": ["ENOMEM", "EINTR"],
}
NEVER_FAILED = {
    "execve": "starts the command: where it fails there is none",
    "close": "lets go whatever it says, and what was written was synced before",
}
EVERYTHING = {**CHANGING, **READING}
assert ERRORS.keys() == set(EVERYTHING.values()), "each call that is counted can fail"
# Without these nothing is opened, listed or removed; a folder is listed through a descriptor that fcntl copies.
TIDYING = ["openat", "openat2", "fcntl", "newfstatat", "getdents64", "unlinkat"]
CALL = re.compile(r"\d+ +(\w+)\(")


class Errors:
    """Part of `crash_families.Crash`."""

    def errors(self):
        """Each call fails once and from then on, in the ways that it can, one call after the other in another."""
        for judge in self.judges:
            yield judge, "all calls", self.listed, ()
            yield judge, "no RENAME_NOREPLACE", self.unaided, ("renameat2",)
            yield judge, "no RENAME_NOREPLACE, and no second names", self.unaided, ("renameat2", "linkat")
            for number, (at, name) in enumerate(self.points(judge, EVERYTHING)):
                for error, goes_on in self.ways(judge, name, number):
                    when = " from then on" if goes_on else ""
                    action = Action("fail", at, getattr(errno, error), goes_on=goes_on)
                    yield judge, f"{name}, call {at}, {error}{when}", self.failed, (action,)

    def ways(self, judge, name, number):
        error = ERRORS[name][number % len(ERRORS[name])]
        # Whoever is interrupted for ever tries for ever.
        ways = [(error, False), (error if error != "EINTR" else "EIO", True)]
        return [ways[number % 2]] if self.is_sample or judge.operation.is_slow else ways

    def failed(self, judge, action):
        judge.lay(self.desk)
        ending = self.traced(judge, EVERYTHING, action)
        # Who can open or remove nothing any more cannot tidy up either.
        may_leave = action.goes_on and ending.hit in TIDYING
        fault = (judge.fault_of_end(ending.status, ending.stderr) or judge.fault(self.desk, ending.status, may_leave)
                 or judge.fault_of_next(self.desk))
        # Threads do not come to their calls in the same order each time.
        return ending.was_reached, ending.was_reached and fault and f"in {ending.hit}: {fault}"

    def unaided(self, judge, *names):
        """On a file system that knows no such calls, as over FUSE, all is done all the same."""
        judge.lay(self.desk)
        ending = self.traced(judge, EVERYTHING, Action("fail", error=errno.ENOSYS, names=names, goes_on=True))
        if ending.was_reached and ending.status:
            return True, f"it ended with {ending.status}: {ending.stderr}"
        return ending.was_reached, ending.was_reached and (judge.fault(self.desk, 0) or judge.fault_of_next(self.desk))

    def listed(self, judge, listed=frozenset(ERRORS) | frozenset(NEVER_FAILED)):
        """Whether each call that names a file of the desk, or has it open, is one that fails here or is excepted."""
        judge.lay(self.desk)
        log = self.work / "calls"
        subprocess.run(["strace", "-f", "-qq", "-y", "-o", log,
                        *judge.operation.command(self.evidence, self.desk, self.prepared)],
                       env=environment(self.desk), stdin=subprocess.DEVNULL, capture_output=True)
        lines = [line for line in log.read_text(errors="replace").splitlines() if f"{self.desk}/" in line]
        calls = {match[1] for line in lines if (match := CALL.match(line))}
        unknown = ", ".join(sorted(calls - listed))
        return True, f"calls that nothing lets fail: {unknown}" if unknown else None if calls else "nothing was traced"

    def errors_control(self):
        """A failure that nobody hears of: the call is not made, and the command goes on. And a call that is unknown."""
        judge = self.trusting_judge()
        ignored = [Action("pretend", names=names) for names in [("renameat2",), ("renameat",), ("write",)]]
        return (any(self.failed(judge, action)[1] for action in ignored)
                and self.listed(judge, frozenset(ERRORS.keys() - {"openat"}))[1])
