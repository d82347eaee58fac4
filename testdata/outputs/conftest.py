# SPDX-License-Identifier: Apache-2.0
"""What the renderers write of the sample runs (ui/capture.h), by way of the test tool render_tool.

The tool is looked for in $CLOUDCTL_TOOLS, else in the build of the preset dev. Without it the tests fail.
"""

import os
import pathlib
import subprocess

import pytest
from facts_cases import Run, cases

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLES = ("verify", "ignored", "hostile", "broken-off", "empty")


@pytest.fixture(scope="session")
def render():
    folder = pathlib.Path(os.environ.get("CLOUDCTL_TOOLS", ROOT / "build" / "dev" / "tests"))
    tool = folder / "render_tool"
    assert tool.exists(), f"{tool} is not built: cmake --preset dev && cmake --build --preset dev"

    def rendered(output, sample, strict=False):
        """The document's bytes."""
        command = [str(tool), output, sample, *(["strict"] if strict else [])]
        return subprocess.run(command, check=True, capture_output=True).stdout

    return rendered


@pytest.fixture(params=SAMPLES)
def sample(request):
    return request.param


@pytest.fixture(scope="session")
def runs(tmp_path_factory):
    """Every cloud and every change of testdata/facts, judged once."""
    home = tmp_path_factory.mktemp("home")
    return {name: Run(home, document) for name, document in cases().items()}
