# SPDX-License-Identifier: Apache-2.0
"""`update --continue`: an update that could not be taken back is, once its causes are mended, or without what is skipped."""

import json

import jsonschema
import pytest
from conftest import REGION
from test_update import SCHEMA, SETUP, UPDATE, Cloud

FORWARD = {"logical_id": "ControlPlaneRole", "when": "update", "times": 1, "reason": "broken"}
BACK = {"logical_id": "SecurityGroup", "when": "update", "skip": 1, "reason": "held"}
CHANGE = ("--external-id", "theirs", "--ssh-cidr", "203.0.113.0/24")
CONTINUE = (*UPDATE, "--continue")


@pytest.fixture
def cloud(cloudctl, local_aws):
    cloudctl.run(*SETUP)
    return Cloud(cloudctl, local_aws)


@pytest.fixture
def stuck(cloud, cloudctl, local_aws):
    """Its security group has what the update gave it, and cannot be given back what it had."""
    local_aws.fail(FORWARD, BACK)
    failed = cloudctl.run(*UPDATE, *CHANGE, code=4)
    assert "Control-plane role failed: broken" in failed.stderr
    assert "an update could not be taken back: mend what failed, then run: cloudctl update demo --continue" in failed.stderr
    assert cloud.stack["StackStatus"] == "UPDATE_ROLLBACK_FAILED" and (22, "203.0.113.0/24") in cloud.group_rules()
    assert (cloud.record["state"], cloud.record["operation"]["step"]) == ("ready", "execute")
    assert cloudctl.history("demo")[-1] == ("update", "failed", ["change-set", "execute"])
    local_aws.control("DELETE", "requests")
    return cloud


def continued(local_aws) -> list[dict]:
    return local_aws.requests("cloudformation:ContinueUpdateRollback")


def is_as_before(cloud, cloudctl) -> None:
    assert cloud.stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert cloud.record["external_id"] == cloud.record["id"] and "operation" not in cloud.record
    assert cloudctl.history("demo")[-1] == ("update", "done", ["continue-rollback"])


def test_what_was_mended_is_taken_back(stuck, cloudctl, local_aws):
    says = "mend what failed, then run: cloudctl update demo --continue"
    for words in (UPDATE, ("update", "demo", "--plan")):
        assert says in cloudctl.run(*words, code=4).stderr
    plan = json.loads(cloudctl.run("update", "demo", "--continue", "--plan", "-o", "json", code=1).stdout)
    jsonschema.validate(plan, SCHEMA)
    assert plan["action"] == "continue"
    assert [(one["logical_id"], one["reason"], one["skip"]) for one in plan["stuck"]] == [("SecurityGroup", "held", False)]
    shown = cloudctl.run("update", "demo", "--continue", "--plan", code=1).stdout
    assert "(SecurityGroup): held" in " ".join(shown.split())
    assert continued(local_aws) == []
    local_aws.fail()
    done = cloudctl.run(*CONTINUE)
    assert "is again what it was before the update in us-west-2" in done.stderr
    is_as_before(stuck, cloudctl)
    assert not any(port == 22 for port, _ in stuck.group_rules()) and "skipped" not in stuck.record
    cloudctl.run(*UPDATE, *CHANGE)
    assert stuck.record["external_id"] == "theirs"


def test_what_cannot_be_mended_is_skipped_by_name(stuck, cloudctl, local_aws):
    refused = cloudctl.run(*CONTINUE, "--skip", "Vpc", code=2)
    assert "--skip: 'Vpc' is not one of what could not be taken back: SecurityGroup" in refused.stderr
    assert continued(local_aws) == []
    done = cloudctl.run(*CONTINUE, "--skip", "SecurityGroup")
    assert "(SecurityGroup) was skipped: it may differ from the stack's template" in done.stderr
    is_as_before(stuck, cloudctl)
    assert stuck.record["skipped"] == ["SecurityGroup"] and (22, "203.0.113.0/24") in stuck.group_rules()
    plan = cloudctl.run("update", "demo", "--plan", "--node-cloudwatch", code=1).stdout
    assert "SecurityGroup" in plan and "may differ from its template" in " ".join(plan.split())


def test_what_was_skipped_is_forgotten_when_it_is_mended(stuck, cloudctl, local_aws):
    cloudctl.run(*CONTINUE, "--skip", "SecurityGroup")
    cloudctl.run(*UPDATE, code=1)
    assert stuck.record["skipped"] == ["SecurityGroup"]
    local_aws.client("ec2").revoke_security_group_ingress(
        GroupId=stuck.record["resources"]["security_group_ids"][0], IpPermissions=[
            {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "203.0.113.0/24"}]}])
    told = cloudctl.run(*UPDATE).stderr
    assert "(SecurityGroup), which was skipped when an update was taken back, is as its template has it" in " ".join(told.split())
    assert "skipped" not in stuck.record


