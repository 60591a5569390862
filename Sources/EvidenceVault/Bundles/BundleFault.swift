/// Why a bundle is not accepted.
public enum BundleFault: Error, Hashable, Sendable {
  /// What was sealed is not an archive that this program opens.
  case notABundle
  /// The bundle was made by a later version.
  case newerFormat(found: String)
  /// A file that every bundle has is missing.
  case missingFile(String)
  /// A file that the manifest does not name.
  case unexpectedFile(String)
  /// A page with a name that would deceive people, or that has a meaning for other programs.
  case forbiddenFile(String)
  /// A file is not what the manifest says.
  case changedFile(String)
  /// A file cannot be read as what it must be.
  case malformedFile(String)
  /// The signature in this file is not the sender's, or not on this bundle.
  case badSignature(String)
  /// The bundle names other recipients than the one who opens it: it was passed on or wrapped again.
  case notAddressedToYou
  /// An item's record, proof or files do not belong together.
  case itemDoesNotFit(item: UInt64, path: String)
  /// What a supplement discloses of an item is another value of a field that was disclosed before.
  case otherValue(item: UInt64, field: String)
  /// A field that binds whoever files the item cannot be understood.
  case unknownCondition(item: UInt64, field: String)
}
