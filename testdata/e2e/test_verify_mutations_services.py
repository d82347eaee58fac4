# SPDX-License-Identifier: Apache-2.0
"""Single changes to the roles, bucket, file system, MemoryDB, stack and account of a good cloud, made with boto3:
exactly the verdicts that must differ from PASS.

Checks of what the roles may do are expected only of a program whose catalogue has them.
"""

import json

import pytest
from conftest import ACCOUNT, CONTROL_PLANE, OTHER_KEYS, wait_for
from verify_support import (CORS, ECR_POLICY, LIFECYCLE, Changes, Site, allow, change_and_verify, keep_versions, new_cloud,
                            policy, trust)

STRANGER = "arn:aws:iam::999999999999:root"
ROOT_OF_CONTROL_PLANE = f"arn:aws:iam::{CONTROL_PLANE}:root"
MAY = ("iam.control-plane.clusters", "iam.control-plane.pass-role", "iam.control-plane.services",
       "iam.control-plane.spot", "iam.control-plane.tag", "iam.control-plane.reach", "iam.node.ecr", "s3.access.control-plane", "s3.access.node", "s3.kms")
changes = Changes()


def skip(*checks: str) -> dict[str, str]:
    return dict.fromkeys(checks, "SKIP")


# control-plane role

def external_id(site) -> dict:
    """The condition that `register` wrote."""
    [statement] = site.iam.get_role(RoleName="control-plane")["Role"]["AssumeRolePolicyDocument"]["Statement"]
    return statement["Condition"]


@changes({"iam.control-plane.external-id": "FAIL"})
def external_id_taken_out(site):
    site.set_trust("control-plane", trust({"AWS": ROOT_OF_CONTROL_PLANE}))


@changes({"iam.control-plane.external-id": "FAIL"})
def second_statement_without_the_external_id(site):
    site.set_trust("control-plane", trust({"AWS": CONTROL_PLANE}, Condition=external_id(site)),
                   trust({"AWS": ROOT_OF_CONTROL_PLANE}))


@changes({"iam.control-plane.trust": "FAIL", "iam.control-plane.external-id": "SKIP"})
def another_account_trusted(site):
    site.set_trust("control-plane", trust({"AWS": STRANGER}, Condition=external_id(site)))


