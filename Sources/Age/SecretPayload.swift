internal import Primitives
internal import Streams

/// Payloads that are keys themselves. They are one chunk, and go straight from and to guarded memory: the buffers of a
/// stream are neither locked nor wiped.
extension Payload {
  /// Seals `secret`, of one chunk at most, under `key`.
  static func seal(_ secret: borrowing SecretBytes, under key: borrowing ChaChaPolyKey) -> [UInt8] {
    precondition(secret.count <= chunkByteCount, "Age: a secret longer than a chunk")
    var output = [UInt8](repeating: 0, count: secret.count + ChaChaPolyKey.tagByteCount)
    secret.withSpan { secret in
      var room = output.mutableSpan
      key.seal(secret, nonce: nonce(0, isFinal: true), into: &room)
    }
    return output
  }

  /// Opens all of `source` under `key`.
  ///
  /// - Throws: `StreamError.tooLong` for more than a chunk; `AgeError.payload`; and what `source` throws.
  static func openSecret(from source: any ByteSource, under key: borrowing ChaChaPolyKey) throws -> SecretBytes {
    var sealed = [UInt8](repeating: 0, count: sealedChunkByteCount + 1)
    var room = sealed.mutableSpan
    let count = try source.fill(&room)
    guard count <= sealedChunkByteCount else { throw StreamError.tooLong(limit: chunkByteCount) }
    guard count >= ChaChaPolyKey.tagByteCount else { throw AgeError.payload(chunkIndex: 0) }
    var secret = SecretBytes(count: count - ChaChaPolyKey.tagByteCount)
    let isOpen = secret.withMutableSpan { secret in
      (try? key.open(sealed.span.extracting(0..<count), nonce: nonce(0, isFinal: true), into: &secret)) != nil
    }
    guard isOpen else { throw AgeError.payload(chunkIndex: 0) }
    return secret
  }
}
