"""How CSV files in FROM are written is found out: what parts their fields, and whether the first row is a header."""

from support import CommandLineTest, ecq

FOUND = {
    "a;b\n1;x\n2;y\n": "a,b\n1,x\n2,y\n",
    "a\tb\n1\tx\n": "a,b\n1,x\n",
    "1|x|2.5\n2|y|3\n": "column0,column1,column2\n1,x,2.5\n2,y,3.0\n",
    "1,x\r\n2,y": "column0,column1\n1,x\n2,y\n",
    "a,b\nx,y\n": "a,b\nx,y\n",
    "id\n1\n2\n": "id\n1\n2\n",
    "5\n6\n": "column0\n5\n6\n",
    "2019-10-01,a\n2019-10-02,b\n": "column0,column1\n2019-10-01,a\n2019-10-02,b\n",
    "a,b\n": "a,b\n",
    "x;y,z\n1;2\n": 'x,"y,z"\n1,2\n',
    'name,n\n"a;b",1\n"c;d",2\n': "name,n\na;b,1\nc;d,2\n",
    ",x\n1,y\n": "column0,column1\n,x\n1,y\n",
    "\ufeffk,v\n1,\n2,\n": "k,v\n1,\n2,\n",
}


class Dialects(CommandLineTest):
    def answer(self, text, sql="FROM 't.csv'"):
        self.path("t.csv").write_bytes(text.encode())
        return ecq("query", "--format", "csv", sql.replace("t.csv", str(self.path("t.csv"))))

    def test_what_is_found(self):
        for text, rows in FOUND.items():
            with self.subTest(text=text):
                self.assertEqual(self.done(self.answer(text)), rows)

    def test_what_is_said_goes_first(self):
        for sql, rows in {
            "FROM read_csv('t.csv', delim = ',', header = false)": "column0\na;b\n1;x\n",
            "FROM read_csv('t.csv', header := false)": "column0,column1\na,b\n1,x\n",
            "SELECT b FROM read_csv('t.csv', sep = ';')": "b\nx\n",
            "SELECT count(*) AS n FROM 't.csv' a JOIN read_csv('t.csv', delim = '|') b ON true": "n\n1\n",
        }.items():
            with self.subTest(sql=sql):
                self.assertEqual(self.done(self.answer("a;b\n1;x\n", sql)), rows)

    def test_other_options_are_refused(self):
        for options in ["quote = 'x'", "delim = 'ab'", "header = 1", "';'"]:
            with self.subTest(options=options):
                run = self.answer("a;b\n1;x\n", f"FROM read_csv('t.csv', {options})")
                self.assertEqual(run.returncode, 1)
                self.assertRegex(run.stderr, "options of read_csv|a delimiter is one byte")
