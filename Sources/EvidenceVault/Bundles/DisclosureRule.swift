internal import SelectiveDisclosure
internal import StrictJSON
internal import Tar

/// What of one record is shown: identity fields only on purpose, everything else unless withheld on purpose.
///
/// Source: FORMAT section 5.
struct DisclosureRule {
  let schema: Schema
  let files: [FileRecord]
  let choice: DisclosureChoice

  /// Whether a claim is shown, given that all around it is.
  func isDisclosed(_ claim: DisclosedClaims.Claim) -> Bool {
    guard case .name(let name)? = claim.path.first else { return false }
    if name == "files" { return isFileDisclosed(claim.path) }
    if ComposedRecord.reservedNames.contains(name) { return true }
    return isFieldDisclosed(name)
  }

  private func isFieldDisclosed(_ name: String) -> Bool {
    guard let field = schema.field(name), !choice.withheld.contains(name) else { return false }
    return field.sensitivity != .identity || choice.disclosed.contains(name)
  }

  private func isFileDisclosed(_ path: [DisclosedClaims.Step]) -> Bool {
    guard !choice.withheld.contains("files") else { return false }
    guard path.count > 1, case .index(let index) = path[1], files.indices.contains(index) else { return true }
    guard let text = files[index].path?.text else { return true }
    return !choice.withheld.contains("file:\(text)")
  }

  /// The names of what is not shown of `record`.
  func withheld(of record: Record) -> [String] {
    let fields = record.fields.names.filter { !isFieldDisclosed($0) }
    if choice.withheld.contains("files"), !record.files.isEmpty { return fields + ["files"] }
    return fields + record.files.compactMap { $0.path.map { "file:\($0.text)" } }.filter(choice.withheld.contains)
  }
}
