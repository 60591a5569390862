/// The paths of an archive so far, as a tree, so that memory grows with the bytes of the paths and not with their depth
/// times their length.
package struct PathRegister {
  private struct Edge: Hashable {
    let parent: Int
    let component: ArraySlice<UInt8>
  }

  private enum Node {
    case file
    /// Something lies below it, but it has no entry of its own so far.
    case impliedDirectory
    case directory
  }

  private var nodes: [Node] = [.impliedDirectory]
  private var children: [Edge: Int] = [:]
  /// The folders so far, those without an entry of their own too.
  private(set) var folderCount = 0

  /// Begins without a path.
  package init() {}

  /// Adds the path of a file, if it can stand beside all that are there; whether it can.
  package mutating func insertFile(_ path: ArchivePath) -> Bool {
    do {
      try insert(path, kind: .file)
      return true
    } catch {
      return false
    }
  }

  /// Adds the path of an entry; nothing of one that is refused.
  ///
  /// - Throws: `duplicatePath`, or `pathThroughFile` if a file lies on the way or a directory where the file should.
  mutating func insert(_ path: ArchivePath, kind: TarHeader.Kind) throws(TarError) {
    let components = path.components
    var node = 0
    for component in components.dropLast() {
      node = child(component, of: node, orNew: .impliedDirectory)
      guard nodes[node] != .file else { throw .pathThroughFile(path) }
    }
    guard let last = components.last else { return }
    let count = nodes.count
    node = child(last, of: node, orNew: kind == .file ? .file : .directory)
    guard node < count else { return }
    switch (nodes[node], kind) {
    case (.impliedDirectory, .directory): nodes[node] = .directory
    case (.impliedDirectory, .file): throw .pathThroughFile(path)
    case (.file, .directory): throw .pathThroughFile(path)
    case (.file, .file), (.directory, _): throw .duplicatePath(path)
    }
  }

  private mutating func child(_ component: ArraySlice<UInt8>, of parent: Int, orNew node: Node) -> Int {
    // The copy keeps the rest of the path from being held in memory.
    let edge = Edge(parent: parent, component: Array(component)[...])
    if let index = children[edge] { return index }
    nodes.append(node)
    if node != .file { folderCount += 1 }
    children[edge] = nodes.count - 1
    return nodes.count - 1
  }
}
