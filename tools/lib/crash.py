"""The families of tools/crash, which starts this and prepares the work folder.

strace stops a program at the entry of a system call, or makes the call fail. It counts calls for each thread, so the
points are the calls of the first thread, from the first that touches the vault on.
"""
import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

PASSPHRASE = "six words that only benchmarks use"
CANARY = b"the canary that must not lie about in the open"
STATUSES = {0, 1, 3, 10, 11, 12, 20, 21, 22, 30, 31, 64, 130}
FAILING = ["openat", "openat2", "read", "pread64", "write", "fsync", "renameat", "renameat2", "unlinkat", "mkdirat",
           "flock", "fchmod", "fstat", "newfstatat", "getdents64"]
ERRORS = ["ENOSPC", "EIO", "EINTR", "EMFILE", "EROFS"]
TIMEOUT = 120  # seconds, for one command
SAMPLE = 5  # points of an operation
SAMPLED = ["add 1", "add a folder", "export", "init"]
CROWDS = [2, 4, 8, 16, 32]


@dataclass
class Operation:
    """A command that writes: its words, and how many entries it adds."""
    name: str
    words: list
    entries: int = 1
    leaves_output: bool = False
    # Whether it makes the vault, rather than to change one.
    makes_vault: bool = False


@dataclass
class Tally:
    points: int = 0
    failures: list = field(default_factory=list)
    control: str = "not run"


