# SPDX-License-Identifier: Apache-2.0
"""The template, read once."""

from pathlib import Path

import pytest
from cfnlint.decode import decode

TEMPLATE = Path(__file__).resolve().parents[2] / "providers/aws/cloud/template.yaml"


@pytest.fixture(scope="session")
def template():
    parsed, problems = decode(str(TEMPLATE))
    assert not problems
    return parsed


@pytest.fixture(scope="session")
def resources(template):
    return template["Resources"]
