"""The table of seven hundred invented cases: imported, listed, counted, exported, and read by other programs."""
import csv
import json
import sys
from collections import Counter
from pathlib import Path

from checking import require

MAKER = Path(__file__).parents[1] / "make-cases"
COUNT, OF_GBAO, MINIMUM = 700, 300, 5


class CaseChecks:
    """Checks that need what `Interop` has."""

    def cases(self):
        vault, table = self.work / "cases.vault", self.work / "cases.csv"
        self.run(self.evidence, "init", vault, "--passphrase-file", self.passphrase_file)
        table.write_bytes(self.run(sys.executable, MAKER, str(COUNT)))
        rows = list(csv.DictReader(table.read_text().splitlines()))
        with self.check(f"{COUNT} cases, {OF_GBAO} of them in GBAO, are added by one commit, and none by a dry run"):
            require(len(rows) == COUNT, len(rows))
            require(sum(row["region"] == "gbao" for row in rows) == OF_GBAO, "another number in GBAO")
            words = [table, "--kind", "dissolution_case"]
            self.run(self.evidence, "import", *words, "--dry-run", "--vault", vault)
            require(json.loads(self.run(self.evidence, "verify", "--json", "--vault", vault))["entries"] == 0, "added")
            self.on_vault(vault, "import", *words)
            require(json.loads(self.run(self.evidence, "verify", "--json", "--vault", vault))["entries"] == COUNT, "?")
        with self.check("a list by region has those of the table, as csv of Python reads it"):
            listed = json.loads(self.on_vault(vault, "list", "--where", "region=gbao", "--json"))["items"]
            require(len(listed) == OF_GBAO, len(listed))
        with self.check("counts are those of the table, and none below the minimum is shown"):
            counted = self.on_vault(vault, "stats", "--by", "region,mode", "--minimum", str(MINIMUM), "--format", "csv")
            expected = Counter((row["region"], row["mode"]) for row in rows)
            lines = csv.DictReader(counted.decode().splitlines())
            shown = {(row["region"], row["mode"]): row["count"] for row in lines}
            shown.pop(("all", "all"), None)
            require(set(shown) == set(expected), set(shown) ^ set(expected))
            for key, count in shown.items():
                require(count == "hidden" or int(count) == expected[key] >= MINIMUM, (key, count, expected[key]))
        self.exported_cases(vault)

    def exported_cases(self, vault):
        key, recipient = self.make_key("cases.key")
        sealed, folder = self.work / "cases.age", self.work / "cases"
        fingerprint = json.loads(self.run(self.evidence, "card", "--vault", vault, "--json"))["fingerprint"]
        self.on_vault(vault, "recipient", "add", "Archive abroad", recipient, "--class", "exile_archive",
                      "--words", self.words_of(recipient))
        self.on_vault(vault, "export", f"0-{COUNT - 1}", "--to", "Archive abroad", "--output", sealed)
        with self.check(f"a bundle of {COUNT} cases opens, and tools/reader.py accepts it"):
            self.run(self.evidence, "open", sealed, "--output", folder, "--identity", key, "--sender", fingerprint)
            self.run(sys.executable, self.reader, "bundle", folder, "--sender", fingerprint)
            records = [json.loads(path.read_text()) for path in folder.glob("data/item-*/record.json")]
            require(len(records) == COUNT, len(records))
            require(not any("organisation.name" in record for record in records), "a name was disclosed")
