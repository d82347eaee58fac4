# SPDX-License-Identifier: Apache-2.0
"""NAT gateways and elastic IP addresses: a gateway's life, what it holds, what is refused, and both in a stack."""

import pytest
from cloudformation_support import body, from_yaml
from conftest import REGION

STACK = from_yaml("""
Resources:
  Address:
    Type: AWS::EC2::EIP
    Properties: {Domain: vpc, Tags: [{Key: Name, Value: lab}]}
  Nat:
    Type: AWS::EC2::NatGateway
    DependsOn: Attachment
    Properties:
      SubnetId: {Ref: Subnet}
      AllocationId: {"Fn::GetAtt": [Address, AllocationId]}
      Tags: [{Key: Name, Value: lab}]
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.1.0.0/16}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: {Ref: Vpc}, CidrBlock: 10.1.1.0/24}
  Gateway: {Type: "AWS::EC2::InternetGateway"}
  Attachment:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: {Ref: Vpc}, InternetGatewayId: {Ref: Gateway}}
Outputs:
  Ip: {Value: {Ref: Address}}
  Allocation: {Value: {"Fn::GetAtt": [Address, AllocationId]}}
""")


@pytest.fixture
def public(ec2, vpc, subnet):
    """The subnet's VPC has an internet gateway."""
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    return subnet


@pytest.fixture
def address(ec2):
    return ec2.allocate_address(Domain="vpc")["AllocationId"]


def gateway_of(ec2, nat: str) -> dict:
    return ec2.describe_nat_gateways(NatGatewayIds=[nat])["NatGateways"][0]


def settle(local_aws, seconds: float) -> None:
    local_aws.control("POST", "settings", {"settle": seconds})


def test_the_life_of_a_gateway(local_aws, ec2, error, public, address):
    settle(local_aws, 3600)
    made = ec2.create_nat_gateway(SubnetId=public, AllocationId=address)["NatGateway"]
    nat = made["NatGatewayId"]
    assert made["State"] == gateway_of(ec2, nat)["State"] == "pending" and made["ConnectivityType"] == "public"
    settle(local_aws, 0)
    found = gateway_of(ec2, nat)
    assert found["State"] == "available" and "DeleteTime" not in found and "FailureCode" not in found
    [held] = found["NatGatewayAddresses"]
    assert held["AllocationId"] == address and held["AvailabilityZone"] == f"{REGION}a" and held["IsPrimary"]
    [row] = ec2.describe_addresses()["Addresses"]
    assert row["NetworkInterfaceId"] == held["NetworkInterfaceId"] and row["AssociationId"] == held["AssociationId"]
    settle(local_aws, 3600)
    ec2.delete_nat_gateway(NatGatewayId=nat)
    assert gateway_of(ec2, nat)["State"] == "deleting"
    assert error(ec2.delete_subnet, SubnetId=public)[0] == "DependencyViolation"
    assert error(ec2.release_address, AllocationId=address)[0] == "InvalidIPAddress.InUse"
    settle(local_aws, 0)
    assert gateway_of(ec2, nat)["State"] == "deleted" and gateway_of(ec2, nat)["DeleteTime"]
    assert ec2.describe_network_interfaces()["NetworkInterfaces"] == []
    ec2.release_address(AllocationId=address)
    ec2.delete_subnet(SubnetId=public)
    assert gateway_of(ec2, nat)["State"] == "deleted"


def test_the_interface_of_a_gateway(ec2, public, address):
    ec2.create_nat_gateway(SubnetId=public, AllocationId=address)
    [row] = ec2.describe_network_interfaces()["NetworkInterfaces"]
    assert row["InterfaceType"] == "nat_gateway" and row["Status"] == "in-use" and row["RequesterManaged"]
    assert row["Groups"] == [] and row["SourceDestCheck"] is False and row["Attachment"]["Status"] == "attached"


def test_without_an_internet_gateway_it_fails(ec2, subnet, address):
    nat = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
    found = gateway_of(ec2, nat)
    assert (found["State"], found["FailureCode"]) == ("failed", "Gateway.NotAttached")
    assert "AssociationId" not in ec2.describe_addresses()["Addresses"][0]
    private = ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")["NatGateway"]["NatGatewayId"]
    assert gateway_of(ec2, private)["State"] == "available"


def test_what_is_refused(local_aws, ec2, error, public, address):
    ec2.create_nat_gateway(SubnetId=public, AllocationId=address)
    assert error(ec2.create_nat_gateway, SubnetId=public, AllocationId=address)[0] == "Resource.AlreadyAssociated"
    assert error(ec2.delete_nat_gateway, NatGatewayId="nat-00000000000000000")[0] == "NatGatewayNotFound"
    local_aws.control("POST", "quotas", [{"service": "vpc", "code": "L-FE5A380F", "value": 1},
                                         {"service": "ec2", "code": "L-0263D0A3", "value": 2}])
    other = ec2.allocate_address(Domain="vpc")["AllocationId"]
    assert error(ec2.allocate_address, Domain="vpc")[0] == "AddressLimitExceeded"
    assert error(ec2.create_nat_gateway, SubnetId=public, AllocationId=other)[0] == "NatGatewayLimitExceeded"


def finished(client, stack: str) -> dict:
    waiting = {"stack_create_complete": "CREATE", "stack_delete_complete": "DELETE"}
    found = client.describe_stacks(StackName=stack)["Stacks"][0]
    name = next(name for name, verb in waiting.items() if found["StackStatus"].startswith(verb))
    client.get_waiter(name).wait(StackName=stack, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    return client.describe_stacks(StackName=stack)["Stacks"][0]


def test_in_a_stack(local_aws, ec2):
    cloudformation = local_aws.client("cloudformation")
    stack = cloudformation.create_stack(StackName="nat", TemplateBody=body(STACK))["StackId"]
    values = {row["OutputKey"]: row["OutputValue"] for row in finished(cloudformation, stack)["Outputs"]}
    [address] = ec2.describe_addresses()["Addresses"]
    assert (address["PublicIp"], address["AllocationId"]) == (values["Ip"], values["Allocation"])
    [gateway] = ec2.describe_nat_gateways()["NatGateways"]
    assert gateway["State"] == "available"
    for item in (address, gateway):
        tags = {tag["Key"]: tag["Value"] for tag in item["Tags"]}
        assert tags["Name"] == "lab" and tags["aws:cloudformation:stack-name"] == "nat"
    cloudformation.delete_stack(StackName=stack)
    finished(cloudformation, stack)
    assert ec2.describe_addresses()["Addresses"] == []
    assert ec2.describe_nat_gateways()["NatGateways"][0]["State"] == "deleted"
