import CKernels
import CZstd
import ColStore
import ML

/// From the bytes of a block to values.
enum DecodeKernels {
  static func all() -> [Kernel] {
    let rows = Kernel.rowCount
    let block = Kernel.rowsABlock
    var random = SplitMix64(seed: 1)
    // Skewed, as codes are that are given out by frequency.
    let codes = filled(rows) { _ in
      UInt32(min(random.next(below: 1 << 11), random.next(below: 1 << 11)))
    }
    let narrow = filled(rows) { UInt16(codes.pointer(UInt32.self)[$0]) }
    let planes = filled(rows * 2) { _ in UInt8(0) }
    let packed = filled(rows * 2) { _ in UInt8(0) }
    let packedBytes = block * 11 / 8 + 8
    for first in stride(from: 0, to: rows, by: block) {
      let values = codes.pointer(UInt32.self) + first
      ecq_split_planes_u32(values, block, 2, planes.pointer(UInt8.self) + first * 2)
      ecq_pack_bits_u32(
        values, block, 11, 0, packed.pointer(UInt8.self) + first / block * packedBytes)
    }
    let changes = filled(rows / 8) { _ in UInt8(truncatingIfNeeded: random.next() & random.next()) }
    let lengths = filled(rows / 4) { _ in UInt32(4) }
    let map = filled(1 << 11) { UInt64($0) }
    let output = filled(rows) { _ in UInt64(0) }
    let zstd = compressedPlanes(planes)

    return [
      Kernel("decode: 2 byte planes to 32 bits", .decode, bytesARow: 6) { blocks in
        Kernel.eachBlock(blocks) {
          ecq_join_planes_u32(
            planes.pointer(UInt8.self) + $0 * 2, block, 2, output.pointer(UInt32.self) + $0)
        }
      },
      Kernel("decode: 11 packed bits to 32 bits", .decode, bytesARow: 4 + 11 / 8.0) { blocks in
        Kernel.eachBlock(blocks) {
          ecq_unpack_bits_u32(
            packed.pointer(UInt8.self) + $0 / block * packedBytes, block, 11, 0,
            output.pointer(UInt32.self) + $0)
        }
      },
      Kernel("decode: same as before, a quarter changes", .decode, bytesARow: 4 + 1 + 1 / 8.0) {
        Kernel.eachBlock($0) {
          ecq_expand_repeats_u32(
            codes.pointer(UInt32.self) + $0 / 4, changes.pointer(UInt8.self) + $0 / 8, block,
            output.pointer(UInt32.self) + $0)
        }
      },
      Kernel("decode: runs of 4", .decode, bytesARow: 4 + 2) { blocks in
        Kernel.eachBlock(blocks) {
          ecq_expand_runs_u32(
            codes.pointer(UInt32.self) + $0 / 4, lengths.pointer(UInt32.self) + $0 / 4, block / 4,
            output.pointer(UInt32.self) + $0)
        }
      },
      Kernel("decode: differences, in place", .decode, bytesARow: 8) { blocks in
        Kernel.eachBlock(blocks) { ecq_add_deltas_u32(output.pointer(UInt32.self) + $0, block) }
      },
      Kernel("decode: 16 bits to 32", .decode, bytesARow: 6) { blocks in
        Kernel.eachBlock(blocks) {
          ecq_widen_u32(
            narrow.pointer(UInt16.self) + $0, block, 2, output.pointer(UInt32.self) + $0)
        }
      },
      Kernel("decode: codes to 64-bit values of a dictionary", .decode, bytesARow: 12) { blocks in
        Kernel.eachBlock(blocks) {
          ecq_gather_u64(
            map.pointer(UInt64.self), codes.pointer(UInt32.self) + $0, block,
            output.pointer(UInt64.self) + $0)
        }
      },
      Kernel(
        "decode: zstd of 2 byte planes", .decode,
        bytesARow: 2 + Double(zstd.size) / Double(rows)
      ) { blocks in
        guard let context = ZSTD_createDCtx() else { return }
        defer { ZSTD_freeDCtx(context) }
        for number in blocks {
          let place = zstd.places[number]
          let written = ZSTD_decompressDCtx(
            context, output.pointer(UInt64.self) + number * block, block * 2,
            zstd.bytes.base + place.lowerBound,
            place.count)
          precondition(written == block * 2, "what was compressed can be decompressed")
        }
      },
    ]
  }

  private struct Compressed: Sendable {
    let bytes: Buffer
    let places: [Range<Int>]
    var size: Int { places.last?.upperBound ?? 0 }
  }

  private static func compressedPlanes(_ planes: Buffer) -> Compressed {
    let length = Kernel.rowsABlock * 2
    let count = Kernel.rowCount / Kernel.rowsABlock
    let room = ZSTD_compressBound(length)
    let bytes = Buffer(byteCount: room * count)
    var places: [Range<Int>] = []
    var end = 0
    for number in 0..<count {
      let size = ZSTD_compress(bytes.base + end, room, planes.base + number * length, length, 3)
      places.append(end..<end + size)
      end += size
    }
    return Compressed(bytes: bytes, places: places)
  }
}
