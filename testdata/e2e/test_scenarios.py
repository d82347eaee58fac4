# SPDX-License-Identifier: Apache-2.0
"""Clouds as people have them, made with boto3: what is true of each, the verdict of `verify` and its exit code.

The truth stands first and in words, so that it can be judged without the program: BROKEN means that no cluster starts, or
that a documented requirement is not met; WEAK means that clusters run, but something that the documents advise is missing
or somebody is let in who need not be; WORKS means neither. Most rows are what other tools decide by looking at names,
at one rule or at one list of strings.
"""

import ipaddress
import json

import pytest
from conftest import CONTROL_PLANE, NOT_THE_CLOUDS
from verify_support import ANYWHERE, BLOCKED, CORS, allow, change_and_verify, policy, trust

BROKEN, WEAK, WORKS = ("FAIL", 1), ("WARN", 0), ("PASS", 0)
ROOT_OF_CONTROL_PLANE = f"arn:aws:iam::{CONTROL_PLANE}:root"
scenarios = []


def scenario(truth, words: str, *checks: str, first: bool = False, **kind):
    """checks: those that must say so, and no other may be worse than PASS."""
    def add(function):
        scenarios.append(pytest.param(truth, checks, kind, first, function, id=words))
        return function
    return add


# What is right, each in its own way

@scenario(WORKS, "a direct cloud made by hand")
@scenario(WORKS, "a private cloud made by hand", private=True)
@scenario(WORKS, "a cloud with MemoryDB", memorydb=True)
@scenario(WORKS, "a bucket with a key of the customer", key=True)
@scenario(WORKS, "a private cloud with MemoryDB and a key", private=True, memorydb=True, key=True)
def as_it_is(_site):
    pass


# VPC and subnets

def move_default_route(site, table: str, **target):
    site.ec2.replace_route(RouteTableId=table, DestinationCidrBlock=ANYWHERE, **target)


@scenario(BROKEN, "a VPC without an internet gateway", "subnets.route")
def vpc_without_internet_gateway(site):
    site.ec2.delete_route(RouteTableId=site.public_table, DestinationCidrBlock=ANYWHERE)
    site.ec2.detach_internet_gateway(InternetGatewayId=site.gateway, VpcId=site.vpc)


@scenario(BROKEN, "private subnets whose NAT gateway was deleted", "subnets.route", private=True)
def nat_gateway_deleted(site):
    for nat in site.nats:
        site.ec2.delete_nat_gateway(NatGatewayId=nat)


@scenario(BROKEN, "a private cloud whose subnets lead to the internet gateway", "subnets.route", private=True)
def private_subnets_to_the_internet_gateway(site):
    for table in site.tables:
        move_default_route(site, table, GatewayId=site.gateway)


@scenario(WORKS, "private subnets that share one NAT gateway", private=True)
def one_nat_gateway(site):
    move_default_route(site, site.tables[1], NatGatewayId=site.nats[0])


@scenario(WEAK, "instances in a direct cloud get no public address", "subnets.public-ip")
def no_public_addresses(site):
    for subnet in site.subnets:
        site.ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": False})


@scenario(BROKEN, "one subnet only", "subnets.count", "subnets.zones", first=True)
def one_subnet(site):
    site.subnets = site.subnets[:1]


@scenario(BROKEN, "two public subnets in one zone", "subnets.public-zones", "subnets.zones", first=True)
def both_subnets_in_one_zone(site):
    site.subnets[1] = site.add_public_subnet("a", "10.8.32.0/20")


@scenario(BROKEN, "a VPC that resolves no names", "vpc.dns")
def no_dns(site):
    site.ec2.modify_vpc_attribute(VpcId=site.vpc, EnableDnsSupport={"Value": False})


@scenario(WEAK, "S3 through the NAT gateway, which costs by the gigabyte", "vpc.s3-endpoint", private=True)
def no_s3_endpoint(site):
    site.ec2.delete_vpc_endpoints(VpcEndpointIds=[site.endpoint])


def deny(site, egress: bool, low: int, high: int, block: str = ANYWHERE):
    site.ec2.create_network_acl_entry(
        NetworkAclId=site.network_acl, RuleNumber=10, Protocol="6", RuleAction="deny", Egress=egress,
        CidrBlock=block, PortRange={"From": low, "To": high})


@scenario(BROKEN, "a network ACL that lets no answers in", "subnets.network-acl")
def acl_without_answers(site):
    deny(site, False, 32768, 60999)


@scenario(BROKEN, "a network ACL that keeps HTTPS in", "subnets.network-acl")
def acl_without_https(site):
    deny(site, True, 443, 443)


@scenario(WORKS, "a network ACL that denies mail to half of the world", private=True)
def acl_without_mail(site):
    deny(site, True, 25, 25, "128.0.0.0/1")


# Security groups

