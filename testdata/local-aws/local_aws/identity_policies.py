# SPDX-License-Identifier: Apache-2.0
"""The policies that moto's IAM holds for a user, a role or a group."""

from __future__ import annotations

import json
from typing import Iterator

from moto.iam.models import iam_backends

from .partition import NAME
from .simulation import Source


def of_entity(account: str, kind: str, entity) -> tuple[list[Source], Source | None]:
    """The identity policies of a moto user, role or group, those of a user's groups among them, and the boundary."""
    backend = iam_backends[account][NAME]
    sources = list(_attached(kind, entity))
    for group in list(backend.groups.values()) if kind == "user" else ():
        if entity in group.users:
            sources += _attached("group", group)
    return sources, _boundary(backend, entity)


def managed(account: str, arn: str) -> Source | None:
    """A managed policy, the customer's or AWS's own; None when there is none of that ARN."""
    policy = iam_backends[account][NAME].managed_policies.get(arn)
    if policy is None:
        return None
    return Source(policy.name, "aws-managed" if "::aws:" in arn else "user-managed", _document(policy))


def _attached(kind: str, entity) -> Iterator[Source]:
    for name, document in entity.policies.items():
        yield Source(f"{kind}_{entity.name}_{name}", kind, json.loads(document))
    for arn, policy in entity.managed_policies.items():
        yield Source(policy.name, "aws-managed" if "::aws:" in arn else "user-managed", _document(policy))


def _document(policy) -> dict:
    version = next(version for version in policy.versions if version.is_default)
    return version.document if isinstance(version.document, dict) else json.loads(version.document)


def _boundary(backend, entity) -> Source | None:
    arn = getattr(entity, "permissions_boundary_arn", None)
    if not arn:
        return None
    policy = backend.managed_policies.get(arn)
    # A boundary that was deleted allows nothing.
    document = _document(policy) if policy else {"Statement": []}
    return Source(arn.rpartition("/")[2], "user-managed", document)
