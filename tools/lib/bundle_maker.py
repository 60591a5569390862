"""Makes bundles from Vault/FORMAT.md, with keys of its own and without the program that opens them.

The sender is a vault that exists only here. Every step can be given something else than it ought to have, so that a
bundle is right in all but one thing, and signed all the same.
"""
import base64
import hashlib
import json
import re

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from published_formats import bech32_encoded, derived

ORDER = 2**252 + 27742317777372353535851937790883648493
PURPOSES = ["vault", "checkpoints", "records", "bundles", "cosignatures"]
ESCAPED = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def sha256(data):
    return hashlib.sha256(data).digest()


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def padded(data):
    return base64.b64encode(data).decode()


def ssh_string(data):
    return len(data).to_bytes(4, "big") + data


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def pretty(value):
    text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    return ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text).encode()


def manifest(files):
    """The lines of a manifest of these files, sorted by their paths."""
    return b"".join(
        sha256(content).hex().encode() + b"  " + path.encode("utf-8", "surrogateescape") + b"\n"
        for path, content in sorted(files.items(), key=lambda file: file[0].encode("utf-8", "surrogateescape")))


def root_of(leaves):
    """RFC 6962 section 2.1."""
    if len(leaves) < 2:
        return sha256(b"\0" + leaves[0]) if leaves else sha256(b"")
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1" + root_of(leaves[:half]) + root_of(leaves[half:]))


def path_to(number, leaves):
    """RFC 6962 section 2.1.1."""
    if len(leaves) < 2:
        return []
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if number < half:
        return [*path_to(number, leaves[:half]), root_of(leaves[half:])]
    return [*path_to(number - half, leaves[half:]), root_of(leaves[:half])]


class Malleable:
    """A key whose signatures are in a second spelling."""

    def __init__(self, key):
        self.key = key

    def sign(self, text):
        signature = self.key.sign(text)
        return signature[:32] + (int.from_bytes(signature[32:], "little") + ORDER).to_bytes(32, "little")


class Sender:
    """A vault with keys made from a word, or from the signing seed that is given.  Source: FORMAT sections 2 and 3."""

    def __init__(self, word="sender", origin=None, seed=None):
        seed = seed or sha256(b"signing seed of the " + word.encode())
        self.origin = origin or "evidence-vault.invalid/" + sha256(word.encode()).hex()[:32]
        self.keys = {purpose: Ed25519PrivateKey.from_private_bytes(
            derived(seed, b"", b"evidence-vault/v1/sign/" + purpose.encode())) for purpose in PURPOSES}
        self.readers = [bech32_encoded(sha256(b"reader of the " + word.encode()), "age")]

    def key_name(self, purpose, origin=None):
        return (origin or self.origin) + ("" if purpose == "checkpoints" else f"/{purpose}")

    def public(self, purpose):
        return self.keys[purpose].public_key().public_bytes_raw()

    def verifier_key(self, purpose, public=None):
        material = b"\1" + (public or self.public(purpose))
        name = self.key_name(purpose)
        key_id = sha256(name.encode() + b"\n" + material)[:4]
        return f"{name}+{key_id.hex()}+{padded(material)}"

    def signature(self, text, purpose, by=None, name=None):
        """A line with the signature of a text; `by` signs in the place of the right key."""
        name = name or self.key_name(purpose)
        key_id = sha256(name.encode() + b"\n\1" + self.public(purpose))[:4]
        return f"— {name} {padded(key_id + (by or self.keys[purpose]).sign(text))}\n".encode()

    def signed(self, text, purpose, **changes):
        text = text if isinstance(text, bytes) else text.encode()
        return text + b"\n" + self.signature(text, purpose, **changes)

    def note_lines(self):
        keys = [f"key {purpose} {self.verifier_key(purpose)}" for purpose in PURPOSES]
        return ["evidence-vault/v1", f"origin {self.origin}", *keys, *(f"reader {reader}" for reader in self.readers)]

    def note(self, lines=None):
        return self.signed("\n".join(lines or self.note_lines()) + "\n", "vault")

    def ssh_key(self):
        return ssh_string(b"ssh-ed25519") + ssh_string(self.public("bundles"))

    def allowed_signers(self):
        return f'sender namespaces="evidence-bundle" ssh-ed25519 {padded(self.ssh_key())}\n'.encode()

    def ssh_signature(self, message, namespace=b"evidence-bundle", by=None, key=None):
        """The second signature, for ssh-keygen.  Source: PROTOCOL.sshsig of OpenSSH."""
        what = [namespace, b"", b"sha512"]
        signed = b"SSHSIG" + b"".join(map(ssh_string, [*what, hashlib.sha512(message).digest()]))
        signature = ssh_string(b"ssh-ed25519") + ssh_string((by or self.keys["bundles"]).sign(signed))
        parts = [key or self.ssh_key(), *what, signature]
        text = padded(b"SSHSIG" + (1).to_bytes(4, "big") + b"".join(map(ssh_string, parts)))
        lines = [text[start:start + 70] for start in range(0, len(text), 70)]
        return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""]).encode()

    def words(self, english):
        bits = int.from_bytes(sha256(self.public("vault"))[:11], "big")
        return " ".join(english[bits >> 11 * (7 - place) & 2047] for place in range(8))


