internal import Foundation

/// A time-stamping authority of the stock `openssl` in a folder of its own: a root, an intermediate under it, and under
/// that the certificate that signs.
public final class TimeStampAuthority {
  /// The keys of an authority.
  public enum Keys: String, CaseIterable, Sendable {
    /// RSA of 2,048 bits.
    case rsa
    /// ECDSA over P-256.
    case p256
  }

  /// What the signer's certificate is.
  public enum Signer: String, CaseIterable, Sendable {
    /// As the standard asks.
    case proper
    /// Without a purpose.
    case withoutPurpose
    /// With the purpose, but not critical.
    case uncritical
    /// With another purpose beside it.
    case manyPurposes
    /// For the purpose, with a key that may not sign.
    case cannotSign
    /// Valid for the moment of its making alone.
    case expired
  }

  private let folder: TemporaryFolder
  private let hash: String

  /// Makes keys and certificates.
  ///
  /// `curve` is that of all keys but RSA. `hash` is under every signature, and `naming` digests the signer's
  /// certificate for its signed attributes. `root` and `middle` say what their certificates may do: `ca`, or `short`
  /// for nothing but certificates of signers, `endEntity` and `mayNotIssue` for no certificates.
  public init(
    _ keys: Keys, curve: String = "P-256", signer: Signer = .proper, hash: String = "sha256", naming: String? = nil,
    root: String = "ca", middle: String = "ca"
  ) throws {
    folder = try TemporaryFolder()
    self.hash = hash
    try folder.write(Self.configuration(hash: hash, naming: naming ?? hash).utf8, to: "ca.cnf")
    try folder.write("01\n".utf8, to: "serial")
    let kind = keys == .rsa ? ["-newkey", "rsa:2048"] : ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:\(curve)"]
    try openssl(
      ["req", "-x509", "-\(hash)"] + kind
        + ["-nodes", "-keyout", "root.key", "-out", "root.pem", "-days", "3650", "-config", "ca.cnf"]
        + ["-extensions", root, "-subj", "/O=Sample Trust/CN=Sample Root"])
    try issue("middle", by: "root", kind: kind, extensions: middle, name: "Sample Intermediate", number: 2, days: [])
    let days = signer == .expired ? ["-days", "0"] : []
    try issue(
      "signer", by: "middle", kind: kind, extensions: signer.rawValue, name: "Sample Clock", number: 3, days: days)
  }

  /// The certificate of the root, as PEM.
  public var certificate: [UInt8] { get throws { try read("root.pem") } }
  /// The certificate of the intermediate, as PEM.
  public var intermediate: [UInt8] { get throws { try read("middle.pem") } }

  /// Answers a query.
  public func answer(_ request: [UInt8]) throws -> [UInt8] {
    try folder.write(request, to: "query.tsq")
    try openssl([
      "ts", "-reply", "-config", "ca.cnf", "-section", "authority", "-queryfile", "query.tsq", "-signer", "signer.pem",
      "-inkey", "signer.key", "-chain", "middle.pem", "-out", "answer.tsr",
    ])
    return try read("answer.tsr")
  }

  /// Signs any content as a time-stamp, also with a certificate that `openssl ts` would not use.
  public func token(signing content: [UInt8], isNamingCertificate: Bool = true) throws -> [UInt8] {
    try folder.write(content, to: "content.der")
    try openssl(
      ["cms", "-sign", "-binary", "-nodetach", "-nosmimecap", "-md", "sha256", "-in", "content.der"]
        + ["-econtent_type", "1.2.840.113549.1.9.16.1.4", "-signer", "signer.pem", "-inkey", "signer.key"]
        + ["-certfile", "middle.pem", "-outform", "DER", "-out", "token.der"]
        + (isNamingCertificate ? ["-cades"] : []))
    return try read("token.der")
  }

  /// The signature of the key that signs stamps, over any bytes.
  public func signature(over message: [UInt8], hash: String) throws -> [UInt8] {
    try folder.write(message, to: "message")
    try openssl(["dgst", "-\(hash)", "-sign", "signer.key", "-out", "signature", "message"])
    return try read("signature")
  }

  private func issue(
    _ file: String, by issuer: String, kind: [String], extensions: String, name: String, number: Int, days: [String]
  ) throws {
    try openssl(
      ["req"] + kind
        + ["-nodes", "-keyout", "\(file).key", "-out", "\(file).csr", "-config", "ca.cnf"]
        + ["-subj", "/O=Sample Trust/CN=\(name)"])
    try openssl(
      ["x509", "-req", "-\(hash)", "-in", "\(file).csr", "-CA", "\(issuer).pem", "-CAkey", "\(issuer).key"]
        + ["-out", "\(file).pem"] + ["-extfile", "ca.cnf", "-extensions", extensions, "-set_serial", "\(number)"]
        + (days.isEmpty ? ["-days", "3000"] : days))
  }

  private func read(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: folder[name])))
  }

  private func openssl(_ words: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = words
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
  }

  private static func configuration(hash: String, naming: String) -> String {
    """
    [req]
    distinguished_name=name
    prompt=no
    [name]
    CN=Sample
    [ca]
    basicConstraints=critical,CA:TRUE
    keyUsage=critical,keyCertSign,cRLSign
    [short]
    basicConstraints=critical,CA:TRUE,pathlen:0
    keyUsage=critical,keyCertSign,cRLSign
    [endEntity]
    basicConstraints=critical,CA:FALSE
    keyUsage=critical,keyCertSign,digitalSignature
    [mayNotIssue]
    basicConstraints=critical,CA:TRUE
    keyUsage=critical,digitalSignature
    [proper]
    keyUsage=critical,digitalSignature
    extendedKeyUsage=critical,timeStamping
    subjectAltName=critical,DNS:clock.sample.invalid
    certificatePolicies=1.2.3.4.5
    [withoutPurpose]
    keyUsage=critical,digitalSignature
    [uncritical]
    extendedKeyUsage=timeStamping
    [manyPurposes]
    extendedKeyUsage=critical,timeStamping,emailProtection
    [cannotSign]
    keyUsage=critical,keyEncipherment
    extendedKeyUsage=critical,timeStamping
    [expired]
    extendedKeyUsage=critical,timeStamping
    [authority]
    serial=./serial
    signer_digest=\(hash)
    default_policy=1.2.3.4.1
    digests=sha256
    accuracy=secs:1
    ess_cert_id_alg=\(naming)
    crypto_device=builtin

    """
  }
}
