import ColStore

/// A step of the pipeline: a command line of this program, and what it reads and makes.
struct PipelineStep {
  /// Also the name of its folder, where it has one.
  let name: String
  /// In plain words, for people who wait.
  let title: String
  let arguments: [String]
  /// Stores that it reads.
  var inputs: [String] = []
  /// Files that must be there for the step to be done.
  let outputs: [String]
  /// What else decides the result.
  var circumstances = ""
  /// A store that the command would add to, and that is to be made anew instead.
  var replacedStore: String?

  /// Equal where the step would do the same again.
  ///
  /// - Throws: ``StoreError`` where an input cannot be read.
  var key: String {
    get throws(StoreError) {
      var parts = [productVersion, circumstances] + arguments
      for input in inputs { parts.append(String(try Store(path: input).fingerprint)) }
      return String(contentHash(of: parts.joined(separator: "\u{1f}")), radix: 16)
    }
  }
}
