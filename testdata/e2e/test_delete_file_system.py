# SPDX-License-Identifier: Apache-2.0
"""`delete --keep-file-system`: the stack goes, the file system stays with its data."""

from __future__ import annotations

import json
import re
import signal

import botocore.handlers
import pytest
import yaml
from conftest import HELD, REGION, wait_for
from test_delete import leftovers

SETUP = ("setup", "--name", "demo", "--region", REGION, "--skip-preflight", "--yes")
KEEP = ("delete", "demo", "--yes", "--keep-file-system")
CHANGES = ("cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet", "cloudformation:DeleteStack")


@pytest.fixture
def record(cloudctl, local_aws):
    cloudctl.run(*SETUP)
    return cloudctl.record("demo")


def original(local_aws, record) -> str:
    """The template as it was sent, which boto3 would otherwise parse."""
    client = local_aws.client("cloudformation")
    client.meta.events.unregister("after-call.cloudformation.GetTemplate", botocore.handlers.json_decode_template_body)
    return client.get_template(StackName=record["stack_arn"], TemplateStage="Original")["TemplateBody"]


def replace_template(local_aws, record, text: str) -> None:
    """Somebody else updates the stack."""
    client = local_aws.client("cloudformation")
    [stack] = client.describe_stacks(StackName=record["stack_arn"])["Stacks"]
    client.update_stack(StackName=record["stack_arn"], TemplateBody=text, Capabilities=["CAPABILITY_NAMED_IAM"],
                        Parameters=[{"ParameterKey": row["ParameterKey"], "UsePreviousValue": True} for row in stack["Parameters"]])
    client.get_waiter("stack_update_complete").wait(StackName=record["stack_arn"], WaiterConfig={"Delay": 1})


def sent(local_aws, operation: str) -> list[dict]:
    return [row["parameters"] for row in local_aws.requests(f"cloudformation:{operation}")]


def assert_kept(cloudctl, local_aws, record) -> None:
    """Nothing but the file system, without mount targets, and the bucket."""
    resources = record["resources"]
    assert leftovers(local_aws, record["id"]) == [resources["file_system_id"], resources["bucket"]]
    assert local_aws.client("efs").describe_mount_targets(FileSystemId=resources["file_system_id"])["MountTargets"] == []
    assert cloudctl.records() == []


