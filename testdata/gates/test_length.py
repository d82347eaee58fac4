# SPDX-License-Identifier: Apache-2.0
"""Gate: no function over 80 lines and no file over 500, in C, Python and shell; half of the functions under 20.
There is no list of exceptions."""

import ast
import json
import shutil
import subprocess
from statistics import median

import pytest
from tree import ROOT, c_files, python_files, read, report, shell_files

FUNCTION_MAX = 80
FILE_MAX = 500
MEDIAN_BELOW = 20


def c_functions():
    """(path:line name, lines) of each function in the C files, as universal-ctags sees them."""
    assert shutil.which("ctags"), "universal-ctags is missing: sh testdata/install.sh test"
    command = ["ctags", "--output-format=json", "--languages=C", "--langmap=C:.c.h", "--kinds-C=f", "--fields=+ne", "-f-"]
    paths = [str(path) for path in c_files()]
    if not paths:
        return []
    tags = subprocess.run([*command, *paths], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    rows = [json.loads(line) for line in tags.splitlines()]
    return [
        (f"{row['path']}:{row['line']} {row['name']}", row["end"] - row["line"] + 1) for row in rows if "end" in row
    ]


def python_functions():
    found = []
    for path in python_files():
        for node in ast.walk(ast.parse(read(path), str(path))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found.append((f"{path}:{node.lineno} {node.name}", node.end_lineno - node.lineno + 1))
    return found


@pytest.mark.parametrize("functions", [c_functions, python_functions], ids=["c", "python"])
def test_no_function_is_long(functions):
    findings = [f"{where}: {lines} lines" for where, lines in functions() if lines > FUNCTION_MAX]
    assert not findings, report(f"functions over {FUNCTION_MAX} lines", findings)


@pytest.mark.parametrize("functions", [c_functions, python_functions], ids=["c", "python"])
def test_half_of_the_functions_are_short(functions):
    lengths = [lines for _, lines in functions()]
    assert lengths, "no function found: is ctags the universal one?"
    assert median(lengths) < MEDIAN_BELOW, f"the median function has {median(lengths)} lines, not under {MEDIAN_BELOW}"


def test_no_file_is_long():
    findings = []
    for path in [*c_files(), *python_files(), *shell_files()]:
        lines = len(read(path).splitlines())
        if lines > FILE_MAX:
            findings.append(f"{path}: {lines} lines")
    assert not findings, report(f"files over {FILE_MAX} lines", findings)
