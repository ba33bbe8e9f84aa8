"""Random SQL expressions of a wanted type."""

import re
from dataclasses import dataclass

import functions

STORED = "BLNXDTSU"
NUMBERS = "ILNX"
HOLE = re.compile(r"\{(\w|=)\}|<(\w+)>")
TABLE = {kind: functions.parsed(text) for kind, text in functions.FUNCTIONS.items()}
# `|` between numbers is an operator, which the table's own separator hides.
TABLE["L"] = [t for t in TABLE["L"] if t not in ("{L}",)] + ["({L} | {L})"]
TABLE["I"] = [t for t in TABLE["I"] if t not in ("{I}",)] + ["({I} | {I})"]
NAMES = {"S": ["g"], "k": ["k"]}


@dataclass
class Node:
    """A template whose holes are filled by other nodes."""

    kind: str
    parts: list  # texts and nodes in turn

    def text(self):
        return "".join(p if isinstance(p, str) else p.text() for p in self.parts)

    def nodes(self):
        """All nodes of the tree, the smallest first."""
        below = [node for part in self.parts if isinstance(part, Node) for node in part.nodes()]
        return below + [self]


class Generator:
    """Draws expressions over `columns`: (text, type letter) each."""

    def __init__(self, source, columns):
        self.source = source
        self.columns = columns

    def pick(self, values):
        return self.source.choice(values)

    def expression(self, kind, depth):
        kind = self.concrete(kind)
        if depth <= 0 or self.source.random() < 0.15:
            return self.leaf(kind)
        template = self.pick(TABLE[kind])
        return self.filled(template, kind, depth - 1, wrap=True)

    def concrete(self, kind):
        if kind == "m":
            return self.pick(NUMBERS)
        if kind == "a":
            return self.pick(STORED)
        return kind

    def leaf(self, kind):
        matching = [text for text, letter in self.columns if letter == kind]
        if matching and self.source.random() < 0.8:
            return Node(kind, [self.pick(matching)])
        if kind == "I" and self.source.random() < 0.5:
            longs = [text for text, letter in self.columns if letter == "L" and not text.endswith("j")]
            if longs:
                return Node(kind, [f"CAST({self.pick(longs)} AS INTEGER)"])
        if kind == "C" or kind == "V":
            times = [text for text, letter in self.columns if letter == "T"]
            if times and self.source.random() < 0.6:
                column = self.pick(times)
                return Node(kind, [f"CAST({column} AS TIME)" if kind == "C" else f"({column} - TIMESTAMP '2019-10-01')"])
        if kind in "YZ" and self.source.random() < 0.7:
            wanted = [text for text, letter in self.columns if letter == ("S" if kind == "Y" else "L")]
            if wanted:
                column = self.pick(wanted)
                return Node(kind, [f"string_split({column}, 'a')" if kind == "Y" else f"[{column}, 2, {column}]"])
        return Node(kind, [self.pick(functions.LITERALS[kind])])

    def filled(self, template, kind, depth, wrap=False, extra=None):
        """The template with its holes filled; `extra` gives texts for holes of other letters."""
        parts, at, last = [], 0, None
        for hole in HOLE.finditer(template):
            parts.append(template[at : hole.start()])
            at = hole.end()
            letter, pool = hole.groups()
            if pool:
                parts.append(self.pick(functions.POOLS[pool]))
            elif extra and letter in extra:
                parts.append(extra[letter]())
            elif letter == "=" and last is not None:
                parts.append(last.text())
            else:
                last = self.expression(letter, depth)
                parts.append(last)
        parts.append(template[at:])
        if wrap and not re.fullmatch(r"\w+\(.*\)", template):
            parts = ["("] + parts + [")"]
        return Node(kind, parts)
