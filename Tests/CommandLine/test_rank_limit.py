"""Of each partition the first few rows are found without sorting the others; they are those of the whole window."""

import csv
import io

from support import CommandLineTest, ecq

ROWS = 150_000
# Partition and order, and a function whose results do not depend on how ties are broken.
WINDOWS = [
    ("row_number()", "PARTITION BY k ORDER BY v % 1000 DESC, v"),
    ("row_number()", "PARTITION BY s, k % 3 ORDER BY t DESC, v"),
    ("row_number()", "ORDER BY d DESC NULLS LAST, v"),
    ("rank()", "PARTITION BY k ORDER BY v % 1000"),
    ("rank()", "PARTITION BY s ORDER BY d NULLS FIRST"),
    ("dense_rank()", "PARTITION BY k ORDER BY s DESC, v % 10"),
    ("dense_rank()", "PARTITION BY hour(t) ORDER BY t"),
]


class RankLimit(CommandLineTest):
    @classmethod
    def rows(cls):
        yield "k,v,s,d,t"
        for i in range(ROWS):
            k = "" if i % 97 == 0 else i * 7919 % 211
            s = "" if i % 31 == 0 else f"s{i * 31 % 53}"
            d = ["nan", "", "-0.0", f"{i * 7 % 9_991 / 4}e0"][min(i % 40, 3)]
            second = i * 13 % 86_399
            yield f"{k},{i},{s},{d},2019-10-01 {second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"

    def setUp(self):
        super().setUp()
        path = self.path("rows.csv")
        path.write_text("\n".join(self.rows()) + "\n")
        self.table = self.path("rows.ecq")
        self.done(ecq("ingest", path, "--into", self.table))

    def answer(self, sql, *options):
        output = self.done(ecq("query", self.table, sql, "--format", "csv", *options))
        return list(csv.DictReader(io.StringIO(output)))

    def test_first_of_each_partition(self):
        for function, window in WINDOWS:
            numbered = f"SELECT v, {function} OVER ({window}) AS r FROM rows"
            every = self.answer(f"{numbered} ORDER BY v")
            for limit in (1, 2, 7, 64):
                with self.subTest(function=function, window=window, limit=limit):
                    wanted = [row for row in every if int(row["r"]) <= limit]
                    found = self.answer(f"SELECT * FROM ({numbered}) WHERE r <= {limit} ORDER BY v")
                    self.assertEqual(found, wanted)
                    self.assertEqual(
                        self.answer(f"SELECT * FROM ({numbered}) WHERE r = {limit} ORDER BY v", "--threads", "1"),
                        [row for row in wanted if int(row["r"]) == limit],
                    )

    def test_under_a_memory_limit(self):
        sql = "SELECT v FROM rows QUALIFY rank() OVER (PARTITION BY s ORDER BY v % 5000 DESC) <= 2 ORDER BY v"
        self.assertEqual(self.answer(sql, "--memory-limit", "64MB"), self.answer(sql))
