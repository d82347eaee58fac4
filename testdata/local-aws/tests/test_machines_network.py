# SPDX-License-Identifier: Apache-2.0
"""What a machine really reaches, in a network that the tests change: the same connections, made from inside."""

from __future__ import annotations

import json

import pytest
from authorization_support import policy
from conftest import ACCOUNT, REGION
from machines_support import Machines, needs_machines

pytestmark = needs_machines
S3, STS, LOGS = (f"{name}.{REGION}.amazonaws.com" for name in ("s3", "sts", "logs"))
PROBE = """#!/bin/bash
try() { if timeout 5 bash -c "exec 3<>/dev/tcp/$2/$3" 2>/dev/null; then echo "$1 reached"; else echo "$1 not"; fi; }
"""


class Cloud:
    """A VPC with a public and a private subnet, a NAT gateway, an S3 endpoint, and a file system in the private one."""

    def __init__(self, local_aws):
        self.server, self.ec2 = local_aws, local_aws.client("ec2")
        ec2 = self.ec2
        self.vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        ec2.modify_vpc_attribute(VpcId=self.vpc, EnableDnsHostnames={"Value": True})
        self.public, self.private = (ec2.create_subnet(VpcId=self.vpc, CidrBlock=f"10.0.{number}.0/24",
                                                       AvailabilityZone=f"{REGION}a")["Subnet"]["SubnetId"]
                                     for number in range(2))
        ec2.modify_subnet_attribute(SubnetId=self.public, MapPublicIpOnLaunch={"Value": True})
        self.gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(VpcId=self.vpc, InternetGatewayId=self.gateway)
        self.public_table, self.private_table = self._table(self.public), self._table(self.private)
        ec2.create_route(RouteTableId=self.public_table, DestinationCidrBlock="0.0.0.0/0", GatewayId=self.gateway)
        self.group = self.new_group("nodes")
        self.rows = ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [self.vpc]}])["NetworkAcls"]
        self.acl = self.rows[0]["NetworkAclId"]
        local_aws.control("POST", "machines", {"beyond": "unreachable", "internet": ["packages.example.com"]})

    def _table(self, subnet: str) -> str:
        table = self.ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]
        self.ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
        return table

    def new_group(self, name: str) -> str:
        return self.ec2.create_security_group(GroupName=name, Description="d", VpcId=self.vpc)["GroupId"]

    def add_nat(self) -> None:
        address = self.ec2.allocate_address(Domain="vpc")["AllocationId"]
        made = self.ec2.create_nat_gateway(SubnetId=self.public, AllocationId=address)["NatGateway"]["NatGatewayId"]
        self.ec2.create_route(RouteTableId=self.private_table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=made)

    def add_endpoint(self, service: str, kind: str, **more) -> str:
        return self.ec2.create_vpc_endpoint(VpcId=self.vpc, ServiceName=f"com.amazonaws.{REGION}.{service}",
                                            VpcEndpointType=kind, **more)["VpcEndpoint"]["VpcEndpointId"]

    def add_file_system(self, *groups: str) -> tuple[str, str]:
        """Its id, and the address of its mount target."""
        efs = self.server.client("efs")
        made = efs.create_file_system(CreationToken="t")["FileSystemId"]
        return made, efs.create_mount_target(FileSystemId=made, SubnetId=self.private,
                                             SecurityGroups=list(groups))["IpAddress"]

    def probe(self, *targets: tuple[str, int], subnet: str = "", **more) -> list[str]:
        """Which of them a machine in the subnet (public) reaches."""
        machines = Machines(self.server, subnet or self.public)
        lines = [f"try {number} {host} {port}\n" for number, (host, port) in enumerate(targets)]
        made = machines.launch(PROBE + "".join(lines) + "echo end\n", SecurityGroupIds=[self.group], **more)
        console = machines.says(made, "\r\nend\r\n").replace("\r", "")
        return [host for number, (host, _port) in enumerate(targets) if f"\n{number} reached\n" in console]


@pytest.fixture
def cloud(local_aws):
    return Cloud(local_aws)


ALL = ((S3, 443), ("packages.example.com", 443))


def test_with_a_public_address_all_is_reached(cloud):
    assert cloud.probe(*ALL, (STS, 80), ("127.0.0.1", 9)) == [S3, "packages.example.com", STS]


@pytest.mark.parametrize("change", ["route", "gateway", "acl out", "acl in", "group"])
def test_nothing_is_reached_once_one_thing_is_missing(cloud, change):
    ec2 = cloud.ec2
    if change == "route":
        ec2.delete_route(RouteTableId=cloud.public_table, DestinationCidrBlock="0.0.0.0/0")
    elif change == "gateway":
        ec2.detach_internet_gateway(VpcId=cloud.vpc, InternetGatewayId=cloud.gateway)
    elif change.startswith("acl"):
        ec2.delete_network_acl_entry(NetworkAclId=cloud.acl, RuleNumber=100, Egress=change == "acl out")
    else:
        every = ec2.describe_security_groups(GroupIds=[cloud.group])["SecurityGroups"][0]["IpPermissionsEgress"]
        ec2.revoke_security_group_egress(GroupId=cloud.group, IpPermissions=every)
    assert cloud.probe(*ALL) == []


def test_a_private_subnet_needs_nat_or_an_endpoint(cloud):
    assert cloud.probe(*ALL, subnet=cloud.private) == []
    cloud.add_endpoint("s3", "Gateway", RouteTableIds=[cloud.private_table])
    assert cloud.probe(*ALL, subnet=cloud.private) == [S3]
    cloud.add_nat()
    assert cloud.probe(*ALL, subnet=cloud.private) == [S3, "packages.example.com"]


