# SPDX-License-Identifier: Apache-2.0
"""The files the gates look at: everything of ours in the checkout, nothing that was built. Reads, never judges."""

import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE_FOLDERS = ("base", "providers", "verify", "ui", "cmd")
FOLDERS = (*CODE_FOLDERS, "testdata", "docs", ".ci")
NOT_OURS = {"LICENSE", "requirements.txt"}  # text that others wrote, or that a program did

# A comment or a literal, whichever begins first; so quotes in comments and comment signs in strings mislead nothing.
C_TOKEN = re.compile(r"""/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL)


@cache
def files():
    """Paths relative to ROOT, sorted."""
    found = [path for path in ROOT.iterdir() if path.is_file()]
    for folder in FOLDERS:
        found += [path for path in (ROOT / folder).rglob("*") if path.is_file()]
    return sorted(
        path.relative_to(ROOT) for path in found if "__pycache__" not in path.parts and path.name not in NOT_OURS
    )


def read(path):
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


def c_files():
    """Sources and headers below the code folders."""
    return [path for path in files() if path.parts[0] in CODE_FOLDERS and path.suffix in (".c", ".h")]


# Tests, what only they link, programs that only tests start.
TEST_SUPPORT = re.compile(r"_(?:test|tool|fuzz)(?:_|$)|^(?:fake_.*|capture|fuzz_replay|test)$")


def program_files():
    """The C files that the program is made of."""
    return [path for path in c_files() if not TEST_SUPPORT.search(path.stem)]


def script_language(path):
    """"python", "sh" or None, by suffix or by the first line of a file that has none."""
    if path.suffix in (".py", ".sh"):
        return {".py": "python", ".sh": "sh"}[path.suffix]
    first = read(path).split("\n", 1)[0] if not path.suffix else ""
    if first.startswith("#!"):
        return "python" if "python" in first else "sh"
    return None


def python_files():
    return [path for path in files() if script_language(path) == "python"]


def shell_files():
    return [path for path in files() if script_language(path) == "sh"]


def blanked(token):
    """Nothing of a comment but its line ends."""
    return " " + "\n" * token.count("\n")


def without_comments(text):
    """C text with comments blanked; every line keeps its number."""
    return C_TOKEN.sub(lambda match: match[0] if match[0][0] in "\"'" else blanked(match[0]), text)


def without_comments_and_literals(text):
    """C text with comments blanked and literals emptied; every line keeps its number."""
    return C_TOKEN.sub(lambda match: match[0][0] * 2 if match[0][0] in "\"'" else blanked(match[0]), text)


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def report(rule, findings):
    """The message of a gate that fails: the rule, then a line for each finding."""
    return f"{rule}\n" + "\n".join(f"  {finding}" for finding in findings)
