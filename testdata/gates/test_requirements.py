# SPDX-License-Identifier: Apache-2.0
"""Gate: every check names a requirement of docs/requirements.md and the public page behind it, and the page says nothing
that no check looks at without saying why."""

import re

from test_cites import anchor
from tree import files, read, report

PAGE = "docs/requirements.md"
NAMES = re.compile(r'\.requirement = REQUIREMENTS "([^"]+)",\s*\.reference = (GUIDE|AWS_DOCS|DOCKER_DOCS) "([^"]+)"')
BASE = re.compile(r'#define (GUIDE|AWS_DOCS|DOCKER_DOCS) "([^"]+)"')
SECTION = re.compile(r"^### (.+)\n((?:(?!^##).*\n)*)", re.MULTILINE)
TABLES = [path for path in files() if re.fullmatch(r"check_(?!test\.)\w+\.c|preflight\.c", path.name)]


def sections():
    """Text by anchor."""
    return {anchor(title).lstrip("#"): text for title, text in SECTION.findall(read(PAGE))}


def rows():
    """(check, text of its row)."""
    found = []
    for path in TABLES:
        parts = re.split(r'(?=\{\.id = "[\w-]+\.)', read(path))
        found += [(re.match(r'\{\.id = "([^"]+)"', part)[1], part.split("\n};")[0]) for part in parts[1:]]
    return found


def named():
    """(check, anchor, URL)."""
    base = dict(BASE.findall("".join(read(path) for path in files() if path.suffix == ".h")))
    return [(check, found[1], base[found[2]] + found[3]) for check, row in rows() if (found := NAMES.search(row))]


def test_every_check_names_a_requirement_and_its_page():
    findings = sorted({check for check, _ in rows()} - {check for check, *_ in named()})
    assert len(rows()) > 50
    assert not findings, report('rows without .requirement = REQUIREMENTS "…", .reference = GUIDE|AWS_DOCS|DOCKER_DOCS "…"', findings)


def test_the_requirements_are_there_and_say_the_same_page():
    there = sections()
    missing = [f"{check}: {PAGE}#{to}" for check, to, _ in named() if to not in there]
    assert not missing, report("checks whose requirement is not there", missing)
    others = [f"{check}: {url} is no source of {PAGE}#{to}" for check, to, url in named() if f"({url})" not in there[to]]
    assert not others, report("checks whose page is not among the requirement's sources", others)


def test_anchors_are_unique():
    headings = re.findall(r"^#+ (.+)$", read(PAGE), re.MULTILINE)
    assert len(set(map(anchor, headings))) == len(headings)


def test_every_requirement_is_checked_or_says_why_not():
    used = {to for _, to, _ in named()}
    findings = []
    for to, text in sections().items():
        argued = "\nNot checked: " in text
        if "\nSource: " not in text:
            findings.append(f"{to}: has no source")
        if argued and to in used:
            findings.append(f"{to}: says that it is not checked, but a check names it")
        if not argued and to not in used:
            findings.append(f"{to}: no check names it, and it does not say why (Not checked: ...)")
    assert not findings, report(PAGE, findings)
