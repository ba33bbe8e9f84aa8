/// What a store holds and where: the directory at the file's end.
struct StoreFooter: Sendable {
  struct Column: Sendable {
    var name: String
    var type: DataType
    var dictionary: DictionaryReference?
    /// The column that determines this one, and the map from its codes.
    var parent: Int?
    var map: [SegmentReference] = []
  }

  /// The distinct values of a column; `entryCount` counts NULL's entry 0, which is not stored.
  struct DictionaryReference: Sendable {
    var entryCount: Int
    var segments: [SegmentReference]
  }

  /// Consecutive entries of a dictionary or a map.
  struct SegmentReference: Sendable {
    var entryCount: Int
    var blob: BlobReference
  }

  struct RowGroup: Sendable {
    var rowCount: Int
    /// The loaded file that the rows came from; nil where they came from several, or from none.
    var file: Int?
    /// A block's rows' files, where they came from several.
    var fileBlocks: [BlobReference] = []
    /// One chunk a column; columns that are newer than the row group have none: all NULL.
    var chunks: [Chunk]
  }

  struct Chunk: Sendable {
    var encoding: ChunkEncoding
    /// For derived columns: what differs from the column's map throughout this row group.
    var overrides: BlobReference?
    /// For dictionary columns with few values: how many rows of each block have which.
    var valueCounts: BlobReference?
    var blocks: [Block]
  }

  struct Block: Sendable {
    var blob: BlobReference
    var statistics: BlockStatistics
  }

  /// An entry of the ledger of loaded files.
  struct File: Equatable, Sendable {
    var path: String
    /// Of the header's names and of all bytes after it.
    var contentHash: UInt64
    /// Of the file as it lay on disk; 0 where that is not known.
    var byteCount: Int
    var rowCount: Int
    var rejectedCount: Int
  }

  var columns: [Column] = []
  var clusterColumn: Int?
  var rowGroups: [RowGroup] = []
  var files: [File] = []
  /// Rows of every block but a row group's last.
  var blockRows = blockRowsMax
}

/// How a column chunk is stored. The numbers are part of the format: append only.
enum ChunkEncoding: UInt8, Sendable {
  /// Dictionary codes or words as integer streams.
  case integers = 0
  /// Words whose differences are taken within clusters, and between the clusters' first rows.
  case clusteredDelta = 1
  /// The parent's map, and exceptions.
  case derived = 2
  /// 128-bit values as they are.
  case wides = 3
  /// Texts: lengths and bytes.
  case texts = 4
  /// As derived; an exception holds for the later rows of its block with the same parent too.
  case derivedCarried = 5
}
