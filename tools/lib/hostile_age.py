"""Sealed files that are no bundle for whoever opens them, or whose head or payload lies."""
import os
from pathlib import Path

import pyrage
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from hostile_bench import scrypt_stanza
from hostile_judge import Hostile
from hostile_tar import archive
from published_formats import age_file, bech32_decoded, stanza, unpadded, wrapped, x25519_wrap_key

FAMILY = "age files"
DAMAGED = "the head of the sealed file is damaged"
CUT = "the sealed file is cut short or changed"
NOT_AGE = "this is not a sealed (age) file"
NO_KEY = "none of the keys opens"
KEY = bytes(range(16))
CHUNK = 65_552  # bytes of a sealed chunk


def mine(bench, file_key=KEY, share=None):
    """A stanza that the recipient's key opens."""
    public = bech32_decoded(str(bench.recipient), "age")
    own = X25519PrivateKey.from_private_bytes(bytes(range(32)))
    share = share or own.public_key().public_bytes_raw()
    key = x25519_wrap_key(own.exchange(X25519PublicKey.from_public_bytes(public)), share, public)
    return stanza([b"X25519", unpadded(share)], wrapped(file_key, key))


def others(bench, count):
    """Stanzas of other people, which have to be tried one after the other."""
    lines = b"-> X25519 " + unpadded(X25519PrivateKey.generate().public_key().public_bytes_raw()) + b"\n"
    return (lines + unpadded(bytes(32)) + b"\n") * count


def scrypt(work_factor):
    return scrypt_stanza(KEY, b"seven", 10, work_factor)


def age_files(bench):
    files = bench.bundle().files
    plain = archive(files)

    def sealed(name, data, says="", status=20, **expected):
        return Hostile(FAMILY, name, data, status, says, **expected)

    def with_head(name, stanzas, says=DAMAGED, status=20, **expected):
        return sealed(name, age_file(plain, KEY, stanzas), says, status, **expected)

    yield with_head("nothing wrong", mine(bench), "", 0, files=files)
    yield from heads(bench, with_head)
    yield from broken_heads(bench, sealed, age_file(plain, KEY, mine(bench)))
    yield from payloads(bench, sealed)
    passphrase = bench.passphrase_options
    for factor, status, says in [(b"23", 1, "more work"), (b"64", 1, "more work"), (b"0", 20, DAMAGED),
                                 (b"010", 20, DAMAGED), (b"-1", 20, DAMAGED), (b"9" * 40, 20, DAMAGED), (b"10", 0, "")]:
        expected = {"files": bench.for_passphrase} if status == 0 else {}
        data = age_file(archive(bench.for_passphrase), KEY, scrypt(factor))
        yield sealed(f"work factor 2^{factor.decode()[:10]}", data, says, status, options=passphrase, **expected)
    yield sealed("passphrase, opened with a key", age_file(plain, KEY, scrypt(b"10")),
                 "sealed to a passphrase, not to a key", 12)
    yield sealed("for a key, opened with a passphrase", bench.seal(plain), "sealed to a key, not to a passphrase", 12,
                 options=passphrase)


def heads(bench, with_head):
    grease = b"-> a-stanza that nobody knows\nAAAA\n"
    yield with_head("stanza of an unknown kind", grease + mine(bench), "", 0, files=bench.bundle().files)
    yield with_head("1,000 stanzas of others", others(bench, 1000) + mine(bench), "", 0, files=bench.bundle().files)
    yield with_head("for others alone", others(bench, 3), NO_KEY, 12)
    yield with_head("100,000 stanzas of others", others(bench, 100_000), DAMAGED)
    yield with_head("20,000 stanzas of others", others(bench, 20_000), NO_KEY, 12, is_large=True)
    yield with_head("200,000 arguments", b"->" + b" a" * 200_000 + b"\n\n" + mine(bench), DAMAGED)
    yield with_head("no stanza", b"")
    yield with_head("passphrase beside a key", scrypt(b"10") + mine(bench))
    yield with_head("passphrase twice", scrypt(b"10") * 2)
    yield with_head("share of 31 bytes", stanza([b"X25519", unpadded(bytes(31))], bytes(32)))
    yield with_head("share of zeros", stanza([b"X25519", unpadded(bytes(32))], bytes(32)))
    yield with_head("file key of 15 bytes", mine(bench, bytes(15)))
    yield with_head("argument too many", mine(bench).replace(b"X25519 ", b"X25519 x "))
    yield with_head("empty argument", b"-> X25519  \nAAAA\n")
    yield with_head("control characters", b"-> X25519 \x1b[2J\nAAAA\n")
    yield with_head("body that is no base64", b"-> X25519 AAAA\n%%%%\n")
    yield with_head("base64 with another last bit", b"-> grease\nAB\n" + mine(bench))
    yield with_head("padded base64", b"-> grease\nAA==\n" + mine(bench))
    yield with_head("lines of 65", b"-> grease\n" + b"A" * 65 + b"\n" + mine(bench))
    yield with_head("carriage returns", mine(bench).replace(b"\n", b"\r\n"))


