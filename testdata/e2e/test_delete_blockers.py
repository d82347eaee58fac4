# SPDX-License-Identifier: Apache-2.0
"""Whatever keeps a managed cloud from being deleted, a row each: `delete` names it by its id before anything is gone, and
the command that it prints takes it away."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import jsonschema
import pytest
from aws_cli import AwsCli
from conftest import KEYS, REGION, ROOT, Cloudctl, LocalAws, wait_for

MEMORYDB = "--enable-head-node-fault-tolerance"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


@dataclass
class Cloud:
    """A cloud in which rows put things, and which none of them may harm."""

    cloudctl: Cloudctl
    local_aws: LocalAws
    record: dict = field(default_factory=dict)

    def __post_init__(self):
        self.ec2, self.iam, self.efs = (self.local_aws.client(name) for name in ("ec2", "iam", "efs"))
        self.cloudctl.run("setup", "--name", "demo", "--region", REGION, "--skip-preflight", "--yes", MEMORYDB)
        self.record = self.cloudctl.record("demo")
        resources = self.record["resources"]
        self.vpc, [self.group] = resources["vpc_id"], resources["security_group_ids"]
        self.subnet, self.file_system = resources["subnet_ids"][0], resources["file_system_id"]
        self.subnets = resources["subnet_ids"]
        self.control_plane_role = resources["control_plane_role_arn"].rpartition("/")[2]
        self.node_role = resources["node_role_arn"].rpartition("/")[2]

    def other_vpc(self) -> str:
        return self.ec2.create_vpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]

    def plan(self, code: int) -> dict:
        found = json.loads(self.cloudctl.run("delete", "demo", "--plan", "-o", "json", code=code).stdout)
        schema = json.loads((ROOT / "docs/plan.schema.json").read_text())
        jsonschema.Draft202012Validator(schema).validate(found)
        return found

    def is_whole(self) -> bool:
        rows = self.local_aws.client("cloudformation").describe_stack_resources(StackName=self.record["stack_arn"])
        return {row["ResourceStatus"] for row in rows["StackResources"]} == {"CREATE_COMPLETE"}


@pytest.fixture(scope="module")
def cloud(server, tmp_path_factory):
    server.reset()
    return Cloud(Cloudctl(tmp_path_factory.mktemp("home"), server.url), server)


@pytest.fixture(scope="module")
def aws_cli(server, tmp_path_factory):
    made = AwsCli(tmp_path_factory.mktemp("aws-cli"), server.url, KEYS)
    yield made
    made.stop()


def instance(cloud, **more):
    [made] = cloud.ec2.run_instances(ImageId="ami-12345678", MinCount=1, MaxCount=1, SubnetId=cloud.subnet,
                                     SecurityGroupIds=[cloud.group], **more)["Instances"]
    return made["InstanceId"]


def launched(cloud):
    """As the control plane does."""
    tags = [{"Key": cloud.record["cloud_tag"], "Value": cloud.record["id"]}]
    return instance(cloud, TagSpecifications=[{"ResourceType": "instance", "Tags": tags}])


def stopped(cloud):
    made = instance(cloud)
    cloud.ec2.stop_instances(InstanceIds=[made])
    return made


def protected(cloud):
    """As the control plane launches it; somebody else has protected it since, so --clean leaves it."""
    made = launched(cloud)
    cloud.ec2.modify_instance_attribute(InstanceId=made, DisableApiTermination={"Value": True})
    return made


def balancer(cloud):
    [made] = cloud.local_aws.client("elbv2").create_load_balancer(
        Name="web", Subnets=cloud.subnets[:2], SecurityGroups=[cloud.group])["LoadBalancers"]
    return made["LoadBalancerArn"].partition(":loadbalancer/")[2]


def nat(cloud):
    address = cloud.ec2.allocate_address(Domain="vpc")["AllocationId"]
    made = cloud.ec2.create_nat_gateway(SubnetId=cloud.subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
    wait_for(lambda: cloud.ec2.describe_nat_gateways(NatGatewayIds=[made])["NatGateways"][0]["State"] == "available")
    return made


def endpoint(cloud):
    return cloud.ec2.create_vpc_endpoint(
        VpcId=cloud.vpc, ServiceName=f"com.amazonaws.{REGION}.sts", VpcEndpointType="Interface",
        SubnetIds=[cloud.subnet], SecurityGroupIds=[cloud.group])["VpcEndpoint"]["VpcEndpointId"]


def gateway_endpoint(cloud):
    return cloud.ec2.create_vpc_endpoint(VpcId=cloud.vpc, ServiceName=f"com.amazonaws.{REGION}.dynamodb",
                                         VpcEndpointType="Gateway")["VpcEndpoint"]["VpcEndpointId"]


def network_interface(cloud):
    return cloud.ec2.create_network_interface(SubnetId=cloud.subnet)["NetworkInterface"]["NetworkInterfaceId"]


def foreign_group(cloud):
    """In the same VPC, with rules that name the cloud's group."""
    made = cloud.ec2.create_security_group(GroupName="foreign", Description="-", VpcId=cloud.vpc)["GroupId"]
    cloud.ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": [{"GroupId": cloud.group}]}])
    return made