class Crash:
    def __init__(self, evidence, maker, work, is_sample):
        self.evidence, self.work, self.is_sample = evidence, work, is_sample
        self.original, self.vault = work / "original", work / "vault"
        (work / "passphrase").write_text(PASSPHRASE + "\n")
        subprocess.run([maker, self.original, "2"], check=True, stdin=subprocess.DEVNULL)
        self.folder = work / "folder"
        self.folder.mkdir()
        for name in ["a", "b"]:
            (self.folder / name).write_bytes(CANARY + name.encode())
        sizes = {"1": 1, "64Ki-1": 65_535, "64Ki": 65_536, "64Ki+1": 65_537, "10M": 10_000_000}
        for name, size in sizes.items():
            (work / name).write_bytes((CANARY * (size // len(CANARY) + 1))[:size])
        run = subprocess.run([evidence, "key", "generate", "--output", work / "key"], capture_output=True, text=True)
        self.recipient = run.stdout.strip()
        self.operations = [self.add(f"add {name}", work / name) for name in sizes] + [
            self.add("add a folder", self.folder),
            Operation("recipient add", ["recipient", "add", "somebody", self.recipient, "--class", "lawyer"]),
            Operation("timestamp request", ["timestamp", "request", "--output", work / "out"], 0, True),
            Operation("repair", ["repair"], 0),
            Operation("init", ["init", self.vault], 0, leaves_output=True, makes_vault=True),
        ]
        subprocess.run(self.command(self.add("", work / "1"), self.original), check=True, capture_output=True,
                       stdin=subprocess.DEVNULL)
        self.operations.append(Operation(
            "export", ["export", "2", "--to", "Recipient 0", "--output", work / "out"], 1, True))
        if is_sample:
            self.operations = [operation for operation in self.operations if operation.name in SAMPLED]
        self.operations = [operation for operation in self.operations if self.works(operation)]

    def add(self, name, path):
        return Operation(name, ["add", path, "--kind", "document", "--title", "t", "--set", "document.kind=note"])

    def command(self, operation, vault=None):
        words = [self.evidence, *operation.words]
        if not operation.makes_vault:
            words += ["--vault", vault or self.vault]
        if operation.name not in ("timestamp request",):
            words += ["--passphrase-file", self.work / "passphrase"]
        return [str(word) for word in words]

    def run(self, command):
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT)

    def works(self, operation):
        self.prepare(operation)
        done = self.run(self.command(operation))
        if done.returncode:
            say(f"note: left out: {operation.name}: {done.stderr.decode(errors='replace').strip()[:200]}")
        return done.returncode == 0

    def reset(self, vault=None):
        shutil.rmtree(self.vault, ignore_errors=True)
        shutil.rmtree(self.work / "state", ignore_errors=True)
        (self.work / "out").unlink(missing_ok=True)
        shutil.copytree(vault or self.original, self.vault)

    def prepare(self, operation):
        self.reset()
        if operation.makes_vault:
            shutil.rmtree(self.vault)
            for path in self.unfinished():
                shutil.rmtree(path)

    def unfinished(self):
        """Vaults that were not finished: only a command that was stopped may leave one."""
        return list(self.work.glob(f".{self.vault.name}.partial-*"))

    def injected(self, operation, *injections):
        words = ["strace", "-f", "-qq", "-o", str(self.work / "trace")]
        for injection in injections:
            words += ["-e", f"inject={injection}"]
        return self.run(words + self.command(operation))

    def points(self, operation, names=None):
        """Every system call of the first thread from the first one on that names the vault, as (name, count)."""
        self.prepare(operation)
        trace = self.work / "trace"
        self.run(["strace", "-f", "-qq", "-o", str(trace), *self.command(operation)])
        points, counts, is_begun, first = [], Counter(), False, None
        for line in trace.read_text(errors="replace").splitlines():
            found = re.match(r"(\d+)\s+(\w+)\(", line)
            if not found:
                continue
            first = first or found[1]
            if found[1] != first:
                continue
            counts[found[2]] += 1
            begins = f".{self.vault.name}.partial-" if operation.makes_vault else str(self.vault)
            is_begun = is_begun or (begins in line and found[2] != "execve")
            if is_begun and (names is None or found[2] in names) and found[2] != "exit_group":
                points.append((found[2], counts[found[2]]))
        return spread(points) if self.is_sample else points

    # What must hold

    def report(self, vault=None):
        done = self.run([str(self.evidence), "verify", "--json", "--vault", str(vault or self.vault)])
        try:
            return json.loads(done.stdout)
        except json.JSONDecodeError:
            return {"sound": False, "entries": -1, "findings": [], "said": done.stderr.decode(errors="replace")}

    def fault(self, operation, status=None):
        """What is wrong after an operation that ended with `status`, or was stopped; None if nothing is."""
        if operation.makes_vault:
            return self.fault_of_making(status)
        report = self.report()
        if not report["sound"]:
            return f"not sound: {json.dumps(report)[:300]}"
        if report["entries"] not in (3, 3 + operation.entries):
            return f"{report['entries']} entries"
        if status == 0 and report["entries"] != 3 + operation.entries:
            return "reported as done, and not there"
        for path in self.vault.rglob("*"):
            if path.is_file() and CANARY in path.read_bytes():
                return f"in the open: {path.relative_to(self.vault)}"
        return None

    def fault_of_making(self, status):
        """What is wrong after a vault was made, or was not: there is none, or a sound one without entries."""
        if status is not None and status >= 0 and self.unfinished():
            return f"left unfinished with status {status}"
        if not self.vault.exists():
            return "reported as done, and not there" if status == 0 else None
        report = self.report()
        return None if report["sound"] and report["entries"] == 0 else f"not sound: {json.dumps(report)[:300]}"

    def fault_of_next(self, operation):
        """What is wrong after the next command, which has to work and to tidy up."""
        if operation.makes_vault:
            if self.vault.exists():
                return None
            done = self.run(self.command(operation))
            return f"it ended with {done.returncode} when run again" if done.returncode else self.fault(operation, 0)
        (self.work / "out").unlink(missing_ok=True)
        done = self.run(self.command(self.add("", self.work / "1")))
        if done.returncode:
            return f"the next add ended with {done.returncode}: {done.stderr.decode(errors='replace')[:200]}"
        report = self.report()
        names = [finding.get("path") for finding in report["findings"]]
        return None if report["sound"] and not names else f"after the next add: {names}"

    # The families

    def kill(self, tally):
        for operation in self.operations:
            points = self.points(operation)
            say(f"kill: {operation.name}: {len(points)} points")
            for name, count in points:
                self.prepare(operation)
                done = self.injected(operation, f"{name}:signal=SIGKILL:when={count}")
                if done.returncode not in (-signal.SIGKILL, 137):
                    continue  # another thread was quicker this time, and this call did not come
                tally.points += 1
                fault = self.fault(operation) or self.fault_of_next(operation)
                if fault:
                    tally.failures.append(f"{operation.name}, {name} {count}: {fault}")
        self.reset()
        self.injected(self.operations[0], "renameat2:retval=0")
        tally.control = "found" if self.fault(self.operations[0], 0) else "NOT FOUND"

    def errors(self, tally):
        for operation in self.operations:
            points = self.points(operation, FAILING)
            say(f"errors: {operation.name}: {len(points)} calls, each failing in ten ways")
            for number, (name, count) in enumerate(points):
                ways = [(error, when) for error in ERRORS for when in (f"{count}", f"{count}+")]
                for error, when in ways[number % 10:][:1] if self.is_sample else ways:
                    self.prepare(operation)
                    done = self.injected(operation, f"{name}:error={error}:when={when}")
                    tally.points += 1
                    fault = self.fault_of_end(done) or self.fault(operation, done.returncode) or self.fault_of_next(operation)
                    if fault:
                        tally.failures.append(f"{operation.name}, {name} {when} {error}: {fault}")
        self.reset()
        done = self.injected(self.operations[0], "fsync:signal=SIGABRT:when=1")
        tally.control = "found" if self.fault_of_end(done) else "NOT FOUND"

    @staticmethod
    def fault_of_end(done):
        said = done.stderr.decode(errors="replace")
        if done.returncode not in STATUSES:
            return f"ended with {done.returncode}: {said[-200:]}"
        if done.returncode and "evidence: " not in said:
            return f"ended with {done.returncode} and said nothing"
        return None

    def together(self, tally):
        for crowd in CROWDS[:3] if self.is_sample else CROWDS:
            say(f"together: {crowd} at once")
            tally.points += crowd
            fault = self.fault_of_crowd(crowd, [])
            if fault:
                tally.failures.append(f"{crowd} at once: {fault}")
        for _ in range(10):
            if self.fault_of_crowd(8, ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=flock:retval=0"]):
                tally.control = "found"
                return
        tally.control = "NOT FOUND"

    def fault_of_crowd(self, crowd, prefix):
        self.reset()
        command = prefix + self.command(self.add("", self.work / "1"))
        started = [subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                    stderr=subprocess.DEVNULL) for _ in range(crowd)]
        looked = self.report() if not prefix else None
        statuses = [process.wait(timeout=TIMEOUT * 5) for process in started]
        report = self.report()
        if looked and not looked["sound"]:
            return f"whoever looked meanwhile saw damage: {json.dumps(looked)[:200]}"
        if any(statuses) or not report["sound"] or report["entries"] != 3 + crowd or report["findings"]:
            return f"statuses {sorted(set(statuses))}, {json.dumps(report)[:300]}"
        return None

    def power(self, tally):
        base, mounted = self.work / "base.img", self.work / "mounted"
        mounted.mkdir()
        base.write_bytes(b"")
        os.truncate(base, 48 << 20)
        try:
            subprocess.run(["mkfs.ext4", "-q", "-F", base], check=True, capture_output=True)
            self.mount(base)
            shutil.copytree(self.original, mounted / "vault")
            self.unmount()
        except (subprocess.CalledProcessError, OSError) as error:
            tally.control = "left out"
            return say(f"note: power cuts are left out, since nothing can be mounted here: {error}")
        for operation in [operation for operation in self.operations if not operation.leaves_output]:
            points = self.points(operation)
            say(f"power: {operation.name}: {len(points)} points")
            for name, count in points:
                fault, was_reached = self.fault_of_cut(base, operation, f"{name}:signal=SIGSTOP:when={count}")
                tally.points += was_reached
                if fault:
                    tally.failures.append(f"{operation.name}, {name} {count}: {fault}")
            fault, _ = self.fault_of_cut(base, operation)
            tally.points += 1
            if fault:
                tally.failures.append(f"{operation.name}, just done: {fault}")
        fault, _ = self.fault_of_cut(base, self.operations[0], "fsync:retval=0")
        tally.control = "found" if fault else "NOT FOUND"

    def fault_of_cut(self, base, operation, *injections):
        """Runs an operation on a disk of its own, takes what has reached the disk when it stops or ends, and looks."""
        disk, snapshot = self.work / "disk.img", self.work / "snapshot.img"
        shutil.copyfile(base, disk)
        self.mount(disk)
        shutil.rmtree(self.work / "state", ignore_errors=True)
        words = ["strace", "-f", "-qq", "-o", "/dev/null", *(f"-einject={injection}" for injection in injections)]
        process = subprocess.Popen(words + self.command(operation, self.work / "mounted" / "vault"),
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        status = wait_until_stopped(process)
        shutil.copyfile(disk, snapshot)
        if status is None:
            stop(process)
        self.unmount()
        self.mount(snapshot)
        shutil.rmtree(self.vault, ignore_errors=True)
        shutil.rmtree(self.work / "state", ignore_errors=True)
        shutil.copytree(self.work / "mounted" / "vault", self.vault)
        self.unmount()
        return self.fault(operation, status) or self.fault_of_next(operation), status is None

    def mount(self, image):
        subprocess.run(["mount", "-o", "loop", image, self.work / "mounted"], check=True, capture_output=True)

    def unmount(self):
        for _ in range(50):
            if subprocess.run(["umount", self.work / "mounted"], capture_output=True).returncode == 0:
                return
            time.sleep(0.1)
        raise OSError("the image stays mounted")


def wait_until_stopped(process):
    """The status of the process, or None once everything below it has stopped for good.

    strace stops its children for a moment at every call; one that has not run since the last looks has stopped."""
    still, before = 0, None
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        status = process.poll()
        if status is not None:
            return status
        now = [stopped(child) for child in children(process.pid)]
        still = still + 1 if now and all(now) and now == before else 0
        before = now
        if still >= 15:
            return None
        time.sleep(0.01)
    return None


def children(parent):
    try:
        return [int(text) for text in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    except OSError:
        return []


def stopped(process):
    """How often a stopped process has run so far; None if it is not stopped."""
    try:
        text = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return None
    if not re.search(r"^State:\s+[tT]", text, re.MULTILINE):
        return None
    return sum(int(count) for count in re.findall(r"ctxt_switches:\s+(\d+)", text))


def stop(process):
    for child in children(process.pid):
        os.kill(child, signal.SIGKILL)
    process.kill()
    process.wait()


def spread(points):
    """A few of the points, from the first to the last."""
    if len(points) <= SAMPLE:
        return points
    return [points[index * (len(points) - 1) // (SAMPLE - 1)] for index in range(SAMPLE)]


def say(text):
    print(text, file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser()
    for name in ["evidence", "maker", "work"]:
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--sample", action="store_true")
    parser.add_argument("families", nargs="*")
    arguments = parser.parse_args()
    if subprocess.run(["strace", "-f", "-qq", "-o", "/dev/null", "true"], capture_output=True).returncode:
        return say("note: programs cannot be traced here, so nothing was stopped")
    crash = Crash(arguments.evidence, arguments.maker, arguments.work, arguments.sample)
    families = {"kill": crash.kill, "errors": crash.errors, "power": crash.power, "together": crash.together}
    tallies = {}
    for name in arguments.families or families:
        tallies[name] = Tally()
        families[name](tallies[name])
    for name, tally in tallies.items():
        for failure in tally.failures[:20]:
            print(f"FAIL  {name}: {failure}")
        print(f"{'FAIL' if tally.failures or tally.control == 'NOT FOUND' else 'ok'}    {name}: {tally.points} points, "
              f"{len(tally.failures)} failures; control {tally.control}")
    sys.exit(any(tally.failures or tally.control == "NOT FOUND" for tally in tallies.values()))


if __name__ == "__main__":
    main()
