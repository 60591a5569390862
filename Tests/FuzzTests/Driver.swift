import Foundation
import Primitives

// The program that `tools/fuzz` builds; ordinary builds leave this file out.
//
//   fuzz list                     the names of the targets
//   fuzz made TARGET FOLDER       writes the seeds of a target, without what is kept
//   fuzz seeds TARGET FOLDER      writes the seeds of a target, and what is kept, each in a file named by its digest
//   fuzz run TARGET ARGUMENT…     hands the arguments to libFuzzer, or runs the files among them once

@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

nonisolated(unsafe) private var chosen = FuzzTarget.all[0]

/// The variable that tells a program which libFuzzer starts what its target is.
private let chosenName = "EVIDENCE_FUZZ_TARGET"

/// The name under which SwiftPM links the main function of this target.
@_cdecl("fuzz_main")
public func main(_: CInt, _: UnsafePointer<UnsafePointer<CChar>?>) -> CInt {
  let words = CommandLine.arguments
  do {
    switch words.dropFirst().first {
    case "list":
      for target in FuzzTarget.all { print(target.name) }
      return 0
    case "made" where words.count == 4:
      try write(try target(words[2]).seeds(), to: URL(filePath: words[3]))
      return 0
    case "seeds" where words.count == 4:
      let target = try target(words[2])
      try write(try target.seeds() + KeptInputs.of(target.name), to: URL(filePath: words[3]))
      return 0
    case "run" where words.count >= 3:
      unsafe chosen = try target(words[2])
      unsafe setenv(chosenName, words[2], 1)
      return fuzz([words[0]] + words.dropFirst(3))
    default:
      // To minimise, libFuzzer starts the program once more, with its folders and arguments of its own.
      if words.count > 1, let name = ProcessInfo.processInfo.environment[chosenName] {
        unsafe chosen = try target(name)
        return fuzz(words)
      }
      throw PropertyFailure(
        description: "usage: fuzz list | made TARGET FOLDER | seeds TARGET FOLDER | run TARGET ARGUMENT…")
    }
  } catch {
    FileHandle.standardError.write(Data("fuzz: \(error)\n".utf8))
    return 64
  }
}

private func target(_ name: String) throws -> FuzzTarget {
  guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
    throw PropertyFailure(description: "no target is called \(name)")
  }
  return target
}

private func write(_ seeds: [[UInt8]], to folder: URL) throws {
  for seed in seeds {
    let name = SHA256Hasher.digest(of: seed).hex
    try Data(seed).write(to: folder.appending(path: name))
  }
}

private func fuzz(_ words: [String]) -> CInt {
  var count = CInt(words.count)
  let strings = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: words.count + 1)
  for (index, word) in words.enumerated() { unsafe strings[index] = strdup(word) }
  unsafe strings[words.count] = nil
  var arguments = unsafe strings
  return unsafe runFuzzer(&count, &arguments) { start, count in
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do {
      try unsafe chosen.run(input)
      return 0
    } catch {
      FileHandle.standardError.write(Data("does not hold: \(error)\n".utf8))
      abort()
    }
  }
}
