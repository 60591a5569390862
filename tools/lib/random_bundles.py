"""Random vaults and bundles for tools/random-bundles, which starts this and prepares the work folder."""
import argparse
import base64
import hashlib
import json
import logging
import random
import re
import shutil
import sys
import unicodedata
from pathlib import Path

import bagit
from canary import SHORTEST, Canary
from checking import require, run, run_on_terminal
from interop import sd_jwt_claims
from published_formats import card_keys, verifier_key
from key_words import words_of
from withheld import canaries, members, places

PASSPHRASE = "six words that only benchmarks use"
BUNDLES = 10  # of one vault
CHUNK = 65_536
SIZES = [0, 1, 511, 512, 513, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK]
NAMES = [
    "scan.pdf", "Нома.txt", "ҳуҷҷати аввал.txt", "حکم.pdf", "写真.jpg", "a b  c.txt", "-rf", "é.txt", "e\u0301.txt",
    "CON", "nul.txt", "end.", "end ", "a:b", "what?.txt", "100%25.txt", "'quoted'", '"double"', "$(id)", "`id`",
    "semi;colon", "tab_<>|*", "#hash", "~", "ß.txt", "İ.txt", "ﬁ.txt", "👩‍👩‍👧.txt", "x" * 250, "record.json",
    "bundle.note", "manifest-sha256.txt", "UPPER.TXT", "upper.txt", "Ⅷ.txt", "\u200fmark.txt", "name.001",
]
FOLDERS = ["", "", "", "letters", "Письма", "a/b/c/d", "bundle", "data", "deep/" * 20 + "end"]
WORDS = ["summons", "протокол", "қарор", "2023", "\"quoted\"", "back\\slash", "line\nfeed", "tab\t", "🕊", "ʻокина", "", "~"]


