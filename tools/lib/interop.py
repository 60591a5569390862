"""The checks of tools/interop, which starts this and prepares the work folder.

Whatever `evidence` makes is opened by software that others wrote, and the other way round. Where no packaged program
knows a format yet (post-quantum age keys, proofs of the index), published_formats.py reads it on `cryptography`.
"""
import argparse
import base64
import hashlib
import io
import json
import shutil
import sys
import time
from pathlib import Path

import pyrage
from age.file import Decryptor, Encryptor
from age.keys.agekey import AgePrivateKey
from age.keys.password import PasswordKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwcrypto.jwk import JWK
from checking import Checks, require, run, run_on_terminal
from interop_cases import CaseChecks
from interop_dates import DateChecks
from interop_history import HistoryChecks
from interop_index import IndexChecks
from interop_keys import KeyFileChecks
from interop_readers import ReaderChecks
from interop_receipts import ReceiptChecks
from interop_shares import ShareChecks
from interop_signing import SigningKeyChecks
from published_formats import (card_keys, cosignature_line, hybrid_open, hybrid_seal, verified_note,
                               verifier_key, verify_cosignature, verify_proof, witness_key)
from interop_stock import StockTools
from sd_jwt.verifier import SDJWTVerifier
from time_authority import P256, answer, make_authority
from withheld import canaries, is_found_in_disclosures, members, places

CHUNK = 65_536
SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, (1 << 20) + 1]
PASSPHRASE = "чор калима meadow-lantern-ripple-cedar"
WITHHELD = ["Фарзия Мисолова", "Мисолзода"]  # in the samples: a witness, and a lawyer without his title
TOLD = "Чашмаи Сафед"  # the organisation in the samples


def content(count):
    return hashlib.shake_256(b"content").digest(count)


# The checks.

