# SPDX-License-Identifier: Apache-2.0
"""China and GovCloud: accounts, ARNs, names of services and the console are the partition's own, and the default control
plane is not there."""

import json
import subprocess
import urllib.parse
import urllib.request

import pytest
from conftest import ACCOUNT, ROOT, Cloudctl

CONTROL_PLANE = ("--control-plane-account", "210987654321")
PLACES = [("aws-cn", "cn-north-1", "amazonaws.cn"), ("aws-us-gov", "us-gov-west-1", "amazonaws-us-gov.com")]


@pytest.fixture(scope="module", params=PLACES, ids=[place[0] for place in PLACES])
def place(request):
    """A local AWS that is all of one partition: its URL, the partition, a region and the console's domain."""
    command = [str(ROOT / "testdata/local-aws/serve"), "--port", "0", "--partition", request.param[0]]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline()
        assert line.startswith("local-aws ready http://127.0.0.1:"), line
        yield line.split()[-1], *request.param
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture
def there(place, tmp_path):
    return Cloudctl(tmp_path, place[0])


def test_a_cloud_lives_and_goes(place, there):
    _, partition, region, console = place
    done = there.run("setup", "far", "--region", region, *CONTROL_PLANE, "--yes")
    record = there.record("far")
    assert record["verification"]["verdict"] == "PASS"
    assert record["resources"]["control_plane_role_arn"].startswith(f"arn:{partition}:iam::{ACCOUNT}:role/")
    assert f"https://{region}.console.{console}/cloudformation/" in done.stderr
    assert "AWS account 210987654321 may assume" in " ".join(done.stderr.split())
    there.run("policy", "setup", "--region", region, "--check", "--account", ACCOUNT, code=None)
    there.run("delete", "far", "--yes")
    with urllib.request.urlopen(f"{place[0]}/_local/requests", timeout=30) as reply:
        asked = [urllib.parse.unquote(row["path"]) for row in json.load(reply) if row["service"] == "backup"]
    assert any(f"arn:{partition}:elasticfilesystem:{region}:{ACCOUNT}:file-system/" in path for path in asked)
    assert there.records() == []


def test_the_default_account_is_not_there(place, there):
    _, partition, region, _ = place
    says = f"--control-plane-account is needed in {region}: account 525325868955 is one of the partition aws"
    for words in (("--plan",), ("--yes",), ("--control-plane-account", "525325868955", "--yes")):
        done = there.run("setup", "far", "--region", region, *words, code=2)
        assert says in done.stderr and partition in done.stderr and there.records() == []
    assert says in there.run("register", "--name", "far", "--region", region, "--yes", code=2).stderr
