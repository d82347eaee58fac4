# SPDX-License-Identifier: Apache-2.0
"""Gate: docs/architecture.md has a line for each file of the program, and a file for each line."""

import re
from pathlib import Path

from tree import CODE_FOLDERS, files, read, report

PAGE = Path("docs/architecture.md")
FOLDER = re.compile(r"^### `([^`]+)`", re.MULTILINE)
LINE = re.compile(r"^\* `([^`]+)`: \S", re.MULTILINE)
TESTS = re.compile(r"_(?:test|tool|fuzz)(?:_|$)")


def listed(page):
    """The paths that the page's list of files names, `name.[ch]` being two."""
    found = []
    parts = FOLDER.split(page.partition("\n## Files\n")[2].partition("\n## ")[0])
    for folder, lines in zip(parts[1::2], parts[2::2], strict=True):
        for name in LINE.findall(lines):
            names = [name.replace(".[ch]", suffix) for suffix in (".c", ".h")] if name.endswith(".[ch]") else [name]
            found += [Path(folder, each) for each in names]
    return found


def there():
    """The files of the program in the tree: no tests, and nothing that only the build reads."""
    return {
        path
        for path in files()
        if path.parts[0] in CODE_FOLDERS and path.name != "CMakeLists.txt" and not TESTS.search(path.stem)
    }


def test_the_list_and_the_tree_agree():
    lines = listed(read(PAGE))
    findings = [f"{path}: has no line" for path in sorted(there() - set(lines))]
    findings += [f"{path}: has a line and is not there" for path in sorted(set(lines) - there())]
    findings += [f"{path}: has two lines" for path in sorted({path for path in lines if lines.count(path) > 1})]
    assert not findings, report(f"{PAGE}, Files: one line for each file, in the part of its folder", findings)


def test_lines_are_read():
    page = "### `x`\n* `no.c`: no\n\n## Files\n\n### `a/b`: words\n\n* `c.[ch]`: both\n* `d.c`: one\n\n## More\n* `e.c`: no\n"
    assert listed(page) == [Path("a/b/c.c"), Path("a/b/c.h"), Path("a/b/d.c")]
