# SPDX-License-Identifier: Apache-2.0
"""EFS: updates, policies, states, mount targets and their network interfaces, tags by ARN."""

import json

import pytest

from conftest import ACCOUNT, REGION


@pytest.fixture
def network(local_aws):
    """(ec2, subnet ids in two zones, group id)."""
    ec2 = local_aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=REGION + zone)["Subnet"]["SubnetId"]
               for n, zone in enumerate("ab")]
    return ec2, subnets, ec2.create_security_group(VpcId=vpc, GroupName="g", Description="d")["GroupId"]


@pytest.fixture
def system(local_aws):
    """(efs, file system id)."""
    efs = local_aws.client("efs")
    return efs, efs.create_file_system(CreationToken="t", Encrypted=True,
                                       Tags=[{"Key": "Name", "Value": "n"}])["FileSystemId"]


def test_a_file_system_is_shown_whole(system, local_aws):
    efs, name = system
    row = efs.describe_file_systems(FileSystemId=name)["FileSystems"][0]
    assert row["LifeCycleState"] == "available" and row["Encrypted"] and row["KmsKeyId"].startswith("arn:aws:kms:")
    assert local_aws.client("kms").describe_key(KeyId=row["KmsKeyId"])["KeyMetadata"]["KeyManager"] == "AWS"
    assert (row["Name"], row["PerformanceMode"], row["ThroughputMode"]) == ("n", "generalPurpose", "bursting")
    assert row["FileSystemArn"] == f"arn:aws:elasticfilesystem:{REGION}:{ACCOUNT}:file-system/{name}"
    assert row["FileSystemProtection"] == {"ReplicationOverwriteProtection": "ENABLED"}
    members = set(efs.meta.service_model.shape_for("FileSystemDescription").members)
    assert set(row) <= members


def test_updates(system, error):
    efs, name = system
    assert efs.update_file_system(FileSystemId=name, ThroughputMode="elastic")["ThroughputMode"] == "elastic"
    assert efs.describe_file_systems(FileSystemId=name)["FileSystems"][0]["ThroughputMode"] == "elastic"
    reply = efs.update_file_system(FileSystemId=name, ThroughputMode="provisioned", ProvisionedThroughputInMibps=2.0)
    assert reply["ProvisionedThroughputInMibps"] == 2.0 and reply["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert error(efs.update_file_system, FileSystemId=name, ThroughputMode="fast")[:2] == ("BadRequest", 400)
    efs.update_file_system_protection(FileSystemId=name, ReplicationOverwriteProtection="DISABLED")
    row = efs.describe_file_systems(FileSystemId=name)["FileSystems"][0]
    assert row["FileSystemProtection"] == {"ReplicationOverwriteProtection": "DISABLED"}


def test_backup_policy(system, error):
    efs, name = system
    assert error(efs.describe_backup_policy, FileSystemId=name)[:2] == ("PolicyNotFound", 404)
    assert efs.put_backup_policy(FileSystemId=name, BackupPolicy={"Status": "ENABLED"})["BackupPolicy"]["Status"] == "ENABLING"
    assert efs.describe_backup_policy(FileSystemId=name)["BackupPolicy"] == {"Status": "ENABLED"}
    tag = {"Key": "aws:elasticfilesystem:default-backup", "Value": "enabled"}
    assert tag in efs.describe_file_systems(FileSystemId=name)["FileSystems"][0]["Tags"]
    efs.put_backup_policy(FileSystemId=name, BackupPolicy={"Status": "DISABLED"})
    assert efs.describe_backup_policy(FileSystemId=name)["BackupPolicy"] == {"Status": "DISABLED"}
    assert tag not in efs.describe_file_systems(FileSystemId=name)["FileSystems"][0]["Tags"]


def test_resource_policy(system, error):
    efs, name = system
    assert error(efs.describe_file_system_policy, FileSystemId=name)[:2] == ("PolicyNotFound", 404)
    assert error(efs.put_file_system_policy, FileSystemId=name, Policy="no")[:2] == ("InvalidPolicyException", 400)
    text = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"},
                                                               "Action": "elasticfilesystem:ClientMount"}]})
    efs.put_file_system_policy(FileSystemId=name, Policy=text)
    assert json.loads(efs.describe_file_system_policy(FileSystemId=name)["Policy"]) == json.loads(text)
    efs.delete_file_system_policy(FileSystemId=name)
    assert error(efs.describe_file_system_policy, FileSystemId=name)[0] == "PolicyNotFound"


