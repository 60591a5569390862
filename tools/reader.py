#!/usr/bin/env python3
"""An independent reader of vaults and bundles, written from Vault/FORMAT.md and the standards that it names.

  reader.py vault DIR [--identity FILE] [--deep]      check a vault; deeply with an age identity
  reader.py bundle DIR [--sender "EIGHT WORDS"|CARD]  check a bundle that lies open in a folder
  reader.py unseal --identity FILE [INPUT] [OUTPUT]   open an age file (binary or armored)
  reader.py unseal --passphrase-file FILE [INPUT] [OUTPUT]

Exit status: 0 sound, 1 could not be done, 20 findings, 22 signed by an unknown key. Needs `cryptography` 50 from PyPI.
"File" and "section" in comments mean FORMAT.md. It reads whole files into memory and is meant to be read, not to be fast.
"""
import argparse, base64, hashlib, hmac, io, json, os, re, stat, sys, unicodedata
from datetime import datetime, timezone
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

WORDS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Vault", "words", "english.txt")
PURPOSES = ["vault", "checkpoints", "records", "bundles", "cosignatures"]


class Bad(Exception):
    """Something is not as the format says."""


class Closed(Bad):
    """No identity or passphrase opens it."""


class UnknownSigner(Exception):
    """Somebody else signed than was expected."""
    def __init__(self, why="signed by another key than was expected"):
        super().__init__(why)


def need(condition, what):
    if not condition:
        raise Bad(what)


def sha256(data):
    return hashlib.sha256(data).digest()


# --- Encodings: only the canonical form is accepted ---------------------------------------------------------------

def unbase64(text, url=False, padded=False):
    text = text.encode() if isinstance(text, str) else text
    alphabet = rb"[A-Za-z0-9_-]*" if url else rb"[A-Za-z0-9+/]*" + (rb"={0,2}" if padded else b"")
    need(re.fullmatch(alphabet, text), "not base64")
    try:
        data = base64.b64decode(text + (b"" if padded else b"=" * (-len(text) % 4)), b"-_" if url else None)
    except ValueError:
        raise Bad("not base64")
    again = base64.urlsafe_b64encode(data) if url else base64.b64encode(data)
    need((again if padded else again.rstrip(b"=")) == text, "base64 that is not canonical")
    return data


def unhex(text, size=32):
    need(isinstance(text, str) and re.fullmatch("[0-9a-f]{%d}" % (2 * size), text), "not hex of %d bytes" % size)
    return bytes.fromhex(text)


def decimal(text):
    need(re.fullmatch("0|[1-9][0-9]{0,18}", text) and int(text) < 2**63, "not a decimal number")
    return int(text)


def utf8(data):
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Bad("not UTF-8")


def parse_json(data):
    def distinct(pairs):
        need(len({name for name, _ in pairs}) == len(pairs), "a JSON name occurs twice")
        return dict(pairs)

    def integer(text):
        need(text != "-0" and -2**63 <= int(text) < 2**63, "an integer beyond 64 bits")
        return int(text)

    def fraction(text):
        need(abs(float(text)) != float("inf"), "a number beyond all that can be held")
        return float(text)

    try:
        value = json.loads(utf8(data), object_pairs_hook=distinct, parse_int=integer, parse_float=fraction,
                           parse_constant=lambda text: need(False, "not JSON"))
        json.dumps(value, ensure_ascii=False).encode()  # refuses lone surrogates
        return value
    except (ValueError, RecursionError):
        raise Bad("not JSON")


ESCAPED = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def pretty(value):
    """The pretty JSON of "Conventions", with a line feed. What Python leaves unescaped occurs within strings only."""
    text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    return ESCAPED.sub(lambda match: "\\u%04x" % ord(match[0]), text).encode()


BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def bech32_polymod(values):
    check = 1
    for value in values:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate([0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3]):
            check ^= generator if top >> bit & 1 else 0
    return check


def bech32_expand(prefix):
    return [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]


def unbech32(text, prefix):
    """BIP 173 without its length limit, lower case."""
    need(text.startswith(prefix + "1") and all(c in BECH32 for c in text[len(prefix) + 1:]), "not " + prefix)
    values = [BECH32.index(c) for c in text[len(prefix) + 1:]]
    need(len(values) >= 6 and bech32_polymod(bech32_expand(prefix) + values) == 1, "a bech32 checksum does not fit")
    bits = "".join("{:05b}".format(v) for v in values[:-6])
    spare = len(bits) % 8
    need(spare < 5 and "1" not in bits[len(bits) - spare:], "bech32 padding")
    return bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits) - spare, 8))


def to_bech32(data, prefix):
    bits = "".join("{:08b}".format(b) for b in data)
    bits += "0" * (-len(bits) % 5)
    values = [int(bits[i:i + 5], 2) for i in range(0, len(bits), 5)]
    check = bech32_polymod(bech32_expand(prefix) + values + [0] * 6) ^ 1
    return prefix + "1" + "".join(BECH32[v] for v in values + [check >> 5 * (5 - i) & 31 for i in range(6)])


# --- age (c2sp.org/age) -------------------------------------------------------------------------------------------

def hkdf(key, salt, info):
    return HKDF(hashes.SHA256(), 32, salt or None, info).derive(key)


class Identity:
    @classmethod
    def derived(cls, other, label):
        """The X25519 identity that `other` derives for a purpose."""
        self = cls.__new__(cls)
        self.hybrid, self.seed = False, hkdf(other.seed, b"", label)
        self.take_keys()
        return self

    def __init__(self, text):
        lower = text.lower()
        need(text == text.upper(), "an identity that is not in upper case")
        self.hybrid = lower.startswith("age-secret-key-pq-1")
        self.seed = unbech32(lower, "age-secret-key-pq-" if self.hybrid else "age-secret-key-")
        need(len(self.seed) == 32, "an identity of another size")
        self.take_keys()

    def take_keys(self):
        # X-Wing expands its seed to the seeds of ML-KEM-768 (d || z) and X25519.
        seed = hashlib.shake_256(self.seed).digest(96) if self.hybrid else self.seed
        self.x25519 = X25519PrivateKey.from_private_bytes(seed[-32:])
        share = self.x25519.public_key().public_bytes_raw()
        if self.hybrid:
            kem = MLKEM768PrivateKey.from_seed_bytes(seed[:64])
            self.hpke = MLKEM768X25519PrivateKey(kem, self.x25519)
            share = kem.public_key().public_bytes_raw() + share
        self.recipient = to_bech32(share, "age" + ("1pq" if self.hybrid else ""))
        self.share = share

    def unwrap(self, arguments, body):
        if self.hybrid and arguments[0] == "mlkem768x25519":
            need(len(arguments) == 2 and len(body) == 32, "a malformed stanza")
            suite = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
            encapsulated = unbase64(arguments[1])
            need(len(encapsulated) == 1120, "a malformed stanza")
            try:
                return suite.decrypt(encapsulated + body, self.hpke, info=b"age-encryption.org/mlkem768x25519")
            except (InvalidTag, ValueError):
                return None
        if not self.hybrid and arguments[0] == "X25519":
            share = unbase64(arguments[1]) if len(arguments) == 2 else b""
            need(len(share) == 32 and len(body) == 32, "a malformed stanza")
            shared = self.x25519.exchange(X25519PublicKey.from_public_bytes(share))
            return open_file_key(hkdf(shared, share + self.share, b"age-encryption.org/v1/X25519"), body)
        return None


def open_file_key(key, body):
    try:
        return ChaCha20Poly1305(key).decrypt(bytes(12), body, None)
    except InvalidTag:
        return None


