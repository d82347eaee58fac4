# SPDX-License-Identifier: Apache-2.0
"""EFS, whose mount targets are checked on their file system."""

from __future__ import annotations

from ..demand import Demand

Row = tuple[Demand, ...]

_FILE_SYSTEM = """
    DescribeFileSystems DescribeMountTargets DescribeMountTargetSecurityGroups DescribeFileSystemPolicy
    DescribeBackupPolicy DescribeLifecycleConfiguration DescribeReplicationConfigurations DeleteFileSystem
    UpdateFileSystem UpdateFileSystemProtection PutFileSystemPolicy DeleteFileSystemPolicy PutBackupPolicy
    PutLifecycleConfiguration DeleteMountTarget ModifyMountTargetSecurityGroups
"""
_RESOURCE = "file-system/{FileSystemId}"
_KEY = {"kms:ViaService": "elasticfilesystem.{region}.amazonaws.com", "kms:CallerAccount": "{account}",
        "aws:ViaAWSService": "true"}


def _prefixed(name: str, resource: str = "*", **more) -> Demand:
    return Demand(f"elasticfilesystem:{name}", resource, **more)


ACTIONS: dict[str, Row] = {
    **{name: (_prefixed(name, _RESOURCE),) for name in _FILE_SYSTEM.split()},
    "DescribeAccountPreferences": (_prefixed("DescribeAccountPreferences"),),
    "DescribeAccessPoints": (_prefixed("DescribeAccessPoints", _RESOURCE),),
    "CreateFileSystem": (
        _prefixed("CreateFileSystem", tagged=True, context={"elasticfilesystem:Encrypted": "{Encrypted}"}),
        _prefixed("TagResource", "file-system/*", when="tags", tagged=True,
                  context={"elasticfilesystem:CreateAction": "CreateFileSystem"}),
        Demand("kms:DescribeKey", "key/{EfsKeyId}", when="EfsKeyId", context=_KEY),
        Demand("kms:GenerateDataKeyWithoutPlaintext", "key/{EfsKeyId}", when="EfsKeyId", context=_KEY),
        Demand("kms:CreateGrant", "key/{EfsKeyId}", when="EfsKeyId",
               context=_KEY | {"kms:GrantIsForAWSResource": "true"}),
        Demand("iam:CreateServiceLinkedRole", "{EfsLinkedRole}", when="EfsLinkedRole",
               context={"iam:AWSServiceName": "elasticfilesystem.amazonaws.com", "aws:ViaAWSService": "true"})),
    "CreateMountTarget": (_prefixed("CreateMountTarget", _RESOURCE), Demand("ec2:DescribeSubnets")),
    "ListTagsForResource": (_prefixed("ListTagsForResource", "file-system/{ResourceId}"),),
    "DescribeTags": (_prefixed("DescribeTags", _RESOURCE),),
    "TagResource": (_prefixed("TagResource", "file-system/{ResourceId}", tagged=True),),
    "UntagResource": (_prefixed("UntagResource", "file-system/{ResourceId}", context={"aws:TagKeys": "{TagKeys}"}),),
}
