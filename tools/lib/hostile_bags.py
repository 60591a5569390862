"""Bundles in which files are missing, added, changed, or named otherwise in the manifests; and bundles passed on."""
import os
import stat

from bundle_maker import manifest, sha256
from hostile_bench import NOT_IN_A_BUNDLE
from hostile_judge import Hostile
from hostile_tar import archive

NEEDED = [
    "bundle.note", "tagmanifest-sha256.txt", "proofs/sender.note", "manifest-sha256.txt", "bagit.txt",
    "data/item-1/record.json", "data/item-1/summons.txt", "proofs/item-1.sd-jwt", "proofs/item-1.tlog-proof",
    "REPORT.txt", "proofs/event-2.tlog-proof", "tagmanifest-sha256.txt.sig", "proofs/allowed_signers",
]
UNSIGNED = "a file that nobody signed"


def bags(bench):
    yield bench.signed("bags", "nothing wrong", bench.bundle(), status=0)
    for path in NEEDED:
        path = path.replace("1/summons", "1/files/summons")
        files = dict(bench.bundle().files)
        del files[path]
        says = "tagmanifest-sha256.txt is not as it was signed" if path == "tagmanifest-sha256.txt" else f"lacks {path}"
        yield laid_out(bench, f"without {path}", files, says)
    for path in ["data/item-1/files/more.txt", "proofs/item-3.sd-jwt", "more.txt", "data/x", "proofs/timestamps/x"]:
        yield laid_out(bench, f"with {path}, which nobody signed", {**bench.bundle().files, path: b"x"}, UNSIGNED)
    for path in ["data/item-1/files/summons.txt", "data/item-1/record.json", "REPORT.txt", "proofs/item-1.sd-jwt",
                 "manifest-sha256.txt", "tagmanifest-sha256.txt", "bagit.txt"]:
        files = dict(bench.bundle().files)
        files[path] += b"x"
        says = "bagit.txt cannot be read" if path == "bagit.txt" else f"{path} is not as it was signed"
        yield laid_out(bench, f"{path} changed", files, says)
    yield from signed_files(bench)
    yield from manifests(bench)
    yield from folders(bench)


