"""Every type in every format, read back by parsers that are not ours."""

import csv
import decimal
import html.parser
import io
import json
import re
import unicodedata

from support import CommandLineTest, ecq

NASTY = "a,b;\t|\\ \"q\" 'x' <b>&amp;\r\n日本語 e\u0301 👨‍👩‍👧"
LITERAL = "E'" + NASTY.replace("\\", "\\\\").replace("'", "\\'").replace("\t", "\\t").replace("\r\n", "\\r\\n") + "'"

# (expression, its type, the text of CSV, the value of JSON)
VALUES = [
    ("true", "boolean", "true", True),
    ("CAST(-7 AS INTEGER)", "integer", "-7", -7),
    ("9223372036854775807", "bigint", "9223372036854775807", 9223372036854775807),
    ("12345678901234567890123456789012345678", "decimal(38,0)", "12345678901234567890123456789012345678",
     12345678901234567890123456789012345678),
    ("CAST(-0.10 AS DECIMAL(9,2))", "decimal(9,2)", "-0.10", decimal.Decimal("-0.10")),
    ("CAST(1.5 AS DECIMAL(18,4))", "decimal(18,4)", "1.5000", decimal.Decimal("1.5000")),
    ("0.1e0", "double", "0.1", decimal.Decimal("0.1")),
    ("1e300", "double", "1e+300", decimal.Decimal("1e300")),
    ("DATE '2019-10-01'", "date", "2019-10-01", "2019-10-01"),
    ("TIMESTAMP '2019-10-01 01:02:03.25'", "timestamp", "2019-10-01 01:02:03.25", "2019-10-01 01:02:03.25"),
    ("CAST('01:02:03' AS TIME)", "time", "01:02:03", "01:02:03"),
    ("INTERVAL '1 month 2 days'", "interval", "1 month 2 days", "1 month 2 days"),
    ("CAST('0123abcd-0000-4000-8000-00000000ffff' AS UUID)", "uuid", "0123abcd-0000-4000-8000-00000000ffff",
     "0123abcd-0000-4000-8000-00000000ffff"),
    (LITERAL, "varchar", NASTY, NASTY),
    ("''", "varchar", "", ""),
    ("'NULL'", "varchar", "NULL", "NULL"),
    ("[1, NULL, 3]", "integer[]", "[1, NULL, 3]", [1, None, 3]),
    ("['a', 'b']", "varchar[]", "[a, b]", ["a", "b"]),
    ("map(['k'], [9007199254740993])", "map(varchar, bigint)", "{k=9007199254740993}", {"k": 9007199254740993}),
    ("NULL", None, None, None),
]
NAMES = [f"c{index}" for index in range(len(VALUES))]
SELECT = "SELECT " + ", ".join(f"{value[0]} AS {name}" for name, value in zip(NAMES, VALUES))
TEXTS = [value[2] for value in VALUES]


def shown(text):
    """A text as it is displayed: what would break a line is an escape."""
    return "NULL" if text is None else text.replace("\t", "\\t").replace("\r", "\\r").replace("\n", "\\n")


def width(text):
    """Columns that a terminal gives to a text without clusters."""
    return sum(
        0 if unicodedata.combining(c) or c == "\u200d" else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text)


