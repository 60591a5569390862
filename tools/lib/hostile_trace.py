"""What a traced program did to files and to the network, from what strace wrote down."""
import os
import re

CALLS = "trace=%file,%network,write,pwrite64,writev,ftruncate,fallocate,unlinkat,fchmod,fchown,execve"
CALL = re.compile(r"^(?:\d+ +)?([a-z0-9_]+)\((.*)\) += (-?\d+)")
PLACE = re.compile(r"(?:AT_FDCWD|(?:\d+|AT_FDCWD)<([^>]*)>), \"((?:[^\"\\]|\\.)*)\"")
TEXT = re.compile(r"\"((?:[^\"\\]|\\.)*)\"")
READING = {"execve", "access", "faccessat", "faccessat2", "stat", "lstat", "newfstatat", "statx", "readlink",
           "readlinkat", "getcwd", "statfs", "chdir", "name_to_handle_at"}
# Other programs may be named here without harm: the terminal and what swallows output.
DEVICES = {"/dev/null", "/dev/tty"}


def unescaped(text):
    return text.encode("latin-1", "backslashreplace").decode("unicode_escape").encode("latin-1")


class Trace:
    """Every change that a call asked for, whether it succeeded or not, as (call, path); and the bytes written."""

    def __init__(self, lines):
        self.changes, self.written, self.sockets, self.programs = [], 0, [], 0
        pending = {}
        for line in lines:
            process, _, rest = line.partition(" ")
            rest = rest.strip()
            if rest.endswith("<unfinished ...>"):
                pending[process] = rest.removesuffix("<unfinished ...>").rstrip()
                continue
            if rest.startswith("<..."):
                rest = pending.pop(process, "") + rest.partition(" resumed>")[2]
            if match := CALL.match(rest):
                self.take(match[1], match[2], int(match[3]))

    def take(self, call, arguments, result):
        if call in ("write", "pwrite64", "writev"):
            # Into what, the call that opened it said.
            file = re.match(r"(\d+)(?:<([^>]*))?", arguments)
            if int(file[1]) > 2 and result > 0:
                self.written += result
        elif call in ("ftruncate", "fallocate"):
            # What memfd_secret gives is memory.
            if "secretmem" not in arguments:
                self.written += int(arguments.split(", ")[-1])
        elif call == "execve":
            self.programs += 1
        elif call in ("fchmod", "fchown"):
            return
        elif call in ("socket", "socketpair", "connect", "bind", "sendto"):
            self.sockets.append(call)
        elif call not in READING and not self.only_reads(call, arguments):
            self.changes += [(call, path) for path in self.paths(arguments)]

    @staticmethod
    def only_reads(call, arguments):
        return call in ("open", "openat", "openat2") and not re.search("O_WRONLY|O_RDWR|O_CREAT|O_TRUNC", arguments)

    @staticmethod
    def paths(arguments):
        places = PLACE.findall(arguments) or [("", text) for text in TEXT.findall(arguments)]
        for folder, name in places:
            yield os.path.join(unescaped(folder), unescaped(name))

    def outside(self, place, name):
        """Changes elsewhere than in the hidden folder beside `place`/`name`, apart from giving it its name."""
        hidden = os.fsencode(place) + b"/." + os.fsencode(name) + b".partial-"
        for call, path in self.changes:
            steps = path.split(b"/")
            is_inside = path.startswith(hidden) and b".." not in steps
            is_naming = call.startswith("rename") and path == os.fsencode(place) + b"/" + os.fsencode(name)
            if not is_inside and not is_naming and path.decode(errors="replace") not in DEVICES:
                yield f"{call} {path.decode(errors='backslashreplace')}"
