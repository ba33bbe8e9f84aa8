// swift-tools-version: 6.1
import PackageDescription

/// Sources are listed from the bytes up: each target may depend only on those above it.
let package = Package(
  name: "ecq",
  products: [
    .library(name: "ColStore", targets: ["ColStore"]),
    .library(name: "Query", targets: ["Query"]),
    .library(name: "Analytics", targets: ["Analytics"]),
    .library(name: "ML", targets: ["ML"]),
    .library(name: "Plot", targets: ["Plot"]),
    .executable(name: "ecq", targets: ["ecq"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CNettle", pkgConfig: "nettle", providers: [.apt(["nettle-dev"])]),
    .target(name: "CCairo"),
    .target(name: "CKernels"),
    .target(name: "ColStore", dependencies: ["CZstd", "CZlib", "CKernels"]),
    .target(name: "Query", dependencies: ["ColStore", "CKernels", "CNettle"]),
    .target(name: "Analytics", dependencies: ["ColStore", "Query"]),
    .target(name: "ML", dependencies: ["ColStore", "CKernels", "Query"]),
    .target(name: "Generator", dependencies: ["ColStore"]),
    .target(name: "Plot", dependencies: ["CCairo", "ColStore"]),
    .executableTarget(
      name: "ecq",
      dependencies: [
        "ColStore", "Query", "Analytics", "ML", "Generator", "Plot",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "ecq-bench",
      dependencies: [
        "CKernels", "CZstd", "ColStore", "Query", "ML", "Plot",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .testTarget(name: "ColStoreTests", dependencies: ["ColStore", "CKernels"]),
    .testTarget(name: "QueryTests", dependencies: ["Query", "ColStore", "CKernels"]),
    .testTarget(name: "AnalyticsTests", dependencies: ["Analytics", "Query", "ColStore"]),
    .testTarget(name: "MLTests", dependencies: ["ML", "Query", "ColStore", "CKernels"]),
    .testTarget(name: "GeneratorTests", dependencies: ["Generator"]),
    .testTarget(
      name: "PlotTests", dependencies: ["Plot", "CCairo", "ColStore"], exclude: ["Golden"],
      linkerSettings: [.linkedLibrary("cairo")]),
    .testTarget(name: "SQLLogicTests", dependencies: ["Analytics", "Query", "ColStore"]),
    .testTarget(name: "ecqTests", dependencies: ["ecq", "Query", "ColStore"]),
  ],
  swiftLanguageModes: [.v6]
)