def only(site, *rules):
    """The group lets in what its members send each other, and these."""
    site.shut_in("tcp", 443, cidr=ANYWHERE)
    for *rule, cidr in rules:
        site.let_in(*rule, cidr=cidr)


@scenario(BROKEN, "443 over UDP", "security-groups.https", "security-groups.open-ports")
def https_over_udp(site):
    only(site, ("udp", 443, ANYWHERE))


@scenario(BROKEN, "443 from this machine alone", "security-groups.https")
def https_from_loopback(site):
    only(site, ("tcp", 443, "127.0.0.1/32"))


@scenario(BROKEN, "443 from the VPC alone, in a direct cloud", "security-groups.https")
def https_from_the_vpc(site):
    only(site, ("tcp", 443, "10.8.0.0/16"))


@scenario(WORKS, "443 within a range of ports, from one office")
def https_in_a_range(site):
    only(site, ("tcp", 440, 450, "198.51.100.0/24"))


@scenario(WEAK, "every port open to the world", "security-groups.ssh", "security-groups.open-ports")
def everything_open(site):
    site.let_in("-1", cidr=ANYWHERE)


@scenario(WEAK, "SSH open to the world", "security-groups.ssh")
def ssh_open(site):
    site.let_in("tcp", 22, cidr=ANYWHERE)


@scenario(WORKS, "SSH from one office")
def ssh_from_the_office(site):
    site.let_in("tcp", 22, cidr="198.51.100.0/24")


@scenario(BROKEN, "nodes that may not speak to each other", "security-groups.self-in", "efs.security-group")
def no_rule_of_its_own(site):
    site.shut_in("-1", source=site.group)


@scenario(WEAK, "two groups of which one lets in the other alone: only while every node has both", "security-groups.self-in",
          first=True)
def one_way_groups(site):
    other = site.add_group("workers")
    site.let_in("-1", source=site.group, group=other)
    site.shut_in("-1", source=site.group)
    site.let_in("tcp", 2049, source=site.group)
    site.groups.append(other)


@scenario(BROKEN, "no traffic out", "security-groups.egress")
def no_egress(site):
    site.shut_out("-1", cidr=ANYWHERE)


@scenario(BROKEN, "traffic out within the VPC alone", "security-groups.egress")
def egress_to_the_vpc(site):
    site.shut_out("-1", cidr=ANYWHERE)
    site.let_out("-1", cidr="10.8.0.0/16")


@scenario(BROKEN, "a group of another VPC", "security-groups.vpc", first=True)
def group_of_another_vpc(site):
    site.groups.append(site.add_group("elsewhere", site.add_vpc("10.9.0.0/16")))


# Roles

def trusted(site, *statements):
    """The control-plane role's trust, with the external id that register demanded."""
    found = site.iam.get_role(RoleName="control-plane")["Role"]["AssumeRolePolicyDocument"]["Statement"]
    site.set_trust("control-plane", *[made(found[0]["Condition"]) for made in statements])


@scenario(BROKEN, "a trust without an external id", "iam.control-plane.external-id")
def no_external_id(site):
    trusted(site, lambda _: trust({"AWS": ROOT_OF_CONTROL_PLANE}))


@scenario(BROKEN, "a second statement lets in everybody without the external id", "iam.control-plane.external-id")
def second_statement(site):
    trusted(site, lambda condition: trust({"AWS": ROOT_OF_CONTROL_PLANE}, Condition=condition),
            lambda _: trust({"AWS": CONTROL_PLANE}))


@scenario(BROKEN, "another external id is let in as well", "iam.control-plane.external-id")
def another_external_id(site):
    trusted(site, lambda condition: trust({"AWS": ROOT_OF_CONTROL_PLANE}, Condition=condition),
            lambda _: trust({"AWS": ROOT_OF_CONTROL_PLANE},
                            Condition={"StringEquals": {"sts:ExternalId": "of-somebody-else"}}))


@scenario(WORKS, "the action as a list, the principal as a number")
def trust_in_other_words(site):
    trusted(site, lambda condition: {**trust({"AWS": CONTROL_PLANE}, Condition=condition), "Action": ["sts:AssumeRole"]})


@scenario(BROKEN, "a trust for another account", "iam.control-plane.trust")
def trust_of_a_stranger(site):
    trusted(site, lambda condition: trust({"AWS": "arn:aws:iam::999999999999:root"}, Condition=condition))


@scenario(BROKEN, "an explicit Deny of RunInstances", "iam.control-plane.clusters")
def deny_run_instances(site):
    site.grant("control-plane", "deny", {"Effect": "Deny", "Action": "ec2:RunInstances", "Resource": "*"})


@scenario(WORKS, "actions by wildcards and by NotAction")
def not_action(site):
    site.grant("control-plane", "everything", {"Effect": "Allow", "NotAction": ["organizations:*", "account:*"],
                                               "Resource": "*"}, *NOT_THE_CLOUDS)


