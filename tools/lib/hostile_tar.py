"""Archives written by hand, so that anything in them can be wrong.  Source: POSIX.1-2017 `pax`."""
import os

BLOCK_COUNT = 512  # bytes
END = bytes(2 * BLOCK_COUNT)
# Where archives lead that lead out: names of this run alone, from the root, and from the folder that it runs in.
ABSOLUTE, ABOVE = f"/tmp/escape-{os.getpid()}", f"../escape-{os.getpid()}"


def octal(value, digits):
    return b"%0*o" % (digits, value) + b"\0"


def header(name, size=0, kind=b"0", *, checksum=None, **fields):
    """A header block. `fields` are the bytes of other fields, by name."""
    places = {
        "name": (0, 100), "mode": (100, 8), "uid": (108, 8), "gid": (116, 8), "size": (124, 12), "mtime": (136, 12),
        "type": (156, 1), "link": (157, 100), "magic": (257, 8), "uname": (265, 32), "gname": (297, 32),
        "major": (329, 8), "minor": (337, 8), "prefix": (345, 155), "rest": (500, 12)}
    values = {"name": name, "mode": octal(0o644, 7), "uid": octal(0, 7), "gid": octal(0, 7), "mtime": octal(0, 11),
              "size": octal(size, 11), "type": kind, "magic": b"ustar\x0000", **fields}
    block = bytearray(BLOCK_COUNT)
    for field, value in values.items():
        start, count = places[field]
        assert len(value) <= count, field
        block[start:start + len(value)] = value
    block[148:156] = b" " * 8
    block[148:156] = checksum or b"%06o\0 " % sum(block)
    return bytes(block)


def filled(content):
    return content + bytes(-len(content) % BLOCK_COUNT)


def pax_record(keyword, value):
    rest = b" " + keyword + b"=" + value + b"\n"
    count = len(rest)
    while len(rest) + len(b"%d" % count) != count:
        count = len(rest) + len(b"%d" % count)
    return b"%d" % count + rest


def pax(*records, kind=b"x", **fields):
    """An extended header of (keyword, value) pairs, or of raw bytes."""
    data = b"".join(record if isinstance(record, bytes) else pax_record(*record) for record in records)
    return header(b"PaxHeader", len(data), kind, **fields) + filled(data)


def entry(path, content=b"", **fields):
    """A file, with an extended header where its path needs one."""
    path = path if isinstance(path, bytes) else path.encode("utf-8", "surrogateescape")
    if len(path) <= 100 and path.isascii() and b"\0" not in path:
        return header(path, len(content), **fields) + filled(content)
    return pax((b"path", path)) + header(b"file", len(content), **fields) + filled(content)


def archive(files, root="bundle/", end=END):
    """An archive of files by path, or of entries made already."""
    pieces = [entry(root + path, content) for path, content in files.items()]
    return b"".join(pieces) + end
