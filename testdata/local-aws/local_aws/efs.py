# SPDX-License-Identifier: Apache-2.0
"""EFS: what moto lacks (updates, backup and resource policies, protection) and states that take time.

File systems and mount targets are moto's; this layer mends how they are shown. Both are "creating" for
World.settle seconds, and always in the reply of their creation, as on AWS.
"""

from __future__ import annotations

import json
import time
from dataclasses import replace
from urllib.parse import quote

from moto.ec2.models import ec2_backends
from moto.efs.models import efs_backends
from moto.kms.models import kms_backends

from . import interfaces
from .layer import Layer
from .message import AwsError, Request, Response

_FILE_SYSTEM_MEMBERS = (
    "OwnerId", "CreationToken", "FileSystemId", "FileSystemArn", "CreationTime", "LifeCycleState", "Name",
    "NumberOfMountTargets", "SizeInBytes", "PerformanceMode", "Encrypted", "KmsKeyId", "ThroughputMode",
    "ProvisionedThroughputInMibps", "AvailabilityZoneName", "AvailabilityZoneId", "Tags", "FileSystemProtection")


def _own_key(request: Request) -> str:
    """The ARN of the key that EFS has in the account where none was chosen; KMS describes it as AWS's."""
    keys = kms_backends[request.account][request.region]
    key = keys.keys[keys.get_key_id_from_alias("alias/aws/elasticfilesystem")]
    key.key_manager = "AWS"
    return key.arn


# EFS puts it on file systems with automatic backups; the backup plan selects them by it.
_BACKUP_TAG = {"Key": "aws:elasticfilesystem:default-backup", "Value": "enabled"}
_MOUNT_TARGET_MEMBERS = (
    "OwnerId", "MountTargetId", "FileSystemId", "SubnetId", "LifeCycleState", "IpAddress", "NetworkInterfaceId",
    "AvailabilityZoneId", "AvailabilityZoneName", "VpcId")
_THROUGHPUT_MODES = ("bursting", "provisioned", "elastic")