def identities(path):
    lines = [line.strip() for line in open(path)]
    return [Identity(line) for line in lines if line and not line.startswith("#")]


def dearmor(data):
    lines = data.strip().replace(b"\r\n", b"\n").split(b"\n")
    need(lines[0] == b"-----BEGIN AGE ENCRYPTED FILE-----" and lines[-1] == b"-----END AGE ENCRYPTED FILE-----", "armor")
    need(all(len(line) == 64 for line in lines[1:-2]) and 0 < len(lines[-2]) <= 64, "armor lines of another length")
    return unbase64(b"".join(lines[1:-1]), padded=True)


def age_open(data, own, passphrase=None):
    """The plaintext of an age file."""
    if data[:1] in (b"-", b" ", b"\n", b"\r", b"\t"):
        data = dearmor(data)
    end = data.find(b"\n---")
    need(data.startswith(b"age-encryption.org/v1\n") and end > 0, "no age file")
    close = data.find(b"\n", end + 1)
    need(close > 0 and data[end + 1:end + 5] == b"--- ", "an age header that does not end")
    stanzas = []
    for part in utf8(data[21:end] + b"\n").split("\n-> ")[1:]:
        arguments, *lines = part.removesuffix("\n").split("\n")
        need(lines and len(lines[-1]) < 64 and all(len(line) == 64 for line in lines[:-1]), "a malformed stanza")
        stanzas.append((arguments.split(" "), lines))
    need(stanzas and data[22:25] == b"-> ", "an age file without stanzas")
    need(all(re.fullmatch("[!-~]+", a) for arguments, _ in stanzas for a in arguments), "a malformed stanza")
    need(len(stanzas) == 1 or all(s[0][0] != "scrypt" for s in stanzas), "a passphrase beside other stanzas")
    file_key = None
    for arguments, lines in stanzas:
        body = unbase64("".join(lines))
        if arguments[0] == "scrypt" and passphrase:
            salt = unbase64(arguments[1]) if len(arguments) == 3 else b""
            need(len(salt) == 16 and len(body) == 32 and 0 < decimal(arguments[2]) <= 22, "a malformed stanza")
            label = b"age-encryption.org/v1/scrypt" + salt
            key = Scrypt(salt=label, length=32, n=1 << int(arguments[2]), r=8, p=1).derive(passphrase)
            file_key = open_file_key(key, body)
        for identity in own:
            file_key = file_key or identity.unwrap(arguments, body)
    if file_key is None:
        raise Closed("no identity or passphrase opens the file")
    need(len(file_key) == 16, "a file key of another size")
    code = hmac.digest(hkdf(file_key, b"", b"header"), data[:end + 4], "sha256")
    need(hmac.compare_digest(unbase64(data[end + 5:close]), code), "the age header was changed")
    nonce, sealed = data[close + 1:close + 17], data[close + 17:]
    need(len(nonce) == 16, "an age file that ends in its header")
    key, output = ChaCha20Poly1305(hkdf(file_key, nonce, b"payload")), []
    for index in range(max(1, -(-len(sealed) // 65552))):
        chunk = sealed[index * 65552:(index + 1) * 65552]
        final = (index + 1) * 65552 >= len(sealed)
        need(len(chunk) > 16 or index == 0, "an empty last chunk")
        try:
            output.append(key.decrypt(index.to_bytes(11, "big") + bytes([final]), chunk, None))
        except InvalidTag:
            raise Bad("chunk %d of the age file was changed or cut off" % index)
    return b"".join(output)


# --- Tar (section 4) ----------------------------------------------------------------------------------------------

def is_path(text):
    try:
        check_path(text.encode())
        return True
    except Bad:
        return False


def check_path(path):
    need(0 < len(path) <= 4096, "a path without length, or too long")
    components = utf8(path).split("/")
    need(len(components) <= 64, "a path too deep")
    need(not re.search("[\x00-\x1f\x7f-\x9f\\\\]", utf8(path)), "a control character or backslash in a path")
    need(all(c not in ("", ".", "..") and len(c.encode()) <= 255 for c in components), "an unsafe path")
    return utf8(path)


def tar_number(field):
    match = re.fullmatch(rb"([0-7]+)[\x00 ]+", field)
    need(match, "a malformed number in an archive")
    return int(match[1], 8)


def tar_text(field):
    text = field.split(b"\0")[0]
    need(not field[len(text):].strip(b"\0"), "text behind a zero byte in an archive")
    return text


PAX_IGNORED = set(b"atime ctime mtime uid gid uname gname comment LIBARCHIVE.creationtime SCHILY.dev SCHILY.ino "
                  b"SCHILY.nlink".split())


def pax_records(data):
    records = {}
    while data:
        length = re.match(rb"([1-9][0-9]{0,4}) ", data)
        need(length and len(length[0]) < int(length[1]) <= len(data), "a malformed extended header")
        record, data = data[len(length[0]):int(length[1])], data[int(length[1]):]
        name, equals, value = record[:-1].partition(b"=")
        need(record[-1:] == b"\n" and name and equals and name not in records, "a malformed extended header")
        need(name in (b"path", b"size") or name in PAX_IGNORED, "an unknown keyword in an extended header")
        records[name] = value
    need(records, "an empty extended header")
    return records


def untar(data):
    """The entries of an archive: path, content (None for a folder)."""
    need(len(data) % 512 == 0, "an archive that does not end with a block")
    entries, kinds, position, extended = [], {}, 0, None
    while True:
        block = data[position:position + 512]
        need(len(block) == 512, "an archive without an end")
        if not block.strip(b"\0"):
            need(extended is None and len(data) >= position + 1024, "an archive without an end")
            need(not data[position:].strip(b"\0"), "something behind the end of an archive")
            return entries
        need(tar_number(block[148:156]) == sum(block) - sum(block[148:156]) + 256, "a wrong checksum in an archive")
        gnu = block[257:265] == b"ustar  \0"
        need(gnu or block[257:265] == b"ustar\00000", "an archive of another format")
        need(not block[345 if gnu else 500:512].strip(b"\0"), "a malformed header")
        tar_number(block[100:108])
        size, kind = tar_number(block[124:136]), block[156:157]
        need(kind in (b"0", b"5", b"x"), "an entry that is neither file nor folder")
        if kind == b"x":
            need(extended is None and 0 < size <= 65536, "a malformed extended header")
        else:
            need(not block[157:257].strip(b"\0"), "a link name")
            tar_number(block[136:148])
            prefix, name = tar_text(block[345:500]), tar_text(block[0:100])
            name = (extended or {}).get(b"path", prefix + b"/" + name if prefix else name)
            size = decimal(utf8((extended or {}).get(b"size", b"%d" % size)))
        content = data[position + 512:position + 512 + size]
        position += 512 + size + -size % 512
        need(len(content) == size and not data[position - (-size % 512):position].strip(b"\0"), "padding")
        if kind == b"x":
            extended = pax_records(content)
            continue
        extended = None
        need(kind == b"0" or size == 0, "a folder with content")
        path = check_path(name[:-1] if kind == b"5" and name.endswith(b"/") else name)
        parents = path.split("/")[:-1]
        for depth in range(1, len(parents) + 1):
            need(kinds.setdefault("/".join(parents[:depth]), "implied") != "file", "an entry below a file")
        known = kinds.get(path)
        need(known is None or (known == "implied" and kind == b"5"), "a path twice in an archive")
        kinds[path] = "file" if kind == b"0" else "folder"
        entries.append((path, content if kind == b"0" else None))


# --- Signed notes, Merkle tree (signed-note, tlog-checkpoint, tlog-tiles, tlog-proof) -------------------------------

class VerifierKey:
    def __init__(self, text):
        parts = text.split("+", 2)
        need(len(parts) == 3 and 0 < len(parts[0].encode()) <= 1024, "a malformed verifying key")
        need(not any(c.isspace() or unicodedata.category(c) == "Cc" for c in parts[0]), "a malformed key name")
        material = unbase64(parts[2], padded=True)
        need(len(material) == 33 and material[0] == 1, "a verifying key of another kind")
        self.text, self.name, self.key = text, parts[0], material[1:]
        self.id = sha256(self.name.encode() + b"\n" + material)[:4]
        need(parts[1] == self.id.hex(), "a wrong key ID")

    def verifies(self, signature, data):
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, data)
            return True
        except (InvalidSignature, ValueError):
            return False


def signed_note(data, key):
    """The text of a note, once `key` is known to have signed it; and the number of its signatures."""
    need(len(data) <= 1_000_000, "a note too long")
    text, gap, lines = data.rpartition(b"\n\n")
    need(gap and lines.endswith(b"\n") and not re.search(rb"[\x00-\x09\x0b-\x1f]", data), "a malformed note")
    text, signatures, valid = text + b"\n", utf8(lines)[:-1].split("\n"), False
    need(len(signatures) <= 100, "too many signatures")
    utf8(text)
    for line in signatures:
        parts = line.split(" ", 2)
        need(len(parts) == 3 and parts[0] == "—" and parts[1] and "+" not in parts[1], "a malformed signature line")
        blob = unbase64(parts[2], padded=True)
        need(len(blob) > 4, "a malformed signature line")
        if parts[1] == key.name and blob[:4] == key.id:
            need(key.verifies(blob[4:], text), "an invalid signature of " + key.name)
            valid = True
    need(valid, "no signature of " + key.name)
    return utf8(text), len(signatures)


def checkpoint(data, note):
    return checkpoint_of(data, note.origin, note.keys["checkpoints"])


def head_of_vault(data, note):
    """The head; after an acceptance that was cut short it is still that of the restored copy (section 1)."""
    if note.continues and data.startswith(note.continues[-1][0].encode() + b"\n"):
        origin, kept = note.continues[-1]
        head = checkpoint_of(data, origin, note.former_key(origin))
        need(head == kept, "a checkpoint of an old origin that is not the one kept")
        return head
    return checkpoint(data, note)


def named_in(data, name):
    """The digest in a further line of a checkpoint (section 6): `readers`, once they were changed; `next`, a promise."""
    text = utf8(data).rpartition("\n\n")[0]
    named = [line[len(name) + 1:] for line in text.split("\n")[3:] if line.startswith(name + " ")]
    need(len(named) <= 1, "a checkpoint with two lines " + name)
    return unhex(named[0]) if named else None


def note_that_counts(folder, note, head):
    """vault.note, or the one beside it that did not find its place before a crash (section 1)."""
    readers, promised = named_in(head, "readers"), named_in(head, "next")
    if note.replaced and note.replaced[-1] and not head.startswith(note.origin.encode() + b"\n"):
        promised = None  # it was for keys that were replaced since

    def fits(note):
        return readers in (None, bytes.fromhex(note.readers_digest)) and promised in (None, note.next)

    if not fits(note) and os.path.lexists(os.path.join(folder, "next.note")):
        other = VaultNote(read(folder, "next.note"))
        if (other.origin, other.continues) == (note.origin, note.continues):
            need(all(other.keys[p].text == note.keys[p].text for p in PURPOSES), "next.note has other keys")
            note = other
    need(fits(note), "vault.note has other readers, or another promise, than the head names")
    return note


def check_promises(note, head, entries):
    """Of each set of keys, the first promise counts; the key behind it has to be that one (sections 3 and 6)."""
    for start, trusted, end, key in note.periods():
        made = [(index, entry.next) for index, entry in entries
                if entry.next and start <= index and (end is None or index < end)]
        others = [index for index, promised in made if promised != made[0][1] and (end is None or index < trusted)]
        need(not others, "a second promise of another key")
        if end is None:
            promised = made[0][1] if made else None
            if head.startswith(note.origin.encode() + b"\n"):
                need(named_in(head, "next") == promised, "it promises another key than the entries")
                need(note.next == promised, "vault.note promises another key than the entries")
        else:
            need(not made or made[0][1] == sha256(key), "a key that followed is not the one that was promised")
            if trusted < end:
                print("not trusted: entries %d to %d" % (trusted, end - 1))


def checkpoint_of(data, origin, key):
    text, _ = signed_note(data, key)
    lines = text[:-1].split("\n")
    need(len(lines) >= 3 and all(lines), "a malformed checkpoint")
    need(lines[0] == origin, "a checkpoint of another log")
    root = unbase64(lines[2], padded=True)
    need(len(root) == 32 and (lines[1] != "0" or root == sha256(b"")), "a malformed root")
    return decimal(lines[1]), root


def leaf_hash(entry):
    return sha256(b"\0" + entry)


def tree_root(nodes):
    """The root above nodes of equal height (RFC 6962 section 2.1)."""
    if not nodes:
        return sha256(b"")
    while len(nodes) > 1:
        pairs = [sha256(b"\1" + a + b) for a, b in zip(nodes[::2], nodes[1::2])]
        nodes = pairs + nodes[len(nodes) - len(nodes) % 2:]
    return nodes[0]


def inclusion_root(index, size, node, path):
    """RFC 9162 section 2.1.3.2."""
    need(index < size, "a proof beyond the tree")
    number, last = index, size - 1
    for sibling in path:
        need(last > 0, "a proof too long")
        if number & 1 or number == last:
            node = sha256(b"\1" + sibling + node)
            while number and not number & 1:
                number, last = number >> 1, last >> 1
        else:
            node = sha256(b"\1" + node + sibling)
        number, last = number >> 1, last >> 1
    need(last == 0, "a proof too short")
    return node


def tlog_proof(data):
    head, gap, note = data.partition(b"\n\n")
    lines = utf8(head).split("\n")
    need(gap and lines.pop(0) == "c2sp.org/tlog-proof@v1" and lines, "a malformed proof")
    if lines[0].startswith("extra "):
        need(len(unbase64(lines.pop(0)[6:], padded=True)) <= 65536, "a malformed proof")
    need(lines and lines[0].startswith("index ") and len(lines) <= 64, "a malformed proof")
    path = [unbase64(line, padded=True) for line in lines[1:]]
    need(all(len(node) == 32 for node in path), "a malformed proof")
    return decimal(lines[0][6:]), path, note


def tile_path(level, index, width):
    groups = ["%03d" % (index % 1000)]
    while index >= 1000:
        index //= 1000
        groups.insert(0, "x%03d" % (index % 1000))
    return "tile/%s/%s" % (level, "/".join(groups)) + ("" if width == 256 else ".p/%d" % width)


# --- vault.note, entries, records (sections 3, 5 and 6) -------------------------------------------------------------

def words_of(digest):
    words = open(WORDS).read().split()
    bits = int.from_bytes(digest[:11], "big")
    return " ".join(words[bits >> 11 * (7 - i) & 2047] for i in range(8))


class VaultNote:
    def __init__(self, data):
        text = utf8(data).rpartition("\n\n")[0]
        lines = text.split("\n")
        need(lines[0] == "evidence-vault/v1", "vault.note of another version")
        need(len(lines) >= 8 and lines[1].startswith("origin "), "a malformed vault.note")
        self.origin, self.keys, self.continues, self.replaced, self.next = lines[1][7:], {}, [], [], None
        need(self.origin, "a malformed vault.note")
        while len(lines) > 2 and lines[2].startswith("continues "):
            line = lines.pop(2)
            parts = line.split(" ")
            need(len(parts) == 6 and parts[1], "a malformed continues line")
            kept, last = [(decimal(parts[n]), unhex(parts[n + 1])) for n in (2, 4)]
            need(all(size or root == sha256(b"") for size, root in (kept, last)), "a wrong root of nothing")
            need(kept[0] < last[0] or kept == last, "a continues line that kept more than was known")
            need(not self.continues or self.continues[-1][1][0] <= kept[0], "continues lines in another order")
            self.continues.append((parts[1], kept))
            replaces = len(lines) > 2 and lines[2].startswith("replaced ")
            self.replaced.append(ReplacedKeys(lines.pop(2), line, kept == last) if replaces else None)
        if len(lines) > 7 and lines[7].startswith("next "):
            self.next = unhex(lines.pop(7)[5:])
        need(8 <= len(lines) <= 71 and len(self.continues) <= 64, "a malformed vault.note")
        origins = {self.origin} | {origin for origin, _ in self.continues}
        need(len(origins) == len(self.continues) + 1, "an origin twice")
        for purpose, line in zip(PURPOSES, lines[2:7]):
            need(line.startswith("key %s " % purpose), "a malformed vault.note")
            self.keys[purpose] = VerifierKey(line[5 + len(purpose):])
            expected = self.origin + ("" if purpose == "checkpoints" else "/" + purpose)
            need(self.keys[purpose].name == expected, "a key of another name")
        need(len({key.key for key in self.keys.values()}) == 5, "two purposes have one key")
        need(all(line.startswith("reader ") for line in lines[7:]), "a malformed vault.note")
        self.readers = [line[7:] for line in lines[7:]]
        need(len(set(self.readers)) == len(self.readers), "a reader twice")
        for reader in self.readers:
            hybrid = reader.startswith("age1pq1")
            need(len(unbech32(reader, "age1pq" if hybrid else "age")) == (1216 if hybrid else 32), "no recipient of age")
        self.readers_digest = sha256("".join("reader %s\n" % reader for reader in self.readers).encode()).hex()
        signed_note(data, self.keys["vault"])
        self.words = words_of(sha256(self.keys["vault"].key))
        self.check_replaced()

    def check_replaced(self):
        """Each key that was replaced named the one that follows, none comes back, and none of them is promised."""
        start, all_keys = 0, [key.key for key in self.keys.values()]
        for place, replaced in enumerate(self.replaced):
            if replaced is None:
                continue
            kept = self.continues[place][1][0]
            need(replaced.keeps_all and start <= replaced.trusted <= kept, "a replaced line that trusts too much")
            new = self.key("vault", place + 1).text
            text = "evidence-vault/v1/replaced\n%s\n%d\n%s\n" % (replaced.ending, replaced.trusted, new)
            old = self.key("vault", place)
            need(old.verifies(replaced.signature, text.encode()), "a replaced key that did not name the one that follows")
            start = kept
            all_keys += replaced.keys.values()
        need(len(set(all_keys)) == len(all_keys), "a key that was replaced and is used again")
        need(self.next not in [sha256(key) for key in all_keys], "a promise of a key that was used")

    def key(self, purpose, place):
        """The key of the origin at a place among all origins, as it is called there (section 3)."""
        replaced = next((keys for keys in self.replaced[place:] if keys), None)
        raw = replaced.keys[purpose] if replaced else self.keys[purpose].key
        origin = (self.continues + [(self.origin, None)])[place][0]
        name, material = origin + ("" if purpose == "checkpoints" else "/" + purpose), b"\1" + raw
        number = sha256(name.encode() + b"\n" + material)[:4].hex()
        return VerifierKey("%s+%s+%s" % (name, number, base64.b64encode(material).decode()))

    def records_key(self, index):
        """The key that signed the entry of this number."""
        place = next((n for n, (_, kept) in enumerate(self.continues) if index < kept[0]), len(self.continues))
        return self.key("records", place)

    def periods(self):
        """For each set of keys: the first entry, the first that is not trusted, the end, and the `vault` key behind."""
        start = 0
        for place, replaced in enumerate(self.replaced):
            if replaced:
                end = self.continues[place][1][0]
                yield start, replaced.trusted, end, self.key("vault", place + 1).key
                start = end
        yield start, None, None, None

    def is_trusted(self, index):
        return not any(end is not None and trusted <= index < end for _, trusted, end, _ in self.periods())

    def origin_of(self, index):
        """The origin under which the entry of this number was signed."""
        return next((origin for origin, kept in self.continues if index < kept[0]), self.origin)

    def former_key(self, origin):
        """The key of checkpoints that an old origin had."""
        return self.key("checkpoints", [former for former, _ in self.continues].index(origin))


class ReplacedKeys:
    def __init__(self, line, ending, keeps_all):
        parts = line.split(" ")
        need(len(parts) == 8, "a malformed replaced line")
        self.trusted, self.ending, self.keeps_all = decimal(parts[1]), ending, keeps_all
        self.keys = {purpose: unbase64(text, padded=True) for purpose, text in zip(PURPOSES, parts[2:7])}
        self.signature = unbase64(parts[7], padded=True)
        need(all(len(key) == 32 for key in self.keys.values()) and len(self.signature) == 64, "a malformed replaced line")


class Entry:
    def __init__(self, leaf, origin):
        self.compact, parts = leaf, leaf.split(b".")
        need(len(parts) == 3, "an entry that is no JWS")
        header, self.payload = [parse_json(unbase64(part, url=True)) for part in parts[:2]]
        need(isinstance(header, dict) and isinstance(self.payload, dict), "an entry that is no JWS")
        need(header.get("alg") == "EdDSA" and "crit" not in header, "an entry of another algorithm")
        need(header.get("typ") == "evidence-entry+sd-jwt", "an entry of another type")
        need(self.payload.get("iss") == origin, "an entry of another vault")
        self.signature = unbase64(parts[2], url=True)
        need(len(self.signature) == 64, "an entry without signature")
        self.records, self.line = self.reference("records", "line")
        self.object, self.bytes = self.reference("object", "bytes") if "object" in self.payload else (None, 0)
        self.readers = unhex(self.payload["readers"]).hex() if "readers" in self.payload else None
        self.next = unhex(self.payload["next"]) if "next" in self.payload else None
        self.gone, self.resealed, self.replaced = self.removed() if "removed" in self.payload else ([], {}, {})

    def reference(self, name, number):
        value = self.payload.get(name)
        need(isinstance(value, dict) and type(value.get(number)) is int and value[number] >= 0, "a malformed " + name)
        return unhex(value.get("sha256")).hex(), value[number]

    def removed(self):
        """What an entry took out: objects, and objects and records files with those in their place (section 6)."""
        value = self.payload["removed"]
        need(isinstance(value, dict) and all(isinstance(value.get(name), list) for name in ("objects", "records")),
             "a malformed removal")
        need(all(isinstance(pair, dict) for pair in value["records"]), "a malformed removal")
        objects = [unhex(text).hex() for text in value["objects"] if not isinstance(text, dict)]
        new = [pair for pair in value["objects"] if isinstance(pair, dict)]
        need(all(type(pair.get("bytes")) is int and pair["bytes"] >= 0 for pair in new), "a malformed removal")
        resealed = {unhex(pair.get("sha256")).hex(): (unhex(pair.get("by")).hex(), pair["bytes"]) for pair in new}
        pairs = {unhex(pair.get("sha256")).hex(): unhex(pair.get("by")).hex() for pair in value["records"]}
        need(objects or resealed or pairs, "an empty removal")
        need(all(old != new for old, new in pairs.items()), "a malformed removal")
        need(all(old != new for old, (new, _) in resealed.items()), "a malformed removal")
        return objects, resealed, pairs

    def check_signature(self, key):
        need(key.verifies(self.signature, self.compact.rpartition(b".")[0]), "an entry that the vault did not sign")


def disclosed_record(payload, texts):
    """The record with its disclosures in place (section 5, RFC 9901 section 7.1)."""
    need(payload.get("_sd_alg", "sha-256") == "sha-256", "another digest algorithm")
    disclosures, used, seen = {}, set(), set()
    for text in texts:
        need(isinstance(text, str), "a malformed disclosure")
        parts = parse_json(unbase64(text, url=True))
        need(isinstance(parts, list) and len(parts) in (2, 3) and isinstance(parts[0], str), "a malformed disclosure")
        need(len(parts) == 2 or isinstance(parts[1], str) and parts[1] not in ("_sd", "_sd_alg", "..."), "a bad name")
        digest = sha256(text.encode())
        need(digest not in disclosures, "a disclosure twice")
        disclosures[digest] = (len(disclosures), parts)

    def find(text, length):
        need(isinstance(text, str), "a malformed digest")
        digest = unbase64(text, url=True)
        need(len(digest) == 32 and digest not in seen, "a malformed digest, or one twice")
        seen.add(digest)
        if digest not in disclosures:
            return None
        need(len(disclosures[digest][1]) == length, "a disclosure of the wrong kind")
        used.add(digest)
        return disclosures[digest]

    def place(value, depth):
        need(depth <= 16 or not isinstance(value, (dict, list)), "a record too deep")
        if isinstance(value, list):
            result = []
            for element in value:
                if isinstance(element, dict) and "..." in element:
                    need(len(element) == 1, "a member beside a digest")
                    found = find(element["..."], 2)
                    result += [place(found[1][1], depth + 1)] if found else []
                else:
                    result.append(place(element, depth + 1))
            return result
        if isinstance(value, dict):
            need("..." not in value and "_sd_alg" not in value and isinstance(value.get("_sd", []), list), "a bad name")
            result = {name: place(member, depth + 1) for name, member in value.items() if name != "_sd"}
            for _, (_, name, member) in sorted(filter(None, [find(d, 3) for d in value.get("_sd", [])]), key=lambda f: f[0]):
                need(name not in result, "a name twice")
                result[name] = place(member, depth + 1)
            return result
        return value

    record = place({name: value for name, value in payload.items() if name != "_sd_alg"}, 1)
    need(len(used) == len(disclosures), "a disclosure that belongs nowhere")
    files = record.get("files", [])
    need(isinstance(files, list), "a malformed list of files")
    for file in files:
        need(isinstance(file, dict) and type(file.get("bytes")) is int and file["bytes"] >= 0, "a malformed file")
        unhex(file.get("sha256"))
        if "path" in file:
            need(isinstance(file["path"], str) and check_path(file["path"].encode()), "a malformed file")
        plain = [file.get("media_type"), file.get("modified", "")]
        need(all(isinstance(text, str) and re.fullmatch("[!-~]{0,127}", text) for text in plain), "a malformed file")
    return record, files


# --- Checking a vault (section 6) -----------------------------------------------------------------------------------

def read(folder, path):
    for depth in range(1, path.count("/") + 2):
        name = os.path.join(folder, *path.split("/")[:depth])
        need(os.path.lexists(name), "%s is missing" % path)
        mode = os.lstat(name).st_mode
        need((stat.S_ISREG if depth == path.count("/") + 1 else stat.S_ISDIR)(mode), "%s is no regular file" % path)
    with open(name, "rb") as file:
        return file.read()


CATALOGS = {"catalog.age": "evidence-catalog/v3", "fields.age": "evidence-fields/v1"}


def check_vault(folder, own, deep):
    findings = []

    def attempt(what, body):
        try:
            return body()
        except Bad as fault:
            findings.append("%s: %s" % (what, fault))

    note = VaultNote(read(folder, "vault.note"))
    for name in ("tile", "records", "objects", "keys", "incoming"):
        need(os.path.isdir(os.path.join(folder, name)), "the folder %s is missing" % name)
    head = read(folder, "checkpoint")
    size, root = head_of_vault(head, note)
    note = note_that_counts(folder, note, head)
    leaves, entries, known = read_entries(folder, size), [], {"vault.note", "checkpoint"} | set(CATALOGS)
    known |= {"keys/reading.age", "keys/signing.age", "keys/signing-recovery.age"}
    known |= {"keys/%s-%s.age" % (use, sha256(reader.encode()).hex()) for reader in note.readers
              for use in ("reading", "earlier")}
    known |= {tile_path("entries", n, min(256, size - 256 * n)) for n in range(-(-size // 256))}
    nodes, level = [leaf_hash(leaf) for leaf in leaves], 0
    need(tree_root(nodes) == root, "the signed root is not that of the entries")
    for _, kept in note.continues:
        need(kept[0] <= size and tree_root(nodes[:kept[0]]) == kept[1], "the first entries are not those that were kept")
    while nodes:
        for n in range(-(-len(nodes) // 256)):
            tile = nodes[256 * n:256 * (n + 1)]
            path = tile_path(level, n, len(tile))
            known.add(path)
            attempt(path, lambda: need(read(folder, path) == b"".join(tile), "not the hashes of the entries"))
        nodes, level = [tree_root(nodes[i:i + 256]) for i in range(0, len(nodes) // 256 * 256, 256)], level + 1
    for index, leaf in enumerate(leaves):
        entry = attempt("item %d" % index, lambda: Entry(leaf, note.origin_of(index)))
        if entry:
            entries.append((index, entry))
    changes = [entry.readers for _, entry in entries if entry.readers]
    last_change = max((index for index, entry in entries if entry.readers), default=0)
    if len(entries) == len(leaves):
        if named_in(head, "readers") != (bytes.fromhex(changes[-1]) if changes else None):
            findings.append("checkpoint: it names other readers than the last entry that changed them")
        attempt("checkpoint", lambda: check_promises(note, head, entries))
    sound, gone, replaced, sealed_by = {}, set(), {}, {}
    for index, entry in entries:
        sealed_by.update({new: index for new in [*entry.replaced.values(), *(new for new, _ in entry.resealed.values())]})
        gone |= set(entry.gone) | set(entry.resealed) | set(entry.replaced)
        replaced |= entry.replaced | {old: new for old, (new, _) in entry.resealed.items()}
    for index, entry in entries:
        for kind, digest, count in (("records", entry.records, None), ("objects", entry.object, entry.bytes),
                                    *(("objects", new, size_of) for new, size_of in entry.resealed.values()),
                                    *(("records", new, None) for new in entry.replaced.values())):
            path = "%s/%s/%s.age" % (kind, (digest or "")[:2], digest)
            if digest and digest not in gone and path not in known:
                known.add(path)
                sound[digest] = attempt("item %d" % index, lambda: named_file(folder, path, digest, count))
    for path in sorted(set(all_files(folder)) - known):
        print("notice: %s belongs to no entry" % shown(path))
    if deep:
        need(any(identity.recipient in note.readers for identity in own), "the identity is not that of a reader")
        for index, entry in entries:
            attempt("item %d" % index, lambda: entry.check_signature(note.records_key(index)))
            attempt("item %d" % index, lambda: check_openable(
                index, min(sealed_by.get(in_place_of(entry.records, replaced), index),
                           sealed_by.get(in_place_of(entry.object, replaced), index)) < last_change, lambda: check_item(note.origin_of(index), entry, own, sound, gone, replaced)))
        for name in CATALOGS:
            if os.path.lexists(os.path.join(folder, name)):
                attempt(name, lambda: check_catalog(read(folder, name), CATALOGS[name], note, leaves, own))
    print("%d entries up to head %d %s" % (len(entries), size, words_of(root)))
    print("signed by " + note.words)
    return findings


def read_entries(folder, size):
    leaves = []
    for n in range(-(-size // 256)):
        path, count = tile_path("entries", n, min(256, size - 256 * n)), 0
        data = io.BytesIO(read(folder, path))
        while length := data.read(2):
            leaves.append(data.read(int.from_bytes(length, "big")))
            need(len(length) == 2 and len(leaves[-1]) == int.from_bytes(length, "big"), path + " ends within an entry")
            count += 1
        need(count == min(256, size - 256 * n), path + " has another number of entries")
    return leaves


def named_file(folder, path, digest, size):
    data = read(folder, path)
    need(size is None or len(data) == size, path + " has another size")
    need(sha256(data).hex() == digest, path + " has another digest than its name")
    return data


def all_files(folder):
    for base, folders, files in os.walk(folder):
        if base == folder and "aside" in folders and not os.path.islink(os.path.join(base, "aside")):
            folders.remove("aside")  # what a repair took out of the way
        links = [name for name in folders if os.path.islink(os.path.join(base, name))]
        for name in files + links:
            yield os.path.relpath(os.path.join(base, name), folder)


def in_place_of(digest, replaced):
    while digest in replaced:
        digest = replaced[digest]
    return digest


def check_openable(index, is_older, body):
    """What was sealed before a key was a reader's is not damaged; whoever has an older key can seal it anew."""
    try:
        body()
    except Closed:
        need(is_older, "no identity opens it")
        print("notice: item %d was sealed to other readers, and is not checked" % index)


def check_item(origin, entry, own, sound, gone, replaced):
    records, sealed = in_place_of(entry.records, replaced), in_place_of(entry.object, replaced)
    is_gone = sealed in gone
    if sound.get(records) is None or sealed and not is_gone and sound.get(sealed) is None:
        return  # found damaged already
    lines = [line for line in age_open(sound[records], own).split(b"\n") if line]
    need(entry.line < len(lines), "its line of the records file is missing")
    line = parse_json(lines[entry.line])
    need(isinstance(line, dict) and isinstance(line.get("disclosures"), list), "a malformed line of a records file")
    if records != entry.records and not line["disclosures"]:
        return  # withdrawn
    need(not is_gone, "an object that is gone, of a record that is not")
    record, files = disclosed_record(entry.payload, line["disclosures"])
    need(all("path" in file for file in files), "a file without path")
    if not sealed:
        return
    inner = {name: value for name, value in record.items() if name not in ("iss", "object", "records")}
    document = {"format": "evidence-item/v1", "origin": origin, "record": inner, "disclosures": line["disclosures"]}
    archive = untar(age_open(sound[sealed], own))
    need(archive and archive[-1] == ("record.json", pretty(document)), "record.json is another")
    expected = {"files/" + file["path"]: (file["bytes"], file["sha256"]) for file in files}
    present = {path: content is not None and (len(content), sha256(content).hex()) for path, content in archive[:-1]}
    need(list(expected.items()) == list(present.items()), "the files of the object are not those of the record")


def check_catalog(data, version, note, leaves, own):
    for identity in own:
        try:
            text = age_open(data, [Identity.derived(identity, version.encode())])
        except Bad as fault:
            if "no identity" in str(fault):
                continue  # another reader's
            raise
        lines = utf8(text).split("\n")
        need(lines.pop() == "", "a line without end")
        first = lines.pop(0).split(" ") if lines else []
        need(len(first) == 4 and first[:2] == [version, note.origin], "a catalog of another vault")
        size, root = decimal(first[2]), unhex(first[3])
        need(size <= len(leaves) and root == tree_root([leaf_hash(leaf) for leaf in leaves[:size]]),
             "a catalog of another index")
        need([parse_json(line.encode()).get("item") for line in lines] == list(range(size)), "lines of other entries")


# --- Checking a bundle (section 7) ----------------------------------------------------------------------------------

def check_bundle(folder, expected):
    files = {}
    for path in all_files(folder):
        path = check_path(os.fsencode(path))
        files[path] = read(folder, path)
    need(len(set(map(fold, files))) == len(files), "two files with one name on some disks")

    own = {"bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt", "tagmanifest-sha256.txt.sig",
           "bundle.note"}
    for path in files:
        need(path in own or path.startswith(("data/", "proofs/")) or is_page_name(path), "a page called " + path)

    def content(path):
        need(path in files, path + " is missing")
        return files[path]

    sender = VaultNote(content("proofs/sender.note"))
    print("signed by " + sender.words)
    former = None
    if expected is None:
        print("nobody has vouched for this sender: compare the eight words over another channel")
    else:
        former = former_period(sender, expected)
    head, created = check_bundle_note(content("bundle.note"), sender, content("tagmanifest-sha256.txt"))
    if former:
        check_former(former, head)
    check_ssh_signature(content, sender)
    need(content("bagit.txt") == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", "bagit.txt is another")
    tags = {path for path in files if not path.startswith("data/")} - {
        "bundle.note", "tagmanifest-sha256.txt", "tagmanifest-sha256.txt.sig"}
    check_manifest("tagmanifest-sha256.txt", tags, files)
    check_manifest("manifest-sha256.txt", {path for path in files if path.startswith("data/")}, files)
    remaining = {path for path in files if path.startswith(("data/", "proofs/"))} - {
        "proofs/sender.note", "proofs/allowed_signers"}
    numbers = [re.fullmatch(r"proofs/item-(0|[1-9][0-9]*)\.sd-jwt", path) for path in sorted(remaining)]
    entries = {}
    for number in sorted(int(match[1]) for match in numbers if match):
        remaining -= check_bundle_item(number, sender, head, content, entries)
    tell_items(entries)
    need(any(numbers), "a bundle without items")
    items = set(entries)
    events = [re.fullmatch(r"proofs/event-(0|[1-9][0-9]*)\.sd-jwt", path) for path in sorted(remaining)]
    for number in sorted(int(match[1]) for match in events if match):
        need(number not in items, "an item as an event too: %d" % number)
        entries[number], _ = check_bundle_entry("proofs/event-%d" % number, number, sender, head, content)
        remaining -= {"proofs/event-%d%s" % (number, ending) for ending in (".sd-jwt", ".tlog-proof")}
    check_links(entries, items)
    told = set()
    for path in sorted(remaining):
        if match := re.fullmatch(r"data/item-(0|[1-9][0-9]*)/custody\.json", path):
            need(int(match[1]) in items, path + " belongs to no item")
            told |= check_custody(int(match[1]), content(path), entries)
            remaining = remaining - {path}
    for number in sorted(int(match[1]) for match in events if match):
        need(number in told, "an event that no history tells of: %d" % number)
    form = r"proofs/timestamps/[0-9a-f]{64}\.(tst|pem)"
    stamps = {path for path in remaining if re.fullmatch(form, path)}
    for path in sorted(stamps):
        need(path[:-3] + ("pem" if path.endswith("tst") else "tst") in stamps, path + " stands alone")
        if path.endswith("tst"):
            print("not checked: %s; openssl ts -verify can" % path)
    remaining -= stamps
    need(not remaining, "files that belong to no item: " + ", ".join(sorted(remaining)))
    tell_dates(entries, created)


def former_period(sender, expected):
    """Requires the sender with these words, or with this card (step 2). Of an earlier key of the card, up to which entry
    it is trusted, and the head with which it ended."""
    if not os.path.isfile(expected):
        if expected != sender.words:
            raise UnknownSigner()
        return None
    with open(expected, "rb") as file:
        card = VaultNote(file.read())
    key = sender.keys["vault"].key
    if key == card.keys["vault"].key:
        return None
    for (_, kept), replaced in zip(card.continues, card.replaced):
        if replaced and replaced.keys["vault"] == key:
            return replaced.trusted, kept
    raise UnknownSigner("signed by a key that this card neither has nor had")


def check_former(period, head):
    """A key that was replaced signed up to the head that was kept; of one that was revoked a bundle proves nothing."""
    trusted, kept = period
    if trusted != kept[0]:
        raise UnknownSigner("signed by a key that its owner revoked")
    if head[0] > kept[0]:
        raise UnknownSigner("signed by a key that was replaced, on more entries than there were then")
    if head[0] == kept[0] and head != kept:
        raise UnknownSigner("signed by a key that was replaced, on other entries than there were then")
    print("which is an earlier key of that card, replaced at entry %d" % kept[0])


def tell_items(entries):
    """Each entry, and which of them are one item."""
    amended = {number: record["amends"] for number, record in entries.items() if type(record.get("amends")) is int}
    current = {}
    for number in entries:
        item = amended.get(number, number)
        current[item] = max(number, current.get(item, number))
    for number in entries:
        remarks = ["amends item %d" % amended[number]] if number in amended else []
        last = current[amended.get(number, number)]
        remarks += ["superseded by entry %d" % last] if last != number else []
        name = "entry" if number in amended else "item"
        print(", ".join(["%s %d holds" % (name, number), *remarks]))
    print("items: %d" % len(current))


def tell_dates(entries, created):
    """Dates that cannot all be right. Clocks ten minutes apart are not told, and time-stamps are not read here."""
    def seconds(text):
        return datetime.fromisoformat(text[:-1]).replace(tzinfo=timezone.utc).timestamp()

    latest, row = None, False
    for number, record in sorted(entries.items()):
        date = record.get("added")
        if date is None:
            continue
        if seconds(date) > seconds(created) + 600:
            print("dates do not agree: entry %d is dated %s, and the bundle that has it %s" % (number, date, created))
        if latest and seconds(latest[1]) > seconds(date) + 600:
            if not row:
                print("dates do not agree: entry %d is dated %s, and entry %d, made before it, %s" % (
                    number, date, *latest))
            row = True
        else:
            row = False
            latest = (number, date) if latest is None or seconds(date) > seconds(latest[1]) else latest


def check_bundle_note(data, sender, tag_manifest):
    text, count = signed_note(data, sender.keys["bundles"])
    need(count == 1, "another signature beside the sender's")
    form = ("evidence-bundle/v1\norigin ([^\n]+)\nbundle ([0-9a-f]{32})\ncreated ([^\n]+)\npurpose ([^\n]*)\n"
            "((?:recipient [0-9a-f]{64}\n)+|recipient passphrase\n)checkpoint ([0-9]+) ([0-9a-f]{64})\n"
            "tagmanifest ([0-9a-f]{64})\n")
    match = re.fullmatch(form, text)
    need(match, "a malformed bundle.note")
    need(match[1] == sender.origin, "bundle.note of another origin")
    names = match[5].splitlines()
    need(names == sorted(set(names)), "recipients that are not sorted, or one twice")
    need(is_moment(match[3]), "a malformed moment")
    need(match[8] == sha256(tag_manifest).hex(), "tagmanifest-sha256.txt was changed")
    print("made %s for: %s" % (match[3], shown(match[4])))
    return (decimal(match[6]), bytes.fromhex(match[7])), match[3]


def shown(text):
    """Text from outside: nothing in it moves the cursor, or hides or reorders text."""
    bad = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    return "".join("\\u{%x}" % ord(c) if unicodedata.category(c) in bad else c for c in text)


def is_moment(text):
    if not (isinstance(text, str) and re.fullmatch("[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}Z", text)):
        return False
    try:
        return text >= "1583" and datetime.fromisoformat(text[:-1]).isoformat() == text[:-1]
    except ValueError:
        return False


def is_page_name(path):
    """Whether a file outside of data/ and proofs/ may be called that (section 7)."""
    return (all(is_harmless(component) for component in path.split("/"))
            and fold(path.split("/")[0]) not in ("data", "proofs")
            and not re.fullmatch(r"fetch\.txt|(tag)?manifest-.*\.txt", path.lower()))


def ssh_string(data):
    return len(data).to_bytes(4, "big") + data


def check_ssh_signature(content, sender):
    """The file is made again around the signature that is in it, so that it can have one spelling alone."""
    data, key = content("tagmanifest-sha256.txt.sig"), sender.keys["bundles"]
    public = ssh_string(b"ssh-ed25519") + ssh_string(key.key)
    signature = unbase64("".join(utf8(data).split("\n")[1:-2]), padded=True)[-64:]
    blob = b"SSHSIG" + (1).to_bytes(4, "big") + b"".join(map(ssh_string, [
        public, b"evidence-bundle", b"", b"sha512", ssh_string(b"ssh-ed25519") + ssh_string(signature)]))
    text = base64.b64encode(blob).decode()
    lines = [text[start:start + 70] for start in range(0, len(text), 70)]
    file = "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""])
    need(data == file.encode(), "a malformed tagmanifest-sha256.txt.sig, or one of another key")
    digest = hashlib.sha512(content("tagmanifest-sha256.txt")).digest()
    signed = b"SSHSIG" + b"".join(map(ssh_string, [b"evidence-bundle", b"", b"sha512", digest]))
    need(key.verifies(signature, signed), "the signature for ssh-keygen does not fit")
    line = 'sender namespaces="evidence-bundle" ssh-ed25519 %s\n' % base64.b64encode(public).decode()
    need(content("proofs/allowed_signers") == line.encode(), "proofs/allowed_signers is another")


def check_manifest(name, expected, files):
    lines = utf8(files.get(name, b"\n")).split("\n")
    need(lines.pop() == "" and all(re.fullmatch("[0-9a-f]{64}  .+", line) for line in lines), name + " is malformed")
    digests = {line[66:]: line[:64] for line in lines}
    need([line[66:] for line in lines] == sorted(digests, key=str.encode), name + " is not sorted, or has a path twice")
    need(set(digests) == expected, "%s does not fit: %s" % (name, ", ".join(sorted(set(digests) ^ expected))))
    for path, digest in digests.items():
        need(sha256(files[path]).hex() == digest, path + " was changed")


def check_bundle_entry(prefix, number, sender, head, content):
    parts = content(prefix + ".sd-jwt").split(b"~")
    need(len(parts) > 1 and parts[-1] == b"" and all(parts[:-1]), prefix + ".sd-jwt is malformed")
    entry = Entry(parts[0], sender.origin_of(number))
    entry.check_signature(sender.records_key(number))
    if not sender.is_trusted(number):
        print("not trusted: entry %d, signed by a key that was revoked" % number)
    index, path, note = tlog_proof(content(prefix + ".tlog-proof"))
    need(index == number and checkpoint(note, sender) == head, prefix + ".tlog-proof is of another number or head")
    need(inclusion_root(index, head[0], leaf_hash(parts[0]), path) == head[1], "item %d is not in the index" % number)
    record, files = disclosed_record(entry.payload, [utf8(part) for part in parts[1:-1]])
    need(not files or entry.object is not None or not prefix.startswith("proofs/item-"),
         "item %d has files and no object" % number)
    need(isinstance(record.get("kind", ""), str), "entry %d is of a kind that is no text" % number)
    need("added" not in record or is_moment(record["added"]), "entry %d was added at no moment" % number)
    return record, files


def check_links(entries, items):
    """What entries say of one another: which of them amends which item (step 8)."""
    for number, record in entries.items():
        if "amends" in record:
            item = record["amends"]
            need(type(item) is int and 0 <= item < number, "entry %d amends itself, a later one, or nothing" % number)
            need("amends" not in entries.get(item, {}), "entry %d amends an amendment" % number)
    last = {}
    for number in sorted(items):
        last[entries[number].get("amends", number)] = number
        need(entries[number].get("kind") not in EVENTS, "an event as an item: %d" % number)
    for number in set(entries) - items:
        record = entries[number]
        need(record.get("kind") != "withdrawal", "a withdrawal of what the bundle has: %d" % number)
        need(number < last.get(record.get("amends"), number + 1), "an amendment that counts, as an event: %d" % number)


def check_custody(number, data, entries):
    """The history of an item: what its entries and events say, as far as they are disclosed (section 7)."""
    document = parse_json(data)
    need(isinstance(document, dict) and isinstance(document.get("custody"), list), "a malformed custody.json")
    named = [line.get("entry") for line in document["custody"] if isinstance(line, dict)]
    need(number in named and set(named) <= set(entries), "custody.json names entries that are not in the bundle")
    lines = []
    own = {number} | {entry for entry, record in entries.items() if record.get("amends") == number}
    for entry in sorted(set(named)):
        record = entries[entry]
        kind = record.get("kind")
        more = record.get("items")
        about = {item for item in [record.get("item"), *(more if isinstance(more, list) else [])]
                 if type(item) is int and item >= 0}
        need(entry in own or kind in EVENTS and (not about or about & own),
             "the history of item %d names entry %d, which is of another" % (number, entry))
        fields = {name: value for name, value in record.items()
                  if name not in ("iss", "object", "records", "removed", "readers", "next", "kind", "added", "files")}
        event = EVENTS.get(kind)
        if event is None:
            event = "amended" if "amends" in fields else "sealed"
            fields = {}
        elif kind == "custody":
            event = fields["event"] if isinstance(fields.get("event"), str) else "custody"
        line = {"entry": entry, "event": event}
        if "added" in record:
            line["at"] = record["added"]
        if fields:
            line["fields"] = fields
        lines.append(line)
    need(data == pretty({"item": number, "custody": lines}), "custody.json of item %d is another" % number)
    return set(named)


# What an event is called in a history; whatever is not here is an item.
EVENTS = {
    "export": "exported", "disclosure": "disclosed", "withdrawal": "consent_withdrawn", "custody": "custody",
    "recipient": "recipient", "recipient_revoked": "recipient_revoked", "salvage": "salvage", "receipt": "receipt",
    "recovery": "recovery", "intake": "intake", "intake_revoked": "intake_revoked", "collection": "collection",
    "readers": "readers", "reseal": "reseal", "signing_key": "signing_key",
}


def check_bundle_item(number, sender, head, content, entries):
    prefix, folder = "proofs/item-%d" % number, "data/item-%d/" % number
    record, files = check_bundle_entry(prefix, number, sender, head, content)
    entries[number] = record
    need(content(folder + "record.json") == pretty(record), folder + "record.json is another")
    places = file_places(files, number)
    for file, place in zip(files, places):
        data = content(folder + place)
        need((len(data), sha256(data).hex()) == (file["bytes"], file["sha256"]), place + " is not the file of the record")
    return {prefix + ".sd-jwt", prefix + ".tlog-proof", folder + "record.json"} | {folder + p for p in places}


def file_places(files, number):
    """A file keeps its path if every system can hold it beside the others; else it is renamed (section 7)."""
    taken_files, taken_folders, places = set(), set(), []
    for position, file in enumerate(files, 1):
        if "path" not in file:
            places.append("renamed/%d" % position)
            continue
        components = file["path"].split("/")
        form = fold(file["path"])
        folders = {fold("/".join(components[:count])) for count in range(1, len(components))}
        place = ("data/item-%d/files/" % number) + file["path"]
        fits = is_path("bundle/" + place) and len(place.encode("utf-16-le")) <= 2 * 160
        if (fits and all(map(is_harmless, components)) and form not in taken_files | taken_folders
                and not folders & taken_files):
            taken_files.add(form)
            taken_folders |= folders
            places.append("files/" + file["path"])
        else:
            places.append("renamed/%d-%s" % (position, harmless(shortened(components[-1]))))
    return places


def fold(text):
    text = "".join(c.lower() for c in text).upper()
    return unicodedata.normalize("NFC", "".join(c.lower() for c in text))


# What Windows opens a device for, whatever ending and folder the name has.
DEVICE = re.compile(r"(?ai)(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3]) *(\.|$)")


def is_harmless(component):
    return harmless(component) == component and not DEVICE.match(component)


def harmless(component):
    bad = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    text = "".join("_" if c in '%:*?"<>|' or unicodedata.category(c) in bad else c for c in component)
    return text + "_" if text[-1] in ". " else text


def shortened(name):
    """The characters that, each replaced by `_` where it is not harmless, take at most 120 bytes."""
    size, kept = 0, ""
    for c in name:
        size += len((harmless("x" + c + "x")[1:-1]).encode())
        if size > 120:
            break
        kept += c
    return kept


# --- The command line -----------------------------------------------------------------------------------------------

def main():
    parser = argparse.ArgumentParser(description="Independent reader of evidence vaults, bundles and age files.")
    commands = parser.add_subparsers(dest="command", required=True)
    vault, bundle, unseal = [commands.add_parser(name) for name in ("vault", "bundle", "unseal")]
    vault.add_argument("folder")
    vault.add_argument("--identity")
    vault.add_argument("--deep", action="store_true")
    bundle.add_argument("folder")
    bundle.add_argument("--sender")
    unseal.add_argument("--identity")
    unseal.add_argument("--passphrase-file")
    unseal.add_argument("input", nargs="?", default="/dev/stdin")
    unseal.add_argument("output", nargs="?", default="/dev/stdout")
    options = parser.parse_args()
    if options.command != "bundle" and options.identity is None and getattr(options, "deep", True) and not getattr(
            options, "passphrase_file", None):
        parser.error("an identity is needed")
    findings = []
    try:
        if options.command == "vault":
            own = identities(options.identity) if options.identity else []
            findings = check_vault(options.folder, own, options.deep)
        elif options.command == "bundle":
            check_bundle(options.folder, options.sender)
        else:
            own = identities(options.identity) if options.identity else []
            words = options.passphrase_file and open(options.passphrase_file, "rb").readline().rstrip(b"\r\n")
            plaintext = age_open(open(options.input, "rb").read(), own, words or None)
            with open(options.output, "wb") as file:
                file.write(plaintext)
            return 0
    except Bad as fault:
        findings.append(str(fault))
    except UnknownSigner as fault:
        print("NOT ACCEPTED: " + str(fault))
        return 22
    except OSError as fault:
        print(fault, file=sys.stderr)
        return 1
    for finding in findings:
        print(("DAMAGE: " if options.command != "unseal" else "reader.py: ") + shown(finding), file=sys.stderr)
    if not findings:
        print("sound")
    return 20 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
