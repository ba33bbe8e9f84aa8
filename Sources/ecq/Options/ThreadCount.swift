import ArgumentParser
import ColStore

/// A number of threads, at least 1.
struct ThreadCount: ExpressibleByArgument {
  let count: Int

  static let automatic = ThreadCount(count: availableProcessors)
  private static let countMax = 1024

  init(count: Int) { self.count = count }

  init?(argument: String) {
    guard let count = Int(argument), count >= 1 else { return nil }
    self.count = min(count, Self.countMax)
  }

  var defaultValueDescription: String { "all processors" }
}
