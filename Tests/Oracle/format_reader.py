"""A reader of stores in plain Python, written from docs/format.md and from nothing else of ecq.

usage: format_reader.py ECQ STORE...   compares each store's rows with those that `ecq query` prints
"""

import csv
import datetime
import io
import itertools
import struct
import subprocess
import sys
import uuid

import xxhash
import zstandard

TYPES = ["BOOLEAN", "INTEGER", "BIGINT", "DOUBLE", "DECIMAL", "TIMESTAMP", "DATE", "UUID", "VARCHAR"]


class Bytes:
    """A cursor over bytes."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        taken = self.data[self.at : self.at + count]
        assert len(taken) == count, "the data ends too early"
        self.at += count
        return taken

    def u8(self):
        return self.take(1)[0]

    def u64(self):
        return struct.unpack("<Q", self.take(8))[0]

    def varint(self):
        value = shift = 0
        while True:
            byte = self.u8()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    def signed(self):
        raw = self.varint()
        return raw >> 1 if raw % 2 == 0 else -(raw >> 1) - 1

    def text(self):
        return self.take(self.varint()).decode()


# Streams


def byte_stream(source, count):
    if count == 0:
        return b""
    kind = source.u8()
    if kind == 0:
        return bytes([source.u8()]) * count
    if kind == 1:
        return source.take(count)
    assert kind == 2, f"byte stream of kind {kind}"
    return zstandard.ZstdDecompressor().decompress(
        source.take(source.varint()), max_output_size=count
    )


def unzigzag(value, bits):
    difference = value >> 1 if value % 2 == 0 else -(value >> 1) - 1
    return difference % (1 << bits)


def planes(source, count, bits):
    reference, divisor, width = source.signed(), source.varint(), source.u8()
    quotients = [0] * count
    for plane in range(width):
        for index, byte in enumerate(byte_stream(source, count)):
            quotients[index] |= byte << (8 * plane)
    return [(reference + quotient * divisor) % (1 << bits) for quotient in quotients]


def bits_of(data, count):
    return [data[index // 8] >> (index % 8) & 1 for index in range(count)]


def integers(source, count, bits):
    """An integer stream, as unsigned numbers of `bits` bits."""
    if count == 0:
        return []
    kind = source.u8()
    limit = 1 << bits
    if kind == 0:
        return [source.signed() % limit] * count
    if kind == 1:
        return planes(source, count, bits)
    if kind == 2:
        values = [source.signed() % limit]
        for delta in planes(source, count - 1, bits) if count > 1 else []:
            values.append((values[-1] + unzigzag(delta, bits)) % limit)
        return values
    if kind == 3:
        runs = source.varint()
        lengths = integers(source, runs, 32)
        values = integers(source, runs, bits)
        return [value for value, length in zip(values, lengths) for _ in range(length)]
    if kind == 4:
        changes = bits_of(byte_stream(source, (count + 7) // 8), count)
        values = iter(integers(source, sum(changes), bits))
        result = []
        for change in changes:
            result.append(next(values) if change else result[-1])
        return result
    if kind == 5:
        greatest = source.signed()
        new = bits_of(byte_stream(source, (count + 7) // 8), count)
        others = iter(integers(source, count - sum(new), bits))
        result = []
        for is_new in new:
            greatest += is_new
            result.append(greatest % limit if is_new else next(others))
        return result
    assert kind == 6, f"integer stream of kind {kind}"
    reference, width = source.signed(), source.u8()
    packed = int.from_bytes(source.take((count * width + 7) // 8), "little")
    mask = (1 << width) - 1
    return [(reference + (packed >> (index * width) & mask)) % limit for index in range(count)]


def texts(source, count):
    lengths = integers(source, count, 32)
    content = io.BytesIO(byte_stream(source, sum(lengths)))
    return [content.read(length).decode() for length in lengths]


# The file


class Store:
    def __init__(self, path):
        with open(path, "rb") as file:
            self.file = file.read()
        footer = Bytes(self.footer())
        self.block_rows = footer.varint()
        self.columns = [self.read_column(footer) for _ in range(footer.varint())]
        self.cluster = footer.varint() - 1
        self.groups = [self.read_group(footer) for _ in range(footer.varint())]
        self.files = [
            (footer.text(), footer.u64(), footer.varint(), footer.varint(), footer.varint())
            for _ in range(footer.varint())
        ]
        assert footer.at == len(footer.data)
        self.dictionaries = [self.read_dictionary(column) for column in self.columns]
        self.maps = [self.read_map(column) for column in self.columns]

    def footer(self):
        best = None
        for offset in (0, 512):
            slot = self.file[offset : offset + 64]
            fields = struct.unpack("<8sIIQQQQQQ", slot)
            magic, version, _, generation, start, length, checksum, copy, own = fields
            if magic == b"ecqstore" and own == xxhash.xxh64_intdigest(slot[:56]) and version == 1:
                if best is None or generation > best[0]:
                    best = generation, (start, length, checksum), (copy, length, checksum)
        for blob in best[1:]:
            try:
                return self.blob(blob)
            except AssertionError:
                continue
        raise AssertionError("both footers are damaged")

    def blob(self, reference):
        start, length, checksum = reference
        data = self.file[start : start + length]
        assert xxhash.xxh64_intdigest(data) == checksum, "a checksum is wrong"
        return data

    @staticmethod
    def read_blob(source):
        return source.varint(), source.varint(), source.u64()

    def read_segments(self, source):
        return [(source.varint(), self.read_blob(source)) for _ in range(source.varint())]

    def read_column(self, source):
        name, kind = source.text(), TYPES[source.u8()]
        precision, scale = (source.u8(), source.u8()) if kind == "DECIMAL" else (0, 0)
        form = "word"
        if kind == "UUID" or (kind == "DECIMAL" and precision > 18):
            form = "wide"
        elif kind == "VARCHAR":
            form = "text"
        entries = segments = None
        if source.u8():
            entries, segments = source.varint(), self.read_segments(source)
        parent = source.varint() - 1
        mapped = self.read_segments(source) if parent >= 0 else None
        return dict(
            name=name, type=kind, scale=scale, form=form, entries=entries, segments=segments,
            parent=parent, map=mapped,
        )

    def read_group(self, source):
        rows = source.varint()
        blocks = (rows + self.block_rows - 1) // self.block_rows
        source.varint()
        if source.u8():
            for _ in range(blocks):
                self.read_blob(source)
        chunks = []
        for _ in range(source.varint()):
            encoding = source.u8()
            overrides = self.read_blob(source) if source.u8() else None
            if source.u8():
                self.read_blob(source)
            blobs, nulls = [], []
            for _ in range(blocks):
                blobs.append(self.read_blob(source))
                nulls.append(source.varint())
                flags = source.u8()
                if flags & 1:
                    source.signed(), source.signed()
                if flags & 2:
                    source.signed()
            chunks.append(dict(encoding=encoding, overrides=overrides, blobs=blobs, nulls=nulls))
        return dict(rows=rows, chunks=chunks)

    def read_dictionary(self, column):
        if column["segments"] is None:
            return None
        entries = [None]
        for count, blob in column["segments"]:
            source = Bytes(self.blob(blob))
            if column["form"] == "word":
                entries += integers(source, count, 64)
            elif column["form"] == "text":
                entries += texts(source, count)
            else:
                assert blob[0] % 4096 == 0
                entries += [int.from_bytes(source.take(16), "little") for _ in range(count)]
        assert len(entries) == column["entries"] and len(set(entries)) == len(entries)
        return entries

    def read_map(self, column):
        if column["map"] is None:
            return None
        bits = 32 if column["segments"] is not None else 64
        return list(
            itertools.chain.from_iterable(
                integers(Bytes(self.blob(blob)), count, bits) for count, blob in column["map"]
            )
        )

    # Rows

    def raw(self, group, number, block):
        """A block's codes, words, wides or texts, None for NULL where there are no codes."""
        column = self.columns[number]
        rows = min(self.block_rows, group["rows"] - block * self.block_rows)
        if number >= len(group["chunks"]):
            return [0 if column["segments"] is not None else None] * rows
        chunk = group["chunks"][number]
        source = Bytes(self.blob(chunk["blobs"][block]))
        valid = byte_stream(source, rows) if source.u8() else None
        bits = 32 if column["segments"] is not None else 64
        encoding = chunk["encoding"]
        if encoding == 0:
            values = integers(source, rows, bits)
        elif encoding == 1:
            codes = self.raw(group, self.cluster, block)
            runs = [len(list(run)) for _, run in itertools.groupby(codes)]
            heads = iter(integers(source, len(runs), 64))
            gaps = iter(integers(source, rows - len(runs), 64))
            values = []
            for run in runs:
                values.append(next(heads))
                for _ in range(run - 1):
                    values.append((values[-1] + unzigzag(next(gaps), 64)) % (1 << 64))
        elif encoding in (2, 5):
            expected = list(self.maps[number])
            if chunk["overrides"]:
                changes = Bytes(self.blob(chunk["overrides"]))
                count = changes.varint()
                for code, word in zip(integers(changes, count, 32), integers(changes, count, 64)):
                    expected[code] = word
            parents = self.raw(group, column["parent"], block)
            count = source.varint()
            at = integers(source, count, 32)
            exceptions = dict(zip(at, integers(source, count, bits)))
            values = []
            for row, parent in enumerate(parents):
                value = exceptions.get(row, expected[parent])
                if encoding == 5:
                    expected[parent] = value
                values.append(value)
        elif encoding == 3:
            low, high = integers(source, rows, 64), integers(source, rows, 64)
            values = [h << 64 | l for l, h in zip(low, high)]
        else:
            assert encoding == 4, f"chunk encoding {encoding}"
            values = texts(source, rows)
        assert source.at == len(source.data)
        if valid is not None:
            values = [value if ok else None for value, ok in zip(values, valid)]
        if column["segments"] is None:
            assert sum(value is None for value in values) == chunk["nulls"][block]
        return values

    def rows(self):
        for group in self.groups:
            for block in range((group["rows"] + self.block_rows - 1) // self.block_rows):
                columns = []
                for number, column in enumerate(self.columns):
                    values = self.raw(group, number, block)
                    if self.dictionaries[number] is not None:
                        values = [self.dictionaries[number][code] for code in values]
                    columns.append([shown(value, column) for value in values])
                yield from zip(*columns)


def shown(value, column):
    """A value as ecq prints it in CSV."""
    if value is None:
        return ""
    kind = column["type"]
    if kind == "VARCHAR":
        return value
    if kind == "UUID":
        return str(uuid.UUID(int=value ^ 1 << 127))
    if kind == "DOUBLE":
        return struct.unpack("<d", struct.pack("<Q", value))[0]
    number = value - (1 << 64) if column["form"] == "word" and value >> 63 else value
    if column["form"] == "wide" and value >> 127:
        number = value - (1 << 128)
    if kind == "BOOLEAN":
        return "true" if number else "false"
    if kind == "DATE":
        return str(datetime.date(1970, 1, 1) + datetime.timedelta(days=number))
    if kind == "TIMESTAMP":
        return str(datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=number))
    if kind == "DECIMAL" and column["scale"]:
        digits = str(abs(number)).rjust(column["scale"] + 1, "0")
        return ("-" if number < 0 else "") + digits[: -column["scale"]] + "." + digits[-column["scale"] :]
    return str(number)


def compare(ecq, path):
    """How many rows the reader and ecq agree on; they must on all."""
    store = Store(path)
    table = path.rsplit("/", 1)[-1].removesuffix(".ecq")
    printed = subprocess.run(
        [ecq, "query", path, f'SELECT * FROM "{table}"', "--format", "csv"],
        check=True, capture_output=True, text=True,
    ).stdout
    expected = list(csv.reader(io.StringIO(printed, newline="")))
    assert expected[0] == [column["name"] for column in store.columns]
    count = 0
    for own, theirs in itertools.zip_longest(store.rows(), expected[1:]):
        for mine, other in zip(own, theirs):
            same = float(other) == mine or mine != mine if isinstance(mine, float) else mine == other
            assert same, f"{path}: row {count}: {mine!r}, but ecq says {other!r}"
        count += 1
    return count


if __name__ == "__main__":
    total = sum(compare(sys.argv[1], path) for path in sys.argv[2:])
    print(f"format reader: {len(sys.argv) - 2} stores, {total} rows agree")
