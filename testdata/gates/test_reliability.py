# SPDX-License-Identifier: Apache-2.0
"""Gate: docs/reliability.md has a row for each trial of testdata/reliability.py, in its words, and each trial is a file."""

import re
import sys

from tree import ROOT, read

sys.path.insert(0, str(ROOT / "testdata"))
from reliability import HEAD, TRIALS  # noqa: E402

PAGE = "docs/reliability.md"
ROW = re.compile(r"^\| `(\w+)` \| (.+) \| (.+) \| ([^|]*) \| ([^|]*) \|$", re.MULTILINE)


def test_the_page_is_that_of_the_trials():
    assert [(name, (tried, held)) for name, tried, held, *_ in ROW.findall(read(PAGE))] == list(TRIALS.items())
    assert read(PAGE).startswith(HEAD)


def test_every_trial_is_there():
    missing = [name for name in TRIALS if not (ROOT / f"testdata/e2e/test_{name}.py").is_file()]
    assert not missing, missing


def test_nothing_was_lost():
    """A page with a try that was lost is not put into the repository."""
    for name, _, _, tries, survived in ROW.findall(read(PAGE)):
        assert not tries[:1].isdigit() or tries == survived.split(" ")[0], name
