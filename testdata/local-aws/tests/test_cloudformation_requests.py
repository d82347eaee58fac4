# SPDX-License-Identifier: Apache-2.0
"""The rules of the operations themselves: names and ARNs, tokens, states, protection, paging, isolation."""

import json
import re
import threading

import pytest
from cloudformation_support import (BUCKET, FILE_SYSTEM, REGION, body, emptied, local, refused,  # noqa: F401
                                    resources, server)
from conftest import SECOND_ACCOUNT

ONE = resources(Bucket=BUCKET)
UNKNOWN = f"arn:aws:cloudformation:{REGION}:123456789012:stack/nobody/00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize("name", ["under_score", "1st", "a" * 129, "sp ace"])
def test_bad_stack_name(local, name):
    message = refused(local.cloudformation.create_stack, StackName=name, TemplateBody=body(ONE))
    assert message.startswith(f"1 validation error detected: Value '{name}' at 'stackName'")


@pytest.mark.parametrize("operation, words", [
    ("describe_stacks", "Stack with id {} does not exist"), ("describe_stack_events", "Stack [{}] does not exist"),
    ("describe_stack_resources", "Stack with id {} does not exist"),
    ("get_template", "Stack with id {} does not exist"),
    ("list_stack_resources", "Stack with id {} does not exist"), ("list_change_sets", "Stack [{}] does not exist")])
def test_an_absent_stack(local, operation, words):
    for name in ("nobody", UNKNOWN):
        assert refused(getattr(local.cloudformation, operation), StackName=name) == words.format(name)


def test_deleting_an_absent_stack_succeeds(local):
    local.cloudformation.delete_stack(StackName="nobody")
    local.cloudformation.delete_stack(StackName=UNKNOWN)


def test_a_name_is_taken_until_its_stack_is_deleted(local):
    first = local.created("again", ONE)["StackId"]
    message = refused(local.cloudformation.create_stack, "AlreadyExistsException", StackName="again",
                      TemplateBody=body(ONE))
    assert message == "Stack [again] already exists"
    local.deleted(first)
    assert "does not exist" in refused(local.cloudformation.describe_stacks, StackName="again")
    assert local.status(first) == "DELETE_COMPLETE"
    second = local.created("again", ONE)["StackId"]
    assert second != first and local.settled("again")["StackId"] == second
    assert local.status(first) == "DELETE_COMPLETE"
    assert local.history(first, "Bucket")[-1] == "DELETE_COMPLETE"


def test_a_token_makes_creation_idempotent(local):
    arguments = {"StackName": "token", "TemplateBody": body(ONE), "ClientRequestToken": "create-1"}
    create = local.cloudformation.create_stack
    stack = create(**arguments)["StackId"]
    assert create(**arguments)["StackId"] == stack
    local.settled(stack)
    assert create(**arguments)["StackId"] == stack
    assert "already been used" in refused(create, "TokenAlreadyExistsException", **(arguments | {"StackName": "other"}))
    refused(local.cloudformation.delete_stack, "TokenAlreadyExistsException", StackName=stack,
            ClientRequestToken="create-1")
    local.cloudformation.delete_stack(StackName=stack, ClientRequestToken="delete-1")
    local.settled(stack)
    tokens = [event["ClientRequestToken"] for event in local.events(stack)]
    assert tokens == sorted(tokens) and set(tokens) == {"create-1", "delete-1"}


