# SPDX-License-Identifier: Apache-2.0
"""A customer's resources made one by one with boto3, and a cloud whose verdicts are looked at.

`Site` follows the documented requirements by hand, not the template, so that `verify` also judges what somebody else
made. `Verified` is a cloud in a registry of its own. Nothing here says what a verdict must be.
"""

from __future__ import annotations

import functools
import json

import jsonschema
import pytest
from conftest import ACCOUNT, CONTROL_PLANE, NOT_THE_CLOUDS, REGION, ROOT, Cloudctl

ANYWHERE = "0.0.0.0/0"
SCHEMA = json.loads((ROOT / "docs/verify.schema.json").read_text())
EXIT_CODES = {"PASS": 0, "WARN": 0, "FAIL": 1, "UNKNOWN": 3, "SKIP": 3}
READING = ("Describe", "Get", "List", "Head", "Simulate")
CORS = {"CORSRules": [{"AllowedOrigins": ["https://*.anyscale.com"], "AllowedHeaders": ["*"],
                       "AllowedMethods": ["GET", "PUT", "POST", "HEAD", "DELETE"],
                       "ExposeHeaders": ["Accept-Ranges", "Content-Range", "Content-Length"]}]}
BLOCKED = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}
LIFECYCLE = {"Rules": [
    {"ID": "uploads", "Filter": {"Prefix": ""}, "Status": "Enabled", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}},
    {"ID": "versions", "Filter": {"Prefix": ""}, "Status": "Enabled", "NoncurrentVersionExpiration": {"NoncurrentDays": 90}}]}
ECR_POLICY = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly"


def keep_versions(s3, bucket: str) -> None:
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=LIFECYCLE)


def policy(*statements: dict) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action, resource="*") -> dict:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def trust(principal: dict, **more) -> dict:
    return {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more}


def permission(protocol: str, low: int | None = None, high: int | None = None, **peer) -> list[dict]:
    """One security-group rule; peer is cidr=… or source=…, a group."""
    rule = {"IpProtocol": protocol}
    if low is not None:
        rule |= {"FromPort": low, "ToPort": high or low}
    if "cidr" in peer:
        return [rule | {"IpRanges": [{"CidrIp": peer["cidr"]}]}]
    return [rule | {"UserIdGroupPairs": [{"GroupId": peer["source"]}]}]


@functools.cache
def client_of(local_aws, service: str):
    """boto3 takes longer to make a client than to build a site."""
    return local_aws.client(service)