def test_a_run_that_ended_in_its_verification_is_run_again(stuck, cloudctl, local_aws):
    """There is nothing left to take back, which is no reason to fail."""
    local_aws.fail()
    cloudctl.run(*CONTINUE)
    assert "is again what it was before the update" in cloudctl.run(*CONTINUE).stderr
    assert "nothing to go on with" in cloudctl.run(*CONTINUE, "--plan").stdout
    assert len(continued(local_aws)) == 1


def test_what_is_not_mended_fails_again(stuck, cloudctl, local_aws):
    """Each attempt is a request of its own."""
    for _ in range(2):
        failed = cloudctl.run(*CONTINUE, code=4)
        assert "Security group failed: held" in failed.stderr and "cloudctl update demo --continue" in failed.stderr
        assert stuck.record["operation"]["step"] == "continue-rollback"
        assert cloudctl.history("demo")[-1] == ("update", "failed", ["continue-rollback"])
    assert len({row["parameters"]["ClientRequestToken"] for row in continued(local_aws)}) == 2
    local_aws.fail()
    cloudctl.run(*CONTINUE)
    is_as_before(stuck, cloudctl)


def test_no_is_no(stuck, cloudctl, local_aws):
    before = stuck.record
    code, shown = cloudctl.on_terminal("update", "demo", "--continue", answer="n")
    assert code == 5 and "held" in shown
    assert f"Go on with taking the update of cloud 'demo' back in account {before['account']}, region {REGION}?" in shown
    assert continued(local_aws) == [] and stuck.record == before


@pytest.mark.parametrize("lost", [False, True], ids=["arrived", "lost"])
@pytest.mark.parametrize("words", [CONTINUE, (*UPDATE, "--node-cloudwatch")], ids=["again", "another update"])
def test_a_run_that_was_killed_is_taken_up(stuck, cloudctl, local_aws, lost, words):
    local_aws.fail()
    assert cloudctl.kill_at(local_aws, "cloudformation:ContinueUpdateRollback", 0, *CONTINUE, lost=lost)
    assert stuck.record["operation"]["step"] == "continue-rollback"
    if lost and words != CONTINUE:
        assert "cloudctl update demo --continue" in cloudctl.run(*words, code=4).stderr
        words = CONTINUE
    cloudctl.run(*words)
    assert len({row["parameters"]["ClientRequestToken"] for row in continued(local_aws)}) == 1
    assert not any(port == 22 for port, _ in stuck.group_rules()) and "operation" not in stuck.record
    assert ("cloudwatch" in stuck.policies("node_role_arn")) == (words != CONTINUE)


@pytest.mark.parametrize("words, says", [
    (("--skip", "Vpc"), "--skip is for --continue"), (("--continue", "--ssh-cidr", "10.0.0.0/8"), "changes nothing else"),
    (("--continue", "--reset", "ssh-cidr"), "changes nothing else"), (("--continue", "--tag", "a=b"), "changes nothing else"),
    (("--continue", "--overwrite-template"), "changes nothing else")],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "")
def test_options_that_cannot_be_meant(cloud, cloudctl, local_aws, words, says):
    local_aws.control("DELETE", "requests")
    assert says in cloudctl.run(*UPDATE, *words, code=2).stderr
    assert local_aws.requests() == []


def test_there_is_nothing_to_take_back(cloud, cloudctl, local_aws):
    done = cloudctl.run(*CONTINUE, code=4)
    assert "its stack is CREATE_COMPLETE, so there is nothing to take back; to update it: cloudctl update demo" in done.stderr
    local_aws.control("POST", "settings", {"settle": 30})
    parameters = [{"ParameterKey": name, "UsePreviousValue": True} for name in cloud.parameters if name != "EnableMemoryDB"]
    cloud.cloudformation.update_stack(
        StackName=cloud.record["stack_name"], UsePreviousTemplate=True, Capabilities=["CAPABILITY_NAMED_IAM"],
        Parameters=[*parameters, {"ParameterKey": "EnableMemoryDB", "ParameterValue": "true"}])
    done = cloudctl.run(*CONTINUE, code=4)
    assert "its stack is UPDATE_IN_PROGRESS by somebody else; wait until that has ended" in done.stderr
    assert continued(local_aws) == []
