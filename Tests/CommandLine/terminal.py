"""A terminal for tests: a pseudo terminal, and a screen that shows what a person would see."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
import unicodedata

from support import ECQ


class Screen:
    """The cells of a terminal that understands what ecq sends."""

    SEQUENCE = re.compile(r"\x1b\[([?0-9;]*)([A-Za-z])")

    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.lines = [[]]
        self.row = self.column = 0
        self.rest = ""

    def feed(self, text):
        text = self.rest + text
        self.rest = ""
        at = 0
        while at < len(text):
            if text[at] == "\x1b":
                match = self.SEQUENCE.match(text, at)
                if not match:
                    if len(text) - at < 16:
                        self.rest = text[at:]
                        return
                    raise AssertionError(f"unknown sequence {text[at:at + 16]!r}")
                self.order(match[1], match[2])
                at = match.end()
            else:
                self.put(text[at])
                at += 1

    def order(self, parameters, letter):
        number = int(parameters) if parameters.isdigit() else 1
        if letter == "A":
            self.row = max(0, self.row - number)
        elif letter == "C":
            self.column += number
        elif letter == "H":
            self.row = self.column = 0
        elif letter == "J":
            if parameters == "2":
                self.lines, self.row = [[]], 0
            else:
                del self.lines[self.row + 1:]
                del self.lines[self.row][self.column:]
        elif letter == "K":
            del self.lines[self.row][self.column:]
        elif letter not in "mhl":
            raise AssertionError(f"unknown order {letter}")

    def put(self, character):
        if character == "\r":
            self.column = 0
        elif character == "\n":
            self.row += 1
            if self.row == len(self.lines):
                self.lines.append([])
        elif character == "\a":
            pass
        else:
            wide = unicodedata.east_asian_width(character) in "WF"
            if unicodedata.combining(character):
                if self.column:
                    self.lines[self.row][self.column - 1] += character
                return
            if self.column + 1 + wide > self.columns:
                self.put("\r")
                self.put("\n")
            line = self.lines[self.row]
            line.extend(" " * (self.column + 1 + wide - len(line)))
            line[self.column] = character
            if wide:
                line[self.column + 1] = ""
            self.column += 1 + wide

    @property
    def text(self):
        return "\n".join("".join(line).rstrip() for line in self.lines).rstrip("\n")


class Terminal:
    """ecq at a terminal of its own: `type` keys, `wait_for` what they bring about."""

    TIMEOUT = 60

    def __init__(self, *arguments, folder, columns=80, rows=24, **environment):
        self.screen = Screen(columns, rows)
        self.raw = ""
        leader, follower = pty.openpty()
        self.leader = leader
        self.resize(columns, rows, tell=False)
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "TERM": "xterm-256color",
            "LANG": "C.UTF-8", "PAGER": "cat", **environment}
        self.process = subprocess.Popen(
            [ECQ, *map(str, arguments)], stdin=follower, stdout=follower, stderr=follower,
            cwd=folder, env=environment, preexec_fn=self.take_terminal)
        os.close(follower)

    @staticmethod
    def take_terminal():
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def resize(self, columns, rows, tell=True):
        fcntl.ioctl(self.leader, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.columns, self.screen.rows = columns, rows

    def read(self, seconds):
        """Takes what comes within the seconds; false at the end."""
        if not select.select([self.leader], [], [], seconds)[0]:
            return True
        try:
            piece = os.read(self.leader, 65536)
        except OSError:
            return False
        self.raw += piece.decode(errors="replace")
        self.screen.feed(piece.decode(errors="replace"))
        return bool(piece)

    def type(self, keys):
        os.write(self.leader, keys.encode())

    def wait_for(self, pattern, what=None):
        """Waits until the screen, or `raw`, has the pattern."""
        deadline = time.monotonic() + self.TIMEOUT
        while True:
            text = self.raw if what == "raw" else self.screen.text
            if re.search(pattern, text):
                return self.screen.text
            if time.monotonic() > deadline:
                raise AssertionError(f"no {pattern!r} on the screen:\n{self.screen.text[-4000:]}")
            if not self.read(0.1):
                text = self.raw if what == "raw" else self.screen.text
                if re.search(pattern, text):
                    return self.screen.text
                raise AssertionError(f"ended without {pattern!r}:\n{self.screen.text[-4000:]}")

    def prompt(self, count):
        """Waits for so many prompts in all, the last of them empty."""
        deadline = time.monotonic() + self.TIMEOUT
        while True:
            lines = self.screen.text.split("\n")
            prompts = [line for line in lines if line.startswith("ecq>")]
            if len(prompts) >= count and lines[-1] == "ecq>":
                return self.screen.text
            if time.monotonic() > deadline or not self.read(0.1):
                raise AssertionError(f"no prompt number {count}:\n{self.screen.text[-4000:]}")

    def run(self, text):
        """Enters a text at the prompt, and returns what it wrote, up to the next prompt."""
        before = self.screen.text.count("ecq>")
        lines_before = self.screen.text.count("\n")
        self.type(text + "\r")
        shown = self.prompt(before + 1).split("\n")[lines_before:-1]
        return "\n".join(shown)

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)

    def ended(self):
        """The exit code, once everything has been read."""
        deadline = time.monotonic() + self.TIMEOUT
        while self.read(0.1) and self.process.poll() is None:
            if time.monotonic() > deadline:
                raise AssertionError(f"does not end:\n{self.screen.text[-4000:]}")
        while select.select([self.leader], [], [], 0)[0] and self.read(0):
            pass
        return self.process.wait(self.TIMEOUT)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.leader)
