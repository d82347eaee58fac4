# SPDX-License-Identifier: Apache-2.0
"""VPC endpoints: types, routes, policies, network interfaces."""

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


def test_the_interfaces_of_endpoints(ec2, vpc, subnet):
    group = ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"]
    made = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.sts", VpcEndpointType="Interface",
                                   SubnetIds=[subnet], SecurityGroupIds=[group])["VpcEndpoint"]
    [row] = ec2.describe_network_interfaces()["NetworkInterfaces"]
    assert row["InterfaceType"] == "vpc_endpoint"
    assert row["Status"] == "in-use" and row["Attachment"]["Status"] == "attached"
    assert row["NetworkInterfaceId"] == made["NetworkInterfaceIds"][0]
    assert [guard["GroupId"] for guard in row["Groups"]] == [group]
    assert row["PrivateIpAddress"].startswith("10.0.0.")
    ec2.delete_vpc_endpoints(VpcEndpointIds=[made["VpcEndpointId"]])
    assert ec2.describe_network_interfaces()["NetworkInterfaces"] == []
    ec2.delete_subnet(SubnetId=subnet)
