# SPDX-License-Identifier: Apache-2.0
"""What a drift of each type usually is: it is found, `--drift keep` leaves it, also where it restricts, and `--drift revert`
changes it back and says so before."""

import json

import pytest
from test_update import SETUP
from test_update_drift import Drifting

POLICY_ARN = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
NO_LISTING = {"Sid": "NoListing", "Effect": "Deny", "Principal": "*", "Action": "s3:ListBucket"}


class Types(Drifting):
    """The changes of boto3's, and what it then sees of each."""

    def __init__(self, cloudctl, local_aws):
        super().__init__(cloudctl, local_aws)
        self.efs, self.memorydb = local_aws.client("efs"), local_aws.client("memorydb")
        self.vpc, self.subnet, self.name = self.resources["vpc_id"], self.resources["subnet_ids"][0], self.resources["bucket"]
        self.file_system = self.physical_id("FileSystem")

    def inline(self) -> list[str]:
        return self.iam.list_role_policies(RoleName=self.node_role)["PolicyNames"]

    def statements(self) -> list[dict]:
        return json.loads(self.s3.get_bucket_policy(Bucket=self.name)["Policy"])["Statement"]

    def deny_listing(self):
        self.s3.put_bucket_policy(Bucket=self.name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [
            *self.statements(), NO_LISTING | {"Resource": f"arn:aws:s3:::{self.name}"}]}))

    def encrypt_otherwise(self):
        self.s3.put_bucket_encryption(Bucket=self.name, ServerSideEncryptionConfiguration={"Rules": [
            {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]})

    def encryption(self) -> str:
        [rule] = self.bucket("get_bucket_encryption")["ServerSideEncryptionConfiguration"]["Rules"]
        return rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"]

    def backups(self) -> str:
        return self.efs.describe_backup_policy(FileSystemId=self.file_system)["BackupPolicy"]["Status"]

    def dns(self) -> bool:
        return self.ec2.describe_vpc_attribute(VpcId=self.vpc, Attribute="enableDnsHostnames")["EnableDnsHostnames"]["Value"]

    def nodes(self) -> str:
        return self.memorydb.describe_clusters(ClusterName=self.physical_id("MemoryDBCluster"))["Clusters"][0]["NodeType"]

    def bound(self):
        own = self.iam.create_policy(PolicyName="bound", PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}))["Policy"]["Arn"]
        self.iam.put_role_permissions_boundary(RoleName=self.node_role, PermissionsBoundary=own)


# What it is: the change, whether it is there, and the resource and property that it is found at.
TYPES = {
    "rule of a security group": (Drifting.open_ssh, lambda cloud: any(port == 22 for port, _ in cloud.group_rules()),
                                 ("SecurityGroup", "SecurityGroupIngress")),
    "tag": (Drifting.tag_network, lambda cloud: "owner" in cloud.tags()[1], ("Vpc", "Tags.owner")),
    "inline policy": (Drifting.add_policy, lambda cloud: "own" in cloud.inline(), ("NodeRole", "Policies.own.Buckets")),
    "managed policy": (
        lambda cloud: cloud.iam.attach_role_policy(RoleName=cloud.node_role, PolicyArn=POLICY_ARN),
        lambda cloud: cloud.iam.list_attached_role_policies(RoleName=cloud.node_role)["AttachedPolicies"],
        ("NodeRole", "ManagedPolicyArns")),
    "boundary": (Types.bound, lambda cloud: "PermissionsBoundary" in cloud.role("node_role_arn"), ("NodeRole", "PermissionsBoundary")),
    "trust policy": (Drifting.trust_another, lambda cloud: "somebodys" in str(cloud.trust()),
                     ("ControlPlaneRole", "AssumeRolePolicyDocument.ControlPlane")),
    "attribute of a subnet": (
        lambda cloud: cloud.ec2.modify_subnet_attribute(SubnetId=cloud.subnet, MapPublicIpOnLaunch={"Value": False}),
        lambda cloud: not cloud.ec2.describe_subnets(SubnetIds=[cloud.subnet])["Subnets"][0]["MapPublicIpOnLaunch"],
        ("Subnet1", "MapPublicIpOnLaunch")),
    "DNS of the VPC": (lambda cloud: cloud.ec2.modify_vpc_attribute(VpcId=cloud.vpc, EnableDnsHostnames={"Value": False}),
                       lambda cloud: not cloud.dns(), ("Vpc", "EnableDnsHostnames")),
    "versions of the bucket": (Drifting.suspend_versions, lambda cloud: cloud.bucket("get_bucket_versioning")["Status"] == "Suspended",
                               ("Bucket", "VersioningConfiguration.Status")),
    "encryption of the bucket": (Types.encrypt_otherwise, lambda cloud: cloud.encryption() == "aws:kms",
                                 ("Bucket", "BucketEncryption.ServerSideEncryptionConfiguration")),
    "policy of the bucket": (Types.deny_listing, lambda cloud: any(one.get("Sid") == "NoListing" for one in cloud.statements()),
                             ("BucketPolicy", "PolicyDocument.NoListing")),
    "backup policy": (lambda cloud: cloud.efs.put_backup_policy(FileSystemId=cloud.file_system, BackupPolicy={"Status": "DISABLED"}),
                      lambda cloud: cloud.backups() in ("DISABLED", "DISABLING"), ("FileSystem", "BackupPolicy.Status")),
    "nodes of MemoryDB": (Drifting.change_nodes, lambda cloud: cloud.nodes() == "db.r6g.large", ("MemoryDBCluster", "NodeType")),
}


