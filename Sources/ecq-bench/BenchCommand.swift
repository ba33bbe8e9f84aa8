import ArgumentParser

/// What the comparison with the peers (`make bench`) needs beside `ecq` itself.
@main
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ecq-bench",
    abstract: "Measures ecq's kernels and draws the pictures of its benchmarks.",
    subcommands: [KernelsCommand.self, DrawCommand.self])
}
