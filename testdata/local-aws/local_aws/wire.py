# SPDX-License-Identifier: Apache-2.0
"""Which service and operation an HTTP request addresses, and its parameters.

All services share one loopback endpoint, so the service is told by X-Amz-Target (JSON), by the form's
Version (query, EC2), by the path (EFS, S3 Control), and is S3, path style, otherwise. Pure functions; nothing here
checks who is calling.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl

from . import rest
from .message import AwsError


@dataclass(frozen=True)
class Service:
    """name: the SigV4 name. moto: moto's module. marker: target prefix, API version or path prefix."""

    name: str
    protocol: str
    moto: str
    marker: str
    namespace: str = ""


SERVICES = {row.name: row for row in (
    Service("ec2", "ec2", "ec2", "2016-11-15", "http://ec2.amazonaws.com/doc/2016-11-15/"),
    Service("iam", "query", "iam", "2010-05-08", "https://iam.amazonaws.com/doc/2010-05-08/"),
    Service("sts", "query", "sts", "2011-06-15", "https://sts.amazonaws.com/doc/2011-06-15/"),
    Service("cloudformation", "query", "", "2010-05-15", "http://cloudformation.amazonaws.com/doc/2010-05-15/"),
    Service("elasticloadbalancing", "query", "elbv2", "2015-12-01",
            "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"),
    Service("elasticfilesystem", "rest-json", "efs", "/2015-02-01/"),
    Service("backup", "rest-json", "backup", "/backup-vaults/"),
    Service("memorydb", "json", "memorydb", "AmazonMemoryDB"),
    Service("servicequotas", "json", "service-quotas", "ServiceQuotasV20190624"),
    Service("secretsmanager", "json", "secretsmanager", "secretsmanager"),
    Service("ssm", "json", "ssm", "AmazonSSM"),
    Service("kms", "json", "kms", "TrentService"),
    Service("acm", "json", "acm", "CertificateManager"),
    Service("logs", "json", "logs", "Logs_20140328"),
    Service("dynamodb", "json", "dynamodb", "DynamoDB_20120810"),
    Service("tagging", "json", "resourcegroupstaggingapi", "ResourceGroupsTaggingAPI_20170126"),
    Service("ecr", "json", "ecr", "AmazonEC2ContainerRegistry_V20150921"),
    Service("s3", "s3", "s3", "/"),
)}

# S3's settings of a whole account: the same service to IAM and SigV4, under a path and with errors of its own.
S3_CONTROL = replace(SERVICES["s3"], protocol="s3-control", marker="/v20180820/")

# Names that people and SDKs use for a service beside its SigV4 name.
ALIASES = {"efs": "elasticfilesystem", "elbv2": "elasticloadbalancing", "service-quotas": "servicequotas"}

_BY_MARKER = {row.marker: row for row in SERVICES.values()}
# Operations of S3 Control under IAM's names, since S3 has operations of the same names for buckets.
_OF_AN_ACCOUNT = {f"{verb}PublicAccessBlock": f"{verb}AccountPublicAccessBlock" for verb in ("Get", "Put", "Delete")}
_FORM = "application/x-www-form-urlencoded"


@dataclass
class Raw:
    """One HTTP request as received. target is the raw request target; arrived is time.monotonic()."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    arrived: float = 0.0
    path: str = field(init=False)
    query: str = field(init=False)

    def __post_init__(self) -> None:
        self.path, _, self.query = self.target.partition("?")


@dataclass
class Addressed:
    """What a request addresses; action is empty when the service has no such operation."""

    service: Service
    action: str
    parameters: dict


def address(raw: Raw) -> Addressed:
    """The service, operation and parameters of a request. Raises AwsError when its body is unreadable."""
    target = raw.headers.get("x-amz-target")
    if target is not None:
        return _address_json(raw, target)
    if raw.headers.get("content-type", "").startswith(_FORM) and raw.method == "POST":
        return _address_form(raw, raw.body.decode("utf-8", "replace"))
    if raw.path == "/" and "Action=" in raw.query:
        return _address_form(raw, raw.query)
    if raw.path.startswith(S3_CONTROL.marker):
        action, parameters = rest.match("s3control", raw.method, raw.path, raw.query, raw.headers)
        return Addressed(S3_CONTROL, _OF_AN_ACCOUNT.get(action, ""), parameters)
    name = _of_rest(raw)
    action, parameters = rest.match(name, raw.method, raw.path, raw.query, raw.headers)
    service = SERVICES[name]
    if service.protocol == "rest-json" and raw.body:
        parameters.update(_json_object(raw.body, service))
    return Addressed(service, action, parameters)


def _of_rest(raw: Raw) -> str:
    """Paths of AWS Backup might be a bucket's, so the signature's scope tells it."""
    if raw.path.startswith("/2015-02-01/"):
        return "elasticfilesystem"
    return "backup" if "/backup/aws4_request" in raw.headers.get("authorization", "") else "s3"


def _address_json(raw: Raw, target: str) -> Addressed:
    prefix, _, action = target.rpartition(".")
    service = _BY_MARKER.get(prefix)
    if service is None or service.protocol != "json":
        raise WireError(SERVICES["memorydb"], "UnknownOperationException", "")
    return Addressed(service, action, _json_object(raw.body or b"{}", service))


def _address_form(raw: Raw, text: str) -> Addressed:
    form = dict(parse_qsl(text, keep_blank_values=True))
    for name in [name for name in form if name.startswith("X-Amz-")]:
        del form[name]
    action, version = form.pop("Action", ""), form.pop("Version", "")
    service = _BY_MARKER.get(version)
    if service is None or service.protocol not in ("ec2", "query"):
        message = f"Could not find operation {action} for version {version or 'NO_VERSION_SPECIFIED'}"
        raise WireError(SERVICES["sts"], "InvalidAction", message)
    return Addressed(service, action, form)


def _json_object(body: bytes, service: Service) -> dict:
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise WireError(service, "SerializationException", "Start of structure or map found where not expected.")
    return value


class WireError(AwsError):
    """A request so broken that only the service, or not even that, is known."""

    def __init__(self, service: Service, code: str, message: str):
        super().__init__(code, message, 400)
        self.service = service
