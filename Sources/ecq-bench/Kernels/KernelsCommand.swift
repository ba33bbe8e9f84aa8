import ArgumentParser
import ColStore
import Foundation

struct KernelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernels",
    abstract: "Measures the inner loops beside the memory's bandwidth, a JSON line each.")

  @Option(help: "Only kernels whose name contains this.")
  var only: String?

  private struct Line: Encodable {
    let name: String
    let kind: String
    let threads: Int
    let seconds: Double
    let bytesPerSecond: Double
    let items: String
    let itemsPerSecond: Double
  }

  func run() throws {
    let families: [() -> [Kernel]] = [
      BandwidthKernels.all, DecodeKernels.all, FilterKernels.all, AggregateKernels.all,
      TrainKernels.all, ParseKernels.all,
    ]
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.keyEncodingStrategy = .convertToSnakeCase
    for family in families {
      // The data of a family are freed with it.
      for kernel in family() where only.map(kernel.name.contains) ?? true {
        for threads in Set([1, availableProcessors]).sorted() {
          let seconds = try kernel.measure(threads: threads)
          let line = Line(
            name: kernel.name, kind: kernel.kind.rawValue, threads: threads, seconds: seconds,
            bytesPerSecond: Double(kernel.byteCount) / seconds, items: kernel.items,
            itemsPerSecond: Double(kernel.itemCount) / seconds)
          print(String(decoding: try encoder.encode(line), as: UTF8.self))
        }
      }
    }
  }
}
