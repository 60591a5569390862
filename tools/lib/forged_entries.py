"""What a sender could sign that is not as the format says, continued: proofs, entries, readable copies, histories."""
import base64
import json

from bundle_maker import Malleable, base64url, compact, path_to, root_of, sha256
from forged_bundles import ITEM, PROOF, REFUSED, SOUND, forgery, put, replace, simple

RECORD, CUSTODY = "data/item-0/record.json", "data/item-0/custody.json"

# Proofs

simple("proof for another index", replace(PROOF, b"index 0\n", b"index 1\n"))
simple("proof with another spelling of its index", replace(PROOF, b"index 0\n", b"index 00\n"))
simple("proof of a later version", replace(PROOF, b"@v1", b"@v2"))
simple("proof with extra data", replace(PROOF, b"@v1\n", b"@v1\nextra AAAA\n"), SOUND)
simple("proof with malformed extra data", replace(PROOF, b"@v1\n", b"@v1\nextra A\n"))
simple("proof without its first hash", lambda f: put(PROOF, without_line(f.files[PROOF], 2))(f))
simple("proof with a hash more", replace(PROOF, b"index 0\n", b"index 0\n" + base64.b64encode(bytes(32)) + b"\n"))
simple("proof with a short hash", replace(PROOF, b"index 0\n", b"index 0\nAAAA\n"))
simple("proofs of two items exchanged", lambda f: exchange(f, PROOF, "proofs/item-1.tlog-proof"))
simple("presentations of two items exchanged", lambda f: exchange(f, ITEM, "proofs/item-1.sd-jwt"))


def first_alone(f):
    """Leaves the first item, and nothing that tells of others."""
    for path in list(f.files):
        if path.endswith("custody.json") or path.startswith("proofs/event-") or "item-1" in path:
            del f.files[path]
    f.entries = {0: f.entries[0]}
    f.entry(0)


def tree_of_its_own(name, root, path, size=4, verdict=REFUSED):
    """The first item alone, in an index whose root is made in another way."""
    def forge(f):
        first_alone(f)
        f.size = size
        f.root_of, f.path_to = root, path
    simple(f"index {name}", forge, verdict)


LEAF = [sha256(b"leaf")]
tree_of_its_own("as it must be", root_of, path_to, verdict=SOUND)
tree_of_its_own("of one entry", root_of, path_to, size=1, verdict=SOUND)
tree_of_its_own("with a level more", lambda leaves: sha256(b"\1" + LEAF[0] + root_of(leaves)),
                lambda index, leaves: path_to(index, leaves) + LEAF)
tree_of_its_own("with a level less", lambda leaves: root_of(leaves[:2]),
                lambda index, leaves: path_to(index, leaves[:2]))
tree_of_its_own("whose leaves and nodes are hashed alike", lambda leaves: sha256(sha256(leaves[0]) + LEAF[0]),
                lambda index, leaves: LEAF, size=2)
tree_of_its_own("with a hash of 31 bytes", lambda leaves: sha256(b"\1" + sha256(b"\0" + leaves[0]) + bytes(31)),
                lambda index, leaves: [bytes(31)], size=2)


@forgery("an item under another number")
def _(f):
    first_alone(f)
    f.is_rebuilt = False
    for path in list(f.files):
        if "item-0" in path:
            f.files[path.replace("item-0", "item-1")] = f.files.pop(path)


def without_line(data, place):
    lines = data.splitlines(keepends=True)
    return b"".join(lines[:place] + lines[place + 1:])


def exchange(f, one, other):
    f.files[one], f.files[other] = f.files[other], f.files[one]


def checkpoint(name, signatures, verdict=REFUSED):
    def change(f):
        f.entry(0)
        f.checkpoint_signatures = lambda text: signatures(f.sender, text)
    simple(f"checkpoint {name}", change, verdict)


checkpoint("signed by another key", lambda s, text: s.signature(text, "checkpoints", by=s.keys["bundles"]))
checkpoint("signed in the name of another key", lambda s, text: s.signature(text, "bundles"))
checkpoint("with a signature in a second spelling",
           lambda s, text: s.signature(text, "checkpoints", by=Malleable(s.keys["checkpoints"])))
checkpoint("with its signature twice", lambda s, text: 2 * s.signature(text, "checkpoints"), SOUND)
checkpoint("with a wrong second signature", lambda s, text: s.signature(text, "checkpoints")
           + s.signature(text, "checkpoints", by=s.keys["bundles"]))
checkpoint("with a signature of somebody", lambda s, text: s.signature(text, "checkpoints")
           + s.signature(text, "bundles"), SOUND)
simple("checkpoint of another origin", lambda f: setattr(f, "after_entries", lambda f: f.rebuild("other.invalid")))