def rules_elsewhere(cloud):
    made = cloud.ec2.create_security_group(GroupName="peer", Description="-", VpcId=cloud.other_vpc())["GroupId"]
    pair = {"UserIdGroupPairs": [{"GroupId": cloud.group}]}
    cloud.ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 444, **pair}, {"IpProtocol": "-1", **pair},
        {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}])
    return made


def rule_out_elsewhere(cloud):
    made = cloud.ec2.create_security_group(GroupName="out", Description="-", VpcId=cloud.other_vpc())["GroupId"]
    cloud.ec2.authorize_security_group_egress(GroupId=made, IpPermissions=[
        {"IpProtocol": "udp", "FromPort": 53, "ToPort": 53, "UserIdGroupPairs": [{"GroupId": cloud.group}]}])
    return made


def address(cloud):
    interface = network_interface(cloud)
    made = cloud.ec2.allocate_address(Domain="vpc")["AllocationId"]
    cloud.ec2.associate_address(AllocationId=made, NetworkInterfaceId=interface)
    return made


def subnet(cloud):
    return cloud.ec2.create_subnet(VpcId=cloud.vpc, CidrBlock="10.0.250.0/24")["Subnet"]["SubnetId"]


def route_table(cloud):
    made = cloud.ec2.create_route_table(VpcId=cloud.vpc)["RouteTable"]["RouteTableId"]
    cloud.ec2.associate_route_table(RouteTableId=made, SubnetId=subnet(cloud))
    return made


def association(cloud):
    [table] = cloud.ec2.describe_route_tables(
        Filters=[{"Name": "vpc-id", "Values": [cloud.vpc]}, {"Name": "association.main", "Values": ["false"]},
                 {"Name": "tag:aws:cloudformation:logical-id", "Values": ["PublicRouteTable"]}])["RouteTables"]
    return cloud.ec2.associate_route_table(RouteTableId=table["RouteTableId"], SubnetId=subnet(cloud))["AssociationId"]


def network_acl(cloud):
    made = cloud.ec2.create_network_acl(VpcId=cloud.vpc)["NetworkAcl"]["NetworkAclId"]
    [default] = cloud.ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [cloud.vpc]},
                                                         {"Name": "default", "Values": ["true"]}])["NetworkAcls"]
    cloud.ec2.replace_network_acl_association(
        AssociationId=default["Associations"][0]["NetworkAclAssociationId"], NetworkAclId=made)
    return made


def reservation(cloud):
    base = cloud.ec2.describe_subnets(SubnetIds=[cloud.subnet])["Subnets"][0]["CidrBlock"].partition("/")[0]
    return cloud.ec2.create_subnet_cidr_reservation(
        SubnetId=cloud.subnet, Cidr=f"{base}/28", ReservationType="prefix")["SubnetCidrReservation"]["SubnetCidrReservationId"]


