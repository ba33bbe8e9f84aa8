/// What went wrong with a file of ours or of the user's, and where.
public struct StoreError: Error, Sendable, CustomStringConvertible {
  /// One sentence: what is wrong.
  public let message: String
  /// `file`, `file:line` or `file:line:column`, or a place inside a store; empty where there is none.
  public let place: String

  /// Whether the work ended because it was told to.
  public private(set) var isCancellation = false

  static func cancelled(_ place: String) -> StoreError {
    var error = StoreError("interrupted", at: place)
    error.isCancellation = true
    return error
  }

  public init(_ message: String, at place: String = "") {
    self.message = message
    self.place = place
  }

  public var description: String { place.isEmpty ? message : "\(place): \(message)" }
}
