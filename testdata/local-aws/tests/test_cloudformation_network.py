# SPDX-License-Identifier: Apache-2.0
"""Every property of the EC2 types, as EC2 itself tells it afterwards."""

import json

import pytest
from cloudformation_support import REGION, from_yaml, local, outputs, refused, resources, server  # noqa: F401

NETWORK = from_yaml("""
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties:
      CidrBlock: 10.1.0.0/16
      EnableDnsSupport: "true"
      EnableDnsHostnames: true
      InstanceTenancy: default
      Tags: [{Key: Name, Value: lab}]
  Subnet:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: {Ref: Vpc}
      CidrBlock: 10.1.1.0/24
      AvailabilityZone: us-west-2b
      MapPublicIpOnLaunch: true
      Tags: [{Key: Name, Value: lab-b}]
  Gateway:
    Type: AWS::EC2::InternetGateway
    Properties: {Tags: [{Key: Name, Value: door}]}
  Attachment:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: {Ref: Vpc}, InternetGatewayId: {Ref: Gateway}}
  Table:
    Type: AWS::EC2::RouteTable
    Properties: {VpcId: {Ref: Vpc}, Tags: [{Key: Name, Value: ways}]}
  Route:
    Type: AWS::EC2::Route
    DependsOn: Attachment
    Properties: {RouteTableId: {Ref: Table}, DestinationCidrBlock: 0.0.0.0/0, GatewayId: {Ref: Gateway}}
  Association:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: {Ref: Subnet}, RouteTableId: {Ref: Table}}
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: {Ref: Vpc}
      VpcEndpointType: Gateway
      ServiceName: {"Fn::Sub": "com.amazonaws.${AWS::Region}.s3"}
      RouteTableIds: [{Ref: Table}]
      PolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: "*", Action: "s3:*", Resource: "*"}]
      Tags: [{Key: Name, Value: s3}]
Outputs:
  Cidr: {Value: {"Fn::GetAtt": [Vpc, CidrBlock]}}
  DefaultGroup: {Value: {"Fn::GetAtt": Vpc.DefaultSecurityGroup}}
  Zone: {Value: {"Fn::GetAtt": Subnet.AvailabilityZone}}
  SubnetCidr: {Value: {"Fn::GetAtt": Subnet.CidrBlock}}
""")


def tags(item: dict) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in item["Tags"]}


@pytest.fixture(scope="module")
def network(server):
    stack = server.created("network", NETWORK, Tags=[{"Key": "cloud", "Value": "c1"}, {"Key": "Name", "Value": "no"}])
    return server.client("ec2"), server.physical("network"), stack


def test_vpc_has_its_properties(network):
    ec2, physical, stack = network
    vpc = ec2.describe_vpcs(VpcIds=[physical["Vpc"]])["Vpcs"][0]
    assert vpc["CidrBlock"] == "10.1.0.0/16" and vpc["InstanceTenancy"] == "default"
    for name in ("enableDnsSupport", "enableDnsHostnames"):
        reply = ec2.describe_vpc_attribute(VpcId=physical["Vpc"], Attribute=name)
        assert reply[name[0].upper() + name[1:]]["Value"] is True
    assert outputs(stack)["Cidr"] == "10.1.0.0/16"
    group = ec2.describe_security_groups(GroupIds=[outputs(stack)["DefaultGroup"]])["SecurityGroups"][0]
    assert group["GroupName"] == "default" and group["VpcId"] == physical["Vpc"]


def test_tags_are_the_resources_then_the_stacks_then_cloudformations(network):
    ec2, physical, stack = network
    found = tags(ec2.describe_vpcs(VpcIds=[physical["Vpc"]])["Vpcs"][0])
    assert found == {"Name": "lab", "cloud": "c1", "aws:cloudformation:stack-name": "network",
                     "aws:cloudformation:stack-id": stack["StackId"], "aws:cloudformation:logical-id": "Vpc"}


def test_subnet_has_its_properties(network):
    ec2, physical, stack = network
    subnet = ec2.describe_subnets(SubnetIds=[physical["Subnet"]])["Subnets"][0]
    assert subnet["VpcId"] == physical["Vpc"] and subnet["CidrBlock"] == "10.1.1.0/24"
    assert subnet["AvailabilityZone"] == "us-west-2b" and subnet["MapPublicIpOnLaunch"] is True
    assert tags(subnet)["Name"] == "lab-b"
    assert outputs(stack)["Zone"] == "us-west-2b" and outputs(stack)["SubnetCidr"] == "10.1.1.0/24"


def test_gateway_is_attached_and_routed_to(network):
    ec2, physical, _ = network
    gateway = ec2.describe_internet_gateways(InternetGatewayIds=[physical["Gateway"]])["InternetGateways"][0]
    assert [item["VpcId"] for item in gateway["Attachments"]] == [physical["Vpc"]]
    assert tags(gateway)["Name"] == "door"
    table = ec2.describe_route_tables(RouteTableIds=[physical["Table"]])["RouteTables"][0]
    assert tags(table)["Name"] == "ways"
    assert ("0.0.0.0/0", physical["Gateway"]) in {(route.get("DestinationCidrBlock"), route.get("GatewayId"))
                                                  for route in table["Routes"]}


def test_route_table_is_associated_with_the_subnet(network):
    ec2, physical, _ = network
    filters = [{"Name": "association.subnet-id", "Values": [physical["Subnet"]]}]
    table = ec2.describe_route_tables(Filters=filters)["RouteTables"][0]
    assert table["RouteTableId"] == physical["Table"]
    assert physical["Association"] in {item["RouteTableAssociationId"] for item in table["Associations"]}


