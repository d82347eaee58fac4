# SPDX-License-Identifier: Apache-2.0
"""The three messages that the parts of the local AWS exchange.

A Request is what the front made of one HTTP request, a Response is what goes back, and an AwsError is
an AWS error that the front renders in the error shape of the service's protocol. Nothing here knows
HTTP servers, moto or any single service.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Request:
    """One AWS request, after its protocol was recognised.

    service:       name as IAM spells it ("ec2", "iam", "s3", "elasticfilesystem", "memorydb", ...)
    action:        operation name ("DescribeVpcs")
    parameters:    query and ec2 services: the flat form ("Filter.1.Name" -> "vpc-id");
                   JSON services: the parsed object; REST services: labels, query and JSON members
    region:        the region of the credential scope (IAM: its partition's)
    account:       the caller's twelve digits
    principal_arn: the caller as GetCallerIdentity names it; empty when unknown
    principal:     the caller, an identity.Principal
    path, query:   the raw target as received, split at the first "?"
    headers:       lower-case name -> value; repeated headers joined with ","
    """

    service: str
    action: str
    parameters: dict[str, Any]
    region: str
    account: str
    access_key: str
    principal_arn: str
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    request_id: str
    principal: Any = field(default=None, repr=False)


@dataclass
class Response:
    """One reply. Content-Length, Date, Connection and the request-id headers are added by the front."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class AwsError(Exception):
    """An AWS error; the front renders it in the protocol of the service that was called.

    extra: members beside code and message that some services put into the error (S3: Region,
    BucketName; EFS: FileSystemId). headers: reply headers beside the usual ones.
    """

    def __init__(self, code: str, message: str, status: int = 400,
                 extra: dict[str, str] | None = None, headers: dict[str, str] | None = None):
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.extra = extra or {}
        self.headers = headers or {}
