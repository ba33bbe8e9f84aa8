extension StoreFooter {
  func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.append(varint: blockRows)
    writer.append(varint: columns.count)
    for column in columns { write(column, to: &writer) }
    writer.append(varint: clusterColumn.map { $0 + 1 } ?? 0)
    writer.append(varint: rowGroups.count)
    for group in rowGroups { write(group, to: &writer) }
    writer.append(varint: files.count)
    for file in files {
      writer.append(text: file.path)
      writer.append(littleEndian: file.contentHash)
      writer.append(varint: file.byteCount)
      writer.append(varint: file.rowCount)
      writer.append(varint: file.rejectedCount)
    }
    return writer.bytes
  }

  private func write(_ column: Column, to writer: inout ByteWriter) {
    writer.append(text: column.name)
    column.type.write(to: &writer)
    if let dictionary = column.dictionary {
      writer.append(UInt8(1))
      writer.append(varint: dictionary.entryCount)
      write(dictionary.segments, to: &writer)
    } else {
      writer.append(UInt8(0))
    }
    writer.append(varint: column.parent.map { $0 + 1 } ?? 0)
    if column.parent != nil { write(column.map, to: &writer) }
  }

  private func write(_ segments: [SegmentReference], to writer: inout ByteWriter) {
    writer.append(varint: segments.count)
    for segment in segments {
      writer.append(varint: segment.entryCount)
      segment.blob.write(to: &writer)
    }
  }

  private func write(_ group: RowGroup, to writer: inout ByteWriter) {
    writer.append(varint: group.rowCount)
    writer.append(varint: group.file.map { $0 + 1 } ?? 0)
    writer.append(UInt8(group.fileBlocks.isEmpty ? 0 : 1))
    for blob in group.fileBlocks { blob.write(to: &writer) }
    writer.append(varint: group.chunks.count)
    for chunk in group.chunks {
      writer.append(chunk.encoding.rawValue)
      write(chunk.overrides, to: &writer)
      write(chunk.valueCounts, to: &writer)
      for block in chunk.blocks {
        block.blob.write(to: &writer)
        block.statistics.write(to: &writer)
      }
    }
  }

  private func write(_ blob: BlobReference?, to writer: inout ByteWriter) {
    writer.append(UInt8(blob == nil ? 0 : 1))
    blob?.write(to: &writer)
  }
}

extension BlockStatistics {
  fileprivate func write(to writer: inout ByteWriter) {
    writer.append(varint: nullCount)
    writer.append(UInt8((range == nil ? 0 : 1) | (sum == nil ? 0 : 2)))
    if let range {
      writer.append(signed: range.least)
      writer.append(signed: range.greatest)
    }
    if let sum { writer.append(signed: sum) }
  }
}
