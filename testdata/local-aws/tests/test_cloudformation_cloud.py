# SPDX-License-Identifier: Apache-2.0
"""The product's own template: every resource is made, and only the bucket outlives the stack."""

import re
from pathlib import Path

import pytest
from cloudformation_support import ACCOUNT, given, local, outputs, refused, server  # noqa: F401

# As it is sent: without comments and descriptions of parameters.
TEMPLATE = re.sub(r"(?m)^ *#.*\n|^    (Constraint)?Description: .*\n", "",
                  (Path(__file__).parents[3] / "providers/aws/cloud/template.yaml").read_text())
CLOUD = "cld_" + "a2" * 13
NAME = CLOUD.replace("_", "-")
ZONES = ["us-west-2a", "us-west-2b", "us-west-2c", "us-west-2d"]


def values(zones: int, **more: str) -> list[dict]:
    return given(CloudId=CLOUD, ControlPlaneAccount=ACCOUNT, ExternalId="external-1", Zones=",".join(ZONES[:zones]),
                 ZoneCount=str(zones), **more)


@pytest.mark.parametrize("zones, memorydb", [(2, "false"), (4, "true")])
def test_the_cloud_is_made_and_unmade(local, zones, memorydb):
    local.control("POST", "reset")
    stack = local.created(NAME, TEMPLATE, Parameters=values(zones, EnableMemoryDB=memorydb),
                          Capabilities=["CAPABILITY_NAMED_IAM"])
    found, physical = outputs(stack), local.physical(NAME)
    ec2 = local.client("ec2")
    subnets = ec2.describe_subnets(SubnetIds=found["SubnetIds"].split(","))["Subnets"]
    assert sorted(subnet["AvailabilityZone"] for subnet in subnets) == ZONES[:zones]
    assert ("MemoryDBCluster" in physical) is ("MemoryDBEndpoint" in found) is (memorydb == "true")
    group = ec2.describe_security_groups(GroupIds=[found["SecurityGroupId"]])["SecurityGroups"][0]
    assert {rule["IpProtocol"] for rule in group["IpPermissionsEgress"]} == {"-1"}
    final = local.deleted(stack["StackId"])
    assert final["StackStatus"] == "DELETE_COMPLETE", local.reasons(stack["StackId"])
    kept = {event["LogicalResourceId"] for event in local.events(stack["StackId"])
            if event["ResourceStatus"] == "DELETE_SKIPPED"}
    assert kept == {"Bucket"}
    local.client("s3").head_bucket(Bucket=found["BucketName"])
    refused(ec2.describe_vpcs, "InvalidVpcID.NotFound", VpcIds=[found["VpcId"]])
    refused(local.client("iam").get_instance_profile, "NoSuchEntity", InstanceProfileName=f"{CLOUD}-cluster_node_role")


def test_ssh_only_when_asked_for(local):
    local.control("POST", "reset")
    stack = local.created(NAME, TEMPLATE, Parameters=values(2, SshCidr="10.9.0.0/16"),
                          Capabilities=["CAPABILITY_NAMED_IAM"])
    group = outputs(stack)["SecurityGroupId"]
    rules = local.client("ec2").describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"]
    ssh = [rule for rule in rules if rule.get("FromPort") == 22]
    assert [item["CidrIp"] for item in ssh[0]["IpRanges"]] == ["10.9.0.0/16"]
    local.cloudformation.update_stack(StackName=NAME, UsePreviousTemplate=True, Parameters=values(2),
                                      Capabilities=["CAPABILITY_NAMED_IAM"])
    assert local.settled(NAME)["StackStatus"] == "UPDATE_COMPLETE", local.reasons(NAME)
    rules = local.client("ec2").describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"]
    assert not [rule for rule in rules if rule.get("FromPort") == 22]
