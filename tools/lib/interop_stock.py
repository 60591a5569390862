"""The commands of READ-ME-FIRST.txt, as they stand there, on a bundle that lies open."""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from published_formats import require

SYSTEMS = ["Linux", "macOS"]
TIMEOUT = 120  # seconds, for one command


class StockTools:
    """`pip install` is left out: what it would fetch is there already, for the interpreter that runs this."""
    def __init__(self, checks, folder):
        self.checks, self.folder = checks, folder

    def commands(self, system):
        text = (self.folder / "READ-ME-FIRST.txt").read_text()
        section = next(part for part in text.split("\n\n") if part.startswith(f"{system}\n"))
        lines = [line[4:] for line in section.splitlines()[1:]]
        require(len(lines) == 3 and "pip install bagit && " in lines[2], section)
        return [*lines[:2], lines[2].partition(" && ")[2]]

    def run(self):
        for system in SYSTEMS:
            if system == "macOS" and not shutil.which("shasum"):
                print("left out: the commands for macOS, whose shasum is not here", flush=True)
                continue
            for command, status in zip(self.commands(system), self.statuses(system)):
                with self.checks.check(f"the read-me's command for {system} accepts the bundle: {command.split()[0]}"):
                    require(status == 0, f"{command}: {status}")
        with self.checks.check("the read-me's lines for Python verify every record with the library sd-jwt"):
            wanted = [f"proofs/{path.name} OK" for path in sorted((self.folder / "proofs").glob("*.sd-jwt"))]
            require(self.records().splitlines() == wanted, "other records")
        self.refusals()

    def statuses(self, system="Linux"):
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        return [
            subprocess.run(["sh", "-c", command], cwd=self.folder, env=os.environ | {"PATH": path}, timeout=TIMEOUT,
                           capture_output=True).returncode
            for command in self.commands(system)]

    def section(self, start):
        text = (self.folder / "READ-ME-FIRST.txt").read_text()
        section = next(part for part in text.split("\n\n") if part.startswith(start))
        return section.splitlines()[1:]

    def records(self):
        """The lines for Python; what they print."""
        done = subprocess.run([sys.executable, "-"], input="\n".join(self.section("Python: ")) + "\n", text=True,
                              cwd=self.folder, timeout=TIMEOUT, capture_output=True)
        require(done.returncode == 0, done.stderr[-300:])
        return done.stdout

    def open_again(self, bundle, key, place):
        """The lines for age and tar, in another folder: the same bundle comes out."""
        lines = [line.strip().replace("KEY", str(key)).replace("BUNDLE", str(bundle)) for line in self.section("age 1.3 ")]
        require(len(lines) == 2, lines)
        for line in lines:
            subprocess.run(["sh", "-c", line], cwd=place, check=True, timeout=TIMEOUT, capture_output=True)
        subprocess.run(["diff", "-r", place / "bundle", self.folder], check=True, timeout=TIMEOUT, capture_output=True)

    def refusals(self):
        with self.checks.check("ssh-keygen refuses another tag manifest, another key and another namespace"):
            manifest = (self.folder / "tagmanifest-sha256.txt").read_bytes()
            require(self.verify(manifest), "the bundle is refused")
            require(not self.verify(manifest + b"x"), "another tag manifest")
            require(not self.verify(manifest, namespace="file"), "another namespace")
            with tempfile.TemporaryDirectory() as place:
                key = Path(place) / "key"
                subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
                other = Path(place) / "allowed_signers"
                other.write_text(f'sender namespaces="evidence-bundle" {key.with_suffix(".pub").read_text()}')
                require(not self.verify(manifest, allowed=other), "another key")

    def verify(self, manifest, namespace="evidence-bundle", allowed="proofs/allowed_signers"):
        command = ["ssh-keygen", "-Y", "verify", "-f", str(allowed), "-I", "sender", "-n", namespace, "-s",
                   "tagmanifest-sha256.txt.sig"]
        return subprocess.run(
            command, cwd=self.folder, input=manifest, timeout=TIMEOUT, capture_output=True).returncode == 0
