"""What a sender could sign that is not as the format says, continued: what entries say of one another."""
import json

from forged_bundles import REFUSED, SOUND, simple
from forged_entries import CUSTODY, first_alone


def alone(name, change, verdict=REFUSED):
    """The first item alone, without a history."""
    def forge(f):
        first_alone(f)
        change(f)
    simple(f"an entry {name}", forge, verdict)


def amended(f, item=0):
    """An entry that amends another one."""
    number, entry = f.duplicate(0, "item")
    entry.change("amends", item)
    return number


alone("that is amended", amended, SOUND)
alone("that is amended, and its amendment, too", lambda f: amended(f, amended(f)))
alone("that amends itself", lambda f: f.entry(0).change("amends", 0))
alone("that amends a later one", lambda f: f.entry(0).change("amends", 1))
alone("that amends a word", lambda f: f.entry(amended(f)).change("amends", "0"))
alone("that amends a number below nothing", lambda f: f.entry(amended(f)).change("amends", -1))
alone("of the kind of an event", lambda f: f.entry(0).change("kind", "recipient"))
alone("of a kind that nobody knows", lambda f: f.entry(0).change("kind", "more"), SOUND)
alone("with files and no object", lambda f: f.entry(0).payload.pop("object"))
for kind in [5, None, ["document"]]:
    alone(f"of the kind {kind!r}", lambda f, kind=kind: f.entry(0).change("kind", kind))
NO_MOMENTS = [
    "yesterday", "2026-01-01", "2026-01-01T00:00:00.0Z", "1999-01-01T00:00:00+00:00", "2026-01-01T00:00:00Z\n",
    "2026-02-29T00:00:00Z", "2026-01-01T24:00:00Z", "2016-12-31T23:59:60Z", "0000-01-01T00:00:00Z", "1500-02-28T00:00:00Z", "", 5,
    None,
    ["2026-01-01T00:00:00Z"],
]
for moment in NO_MOMENTS:
    alone(f"added {moment!r}", lambda f, moment=moment: f.entry(0).change("added", moment))
for moment in ["1583-01-01T00:00:00Z", "2024-02-29T23:59:59Z", "9999-12-31T23:59:59Z"]:
    alone(f"added {moment}", lambda f, moment=moment: f.entry(0).change("added", moment), SOUND)


def happened(name, fields, verdict=REFUSED, then=lambda f: None):
    """An event in the history of the first item, with these claims."""
    def forge(f):
        first_alone(f)
        number, entry = f.duplicate(0, "event")
        entry.disclosures, entry.payload["_sd"] = [], []
        for field, value in fields.items():
            entry.disclose("salt", field, value)
        f.history(0, [0, number])
        then(f)
    simple(f"an event {name}", forge, verdict)


VIEWED = {"kind": "custody", "event": "viewed", "added": "2026-01-02T03:04:05Z"}
happened("of the item", VIEWED | {"item": 0}, SOUND)
happened("of this item and another", VIEWED | {"items": [1, 0]}, SOUND)
happened("of which the item is withheld", VIEWED, SOUND)
happened("of another item", VIEWED | {"item": 1})
happened("of other items", VIEWED | {"items": [1, 2]})
happened("that takes consent back", {"kind": "withdrawal", "item": 0, "added": "2026-01-02T03:04:05Z"})
for moment in [5, None, "yesterday"]:
    happened(f"added {moment!r}", VIEWED | {"item": 0, "added": moment})


def called_custody(f):
    f.files[CUSTODY] = f.files[CUSTODY].replace(b'"event": 5', b'"event": "custody"', 1)


happened("called by a number", VIEWED | {"event": 5})
happened("called by a number, which its history does not take over", VIEWED | {"event": 5}, SOUND, called_custody)
AMENDMENT = {"kind": "document", "amends": 0, "added": "2026-01-02T03:04:05Z"}
happened("that amends the item, and would count", AMENDMENT)
happened("that amends the item, and was amended in its turn", AMENDMENT, SOUND, amended)
happened("that amends another item", AMENDMENT | {"amends": 1})


def twin(f):
    first_alone(f)
    f.history(0, [0])
    f.after_entries = lambda f: f.files.update({
        f"proofs/event-0{ending}": f.files[f"proofs/item-0{ending}"] for ending in (".sd-jwt", ".tlog-proof")})
    document = json.loads(f.files[CUSTODY])
    document["custody"] *= 2
    f.files[CUSTODY] = f.reader.pretty(document)


simple("an item as an event too, which its history says", twin)


def another_item(f):
    numbers = [line["entry"] for line in json.loads(f.files[CUSTODY])["custody"]]
    f.entry(0)
    f.history(0, {*numbers, 1})


simple("a history that names another item", another_item)