def test_lifecycle_and_account_settings(system, error):
    efs, name = system
    assert efs.describe_lifecycle_configuration(FileSystemId=name)["LifecyclePolicies"] == []
    efs.put_lifecycle_configuration(FileSystemId=name, LifecyclePolicies=[{"TransitionToIA": "AFTER_30_DAYS"}])
    assert efs.describe_lifecycle_configuration(FileSystemId=name)["LifecyclePolicies"] == [{"TransitionToIA": "AFTER_30_DAYS"}]
    assert efs.describe_account_preferences()["ResourceIdPreference"]["ResourceIdType"] == "LONG_ID"
    assert error(efs.describe_replication_configurations, FileSystemId=name)[:2] == ("ReplicationNotFound", 404)


@pytest.mark.parametrize("call, arguments", [
    ("describe_file_systems", {}), ("update_file_system", {"ThroughputMode": "elastic"}), ("delete_file_system", {}),
    ("describe_backup_policy", {}), ("put_backup_policy", {"BackupPolicy": {"Status": "ENABLED"}}),
    ("describe_file_system_policy", {}), ("delete_file_system_policy", {}), ("describe_lifecycle_configuration", {}),
    ("describe_mount_targets", {}), ("create_mount_target", {"SubnetId": "subnet-0123456789abcdef0"})])
def test_an_unknown_file_system(local_aws, error, call, arguments):
    found = error(getattr(local_aws.client("efs"), call), FileSystemId="fs-0123456789abcdef0", **arguments)
    assert found[:2] == ("FileSystemNotFound", 404)


def test_the_same_token_names_the_system_that_is_there(system):
    efs, name = system
    with pytest.raises(efs.exceptions.FileSystemAlreadyExists) as caught:
        efs.create_file_system(CreationToken="t")
    assert caught.value.response["FileSystemId"] == name
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409


def test_a_mount_target_has_an_interface_like_awss(system, network, error):
    efs, name = system
    ec2, subnets, group = network
    made = efs.create_mount_target(FileSystemId=name, SubnetId=subnets[0], SecurityGroups=[group])
    assert made["LifeCycleState"] == "creating"
    shown = efs.describe_mount_targets(FileSystemId=name)["MountTargets"][0]
    assert shown["LifeCycleState"] == "available" and shown["IpAddress"].startswith("10.0.0.")
    assert set(shown) <= set(efs.meta.service_model.shape_for("MountTargetDescription").members)
    target = shown["MountTargetId"]
    assert efs.describe_mount_target_security_groups(MountTargetId=target)["SecurityGroups"] == [group]
    row = ec2.describe_network_interfaces(NetworkInterfaceIds=[shown["NetworkInterfaceId"]])["NetworkInterfaces"][0]
    assert (row["Status"], row["Description"]) == ("in-use", f"EFS mount target for {name} ({target})")
    assert row["RequesterManaged"] and [item["GroupId"] for item in row["Groups"]] == [group]
    assert row["PrivateIpAddress"] == shown["IpAddress"]
    for call, argument in ((ec2.delete_subnet, {"SubnetId": subnets[0]}), (ec2.delete_security_group, {"GroupId": group})):
        assert error(call, **argument)[0] == "DependencyViolation"
    assert error(ec2.delete_network_interface, NetworkInterfaceId=row["NetworkInterfaceId"])[0] == "InvalidParameterValue"
    assert error(efs.delete_file_system, FileSystemId=name)[:2] == ("FileSystemInUse", 409)
    assert error(efs.create_mount_target, FileSystemId=name, SubnetId=subnets[0])[:2] == ("MountTargetConflict", 409)
    efs.delete_mount_target(MountTargetId=target)
    ec2.delete_subnet(SubnetId=subnets[0])
    ec2.delete_security_group(GroupId=group)
    efs.delete_file_system(FileSystemId=name)


