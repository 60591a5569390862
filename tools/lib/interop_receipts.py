"""Receipts: what `evidence` signs is read and checked from FORMAT section 13 on `cryptography`."""
import base64
import hashlib
import json
import re

from checking import require
from interop_stock import StockTools
from published_formats import card_keys, verified_note, verifier_key, verify_cosignature
from key_words import words_of


def read_receipt(data):
    """The lines of a receipt by their names, once the bundle key of the card in it is known to have signed it."""
    text = data.decode().rpartition("\n\n")[0] + "\n"
    first, *lines = text[:-1].split("\n")
    fields = dict(line.split(" ", 1) for line in lines)
    require(first == "evidence-receipt/v1" and len(fields) == len(lines), text)
    card = base64.b64decode(fields["card"], validate=True)
    require(verified_note(data, card_keys(card)["bundles"]) == text, "another text")
    require(f"\norigin {fields['origin']}\n" in card.decode(), "the card of somebody else")
    return fields, card


class ReceiptChecks:
    """They need what `Interop` has."""

    def receipts(self):
        ours, theirs = self.make_vault("sending.vault", "--classic")[0], self.work / "answering.vault"
        self.run(self.evidence, "init", theirs, "--classic", "--passphrase-file", self.passphrase_file)
        card, sealed, receipt = self.work / "their.card", self.work / "answered.age", self.work / "receipt"
        card.write_bytes(self.run(self.evidence, "card", "--vault", theirs))
        self.on_vault(ours, "recipient", "add", "Desk", card, "--class", "un_special_procedures",
                      "--words", words_of(self.evidence, card))
        self.on_vault(ours, "export", "1", "--to", "Desk", "--output", sealed)
        words = json.loads(self.run(self.evidence, "card", "--vault", ours, "--json"))["fingerprint"]
        self.on_vault(theirs, "receipt", sealed, "--sender", words, "--output", receipt)
        with self.check("the read-me's lines for age and tar open the sealed bundle again"):
            folder, key, again = self.work / "answered", self.work / "their.key", self.work / "again"
            self.on_vault(theirs, "open", sealed, "--output", folder, "--sender", words)
            key.write_bytes(self.unseal((theirs / "keys/reading.age").read_bytes(), "--passphrase-file",
                                        self.passphrase_file))
            again.mkdir()
            StockTools(self, folder).open_again(sealed, key, again)
        with self.check("a receipt verifies on cryptography, and names the bundle and the head that were sent"):
            fields, inner = read_receipt(receipt.read_bytes())
            require(inner == card.read_bytes(), "another card")
            require(fields["sealed"] == hashlib.sha256(sealed.read_bytes()).hexdigest(), "another bundle")
            require(fields["result"] == "verified" and re.fullmatch("[0-9a-f]{32}", fields["bundle"]), fields)
            own = json.loads(self.run(self.evidence, "card", "--vault", ours, "--json"))
            require(fields["sender"] == own["signing_key"], "another sender")
        with self.check("the head in a receipt is signed by the sender and countersigned by the recipient"):
            cosigned = base64.b64decode(fields["cosigned"], validate=True)
            text = verified_note(cosigned, card_keys((ours / "vault.note").read_bytes())["checkpoints"]).split("\n")
            root = base64.b64decode(text[2]).hex()
            require(fields["checkpoint"] == f"{text[1]} {root}", "another head")
            name, public = verifier_key(card_keys(inner)["cosignatures"])
            verify_cosignature(cosigned, name, public)
        with self.check("evidence files the receipt, and not one in which a byte was changed"):
            self.on_vault(ours, "receipt", "add", receipt)
            changed = self.work / "changed receipt"
            changed.write_bytes(receipt.read_bytes().replace(b"verified", b"Verified"))
            self.run(self.evidence, "receipt", "add", changed, "--vault", ours, "--passphrase-file",
                     self.passphrase_file, status=20)
