# SPDX-License-Identifier: Apache-2.0
"""What becomes of a role or user in resource policies when it is deleted: its unique id stands in place of its ARN.

From the IAM User Guide, "AWS JSON policy elements: Principal": the id does not turn back into an ARN when a role of the
same name is made again, which therefore is not let in.
"""

from __future__ import annotations

import json
from typing import Iterator

from moto.efs.models import efs_backends
from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.s3.models import s3_backends

from .policies import statements


def rename(arn: str, unique_id: str) -> None:
    """Put the id in place of the ARN, in the policies of roles, buckets, keys and file systems of every account."""
    for holder, member in _holders():
        text = getattr(holder, member)
        if text and arn in (text.decode() if isinstance(text, bytes) else text):
            changed = json.dumps(_renamed(json.loads(text), arn, unique_id))
            setattr(holder, member, changed.encode() if isinstance(text, bytes) else changed)


def _holders() -> Iterator[tuple[object, str]]:
    """moto's objects that have a resource policy, and the member that holds its text."""
    for backend in _backends(iam_backends):
        yield from ((role, "assume_role_policy_document") for role in list(backend.roles.values()))
    for backend in _backends(s3_backends):
        yield from ((bucket, "policy") for bucket in list(backend.buckets.values()))
    for backend in _backends(kms_backends):
        yield from ((key, "policy") for key in list(backend.keys.values()))
    for backend in _backends(efs_backends):
        yield from ((system, "file_system_policy") for system in list(backend.file_systems_by_id.values()))


def _backends(of_service) -> Iterator:
    """Those that were used so far."""
    for account in list(of_service.values()):
        yield from list(account.values())


def _renamed(document: dict, arn: str, unique_id: str) -> dict:
    def one(value):
        return unique_id if value == arn else value
    for statement in statements(document):
        for member in ("Principal", "NotPrincipal"):
            names = statement.get(member)
            if isinstance(names, dict) and "AWS" in names:
                value = names["AWS"]
                names["AWS"] = [one(item) for item in value] if isinstance(value, list) else one(value)
    return document