def test_a_mount_target_without_groups_has_the_default_group(system, network):
    efs, name = system
    ec2, subnets, _group = network
    made = efs.create_mount_target(FileSystemId=name, SubnetId=subnets[1])["MountTargetId"]
    groups = efs.describe_mount_target_security_groups(MountTargetId=made)["SecurityGroups"]
    assert [row["GroupName"] for row in ec2.describe_security_groups(GroupIds=groups)["SecurityGroups"]] == ["default"]


def test_states_take_the_time_that_is_set(local_aws, network, error):
    efs, (_ec2, subnets, _group) = local_aws.client("efs"), network
    local_aws.control("POST", "settings", {"settle": 3600})
    name = efs.create_file_system(CreationToken="t")["FileSystemId"]
    assert efs.describe_file_systems()["FileSystems"][0]["LifeCycleState"] == "creating"
    assert error(efs.create_mount_target, FileSystemId=name, SubnetId=subnets[0])[:2] == (
        "IncorrectFileSystemLifeCycleState", 409)
    local_aws.control("POST", "settings", {"settle": 0})
    target = efs.create_mount_target(FileSystemId=name, SubnetId=subnets[0])["MountTargetId"]
    local_aws.control("POST", "settings", {"settle": 3600})
    assert efs.describe_mount_targets(MountTargetId=target)["MountTargets"][0]["LifeCycleState"] == "creating"
    assert error(efs.describe_mount_target_security_groups, MountTargetId=target)[:2] == ("IncorrectMountTargetState", 409)


def test_tags_by_id_and_by_arn(system, error):
    efs, name = system
    arn = f"arn:aws:elasticfilesystem:{REGION}:{ACCOUNT}:file-system/{name}"
    efs.tag_resource(ResourceId=arn, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    efs.untag_resource(ResourceId=name, TagKeys=["b"])
    for resource in (name, arn):
        tags = {row["Key"]: row["Value"] for row in efs.list_tags_for_resource(ResourceId=resource)["Tags"]}
        assert tags == {"Name": "n", "a": "1"}
    assert error(efs.list_tags_for_resource, ResourceId="fs-0123456789abcdef0")[:2] == ("FileSystemNotFound", 404)


def test_pages(local_aws):
    efs = local_aws.client("efs")
    made = {efs.create_file_system(CreationToken=str(number))["FileSystemId"] for number in range(5)}
    pages = list(efs.get_paginator("describe_file_systems").paginate(PaginationConfig={"PageSize": 2}))
    assert len(pages) == 3 and {row["FileSystemId"] for page in pages for row in page["FileSystems"]} == made


def test_a_one_zone_file_system_has_one_mount_target_in_its_zone(local_aws, network, error):
    efs, first, second = local_aws.client("efs"), f"{REGION}a", f"{REGION}b"
    subnets = dict(zip((first, second), network[1]))
    made = efs.create_file_system(CreationToken="one", AvailabilityZoneName=first)
    assert efs.describe_file_systems(FileSystemId=made["FileSystemId"])["FileSystems"][0]["AvailabilityZoneName"] == first
    assert error(efs.create_mount_target, FileSystemId=made["FileSystemId"], SubnetId=subnets[second])[:2] == \
        ("AvailabilityZonesMismatch", 400)
    efs.create_mount_target(FileSystemId=made["FileSystemId"], SubnetId=subnets[first])
    assert len(efs.describe_mount_targets(FileSystemId=made["FileSystemId"])["MountTargets"]) == 1