def assert_as_before(cloudctl, local_aws, record, template: str) -> None:
    rows = local_aws.client("cloudformation").describe_stack_resources(StackName=record["stack_arn"])["StackResources"]
    assert {row["ResourceStatus"] for row in rows} <= {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
    assert original(local_aws, record) == template
    assert cloudctl.record("demo")["state"] == "ready" and "operation" not in cloudctl.record("demo")
    assert local_aws.client("cloudformation").list_change_sets(StackName=record["stack_arn"])["Summaries"] == []


def test_the_file_system_stays_and_is_named(cloudctl, local_aws, record):
    before = original(local_aws, record)
    done = cloudctl.run(*KEEP)
    assert_kept(cloudctl, local_aws, record)
    efs = record["resources"]["file_system_id"]
    assert f"The file system {efs} is kept with its data" in done.stderr and "Left in the account" not in done.stderr
    assert f"cloudctl edit CLOUD --efs-id {efs}" in done.stderr
    assert f"aws efs delete-file-system --file-system-id {efs} --region {REGION}" in done.stderr
    [request] = sent(local_aws, "CreateChangeSet")
    assert request["TemplateBody"] == re.sub(r"(\n  FileSystem:\n(?:    .*\n)*?    DeletionPolicy: )Delete\n", r"\1Retain\n", before)
    assert request["TemplateBody"] != before
    values = {value for key, value in request.items() if key.startswith("Parameters") and not key.endswith("ParameterKey")}
    assert values == {"true"} and not any(key.startswith("Tags") for key in request)  # all stay as they are
    assert "This deletes, with all data" not in done.stderr
    local_aws.client("efs").delete_file_system(FileSystemId=efs)  # as the last line says


def test_without_the_option_it_is_offered(cloudctl, local_aws, record):
    plan = cloudctl.run("delete", "demo", "--plan", code=1).stdout
    assert f"{record['resources']['file_system_id']} (--keep-file-system leaves it in the account)" in " ".join(plan.split())
    cloudctl.run(*KEEP[:-1])
    assert leftovers(local_aws, record["id"]) == [record["resources"]["bucket"]]


def test_the_plan_says_what_stays_and_changes_nothing(cloudctl, local_aws, record):
    before = original(local_aws, record)
    local_aws.control("DELETE", "requests")
    plan = json.loads(cloudctl.run("delete", "demo", "--plan", "--keep-file-system", "-o", "json", code=1).stdout)
    assert {"kind": "file system", "id": record["resources"]["file_system_id"]} in plan["stays"]
    assert not any(row["data"] for row in plan["resources"]) and any(row["logical_id"] == "MountTarget1" for row in plan["resources"])
    shown = " ".join(cloudctl.run("delete", "demo", "--plan", "--keep-file-system", code=1).stdout.split())
    assert "DeletionPolicy of the file system is Retain" in shown and "with all data" not in shown
    assert_as_before(cloudctl, local_aws, record, before)
    assert not any(local_aws.requests(operation) for operation in CHANGES)


def test_with_everything_else(cloudctl, local_aws):
    """MemoryDB's data still goes, so the name is asked for."""
    cloudctl.run(*SETUP, "--enable-head-node-fault-tolerance")
    record = cloudctl.record("demo")
    code, shown = cloudctl.on_terminal("delete", "demo", "--keep-file-system", "--with-bucket", answer="demo")
    assert code == 0, shown
    assert leftovers(local_aws, record["id"]) == [record["resources"]["file_system_id"]]


EDITS = {
    "without the attribute": lambda text: text.replace("    DeletionPolicy: Delete\n    UpdateReplacePolicy", "    UpdateReplacePolicy"),
    "quoted": lambda text: text.replace("DeletionPolicy: Delete\n", "DeletionPolicy:   \"Delete\"  # not to be kept\n"),
    "other things": lambda text: text.replace("Description: Resources", "Description: größere € Resources"),
    "json": lambda text: json.dumps(as_json(text), indent=0, separators=(",", ":")),
    "json in a line": lambda text: json.dumps(as_json(text), separators=(",", ": ")),
}


def as_json(text: str) -> dict:
    """The template with long forms of the functions."""
    class Loader(yaml.SafeLoader):
        pass

    def function(loader, suffix, node):
        if isinstance(node, yaml.ScalarNode):
            value = loader.construct_scalar(node)
        else:
            value = loader.construct_sequence(node, deep=True) if isinstance(node, yaml.SequenceNode) \
                else loader.construct_mapping(node, deep=True)
        if suffix == "GetAtt" and isinstance(value, str):
            value = value.split(".", 1)
        return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}

    Loader.add_multi_constructor("!", function)
    Loader.yaml_implicit_resolvers = {
        key: [row for row in rows if row[0] != "tag:yaml.org,2002:timestamp"] for key, rows in Loader.yaml_implicit_resolvers.items()}
    return yaml.load(text, Loader)


@pytest.mark.parametrize("edit", EDITS)
def test_a_template_that_somebody_edited(cloudctl, local_aws, record, edit):
    """One attribute changes; taken back, the template is what it was byte for byte."""
    text = EDITS[edit](original(local_aws, record).replace("AFTER_60_DAYS", "AFTER_30_DAYS"))
    replace_template(local_aws, record, text)
    local_aws.control("DELETE", "requests")
    local_aws.faults({"match": "cloudformation:DeleteStack", "code": "AccessDenied", "status": 403})
    done = cloudctl.run(*KEEP, code=4)
    assert "The file system's DeletionPolicy is as it was" in done.stderr
    assert_as_before(cloudctl, local_aws, record, text)
    local_aws.quiet()
    cloudctl.run(*KEEP)
    assert_kept(cloudctl, local_aws, record)
    kept, back, again = (row["TemplateBody"] for row in sent(local_aws, "CreateChangeSet"))
    assert back == text and kept == again and kept.replace("Retain", "Delete").count("Delete") >= text.count("Delete")


