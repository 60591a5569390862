import Primitives
import TimeStamp

extension FuzzTarget {
  /// An answer ends with its token; and whatever verifies states what the authority signed.
  static let timeStampResponse = FuzzTarget("time-stamp-response", seeds: { [TimeStampSeeds.response] }) {
    input throws(PropertyFailure) in
    let genuine = try needed(TimeStampSeeds.stamp, "the time-stamp of the authority")
    guard let token = accepted({ try TimeStampResponse(input).token }) else { return }
    try require(input.suffix(token.bytes.count).elementsEqual(token.bytes), "an answer ends with its token")
    try require(accepted { try TimeStampToken(token.bytes).bytes } == token.bytes, "a token is read by itself")
    guard let stamp = TimeStampSeeds.verified(token) else { return }
    try require(stamp == genuine, "what verifies is what was signed")
  }

  /// A query that is read is the only spelling of itself.
  static let timeStampRequest = FuzzTarget("time-stamp-request", seeds: { [TimeStampSeeds.request] }) {
    input throws(PropertyFailure) in
    guard let request = accepted({ try TimeStampRequest(input) }) else { return }
    try require(request.bytes == input, "a query encodes to the bytes that it was read from")
  }

  /// A certificate as PEM has one spelling, which is read as the same certificate.
  static let timeStampAuthority = FuzzTarget("time-stamp-authority", seeds: { [Array(TimeStampSeeds.pem.utf8)] }) {
    input throws(PropertyFailure) in
    guard let certificate = accepted({ try AuthorityCertificate(pem: input) }) else { return }
    let again = accepted { try AuthorityCertificate(pem: certificate.pem) }
    try require(again?.digest == certificate.digest, "what is written is read again")
  }
}

/// What stock `openssl ts` made with a root, an intermediate and a signer of its own.
enum TimeStampSeeds {
  static let imprint = SHA256Hasher.digest(of: "a checkpoint\n".utf8)
  static let request = TimeStampRequest(imprint: imprint, nonce: 0x8123_4567_89ab_cdef).bytes
  static let authority = accepted { try AuthorityCertificate(pem: Array(pem.utf8)) }
  static let stamp = accepted { try TimeStampResponse(response).token }.flatMap(verified)

  static func verified(_ token: TimeStampToken) -> VerifiedTimeStamp? {
    guard let authority else { return nil }
    return accepted { try token.verified(imprint: imprint, nonce: nil, authority: authority) }
  }

