"""What other people's programs say of the history of items: events in bundles, fields revealed later, withdrawals."""
import base64
import json
import shutil
import sys

from checking import require
from published_formats import card_keys, hybrid_open, verifier_key, verify_proof


class HistoryChecks:
    """Checks on a vault from which a bundle was made, on a copy of that vault; they need what `Interop` has."""

    def history(self, vault, key, bundle, recipient_key, fingerprint, claims_of):
        vault = shutil.copytree(vault, self.work / "history.vault")
        keys = card_keys((vault / "vault.note").read_bytes())
        issuer = base64.urlsafe_b64encode(verifier_key(keys["records"])[1]).decode().rstrip("=")
        opened = self.later_bundle(vault, recipient_key, fingerprint)
        identity = recipient_key.read_text().splitlines()[-1]
        with self.check("the library sd-jwt verifies the event of the first export, without whom it was for"):
            proof = next((opened / "proofs").glob("event-*.sd-jwt"))
            claims = claims_of(proof.read_text(), issuer)
            require(claims["kind"] == "export" and "added" in claims, claims)
            require(not {"recipients", "classes", "items"} & set(claims), claims)
        with self.check("the proof of that event leads to the root of the signed checkpoint"):
            leaf = proof.read_text().split("~")[0].encode()
            index = verify_proof(proof.with_suffix(".tlog-proof").read_bytes(), leaf, keys["checkpoints"])
            require(proof.name == f"event-{index}.sd-jwt", "another number")
        with self.check("tools/reader.py refuses a history in which an event was left out or moved"):
            self.broken_histories(opened)
        with self.check("ten fields and more are withheld from a record that the library sd-jwt verifies"):
            shown = claims_of((bundle / "proofs/item-1.sd-jwt").read_text(), issuer)
            whole = json.loads(self.on_vault(vault, "show", "1", "--json"))
            require(len(set(whole) - set(shown)) >= 10, set(whole) - set(shown))
        with self.check("a field revealed later joins the presentation, and the library sd-jwt verifies both together"):
            more, folder = self.work / "more.age", self.work / "more"
            self.on_vault(vault, "disclose", "1", "description", "--to", "UN desk", "--output", more)
            self.run(self.evidence, "open", more, "--output", folder, "--identity", recipient_key, "--sender",
                     fingerprint, "--merge", bundle)
            self.no_name_left("fields revealed later", hybrid_open(more.read_bytes(), identity))
            merged = claims_of((self.work / "more-merged/item-1.sd-jwt").read_text(), issuer)
            require(set(merged) - set(shown) == {"description"}, set(merged) - set(shown))
            require(merged == json.loads((self.work / "more-merged/item-1.json").read_text()), "other claims")
            self.run(sys.executable, self.reader, "bundle", folder, "--sender", fingerprint)
        self.withdrawal(vault, key)

    def later_bundle(self, vault, recipient_key, fingerprint):
        sealed, folder = self.work / "later.age", self.work / "later bundle"
        self.on_vault(vault, "amend", "0", "--set", "consent.media=none", "--reason", "asked again")
        self.on_vault(vault, "export", "0-3", "--disclose", "organisation.name", "--to", "UN desk", "--output", sealed)
        self.run(
            self.evidence, "open", sealed, "--output", folder, "--identity", recipient_key, "--sender", fingerprint)
        archive = hybrid_open(sealed.read_bytes(), recipient_key.read_text().splitlines()[-1])
        self.no_name_left("a bundle with an amended item", archive)
        with self.check("tools/reader.py accepts a bundle with an amended item and the history of each"):
            self.run(sys.executable, self.reader, "bundle", folder, "--sender", fingerprint)
            custody = json.loads((folder / "data/item-0/custody.json").read_text())["custody"]
            events = [line["event"] for line in custody]
            require(events == ["sealed", "exported", "amended"], events)
        return folder

    def broken_histories(self, opened):
        for number, change in enumerate([
            lambda custody: custody["custody"].pop(0), lambda custody: custody["custody"][0].update(event="viewed"),
            lambda custody: custody["custody"].reverse(), lambda custody: custody.update(item=1),
        ]):
            folder = shutil.copytree(opened, self.work / f"broken-history-{number}")
            path = folder / "data/item-0/custody.json"
            custody = json.loads(path.read_text())
            change(custody)
            path.write_text(json.dumps(custody, indent=2, ensure_ascii=False) + "\n")
            self.run(sys.executable, self.reader, "bundle", folder, status=20)
            self.run(self.evidence, "verify", "--bundle", folder, "--sender", "anyone", status=20)

    def withdrawal(self, vault, key):
        words = ["vault", vault, "--deep", "--identity", key]
        before = {path.relative_to(vault): path.read_bytes() for path in vault.glob("objects/*/*.age")}
        self.on_vault(vault, "withdraw", "0", "--reason", "the witness asked for it", "--yes")
        with self.check("tools/reader.py and tools/index-check accept the vault from which an item was withdrawn"):
            self.run(sys.executable, self.reader, *words)
            self.index_check(vault)
        gone = {path: data for path, data in before.items() if not (vault / path).exists()}
        with self.check("tools/reader.py and verify tell what was withdrawn from what is missing"):
            require(len(gone) == 2, gone.keys())
            kept = next(vault.glob("objects/*/*.age"))
            data = kept.read_bytes()
            kept.unlink()
            self.run(sys.executable, self.reader, *words, status=20)
            self.run(self.evidence, "verify", "--vault", vault, status=20)
            kept.write_bytes(data)
            self.run(sys.executable, self.reader, *words)
