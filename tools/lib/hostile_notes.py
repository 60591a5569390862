"""Notes and proofs that lie, signed by the sender or by somebody else."""
import os

from bundle_maker import Entry, Index, Malleable, Sender, padded, sha256
from hostile_bench import MOMENT, PROOF

BAD = "the signature in bundle.note does not fit"
MALFORMED = "bundle.note cannot be read as it must be"
SENDER = "proofs/sender.note cannot be read as it must be"
LATER = "it takes a later version for a finding"
# The order of the group of Ed25519: a signature whose second half is that much larger is a second spelling of it.


def notes(bench):
    yield from values(bench)
    yield from signatures(bench)
    yield from senders(bench)


def values(bench):
    """Lines of bundle.note; every note is signed by the sender."""
    own = bench.name_of(bench.recipient)

    def with_values(name, says=MALFORMED, status=20, **changes):
        bundle = bench.open_bundle()
        bundle.values.update(changes)
        return bench.signed("notes", name, bundle.close(), says=says, status=status,
                            not_by_reader=LATER if status == 1 else "")

    yield with_values("later version", "made by a later version", 1, version="evidence-bundle/v2")
    yield with_values("later version, with marks of direction", "later version: evidence-bundle/\\u{202e}", 1,
                      version="evidence-bundle/\u202ev1")
    yield with_values("no version", version="evidence")
    yield with_values("another origin", BAD, origin="evidence-vault.invalid/other")
    yield with_values("no origin", origin="")
    for name, text in {"upper case": "5F" * 16, "short": "5f", "a path": "../../../escape", "empty": ""}.items():
        yield with_values(f"name of the bundle: {name}", bundle=text)
    for name, text in {"no moment": "yesterday", "fractions": "2026-11-23T15:52:26.5Z", "another zone":
                       "2026-11-23T15:52:26+05:00", "no such day": "2026-02-30T15:52:26Z", "leap second":
                       "2026-11-23T15:52:60Z", "marks of direction": "2026\u202e-11-23T15:52:26Z", "empty": "",
                       "year 0": "0000-11-23T15:52:26Z", "year 12026": "12026-11-23T15:52:26Z"}.items():
        yield with_values(f"created: {name}", created=text)
    for name, names in {"none": [], "not sorted": sorted([own, "0" * 64])[::-1], "twice": [own, own],
                        "upper case": [own.upper()], "passphrase and a key": [own, "passphrase"],
                        "no digest": ["everybody"]}.items():
        yield with_values(f"recipients: {name}", recipients=names)
    many = sorted({sha256(b"%d" % number).hex() for number in range(13_000)} | {own})
    yield with_values("13,000 recipients", "", 0, recipients=many)
    yield with_values("100,000 recipients", BAD, recipients=[f"{number:064x}" for number in range(100_000)])
    root = bench.bundle().index.root.hex()
    for name, text in {"2^63": f"{2**63} {root}", "2^64": f"{2**64} {root}", "negative": f"-4 {root}", "0 in front":
                       f"04 {root}", "signed": f"+4 {root}", "spaces": f"4  {root}", "no root": "4 ",
                       "root of 0 entries": f"0 {root}", "upper case": f"4 {root.upper()}"}.items():
        yield with_values(f"head: {name}", checkpoint=text)
    yield with_values("head: another size", PROOF, checkpoint=f"5 {root}")
    yield with_values("head: another root", PROOF, checkpoint=f"4 {'0' * 64}")
    for name, purpose in {"empty": "", "a line of letters": "x" * 900_000, "the format's words": "checkpoint 5 x",
                          "marks of direction": "for \u202eUN\u202c"}.items():
        yield with_values(f"purpose: {name}", "", 0, purpose=purpose)
    yield with_values("purpose: of 2 MB", BAD, purpose="x" * 2_000_000)
    for name, purpose in {"escape": "\x1b]52;c;YQ==\x07", "carriage return": "a\rb", "NUL": "a\0b",
                          "tabulator": "a\tb"}.items():
        yield with_values(f"purpose: {name}", BAD, purpose=purpose)
    yield with_values("purpose: a second line", purpose="a\nrecipient " + own)


