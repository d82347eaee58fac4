# SPDX-License-Identifier: Apache-2.0
"""Policy documents: whether one is well formed, whom it names, and whether it is public.

Only what AWS refuses when a policy is stored. Deciding what a policy allows is no business of this file.
"""

from __future__ import annotations

import json
import re
from typing import Any, Callable, Iterator

from .partition import ARN

_VERSIONS = ("2008-10-17", "2012-10-17")
_ACCOUNT = re.compile(r"\d{12}")
_PRINCIPAL = re.compile(r"arn:[a-z-]+:(iam|sts)::(\d{12}):(root|(user|role|assumed-role|federated-user)/(.+))")
_UNIQUE_ID = re.compile(r"A(?:IDA|ROA)[A-Z0-9]{12,}")
_SERVICE = re.compile(r"[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|amazon\.com|internal)")
# A statement for everyone is not public when it is bound to one of these (Amazon S3 User Guide, "The
# meaning of public").
_BINDING_KEYS = frozenset((
    "aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn", "aws:sourcearn",
    "aws:sourcevpc", "aws:sourcevpce", "aws:sourceowner", "aws:sourceaccount", "aws:userid", "aws:sourceip",
    "s3:dataaccesspointarn", "s3:dataaccesspointaccount", "s3:x-amz-server-side-encryption-aws-kms-key-id"))

# exists(account, kind, name): whether a role or user is there; None when the account is not ours to know.
Exists = Callable[[str, str, str], bool | None]


class Malformed(Exception):
    """A document that AWS does not store; the message says why."""


def parse(text: str) -> dict:
    """The document. Raises Malformed when it is no JSON object with good statements."""
    if not text.lstrip().startswith("{"):
        raise Malformed("This policy contains invalid Json")
    try:
        document = json.loads(text, object_pairs_hook=_without_duplicates)
    except ValueError:
        raise Malformed("This policy contains invalid Json") from None
    if document.get("Version", _VERSIONS[0]) not in _VERSIONS:
        raise Malformed("The policy must contain a valid version string")
    if not document.get("Statement"):
        raise Malformed("Missing required field Statement")
    for statement in statements(document):
        if not isinstance(statement, dict) or statement.get("Effect") not in ("Allow", "Deny"):
            raise Malformed("Missing required field Effect")
        if ("Action" in statement) == ("NotAction" in statement):
            raise Malformed("Missing required field Action")
    return document


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("duplicate key")
    return dict(pairs)


def statements(document: dict) -> list:
    """The statements, one or many."""
    value = document["Statement"]
    return value if isinstance(value, list) else [value]


def listed(value: Any) -> list:
    """A value that may be a string or a list of strings."""
    return value if isinstance(value, list) else [value]


def principals(statement: dict) -> Iterator[tuple[str, str]]:
    """(kind, value) of each principal; the bare "*" is ("AWS", "*")."""
    value = statement.get("Principal", statement.get("NotPrincipal"))
    if isinstance(value, str):
        yield "AWS", value
    elif isinstance(value, dict):
        for kind, names in value.items():
            for name in listed(names):
                yield kind, name


def check_principals(document: dict, exists: Exists) -> None:
    """Raises Malformed unless every statement names principals that AWS would store."""
    for statement in statements(document):
        named = list(principals(statement))
        if not named:
            raise Malformed("Missing required field Principal")
        for kind, name in named:
            if not isinstance(name, str) or not _storable(kind, name, exists):
                raise Malformed(f"Invalid principal in policy: \"{kind}\":\"{name}\"")


def _storable(kind: str, name: str, exists: Exists) -> bool:
    if kind == "Service":
        return bool(_SERVICE.fullmatch(name))
    if kind == "Federated":
        return name.startswith(ARN + "iam::") or "." in name
    if kind == "CanonicalUser":
        return bool(re.fullmatch(r"[0-9a-f]{64}", name))
    if kind != "AWS":
        return False
    if name == "*" or _ACCOUNT.fullmatch(name):
        return True
    if _UNIQUE_ID.fullmatch(name):
        return False
    found = _PRINCIPAL.fullmatch(name)
    if not found or "*" in name or "?" in name:
        return False
    if found[4] not in ("role", "user"):
        return True
    return exists(found[2], found[4], found[5].rpartition("/")[2]) is not False


def check_trust(text: str, exists: Exists) -> dict:
    """A role's trust policy. Raises Malformed."""
    document = parse(text)
    for statement in statements(document):
        if "Resource" in statement or "NotResource" in statement:
            raise Malformed("Has prohibited field Resource")
        for action in listed(statement.get("Action", statement.get("NotAction"))):
            if not isinstance(action, str) or not re.fullmatch(r"(sts|STS):.+|\*", action):
                raise Malformed("AssumeRole policy may only specify STS AssumeRole actions.")
    check_principals(document, exists)
    return document


def is_public(document: dict) -> bool:
    """Whether a bucket policy lets everyone in, as S3's Block Public Access sees it."""
    return any(statement["Effect"] == "Allow" and ("NotPrincipal" in statement or ("AWS", "*") in
               list(principals(statement))) and not _bound(statement) for statement in statements(document))


def _bound(statement: dict) -> bool:
    for operator, keys in (statement.get("Condition") or {}).items():
        if "Not" in operator or operator.endswith("IfExists") or operator == "Null":
            continue
        for key, values in keys.items():
            fixed = all("*" not in str(value) and str(value) not in ("0.0.0.0/0", "::/0") for value in listed(values))
            if key.lower() in _BINDING_KEYS and fixed:
                return True
    return False