class Site:
    """What a customer brings to `register`: two zones, direct or private, with MemoryDB or not, a bucket with a key of
    its own or S3's."""

    def __init__(self, local_aws, *, private: bool = False, memorydb: bool = False, key: bool = False):
        self.local_aws = local_aws
        self.private = private
        names = ("ec2", "iam", "s3", "efs", "memorydb")
        self.ec2, self.iam, self.s3, self.efs, self.memorydb = (client_of(local_aws, name) for name in names)
        self._network()
        self._security_group()
        self.groups = [self.group]
        self._bucket("customer-data")
        self._roles()
        if key:
            self._key()
        self._file_system()
        self.cluster = None
        if memorydb:
            self._memorydb("customer")

    def add_subnet(self, zone: str, block: str, vpc: str | None = None) -> str:
        return self.ec2.create_subnet(VpcId=vpc or self.vpc, CidrBlock=block,
                                      AvailabilityZone=REGION + zone)["Subnet"]["SubnetId"]

    def add_public_subnet(self, zone: str, block: str) -> str:
        subnet = self.add_subnet(zone, block)
        self.ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})
        self.ec2.associate_route_table(RouteTableId=self.public_table, SubnetId=subnet)
        return subnet

    def add_vpc(self, block: str) -> str:
        return self.ec2.create_vpc(CidrBlock=block)["Vpc"]["VpcId"]

    def _network(self) -> None:
        ec2 = self.ec2
        self.vpc = self.add_vpc("10.8.0.0/16")
        ec2.modify_vpc_attribute(VpcId=self.vpc, EnableDnsHostnames={"Value": True})
        self.gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=self.gateway, VpcId=self.vpc)
        self.public_table = self._table()
        ec2.create_route(RouteTableId=self.public_table, DestinationCidrBlock=ANYWHERE, GatewayId=self.gateway)
        self.subnets = [self.add_public_subnet("a", "10.8.0.0/20"), self.add_public_subnet("b", "10.8.16.0/20")]
        self.tables = [self.public_table]
        if self.private:
            self._private_network()
        self.endpoint = ec2.create_vpc_endpoint(
            VpcId=self.vpc, VpcEndpointType="Gateway", ServiceName=f"com.amazonaws.{REGION}.s3",
            RouteTableIds=self.tables)["VpcEndpoint"]["VpcEndpointId"]
        found = ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [self.vpc]}])["NetworkAcls"]
        self.network_acl = found[0]["NetworkAclId"]

    def _private_network(self) -> None:
        """A private subnet in each zone, each with a NAT gateway of its own in the zone's public subnet."""
        public, self.subnets, self.tables, self.nats = self.subnets, [], [], []
        for number, below in enumerate(public):
            address = self.ec2.allocate_address(Domain="vpc")["AllocationId"]
            made = self.ec2.create_nat_gateway(SubnetId=below, AllocationId=address)["NatGateway"]
            self.nats.append(made["NatGatewayId"])
            self.subnets.append(self.add_subnet("ab"[number], f"10.8.{128 + 16 * number}.0/20"))
            self.tables.append(self._table())
            self.ec2.create_route(RouteTableId=self.tables[-1], DestinationCidrBlock=ANYWHERE,
                                  NatGatewayId=self.nats[-1])
            self.ec2.associate_route_table(RouteTableId=self.tables[-1], SubnetId=self.subnets[-1])

    def _table(self) -> str:
        return self.ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]

    def add_group(self, name: str, vpc: str | None = None) -> str:
        """A group that lets nothing in and everything out."""
        return self.ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc or self.vpc)["GroupId"]

    def let_in(self, *rule, group: str | None = None, **peer) -> None:
        self.ec2.authorize_security_group_ingress(GroupId=group or self.group, IpPermissions=permission(*rule, **peer))

    def shut_in(self, *rule, **peer) -> None:
        self.ec2.revoke_security_group_ingress(GroupId=self.group, IpPermissions=permission(*rule, **peer))

    def let_out(self, *rule, **peer) -> None:
        self.ec2.authorize_security_group_egress(GroupId=self.group, IpPermissions=permission(*rule, **peer))

    def shut_out(self, *rule, **peer) -> None:
        self.ec2.revoke_security_group_egress(GroupId=self.group, IpPermissions=permission(*rule, **peer))

    def _security_group(self) -> None:
        self.group = self.add_group("cluster")
        self.let_in("tcp", 443, cidr=ANYWHERE)
        self.let_in("-1", source=self.group)
        self.let_out("-1", source=self.group)

    def _bucket(self, name: str) -> None:
        self.bucket = name
        self.s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        self.s3.put_bucket_cors(Bucket=name, CORSConfiguration=CORS)
        self.s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=BLOCKED)
        keep_versions(self.s3, name)

    def _roles(self) -> None:
        """Broad statements, as customers write them; the node role reads ECR by AWS's own managed policy."""
        control_plane = self.iam.create_role(RoleName="control-plane", AssumeRolePolicyDocument=policy(
            trust({"AWS": f"arn:aws:iam::{CONTROL_PLANE}:root"})))["Role"]
        node = self.iam.create_role(RoleName="cluster-node", AssumeRolePolicyDocument=policy(
            trust({"Service": "ec2.amazonaws.com"})))["Role"]
        self.control_plane_arn, self.node_arn = control_plane["Arn"], node["Arn"]
        self.grant("control-plane", "everything", allow(
            ["ec2:*", "iam:*", "cloudformation:*", "elasticloadbalancing:*", "acm:*", "elasticfilesystem:*", "s3:*"]),
            *NOT_THE_CLOUDS)
        self.grant("cluster-node", "bucket", allow(
            "s3:*", [f"arn:aws:s3:::{self.bucket}", f"arn:aws:s3:::{self.bucket}/*"]))
        self.iam.attach_role_policy(RoleName="cluster-node", PolicyArn=ECR_POLICY)
        self.iam.create_instance_profile(InstanceProfileName="cluster-node")
        self.iam.add_role_to_instance_profile(InstanceProfileName="cluster-node", RoleName="cluster-node")

    def _key(self) -> None:
        """Its policy is the usual one, which leaves it to the account's IAM."""
        kms = client_of(self.local_aws, "kms")
        self.key = kms.create_key(Policy=policy({
            "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*",
        }))["KeyMetadata"]["Arn"]
        rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": self.key}}
        self.s3.put_bucket_encryption(Bucket=self.bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
        for role in ("control-plane", "cluster-node"):
            self.grant(role, "key", allow(["kms:GenerateDataKey", "kms:Decrypt"], self.key))

    def grant(self, role: str, name: str, *statements: dict) -> None:
        self.iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=policy(*statements))

    def set_trust(self, role: str, *statements: dict) -> None:
        self.iam.update_assume_role_policy(RoleName=role, PolicyDocument=policy(*statements))

    def _file_system(self) -> None:
        made = self.efs.create_file_system(CreationToken="customer", Encrypted=True, Backup=True)
        self.file_system = made["FileSystemId"]
        self.targets = [self.add_mount_target(subnet) for subnet in self.subnets]

    def _memorydb(self, name: str) -> None:
        self.memorydb.create_subnet_group(SubnetGroupName=name, SubnetIds=self.subnets)
        self.memorydb.create_parameter_group(ParameterGroupName=name, Family="memorydb_redis7")
        self.set_maxmemory("allkeys-lru", name)
        self.add_cluster(name)
        self.cluster = name

    def add_mount_target(self, subnet: str) -> str:
        return self.efs.create_mount_target(FileSystemId=self.file_system, SubnetId=subnet,
                                            SecurityGroups=[self.group])["MountTargetId"]

    def set_maxmemory(self, value: str, group: str = "customer") -> None:
        self.memorydb.update_parameter_group(ParameterGroupName=group, ParameterNameValues=[
            {"ParameterName": "maxmemory-policy", "ParameterValue": value}])

    def add_cluster(self, name: str, **changes) -> None:
        self.memorydb.create_cluster(**{
            "ClusterName": name, "NodeType": "db.t4g.small", "ACLName": "open-access", "NumReplicasPerShard": 1,
            "TLSEnabled": True, "ParameterGroupName": "customer", "SubnetGroupName": "customer",
            "SecurityGroupIds": [self.group], **changes})

    def arguments(self) -> list[str]:
        """The options of `register`."""
        words = ["--region", REGION, "--vpc-id", self.vpc, "--subnet-ids", ",".join(self.subnets), "--efs-id",
                 self.file_system, "--control-plane-role-arn", self.control_plane_arn, "--node-role-arn", self.node_arn,
                 "--security-group-ids", ",".join(self.groups), "--s3-bucket-id", self.bucket]
        words += ["--private-network"] if self.private else []
        return words + (["--memorydb-cluster-id", self.cluster] if self.cluster else [])


