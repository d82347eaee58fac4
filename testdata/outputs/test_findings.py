# SPDX-License-Identifier: Apache-2.0
"""What findings promise whatever was found: over every cloud and every change of testdata/facts."""

import re

import pytest
from facts_cases import Run, cases, good

SENTENCE = 200  # characters
LINES = 12
HEADLINE = re.compile(r"^  (?:PASS|WARN|FAIL|UNKNOWN|SKIP) ")
BELOW = " " * 10


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Every case, judged once."""
    home = tmp_path_factory.mktemp("home")
    return {name: Run(home, document) for name, document in cases().items()}


def blocks(text: str):
    """The lines of each finding."""
    block = []
    for line in text.splitlines():
        if block and line.startswith(BELOW):
            block.append(line)
            continue
        if block:
            yield block
        block = [line] if HEADLINE.match(line) else []
    if block:
        yield block


def test_a_finding_is_a_sentence(runs):
    assert len(runs) > 400
    for name, run in runs.items():
        assert run.findings, name
        for finding in run.findings:
            assert 0 < len(finding["text"]) <= SENTENCE and "\n" not in finding["text"], (name, finding["text"])


def test_a_finding_takes_twelve_lines_at_most(runs):
    longest = 0
    for name, run in runs.items():
        for block in blocks(run.done.stderr + run.done.stdout):
            assert len(block) <= LINES, (name, block[0])
            longest = max(longest, len(block))
    assert longest == LINES, "no case is long enough to be cut"


def test_verbose_and_documents_leave_nothing_out(runs, tmp_path):
    name, cut = next((name, run) for name, run in runs.items() if "--verbose prints them all" in run.done.stderr)
    whole = Run(tmp_path, cases()[name], "--verbose")
    assert whole.findings == [finding | {"at_ms": again["at_ms"]} for finding, again in zip(cut.findings, whole.findings)]
    assert "--verbose" not in whole.done.stderr
    for finding in whole.findings:
        if finding["verdict"] in ("WARN", "FAIL"):
            assert all(line in whole.done.stderr for line in finding["evidence"])


def test_what_is_too_long_for_a_sentence_is_evidence(tmp_path):
    document = good("direct")
    document["facts"]["vpc"] = {"lost": {
        "doing": "describing the VPC", "kind": "protocol", "status": 500, "code": "InternalError", "action": "",
        "request_id": "4f2c-example", "frames": ["ä word " * 100]}}
    [lost] = [finding for finding in Run(tmp_path, document).findings if finding["check"] == "vpc.exists"]
    assert lost["verdict"] == "UNKNOWN"
    assert len(lost["text"].encode()) <= SENTENCE
    assert lost["text"].endswith(" …")
    assert lost["evidence"][0].startswith(lost["text"].removesuffix(" …"))
    assert "4f2c-example" in lost["evidence"][0]
