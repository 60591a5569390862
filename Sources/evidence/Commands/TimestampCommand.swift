internal import ArgumentParser
internal import DurableStore
internal import EvidenceVault
internal import Streams
internal import StrictJSON
internal import Wording

struct TimestampCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "timestamp", abstract: say("Have others say when the vault was as it is."),
    subcommands: [RequestTimestamp.self, AttachTimestamp.self])
}

struct RequestTimestamp: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "request", abstract: say("Write the query for a time-stamp on the head of the vault."),
    discussion: say(
      """
      Send it to any authority (RFC 3161), and give the answer to evidence timestamp attach:

        curl -H 'Content-Type: application/timestamp-query' --data-binary @query.tsq URL > answer.tsr

      The authority learns a digest, which says nothing about the vault, and your network address.
      """))

  @Option(name: .shortAndLong, help: about("The file to make; otherwise standard output.", valueName: "file"))
  var output: String?

  @OptionGroup var options: VaultOptions

  func run() throws {
    let vault = try options.open()
    try Plumbing.run(nil, output, isText: false) { _, sink in try sink.write(vault.timestampRequest().request) }
  }
}

struct AttachTimestamp: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attach", abstract: say("Verify the answer of an authority, and keep it in the vault."))

  @Argument(help: about("The file with the answer."))
  var response: String

  @Option(help: about("The certificate of the authority, as PEM, from a source you trust.", valueName: "file"))
  var authority: String

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let vault = try options.open()
    let time = try vault.attachTimestamp(contents(response), authority: contents(authority))
    report.print(time.json) { Output.line(time.sentence) }
  }

  private func contents(_ path: String) throws -> [UInt8] {
    do { return try DescriptorStream(reading: path).readAll(limit: 1 << 20) } catch is StreamError {
      throw UsageFault("\(Message.shown(path)) is too long for an answer or a certificate")
    } catch {
      throw VaultError(error)
    }
  }
}

extension TrustedTime {
  /// What is proven, in a line.
  var sentence: Phrase {
    let name = Message.shown(authority)
    guard entryCount > 0 else { return "existed at the latest on \(latest), says \"\(name)\", before any entry" }
    return "existed at the latest on \(latest), says \"\(name)\", up to entry \(entryCount - 1)"
  }

  var json: JSONObject {
    [
      "latest": .string(latest.description), "authority": .string(authority),
      "entries": .integer(Int64(clamping: entryCount)), "path": .string(path),
    ]
  }
}