@pytest.mark.parametrize("policy", ["Retain", "RetainExceptOnCreate"])
def test_one_that_stays_anyway(cloudctl, local_aws, record, policy):
    replace_template(local_aws, record, original(local_aws, record).replace("DeletionPolicy: Delete\n", f"DeletionPolicy: {policy}\n"))
    local_aws.control("DELETE", "requests")
    cloudctl.run(*KEEP)
    assert_kept(cloudctl, local_aws, record)
    assert sent(local_aws, "CreateChangeSet") == []


def reply(operation: str, result: str) -> dict:
    return {"match": f"cloudformation:{operation}", "status": 200, "body":
            f'<{operation}Response xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><{operation}Result>{result}'
            f"</{operation}Result></{operation}Response>"}


@pytest.mark.parametrize("template, says", [
    ("Resources: {Other: {Type: x}}", "there is no 'FileSystem'"), ("Resources: {FileSystem: {}}", "the mapping is empty"),
    ("Resources: {FileSystem: {DeletionPolicy: {Ref: X}}}", "the value is not a word"), ("Resources: [", "line 1: "),
    ("", "TemplateBody")])
def test_a_template_that_is_not_understood(cloudctl, local_aws, record, template, says):
    before = original(local_aws, record)
    local_aws.control("DELETE", "requests")
    local_aws.faults(reply("GetTemplate", f"<TemplateBody>{template}</TemplateBody>" if template else ""))
    assert says in cloudctl.run(*KEEP, code=4).stderr
    local_aws.quiet()
    assert not any(local_aws.requests(operation) for operation in CHANGES)
    assert_as_before(cloudctl, local_aws, record, before)


BLIND = "<Status>FAILED</Status><Changes/><StatusReason>The submitted information didn't contain changes.</StatusReason>"
WIDER = ("<Status>CREATE_COMPLETE</Status><Changes><member><Type>Resource</Type><ResourceChange><Action>Modify</Action>"
         "<LogicalResourceId>Vpc</LogicalResourceId><ResourceType>AWS::EC2::VPC</ResourceType><Replacement>False</Replacement>"
         "</ResourceChange></member></Changes>")


@pytest.mark.parametrize("result, says", [
    (BLIND, "CloudFormation sees no change in the file system's DeletionPolicy, and would delete it"),
    (WIDER, "would not only change the file system's DeletionPolicy, but also VPC"),
    (WIDER.replace("Vpc", "FileSystem").replace("False", "True"), "but also EFS file system")])
def test_a_change_that_is_another_one(cloudctl, local_aws, record, result, says):
    """Until 2023 CloudFormation took a change of this attribute alone for none; the file system would have been deleted."""
    before = original(local_aws, record)
    local_aws.faults(reply("DescribeChangeSet", result))
    assert says in cloudctl.run(*KEEP, code=4).stderr
    local_aws.quiet()
    assert local_aws.requests("cloudformation:ExecuteChangeSet") == []
    assert_as_before(cloudctl, local_aws, record, before)


def test_a_stack_that_cannot_be_changed(cloudctl, local_aws, record):
    """A deletion that failed is not the time to begin with it."""
    local_aws.client("ec2").create_network_interface(SubnetId=record["resources"]["subnet_ids"][0])
    cloudctl.run("delete", "demo", "--yes", "--force", code=4)
    local_aws.control("DELETE", "requests")
    assert "a stack that is DELETE_FAILED cannot be changed" in cloudctl.run(*KEEP, "--force", code=4).stderr
    assert not any(local_aws.requests(operation) for operation in CHANGES)


