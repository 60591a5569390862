"""Published formats that no packaged program knows yet, read and written on the package `cryptography`.

Followed line by line from the published texts, and from nothing of this project, so that agreement means something.
"""
import base64
import hashlib
import hmac
import os

from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from checking import require


# age, from c2sp.org/age.

CHUNK_COUNT = 65_536  # bytes of content
INFO = b"age-encryption.org/mlkem768x25519"
HYBRID = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
ENCAPSULATED_COUNT = 1120
MLKEM_PUBLIC_COUNT = 1184
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def bech32_checksum(prefix, values):
    check = 1
    for value in [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, constant in enumerate([0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3]):
            check ^= constant if top >> bit & 1 else 0
    return check


def bech32_decoded(text, prefix):
    """The bytes of a BIP 173 string with this prefix, without its limit on length."""
    require(text in (text.lower(), text.upper()), "bech32 in mixed case")
    found, _, letters = text.lower().rpartition("1")
    require(found == prefix.lower(), f"bech32 begins with {found}")
    values = [BECH32.index(letter) for letter in letters]
    require(bech32_checksum(found, values) == 1, "bech32 checksum")
    bits = "".join(f"{value:05b}" for value in values[:-6])
    whole = len(bits) // 8 * 8
    require(len(bits) - whole < 5 and "1" not in bits[whole:], "bech32 padding")
    return bytes(int(bits[place:place + 8], 2) for place in range(0, whole, 8))


def bech32_encoded(data, prefix):
    """A BIP 173 string in lower case, without the limit on length."""
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    values = [int(bits[place:place + 5], 2) for place in range(0, len(bits), 5)]
    check = bech32_checksum(prefix, values + [0] * 6) ^ 1
    values += [check >> 5 * place & 31 for place in reversed(range(6))]
    return prefix + "1" + "".join(BECH32[value] for value in values)


def stretched_seed(seed):
    """X-Wing's SHAKE256 of a seed: the two seeds of ML-KEM-768 (d, z), then the X25519 key."""
    return hashlib.shake_256(seed).digest(96)


def hybrid_private_key(identity):
    stretched = stretched_seed(bech32_decoded(identity, "AGE-SECRET-KEY-PQ-"))
    return hpke.MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(stretched[:64]), X25519PrivateKey.from_private_bytes(stretched[64:]))


def hybrid_public_key(recipient):
    key = bech32_decoded(recipient, "age1pq")
    return hpke.MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(key[:MLKEM_PUBLIC_COUNT]),
        X25519PublicKey.from_public_bytes(key[MLKEM_PUBLIC_COUNT:]))


def unpadded(data):
    return base64.b64encode(data).rstrip(b"=")


def from_unpadded(text):
    require(b"=" not in text, "padded base64")
    data = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    require(unpadded(data) == text, "base64 that is not canonical")
    return data


def derived(key, salt, info):
    return HKDF(hashes.SHA256(), 32, salt, info).derive(key)


def header_code(file_key, header):
    return hmac.digest(derived(file_key, b"", b"header"), header, "sha256")


def chunk_nonce(index, is_last):
    return index.to_bytes(11, "big") + bytes([is_last])


def hybrid_file_key(sealed, identity):
    """The file key for an AGE-SECRET-KEY-PQ-1… identity; the header is enough."""
    lines = sealed.partition(b"\n---")[0].split(b"\n")
    require(lines[0] == b"age-encryption.org/v1", "version line")
    file_key = None
    while (lines := lines[1:]):
        require(lines[0].startswith(b"-> "), "stanza")
        arguments = lines[0][3:].split(b" ")
        body = b""
        while (lines := lines[1:]):
            body += lines[0]
            if len(lines[0]) < 64:
                break
        if arguments[0] != b"mlkem768x25519":
            continue
        encapsulated, wrapped = from_unpadded(arguments[1]), from_unpadded(body)
        require(len(encapsulated) == ENCAPSULATED_COUNT and len(wrapped) == 32, "sizes in the stanza")
        try:
            file_key = HYBRID.decrypt(encapsulated + wrapped, hybrid_private_key(identity), INFO)
            break
        except Exception:  # another recipient's stanza
            continue
    require(file_key is not None, "no stanza is for this identity")
    return file_key


