# SPDX-License-Identifier: Apache-2.0
"""What the tests of the preflight share: setup's words, its findings, and what it changed."""

from __future__ import annotations

import re

from conftest import REGION

SETUP = ("setup", "--name", "demo", "--region", REGION, "--yes")
LINE = re.compile(r"^  (PASS|WARN|FAIL|UNKNOWN) +(preflight\.[\w.-]+): (.*)$", re.MULTILINE)


def findings(text) -> dict[str, tuple[str, str]]:
    return {check: (verdict, said) for verdict, check, said in LINE.findall(text)}


def changes(local_aws) -> list[str]:
    """Every request that is not a question."""
    return [f"{row['service']}:{row['action']}" for row in local_aws.requests()
            if not row["action"].startswith(("Describe", "Get", "Head", "List", "Simulate"))]
