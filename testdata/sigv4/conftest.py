# SPDX-License-Identifier: Apache-2.0
"""Finds the test tools: in $CLOUDCTL_TOOLS, else in the build of the preset dev. Without them the tests fail."""

import os
import pathlib

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def tool():
    folder = pathlib.Path(os.environ.get("CLOUDCTL_TOOLS", ROOT / "build" / "dev" / "tests"))

    def find(name):
        path = folder / name
        assert path.exists(), f"{path} is not built: cmake --preset dev && cmake --build --preset dev"
        return str(path)

    return find
