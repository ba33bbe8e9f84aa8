"""docs/errors.md: every example there is run, and must give what it says.

    REWRITE=1 python3 -m unittest discover -s Tests/CommandLine -p test_error_catalogue.py

writes what ecq answers today into the page, to be looked at before it is committed.
"""

import os
import pathlib
import re
import subprocess

from support import ECQ, ROOT, CommandLineTest

PAGE = ROOT / "docs" / "errors.md"
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


class Catalogue(CommandLineTest):
    def make_files(self):
        events = self.store("events")
        self.store("brands")
        (self.folder / "other").mkdir()
        self.path("other/events.ecq").write_bytes(events.read_bytes())
        damaged = bytearray(events.read_bytes())
        damaged[1100:1200] = bytes(100)
        self.path("damaged.ecq").write_bytes(damaged)
        self.path("text.ecq").write_text("not a store\n" * 1000)
        self.path("rows.csv").write_text("n,x\n1,a\n2,b\nthree,c\n")
        self.path("short.csv").write_text("a,b,c\n1,2,3\n1,2\n")
        self.path("quotes.csv").write_text('a,b\n1,"x"y\n')
        self.path("prices.csv").write_text("price\n1.50\nmuch\n")
        self.path("broken.sql").write_text("SELECT 1 AS a;\n\nSELECT 2 +;\n")
        self.path("latin1.sql").write_bytes("SELECT 'é'".encode("latin-1"))

    def answer(self, command):
        """What the command writes to standard error, and its exit code."""
        programs = self.path("programs")
        programs.mkdir(exist_ok=True)
        link = programs / "ecq"
        if not link.exists():
            link.symlink_to(pathlib.Path(ECQ).resolve())
        run = subprocess.run(
            ["/bin/sh", "-c", command], capture_output=True, cwd=self.folder, stdin=subprocess.DEVNULL,
            env={**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}, timeout=60)
        return run.stdout.decode(), run.stderr.decode(), run.returncode

    def test_every_example(self):
        self.make_files()
        page = PAGE.read_text()
        count = 0
        rewritten = page
        for block in BLOCK.findall(page):
            examples = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
            answers = []
            for example in examples:
                command, _, expected = example.rstrip("\n").partition("\n")
                output, message, code = self.answer(command)
                answer = f"{message}exit code {code}"
                with self.subTest(command):
                    self.assertIn(code, (1, 2))
                    self.assertIn(message.count("\n"), (1, 2, 3))
                    self.assertTrue(message.startswith("ecq: "))
                    # Results of statements before the one that fails.
                    self.assertEqual(output, "a\n1\n" if "broken.sql" in command else "")
                pattern = ".*".join(map(re.escape, expected.split("…")))
                if not re.fullmatch(pattern, answer):
                    with self.subTest(command):
                        self.assertTrue("REWRITE" in os.environ, f"$ {command}\n{answer}\nand not\n{expected}")
                    expected = answer
                answers.append(f"$ {command}\n{expected}\n")
                count += 1
            rewritten = rewritten.replace(block, "\n".join(answers))
        if "REWRITE" in os.environ:
            PAGE.write_text(rewritten)
        self.assertGreater(count, 50)
