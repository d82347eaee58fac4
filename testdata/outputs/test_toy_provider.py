# SPDX-License-Identifier: Apache-2.0
"""The seam between providers and the rest: the test of the toy provider links nothing of AWS's."""

import shutil
import subprocess
from pathlib import Path

BUILD = Path(__file__).resolve().parents[2] / "build/dev"


def defined(kinds: str, *files: Path) -> set[str]:
    """Functions that the files define; kinds are nm's letters, small ones for what is not exported."""
    assert shutil.which("nm"), "nm is missing: sh testdata/install.sh test"
    lines = subprocess.run(["nm", "--defined-only", *files], check=True, capture_output=True, text=True).stdout
    rows = (line.split() for line in lines.splitlines())
    return {row[2] for row in rows if len(row) == 3 and row[1] in kinds}


def test_the_toy_provider_links_no_symbol_of_aws():
    libraries = sorted((BUILD / "providers/aws").rglob("lib*.a"))
    assert libraries, "no library of providers/aws was built"
    aws = {symbol for symbol in defined("T", *libraries) if not symbol.startswith(("__asan", "__odr_asan"))}
    assert "aws_open" in aws  # the list is what it is meant to be
    linked = defined("Tt", BUILD / "tests/toy_provider_run_test")
    assert "steps_run" in linked and "verify_run" in linked and "registry_create" in linked
    assert linked & aws == set()
