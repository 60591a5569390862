"""The commands of READ-ME-FIRST.txt, as they stand there, on a bundle that lies open."""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from checking import require

SYSTEMS = ["Linux", "macOS"]
TIMEOUT = 120  # seconds, for one command


PYTHON = "~/bundle-check/bin/python"


class StockTools:
    """`pip install` is left out: what it would fetch is there already, for the interpreter that runs this."""
    def __init__(self, checks, folder):
        self.checks, self.folder = checks, folder
        self.text = (folder / "READ-ME-FIRST.txt").read_text()

    def commands(self, system):
        section = next(part for part in self.text.split("\n\n") if part.startswith(f"{system}\n"))
        lines = [line[4:] for line in section.splitlines()[1:]]
        prepared = [line for line in lines if line.startswith("export ")]
        lines = [line for line in lines if line not in prepared]
        require(len(lines) == 4 and lines[2].endswith("/pip install bagit sd-jwt") and PYTHON in lines[3], section)
        return [";".join([*prepared, line.replace(PYTHON, sys.executable)]) for line in [*lines[:2], lines[3]]]

    def run(self):
        for system in SYSTEMS:
            if system == "macOS" and not shutil.which("shasum"):
                print("left out: the commands for macOS, whose shasum is not here", flush=True)
                continue
            for command, done in zip(self.commands(system), self.outcomes(system)):
                with self.checks.check(f"the read-me's command for {system} accepts the bundle: {command[-40:]}"):
                    require(done.returncode == 0, f"{command}: {done}")
        with self.checks.check("the sums say OK in every line, whatever the language is"):
            lines = self.outcomes()[0].stdout.decode().splitlines()
            require(len(lines) > 4 and all(line.endswith(": OK") for line in lines), lines)
        self.python_accepts()
        self.python_refuses()
        self.refusals()

    def outcomes(self, system="Linux"):
        return [
            subprocess.run(["sh", "-c", command], cwd=self.folder, env=os.environ | {"LANGUAGE": "ru", "LC_ALL": "C.UTF-8"},
                           timeout=TIMEOUT, capture_output=True)
            for command in self.commands(system)]

    def statuses(self, system="Linux"):
        return [done.returncode for done in self.outcomes(system)]

    def section(self, start):
        section = next(part for part in self.text.split("\n\n") if part.startswith(start))
        return section.splitlines()[1:]

    def python(self, folder=None, is_pasted=False):
        """The lines for Python, from a file or as somebody pastes them: the status, and what they say."""
        start = self.text.index("\nimport base64")
        last = "\nsys.exit(1 if wrong else 0)\n"
        lines = self.text[start + 1:self.text.index(last) + len(last)]
        done = subprocess.run([sys.executable, "-I", "-i" if is_pasted else "-"], input=lines, text=True,
                              cwd=folder or self.folder, timeout=TIMEOUT, capture_output=True)
        return done.returncode, done.stdout.splitlines(), done.stderr

    def python_accepts(self):
        names = [f"proofs/{path.name}" for path in sorted((self.folder / "proofs").glob("*.sd-jwt"))]
        wanted = [f"OK     {name!r}" for name in ["bundle.note", *names]]
        for is_pasted in [False, True]:
            with self.checks.check(f"the read-me's lines for Python accept the bundle{', pasted' * is_pasted}"):
                status, said, errors = self.python(is_pasted=is_pasted)
                require((status, said) == (0, wanted), f"{status} {said} {errors[-300:]}")

    def python_refuses(self):
        """One thing changed in a copy: it is named, all else is still said to be right, and the status tells it."""
        record = min((self.folder / "proofs").glob("*.sd-jwt")).relative_to(self.folder)

        def change(path, old, new):
            data = path.read_bytes()
            require(data.count(old) >= 1, f"no {old} in {path.name}")
            path.chmod(0o600)
            path.write_bytes(data.replace(old, new, 1))

        def add(path):
            path.write_text("import sys\nprint('hijacked')\nsys.exit(0)\n")

        cases = {
            "a record": (lambda folder: change(folder / record, b".", b".A"), str(record)),
            "the purpose": (lambda folder: change(folder / "bundle.note", b"\npurpose ", b"\npurpose of another"),
                            "bundle.note"),
            "the moment": (lambda folder: change(folder / "bundle.note", b"\ncreated 2", b"\ncreated 1"), "bundle.note"),
            "the list of lists": (lambda folder: change(folder / "tagmanifest-sha256.txt", b"\n", b" \n"), "bundle.note"),
            "a file too many": (lambda folder: add(folder / "data/more.txt"), "data/more.txt"),
            "a hidden file too many": (lambda folder: add(folder / ".more"), ".more"),
            "a module in Python's way": (lambda folder: add(folder / "base64.py"), "base64.py"),
        }
        for what, (make, name) in cases.items():
            with self.checks.check(f"the read-me's lines for Python refuse {what}"), tempfile.TemporaryDirectory() as place:
                folder = Path(shutil.copytree(self.folder, Path(place) / "bundle"))
                for path in [folder, folder / "data", folder / "proofs"]:
                    path.chmod(0o700)
                make(folder)
                status, said, errors = self.python(folder)
                failed = [line for line in said if not line.startswith("OK     ")]
                named = [line for line in failed if line.startswith(f"FAILED {name!r} ")]
                require(status == 1 and len(named) == 1, f"{status} {said} {errors[-300:]}")
                require(what == "the list of lists" or len(failed) == 1, failed)

    def timestamps(self):
        """The commands for the time-stamps, each as a person pastes them; and that another head does not fit."""
        section = next(part for part in self.text.split("\n\n") if part.startswith("Time-stamps ("))
        lines = section[section.index("    t="):]
        for commands in ["    t=" + part for part in lines.split("    t=")[1:]]:
            with self.checks.check("openssl accepts a time-stamp by the read-me's commands, and not for another head"):
                require("Verification: OK" in self.shell(commands) and "Time stamp: " in self.shell(commands), commands)
                other = commands.replace("sed '1,/^$/d'", "sed '2,/^$/d'")
                require(other != commands and "Verification: OK" not in self.shell(other), "another head is accepted")

    def shell(self, commands):
        done = subprocess.run(["sh", "-c", commands], cwd=self.folder, timeout=TIMEOUT, capture_output=True, text=True)
        return done.stdout

    def open_again(self, bundle, key, place):
        """The lines for age and tar, in another folder: the same bundle comes out."""
        lines = [line.strip().replace("KEY", str(key)).replace("BUNDLE", str(bundle)) for line in self.section("age 1.")]
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
