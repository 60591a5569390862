"""The parts of VERIFY.html by themselves, run in the browser: digests, signatures and JSON against other programs."""
import base64
import hashlib
import importlib.machinery
import importlib.util
import json
import random
from pathlib import Path

import nacl.bindings
import nacl.exceptions
from bundle_maker import ORDER
from checking import require, run

PRIME = 2**255 - 19
SEED = 20261123
SIZES = [0, 1, 55, 56, 63, 64, 65, 111, 112, 127, 128, 129, 1000, 65_537]
#: Points of order 1, 2, 4 and 8, and second encodings of the first two.
SMALL_ORDER = [bytes.fromhex(text) for text in [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0100000000000000000000000000000000000000000000000000000000000080",
]]


def page_modules():
    """The code of the page without what needs its document, as tools/make-verify-page joins it."""
    path = Path(__file__).parents[1] / "make-verify-page"
    loader = importlib.machinery.SourceFileLoader("make_verify_page", str(path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("make_verify_page", loader))
    loader.exec_module(module)
    return module.script(module.MODULES)


def libsodium_verdict(key, signature, message):
    """What the program, which stands on libsodium, says of a signature."""
    try:
        if len(signature) != 64 or not nacl.bindings.crypto_core_ed25519_is_valid_point(key):
            return False
        nacl.bindings.crypto_sign_open(signature + message, key)
        return True
    except (nacl.exceptions.BadSignatureError, nacl.exceptions.TypeError, ValueError):
        return False


class PartChecks:
    """Checks that need what `PageChecks` has."""

    def in_page(self, body, *values):
        return self.browser.run_and_wait(page_modules() + body, *values)

    def parts(self):
        draw = random.Random(SEED)
        with self.check(f"SHA-256 and SHA-512 of the page are those of hashlib, however the bytes come (seed {SEED})"):
            samples = [draw.randbytes(size) for size in SIZES]
            found = self.in_page("""
                return values[0].map((text) => {
                  const bytes = fromHex(text), pieces = new SHA256();
                  for (let start = 0; start < bytes.length;) {
                    const end = start + 1 + (start * 7) % 150;
                    pieces.update(bytes.subarray(start, end));
                    start = end;
                  }
                  return [sha256(bytes), pieces.digest(), sha512(bytes)].map(toHex);
                });""", [sample.hex() for sample in samples])
            for sample, (whole, pieces, long) in zip(samples, found):
                require(whole == pieces == hashlib.sha256(sample).hexdigest(), f"SHA-256 of {len(sample)} bytes")
                require(long == hashlib.sha512(sample).hexdigest(), f"SHA-512 of {len(sample)} bytes")
        self.signatures(draw)
        self.json_numbers(draw)
        self.ssh_signatures(draw)

    def page_verdicts(self, cases, without_web_crypto):
        script = "if (values[1]) Object.defineProperty(globalThis, 'crypto', { value: undefined, configurable: true });"
        found = self.in_page(script + """
            const found = [];
            let asked = 0;
            for (const parts of values[0]) {
              const [key, signature, message] = parts.map(fromHex);
              found.push(await verifies(key, signature, message));
              if (await webCryptoVerdict(key, signature, message) !== null) asked += 1;
            }
            return [found, asked];""", [[part.hex() for part in case] for case in cases], without_web_crypto)
        self.browser.load()
        return found

    def signatures(self, draw):
        cases = self.signature_cases(draw)
        expected = [libsodium_verdict(*case) for case in cases]
        for without in (False, True):
            how = "without Web Crypto" if without else "with Web Crypto"
            with self.check(f"{len(cases)} signatures, right and wrong, are judged as libsodium does, {how}"):
                found, asked = self.page_verdicts(cases, without)
                wrong = [number for number, verdict in enumerate(found) if verdict != expected[number]]
                require(not wrong and any(expected) and not all(expected), [cases[number] for number in wrong])
                require((asked == 0) == without, f"Web Crypto answered {asked} times")
        if not self.vectors:
            print("left out: the vectors of Wycheproof, which are not here", flush=True)
            return
        groups = json.loads(self.vectors.read_text())["testGroups"]
        tests = [(group["publicKey"]["pk"], test) for group in groups for test in group["tests"]]
        cases = [tuple(bytes.fromhex(text) for text in (key, test["sig"], test["msg"])) for key, test in tests]
        for without in (False, True):
            how = "without Web Crypto" if without else "with Web Crypto"
            with self.check(f"{len(cases)} vectors of Wycheproof are judged as they say, {how}"):
                found, _ = self.page_verdicts(cases, without)
                wrong = [test["tcId"] for (_, test), verdict in zip(tests, found)
                         if verdict != (test["result"] == "valid")]
                require(cases and not wrong, wrong)

    def signature_cases(self, draw):
        """Signatures, each changed in every part, and keys and points that only a strict verifier refuses."""
        cases = []
        for size in [0, 1, 100, 300]:
            key, secret = nacl.bindings.crypto_sign_seed_keypair(draw.randbytes(32))
            message = draw.randbytes(size)
            signature = nacl.bindings.crypto_sign(message, secret)[:64]
            s = int.from_bytes(signature[32:], "little")
            cases += [(key, signature, message), (key, signature, message + b"x"), (key, signature[:63], message),
                      (key, signature + b"\0", message)]
            cases += [(key, signature[:32] + (s + times * ORDER).to_bytes(32, "little"), message)
                      for times in range(1, 9)]
            for place in [0, 15, 31, 32, 50, 63]:
                for bit in [1, 128]:
                    changed = bytearray(signature)
                    changed[place] ^= bit
                    cases.append((key, bytes(changed), message))
            cases += [(point, signature, message) for point in SMALL_ORDER]
            cases += [(key, point + signature[32:], message) for point in SMALL_ORDER]
            cases += [(key, point + bytes(32), message) for point in SMALL_ORDER]
            cases += [(point, other + bytes(32), message) for point in SMALL_ORDER for other in SMALL_ORDER]
            cases += self.mixed_order(draw, message)
            cases += [(draw.randbytes(32), signature, message) for _ in range(5)]
            cases.append(((PRIME + 3).to_bytes(32, "little"), signature, message))
        return cases

    @staticmethod
    def mixed_order(draw, message):
        """A key with a point of order 2 added, and a signature of it that fits for every even challenge."""
        seed = draw.randbytes(32)
        key, _ = nacl.bindings.crypto_sign_seed_keypair(seed)
        mixed = nacl.bindings.crypto_core_ed25519_add(key, SMALL_ORDER[1])
        expanded = bytearray(hashlib.sha512(seed).digest()[:32])
        expanded[0] &= 248
        expanded[31] = expanded[31] & 127 | 64
        scalar = int.from_bytes(expanded, "little")
        cases = []
        for number in range(1, 9):
            point = nacl.bindings.crypto_scalarmult_ed25519_base_noclamp(number.to_bytes(32, "little"))
            for encoded in (point, nacl.bindings.crypto_core_ed25519_add(point, SMALL_ORDER[1])):
                for public in (key, mixed):
                    challenge = int.from_bytes(hashlib.sha512(encoded + public + message).digest(), "little") % ORDER
                    s = (number + challenge * scalar) % ORDER
                    cases.append((public, encoded + s.to_bytes(32, "little"), message))
        return cases

    def json_numbers(self, draw):
        with self.check(f"numbers with fractions are written as tools/reader.py writes them (seed {SEED})"):
            numbers = [draw.uniform(-1, 1) * 10 ** draw.randint(-20, 15) for _ in range(200)]
            numbers += [0.5, 1.0, 1e-4, 9.999e-5, 1e-7, 1e15, 1e22, 1e100, 5e-324, 1.7976931348623157e308]
            text = "[" + ",".join(repr(number) for number in numbers) + "]"
            found = self.in_page("return writtenJSON(parseJSON(toUTF8(values[0])));", text)
            require(found.encode() + b"\n" == self.reader.pretty(json.loads(text)), found)

    def ssh_signatures(self, draw):
        with self.check(f"what ssh-keygen signed is checked, and nothing else is taken for it (seed {SEED})"):
            key, signed = self.work / "id_page", self.work / "signed"
            signed.write_bytes(draw.randbytes(300))
            run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
            run("ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", "evidence-bundle", signed)
            armored = signed.with_name("signed.sig").read_bytes()
            public = base64.b64decode(key.with_suffix(".pub").read_text().split()[1])[-32:]
            case = [armored, public, b"evidence-bundle", signed.read_bytes()]
            other = [bytes([case[1][0] ^ 1]) + case[1][1:], b"file", case[3] + b"x"]
            cases = [case, *([*case[:place], value, *case[place + 1:]] for place, value in enumerate(other, 1))]
            for place in range(0, len(armored), 7):
                cases.append([armored[:place] + bytes([armored[place] ^ 1]) + armored[place + 1:], *case[1:]])
            cases += [[armored + b"\n", *case[1:]], [armored[:-1], *case[1:]], [b"", *case[1:]]]
            found = self.in_page("""
                const found = [];
                for (const parts of values[0]) {
                  const [armored, key, namespace, message] = parts.map(fromHex);
                  found.push(await isSSHSignature(armored, key, fromUTF8(namespace), message));
                }
                return found;""", [[part.hex() for part in case] for case in cases])
            require(found == [True] + [False] * (len(cases) - 1), [n for n, verdict in enumerate(found) if verdict])