class Entry:
    """An entry of the index with all of its disclosures.  Source: FORMAT sections 5 and 6.

    `header`, `payload`, `disclosures` and `record`, what the disclosures make, can be changed until it is signed.
    """

    def __init__(self, sender, number, fields, files=(), is_item=True):
        self.sender, self.number, self.is_item, self.disclosures = sender, number, is_item, []
        self.header = {"alg": "EdDSA", "typ": "evidence-entry+sd-jwt"}
        self.payload = {"iss": sender.origin, "records": {"sha256": "ab" * 32, "line": 0}}
        self.files = [(*file, f"files/{file[0]}")[:3] if len(file) == 2 else file for file in files]
        if is_item:
            self.payload = {"iss": sender.origin, "object": {"sha256": "cd" * 32, "bytes": 512},
                            "records": self.payload["records"]}
        self.record = dict(self.payload)
        paths = [self.disclosure(["path", path]) for path, *_ in self.files]
        elements, shown = [], []
        for (path, content, _), digest in zip(self.files, paths):
            element = {"bytes": len(content), "media_type": "text/plain", "sha256": sha256(content).hex()}
            elements.append({"...": self.disclosure([{**element, "_sd": [digest]}])})
            shown.append({**element, "path": path})
        if self.files:
            fields = {**fields, "files": elements}
        self.payload["_sd"] = sorted(self.disclosure([name, value]) for name, value in fields.items())
        self.record |= {**fields, **({"files": shown} if shown else {})}
        self.payload["_sd_alg"] = "sha-256"

    def disclosure(self, parts):
        """Adds a disclosure of a name and a value, of a value alone, or of the bytes given; the digest of it."""
        salt = base64url(sha256(f"{self.number} {len(self.disclosures)}".encode())[:16])
        text = base64url(parts if isinstance(parts, bytes) else compact([salt, *parts]))
        self.disclosures.append(text)
        return base64url(sha256(text.encode()))

    def disclose(self, parts):
        self.payload["_sd"].append(self.disclosure(parts))

    def signed(self, header=None, payload=None, by=None):
        parts = [header or compact(self.header), payload or compact(self.payload)]
        text = ".".join(map(base64url, parts)).encode()
        self.jws = text + b"." + base64url((by or self.sender.keys["records"]).sign(text)).encode()
        return self

    @property
    def leaf(self):
        return self.jws if hasattr(self, "jws") else self.signed().jws

    @property
    def presentation(self):
        return "~".join([self.leaf.decode(), *self.disclosures, ""]).encode()


