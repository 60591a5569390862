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
