/// Why a model cannot be trained, applied or judged.
public struct ModelError: Error, Sendable, CustomStringConvertible {
  /// One sentence: what is wrong.
  public let description: String

  public init(_ description: String) { self.description = description }
}