class Verified:
    """A cloud named `prod` in a registry of its own."""

    def __init__(self, cloudctl: Cloudctl, local_aws):
        self.cloudctl = cloudctl
        self.local_aws = local_aws

    def register(self, site: Site) -> Verified:
        self.cloudctl.run("register", "--name", "prod", *site.arguments(), "--skip-verifications", "--yes")
        return self

    def setup(self, *words: str) -> Verified:
        self.cloudctl.run("setup", "--name", "prod", "--region", REGION, *words, "--yes")
        return self

    def document(self, *words: str) -> dict:
        """`verify -o json`: valid, and of one mind with the exit code."""
        done = self.cloudctl.run("verify", "prod", *words, "-o", "json", code=None)
        document = json.loads(done.stdout)
        jsonschema.validate(document, SCHEMA)
        assert document["exit_code"] == done.returncode == EXIT_CODES[document["verdict"]], done.stderr
        return document

    def verdicts(self, *words: str) -> dict[str, str]:
        """What is not PASS, by check."""
        found = self.document(*words)["findings"]
        return {row["check"]: row["verdict"] for row in found if row["verdict"] != "PASS"}

    def asked(self, *words: str) -> list[dict]:
        """The requests that one run makes."""
        self.local_aws.control("DELETE", "requests")
        self.cloudctl.run("verify", "prod", *words, code=None)
        return self.local_aws.requests()


class Changes(list):
    """Single changes to a good site, as rows for a test; `@changes(expected, kind)` adds the function that makes one.

    first: made before the cloud is registered, because it is about what is recorded.
    """

    def __call__(self, expected: dict[str, str] | None = None, first: bool = False, **kind):
        def add(function):
            name = function.__name__.strip("_").replace("_", " ")
            self.append(pytest.param(kind, first, function, expected or {}, id=name))
            return function
        return add


def change_and_verify(folder, local_aws, kind: dict, first: bool, change) -> Verified:
    """A good cloud of the kind, with the change."""
    cloud = new_cloud(folder, local_aws)
    site = Site(local_aws, **kind)
    if first:
        change(site)
    cloud.register(site)
    if not first:
        change(site)
    return cloud


def new_cloud(folder, local_aws) -> Verified:
    """An empty server, and a registry without clouds."""
    local_aws.reset()
    return Verified(Cloudctl(folder, local_aws.url), local_aws)