class Cells(html.parser.HTMLParser):
    """The texts of <th> and <td>, row by row."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.open = [], None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.open = ""

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.rows[-1].append(self.open)
            self.open = None

    def handle_data(self, data):
        if self.open is not None:
            self.open += data


def markdown_rows(text):
    """Cells of a table of GitHub-flavoured Markdown."""
    rows = []
    for line in text.rstrip("\n").split("\n"):
        cells = re.split(r"(?<!\\)(?:\\\\)*\|", line)
        rows.append([re.sub(r"\\([\\|])", r"\1", cell.strip(" ")) for cell in cells[1:-1]])
    return rows


class Types(CommandLineTest):
    def query(self, form, *more, sql=SELECT):
        return self.done(ecq("query", sql, "--format", form, *more))

    def test_csv_and_tsv(self):
        for form, delimiter in (("csv", ","), ("tsv", "\t")):
            text = self.query(form)
            header, row = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            self.assertEqual(header, NAMES)
            self.assertEqual(row, ["" if cell is None else cell for cell in TEXTS])
            # NULL is nothing, and the empty text two quotes.
            fields = text.split("\n", 1)[1]
            self.assertIn(f'{delimiter}""{delimiter}', fields)
            self.assertTrue(fields.endswith(delimiter + "\n"))

    def test_json(self):
        for form in ("json", "jsonl"):
            parsed = json.loads(self.query(form), parse_float=decimal.Decimal)
            row = parsed[0] if form == "json" else parsed
            self.assertEqual(list(row), NAMES)
            for name, (expression, _, _, value) in zip(NAMES, VALUES):
                self.assertEqual(row[name], value, expression)
                self.assertEqual(type(row[name]), type(value), expression)

    def test_large_numbers_as_strings(self):
        row, = json.loads(self.query("json", "--json-bigint", "string"), parse_float=decimal.Decimal)
        by_type = {value[1]: row[name] for name, value in zip(NAMES, VALUES)}
        self.assertEqual(by_type["bigint"], "9223372036854775807")
        self.assertEqual(by_type["decimal(38,0)"], "12345678901234567890123456789012345678")
        self.assertEqual(by_type["decimal(18,4)"], "1.5000")
        self.assertEqual(by_type["map(varchar, bigint)"], {"k": "9007199254740993"})
        self.assertEqual(by_type["integer"], -7)
        self.assertEqual(by_type["decimal(9,2)"], decimal.Decimal("-0.10"))
        self.fails(ecq("query", "SELECT 1", "--json-bigint", "text"), 2, "json-bigint", "number", "string")

    def test_markdown(self):
        header, rule, row = markdown_rows(self.query("markdown"))
        self.assertEqual(header, NAMES)
        self.assertTrue(all(re.fullmatch("---|--:", cell) for cell in rule))
        for cell, text, expression in zip(row, TEXTS, VALUES):
            expected = "NULL" if text is None else text.replace("\r", " ").replace("\n", "<br>")
            self.assertEqual(cell, expected.strip(" "), expression[0])

    def test_html(self):
        cells = Cells(self.query("html"))
        self.assertEqual(cells.rows[0], NAMES)
        self.assertEqual(cells.rows[1], ["NULL" if text is None else text for text in TEXTS])

    def test_line(self):
        lines = self.query("line").rstrip("\n").split("\n")
        pairs = [line.lstrip(" ").split(" = ", 1) for line in lines]
        self.assertEqual([name for name, _ in pairs], NAMES)
        self.assertEqual([text for _, text in pairs], [shown(text) for text in TEXTS])

    def test_table(self):
        lines = self.query("table").rstrip("\n").split("\n")
        self.assertEqual(lines[-1], "1 row, 20 columns")
        names, types, row = ([cell.strip(" ") for cell in lines[at].split("│")[1:-1]] for at in (1, 2, 4))
        self.assertEqual(names, NAMES)
        for at, (expression, type_name, text, _) in enumerate(VALUES):
            if type_name:
                self.assertEqual(types[at], type_name, expression)
            self.assertEqual(row[at], shown(text), expression)
        # Numbers are at the right, everything else at the left.
        boxes = lines[4].split("│")[1:-1]
        self.assertTrue(boxes[1].endswith("-7 ") and boxes[13].startswith(" a,b;"))

    def test_tables_stand_in_columns_whatever_the_script(self):
        sql = "VALUES ('日本語', 1), ('e\u0301tude', 22), ('한국', 333), ('plain', 4), (NULL, 5)"
        lines = self.query("table", sql=sql).rstrip("\n").split("\n")[:-1]
        self.assertEqual({width(line) for line in lines}, {width(lines[0])})

    def test_the_same_name_twice(self):
        sql = "SELECT 1 AS a, 2 AS a"
        self.assertEqual(self.query("csv", sql=sql), "a,a\n1,2\n")
        self.assertEqual(self.query("json", sql=sql), '[{"a":1,"a_1":2}]\n')

    def test_no_rows_and_several_results(self):
        none = "SELECT 1 AS a WHERE false"
        expected = {
            "csv": "a\n", "tsv": "a\n", "json": "[]\n", "jsonl": "", "line": "",
            "markdown": "| a |\n| --: |\n",
            "html": "<table>\n<thead>\n<tr><th>a</th></tr>\n</thead>\n<tbody>\n</tbody>\n</table>\n",
        }
        for form, text in expected.items():
            self.assertEqual(self.query(form, sql=none), text, form)
            two = self.query(form, sql=f"{none}; SELECT 7 AS b")
            self.assertIn("7", two)
        self.assertEqual(len(Cells(self.query("html", sql=f"{none}; SELECT 7 AS b")).rows), 3)
        self.assertIn("0 rows, 1 column", self.query("table", sql=none))
