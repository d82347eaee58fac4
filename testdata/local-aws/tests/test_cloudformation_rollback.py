# SPDX-License-Identifier: Apache-2.0
"""What an update may not touch, and ContinueUpdateRollback where the way back of an update failed."""

import json

import pytest
from botocore.exceptions import ClientError
from cloudformation_support import BUCKET, body, local, refused, resources, server  # noqa: F401

VPC = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}
ALL = {"Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*"}


def vpc(**properties) -> dict:
    return VPC | {"Properties": VPC["Properties"] | properties}


def update(local, name: str, template, **arguments) -> dict:
    local.cloudformation.update_stack(StackName=name, TemplateBody=body(template), **arguments)
    return local.settled(name)


def protect(local, name: str, *statements: dict) -> None:
    local.cloudformation.set_stack_policy(StackName=name, StackPolicyBody=json.dumps({"Statement": statements}))


@pytest.mark.parametrize("action, template", [
    ("Update:Modify", resources(Vpc=vpc(EnableDnsHostnames=True), Bucket=BUCKET)),
    ("Update:Replace", resources(Vpc=vpc(CidrBlock="10.1.0.0/16"), Bucket=BUCKET)),
    ("Update:Delete", resources(Bucket=BUCKET)),
])
def test_a_stack_policy_denies(local, action, template):
    name = f"kept-{action.rpartition(':')[2]}"
    local.created(name, resources(Vpc=VPC, Bucket=BUCKET))
    before = local.physical(name)
    protect(local, name, ALL, {"Effect": "Deny", "Principal": "*", "Action": [action], "Resource": "LogicalResourceId/V*"})
    assert update(local, name, template)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert local.reasons(name)["Vpc"] == (f"Action denied by stack policy: Statement [#2] does not allow [{action}] for "
                                          "resource [LogicalResourceId/Vpc]")
    assert local.physical(name) == before
    protect(local, name, ALL)
    assert update(local, name, template)["StackStatus"] == "UPDATE_COMPLETE"


def test_what_no_statement_allows_is_denied(local):
    local.created("silent", resources(Vpc=VPC, Bucket=BUCKET))
    protect(local, "silent", ALL | {"Resource": "LogicalResourceId/Bucket"})
    assert update(local, "silent", resources(Vpc=vpc(EnableDnsHostnames=True), Bucket=BUCKET))["StackStatus"] == \
        "UPDATE_ROLLBACK_COMPLETE"
    protect(local, "silent", {"Effect": "Allow", "Principal": "*", "NotAction": "Update:Delete", "Resource": "*",
                              "Condition": {"StringEquals": {"ResourceType": ["AWS::EC2::VPC"]}}})
    assert update(local, "silent", resources(Vpc=vpc(EnableDnsHostnames=True), Bucket=BUCKET))["StackStatus"] == \
        "UPDATE_COMPLETE"
    for wrong in ("{}", "no JSON", json.dumps({"Statement": [{"Effect": "Allow"}]})):
        refused(local.cloudformation.set_stack_policy, StackName="silent", StackPolicyBody=wrong)


def stuck(local, name: str) -> str:
    """A stack whose update failed, and its way back, at the VPC. Its bucket is as it was."""
    local.created(name, resources(Vpc=VPC, Bucket=BUCKET))
    tags = {"Tags": [{"Key": "k", "Value": "v"}]}
    after = resources(Bucket=BUCKET | {"Properties": tags}, Vpc=vpc(EnableDnsHostnames=True) | {"DependsOn": "Bucket"},
                      New=BUCKET | {"DependsOn": "Vpc"})
    local.control("POST", "fail", [{"logical_id": "New", "reason": "broken"},
                                   {"logical_id": "Vpc", "when": "update", "skip": 1, "reason": "held"}])
    assert update(local, name, after)["StackStatus"] == "UPDATE_ROLLBACK_FAILED"
    return name


def state(local, name: str) -> tuple[bool, bool]:
    """Whether the VPC has the update's setting, and the bucket its tag."""
    physical = local.physical(name)
    names = local.client("ec2").describe_vpc_attribute(VpcId=physical["Vpc"], Attribute="enableDnsHostnames")
    try:
        tagged = bool(local.client("s3").get_bucket_tagging(Bucket=physical["Bucket"])["TagSet"])
    except ClientError:
        tagged = False
    return names["EnableDnsHostnames"]["Value"], tagged


def test_a_rollback_is_continued(local):
    name = stuck(local, "continued")
    assert state(local, name)[0] and "UPDATE_ROLLBACK_FAILED state" in refused(
        local.cloudformation.update_stack, StackName=name, TemplateBody=body(resources(Vpc=VPC)))
    local.cloudformation.continue_update_rollback(StackName=name)
    assert local.settled(name)["StackStatus"] == "UPDATE_ROLLBACK_FAILED"
    local.control("POST", "fail", [])
    local.cloudformation.continue_update_rollback(StackName=name, ClientRequestToken="again")
    assert local.settled(name)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert state(local, name) == (False, False) and set(local.physical(name)) == {"Vpc", "Bucket"}
    assert local.events(name)[-1]["ClientRequestToken"] == "again"
    assert "can not be continued" in refused(local.cloudformation.continue_update_rollback, StackName=name)


def test_what_cannot_go_back_is_skipped(local):
    name = stuck(local, "skipped")
    refused(local.cloudformation.continue_update_rollback, StackName=name, ResourcesToSkip=["Bucket2"])
    local.cloudformation.continue_update_rollback(StackName=name, ResourcesToSkip=["Vpc"])
    assert local.settled(name)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert state(local, name) == (True, False)
