#!/usr/bin/env python3
"""Writes the manual page from what ecq says of its own commands.

    scripts/manual.py .build/release/ecq > docs/ecq.1
"""

import json
import re
import subprocess
import sys


def escaped(text):
    """A text as roff takes it."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    text = re.sub(r"(?m)^([.'])", r"\\&\1", text)
    return re.sub(r"[^\x00-\x7f]", lambda match: f"\\[u{ord(match[0]):04X}]", text)


def names(argument):
    """How an option is written, with its value."""
    value = f" \\fI{escaped(argument['valueName'])}\\fR" if argument["kind"] == "option" else ""
    dashes = {"short": "-", "long": "--", "longWithSingleDash": "-"}
    return ", ".join(
        "\\fB" + escaped(dashes[name["kind"]] + name["name"]) + "\\fR" + value for name in argument["names"])


def explanation(argument):
    text = argument.get("abstract", "")
    facts = []
    if argument.get("allValues"):
        facts.append("values: " + ", ".join(argument["allValues"]))
    if argument.get("defaultValue"):
        facts.append("default: " + argument["defaultValue"])
    return text + (f" ({'; '.join(facts)})" if facts else "")


def paragraphs(text):
    """Running text; indented lines stay as they are."""
    lines = []
    for block in text.strip("\n").split("\n\n"):
        lines.append(".PP")
        if any(line.startswith("  ") for line in block.split("\n")):
            head = [line for line in block.split("\n") if not line.startswith("  ")]
            lines += [escaped(line) for line in head]
            lines += [".PP", ".RS 4", ".nf"]
            lines += [escaped(line.strip()) for line in block.split("\n") if line.startswith("  ")]
            lines += [".fi", ".RE"]
        else:
            lines += [escaped(line) for line in block.split("\n")]
    return lines


def usage(command):
    positional = [argument for argument in command.get("arguments", []) if argument["kind"] == "positional"]
    words = []
    for argument in positional:
        word = f"\\fI{escaped(argument['valueName'])}\\fR" + ("..." if argument["isRepeating"] else "")
        words.append(f"[{word}]" if argument["isOptional"] else word)
    return " ".join(words + ["[\\fIoptions\\fR]"])


def described(command):
    lines = [f".SS ecq {escaped(command['commandName'])} {usage(command)}", escaped(command["abstract"])]
    lines += paragraphs(command["discussion"]) if command.get("discussion") else []
    for argument in command.get("arguments", []):
        options = argument.get("names", [])
        if not argument["shouldDisplay"] or options and options[-1]["name"] in ("help", "version"):
            continue
        head = names(argument) if options else f"\\fI{escaped(argument['valueName'])}\\fR"
        lines += [".TP", head, escaped(explanation(argument))]
    return lines


def page(root, version):
    lines = [
        '.\\" Written by scripts/manual.py: change the texts in Sources/ecq, then run `make manual`.',
        f'.TH ECQ 1 "" "{version}" "User Commands"',
        ".SH NAME", "ecq \\- " + escaped(root["abstract"].rstrip(".")[0].lower() + root["abstract"].rstrip(".")[1:]),
        ".SH SYNOPSIS", ".B ecq", "\\fIsubcommand\\fR [\\fIarguments\\fR]", ".SH DESCRIPTION",
    ]
    lines += paragraphs(root.get("discussion", ""))
    lines.append(".SH COMMANDS")
    for command in root["subcommands"]:
        if command["shouldDisplay"] and command["commandName"] != "help":
            lines += described(command)
    lines += [
        ".SH ENVIRONMENT",
        ".TP", "\\fBNO_COLOR\\fR", "Where it is set, nothing is coloured, unless \\fB\\-\\-color\\fR says so.",
        ".TP", "\\fBECQ_PAGER\\fR, \\fBPAGER\\fR", "What shows long results of the shell; \\fBless \\-RS\\fR by default, nothing where it is \\fBcat\\fR.",
        ".TP", "\\fBVISUAL\\fR, \\fBEDITOR\\fR", "What \\fB.edit\\fR of the shell runs.",
        ".TP", "\\fBECQ_HISTORY\\fR", "The file with the history of the shell.",
        ".TP", "\\fBTMPDIR\\fR", "The folder for files that go with the process.",
        ".SH FILES",
        ".TP", "\\fI~/.ecqrc\\fR", "Commands and statements that the shell runs when it starts at a terminal.",
        ".TP", "\\fI~/.local/state/ecq/history\\fR", "The history of the shell; below \\fB$XDG_STATE_HOME\\fR where that is set.",
        ".SH EXIT STATUS",
        ".TP", "0", "Done.",
        ".TP", "1", "The data or the query is at fault.",
        ".TP", "2", "Wrong usage.",
        ".TP", "130", "Interrupted; another signal gives 128 and its number.",
    ]
    return "\n".join(lines) + "\n"


def main():
    program = sys.argv[1]
    described = json.loads(subprocess.check_output([program, "--experimental-dump-help"]))
    version = subprocess.check_output([program, "--version"], text=True).split(" (")[0].strip()
    sys.stdout.write(page(described["command"], version))


if __name__ == "__main__":
    main()
