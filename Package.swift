// swift-tools-version: 6.2
import PackageDescription

/// With EVIDENCE_FUZZ=1, as `tools/fuzz` sets it, the modules are instrumented for libFuzzer and built with the program
/// that runs the fuzz targets; ordinary builds know nothing of it.
let isFuzzing = Context.environment["EVIDENCE_FUZZ"] == "1"

/// Every Swift target is held to the same rules: Swift 6, strict memory safety, no warning left.
let houseRules: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ] + (isFuzzing ? [.unsafeFlags(["-sanitize=fuzzer", "-enable-testing"])] : [])

/// The format modules and what each may import. The arrows go one way; `tools/check` holds the imports to this table.
let modules: [(name: String, dependencies: [Target.Dependency])] = [
  (
    "Primitives",
    [
      "CSodium", "CSystem", .product(name: "Crypto", package: "swift-crypto"),
      .product(name: "CryptoExtras", package: "swift-crypto"),
    ]
  ),
  ("Streams", []),
  ("StrictJSON", []),
  ("Age", ["Primitives", "Streams"]),
  ("TransparencyLog", ["Primitives"]),
  ("SSHSignature", ["Primitives"]),
  ("SelectiveDisclosure", ["Primitives", "StrictJSON"]),
  ("TimeStamp", ["Primitives", .product(name: "SwiftASN1", package: "swift-asn1")]),
  ("SecretSharing", ["Primitives", "CEmbedded", "Embedded"]),
  ("Tar", ["Streams"]),
  ("CSV", ["Streams"]),
  ("DurableStore", ["CSystem", "Streams"]),
]

let formatModules: [Target.Dependency] = [
  "Age", "TransparencyLog", "SSHSignature", "SelectiveDisclosure", "TimeStamp", "SecretSharing", "Tar", "CSV",
  "DurableStore",
  "StrictJSON", "Streams", "Primitives",
]

/// The fuzz targets are tests, and in a build for fuzzing a program.
let fuzzedModules: [Target.Dependency] = [
  "Age", "TransparencyLog", "SSHSignature", "SelectiveDisclosure", "TimeStamp", "SecretSharing", "Tar", "CSV",
  "StrictJSON", "Streams",
  "Primitives", "EvidenceVault",
]
let fuzzTargets: [Target] = [
  isFuzzing
    ? .executableTarget(
      name: "fuzz", dependencies: fuzzedModules, path: "Tests/FuzzTests", exclude: ["MutationTests.swift", "Kept"],
      swiftSettings: houseRules + [.unsafeFlags(["-parse-as-library"])],
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])])
    : .testTarget(
      name: "FuzzTests", dependencies: fuzzedModules, exclude: ["Driver.swift", "Kept"], swiftSettings: houseRules)
]

let package = Package(
  name: "EvidenceVault",
  products: [
    .library(name: "EvidenceVault", targets: ["EvidenceVault"]),
    .library(name: "Age", targets: ["Age"]),
    .library(name: "TransparencyLog", targets: ["TransparencyLog"]),
    .library(name: "SSHSignature", targets: ["SSHSignature"]),
    .library(name: "SelectiveDisclosure", targets: ["SelectiveDisclosure"]),
    .library(name: "TimeStamp", targets: ["TimeStamp"]),
    .library(name: "SecretSharing", targets: ["SecretSharing"]),
    .library(name: "StrictJSON", targets: ["StrictJSON"]),
    .library(name: "Streams", targets: ["Streams"]),
    .library(name: "Primitives", targets: ["Primitives"]),
    .executable(name: "evidence", targets: ["evidence"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
  ],
  targets: [
    .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    .target(name: "CSystem"),
    .target(name: "CEmbedded"),
    .target(name: "Embedded", dependencies: ["CEmbedded"], swiftSettings: houseRules),
  ]
    + modules.map { module in
      .target(
        name: module.name, dependencies: module.dependencies,
        exclude: module.name == "SecretSharing" ? ["Words"] : [], swiftSettings: houseRules)
    }
    + modules.map { module in
      .testTarget(
        name: module.name + "Tests",
        dependencies: [.byName(name: module.name)] + module.dependencies
          + (["TimeStamp", "SSHSignature"].contains(module.name) ? ["TestFolders"] : []),
        swiftSettings: houseRules)
    }
    + [
      .target(
        name: "EvidenceVault", dependencies: formatModules + ["Wording", "CEmbedded", "Embedded"],
        swiftSettings: houseRules),
      .target(
        name: "Wording", dependencies: ["StrictJSON", "CEmbedded", "Embedded"], exclude: ["README.md", "Translations"],
        swiftSettings: houseRules),
      .testTarget(name: "WordingTests", dependencies: ["Wording"], swiftSettings: houseRules),
      .target(
        name: "EvidenceReport",
        dependencies: [
          "EvidenceVault", "Wording", "Age", "Primitives", "StrictJSON", "Tar", "TransparencyLog", "CEmbedded",
          "Embedded",
          .product(name: "Mustache", package: "swift-mustache"),
        ],
        exclude: ["Templates", "Page"],
        swiftSettings: houseRules),
      .executableTarget(
        name: "evidence",
        dependencies: [
          "EvidenceVault", "EvidenceReport", "Wording", "Age", "Primitives", "SecretSharing", "Streams", "StrictJSON",
          "DurableStore", "CSystem",
          "Tar", "TimeStamp", "TransparencyLog",
          .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ],
        swiftSettings: houseRules),
      .executableTarget(
        name: "AgeBenchmark", dependencies: ["Age", "Primitives", "Streams"], path: "Tests/AgeBenchmark",
        swiftSettings: houseRules),
      .executableTarget(
        name: "IndexBenchmark", dependencies: ["EvidenceVault", "Age", "Primitives", "StrictJSON", "TransparencyLog"],
        path: "Tests/IndexBenchmark", swiftSettings: houseRules),
      // What tools/damage runs.
      .executableTarget(
        name: "DamageCheck", dependencies: ["EvidenceVault", "Age", "Streams"], path: "Tests/DamageCheck",
        swiftSettings: houseRules),
      .target(name: "TestFolders", path: "Tests/TestFolders", swiftSettings: houseRules),
      // What tools/constant-time runs under valgrind. Where that is not installed they build all the same.
      .target(name: "CMemcheck", path: "Tests/CMemcheck"),
      .executableTarget(
        name: "ConstantTime", dependencies: ["Age", "Primitives", "SecretSharing", "Streams", "CMemcheck"],
        path: "Tests/ConstantTime",
        swiftSettings: houseRules),
      .testTarget(
        name: "EvidenceVaultTests",
        dependencies: ["EvidenceVault", "EvidenceReport", "TestFolders", "Wording", "CEmbedded", "Embedded"]
          + formatModules,
        swiftSettings: houseRules),
      .testTarget(
        name: "CommandLineTests",
        dependencies: ["evidence", "EvidenceVault", "Wording", "TestFolders"] + formatModules,
        swiftSettings: houseRules),
    ].filter { !isFuzzing || $0.type != .test }
    + fuzzTargets
)