def signatures(bench):
    def noted(name, note, says=BAD):
        bundle = bench.open_bundle()
        bundle.of_tag_manifest["bundle.note"] = lambda tags: note(bundle.note_text(tags))
        return bench.signed("signatures", name, bundle.close(), says=says)

    sender, stranger = bench.sender, bench.stranger
    yield noted("none", lambda text: text)
    yield noted("no line of it", lambda text: text + b"\n")
    yield noted("of another text", lambda text: text + b"\n" + sender.signature(b"x" + text, "bundles"))
    yield noted("of nothing", lambda text: sender.signed(text, "bundles", by=Zeros()))
    yield noted("of a stranger", lambda text: stranger.signed(text, "bundles"))
    yield noted("of a stranger in the sender's name",
                lambda text: sender.signed(text, "bundles", by=stranger.keys["bundles"]))
    for purpose in ["vault", "checkpoints", "records", "cosignatures"]:
        yield noted(f"of the key for {purpose}", lambda text, purpose=purpose: sender.signed(text, purpose))
    yield noted("twice", lambda text: sender.signed(text, "bundles") + sender.signature(text, "bundles"), MALFORMED)
    yield noted("and that of a stranger",
                lambda text: sender.signed(text, "bundles") + stranger.signature(text, "vault"),
                MALFORMED)
    yield noted("100,000 of strangers",
                lambda text: sender.signed(text, "bundles") + b"\xe2\x80\x94 x AAAAAAA=\n" * 100_000)
    yield noted("in a second spelling",
                lambda text: sender.signed(text, "bundles", by=Malleable(sender.keys["bundles"])))
    yield noted("with bytes behind it", lambda text: sender.signed(text, "bundles") + b"x")
    yield noted("with CRLF", lambda text: sender.signed(text, "bundles").replace(b"\n", b"\r\n"))
    yield noted("no UTF-8", lambda text: sender.signed(text.replace(b"Communication", b"\xff"), "bundles"))


class Zeros:
    def sign(self, text):
        return bytes(64)