@scenario(WEAK, "a control-plane role that may change any stack, and so act as any stack's role",
          "iam.control-plane.reach")
def any_stack(site):
    site.grant("control-plane", "everything", {"Effect": "Allow", "NotAction": ["organizations:*", "account:*"],
                                               "Resource": "*"})


@scenario(BROKEN, "launching allowed only for instances that carry a tag already", "iam.control-plane.clusters",
          "iam.control-plane.services", "iam.control-plane.reach")
def only_tagged(site):
    site.grant("control-plane", "everything", allow(
        ["iam:*", "cloudformation:*", "elasticloadbalancing:*", "acm:*", "elasticfilesystem:*", "s3:*"]), {
            **allow("ec2:*"), "Condition": {"StringEquals": {"ec2:ResourceTag/team": "ray"}}})


@scenario(BROKEN, "a permissions boundary that leaves S3 alone", "iam.control-plane.clusters",
          "iam.control-plane.pass-role", "iam.control-plane.services", "iam.control-plane.spot")
def boundary(site):
    made = site.iam.create_policy(PolicyName="boundary", PolicyDocument=policy(allow("s3:*")))["Policy"]["Arn"]
    site.iam.put_role_permissions_boundary(RoleName="control-plane", PermissionsBoundary=made)


@scenario(BROKEN, "a node role for Lambda", "iam.node.trust")
def node_role_for_lambda(site):
    site.set_trust("cluster-node", trust({"Service": "lambda.amazonaws.com"}))


@scenario(WORKS, "a node role for EC2 and for others, in a list")
def node_role_for_more(site):
    site.set_trust("cluster-node", {**trust({"Service": ["lambda.amazonaws.com", "ec2.amazonaws.com"]}),
                                    "Action": ["sts:AssumeRole", "sts:TagSession"]})


@scenario(BROKEN, "no instance profile of the node role's name", "iam.node.instance-profile")
def no_instance_profile(site):
    site.iam.remove_role_from_instance_profile(InstanceProfileName="cluster-node", RoleName="cluster-node")
    site.iam.delete_instance_profile(InstanceProfileName="cluster-node")


@scenario(WORKS, "images by an own policy in place of the managed one")
def own_image_policy(site):
    site.iam.detach_role_policy(RoleName="cluster-node", PolicyArn="arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly")
    site.grant("cluster-node", "images", allow(["ecr:Get*", "ecr:BatchGet*", "ecr:BatchCheckLayerAvailability",
                                                "ecr:Describe*", "ecr:List*"]))


# Bucket

def objects_of(site) -> list[str]:
    return [f"arn:aws:s3:::{site.bucket}", f"arn:aws:s3:::{site.bucket}/*"]


