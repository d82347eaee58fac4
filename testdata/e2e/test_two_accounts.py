# SPDX-License-Identifier: Apache-2.0
"""Clouds of two accounts, and credentials of one of them: each command says so and names the profile to choose."""

import pytest
import yaml
from conftest import ACCOUNT, HELD, KEYS, OTHER_KEYS, REGION, Cloudctl

OTHER_ACCOUNT = "210987654321"
CONFIG = f"""
[profile prod-admin]
sso_account_id = {ACCOUNT}
[profile it's]
role_arn = arn:aws:iam::{ACCOUNT}:role/reader
[profile staging]
role_arn = arn:aws:iam::{OTHER_ACCOUNT}:role/admin
[profile keys]
region = {REGION}
"""
CHOOSE = f"choose a profile of account {ACCOUNT} with --profile: 'it'\\''s', prod-admin"


@pytest.fixture
def both(cloudctl):
    """One cloud in each account, one registry; the credentials are those of the other account."""
    cloudctl.run("setup", "first", "--region", REGION, "--yes")
    cloudctl.environment.update(AWS_ACCESS_KEY_ID=OTHER_KEYS[0], AWS_SECRET_ACCESS_KEY=OTHER_KEYS[1])
    cloudctl.run("setup", "second", "--region", REGION, "--yes")
    configure(cloudctl, CONFIG)
    return cloudctl


def configure(cloudctl: Cloudctl, text: str) -> None:
    (cloudctl.home / ".aws").mkdir(exist_ok=True)
    (cloudctl.home / ".aws/config").write_text(text)


def test_verify_all_judges_the_clouds_of_the_account_alone(both):
    before = both.record("first")
    document = yaml.safe_load(both.run("verify", "--all", "-o", "yaml", code=1).stdout)
    first, second = document["clouds"]
    assert (second["verdict"], second["exit_code"]) == ("PASS", 0)
    [failed] = [finding for finding in first["findings"] if finding["verdict"] != "UNKNOWN"]
    assert (failed["check"], failed["verdict"], failed["remedy"]) == ("account.identity", "FAIL", CHOOSE)
    assert failed["text"] == f"the credentials belong to account {OTHER_ACCOUNT}, the cloud to account {ACCOUNT}"
    assert both.record("first") == before


def test_verify_ends_when_it_is_known_who_asks(both, local_aws):
    """What flew at once with that question is not waited for, and nothing is asked after it; nothing is recorded."""
    before = both.record("first")
    local_aws.control("DELETE", "requests")
    local_aws.faults({"match": "ec2:DescribeVpcs", "delay": HELD})
    done = both.run("verify", "first", code=1)
    local_aws.quiet()
    assert CHOOSE in " ".join(done.stderr.split())
    asked = {row["action"] for row in local_aws.requests()}
    assert "DescribeVpcs" in asked and "DescribeDhcpOptions" not in asked
    assert both.record("first") == before


def test_import_stops_at_once(both, local_aws):
    stack = both.record("first")["stack_arn"]
    local_aws.control("DELETE", "requests")
    assert f"are those of account {OTHER_ACCOUNT}; {CHOOSE}" in both.run("import", "--stack", stack, code=4).stderr
    assert [row["action"] for row in local_aws.requests()] == ["GetCallerIdentity"]


@pytest.mark.parametrize("words", [
    ("delete", "first", "--yes"), ("setup", "first", "--yes"), ("setup", "first", "--yes", "--plan")],
    ids=["delete", "setup", "plan"])
def test_a_command_that_changes_stops_at_once(both, local_aws, words):
    before = both.record("first")
    local_aws.control("DELETE", "requests")
    errors = both.run(*words, code=4).stderr
    assert f"are those of account {OTHER_ACCOUNT}; {CHOOSE}" in errors
    assert [row["action"] for row in local_aws.requests()] == ["GetCallerIdentity"]
    assert both.record("first") == before


def test_whose_permissions_are_asked_about(both):
    errors = both.run("policy", "verify", "first", "--check", code=4).stderr
    assert f"the credentials are those of account {OTHER_ACCOUNT}, not {ACCOUNT}; {CHOOSE}" in errors


def test_a_profile_that_was_chosen_well(both):
    """With keys of the account the same cloud is good."""
    both.environment.update(AWS_ACCESS_KEY_ID=KEYS[0], AWS_SECRET_ACCESS_KEY=KEYS[1])
    both.run("verify", "first")


def test_no_profile_says_its_account(both):
    configure(both, "[profile keys]\nregion = us-east-1\n")
    errors = both.run("delete", "first", "--yes", code=4).stderr
    assert f"choose credentials of account {ACCOUNT}, for example with --profile" in errors
