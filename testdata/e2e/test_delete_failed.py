# SPDX-License-Identifier: Apache-2.0
"""`delete` of a stack that could not be deleted: again, without some resources, or whatever stays."""

import json
import shlex

import pytest
from conftest import REGION

SETUP = ("setup", "--name", "demo", "--region", REGION, "--yes")
DELETE = ("delete", "demo", "--yes")


@pytest.fixture
def failed(cloudctl, local_aws):
    """A cloud whose first subnet is in use, after a deletion that did not mind; its record, and the interface."""
    cloudctl.run(*SETUP)
    record = cloudctl.record("demo")
    interface = local_aws.client("ec2").create_network_interface(
        SubnetId=record["resources"]["subnet_ids"][0])["NetworkInterface"]["NetworkInterfaceId"]
    done = cloudctl.run(*DELETE, "--force", code=4)
    assert "cloudctl delete --name demo --retain Subnet1" in done.stderr
    assert "cloudctl delete --name demo --force-stack" in done.stderr
    local_aws.control("DELETE", "requests")
    return record, interface


def status_of(local_aws, record) -> str:
    return local_aws.client("cloudformation").describe_stacks(StackName=record["stack_arn"])["Stacks"][0]["StackStatus"]


def sent(local_aws) -> list[dict]:
    return [row["parameters"] for row in local_aws.requests("cloudformation:DeleteStack")]


def left(errors: str) -> dict[str, str]:
    """What was named as left: id to what removes it."""
    lines = [line.partition("Left in the account: ")[2] for line in errors.splitlines() if "Left in the account: " in line]
    return {line.partition(". To remove it: ")[0].split()[-1]: line.partition(". To remove it: ")[2] for line in lines}


def remove(local_aws, command: str) -> None:
    """Run 'aws ec2 delete-x --x-id ID --region R' by boto3."""
    words = shlex.split(command)
    assert words[:2] == ["aws", "ec2"] and words[5:] == ["--region", REGION], command
    argument = "".join(part.capitalize() for part in words[3].removeprefix("--").split("-"))
    getattr(local_aws.client("ec2"), words[2].replace("-", "_"))(**{argument: words[4]})


@pytest.mark.parametrize("names, says", [
    ("Nothing", "the stack has no resource with this logical id"), ("subnet1", "the stack has no resource with this logical id"),
    ("Subnet2", "it is DELETE_COMPLETE"), ("Vpc", "it is CREATE_COMPLETE"), ("Subnet1,Vpc", "--retain Vpc: it is CREATE_COMPLETE"),
    ("Bucket", "it is DELETE_SKIPPED")])
def test_only_what_could_not_be_deleted_can_be_retained(cloudctl, local_aws, failed, names, says):
    record = cloudctl.record("demo")
    for words in (DELETE, ("delete", "demo", "--plan")):
        done = cloudctl.run(*words, "--retain", names, code=4)
        assert says in done.stderr and "can be retained: Subnet1" in done.stderr
    assert sent(local_aws) == [] and cloudctl.record("demo") == record
    assert status_of(local_aws, record) == "DELETE_FAILED"


def test_what_is_retained_is_named_with_what_removes_it(cloudctl, local_aws, failed):
    record, interface = failed
    subnet = record["resources"]["subnet_ids"][0]
    plan = json.loads(cloudctl.run("delete", "demo", "--plan", "--retain", "Subnet1", "-o", "json", code=1).stdout)
    assert plan["blockers"] == [] and {"kind": "Subnet 1", "id": subnet} in plan["stays"]
    assert "Subnet1" not in {row["logical_id"] for row in plan["resources"]}
    done = cloudctl.run(*DELETE, "--retain", "Subnet1", code=4)  # the VPC, whose turn comes now, is held by the subnet
    assert "VPC" in done.stderr and "--retain Subnet1,Vpc" in done.stderr
    assert f"In the way: subnet {subnet} (" in done.stderr and f"holds VPC: aws ec2 delete-subnet --subnet-id {subnet}" in done.stderr
    done = cloudctl.run(*DELETE, "--retain", "Subnet1", "--retain", "Vpc")
    retained = [[value for name, value in row.items() if name.startswith("RetainResources")] for row in sent(local_aws)]
    assert retained == [["Subnet1"], ["Vpc"]]  # the subnet is the stack's no more
    assert cloudctl.records() == [] and status_of(local_aws, record) == "DELETE_COMPLETE"
    orphans = left(done.stderr)
    assert list(orphans) == [subnet, record["resources"]["vpc_id"]]
    local_aws.client("ec2").delete_network_interface(NetworkInterfaceId=interface)
    for command in orphans.values():
        remove(local_aws, command)
    assert local_aws.client("ec2").describe_vpcs(VpcIds=[], Filters=[{"Name": "isDefault", "Values": ["false"]}])["Vpcs"] == []