def test_an_interface_endpoint_takes_the_names_of_its_service(cloud):
    closed = cloud.new_group("endpoint")
    cloud.add_endpoint("logs", "Interface", SubnetIds=[cloud.private], SecurityGroupIds=[closed], PrivateDnsEnabled=True)
    assert cloud.probe((LOGS, 443), (STS, 443)) == [STS]
    cloud.ec2.authorize_security_group_ingress(GroupId=closed, IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": [{"GroupId": cloud.group}]}])
    assert cloud.probe((LOGS, 443), (STS, 443), subnet=cloud.private) == [LOGS]


def test_without_dns_no_name_has_an_address(cloud):
    system, address = cloud.add_file_system(cloud.group)
    cloud.ec2.authorize_security_group_ingress(GroupId=cloud.group, IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": 2049, "ToPort": 2049, "UserIdGroupPairs": [{"GroupId": cloud.group}]}])
    name = f"{system}.efs.{REGION}.amazonaws.com"
    every = (*ALL, (name, 2049), (address, 2049))
    assert cloud.probe(*every) == [S3, "packages.example.com", name, address]
    cloud.ec2.modify_vpc_attribute(VpcId=cloud.vpc, EnableDnsHostnames={"Value": False})
    assert cloud.probe(*every) == [S3, "packages.example.com", address]
    cloud.ec2.modify_vpc_attribute(VpcId=cloud.vpc, EnableDnsSupport={"Value": False})
    assert cloud.probe(*every) == [address]


def test_a_file_system_is_reached_by_its_groups(cloud):
    _system, address = cloud.add_file_system(cloud.new_group("closed"))
    assert cloud.probe((address, 2049)) == []


def test_a_store_is_reached_at_its_endpoint(cloud):
    memorydb = cloud.server.client("memorydb")
    memorydb.create_subnet_group(SubnetGroupName="g", SubnetIds=[cloud.private])
    store = cloud.new_group("store")
    memorydb.create_cluster(ClusterName="c", NodeType="db.t4g.small", ACLName="open-access", SubnetGroupName="g",
                            SecurityGroupIds=[store], NumReplicasPerShard=0)
    address = memorydb.describe_clusters(ClusterName="c")["Clusters"][0]["ClusterEndpoint"]["Address"]
    assert cloud.probe((address, 6379)) == []
    cloud.ec2.authorize_security_group_ingress(GroupId=store, IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": 6379, "ToPort": 6379, "UserIdGroupPairs": [{"GroupId": cloud.group}]}])
    assert cloud.probe((address, 6379)) == [address]


def test_aws_answers_inside_as_it_does_outside(cloud):
    """By its names with certificates, and at the server's own address; for services that are reached alone."""
    iam = cloud.server.client("iam")
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam.create_role(RoleName="nodes", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}))
    iam.put_role_policy(RoleName="nodes", PolicyName="own", PolicyDocument=policy({"Action": "s3:*"}))
    iam.create_instance_profile(InstanceProfileName="nodes")
    iam.add_role_to_instance_profile(InstanceProfileName="nodes", RoleName="nodes")
    cloud.server.client("s3").create_bucket(Bucket="data", CreateBucketConfiguration={"LocationConstraint": REGION})
    cloud.server.control("POST", "settings", {"enforce": True})
    cloud.add_endpoint("s3", "Gateway", RouteTableIds=[cloud.private_table])
    machines = Machines(cloud.server, cloud.private)
    made = machines.launch(f"""#!/bin/bash
at=http://169.254.169.254/latest/meta-data/iam/security-credentials/nodes
field() {{ curl -s $at | sed -n "s/.*\\"$1\\": \\"\\([^\\"]*\\)\\".*/\\1/p"; }}
signed() {{
	curl -s -m 5 --aws-sigv4 "aws:amz:{REGION}:$1" --user "$(field AccessKeyId):$(field SecretAccessKey)" \\
		-H "x-amz-security-token: $(field Token)" -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' "${{@:2}}"
}}
echo name $(signed s3 -o /dev/null -w '%{{http_code}}' -T /etc/hostname https://{S3}/data/name)
echo address $(signed s3 -o /dev/null -w '%{{http_code}}' -T /etc/hostname {cloud.server.url}/data/address)
echo sts $(signed sts -o /dev/null -w '%{{http_code}}' '{cloud.server.url}/?Action=GetCallerIdentity&Version=2011-06-15')
echo door $(curl -s -o /dev/null -w '%{{http_code}}' {cloud.server.url}/_local/state)
echo certificate $(curl -s -o /dev/null https://{S3}/ && echo trusted)
echo end
""", IamInstanceProfile={"Name": "nodes"}, SecurityGroupIds=[cloud.group])
    console = machines.says(made, "\r\nend\r\n").replace("\r", "")
    for line in ("name 200", "address 200", "sts 000", "door 403", "certificate trusted"):
        assert f"{line}\n" in console, console
    rows = cloud.server.client("s3").list_objects_v2(Bucket="data")["Contents"]
    assert [row["Key"] for row in rows] == ["address", "name"]
    who = [row["principal"] for row in cloud.server.control("GET", "actions") if row["action"] == "s3:PutObject"]
    assert set(who) == {f"arn:aws:sts::{ACCOUNT}:assumed-role/nodes/{made['InstanceId']}"}