def hybrid_open(sealed, identity):
    """The content of an age file, opened with an AGE-SECRET-KEY-PQ-1… identity."""
    return age_payload(sealed, hybrid_file_key(sealed, identity))


def age_payload(sealed, file_key):
    """The content of an age file whose file key is known."""
    header, mark, rest = sealed.partition(b"\n---")
    end, _, payload = rest.partition(b"\n")
    code = header_code(file_key, header + mark)
    require(hmac.compare_digest(code, from_unpadded(end.removeprefix(b" "))), "code of the header")
    cipher = ChaCha20Poly1305(derived(file_key, payload[:16], b"payload"))
    chunks = [payload[at:at + CHUNK_COUNT + 16] for at in range(16, len(payload), CHUNK_COUNT + 16)]
    require(chunks and (len(chunks) == 1 or len(chunks[-1]) > 16), "last chunk")
    last = len(chunks) - 1
    return b"".join(
        cipher.decrypt(chunk_nonce(index, index == last), chunk, None) for index, chunk in enumerate(chunks))


def stanza(arguments, body):
    return b"-> " + b" ".join(arguments) + b"\n" + unpadded(body) + b"\n"


def wrapped(file_key, wrap_key):
    return ChaCha20Poly1305(wrap_key).encrypt(bytes(12), file_key, None)


def age_file(plain, file_key, stanzas):
    """An age file whose stanzas, each a whole number of lines, wrap `file_key`."""
    nonce = os.urandom(16)
    header = b"age-encryption.org/v1\n" + stanzas + b"---"
    cipher = ChaCha20Poly1305(derived(file_key, nonce, b"payload"))
    chunks = [plain[at:at + CHUNK_COUNT] for at in range(0, len(plain), CHUNK_COUNT)] or [b""]
    last = len(chunks) - 1
    sealed = (cipher.encrypt(chunk_nonce(index, index == last), chunk, None) for index, chunk in enumerate(chunks))
    return header + b" " + unpadded(header_code(file_key, header)) + b"\n" + nonce + b"".join(sealed)


def hybrid_stanza(file_key, public_key):
    message = HYBRID.encrypt(file_key, public_key, INFO)
    return stanza([b"mlkem768x25519", unpadded(message[:ENCAPSULATED_COUNT])], message[ENCAPSULATED_COUNT:])


def hybrid_seal(plain, recipient):
    """An age file for an age1pq1… recipient."""
    file_key = os.urandom(16)
    return age_file(plain, file_key, hybrid_stanza(file_key, hybrid_public_key(recipient)))


def x25519_wrap_key(shared, share, public):
    return derived(shared, share + public, b"age-encryption.org/v1/X25519")


def scrypt_wrap_key(passphrase, salt, work_factor_log2):
    count = 1 << work_factor_log2
    return hashlib.scrypt(
        passphrase, salt=b"age-encryption.org/v1/scrypt" + salt, n=count, r=8, p=1, maxmem=2048 * count, dklen=32)


def scrypt_file_key(sealed, passphrase):
    """The file key of a file sealed with a passphrase; its header is enough."""
    arguments, body = sealed.split(b"\n", 3)[1:3]
    kind, salt, work_factor_log2 = arguments.removeprefix(b"-> ").split(b" ")
    require(kind == b"scrypt", "scrypt stanza")
    wrap_key = scrypt_wrap_key(passphrase, from_unpadded(salt), int(work_factor_log2))
    return ChaCha20Poly1305(wrap_key).decrypt(bytes(12), from_unpadded(body), None)


# Signed notes and the index, from c2sp.org/signed-note, /tlog-checkpoint and /tlog-proof, and RFC 6962.

