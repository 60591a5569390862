"""The rows of tools/bench about guessing a passphrase: what one guess costs, beside what others make of the same work.

A guess is an attempt to open a key file of a vault with a wrong passphrase. Its peers are OpenSSL's scrypt with the
same cost, and plain SHA-256, which is what a passphrase that is only hashed would cost.
"""
import statistics
import sys

from bench_parts import Row, Side, quoted

HASHED_BYTES = 1 << 28
BLOCK_BYTES = 64  # what SHA-256 takes at a time
SCRYPT = ("import hashlib; hashlib.scrypt(b'a guess', salt=b'age-encryption.org/v1/scrypt' + bytes(16), n=1 << 18, r=8,"
          " p=1, maxmem=1 << 30, dklen=32)")
SHA256 = f"import hashlib; hashlib.sha256(bytes({HASHED_BYTES}))"


class GuessRows:
    """Part of Bench: what it prepares and how it runs commands comes from there."""

    @property
    def guess(self):
        wrong, key = self.work / "wrong", self.empty_vault / "keys" / "signing.age"
        wrong.write_text("not the passphrase\n")
        return Side("evidence", f"! {self.ours('unseal', '--passphrase-file', wrong, key)} 2>/dev/null")

    def guess_rows(self):
        peer = Side("scrypt of OpenSSL", quoted(sys.executable, "-c", SCRYPT))
        yield Row("one guess", self.guess, peer, None, "none", runs=3)

    def guess_worth(self):
        """Cells: one guess in blocks of SHA-256 on the same core, and in memory."""
        ours, peer = [], []
        for _ in range(self.rounds):
            ours += self.times(self.guess, 3, True)
            peer += self.times(Side("SHA-256", quoted(sys.executable, "-c", SHA256)), 3, True)
            peer[-3:] = [time - least for time, least in zip(peer[-3:], self.times(
                Side("an empty program", quoted(sys.executable, "-c", "import hashlib")), 3, True))]
        blocks = HASHED_BYTES // BLOCK_BYTES * statistics.median(ours) / statistics.median(peer)
        yield ["one guess", f"{blocks / 1e6:.0f} million", f"{self.peak(self.guess_of_memory):.0f} MiB"]

    @property
    def guess_of_memory(self):
        key = self.empty_vault / "keys" / "signing.age"
        return self.ours("unseal", "--passphrase-file", self.work / "passphrase", key) + " >/dev/null"
