"""What a command asked of the disk, call by call, from what strace wrote down: the events of a `disk_model.Model`."""
import os
import re
import subprocess

CALLS = ("open,openat,openat2,creat,close,dup,dup2,dup3,fcntl,lseek,write,pwrite64,writev,pwritev,pwritev2,ftruncate,"
         "truncate,fallocate,copy_file_range,sendfile,link,linkat,symlink,symlinkat,fsync,fdatasync,syncfs,sync,msync,"
         "rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,fchmod,fchmodat,chmod")
CALL = re.compile(rb"^([a-z0-9_]+)\((.*)\) += (-?\d+)", re.DOTALL)
TEXT = re.compile(rb'"((?:\\x[0-9a-f]{2})*)"')
OWN_DESCRIPTOR = re.compile(rb"^/proc/self/fd/(\d+)$")
LONGEST = 40_000_000  # bytes of one write that are written down
# Where memory may not be locked the program hides none, and what is written from there can be read here.
READABLE = [*(["setpriv", "--bounding-set", "-ipc_lock"] if os.geteuid() == 0 else []), "prlimit", "--memlock=0"]
# What would change the disk in a way that nobody models here yet.
UNKNOWN = {"creat", "open", "writev", "pwritev", "pwritev2", "truncate", "fallocate", "copy_file_range", "sendfile",
           "link", "linkat", "symlink", "symlinkat", "rename", "unlink", "rmdir", "chmod", "fchmodat", "sync"}


def record(command, environment, model, log, timeout=300):
    """Runs `command`, tells `model` what it did below the model's folder, and returns its status."""
    words = [*READABLE, "strace", "-f", "-qq", "-xx", "-s", str(LONGEST), "-e", f"trace={CALLS}", "-e", "signal=none", "-o", log]
    done = subprocess.run([*words, *command], env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=timeout)
    reader = Reader(model)
    with open(log, "rb") as lines:
        for line in lines:
            reader.take(line)
    return done.returncode


