"""How commands grow with the index: the table of `tools/bench index`."""
import statistics

from bench_parts import Side, quoted, say

FIRST = 1_000
ADD_BUDGET = 1.5  # one more at the largest size against one more at the first
RUNS = 5


class IndexRows:
    """Rows for a vault of events, which have no objects, whose index grows tenfold from row to row."""

    INDEX_HEAD = ["entries", "add one more", "× first", "verify", "× row above", "list", "× row above", "peak memory of "
                  "verify, list", "budget of add", ""]

    def index_growth(self):
        """The cells of each row."""
        vault, one = self.work / "index.vault", self.work / "one"
        one.write_text("one more\n")
        # Its key files are sealed with the least work factor, so no unlocking hides the growth.
        passphrase = self.work / "passphrase"
        add = self.add(vault, one, "one more")
        verify = self.ours("verify", "--vault", vault)
        show = quoted(self.evidence, "list", "--events", "--vault", vault, "--passphrase-file", passphrase)
        first, above, count = None, None, FIRST
        while count <= self.largest_index:
            say(f"making an index of {count} entries")
            self.run(quoted(self.index_benchmark, vault, count))
            self.run(show + " >/dev/null")  # The catalog is made.
            say(f"measuring with {count} entries")
            listed = self.median(show + " >/dev/null")
            checked = self.median(verify + " >/dev/null")
            peaks = f"{self.peak(verify):.0f} MiB, {self.peak(show + ' >/dev/null'):.0f} MiB"
            added = self.median(add)
            first, above = first or added, above or (checked, listed)
            is_met = added / first <= ADD_BUDGET
            yield [str(count), f"{added * 1000:.0f} ms", f"{added / first:.2f}",
                   f"{checked:.2f} s", f"{checked / above[0]:.1f}", f"{listed:.2f} s", f"{listed / above[1]:.1f}",
                   peaks, f"≤ {ADD_BUDGET} × first", "met" if is_met else "missed"]
            above, count = (checked, listed), count * 10

    def median(self, command):
        return statistics.median(self.times(Side("evidence", command), RUNS, True))
