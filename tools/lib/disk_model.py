"""A disk that loses, reorders and tears what was not synced: the states that a power cut may leave of a folder.

Names and the bytes of files are told apart, as on a disk. What is promised is what POSIX promises, and no more:
`fsync` of a file puts its bytes, its length and its mode on disk, and says nothing of its name; `fsync` of a folder
puts the names in it on disk. Whatever was not synced may be there, in part or not at all, in any order; of a move one
half may be there, but never the loss of the old name without the new one, which no file system does.

Source: fsync(2), rename(2); "All File Systems Are Not Created Equal" (OSDI 2014) for what real ones do.
"""
import os
import random
import shutil
from dataclasses import dataclass

SECTOR = 512  # bytes that a disk writes whole or not at all
# How bytes that were not synced get to the disk.
FATES = ["whole", "none", "beginning", "some", "torn", "zeros"]
# How names do: all, none, in their order, or each for itself.
ORDERS = ["all", "none", "in order", "each"]


@dataclass
class Event:
    """`link`, `write`, `resize`, `mode`, `sync`."""
    kind: str
    # What it changes; of `sync` None for everything.
    inode: int
    name: bytes = b""
    # Of `link` the other inode, or None; of `sync` how many events it waits for; else the place, the size or the mode.
    value: int = None
    data: bytes = b""
    # Of the `link` that takes an old name away: the number of the one that gave the new name.
    after: int = None


class Model:
    def __init__(self, path):
        self.path = str(path)
        self.events, self.names, self.bytes, self.modes, self.folders = [], {}, {}, {}, set()
        self.count, self.sizes = 0, {}
        self.root = self.known(path)
        self.now = dict(self.names)

    def known(self, path):
        """What lies there from the beginning, and is on disk."""
        self.count += 1
        inode = self.count
        if path.is_dir():
            self.folders.add(inode)
            for entry in sorted(path.iterdir()):
                self.names[inode, os.fsencode(entry.name)] = self.known(entry)
        else:
            self.bytes[inode], self.modes[inode] = path.read_bytes(), path.stat().st_mode & 0o777
            self.sizes[inode] = len(self.bytes[inode])
        return inode

    # What is asked of the disk

    def make(self, folder, name, is_folder=False):
        self.count += 1
        inode = self.count
        if is_folder:
            self.folders.add(inode)
        else:
            self.bytes[inode], self.modes[inode], self.sizes[inode] = b"", 0o600, 0
        self.link(folder, name, inode)
        return inode

    def link(self, folder, name, inode, after=None):
        self.events.append(Event("link", folder, name, inode, after=after))
        self.now[folder, name] = inode
        return len(self.events) - 1

    def rename(self, old, new):
        inode = self.now[old]
        self.link(*old, None, after=self.link(*new, inode))

    def size(self, inode):
        return self.sizes[inode]

    def write(self, inode, place, data):
        self.events.append(Event("write", inode, value=place, data=data))
        self.sizes[inode] = max(self.sizes[inode], place + len(data))

    def resize(self, inode, size):
        self.events.append(Event("resize", inode, value=size))
        self.sizes[inode] = size

    def change_mode(self, inode, mode):
        self.events.append(Event("mode", inode, value=mode))

    def sync(self, inode, begun):
        self.events.append(Event("sync", inode, value=begun))