class Reader:
    def __init__(self, model):
        self.model = model
        self.files = {}  # descriptor → [inode, place, appends]
        self.pending = {}  # thread → the call that it is in, and how many events there were when it began

    def take(self, line):
        thread, _, rest = line.partition(b" ")
        rest = rest.strip()
        begun = len(self.model.events)
        if rest.endswith(b"<unfinished ...>"):
            rest = rest.removesuffix(b"<unfinished ...>").rstrip()
            self.pending[thread] = rest, begun
            # Another thread may get the same number before this one hears that it is free.
            if rest.startswith(b"close("):
                self.files.pop(int(re.match(rb"close\((\d+)", rest)[1]), None)
            return
        if rest.startswith(b"<..."):
            start, begun = self.pending.pop(thread)
            rest = start + rest.partition(b" resumed>")[2]
            if start.startswith(b"close("):
                return
        match = CALL.match(rest)
        if match and int(match[3]) >= 0:
            self.call(match[1].decode(), match[2], int(match[3]), begun)

    def call(self, name, arguments, result, begun):
        if name in UNKNOWN:
            return self.refuse(name, arguments)
        texts = [bytes.fromhex(text.replace(rb"\x", b"").decode()) for text in TEXT.findall(arguments)]
        numbers = [word.strip() for word in TEXT.sub(b"", arguments).split(b",")]
        getattr(self, f"on_{name}")(numbers, texts, result, begun)

    def refuse(self, name, arguments):
        texts = [bytes.fromhex(text.replace(rb"\x", b"").decode()) for text in TEXT.findall(arguments)]
        is_reading = name == "open" and not re.search(rb"O_WRONLY|O_RDWR|O_CREAT", arguments)
        is_elsewhere = texts and all(self.place(b"AT_FDCWD", text) is None for text in texts)
        number = re.match(rb"\d+", arguments)
        if not is_reading and not is_elsewhere and not (number and int(number[0]) not in self.files):
            raise RuntimeError(f"a call that is not modelled: {name}({arguments[:100]!r})")

    def place(self, folder, path):
        """The folder and the name that a path means; None outside the folder of the model."""
        if path.startswith(b"/"):
            root = self.model.path.encode() + b"/"
            if path + b"/" == root:
                return self.model.root, b"."
            if not path.startswith(root):
                return None
            inode, path = self.model.root, path.removeprefix(root)
        else:
            inode = self.inode(folder)
        *folders, last = [part for part in path.split(b"/") if part]
        for part in folders:
            inode = None if inode is None else inode if part == b"." else self.model.now.get((inode, part))
        return None if inode is None else (inode, last)

    def inode(self, number):
        return self.files[int(number)][0] if number.isdigit() and int(number) in self.files else None

    # The calls

    def on_openat(self, numbers, texts, result, begun):
        self.files.pop(result, None)
        own = OWN_DESCRIPTOR.match(texts[0])
        place = (self.inode(own[1]), b".") if own else self.place(numbers[0], texts[0])
        if place is None or place[0] is None:
            return
        inode = place[0] if place[1] == b"." else self.model.now.get(place)
        flags = b" ".join(numbers)
        if inode is None:
            inode = self.model.make(*place)
        elif b"O_TRUNC" in flags:
            self.model.resize(inode, 0)
        self.files[result] = [inode, 0, b"O_APPEND" in flags]

    on_openat2 = on_openat

    def on_close(self, numbers, texts, result, begun):
        self.files.pop(int(numbers[0]), None)

    def on_dup(self, numbers, texts, result, begun):
        if int(numbers[0]) in self.files:
            self.files[result] = self.files[int(numbers[0])]
        else:
            self.files.pop(result, None)

    on_dup2 = on_dup3 = on_dup

    def on_fcntl(self, numbers, texts, result, begun):
        if b"F_DUPFD" in numbers[1]:
            self.on_dup(numbers, texts, result, begun)

    def on_lseek(self, numbers, texts, result, begun):
        if int(numbers[0]) in self.files:
            self.files[int(numbers[0])][1] = result

    def on_write(self, numbers, texts, result, begun):
        file = self.files.get(int(numbers[0]))
        if file:
            if file[2]:
                file[1] = self.model.size(file[0])
            self.model.write(file[0], file[1], self.whole(texts[0], result))
            file[1] += result

    def on_pwrite64(self, numbers, texts, result, begun):
        file = self.files.get(int(numbers[0]))
        if file:
            self.model.write(file[0], int(numbers[-1]), self.whole(texts[0], result))

    @staticmethod
    def whole(text, count):
        if len(text) < count:
            raise RuntimeError(f"{count} bytes were written, and {len(text)} of them are known")
        return text[:count]

    def on_ftruncate(self, numbers, texts, result, begun):
        if inode := self.inode(numbers[0]):
            self.model.resize(inode, int(numbers[1]))

    def on_fchmod(self, numbers, texts, result, begun):
        if inode := self.inode(numbers[0]):
            self.model.change_mode(inode, int(numbers[1], 8))

    def on_fsync(self, numbers, texts, result, begun):
        if inode := self.inode(numbers[0]):
            self.model.sync(inode, begun)

    on_fdatasync = on_fsync

    def on_syncfs(self, numbers, texts, result, begun):
        if self.inode(numbers[0]):
            self.model.sync(None, begun)

    def on_msync(self, numbers, texts, result, begun):
        raise RuntimeError("writing through mapped memory is not modelled")

    def on_renameat(self, numbers, texts, result, begun):
        old, new = self.place(numbers[0], texts[0]), self.place(numbers[2], texts[1])
        if old and new:
            self.model.rename(old, new)
        elif old or new:
            raise RuntimeError("something was moved into the folder or out of it")

    on_renameat2 = on_renameat

    def on_unlinkat(self, numbers, texts, result, begun):
        if place := self.place(numbers[0], texts[0]):
            self.model.link(*place, None)

    def on_mkdirat(self, numbers, texts, result, begun):
        if place := self.place(numbers[0], texts[0]):
            self.model.make(*place, is_folder=True)

    def on_mkdir(self, numbers, texts, result, begun):
        if place := self.place(b"AT_FDCWD", texts[0]):
            self.model.make(*place, is_folder=True)
