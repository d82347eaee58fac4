# SPDX-License-Identifier: Apache-2.0
"""Backups of the file system, which outlive the cloud: how many, and until when, before the question and at the end."""

from __future__ import annotations

import datetime
import json

import pytest
from conftest import ACCOUNT, REGION

SETUP = ("setup", "--name", "demo", "--region", REGION, "--skip-preflight", "--yes")
DELETE = ("delete", "demo", "--yes")
VAULT = "aws/efs/automatic-backup-vault"


def day(days: int) -> str:
    return (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=days)).date().isoformat()


@pytest.fixture
def system(cloudctl):
    cloudctl.run(*SETUP)
    return cloudctl.record("demo")["resources"]["file_system_id"]


def back_up(local_aws, system, days=None, vault=VAULT):
    lifecycle = {"Lifecycle": {"DeleteAfterDays": days}} if days else {}
    local_aws.client("backup").start_backup_job(
        BackupVaultName=vault, ResourceArn=f"arn:aws:elasticfilesystem:{REGION}:{ACCOUNT}:file-system/{system}",
        IamRoleArn=f"arn:aws:iam::{ACCOUNT}:role/backup", **lifecycle)


@pytest.mark.parametrize("made, says", [
    ([], None),
    ([(35, VAULT)], "1 backup of {system}, which expires on {35}"),
    ([(35, VAULT), (7, VAULT), (20, "mine")], "3 backups of {system}, which expire from {7} to {35}"),
    ([(None, "mine")], "1 backup of {system}, 1 without an end"),
    ([(None, "mine"), (7, VAULT)], "2 backups of {system}, 1 without an end; the other expires on {7}"),
], ids=["none", "one", "two vaults", "for ever", "both"])
def test_they_are_counted(cloudctl, local_aws, system, made, says):
    for days, vault in made:
        back_up(local_aws, system, days, vault)
    back_up(local_aws, "fs-00000000", 1)  # another's
    plan = json.loads(cloudctl.run("delete", "demo", "--plan", "-o", "json", code=1).stdout)
    stays = {row["kind"]: row["id"] for row in plan["stays"]}
    done = cloudctl.run(*DELETE)
    if says is None:
        assert "backup" not in done.stderr and "backups" not in stays
        return
    text = says.replace("{system}", system).replace("{7}", day(7)).replace("{35}", day(35))
    assert stays["backups"] == text and f"backups: {text}" in " ".join(done.stderr.split())
    assert f" {text}. They stay" in done.stderr and f"file-system/{system} --region {REGION}" in done.stderr


@pytest.mark.parametrize("action", ["ListRecoveryPointsByResource", "ListRecoveryPointsByBackupVault"])
def test_what_is_not_known_is_said(cloudctl, local_aws, system, action):
    back_up(local_aws, system, 7)
    local_aws.faults({"match": f"backup:{action}", "code": "AccessDeniedException", "status": 403})
    done = cloudctl.run(*DELETE)
    assert "how many there are is not known" in done.stderr and f"needs backup:{action}" in done.stderr
    assert "are kept for 35 days" in done.stderr and cloudctl.records() == []
