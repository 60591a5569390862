"""Puts bundles together and signs them with a sender's keys, right or wrong: what a dishonest sender could make.

What it signs with is that of `bundle_maker`; of tools/reader.py it uses the parsers alone.
"""
import base64
import copy
import json
import re

from bundle_maker import base64url, compact, manifest, path_to, root_of, sha256

MANIFEST, TAG_MANIFEST, NOTE, SENDER = (
    "manifest-sha256.txt", "tagmanifest-sha256.txt", "bundle.note", "proofs/sender.note")
SSH_SIGNATURE = TAG_MANIFEST + ".sig"
OF_NO_FIELD = ("iss", "object", "records", "removed", "readers", "next", "kind", "added", "files", "_sd_alg")
HEADER = {"alg": "EdDSA", "typ": "evidence-entry+sd-jwt"}


def from_base64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def manifest_of(files, paths):
    return manifest({path: files[path] for path in paths})


def lenient_record(payload, disclosures):
    """The disclosed record, made without a look at what is forbidden."""
    known = {base64url(sha256(text.encode())): (place, json.loads(from_base64url(text)))
             for place, text in enumerate(disclosures)}

    def placed(value):
        if isinstance(value, list):
            hidden = [isinstance(element, dict) and "..." in element for element in value]
            return [placed(known[element["..."]][1][-1] if is_hidden else element)
                    for element, is_hidden in zip(value, hidden) if not is_hidden or element["..."] in known]
        if isinstance(value, dict):
            result = {name: placed(member) for name, member in value.items() if name != "_sd"}
            for _, parts in sorted((known[digest] for digest in value.get("_sd", []) if digest in known),
                                   key=lambda found: found[0]):
                result[parts[-2]] = placed(parts[-1])
            return result
        return re.sub("[\ud800-\udfff]", "\ufffd", value) if isinstance(value, str) else value

    return placed({name: value for name, value in payload.items() if name != "_sd_alg"})


class Entry:
    """An entry with its disclosures, to be changed and signed."""
    def __init__(self, presentation):
        leaf, *self.disclosures, _ = presentation.decode().split("~")
        self.header, self.payload = copy.deepcopy(HEADER), json.loads(from_base64url(leaf.split(".")[1]))
        self.raw_header = self.raw_payload = None

    def signed(self, key):
        parts = [self.raw_header or compact(self.header), self.raw_payload or compact(self.payload)]
        text = ".".join(base64url(part) for part in parts)
        return f"{text}.{base64url(key.sign(text.encode()))}".encode()

    def disclose(self, *parts, raw=None):
        """Adds a disclosure and its digest."""
        text = base64url(raw or compact(list(parts)))
        self.disclosures.append(text)
        self.payload["_sd"].append(base64url(sha256(text.encode())))
        return text

    def change(self, name, value):
        """Puts a value in the place of the disclosed one of that name, or adds it."""
        try:
            place, _ = self.named(name)
        except KeyError:
            pass
        else:
            self.payload["_sd"].remove(base64url(sha256(self.disclosures.pop(place).encode())))
        self.disclose("another salt", name, value)

    def named(self, name):
        """The place of the disclosure of that name, and its parts."""
        for place, text in enumerate(self.disclosures):
            parts = json.loads(from_base64url(text))
            if len(parts) == 3 and parts[1] == name:
                return place, parts
        raise KeyError(name)