class Efs(Layer):
    service = "elasticfilesystem"
    actions = {
        "CreateFileSystem": "create_file_system", "DescribeFileSystems": "describe_file_systems",
        "UpdateFileSystem": "update_file_system", "UpdateFileSystemProtection": "update_protection",
        "CreateMountTarget": "create_mount_target", "DescribeMountTargets": "describe_mount_targets",
        "DeleteMountTarget": "delete_empty", "DeleteFileSystem": "delete_empty",
        "DescribeMountTargetSecurityGroups": "describe_groups",
        "PutBackupPolicy": "put_backup_policy", "DescribeBackupPolicy": "describe_backup_policy",
        "PutFileSystemPolicy": "put_policy", "DescribeFileSystemPolicy": "describe_policy",
        "DeleteFileSystemPolicy": "delete_policy", "PutLifecycleConfiguration": "known_file_system",
        "DescribeLifecycleConfiguration": "known_file_system",
        "DescribeReplicationConfigurations": "describe_replication",
        "DescribeAccountPreferences": "describe_preferences",
        "ListTagsForResource": "by_id", "TagResource": "by_id", "UntagResource": "by_id",
    }

    def reset(self) -> None:
        self._created: dict[str, float] = {}
        self._backup: dict[str, str] = {}
        self._protection: dict[str, str] = {}

    def create_file_system(self, request: Request) -> Response:
        if not request.parameters.get("CreationToken"):
            raise AwsError("BadRequest", "CreationToken is required.")
        for system in _backend(request).file_systems_by_id.values():
            if system.creation_token == request.parameters["CreationToken"]:
                raise AwsError("FileSystemAlreadyExists", f"File system '{system.file_system_id}' already exists with "
                               f"creation token '{system.creation_token}'", 409,
                               {"FileSystemId": system.file_system_id})
        response = self.moto(request)
        row = json.loads(response.body)
        self._created[row["FileSystemId"]] = time.monotonic()
        return self.json({**self._file_system(request, row), "LifeCycleState": "creating"}, 201)

    def describe_file_systems(self, request: Request) -> Response:
        reply = json.loads(self.moto(request).body)
        reply["FileSystems"] = [self._file_system(request, row) for row in reply["FileSystems"]]
        return self.json(reply)

    def _file_system(self, request: Request, row: dict) -> dict:
        shown = {name: row[name] for name in _FILE_SYSTEM_MEMBERS if row.get(name) not in (None, "")}
        if shown.get("Encrypted") and "KmsKeyId" not in shown:
            shown["KmsKeyId"] = _own_key(request)
        if "SizeInBytes" in shown:
            shown["SizeInBytes"] = {**shown["SizeInBytes"], "ValueInArchive": 0}
        shown["LifeCycleState"] = self._state(row["FileSystemId"])
        if self._backs_up(request, row["FileSystemId"]):
            shown["Tags"] = [*shown.get("Tags", []), _BACKUP_TAG]
        protection = self._protection.get(row["FileSystemId"], "ENABLED")
        shown["FileSystemProtection"] = {"ReplicationOverwriteProtection": protection}
        return shown

    def _backs_up(self, request: Request, identifier: str) -> bool:
        own = _backend(request).file_systems_by_id[identifier].backup_policy or {}
        return self._backup.get(identifier, own.get("Status")) == "ENABLED"

    def _state(self, identifier: str) -> str:
        return "available" if self.world.settled(self._created.get(identifier, 0.0)) else "creating"

    def update_file_system(self, request: Request) -> Response:
        system = self._found(request)
        mode = request.parameters.get("ThroughputMode")
        provisioned = request.parameters.get("ProvisionedThroughputInMibps")
        if mode is not None and mode not in _THROUGHPUT_MODES:
            raise AwsError("BadRequest", f"Invalid throughput mode {mode}.")
        if mode == "provisioned" and not provisioned:
            raise AwsError("BadRequest", "Provisioned throughput needs ProvisionedThroughputInMibps.")
        if mode is not None:
            system.throughput_mode = mode
            system.provisioned_throughput_in_mibps = provisioned if mode == "provisioned" else None
        return self.json(self._file_system(request, system.info_json()), 202)

    def update_protection(self, request: Request) -> Response:
        system = self._found(request)
        value = request.parameters.get("ReplicationOverwriteProtection", "ENABLED")
        if value not in ("ENABLED", "DISABLED"):
            raise AwsError("BadRequest", f"Invalid ReplicationOverwriteProtection {value}.")
        self._protection[system.file_system_id] = value
        return self.json({"ReplicationOverwriteProtection": value})

    def create_mount_target(self, request: Request) -> Response:
        system = self._found(request)
        if self._state(system.file_system_id) != "available":
            raise AwsError("IncorrectFileSystemLifeCycleState",
                           f"File system '{system.file_system_id}' is in the creating state.", 409)
        self._check_zone(request, system)
        row = json.loads(self.moto(request).body)
        identifier = row["MountTargetId"]
        self._created[identifier] = time.monotonic()
        interfaces.manage(request, row["NetworkInterfaceId"],
                          f"EFS mount target for {row['FileSystemId']} ({identifier})", "amazon-efs")
        target = _backend(request).mount_targets_by_id[identifier]
        if not target.security_groups:
            target.security_groups = interfaces.groups(request, row["NetworkInterfaceId"])
        return self.json({**self._mount_target(row), "LifeCycleState": "creating"})

    def _check_zone(self, request: Request, system) -> None:
        """A One Zone file system has a single mount target, in its own zone."""
        subnet = next((row for rows in ec2_backends[request.account][request.region].subnets.values()
                       for row in rows.values() if row.id == request.parameters.get("SubnetId")), None)
        if subnet is None:
            return
        if system.availability_zone_name not in (None, "", subnet.availability_zone):
            raise AwsError("AvailabilityZonesMismatch", f"The mount target's Availability Zone {subnet.availability_zone} "
                           f"is not that of the One Zone file system, {system.availability_zone_name}.")
        if self.world.zones.of(self.service, request.region, [subnet.availability_zone]) == []:
            raise AwsError("UnsupportedAvailabilityZone",
                           f"Mount targets are not supported in {subnet.availability_zone}.")

    def describe_mount_targets(self, request: Request) -> Response:
        reply = json.loads(self.moto(request).body)
        reply["MountTargets"] = [self._mount_target(row) for row in reply["MountTargets"]]
        return self.json(reply)

    def _mount_target(self, row: dict) -> dict:
        shown = {name: row[name] for name in _MOUNT_TARGET_MEMBERS if row.get(name) is not None}
        return {**shown, "LifeCycleState": self._state(row["MountTargetId"])}

    def describe_groups(self, request: Request) -> Response:
        identifier = request.parameters["MountTargetId"]
        if identifier in _backend(request).mount_targets_by_id and self._state(identifier) == "creating":
            raise AwsError("IncorrectMountTargetState", f"Mount target '{identifier}' is in the creating state.", 409)
        return self.moto(request)

    def delete_empty(self, request: Request) -> Response:
        self.moto(request)
        self._backup.pop(request.parameters.get("FileSystemId", ""), None)
        return Response(204)

    def put_backup_policy(self, request: Request) -> Response:
        system = self._found(request)
        status = (request.parameters.get("BackupPolicy") or {}).get("Status")
        if status not in ("ENABLED", "DISABLED"):
            raise AwsError("ValidationException", f"Invalid backup policy status {status}.")
        self._backup[system.file_system_id] = status
        return self.json({"BackupPolicy": {"Status": {"ENABLED": "ENABLING", "DISABLED": "DISABLING"}[status]}})

    def describe_backup_policy(self, request: Request) -> Response:
        system = self._found(request)
        if system.file_system_id in self._backup:
            return self.json({"BackupPolicy": {"Status": self._backup[system.file_system_id]}})
        return self.moto(request)

    def put_policy(self, request: Request) -> Response:
        self._found(request)
        try:
            policy = json.loads(request.parameters.get("Policy", ""))
        except ValueError:
            policy = None
        if not isinstance(policy, dict) or not policy.get("Statement"):
            raise AwsError("InvalidPolicyException", "The policy is malformed: it is not a JSON policy document.")
        return self.moto(request)

    def describe_policy(self, request: Request) -> Response:
        system = self._found(request)
        if not system.file_system_policy:
            raise AwsError("PolicyNotFound", f"Policy not found for file system '{system.file_system_id}'.", 404)
        return self.moto(request)

    def delete_policy(self, request: Request) -> Response:
        self._found(request).file_system_policy = None
        return Response(200, {"Content-Type": "application/json"})

    def known_file_system(self, request: Request) -> Response:
        self._found(request)
        return self.moto(request)

    def describe_replication(self, request: Request) -> Response:
        raise AwsError("ReplicationNotFound", "No replication configuration was found.", 404)

    def describe_preferences(self, request: Request) -> Response:
        return self.json({"ResourceIdPreference": {"ResourceIdType": "LONG_ID",
                                                   "Resources": ["FILE_SYSTEM", "MOUNT_TARGET"]}})

    def by_id(self, request: Request) -> Response:
        """Tags are asked for by id or by ARN; moto knows the id."""
        identifier = request.parameters["ResourceId"].rpartition("/")[2]
        backend = _backend(request)
        if identifier.startswith("fsap-") and identifier not in backend.access_points:
            raise AwsError("AccessPointNotFound", f"Access point '{identifier}' does not exist.", 404)
        if not identifier.startswith("fsap-"):
            self._found(request, identifier)
        self.moto(replace(request, path="/2015-02-01/resource-tags/" + quote(identifier, safe="")))
        return self.json({"Tags": backend.list_tags_for_resource(identifier)}) \
            if request.action == "ListTagsForResource" else Response(200, {"Content-Type": "application/json"})

    def _found(self, request: Request, identifier: str = ""):
        identifier = identifier or request.parameters.get("FileSystemId", "")
        systems = _backend(request).file_systems_by_id
        if identifier not in systems:
            raise AwsError("FileSystemNotFound", f"File system '{identifier}' does not exist.", 404)
        return systems[identifier]


def _backend(request: Request):
    return efs_backends[request.account][request.region]
