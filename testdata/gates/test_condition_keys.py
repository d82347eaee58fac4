# SPDX-License-Identifier: Apache-2.0
"""Gate: the table of condition keys is what its script makes of AWS's Service Authorization Reference, and every action
that is put to policies is asked on what the reference decides it on."""

import fnmatch
import sys

import pytest
from tree import ROOT, report

sys.path.insert(0, str(ROOT / "testdata/iam"))
import condition_keys  # noqa: E402


def test_the_table_is_in_step_with_its_source():
    assert condition_keys.TABLE.read_text() == condition_keys.table(), (
        "run: build/venv/bin/python testdata/iam/condition_keys.py >providers/aws/iam/condition_key_table.h")


def test_every_action_is_asked_about():
    assert len(condition_keys.asked()) > 100


@pytest.mark.parametrize("action, arns", condition_keys.asked().items(), ids=str)
def test_an_action_is_asked_on_its_resource_types(action, arns):
    """Or on "*", where it has no type that a request must name."""
    entry, types = condition_keys.described(action)
    required = [row["name"] for row in entry["resourceTypes"] if row["required"]]
    patterns = [condition_keys.pattern(kind) for kind in types.values()]
    wrong = [arn for arn in arns if not (not required if arn == "*" else
                                         any(fnmatch.fnmatchcase(arn, pattern) for pattern in patterns))]
    assert not wrong, report(f"{action} is decided on {sorted(types)}, not on", wrong)