def peering(cloud):
    return cloud.ec2.create_vpc_peering_connection(
        VpcId=cloud.vpc, PeerVpcId=cloud.other_vpc())["VpcPeeringConnection"]["VpcPeeringConnectionId"]


def peered_by_others(cloud):
    return cloud.ec2.create_vpc_peering_connection(
        VpcId=cloud.other_vpc(), PeerVpcId=cloud.vpc)["VpcPeeringConnection"]["VpcPeeringConnectionId"]


def vpn_gateway(cloud):
    made = cloud.ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    cloud.ec2.attach_vpn_gateway(VpnGatewayId=made, VpcId=cloud.vpc)
    return made


def transit(cloud):
    gateway = cloud.ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    return cloud.ec2.create_transit_gateway_vpc_attachment(
        TransitGatewayId=gateway, VpcId=cloud.vpc,
        SubnetIds=[cloud.subnet])["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"]


def egress_only(cloud):
    return cloud.ec2.create_egress_only_internet_gateway(
        VpcId=cloud.vpc)["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"]


def mount_target(cloud):
    """Of another file system: of its own, EFS allows one a zone."""
    other = cloud.efs.create_file_system(CreationToken="other")["FileSystemId"]
    wait_for(lambda: cloud.efs.describe_file_systems(FileSystemId=other)["FileSystems"][0]["LifeCycleState"] == "available")
    return cloud.efs.create_mount_target(FileSystemId=other, SubnetId=cloud.subnet,
                                         SecurityGroups=[cloud.group])["MountTargetId"]


def attached_policy(cloud):
    cloud.iam.attach_role_policy(RoleName=cloud.node_role, PolicyArn=READ_ONLY)
    return READ_ONLY


