public import Streams

/// Reads many records from one file, and says all that is wrong with it before anything is added.
public enum RecordImport {
  /// How the records are written down.
  public enum Format: String, CaseIterable, Sendable {
    /// A table.
    case csv
    /// An array.
    case json
    /// A record in each line.
    case jsonl
  }

  /// Reads records of one kind.
  ///
  /// - Throws: `VaultError.unknownKind`, `.tooLarge`, or what `source` throws.
  public static func read(
    _ source: any ByteSource, format: Format, kind: String, dateOrder: DateOrder? = nil, areNamesChecked: Bool = false
  ) throws(VaultError) -> ImportedRecords {
    let schema = try Schema.named(kind)
    guard schema.isItem else { throw .unknownKind(kind, nearest: nil) }
    let rules = ImportRules(schema: schema, text: TypedText(dateOrder: dateOrder), areNamesChecked: areNamesChecked)
    do {
      return switch format {
      case .csv: try TableImport(rules: rules).read(source)
      case .json: try JSONImport(rules: rules).readArray(source)
      case .jsonl: try JSONImport(rules: rules).readLines(source)
      }
    } catch {
      throw VaultError(error)
    }
  }
}