def test_a_deletion_that_fails_still_keeps_it(cloudctl, local_aws, record):
    """Run again, with the option or without."""
    made = local_aws.client("ec2").create_network_interface(SubnetId=record["resources"]["subnet_ids"][0])
    cloudctl.run(*KEEP, "--force", code=4)
    assert cloudctl.record("demo")["state"] == "deleting"
    cloudctl.run(*KEEP, code=4)
    assert cloudctl.record("demo")["state"] == "deleting"
    local_aws.client("ec2").delete_network_interface(NetworkInterfaceId=made["NetworkInterface"]["NetworkInterfaceId"])
    done = cloudctl.run(*KEEP[:-1])
    assert_kept(cloudctl, local_aws, record)
    assert f"The file system {record['resources']['file_system_id']} is kept" in done.stderr


@pytest.mark.parametrize("lost", [True, False], ids=["lost", "arrived"])
@pytest.mark.parametrize("match", CHANGES)
@pytest.mark.parametrize("again", [KEEP, KEEP[:-1]], ids=["with", "without"])
def test_killed(cloudctl, local_aws, record, match, lost, again):
    assert cloudctl.kill_at(local_aws, match, 0, *KEEP, lost=lost)
    cloudctl.run(*again)
    assert_kept(cloudctl, local_aws, record)


@pytest.mark.parametrize("operation, code", [("CreateChangeSet", "AccessDenied"), ("DescribeChangeSet", "AccessDenied"),
                                             ("ExecuteChangeSet", "AccessDenied"), ("GetTemplate", "AccessDenied")])
def test_refused(cloudctl, local_aws, record, operation, code):
    before = original(local_aws, record)
    local_aws.faults({"match": f"cloudformation:{operation}", "code": code, "status": 403})
    done = cloudctl.run(*KEEP, code=4)
    assert f"cloudformation:{operation}" in done.stderr and "policy delete --keep-file-system --check" in done.stderr
    local_aws.quiet()
    assert_as_before(cloudctl, local_aws, record, before)
    cloudctl.run(*KEEP)
    assert_kept(cloudctl, local_aws, record)


def test_a_mount_target_made_by_hand_holds_its_subnet(cloudctl, local_aws, record):
    efs = local_aws.client("efs")
    [one, *_] = efs.describe_mount_targets(FileSystemId=record["resources"]["file_system_id"])["MountTargets"]
    efs.delete_mount_target(MountTargetId=one["MountTargetId"])
    made = efs.create_mount_target(FileSystemId=one["FileSystemId"], SubnetId=one["SubnetId"])["MountTargetId"]
    assert f"In the way: mount target {made}" in cloudctl.run(*KEEP, code=4).stderr
    assert local_aws.requests("cloudformation:CreateChangeSet") == []


def test_where_there_is_none_to_keep(cloudctl, local_aws, customer):
    cloudctl.run(*SETUP, "--no-efs")
    assert "--keep-file-system: cloud 'demo' has no file system" in cloudctl.run(*KEEP, code=2).stderr
    cloudctl.run("register", "--name", "mine", *customer.arguments, "--yes")
    assert "--keep-file-system: cloud 'mine' is registered" in cloudctl.run("delete", "mine", "--yes", "--keep-file-system", code=2).stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_is_undone(cloudctl, local_aws, record, number):
    """While CloudFormation changes the stack."""
    before = original(local_aws, record)
    local_aws.faults({"match": "cloudformation:ExecuteChangeSet", "times": 1, "delay": HELD})
    process = cloudctl.start(*KEEP)
    wait_for(lambda: local_aws.control("GET", "faults")[0]["hits"])
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    local_aws.quiet()
    assert process.returncode == -number
    assert "could not be undone" not in errors
    assert_as_before(cloudctl, local_aws, record, before)
    cloudctl.run(*KEEP)
    assert_kept(cloudctl, local_aws, record)