def test_one_token_from_many_threads_makes_one_stack(local):
    found, client = [], local.cloudformation
    arguments = {"StackName": "race", "TemplateBody": body(ONE), "ClientRequestToken": "race-1"}
    threads = [threading.Thread(target=lambda: found.append(client.create_stack(**arguments)["StackId"]))
               for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and len(set(found)) == 1


def test_bad_token(local):
    message = refused(local.cloudformation.create_stack, StackName="t", TemplateBody=body(ONE),
                      ClientRequestToken="no_underscores")
    assert "at 'clientRequestToken' failed to satisfy constraint" in message


def test_a_stack_in_progress_refuses_other_operations(local):
    local.hold()
    stack = local.create("slow", resources(Files=FILE_SYSTEM))
    changed = body(resources(Files=FILE_SYSTEM, Bucket=BUCKET))
    message = refused(local.cloudformation.update_stack, StackName="slow", TemplateBody=changed)
    assert message == f"Stack:{stack} is in CREATE_IN_PROGRESS state and can not be updated."
    message = refused(local.cloudformation.create_change_set, StackName="slow", ChangeSetName="c",
                      TemplateBody=changed)
    assert "CREATE_IN_PROGRESS state and can not be updated" in message
    refused(local.cloudformation.create_stack, "AlreadyExistsException", StackName="slow", TemplateBody=body(ONE))
    local.release()
    assert local.settled(stack)["StackStatus"] == "CREATE_COMPLETE"


def test_a_rolled_back_stack_can_only_be_deleted(local):
    local.fail(logical_id="Bucket", reason="no")
    stack = local.settled(local.create("back", ONE))["StackId"]
    message = refused(local.cloudformation.update_stack, StackName="back", TemplateBody=body(ONE))
    assert message == f"Stack:{stack} is in ROLLBACK_COMPLETE state and can not be updated."
    assert local.deleted(stack)["StackStatus"] == "DELETE_COMPLETE"


def test_termination_protection(local):
    cloudformation = local.cloudformation
    stack = local.created("safe", ONE, EnableTerminationProtection=True)
    assert stack["EnableTerminationProtection"] is True
    message = refused(cloudformation.delete_stack, StackName="safe")
    assert message == "Stack [safe] cannot be deleted while TerminationProtection is enabled"
    assert local.status("safe") == "CREATE_COMPLETE"
    cloudformation.update_termination_protection(StackName="safe", EnableTerminationProtection=False)
    assert local.deleted(stack["StackId"])["StackStatus"] == "DELETE_COMPLETE"


def test_on_failure_and_disable_rollback_exclude_each_other(local):
    message = refused(local.cloudformation.create_stack, StackName="both", TemplateBody=body(ONE),
                      OnFailure="DELETE", DisableRollback=False)
    assert message == "Either DisableRollback or OnFailure can be specified, not both."


def test_what_is_not_supported_is_refused(local):
    for more in ({"TemplateURL": "https://x.s3.amazonaws.com/t"}, {"TemplateBody": body(ONE), "StackPolicyBody": "{}"}):
        assert "does not support" in refused(local.cloudformation.create_stack, StackName="un", **more)
    refused(local.cloudformation.describe_account_limits, "InvalidAction")


def test_description_shows_what_was_given(local):
    stack = local.created("shown", ONE | {"Description": "a bucket"}, TimeoutInMinutes=30,
                          Tags=[{"Key": "team", "Value": "ray"}], OnFailure="DELETE")
    assert stack["Description"] == "a bucket" and stack["TimeoutInMinutes"] == 30
    assert stack["Tags"] == [{"Key": "team", "Value": "ray"}] and stack["DisableRollback"] is False
    assert stack["DriftInformation"] == {"StackDriftStatus": "NOT_CHECKED"} and "DeletionTime" not in stack


def test_resources_by_name_and_by_physical_id(local):
    stack = local.created("parts", resources(Bucket=BUCKET | {"Metadata": {"a": 1}}, Other=BUCKET))["StackId"]
    physical, cloudformation = local.physical("parts"), local.cloudformation
    found = cloudformation.describe_stack_resources(PhysicalResourceId=physical["Bucket"])["StackResources"]
    assert {item["LogicalResourceId"] for item in found} == {"Bucket", "Other"} and found[0]["StackId"] == stack
    found = cloudformation.describe_stack_resources(StackName="parts", LogicalResourceId="Other")["StackResources"]
    assert [item["PhysicalResourceId"] for item in found] == [physical["Other"]]
    detail = cloudformation.describe_stack_resource(StackName="parts", LogicalResourceId="Bucket")
    assert json.loads(detail["StackResourceDetail"]["Metadata"]) == {"a": 1}
    refused(cloudformation.describe_stack_resource, StackName="parts", LogicalResourceId="None")
    listed = cloudformation.list_stack_resources(StackName=stack)["StackResourceSummaries"]
    assert [item["ResourceStatus"] for item in listed] == ["CREATE_COMPLETE"] * 2


def test_events_are_ordered_unique_and_paged(local):
    stack = local.created("many", resources(**{f"Bucket{number}": BUCKET for number in range(40)}))["StackId"]
    first = local.cloudformation.describe_stack_events(StackName=stack)
    assert len(first["StackEvents"]) == 100 and "NextToken" in first
    assert first["StackEvents"][0]["ResourceStatus"] == "CREATE_COMPLETE"
    events = local.events(stack)
    assert len(events) == 2 + 3 * 40
    times = [event["Timestamp"] for event in events]
    assert times == sorted(times) and len(set(times)) == len(times)
    assert len({event["EventId"] for event in events}) == len(events)
    assert "NextToken" in refused(local.cloudformation.describe_stack_events, StackName=stack, NextToken="x")


def test_event_of_a_resource(local):
    local.created("single", resources(Bucket=BUCKET | {"Properties": {"BucketName": "single-1"}}))
    begun, initiated, complete = [event for event in local.events("single") if event["LogicalResourceId"] == "Bucket"]
    assert begun["PhysicalResourceId"] == "" and "ResourceStatusReason" not in begun
    assert initiated["ResourceStatusReason"] == "Resource creation Initiated"
    assert initiated["PhysicalResourceId"] == complete["PhysicalResourceId"] == "single-1"
    assert json.loads(begun["ResourceProperties"]) == {"BucketName": "single-1"}
    assert re.fullmatch(r"Bucket-CREATE_COMPLETE-\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", complete["EventId"])


def test_stacks_are_listed_and_paged(emptied):
    local = emptied
    for number in range(101):
        local.create(f"s{number:03}", ONE)
    pages = list(local.cloudformation.get_paginator("describe_stacks").paginate())
    assert [len(page["Stacks"]) for page in pages] == [100, 1]
    assert pages[0]["Stacks"][0]["StackName"] == "s100"
    gone = local.settled("s000")["StackId"]
    local.deleted(gone)
    listed = local.cloudformation.list_stacks(StackStatusFilter=["DELETE_COMPLETE"])["StackSummaries"]
    assert [item["StackId"] for item in listed] == [gone] and "DeletionTime" in listed[0]


def test_regions_and_accounts_are_apart(local):
    stack = local.created("here", ONE)["StackId"]
    for client in (local.client("cloudformation", "us-east-1"), local.client("cloudformation", account=SECOND_ACCOUNT)):
        assert "does not exist" in refused(client.describe_stacks, StackName="here")
        assert "does not exist" in refused(client.describe_stacks, StackName=stack)
    other = local.client("cloudformation", account=SECOND_ACCOUNT)
    theirs = other.create_stack(StackName="here", TemplateBody=body(resources(Vpc={
        "Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}})))["StackId"]
    other.get_waiter("stack_create_complete").wait(StackName=theirs, WaiterConfig={"Delay": 1})
    vpc = other.describe_stack_resources(StackName=theirs)["StackResources"][0]["PhysicalResourceId"]
    assert local.client("ec2", account=SECOND_ACCOUNT).describe_vpcs(VpcIds=[vpc])["Vpcs"]
    refused(local.client("ec2").describe_vpcs, "InvalidVpcID.NotFound", VpcIds=[vpc])
