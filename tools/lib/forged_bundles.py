"""What a sender could sign that is not as the format says, each with what a verifier has to make of it: the note, the
manifests, the card. `forged_entries` has the rest.

A forgery is a name, what is done to a `Forgery` before it is signed, and the verdict. What a program cannot see, and
FORMAT says so, is in parity_exceptions.
"""
import base64

from bundle_forger import MANIFEST, NOTE, SENDER, TAG_MANIFEST, manifest_of
from bundle_maker import Malleable, sha256

SOUND, REFUSED = "sound", "refused"
FORGERIES = []
ITEM, PROOF = "proofs/item-0.sd-jwt", "proofs/item-0.tlog-proof"


def forgery(name, verdict=REFUSED):
    def add(change):
        FORGERIES.append((name, change, verdict))
        return change
    return add


def simple(name, change, verdict=REFUSED):
    FORGERIES.append((name, change, verdict))


def replace(path, old, new):
    def change(f):
        assert old in f.files[path], f"{path} has no {old}"
        f.files[path] = f.files[path].replace(old, new, 1)
    return change


def put(path, data):
    return lambda f: f.files.__setitem__(path, data)


def after(step, change):
    return lambda f: setattr(f, f"after_{step}", change)


# Nothing wrong: what the forger makes is otherwise as it must be, or the rest would be refused for another reason.

simple("put together again", lambda f: None, SOUND)
simple("signed again", lambda f: f.entry(0), SOUND)
simple("another page", put("MORE.txt", b"Sample\n"), SOUND)

# Pages whose names BagIt gives a meaning to, or that not every system can hold.

for page in ["fetch.txt", "Fetch.TXT", "manifest-md5.txt", "TagManifest-sha512.txt", "a\u202eb.txt", "a:b.txt", "more/b. ",
             "NUL.txt", "pages/com1 .x/b.txt"]:
    simple(f"a page called {page!a}", put(page, b"Sample\n"))

# Moments that are none.

