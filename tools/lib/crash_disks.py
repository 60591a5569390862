"""Disks of their own for commands: one whose power can be cut, and one that is nearly full. Both need root."""
import functools
import os
import shutil
import subprocess
import time
from contextlib import contextmanager


@functools.cache
def is_mountable(work):
    if os.geteuid():
        return False
    try:
        with image(work):
            return True
    except (subprocess.CalledProcessError, OSError):
        return False


class Disk:
    def __init__(self, work):
        self.work, self.mounted = work, work / "mounted"
        self.mounted.mkdir(exist_ok=True)
        self.desk = self.mounted / "desk"

    def mount(self, *words):
        # Whoever else looks for a free loop device at the same moment may take this one's.
        for _ in range(20):
            done = subprocess.run(["mount", *[str(word) for word in words], self.mounted], capture_output=True)
            if done.returncode == 0:
                return
            time.sleep(0.1)
        done.check_returncode()

    def unmount(self):
        for _ in range(50):
            if subprocess.run(["umount", self.mounted], capture_output=True).returncode == 0:
                return
            time.sleep(0.1)
        raise OSError("the disk stays mounted")


class Image(Disk):
    """A file with a file system in it. What has reached the file is what survives when the power goes."""

    def __init__(self, work):
        super().__init__(work)
        self.file, self.snapshot = work / "disk.img", work / "snapshot.img"
        empty = work / "empty.img"
        if not empty.exists():
            with open(empty, "wb") as file:
                file.truncate(64 << 20)
            subprocess.run(["mkfs.ext4", "-q", "-F", empty], check=True, capture_output=True)
        copy_image(empty, self.file)
        self.mount("-o", "loop", self.file)

    def settle(self):
        """Brings everything so far to the disk."""
        subprocess.run(["sync", "-f", self.mounted], check=True)

    def take(self):
        copy_image(self.file, self.snapshot)

    def recover(self, desk):
        """Lays on `desk` what is on the snapshot once its journal was replayed."""
        self.mount("-o", "loop", self.snapshot)
        shutil.rmtree(desk, ignore_errors=True)
        shutil.copytree(self.desk, desk)
        self.unmount()


class Small(Disk):
    """A file system in memory whose size can be changed."""
    BLOCK = 4096

    def __init__(self, work):
        super().__init__(work)
        self.mount("-t", "tmpfs", "-o", "size=96m,nr_inodes=10000", "tmpfs")

    def leave(self, limit, left):
        """Leaves room for so many blocks or inodes; for plenty with None."""
        status = os.statvfs(self.mounted)
        if limit == "blocks":
            used = (status.f_blocks - status.f_bfree) * status.f_frsize // self.BLOCK
            option = "size=96m" if left is None else f"size={(used + left) * self.BLOCK}"
        else:
            option = "nr_inodes=10000" if left is None else f"nr_inodes={status.f_files - status.f_ffree + left}"
        subprocess.run(["mount", "-o", f"remount,{option}", self.mounted], check=True, capture_output=True)


@contextmanager
def image(work):
    disk = Image(work)
    try:
        yield disk
    finally:
        disk.unmount()


@contextmanager
def small(work):
    disk = Small(work)
    try:
        yield disk
    finally:
        disk.unmount()


def copy_image(source, target):
    subprocess.run(["cp", "--sparse=always", source, target], check=True)