@forgery("checkpoint of another index than that of the note")
def _(f):
    f.entry(1)
    head = next(line for line in f.lines if line.startswith("checkpoint "))
    f.after_entries = lambda f: f.set_line("checkpoint", head.split(" ", 1)[1])


# Presentations and entries

def presentation(name, change, verdict=REFUSED):
    def forge(f):
        parts = f.files[ITEM].decode().split("~")
        f.files[ITEM] = "~".join(change(parts)).encode()
    simple(f"presentation {name}", forge, verdict)


presentation("with a disclosure twice", lambda parts: parts[:2] + parts[1:])
presentation("without a disclosure", lambda parts: parts[:-2] + parts[-1:])
presentation("with disclosures in another order", lambda parts: [parts[0], *reversed(parts[1:-1]), ""])
presentation("with a disclosure of nothing",
             lambda parts: parts[:-1] + [base64url(compact(["salt", "more", 1])), ""])
presentation("with a key binding", lambda parts: parts[:-1] + [parts[0]])
presentation("with an empty disclosure", lambda parts: parts[:1] + [""] + parts[1:])
presentation("with a line feed behind", lambda parts: parts[:-1] + ["\n"])
presentation("with another signature", lambda parts: [
    parts[0][:-8] + ("A" * 8 if parts[0][-8:-1] != "A" * 7 else "B" * 8)] + parts[1:])
presentation("with a payload in another spelling", lambda parts: [parts[0].replace(".", "=.", 1)] + parts[1:])


def entry(name, change, verdict=REFUSED):
    simple(f"entry {name}", lambda f: change(f.entry(0)), verdict)


def second_spelling(e):
    """A disclosure whose base64url has a bit set that stands for nothing."""
    text = e.disclose("salt", "more", "x" * 4)
    assert len(text) % 4 == 2 and text[-1] in "AQgw", text
    e.disclosures[-1] = text[:-1] + chr(ord(text[-1]) + 1)
    e.payload["_sd"][-1] = base64url(sha256(e.disclosures[-1].encode()))


def set_in(container, name, value):
    return lambda e: getattr(e, container).__setitem__(name, value)


simple("entry signed by another key", lambda f: (f.entry(0), setattr(f, "records_key", f.sender.keys["bundles"])))
entry("with another algorithm", set_in("header", "alg", "none"))
entry("with another type", set_in("header", "typ", "JWT"))
entry("with a critical header", set_in("header", "crit", ["exp"]))
entry("with a header more", set_in("header", "kid", "1"), SOUND)
entry("with a header that is a list", lambda e: setattr(e, "raw_header", b"[]"))
entry("with a name twice in its header", lambda e: setattr(
    e, "raw_header", b'{"alg":"none","alg":"EdDSA","typ":"evidence-entry+sd-jwt"}'))
entry("of another origin", set_in("payload", "iss", "evidence-vault.invalid/other"))
entry("without records", lambda e: e.payload.pop("records"))
entry("with malformed records", set_in("payload", "records", {"sha256": "0" * 64, "line": -1}))
entry("with a line that is no number", set_in("payload", "records", {"sha256": "0" * 64, "line": "0"}))
entry("with records of upper case", set_in("payload", "records", {"sha256": "A" * 64, "line": 0}))
entry("with a malformed object", set_in("payload", "object", {"sha256": "0" * 63, "bytes": 1}))
entry("with an object without size", set_in("payload", "object", {"sha256": "0" * 64}))
entry("with an empty removal", set_in("payload", "removed", {"objects": [], "records": []}))
entry("with a removal", set_in("payload", "removed", {"objects": ["0" * 64], "records": []}), SOUND)
entry("with a removal that puts a file in its own place", set_in(
    "payload", "removed", {"objects": [], "records": [{"sha256": "0" * 64, "by": "0" * 64}]}))
RESEALED = {"sha256": "0" * 64, "by": "1" * 64, "bytes": 1}
entry("with an object sealed anew", set_in("payload", "removed", {"objects": [RESEALED], "records": []}), SOUND)
entry("with an object sealed anew, of no size", set_in(
    "payload", "removed", {"objects": [RESEALED | {"bytes": -1}], "records": []}))
entry("with an object sealed anew in its own place", set_in(
    "payload", "removed", {"objects": [RESEALED | {"by": "0" * 64}], "records": []}))
