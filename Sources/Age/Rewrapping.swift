public import Streams

extension Sealing {
  /// Seals what is sealed already to other recipients: the file key is wrapped again, in a new header, and the payload
  /// is copied as it is, neither opened nor checked. Whoever knows the file key still opens it.
  ///
  /// - Throws: `AgeError.noMatch`, `.header`, `.headerMAC` for the old header; `.unsuitableRecipients`; and whatever
  ///   source or sink throw.
  ///
  /// Source: c2sp.org/age, "Header".
  public static func rewrap(
    from source: any ByteSource, to sink: any ByteSink, with identities: [Identity], for recipients: [Recipient],
    options: SealingOptions = SealingOptions()
  ) throws {
    let file = try SealedFile(reading: source, form: .binary)
    let fileKey = try file.fileKey(for: identities)
    let stanzas = try wrapped(fileKey, for: recipients, from: options.randomness)
    try sink.write(Header(stanzas: stanzas, fileKey: fileKey).encoded)
    try file.copyPayload(to: sink)
  }
}
