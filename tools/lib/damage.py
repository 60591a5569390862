"""The vault and the bundle that tools/damage damages, and what the command line does with a damaged one."""
import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from checking import require, run
from damage_told import Told, controls
from key_words import words_of

PASSPHRASE = "six words that only checks use"
ITEMS = 3
# Without a key nobody can tell whether these are whole.
WITHOUT_KEY = ["keys/", "catalog.age", "fields.age"]


class Damage:
    def __init__(self, evidence, checker, work, vault_stride, bundle_stride, bits):
        self.evidence, self.checker, self.work = evidence, checker, work
        self.vault_stride, self.bundle_stride, self.bits = str(vault_stride), str(bundle_stride), bits
        self.vault, self.key = work / "vault", work / "recipient.key"
        self.passphrase_file = work / "passphrase"
        self.passphrase_file.write_text(PASSPHRASE + "\n")
        self.passed = self.failed = 0

    def on_vault(self, command, *words, vault=None):
        return run(self.evidence, command, *words, "--vault", vault or self.vault,
                   "--passphrase-file", self.passphrase_file)

    def make_vault(self):
        """A vault of three small items and a recipient; which entry each of its sealed files belongs to."""
        run(self.evidence, "init", "--classic", self.vault, "--passphrase-file", self.passphrase_file)
        entries, known = {}, set()
        for number in range(ITEMS):
            (self.work / f"note-{number}.txt").write_text(f"what was said, {number}\n")
            self.on_vault("add", self.work / f"note-{number}.txt", "--kind", "document", "--set", f"title=Note {number}",
                          "--set", "document.kind=note")
            now = {path for folder in ["objects", "records"] for path in self.vault.glob(f"{folder}/*/*.age")}
            entries |= {str(path.relative_to(self.vault)): number for path in now - known}
            known = now
        require(len(entries) == 2 * ITEMS, "an item has one object and one records file")
        recipient = run(self.evidence, "key", "generate", "--classic", "--output", self.key).decode().strip()
        self.on_vault("recipient", "add", "lawyer", recipient, "--class", "lawyer",
                      "--words", words_of(self.evidence, recipient))
        return entries

    def change_everything(self, entries):
        copy = self.work / "changed"
        shutil.copytree(self.vault, copy)
        self.check(3, "vault", copy, self.vault_stride, self.bits,
                   *[f"{path}={entry}" for path, entry in entries.items()])
        sealed, opened = self.work / "bundle.age", self.work / "opened"
        self.on_vault("export", "0", "1", "--to", "lawyer", "--disclose", "restricted", "--output", sealed)
        self.check(2, "bundle", sealed, self.key, self.bundle_stride, self.bits)
        self.tell(sealed, opened)

    def check(self, count, *words):
        """Runs the checker, whose lines are shown; each begins with `ok` or `FAIL`, or is a detail of one. There
        have to be as many families as `count`."""
        result = subprocess.run([str(word) for word in [self.checker, *words]], stdout=subprocess.PIPE, text=True)
        print(result.stdout, end="", flush=True)
        families = [line for line in result.stdout.splitlines() if " tried, " in line]
        self.passed += sum(line.startswith("ok") for line in families)
        self.failed += sum(line.startswith("FAIL") for line in families)
        if result.returncode not in (0, 1) or len(families) != count:
            self.say(f"{words[0]}: the checker ended with {result.returncode}, after {len(families)} families", False)

    def tell(self, sealed, opened):
        """The same changes for the built command, which has to end with its status and name what is damaged."""
        run(self.evidence, "open", sealed, "--identity", self.key, "--sender", "anyone", "--output", opened)
        alone = self.work / "sealed"
        alone.mkdir()
        shutil.copy(sealed, alone)
        folder = Told("open bundle", opened, [self.evidence, "verify", "--bundle", "{folder}", "--sender", "anyone"])
        for told in [
            folder, Told("vault", self.vault, [self.evidence, "verify", "--vault", "{folder}"], WITHOUT_KEY),
            Told("sealed bundle", alone, [self.evidence, "open", "{folder}/bundle.age", "--identity", self.key,
                                          "--sender", "anyone", "--output", "{folder}.out"], places=40),
        ]:
            tried, faults = told.judged(self.work, self.bits == "all")
            for fault in faults[:20]:
                print(f"FAIL  {told.name}, {fault}")
            self.say(f"{told.name}, as the command tells it: {tried} tried, {len(faults)} failed", not faults)
        for name, is_found in controls(folder, self.work):
            self.say(f"control: {name} is found", is_found)

    def say(self, what, is_good):
        print(f"{'ok   ' if is_good else 'FAIL '} {what}", flush=True)
        self.passed += is_good
        self.failed += not is_good

    def export_the_others(self, entries):
        """Damage to one item does not keep the others from being exported, and the damaged one is named."""
        for path, damaged in entries.items():
            copy = self.work / "damaged"
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(self.vault, copy)
            # Each copy goes on by itself; what was seen of the one before would make it an older copy.
            shutil.rmtree(self.work / "state", ignore_errors=True)
            content = bytearray((copy / path).read_bytes())
            content[-1] ^= 1
            (copy / path).chmod(0o600)
            (copy / path).write_bytes(content)
            others = [str(number) for number in range(ITEMS) if number != damaged]
            self.say(f"with {path.split('/')[0]} of item {damaged} damaged, the others export",
                     self.export(copy, *others).returncode == 0)
            refused = self.export(copy, str(damaged))
            self.say(f"and item {damaged} is refused by its number, with nothing left behind",
                     refused.returncode == 20 and f"item {damaged}" in refused.stderr
                     and not (self.work / "out.age").exists())

    def export(self, vault, *items):
        (self.work / "out.age").unlink(missing_ok=True)
        words = [self.evidence, "export", *items, "--to", "lawyer", "--disclose", "restricted", "--vault", vault,
                 "--output", self.work / "out.age", "--passphrase-file", self.passphrase_file]
        return subprocess.run([str(word) for word in words], capture_output=True, text=True)

    def control(self, entries):
        """What verify does not read must show up as unnoticed: otherwise nothing is known of the rest."""
        copy = self.work / "control"
        shutil.copytree(self.vault, copy)
        (copy / "aside").mkdir()
        (copy / "aside/note.txt").write_text("laid aside\n")
        result = subprocess.run([str(self.checker), "vault", str(copy), "1000000", "one"], capture_output=True, text=True)
        self.say("control: a change that verify cannot notice is told",
                 result.returncode == 1 and "aside/note.txt" in result.stdout and "nobody noticed" in result.stdout)
        wrong = {path: (entry + 1) % ITEMS for path, entry in entries.items()}
        result = subprocess.run([str(self.checker), "vault", str(copy), "1000000", "one",
                                 *[f"{path}={entry}" for path, entry in wrong.items()]], capture_output=True, text=True)
        self.say("control: a finding that names another item is told", "another item is named" in result.stdout)

    def run(self):
        entries = self.make_vault()
        self.change_everything(entries)
        self.export_the_others(entries)
        self.control(entries)
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    for name in ["evidence", "checker", "work"]:
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--vault-stride", type=int, required=True)
    parser.add_argument("--bundle-stride", type=int, required=True)
    parser.add_argument("--bits", choices=["one", "all"], required=True)
    sys.exit(Damage(**vars(parser.parse_args())).run())
