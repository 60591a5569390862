"""The checks of tools/verify-page, which starts this and prepares the work folder.

VERIFY.html is given bundles in a real browser. tools/parity changes a small one in every way that we can think of.
"""
import argparse
import base64
import importlib.util
import json
import shutil
import sys
from collections import Counter
from pathlib import Path

import pyrage

import interop_dates
from broken_bundles import SOUND, BrokenBundleChecks, plant, tree
from browser import LANGUAGES, Browser, requests, requests_of_others
from bundle_forger import SENDER, Forgery
from bundle_maker import Sender
from checking import Checks, require, run
from page_parts import PartChecks
from time_authority import P256, answer, make_authority
from published_formats import cosignature_line, witness_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from key_words import words_of

PASSPHRASE = "meadow-lantern-ripple-cedar-чор калима"


class PageChecks(Checks, PartChecks, BrokenBundleChecks):
    def __init__(self, evidence, samples, reader, page, work, chromium, driver, vectors, axe, pictures):
        super().__init__()
        self.evidence, self.samples, self.work, self.page = evidence, samples, work, page
        self.vectors, self.axe, self.pictures = vectors, axe, pictures
        self.reader = self.load_reader(reader)
        self.passphrase_file = work / "passphrase"
        self.passphrase_file.write_text(PASSPHRASE + "\n")
        self.browser = Browser(page, chromium, driver)
        self.differences, self.counts, self.table = [], Counter(), []

    @staticmethod
    def load_reader(path):
        """tools/reader.py as a module, which saves starting it a thousand times."""
        specification = importlib.util.spec_from_file_location("reader", path)
        module = importlib.util.module_from_spec(specification)
        specification.loader.exec_module(module)
        return module

    # Bundles.

    def on_vault(self, vault, command, *arguments):
        return run(self.evidence, command, *arguments, "--vault", vault, "--passphrase-file", self.passphrase_file)

    def new_vault(self, name):
        vault = self.work / name
        run(self.evidence, "init", vault, "--passphrase-file", self.passphrase_file)
        return vault

    def opened(self, vault, name, command, *arguments):
        sealed, folder = self.work / f"{name}.age", self.work / name
        self.on_vault(vault, command, *arguments, "--to", "UN desk", "--output", sealed)
        run(self.evidence, "open", sealed, "--output", folder, "--identity", self.key, "--sender", "anyone")
        for path in folder.rglob("*"):
            path.chmod(0o700)
        return folder

    def make_bundles(self):
        self.key = self.work / "desk.key"
        recipient = run(self.evidence, "key", "generate", "--classic", "--output", self.key).decode().strip()
        self.recipient = pyrage.x25519.Recipient.from_str(recipient)
        with self.check("bundles are made"):
            self.make_small(recipient)
            self.make_large(recipient)
            self.make_rotated(recipient)

    def make_small(self, recipient):
        """Two items of small files, an event, a field, a name and a file withheld."""
        self.vault = self.new_vault("small.vault")
        for number, names in enumerate([["letter.txt", "what?.txt", "Нома.txt"], ["note.txt", "hidden.txt"]]):
            folder = self.work / f"files-{number}"
            folder.mkdir()
            for name in names:
                (folder / name).write_text(f"{name} of an invented case\n")
            record = self.work / f"record-{number}.json"
            record.write_text(json.dumps({
                "title": f"Sample {number}", "document.kind": "note", "issuer": "Office (fictional)",
                "description": "НАМУНА <b>not bold</b>"}))
            self.on_vault(self.vault, "add", folder, "--kind", "document", "--record", record)
        self.on_vault(self.vault, "recipient", "add", "UN desk", recipient, "--class", "un_special_procedures",
                      "--words", words_of(self.evidence, recipient))
        choice = [
            "--withhold", "issuer", "--withhold", "name:files-0/Нома.txt", "--withhold", "file:files-1/hidden.txt",
            "--disclose", "title", "--disclose", "description"]
        self.first = self.opened(self.vault, "first", "export", "0-1", *choice, "--purpose", "First of two")
        self.small = self.opened(self.vault, "small", "export", "0-1", *choice, "--purpose", "Second of two")
        self.supplement = self.opened(self.vault, "supplement", "disclose", "1", "issuer")
        card = json.loads(run(self.evidence, "card", "--vault", self.vault, "--json"))
        self.words, self.digits = card["fingerprint"], card["digits"]
        self.stamped = self.stamped_bundle(choice)
        seed = run(self.evidence, "unseal", "--passphrase-file", self.passphrase_file,
                   input=(self.vault / "keys/signing.age").read_bytes())
        self.sender = Sender(origin=card["origin"], seed=bytes.fromhex(seed.decode()))

    def stamped_bundle(self, choice):
        query, authority = self.work / "query.tsq", self.work / "authority"
        run(self.evidence, "timestamp", "request", "--output", query, "--vault", self.vault)
        make_authority(authority, P256)
        answer(authority, query, "answer.tsr")
        run(self.evidence, "timestamp", "attach", authority / "answer.tsr", "--authority", authority / "root.pem",
            "--vault", self.vault)
        return self.opened(self.vault, "stamped", "export", "0-1", *choice)

    def make_large(self, recipient):
        """The samples, with an amendment and a custody event."""
        vault, material, records = self.new_vault("large.vault"), self.samples / "material", self.samples / "records"
        for kind, record, files in [
            ("testimony", "testimony", [material / "testimony"]),
            ("document", "decision", [material / "court/decision.pdf"]),
            ("document", "correspondence", [material / "correspondence"]), ("dissolution_case", "case", []),
        ]:
            self.on_vault(vault, "add", *files, "--kind", kind, "--record", records / f"{record}.json")
        self.on_vault(vault, "recipient", "add", "UN desk", recipient, "--class", "un_special_procedures",
                      "--words", words_of(self.evidence, recipient))
        self.on_vault(vault, "amend", "0", "--set", "consent.media=none", "--reason", "asked again")
        self.large = self.opened(
            vault, "large", "export", "0-3", "--withhold", "issuer", "--disclose", "organisation.name", "--purpose",
            "Communication, 1 of 2")

    def make_rotated(self, recipient):
        """An item that a key signed which was revoked since, and the same where that key is not trusted from it on: this
        program makes no such bundle."""
        vault = self.new_vault("rotated.vault")
        self.on_vault(vault, "add", self.samples / "material/court/decision.pdf", "--kind", "document", "--title", "t",
                      "--set", "document.kind=note")
        self.on_vault(vault, "recipient", "add", "UN desk", recipient, "--class", "un_special_procedures",
                      "--words", words_of(self.evidence, recipient))
        self.former_words = json.loads(run(self.evidence, "card", "--vault", vault, "--json"))["fingerprint"]
        head = run(self.evidence, "head", "--vault", vault).decode().strip()
        self.on_vault(vault, "history", "0", "--enter", "transferred")
        old = self.seed_of(vault)
        run(self.evidence, "key", "revoke", "--up-to", head, "--reason", "seized", "--vault", vault,
            "--passphrase-file", self.passphrase_file)
        self.rotated = self.opened(vault, "rotated", "export", "0")
        self.untrusted = plant(self.trusting_nothing(vault, old), self.work / "untrusted")

    def seed_of(self, vault):
        sealed = (vault / "keys/signing.age").read_bytes()
        return bytes.fromhex(
            run(self.evidence, "unseal", "--passphrase-file", self.passphrase_file, input=sealed).decode())

    def trusting_nothing(self, vault, old):
        """The files of the bundle with another note of the sender: the old key says that it is trusted for nothing."""
        lines = (self.rotated / "proofs/sender.note").read_text().partition("\n\n")[0].split("\n")
        place = next(place for place, line in enumerate(lines) if line.startswith("replaced "))
        key = next(line for line in lines if line.startswith("key vault ")).removeprefix("key vault ")
        text = f"evidence-vault/v1/replaced\n{lines[place - 1]}\n0\n{key}\n"
        signature = base64.b64encode(Sender(seed=old).keys["vault"].sign(text.encode())).decode()
        lines[place] = " ".join(["replaced", "0", *lines[place].split(" ")[2:7], signature])
        sender = Sender(origin=lines[1].removeprefix("origin "), seed=self.seed_of(vault))
        files = tree(self.rotated) | {SENDER: sender.note(lines)}
        return Forgery(files, sender, self.reader).made()

    # The checks.

    def good_bundles(self):
        for name, folder in [("two items, an event, things withheld", self.small), ("the samples", self.large),
                             ("a supplement", self.supplement), ("a first bundle", self.first),
                             ("a time-stamp", self.stamped), ("a signing key that was replaced", self.rotated)]:
            self.compare(name, folder, SOUND)
        self.report("good bundles")
        with self.check("a folder that is dropped is checked like one that is chosen"):
            require(self.browser.drop(self.small) == "unvouched", self.browser.text())
        with self.check("a folder around the folder of the bundle, as tar unpacks it, is taken for it"):
            around = self.work / "around"
            shutil.copytree(self.small, around / "bundle")
            require(self.browser.choose(around) == "unvouched", self.browser.text())
        with self.check("a file that is dropped is no folder"):
            require(self.browser.drop(self.key) == "refused", self.browser.text())
        self.contents()

    def contents(self):
        with self.check("the page shows the signer, the purpose, the items and what was withheld"):
            self.browser.choose(self.small)
            text = self.browser.text()
            closed = self.closed_digests(0)
            for line in [self.words, "Second of two", "Item 0", "Item 1", "Sample 0", f"Closed digests: {closed}.",
                         "Files that were withheld: 1.", "Disclosed files whose names were withheld: 1."]:
                require(line in text, f"{line} is not in: {text}")
        with self.check("the page says that it does not check time-stamps"):
            self.browser.choose(self.stamped)
            require("1: the sender signed these files. What the authorities say" in self.browser.text(), "not said")
        with self.check("the page tells what amends what, and dates that cannot all be right"):
            folder = plant(interop_dates.bundle_of(Sender("sender with a wrong clock")).files, self.work / "dates")
            require(self.browser.choose(folder) == "unvouched", self.browser.text())
            text = self.browser.text()
            for line in interop_dates.SAID:
                require(f"E{line[1:]}." in text, f"{line} is not in: {text}")
            for line in ["Item 0\nSuperseded; what counts now\nEntry 2\n", "Entry 2\nAmends\nItem 0\n"]:
                require(line in text, f"{line!r} is not in: {text}")
            require("Item 2" not in text and interop_dates.OVERRIDE not in text, text)
        with self.check("text from a bundle does not become markup"):
            forged = Forgery(tree(self.small), self.sender, self.reader)
            forged.set_line("purpose", "<img src=x onerror=alert(1)>\u202egpj.txt")
            require(self.browser.choose(plant(forged.made(), self.work / "forged")) == "unvouched", "refused")
            require("<img src=x onerror=alert(1)>\\u{202e}gpj.txt" in self.browser.text(), self.browser.text())
            require(self.browser.run("return document.querySelectorAll('main b, main img').length") == 0, "markup")

    def closed_digests(self, item):
        entry = Forgery(tree(self.small), self.sender, self.reader).entries[item][1]
        opened = {self.reader.sha256(text.encode()) for text in entry.disclosures}
        return sum(self.reader.unbase64(digest, url=True) not in opened for digest in entry.payload["_sd"])

    def signer(self):
        self.browser.choose(self.small)
        others = self.words.split()[::-1]
        for what, typed, verdict in [
            ("the words", self.words, "compared"),
            ("the words in capitals, with commas", self.words.upper().replace(" ", ", "), "compared"),
            ("the words with hyphens", self.words.replace(" ", "-"), "compared"),
            ("the digits", self.digits, "compared"), ("the digits in one row", self.digits.replace(" ", ""), "compared"),
            ("other digits", " ".join(self.digits.split()[::-1]), "otherSigner"),
            ("digits of no word", "9" * 32, "unvouched"), ("too few digits", self.digits[:-1], "unvouched"),
            ("other words", " ".join(others), "otherSigner"), ("seven words", " ".join(others[1:]), "unvouched"),
            ("a word that is none", " ".join(others[1:]) + " evidnce", "unvouched"), ("nothing", "", "unvouched"),
        ]:
            with self.check(f"the signer, compared with {what}: {verdict}"):
                require(self.browser.type_words(typed) == verdict, self.browser.text())
        with self.check("the page tells a key that was replaced, and what a revoked one signed"):
            self.browser.choose(self.rotated)
            require(self.browser.type_words(self.former_words) == "formerSigner", self.browser.text())
            require("NOT TRUSTED" not in self.browser.text(), self.browser.text())
            self.browser.choose(self.untrusted)
            require("NOT TRUSTED" in self.browser.text() and "Entries: 0." in self.browser.text(), self.browser.text())
            self.browser.choose(self.small)
        with self.check("words that fit do not make a refused folder sound"):
            broken = plant(tree(self.small) | {"bagit.txt": b"x"}, self.work / "broken")
            self.browser.choose(self.small)
            require(self.browser.type_words(self.words) == "compared", "not compared")
            require(self.browser.choose(broken) == "refused", self.browser.text())
            require(self.browser.choose(self.small) == "unvouched", "the words of one folder count for the next")
            require(self.browser.choose(broken) == "refused", self.browser.text())
            require(not self.browser.named("typed").is_displayed(), "the words can be compared")

    def witnesses(self):
        private, name = Ed25519PrivateKey.generate(), "witness.invalid/w"
        key = witness_key(name, private.public_key().public_bytes_raw())

        def signed(claimed):
            forged = Forgery(tree(self.small), self.sender, self.reader)
            forged.entry(0)
            forged.checkpoint_signatures = lambda text: self.sender.signature(
                text, "checkpoints") + cosignature_line(name, private, text, 1_700_000_000, claimed=claimed)
            return plant(forged.made(), self.work / "countersigned")
        with self.check("a countersignature is shown, and vouched for only with the key of its witness"):
            require(self.browser.choose(signed(1_700_000_000)) == "unvouched", self.browser.text())
            require("witness.invalid/w" in self.browser.text() and "not checked" in self.browser.text(), "not shown")
            require(self.browser.check_with_witnesses(key) == "unvouched", self.browser.text())
            require("countersigned at 2023-11-14T22:13:20Z" in self.browser.text(), self.browser.text())
            self.browser.check_with_witnesses("witness.invalid/w+00000000+AAAA")
            require("Line 1 is not the key of a witness." in self.browser.text(), self.browser.text())
        with self.check("a countersignature on another time is refused with the key of its witness, and only so"):
            require(self.browser.check_with_witnesses("") == "unvouched", self.browser.text())
            require(self.browser.choose(signed(1_700_000_001)) == "unvouched", self.browser.text())
            require(self.browser.check_with_witnesses(key) == "refused", self.browser.text())
            require(self.browser.check_with_witnesses("") == "unvouched", self.browser.text())

    def languages(self):
        with self.check("a language is changed without another check, and every phrase is there"):
            self.browser.choose(self.small)
            for code in LANGUAGES:
                self.browser.language(code)
                require(self.browser.run("return document.documentElement.lang") == code, code)
                require(self.browser.verdict() == "unvouched", "checked again")
                require("undefined" not in self.browser.text(), self.browser.text())
        broken = plant(tree(self.small) | {"bagit.txt": b"x", "more": b""}, self.work / "broken")
        for code in LANGUAGES:
            for name, folder in [("fresh", None), ("good", self.small), ("compared", self.small), ("refused", broken)]:
                self.look(code, name, folder)
        self.browser.load()

    def look(self, code, name, folder):
        self.browser.load()
        self.browser.language(code)
        if folder:
            self.browser.choose(folder)
        if name == "compared":
            self.browser.type_words(self.words)
        if self.pictures:
            height = self.browser.run("return document.documentElement.scrollHeight")
            self.browser.driver.set_window_size(900, height + 150)
            self.browser.driver.save_screenshot(str(self.pictures / f"{name}-{code}.png"))
        with self.check(f"axe finds nothing wrong with the page: {name}, {code}"):
            found = self.browser.run_and_wait(self.axe.read_text() + ";return await axe.run(document);")["violations"]
            require(not found, [(fault["id"], fault["nodes"][0]["html"]) for fault in found])

    def keyboard(self):
        with self.check("everything is reached by the keyboard, in the order of the page"):
            self.browser.load()
            self.browser.choose(self.small)
            reached = self.browser.tab_order()
            wanted = ["en", "ru", "tg", "folder", "typed", "compare", "witness-keys", "again"]
            require(reached == wanted, reached)

    def policy(self):
        with self.check("the page complained of nothing, and asked no network for anything"):
            self.browser.console(), requests(self.browser.driver)
            self.browser.load()
            self.browser.choose(self.small)
            complaints, asked = self.browser.console(), requests(self.browser.driver)
            require(not complaints, complaints)
            require(asked == [self.browser.address], asked)
        with self.check("control: of a page that asks the disk and the network, this is seen"):
            seen, asked = requests_of_others(self.browser.driver, self.work)
            require(seen == asked, seen)
        with self.check("the policy stops scripts, connections and pictures that are not of the page"):
            self.browser.load()
            stopped = self.browser.run_and_wait("""
                const stopped = [];
                document.addEventListener('securitypolicyviolation', (event) => stopped.push(event.effectiveDirective));
                const script = document.createElement('script');
                script.append('document.title = "run"');
                document.body.append(script);
                const picture = document.createElement('img');
                picture.src = 'https://picture.invalid/';
                await fetch('https://fetch.invalid/').catch(() => {});
                await new Promise((resolve) => setTimeout(resolve, 200));
                return [...stopped, document.title];""")
            wanted = {"require-trusted-types-for", "connect-src", "img-src"}
            require(wanted <= set(stopped) and "run" not in stopped, stopped)
            complaints = self.browser.console()
            require(len(complaints) >= len(wanted), complaints)


def main():
    parser = argparse.ArgumentParser()
    for name in ["evidence", "samples", "reader", "page", "work", "chromium", "driver", "axe"]:
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--pictures", type=Path, help="a folder for pictures of the page")
    checks = PageChecks(**vars(parser.parse_args()))
    try:
        for section in [checks.parts, checks.make_bundles, checks.good_bundles, checks.signer, checks.witnesses,
                        checks.languages, checks.keyboard, checks.policy]:
            # A section that cannot be carried out is a failure of its own, and the next one goes on.
            try:
                section()
            except Exception as error:
                with checks.check(section.__name__):
                    raise error
    finally:
        checks.browser.close()
    print(f"{checks.passed} passed, {checks.failed} failed")
    sys.exit(1 if checks.failed else 0)


if __name__ == "__main__":
    main()
