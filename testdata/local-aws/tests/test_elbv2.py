# SPDX-License-Identifier: Apache-2.0
"""Load balancers: the interfaces that they keep, what these hold, and the interfaces of services that are not played."""

import pytest
from conftest import REGION


@pytest.fixture
def balancing(local_aws):
    return local_aws.client("elbv2")


@pytest.fixture
def two(ec2, vpc, subnet):
    """The ids of two subnets in two zones."""
    made = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24", AvailabilityZone=f"{REGION}b")["Subnet"]["SubnetId"]
    return [subnet, made]


@pytest.fixture
def group(ec2, vpc):
    return ec2.create_security_group(GroupName="lab", Description="lab", VpcId=vpc)["GroupId"]


def interfaces(ec2) -> list[dict]:
    return ec2.describe_network_interfaces()["NetworkInterfaces"]


def balancer(balancing, subnets: list[str], groups: list[str], **more) -> str:
    made = balancing.create_load_balancer(Name="lab", Subnets=subnets, SecurityGroups=groups, **more)
    return made["LoadBalancers"][0]["LoadBalancerArn"]


def test_an_application_load_balancer_has_an_interface_in_each_subnet(ec2, balancing, two, group):
    arn = balancer(balancing, two, [group])
    rows = interfaces(ec2)
    assert sorted(row["SubnetId"] for row in rows) == sorted(two)
    for row in rows:
        assert row["Description"] == f"ELB app/lab/{arn.rpartition('/')[2]}" and row["InterfaceType"] == "interface"
        assert row["RequesterId"] == row["Attachment"]["InstanceOwnerId"] == "amazon-elb" and row["Status"] == "in-use"
        assert [one["GroupId"] for one in row["Groups"]] == [group]
        assert row["Association"]["IpOwnerId"] == "amazon-elb" and row["Association"]["PublicIp"]


def test_an_internal_network_load_balancer(ec2, balancing, two):
    balancer(balancing, two, [], Type="network", Scheme="internal")
    assert {row["InterfaceType"] for row in interfaces(ec2)} == {"network_load_balancer"}
    assert all(row["Description"].startswith("ELB net/lab/") and "Association" not in row for row in interfaces(ec2))


def test_what_it_holds(local_aws, ec2, error, vpc, balancing, two, group):
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    arn = balancer(balancing, two, [group])
    held = ((ec2.delete_subnet, {"SubnetId": two[0]}), (ec2.delete_security_group, {"GroupId": group}),
            (ec2.detach_internet_gateway, {"InternetGatewayId": gateway, "VpcId": vpc}))
    for call, arguments in held:
        assert error(call, **arguments)[0] == "DependencyViolation"
    local_aws.control("POST", "settings", {"settle": 3600})
    balancing.delete_load_balancer(LoadBalancerArn=arn)
    assert error(ec2.delete_subnet, SubnetId=two[0])[0] == "DependencyViolation"
    local_aws.control("POST", "settings", {"settle": 0})
    for call, arguments in held:
        call(**arguments)
    assert interfaces(ec2) == []


def test_other_subnets_and_groups(ec2, vpc, balancing, two, group):
    arn = balancer(balancing, two, [group])
    third = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.2.0/24", AvailabilityZone=f"{REGION}c")["Subnet"]["SubnetId"]
    other = ec2.create_security_group(GroupName="other", Description="other", VpcId=vpc)["GroupId"]
    balancing.set_subnets(LoadBalancerArn=arn, Subnets=[two[0], third])
    before = {row["NetworkInterfaceId"]: row["PrivateIpAddress"] for row in interfaces(ec2)}
    balancing.set_security_groups(LoadBalancerArn=arn, SecurityGroups=[other])
    assert {row["NetworkInterfaceId"]: row["PrivateIpAddress"] for row in interfaces(ec2)} == before
    assert {row["SubnetId"] for row in interfaces(ec2)} == {two[0], third}
    assert [one["GroupId"] for row in interfaces(ec2) for one in row["Groups"]] == [other, other]


def test_deletion_protection(balancing, error, two, group):
    arn = balancer(balancing, two, [group])
    protection = {"Key": "deletion_protection.enabled", "Value": "true"}
    balancing.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[protection])
    assert error(balancing.delete_load_balancer, LoadBalancerArn=arn)[0] == "OperationNotPermitted"
    balancing.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[{**protection, "Value": "false"}])
    balancing.delete_load_balancer(LoadBalancerArn=arn)


def test_an_interface_of_a_service_that_is_not_played(local_aws, ec2, error, subnet):
    wanted = {"region": REGION, "subnet": subnet, "description": "AWS Lambda VPC ENI-report-1", "requester":
              "AROAEXAMPLE:lab", "type": "lambda"}
    made = local_aws.control("POST", "interfaces", wanted)["id"]
    [row] = interfaces(ec2)
    assert (row["NetworkInterfaceId"], row["InterfaceType"]) == (made, "lambda")
    assert row["Description"] == wanted["description"]
    assert error(ec2.delete_subnet, SubnetId=subnet)[0] == "DependencyViolation"
    local_aws.control("DELETE", "interfaces", {"region": REGION, "id": made})
    ec2.delete_subnet(SubnetId=subnet)
