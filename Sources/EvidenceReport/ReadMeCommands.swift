internal import Age
internal import EvidenceVault
internal import Primitives

/// The end of `READ-ME-FIRST.txt`: commands that check an open bundle with programs that others wrote.
///
/// Each line can be copied as it is, by somebody who stands in the folder; `tools/interop` runs what is not of Windows.
/// Whoever made the folder may have put programs into it: Python looks for modules where it stands, unless it is told
/// not to (`-I`), and so it is, and is kept outside.
struct ReadMeCommands {
  /// An item of the bundle: its proof has the head that was stamped.
  let item: UInt64
  let times: [TrustedTime]
  let audience: Audience

  private static let (namespace, principal) = ("evidence-bundle", "sender")
  private static let verify =
    "ssh-keygen -Y verify -f proofs/allowed_signers -I \(principal) -n \(namespace)"
    + " -s tagmanifest-sha256.txt.sig < tagmanifest-sha256.txt"

  /// The commands, system by system.
  var text: String { ([Self.systems, Self.python] + stamps + [opening, Self.meaning]).joined(separator: "\n\n") }

  private static let systems = """
    COMMANDS · КОМАНДЫ · ФАРМОНҲО

    In this folder · В этой папке · Дар ҳамин ҷузвдон:

    Linux
        export LC_ALL=C
        sha256sum -c manifest-sha256.txt && sha256sum -c tagmanifest-sha256.txt
        \(verify)
        python3 -I -m venv ~/bundle-check && ~/bundle-check/bin/pip install bagit sd-jwt
        ~/bundle-check/bin/python -I -m bagit --validate .

    macOS
        shasum -a 256 -c manifest-sha256.txt && shasum -a 256 -c tagmanifest-sha256.txt
        \(verify)
        python3 -I -m venv ~/bundle-check && ~/bundle-check/bin/pip install bagit sd-jwt
        ~/bundle-check/bin/python -I -m bagit --validate .

    Windows (PowerShell)
        foreach ($list in "manifest-sha256.txt", "tagmanifest-sha256.txt") {
          foreach ($line in [IO.File]::ReadAllLines("$($PWD.ProviderPath)\\$list")) {
            $sum, $file = $line -split "  ", 2
            if ((Get-FileHash -LiteralPath $file).Hash -eq $sum) { "OK      $file" } else { "CHANGED $file" } } }
        cmd /c "\(verify)"
        py -I -m venv $HOME\\bundle-check; & $HOME\\bundle-check\\Scripts\\pip install bagit sd-jwt
        & $HOME\\bundle-check\\Scripts\\python -I -m bagit --validate .
    """

  /// The empty lines end what is indented, for whoever pastes it into Python.
  private static let python = """
    Python: start ~/bundle-check/bin/python -I here (Windows: & $HOME\\bundle-check\\Scripts\\python -I), and paste:
    import base64, glob, hashlib, pathlib, sys
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from jwcrypto.jwk import JWK
    from sd_jwt.verifier import SDJWTVerifier
    read = lambda name: open(name, "rb").read()
    keys, origins, wrong, own = {}, [], [], ["bundle.note", "tagmanifest-sha256.txt", "tagmanifest-sha256.txt.sig"]
    lists = read("manifest-sha256.txt") + read("tagmanifest-sha256.txt")
    listed = {line[66:] for line in lists.decode().split("\\n")}
    for line in read("proofs/sender.note").decode().splitlines():
        word = line.split(" ")
        if word[0] in ("origin", "continues"): origins.append(word[1])
        if word[0] == "replaced": keys.update((old, word[4]) for old in origins[1:]); del origins[1:]
        if word[:2] == ["key", "records"]: keys.update((name, word[2].split("+", 2)[2]) for name in origins)
        if word[:2] == ["key", "bundles"]: bundles = base64.b64decode(word[2].split("+", 2)[2])[1:]

    def key(issuer, header=None):
        raw = base64.b64decode(keys[issuer])[-32:]
        return JWK(kty="OKP", crv="Ed25519", x=base64.urlsafe_b64encode(raw).decode().rstrip("="))

    def check(name):
        if name != "bundle.note": SDJWTVerifier(read(name).decode(), key); return
        text, _, signature = read(name).rpartition(b"\\n\\n")
        Ed25519PublicKey.from_public_bytes(bundles).verify(base64.b64decode(signature.split()[-1])[4:], text + b"\\n")
        assert text.split()[-1].decode() == hashlib.sha256(read("tagmanifest-sha256.txt")).hexdigest()

    for name in ["bundle.note"] + sorted(glob.glob("proofs/*.sd-jwt")):
        try: check(name); print("OK    ", repr(name))
        except Exception as error: wrong.append(name); print("FAILED", repr(name), type(error).__name__)

    for path in sorted(pathlib.Path(".").rglob("*")):
        if (path.is_symlink() or not path.is_dir()) and path.as_posix() not in listed.union(own):
            wrong.append(path); print("FAILED", repr(path.as_posix()), "is in no list")

    sys.exit(1 if wrong else 0)
    """

  private var stamps: [String] {
    guard !times.isEmpty else { return [] }
    let tokens = times.map { time in
      """
          t=proofs/timestamps/\(time.authorityDigest.hex)
          sed '1,/^$/d' proofs/item-\(item).tlog-proof \\
            | openssl ts -verify -partial_chain -token_in -in $t.tst -data /dev/stdin -CAfile $t.pem
          openssl ts -reply -token_in -in $t.tst -text
      """
    }
    return [
      ([
        """
        Time-stamps (Linux, macOS): openssl 3 says "Verification: OK", and "Time stamp:" says when the head existed that
        the proofs lead to. Better take the certificate (-CAfile) from the authority itself, since the sender chose it.
        If it has run out since, add -no_check_time.
        """
      ] + tokens).joined(separator: "\n")
    ]
  }

  private var opening: String {
    let (key, hint) =
      audience.isPassphrase
      ? ("", "(which asks for the passphrase) ") : ("-i KEY ", "")
    return """
      age \(audience.ageVersion) or newer \(hint)and tar open the sealed bundle again, on all three systems
          age -d \(key)-o bundle.tar BUNDLE
          tar -xf bundle.tar
      """
  }

  private static let meaning = """
    What they say if all is well: the sums, OK in every line; ssh-keygen (OpenSSH 8.1 or newer), Good "\(namespace)"
    signature for \(principal); bagit, at the end, is valid; Python, OK in every line (or it ends with status 1).
    Если всё верно: суммы пишут OK в каждой строке; ssh-keygen (OpenSSH 8.1 или новее) пишет Good "\(namespace)"
    signature …; bagit в конце пишет is valid; Python пишет OK в каждой строке (иначе FAILED).
    Агар ҳама дуруст бошад: суммаҳо дар ҳар сатр OK менависанд; ssh-keygen (OpenSSH 8.1 ё навтар) менависад Good
    "\(namespace)" signature …; bagit дар охир is valid; Python дар ҳар сатр OK (вагарна FAILED).

    """
}

extension Audience {
  /// The oldest version of age that opens what is sealed to it: only newer ones know post-quantum keys.
  var ageVersion: String {
    guard case .recipients(let known) = self else { return "1.1" }
    return known.flatMap(\.keys).contains(where: \.isPostQuantum) ? "1.3" : "1.1"
  }
}
