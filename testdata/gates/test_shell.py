# SPDX-License-Identifier: Apache-2.0
"""Gate: shellcheck has nothing to say of what an instance of a user's cloud runs, and no warning for our own scripts."""

import json
import shutil
import subprocess

import pytest
from tree import ROOT, report, shell_files

ON_INSTANCES = "providers/aws/cloud/functional/instance.sh"


def complaints(path, severity):
    if not shutil.which("shellcheck"):
        pytest.skip("shellcheck is missing")
    command = ["shellcheck", "--format=json", f"--severity={severity}", "--exclude=SC2148,SC1090,SC1091", path]
    run = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    return [f"{path}:{found['line']}: SC{found['code']} {found['message']}" for found in json.loads(run.stdout)]


def test_what_instances_run_is_clean():
    findings = complaints(ON_INSTANCES, "style")
    assert not findings, report("shellcheck", findings)


def test_scripts_have_no_warning():
    findings = [line for path in shell_files() for line in complaints(str(path), "warning")]
    assert not findings, report("shellcheck", findings)