@scenario(BROKEN, "a bucket policy that denies everybody", "s3.access.control-plane", "s3.access.node")
def bucket_denies(site):
    site.s3.put_bucket_policy(Bucket=site.bucket, Policy=policy(
        {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": objects_of(site)}))


@scenario(WORKS, "a bucket policy that denies plain HTTP")
def bucket_demands_tls(site):
    site.s3.put_bucket_policy(Bucket=site.bucket, Policy=policy(
        {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": objects_of(site),
         "Condition": {"Bool": {"aws:SecureTransport": "false"}}}))


@scenario(WORKS, "a node role whose rights are spread over the bucket's policy and its own")
def split_grants(site):
    site.grant("cluster-node", "bucket", allow(["s3:GetObject", "s3:ListBucket"], objects_of(site)))
    site.s3.put_bucket_policy(Bucket=site.bucket, Policy=policy(
        {**allow(["s3:PutObject", "s3:DeleteObject"], objects_of(site)[1]), "Principal": {"AWS": site.node_arn}}))


@scenario(BROKEN, "a node role that may read and not write", "s3.access.node")
def node_reads_only(site):
    site.grant("cluster-node", "bucket", allow(["s3:Get*", "s3:List*"], objects_of(site)))


@scenario(BROKEN, "a key that the node role may not use", "s3.kms", key=True)
def key_without_the_node_role(site):
    site.iam.delete_role_policy(RoleName="cluster-node", PolicyName="key")


@scenario(WEAK, "no CORS rules", "s3.cors")
def no_cors(site):
    site.s3.delete_bucket_cors(Bucket=site.bucket)


@scenario(WORKS, "the rule for the console is not the last one")
def cors_rule_first(site):
    other = {"AllowedOrigins": ["https://intranet.example.com"], "AllowedMethods": ["GET"]}
    site.s3.put_bucket_cors(Bucket=site.bucket, CORSConfiguration={"CORSRules": [*CORS["CORSRules"], other]})


@scenario(WEAK, "a bucket that may be made public", "s3.public-access")
def public_access(site):
    site.s3.put_public_access_block(Bucket=site.bucket, PublicAccessBlockConfiguration={
        **BLOCKED, "BlockPublicPolicy": False})


@scenario(WEAK, "a bucket without versioning or lifecycle", "s3.versioning", "s3.lifecycle")
def bucket_as_it_was_made(site):
    """Versioning that was on cannot be switched off again, so it is suspended."""
    site.s3.put_bucket_versioning(Bucket=site.bucket, VersioningConfiguration={"Status": "Suspended"})
    site.s3.delete_bucket_lifecycle(Bucket=site.bucket)


# File system

@scenario(BROKEN, "a file system without mount targets", "efs.mount-targets")
def no_mount_targets(site):
    for target in site.targets:
        site.efs.delete_mount_target(MountTargetId=target)


def guard_targets(site, *rule, **peer):
    group = site.add_group("nfs")
    if rule:
        site.let_in(*rule, group=group, **peer)
    for target in site.targets:
        site.efs.modify_mount_target_security_groups(MountTargetId=target, SecurityGroups=[group])


@scenario(BROKEN, "mount targets that let nobody in", "efs.security-group")
def closed_targets(site):
    guard_targets(site)


@scenario(WORKS, "mount targets with a group of their own that lets NFS in")
def own_group_for_nfs(site):
    guard_targets(site, "tcp", 2049, source=site.group)


@scenario(BROKEN, "mount targets that let in a quarter of the subnets' addresses", "efs.security-group")
def nfs_for_few(site):
    first = next(ipaddress.ip_network("10.8.0.0/20").subnets(new_prefix=22))
    guard_targets(site, "tcp", 2049, cidr=str(first))


def restrict_file_system(site, *actions: str):
    site.efs.put_file_system_policy(FileSystemId=site.file_system, BypassPolicyLockoutSafetyCheck=True, Policy=policy({
        "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": [f"elasticfilesystem:Client{name}" for name in actions],
        "Condition": {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}}}))


@scenario(BROKEN, "a file-system policy under which nobody may write", "efs.policy")
def file_system_read_only(site):
    restrict_file_system(site, "Mount", "RootAccess")


@scenario(WEAK, "a file-system policy without root access", "efs.policy")
def file_system_without_root(site):
    restrict_file_system(site, "Mount", "Write")


@scenario(WORKS, "a file-system policy in wildcards")
def file_system_wildcard(site):
    restrict_file_system(site, "*")


@scenario(WEAK, "no backups", "efs.backup")
def no_backup(site):
    site.efs.put_backup_policy(FileSystemId=site.file_system, BackupPolicy={"Status": "DISABLED"})


# MemoryDB

def cluster(site, **members):
    site.add_cluster("other", **members)
    site.cluster = "other"


@scenario(BROKEN, "MemoryDB without TLS", "memorydb.tls", memorydb=True, first=True)
def memorydb_without_tls(site):
    cluster(site, TLSEnabled=False)


@scenario(BROKEN, "MemoryDB without replicas", "memorydb.replicas", memorydb=True, first=True)
def memorydb_without_replicas(site):
    cluster(site, NumReplicasPerShard=0)


@scenario(BROKEN, "MemoryDB that refuses writes when it is full", "memorydb.maxmemory-policy", memorydb=True)
def memorydb_without_eviction(site):
    site.set_maxmemory("noeviction")


@scenario(BROKEN, "MemoryDB whose group lets the nodes in on another port", "memorydb.security-group", memorydb=True)
def memorydb_on_another_port(site):
    group = site.add_group("memorydb")
    site.let_in("tcp", 6380, source=site.group, group=group)
    site.memorydb.update_cluster(ClusterName="customer", SecurityGroupIds=[group])


@scenario(WORKS, "MemoryDB with a group of its own that is not the first", memorydb=True)
def memorydb_with_two_groups(site):
    group = site.add_group("empty")
    site.memorydb.update_cluster(ClusterName="customer", SecurityGroupIds=[group, site.group])


@pytest.mark.parametrize("truth, checks, kind, first, change", scenarios)
def test_scenario(server, tmp_path, truth, checks, kind, first, change):
    verdict, code = truth
    cloud = change_and_verify(tmp_path, server, kind, first, change)
    document = cloud.document()
    bad = {row["check"]: row["verdict"] for row in document["findings"] if row["verdict"] not in ("PASS", "SKIP")}
    assert (document["verdict"], document["exit_code"]) == (verdict, code), bad
    assert set(bad) == set(checks), json.dumps(bad)


def test_there_are_as_many_as_promised():
    truths = [row.values[0] for row in scenarios]
    assert len(truths) >= 60 and min(truths.count(truth) for truth in (BROKEN, WEAK, WORKS)) >= 9
