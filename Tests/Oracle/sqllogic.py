"""Reads the files of Tests/slt (the format is described in Tests/SQLLogicTests/SQLLogicFile.swift)."""

from dataclasses import dataclass, field


@dataclass
class Record:
    line: int  # of the directive, from 1
    kind: str  # "ok", "error", "query", "load"
    words: list[str]
    sql: str = ""
    expected: list[str] = field(default_factory=list)
    only_ecq: bool = False
    first: int = 0  # index of the first line of the expected rows
    last: int = 0  # behind their last line


def read(path):
    lines = path.read_text(encoding="utf-8").split("\n")
    records, at, only_ecq, before = [], 0, False, ""
    while at < len(lines):
        words = lines[at].split(" ")
        at += 1
        if words[0] in ("", "#") or words[0].startswith("#"):
            continue
        if words[0] == "skipif":
            only_ecq = words[1] == "duckdb"
            continue
        if words[0] == "with":
            end = lines.index("", at)
            before = "WITH " + "\n".join(lines[at:end]) + "\n"
            at = end
            continue
        record = Record(at, words[0], words, only_ecq=only_ecq)
        only_ecq = False
        if words[0] == "statement":
            record.kind = words[1]
        if words[0] in ("statement", "query"):
            end = at
            mark = "----" if words[0] == "query" else ""
            while end < len(lines) and lines[end] != mark:
                end += 1
            record.sql = (before if words[0] == "query" else "") + "\n".join(lines[at:end])
            at = end + 1
        if words[0] == "query":
            record.first = at
            while at < len(lines) and lines[at] != "":
                at += 1
            record.last = at
            record.expected = lines[record.first : record.last]
        records.append(record)
    return lines, records
