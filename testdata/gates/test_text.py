# SPDX-License-Identifier: Apache-2.0
"""Gate: how files look: the formatter's C, a licence line on top, no word that has no business in the project.

Words are written here with a bracket inside, so that this file does not find itself.
"""

import re
import shutil
import subprocess

import pytest
from tree import ROOT, c_files, files, python_files, read, report, shell_files

FORMATTER = "14"  # another version of clang-format lays lines out differently
UNFORMATTED = re.compile(r"^([^:\n]+):\d+:\d+: error: ", re.MULTILINE)
LICENCE = "SPDX-License-Identifier: Apache-2.0"

WORDS = {
    "a path of one machine": re.compile(r"(?<![\w.~-])/(?:wor[k]|roo[t]|hom[e]/\w+|User[s]/\w+)(?![\w-])"),
    "the host of a package registry": re.compile(
        r"pyp[i]\.org|pythonhoste[d]\.org|npmj[s]\.(?:org|com)|crate[s]\.io|deb\.debia[n]\.org|rubygem[s]\.org"
        r"|proxy\.golan[g]\.org|archive\.ubunt[u]\.com"
    ),
    "unfinished business": re.compile(r"\b(?:TOD[O]|FIXM[E]|XX[X]|HAC[K])\b"),
}

# Where a word is what the program is about: an instance of a cloud looks whether it reaches the index of Python packages.
BELONGS = {("providers/aws/cloud/functional/launch.c", "the host of a package registry")}


def formatter_problem():
    """Why formatting cannot be judged here; None when it can."""
    if not shutil.which("clang-format"):
        return "clang-format is missing"
    version = subprocess.run(["clang-format", "--version"], check=True, capture_output=True, text=True).stdout
    if f"version {FORMATTER}." not in version:
        return f"needs clang-format {FORMATTER}, not: {version.strip()}"
    return None


def test_c_is_formatted():
    problem = formatter_problem()
    if problem:
        pytest.skip(problem)
    command = ["clang-format", "--style=file", "--dry-run", "--Werror", "--ferror-limit=1", *map(str, c_files())]
    run = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    unformatted = sorted(set(UNFORMATTED.findall(run.stderr)))
    assert not unformatted, report(f"not formatted; run: clang-format -i {' '.join(unformatted)}", unformatted)
    assert run.returncode == 0, run.stderr


def test_no_declaration_is_torn():
    """The formatter breaks a member in two to make room for a long comment behind it: the comment goes above."""
    torn = re.compile(r"^\t+(?:(?:const|enum|static|struct|unsigned) )+\w+(?: \*)?\n\t+\*?\w+(?:\[\w*\])?;", re.MULTILINE)
    findings = []
    for path in c_files():
        text = read(path)
        findings += [f"{path}:{text.count(chr(10), 0, match.start()) + 1}" for match in torn.finditer(text)]
    assert not findings, report("torn declarations", findings)


def test_every_source_names_its_licence():
    sources = [*c_files(), *python_files(), *shell_files()]
    sources += [path for path in files() if path.name == "CMakeLists.txt"]
    sources += [path for path in files() if path.suffix == ".yaml" and path.parts[0] != "testdata"]
    findings = [path for path in sources if LICENCE not in "".join(read(path).splitlines(keepends=True)[:3])]
    assert not findings, report(f"no '{LICENCE}' in the first three lines", findings)


def test_no_word_that_does_not_belong():
    findings = []
    for path in files():
        for number, line in enumerate(read(path).split("\n"), 1):
            findings += [f"{path}:{number}: {what}: {line.strip()[:100]}" for what, word in WORDS.items()
                         if word.search(line) and (str(path), what) not in BELONGS]
    assert not findings, report("words that do not belong", findings)
