"""Progress: on standard error, on a terminal alone, and gone at the end."""

import signal

from support import CommandLineTest, ecq
from terminal import Terminal

SLOW = ("SELECT count(DISTINCT regexp_replace(CAST(user_session AS VARCHAR), '[0-9]+(a|b)', 'x', 'g')) AS n"
        " FROM clicks")


class Progress(CommandLineTest):
    def clicks(self, rows):
        self.done(ecq("generate", self.path("csv"), "--rows", rows))
        store = self.path("clicks.ecq")
        self.done(ecq("ingest", *sorted(self.path("csv").iterdir()), "--into", store))
        return store

    def terminal(self, *arguments, **options):
        terminal = Terminal(*arguments, folder=self.folder, **options)
        self.addCleanup(terminal.close)
        return terminal

    def test_a_long_load(self):
        terminal = self.terminal("generate", self.path("csv"), "--rows", 6_000_000)
        terminal.wait_for(r"generate [█░]{8,24} \d+%  [\d,]+ rows/s, \d+ s left")
        self.assertEqual(terminal.ended(), 0)
        self.assertNotIn("█", terminal.screen.text)

    def test_a_long_query(self):
        terminal = self.terminal("query", self.clicks(400_000), SLOW)
        terminal.wait_for(r"query [█░]{8,24} \d+%  [\d,]+ of 400,000 rows, [\d,]+/s(, \d+ s left)?")
        self.assertEqual(terminal.ended(), 0)
        self.assertNotIn("█", terminal.screen.text)
        self.assertTrue(terminal.screen.text.startswith("┌"), terminal.screen.text)
        self.assertTrue(terminal.screen.text.endswith("1 row, 1 column"), terminal.screen.text)

    def test_an_interrupt_takes_the_line_away(self):
        store = self.clicks(400_000)
        for number in (signal.SIGINT, signal.SIGTERM):
            terminal = self.terminal("query", store, SLOW)
            terminal.wait_for("query [█░]")
            terminal.process.send_signal(number)
            self.assertEqual(terminal.ended(), 128 + number)
            self.assertEqual(terminal.screen.text, "")

    def test_narrow_terminals_get_no_bar(self):
        terminal = self.terminal("query", self.clicks(400_000), SLOW, columns=30)
        terminal.wait_for(r"query \d+%")
        self.assertEqual(terminal.ended(), 0)
        self.assertNotIn("query", terminal.screen.text)

    def test_off_a_terminal_there_is_none(self):
        run = ecq("query", self.clicks(400_000), SLOW)
        self.done(run)
        self.assertEqual(run.stderr, "")
