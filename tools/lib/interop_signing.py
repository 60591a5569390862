"""Signing keys that were promised, replaced and revoked: tools/reader.py, which was written from the format, says the
same of vaults and bundles as evidence does."""
import json
import shutil
import sys

from bundle_maker import Sender
from checking import require
from interop_stock import StockTools


class SigningKeyChecks:
    """Checks that need what `Interop` has."""

    def signing_keys(self):
        vault, own = self.make_vault("rotated.vault", "--classic")
        recipient, key = self.make_key("bundle-reader.key", "--classic")
        self.on_vault(vault, "recipient", "add", "Reader", key, "--class", "lawyer", "--words", self.words_of(key))
        forked = shutil.copytree(vault, self.work / "forked.vault")
        next_key, secret = self.work / "next.age", ["--next-passphrase-file", self.passphrase_file]
        self.on_vault(vault, "key", "next", next_key, *secret)
        self.elsewhere("forked", forked, "key", "next", self.work / "next of another.age", *secret)
        self.check_vault(vault, own, "with a promised signing key")
        with self.check("stock age opens the key that is to follow: a seed of 64 hex digits"):
            opened = self.run(
                self.evidence, "unseal", "--passphrase-file", self.passphrase_file, input=next_key.read_bytes())
            require(len(opened) == 64 and bytes.fromhex(opened.decode()), "no seed")
        promised = shutil.copytree(vault, self.work / "promised.vault")
        self.on_vault(vault, "key", "rotate", "--next", next_key, *secret)
        self.on_vault(vault, "add", self.samples / "material/court/decision.pdf", "--kind", "document", "--title", "t",
                      "--set", "document.kind=note")
        self.check_vault(vault, own, "whose signing key was replaced")
        words = json.loads(self.run(self.evidence, "card", "--vault", vault, "--json"))["fingerprint"]
        with self.check("tools/reader.py and verify accept a bundle with items of both keys"):
            opened = self.both_accept(vault, "both.age", recipient, words, [0, self.last_item(vault)])
        StockTools(self, opened).python_accepts()
        StockTools(self, opened).python_refuses()
        head = self.run(self.evidence, "head", "--vault", vault).decode().strip()
        self.on_vault(vault, "add", self.samples / "material/court/decision.pdf", "--kind", "document", "--title", "u",
                      "--set", "document.kind=note")
        untrusted = self.last_item(vault)
        self.on_vault(vault, "key", "revoke", "--up-to", head, "--reason", "seized")
        self.check_vault(vault, own, "whose signing key was revoked")
        with self.check("tools/reader.py and verify tell which entries a revoked key signed"):
            said = self.run(sys.executable, self.reader, "vault", vault).decode()
            require(f"not trusted: entries {untrusted} to {untrusted}\n" in said, said)
        self.forged(vault, promised)
        self.cards(vault, promised, forked, recipient, opened)

    def forged(self, vault, promised):
        """Notes that are wrong in one thing each, and signed by the present key: neither program takes any of them."""
        seed = self.run(self.evidence, "unseal", "--passphrase-file", self.passphrase_file,
                        input=(vault / "keys/signing.age").read_bytes())
        text = (vault / "vault.note").read_text().partition("\n\n")[0]
        lines = text.split("\n")
        sender = Sender(origin=lines[1].removeprefix("origin "), seed=bytes.fromhex(seed.decode()))
        replaced = [place for place, line in enumerate(lines) if line.startswith("replaced ")]
        first, second = replaced
        parts = lines[first].split(" ")
        other = " ".join(parts[:2] + lines[second].split(" ")[2:3] + parts[3:])
        wrong = {
            "nothing changed": {},
            "another size that is trusted": {first: " ".join([parts[0], "1", *parts[2:]])},
            "another old key": {first: other},
            "no word of the old key": {first: None},
        }
        for what, changes in wrong.items():
            broken = shutil.copytree(vault, self.work / f"{what}.vault")
            kept = [changes.get(place, line) for place, line in enumerate(lines)]
            (broken / "vault.note").unlink()
            made = "".join(f"{line}\n" for line in kept if line is not None)
            (broken / "vault.note").write_bytes(sender.signed(made, "vault"))
            status = 20 if changes else 0
            with self.check(f"{'neither program takes' if changes else 'both programs take'} a note with {what}"):
                self.run(sys.executable, self.reader, "vault", broken, status=status)
                self.run(self.evidence, "verify", "--vault", broken, status=status)
        old = (promised / "vault.note").read_bytes()
        stripped = shutil.copytree(promised, self.work / "stripped.vault")
        (stripped / "vault.note").unlink()
        (stripped / "vault.note").write_bytes(b"".join(
            line for line in old.splitlines(keepends=True) if not line.startswith(b"next ")))
        with self.check("neither program takes a note from which the promise was taken"):
            self.run(sys.executable, self.reader, "vault", stripped, status=20)
            self.run(self.evidence, "verify", "--vault", stripped, status=20)

    def last_item(self, vault):
        return int(self.run(self.evidence, "head", "--vault", vault).split()[0]) - 1

    def both_accept(self, vault, name, identity, words, items):
        sealed, opened = self.work / name, self.work / f"{name}.opened"
        self.on_vault(vault, "export", *map(str, items), "--to", "Reader", "--output", sealed)
        self.run(self.evidence, "open", sealed, "--output", opened, "--identity", identity, "--sender", words)
        self.run(sys.executable, self.reader, "bundle", opened, "--sender", words)
        return opened

    def cards(self, vault, promised, forked, identity, revoked):
        """Bundles of keys that were replaced, held against cards: both programs say the same."""
        early, late = [self.exported(promised, name, identity) for name in ("early", "late")]
        other = self.exported(forked, "forked", identity)
        for what, opened, card, status in [
            ("from before its key was replaced", early, vault / "vault.note", 0),
            ("on more entries than there were when its key was replaced", late, vault / "vault.note", 22),
            ("on other entries than there were when its key was replaced", other, vault / "vault.note", 22),
            ("of a key that was revoked since", revoked, vault / "vault.note", 22),
            ("of another vault", early, self.other_card(), 22),
        ]:
            with self.check(f"tools/reader.py and verify: a bundle {what}: {status}"):
                self.run(self.evidence, "verify", "--bundle", opened, "--sender", card, status=status)
                self.run(sys.executable, self.reader, "bundle", opened, "--sender", card, status=status)

    def exported(self, vault, name, identity):
        sealed, opened = self.work / f"{name}.age", self.work / name
        self.elsewhere(name, vault, "export", "0", "--to", "Reader", "--output", sealed)
        self.run(self.evidence, "open", sealed, "--output", opened, "--identity", identity, "--sender", "anyone")
        return opened

    def elsewhere(self, name, vault, *command):
        """By somebody whose machine has not seen what became of the vault since."""
        state = self.work / f"state of {name}"
        self.run("env", f"XDG_STATE_HOME={state}", self.evidence, *command, "--vault", vault, "--passphrase-file",
                 self.passphrase_file)

    def other_card(self):
        vault = self.work / "stranger.vault"
        self.run(self.evidence, "init", vault, "--passphrase-file", self.passphrase_file)
        return vault / "vault.note"
