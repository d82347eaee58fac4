# SPDX-License-Identifier: Apache-2.0
"""EC2: regions, zones, ids, and what must not be deleted while it is in use."""

import boto3
import pytest
from botocore.exceptions import ClientError

from conftest import ACCOUNT, REGION
from signing import CALLS, Call, send, sign


@pytest.fixture
def network(local_aws):
    """A VPC with a subnet and a security group: (ec2, vpc id, subnet id, group id)."""
    ec2 = local_aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24", AvailabilityZone=REGION + "a")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(VpcId=vpc, GroupName="g", Description="d")["GroupId"]
    return ec2, vpc, subnet, group


def test_regions_have_their_opt_in_status(local_aws):
    ec2 = local_aws.client("ec2")
    enabled = {row["RegionName"]: row for row in ec2.describe_regions()["Regions"]}
    assert enabled["us-east-1"] == {"RegionName": "us-east-1", "Endpoint": "ec2.us-east-1.amazonaws.com",
                                    "OptInStatus": "opt-in-not-required"}
    assert "ap-east-1" not in enabled
    every = {row["RegionName"]: row["OptInStatus"] for row in ec2.describe_regions(AllRegions=True)["Regions"]}
    assert every["ap-east-1"] == "not-opted-in"
    assert set(every) == set(boto3.Session().get_available_regions("ec2"))
    named = ec2.describe_regions(RegionNames=["eu-west-1"])["Regions"]
    assert [row["RegionName"] for row in named] == ["eu-west-1"]
    filtered = ec2.describe_regions(AllRegions=True, Filters=[{"Name": "opt-in-status", "Values": ["not-opted-in"]}])
    assert {row["OptInStatus"] for row in filtered["Regions"]} == {"not-opted-in"}


def test_an_unknown_region_zone_or_filter_is_refused(local_aws, error):
    ec2 = local_aws.client("ec2")
    assert error(ec2.describe_regions, RegionNames=["us-west-9"])[:2] == ("InvalidParameterValue", 400)
    assert error(ec2.describe_availability_zones, ZoneNames=[REGION + "z"])[:2] == ("InvalidParameterValue", 400)
    assert error(ec2.describe_availability_zones, Filters=[{"Name": "colour", "Values": ["red"]}])[0] == "InvalidParameterValue"
    code, status, message = error(ec2.describe_vpcs, Filters=[{"Name": "colour", "Values": ["red"]}])
    assert (code, status, message) == ("InvalidParameterValue", 400, "The filter 'colour' is invalid")


def test_zones_are_complete(local_aws):
    ec2 = local_aws.client("ec2")
    rows = ec2.describe_availability_zones()["AvailabilityZones"]
    assert [row["ZoneName"] for row in rows] == [REGION + letter for letter in "abcd"]
    for row in rows:
        assert row["State"] == "available" and row["RegionName"] == REGION and row["ZoneType"] == "availability-zone"
        assert row["OptInStatus"] == "opt-in-not-required" and row["GroupName"] == REGION + "-zg-1"
        assert row["ZoneId"].startswith("usw2-az") and row["NetworkBorderGroup"] == REGION
    assert len({row["ZoneId"] for row in rows}) == 4
    chosen = ec2.describe_availability_zones(Filters=[
        {"Name": "zone-type", "Values": ["availability-zone"]}, {"Name": "zone-name", "Values": [REGION + "b"]}])
    assert [row["ZoneName"] for row in chosen["AvailabilityZones"]] == [REGION + "b"]


@pytest.mark.parametrize("call, argument, code", [
    ("describe_vpcs", {"VpcIds": ["vpc-xyz"]}, "InvalidVpcID.Malformed"),
    ("describe_vpc_attribute", {"VpcId": "vpc-1", "Attribute": "enableDnsSupport"}, "InvalidVpcID.Malformed"),
    ("describe_subnets", {"SubnetIds": ["sub-0123456789abcdef0"]}, "InvalidSubnetID.Malformed"),
    ("describe_security_groups", {"GroupIds": ["sg-0123456789ABCDEF0"]}, "InvalidGroupId.Malformed"),
    ("describe_route_tables", {"RouteTableIds": ["rtb"]}, "InvalidRouteTableId.Malformed"),
    ("describe_internet_gateways", {"InternetGatewayIds": ["igw-"]}, "InvalidInternetGatewayId.Malformed"),
    ("describe_instances", {"InstanceIds": ["i-12"]}, "InvalidInstanceID.Malformed"),
    ("describe_network_interfaces", {"NetworkInterfaceIds": ["eni-zz"]}, "InvalidNetworkInterfaceId.Malformed"),
])
def test_a_malformed_id(local_aws, error, call, argument, code):
    found, status, message = error(getattr(local_aws.client("ec2"), call), **argument)
    assert (found, status) == (code, 400) and message.startswith("Invalid id: ")


