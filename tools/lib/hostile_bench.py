"""What the hostile bundles are made with: a sender, a stranger, two recipients, and a bundle with nothing wrong."""
import hashlib

import pyrage
from bundle_maker import Bundle, Entry, Sender
from hostile_judge import Hostile
from hostile_tar import archive
from published_formats import age_file, scrypt_wrap_key, stanza, unpadded, wrapped

NO_BUNDLE = "this is no evidence bundle, or a damaged one"
PROOF = "item 1: proofs/item-1.sd-jwt does not fit what was signed"
NOT_IN_A_BUNDLE = "a file that no bundle may have"
MOMENT = "2026-11-20T10:00:00Z"
FILES = [("summons.txt", b"Come on Monday.\n"), ("scan/page 1.txt", b"One.\n")]


def scrypt_stanza(file_key, passphrase, work_factor_log2, written=None):
    """A stanza under a passphrase, which may claim another work factor than it was made with."""
    key = scrypt_wrap_key(passphrase, bytes(16), work_factor_log2)
    factor = written if written is not None else b"%d" % work_factor_log2
    return stanza([b"scrypt", unpadded(bytes(16)), factor], wrapped(file_key, key))


class Bench:
    def __init__(self, english):
        self.english = english
        self.sender, self.stranger = Sender("sender"), Sender("stranger")
        self.identity, self.other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()

    @staticmethod
    def name_of(recipient):
        return hashlib.sha256(str(recipient).encode()).hexdigest()

    @property
    def recipient(self):
        return self.identity.to_public()

    @property
    def words(self):
        return self.sender.words(self.english)

    def item(self, number=1, files=FILES, sender=None, **fields):
        fields = {"kind": "document", "added": MOMENT, "title": "Summons", **fields}
        return Entry(sender or self.sender, number, fields, files)

    def event(self, number=2, **fields):
        return Entry(self.sender, number, {"kind": "export", "added": MOMENT, **fields}, is_item=False)

    def open_bundle(self, *entries, sender=None, recipients=None, **values):
        """A bundle that is not closed yet: of an item and an export of it, if nothing is said."""
        recipients = recipients or [self.name_of(self.recipient)]
        return Bundle(sender or self.sender, entries or [self.item(), self.event()], recipients, **values)

    def bundle(self, *entries, **values):
        return self.open_bundle(*entries, **values).close()

    def seal(self, plain, *recipients):
        return pyrage.encrypt(plain, list(recipients) or [self.recipient])

    def archived(self, family, name, data, **expected):
        """A bundle whose archive is given as bytes."""
        expected.setdefault("says", NO_BUNDLE if expected.get("status", 20) == 20 else "")
        return Hostile(family, name, lambda: self.seal(data), **expected)

    def signed(self, family, name, bundle, **expected):
        """A bundle as it was made, sealed and as a folder."""
        files = dict(bundle.files)
        if expected.get("status", 20) == 0:
            expected.setdefault("files", files)
        expected.setdefault("folder", files)
        return Hostile(family, name, lambda: self.seal(archive(files)), **expected)

    def with_page(self, path, content=b"A page.\n"):
        """The archive of a bundle with one more page, which the sender signed, and its files."""
        bundle = self.open_bundle()
        bundle.files[path] = content
        return archive(bundle.close().files), bundle.files

    def with_entry(self, raw, end=None):
        """The archive of a whole bundle with one more entry in the middle, as bytes."""
        files = self.bundle().files
        data = archive(files, end=b"")
        return data + raw + (bytes(1024) if end is None else end)

    def prepare_passphrase(self, passphrase, options):
        self.passphrase, self.passphrase_options = passphrase, options
        self.for_passphrase = self.bundle(recipients=["passphrase"]).files

    def with_passphrase(self, files):
        """A bundle under the passphrase, with little work to try one."""
        return age_file(archive(files), bytes(16), scrypt_stanza(bytes(16), self.passphrase.encode(), 10))

    @staticmethod
    def opened(sealed, identity):
        return pyrage.decrypt(sealed, [identity])
