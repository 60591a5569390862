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
    return !isWithheld(files[index])
  }

  private func isWithheld(_ file: FileRecord) -> Bool {
    guard !choice.withheld.contains("files") else { return true }
    guard let path = file.path else { return false }
    let name = "file:\(path.text)"
    // It has every field of the lost record in it, also those that lead to a person.
    if SalvagedRecord.isOne(path), !choice.disclosed.contains(name) { return true }
    return choice.withheld.contains(name)
  }

  /// The names of the fields of `record` that are not shown.
  func withheldFields(of record: Record) -> [String] { record.fields.names.filter { !isFieldDisclosed($0) } }

  /// The paths of the files that are not shown.
  var withheldFiles: [String] { files.filter(isWithheld).compactMap { $0.path?.text } }
}
