# SPDX-License-Identifier: Apache-2.0
"""docs/checks.md is what the program prints of its own table, and Markdown reads it as meant."""

import json
import subprocess

from conftest import BINARY, ROOT
from markdown_it import MarkdownIt

PAGE = ROOT / "docs/checks.md"


def printed(*words: str) -> str:
    return subprocess.run([str(BINARY), *words], check=True, capture_output=True, text=True, env={}).stdout


def test_the_page_is_the_table():
    assert PAGE.read_text() == printed("checks", "--markdown"), "run: cloudctl checks --markdown > docs/checks.md"


def test_every_check_stands_in_it_whole():
    tokens = MarkdownIt().parse(PAGE.read_text())
    headings = [tokens[at + 1].content.strip("`") for at, token in enumerate(tokens)
                if token.type == "heading_open" and token.tag == "h3"]
    commands = [token.content.strip() for token in tokens if token.type == "code_block"]
    texts = {"".join(child.content for child in token.children) for token in tokens if token.type == "inline"}
    catalogue = json.loads(printed("checks", "-o", "json"))
    assert headings == [row["id"] for row in catalogue]
    assert commands == [row["remedy"] for row in catalogue]
    for row in catalogue:
        page, anchor = row["requirement"].split("#")
        source = f"Requirement. {anchor}, after {row['reference']}"
        assert {f"Must hold. {row['holds']}", f"Why. {row['why']}", source} <= texts, row["id"]
        assert (ROOT / page).is_file()


def test_explain_prints_all_of_it():
    for row in json.loads(printed("checks", "-o", "json")):
        text = printed("explain", row["id"])
        for member in ("id", "severity", "holds", "why", "remedy", "requirement", "reference"):
            assert row[member] in text, (row["id"], member)
