# SPDX-License-Identifier: Apache-2.0
"""AWS's refusals of what no policy allows, in the words and with the code of each service."""

from __future__ import annotations

import re

from .message import AwsError
from .wire import SERVICES

_CODES = {"ec2": "UnauthorizedOperation", "json": "AccessDeniedException", "rest-json": "AccessDeniedException",
          "query": "AccessDenied", "s3": "AccessDenied"}
_ENCODED = "l0cal" * 12  # what stands for the message that only AWS can decode
_IAM_NAME = re.compile(r"arn:[a-z-]+:iam::\d{12}:(role|user|group|instance-profile)/(.+)")


def denial(service: str, principal_arn: str, action: str, resource: str, reason: str,
           status: int | None = None) -> AwsError:
    """service: whose protocol carries it. resource: an ARN, or "*" or "" for an action that has none."""
    protocol = SERVICES[service].protocol
    text = f"User: {principal_arn} is not authorized to perform: {action}{_on(service, resource)} {reason}"
    if protocol == "ec2":
        text = (f"You are not authorized to perform this operation. {text}. "
                f"Encoded authorization failure message: {_ENCODED}")
    return AwsError(_CODES[protocol], text, status or (400 if protocol == "json" else 403))


def _on(service: str, resource: str) -> str:
    if resource in ("", "*"):
        return ""
    if service == "s3":
        return f' on resource: "{resource}"'
    found = _IAM_NAME.fullmatch(resource) if service == "iam" else None
    if found:  # IAM names its own by kind and name
        resource = f"{found[1].replace('-', ' ')} {found[2].rpartition('/')[2]}"
    return f" on resource: {resource}"
