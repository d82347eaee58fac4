# SPDX-License-Identifier: Apache-2.0
"""What refuses a stack before anything of it is made, and where AWS says why: early validation, hooks, absent types."""

import pytest
from botocore.exceptions import ClientError, WaiterError
from cloudformation_support import BUCKET, body, local, resources, server  # noqa: F401

GROUP = {"Type": "AWS::MemoryDB::ParameterGroup",
         "Properties": {"ParameterGroupName": "g", "Family": "memorydb_redis7"}}
HOOK = {"hook": "AWS::ControlTower::Hook", "type": "AWS::S3::Bucket", "reason": "[CT.S3.PR.1]: Require x [FIX]: set x"}


def events_of(local, **question) -> list[dict]:
    pages = local.cloudformation.get_paginator("describe_events").paginate(**question)
    return [event for page in pages for event in page["OperationEvents"]]


def test_a_name_that_is_taken_is_in_describe_events_alone(local):
    local.client("s3").create_bucket(Bucket="taken-2", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    bucket = BUCKET | {"Properties": {"BucketName": "taken-2"}}
    stack = local.settled(local.create("early", resources(Bucket=bucket, Other=BUCKET)))
    assert stack["StackStatus"] == "CREATE_FAILED" and "DescribeEvents" in stack["StackStatusReason"]
    assert {event["ResourceType"] for event in local.events(stack["StackId"])} == {"AWS::CloudFormation::Stack"}
    [operation] = stack["LastOperations"]
    failed = events_of(local, OperationId=operation["OperationId"], Filters={"FailedEvents": True})
    [event] = [event for event in failed if event["EventType"] == "VALIDATION_ERROR"]
    assert event["LogicalResourceId"] == "Bucket" and event["OperationId"] == operation["OperationId"]
    assert event["ValidationStatusReason"] == "Resource of type 'AWS::S3::Bucket' with identifier 'taken-2' already exists."
    assert event["ValidationPath"] == "/Resources/Bucket/Properties/BucketName"


def proposed(local, stack: str, template) -> dict:
    """A change set of an update, computed."""
    made = local.cloudformation.create_change_set(StackName=stack, ChangeSetName="next", ChangeSetType="UPDATE",
                                                  TemplateBody=body(template))
    with pytest.raises(WaiterError):
        local.cloudformation.get_waiter("change_set_create_complete").wait(
            ChangeSetName=made["Id"], WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    return local.cloudformation.describe_change_set(ChangeSetName=made["Id"])


def test_why_a_change_set_is_refused_is_in_its_own_events(local):
    local.client("memorydb").create_parameter_group(ParameterGroupName="mine", Family="memorydb_redis7")
    local.created("later", resources(Bucket=BUCKET))
    mine = GROUP | {"Properties": GROUP["Properties"] | {"ParameterGroupName": "mine"}}
    found = proposed(local, "later", resources(Bucket=BUCKET, Group=mine))
    assert found["Status"] == "FAILED" and "DescribeEvents" in found["StatusReason"]
    failed = events_of(local, StackName="later", ChangeSetName="next", Filters={"FailedEvents": True})
    assert failed == events_of(local, ChangeSetName=found["ChangeSetId"])
    assert [(event["LogicalResourceId"], event["OperationType"], event["ValidationPath"]) for event in failed] == [
        ("Group", "CREATE_CHANGESET", "/Resources/Group/Properties/ParameterGroupName")]
    assert all("ValidationName" not in event for event in local.events("later"))


def test_a_hook_refuses_a_change_set(local):
    local.created("watched", resources(Bucket=BUCKET))
    local.control("POST", "hooks", [HOOK | {"type": "CHANGE_SET"}])
    found = proposed(local, "watched", resources(Bucket=BUCKET, Other=BUCKET))
    assert (found["Status"], found["StatusReason"]) == ("FAILED", "The following hook(s) failed: [AWS::ControlTower::Hook]")
    [event] = events_of(local, ChangeSetName=found["ChangeSetId"], Filters={"FailedEvents": True})
    assert (event["EventType"], event["HookStatusReason"]) == ("HOOK_INVOCATION_ERROR", HOOK["reason"])
    assert all("HookType" not in event for event in local.events("watched"))


def test_a_hook_says_why_in_its_own_row(local):
    local.control("POST", "hooks", [HOOK])
    stack = local.settled(local.create("hooked", resources(Bucket=BUCKET)))["StackId"]
    assert local.reasons(stack)["Bucket"] == "The following hook(s) failed: [AWS::ControlTower::Hook]"
    [row] = [event for event in local.events(stack) if event.get("HookStatus") == "HOOK_COMPLETE_FAILED"]
    assert row["HookStatusReason"] == HOOK["reason"] and row["ResourceStatus"] == "CREATE_IN_PROGRESS"
    kinds = [event["EventType"] for event in events_of(local, StackName=stack, Filters={"FailedEvents": True})]
    assert "HOOK_INVOCATION_ERROR" in kinds and "PROGRESS_EVENT" not in kinds


def test_a_hook_that_only_warns_lets_it_be(local):
    local.control("POST", "hooks", [HOOK | {"mode": "WARN"}])
    local.created("warned", resources(Bucket=BUCKET))


def test_types_that_a_region_does_not_have(local):
    absent = local.client("cloudformation", "ap-northeast-3")
    with pytest.raises(ClientError, match=r"Unrecognized resource types: \[AWS::MemoryDB::ParameterGroup\]"):
        absent.create_stack(StackName="absent", TemplateBody=body(resources(Group=GROUP)))
    conditional = {"Conditions": {"No": {"Fn::Equals": ["a", "b"]}},
                   **resources(Group=GROUP | {"Condition": "No"}, Bucket=BUCKET)}
    absent.create_stack(StackName="left-out", TemplateBody=body(conditional))
    local.created("present", resources(Group=GROUP))
