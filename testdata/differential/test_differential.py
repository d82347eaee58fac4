# SPDX-License-Identifier: Apache-2.0
"""The IAM decision against independent judges, on a few thousand random cases; docs/differential.md, run.py."""

import os
import subprocess
from pathlib import Path

import pytest

import judges
from causes import ERRORS, IAM_SIMULATE, PRINCIPAL_MAPPER
from compare import compare_complete, compare_open, compare_trust
from trust import QUESTIONS

SEED = os.environ.get("DIFFERENTIAL_SEED", "test")
COMPLETE, OPEN, TRUST = 2000, 2000, 300
# Shares of all answers that may be "maybe" without need. They were measured, and may only be lowered.
NEEDLESS_COMPLETE, NEEDLESS, NEEDLESS_TRUST = 0.001, 0.055, 0.06


@pytest.fixture(scope="module", autouse=True)
def judge_packages():
    subprocess.run(["sh", "testdata/node.sh", "differential"], cwd=judges.ROOT, check=True)


@pytest.fixture(scope="module")
def complete():
    return compare_complete(SEED, COMPLETE)


def test_every_disagreement_of_complete_requests_has_a_cause(complete):
    assert not complete.unexplained, complete


def test_what_is_known_is_decided(complete):
    """All but what AWS leaves open."""
    assert complete.share("cloudctl", "needless maybe") <= NEEDLESS_COMPLETE, complete


def test_judges_are_right_mostly(complete):
    """A judge that answers at random, or not at all, judges nothing."""
    assert complete.share("iam-simulate", "right") > 0.95
    assert complete.share("principal-mapper", "right") > 0.8
    assert complete.share("cloudctl", "right") > 0.98


def test_open_requests_are_decided_only_when_every_completion_agrees():
    report = compare_open(SEED, OPEN)
    assert not report.unexplained, report
    assert report.share("cloudctl", "right maybe") > 0.1
    assert report.share("cloudctl", "needless maybe") <= NEEDLESS, report


def test_trust_policies():
    report = compare_trust(SEED, TRUST)
    assert not report.unexplained, report
    for question in QUESTIONS:
        assert report.share(question, "right") > 0.5, report
        assert report.share(question, "needless maybe") <= NEEDLESS_TRUST, report


def test_the_page_lists_every_cause():
    page = Path(judges.ROOT, "docs/differential.md").read_text()
    for name in [*IAM_SIMULATE, *PRINCIPAL_MAPPER, *ERRORS]:
        assert f"`{name}`" in page, name