def inline_policy(cloud):
    document = {"Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]}
    cloud.iam.put_role_policy(RoleName=cloud.node_role, PolicyName="by-hand", PolicyDocument=json.dumps(document))
    return "by-hand"


def instance_profile(cloud):
    cloud.iam.create_instance_profile(InstanceProfileName="extra")
    cloud.iam.add_role_to_instance_profile(InstanceProfileName="extra", RoleName=cloud.node_role)
    return "extra"


def control_plane_profile(cloud):
    cloud.iam.create_instance_profile(InstanceProfileName="of-control-plane")
    cloud.iam.add_role_to_instance_profile(InstanceProfileName="of-control-plane", RoleName=cloud.control_plane_role)
    return "of-control-plane"


def control_plane_policies(cloud):
    cloud.iam.attach_role_policy(RoleName=cloud.control_plane_role, PolicyArn=READ_ONLY)
    return READ_ONLY


# what makes it and returns its id: its kind, what it holds
ROWS = {
    instance: ("instance", ["Subnet 1", "Security group"]), launched: ("instance", ["Subnet 1", "Security group"]),
    stopped: ("instance", ["Subnet 1", "Security group"]), protected: ("instance", ["Subnet 1", "Security group"]),
    balancer: ("load balancer", ["Subnet 1", "Subnet 2", "Security group"]),
    nat: ("NAT gateway", ["Subnet 1", "Internet gateway attachment"]),
    endpoint: ("VPC endpoint", ["Subnet 1", "Security group", "VPC"]), gateway_endpoint: ("VPC endpoint", ["VPC"]),
    network_interface: ("network interface", ["Subnet 1"]),
    foreign_group: ("security group", ["VPC"]), rules_elsewhere: ("inbound rule of security group", ["Security group"]),
    rule_out_elsewhere: ("outbound rule of security group", ["Security group"]),
    address: ("elastic IP address", ["Internet gateway attachment"]), subnet: ("subnet", ["VPC"]),
    route_table: ("route table", ["VPC"]), association: ("route table association", ["Route table"]),
    network_acl: ("network ACL", ["VPC"]), reservation: ("CIDR reservation", ["Subnet 1"]),
    peering: ("VPC peering connection", ["VPC"]), peered_by_others: ("VPC peering connection", ["VPC"]),
    vpn_gateway: ("virtual private gateway", ["VPC"]), transit: ("transit gateway attachment", ["Subnet 1", "VPC"]),
    egress_only: ("egress-only internet gateway", ["VPC"]), mount_target: ("mount target", ["Subnet 1", "Security group"]),
    attached_policy: ("attached policy", ["Node role"]), inline_policy: ("inline policy", ["Node role"]),
    instance_profile: ("instance profile", ["Node role"]), control_plane_profile: ("instance profile", ["Control-plane role"]),
    control_plane_policies: ("attached policy", ["Control-plane role"]),
}


def clear(cloud, aws_cli):
    """Until nothing is in the way, do what is printed, as a user would."""
    for _ in range(4):
        rows = json.loads(cloud.cloudctl.run("delete", "demo", "--plan", "-o", "json", code=None).stdout)["blockers"]
        for row in rows:
            if "command" in row:
                done = aws_cli.bash(row["command"])
                assert done.returncode == 0, f"{row['command']}: {done.stderr}"
        if not rows:
            return
    assert not rows


@pytest.mark.parametrize("make", ROWS, ids=lambda make: make.__name__)
def test_it_is_named_before_anything_is_gone(cloud, aws_cli, make):
    kind, holds = ROWS[make]
    made = make(cloud)
    row = next(row for row in cloud.plan(4)["blockers"] if row["id"] == made)
    assert row["kind"] == kind and row["class"] == ("clean" if make is launched else "stops") and set(holds) <= set(row["holds"]), row
    assert row["tagged"] == (make in (launched, protected))
    assert ("protected against termination" in row.get("state", "")) == (make is protected)
    assert len([row for row in cloud.plan(4)["blockers"] if row["id"] == made]) == 1
    done = cloud.cloudctl.run("delete", "demo", "--yes", code=4)
    [line] = [line for line in done.stderr.splitlines() if f"In the way: {kind} {made}" in line]
    assert row["command"] in line and "nothing was deleted" in done.stderr
    assert cloud.is_whole() and cloud.cloudctl.record("demo")["state"] == "ready"
    clear(cloud, aws_cli)
    assert cloud.plan(1)["blockers"] == []


@pytest.mark.parametrize("more", [(), ("--clean",), ("--keep-file-system",)], ids=["plain", "clean", "keep"])
def test_somebody_else_is_changing_the_stack(cloudctl, local_aws, more):
    """It is named, and nothing is asked of CloudFormation; only waiting helps."""
    cloudctl.run("setup", "--name", "demo", "--region", REGION, "--skip-preflight", "--yes")
    record, cloudformation = cloudctl.record("demo"), local_aws.client("cloudformation")
    [stack] = cloudformation.describe_stacks(StackName=record["stack_arn"])["Stacks"]
    local_aws.control("POST", "settings", {"settle": 30})
    cloudformation.update_stack(
        StackName=record["stack_arn"], UsePreviousTemplate=True, Capabilities=["CAPABILITY_NAMED_IAM"],
        Parameters=[{"ParameterKey": row["ParameterKey"], "UsePreviousValue": True} for row in stack["Parameters"]
                    if row["ParameterKey"] != "EnableMemoryDB"] + [{"ParameterKey": "EnableMemoryDB", "ParameterValue": "true"}])
    local_aws.control("DELETE", "requests")
    done = cloudctl.run("delete", "demo", "--yes", *more, code=4)
    assert f"stack operation {record['stack_name']} (UPDATE_IN_PROGRESS)" in done.stderr
    changing = {row["action"] for row in local_aws.requests() if not row["action"].startswith(("Describe", "Get", "List", "Head"))}
    assert changing == set() and cloudctl.record("demo") == record
