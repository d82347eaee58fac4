# SPDX-License-Identifier: Apache-2.0
"""What the checks say of random networks against what is reached in them; docs/differential.md, network_judge.py."""

import os

from network_judge import HALVES, compare

SEED = os.environ.get("DIFFERENTIAL_SEED", "test")
COUNT = 200


def test_checks_and_reach_agree():
    report = compare(SEED, COUNT)
    assert not report.wrong(), report
    # Networks of which all are good, or all broken, would judge nothing.
    for name in ("internet: agreed, reached", "internet: agreed, not reached", "files: agreed, reached",
                 "files: agreed, not reached"):
        assert report.share(name) > 0.15, report
    assert report.share(HALVES) < 0.02, report