  static let response =
    Base64.padded.decode(
      """
      MIIFhTADAgEAMIIFfAYJKoZIhvcNAQcCoIIFbTCCBWkCAQMxDzANBglghkgBZQMEAgEFADB2BgsqhkiG9w0BCRABBKBnBGUwYwIBAQYEKgMEAT\
      AxMA0GCWCGSAFlAwQCAQUABCCvPyEYFiLQXrY3Xrsw5iu+mPhUHHeK4uzt0K8zPEOlBAIBAhgPMjAyNjExMjQwMzM4MDRaMAcCAQGAAgH0Aggz\
      lsNOYJ48VqCCA4cwggHIMIIBb6ADAgECAgEDMAoGCCqGSM49BAMCMDUxFTATBgNVBAoMDFNhbXBsZSBUcnVzdDEcMBoGA1UEAwwTU2FtcGxlIE\
      ludGVybWVkaWF0ZTAgFw0yNjExMjQwMzM4MDRaGA8yMTI1MDYxODAzMzgwNFowLjEVMBMGA1UECgwMU2FtcGxlIFRydXN0MRUwEwYDVQQDDAxT\
      YW1wbGUgQ2xvY2swWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAROx91iQe35A/h1c2jT65B1soMCYYOJz2LDcyJyml70NjkfDLEERoBze6Vt3q\
      PcQ+3iQL7b1OvzuNvfWaIiouh8o3UwczAJBgNVHRMEAjAAMA4GA1UdDwEB/wQEAwIHgDAWBgNVHSUBAf8EDDAKBggrBgEFBQcDCDAdBgNVHQ4E\
      FgQUK7GKMLSOr4FjxNI6J+ZJxbGvrbEwHwYDVR0jBBgwFoAUDWiO6ZCWLRuo4kbXavr9hJWQ6uQwCgYIKoZIzj0EAwIDRwAwRAIgF7GlgQxzt3\
      v+9adNSQpHypwNqA9zqXb0FKe+bi0QZdUCIDKDqtNb2Q/RKSP3CBzJmRiBswwgvjU2AjCZRMp0Au+aMIIBtzCCAVygAwIBAgIBAjAKBggqhkjO\
      PQQDAjAtMRUwEwYDVQQKDAxTYW1wbGUgVHJ1c3QxFDASBgNVBAMMC1NhbXBsZSBSb290MCAXDTI2MTEyNDAzMzgwM1oYDzIxMjUwNjE4MDMzOD\
      AzWjA1MRUwEwYDVQQKDAxTYW1wbGUgVHJ1c3QxHDAaBgNVBAMME1NhbXBsZSBJbnRlcm1lZGlhdGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC\
      AAQHg1h5Ax0bK8GxQPpSv5J6XPDhsV9R1V9UWcjrVs6J9QR7bnqlKxBe8xl/BiHgL6EyUzEkmPUK06aaus6cExZ9o2MwYTAPBgNVHRMBAf8EBT\
      ADAQH/MA4GA1UdDwEB/wQEAwIBBjAdBgNVHQ4EFgQUDWiO6ZCWLRuo4kbXavr9hJWQ6uQwHwYDVR0jBBgwFoAU7r7qlym3hNbjaTVftg0YWaR4\
      3H8wCgYIKoZIzj0EAwIDSQAwRgIhANEiv2pq9ptPxOY0i9ig1ffara6mw234pFrFPcmjCUWdAiEA0IrSq9fMgwd2xx4OQwqUfkpfA6mjTh1z9F\
      1DubVLoa4xggFOMIIBSgIBATA6MDUxFTATBgNVBAoMDFNhbXBsZSBUcnVzdDEcMBoGA1UEAwwTU2FtcGxlIEludGVybWVkaWF0ZQIBAzANBglg\
      hkgBZQMEAgEFAKCBpDAaBgkqhkiG9w0BCQMxDQYLKoZIhvcNAQkQAQQwHAYJKoZIhvcNAQkFMQ8XDTI2MTEyNDAzMzgwNFowLwYJKoZIhvcNAQ\
      kEMSIEIIvtA/fXLh0tEYShTG0UqfE9jaw+YEaRUNB+kbAvJdshMDcGCyqGSIb3DQEJEAIvMSgwJjAkMCIEIAtyvSx/fnX1kcAGOFGl/jlPsnd0\
      CDaic4By9EEpiIYnMAoGCCqGSM49BAMCBEcwRQIhAJnJqwsa0iO4Fz7ST1bE4SbOFmeb2HJCp/0TCxrrxGvuAiBNnW6dh6gWApuUKOd9xlkgcL\
      u+rziNiUt2YoPpM+6Owg==
      """) ?? []

  static let pem = """
    -----BEGIN CERTIFICATE-----
    MIIBoTCCAUagAwIBAgIUCBn50oMudQZhrTbv4Ev//1H4vZcwCgYIKoZIzj0EAwIw
    LTEVMBMGA1UECgwMU2FtcGxlIFRydXN0MRQwEgYDVQQDDAtTYW1wbGUgUm9vdDAg
    Fw0yNjExMjQwMzM4MDNaGA8yMTI2MTAzMTAzMzgwM1owLTEVMBMGA1UECgwMU2Ft
    cGxlIFRydXN0MRQwEgYDVQQDDAtTYW1wbGUgUm9vdDBZMBMGByqGSM49AgEGCCqG
    SM49AwEHA0IABL1nENEy3LlTRtuxvECCWWr6BCdSvTfkS+MD6XAgpGwHDCne+VLV
    MmtqHe9rCEqLa0KfX7cWWavd58bsdiMnOf6jQjBAMA8GA1UdEwEB/wQFMAMBAf8w
    DgYDVR0PAQH/BAQDAgEGMB0GA1UdDgQWBBTuvuqXKbeE1uNpNV+2DRhZpHjcfzAK
    BggqhkjOPQQDAgNJADBGAiEAraO04+0eUscmaRRXFbp8GGjEixQ3ym+UAuqzi1kY
    dVQCIQCUgIqe0Q1ekwCf0J7yH0fy7LxdGsF5lNk481faIliPlA==
    -----END CERTIFICATE-----

    """
}