@pytest.mark.parametrize("call, member, name, code, message", [
    ("describe_vpcs", "VpcIds", "vpc-0123456789abcdef0", "InvalidVpcID.NotFound", "The vpc ID '{}' does not exist"),
    ("describe_subnets", "SubnetIds", "subnet-0123456789abcdef0", "InvalidSubnetID.NotFound",
     "The subnet ID '{}' does not exist"),
    ("describe_security_groups", "GroupIds", "sg-0123456789abcdef0", "InvalidGroup.NotFound",
     "The security group '{}' does not exist"),
    ("describe_route_tables", "RouteTableIds", "rtb-0123456789abcdef0", "InvalidRouteTableID.NotFound",
     "The routeTable ID '{}' does not exist"),
    ("describe_internet_gateways", "InternetGatewayIds", "igw-0123456789abcdef0", "InvalidInternetGatewayID.NotFound",
     "The internetGateway ID '{}' does not exist"),
    ("describe_instances", "InstanceIds", "i-0123456789abcdef0", "InvalidInstanceID.NotFound",
     "The instance ID '{}' does not exist"),
])
def test_a_missing_id(local_aws, error, call, member, name, code, message):
    found = error(getattr(local_aws.client("ec2"), call), **{member: [name]})
    assert found == (code, 400, message.format(name))


def test_a_subnet_with_an_interface_stays(network, error):
    ec2, _vpc, subnet, _group = network
    interface = ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
    code, status, message = error(ec2.delete_subnet, SubnetId=subnet)
    assert (code, status) == ("DependencyViolation", 400)
    assert message == f"The subnet '{subnet}' has dependencies and cannot be deleted."
    ec2.delete_network_interface(NetworkInterfaceId=interface)
    ec2.delete_subnet(SubnetId=subnet)


def test_a_security_group_in_use_or_referred_to_stays(network, error):
    ec2, vpc, subnet, group = network
    wanted = ("DependencyViolation", 400, f"resource {group} has a dependent object")
    interface = ec2.create_network_interface(SubnetId=subnet, Groups=[group])["NetworkInterface"]["NetworkInterfaceId"]
    assert error(ec2.delete_security_group, GroupId=group) == wanted
    ec2.delete_network_interface(NetworkInterfaceId=interface)
    other = ec2.create_security_group(VpcId=vpc, GroupName="other", Description="d")["GroupId"]
    rule = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 2, "UserIdGroupPairs": [{"GroupId": group}]}
    ec2.authorize_security_group_ingress(GroupId=other, IpPermissions=[rule])
    assert error(ec2.delete_security_group, GroupId=group) == wanted
    ec2.revoke_security_group_ingress(GroupId=other, IpPermissions=[rule])
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])  # a reference to itself is none
    ec2.delete_security_group(GroupId=group)


def test_a_gateway_with_public_addresses_stays(network, error):
    ec2, vpc, subnet, _group = network
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    interface = ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    association = ec2.associate_address(AllocationId=address, NetworkInterfaceId=interface)["AssociationId"]
    code, _, message = error(ec2.detach_internet_gateway, InternetGatewayId=gateway, VpcId=vpc)
    assert code == "DependencyViolation" and message.startswith(f"Network {vpc} has some mapped public address(es).")
    ec2.disassociate_address(AssociationId=association)
    code, _, message = error(ec2.delete_internet_gateway, InternetGatewayId=gateway)
    assert code == "DependencyViolation" and f"'{gateway}'" in message
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)


@pytest.mark.parametrize("dependant", ["subnet", "group", "gateway", "route table", "endpoint", "acl"])
def test_a_vpc_with_anything_in_it_stays(local_aws, error, dependant):
    ec2 = local_aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    if dependant == "gateway":
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    else:
        {"subnet": lambda: ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24"),
         "group": lambda: ec2.create_security_group(VpcId=vpc, GroupName="g", Description="d"),
         "route table": lambda: ec2.create_route_table(VpcId=vpc),
         "endpoint": lambda: ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.s3"),
         "acl": lambda: ec2.create_network_acl(VpcId=vpc)}[dependant]()
    assert error(ec2.delete_vpc, VpcId=vpc) == (
        "DependencyViolation", 400, f"The vpc '{vpc}' has dependencies and cannot be deleted.")


def test_an_empty_vpc_goes(local_aws, error):
    ec2 = local_aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.delete_vpc(VpcId=vpc)
    assert error(ec2.delete_vpc, VpcId=vpc)[0] == "InvalidVpcID.NotFound"


def test_an_instance_holds_its_subnet_until_it_is_terminated(network, error):
    ec2, _vpc, subnet, group = network
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    made = ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, SubnetId=subnet,
                             SecurityGroupIds=[group])["Instances"][0]["InstanceId"]
    assert error(ec2.delete_subnet, SubnetId=subnet)[0] == "DependencyViolation"
    assert error(ec2.delete_security_group, GroupId=group)[0] == "DependencyViolation"
    ec2.terminate_instances(InstanceIds=[made])
    ec2.describe_instances(InstanceIds=[made])
    ec2.delete_security_group(GroupId=group)
    ec2.delete_subnet(SubnetId=subnet)


