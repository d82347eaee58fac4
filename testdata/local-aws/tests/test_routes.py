# SPDX-License-Identifier: Apache-2.0
"""Routes lose their target and get it back."""

import pytest


@pytest.fixture
def network(ec2):
    """A VPC with an attached gateway, and a route table that leads there."""
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    return vpc, gateway, table


def states(ec2, table: str) -> dict[str, str]:
    [found] = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
    return {route["DestinationCidrBlock"]: route["State"] for route in found["Routes"]}


def test_an_internet_gateway_that_is_detached(ec2, network):
    vpc, gateway, table = network
    assert states(ec2, table) == {"10.0.0.0/16": "active", "0.0.0.0/0": "active"}
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    assert states(ec2, table) == {"10.0.0.0/16": "active", "0.0.0.0/0": "blackhole"}
    other = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=other)
    assert states(ec2, table)["0.0.0.0/0"] == "blackhole"
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=other)
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    assert states(ec2, table)["0.0.0.0/0"] == "active"


def test_a_nat_gateway_that_is_deleted(ec2, network):
    vpc, _, _ = network
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)
    assert states(ec2, table)["0.0.0.0/0"] == "active"
    ec2.delete_nat_gateway(NatGatewayId=nat)
    assert states(ec2, table)["0.0.0.0/0"] == "blackhole"