def verifier_key(text):
    """The name and the Ed25519 key in `name+hash+base64`."""
    name, key_hash, encoded = text.split("+", 2)
    key = base64.b64decode(encoded, validate=True)
    own = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    require(key[0] == 1 and len(key) == 33 and own.hex() == key_hash, f"verifier key of {name}")
    return name, key[1:]


def verified_note(note, key):
    """The text of a signed note, once the signature by `key` verifies."""
    name, public = verifier_key(key)
    text, _, signatures = note.rpartition(b"\n\n")
    text += b"\n"
    for line in signatures.decode().splitlines():
        mark, signer, encoded = line.split(" ")
        if (mark, signer) == ("—", name):
            Ed25519PublicKey.from_public_bytes(public).verify(base64.b64decode(encoded, validate=True)[4:], text)
            return text.decode()
    raise AssertionError(f"no signature by {name}")


def witness_key(name, public):
    """The text of a witness's key by tlog-cosignature."""
    material = b"\x04" + public
    key_id = hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]
    return f"{name}+{key_id.hex()}+{base64.b64encode(material).decode()}"


def cosignature_line(name, private, text, seconds, claimed=None):
    """The line with which a witness countersigns a checkpoint; it may claim another time than it signed."""
    public = private.public_key().public_bytes_raw()
    key_id = bytes.fromhex(witness_key(name, public).split("+", 2)[1])
    signature = private.sign(f"cosignature/v1\ntime {seconds}\n".encode() + text)
    blob = key_id + (claimed or seconds).to_bytes(8, "big") + signature
    return f"— {name} {base64.b64encode(blob).decode()}\n".encode()


def verify_cosignature(note, name, public):
    """The time at which a witness countersigned a note."""
    text, _, lines = note.rpartition(b"\n\n")
    key_id = bytes.fromhex(witness_key(name, public).split("+", 2)[1])
    for line in lines.decode().splitlines():
        dash, signer, blob = line.split(" ")
        blob = base64.b64decode(blob)
        if dash == "—" and signer == name and blob[:4] == key_id:
            seconds = int.from_bytes(blob[4:12], "big")
            Ed25519PublicKey.from_public_bytes(public).verify(
                blob[12:], f"cosignature/v1\ntime {seconds}\n".encode() + text + b"\n")
            return seconds
    raise AssertionError(f"not countersigned by {name}")


def card_keys(card):
    """The keys by purpose in a vault's card, once it is signed by the key that it names for that."""
    lines = [line.split(" ") for line in card.decode().split("\n\n")[0].splitlines()]
    keys = {words[1]: words[2] for words in lines if words[0] == "key"}
    verified_note(card, keys["vault"])
    return keys


def index_root(leaf, index, size, path):
    """The root that an audit path leads to.  Source: RFC 9162 section 2.1.3.2."""
    require(index < size, "index beyond the tree")
    node, last, root = index, size - 1, hashlib.sha256(b"\0" + leaf).digest()
    for sibling in path:
        require(last > 0, "audit path too long")
        if node & 1 or node == last:
            root = hashlib.sha256(b"\1" + sibling + root).digest()
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            root = hashlib.sha256(b"\1" + root + sibling).digest()
        node, last = node >> 1, last >> 1
    require(last == 0, "audit path too short")
    return root


def verify_proof(proof, leaf, checkpoint_key):
    head, _, checkpoint = proof.partition(b"\n\n")
    lines = head.decode().splitlines()
    require(lines[0] == "c2sp.org/tlog-proof@v1", "first line of the proof")
    index = int(lines[1].removeprefix("index "))
    _, size, root = verified_note(checkpoint, checkpoint_key).splitlines()[:3]
    found = index_root(leaf, index, int(size), [base64.b64decode(line, validate=True) for line in lines[2:]])
    require(base64.b64encode(found).decode() == root, "the root is another")
    return index