def broken_heads(bench, sealed, whole):
    code_at = whole.index(b"\n--- ") + 5
    yield sealed("no byte", b"", NOT_AGE)
    yield sealed("zeros", bytes(1 << 20), NOT_AGE)
    yield sealed("text", b"Dear colleague, see below.\n", NOT_AGE)
    yield sealed("later version", whole.replace(b"/v1", b"/v2", 1), "of a later version", 1)
    yield sealed("version with an escape sequence", b"age-encryption.org/\x1b[2J\n", "of a later version", 1)
    yield sealed("code of the head changed", whole[:code_at] + b"A" * 42 + b"A" + whole[code_at + 43:], DAMAGED)
    yield sealed("stanza added", whole.replace(b"\n", b"\n-> grease\nAAAA\n", 1), DAMAGED)
    yield sealed("head that ends", whole[:60], DAMAGED)
    yield sealed("head without a payload", whole[:code_at + 44], DAMAGED)
    yield sealed("nonce cut short", whole[:code_at + 44 + 7], DAMAGED)
    # The file has no line feed for a gigabyte, and takes none of the disk.
    yield sealed("line of 1 GiB", lambda: sparse(b"age-encryption.org/v1\n-> ", 1 << 30), DAMAGED)
    yield sealed("18 MiB of stanzas", lambda: b"age-encryption.org/v1\n" + b"-> grease\n\n" * (18 << 20 >> 4) * 2,
                 DAMAGED)
    armor = pyrage.encrypt(archive(bench.bundle().files), [bench.recipient], armored=True)
    yield sealed("armored", armor, "", 0, files=bench.bundle().files)
    yield sealed("armor without an end", armor[:-20], "the text armor is damaged")
    yield sealed("armor with a second end", armor + armor, "the text armor is damaged")
    yield sealed("armor after a letter", b"-" + armor, "the text armor is damaged")
    yield sealed("16 MiB of spaces before armor", b" " * (16 << 20) + armor, "the text armor is damaged")
    yield sealed("armor with lines of 4 letters", b"-----BEGIN AGE ENCRYPTED FILE-----\nAAAA\nAAAA\n", "the text armor")


def sparse(start, size):
    place = Path(os.environ["HOSTILE_WORK"]) / f"sparse-{size}"
    with open(place, "wb") as file:
        file.write(start)
        file.truncate(size)
    return place


def payloads(bench, sealed):
    bundle = bench.open_bundle()
    bundle.files["page"] = os.urandom(200_000)
    whole = bench.seal(archive(bundle.close().files))
    start = whole.index(b"\n", whole.index(b"\n--- ") + 1) + 17
    first, second = whole[start:start + CHUNK], whole[start + CHUNK:start + 2 * CHUNK]
    head, rest = whole[:start], whole[start + 2 * CHUNK:]
    for name, data in {
            "no chunk": head, "last byte missing": whole[:-1], "last chunk missing": head + first + second,
            "a byte more": whole + b"x", "chunks in another order": head + second + first + rest,
            "chunk twice": head + first + first + second + rest, "first chunk missing": head + second + rest,
            "a bit changed": whole[:-100] + bytes([whole[-100] ^ 1]) + whole[-99:],
            "a second file behind it": whole + whole}.items():
        yield sealed(name, data, CUT)
