# SPDX-License-Identifier: Apache-2.0
"""Change sets, for a new stack and for one that exists."""

import json
import time

from cloudformation_support import (BUCKET, PATIENCE_SECONDS, body, local, refused, resources,  # noqa: F401
                                    server)

VPC = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}


def with_tag(entry: dict, value: str) -> dict:
    return entry | {"Properties": entry.get("Properties", {}) | {"Tags": [{"Key": "k", "Value": value}]}}


def propose(local, stack: str, name: str, template, kind: str, **arguments) -> dict:
    """The change set's description once it is computed."""
    made = local.cloudformation.create_change_set(StackName=stack, ChangeSetName=name, ChangeSetType=kind,
                                                  TemplateBody=body(template), **arguments)
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        found = local.cloudformation.describe_change_set(ChangeSetName=made["Id"])
        if found["Status"] not in ("CREATE_PENDING", "CREATE_IN_PROGRESS"):
            return found
        time.sleep(0.01)
    raise AssertionError(found["Status"])


def shown(found: dict) -> dict[str, tuple]:
    changes = [item["ResourceChange"] for item in found["Changes"]]
    return {item["LogicalResourceId"]: (item["Action"], item.get("Replacement")) for item in changes}


def test_a_new_stack_by_change_set(local):
    found = propose(local, "fresh", "first", resources(Vpc=VPC), "CREATE", Tags=[{"Key": "t", "Value": "1"}])
    assert (found["Status"], found["ExecutionStatus"]) == ("CREATE_COMPLETE", "AVAILABLE")
    assert shown(found) == {"Vpc": ("Add", None)} and found["Tags"] == [{"Key": "t", "Value": "1"}]
    assert local.status("fresh") == "REVIEW_IN_PROGRESS"
    refused(local.cloudformation.create_stack, "AlreadyExistsException", StackName="fresh",
            TemplateBody=body(resources(Vpc=VPC)))
    local.cloudformation.execute_change_set(ChangeSetName=found["ChangeSetId"], ClientRequestToken="go-1")
    stack = local.settled("fresh")
    assert stack["StackStatus"] == "CREATE_COMPLETE" and stack["StackId"] == found["StackId"]
    assert stack["ChangeSetId"] == found["ChangeSetId"]
    tags = local.client("ec2").describe_vpcs(VpcIds=[local.physical("fresh")["Vpc"]])["Vpcs"][0]["Tags"]
    assert {"Key": "t", "Value": "1"} in tags
    assert {event.get("ClientRequestToken") for event in local.events("fresh")} == {None, "go-1"}
    refused(local.cloudformation.describe_change_set, "ChangeSetNotFound", ChangeSetName=found["ChangeSetId"])


def test_a_shell_can_be_deleted(local):
    propose(local, "shell", "c", resources(Vpc=VPC), "CREATE")
    stack = local.cloudformation.describe_stacks(StackName="shell")["Stacks"][0]["StackId"]
    assert local.deleted(stack)["StackStatus"] == "DELETE_COMPLETE"


def test_changes_of_an_existing_stack(local):
    local.created("old", resources(Vpc=VPC, Gone=BUCKET, Tagged=with_tag(BUCKET, "1"), Same=BUCKET))
    physical = local.physical("old")
    template = resources(Vpc=VPC | {"Properties": {"CidrBlock": "10.1.0.0/16"}}, New=BUCKET, Same=BUCKET,
                         Tagged=with_tag(BUCKET, "2"))
    found = propose(local, "old", "next", template, "UPDATE")
    assert shown(found) == {"Vpc": ("Modify", "True"), "New": ("Add", None), "Gone": ("Remove", None),
                            "Tagged": ("Modify", "False")}
    changes = {item["ResourceChange"]["LogicalResourceId"]: item["ResourceChange"] for item in found["Changes"]}
    target = changes["Vpc"]["Details"][0]["Target"]
    assert (target["Name"], target["RequiresRecreation"]) == ("CidrBlock", "Always")
    assert changes["Tagged"]["Scope"] == ["Tags"] and changes["Gone"]["PhysicalResourceId"] == physical["Gone"]
    assert local.physical("old") == physical and local.status("old") == "CREATE_COMPLETE"
    local.cloudformation.execute_change_set(StackName="old", ChangeSetName="next")
    assert local.settled("old")["StackStatus"] == "UPDATE_COMPLETE"
    assert set(local.physical("old")) == {"Vpc", "New", "Tagged", "Same"}


def test_a_change_that_may_spread_is_conditional(local):
    group = {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "g", "VpcId": {"Ref": "Vpc"}}}
    local.created("spread", resources(Vpc=VPC, Group=group))
    template = resources(Vpc=VPC | {"Properties": {"CidrBlock": "10.1.0.0/16"}}, Group=group)
    found = propose(local, "spread", "c", template, "UPDATE")
    assert shown(found) == {"Vpc": ("Modify", "True"), "Group": ("Modify", "Conditional")}


