/// What is wrong with a sealed bundle that is in parts.
public enum PartsFault: Error, Hashable, Sendable {
  /// No part is in this folder.
  case none(folder: String)
  /// Parts are missing.
  case missing([String])
  /// Parts that the list does not have.
  case unexpected([String])
  /// Two files are both this part.
  case twice(String)
  /// A part of another file lies among them, or was named with them.
  case anotherFile(String)
  /// Parts are not what the list says; each with the part that its content is, if it is one of them.
  case changed([Changed])
  /// The list cannot be read as one.
  case malformedList(String)
  /// Without a list: a part is not as long as the first.
  case otherSize(String)
  /// Without a list: the joined file is cut short or changed, in this part or, behind the last, in one that is missing.
  case cutShort(at: String, isLast: Bool)
  /// Without a list: what is called the first part does not begin a sealed file.
  case noBeginning(String)
  /// So small parts would be more than there can be; with a size in bytes that would do.
  case tooMany(enoughByteCount: UInt64)
  /// Parts cannot be so small, in bytes.
  case tooSmall(minimumByteCount: UInt64)
  /// A name that not every system takes for the parts.
  case unsuitableName(String)

  /// A part whose content is not that of the list.
  public struct Changed: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// The name of the part that its content is.
    public let isReally: String?
  }
}
