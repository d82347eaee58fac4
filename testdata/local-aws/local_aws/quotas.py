# SPDX-License-Identifier: Apache-2.0
"""Service Quotas: AWS's default values, and per account and region what a test has set."""

from __future__ import annotations

from .layer import Layer
from .memorydb import page
from .message import AwsError, Request, Response
from .partition import ARN

SERVICE_NAMES = {
    "vpc": "Amazon Virtual Private Cloud (Amazon VPC)", "ec2": "Amazon Elastic Compute Cloud (Amazon EC2)",
    "elasticfilesystem": "Amazon Elastic File System (EFS)", "s3": "Amazon Simple Storage Service (Amazon S3)",
    "cloudformation": "AWS CloudFormation", "iam": "AWS Identity and Access Management (IAM)",
    "memorydb": "Amazon MemoryDB",
}

# (service, code, name, default value)
QUOTAS = (
    ("vpc", "L-F678F1CE", "VPCs per Region", 5.0),
    ("vpc", "L-A4707A72", "Internet gateways per Region", 5.0),
    ("vpc", "L-1B52E74A", "Gateway VPC endpoints per Region", 20.0),
    ("vpc", "L-FE5A380F", "NAT gateways per Availability Zone", 5.0),
    ("vpc", "L-407747CB", "Subnets per VPC", 200.0),
    ("vpc", "L-E79EC296", "VPC security groups per Region", 2500.0),
    ("vpc", "L-0EA8095F", "Inbound or outbound rules per security group", 60.0),
    ("vpc", "L-2AFB9258", "Security groups per network interface", 5.0),
    ("vpc", "L-DF5E4CA3", "Network interfaces per Region", 5000.0),
    ("ec2", "L-0263D0A3", "EC2-VPC Elastic IPs", 5.0),
    ("ec2", "L-1216C47A", "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 5.0),
    ("ec2", "L-34B43A08", "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests", 5.0),
    ("ec2", "L-DB2E81BA", "Running On-Demand G and VT instances", 0.0),
    ("ec2", "L-417A185B", "Running On-Demand P instances", 0.0),
    ("elasticfilesystem", "L-848C634D", "File systems per account", 1000.0),
    ("s3", "L-DC2B2D3D", "General purpose buckets", 10000.0),
    ("cloudformation", "L-0485CB21", "Stack count", 2000.0),
    ("iam", "L-FE177D64", "Roles per account", 1000.0),
)


class ServiceQuotas(Layer):
    service = "servicequotas"
    actions = {
        "GetServiceQuota": "get_service_quota", "GetAWSDefaultServiceQuota": "get_default",
        "ListServiceQuotas": "list_service_quotas", "ListAWSDefaultServiceQuotas": "list_defaults",
        "ListServices": "list_services",
    }

    def reset(self) -> None:
        self._set: list[dict] = []

    def set(self, rows: object) -> list[dict]:
        """POST /_local/quotas: [{"service", "code", "value", "account"?, "region"?}]; later rows win.

        value null makes GetServiceQuota answer NoSuchResourceException. Raises ValueError.
        """
        if not isinstance(rows, list):
            raise ValueError("the body must be a list of quotas")
        for row in rows:
            if not isinstance(row, dict) or not {"service", "code", "value"} <= set(row) \
                    or not set(row) <= {"service", "code", "value", "account", "region"}:
                raise ValueError("a quota has service, code, value and may have account and region")
        self._set = rows
        return rows

    def _rows(self, request: Request, applied: bool) -> list[dict]:
        service = request.parameters.get("ServiceCode", "")
        if service not in SERVICE_NAMES:
            raise _missing()
        rows = []
        for _service, code, name, value in (row for row in QUOTAS if row[0] == service):
            value = self._value(request, service, code, value) if applied else value
            if value is not None:
                rows.append(_quota(request, service, code, name, value))
        return rows

    def _value(self, request: Request, service: str, code: str, value: float) -> float | None:
        row = self._row(request, service, code)
        return row["value"] if row else value

    def _row(self, request: Request, service: str, code: str) -> dict | None:
        """What a test has set."""
        return next((row for row in reversed(self._set) if (row["service"], row["code"]) == (service, code)
                     and row.get("account") in (None, request.account)
                     and row.get("region") in (None, request.region)), None)

    def limit(self, request: Request, service: str, code: str) -> float | None:
        """The value that a test has set, for those who keep to it; None when none has."""
        row = self._row(request, service, code)
        return row["value"] if row else None

    def get_service_quota(self, request: Request) -> Response:
        return self._one(request, True)

    def get_default(self, request: Request) -> Response:
        return self._one(request, False)

    def _one(self, request: Request, applied: bool) -> Response:
        code = request.parameters.get("QuotaCode", "")
        for row in self._rows(request, applied):
            if row["QuotaCode"] == code:
                return self.json({"Quota": row})
        raise _missing()

    def list_service_quotas(self, request: Request) -> Response:
        return self.json(page(request, "Quotas", self._rows(request, True)))

    def list_defaults(self, request: Request) -> Response:
        return self.json(page(request, "Quotas", self._rows(request, False)))

    def list_services(self, request: Request) -> Response:
        rows = [{"ServiceCode": code, "ServiceName": name} for code, name in SERVICE_NAMES.items()]
        return self.json(page(request, "Services", rows))


def _missing() -> AwsError:
    return AwsError("NoSuchResourceException",
                    "The request failed because the specified service or quota does not exist.")


def _quota(request: Request, service: str, code: str, name: str, value: float) -> dict:
    return {"ServiceCode": service, "ServiceName": SERVICE_NAMES[service], "QuotaCode": code, "QuotaName": name,
            "QuotaArn": f"{ARN}servicequotas:{request.region}:{request.account}:{service}/{code}",
            "Value": value, "Unit": "None", "Adjustable": True, "GlobalQuota": service == "iam",
            "QuotaAppliedAtLevel": "ACCOUNT"}