def test_a_change_set_without_changes_fails(local):
    local.created("still", resources(Vpc=VPC))
    found = propose(local, "still", "none", resources(Vpc=VPC), "UPDATE")
    assert (found["Status"], found["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    assert found["StatusReason"].startswith("The submitted information didn't contain changes.")
    refused(local.cloudformation.execute_change_set, "InvalidChangeSetStatus", ChangeSetName=found["ChangeSetId"])
    local.cloudformation.delete_change_set(ChangeSetName=found["ChangeSetId"])
    assert local.cloudformation.list_change_sets(StackName="still")["Summaries"] == []


def test_names_and_kinds_are_checked(local):
    local.created("kinds", resources(Vpc=VPC))
    create = local.cloudformation.create_change_set
    template = body(resources(Vpc=VPC, Bucket=BUCKET))
    arguments = {"StackName": "kinds", "ChangeSetName": "c", "TemplateBody": template}
    refused(create, **arguments, ChangeSetType="CREATE")
    assert "does not exist" in refused(create, **(arguments | {"StackName": "absent"}))
    propose(local, "kinds", "c", template, "UPDATE")
    refused(create, "AlreadyExistsException", **arguments)
    listed = local.cloudformation.list_change_sets(StackName="kinds")["Summaries"]
    assert [item["ChangeSetName"] for item in listed] == ["c"]
    refused(local.cloudformation.describe_change_set, "ChangeSetNotFound", StackName="kinds", ChangeSetName="d")
    refused(local.cloudformation.describe_change_set, ChangeSetName="c")
    local.cloudformation.delete_change_set(StackName="kinds", ChangeSetName="never-was")


def test_a_failing_execution_rolls_back(local):
    local.fail(logical_id="Bucket", reason="no")
    found = propose(local, "fails", "c", resources(Bucket=BUCKET), "CREATE")
    local.cloudformation.execute_change_set(ChangeSetName=found["ChangeSetId"])
    assert local.settled("fails")["StackStatus"] == "ROLLBACK_COMPLETE"


def test_on_stack_failure_delete(local):
    local.fail(logical_id="Bucket", reason="no")
    found = propose(local, "vanishes", "c", resources(Bucket=BUCKET), "CREATE", OnStackFailure="DELETE")
    local.cloudformation.execute_change_set(ChangeSetName=found["ChangeSetId"])
    assert local.settled(found["StackId"])["StackStatus"] == "DELETE_COMPLETE"


def explained(local, found: dict) -> dict[str, dict]:
    """Logical id -> change, with values."""
    again = local.cloudformation.describe_change_set(ChangeSetName=found["ChangeSetId"], IncludePropertyValues=True)
    return {item["ResourceChange"]["LogicalResourceId"]: item["ResourceChange"] for item in again["Changes"]}


def test_values_before_and_after(local):
    tags = [{"Key": "k", "Value": "1"}, {"Key": "gone", "Value": "x"}]
    local.created("values", resources(Vpc=VPC, Tagged=BUCKET | {"Properties": {"Tags": tags}},
                                      Gone=BUCKET | {"DeletionPolicy": "Retain"}))
    template = resources(Vpc={"Type": VPC["Type"], "Properties": {"CidrBlock": "10.1.0.0/16"}, "DeletionPolicy": "Retain",
                              "UpdateReplacePolicy": "Retain"},
                         Tagged=with_tag(BUCKET, "2"), New=BUCKET)
    found = propose(local, "values", "c", template, "UPDATE")
    assert "Path" not in str(found) and "BeforeContext" not in str(found)
    changes = explained(local, found)
    targets = [row["Target"] for row in changes["Tagged"]["Details"]]
    assert [{name: row.get(name) for name in ("Path", "AttributeChangeType", "BeforeValue", "AfterValue")}
            for row in targets] == [
        {"Path": "/Properties/Tags/0/Value", "AttributeChangeType": "Modify", "BeforeValue": "1", "AfterValue": "2"},
        {"Path": "/Properties/Tags/1", "AttributeChangeType": "Remove",
         "BeforeValue": json.dumps(tags[1]), "AfterValue": None}]
    vpc = changes["Vpc"]
    assert (vpc["PolicyAction"], vpc["Scope"]) == (
        "ReplaceAndDelete", ["DeletionPolicy", "Properties", "UpdateReplacePolicy"])
    assert {row["Target"].get("Path") for row in vpc["Details"]} == {
        "/Properties/CidrBlock", "/DeletionPolicy", "/UpdateReplacePolicy"}
    assert json.loads(vpc["AfterContext"])["Properties"]["CidrBlock"] == "10.1.0.0/16"
    assert changes["Gone"]["PolicyAction"] == "Retain" and "AfterContext" not in changes["Gone"]
    assert "BeforeContext" not in changes["New"]


def test_a_policy_alone_can_change(local):
    local.created("kept", resources(Vpc=VPC))
    found = propose(local, "kept", "c", resources(Vpc=VPC | {"DeletionPolicy": "Retain"}), "UPDATE")
    assert explained(local, found)["Vpc"]["Scope"] == ["DeletionPolicy"]
    local.cloudformation.execute_change_set(ChangeSetName=found["ChangeSetId"])
    local.settled("kept")
    assert local.deleted(found["StackId"])["StackStatus"] == "DELETE_COMPLETE"
    assert local.history(found["StackId"], "Vpc")[-1] == "DELETE_SKIPPED"
