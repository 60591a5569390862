"""The rows of tools/bench about bundles: one of many gigabytes, and one of many files, beside tar and age.

Both sides do the same from and to files, once: the memory is the question, and the time is bounded by the disk. The
vault's keys are under the least work factor, so that what scrypt takes (256 MiB for a passphrase) hides nothing; the
bundle is opened with an identity file, which needs none."""
import json
import shutil
import subprocess
import time

from bench_parts import Failure, quoted, say
from key_words import words_of

HEAD = ["bundle", "peer", "evidence", "peer's time", "ratio", "memory", "peer's", "budget", ""]
MEMORY_MIB = 128  # the budget for any command, whatever the size
BLOCK = 1 << 20


class BundleRows:
    """Rows that need what `Bench` has."""

    def bundle_rows(self, gibibytes, small_count):
        self.bundle_vault, self.bundle_key = self.work / "bundle.vault", self.work / "bundle.key"
        self.run(quoted(self.index_benchmark, self.bundle_vault, 1))
        made = self.ours("key", "generate", "--classic", "--output", self.bundle_key)
        self.run(f"{made} >{quoted(self.work / 'bundle.recipient')}")
        self.bundle_recipient = (self.work / "bundle.recipient").read_text().strip()
        self.run(self.in_vault(self.bundle_vault, "recipient", "add", "desk", self.bundle_recipient, "--class", "lawyer",
                               "--words", words_of(self.evidence, self.bundle_recipient)))
        say(f"making files of {gibibytes} GiB")
        yield from self.one_bundle(f"{gibibytes} GiB", lambda folder: self.large_files(folder, gibibytes))
        say(f"making {small_count} small files")
        yield from self.one_bundle(f"{small_count} files", lambda folder: self.small_files(folder, small_count))

    @staticmethod
    def large_files(folder, gibibytes):
        """As many files as gibibytes, of random bytes."""
        with open("/dev/urandom", "rb") as source:
            for number in range(gibibytes):
                with open(folder / f"recording {number}", "wb") as file:
                    for _ in range((1 << 30) // BLOCK):
                        file.write(source.read(BLOCK))

    @staticmethod
    def small_files(folder, count):
        for number in range(count):
            (folder / f"{number // 500:03}").mkdir(exist_ok=True)
            (folder / f"{number // 500:03}/page {number:06}").write_bytes(b"page %d\n" % number)

    def entry_count(self):
        """The number of the next item."""
        report = subprocess.run([self.evidence, "verify", "--json", "--vault", self.bundle_vault],
                                stdin=subprocess.DEVNULL, capture_output=True, check=True)
        return json.loads(report.stdout)["entries"]

    def one_bundle(self, name, make):
        """Takes the room of four times the files at most."""
        files, sealed, peer = self.work / "bundle.files", self.work / "bundle.age", self.work / "peer.age"
        opened, theirs = self.work / "opened", self.work / "peer.opened"
        item = self.entry_count()
        files.mkdir()
        make(files)
        add = self.in_vault(self.bundle_vault, "add", files, "--kind", "document", "--title", "t", "--set",
                            "document.kind=note")
        yield self.bundle_row(f"add {name}", add, None, None)
        export = self.in_vault(self.bundle_vault, "export", item, "--to", "desk")
        seal = f"tar -cf - -C {quoted(files)} . | age -r {quoted(self.bundle_recipient)} -o {quoted(peer)}"
        yield self.bundle_row(f"export {name}", f"{export} --output {quoted(sealed)}", "tar | age", seal)
        peer.unlink()
        shutil.rmtree(files)
        open_it = self.ours("open", sealed, "--output", opened, "--identity", self.bundle_key, "--sender", "anyone")
        theirs.mkdir()
        folder = quoted(theirs / "bundle")
        unseal = (f"age -d -i {quoted(self.bundle_key)} {quoted(sealed)} | tar -xf - -C {quoted(theirs)} && cd {folder} "
                  "&& sha256sum --quiet -c manifest-sha256.txt")
        yield self.bundle_row(f"open {name}", open_it, "age | tar, sha256sum", unseal)
        self.run(quoted("diff", "-r", opened, theirs / "bundle"))
        check = self.ours("verify", "--bundle", opened, "--sender", "anyone")
        yield self.bundle_row(f"verify {name}", check, "sha256sum",
                              f"cd {folder} && sha256sum --quiet -c manifest-sha256.txt")
        for path in [opened, theirs]:
            shutil.rmtree(path)
        sealed.unlink()
        parts = self.work / "parts.age"
        yield self.bundle_row(f"export {name} in parts", f"{export} --output {quoted(parts)} --split 500M", None, None)
        open_it = self.ours("open", parts, "--output", opened, "--identity", self.bundle_key, "--sender", "anyone")
        yield self.bundle_row(f"open {name} in parts", open_it, None, None)
        for path in [opened, parts]:
            shutil.rmtree(path)

    def bundle_row(self, name, ours, peer_name, peer):
        say(f"measuring {name}")
        seconds, memory = self.once(ours)
        cells = [name, peer_name or "", f"{seconds:.1f} s", "", "", f"{memory:.0f} MiB", ""]
        if peer:
            peer_seconds, peer_memory = self.once(peer)
            cells[3:7] = [f"{peer_seconds:.1f} s", f"{peer_seconds / seconds:.2f}", f"{memory:.0f} MiB",
                          f"{peer_memory:.0f} MiB"]
        return [*cells, f"≤ {MEMORY_MIB} MiB", "met" if memory <= MEMORY_MIB else "missed"]

    def once(self, command):
        """Seconds and peak resident memory in MiB, of the largest of its processes, on a disk at rest."""
        self.run(quoted("sync", "-f", self.work))
        began = time.monotonic()
        memory = self.peak(f"bash -c {quoted(command)} >/dev/null")
        seconds = time.monotonic() - began
        if seconds <= 0:
            raise Failure(f"no time passed: {command}")
        return seconds, memory
