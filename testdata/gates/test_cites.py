# SPDX-License-Identifier: Apache-2.0
"""Gate: what the source cites of docs/ is there, and nothing is cited that a reader of the repository cannot open.

A cite is written docs/design.md, "Title of a section"."""

import re
from pathlib import Path

from tree import ROOT, c_files, files, python_files, read, report, shell_files

PAGE = re.compile(r"(?<![\w./-])docs/[\w.-]+\.(?:md|json)(?!\w)")
CITE = re.compile(r'(?<![\w./-])(docs/[\w.-]+\.md), "([^"]+)"')
HEADING = re.compile(r"^#+ +(.*?) *$", re.MULTILINE)
FILE = re.compile(r"`((?:base|verify|providers|ui|cmd|testdata)/[\w./-]+)`")
PLACEHOLDER = re.compile(r"[A-Z]{2}")  # cmd/NAME.c
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(#[^)\s]*)?\)")
NOWHERE = re.compile(r"(?<!docs/)\bdesign\.m[d]\b|\bwire note[s]\b|\bseed[s]:|c-styl[e]|\(referenc[e]:|§\d+\.\d+ of the design")


def as_text(source):
    """Source with comments as running text, so that a cite may go on in the next line."""
    return re.sub(r"\s+", " ", re.sub(r"\n[ \t]*(?:\*|//|#)(?!/)", "\n", source))


def headings(page):
    return set(HEADING.findall(read(page)))


def anchor(heading):
    """The fragment under which pages in Markdown know a heading."""
    return "#" + re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def dead_cites(text):
    """What of docs/ the text cites that is not there."""
    text = as_text(text)
    dead = {page for page in PAGE.findall(text) if not (ROOT / page).is_file()}
    for page, title in CITE.findall(text):
        if page not in dead and title not in headings(page):
            dead.add(f'{page}, "{title}"')
    return sorted(dead)


def sources():
    return [path for path in [*c_files(), *python_files(), *shell_files()] if path.name != "test_cites.py"]


def test_cites_lead_somewhere():
    findings = [f"{path}: {cite}" for path in sources() for cite in dead_cites(read(path))]
    assert not findings, report("cited, but not in docs/", findings)


def test_only_what_is_here_or_public_is_cited():
    findings = [f"{path}: {cite}" for path in sources() for cite in NOWHERE.findall(as_text(read(path)))]
    assert not findings, report("cites of what is not in the repository: docs/design.md, or a public document", findings)


def test_files_that_the_pages_name_are_there():
    pages = [path for path in files() if path.suffix == ".md" and path.parent.name in ("", "docs")]
    named = [(page, name) for page in pages for name in FILE.findall(read(page)) if not PLACEHOLDER.search(name)]
    findings = [f"{page}: {name}" for page, name in named if not (ROOT / name).exists()]
    assert not findings, report("files that a page names and that are not there", findings)


def test_links_of_the_pages_lead_somewhere():
    findings = []
    for page in [path for path in files() if path.suffix == ".md"]:
        for target, fragment in LINK.findall(read(page)):
            to = Path(page.parent, target) if target else page
            if not (ROOT / to).exists():
                findings.append(f"{page}: {target}")
            elif fragment and to.suffix == ".md" and fragment not in map(anchor, headings(to)):
                findings.append(f"{page}: {target}{fragment}")
    assert not findings, report("links in Markdown that lead nowhere", findings)


def test_a_cite_may_go_on_in_the_next_line():
    assert not dead_cites('/*\n * See (docs/design.md,\n * "The IAM\n * decision"), docs/checks.md.\n */')
    assert dead_cites('docs/none.md; docs/design.md, "None"') == ['docs/design.md, "None"', "docs/none.md"]
    assert anchor("`a` check, failed") == "#a-check-failed"
