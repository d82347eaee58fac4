# SPDX-License-Identifier: Apache-2.0
"""Whether a caller may do one thing to one resource, by all policies together, and AWS's words for why not.

IAM User Guide, "Policy evaluation logic", for one account and across accounts, and "Troubleshoot access denied error
messages" for the words. Pure. Service control policies, resource control policies and the policies of VPC endpoints
are not here: the local AWS has no organisation and no endpoint that a request passes.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..partition import ARN
from ..policies import principals
from ..simulation import Question, Source, applying, matching
from .resources import ResourcePolicy


@dataclass(frozen=True)
class Grants:
    """All that speaks for and against a caller on his own side. session: None when no session policy narrows him."""

    identity: list[Source]
    boundary: Source | None
    session: tuple[Source, ...]


@dataclass(frozen=True)
class Party:
    """A caller as a resource's policy may name him. arn: the user or the session; role_arn: the role of a session."""

    account: str
    arn: str
    role_arn: str


@dataclass(frozen=True)
class Verdict:
    """reason: "" when allowed, else "because no …" or "with an explicit deny …"."""

    allowed: bool
    reason: str = ""


# How far an Allow of a resource's policy goes: it names the caller himself; his role, or everyone; his account.
_HIMSELF, _ROLE, _ACCOUNT, _NOT = 3, 2, 1, 0


def judge(question: Question, party: Party, grants: Grants, policy: ResourcePolicy | None, owner: str,
          ours: bool = True) -> Verdict:
    """owner: the account of the resource. ours False: only the resource's policy is asked, the caller's own are not."""
    denied = _denied(question, party, grants, policy, ours)
    if denied:
        return Verdict(False, f"with an explicit deny in a{'n' if denied[0] in 'aeiou' else ''} {denied}")
    granted = _granted(question, party, policy)
    if owner != party.account or (policy and policy.needed):
        if not granted:
            return _lacking(question, policy.noun if policy else "resource-based policy")
    if not ours:
        return Verdict(True)
    identity = bool(matching(grants.identity, "Allow", question))
    if owner == party.account and granted == _HIMSELF:
        return Verdict(True)
    if not identity and not (owner == party.account and granted == _ROLE):
        return _lacking(question, "identity-based policy")
    if grants.boundary and not matching([grants.boundary], "Allow", question):
        return _lacking(question, "permissions boundary")
    if grants.session and not matching(list(grants.session), "Allow", question):
        return _lacking(question, "session policy")
    return Verdict(True)


def _lacking(question: Question, noun: str) -> Verdict:
    return Verdict(False, f"because no {noun} allows the {question.action} action")


def _denied(question: Question, party: Party, grants: Grants, policy: ResourcePolicy | None, ours: bool) -> str:
    """The kind of policy that denies, or ""."""
    if policy and any(_names(statement, party) for statement in applying(policy.document, "Deny", question)):
        return policy.noun
    own = (("identity-based policy", grants.identity),
           ("permissions boundary", [grants.boundary] if grants.boundary else []),
           ("session policy", list(grants.session)))
    return next((noun for noun, sources in own if ours and matching(sources, "Deny", question)), "")


def _granted(question: Question, party: Party, policy: ResourcePolicy | None) -> int:
    if policy is None:
        return _NOT
    return max((_names(statement, party) for statement in applying(policy.document, "Allow", question)), default=_NOT)


def _names(statement: dict, party: Party) -> int:
    """How closely a statement's Principal names the caller."""
    levels = [_level(kind, name, party) for kind, name in principals(statement)]
    if "NotPrincipal" in statement:
        return _NOT if any(levels) else _ROLE
    return max(levels, default=_NOT)


def _level(kind: str, name: str, party: Party) -> int:
    if kind != "AWS":
        return _NOT
    if name == party.arn:
        return _HIMSELF
    if name == "*" or (party.role_arn and name == party.role_arn):
        return _ROLE
    return _ACCOUNT if name in (party.account, f"{ARN}iam::{party.account}:root") else _NOT
