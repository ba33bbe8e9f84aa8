"""Answers from block statistics are those of the rows: over many blocks and row groups, which time
ranges cover, cut and miss."""

import tempfile
import unittest

from support import ecq

STATEMENTS = """
SELECT event_type, count(*) FROM t GROUP BY 1
SELECT event_type, count(*), count(brand) FROM t WHERE event_time >= TIMESTAMP '2019-11-01' GROUP BY 1
SELECT event_type, count(*) FROM t WHERE event_time < TIMESTAMP '2019-10-15 12:00:00' GROUP BY 1
SELECT count(*), sum(price), avg(price), min(price), max(event_time), avg(user_id) FROM t
SELECT count(*), sum(price), avg(price), min(price) FROM t WHERE event_time < TIMESTAMP '2019-11-20'
SELECT count(*), count(brand), count(DISTINCT category_code) FROM t WHERE event_type = 'purchase'
SELECT count(DISTINCT category_code), count(DISTINCT event_type) FROM t WHERE event_time >= DATE '2019-11-10'
SELECT category_code, count(*) FROM t WHERE category_code LIKE '%phone%' GROUP BY 1
SELECT split_part(category_code, '.', 1) AS c, count(*), count(DISTINCT category_code) FROM t GROUP BY 1
SELECT brand, count(*), min(brand), max(upper(brand)) FROM t WHERE brand LIKE 's%' GROUP BY 1
SELECT brand, count(*) FROM t WHERE brand > 'x' AND event_time >= DATE '2019-11-01' GROUP BY 1
SELECT category_id, count(*), sum(category_id), avg(category_id) FROM t GROUP BY 1
SELECT category_code, count(*), sum(CASE WHEN event_type = 'purchase' THEN price ELSE 0 END) FROM t GROUP BY 1
SELECT category_code, count(*), max(CASE WHEN event_type = 'purchase' THEN price END) FROM t GROUP BY 1
SELECT category_code, count(*), sum(CASE WHEN event_type = 'view' THEN price END) FROM t GROUP BY 1
SELECT sum(CASE WHEN event_type = 'view' THEN 1 ELSE 0 END), count_if(event_type = 'cart') FROM t
SELECT count(*) FILTER (WHERE event_type = 'cart'), min(event_type) FROM t WHERE event_type <> 'view'
SELECT category_code FROM t WHERE category_code IS NULL GROUP BY 1
SELECT event_type, count(*), sum(price) FROM t WHERE event_time > DATE '2030-01-01' GROUP BY 1
SELECT user_id, count(*), sum(price), max(event_time) FROM t WHERE event_type = 'purchase' GROUP BY 1
SELECT extract(hour FROM event_time), minute(event_time), dayofweek(event_time), count(*) FROM t GROUP BY ALL ORDER BY ALL
SELECT user_session, count(*) FROM t WHERE event_type = 'purchase' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20
""".strip().splitlines()


class BlockAnswers(unittest.TestCase):
    def test_they_are_those_of_the_rows(self):
        with tempfile.TemporaryDirectory() as folder:
            ecq("generate", folder, "--rows", "1300000")
            store = f"{folder}/t.ecq"
            files = [f"{folder}/2019-Oct.csv", f"{folder}/2019-Nov.csv"]
            self.assertEqual(ecq("ingest", *files, "--into", store).returncode, 0)
            for sql in STATEMENTS:
                with self.subTest(sql):
                    known = ecq("query", store, sql)
                    self.assertEqual(known.returncode, 0, known.stderr)
                    self.assertGreater(len(known.stdout.splitlines()), 0)
                    for flags in (["--no-block-answers"], ["--threads", "1"]):
                        self.assertEqual(known.stdout, ecq("query", store, sql, *flags).stdout)

    def test_timeout(self):
        run = ecq("query", "SELECT count(*) FROM range(3000000) a, range(1000) b", "--timeout", "0.2")
        self.assertEqual(run.returncode, 1)
        self.assertIn("timeout", str(run.stderr))


if __name__ == "__main__":
    unittest.main()
