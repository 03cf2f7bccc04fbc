"""The manual tells of every command and every option, and of no other."""

import os
import re
import subprocess
import unittest

BINARY = os.environ["ORC_BINARY"]
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def help_of(*command):
    return subprocess.run([BINARY, *command, "--help"], text=True, timeout=60,
                          capture_output=True, check=True).stdout


def section(text, title):
    """Returns the lines that follow a title, up to an empty one."""
    lines = text.splitlines()
    begin = next(i for i, line in enumerate(lines) if line.startswith(title))
    rest = lines[begin + 1:]
    return rest[:rest.index("")] if "" in rest else rest


def commands_below(*command):
    """Returns the commands that the help of a command lists."""
    text = help_of(*command)
    if "\nSubcommands:" not in text:
        return []
    return [(*command, line.split()[0])
            for line in section(text, "Subcommands:")
            if re.match(r"  [a-z]", line)]


def commands():
    """Returns all commands as tuples of words, those of commands, too."""
    first = commands_below()
    return first + [below for x in first for below in commands_below(*x)]


def options(text):
    return set(re.findall(r"^ +(?:-\w,)?(--[a-z][a-z-]*)", text, re.MULTILINE))


def manual():
    with open(os.path.join(ROOT, "packaging", "man", "apify-orchestrator.1"),
              encoding="utf-8") as file:
        return file.read().replace(r"\-", "-")


class ManualTest(unittest.TestCase):
    def test_every_command_is_in_the_manual(self):
        told = set(re.findall(r"^\.Cm ([a-z-]+)", manual(), re.MULTILINE))
        self.assertGreaterEqual(told, {x[-1] for x in commands()})

    def test_every_option_of_every_command_is_in_the_manual(self):
        told = self.told()
        for command in commands():
            missing = options(help_of(*command)) - told - {"--help"}
            self.assertEqual(missing, set(), f"of `{' '.join(command)}`")

    def test_the_manual_tells_of_no_option_that_is_not_there(self):
        there = options(help_of()) | {"--help", "--version"}
        for command in commands():
            there |= options(help_of(*command))
        self.assertEqual(self.told() - there, set())

    def told(self):
        return {"-" + name for line in manual().splitlines() if "Fl" in line
                for name in re.findall(r"(?<![\w-])(-[a-z][a-z-]*)", line)}

    def test_every_command_is_in_the_read_me(self):
        with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
            text = file.read()
        for command in set(commands_below()) - {("version",)}:
            self.assertIn(command[0], text)


if __name__ == "__main__":
    unittest.main()
