import Query

extension Analysis {
  /// What writes the analysis's tables to standard output and to a folder.
  ///
  /// - Parameters:
  ///   - path: The folder; nil: none.
  ///   - isPrinting: Whether tables are printed.
  func reporter(
    _ command: String, folder path: String?, printing isPrinting: Bool = true,
    _ results: ResultOptions
  ) throws -> AnalysisReporter {
    var output: (OutputStream, any ResultSink)?
    if isPrinting {
      let stream = OutputStream.standardOutput()
      output = (stream, results.makeSink(to: stream))
    }
    return AnalysisReporter(
      analysis: self, folder: try path.map { try ResultFolder($0) }, output: output,
      command: command)
  }
}