class Disk:
    """The events of one command, in an order that may have been spoilt, and the states they can leave."""

    def __init__(self, model, events=None):
        self.model, self.events = model, model.events if events is None else events
        self.files, self.links = {}, {}
        for at, event in enumerate(self.events):
            if event.kind == "link":
                self.links.setdefault((event.inode, event.name), []).append(at)
            elif event.kind != "sync":
                self.files.setdefault(event.inode, []).append(at)
        self.cache = {}

    def certain(self, cut):
        """How many events are on disk for sure, of each inode, before the event `cut`."""
        everything, each = 0, {}
        for event in self.events[:cut]:
            if event.kind == "sync":
                if event.inode is None:
                    everything = max(everything, event.value)
                else:
                    each[event.inode] = max(each.get(event.inode, 0), event.value)
        return lambda inode: max(everything, each.get(inode, 0))

    def state(self, chance):
        """A state that the power cut of this seed leaves: the cut, and the tree as paths with (content, mode)."""
        count = len(self.events)
        cut = count if chance.random() < 0.1 else chance.randrange(count + 1)
        certain = self.certain(cut)
        names = self.surviving_names(cut, certain, chance)
        order, tree = chance.choice(FATES), {}
        self.walk(self.model.root, b"", names, tree)
        contents = {}
        # Each file of the command by its turn, whatever it is called: names differ in each run.
        for inode in self.files:
            fate = order if chance.random() < 0.7 else chance.choice(FATES)
            contents[inode] = self.content(inode, cut, certain(inode), fate, chance.randrange(4))
        for path, inode in tree.items():
            if inode in self.model.folders:
                tree[path] = None
            else:
                tree[path] = contents.get(inode) or (self.model.bytes[inode], self.model.modes[inode])
        return cut, tree

    def surviving_names(self, cut, certain, chance):
        names, order = dict(self.model.names), chance.choice(ORDERS)
        line = chance.randrange(cut + 1)
        given = set()
        for place, all_links in self.links.items():
            links = [at for at in all_links if at < cut]
            floor = sum(at < certain(place[0]) for at in links)
            reach = {"all": len(links), "none": floor, "in order": max(floor, sum(at < line for at in links)),
                     "each": chance.randint(floor, len(links))}[order]
            given.update(links[:reach])
            self.choose(names, place, links, reach)
        # An old name goes only after the new one has come.
        for place, all_links in self.links.items():
            links = [at for at in all_links if at < cut]
            reach = sum(at in given for at in links)
            while reach and not self.may_go(links[reach - 1], given):
                reach -= 1
            self.choose(names, place, links, reach)
        return names

    def may_go(self, at, given):
        return self.events[at].after is None or self.events[at].after in given

    def choose(self, names, place, links, reach):
        value = self.events[links[reach - 1]].value if reach else self.model.names.get(place)
        if value is None:
            names.pop(place, None)
        else:
            names[place] = value

    def walk(self, folder, path, names, tree):
        children = {}
        for (inode, name), child in names.items():
            children.setdefault(inode, []).append((name, child))
        stack = [(folder, path)]
        while stack:
            folder, path = stack.pop()
            for name, child in children.get(folder, ()):
                below = path + b"/" + name if path else name
                tree[below] = child
                if child in self.model.folders:
                    stack.append((child, below))

    def content(self, inode, cut, certain, fate, number):
        """The bytes and the mode of a file. Equal ones are the same object."""
        operations = [at for at in self.files.get(inode, ()) if at < cut]
        sure = sum(at < certain for at in operations)
        if sure == len(operations):
            fate, number = "whole", 0
        elif fate not in ("some", "torn", "beginning"):
            number = 0
        key = inode, sure, len(operations), fate, number
        if key not in self.cache:
            self.cache[key] = self.made(inode, operations, sure, fate, random.Random(str(key)))
        return self.cache[key]

    def made(self, inode, operations, sure, fate, chance):
        data, mode, size = bytearray(self.model.bytes[inode]), self.model.modes[inode], None
        last = {"whole": len(operations), "beginning": chance.randint(sure, len(operations))}.get(fate)
        for number, at in enumerate(operations):
            event = self.events[at]
            is_kept = number < sure or (number < last if last is not None else fate == "torn"
                                        or fate == "some" and chance.random() < 0.5)
            if event.kind == "mode":
                mode = event.value if is_kept else mode
            elif event.kind == "resize":
                if is_kept:
                    data[event.value:] = b"\0" * max(0, event.value - len(data))
            elif fate == "zeros" and number >= sure:
                size = max(size or 0, event.value + len(event.data))
            elif is_kept:
                self.put(data, event, chance if fate == "torn" and number >= sure else None)
        if size:
            data += b"\0" * max(0, size - len(data))
        return bytes(data), mode

    @staticmethod
    def put(data, event, chance):
        """Writes all, or with a `chance` some of the sectors, the rest being what was there or nothing."""
        end = event.value + len(event.data)
        place = event.value
        while place < end:
            stop = min(end, (place // SECTOR + 1) * SECTOR)
            if not chance or chance.random() < 0.5:
                data += b"\0" * max(0, stop - len(data))
                data[place:stop] = event.data[place - event.value:stop - event.value]
            place = stop


def lay(tree, start, folder):
    """Makes `folder`, a copy of `start`, what the tree says. What is the same stays untouched, its times too."""
    for root, folders, files in os.walk(os.fsencode(str(folder)), topdown=False):
        below = os.path.relpath(root, os.fsencode(str(folder)))
        for name in files + folders:
            path = name if below == b"." else below + b"/" + name
            full = os.path.join(root, name)
            if path not in tree:
                shutil.rmtree(full) if os.path.isdir(full) else os.unlink(full)
    for path, content in sorted(tree.items()):
        full = os.path.join(os.fsencode(str(folder)), path)
        if content is None:
            os.makedirs(full, exist_ok=True)
            os.chmod(full, 0o700)
            continue
        data, mode = content
        if os.path.isfile(full):
            with open(full, "rb") as file:
                is_same = file.read() == data
            if is_same and os.stat(full).st_mode & 0o777 == mode:
                continue
            os.unlink(full)
        with open(full, "wb") as file:
            file.write(data)
        os.chmod(full, mode)