for moment in ["2023-02-30T09:30:00Z", "2023-05-26T24:00:00Z", "2023-05-26T09:30:00+00:00", "2023-05-26",
               "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "1582-12-31T23:59:59Z", "2016-12-31T23:59:60Z"]:
    simple(f"made on {moment}", lambda f, moment=moment: f.set_line("created", moment))
for moment in ["1583-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]:
    simple(f"made on {moment}", lambda f, moment=moment: f.set_line("created", moment), SOUND)
simple("a page more", put("MORE.txt", b"more\n"), SOUND)
simple("a page in a folder", put("pages/More.txt", b"more\n"), SOUND)

# bundle.note

simple("note of another origin", lambda f: f.set_line("origin", "evidence-vault.invalid/other"))
simple("note of a later version", lambda f: f.lines.__setitem__(0, "evidence-bundle/v2"))
simple("note with a line more", lambda f: f.lines.append("more 1"))
simple("note with two purposes", lambda f: f.lines.insert(4, f.lines[4]))
simple("note without purpose", lambda f: f.lines.pop(4))
simple("note of an upper-case name", lambda f: f.set_line("bundle", "A" * 32))
simple("note of a short name", lambda f: f.set_line("bundle", "a" * 31))
simple("note without recipients", lambda f: f.lines.pop(5))
simple("note with a word for a recipient", lambda f: f.set_line("recipient", "somebody"))
simple("recipients not sorted", lambda f: f.lines.insert(5, "recipient " + "f" * 64))
simple("recipients sorted", lambda f: f.lines.insert(5, "recipient " + "0" * 64), SOUND)
simple("a recipient twice", lambda f: f.lines.insert(5, f.lines[5]))
simple("a recipient and a passphrase", lambda f: f.lines.insert(6, "recipient passphrase"))
simple("for a passphrase", lambda f: f.set_line("recipient", "passphrase"), SOUND)
simple("note with a control character", lambda f: f.set_line("purpose", "a\tb"))
simple("note with a markup purpose", lambda f: f.set_line("purpose", "<img src=x onerror=alert(1)>\u202etxt"), SOUND)
simple("note of another root", lambda f: f.set_line("checkpoint", f"{f.size} " + "0" * 64))
simple("note of a larger size", lambda f: replace_head(f, f.size + 1))
simple("note with a zero before the size", lambda f: replace_head(f, f"0{f.size}"))
simple("note signed by another key", lambda f: setattr(
    f, "note_signatures", lambda text: f.sender.signature(text, "bundles", by=f.sender.keys["records"])))
simple("note signed in the name of another key", lambda f: setattr(
    f, "note_signatures", lambda text: f.sender.signature(text, "records")))
simple("note with its signature twice", lambda f: setattr(
    f, "note_signatures", lambda text: 2 * f.sender.signature(text, "bundles")))
simple("note with another signature", lambda f: setattr(
    f, "note_signatures", lambda text: f.sender.signature(text, "bundles") + f.sender.signature(
        text, "records")))
simple("note with a signature in a second spelling", lambda f: setattr(
    f, "note_signatures", lambda text: f.sender.signature(text, "bundles", by=Malleable(f.sender.keys["bundles"]))))
simple("note with a line behind", after("note", lambda f: put(NOTE, f.files[NOTE] + b"\n")(f)))
simple("note with other line ends", after("note", lambda f: put(NOTE, f.files[NOTE].replace(b"\n", b"\r\n"))(f)))


def replace_head(f, size):
    place = next(place for place, line in enumerate(f.lines) if line.startswith("checkpoint "))
    f.lines[place] = f"checkpoint {size} {f.lines[place].split()[2]}"


# Manifests

def sorted_otherwise(path):
    return lambda f: put(path, b"".join(reversed(f.files[path].splitlines(keepends=True))))(f)


for path, step in [(MANIFEST, "manifest"), (TAG_MANIFEST, "tags")]:
    simple(f"{path} sorted otherwise", after(step, sorted_otherwise(path)))
    for what, change in [
        ("in upper case", lambda data: data[:64].upper() + data[64:]),
        ("with one space", lambda data: data.replace(b"  ", b" ", 1)),
        ("with a star", lambda data: data.replace(b"  ", b" *", 1)),
        ("with an empty line", lambda data: data + b"\n"),
        ("without its last line feed", lambda data: data[:-1]),
        ("with other line ends", lambda data: data.replace(b"\n", b"\r\n")),
        ("with a line twice", lambda data: data.splitlines(keepends=True)[0] + data),
        ("without its first line", lambda data: b"".join(data.splitlines(keepends=True)[1:])),
        ("with another path", lambda data: data.replace(b"  ", b"  ./", 1)),
        ("with a file that is not there", lambda data: data + b"0" * 64 + b"  zzz/absent\n"),
        ("with a wrong digest", lambda data: b"0" * 64 + data[64:]),
        ("that is no UTF-8", lambda data: data[:-2] + b"\xff\n"),
        ("that is empty", lambda data: b""),
    ]:
        simple(f"{path} {what}", after(step, lambda f, path=path, change=change: put(
            path, change(f.files[path]))(f)))
simple("tag manifest that names bundle.note", after("tags", lambda f: put(TAG_MANIFEST, b"".join(sorted(
    f.files[TAG_MANIFEST].splitlines(keepends=True) + [b"%s  bundle.note\n" % (b"0" * 64)],
    key=lambda line: line[66:])))(f)))
simple("another declaration of the bag", put("bagit.txt", b"BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n"))
simple("a declaration with a byte order mark", lambda f: put("bagit.txt", b"\xef\xbb\xbf" + f.files["bagit.txt"])(f))
simple("two names in NFC", lambda f: (put("pages/\u00e9.txt", b"1")(f), put("pages/e\u0301.txt", b"2")(f)))
simple("two names in capitals", put("report.HTML", b"1"))
simple("a page beside the payload on some disks", put("DATA/more.txt", b"1"))
simple("a page beside the proofs on some disks", put("Proofs/more.txt", b"1"))
simple("a page in a folder of the payload's name", put("pages/data/more.txt", b"1"), SOUND)
simple("a backslash in a name", put("pages/a\\b.txt", b"1"))
simple("a control character in a name", put("pages/a\x7f.txt", b"1"))
simple("a folder that is too deep", put("/".join(["d"] * 64 + ["file"]), b"1"))


@forgery("a page changed, and the tag manifest with it")
def _(f):
    def change(f):
        f.files["REPORT.txt"] += b"more\n"
        f.files[TAG_MANIFEST] = manifest_of(f.files, f.tags())
    f.after_note = change


# Files that belong nowhere

simple("a file more of an item", put("data/item-0/files/more.txt", b"more"))
simple("a file more under data", put("data/more.txt", b"more"))
simple("a record of no item", put("data/item-9/record.json", b"{}\n"))
simple("a file more under proofs", put("proofs/more.txt", b"more"))
simple("a proof of no entry", lambda f: put("proofs/item-9.tlog-proof", f.files[PROOF])(f))
simple("a presentation without proof", lambda f: put("proofs/item-9.sd-jwt", f.files[ITEM])(f))
simple("an item under a second name", lambda f: (
    put("proofs/item-00.sd-jwt", f.files[ITEM])(f), put("proofs/item-00.tlog-proof", f.files[PROOF])(f)))
simple("a token without certificate", put(f"proofs/timestamps/{'0' * 64}.tst", b"token"))
simple("a certificate without token", put(f"proofs/timestamps/{'0' * 64}.pem", b"certificate"))
simple("a file more under timestamps", put("proofs/timestamps/more.txt", b"more"))
simple("a certificate under another name", lambda f: (
    put(f"proofs/timestamps/{'0' * 64}.tst", b"token")(f),
    put(f"proofs/timestamps/{'0' * 64}.pem", certificate(b"certificate"))(f)))
simple("a token that is none", lambda f: (
    put(f"proofs/timestamps/{sha256(b'certificate').hex()}.tst", b"token")(f),
    put(f"proofs/timestamps/{sha256(b'certificate').hex()}.pem", certificate(b"certificate"))(f)))


def certificate(data):
    return (b"-----BEGIN CERTIFICATE-----\n" + base64.b64encode(data) + b"\n-----END CERTIFICATE-----\n")


@forgery("a bundle without items")
def _(f):
    for path in list(f.files):
        if path.startswith("data/") or "/item-" in path or "/event-" in path:
            del f.files[path]


# proofs/sender.note

def resigned_card(change, key=None):
    def forge(f):
        text = f.files[SENDER].rpartition(b"\n\n")[0] + b"\n"
        lines = text.decode().split("\n")
        change(f, lines)
        text = "\n".join(lines).encode()
        signer = f.sender.keys[key] if key else None
        f.files[SENDER] = text + b"\n" + f.sender.signature(text, "vault", by=signer)
    return forge


def card(name, change, verdict=REFUSED):
    simple(f"card {name}", resigned_card(change), verdict)


def key_line(f, purpose, name, key):
    number = sha256(name.encode() + b"\n\x01" + key)[:4].hex()
    return f"key {purpose} {name}+{number}+{base64.b64encode(bytes([1]) + key).decode()}"


card("signed again", lambda f, lines: None, SOUND)
card("of a later version", lambda f, lines: lines.__setitem__(0, "evidence-vault/v2"))
card("with a line more", lambda f, lines: lines.insert(-1, "more 1"))
card("with its reader twice", lambda f, lines: lines.insert(-1, lines[-2]))
card("with a reader that is none", lambda f, lines: lines.__setitem__(-2, "reader age1qqqqqqqqqqqqqqqqqqqqqqqqqqqq"))
card("without reader", lambda f, lines: lines.pop(-2))
card("without the key of countersignatures", lambda f, lines: lines.pop(6))
card("with keys in another order", lambda f, lines: lines.insert(2, lines.pop(3)))
card("with another origin", lambda f, lines: lines.__setitem__(1, "origin evidence-vault.invalid/other"))
card("with a wrong key ID", lambda f, lines: lines.__setitem__(6, lines[6].replace(
    lines[6].split("+")[1], "00000000")))
# The key of countersignatures signs nothing here; 32 zero bytes are a point of order 4.
card("with a key of small order", lambda f, lines: lines.__setitem__(6, key_line(
    f, "cosignatures", f.sender.key_name("cosignatures"), bytes(32))))
card("with one key for two purposes", lambda f, lines: lines.__setitem__(6, key_line(
    f, "cosignatures", f.sender.key_name("cosignatures"), f.sender.keys["bundles"].public_key().public_bytes_raw())))
card("with a key of another name", lambda f, lines: lines.__setitem__(6, key_line(
    f, "cosignatures", "other.invalid", f.sender.keys["cosignatures"].public_key().public_bytes_raw())))
card("that goes on from itself", lambda f, lines: lines.insert(2, f"continues {f.sender.origin} 0 {EMPTY} 0 {EMPTY}"))
card("that goes on from nothing", lambda f, lines: lines.insert(2, f"continues old.invalid 0 {EMPTY} 0 {EMPTY}"), SOUND)
def continued(line):
    """The card of a vault that goes on from an old origin, under which both items were signed."""
    def forge(f):
        for number in (0, 1):
            f.entry(number).payload["iss"] = "old.invalid"
        resigned_card(lambda f, lines: lines.insert(2, f"continues old.invalid {line}"))(f)
    return forge


simple("card of a vault that was restored", continued(f"2 {'0' * 64} 3 {'1' * 64}"), SOUND)
simple("card of a vault that was restored and lost nothing", continued(f"2 {'0' * 64} 2 {'0' * 64}"), SOUND)
simple("card that kept more than was known", continued(f"2 {'0' * 64} 1 {'1' * 64}"))
simple("card that kept another root than was known", continued(f"2 {'0' * 64} 2 {'1' * 64}"))
simple("card that kept the entries of its present origin", continued(f"1 {'0' * 64} 2 {'1' * 64}"))
card("with a wrong root of nothing", lambda f, lines: lines.insert(
    2, f"continues old.invalid 0 {'0' * 64} 1 {'0' * 64}"))
card("under which the first entry is of an old origin", lambda f, lines: lines.insert(
    2, f"continues old.invalid 1 {'0' * 64} 1 {'0' * 64}"))
EMPTY = sha256(b"").hex()
simple("card signed by another key", resigned_card(lambda f, lines: None, "bundles"))
simple("card without signature", lambda f: put(SENDER, f.files[SENDER].rpartition(b"\n\n")[0] + b"\n\n")(f))
