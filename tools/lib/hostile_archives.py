"""Archives with other entries than files, with headers that programs read differently, and of lying sizes."""
import gzip
import io
import zipfile

from hostile_tar import END, archive, entry, filled, header, octal, pax

KINDS = {
    b"1": "hard link", b"2": "symbolic link", b"3": "character device", b"4": "block device", b"6": "FIFO",
    b"5": "folder", b"7": "contiguous file", b"g": "global header", b"S": "sparse file of GNU",
    b"L": "long name of GNU",
    b"K": "long link of GNU", b"M": "continued file of GNU", b"V": "volume of GNU", b"X": "header of Solaris",
    b"D": "folder of GNU", b"N": "old names of GNU", b"\0": "file of Unix V7", b"A": "access list",
    b"Z": "no kind at all",
}


def kinds(bench):
    for kind, name in KINDS.items():
        link = {"link": b"/etc/passwd"} if kind in b"12" else {}
        size = 8 if kind in (b"L", b"K", b"g") else 0
        raw = header(b"bundle/x", size, kind, **link) + filled(b"y" * size)
        yield bench.archived("kinds of entries", name, bench.with_entry(raw))
    through = header(b"bundle/way", 0, b"2", link=b"/tmp") + entry("bundle/way/escape", b"x")
    yield bench.archived("kinds of entries", "symbolic link and a file through it", bench.with_entry(through))
    yield bench.archived("kinds of entries", "link first of all", through + archive(bench.bundle().files))
    yield bench.archived("kinds of entries", "link by an extended header",
                         bench.with_entry(pax((b"linkpath", b"/etc/passwd")) + header(b"bundle/x", 0, b"2")))
    yield bench.archived("kinds of entries", "file with the name of a link",
                         bench.with_entry(header(b"bundle/x", link=b"y")))
    sparse = pax((b"GNU.sparse.major", b"1"), (b"GNU.sparse.realsize", b"1099511627776"))
    yield bench.archived("kinds of entries", "sparse file of pax", bench.with_entry(sparse + header(b"bundle/x")))
    # Modes, owners and times are nobody's business: what opens is a plain file of whoever opens it.
    bundle = bench.open_bundle()
    bundle.files["page"] = b"x"
    files = bundle.close().files
    for name, fields in {"setuid": {"mode": b"0004755\0"}, "of root": {"uid": octal(0, 7), "uname": b"root"},
                         "of the year 2242": {"mtime": octal(8**11 - 1, 11)}}.items():
        raw = b"".join(header(f"bundle/{path}".encode(), len(content), **fields) + filled(content)
                       for path, content in files.items())
        yield bench.archived("kinds of entries", name, raw + END, status=0, files=files)


def headers(bench):
    def refused(name, raw, **expected):
        return bench.archived("headers", name, bench.with_entry(raw, **expected))

    name = b"bundle/x"
    yield refused("wrong checksum", header(name, checksum=b"000001\0 "))
    yield refused("checksum without an end", header(name, checksum=b"00000001"))
    yield refused("no magic", header(name, magic=bytes(8)))
    yield refused("magic of another format", header(name, magic=b"ustar\x0099"))
    yield refused("text behind a zero byte", header(b"bundle/x\0/../../y"))
    yield refused("something in the rest", header(name, rest=b"x"))
    yield refused("something in the rest of GNU", header(name, magic=b"ustar  \0", prefix=b"bundle"))
    yield refused("mode that is no number", header(name, mode=b"rwxr-xr\0"))
    yield refused("spaces before a number", header(name, mode=b"   644 \0"))
    yield refused("extended header that is empty", pax() + header(name))
    yield refused("extended header before the end", pax((b"path", name)))
    yield refused("extended header twice", pax((b"path", name)) * 2 + header(name))
    yield refused("keyword twice", pax((b"path", name), (b"path", b"bundle/y")) + header(name))
    yield refused("keyword that nobody knows", pax((b"SCHILY.xattr.user.x", b"y")) + header(name))
    yield refused("other letters for names", pax((b"hdrcharset", b"BINARY")) + header(name))
    for what, record in {"too long": b"99999 path=x\n", "too short": b"5 path=x\n", "negative": b"-9 path=x\n",
                         "huge": b"9" * 40 + b" path=x\n", "0": b"0 path=x\n", "without an end": b"8 path=x"}.items():
        yield refused(f"record whose length is {what}", pax(record) + header(name))
    yield refused("extended header of 64 KiB and a byte", pax((b"comment", b"x" * 65_522)) + header(name))
    yield refused("extended header of 8 GiB", header(b"PaxHeader", 8**11 - 1, b"x"))
    yield refused("padding other than zero", header(name, 1) + b"x" * 512)


def sizes(bench):
    def refused(name, raw, end=None):
        return bench.archived("sizes", name, bench.with_entry(raw, end))

    name = b"bundle/x"
    yield refused("8 GiB and no content", header(name, 8**11 - 1))
    yield refused("binary number of GNU", sized(b"\x80" + b"\0" * 3 + b"\x7f" * 8))
    yield refused("negative number of GNU", sized(b"\xff" * 12))
    yield refused("minus one", sized(b"-0000000001\0"))
    yield refused("no number", sized(bytes(12)))
    for what, value in {"2^63": b"9223372036854775808", "2^64": b"18446744073709551616", "-1": b"-1", "1e3": b"1e3",
                        "012": b"012", "16 TiB and a byte": b"%d" % (2**44 + 1), "16 TiB": b"%d" % 2**44}.items():
        yield refused(f"{what} by an extended header", pax((b"size", value)) + header(name))
    yield refused("0 with content", header(name) + filled(b"content"))
    yield refused("smaller than the content", header(name, 1) + filled(b"x" * 600))
    yield refused("content that ends early", header(name, 10_000) + filled(b"x"), b"")
    whole = archive(bench.bundle().files)
    for what, data in {
            "no byte": b"", "no end": whole[:-1024], "one zero block": whole[:-512], "half a block": whole[:-100],
            "bytes behind the end": whole + filled(b"x"), "a second archive behind it": whole + whole,
            "an end in the middle": END + whole, "cut in the middle": whole[:len(whole) // 2 & -512],
            }.items():
        yield bench.archived("sizes", f"archive: {what}", data)
    yield bench.archived("sizes", "archive: no entries", END, says="the bundle lacks proofs/sender.note")
    yield bench.archived("sizes", "archive: zero blocks behind the end", whole + bytes(1 << 20), status=0,
                         files=bench.bundle().files)
    yield from other_formats(bench, whole)


def sized(field):
    """A header with these bytes for a size."""
    block = bytearray(header(b"bundle/x"))
    block[124:136] = field
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def other_formats(bench, whole):
    bomb = gzip.compress(bytes(64 << 20))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("bundle/../../escape", bytes(1 << 20))
    for name, data in {"tar in gzip": gzip.compress(whole), "64 MiB of zeros in gzip": bomb, "zip": packed.getvalue(),
                       "text": b"Dear colleague,\n" * 100, "PDF": b"%PDF-1.7\n" + bytes(2000)}.items():
        yield bench.archived("sizes", f"not an archive: {name}", data)
    bundle = bench.open_bundle()
    bundle.files["pages.gz"] = bomb
    yield bench.signed("sizes", "a page that would unpack to a thousand times its size", bundle.close(), status=0)
    bundle = bench.open_bundle()
    bundle.files["bag-info.txt"] = b"Payload-Oxum: 9223372036854775807.99999999\n"
    yield bench.signed("sizes", "lies in bag-info.txt, which nobody reads", bundle.close(), status=0)