class Interop(Checks, IndexChecks, HistoryChecks, CaseChecks, ReceiptChecks, ShareChecks, KeyFileChecks,
              ReaderChecks, SigningKeyChecks, DateChecks):
    run, on_terminal = staticmethod(run), staticmethod(run_on_terminal)

    def __init__(self, evidence, maker, samples, reader, work, newer_age):
        super().__init__()
        self.evidence, self.samples, self.reader, self.work = evidence, samples, reader, work
        self.maker, self.newer_age = maker, newer_age
        self.passphrase_file = work / "passphrase"
        self.passphrase_file.write_text(PASSPHRASE + "\n")

    def seal(self, plain, *options):
        return run(self.evidence, "seal", *options, input=plain)

    def unseal(self, sealed, *options, status=0):
        return run(self.evidence, "unseal", *options, input=sealed, status=status)

    def make_key(self, name, *options):
        """A key file of ours, and its recipient."""
        path = self.work / name
        return path, run(self.evidence, "key", "generate", *options, "--output", path).decode().strip()

    def vectors(self):
        with self.check("the vectors of our own are what another implementation makes from the specification"):
            for maker in ["make-age-vectors", "make-sshsig-vectors"]:
                run(sys.executable, Path(__file__).parents[1] / maker, "--check")

    def stock_age(self):
        key = self.work / "age.key"
        with self.check("age-keygen makes a key"):
            run("age-keygen", "-o", key)
        recipient = run("age-keygen", "-y", key).decode().strip()
        for form, ours, theirs in [("binary", [], []), ("armored", ["--armor"], ["-a"])]:
            for size in SIZES:
                plain = content(size)
                with self.check(f"age opens what evidence sealed: {form}, {size} bytes"):
                    sealed = self.seal(plain, "-r", recipient, *ours)
                    require(run("age", "-d", "-i", key, input=sealed) == plain, "other content")
                with self.check(f"evidence opens what age sealed: {form}, {size} bytes"):
                    sealed = run("age", *theirs, "-r", recipient, input=plain)
                    require(self.unseal(sealed, "--identity", key) == plain, "other content")
        self.stock_age_keys()
        with self.check("both refuse what the other sealed when its last byte is missing"):
            run("age", "-d", "-i", key, input=self.seal(content(CHUNK), "-r", recipient)[:-1], status=1)
            self.unseal(run("age", "-r", recipient, input=content(CHUNK))[:-1], "--identity", key, status=20)

    def stock_age_keys(self):
        ours, recipient = self.make_key("classic.key", "--classic")
        with self.check("age-keygen finds the recipient of a key that evidence made"):
            require(run("age-keygen", "-y", ours).decode().strip() == recipient, "another recipient")
        with self.check("age uses a key file that evidence made, as it is"):
            require(run("age", "-d", "-i", ours, input=self.seal(b"x", "-r", recipient)) == b"x", "other content")
        with self.check("evidence seals to a file of recipients as age-keygen and people write it"):
            listed = self.work / "recipients"
            theirs = run("age-keygen", "-y", self.work / "age.key").decode()
            listed.write_text(f"# the archive\n\n{recipient}\n{theirs}")
            sealed = self.seal(b"x", "-R", listed)
            for key in [ours, self.work / "age.key"]:
                require(run("age", "-d", "-i", key, input=sealed) == b"x", f"not for {key.name}")

    def passphrases(self):
        options = ["--passphrase-file", self.passphrase_file]
        plain, sealed, opened = content(CHUNK + 1), self.work / "sealed", self.work / "opened"
        with self.check("age, asking on a terminal, opens what evidence sealed with a passphrase"):
            sealed.write_bytes(self.seal(plain, *options))
            run_on_terminal(["age", "-d", "-o", opened, sealed], [PASSPHRASE])
            require(opened.read_bytes() == plain, "other content")
        with self.check("evidence opens what age sealed with a passphrase typed on a terminal"):
            opened.write_bytes(plain)
            run_on_terminal(["age", "-p", "-o", self.work / "typed", opened], [PASSPHRASE, PASSPHRASE])
            require(self.unseal((self.work / "typed").read_bytes(), *options) == plain, "other content")
        with self.check("pyrage opens what evidence sealed with a passphrase"):
            require(pyrage.passphrase.decrypt(self.seal(plain, *options), PASSPHRASE) == plain, "other content")
        with self.check("evidence opens what pyrage sealed with a passphrase"):
            require(self.unseal(pyrage.passphrase.encrypt(plain, PASSPHRASE), *options) == plain, "other content")
        with self.check("evidence refuses another passphrase with status 12"):
            self.unseal(pyrage.passphrase.encrypt(plain, PASSPHRASE + "."), *options, status=12)

    def rage(self):
        identity = pyrage.x25519.Identity.generate()
        recipient = identity.to_public()
        key = self.work / "rage.key"
        key.write_text(f"{identity}\n")
        for size in SIZES:
            plain = content(size)
            with self.check(f"pyrage opens what evidence sealed: {size} bytes"):
                require(pyrage.decrypt(self.seal(plain, "-r", recipient), [identity]) == plain, "other content")
            with self.check(f"evidence opens what pyrage sealed: {size} bytes"):
                require(self.unseal(pyrage.encrypt(plain, [recipient]), "--identity", key) == plain, "other content")

    def newer(self):
        """An age that has post-quantum keys itself. Debian 12 has none, so the machine may lack it."""
        if not self.newer_age:
            print("left out: post-quantum keys with age, which is not here", flush=True)
            return
        ours, recipient = self.make_key("for-newer.key")
        theirs = self.work / "newer.key"
        run(self.newer_age.with_name("age-keygen"), "-pq", "-o", theirs)
        their_recipient = run(self.newer_age.with_name("age-keygen"), "-y", theirs).decode().strip()
        for size in SIZES:
            plain = content(size)
            with self.check(f"age opens what evidence sealed post-quantum, with evidence's key: {size} bytes"):
                sealed = self.seal(plain, "-r", their_recipient, "-r", recipient)
                for key in [ours, theirs]:
                    require(run(self.newer_age, "-d", "-i", key, input=sealed) == plain, f"other content by {key.name}")
            with self.check(f"evidence opens what age sealed post-quantum, with age's key: {size} bytes"):
                sealed = run(self.newer_age, "-r", recipient, "-r", their_recipient, input=plain)
                for key in [ours, theirs]:
                    require(self.unseal(sealed, "--identity", key) == plain, f"other content by {key.name}")
        with self.check("evidence opens an armored post-quantum file of age"):
            sealed = run(self.newer_age, "-a", "-r", recipient, input=b"x")
            require(self.unseal(sealed, "--identity", ours) == b"x", "other content")

    def ssh_keys(self):
        key, public = self.work / "id_ed25519", self.work / "id_ed25519.pub"
        with self.check("ssh-keygen makes a key"):
            run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "the archive", "-f", key)
        line = public.read_text().strip()
        identity = pyrage.ssh.Identity.from_buffer(key.read_bytes())
        recipient = pyrage.ssh.Recipient.from_str(line)
        for size in SIZES:
            plain = content(size)
            with self.check(f"age opens what evidence sealed to an SSH key: {size} bytes"):
                require(run("age", "-d", "-i", key, input=self.seal(plain, "-R", public)) == plain, "other content")
            with self.check(f"evidence opens what age sealed to an SSH key: {size} bytes"):
                require(self.unseal(run("age", "-r", line, input=plain), "-i", key) == plain, "other content")
            with self.check(f"pyrage opens what evidence sealed to an SSH key: {size} bytes"):
                require(pyrage.decrypt(self.seal(plain, "-r", line), [identity]) == plain, "other content")
            with self.check(f"evidence opens what pyrage sealed to an SSH key: {size} bytes"):
                require(self.unseal(pyrage.encrypt(plain, [recipient]), "-i", key) == plain, "other content")
        with self.check("evidence opens with its SSH key what age sealed to two, and not with a third"):
            for name in ["second", "third"]:
                run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.work / name)
            sealed = run("age", "-R", self.work / "second.pub", "-R", public, input=b"x")
            require(self.unseal(sealed, "-i", key) == self.unseal(sealed, "-i", self.work / "second"), "other content")
            self.unseal(sealed, "-i", self.work / "third", status=12)
        with self.check("evidence refuses an SSH key under a passphrase, and an RSA key"):
            run("ssh-keygen", "-q", "-t", "ed25519", "-N", PASSPHRASE, "-f", self.work / "encrypted")
            run("ssh-keygen", "-q", "-t", "rsa", "-N", "", "-f", self.work / "rsa")
            for name in ["encrypted", "rsa"]:
                self.unseal(self.seal(b"x", "-r", line), "-i", self.work / name, status=64)
            run(self.evidence, "seal", "-R", self.work / "rsa.pub", status=64)

    def python_age(self):
        """The package `age` of PyPI, a third implementation, written in Python; it is slow, so sizes are few.

        Two things of its version 0.5.1 are its own, and age refuses them too: it seals nothing as no chunk at all, and
        for SSH keys it derives another wrap key (a tweak of 64 bytes, reduced, and the tweaked key in the salt).
        """
        key, recipient = self.make_key("python.key", "--classic")
        x25519 = AgePrivateKey.from_private_string(key.read_text().splitlines()[-1])
        password = PasswordKey(PASSPHRASE.encode())
        kinds = [
            ("an age key", x25519, x25519.public_key(), ["-r", recipient], ["-i", key]),
            ("a passphrase", password, password, *[["--passphrase-file", self.passphrase_file]] * 2),
        ]
        for name, private, public, sealing, opening in kinds:
            for size in [0, 1, CHUNK + 1]:
                plain = content(size)
                with self.check(f"age for Python opens what evidence sealed: {name}, {size} bytes"):
                    opened = Decryptor([private], io.BytesIO(self.seal(plain, *sealing))).read()
                    require(opened == plain, "other content")
                if size == 0:
                    continue
                with self.check(f"evidence opens what age for Python sealed: {name}, {size} bytes"):
                    sealed = io.BytesIO()
                    with Encryptor([public], sealed) as sink:
                        sink.write(plain)
                    require(self.unseal(sealed.getvalue(), *opening) == plain, "other content")

    def post_quantum(self):
        key, recipient = self.make_key("hybrid.key")
        identity = key.read_text().splitlines()[-1]
        for size in SIZES:
            plain = content(size)
            with self.check(f"the opener on cryptography opens what evidence sealed post-quantum: {size} bytes"):
                require(hybrid_open(self.seal(plain, "-r", recipient), identity) == plain, "other content")
            with self.check(f"evidence opens what the sealer on cryptography sealed post-quantum: {size} bytes"):
                require(self.unseal(hybrid_seal(plain, recipient), "--identity", key) == plain, "other content")
        with self.check("one of two post-quantum recipients opens with the opener on cryptography"):
            _, other = self.make_key("other.key")
            require(hybrid_open(self.seal(b"x", "-r", other, "-r", recipient), identity) == b"x", "other content")
        with self.check("evidence refuses a post-quantum file that was changed in its last byte"):
            sealed = bytearray(hybrid_seal(content(CHUNK + 1), recipient))
            sealed[-1] ^= 1
            self.unseal(bytes(sealed), "--identity", key, status=20)

    def on_vault(self, vault, command, *arguments):
        return run(self.evidence, command, *arguments, "--vault", vault, "--passphrase-file", self.passphrase_file)

    def words_of(self, recipient):
        """The words of a key, from the published list and the digest that its owner can make with sha256sum."""
        number = int.from_bytes(hashlib.sha256(recipient.encode()).digest()[:11])
        words = (self.samples.parent / "words" / "english.txt").read_text().split()
        return " ".join(words[number >> shift & 2047] for shift in range(77, -1, -11))

    def make_vault(self, name, *options):
        vault = self.work / name
        run(self.evidence, "init", vault, *options, "--passphrase-file", self.passphrase_file)
        material, records = self.samples / "material", self.samples / "records"
        for kind, record, files in [
            ("testimony", "testimony", [material / "testimony"]),
            ("document", "decision", [material / "court/decision.pdf"]),
            ("document", "correspondence", [material / "correspondence"]), ("dissolution_case", "case", []),
        ]:
            self.on_vault(vault, "add", *files, "--kind", kind, "--record", records / f"{record}.json")
        reading = self.work / f"{name}.reading.key"
        sealed = (vault / "keys/reading.age").read_bytes()
        reading.write_bytes(self.unseal(sealed, "--passphrase-file", self.passphrase_file))
        return vault, reading

    def objects(self, vault, open_sealed, what):
        with self.check(f"{what}: every object opens and unpacks, and the files in it are the originals"):
            found = set()
            for place, path in enumerate(sorted(vault.glob("objects/*/*.age"))):
                folder = self.work / f"{vault.name}-object-{place}"
                folder.mkdir()
                run("tar", "-x", "-C", folder, input=open_sealed(path))
                record = json.loads((folder / "record.json").read_text())["record"]
                require(record["kind"] in ("testimony", "document", "dissolution_case"), "no record of that kind")
                found |= {(file.relative_to(folder / "files").as_posix(), file.read_bytes())
                          for file in folder.glob("files/**/*") if file.is_file()}
            require(found == self.originals(), "other files")

    def originals(self):
        material = self.samples / "material"
        named = {(file.relative_to(material).as_posix(), file.read_bytes())
                 for folder in ["testimony", "correspondence"]
                 for file in (material / folder).rglob("*") if file.is_file()}
        return named | {("decision.pdf", (material / "court/decision.pdf").read_bytes())}

    def vaults(self):
        classic, classic_key = self.make_vault("classic.vault", "--classic")
        self.objects(classic, lambda path: run("age", "-d", "-i", classic_key, path), "classic vault, age and tar")
        vault, key = self.make_vault("vault")
        identity = key.read_text().splitlines()[-1]
        self.objects(
            vault, lambda path: hybrid_open(path.read_bytes(), identity),
            "post-quantum vault, the opener on cryptography and tar")
        with self.check("sha256sum gives every sealed file its own name"):
            for path in [*vault.glob("objects/*/*.age"), *vault.glob("records/*/*.age")]:
                require(run("sha256sum", path).decode().split()[0] == path.stem, path)
        with self.check("the checkpoint is signed by the key that the card names for it"):
            keys = card_keys((vault / "vault.note").read_bytes())
            verified_note((vault / "checkpoint").read_bytes(), keys["checkpoints"])
        self.bundle(vault, key)
        self.witnesses(classic, vault)
        if self.reader.exists():
            with self.check("tools/reader.py, which was written from the format alone, accepts the vault"):
                run(sys.executable, self.reader, "vault", vault, "--deep", "--identity", key)
            for release in sorted(self.samples.parent.glob("releases/*/")):
                with self.check(f"and it accepts what version {release.name} of the program wrote"):
                    self.release(release)

    def release(self, release):
        vault, key = self.work / f"release-{release.name}", self.work / f"release-{release.name}.key"
        shutil.copytree(release / "vault", vault)
        (vault / "incoming").mkdir(exist_ok=True)
        run(self.evidence, "unseal", "--passphrase-file", release / "passphrase", "--output", key,
            vault / "keys/reading.age")
        run(sys.executable, self.reader, "vault", vault, "--deep", "--identity", key)
        archive = run("age", "-d", "-i", release / "recipient.key", release / "bundle.age")
        (self.work / f"opened-{release.name}").mkdir()
        run("tar", "-x", "-C", self.work / f"opened-{release.name}", input=archive)
        words = json.loads((release / "expected.json").read_text())["fingerprint"]
        run(sys.executable, self.reader, "bundle", self.work / f"opened-{release.name}/bundle", "--sender", words)

    def witnesses(self, ours, theirs):
        """One vault countersigns the other, and so does a witness on cryptography."""
        card, head, signed = self.work / "our.card", self.work / "our.head", self.work / "signed"
        card.write_bytes(run(self.evidence, "card", "--vault", ours))
        with self.check("what evidence countersigned verifies on cryptography"):
            run(self.evidence, "head", "--vault", ours, "--output", head)
            self.on_vault(theirs, "witness", "sign", head, "--card", card, "--output", signed)
            name, public = verifier_key(card_keys((theirs / "vault.note").read_bytes())["cosignatures"])
            seconds = verify_cosignature(signed.read_bytes(), name, public)
            require(abs(seconds - time.time()) < 600, "countersigned at another time")
        with self.check("evidence keeps what was countersigned on cryptography, and its policy is met"):
            private = Ed25519PrivateKey.generate()
            checkpoint = (ours / "checkpoint").read_bytes()
            text = checkpoint.rpartition(b"\n\n")[0] + b"\n"
            both, policy = self.work / "countersigned", self.work / "policy"
            both.write_bytes(checkpoint + cosignature_line("witness.invalid/w", private, text, 1_700_000_000))
            key = witness_key("witness.invalid/w", private.public_key().public_bytes_raw())
            policy.write_text(f"witness abroad {key}\nquorum abroad\n")
            run(self.evidence, "verify", "--vault", ours, "--policy", policy, status=1)
            run(self.evidence, "witness", "add", both, "--policy", policy, "--vault", ours)
            report = json.loads(run(self.evidence, "verify", "--vault", ours, "--policy", policy, "--json"))
            require(report["policy_met"] and report["countersignatures"][0]["time"] == "2023-11-14T22:13:20Z", report)
        with self.check("tools/index-check accepts that vault with its countersigned head, and no other time"):
            self.index_check(ours, "--head", both, "--witness", key)
            again = self.work / "countersigned again"
            again.write_bytes(checkpoint + cosignature_line(
                "witness.invalid/w", private, text, 1_700_000_000, claimed=1_700_000_001))
            self.index_check(ours, "--head", again, "--witness", key, status=1)

    def bundle(self, vault, reading_key):
        key, recipient = self.make_key("recipient.key")
        sealed, folder = self.work / "bundle.age", self.work / "bundle"
        self.on_vault(vault, "recipient", "add", "UN desk", recipient, "--class", "un_special_procedures",
                      "--words", self.words_of(recipient))
        # The name of the organisation stands in the letters, and evidence finds it there.
        named = ["--disclose", "organisation.name"]
        self.on_vault(vault, "export", "0-3", "--withhold", "issuer", *named, "--to", "UN desk", "--output", sealed)
        fingerprint = json.loads(run(self.evidence, "card", "--vault", vault, "--json"))["fingerprint"]
        with self.check("the bundle opens for its recipient"):
            run(self.evidence, "open", sealed, "--output", folder, "--identity", key, "--sender", fingerprint)
        with self.check("the sealed bundle opens without evidence, and tar unpacks the same files"):
            apart = self.work / "apart"
            apart.mkdir()
            archive = hybrid_open(sealed.read_bytes(), key.read_text().splitlines()[-1])
            run("tar", "-x", "-C", apart, input=archive)
            run("diff", "-r", folder, apart / "bundle")
        self.no_name_left("a bundle", archive)
        with self.check("control: a name that is disclosed is found where it stands in Base64 alone"):
            require(is_found_in_disclosures(TOLD, folder), TOLD)
        with self.check("bagit.py --validate accepts the bundle"):
            run(sys.executable, Path(sys.executable).parent / "bagit.py", "--validate", folder)
        with self.check("sha256sum -c accepts both manifests"):
            run("sha256sum", "--strict", "-c", "manifest-sha256.txt", "tagmanifest-sha256.txt", cwd=folder)
        StockTools(self, folder).run()
        self.proofs(folder)
        with self.check("tools/index-check accepts the proofs of the bundle in the vault, and no other"):
            proofs = sorted((folder / "proofs").glob("item-*.tlog-proof"))
            self.index_check(vault, *[word for proof in proofs for word in ["--proof", proof]])
            text = proofs[0].read_bytes()
            for old, new in [(b"index 0\n", b"index 1\n"), (text.splitlines()[2], text.splitlines()[3])]:
                other = self.work / "other.tlog-proof"
                other.write_bytes(text.replace(old, new, 1))
                require(other.read_bytes() != text, "nothing was changed")
                self.index_check(vault, "--proof", other, status=1)
        if self.reader.exists():
            with self.check("tools/reader.py accepts the bundle from its sender, and from nobody else"):
                run(sys.executable, self.reader, "bundle", folder, "--sender", fingerprint)
                other = " ".join(reversed(fingerprint.split()))
                run(sys.executable, self.reader, "bundle", folder, "--sender", other, status=22)
        self.history(vault, reading_key, folder, key, fingerprint, sd_jwt_claims)
        self.changed_bundle(folder, fingerprint)

    def no_name_left(self, what, archive):
        with self.check(f"{what}: no withheld name is in the archive or a file of it, in any spelling"):
            found = places(canaries(*WITHHELD), members(archive))
            require(not found, "; ".join(found))

    def proofs(self, folder):
        keys = card_keys((folder / "proofs/sender.note").read_bytes())
        with self.check("bundle.note is signed by the key for bundles, and names the tag manifest and the recipient"):
            text = verified_note((folder / "bundle.note").read_bytes(), keys["bundles"])
            digest = hashlib.sha256((folder / "tagmanifest-sha256.txt").read_bytes()).hexdigest()
            require(f"tagmanifest {digest}\n" in text and text.count("\nrecipient ") == 1, "other lines")
        key = base64.urlsafe_b64encode(verifier_key(keys["records"])[1]).decode().rstrip("=")
        for item in range(4):
            presentation = (folder / f"proofs/item-{item}.sd-jwt").read_text()
            with self.check(f"item {item}: the library sd-jwt verifies the record and reads the same claims"):
                claims = sd_jwt_claims(presentation, key)
                record = json.loads((folder / f"data/item-{item}/record.json").read_text())
                require(claims == record, "other claims than in record.json")
                require("witness.name" not in claims and "obtained_from.name" not in claims, "a name is disclosed")
            with self.check(f"item {item}: its proof leads to the root of the signed checkpoint"):
                proof = (folder / f"proofs/item-{item}.tlog-proof").read_bytes()
                leaf = presentation.split("~")[0].encode()
                require(verify_proof(proof, leaf, keys["checkpoints"]) == item, "another number")
        with self.check("the library sd-jwt refuses a record under another key"):
            other = base64.urlsafe_b64encode(verifier_key(keys["bundles"])[1]).decode().rstrip("=")
            require(raises(lambda: sd_jwt_claims(presentation, other)), "it verified")
        with self.check("a proof does not fit the record of another item"):
            require(raises(lambda: verify_proof(
                (folder / "proofs/item-0.tlog-proof").read_bytes(), leaf, keys["checkpoints"])), "it fitted")

    def timestamps(self):
        vault, query = self.work / "stamped.vault", self.work / "query.tsq"
        run(self.evidence, "init", vault, "--passphrase-file", self.passphrase_file)
        with self.check("openssl reads our query as SHA-256 of the checkpoint"):
            run(self.evidence, "timestamp", "request", "--output", query, "--vault", vault)
            text = run("openssl", "ts", "-query", "-in", query, "-text").decode()
            require("Hash Algorithm: sha256" in text and "Certificate required: yes" in text, text)
        for name, kind in [("RSA", ["rsa:2048"]), ("P-256", P256)]:
            folder = self.work / f"authority-{name}"
            make_authority(folder, kind)
            with self.check(f"evidence verifies what an openssl authority answered: {name}"):
                answer(folder, query, "answer.tsr")
                run(self.evidence, "timestamp", "attach", folder / "answer.tsr", "--authority", folder / "root.pem",
                    "--vault", vault)
                run(self.evidence, "verify", "--vault", vault)
        tokens = sorted((vault / "timestamps").glob("*.tst"))
        require(len(tokens) == 2, "two tokens should be stored")
        for token in tokens:
            head, authority = token.stem.split(".")
            data, certificate = token.with_name(f"{head}.checkpoint"), token.with_name(f"{authority}.pem")
            with self.check("openssl verifies a stored token on the stored checkpoint, and not on another file"):
                verify = ["openssl", "ts", "-verify", "-token_in", "-in", token, "-CAfile", certificate, "-data"]
                run(*verify, data)
                run(*verify, vault / "vault.note", status=1)
        self.stamped_bundle(vault, query)

    def stamped_bundle(self, vault, query):
        key, recipient = self.make_key("stamped.key")
        sealed, folder, answered = self.work / "stamped.age", self.work / "stamped", self.work / "answer.tsr"
        self.on_vault(vault, "add", self.samples / "material/court/decision.pdf", "--kind", "document", "--title", "t",
                      "--set", "document.kind=note")
        self.on_vault(vault, "recipient", "add", "Desk", recipient, "--class", "lawyer", "--words",
                      self.words_of(recipient))
        query.unlink()
        run(self.evidence, "timestamp", "request", "--output", query, "--vault", vault)
        for authority in [self.work / "authority-RSA", self.work / "authority-P-256"]:
            answer(authority, query, answered)
            run(self.evidence, "timestamp", "attach", answered, "--authority", authority / "root.pem", "--vault", vault)
            answered.unlink()
        self.on_vault(vault, "export", "0", "--to", "Desk", "--output", sealed)
        run(self.evidence, "open", sealed, "--output", folder, "--identity", key, "--sender", "anyone")
        StockTools(self, folder).timestamps()

    def changed_bundle(self, folder, fingerprint):
        path = folder / "data/item-1/files/decision.pdf"
        changed = bytearray(path.read_bytes())
        changed[len(changed) // 2] ^= 1
        path.chmod(0o600)
        path.write_bytes(changed)
        with self.check("one changed bit: sha256sum, bagit.py and evidence refuse the bundle"):
            run("sha256sum", "-c", "manifest-sha256.txt", cwd=folder, status=1)
            run(sys.executable, Path(sys.executable).parent / "bagit.py", "--validate", folder, status=1)
            run(self.evidence, "verify", "--bundle", folder, "--sender", fingerprint, status=20)
            require(StockTools(self, folder).statuses()[0] != 0, "a command of the read-me accepts it")


def sd_jwt_claims(presentation, key):
    return SDJWTVerifier(
        presentation, lambda issuer, header: JWK(kty="OKP", crv="Ed25519", x=key)).get_verified_payload()


def raises(body):
    try:
        body()
    except Exception:
        return True
    return False


def main():
    parser = argparse.ArgumentParser()
    for name in ["evidence", "maker", "samples", "reader", "work"]:
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--newer-age", type=Path)
    interop = Interop(**vars(parser.parse_args()))
    for section in [
            interop.vectors, interop.stock_age, interop.passphrases, interop.rage, interop.newer, interop.ssh_keys,
            interop.python_age, interop.post_quantum, interop.vaults, interop.cases, interop.indexes, interop.restored,
            interop.timestamps, interop.receipts, interop.shares, interop.key_files, interop.readers,
            interop.signing_keys, interop.dates,
    ]:
        # A section that cannot be prepared is a failure of its own, and the next one goes on.
        try:
            section()
        except Exception as error:
            with interop.check(section.__name__):
                raise error
    print(f"{interop.passed} passed, {interop.failed} failed")
    sys.exit(1 if interop.failed else 0)


if __name__ == "__main__":
    main()