entry("with a digest of readers", set_in("payload", "readers", "0" * 64), SOUND)
entry("with a promise", set_in("payload", "next", "0" * 64), SOUND)
entry("with a promise that is no digest", set_in("payload", "next", ["0" * 64]))
entry("with readers that are no digest", set_in("payload", "readers", ["0" * 64]))
entry("with another digest algorithm", set_in("payload", "_sd_alg", "sha-512"))
entry("with a digest twice", lambda e: e.payload["_sd"].append(e.payload["_sd"][0]))
entry("with a disclosure in a second spelling", second_spelling)
entry("with a decoy twice", lambda e: e.payload["_sd"].extend(2 * [base64url(bytes(32))]))
entry("with a digest that is none", lambda e: e.payload["_sd"].append("AAAA"))
entry("with a list of digests that is none", set_in("payload", "_sd", "AAAA"))
entry("with a name twice in its payload", lambda e: setattr(
    e, "raw_payload", compact(e.payload)[:-1] + b',"iss":"x"}'))
entry("with white space in its payload", lambda e: setattr(e, "raw_payload", b" " + compact(e.payload)), SOUND)
entry("with something behind its payload", lambda e: setattr(e, "raw_payload", compact(e.payload) + b"x"))
entry("with a byte order mark before its payload", lambda e: setattr(
    e, "raw_payload", b"\xef\xbb\xbf" + compact(e.payload)))
entry("with an integer beyond 64 bits", lambda e: e.disclose("salt", "more", 2**63))
entry("with the largest integer", lambda e: e.disclose("salt", "more", [2**63 - 1, -2**63, 0, -1]), SOUND)
entry("with fractions", lambda e: e.disclose("salt", "more", [0.5, 1.25, -3.75, 1e-7, 1e22, 123456.789, 1.0]), SOUND)
entry("with minus nothing", lambda e: e.disclose(raw=b'["salt","more",-0.0]'), SOUND)
entry("with text of every sort", lambda e: e.disclose("salt", "m\u00f6re <b>\u202e", [
    "\"\\/\b\f\n\r\t\x01\x7f\u0085\u061c\u200e\u2028\u2066\ufeff\U0001f600 \u0301 \u04b7", "", {}, [], None,
    True]), SOUND)
entry("with names that look like numbers", lambda e: e.disclose(
    "salt", "more", {"2": 1, "1": 2, "__proto__": 3}), SOUND)
entry("with a claim called __proto__", lambda e: e.disclose("salt", "__proto__", {"a": 1}), SOUND)
entry("with a lone surrogate", lambda e: e.disclose(raw=b'["salt","more","\\ud800"]'))
entry("with an escape that is none", lambda e: e.disclose(raw=b'["salt","more","\\x"]'))
entry("with a tab within a text", lambda e: e.disclose(raw=b'["salt","more","\t"]'))
entry("with a number that begins with zero", lambda e: e.disclose(raw=b'["salt","more",01]'))
entry("with an infinite number", lambda e: e.disclose(raw=b'["salt","more",1e999]'))
entry("with a word that is none", lambda e: e.disclose(raw=b'["salt","more",NaN]'))
entry("with a disclosure of no list", lambda e: e.disclose(raw=b'{"salt":1}'))
entry("with a disclosure of four parts", lambda e: e.disclose("salt", "more", 1, 2))
entry("with a salt that is no text", lambda e: e.disclose(1, "more", 1))
entry("with a name that is no text", lambda e: e.disclose("salt", 1, 1))
entry("with a name twice in a disclosure", lambda e: e.disclose(raw=b'["salt","more",{"a":1,"a":2}]'))
entry("with a claim twice", lambda e: (e.disclose("salt", "more", 1), e.disclose("tlas", "more", 2)))
entry("with a claim called like one in the clear", lambda e: e.disclose("salt", "iss", "x"))
entry("with the disclosure of an element in its place", lambda e: e.disclose("salt", 1))
for word in ["_sd", "_sd_alg", "..."]:
    entry(f"with a claim called {word}", lambda e, word=word: e.disclose("salt", word, []))
    entry(f"with {word} within a claim", lambda e, word=word: e.disclose("salt", "more", {word: 1}))
entry("with a member beside an element", lambda e: e.disclose("salt", "more", [{"...": base64url(bytes(32)), "a": 1}]))
entry("with a withheld element", lambda e: e.disclose("salt", "more", [{"...": base64url(bytes(32))}, 1]), SOUND)
entry("with depth 16", lambda e: e.disclose(raw=b'["salt","more",' + b"[" * 15 + b"]" * 15 + b"]"), SOUND)
entry("with depth 17", lambda e: e.disclose(raw=b'["salt","more",' + b"[" * 16 + b"]" * 16 + b"]"))
entry("with an amendment", lambda e: e.disclose("salt", "amends", 0), REFUSED)  # its history says otherwise


