"""Hostile paths and names: of pages in the archive, all of which the sender signed, and of files in a record."""
from bundle_maker import Entry
from hostile_bench import MOMENT, NOT_IN_A_BUNDLE, PROOF
from hostile_tar import ABOVE, ABSOLUTE, archive, entry, filled, header, pax

LONG = "/".join(["d" * 255] * 15)

LEADING_OUT = {
    "one folder up": "../escape", "many folders up": "../" * 40 + "tmp/escape", "up from within": "data/../../escape",
    "up at the end": "pages/..", "absolute": "/tmp/escape", "double slash": "pages//escape", "a point": "./escape",
    "a point within": "pages/./escape", "a slash at the end": "pages/", "backslashes": "..\\..\\escape",
    "share on Windows": "\\\\server\\share\\escape", "drive and backslash": "C:\\escape",
}
OF_OTHER_SYSTEMS = {
    "home": "~", "home of root": "~root/.profile", "option": "-rf", "settings of a shell": ".bashrc",
    "nearly a device of Windows": "NUL1.txt", "names with spaces": "a b",
}
NOT_FOR_PAGES = {
    "drive": "C:escape", "stream of NTFS": "REPORT.txt:stream", "point at the end": "REPORT.txt.",
    "space at the end": "REPORT.txt ", "right to left": "REPORT\u202etxt.exe", "isolate": "REPORT\u2066fdp\u2069.exe",
    "zero width": "REPORT\u200b.txt", "tag characters": "REPORT\U000e0041.txt", "line separator": "a\u2028b",
    "private use": "a\ue000b", "wildcard": "*", "percent": "a%0Ab",
    "device of Windows": "NUL.txt", "device in a folder": "pages/com\u00b9 .x/y",
}
UNPRINTABLE = {
    "NUL": "a\0b", "line feed": "a\nb", "carriage return": "a\rb", "escape": "\x1b[2Ja", "OSC 52": "\x1b]52;c;YQ==\x07",
    "C1 CSI": "a\x9b2J", "DEL": "a\x7fb", "tabulator": "a\tb",
}
BYTES = {"no UTF-8": b"bundle/\xff\xfe", "surrogates": b"bundle/\xed\xa0\x80", "overlong": b"bundle/\xc0\xae\xc0\xae/x"}


def paths(bench):
    def refused(name, path, **expected):
        data, _ = bench.with_page(path)
        return bench.archived("paths", name, data, **expected)

    def opened(name, path, **expected):
        _, files = bench.with_page(path)
        expected.setdefault("folder", files)
        return bench.archived("paths", name, archive(files), status=0, files=files, **expected)

    yield from (refused(name, path) for name, path in {**LEADING_OUT, **UNPRINTABLE}.items())
    yield from (opened(name, path) for name, path in OF_OTHER_SYSTEMS.items())
    for name, path in NOT_FOR_PAGES.items():
        data, files = bench.with_page(path)
        yield bench.archived("paths", name, data, says=NOT_IN_A_BUNDLE, folder=files)
    for name, path in BYTES.items():
        yield bench.archived("paths", name, bench.with_entry(entry(path, b"x")))
    yield bench.archived("paths", "empty name", bench.with_entry(header(b"")))
    yield bench.archived("paths", "empty path record", bench.with_entry(pax((b"path", b"")) + header(b"bundle/x")))
    yield bench.archived("paths", "not below bundle", bench.with_entry(entry("elsewhere/x")))
    yield bench.archived("paths", "a file called bundle", bench.with_entry(entry("bundle")))
    yield bench.archived("paths", "harmless name, hostile record",
                         bench.with_entry(pax((b"path", b"../../escape")) + header(b"bundle/x")))
    yield bench.archived("paths", "hostile prefix", bench.with_entry(header(b"x", prefix=b"bundle/../..")))
    yield opened("component of 255 bytes", "d" * 255)
    yield refused("component of 256 bytes", "d" * 256)
    yield opened("path of 4,096 bytes", LONG + "/" + "d" * (4096 - len("bundle/") - len(LONG) - 1),
                 folder=None)
    yield refused("path of 4,097 bytes", LONG + "/" + "d" * (4097 - len("bundle/") - len(LONG) - 1))
    yield opened("64 components", "/".join("d" * 63))
    yield refused("65 components", "/".join("d" * 64))
    yield refused("10,000 components", "/".join("d" * 10_000))
    yield from out_of_the_archive(bench)
    yield from twins(bench)