def test_a_route_table_in_use_stays(network, error):
    ec2, vpc, subnet, _group = network
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    code, _, message = error(ec2.delete_route_table, RouteTableId=table)
    assert (code, message) == ("DependencyViolation", f"The routeTable '{table}' has dependencies and cannot be deleted.")


def test_a_dry_run_changes_nothing(network, error):
    ec2, vpc, subnet, _group = network
    assert error(ec2.delete_subnet, SubnetId=subnet, DryRun=True)[:2] == ("DryRunOperation", 412)
    assert ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["OwnerId"] == ACCOUNT


def test_an_unknown_action_is_told_so(local_aws):
    for protocol, expected in (("ec2", (400, "InvalidAction")), ("query", (400, "InvalidAction")),
                               ("json", (400, "UnknownOperationException"))):
        good = CALLS[protocol]
        headers = {**good.headers}
        if protocol == "json":
            headers["X-Amz-Target"] = "AmazonMemoryDB.MakeTea"
        body = good.body.replace(b"DescribeVpcs", b"MakeTea").replace(b"GetCallerIdentity", b"MakeTea")
        assert send(sign(Call(good.service, headers=headers, body=body), local_aws.url))[:2] == expected


def test_instances_tell_their_cpus(local_aws):
    ec2 = local_aws.client("ec2")
    image = ec2.describe_images()["Images"][0]["ImageId"]
    ec2.run_instances(ImageId=image, InstanceType="m5.xlarge", MinCount=1, MaxCount=1)
    [reservation] = ec2.describe_instances()["Reservations"]
    assert reservation["Instances"][0]["CpuOptions"] == {"CoreCount": 2, "ThreadsPerCore": 2}


def test_a_terminated_instance_leaves_no_interface(network):
    ec2, _vpc, subnet, group = network
    image = ec2.describe_images()["Images"][0]["ImageId"]
    [instance] = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, SubnetId=subnet,
                                   SecurityGroupIds=[group])["Instances"]
    of_it = [{"Name": "attachment.instance-id", "Values": [instance["InstanceId"]]}]
    assert ec2.describe_network_interfaces(Filters=of_it)["NetworkInterfaces"]
    ec2.terminate_instances(InstanceIds=[instance["InstanceId"]])
    assert ec2.describe_network_interfaces(Filters=of_it)["NetworkInterfaces"] == []


def test_a_client_token_launches_once(local_aws, network, error):
    """Without one boto3 makes one of its own, so that two launches are two."""
    ec2, _, subnet, _ = network
    asked = {"ImageId": ec2.describe_images()["Images"][0]["ImageId"], "InstanceType": "m5.xlarge", "MinCount": 1,
             "MaxCount": 1, "SubnetId": subnet}

    def launch(**more):
        [instance] = ec2.run_instances(**asked, **more)["Instances"]
        return instance["InstanceId"], instance["State"]["Name"]
    assert launch()[0] != launch()[0]
    first, _ = launch(ClientToken="one")
    assert launch(ClientToken="one")[0] == first and launch(ClientToken="two")[0] != first
    code, status = error(ec2.run_instances, **asked | {"InstanceType": "t3.micro"}, ClientToken="one")[:2]
    assert (code, status) == ("IdempotentParameterMismatch", 400)
    ec2.terminate_instances(InstanceIds=[first])
    assert launch(ClientToken="one") == (first, "terminated")
    other = local_aws.client("ec2", "us-east-1")
    [instance] = other.run_instances(ImageId=asked["ImageId"], MinCount=1, MaxCount=1, ClientToken="one")["Instances"]
    assert instance["InstanceId"] != first


def test_an_instance_that_is_protected_against_termination(local_aws):
    """It keeps its interface, too, until the protection is lifted."""
    ec2 = local_aws.client("ec2")
    [subnet, *_] = ec2.describe_subnets()["Subnets"]
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    [made] = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, SubnetId=subnet["SubnetId"],
                               DisableApiTermination=True)["Instances"]
    name = made["InstanceId"]
    said = ec2.describe_instance_attribute(InstanceId=name, Attribute="disableApiTermination")
    assert said["DisableApiTermination"] == {"Value": True}
    with pytest.raises(ClientError, match="OperationNotPermitted"):
        ec2.terminate_instances(InstanceIds=[name])
    assert len(ec2.describe_network_interfaces(Filters=[{"Name": "attachment.instance-id", "Values": [name]}])["NetworkInterfaces"]) == 1
    ec2.modify_instance_attribute(InstanceId=name, DisableApiTermination={"Value": False})
    ec2.terminate_instances(InstanceIds=[name])
