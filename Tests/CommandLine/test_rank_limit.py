"""Of each partition the first few rows are found without sorting the others; they are those of the whole window."""

from support import CommandLineTest, mixed_lines

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
    def setUp(self):
        super().setUp()
        self.stored = self.table(mixed_lines(ROWS, 211, 53, 9_991))

    def test_first_of_each_partition(self):
        for function, window in WINDOWS:
            numbered = f"SELECT v, {function} OVER ({window}) AS r FROM rows"
            every = self.answer(self.stored, f"{numbered} ORDER BY v")
            for limit in (1, 2, 7, 64):
                with self.subTest(function=function, window=window, limit=limit):
                    wanted = [row for row in every if int(row["r"]) <= limit]
                    found = self.answer(self.stored, f"SELECT * FROM ({numbered}) WHERE r <= {limit} ORDER BY v")
                    self.assertEqual(found, wanted)
                    self.assertEqual(
                        self.answer(self.stored, f"SELECT * FROM ({numbered}) WHERE r = {limit} ORDER BY v", "--threads", "1"),
                        [row for row in wanted if int(row["r"]) == limit],
                    )

    def test_under_a_memory_limit(self):
        sql = "SELECT v FROM rows QUALIFY rank() OVER (PARTITION BY s ORDER BY v % 5000 DESC) <= 2 ORDER BY v"
        self.assertEqual(self.answer(self.stored, sql, "--memory-limit", "64MB"), self.answer(self.stored, sql))
