"""The rows of tools/bench that seal and open age files, beside other programs for age.

Rows name their least ratio; what is raw cryptography, another peer or another number of processors is there to tell
where the time goes.
"""
import os
import re
import subprocess
import sys
from functools import cached_property

from bench_parts import TIMEOUT, Failure, Row, Side, quoted, say

SMALL_COUNT, SMALL_SIZE = 10_000, 8_192


def version_of(age):
    done = subprocess.run([age, "--version"], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return done.stdout.strip().removeprefix("v")


class AgeRows:
    """Part of Bench: what it prepares and how it runs commands comes from there."""

    def our_seal(self, *words):
        return self.ours("seal", "-r", self.recipient, *words)

    def our_unseal(self, *words):
        return self.ours("unseal", "--identity", self.key, *words)

    def age_seal(self, *words, program="age"):
        return quoted(program, "-r", self.recipient, *words)

    def age_open(self, *words, program="age"):
        return quoted(program, "-d", "-i", self.key, *words)

    @cached_property
    def age_name(self):
        return "age " + version_of("age")

    @cached_property
    def newer_age_version(self):
        return version_of(self.newer_age)

    @staticmethod
    def pyrage(work):
        """A command of Python that calls rage's own code."""
        return quoted(sys.executable, "-c", "import sys, pyrage\n" + work)

    def rage_seal(self, source, output):
        return self.pyrage(f"pyrage.encrypt_file({str(source)!r}, {str(output)!r}, "
                           f"[pyrage.x25519.Recipient.from_str({self.recipient!r})])")

    def rage_open(self, source, output):
        identity = self.key.read_text().split()[-1]
        return self.pyrage(f"pyrage.decrypt_file({str(source)!r}, {str(output)!r}, "
                           f"[pyrage.x25519.Identity.from_str({identity!r})])")

    @cached_property
    def checked(self):
        """What is measured must be right: each side opens what the other sealed. And `--output` must write into a
        special file, never replace it, or /dev/null would be gone after the first row."""
        say("checking that each side opens what the other sealed")
        small, sealed, opened = self.work / "small", self.work / "small.age", self.work / "small.opened"
        for seal, unseal in ((self.our_seal, self.age_open), (self.age_seal, self.our_unseal)):
            self.run(quoted("rm", "-f", sealed, opened))
            output = "-o" if seal == self.age_seal else "--output"
            self.run(seal(output, sealed, small), TIMEOUT)
            output = "-o" if unseal == self.age_open else "--output"
            self.run(unseal(output, opened, sealed), TIMEOUT)
            self.run(quoted("cmp", small, opened))
        for command in (self.our_seal("--output", "special", small), self.our_unseal("--output", "special", sealed)):
            self.check_special_file(command)
        return True

    def check_special_file(self, command):
        pipe = self.work / "special"
        os.mkfifo(pipe)
        reader = subprocess.Popen(["cat", pipe], stdout=subprocess.DEVNULL)
        try:
            self.run(command, TIMEOUT)
            if not pipe.is_fifo():
                raise Failure("--output replaces a special file instead of writing into it: /dev/null is in danger")
        finally:
            reader.kill()
            reader.wait()
            pipe.unlink(missing_ok=True)

    @cached_property
    def sealed(self):
        say("sealing the file with age, for both sides to open")
        path = self.work / "sealed.age"
        self.run(self.age_seal("-o", path, self.input))
        return path

    # The rows

    def flow(self, verb, source, our, age, rage, pipe_least, null_least):
        """Sealing or opening the large file: to nowhere, to a file, through a pipe."""
        assert self.checked
        out, anew = self.work / "out", f"rm -f {quoted(self.work / 'out')}; sync -f {quoted(self.work)}"
        through = "cat {} | {} | cat >/dev/null"
        ours = Side("evidence", our("--output", "/dev/null", source))
        yield Row(f"{verb} to /dev/null", ours, Side(self.age_name, age("-o", "/dev/null", source)), null_least,
                  f"≥ {null_least} × age")
        if self.newer_age:
            newer = Side(f"age {self.newer_age_version}", age("-o", "/dev/null", source, program=self.newer_age))
            yield Row(f"{verb} to /dev/null", ours, newer, null_least, f"≥ {null_least} × age")
        yield Row(f"{verb} to /dev/null", ours, Side("rage (pyrage)", rage(source, "/dev/null")), 1.0, "≥ 1 × rage")
        yield Row(f"{verb} to a file", Side("evidence", our("--output", out, source), anew),
                  Side(self.age_name, age("-o", out, source), anew), 1.2, "≥ 1.2 × age")
        yield Row(f"{verb} to a file", Side("evidence", our("--output", out, source), anew),
                  Side("rage (pyrage)", rage(source, out), anew), 1.0, "≥ 1 × rage")
        out.unlink(missing_ok=True)
        yield Row(f"{verb} through a pipe", Side("evidence", through.format(quoted(source), our())),
                  Side(self.age_name, through.format(quoted(source), age())), pipe_least, f"≥ {pipe_least} × age")

    def seal(self):
        return self.flow("seal", self.input, self.our_seal, self.age_seal, self.rage_seal, 1.1, 1.3)

    def unseal(self):
        return self.flow("unseal", self.sealed, self.our_unseal, self.age_open, self.rage_open, 1.1, 2.0)

    def small(self):
        """Small contents in one process: what a file costs beside its bytes."""
        loop = f"""
identity = pyrage.x25519.Identity.generate()
recipients, content = [identity.to_public()], bytes(range(256)) * {SMALL_SIZE // 256}
for _ in range({SMALL_COUNT}):
    assert pyrage.decrypt(pyrage.encrypt(content, recipients), [identity]) == content
"""
        ours = Side("Age", quoted(self.age_benchmark, "small", SMALL_COUNT, SMALL_SIZE))
        yield Row(f"seal and open {SMALL_COUNT} × {SMALL_SIZE} bytes", ours,
                  Side("rage (pyrage)", self.pyrage(loop)), 1.0, "≥ 1 × rage")

    def limits(self):
        """What bounds us: the cipher alone on every processor, and one processor instead of all."""
        mebibytes = self.input.stat().st_size >> 20
        primitive = Side("the cipher alone", quoted(self.age_benchmark, "primitive", mebibytes))
        sides = {"seal": self.our_seal("--output", "/dev/null", self.input),
                 "unseal": self.our_unseal("--output", "/dev/null", self.sealed)}
        for verb, command in sides.items():
            yield Row(f"{verb} to /dev/null", Side("evidence", command), primitive, 0.8, "≥ 0.8 × the cipher")
        for verb, command in sides.items():
            yield Row(f"{verb} to /dev/null", Side("evidence", command),
                      Side("evidence on one processor", f"taskset -c 0 {command}"), None, "none against itself")

    # What is not timed

    def profile(self):
        """Where the time goes in each direction: shares of the libraries and the kernel, and of their functions as far
        as they have names; those of Debian's libsodium have none."""
        record = self.work / "perf.data"
        for verb, command in (("seal", self.our_seal("--output", "/dev/null", self.input)),
                              ("unseal", self.our_unseal("--output", "/dev/null", self.sealed))):
            say(f"profiling {verb}")
            self.run(f"perf record --quiet --freq 997 --output {quoted(record)} -- {command}")
            for sort in ("dso", "dso,symbol"):
                for share, where, function in self.shares(record, sort):
                    if not function.startswith("0x"):
                        yield [verb, share, where, function[:70]]

    def shares(self, record, sort):
        """Share, library and function of every line of 2 % or more in a report of perf."""
        report = subprocess.run(
            ["perf", "report", "--input", record, "--stdio", "--quiet", "--sort", sort, "--percent-limit", "2"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=self.work)
        for line in report.stdout.splitlines():
            found = re.match(r"\s*([\d.]+%)\s+(\S+)(?:\s+\[[.k]\]\s+(\S.*?))?(?:\s{2,}.*)?$", line.rstrip())
            if found:
                yield found[1], found[2], found[3] or "(all)"