def test_every_type(cloudctl, local_aws):
    cloudctl.run(*SETUP, "--enable-head-node-fault-tolerance")
    cloud = Types(cloudctl, local_aws)
    assert {name for name, (_, is_there, _) in TYPES.items() if is_there(cloud)} == set()
    for change, _, _ in TYPES.values():
        change(cloud)
    rows = cloud.plan()["drift"]
    assert {(row["logical_id"], row["path"], row["class"]) for row in rows} == {(*place, "drift") for _, _, place in TYPES.values()}
    assert all(row["details"] for row in rows)
    cloudctl.run("update", "demo", "--yes", "--drift", "keep", "--node-cloudwatch", code=None)
    assert "cloudwatch" in cloud.policies("node_role_arn")
    assert {name for name, (_, is_there, _) in TYPES.items() if is_there(cloud)} == set(TYPES)
    planned = cloud.plan("--drift", "revert")
    assert {row["logical_id"] for row in planned["changes"] if row["details"]} == {place[0] for _, _, place in TYPES.values()}
    cloudctl.run("update", "demo", "--yes", "--drift", "revert")
    assert {name for name, (_, is_there, _) in TYPES.items() if is_there(cloud)} == set() and cloud.plan(code=0)["drift"] == []


def narrow(cloud, role: str, change) -> str:
    """A statement of a template's policy that the option is about to write again, changed; the Sid."""
    name = cloud.role(role)["RoleName"]
    for policy in cloud.iam.list_role_policies(RoleName=name)["PolicyNames"]:
        document = cloud.iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
        others = [one for one in document["Statement"] if "aws:RequestTag" not in json.dumps(one)]
        if others and others != document["Statement"]:
            sid = change(document["Statement"], others[0])
            cloud.iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=json.dumps(document))
            return sid
    raise AssertionError("no such policy")


def one_region(statements: list, one: dict) -> str:
    one["Condition"] = {**one.get("Condition", {}), "StringLike": {"aws:RequestedRegion": "us-west-2"}}
    return one["Sid"]


def one_resource(statements: list, one: dict) -> str:
    one["Resource"] = "arn:aws:ec2:us-west-2:123456789012:instance/i-0123456789abcdef0"
    return one["Sid"]


def deny(statements: list, one: dict) -> str:
    statements.append({"Sid": "NoBigOnes", "Effect": "Deny", "Action": "ec2:RunInstances", "Resource": "*",
                       "Condition": {"StringLike": {"ec2:InstanceType": "p5.*"}}})
    return "NoBigOnes"


@pytest.mark.parametrize("change", [one_region, one_resource, deny])
def test_a_restriction_is_never_lifted_silently(cloudctl, local_aws, change):
    """Not where the update writes the same policy again, and with `revert` only after it was shown."""
    cloudctl.run(*SETUP)
    cloud = Drifting(cloudctl, local_aws)
    sid = narrow(cloud, "control_plane_role_arn", change)
    before, again = cloud.policies("control_plane_role_arn"), ("update", "demo", "--yes", "--cloud-tag", "team/cloud")
    for words in ((), ("--drift", "keep")):
        done = cloudctl.run(*again, *words, code=1)
        assert sid in done.stderr and "the update writes the whole policy again" in " ".join(done.stderr.split())
    cloudctl.run("update", "demo", "--yes", "--drift", "keep", "--ssh-cidr", "203.0.113.0/24", code=None)
    assert cloud.policies("control_plane_role_arn") == before
    [row] = [one for one in cloud.plan("--drift", "revert")["changes"] if one["logical_id"] == "ControlPlaneRole"]
    assert any(sid in line for line in row["details"])
    cloudctl.run(*again, "--drift", "revert")
    assert cloud.plan(code=0)["drift"] == []