class RandomBundles:
    def __init__(self, evidence, maker, reader, work, count, seed):
        self.evidence, self.maker, self.reader, self.work = evidence, maker, reader, work
        self.count, self.seed, self.random = count, seed, None
        self.passphrase_file = work / "passphrase"
        self.passphrase_file.write_text(PASSPHRASE + "\n")
        fields = json.loads(run(evidence, "schema", "document", "--json"))["fields"]
        # Free text, and whether it leads to a person.
        self.texts = {field["name"]: field["sensitivity"] == "identity" for field in fields
                      if field["type"] == "text" and field["name"] != "title"
                      and not field["name"].startswith(("amendment.", "received.", "collected."))}
        self.failed = self.told = 0

    # What is made

    def on_vault(self, command, *words):
        return run(self.evidence, command, *words, "--vault", self.vault, "--passphrase-file", self.passphrase_file)

    def token(self):
        """A word that stands nowhere else."""
        return "q" + "".join(self.random.choice("bcdfghjklmnpqrstvwxz") for _ in range(14))

    def make_vault(self, number):
        shutil.rmtree(self.work / "vaults", ignore_errors=True)
        self.items = []
        self.vault = self.work / f"vaults/{number}"
        self.vault.parent.mkdir()
        run(self.maker, self.vault, str(self.random.randint(0, 600)))
        self.keys = {}
        for name in ["first", "second"]:
            path = self.vault.parent / f"{name}.key"
            recipient = run(self.evidence, "key", "generate", "--classic", "--output", path).decode().strip()
            self.on_vault("recipient", "add", name, recipient, "--class", "lawyer",
                          "--words", words_of(self.evidence, recipient))
            self.keys[name] = path
        card = json.loads(run(self.evidence, "card", "--vault", self.vault, "--json"))
        self.fingerprint = card["fingerprint"]
        self.items = [self.make_item(place) for place in range(self.random.randint(1, 6))]

    def make_item(self, place):
        """An item: its number, the digests of its files, and what its identity fields say."""
        folder = self.vault.parent / f"item {place}"
        folder.mkdir()
        files = {}
        for _ in range(self.random.choice([1, 1, 2, 5, 40])):
            path = "/".join(part for part in [self.random.choice(FOLDERS), self.random.choice(NAMES)] if part)
            file = folder / path
            if any(parent.is_file() for parent in file.parents) or file.exists():
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(self.random.randbytes(self.random.choice(SIZES)))
            files[f"{folder.name}/{path}"] = hashlib.sha256(file.read_bytes()).hexdigest()
        record, secrets = self.make_record()
        (self.vault.parent / "record.json").write_text(json.dumps(record))
        added = self.on_vault("add", folder, "--kind", "document", "--record", self.vault.parent / "record.json",
                              "--names-checked", "--json")
        item = {"number": json.loads(added)["item"], "files": files, "secrets": secrets}
        for _ in range(self.random.choice([0, 0, 0, 1, 2])):
            self.amend(item)
        return item

    def text(self):
        return " ".join(self.random.choice(WORDS) for _ in range(self.random.choice([1, 3, 30])))

    def make_record(self):
        record, secrets = {"title": self.text()[:150] or "t", "document.kind": "note"}, {}
        count = self.random.choice([0, 1, 5, len(self.texts)])
        for name in self.random.sample(sorted(self.texts), count):
            record[name] = self.text() if name in ("description", "text_content") else self.text()[:40]
            if self.texts[name]:
                record[name] = secrets[name] = self.token()
        return record, secrets

    def amend(self, item):
        more = []
        if self.random.random() < 0.3:
            file = self.vault.parent / f"more-{self.token()}"
            file.write_bytes(self.random.randbytes(self.random.choice(SIZES)))
            item["files"][file.name] = hashlib.sha256(file.read_bytes()).hexdigest()
            more = [file]
        # An amendment changes something: the title may have been the same.
        self.on_vault("amend", str(item["number"]), *more, "--set", f"title={self.text()[:150]} {self.token()}",
                      "--reason", "r")

    # What is sent

    def bundle(self, number):
        """Exports a bundle, and opens it with everything there is."""
        place = self.work / f"bundle {number}"
        place.mkdir()
        chosen = self.random.sample(self.items, self.random.randint(1, len(self.items)))
        to = self.random.choice(["passphrase", "generated", *["first", "second", "both"] * 4])
        sealed, is_split = place / self.random.choice(["b.age", "sealed-file"]), self.random.random() < 0.4
        words, withheld = self.withholding(chosen)
        if to in ("passphrase", "generated"):
            words += ["--passphrase", "--class", "lawyer"]
            words += ["--bundle-passphrase-file", self.passphrase_file] if to == "passphrase" else []
        else:
            words += [word for name in (self.keys if to == "both" else [to]) for word in ["--to", name]]
        if is_split:
            words += ["--split", "1M"]
        words = ["export", *[str(item["number"]) for item in chosen], *words, "--names-checked", "--output", sealed]
        self.passphrase = PASSPHRASE
        if to == "generated":
            shown = run_on_terminal([self.evidence, *words, "--vault", self.vault, "--passphrase-file",
                                     self.passphrase_file], [])
            self.passphrase = re.search(r"^ {4}([a-z]+(?:-[a-z]+){9})\s*$", shown, re.MULTILINE)[1]
        else:
            self.on_vault(*words)
        whole = self.join(place, sealed) if is_split else sealed
        for name in (self.keys if to == "both" else [to]):
            folder = place / f"by {name}"
            self.open_with_stock(whole, name, folder)
            self.open_with_evidence(sealed, name, place / f"by evidence for {name}")
            run("diff", "-r", folder / "bundle", place / f"by evidence for {name}")
        self.examine(folder / "bundle", chosen, withheld)
        shutil.rmtree(place)

    def withholding(self, chosen):
        """Options that disclose and withhold, and the paths of files that must not be there."""
        words, withheld = [], set()
        if self.random.random() < 0.5:
            words += ["--disclose", "restricted"]
        if self.random.random() < 0.2:
            words += ["--withhold", "description"]
        match self.random.randint(0, 5):
            case 0:
                words += ["--withhold", "names"]
            case 1:
                words += ["--withhold", "files"]
                withheld = {path for item in chosen for path in item["files"]}
            case 2:
                paths = sorted({path for item in chosen for path in item["files"]})
                withheld = set(self.random.sample(paths, self.random.randint(0, len(paths))))
                words += [word for path in sorted(withheld) for word in ["--withhold", f"file:{path}"]]
        return words, withheld

    def join(self, place, folder):
        run("sha256sum", "--strict", "-c", f"{folder.name}.parts.sha256", cwd=folder)
        run("sh", "-c", 'cat "$1".[0-9][0-9][0-9] > "$2"', "sh", folder.name, place / "joined", cwd=folder)
        require((place / "joined").stat().st_size > 0, "nothing was joined")
        return place / "joined"

    # How it is opened

    def open_with_stock(self, sealed, name, folder):
        archive = sealed.parent / f"{name}.tar"
        if name not in self.keys:
            run_on_terminal(["age", "-d", "-o", archive, sealed], [self.passphrase])
        else:
            run("age", "-d", "-i", self.keys[name], "-o", archive, sealed)
        folder.mkdir()
        run("tar", "-x", "-f", archive, "-C", folder)
        names = canaries(*[secret for item in self.items for secret in item["secrets"].values()])
        found = places(names, members(archive.read_bytes()))
        require(not found, "; ".join(found))
        archive.unlink()

    def open_with_evidence(self, sealed, name, folder):
        (self.work / "typed").write_text(self.passphrase + "\n")
        key = ["--identity", self.keys[name]] if name in self.keys else \
            ["--passphrase", "--passphrase-file", self.work / "typed"]
        run(self.evidence, "open", sealed, "--output", folder, "--sender", self.fingerprint, *key)

    def examine(self, folder, chosen, withheld):
        run("sha256sum", "--strict", "--quiet", "-c", "manifest-sha256.txt", "tagmanifest-sha256.txt", cwd=folder)
        bagit.Bag(str(folder)).validate(processes=1)
        run(sys.executable, self.reader, "bundle", folder, "--sender", self.fingerprint)
        keys = card_keys((folder / "proofs/sender.note").read_bytes())
        key = base64.urlsafe_b64encode(verifier_key(keys["records"])[1]).decode().rstrip("=")
        for proof in folder.glob("proofs/*.sd-jwt"):
            claims = sd_jwt_claims(proof.read_text(), key)
            if proof.name.startswith("item-"):
                record = folder / "data" / proof.stem / "record.json"
                require(claims == json.loads(record.read_text()), f"{proof.name}: other claims than in the record")
        found = sorted(hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("data/item-*/*/**/*")
                       if path.is_file())
        withheld = {unicodedata.normalize("NFC", path) for path in withheld}  # who reads a name sees no difference
        expected = sorted(digest for item in chosen for path, digest in item["files"].items()
                          if unicodedata.normalize("NFC", path) not in withheld)
        require(found == expected, f"{len(found)} files, and {len(expected)} were sent")
        self.requires_told(folder)

    def requires_told(self, folder):
        """The control of the search: it finds the texts that are told in Base64."""
        for proof in folder.glob("proofs/item-*.sd-jwt"):
            record = json.loads((folder / "data" / proof.stem / "record.json").read_text())
            texts = [value.encode() for value in record.values() if isinstance(value, str)]
            for text in [text for text in texts if len(text) >= SHORTEST]:
                require(Canary("told", text).is_in(proof.read_bytes()), f"{text} is told, and not found")
                self.told += 1

    def run(self):
        print(f"seed {self.seed}", flush=True)
        for number in range(self.count):
            self.random = random.Random(f"{self.seed} {number}")
            try:
                if number % BUNDLES == 0:
                    self.make_vault(number)
                self.bundle(number)
            except Exception as error:
                self.failed += 1
                print(f"FAIL  bundle {number}: {type(error).__name__}: {str(error)[:600]}", flush=True)
                shutil.rmtree(self.work / f"bundle {number}", ignore_errors=True)
        if not self.told:
            self.failed += 1
            print("FAIL  control: nothing was told that the search could find")
        print(f"{max(0, self.count - self.failed)} passed, {self.failed} failed")
        return 1 if self.failed else 0


if __name__ == "__main__":
    logging.getLogger("bagit").setLevel(logging.ERROR)
    parser = argparse.ArgumentParser()
    for name in ["evidence", "maker", "reader", "work"]:
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--seed", required=True)
    sys.exit(RandomBundles(**vars(parser.parse_args())).run())