def out_of_the_archive(bench):
    """Entries whose own path leads out, with nothing in front of it."""
    for name, path in {"absolute": ABSOLUTE, "with two slashes": "/" + ABSOLUTE, "up": ABOVE}.items():
        name, path = f"{name}, with no bundle in front", path.encode()
        for place, raw in {
            "header": header(path, 1) + filled(b"x"),
            "prefix": header(path.rpartition(b"/")[2], 1, prefix=path.rpartition(b"/")[0]) + filled(b"x"),
            "extended header": pax((b"path", path)) + header(b"bundle/x", 1) + filled(b"x"),
            "link in the header": header(b"bundle/x", 0, b"2", link=path) + header(b"bundle/x/y", 1) + filled(b"x"),
        }.items():
            yield bench.archived("paths", f"{name}: {place}", bench.with_entry(raw), outside=[ABSOLUTE, ABOVE])


def twins(bench):
    """Paths that are one for the archive, for people, or for some disks."""
    yield bench.archived("paths", "a path twice", bench.with_entry(entry("bundle/REPORT.txt", b"Another.\n")))
    yield bench.archived("paths", "an entry below a file", bench.with_entry(entry("bundle/REPORT.txt/x")))
    yield bench.archived("paths", "a file in a folder's place", bench.with_entry(entry("bundle/data")))
    bundle = bench.open_bundle()
    bundle.files |= {"caf\u00e9": b"1", "cafe\u0301": b"2"}
    yield bench.signed("paths", "composed and decomposed", bundle.close(), says="a file that no bundle may have")
    bundle = bench.open_bundle()
    bundle.files["report.TXT"] = b"Another.\n"
    yield bench.signed("paths", "twins in case", bundle.close(), says="a file that no bundle may have")


RENAMED = {
    "right to left": ("REPORT\u202etxt.exe", "REPORT_txt.exe"), "isolate": ("a\u2066b", "a_b"),
    "zero width": ("a\u200bb", "a_b"), "byte order mark": ("\ufeffa", "_a"),
    "tag characters": ("a\U000e0041", "a_"), "line separator": ("a\u2028b", "a_b"), "private use": ("\ue000", "_"),
    "unassigned": ("a\U000efff0", "a_"), "drive": ("C:a.txt", "C_a.txt"), "stream": ("a.txt:b", "a.txt_b"),
    "point at the end": ("a.txt.", "a.txt._"), "space at the end": ("a ", "a _"), "wildcards": ("*?\"<>|", "______"),
    "percent": ("a%2e%2e", "a_2e_2e"), "device of Windows": ("CON", "CON"), "device with ending": ("a/Lpt9 .x", "Lpt9 .x"),
    "long for Windows": ("d" * 150 + "/e.txt", "e.txt"), "long name": ("a folder of a long name/" + "\u044e" * 127, "\u044e" * 60),
}
KEPT = {"home": "~/a", "nearly a device": "CON1/com10.x", "hidden": ".bashrc", "option": "-rf", "a letter of 2 bytes": "чор"}


def names(bench):
    """Names of files in a record, which the sender signed."""
    for name, (path, place) in RENAMED.items():
        item = bench.item(files=[(path, b"x", f"renamed/1-{place}")])
        yield bench.signed("names", f"renamed: {name}", bench.bundle(item, bench.event()), status=0)
    for name, path in KEPT.items():
        yield bench.signed("names", f"kept: {name}", bench.bundle(bench.item(files=[(path, b"x")])), status=0)
    item = bench.item(files=[("A.txt", b"1"), ("a.TXT", b"2", "renamed/2-a.TXT"), ("a.txt/b", b"3", "renamed/3-b")])
    yield bench.signed("names", "twins in case", bench.bundle(item), status=0)
    folded = [("Ma\u00dfe", b"1"), ("MASSE", b"2", "renamed/2-MASSE"), ("\u03c3\u03c2", b"3"),
              ("\u03a3\u03a3", b"4", "renamed/4-\u03a3\u03a3")]
    yield bench.signed("names", "twins by folding", bench.bundle(bench.item(files=folded)), status=0)
    twice = [("caf\u00e9", b"1"), ("cafe\u0301", b"2", "renamed/2-cafe\u0301")]
    yield bench.signed("names", "composed and decomposed", bench.bundle(bench.item(files=twice)), status=0)
    item = bench.item(files=[("a\u202eb", b"x", "files/a\u202eb")])
    yield bench.signed("names", "hostile name kept as it is", bench.bundle(item),
                       says="the bundle lacks data/item-1/ren")
    for name, path in {**LEADING_OUT, **UNPRINTABLE}.items():
        item = bench.item(files=[(path, b"x", "files/x")])
        yield bench.signed("names", f"in the record: {name}", bench.bundle(item), says=PROOF)
    item = Entry(bench.sender, 1, {"kind": "document", "added": MOMENT},
                 [("../../../../escape", b"x", "renamed/1-escape")])
    yield bench.signed("names", "leading out, renamed", bench.bundle(item), says=PROOF)


