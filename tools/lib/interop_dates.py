"""A bundle whose dates cannot all be right and whose purpose reorders text: all readers tell the same of it."""
import json
import os
import subprocess
import sys

from bundle_maker import Bundle, Entry, Sender
from checking import require

OVERRIDE = "\u202e"  # right-to-left override
SAID = [
    "entry 1 is dated 2026-11-22T10:00:00Z, and entry 0, made before it, 2026-11-23T10:00:00Z",
    "entry 2 is dated 2026-11-24T10:00:00Z, and the bundle that has it 2026-11-23T15:52:26Z",
]


# Where clocks go forward by an hour at 01:00 in UTC: read as a time of day there, the later of these is the earlier.
ZONE = "CET-1CEST,M3.5.0,M10.5.0/3"
SUMMER_TIME = ["2026-03-29T02:30:00Z", "2026-03-29T03:10:00Z"]


def sound_bundle(sender):
    """Two entries, made one after the other."""
    entries = [Entry(sender, number, {"kind": "document", "added": moment, "title": moment})
               for number, moment in enumerate(SUMMER_TIME)]
    return Bundle(sender, entries, ["ab" * 32]).close()


def bundle_of(sender):
    """Three entries, the last of which amends the first."""
    entries = [
        Entry(sender, 0, {"kind": "document", "added": "2026-11-23T10:00:00Z", "title": "First"}),
        Entry(sender, 1, {"kind": "document", "added": "2026-11-22T10:00:00Z", "title": "Second"}),
        Entry(sender, 2, {"kind": "document", "added": "2026-11-24T10:00:00Z", "title": "Third", "amends": 0}),
    ]
    return Bundle(sender, entries, ["ab" * 32], purpose=f"Communication{OVERRIDE}1").close()


class DateChecks:
    """Checks that need what `Interop` has."""

    def dates(self):
        sender = Sender("sender with a wrong clock")
        folder = self.planted("wrong dates", bundle_of(sender))
        words = sender.words((self.samples.parent / "words" / "english.txt").read_text().split())
        for name, command in [("tools/reader.py", [sys.executable, self.reader, "bundle", folder]),
                              ("verify", [self.evidence, "verify", "--bundle", folder])]:
            with self.check(f"{name} tells dates that cannot all be right, what amends what, and no text that reorders"):
                done = subprocess.run([*map(str, command), "--sender", words], capture_output=True, text=True, timeout=120)
                said = done.stdout + done.stderr
                require(done.returncode == 0, said)
                told = [line.partition(": entry ")[2] for line in said.splitlines() if "dates do not agree" in line]
                require(sorted(f"entry {line}" for line in told) == SAID, said)
                require(OVERRIDE not in said and "\\u{202e}" in said, said)
                require("amends item 0" in said and "superseded by entry 2" in said, said)
        with self.check("verify --json lists dates that cannot all be right"):
            report = self.verified(folder, words)
            require(report["contradictory_dates"] == SAID, report)

        with self.check("tools/reader.py reads moments in UTC, wherever it runs"):
            folder = self.planted("summer time", sound_bundle(sender))
            command = map(str, [sys.executable, self.reader, "bundle", folder, "--sender", words])
            done = subprocess.run(
                list(command), capture_output=True, text=True, timeout=120, env=os.environ | {"TZ": ZONE})
            require(done.returncode == 0 and "dates do not agree" not in done.stdout, done.stdout + done.stderr)

    def planted(self, name, bundle):
        """The files of a bundle in a folder of that name."""
        folder = self.work / name
        for path, content in bundle.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        return folder

    def verified(self, folder, words):
        command = [self.evidence, "verify", "--bundle", folder, "--sender", words, "--json"]
        return json.loads(subprocess.run(list(map(str, command)), capture_output=True, check=True, timeout=120).stdout)
