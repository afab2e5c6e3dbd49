"""Writes the reference of the command line from the program's description of its arguments."""

import json
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "commands.md"
HEAD = """# Commands

Made by `scripts/commands` from the program's own help. Every command takes `--help`. Exit codes: 0 done, 1 failed, 64 wrong usage.
Errors are one line on standard error that says what to do.
"""


def description(program=ROOT / ".build" / "release" / "guardian"):
    """Returns the tree of commands as the argument parser describes it."""
    return json.loads(subprocess.run([program, "--experimental-dump-help"], check=True, capture_output=True).stdout)["command"]


def commands(command, path=()):
    """Yields (words, command) of each command that people see, in the order of the help."""
    path = (*path, command["commandName"])
    if not command.get("shouldDisplay", True) or command["commandName"] == "help":
        return
    yield path, command
    for sub in command.get("subcommands", []):
        yield from commands(sub, path)


def option(argument):
    names = sorted((("-" if name["kind"] == "short" else "--") + name["name"] for name in argument["names"]), key=len)
    value = "" if argument["kind"] == "flag" else f" {argument['valueName'].upper()}"
    return ", ".join(f"`{name}{value}`" for name in names)


def remark(argument):
    text = " ".join((argument.get("abstract") or "").split())
    values = argument.get("allValues") or argument.get("allValueStrings")
    if values:
        text += f" One of {', '.join(f'`{value}`' for value in values)}."
    if argument.get("defaultValue") not in (None, ""):
        text += f" Without it `{argument['defaultValue']}`."
    return text.replace("|", "\\|").strip()


def section(path, command):
    arguments = [argument for argument in command.get("arguments", []) if argument.get("shouldDisplay", True)]
    arguments = [argument for argument in arguments if argument.get("valueName") not in ("help", "version")]
    lines = [f"## {' '.join(path)}", "", command.get("abstract", "")]
    examples = [line.removeprefix("Example:").strip() for line in (command.get("discussion") or "").splitlines() if line.startswith("Example:")]
    text = [line for line in (command.get("discussion") or "").splitlines() if line and not line.startswith("Example:")]
    if text:
        lines += ["", *text]
    if examples:
        lines += ["", *(f"    {example}" for example in examples)]
    if arguments:
        lines += ["", "| argument | |", "| --- | --- |"]
        for argument in arguments:
            name = f"`{argument['valueName'].upper()}`" if argument["kind"] == "positional" else option(argument)
            lines.append(f"| {name} | {remark(argument)} |")
    return "\n".join(lines)


def page():
    sections = [section(path, command) for path, command in commands(description()) if command.get("arguments") and len(path) > 1]
    return HEAD + "\n" + "\n\n".join(sections) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page())