def test_what_is_in_the_way_of_something_else_still_stops(cloudctl, local_aws, failed):
    record, _ = failed
    group = local_aws.client("ec2").create_security_group(GroupName="foreign", Description="-",
                                                          VpcId=record["resources"]["vpc_id"])["GroupId"]
    done = cloudctl.run(*DELETE, "--retain", "Subnet1", code=4)
    assert f"In the way: security group {group} holds VPC" in done.stderr and "eni-" not in done.stderr
    assert sent(local_aws) == []


def test_a_stack_is_forced_and_names_every_orphan(cloudctl, local_aws, failed):
    record, interface = failed
    plan = json.loads(cloudctl.run("delete", "demo", "--plan", "--force-stack", "-o", "json", code=4).stdout)
    assert {"kind": "resources", "id": "whatever cannot be deleted"} in plan["stays"]
    done = cloudctl.run(*DELETE, "--force-stack")
    assert [row["DeletionMode"] for row in sent(local_aws)] == ["FORCE_DELETE_STACK"]
    assert cloudctl.records() == [] and status_of(local_aws, record) == "DELETE_COMPLETE"
    assert list(left(done.stderr)) == [record["resources"]["subnet_ids"][0], record["resources"]["vpc_id"]]
    assert f"In the way: network interface {interface}" in done.stderr


@pytest.mark.parametrize("words", [("--retain", "Subnet1"), ("--force-stack",)], ids=["retain", "force-stack"])
def test_a_whole_stack_is_deleted_without_them_first(cloudctl, local_aws, words):
    cloudctl.run(*SETUP)
    record = cloudctl.record("demo")
    done = cloudctl.run(*DELETE, *words, code=4)
    assert "DELETE_FAILED" in done.stderr and "is CREATE_COMPLETE" in done.stderr
    assert sent(local_aws) == [] and cloudctl.record("demo") == record
    assert "exclude each other" in cloudctl.run(*DELETE, "--retain", "Subnet1", "--force-stack", code=2).stderr


@pytest.mark.parametrize("words", [("--retain", "Subnet1"), ("--force-stack",)], ids=["retain", "force-stack"])
def test_a_registered_cloud_has_no_stack(cloudctl, customer, words):
    cloudctl.run("register", "--name", "mine", *customer.arguments, "--yes")
    record = cloudctl.record("mine")
    assert "has no stack" in cloudctl.run("delete", "mine", "--yes", *words, code=2).stderr
    assert cloudctl.record("mine") == record


@pytest.mark.parametrize("fault, says", [({"code": "AccessDenied"}, "needs cloudformation:ListStackResources"),
                                         ({"status": 500}, "could not be looked for")], ids=["denied", "broken"])
def test_what_was_left_could_not_be_looked_for(cloudctl, local_aws, failed, fault, says):
    cloudctl.environment["AWS_MAX_ATTEMPTS"] = "1"
    local_aws.faults({"match": "cloudformation:ListStackResources", "skip": 2, **fault})
    done = cloudctl.run(*DELETE, "--force-stack")
    assert "may have left in the account" in done.stderr and says in done.stderr, done.stderr
    assert cloudctl.records() == []


@pytest.mark.parametrize("at", ["cloudformation:DeleteStack", "cloudformation:DescribeStackEvents"])
@pytest.mark.parametrize("words", [("--retain", "Subnet1,Vpc"), ("--force-stack",)], ids=["retain", "force-stack"])
def test_killed_it_is_gone_on_with(cloudctl, local_aws, failed, at, words):
    record, _ = failed
    if words[0] == "--retain":
        cloudctl.run(*DELETE, "--retain", "Subnet1", code=4)
    assert cloudctl.kill_at(local_aws, at, 0, *DELETE, *words)
    done = cloudctl.run(*DELETE, *words)
    assert cloudctl.records() == [] and status_of(local_aws, record) == "DELETE_COMPLETE"
    assert list(left(done.stderr)) == [record["resources"]["subnet_ids"][0], record["resources"]["vpc_id"]]
