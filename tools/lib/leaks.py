"""The checks of tools/leaks, which starts this as root and prepares the work folder.

Each case runs `evidence` under strace, which holds the process at the entrance of exit_group, and searches its memory
from outside: in the middle of the work, where secrets may lie in guarded memory only, and at the end, where they may
lie nowhere. The files are made here, by another implementation, so that every key on the way is known.

Where the kernel can hide memory, guarded memory is hidden and a search from outside finds it empty. So each case runs
twice there: once as it is, and once without that, to see that what is in use is where it is thought to be.
"""
import argparse
import base64
import os
import subprocess
import sys
from pathlib import Path

from leaks_material import CARELESS, CONTENT, HybridMaterial, Material, X25519Material
from leaks_places import check_core, check_prompts, check_swap, check_unlocked
from leaks_run import Cases, Run
from memory_scan import Findings, Secret, wait_until_idle
from published_formats import (
    age_payload, bech32_decoded, hybrid_file_key, require, scrypt_file_key, stretched_seed)


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
              learn=lambda made, output: made.payload("the file", scrypt_file_key(output, passphrase), output))


def check_recipients(cases):
    """Here the program draws the file key, which the identity finds out."""
    reader = HybridMaterial()
    identity = reader.identity_text.decode().strip()
    made = Material()
    cases.run("seal to a post-quantum recipient", ["seal", "-r", reader.recipient], CONTENT, made,
              ["file key of the file", "payload key of the file"],
              learn=lambda made, output: made.payload("the file", hybrid_file_key(output, identity), output))


def check_vault(cases):
    """A vault is made, filled and listed: its two keys, and what they were sealed under. What is left in hidden memory
    nobody sees, so that this is done without it as well."""
    for is_hiding in cases.ways(*[f"{name} a vault" for name in ("init", "add to", "list")]):
        check_day(cases, is_hiding)


def check_day(cases, is_hiding):
    hidden = ", hidden" if is_hiding else ""
    passphrase, vault = os.urandom(24).hex().encode(), cases.work / f"vault{hidden}"
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

    document = ["--kind", "document", "--title", "A title", "--set", "document.kind=summons"]
    commands = {"init": ["init", vault, "--passphrase-file", path], "add to": ["add", path, *document, *options],
                "list": ["list", *options]}
    material = None
    for name, arguments in commands.items():
        with cases.case(f"{name} a vault{hidden}") as notes:
            with Run([cases.evidence, *arguments], b"", is_hiding) as run:
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
    check_prompts(cases)
    check_unlocked(cases)
    check_core(cases)
    check_swap(cases)
    if cases.left_out:
        print(f"note: {cases.left_out} cases were left out, and are neither passed nor failed")
    print(f"{cases.passed} passed, {cases.failed} failed")
    sys.exit(1 if cases.failed else 0)


if __name__ == "__main__":
    main()
