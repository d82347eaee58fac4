# SPDX-License-Identifier: Apache-2.0
"""File systems and mount targets."""

from __future__ import annotations

import uuid
from typing import Any

from botocore.exceptions import ClientError

from .resource_type import (Context, Properties, ResourceType, changed, document, from_description, gone_is_fine,
                            names, only, own_id, tag_changes)


def _efs(context: Context) -> Any:
    return context.client("efs")


def _describe_file_system(context: Context, file_system: str) -> dict:
    return _efs(context).describe_file_systems(FileSystemId=file_system)["FileSystems"][0]


def _create_file_system(context: Context, properties: Properties) -> str:
    wanted = only(properties, "Encrypted KmsKeyId PerformanceMode ThroughputMode ProvisionedThroughputInMibps "
                              "AvailabilityZoneName")
    reply = _efs(context).create_file_system(CreationToken=str(uuid.uuid4()), **wanted)
    return reply["FileSystemId"]


def _apply_file_system(context: Context, file_system: str, wanted: Properties, before: Properties) -> None:
    efs = _efs(context)
    context.wait_until(lambda: _describe_file_system(context, file_system)["LifeCycleState"] == "available")
    written, keys = tag_changes(wanted.get("FileSystemTags", []), before.get("FileSystemTags", []))
    if written:
        efs.tag_resource(ResourceId=file_system, Tags=written)
    if keys:
        efs.untag_resource(ResourceId=file_system, TagKeys=keys)
    if before and changed(wanted, before, "ThroughputMode", "ProvisionedThroughputInMibps"):
        efs.update_file_system(FileSystemId=file_system,
                               **only({"ThroughputMode": "bursting"} | wanted,
                                      "ThroughputMode ProvisionedThroughputInMibps"))
    if changed(wanted, before, "LifecyclePolicies"):
        efs.put_lifecycle_configuration(FileSystemId=file_system,
                                        LifecyclePolicies=wanted.get("LifecyclePolicies", []))
    if changed(wanted, before, "BackupPolicy"):
        efs.put_backup_policy(FileSystemId=file_system,
                              BackupPolicy=wanted.get("BackupPolicy", {"Status": "DISABLED"}))
    if changed(wanted, before, "FileSystemProtection"):
        protection = wanted.get("FileSystemProtection", {"ReplicationOverwriteProtection": "ENABLED"})
        efs.update_file_system_protection(FileSystemId=file_system, **protection)
    _apply_policy(context, file_system, wanted, before)


def _apply_policy(context: Context, file_system: str, wanted: Properties, before: Properties) -> None:
    if not changed(wanted, before, "FileSystemPolicy"):
        return
    if "FileSystemPolicy" in wanted:
        _efs(context).put_file_system_policy(FileSystemId=file_system,
                                             Policy=document(wanted["FileSystemPolicy"]),
                                             **only(wanted, "BypassPolicyLockoutSafetyCheck"))
    else:
        _efs(context).delete_file_system_policy(FileSystemId=file_system)


def _exists(call, **arguments) -> bool:
    try:
        call(**arguments)
    except ClientError as error:
        if error.response["Error"]["Code"] in ("FileSystemNotFound", "MountTargetNotFound"):
            return False
        raise
    return True


def _delete_file_system(context: Context, file_system: str, properties: Properties) -> None:
    gone_is_fine("FileSystemNotFound", _efs(context).delete_file_system, FileSystemId=file_system)
    context.wait_until(lambda: not _exists(_efs(context).describe_file_systems, FileSystemId=file_system))


def _describe_mount_target(context: Context, target: str) -> dict:
    return _efs(context).describe_mount_targets(MountTargetId=target)["MountTargets"][0]


def _create_mount_target(context: Context, properties: Properties) -> str:
    wanted = only(properties, "FileSystemId SubnetId SecurityGroups IpAddress")
    return _efs(context).create_mount_target(**wanted)["MountTargetId"]


def _apply_mount_target(context: Context, target: str, wanted: Properties, before: Properties) -> None:
    context.wait_until(lambda: _describe_mount_target(context, target)["LifeCycleState"] == "available")
    if before and changed(wanted, before, "SecurityGroups"):
        _efs(context).modify_mount_target_security_groups(MountTargetId=target,
                                                          SecurityGroups=wanted["SecurityGroups"])


def _delete_mount_target(context: Context, target: str, properties: Properties) -> None:
    gone_is_fine("MountTargetNotFound", _efs(context).delete_mount_target, MountTargetId=target)
    context.wait_until(lambda: not _exists(_efs(context).describe_mount_targets, MountTargetId=target))


TYPES = {
    "AWS::EFS::FileSystem": ResourceType(
        _create_file_system, _delete_file_system,
        names("Encrypted KmsKeyId PerformanceMode ThroughputMode ProvisionedThroughputInMibps "
              "AvailabilityZoneName LifecyclePolicies BackupPolicy FileSystemPolicy FileSystemProtection "
              "BypassPolicyLockoutSafetyCheck FileSystemTags"),
        _apply_file_system,
        {"FileSystemId": own_id, "Arn": from_description(_describe_file_system, "FileSystemArn")}),
    "AWS::EFS::MountTarget": ResourceType(
        _create_mount_target, _delete_mount_target, names("FileSystemId SubnetId SecurityGroups IpAddress"),
        _apply_mount_target,
        {"Id": own_id, "IpAddress": from_description(_describe_mount_target, "IpAddress")}),
}
