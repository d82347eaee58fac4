# SPDX-License-Identifier: Apache-2.0
"""Few file descriptors: connections leave room for what else is opened, and where there is none the reason is told."""

import resource

import pytest
from conftest import REGION, TIMEOUT

SETUP = ("setup", "--name", "demo", "--region", REGION, "--yes", "--skip-preflight")


def run(cloudctl, limit: int, *words: str):
    """Ended, with code and what was said; limit: the number of the first descriptor that it does not get."""
    cloudctl.environment["ASAN_OPTIONS"] = "detect_leaks=0"  # which needs descriptors itself
    process = cloudctl.start(*words, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit)))
    out, errors = process.communicate(timeout=TIMEOUT)
    assert "Sanitizer" not in errors, errors
    return process.returncode, out + errors


@pytest.mark.parametrize("limit", [16, 20, 24, 32, 64])
def test_there_is_room_for_the_record(cloudctl, limit):
    code, said = run(cloudctl, limit, *SETUP)
    assert code == 0, said
    assert cloudctl.record("demo")["state"] == "ready"
    code, said = run(cloudctl, limit, "verify", "--events", "events", "--debug=trace")
    assert code == 0, said


@pytest.mark.parametrize("limit", range(5, 12))
def test_what_is_missing_is_told(cloudctl, limit):
    cloudctl.run(*SETUP)
    code, said = run(cloudctl, limit, "verify")
    assert code == 0 or "ulimit -n" in said, f"{code}: {said}"