@changes({"iam.control-plane.trust": "FAIL", "iam.control-plane.external-id": "SKIP"})
def trust_denied(site):
    site.set_trust("control-plane", trust({"AWS": ROOT_OF_CONTROL_PLANE}, Condition=external_id(site)),
                   {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"})


@changes()
def trust_denied_to_another_account(site):
    site.set_trust("control-plane", trust({"AWS": ROOT_OF_CONTROL_PLANE}, Condition=external_id(site)),
                   {"Effect": "Deny", "Principal": {"AWS": STRANGER}, "Action": "sts:AssumeRole"})


@changes({"iam.control-plane.exists": "FAIL", **skip(
    "iam.control-plane.trust", "iam.control-plane.external-id", "iam.control-plane.clusters",
    "iam.control-plane.pass-role", "iam.control-plane.services", "iam.control-plane.spot", "iam.control-plane.tag",
    "iam.control-plane.reach", "s3.access.control-plane", "s3.kms", "account.ebs-key")})
def control_plane_role_deleted(site):
    site.iam.delete_role_policy(RoleName="control-plane", PolicyName="everything")
    site.iam.delete_role(RoleName="control-plane")


@changes({"iam.control-plane.clusters": "FAIL"})
def may_not_run_instances(site):
    site.grant("control-plane", "no-launch", {"Effect": "Deny", "Action": "ec2:RunInst*", "Resource": "*"})


@changes({"iam.control-plane.pass-role": "FAIL"})
def may_not_pass_the_node_role(site):
    site.grant("control-plane", "no-pass", {"Effect": "Deny", "Action": "iam:PassRole", "Resource": site.node_arn})


@changes()
def may_not_pass_another_role(site):
    site.grant("control-plane", "no-pass", {
        "Effect": "Deny", "Action": "iam:PassRole", "Resource": site.control_plane_arn})


@changes({"iam.control-plane.services": "WARN"})
def may_not_make_load_balancers(site):
    site.grant("control-plane", "no-balancer", {
        "Effect": "Deny", "Action": "elasticloadbalancing:CreateLoadBalancer", "Resource": "*"})


# node role

@changes({"iam.node.trust": "FAIL"})
def node_role_for_lambda(site):
    site.set_trust("cluster-node", trust({"Service": "lambda.amazonaws.com"}))


@changes({"iam.node.trust": "FAIL"})
def node_role_denies_ec2(site):
    site.set_trust("cluster-node", trust({"Service": "ec2.amazonaws.com"}),
                   {"Effect": "Deny", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"})


@changes({"iam.node.instance-profile": "FAIL"})
def instance_profile_emptied(site):
    site.iam.remove_role_from_instance_profile(InstanceProfileName="cluster-node", RoleName="cluster-node")


@changes({"iam.node.instance-profile": "FAIL"})
def instance_profile_of_another_name(site):
    instance_profile_emptied(site)
    site.iam.create_instance_profile(InstanceProfileName="another")
    site.iam.add_role_to_instance_profile(InstanceProfileName="another", RoleName="cluster-node")


@changes({"iam.node.exists": "FAIL", **skip(
    "iam.node.trust", "iam.node.instance-profile", "iam.control-plane.pass-role", "iam.node.ecr", "s3.access.node",
    "s3.kms")})
def node_role_deleted(site):
    instance_profile_emptied(site)
    site.iam.detach_role_policy(RoleName="cluster-node", PolicyArn=ECR_POLICY)
    site.iam.delete_role_policy(RoleName="cluster-node", PolicyName="bucket")
    site.iam.delete_role(RoleName="cluster-node")


@changes({"iam.node.ecr": "WARN"})
def no_images(site):
    site.iam.detach_role_policy(RoleName="cluster-node", PolicyArn=ECR_POLICY)


@changes({"s3.access.node": "FAIL"})
def objects_without_their_bucket(site):
    site.grant("cluster-node", "bucket", allow("s3:*", f"arn:aws:s3:::{site.bucket}/*"))


# bucket

@changes({"s3.kms": "FAIL"}, key=True)
def key_denied_to_the_node_role(site):
    site.grant("cluster-node", "no-key", {"Effect": "Deny", "Action": "kms:Decrypt", "Resource": "*"})


@changes({"s3.kms": "FAIL"}, key=True)
def key_disabled(site):
    site.local_aws.client("kms").disable_key(KeyId=site.key.split("/")[1])


@changes({"s3.kms": "FAIL"}, key=True)
def key_about_to_be_deleted(site):
    site.local_aws.client("kms").schedule_key_deletion(KeyId=site.key.split("/")[1])


def encrypt_with(site, key: str):
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    site.s3.put_bucket_encryption(Bucket=site.bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})


@changes(key=True)
def key_by_its_alias(site):
    site.local_aws.client("kms").create_alias(AliasName="alias/ray", TargetKeyId=site.key)
    encrypt_with(site, "alias/ray")


@changes({"s3.kms": "FAIL"}, key=True)
def key_that_is_not_there(site):
    encrypt_with(site, "arn:aws:kms:us-west-2:123456789012:key/00000000-0000-0000-0000-000000000000")


def let_through(site, *statements: dict):
    site.ec2.modify_vpc_endpoint(VpcEndpointId=site.endpoint, PolicyDocument=policy(*[
        {"Effect": "Allow", "Principal": "*", **statement} for statement in statements]))


@changes({"vpc.s3-endpoint": "WARN"})
def endpoint_for_the_bucket_alone(site):
    let_through(site, {"Action": "s3:*", "Resource": [f"arn:aws:s3:::{site.bucket}", f"arn:aws:s3:::{site.bucket}/*"]})


@changes({"s3.access.node": "FAIL"})
def endpoint_for_reading(site):
    let_through(site, {"Action": ["s3:Get*", "s3:List*"], "Resource": "*"})


def insist_on(site, **condition):
    site.s3.put_bucket_policy(Bucket=site.bucket, Policy=policy({
        "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Condition": {"StringNotEquals": condition},
        "Resource": [f"arn:aws:s3:::{site.bucket}", f"arn:aws:s3:::{site.bucket}/*"]}))


@changes({"s3.access.control-plane": "WARN"})
def bucket_insists_on_the_endpoint(site):
    insist_on(site, **{"aws:SourceVpce": site.endpoint})


@changes({"s3.access.control-plane": "WARN", "s3.access.node": "FAIL"})
def bucket_insists_on_another_endpoint(site):
    insist_on(site, **{"aws:SourceVpce": "vpce-0123456789abcdef0"})


@changes({"s3.kms": "FAIL"}, key=True)
def key_not_allowed_to_the_control_plane_role(site):
    site.iam.delete_role_policy(RoleName="control-plane", PolicyName="key")


@changes({"s3.cors": "WARN"})
def no_cross_origin_rules(site):
    site.s3.delete_bucket_cors(Bucket=site.bucket)


@changes({"s3.cors": "WARN"})
def console_may_not_delete(site):
    rule = {**CORS["CORSRules"][0], "AllowedMethods": ["GET", "PUT", "POST", "HEAD"]}
    site.s3.put_bucket_cors(Bucket=site.bucket, CORSConfiguration={"CORSRules": [rule]})


@changes()
def anybody_may_read_logs(site):
    rule = {**CORS["CORSRules"][0], "AllowedOrigins": ["*"]}
    site.s3.put_bucket_cors(Bucket=site.bucket, CORSConfiguration={"CORSRules": [rule]})


@changes({"s3.public-access": "WARN"})
def public_access_block_deleted(site):
    site.s3.delete_public_access_block(Bucket=site.bucket)


@changes({"s3.public-access": "WARN"})
def public_policies_not_blocked(site):
    site.s3.put_public_access_block(Bucket=site.bucket, PublicAccessBlockConfiguration={
        "BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": False, "RestrictPublicBuckets": True})


@changes({"s3.versioning": "WARN"})
def versioning_suspended(site):
    site.s3.put_bucket_versioning(Bucket=site.bucket, VersioningConfiguration={"Status": "Suspended"})


@changes({"s3.lifecycle": "WARN"})
def no_lifecycle_rules(site):
    site.s3.delete_bucket_lifecycle(Bucket=site.bucket)


@changes({"s3.lifecycle": "WARN"})
def versions_expire_in_one_folder(site):
    uploads, versions = LIFECYCLE["Rules"]
    site.s3.put_bucket_lifecycle_configuration(Bucket=site.bucket, LifecycleConfiguration={
        "Rules": [uploads, {**versions, "Filter": {"Prefix": "logs/"}}]})


@changes({"s3.lifecycle": "WARN"})
def rule_for_uploads_disabled(site):
    uploads, versions = LIFECYCLE["Rules"]
    site.s3.put_bucket_lifecycle_configuration(Bucket=site.bucket, LifecycleConfiguration={
        "Rules": [{**uploads, "Status": "Disabled"}, versions]})


@changes({"s3.access.control-plane": "FAIL"})
def bucket_denies_the_control_plane_role(site):
    site.s3.put_bucket_policy(Bucket=site.bucket, Policy=policy({
        "Effect": "Deny", "Principal": {"AWS": site.control_plane_arn}, "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{site.bucket}", f"arn:aws:s3:::{site.bucket}/*"]}))


@changes({"s3.exists": "FAIL", **skip("s3.region", "s3.cors", "s3.public-access", "s3.versioning", "s3.lifecycle",
                                      "s3.access.control-plane", "s3.access.node", "s3.kms")})
def bucket_deleted(site):
    site.s3.delete_bucket(Bucket=site.bucket)


@changes({"s3.region": "WARN"}, first=True)
def bucket_in_another_region(site):
    far = site.local_aws.client("s3", "eu-west-1")
    far.create_bucket(Bucket="far-away", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    far.put_bucket_cors(Bucket="far-away", CORSConfiguration=CORS)
    blocked = site.s3.get_public_access_block(Bucket=site.bucket)["PublicAccessBlockConfiguration"]
    far.put_public_access_block(Bucket="far-away", PublicAccessBlockConfiguration=blocked)
    keep_versions(far, "far-away")
    site.bucket = "far-away"
    site.grant("cluster-node", "bucket", allow("s3:*", ["arn:aws:s3:::far-away", "arn:aws:s3:::far-away/*"]))


@changes({"s3.region": "WARN"}, first=True)
def bucket_and_its_key_in_another_region(site):
    bucket_in_another_region(site)
    keys = site.local_aws.client("kms", "eu-west-1")
    key = keys.create_key(Policy=policy({"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                                         "Action": "kms:*", "Resource": "*"}))["KeyMetadata"]["Arn"]
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    site.local_aws.client("s3", "eu-west-1").put_bucket_encryption(
        Bucket="far-away", ServerSideEncryptionConfiguration={"Rules": [rule]})
    for role in ("control-plane", "cluster-node"):
        site.grant(role, "key", allow(["kms:GenerateDataKey", "kms:Decrypt"], key))


# file system

@changes({"efs.mount-targets": "WARN"})
def second_mount_target_deleted(site):
    site.efs.delete_mount_target(MountTargetId=site.targets[1])


@changes({"efs.mount-targets": "WARN", "efs.mount-target-ip": "FAIL"})
def mount_target_of_the_recorded_address_deleted(site):
    site.efs.delete_mount_target(MountTargetId=site.targets[0])


@changes({"efs.mount-targets": "FAIL", **skip("efs.security-group", "efs.mount-target-ip")})
def every_mount_target_deleted(site):
    for target in site.targets:
        site.efs.delete_mount_target(MountTargetId=target)


@changes({"efs.exists": "FAIL", **skip("efs.mount-targets", "efs.security-group", "efs.mount-target-ip", "efs.policy",
                                       "efs.key", "efs.backup")})
def file_system_deleted(site):
    every_mount_target_deleted(site)
    site.efs.delete_file_system(FileSystemId=site.file_system)


@changes({"efs.security-group": "FAIL"})
def strange_group_on_a_mount_target(site):
    site.efs.modify_mount_target_security_groups(
        MountTargetId=site.targets[0], SecurityGroups=[site.add_group("strange")])


def guard_nfs(site, low: int, high: int, **peer):
    group = site.add_group("nfs")
    site.let_in("tcp", low, high, group=group, **peer)
    for target in site.targets:
        site.efs.modify_mount_target_security_groups(MountTargetId=target, SecurityGroups=[group])


@changes()
def group_that_lets_nfs_in_from_the_cluster(site):
    guard_nfs(site, 2049, 2049, source=site.group)


@changes()
def group_that_lets_nfs_in_from_the_vpc(site):
    guard_nfs(site, 2000, 2100, cidr="10.8.0.0/16")


@changes({"efs.security-group": "FAIL"})
def group_that_lets_nfs_in_from_one_subnet(site):
    guard_nfs(site, 2049, 2049, cidr="10.8.0.0/20")


def set_file_system_policy(site, *actions: str):
    site.efs.put_file_system_policy(FileSystemId=site.file_system, BypassPolicyLockoutSafetyCheck=True, Policy=policy({
        "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": [f"elasticfilesystem:Client{name}" for name in actions],
        "Condition": {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}}}))


@changes({"efs.policy": "FAIL"})
def file_system_policy_without_writing(site):
    set_file_system_policy(site, "Mount", "RootAccess")


@changes()
def file_system_policy_with_everything(site):
    set_file_system_policy(site, "Mount", "Write", "RootAccess")


@changes({"efs.backup": "WARN"})
def backups_off(site):
    site.efs.put_backup_policy(FileSystemId=site.file_system, BackupPolicy={"Status": "DISABLED"})


# MemoryDB

@changes({"memorydb.maxmemory-policy": "FAIL"}, memorydb=True)
def memorydb_refuses_when_full(site):
    site.set_maxmemory("noeviction")


def use_cluster(site, **members):
    site.add_cluster("other", **members)
    site.cluster = "other"


@changes({"memorydb.tls": "FAIL"}, memorydb=True, first=True)
def memorydb_without_tls(site):
    use_cluster(site, TLSEnabled=False)


@changes({"memorydb.replicas": "FAIL"}, memorydb=True, first=True)
def memorydb_without_a_replica(site):
    use_cluster(site, NumReplicasPerShard=0)


@changes({"memorydb.security-group": "FAIL"}, memorydb=True)
def memorydb_with_a_strange_group(site):
    site.memorydb.update_cluster(ClusterName="customer", SecurityGroupIds=[site.add_group("strange")])


@changes(memorydb=True)
def memorydb_with_a_group_for_its_port_alone(site):
    group = site.add_group("memorydb")
    site.let_in("tcp", 6379, source=site.group, group=group)
    site.memorydb.update_cluster(ClusterName="customer", SecurityGroupIds=[group])


@changes({"memorydb.subnets": "FAIL"}, memorydb=True)
def memorydb_in_one_more_subnet(site):
    more = site.add_subnet("c", "10.8.32.0/20")
    site.memorydb.update_subnet_group(SubnetGroupName="customer", SubnetIds=[*site.subnets, more])


@changes({"memorydb.vpc": "FAIL", "memorydb.subnets": "FAIL"}, memorydb=True, first=True)
def memorydb_in_another_vpc(site):
    away = site.add_vpc("10.9.0.0/16")
    subnets = [site.add_subnet(zone, f"10.9.{16 * number}.0/20", away) for number, zone in enumerate("ab")]
    site.memorydb.create_subnet_group(SubnetGroupName="away", SubnetIds=subnets)
    group = site.add_group("away", away)
    site.let_in("tcp", 6379, cidr="10.0.0.0/8", group=group)
    use_cluster(site, SubnetGroupName="away", SecurityGroupIds=[group])


@changes({"efs.exists": "FAIL", "efs.mount-targets": "FAIL", "memorydb.exists": "FAIL"}, memorydb=True)
def everything_still_being_made(site):
    site.local_aws.control("POST", "settings", {"settle": 3600})


@changes({"memorydb.exists": "FAIL", **skip(
    "memorydb.vpc", "memorydb.subnets", "memorydb.security-group", "memorydb.tls", "memorydb.replicas",
    "memorydb.maxmemory-policy", "memorydb.shards", "memorydb.users")}, memorydb=True)
def memorydb_deleted(site):
    site.memorydb.delete_cluster(ClusterName="customer")


def known(cloud, expected: dict[str, str]) -> dict[str, str]:
    catalogue = {row["id"] for row in json.loads(cloud.cloudctl.run("checks", "-o", "json").stdout)}
    return {check: verdict for check, verdict in expected.items() if check in catalogue or check not in MAY}


@pytest.mark.parametrize("kind, first, change, expected", changes)
def test_change(server, tmp_path, kind, first, change, expected):
    cloud = change_and_verify(tmp_path, server, kind, first, change)
    assert cloud.verdicts() == known(cloud, expected)


# the account and the stack

def test_credentials_of_another_account(server, tmp_path):
    cloud = new_cloud(tmp_path, server).register(Site(server))
    cloud.cloudctl.environment.update(AWS_ACCESS_KEY_ID=OTHER_KEYS[0], AWS_SECRET_ACCESS_KEY=OTHER_KEYS[1])
    assert cloud.verdicts("--only", "account.*,*.exists,iam.account") == {
        "account.identity": "FAIL", **dict.fromkeys((
            "account.region", "account.ebs-key", "iam.account", "vpc.exists", "iam.control-plane.exists",
            "iam.node.exists", "s3.exists", "efs.exists"), "UNKNOWN")}


def stack_settled(local_aws, stack: str):
    """Wait until nothing goes on in the stack; its status."""
    def settled():
        [found] = local_aws.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        return None if found["StackStatus"].endswith("_IN_PROGRESS") else found["StackStatus"]
    return wait_for(settled)


def test_a_failed_update_of_the_stack(server, tmp_path):
    cloud = new_cloud(tmp_path, server).setup()
    stack = cloud.cloudctl.record("prod")["stack_arn"]
    client = server.client("cloudformation")
    [found] = client.describe_stacks(StackName=stack)["Stacks"]
    server.fail({"logical_id": "MemoryDBCluster", "reason": "No capacity"})
    client.update_stack(StackName=stack, UsePreviousTemplate=True, Capabilities=["CAPABILITY_NAMED_IAM"], Parameters=[
        {"ParameterKey": row["ParameterKey"], "UsePreviousValue": True} for row in found["Parameters"]
        if row["ParameterKey"] != "EnableMemoryDB"] + [{"ParameterKey": "EnableMemoryDB", "ParameterValue": "true"}])
    assert stack_settled(server, stack) == "UPDATE_ROLLBACK_COMPLETE"
    assert cloud.verdicts() == {"stack.status": "WARN"}


def test_a_deleted_stack(server, tmp_path):
    """One failure for each thing that is gone; the bucket is retained."""
    cloud = new_cloud(tmp_path, server).setup()
    stack = cloud.cloudctl.record("prod")["stack_arn"]
    server.client("cloudformation").update_termination_protection(StackName=stack, EnableTerminationProtection=False)
    server.client("cloudformation").delete_stack(StackName=stack)
    assert stack_settled(server, stack) == "DELETE_COMPLETE"
    document = cloud.document()
    failed = {row["check"] for row in document["findings"] if row["verdict"] == "FAIL"}
    assert failed == {"vpc.exists", "iam.control-plane.exists", "iam.node.exists", "efs.exists", "stack.status"}
    others = {row["check"] for row in document["findings"] if row["verdict"] == "PASS"}
    assert others == {"account.identity", "account.region", "subnets.count", "iam.account", "s3.exists", "s3.region",
                      "s3.cors", "s3.public-access", "s3.versioning", "s3.lifecycle", "security-groups.count", "quotas.vcpu", "quotas.spot-vcpu"}
    assert {row["verdict"] for row in document["findings"]} == {"PASS", "FAIL", "SKIP"}
