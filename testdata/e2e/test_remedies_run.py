# SPDX-License-Identifier: Apache-2.0
"""A fix is a promise: the command as it is printed, run in a shell with the AWS command line against the local AWS, makes
the finding pass, makes no other worse, and takes nothing away that is the customer's.

What is broken so that each is printed is in remedy_cases.py; a check that prints a fix and is not there fails.
"""

import json
import subprocess

import pytest
from aws_cli import AwsCli
from belongings import belongings
from conftest import BINARY, KEYS
from remedy_cases import CHANGES, FIXES, advice
from verify_support import change_and_verify, new_cloud

WORSE = {"PASS": 0, "SKIP": 0, "WARN": 1, "UNKNOWN": 2, "FAIL": 3}
# What a fix is there to take away: rules that are open; statements without a condition, which get one.
TAKEN = {"security-groups.ssh": "in", "security-groups.open-ports": "in", "iam.control-plane.external-id": "trust"}
BY_CASE = {}
for _check, _names in FIXES.items():
    for _name in _names:
        BY_CASE.setdefault(_name, []).append(_check)


@pytest.fixture(scope="session")
def aws_cli(server, tmp_path_factory):
    made = AwsCli(tmp_path_factory.mktemp("aws"), server.url, KEYS)
    yield made
    made.stop()


def findings(cloud) -> dict[str, dict]:
    return {row["check"]: row for row in cloud.document()["findings"]}


def follow(cloud, aws_cli, local_aws, check: str, before: dict[str, dict]) -> dict[str, dict]:
    """Run the fix of one finding; the findings afterwards."""
    finding, had = before[check], belongings(local_aws)
    assert finding["remedy_kind"] == "fix", f"{check}: {finding['remedy_kind']}: {finding['remedy']}"
    done = aws_cli.bash(finding["remedy"])
    assert done.returncode == 0, f"{finding['remedy']}\n{done.stderr}"
    after = findings(cloud)
    assert after[check]["verdict"] == "PASS", f"{finding['remedy']}\n{after[check]['text']}"
    worse = {name: row["text"] for name, row in after.items()
             if before[name]["verdict"] != "SKIP" and WORSE[row["verdict"]] > WORSE[before[name]["verdict"]]}
    assert not worse, finding["remedy"]
    gone = {row for row in had - belongings(local_aws) if row[0] != TAKEN.get(check)}
    assert not gone, f"{finding['remedy']}\n{gone}"
    return after


@pytest.mark.parametrize("name", sorted(BY_CASE))
def test_a_fix_mends_what_it_is_printed_for(server, tmp_path, aws_cli, name):
    kind, first, change, _expected = CHANGES[name]
    cloud = change_and_verify(tmp_path, server, kind, first, change)
    found = findings(cloud)
    for check in BY_CASE[name]:
        if found[check]["verdict"] != "PASS":  # a fix before may have mended it
            found = follow(cloud, aws_cli, server, check, found)
    # No other fix was printed that is not run for its own check by some case.
    strange = {row["check"] for row in found.values() if row["remedy_kind"] == "fix"} - set(FIXES)
    assert not strange


@pytest.mark.parametrize("kind, first, change, expected", advice)
def test_what_no_command_mends_is_said_in_words(server, tmp_path, kind, first, change, expected):
    found = findings(change_and_verify(tmp_path, server, kind, first, change))
    for check, verdict in expected.items():
        assert (found[check]["verdict"], found[check]["remedy_kind"]) == (verdict, "do"), found[check]["remedy"]


def test_two_findings_about_one_rule_do_not_mend_it_twice(server, tmp_path, aws_cli):
    kind, first, change, _expected = CHANGES["one rule for ssh and https"]
    cloud = change_and_verify(tmp_path, server, kind, first, change)
    before = findings(cloud)
    assert before["security-groups.ssh"]["remedy_kind"] == "do"
    after = follow(cloud, aws_cli, server, "security-groups.open-ports", before)
    assert after["security-groups.ssh"]["verdict"] == after["security-groups.https"]["verdict"] == "PASS"


def test_what_a_stack_made_is_mended_in_the_stack(server, tmp_path, aws_cli):
    """And what is mended beside it does not keep it from being deleted."""
    cloud = new_cloud(tmp_path, server).setup()
    resources = cloud.cloudctl.record("prod")["resources"]
    role = resources["node_role_arn"].rpartition("/")[2]
    iam, s3 = server.client("iam"), server.client("s3")
    for policy in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=role, PolicyArn=policy["PolicyArn"])
    for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        iam.delete_role_policy(RoleName=role, PolicyName=policy)
    s3.delete_bucket_cors(Bucket=resources["bucket"])
    found = findings(cloud)
    advice = found["iam.node.ecr"]
    assert advice["verdict"] == "WARN" and advice["remedy_kind"] == "do" and "in the stack" in advice["remedy"]
    follow(cloud, aws_cli, server, "s3.cors", found)
    cloud.cloudctl.run("delete", "--name", "prod", "--yes")


def test_every_check_is_run_or_gives_advice():
    done = subprocess.run([str(BINARY), "checks", "-o", "json"], check=True, capture_output=True, text=True, env={})
    rows = {row["id"]: row for row in json.loads(done.stdout)}
    assert set(FIXES) <= set(rows)
    assert {name for name, row in rows.items() if row["remedy_kind"] == "fix"} <= set(FIXES)
    assert all(name in CHANGES for names in FIXES.values() for name in names)
    for row in rows.values():
        assert row["remedy_kind"] != "fix" or ("<" not in row["remedy"].replace(">/dev/null", "") and "aws " in row["remedy"])
