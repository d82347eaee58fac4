# SPDX-License-Identifier: Apache-2.0
"""VPC endpoints and NAT gateways: types, routes, policies, network interfaces."""

import json

from conftest import REGION


def test_an_endpoint_without_a_type_is_a_gateway(ec2, error, vpc):
    made = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.s3")["VpcEndpoint"]
    assert made["VpcEndpointType"] == "Gateway" and made["ServiceRegion"] == REGION and made["IpAddressType"] == "ipv4"
    assert error(ec2.create_vpc_endpoint, VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.sts")[:2] == \
        ("InvalidParameter", 400)


def test_the_routes_and_the_policy_of_a_gateway_endpoint(ec2, vpc):
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    closed = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}]})
    made = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.s3",
                                   PolicyDocument=closed)["VpcEndpoint"]["VpcEndpointId"]

    def endpoint():
        return ec2.describe_vpc_endpoints(VpcEndpointIds=[made])["VpcEndpoints"][0]

    def targets():
        return [row.get("GatewayId") for row in ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]]
    assert json.loads(endpoint()["PolicyDocument"])["Statement"][0]["Effect"] == "Deny"
    ec2.modify_vpc_endpoint(VpcEndpointId=made, ResetPolicy=True, AddRouteTableIds=[table])
    assert json.loads(endpoint()["PolicyDocument"])["Statement"][0]["Effect"] == "Allow"
    assert endpoint()["RouteTableIds"] == [table] and targets() == ["local", made]
    ec2.modify_vpc_endpoint(VpcEndpointId=made, RemoveRouteTableIds=[table])
    assert endpoint()["RouteTableIds"] == [] and targets() == ["local"]


def test_the_interfaces_of_endpoints_and_nat_gateways(ec2, vpc, subnet):
    group = ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"]
    made = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.sts", VpcEndpointType="Interface",
                                   SubnetIds=[subnet], SecurityGroupIds=[group])["VpcEndpoint"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
    rows = {row["InterfaceType"]: row for row in ec2.describe_network_interfaces()["NetworkInterfaces"]}
    assert set(rows) == {"vpc_endpoint", "nat_gateway"}
    assert all(row["Status"] == "in-use" and row["Attachment"]["Status"] == "attached" for row in rows.values())
    assert rows["vpc_endpoint"]["NetworkInterfaceId"] == made["NetworkInterfaceIds"][0]
    assert [row["GroupId"] for row in rows["vpc_endpoint"]["Groups"]] == [group]
    assert rows["vpc_endpoint"]["PrivateIpAddress"].startswith("10.0.0.")
    assert rows["nat_gateway"]["Groups"] == [] and rows["nat_gateway"]["SourceDestCheck"] is False
    ec2.delete_nat_gateway(NatGatewayId=nat)
    ec2.delete_vpc_endpoints(VpcEndpointIds=[made["VpcEndpointId"]])
    assert ec2.describe_network_interfaces()["NetworkInterfaces"] == []
    ec2.delete_subnet(SubnetId=subnet)
