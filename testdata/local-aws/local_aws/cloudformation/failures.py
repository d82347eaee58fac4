# SPDX-License-Identifier: Apache-2.0
"""Failures of resources: the ones a test asked for, and CloudFormation's wording of every one."""

from __future__ import annotations

import threading
import uuid
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ..authorization.authorizer import Denied
from ..message import AwsError
from .hooks import Refused
from .resources.resource_type import HandlerFailure
from .schema import InvalidProperties
from .stack_policy import DeniedByPolicy

# Beginnings or endings of service error codes -> HandlerErrorCode
HANDLER_CODES = [
    ("AlreadyExists", "AlreadyExists"), ("AlreadyOwnedByYou", "AlreadyExists"), ("Duplicate", "AlreadyExists"),
    ("AccessDenied", "AccessDenied"), ("UnauthorizedOperation", "AccessDenied"),
    ("LimitExceeded", "ServiceLimitExceeded"), ("QuotaExceeded", "ServiceLimitExceeded"),
    ("NotFound", "NotFound"), ("NoSuch", "NotFound"),
    ("Throttl", "Throttling"), ("RequestLimitExceeded", "Throttling"),
    ("Invalid", "InvalidRequest"), ("Malformed", "InvalidRequest"), ("Validation", "InvalidRequest"),
    ("Conflict", "ResourceConflict"), ("InUse", "ResourceConflict"),
]
SERVICE_NAMES = {"ec2": "Ec2", "iam": "Iam", "s3": "S3", "efs": "Efs", "elasticfilesystem": "Efs",
                 "memorydb": "MemoryDb", "kms": "Kms",
                 "secretsmanager": "SecretsManager"}


class Injected(Exception):
    """A failure that POST /_local/fail asked for."""

    def __init__(self, reason: str, code: str):
        super().__init__(reason)
        self.reason = reason
        self.code = code


class Rules:
    """The rules of POST /_local/fail: each lets skip steps pass, and fails as many as times says."""

    MEMBERS = {"type", "logical_id", "when", "reason", "code", "times", "skip"}

    def __init__(self) -> None:
        self._rules: list[dict[str, Any]] = []
        self._lock = threading.Lock()

    def set(self, rules: list[dict[str, Any]]) -> None:
        """Replaces all rules. Raises ValueError for a rule that could never apply."""
        for rule in rules:
            if not isinstance(rule, dict) or not ("type" in rule or "logical_id" in rule):
                raise ValueError("a rule needs type or logical_id")
            unknown = set(rule) - self.MEMBERS
            if unknown or rule.get("when", "create") not in ("create", "update", "delete"):
                raise ValueError(f"a rule has the members {sorted(self.MEMBERS)}, and when is create, update "
                                 "or delete")
        with self._lock:
            self._rules = [dict(rule) for rule in rules]

    def check(self, type_name: str, logical_id: str, when: str) -> None:
        """Raises Injected when a rule says that this resource fails now."""
        with self._lock:
            for rule in self._rules:
                if (rule.get("when", "create") == when and rule.get("type", type_name) == type_name
                        and rule.get("logical_id", logical_id) == logical_id and rule.get("times", 1) > 0):
                    if rule.get("skip", 0) > 0:
                        rule["skip"] -= 1
                        continue
                    if "times" in rule:
                        rule["times"] -= 1
                    raise Injected(rule.get("reason", "Injected failure"),
                                   rule.get("code", "GeneralServiceException"))


def _handler_code(code: str) -> str:
    return next((result for part, result in HANDLER_CODES if part in code), "GeneralServiceException")


def _handler_reason(message: str, code: str) -> str:
    return (f'Resource handler returned message: "{message}" '
            f"(RequestToken: {uuid.uuid4()}, HandlerErrorCode: {code})")


def _service_reason(error: ClientError, service: str) -> str:
    details = error.response["Error"]
    metadata = error.response.get("ResponseMetadata", {})
    message = (f"{details.get('Message', '')} (Service: {service}, Status Code: "
               f"{metadata.get('HTTPStatusCode', 0)}, Request ID: {metadata.get('RequestId', 'null')})")
    return _handler_reason(message, _handler_code(details.get("Code", "")))


def _denied_reason(error: Denied) -> str:
    """What the handler was told when it asked with the caller's permissions."""
    service, action = error.action.split(":")
    code = "UnauthorizedTaggingOperation" if "Tag" in action else "AccessDenied"
    return _handler_reason(f"{error.message} (Service: {SERVICE_NAMES.get(service, service.capitalize())}, "
                           f"Status Code: {error.status}, Request ID: {uuid.uuid4()})", code)


def reason(error: Exception, type_name: str) -> str:
    """The ResourceStatusReason for what a handler raised."""
    if isinstance(error, Denied):
        return _denied_reason(error)
    if isinstance(error, ClientError):
        service = type_name.split("::")[1]
        return _service_reason(error, SERVICE_NAMES.get(service.lower(), service))
    if isinstance(error, Injected):
        ready = error.reason.startswith("Resource handler returned message")
        return error.reason if ready else _handler_reason(error.reason, error.code)
    if isinstance(error, HandlerFailure):
        return _handler_reason(error.message, error.code)
    if isinstance(error, (InvalidProperties, Refused, DeniedByPolicy)):
        return str(error)
    if isinstance(error, AwsError):
        return error.message
    if isinstance(error, BotoCoreError):  # botocore refused the call: the property's value cannot be right
        return _handler_reason(str(error), "InvalidRequest")
    return _handler_reason(f"{type(error).__name__}: {error}", "InternalFailure")
