import Glibc

/// The files of a folder whose names begin in some way.
enum FileNames {
  private static let filesMax = 2_000

  /// `path` is what was typed: a folder, if any, and the beginning of a name. Hidden files only where
  /// that begins with a dot.
  static func starting(with path: String) -> [String] {
    let folderEnd = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let folder = String(path[..<folderEnd])
    let beginning = path[folderEnd...]
    guard let entries = opendir(folder.isEmpty ? "." : expandingHome(folder)) else { return [] }
    defer { closedir(entries) }
    var names: [String] = []
    while names.count < filesMax, let entry = readdir(entries) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name.hasPrefix(beginning), name != ".", name != ".." else { continue }
      guard !name.hasPrefix(".") || beginning.hasPrefix(".") else { continue }
      names.append(folder + name + (isFolder(expandingHome(folder + name)) ? "/" : ""))
    }
    return names.sorted()
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// `~/x` in the folder of the user.
  static func expandingHome(_ path: String) -> String {
    guard path == "~" || path.hasPrefix("~/"), let home = environment("HOME") else { return path }
    return home + path.dropFirst()
  }
}
