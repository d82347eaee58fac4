# SPDX-License-Identifier: Apache-2.0
"""`history`: what the record says of the operations on a cloud."""

import json

import pytest
import yaml
from conftest import ACCOUNT, REGION

ME = f"arn:aws:iam::{ACCOUNT}:user/local-admin"
SETUP = ("setup", "prod", "--region", REGION, "--skip-preflight", "--yes")
DONE = ("setup", "done", ["create-stack", "protect"])
DENIED = {"match": "cloudformation:DeleteStack", "status": 403, "code": "AccessDenied"}


def test_a_setup(cloudctl):
    cloudctl.run(*SETUP)
    [entry] = cloudctl.whole_record("prod")["history"]
    assert cloudctl.history("prod") == [DONE]
    assert entry["by"] == ME and entry["started"] <= entry["ended"]


@pytest.mark.parametrize("lost", [False, True], ids=["after", "before"])
def test_a_setup_that_was_killed_and_gone_on_with_is_one_operation(cloudctl, local_aws, lost):
    cloudctl.kill_at(local_aws, "cloudformation:CreateStack", 0, *SETUP, lost=lost)
    assert cloudctl.history("prod") == [("setup", "unfinished", ["create-stack"])]
    cloudctl.run(*SETUP)
    assert cloudctl.history("prod") == [DONE]


def test_a_setup_that_failed_and_was_tried_again(cloudctl, local_aws):
    local_aws.fail({"logical_id": "Bucket", "reason": "no room"})
    cloudctl.run(*SETUP, code=4)
    assert cloudctl.history("prod") == [("setup", "failed", ["create-stack"])]
    local_aws.fail()
    cloudctl.run(*SETUP)
    assert cloudctl.history("prod")[1:] == [("setup", "done", ["delete-stack", "create-stack", "protect"])]


def test_a_deletion_that_was_refused(cloudctl, local_aws):
    cloudctl.run(*SETUP)
    before = cloudctl.record("prod")
    local_aws.faults(DENIED)
    cloudctl.run("delete", "prod", "--yes", code=4)
    assert cloudctl.history("prod") == [DONE, ("delete", "refused", ["delete-stack"])]
    after = cloudctl.record("prod")
    assert after | {"updated": None} == before | {"updated": None}


def test_a_registration(cloudctl, customer):
    cloudctl.run("register", "--name", "prod", *customer.arguments, "--skip-verifications", "--yes")
    assert cloudctl.history("prod") == [("register", "done", ["trust-policy"])]


def test_an_update(cloudctl):
    cloudctl.run(*SETUP)
    cloudctl.run("update", "prod", "--ssh-cidr", "203.0.113.0/24", "--yes")
    assert cloudctl.history("prod") == [DONE, ("update", "done", ["change-set", "execute"])]
    assert [entry["by"] for entry in cloudctl.whole_record("prod")["history"]] == [ME, ME]


def test_the_command(cloudctl, local_aws):
    cloudctl.run(*SETUP)
    local_aws.faults(DENIED)
    cloudctl.run("delete", "prod", "--yes", code=4)
    local_aws.release()
    local_aws.control("DELETE", "requests")
    entries = cloudctl.whole_record("prod")["history"]
    assert json.loads(cloudctl.run("history", "prod", "-o", "json").stdout) == entries
    assert yaml.safe_load(cloudctl.run("history", "-o", "yaml").stdout) == entries
    heading, first, second = cloudctl.run("history", "prod").stdout.splitlines()
    assert heading.split() == ["STARTED", "ENDED", "OPERATION", "RESULT", "STEPS", "BY"]
    assert first.split() == [entries[0]["started"], entries[0]["ended"], "setup", "done", "create-stack,", "protect", ME]
    assert second.split()[2:] == ["delete", "refused", "delete-stack", ME]
    assert local_aws.requests() == []


def test_a_record_of_an_older_version(cloudctl):
    """It has no history; what is done now begins one."""
    cloudctl.run(*SETUP)
    path = cloudctl.state / "cloudctl/clouds/prod.yaml"
    path.write_text(yaml.safe_dump(cloudctl.record("prod"), sort_keys=False))
    assert json.loads(cloudctl.run("history", "prod", "-o", "json").stdout) == []
    done = cloudctl.run("history", "prod")
    assert done.stdout == "" and "The record of cloud 'prod' names no operation." in done.stderr
    cloudctl.run("verify", "prod")
    assert cloudctl.history("prod") == []


@pytest.mark.parametrize("entries, why", [
    ([{"started": "2026-01-02T03:04:05Z"}], "history: item 1: kind: is missing"),
    ([{"kind": "setup", "started": "x", "result": "splendid"}], "history: item 1: result: must be"),
    ([{"kind": "setup", "started": "x", "mood": "good"}], "history: item 1: mood"),
    ([{"kind": "setup", "started": str(i)} for i in range(21)], "history: "), ("none", "history: ")],
    ids=["kind", "result", "unknown", "many", "text"])
def test_a_history_that_is_none(cloudctl, entries, why):
    cloudctl.run(*SETUP)
    path = cloudctl.state / "cloudctl/clouds/prod.yaml"
    path.write_text(yaml.safe_dump(cloudctl.record("prod") | {"history": entries}, sort_keys=False))
    assert why in cloudctl.run("history", "prod", code=4).stderr
