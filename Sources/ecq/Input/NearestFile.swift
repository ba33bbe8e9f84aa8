import ColStore

/// The file beside `path` that was most likely meant, where there is none of that name.
func nearestFile(to path: String) -> String? {
  guard !path.isEmpty, !fileExists(path) else { return nil }
  let parts = path.split(separator: "/", omittingEmptySubsequences: false)
  let folder = parts.dropLast().map { "\($0)/" }.joined()
  let name = parts.last.map { String($0) } ?? path
  let files = FileNames.starting(with: folder).filter { !$0.hasSuffix("/") }
  let names = files.map { String($0.dropFirst(folder.count)) }
  // Of equally near names, one of the same kind.
  let kind = name.split(separator: ".").last ?? ""
  let alike = names.filter { $0.hasSuffix(".\(kind)") }
  return (nearestName(to: name, among: alike) ?? nearestName(to: name, among: names))
    .map { folder + $0 }
}
