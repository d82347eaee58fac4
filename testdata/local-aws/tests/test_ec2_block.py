# SPDX-License-Identifier: Apache-2.0
"""VPC Block Public Access: the mode of a region, what is excluded from it, and what VPCs and subnets show."""

import pytest

from conftest import ACCOUNT, REGION


def shown(ec2, vpc, subnet):
    """The modes that the VPC and the subnet show."""
    rows = (*ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"], *ec2.describe_subnets(SubnetIds=[subnet])["Subnets"])
    return tuple(row["BlockPublicAccessStates"]["InternetGatewayBlockMode"] for row in rows)


def test_a_region_that_was_never_blocked(ec2, vpc, subnet):
    assert ec2.describe_vpc_block_public_access_options()["VpcBlockPublicAccessOptions"] == {
        "AwsAccountId": ACCOUNT, "AwsRegion": REGION, "State": "default-state", "InternetGatewayBlockMode": "off",
        "ManagedBy": "account", "ExclusionsAllowed": "allowed"}
    assert shown(ec2, vpc, subnet) == ("off", "off")
    assert ec2.describe_vpc_block_public_access_exclusions()["VpcBlockPublicAccessExclusions"] == []


@pytest.mark.parametrize("mode", ["block-bidirectional", "block-ingress"])
def test_a_blocked_region_and_what_is_excluded(ec2, error, vpc, subnet, mode):
    ec2.modify_vpc_block_public_access_options(InternetGatewayBlockMode=mode)
    assert shown(ec2, vpc, subnet) == (mode, mode)
    made = ec2.create_vpc_block_public_access_exclusion(
        SubnetId=subnet, InternetGatewayExclusionMode="allow-bidirectional")["VpcBlockPublicAccessExclusion"]
    assert made["ResourceArn"] == f"arn:aws:ec2:{REGION}:{ACCOUNT}:subnet/{subnet}"
    assert shown(ec2, vpc, subnet) == (mode, "off")
    ec2.modify_vpc_block_public_access_exclusion(ExclusionId=made["ExclusionId"],
                                                 InternetGatewayExclusionMode="allow-egress")
    assert shown(ec2, vpc, subnet) == (mode, "block-ingress")
    found = ec2.describe_vpc_block_public_access_exclusions(ExclusionIds=[made["ExclusionId"]])
    assert [row["State"] for row in found["VpcBlockPublicAccessExclusions"]] == ["update-complete"]
    ec2.delete_vpc_block_public_access_exclusion(ExclusionId=made["ExclusionId"])
    assert shown(ec2, vpc, subnet) == (mode, mode)
    assert error(ec2.delete_vpc_block_public_access_exclusion, ExclusionId=made["ExclusionId"])[0] == \
        "InvalidVpcBlockPublicAccessExclusionId.NotFound"


def test_an_excluded_vpc_has_its_subnets_with_it(ec2, error, vpc, subnet):
    ec2.modify_vpc_block_public_access_options(InternetGatewayBlockMode="block-bidirectional")
    ec2.create_vpc_block_public_access_exclusion(VpcId=vpc, InternetGatewayExclusionMode="allow-bidirectional")
    assert shown(ec2, vpc, subnet) == ("off", "off")
    assert error(ec2.modify_vpc_block_public_access_options, InternetGatewayBlockMode="no")[0] == \
        "InvalidParameterValue"
