"""What tools/leaks gives to the program: keys and files made by another implementation, and every secret on the way."""
import os

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from memory_scan import Secret
from published_formats import (
    age_file, bech32_encoded, derived, hybrid_private_key, hybrid_stanza, scrypt_wrap_key, stanza, stretched_seed,
    unpadded, wrapped, x25519_wrap_key)

WORK_FACTOR_LOG2 = 10
CONTENT_MARK = os.urandom(32)
CONTENT = CONTENT_MARK * (1 << 16)  # 2 MiB


class Material:
    """What a case gives to the program, and every secret that is in it."""

    def __init__(self):
        self.secrets = []

    def add(self, name, data):
        self.secrets.append(Secret(name, data))
        return data

    def payload(self, what, file_key, sealed):
        """Learns the keys of an age file, of which the header is enough."""
        nonce = sealed.index(b"\n", sealed.index(b"\n---") + 4) + 1
        self.add(f"file key of {what}", file_key)
        self.add(f"payload key of {what}", derived(file_key, sealed[nonce:nonce + 16], b"payload"))
        self.add(f"header key of {what}", derived(file_key, b"", b"header"))
        return sealed

    def passphrase(self):
        return self.add("passphrase", os.urandom(24).hex().encode())

    def sealed_with(self, passphrase, what, plain):
        file_key, salt = os.urandom(16), os.urandom(16)
        wrap_key = self.add(f"wrap key of {what}", scrypt_wrap_key(passphrase, salt, WORK_FACTOR_LOG2))
        lines = stanza([b"scrypt", unpadded(salt), str(WORK_FACTOR_LOG2).encode()], wrapped(file_key, wrap_key))
        return self.payload(what, file_key, age_file(plain, file_key, lines))

    def identity(self, prefix):
        seed = self.add("seed", os.urandom(32))
        text = bech32_encoded(seed, prefix.lower())
        for form in (text, text.upper()):
            self.add("identity", form[len(prefix) + 1:].encode())
        return seed, text.upper().encode() + b"\n"


class X25519Material(Material):
    def __init__(self):
        super().__init__()
        seed, self.identity_text = self.identity("AGE-SECRET-KEY-")
        self.key = X25519PrivateKey.from_private_bytes(seed)

    def sealed(self, plain):
        file_key, ephemeral = os.urandom(16), X25519PrivateKey.generate()
        public, share = self.key.public_key(), ephemeral.public_key().public_bytes_raw()
        shared = self.add("shared secret", ephemeral.exchange(public))
        wrap_key = self.add("wrap key of the file", x25519_wrap_key(shared, share, public.public_bytes_raw()))
        lines = stanza([b"X25519", unpadded(share)], wrapped(file_key, wrap_key))
        return self.payload("the file", file_key, age_file(plain, file_key, lines))


class HybridMaterial(Material):
    def __init__(self):
        super().__init__()
        seed, self.identity_text = self.identity("AGE-SECRET-KEY-PQ-")
        self.key = hybrid_private_key(self.identity_text.decode().strip())
        stretched = stretched_seed(seed)
        public = [MLKEM768PrivateKey.from_seed_bytes(stretched[:64]).public_key(),
                  X25519PrivateKey.from_private_bytes(stretched[64:]).public_key()]
        self.recipient = bech32_encoded(b"".join(key.public_bytes_raw() for key in public), "age1pq")
        for start, name in [(0, "first ML-KEM seed"), (32, "second ML-KEM seed"), (64, "X25519 half")]:
            self.add(name, stretched[start:start + 32])

    def sealed(self, plain):
        file_key = os.urandom(16)
        lines = hybrid_stanza(file_key, self.key.public_key())
        return self.payload("the file", file_key, age_file(plain, file_key, lines))


# A program that leaves four secrets lying about, and passes each on without making another copy.
CARELESS = """
import base64, ctypes, sys
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.free.argtypes = [ctypes.c_void_p]
def secret(place):
    libc.getrandom(ctypes.c_void_p(place), 32, 0)
    libc.write(1, ctypes.c_void_p(place), 32)
    return place
held, spelled = ctypes.create_string_buffer(32), ctypes.create_string_buffer(32)
secret(ctypes.addressof(held))
libc.free(secret(libc.malloc(64)))
secret(ctypes.addressof(spelled))
texts = [bytes(spelled).hex(), base64.b64encode(spelled)]
sys.stdin.read()
"""