class Forgery:
    """The files of a bundle, its note and its entries, open to any change; `made` signs what came of it."""
    def __init__(self, files, sender, reader):
        self.files, self.sender, self.reader = dict(files), sender, reader
        self.lines = files[NOTE].rpartition(b"\n\n")[0].decode().split("\n")
        self.entries = {}
        for path in files:
            if path.endswith(".sd-jwt"):
                number = int(path.split("-")[1].split(".")[0])
                self.entries[number] = (path.removesuffix(".sd-jwt"), Entry(files[path]))
        self.size = int(next(line for line in self.lines if line.startswith("checkpoint ")).split()[1])
        self.is_rebuilt = False
        self.root_of, self.path_to = root_of, path_to
        self.records_key = sender.keys["records"]
        #: What is done to the finished pieces before the next one is made of them.
        self.after_entries = self.after_manifest = self.after_tags = self.after_note = lambda forgery: None
        self.note_signatures = lambda text: sender.signature(text, "bundles")
        self.checkpoint_signatures = lambda text: sender.signature(text, "checkpoints")

    def entry(self, number):
        self.is_rebuilt = True
        return self.entries[number][1]

    def set_line(self, name, value):
        place = next(place for place, line in enumerate(self.lines) if line.startswith(name + " "))
        self.lines[place] = f"{name} {value}"

    def rebuild(self, origin=None):
        """Signs the entries anew, in an index that holds nothing else, and makes what follows from them."""
        signed = {number: entry.signed(self.records_key) for number, (_, entry) in self.entries.items()}
        leaves = [signed.get(number, b"another %d" % number) for number in range(self.size)]
        root = self.root_of(leaves)
        text = f"{origin or self.sender.origin}\n{self.size}\n{base64.b64encode(root).decode()}\n".encode()
        note = text + b"\n" + self.checkpoint_signatures(text)
        for number, (prefix, entry) in self.entries.items():
            leaf = signed[number]
            self.files[prefix + ".sd-jwt"] = "~".join([leaf.decode(), *entry.disclosures, ""]).encode()
            hashes_up = "".join(base64.b64encode(node).decode() + "\n" for node in self.path_to(number, leaves))
            self.files[prefix + ".tlog-proof"] = (
                f"c2sp.org/tlog-proof@v1\nindex {number}\n{hashes_up}\n".encode() + note)
        self.set_line("checkpoint", f"{self.size} {root.hex()}")
        self.remake_records()

    def remake_records(self):
        """`record.json` as a verifier would make it that lets everything pass; what it cannot make stays as it was."""
        for number, (_, entry) in self.entries.items():
            path = f"data/item-{number}/record.json"
            if path in self.files:
                try:
                    payload = json.loads(entry.raw_payload or compact(entry.payload))
                    self.files[path] = self.reader.pretty(lenient_record(payload, entry.disclosures))
                except Exception:
                    continue

    def duplicate(self, number, prefix):
        """Another entry with what one has, as an item or as an event; returns its number and it."""
        self.is_rebuilt = True
        self.size += 1
        new = self.size - 1
        self.entries[new] = (f"proofs/{prefix}-{new}", copy.deepcopy(self.entries[number][1]))
        if prefix == "item":
            folder = f"data/item-{number}/"
            for path in [path for path in self.files if path.startswith(folder) and not path.endswith("custody.json")]:
                self.files[f"data/item-{new}/" + path.removeprefix(folder)] = self.files[path]
        return new, self.entries[new][1]

    def history(self, item, numbers):
        """The history of an item, as readers would make it of these entries."""
        lines = []
        for number in sorted(numbers):
            entry = self.entries[number][1]
            record = lenient_record(entry.payload, entry.disclosures)
            fields = {name: value for name, value in record.items() if name not in OF_NO_FIELD}
            event = self.reader.EVENTS.get(record.get("kind"))
            if event == "custody":
                event = fields.get("event", event)
            line = {"entry": number, "event": event or ("amended" if "amends" in fields else "sealed")}
            if "added" in record:
                line["at"] = record["added"]
            if event and fields:
                line["fields"] = fields
            lines.append(line)
        self.files[f"data/item-{item}/custody.json"] = self.reader.pretty({"item": item, "custody": lines})

    def tags(self):
        """What the tag manifest names."""
        later = (TAG_MANIFEST, NOTE, SSH_SIGNATURE)
        return [path for path in self.files if not path.startswith("data/") and path not in later]

    def made(self):
        if self.is_rebuilt:
            self.rebuild()
        self.after_entries(self)
        self.files[MANIFEST] = manifest_of(self.files, [path for path in self.files if path.startswith("data/")])
        self.after_manifest(self)
        self.files[TAG_MANIFEST] = manifest_of(self.files, self.tags())
        self.after_tags(self)
        self.files[SSH_SIGNATURE] = self.sender.ssh_signature(self.files[TAG_MANIFEST])
        self.set_line("tagmanifest", sha256(self.files[TAG_MANIFEST]).hex())
        text = ("\n".join(self.lines) + "\n").encode()
        self.files[NOTE] = text + b"\n" + self.note_signatures(text)
        self.after_note(self)
        return self.files