def senders(bench):
    """sender.note, which the sender signed; its words are the ones that are expected."""
    sender = bench.sender
    lines = sender.note_lines()

    def with_note(name, note, says=SENDER, status=20, not_by_reader=""):
        bundle = bench.open_bundle()
        bundle.files["proofs/sender.note"] = note
        return bench.signed("senders", name, bundle.close(), says=says, status=status,
                            not_by_reader=LATER if status == 1 else not_by_reader)

    def with_lines(name, lines, says=SENDER, status=20, **expected):
        return with_note(name, sender.note(lines), says, status, **expected)

    theirs = bench.bundle(*_entries(bench.stranger), sender=bench.stranger, recipients=[bench.name_of(bench.recipient)])
    yield bench.signed("senders", "a stranger", theirs, says="signed by a key that is not known here", status=22)
    yield with_note("not signed", "\n".join(lines).encode() + b"\n")
    yield with_note("signed by another key", sender.signed("\n".join(lines) + "\n", "records"))
    yield with_note("empty", b"")
    yield with_note("2 MB", sender.note([*lines, "x" * 2_000_000]))
    yield with_lines("later version", ["evidence-vault/v2", *lines[1:]], "later version: evidence-vault/v2", 1)
    yield with_lines("later version, with marks of direction", ["evidence-vault/\u2066", *lines[1:]], "\\u{2066}", 1)
    yield with_lines("a line more", [*lines, "contact mailto:x"])
    yield with_lines("no reader", lines[:-1])
    yield with_lines("65 readers", [*lines[:-1], *(f"reader {Sender(str(number)).readers[0]}" for number in range(65))])
    yield with_lines("reader twice", [*lines, lines[-1]])
    yield with_lines("reader that is an SSH key", [*lines, "reader ssh-ed25519 AAAA"])
    yield with_lines("keys in another order", [*lines[:3], lines[4], lines[3], *lines[5:]])
    yield with_lines("one key for two purposes", [
        *lines[:4], f"key records {sender.verifier_key('records', sender.public('bundles'))}", *lines[5:]])
    for name, public in {"identity of the group": b"\1" + bytes(31), "of order 8": bytes.fromhex(
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "no point": b"\2" + bytes(31),
            "not canonical": b"\xff" * 32}.items():
        key = f"key cosignatures {sender.verifier_key('cosignatures', public)}"
        yield with_lines(f"key: {name}", [*lines[:6], key, *lines[7:]],
                         not_by_reader="it leaves a key that it never uses")
    kept = f"continues evidence-vault.invalid/%d 1 {'0' * 64} 1 {'0' * 64}"
    yield with_lines("65 restorations", [*lines[:2], *(kept % number for number in range(65)), *lines[2:]])
    itself = f"continues {sender.origin} 1 {'0' * 64} 1 {'0' * 64}"
    yield with_lines("goes on from itself", [*lines[:2], itself, *lines[2:]])
    for name, origin in {"space": "a b", "escape": "a\x1b[2J", "marks of direction": "a\u202eb",
                         "1,100 bytes": "a" * 1100,
                         "C1": "a\x9bb", "plus": "a+b"}.items():
        other = Sender("sender", origin)
        bundle = bench.open_bundle(*_entries(other), sender=other)
        if name == "marks of direction":
            yield bench.signed("senders", f"origin: {name}", bundle.close(), status=0)
        else:
            yield bench.signed("senders", f"origin: {name}", bundle.close(), says=SENDER)


def _entries(sender):
    return [Entry(sender, 1, {"kind": "document", "added": MOMENT, "title": "Summons"}, [("a", b"x")])]


def proofs(bench):
    def with_proof(name, change, says=PROOF, status=20):
        bundle = bench.open_bundle()
        path = "proofs/item-1.tlog-proof"
        bundle.files[path] = change(bundle.files[path])
        return bench.signed("proofs", name, bundle.close(), says=says, status=status)

    bundle, sender = bench.open_bundle(), bench.sender
    index = bundle.index
    hash_line = padded(bytes(32)).encode() + b"\n"
    yield with_proof("of another entry", lambda proof: index.proof(2))
    yield with_proof("for another number", lambda proof: proof.replace(b"index 1", b"index 2"))
    yield with_proof("for a number beyond the tree", lambda proof: proof.replace(b"index 1", b"index 99"))
    yield with_proof("for 2^64", lambda proof: proof.replace(b"index 1", b"index %d" % 2**64))
    yield with_proof("a hash less", lambda proof: b"\n".join([*proof.split(b"\n")[:2], *proof.split(b"\n")[3:]]))
    yield with_proof("a hash more", lambda proof: proof.replace(b"index 1\n", b"index 1\n" + hash_line))
    yield with_proof("20,000 hashes more", lambda proof: proof.replace(b"index 1\n", b"index 1\n" + hash_line * 20_000))
    yield with_proof("2 MB", lambda proof: proof + b"x" * 2_000_000)
    yield with_proof("later version", lambda proof: proof.replace(b"@v1", b"@v2"))
    yield with_proof("CRLF", lambda proof: proof.replace(b"\n", b"\r\n"))
    yield with_proof("extra data", lambda proof: proof.replace(b"index", b"extra AAAA\nindex"), "", 0)
    yield with_proof("extra data of 70,000 bytes",
                     lambda proof: proof.replace(b"index", b"extra " + padded(bytes(70_000)).encode() + b"\nindex"))

    def with_head(checkpoint):
        return lambda proof: proof[:proof.index(b"\n\n") + 2] + checkpoint

    witness = "— witness.invalid " + padded(os.urandom(76)) + "\n"
    yield with_proof("head of another key", with_head(index.checkpoint(by=bench.stranger.keys["checkpoints"])))
    yield with_proof("head that nobody signed", with_head(index.checkpoint().split(b"\n\n")[0] + b"\n"))
    yield with_proof("head with 99 witnesses", with_head(index.checkpoint() + witness.encode() * 99), "", 0)
    yield with_proof("head with 10,000 witnesses", with_head(index.checkpoint() + witness.encode() * 10_000))
    yield with_proof("head with a line more", with_head(index.checkpoint("more\n")), "", 0)
    yield with_proof("head of another size", with_head(Index(sender, [b"x"]).checkpoint()))
    huge = sender.signed(f"{sender.origin}\n{2**63}\n{padded(index.root)}\n", "checkpoints")
    yield with_proof("head of 2^63 entries", with_head(huge))
    yield from other_indexes(bench)


def other_indexes(bench):
    """Proofs that hold for an index that the sender signed, yet not for what the bundle says."""
    number = 2**40
    entry = bench.item(number)
    # It is the last entry, and the one hash beside it stands for all of the others.
    before = sha256(b"all that came before")
    root = sha256(b"\1" + before + sha256(b"\0" + entry.leaf))
    bundle = bench.open_bundle(bench.item())
    lines = ["c2sp.org/tlog-proof@v1", f"index {number}", padded(before), "", ""]
    head = f"{bench.sender.origin}\n{number + 1}\n{padded(root)}\n"
    for path in [path for path in bundle.files if "item-1" in path]:
        del bundle.files[path]
    bundle.put(entry)
    proof = "\n".join(lines).encode() + bench.sender.signed(head, "checkpoints")
    bundle.files[f"proofs/item-{number}.tlog-proof"] = proof
    bundle.values["checkpoint"] = f"{number + 1} {root.hex()}"
    yield bench.signed("proofs", "index of 2^40 entries and one, of which one is there", bundle.close(), status=0)
