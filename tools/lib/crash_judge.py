"""What has to hold after a command that was stopped, that failed, or that says it is done."""
import hashlib
import json
import shutil
import subprocess

from crash_operations import ADD, CANARY, KEY, OPENER, Operation, environment

STATUSES = {0, 1, 3, 10, 11, 12, 20, 21, 22, 30, 31, 64, 130}
KEY_FILES = ["reading.age", "signing.age"]
TIMEOUT = 120  # seconds, for one command
BUSY, ROLLED_BACK = 11, 21
LOOKS = 5  # until whoever is told to look again sees more than a change in progress


class Judge:
    """Knows, for one operation, what the desk was before and what it is when all went well."""

    def __init__(self, evidence, workshop, operation, scratch):
        self.evidence, self.prepared, self.operation = evidence, workshop.prepared, operation
        self.start = workshop.desks / operation.desk
        self.copy = digests(self.prepared / "copy")
        self.before = listing(self.start)
        self.digests_before = digests(self.start / "vault")
        self.old = self.mark(self.start)
        self.output = None
        self.lay(scratch)
        done = self.run(operation, scratch)
        if done.returncode:
            raise RuntimeError(f"{operation.name}: {done.returncode}: {done.stderr.decode(errors='replace')}")
        self.new, self.output = self.mark(scratch), self.measure(scratch)
        shutil.rmtree(scratch)

    def lay(self, desk):
        """Lays the desk that the operation begins with."""
        shutil.rmtree(desk, ignore_errors=True)
        self.fill(desk)

    def fill(self, desk):
        shutil.copytree(self.start, desk, dirs_exist_ok=True)

    def run(self, operation, desk):
        return subprocess.run(operation.command(self.evidence, desk, self.prepared), stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=TIMEOUT, env=environment(desk))

    # The vault

    def report(self, vault, desk):
        """What verify says; a restored copy that was not accepted is looked at as by a machine that knows nothing."""
        words = [str(self.evidence), "verify", "--json", "--vault", str(vault)]
        for surroundings in [environment(desk), environment(desk / "nowhere")]:
            for _ in range(LOOKS):
                done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT,
                                      env=surroundings)
                if done.returncode != BUSY:
                    break
            if done.returncode != ROLLED_BACK or self.operation.desk != "restored":
                break
        shutil.rmtree(desk / "nowhere", ignore_errors=True)
        try:
            return json.loads(done.stdout)
        except json.JSONDecodeError:
            return {"sound": False, "said": done.stderr.decode(errors="replace")}

    def mark(self, desk):
        """What tells one state of a sound vault from another."""
        vault = desk / "vault"
        report = self.report(vault, desk)
        if not report["sound"]:
            return json.dumps(report)[:300]
        signed = (vault / "checkpoint").read_text().split("\n")[0]
        opened = [self.opens(vault / "keys" / name) for name in KEY_FILES] if self.operation.rekeys else []
        return {
            "opened": opened,
            "entries": report["entries"], "withdrawn": report["withdrawn"],
            "countersignatures": len(report["countersignatures"]), "timestamps": len(report["timestamps"]),
            "continues": len(report.get("continues", [])), "signed": signed == report["origin"],
            "witness": len(list((vault / "witness").glob("*"))),
        }

    def opens(self, key_file):
        """Whether the passphrase that every command is given opens a key file."""
        words = [str(self.evidence), "unseal", "--passphrase-file", str(self.prepared / "passphrase"), str(key_file)]
        return subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT).returncode == 0

    def fault(self, desk, status=None, may_leave=False):
        """What is wrong after the operation ended with `status`, or was stopped; None if nothing is."""
        if status is not None and status >= 0 and not may_leave and self.unfinished(desk):
            return f"left unfinished with status {status}: {self.unfinished(desk)}"
        fault = self.fault_of_output(desk)
        if not fault and status == 0 and self.operation.makes and not (desk / "out").exists():
            fault = "reported as done, and not there"
        if fault or listing(desk) == self.before and not (status == 0 and self.old != self.new):
            return fault
        return self.fault_of_mending(desk, status) if self.operation.mends else self.fault_of_vault(desk, status)

    def fault_of_vault(self, desk, status):
        now = self.mark(desk)
        # An acceptance that was cut short: the copy is kept, and its head is not signed anew yet.
        middle = {**self.new, "signed": False}
        # A signing key whose replacement was cut short: the note counts, and its entry is not made yet.
        replaced = {**middle, "entries": self.old.get("entries")}
        # A receipt that was cut short: the countersignature that came with it is kept, and the receipt not filed yet.
        kept = {**self.old, "countersignatures": self.new["countersignatures"]}
        # A change of passphrase that was cut short: the first file has the new one.
        first = {**self.old, "opened": [True, False]}
        steps = range(self.old["entries"] + 1, self.new["entries"]) if self.operation.in_steps else ()
        if status == 0 and now != self.new:
            return f"reported as done, and is {now}"
        if now not in (self.old, self.new, middle, replaced, kept, *([first] if self.operation.rekeys else []),
                       *({**self.old, "entries": entries} for entries in steps)):
            return f"neither the old vault nor the new one: {now}"
        if self.operation.makes == "key" and now == self.new and (fault := self.fault_of_promise(desk)):
            return fault
        return fault_of_secrecy(desk / "vault")

    def fault_of_promise(self, desk):
        """What is wrong if the key that was made is not the one that the vault promises."""
        twin = desk.with_name(f"{desk.name} twin")
        shutil.copytree(desk, twin)
        passphrase = "{in}/passphrase"
        done = self.run(Operation("", ["key", "rotate", "--next", "{desk}/out", "--next-passphrase-file", passphrase,
                                       *KEY]), twin)
        shutil.rmtree(twin)
        said = done.stderr.decode(errors="replace")[:300]
        return f"the key that was made cannot follow: {done.returncode}: {said}" if done.returncode else None

    def fault_of_mending(self, desk, status):
        """Of a damaged vault: what was whole is whole, nothing is gone, and what is reported as done is done."""
        now = digests(desk / "vault")
        for path, digest in self.digests_before.items():
            if path == "catalog.age":
                continue
            if self.copy.get(path) == digest and now.get(path) != digest:
                return f"it was whole, and is not any more: {path}"
            if digest not in now.values():
                return f"it is gone: {path}"
        now = self.mark(desk)
        return f"reported as done, and is {now}" if status == 0 and now != self.new else None

    # What was made

    def unfinished(self, desk):
        """What is not whole yet: only a command that was stopped may leave it."""
        return [path.name for path in desk.glob(".out.partial-*")]

    def measure(self, desk):
        """What is the same of every whole output of this operation."""
        path = desk / "out"
        match self.operation.makes:
            case "folder": return digests(path)
            # Of a sealed key every byte is another each time.
            case "key": return path.stat().st_size
            case "note": return path.read_bytes().count(b"\n")
            # Of sheets the words are others each time, and all as wide.
            case "sheets": return {file.name: file.stat().st_size for file in path.iterdir()}
            case "vault": return self.report(path, desk)["entries"]

    def fault_of_output(self, desk):
        path = desk / "out"
        if not path.exists():
            return None
        match self.operation.makes:
            case "bundle":
                opener = Operation("", ["open", "{desk}/out", "--output", "{desk}/opened", *OPENER], has_vault=False)
                done = self.run(opener, desk)
                shutil.rmtree(desk / "opened", ignore_errors=True)
                return f"the bundle does not open: {done.stderr}" if done.returncode else None
            case "query":
                kept = [file.read_bytes() for file in (desk / "vault/timestamps").glob("*.tsq")]
                return None if path.read_bytes() in kept else "the query is not the one that was kept"
            case "vault":
                if (fault := fault_of_secrecy(path)) or not (report := self.report(path, desk))["sound"]:
                    return fault or f"the new vault: {json.dumps(report)[:300]}"
        return None if self.measure(desk) == self.output else f"what was made is not whole: {self.measure(desk)}"

    # What comes after

    def fault_of_next(self, desk):
        """What is wrong after the same command and an add, which have to work, and to tidy up."""
        if listing(desk) == self.before:
            return None
        remove(desk / "out")
        remove(desk / "out-merged")
        if not self.is_for_the_next(desk) and (fault := self.fault_of_again(desk)):
            return fault
        if fault := self.fault_of_next_add(desk):
            return fault
        if self.operation.says:
            shown = self.run(Operation("", ["show", str(self.old["entries"]), "--json", *KEY]), desk)
            if self.operation.says not in shown.stdout.decode(errors="replace"):
                return f"the entry lacks what was said: {shown.stdout[:300]} {shown.stderr[:300]}"
        return None

    def is_for_the_next(self, desk):
        """Whether the next writer has to enter what a command said that was stopped."""
        now = self.mark(desk)
        return bool(self.operation.says) and isinstance(now, dict) and not now["signed"]

    def fault_of_again(self, desk):
        """What is wrong after the same command."""
        was_done = self.mark(desk) == self.new != self.old
        done = self.run(self.operation, desk)
        if done.returncode not in ((0, *self.operation.again) if was_done else (0,)):
            return f"run again it ended with {done.returncode}: {done.stderr.decode(errors='replace')[:300]}"
        fault = self.fault_of_output(desk)
        if fault or self.unfinished(desk):
            return fault or f"run again it left {self.unfinished(desk)}"
        if self.operation.makes and done.returncode == 0 and not (desk / "out").exists():
            return "run again it made nothing"
        return None

    def fault_of_next_add(self, desk):
        """What is wrong after an add."""
        done = self.run(Operation("", [*ADD, *KEY]), desk)
        if done.returncode:
            return f"the next add ended with {done.returncode}: {done.stderr.decode(errors='replace')[:300]}"
        report = self.report(desk / "vault", desk)
        # That entries are not trusted, after a revocation, is as it should be, and that a key which was removed is gone.
        is_removed = self.operation.name == "key remove" or self.operation.desk == "removed"
        meant = ["untrusted", "reading_key"] if is_removed else ["untrusted"]
        found = [finding for finding in report.get("findings", [])
                 if finding.get("path") != "aside" and finding.get("subject") not in meant]
        return None if report["sound"] and not found else f"after the next add: {json.dumps(found or report)[:300]}"

    @staticmethod
    def fault_of_end(status, said):
        """A command ends with a status of the table, and says in one sentence why it failed."""
        errors = [line for line in said.splitlines() if line.startswith("evidence: error: ")]
        hints = [line for line in said.splitlines() if line.startswith("hint: ")]
        if status not in STATUSES:
            return f"ended with {status}: {said[-200:]}"
        # What is damaged stands in the report of a repair.
        if status and (len(errors) > 1 or len(hints) > 1 or not errors and status != 20):
            return f"ended with {status} and said: {said[:300]}"
        return None


def fault_of_secrecy(folder):
    for path in folder.rglob("*"):
        if path.is_file() and CANARY in path.read_bytes():
            return f"in the open: {path.name}"
    return None


def listing(folder):
    """Names, sizes and times of all below a folder: what differs if anything was written."""
    paths = {path: path.lstat() for path in folder.rglob("*")}
    return {str(path.relative_to(folder)): (path.is_dir() or (status.st_size, status.st_mtime_ns, status.st_mode))
            for path, status in paths.items()}


def digests(folder):
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in folder.rglob("*") if path.is_file()}


def remove(path):
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
