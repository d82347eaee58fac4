# SPDX-License-Identifier: Apache-2.0
"""Services of which a few operations are asked for: STS, KMS, Service Quotas, Secrets Manager, AWS Backup."""

from __future__ import annotations

from ..demand import Demand

Row = tuple[Demand, ...]

_KEY = {"kms:CallerAccount": "{account}"}
_KMS = """
    GetKeyPolicy PutKeyPolicy GetKeyRotationStatus EnableKeyRotation DisableKeyRotation EnableKey DisableKey
    ScheduleKeyDeletion CancelKeyDeletion CreateGrant ListResourceTags UpdateKeyDescription
"""
_KMS_BY_ALIAS = "DescribeKey Encrypt Decrypt GenerateDataKey GenerateDataKeyWithoutPlaintext"

# Whoever has keys may ask who he is and for a session of his own: no policy can forbid it.
STS: dict[str, Row] = {
    "GetCallerIdentity": (), "GetSessionToken": (),
    "AssumeRoleWithWebIdentity": (), "AssumeRoleWithSAML": (),
    "GetAccessKeyInfo": (Demand("sts:GetAccessKeyInfo"),),
    "DecodeAuthorizationMessage": (Demand("sts:DecodeAuthorizationMessage"),),
    "AssumeRole": (Demand("sts:AssumeRole", "{RoleArn}", tagged=True, context={
        "sts:ExternalId": "{ExternalId}", "sts:RoleSessionName": "{RoleSessionName}",
        "sts:SourceIdentity": "{SourceIdentity}"}),
        Demand("sts:TagSession", "{RoleArn}", when="tags", tagged=True)),
}
KMS: dict[str, Row] = {
    **{name: (Demand(f"kms:{name}", "{KeyArn}", context=_KEY),) for name in _KMS.split()},
    **{name: (Demand(f"kms:{name}", "{KeyArn}", context=_KEY | {"kms:RequestAlias": "{RequestAlias}"}),)
       for name in _KMS_BY_ALIAS.split()},
    "CreateKey": (Demand("kms:CreateKey", tagged=True),
                  Demand("kms:TagResource", "key/*", when="tags", tagged=True)),
    "ListKeys": (Demand("kms:ListKeys"),), "ListAliases": (Demand("kms:ListAliases"),),
    "CreateAlias": (Demand("kms:CreateAlias", "{AliasName}"), Demand("kms:CreateAlias", "{TargetKeyArn}")),
}
QUOTAS: dict[str, Row] = {
    "GetServiceQuota": (Demand("servicequotas:GetServiceQuota", "{ServiceCode}/{QuotaCode}",
                               context={"servicequotas:service": "{ServiceCode}"}),),
    **{name: (Demand(f"servicequotas:{name}"),)
       for name in ("GetAWSDefaultServiceQuota", "ListServiceQuotas", "ListAWSDefaultServiceQuotas", "ListServices")},
}
SECRETS: dict[str, Row] = {
    "CreateSecret": (Demand("secretsmanager:CreateSecret", "secret:{Name}-*", tagged=True),
                     Demand("secretsmanager:TagResource", "secret:{Name}-*", when="tags", tagged=True)),
    "GetRandomPassword": (Demand("secretsmanager:GetRandomPassword"),),
    "ListSecrets": (Demand("secretsmanager:ListSecrets"),),
}
BACKUP: dict[str, Row] = {
    "ListRecoveryPointsByResource": (Demand("backup:ListRecoveryPointsByResource"),),
    "ListRecoveryPointsByBackupVault": (
        Demand("backup:ListRecoveryPointsByBackupVault", "backup-vault:{backupVaultName}"),),
    "StartBackupJob": (Demand("backup:StartBackupJob", "backup-vault:{BackupVaultName}"),),
}

TABLES = {"backup": BACKUP, "sts": STS, "kms": KMS, "servicequotas": QUOTAS, "secretsmanager": SECRETS}