def test_endpoint_has_its_properties_and_its_route(network):
    ec2, physical, _ = network
    endpoint = ec2.describe_vpc_endpoints(VpcEndpointIds=[physical["Endpoint"]])["VpcEndpoints"][0]
    assert endpoint["ServiceName"] == f"com.amazonaws.{REGION}.s3" and endpoint["VpcEndpointType"] == "Gateway"
    assert endpoint["RouteTableIds"] == [physical["Table"]] and tags(endpoint)["Name"] == "s3"
    assert json.loads(endpoint["PolicyDocument"])["Statement"][0]["Action"] == "s3:*"
    table = ec2.describe_route_tables(RouteTableIds=[physical["Table"]])["RouteTables"][0]
    assert any(route.get("GatewayId") == physical["Endpoint"] for route in table["Routes"])


def test_nothing_is_left_after_deletion(local):
    stack = local.created("short", NETWORK)
    physical = local.physical("short")
    assert local.deleted(stack["StackId"])["StackStatus"] == "DELETE_COMPLETE"
    ec2 = local.client("ec2")
    assert physical["Vpc"] not in {vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"]}
    gateways = ec2.describe_internet_gateways()["InternetGateways"]
    assert physical["Gateway"] not in {item["InternetGatewayId"] for item in gateways}
    endpoints = ec2.describe_vpc_endpoints()["VpcEndpoints"]
    assert physical["Endpoint"] not in {item["VpcEndpointId"] for item in endpoints if item["State"] != "deleted"}


def rules(ec2, group: str, egress: bool) -> set[tuple]:
    found = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]
    return {(rule["IpProtocol"], rule.get("FromPort"), rule.get("ToPort"),
             rule.get("CidrIpv4") or rule.get("ReferencedGroupInfo", {}).get("GroupId"))
            for rule in found if rule["IsEgress"] is egress}


def group_stack(**more) -> dict:
    vpc = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.2.0.0/16"}}
    group = {"Type": "AWS::EC2::SecurityGroup", "Properties": {
        "GroupDescription": "nodes", "VpcId": {"Ref": "Vpc"},
        "SecurityGroupIngress": [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": "443", "CidrIp": "0.0.0.0/0",
                                  "Description": "HTTPS"}]}}
    return resources(Vpc=vpc, Group=group, **more)


ALL = ("-1", -1, -1, "0.0.0.0/0")


def self_rule(kind: str, peer: str) -> dict:
    return {"Type": f"AWS::EC2::SecurityGroup{kind}", "Properties": {
        "GroupId": {"Ref": "Group"}, "IpProtocol": "-1", peer: {"Fn::GetAtt": ["Group", "GroupId"]},
        "Description": "among themselves"}}


def test_group_without_egress_keeps_everything_out(local):
    local.created("plain", group_stack())
    group = local.physical("plain")["Group"]
    ec2 = local.client("ec2")
    assert rules(ec2, group, False) == {("tcp", 443, 443, "0.0.0.0/0")}
    assert rules(ec2, group, True) == {ALL}
    described = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
    assert described["IpPermissions"][0]["IpRanges"] == [{"CidrIp": "0.0.0.0/0", "Description": "HTTPS"}]
    assert described["Description"] == "nodes" and described["GroupName"].startswith("plain-Group-")


def test_inline_egress_replaces_the_default(local):
    template = group_stack()
    template["Resources"]["Group"]["Properties"]["SecurityGroupEgress"] = [
        {"IpProtocol": "udp", "FromPort": 53, "ToPort": 53, "CidrIp": "10.0.0.0/8"}]
    local.created("inline", template)
    assert rules(local.client("ec2"), local.physical("inline")["Group"], True) == {("udp", 53, 53, "10.0.0.0/8")}


def test_separate_egress_replaces_the_default_but_not_an_inline_rule(local):
    separate = self_rule("Egress", "DestinationSecurityGroupId")
    local.created("first", group_stack(Out=separate))
    group = local.physical("first")["Group"]
    assert rules(local.client("ec2"), group, True) == {("-1", -1, -1, group)}
    template = group_stack(Out=separate)
    template["Resources"]["Group"]["Properties"]["SecurityGroupEgress"] = [{"IpProtocol": -1, "CidrIp": "0.0.0.0/0"}]
    local.created("second", template)
    group = local.physical("second")["Group"]
    assert rules(local.client("ec2"), group, True) == {ALL, ("-1", -1, -1, group)}


def test_separate_ingress_has_a_rule_id_and_goes_with_its_resource(local):
    local.created("group", group_stack(In=self_rule("Ingress", "SourceSecurityGroupId")))
    physical = local.physical("group")
    ec2 = local.client("ec2")
    assert physical["In"].startswith("sgr-")
    assert ("-1", -1, -1, physical["Group"]) in rules(ec2, physical["Group"], False)
    described = ec2.describe_security_groups(GroupIds=[physical["Group"]])["SecurityGroups"][0]
    pairs = [pair for rule in described["IpPermissions"] for pair in rule.get("UserIdGroupPairs", [])]
    assert [pair["Description"] for pair in pairs] == ["among themselves"]
    assert local.deleted(local.settled("group")["StackId"])["StackStatus"] == "DELETE_COMPLETE"
    refused(ec2.describe_security_groups, "InvalidGroup.NotFound", GroupIds=[physical["Group"]])
