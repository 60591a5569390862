"""The key file beside a passphrase: stock age opens what it seals, by the line that stands in the format."""
import re
import subprocess

import pyrage

from checking import require


class KeyFileChecks:
    """Checks that need what `Interop` has."""

    def key_files(self):
        passphrase = self.passphrase_file.read_text().rstrip("\n")
        stick, vault = self.work / "stick file", self.work / "stick.vault"
        with_file = ["--passphrase-file", self.passphrase_file, "--key-file", stick]
        self.run(self.evidence, "key", "file", stick)
        self.run(self.evidence, "init", vault, *with_file)
        line = re.search(r"^printf .*sha256sum.*$", (self.samples.parent / "FORMAT.md").read_text(), re.M).group()
        typed = subprocess.run(["sh", "-c", line], env={"PASSPHRASE": passphrase, "KEY_FILE": str(stick),
                                                        "PATH": "/usr/bin:/bin"}, capture_output=True, check=True
                               ).stdout.decode().rstrip("\n")
        for name, start in [("reading.age", b"AGE-SECRET-KEY-PQ-1"), ("signing.age", b"")]:
            opened = self.work / f"stick {name}"
            with self.check(f"age opens keys/{name} of a vault with a key file, by the line in the format"):
                self.on_terminal(["age", "-d", "-o", opened, vault / "keys" / name], [typed])
                require(opened.read_bytes().startswith(start) and opened.stat().st_size >= 64, "other content")
            with self.check(f"pyrage opens keys/{name} with both secrets, and with the passphrase alone it does not"):
                sealed = (vault / "keys" / name).read_bytes()
                require(pyrage.passphrase.decrypt(sealed, typed) == opened.read_bytes(), "other content")
                try:
                    pyrage.passphrase.decrypt(sealed, passphrase)
                except pyrage.DecryptError:
                    continue
                raise AssertionError("it opens")
        with self.check("evidence opens with --key-file what age sealed with what the line prints"):
            plain, sealed = self.work / "stick plain", self.work / "stick sealed"
            plain.write_bytes(b"plain")
            self.on_terminal(["age", "-p", "-o", sealed, plain], [typed, typed])
            require(self.unseal(sealed.read_bytes(), *with_file) == b"plain", "other content")
        with self.check("without its key file the vault does not open, and with it, it does"):
            self.run(self.evidence, "list", "--vault", vault, "--passphrase-file", self.passphrase_file, status=12)
            self.run(self.evidence, "list", "--vault", vault, *with_file)
