extension MutableSpan<UInt8> {
  /// Copies all of `source` to the place that begins at `start`.
  mutating func replace(from start: Int, with source: Span<UInt8>) {
    precondition(start >= 0 && source.count <= count - start, "Streams: no room for a copy")
    guard !source.isEmpty else { return }
    unsafe withUnsafeMutableBytes { room in
      unsafe source.withUnsafeBytes { source in
        unsafe UnsafeMutableRawBufferPointer(rebasing: room[start...]).copyMemory(from: source)
      }
    }
  }

  /// Copies a part of an array to the start.
  mutating func replace(with source: [UInt8], in range: Range<Int>) {
    precondition(range.count <= count && range.lowerBound >= 0 && range.upperBound <= source.count, "Streams: no room")
    guard !range.isEmpty else { return }
    unsafe withUnsafeMutableBytes { room in
      unsafe source.withUnsafeBytes { source in
        unsafe room.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[range]))
      }
    }
  }
}

extension [UInt8] {
  /// Room for `count` bytes that nobody wrote yet: large buffers cost nothing before they are used.
  init(uninitializedCount count: Int) {
    unsafe self.init(unsafeUninitializedCapacity: count) { _, initializedCount in initializedCount = count }
  }

  /// Appends bytes lent by their owner.
  public mutating func append(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }

  /// Copies all of `source` to the place that begins at `start`.
  mutating func replace(from start: Int, with source: Span<UInt8>) {
    var room = mutableSpan
    room.replace(from: start, with: source)
  }
}
