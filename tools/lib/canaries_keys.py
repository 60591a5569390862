"""The keys that the commands of tools/canaries make: found where they lie, and opened with what the search knows."""
import hashlib
import re

from canary import Canary
from cryptography.exceptions import InvalidTag
from key_words import numbered_lines, share_words
from published_formats import age_payload, bech32_decoded, scrypt_file_key, stretched_seed

HYBRID, CLASSIC = "AGE-SECRET-KEY-PQ-", "AGE-SECRET-KEY-"
IN_THE_OPEN = re.compile(rb"^AGE-SECRET-KEY-[A-Z0-9-]+", re.MULTILINE)
SEALED = b"age-encryption.org/v1\n-> scrypt "
LARGEST = 100_000  # bytes of a file that can be a key
ANY = "text of an age key"
KEY_FILE = "stick"  # the name of a file that goes with a passphrase


def any_key():
    """Finds age keys that nobody told of. What explains them says `AGE-SECRET-KEY-…`, without the 1."""
    starts = [f"{prefix}1" for prefix in (HYBRID, CLASSIC)]
    return Canary(ANY, *[form.encode() for start in starts for form in (start, start.lower())])


def pieces(text):
    """All that gives the key away: the letters of its text, its bytes, and what they are stretched to."""
    if found := IN_THE_OPEN.search(text.encode()):
        text = found[0].decode()
    else:
        return [bytes.fromhex(text)]
    prefix = HYBRID if text.startswith(HYBRID) else CLASSIC
    letters, seed = text.removeprefix(f"{prefix}1"), bech32_decoded(text, prefix)
    stretched = stretched_seed(seed) if prefix == HYBRID else b""
    return [letters.encode(), letters.lower().encode(), seed,
            *[stretched[at:at + 32] for at in range(0, len(stretched), 32)]]


class Keys:
    """What was found so far on the disk and beside it."""

    def __init__(self, home, outside):
        self.home, self.outside = home, outside
        self.passphrases = {}  # what the search types, by name
        self.opened = {}  # the canary and the name of the passphrase, by the digest of a sealed file
        self.known = {}  # the canary, by one of its pieces

    def passphrase(self, name, text):
        (self.outside / name).write_text(text + "\n")
        self.passphrases[name] = text.encode()
        return Canary(name, text.encode())

    def made_by(self, command):
        """The keys that were not there before, as canaries, and what is wrong with the search for them."""
        made, faults = [], []
        for root in (self.home, self.outside):
            for path in sorted(root.rglob("*")):
                if path.is_file() and path.stat().st_size <= LARGEST:
                    name = f"key that {command} made in {path.relative_to(root)}"
                    try:
                        made += self.keys_in(path, name)
                    except (AssertionError, ValueError) as error:
                        faults.append(f"{path.relative_to(root)}: {error}")
        return made, faults

    def keys_in(self, path, name):
        content = path.read_bytes()
        if content.startswith(SEALED):
            digest = hashlib.sha256(content).digest()
            if digest in self.opened:
                return []
            self.opened[digest] = None, None
            text, passphrase = self.unsealed(content)
            canary, is_new = self.learned(name, *pieces(text))
            self.opened[digest] = canary, passphrase
            return [canary] if is_new else []
        if not path.is_relative_to(self.outside):
            return []
        found = [pieces(text.decode()) for text in IN_THE_OPEN.findall(content)]
        if path.name.startswith("share-"):
            # The words alone, and as they stand on the sheet: the first of them tell no secret yet.
            found.append([" ".join(share_words(path).split()[8:24]).encode(), numbered_lines(path)[4].encode()])
        if path.name == KEY_FILE:
            found.append([content])
        learned = [self.learned(name, *data) for data in found]
        return [canary for canary, is_new in learned if is_new]

    def learned(self, name, *data):
        """The canary of a key, and whether it is new: the same key may lie in several places."""
        is_new = data[0] not in self.known
        if is_new:
            self.known[data[0]] = Canary(name, *data)
        return self.known[data[0]], is_new

    def unsealed(self, sealed):
        """The key in a file, and the name of the passphrase that opens it, alone or with the file that goes with it."""
        stick = self.outside / KEY_FILE
        ends = [b"", *([b" " + hashlib.sha256(stick.read_bytes()).hexdigest().encode()] if stick.exists() else [])]
        for end in ends:
            for name, passphrase in self.passphrases.items():
                try:
                    file_key = scrypt_file_key(sealed, passphrase + end)
                except InvalidTag:
                    continue
                return age_payload(sealed, file_key).decode(), name
        raise ValueError("no passphrase that was typed opens it")

    def sealed_files(self):
        """Each key that lies sealed: its canary, its file, and the name of the passphrase that opens that."""
        found = {}
        for path in [*self.home.rglob("*.age"), *self.outside.iterdir()]:
            if path.is_file():
                canary, passphrase = self.opened.get(hashlib.sha256(path.read_bytes()).digest(), (None, None))
                found[canary] = path, passphrase
        return [(canary, *place) for canary, place in found.items() if canary]
