/// Appending leaves bytes that nothing points to: old footers, and segments that were written anew.
/// Where they are more than half of a store, what is alive is copied to a new file in its place.
enum Compaction {
  /// So much may be dead in any store.
  private static let deadBytesMin = 4 << 20

  static func pays(_ footer: StoreFooter, fileBytes: Int) -> Bool {
    let live = footer.liveByteCount
    return fileBytes - live > max(live, deadBytesMin)
  }

  /// Writes the store of `footer`, whose blobs lie in the file at `path`, to a new file that
  /// replaces it.
  static func run(_ footer: StoreFooter, path: String) throws(StoreError) -> StoreFile {
    let source = try MappedFile(path: path)
    let target = try StoreFile(creating: path, replaces: true)
    var moved = footer
    try moved.updateBlobs { blob, place throws(StoreError) in
      if place.isAligned(in: footer) { target.align(to: wideSegmentAlignment) }
      return try target.append(source.blob(blob))
    }
    try target.commit(moved)
    return target
  }
}
