"""Help pages, the manual page, and completions of shells."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

from support import ECQ, ROOT, CommandLineTest, ecq


def commands():
    """Every subcommand, as the program describes itself."""
    described = json.loads(ecq("--experimental-dump-help").stdout)
    return [command for command in described["command"]["subcommands"] if command["commandName"] != "help"]


class Help(CommandLineTest):
    def test_every_command_has_examples(self):
        self.assertIn("EXAMPLES:", self.done(ecq("--help")))
        for command in commands():
            name = command["commandName"]
            page = self.done(ecq(name, "--help"))
            self.assertIn("USAGE: ecq " + name, page)
            self.assertRegex(page, rf"(?s)EXAMPLES:\n.*\becq {name}\b", name)
            self.assertEqual(page, self.done(ecq("help", name)))
            # Everything is explained.
            for argument in command["arguments"]:
                self.assertTrue(argument.get("abstract"), (name, argument["valueName"]))

    def test_examples_name_options_that_exist(self):
        for command in commands():
            known = {name["name"] for argument in command["arguments"] for name in argument.get("names", [])}
            for line in command.get("discussion", "").split("\n"):
                if line.strip().startswith("ecq " + command["commandName"]):
                    used = {word[2:] for word in line.split() if word.startswith("--")}
                    self.assertLessEqual(used, known, line)

    def test_the_manual_page_is_up_to_date(self):
        page = subprocess.run(
            [sys.executable, ROOT / "scripts" / "manual.py", ECQ], capture_output=True, check=True).stdout.decode()
        self.assertTrue((ROOT / "docs" / "ecq.1").read_text() == page, "docs/ecq.1 is old: run `make manual`")

    def test_the_manual_page_is_clean(self):
        if not shutil.which("groff"):
            self.skipTest("groff is not installed")
        run = subprocess.run(
            ["groff", "-man", "-Tutf8", "-ww", ROOT / "docs" / "ecq.1"], capture_output=True, check=True)
        self.assertEqual(run.stderr.decode(), "")
        self.assertIn("funnel", run.stdout.decode())


class Completions(CommandLineTest):
    def script(self, shell):
        path = self.path(f"ecq.{shell}")
        path.write_text(self.done(ecq("--generate-completion-script", shell)))
        return path

    def run_shell(self, *arguments):
        programs = self.path("programs")
        programs.mkdir()
        (programs / "ecq").symlink_to(pathlib.Path(ECQ).resolve())
        run = subprocess.run(
            arguments, capture_output=True, cwd=self.folder, stdin=subprocess.DEVNULL, timeout=60,
            env={**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(self.folder)})
        return run.stdout.decode() + run.stderr.decode()

    def test_bash(self):
        script = self.script("bash")
        for words, expected in (
            ("ecq qu", "query"), ("ecq query --for", "--format"), ("ecq query --format js", "json\njsonl"),
            ("ecq train --mod", "--model"), ("ecq she", "shell"),
        ):
            parts = words.split(" ")
            shutil.rmtree(self.path("programs"), ignore_errors=True)
            answer = self.run_shell(
                "bash", "--norc", "-c",
                f"source {script}; COMP_WORDS=({words}); COMP_CWORD={len(parts) - 1}; COMP_LINE='{words}';"
                f" COMP_POINT={len(words)}; _ecq ecq '{parts[-1]}' '{parts[-2]}' 2>/dev/null;"
                " printf '%s\\n' \"${COMPREPLY[@]}\"")
            self.assertEqual([line.strip() for line in answer.split("\n") if line.strip()], expected.split("\n"), words)

    def test_zsh_and_fish_take_their_scripts(self):
        for shell in ("zsh", "fish"):
            script = self.script(shell)
            for command in commands():
                self.assertIn(command["commandName"], script.read_text())
            if shutil.which(shell):
                shutil.rmtree(self.path("programs"), ignore_errors=True)
                self.assertEqual(self.run_shell(shell, "-n", str(script)), "")

    def test_fish(self):
        if not shutil.which("fish"):
            self.skipTest("fish is not installed")
        script = self.script("fish")
        answer = self.run_shell("fish", "--no-config", "-c", f"source {script}; complete -C 'ecq que'")
        self.assertIn("query", answer)