class Index:
    """A Merkle tree of entries, filled up with others."""

    def __init__(self, sender, leaves):
        self.sender, self.leaves = sender, leaves
        self.size, self.root = len(leaves), root_of(leaves)

    def checkpoint(self, more="", **changes):
        text = f"{self.sender.origin}\n{self.size}\n{padded(self.root)}\n{more}"
        return self.sender.signed(text, "checkpoints", **changes)

    def proof(self, number, checkpoint=None):
        lines = ["c2sp.org/tlog-proof@v1", f"index {number}", *map(padded, path_to(number, self.leaves)), "", ""]
        return "\n".join(lines).encode() + (checkpoint or self.checkpoint())


class Bundle:
    """A bundle in the making: `files` by path, which `close` completes and signs.  Source: FORMAT section 7."""

    def __init__(self, sender, entries, recipients, purpose="Communication, 1 of 2"):
        self.sender, self.entries = sender, entries
        fillers = {entry.number: entry.leaf for entry in entries}
        size = max(fillers) + 2
        self.index = Index(sender, [fillers.get(number, b"filler") for number in range(size)])
        self.values = {
            "version": "evidence-bundle/v1", "origin": sender.origin, "bundle": "5f" * 16,
            "created": "2026-11-23T15:52:26Z", "purpose": purpose, "recipients": sorted(recipients),
            "checkpoint": f"{size} {self.index.root.hex()}"}
        # Files that are made from the tag manifest, which therefore cannot name them.
        self.of_tag_manifest = {"bundle.note": self.note, "tagmanifest-sha256.txt.sig": sender.ssh_signature}
        self.files = {"proofs/sender.note": sender.note(), "proofs/allowed_signers": sender.allowed_signers(),
                      "READ-ME-FIRST.txt": b"Read me.\n", "REPORT.txt": b"All.\n"}
        for entry in entries:
            self.put(entry)
        self.put_custody()

    def put(self, entry):
        kind = f"proofs/{'item' if entry.is_item else 'event'}-{entry.number}"
        self.files[f"{kind}.sd-jwt"] = entry.presentation
        self.files[f"{kind}.tlog-proof"] = self.index.proof(entry.number)
        if entry.is_item:
            self.files[f"data/item-{entry.number}/record.json"] = pretty(entry.record)
            for _, content, place in entry.files:
                self.files[f"data/item-{entry.number}/{place}"] = content

    def put_custody(self):
        events = [entry for entry in self.entries if not entry.is_item]
        for item in self.entries:
            if item.is_item and events:
                lines = [{"entry": entry.number, "event": "sealed" if entry.is_item else "exported",
                          "at": entry.record["added"]} for entry in [item, *events]]
                document = pretty({"item": item.number, "custody": lines})
                self.files[f"data/item-{item.number}/custody.json"] = document

    def note_text(self, tag_manifest):
        values = self.values
        recipients = "".join(f"recipient {name}\n" for name in values["recipients"])
        return (f"{values['version']}\norigin {values['origin']}\nbundle {values['bundle']}\n"
                f"created {values['created']}\npurpose {values['purpose']}\n{recipients}"
                f"checkpoint {values['checkpoint']}\ntagmanifest {sha256(tag_manifest).hex()}\n").encode()

    def note(self, tag_manifest):
        return self.sender.signed(self.note_text(tag_manifest), "bundles")

    def close(self, **changes):
        """Adds declaration, manifests and note; `changes` are files that take the place of those, before signing."""
        payload = {path: content for path, content in self.files.items() if path.startswith("data/")}
        size = sum(map(len, payload.values()))
        info = (f"Bagging-Date: 2026-11-23\nExternal-Identifier: {self.values['bundle']}\n"
                f"Payload-Oxum: {size}.{len(payload)}\n")
        for path, content in [("bagit.txt", DECLARATION), ("bag-info.txt", info.encode()),
                              ("manifest-sha256.txt", manifest(payload))]:
            self.files.setdefault(path, content)
        tags = {path: content for path, content in self.files.items() if not path.startswith("data/")}
        return self.sign(changes.get("tag_manifest") or manifest(tags))

    def sign(self, tag_manifest):
        self.files["tagmanifest-sha256.txt"] = tag_manifest
        for path, make in self.of_tag_manifest.items():
            self.files[path] = make(tag_manifest)
        return self
