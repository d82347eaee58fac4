# SPDX-License-Identifier: Apache-2.0
"""Whose access key it is.

The keys live in moto's IAM and STS: those of the two test administrators are put there by seed(), the
others by CreateAccessKey and AssumeRole. Secrets leave this module only towards the signature check.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from .environment import DEFAULT_ACCOUNT, SECOND_ACCOUNT
from .partition import ARN, HOME, NAME
from .simulation import Source

ADMINISTRATOR = "local-admin"
_SEEDS = (
    (DEFAULT_ACCOUNT, "AKIALOCALAWS00000001", "local-aws-secret-not-for-production-use"),
    (SECOND_ACCOUNT, "AKIALOCALAWS00000002", "local-aws-second-account-secret-value"),
)
_EVERYTHING = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'


@dataclass(frozen=True)
class Principal:
    """The owner of an access key. For sessions only: token, expires (UTC without a zone), role_arn, and the policies
    that AssumeRole was given, which narrow what the role may."""

    account: str
    arn: str
    user_id: str
    access_key: str
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)
    expires: datetime | None = None
    role_arn: str = ""
    session_policies: tuple[Source, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()


def seed() -> None:
    """Put the test administrators into an empty IAM."""
    for account, access_key, secret in _SEEDS:
        backend = iam_backends[account][NAME]
        user = backend.create_user(HOME, ADMINISTRATOR)
        user.policies["administrator"] = _EVERYTHING
        key = user.create_access_key(prefix="AKIA")
        key.access_key_id, key.secret_access_key = access_key, secret
        backend.access_keys[access_key] = key


def find(access_key: str) -> Principal | None:
    """The owner, or None when no active key has that id."""
    for account in list(iam_backends):
        key = iam_backends[account][NAME].access_keys.get(access_key)
        if key is None:
            continue
        session = sts_backends[account][NAME].get_assumed_role_from_access_key(access_key)
        if session is not None:
            return Principal(account, session.arn, session.user_id, access_key, key.secret_access_key,
                             session.session_token, session.expiration, session.role_arn,
                             getattr(session, "session_policies", ()), getattr(session, "session_tags", ()))
        return _user(account, key)
    return None


def _user(account: str, key) -> Principal | None:
    user = iam_backends[account][NAME].users.get(key.user_name)
    if key.status != "Active" or user is None:
        return None
    return Principal(account, user.arn, user.id, key.access_key_id, key.secret_access_key)


def administrator(account: str) -> Principal:
    """Who acts in an account when the server itself does."""
    for seeded, access_key, secret in _SEEDS:
        if seeded == account:
            return Principal(account, f"{ARN}iam::{account}:user/{ADMINISTRATOR}", ADMINISTRATOR, access_key,
                             secret)
    return Principal(account, f"{ARN}iam::{account}:root", account, "", "")


def entity(account: str, kind: str, name: str):
    """moto's user, role or group of that name, or None."""
    if account not in iam_backends:
        return None
    backend = iam_backends[account][NAME]
    table = {"user": backend.users, "role": backend.roles, "group": backend.groups}[kind]
    return next((item for item in list(table.values()) if item.name == name), None)


def narrow(access_key: str, policies: tuple[Source, ...], tags: tuple[tuple[str, str], ...]) -> None:
    """Give a session that was just made its policies and tags."""
    for account in list(iam_backends):
        session = sts_backends[account][NAME].get_assumed_role_from_access_key(access_key)
        if session is not None:
            session.session_policies, session.session_tags = policies, tags


def known(account: str, kind: str, name: str) -> bool | None:
    """Whether the account has the role or user (kind "role" or "user"); None for accounts not served here."""
    if account not in iam_backends:
        return None
    backend = iam_backends[account][NAME]
    if kind == "user":
        return name in backend.users
    return any(role.name == name for role in list(backend.roles.values()))


def inline_policies(account: str, role_name: str) -> dict[str, str]:
    """The inline policies of a role, name to document; empty when there is no such role."""
    roles = list(iam_backends[account][NAME].roles.values())
    role = next((role for role in roles if role.name == role_name), None)
    return dict(role.policies) if role else {}
