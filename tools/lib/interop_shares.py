"""Recovery shares (SLIP-0039), both ways with the reference implementation: `shamir-mnemonic` of PyPI."""
import json
import random
import sys

import shamir_mnemonic

from checking import require
from key_words import share_words
from published_formats import bech32_decoded


class ShareChecks:
    """Checks that need what `Interop` has."""

    def shares(self):
        for kind, prefix in [("post-quantum", "AGE-SECRET-KEY-PQ-"), ("classic", "AGE-SECRET-KEY-")]:
            vault = self.work / f"{kind}-shares.vault"
            flags = ["--classic"] if kind == "classic" else []
            self.run(self.evidence, "init", vault, *flags, "--passphrase-file", self.passphrase_file)
            identity = self.run(
                self.evidence, "unseal", "--passphrase-file", self.passphrase_file, vault / "keys/reading.age")
            self.shares_of(vault, kind, bech32_decoded(identity.decode().strip(), prefix))

    def shares_of(self, vault, kind, secret):
        folder = self.work / f"{kind}-sheets"
        self.on_vault(vault, "key", "split", "--threshold", "3", "--shares", "5", "--output", folder)
        sheets = [share_words(folder / f"share-{number}.txt") for number in range(1, 6)]
        for chosen in [sheets[:3], sheets[2:], random.sample(sheets, 3)]:
            with self.check(f"shamir-mnemonic combines shares of a {kind} reading key"):
                require(shamir_mnemonic.combine_mnemonics(chosen) == secret, "another secret")
        for extendable, exponent, threshold in [(True, 0, 2), (False, 1, 3), (True, 1, 4)]:
            with self.check(f"shares of shamir-mnemonic give a {kind} reading key back (exponent {exponent})"):
                made = shamir_mnemonic.generate_mnemonics(
                    1, [(threshold, 5)], secret, iteration_exponent=exponent, extendable=extendable)[0]
                files = []
                for number, words in enumerate(random.sample(made, threshold)):
                    files += ["--share", self.work / f"{kind}-{exponent}-{threshold}-{number}.words"]
                    files[-1].write_text(words + "\n")
                done = json.loads(self.run(
                    self.evidence, "key", "combine", "--replace", *files, "--vault", vault, "--json",
                    "--new-passphrase-file", self.passphrase_file))
                require(done["signing"] and done["entry"] is not None, done)
        self.on_vault(vault, "list")
        with self.check(f"the vault of a {kind} key is sound after it was recovered, and tools/reader.py accepts it"):
            self.run(self.evidence, "verify", "--vault", vault)
            key = self.work / f"{kind}-shares.key"
            key.write_bytes(self.run(
                self.evidence, "unseal", "--passphrase-file", self.passphrase_file, vault / "keys/reading.age"))
            self.run(sys.executable, self.reader, "vault", vault, "--identity", key, "--deep")
