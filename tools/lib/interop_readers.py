"""Readers that were added and removed: stock `age` opens what they are to open, and nothing else."""
import shutil
import subprocess
import sys

from checking import require


class ReaderChecks:
    """Checks that need what `Interop` has."""

    def readers(self):
        vault, own = self.make_vault("readers.vault", "--classic")
        key, recipient = self.make_key("second-reader.key", "--classic")
        before = shutil.copytree(vault, self.work / "one reader.vault")
        self.on_vault(vault, "reader", "add", "Archive", recipient, "--words", self.words_of(recipient))
        self.check_vault(vault, own, "with a second reader")
        with self.check("stock age opens nothing to a reader who was added after it"):
            require(not any(self.opens(path, key) for path in before.glob("objects/*/*.age")), "it opens")
        self.on_vault(vault, "reseal")
        self.check_vault(vault, key, "sealed anew, by the second reader")
        with self.check("stock age opens every object and records file to both readers"):
            sealed = [*vault.glob("objects/*/*.age"), *vault.glob("records/*/*.age")]
            require(all(self.opens(path, key) and self.opens(path, own) for path in sealed), "one does not open")
        self.objects(vault, lambda path: self.run("age", "-d", "-i", key, path), "sealed anew, age and tar")
        self.on_vault(vault, "reader", "remove", "Archive", "--reason", "left")
        known = set(vault.glob("*/*/*.age"))
        self.on_vault(vault, "add", self.samples / "material/court/decision.pdf", "--kind", "document", "--title", "t",
                      "--set", "document.kind=note")
        with self.check("stock age opens nothing new to a reader who was removed, and all of it to the other"):
            new = set(vault.glob("*/*/*.age")) - known
            require(len(new) == 2, new)
            require(not any(self.opens(path, key) for path in new), "it opens to who was removed")
            require(all(self.opens(path, own) for path in new), "it does not open")
        self.on_vault(vault, "reseal")
        self.check_vault(vault, own, "without the second reader")
        self.on_vault(vault, "reader", "add", "Archive", recipient, "--words", self.words_of(recipient))
        shutil.copy(before / "vault.note", vault / "old.note")
        (vault / "old.note").replace(vault / "vault.note")
        with self.check("a list of readers that was put back is found by tools/reader.py and by verify"):
            self.run(sys.executable, self.reader, "vault", vault, status=20)
            self.run(self.evidence, "verify", "--vault", vault, status=20)

    @staticmethod
    def opens(path, key):
        return subprocess.run(["age", "-d", "-i", key, path], capture_output=True).returncode == 0

    def check_vault(self, vault, key, what):
        with self.check(f"tools/reader.py and verify accept a vault {what}"):
            self.run(sys.executable, self.reader, "vault", vault, "--deep", "--identity", key)
            self.run(self.evidence, "verify", "--deep", "--identity", key, "--vault", vault)
        with self.check(f"tools/index-check, which knows nothing of readers, accepts its index {what}"):
            self.index_check(vault)
