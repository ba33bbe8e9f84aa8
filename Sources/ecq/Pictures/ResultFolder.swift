import ColStore
import Glibc
import Plot
import Query

/// A folder that takes the tables and pictures of an analysis; each file is whole or not there.
final class ResultFolder {
  struct File {
    var path: String
    var title: String
  }

  let path: String
  /// What was written, in this order.
  private(set) var files: [File] = []

  /// Makes the folder, and those above it, where they are missing.
  init(_ path: String) throws {
    self.path = path
    try makeFolder(path)
  }

  private func path(of name: String) -> String {
    path.hasSuffix("/") ? path + name : "\(path)/\(name)"
  }

  /// The path of a file that the caller writes.
  func file(_ name: String, title: String) -> String {
    files.append(File(path: path(of: name), title: title))
    return path(of: name)
  }

  /// What writes a table as `name.csv`.
  func sink(_ name: String, title: String) throws -> any ResultSink {
    let path = path(of: name + ".csv")
    files.append(File(path: path, title: title))
    return try CopyFiles().sink(path: path, format: CopyFormat(.csv))
  }

  /// SVG files are written up to this size; pictures of very many points are PNG alone.
  private static let svgBytesMax = 300_000

  /// Writes a chart as `name.png`, and as `name.svg` where that is small.
  ///
  /// - Parameter source: Where its data come from, for the line at the bottom.
  func write(_ chart: any Chart, _ name: String, title: String, source: String) throws {
    let picture = chart.picture(source: source)
    let path = path(of: name)
    try picture.write(to: path + ".png")
    files.append(File(path: path + ".png", title: title))
    let svg = try picture.svg()
    if svg.count <= ResultFolder.svgBytesMax {
      try WholeFile.write(svg, to: path + ".svg")
    } else {
      // What an earlier run left does not belong to this picture.
      unlink(path + ".svg")
    }
  }

  /// Says on standard error what was written.
  func tell() {
    for file in files { writeToStandardError("\(file.path): \(file.title)\n") }
  }
}