def signed_files(bench):
    """What the sender signed and yet must not have."""
    for path, content, says in [
            ("data/item-1/files/more.txt", b"x", UNSIGNED), ("data/item-1/renamed/1-x", b"x", UNSIGNED),
            ("data/item-7/record.json", b"{}\n", UNSIGNED), ("data/more.txt", b"x", UNSIGNED),
            ("proofs/more", b"x", UNSIGNED), ("proofs/item-01.sd-jwt", b"x", UNSIGNED),
            ("proofs/item--1.sd-jwt", b"x", UNSIGNED), ("proofs/item-+1.sd-jwt", b"x", UNSIGNED),
            ("proofs/item-18446744073709551616.sd-jwt", b"x", UNSIGNED),
            ("proofs/item-\u0661.sd-jwt", b"x", UNSIGNED)]:
        bundle = bench.open_bundle()
        bundle.files[path] = content
        yield bench.signed("bags", f"signed, but of no item: {path}", bundle.close(), says=says)
    # RFC 8493 gives these a meaning that this format does not: another program would fetch, or compare other digests.
    for path, content in {
            "fetch.txt": b"https://collector.invalid/beacon 5 data/item-1/files/summons.txt\n",
            "manifest-md5.txt": b"0" * 32 + b"  data/item-1/files/summons.txt\n",
            "manifest-sha512.txt": b"0" * 128 + b"  data/item-1/files/summons.txt\n",
            "tagmanifest-md5.txt": b"0" * 32 + b"  bagit.txt\n", "Fetch.TXT": b""}.items():
        bundle = bench.open_bundle()
        bundle.files[path] = content
        yield bench.signed("bags", f"signed: {path}", bundle.close(), says=NOT_IN_A_BUNDLE)
    for name in ["manifest-md5.txt", "MANIFEST-MD5.TXT", "listed"]:
        bundle = bench.bundle()
        bundle.files[name] = bundle.files.pop("manifest-sha256.txt")
        tags = {path: content for path, content in bundle.files.items() if not path.startswith("data/")}
        for path in ["tagmanifest-sha256.txt", *bundle.of_tag_manifest]:
            del tags[path]
        says = NOT_IN_A_BUNDLE if name != "listed" else "the bundle lacks manifest-sha256.txt"
        yield bench.signed("bags", f"{name} in the manifest's place", bundle.sign(manifest(tags)), says=says)
    for name, text in {"of version 0.97": b"BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n",
                       "in UTF-16": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-16\n", "empty": b""}.items():
        bundle = bench.open_bundle()
        bundle.files["bagit.txt"] = text
        yield bench.signed("bags", f"bagit.txt {name}", bundle.close(), says="bagit.txt cannot be read as it must be")
    for path in ["proofs/timestamps/" + "ab" * 32 + ending for ending in (".tst", ".pem")]:
        bundle = bench.open_bundle()
        bundle.files[path] = b"x"
        says = "lacks" if path.endswith("tst") else UNSIGNED
        yield bench.signed("bags", f"time-stamp alone: {path[-3:]}", bundle.close(), says=says)
    bundle = bench.open_bundle()
    for ending in [".tst", ".pem"]:
        bundle.files["proofs/timestamps/" + "ab" * 32 + ending] = b"\x30\x84\x7f\xff\xff\xff"
    yield bench.signed("bags", "time-stamp that is none", bundle.close(), says="cannot be read as it must be",
                       not_by_reader="it does not check time-stamps")


def manifests(bench):
    """Manifests that say something else, or say it otherwise."""
    right = manifest({path: content for path, content in bench.open_bundle().files.items() if path.startswith("data/")})
    lines = right.splitlines(keepends=True)
    broken = {
        "upper case": right.upper().replace(b"DATA", b"data"), "binary marks": right.replace(b"  ", b" *"),
        "one space": right.replace(b"  ", b" "), "CRLF": right.replace(b"\n", b"\r\n"), "no end": right[:-1],
        "another order": b"".join(reversed(lines)), "a line twice": right + lines[-1], "an empty line": right + b"\n",
        "two digests of one file": right + b"0" * 64 + lines[-1][64:], "empty": b"", "short digest": right[2:],
        "no UTF-8": right + b"f" * 64 + b"  data/\xff\n", "NUL": right + b"f" * 64 + b"  data/z\0\n",
        "a megabyte without a line feed": b"a" * 1_000_000,
    }
    for name, text in broken.items():
        bundle = bench.open_bundle()
        bundle.files["manifest-sha256.txt"] = text
        says = {"empty": UNSIGNED, "CRLF": UNSIGNED, "NUL": "lacks"}.get(name, "manifest-sha256.txt cannot be read")
        yield bench.signed("manifests", name, bundle.close(), says=says)
    digest = sha256(b"x").hex().encode()
    for path in ["../../../etc/passwd", "/etc/passwd", "data/absent", "data/item-1/files/", "proofs/sender.note", "~"]:
        bundle = bench.open_bundle()
        more = [*lines, digest + b"  " + path.encode() + b"\n"]
        bundle.files["manifest-sha256.txt"] = b"".join(sorted(more, key=lambda line: line[66:]))
        says = "is not as it was signed" if path == "proofs/sender.note" else f"the bundle lacks {path}"
        yield bench.signed("manifests", f"names {path}", bundle.close(), says=says)
    for path in ["tagmanifest-sha256.txt", *bench.bundle().of_tag_manifest]:
        bundle = bench.bundle()
        names = {name: content for name, content in bundle.files.items() if not name.startswith("data/")}
        for made in ["tagmanifest-sha256.txt", *bundle.of_tag_manifest]:
            del names[made]
        bundle.sign(manifest({**names, path: b"x"}))
        yield bench.signed("manifests", f"tag manifest names {path}", bundle, says=f"{path} is not as it was signed")


def folders(bench):
    """Open folders with what no archive can hold."""
    whole = dict(bench.bundle().files)

    def folder(name, path, make, says="", **expected):
        return Hostile("folders", name, folder={**whole, path: make}, says=says, **expected)

    def link(target):
        return lambda place: os.symlink(target, place)

    yield folder("link to a file", "page", link("REPORT.txt"), "nobody signed: page")
    yield folder("link out", "data/item-1/files/more", link("/etc/passwd"), "nobody signed")
    yield folder("link in a file's place", "REPORT.txt", link("/etc/hostname"), "nobody signed: REPORT.txt")
    yield folder("link to a folder", "more", link("/"), "nobody signed: more")
    yield folder("link to itself", "more", link("more"), "nobody signed: more")
    yield folder("FIFO", "REPORT.txt", os.mkfifo, "nobody signed: REPORT.txt")
    yield folder("socket", "more", lambda place: os.mknod(place, stat.S_IFSOCK | 0o600), "nobody signed: more")
    yield folder("name that is no UTF-8", "data/\udcff", b"x", NOT_IN_A_BUNDLE)
    yield folder("900 folders deep", "/".join("d" * 900), b"x", NOT_IN_A_BUNDLE)
    for name, path in {"backslash": "a\\b", "line feed": "a\nb", "escape": "a\x1b[2J", "C1": "a\x9b",
                       "NEL": "a\x85"}.items():
        for place in ["", "data/item-1/files/"]:
            bundle = bench.open_bundle()
            bundle.files[place + path] = b"x"
            yield Hostile("folders", f"signed: {place or 'page, '}{name}", folder=bundle.close().files,
                          says=NOT_IN_A_BUNDLE)
    yield folder("empty folders", "data/empty/x/.", lambda place: None, status=0)


def passed_on(bench):
    """Bundles that are right in themselves, and given to somebody else or put together from two."""
    family, passed = "passed on", "was signed for somebody else"
    for_other = bench.bundle(recipients=[bench.name_of(bench.other.to_public())])
    yield Hostile(family, "opened and sealed again", lambda: bench.seal(archive(for_other.files)), says=passed)
    yield Hostile(family, "sealed as it was to one more", says=passed,
                  sealed=lambda: bench.seal(archive(for_other.files), bench.other.to_public(), bench.recipient))
    note = dict(bench.bundle().files, **{"bundle.note": for_other.files["bundle.note"]})
    yield laid_out(bench, "note of a bundle for somebody else", note, passed, family, folder=None)
    with_passphrase = bench.bundle(recipients=["passphrase"])
    yield laid_out(bench, "of a passphrase, sealed to a key", with_passphrase.files, passed, family, folder=None)
    yield Hostile(family, "to a key, sealed with a passphrase", bench.with_passphrase(bench.bundle().files),
                  says=passed,
                  options=bench.passphrase_options)
    another = bench.bundle(bench.item(title="Another"), bench.event())
    whole = bench.bundle().files
    for path, says in {"bundle.note": "tagmanifest-sha256.txt is not as it was signed",
                       "tagmanifest-sha256.txt": "tagmanifest-sha256.txt is not as it was signed",
                       "proofs/item-1.sd-jwt": "is not as it was signed"}.items():
        files = dict(whole, **{path: another.files[path]})
        yield laid_out(bench, f"{path} of another bundle", files, says, family)
    mixed = bench.open_bundle()
    mixed.files["proofs/item-1.sd-jwt"] = another.files["proofs/item-1.sd-jwt"]
    yield bench.signed(family, "presentation of another head, signed again", mixed.close(),
                       says="item 1: proofs/item-1")
    theirs = bench.bundle(sender=bench.stranger, recipients=[bench.name_of(bench.recipient)])
    files = dict(whole, **{path: theirs.files[path] for path in ("bundle.note", "proofs/sender.note")})
    yield laid_out(bench, "note and sender of a stranger", files, "not known here", family, status=22)
    files = dict(whole, **{"bundle.note": theirs.files["bundle.note"]})
    yield laid_out(bench, "note of a stranger", files, "the signature in bundle.note does not fit", family)


def laid_out(bench, name, files, says, family="bags", **expected):
    """A bundle of these files, sealed and as a folder."""
    expected.setdefault("folder", files)
    return Hostile(family, name, lambda: bench.seal(archive(files)), says=says, **expected)