def files(name, change, verdict=REFUSED):
    """Changes the disclosed element of the first file, which is then called otherwise in the list."""
    def forge(f):
        changed = f.entry(0)
        place, parts = changed.named("files")
        digests = [element["..."] for element in parts[2]]
        by_digest = {base64url(sha256(text.encode())): number for number, text in enumerate(changed.disclosures)}
        first = by_digest[digests[0]]
        element = json.loads(base64.urlsafe_b64decode(changed.disclosures[first] + "=="))
        change(element[1])
        changed.disclosures[first] = base64url(compact(element))
        parts[2][0] = {"...": base64url(sha256(changed.disclosures[first].encode()))}
        changed.payload["_sd"].remove(base64url(sha256(changed.disclosures[place].encode())))
        changed.disclosures[place] = base64url(compact(parts))
        changed.payload["_sd"].append(base64url(sha256(changed.disclosures[place].encode())))
    simple(f"file {name}", forge, verdict)


files("as it was", lambda element: None, SOUND)
files("of another digest", lambda element: element.update(sha256="0" * 64))
files("of another size", lambda element: element.update(bytes=element["bytes"] + 1))
files("of a size below nothing", lambda element: element.update(bytes=-1))
files("without size", lambda element: element.pop("bytes"))
files("without media type", lambda element: element.pop("media_type"))
files("of a media type that is a number", lambda element: element.update(media_type=5))
files("of a media type with a line feed", lambda element: element.update(media_type="text/plain\nitem 9"))
files("of a media type with a space", lambda element: element.update(media_type="text/plain; charset=utf-8"))
files("of a media type of 127 characters", lambda element: element.update(media_type="~" * 127), SOUND)
files("of a media type of 128 characters", lambda element: element.update(media_type="!" * 128))
files("of a digest in upper case", lambda element: element.update(sha256="A" * 64))
files("with a path out of the bundle", lambda element: (element.pop("_sd"), element.update(path="../out.txt")))
files("with two paths", lambda element: element.update(path="again.txt"))

# Readable copies and histories

simple("record.json of another value", replace(RECORD, b'"kind": "document"', b'"kind": "testimony"'))
simple("record.json with a space more", lambda f: put(RECORD, f.files[RECORD] + b" ")(f))
simple("record.json without its line feed", lambda f: put(RECORD, f.files[RECORD][:-1])(f))
simple("record.json of another item", lambda f: put(RECORD, f.files["data/item-1/record.json"])(f))
simple("record.json missing", lambda f: f.files.pop(RECORD))


def custody(name, change, verdict=REFUSED):
    def forge(f):
        document = json.loads(f.files[CUSTODY])
        changed = change(document)
        document = document if changed is None or not isinstance(changed, dict) else changed
        f.files[CUSTODY] = json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"
    simple(f"custody.json {name}", forge, verdict)


custody("written again", lambda d: None, SOUND)
custody("of another item", lambda d: d.update(item=1))
custody("that names an absent entry", lambda d: d["custody"].append({"entry": 2**40, "event": "exported"}))
custody("that names no entry", lambda d: d["custody"][0].pop("entry"))
custody("without the item", lambda d: d["custody"].pop(0) and None)
custody("in another order", lambda d: d["custody"].reverse())
custody("with a line twice", lambda d: d["custody"].append(dict(d["custody"][0])))
custody("with another event", lambda d: d["custody"][0].update(event="viewed"))
custody("with another moment", lambda d: d["custody"][0].update(at="2000-01-01T00:00:00Z"))
custody("with a member more", lambda d: d.update(more=1))
custody("that is no history", lambda d: {"item": 0})
custody("that is a list of numbers", lambda d: d.update(custody=[0]))
custody("that names a number by text", lambda d: d["custody"][0].update(entry="0"))
simple("custody.json that is no JSON", put(CUSTODY, b"x"))
simple("custody.json that is a list", put(CUSTODY, b"[]\n"))
simple("custody.json with white space", lambda f: put(CUSTODY, b" " + f.files[CUSTODY])(f))


@forgery("no history tells of an event")
def _(f):
    for path in [path for path in f.files if path.endswith("custody.json")]:
        del f.files[path]


def event_prefix(f):
    return next(path for path in f.files if "/event-" in path).rsplit(".", 1)[0]


@forgery("an event that is missing")
def _(f):
    prefix = event_prefix(f)
    del f.files[prefix + ".sd-jwt"], f.files[prefix + ".tlog-proof"]


@forgery("a history of an event")
def _(f):
    prefix = event_prefix(f)
    number = int(prefix.rsplit("-", 1)[1])
    f.history(number, [number])


@forgery("an item as an event too")
def _(f):
    for ending in (".sd-jwt", ".tlog-proof"):
        f.files[f"proofs/event-0{ending}"] = f.files[f"proofs/item-0{ending}"]
