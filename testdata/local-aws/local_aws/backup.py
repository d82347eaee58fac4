# SPDX-License-Identifier: Apache-2.0
"""AWS Backup: recovery points of resources, which outlive them. A backup is complete as soon as it is asked for."""

from __future__ import annotations

import itertools
import time

from .layer import Layer
from .message import AwsError, Request, Response
from .partition import ARN

_DAY = 24 * 60 * 60
_AUTOMATIC = "aws/efs/automatic-backup-vault"
_OF_RESOURCE = ("RecoveryPointArn", "CreationDate", "Status", "BackupSizeBytes", "BackupVaultName", "IsParent")


class Backup(Layer):
    service = "backup"
    actions = {"StartBackupJob": "start", "ListRecoveryPointsByResource": "by_resource",
               "ListRecoveryPointsByBackupVault": "by_vault"}

    def reset(self) -> None:
        self._points: dict[tuple[str, str], list[dict]] = {}
        self._numbers = itertools.count(1)

    def start(self, request: Request) -> Response:
        """Lifecycle.DeleteAfterDays; without it the recovery point stays for ever."""
        arn, number = request.parameters["ResourceArn"], next(self._numbers)
        days = (request.parameters.get("Lifecycle") or {}).get("DeleteAfterDays")
        point = {"RecoveryPointArn": f"{ARN}backup:{request.region}:{request.account}:recovery-point:{number:08x}",
                 "BackupVaultName": request.parameters.get("BackupVaultName", _AUTOMATIC), "ResourceArn": arn,
                 "ResourceType": "EFS", "CreationDate": time.time(), "Status": "COMPLETED", "BackupSizeBytes": 1024,
                 "IsParent": False, "Lifecycle": {"DeleteAfterDays": days} if days else {},
                 "CalculatedLifecycle": {"DeleteAt": time.time() + days * _DAY} if days else {}}
        self._of(request).append(point)
        return self.json({"BackupJobId": f"job-{number}", "RecoveryPointArn": point["RecoveryPointArn"],
                          "CreationDate": point["CreationDate"]})

    def by_resource(self, request: Request) -> Response:
        found = [point for point in self._of(request) if point["ResourceArn"] == request.parameters["resourceArn"]]
        return self._page(request, [{name: point[name] for name in _OF_RESOURCE} for point in found])

    def by_vault(self, request: Request) -> Response:
        name = request.parameters["backupVaultName"]
        found = [point for point in self._of(request) if point["BackupVaultName"] == name]
        if not found and name != _AUTOMATIC:
            raise AwsError("ResourceNotFoundException", f"Backup vault {name} does not exist.")
        wanted = request.parameters.get("ByResourceArn")
        return self._page(request, [point for point in found if wanted in (None, point["ResourceArn"])])

    def _page(self, request: Request, points: list[dict]) -> Response:
        """As many as are wanted, or 1,000; the token is where the next page begins."""
        most = int(request.parameters.get("MaxResults", 1000))
        start = int(request.parameters.get("NextToken", 0))
        more = {"NextToken": str(start + most)} if start + most < len(points) else {}
        return self.json({"RecoveryPoints": points[start:start + most], **more})

    def _of(self, request: Request) -> list[dict]:
        return self._points.setdefault((request.account, request.region), [])
