"""The checks of tools/leaks, which starts this as root and prepares the work folder.

Each case runs `evidence` under strace, which holds the process at the entrance of exit_group, and searches its memory
from outside: in the middle of the work, where secrets may lie in guarded memory only, and at the end, where they may
lie nowhere. The files are made here, by another implementation, so that every key on the way is known.
"""
import argparse
import base64
import contextlib
import os
import select
import subprocess
import sys
import threading
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from memory_scan import Findings, Secret, end_traced, wait_for_exit, wait_until_idle
from published_formats import (
    age_file, age_payload, bech32_decoded, bech32_encoded, derived, hybrid_file_key, hybrid_private_key,
    hybrid_stanza, require, scrypt_file_key, scrypt_wrap_key, stanza, stretched_seed, unpadded, wrapped, x25519_wrap_key)

WORK_FACTOR_LOG2 = 10
CONTENT_MARK = os.urandom(32)
CONTENT = CONTENT_MARK * (1 << 16)  # 2 MiB
HELD_BACK = 300_000  # bytes of input that come only after the first search


# Keys and files, and what is secret about them.

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


# Running and searching.

class Run:
    """A command held twice: when half of its input is through, and at its end."""

    def __init__(self, command, data):
        self.process = subprocess.Popen(
            ["strace", "-D", "-qqq", "-o", "/dev/null", "-e", "trace=exit_group",
             "-e", "inject=exit_group:delay_enter=100s", *map(str, command)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.go_on = threading.Event()
        self.feeder = threading.Thread(target=self._feed, args=[data], daemon=True)
        self.drain = threading.Thread(target=self._drain, daemon=True)
        self.output = b""

    def __enter__(self):
        self.feeder.start()
        return self

    def __exit__(self, *_):
        self.go_on.set()
        end_traced(self.process.pid)
        self.process.wait()

    def _feed(self, data):
        with contextlib.suppress(BrokenPipeError), self.process.stdin as pipe:
            pipe.write(data[:-HELD_BACK])
            pipe.flush()
            self.go_on.wait()
            pipe.write(data[-HELD_BACK:])

    def _drain(self):
        while piece := os.read(self.process.stdout.fileno(), 1 << 20):
            self.output += piece

    def wait_for_middle(self):
        """Takes what is put out, until no more comes."""
        while select.select([self.process.stdout], [], [], 0.3 if self.output else 60)[0]:
            piece = os.read(self.process.stdout.fileno(), 1 << 20)
            require(piece, "ended early")
            self.output += piece
        wait_until_idle(self.process.pid)

    def wait_for_end(self):
        self.go_on.set()
        self.drain.start()
        status = wait_for_exit(self.process.pid)
        require(status == 0, f"ended with status {status}")


class Cases:
    def __init__(self, evidence, work):
        self.evidence, self.work = evidence, work
        self.passed = self.failed = 0

    @contextlib.contextmanager
    def case(self, name):
        notes = []
        try:
            yield notes
            self.passed += 1
            print(f"ok    {name}: {'; '.join(notes)}", flush=True)
        except Exception as error:
            self.failed += 1
            print(f"FAIL  {name}: {type(error).__name__}: {' '.join(str(error).split())}", flush=True)

    def file(self, name, data):
        path = self.work / name
        path.write_bytes(data)
        return path

    def run(self, name, arguments, data, material, in_use, learn=lambda output: None):
        """Searches a command's memory. Those of `in_use` must be found while it works, in guarded memory alone."""
        with self.case(name) as notes, Run([self.evidence, *arguments], data) as run:
            run.wait_for_middle()
            learn(run.output)
            known = [Secret("content", CONTENT_MARK), Secret("argument", str(self.work).encode())]
            middle = Findings(run.process.pid, material.secrets + known)
            run.wait_for_end()
            end = Findings(run.process.pid, material.secrets + known)
            # What is known to be in ordinary memory has to be found there, or the search looked elsewhere.
            for findings, what in [(middle, "content"), (middle, "argument"), (end, "argument")]:
                require(findings.ordinary[what], f"the search does not find the {what}")
            for what in in_use:
                require(middle.guarded[what], f"{what} is not where it is in use")
            names = {secret.name for secret in material.secrets}
            found = [f"while working, {leak}" for leak in middle.leaks(names)]
            found += [f"at the end, {leak}" for leak in end.leaks(names)]
            found += [f"at the end, {what} in guarded memory" for what in names if end.guarded[what]]
            require(not found, "; ".join(found))
            notes.append(f"{len(names)} secrets, {(middle.byte_count + end.byte_count) >> 10} KiB searched")


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


def check_search(cases):
    """Finds a secret that lies about, what is left of one in freed memory, and other spellings of it."""
    with cases.case("the search finds what a careless program leaves") as notes:
        process = subprocess.Popen(
            [sys.executable, "-c", CARELESS], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            held, freed, spelled = (process.stdout.read(32) for _ in range(3))
            wait_until_idle(process.pid)
            secrets = [Secret(name, data) for name, data in [("held", held), ("freed", freed), ("spelled", spelled)]]
            places = Findings(process.pid, secrets + [Secret("absent", os.urandom(32))]).ordinary
        finally:
            process.communicate()
        found = {name: set().union(*pieces.values()) for name, pieces in places.items()}
        require(held[:8] in found["held"] and held[24:] in found["held"], "a secret in use is not found")
        require(freed[16:24] in found["freed"], "half of a freed secret is not found")
        require(spelled.hex()[:16].encode() in found["spelled"], "hexadecimal is not found")
        require(base64.b64encode(spelled)[:12] in found["spelled"], "Base64 is not found")
        require(not found["absent"], "what is not there is found")
        notes.append("held, freed, hexadecimal, Base64")


def check_keys(cases):
    """Files sealed to keys; the identity file open, then itself sealed with a passphrase."""
    in_use = ["seed", "file key of the file", "payload key of the file"]
    for name, kind in [("an X25519", X25519Material), ("a post-quantum", HybridMaterial)]:
        material = kind()
        path = cases.file("identity", material.identity_text)
        sealed = material.sealed(CONTENT)
        cases.run(f"unseal with {name} identity", ["unseal", "-i", path], sealed, material, in_use)
        passphrase = material.passphrase()
        path = cases.file("identity.age", material.sealed_with(passphrase, "the identity file", material.identity_text))
        options = ["-i", path, "--passphrase-file", cases.file("passphrase", passphrase + b"\n")]
        cases.run(f"unseal with {name} identity in a sealed file", ["unseal", *options], sealed, material, in_use)


def check_passphrases(cases):
    material = Material()
    passphrase = material.passphrase()
    path = cases.file("passphrase", passphrase + b"\n")
    in_use = ["passphrase", "file key of the file", "payload key of the file"]
    cases.run("unseal with a passphrase", ["unseal", "--passphrase-file", path],
              material.sealed_with(passphrase, "the file", CONTENT), material, in_use)

    made = Material()
    made.add("passphrase", passphrase)
    cases.run("seal with a passphrase", ["seal", "--passphrase-file", path], CONTENT, made, in_use,
              learn=lambda output: made.payload("the file", scrypt_file_key(output, passphrase), output))


def check_recipients(cases):
    """Here the program draws the file key, which the identity finds out."""
    reader = HybridMaterial()
    identity = reader.identity_text.decode().strip()
    made = Material()
    cases.run("seal to a post-quantum recipient", ["seal", "-r", reader.recipient], CONTENT, made,
              ["file key of the file", "payload key of the file"],
              learn=lambda output: made.payload("the file", hybrid_file_key(output, identity), output))


def check_vault(cases):
    """A vault is made, filled and listed: its two keys, and what they were sealed under."""
    passphrase, vault = os.urandom(24).hex().encode(), cases.work / "vault"
    path = cases.file("passphrase", passphrase + b"\n")
    options = ["--vault", vault, "--passphrase-file", path]

    def learn():
        material = Material()
        material.add("passphrase", passphrase)
        for name in ("reading", "signing"):
            sealed = (vault / "keys" / f"{name}.age").read_bytes()
            file_key = scrypt_file_key(sealed, passphrase)
            material.payload(f"{name}.age", file_key, sealed)
            text = age_payload(sealed, file_key)
            if name == "signing":
                material.add("signing seed", bytes.fromhex(text.decode()))
            else:
                seed = bech32_decoded(text.decode(), "AGE-SECRET-KEY-PQ-")
                material.add("reading seed", seed)
                material.add("reading identity", text.removeprefix(b"AGE-SECRET-KEY-PQ-1"))
                material.add("reading identity's X25519 half", stretched_seed(seed)[64:])
        return material

    material = None
    commands = [["init", vault, "--passphrase-file", path], ["add", path, "--kind", "document", "--title", "A title", "--set", "document.kind=summons", *options], ["list", *options]]
    for arguments in commands:
        with cases.case(f"{arguments[0]} a vault" if arguments[0] != "add" else "add to a vault") as notes:
            with Run([cases.evidence, *arguments], b"") as run:
                run.wait_for_end()
                material = material or learn()
                end = Findings(run.process.pid, material.secrets + [Secret("argument", str(cases.work).encode())])
            require(end.ordinary["argument"], "the search does not find the argument")
            names = {secret.name for secret in material.secrets}
            leaks = end.leaks(names) + [f"{name} in guarded memory" for name in names if end.guarded[name]]
            require(not leaks, f"at the end, {'; '.join(leaks)}")
            notes.append(f"{len(names)} secrets, {end.byte_count >> 10} KiB searched")


def main():
    parser = argparse.ArgumentParser(description="Looks for keys in the memory of evidence.")
    parser.add_argument("--evidence", type=Path, required=True, help="the program to check")
    parser.add_argument("--work", type=Path, required=True, help="an empty folder")
    options = parser.parse_args()
    cases = Cases(options.evidence, options.work)
    check_search(cases)
    check_keys(cases)
    check_passphrases(cases)
    check_recipients(cases)
    check_vault(cases)
    print(f"{cases.passed} passed, {cases.failed} failed")
    sys.exit(1 if cases.failed else 0)


if __name__ == "__main__":
    main()
