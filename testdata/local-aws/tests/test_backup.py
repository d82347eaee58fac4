# SPDX-License-Identifier: Apache-2.0
"""AWS Backup: recovery points by resource and by vault."""

import datetime

import pytest

from conftest import ACCOUNT, REGION

SYSTEM = f"arn:aws:elasticfilesystem:{REGION}:{ACCOUNT}:file-system/fs-1"
VAULT = "aws/efs/automatic-backup-vault"


def test_recovery_points_say_until_when_they_stay(local_aws):
    backup = local_aws.client("backup")
    role = f"arn:aws:iam::{ACCOUNT}:role/backup"
    for days in (35, 7):
        backup.start_backup_job(BackupVaultName=VAULT, ResourceArn=SYSTEM, IamRoleArn=role,
                                Lifecycle={"DeleteAfterDays": days})
    backup.start_backup_job(BackupVaultName="mine", ResourceArn=SYSTEM, IamRoleArn=role)
    found = backup.list_recovery_points_by_resource(ResourceArn=SYSTEM)["RecoveryPoints"]
    assert [point["BackupVaultName"] for point in found] == [VAULT, VAULT, "mine"]
    rows = backup.list_recovery_points_by_backup_vault(BackupVaultName=VAULT, ByResourceArn=SYSTEM)["RecoveryPoints"]
    now = datetime.datetime.now(datetime.UTC)
    assert [round((row["CalculatedLifecycle"]["DeleteAt"] - now).total_seconds() / 86400) for row in rows] == [35, 7]
    [row] = backup.list_recovery_points_by_backup_vault(BackupVaultName="mine")["RecoveryPoints"]
    assert "DeleteAt" not in row["CalculatedLifecycle"]
    assert backup.list_recovery_points_by_resource(ResourceArn=SYSTEM + "0")["RecoveryPoints"] == []
    with pytest.raises(backup.exceptions.ResourceNotFoundException):
        backup.list_recovery_points_by_backup_vault(BackupVaultName="other")


def test_pages(local_aws):
    backup = local_aws.client("backup")
    for _ in range(3):
        backup.start_backup_job(BackupVaultName=VAULT, ResourceArn=SYSTEM, IamRoleArn="arn:aws:iam::1:role/r")
    pages = list(backup.get_paginator("list_recovery_points_by_resource").paginate(
        ResourceArn=SYSTEM, PaginationConfig={"PageSize": 2}))
    assert [len(page["RecoveryPoints"]) for page in pages] == [2, 1]
