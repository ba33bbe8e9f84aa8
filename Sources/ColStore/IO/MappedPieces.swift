import Glibc

/// Pieces of a file that follow each other in memory though not in the file: pages are mapped, none
/// is copied.
final class MappedPieces: @unchecked Sendable {
  /// Where the first piece starts; the page before it is readable too.
  let start: UnsafeRawPointer
  private let region: UnsafeMutableRawPointer
  private let regionBytes: Int

  /// nil where pieces but the last are no whole pages, or the system cannot map them so.
  init?(_ pieces: [BlobReference], of file: MappedFile) {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    guard !pieces.isEmpty, pieces.allSatisfy({ $0.offset % page == 0 }),
      pieces.dropLast().allSatisfy({ $0.byteCount % page == 0 })
    else { return nil }
    let byteCount = pieces.reduce(0) { $0 + $1.byteCount }
    regionBytes = page + (byteCount + page - 1) / page * page
    guard
      let region = mmap(nil, regionBytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      region != MAP_FAILED
    else { return nil }
    self.region = region
    start = UnsafeRawPointer(region + page)
    var at = page
    for piece in pieces where piece.byteCount > 0 {
      let mapped = mmap(
        region + at, piece.byteCount, PROT_READ, MAP_SHARED | MAP_FIXED, file.descriptor,
        off_t(piece.offset))
      guard mapped != MAP_FAILED else {
        munmap(region, regionBytes)
        return nil
      }
      at += piece.byteCount
    }
  }

  deinit { munmap(region, regionBytes) }
}
