# SPDX-License-Identifier: Apache-2.0
"""SimulatePrincipalPolicy: the request, the principal's policies out of moto, and the reply.

One EvaluationResult for each action, with a decision for each resource in ResourceSpecificResults (IAM API Reference,
"EvaluationResult"). Members that would change the answer and are not read here are refused.
"""

from __future__ import annotations

import re
from typing import Iterator
from xml.sax.saxutils import escape

from . import identity, identity_policies
from .layer import query_reply
from .message import AwsError, Request, Response
from .simulation import EXPLICIT_DENY, IMPLICIT_DENY, Decision, Source, decide

_UNREAD = ("PolicyInputList", "PermissionsBoundaryPolicyInputList", "PolicyExclusionList", "ResourcePolicy",
           "ResourceOwner", "CallerArn", "ResourceHandlingOption")
_PRINCIPAL = re.compile(r"arn:[a-z-]+:iam::(\d{12}):(user|role|group)/(?:.*/)?([\w+=,.@-]+)")
_ACTION = re.compile(r"[a-z0-9-]+:[A-Za-z0-9*?]+")
_LARGEST_PAGE = 1000


def answer(request: Request) -> Response:
    """The reply, or AwsError."""
    for name in request.parameters:
        if name.split(".")[0] in _UNREAD:
            raise AwsError("InvalidInput", f"The local AWS does not simulate with {name.split('.')[0]}")
    sources, boundary = _policies(request)
    actions = _members(request, "ActionNames")
    if not actions:
        raise AwsError("ValidationError", "1 validation error detected: Value at 'actionNames' failed to satisfy "
                       "constraint: Member must not be null")
    for action in actions:
        if not _ACTION.fullmatch(action):
            raise AwsError("InvalidInput", f"Invalid Action: {action}")
    resources, context = _members(request, "ResourceArns") or ["*"], dict(_context(request))
    start, size = _page(request)
    results = [_result(action, {name: decide(sources, boundary, action, name, context) for name in resources},
                       boundary is not None) for action in actions[start:start + size]]
    more = start + size < len(actions)
    marker = f"<Marker>{start + size}</Marker>" if more else ""
    return query_reply(request, f"<IsTruncated>{str(more).lower()}</IsTruncated>{marker}<EvaluationResults>"
                       f"{''.join(results)}</EvaluationResults>")


def _members(request: Request, name: str) -> list[str]:
    found = []
    while (value := request.parameters.get(f"{name}.member.{len(found) + 1}")) is not None:
        found.append(value)
    return found


def _context(request: Request) -> Iterator[tuple[str, list[str]]]:
    number = 1
    while (name := request.parameters.get(f"ContextEntries.member.{number}.ContextKeyName")) is not None:
        yield name.lower(), _members(request, f"ContextEntries.member.{number}.ContextKeyValues")
        number += 1


def _page(request: Request) -> tuple[int, int]:
    start, size = request.parameters.get("Marker", "0"), request.parameters.get("MaxItems", "100")
    if not start.isdigit() or not size.isdigit() or not 1 <= int(size) <= _LARGEST_PAGE:
        raise AwsError("InvalidInput", "Invalid Marker or MaxItems")
    return int(start), int(size)


def _policies(request: Request) -> tuple[list[Source], Source | None]:
    """The identity policies of the principal, and its boundary."""
    arn = request.parameters.get("PolicySourceArn", "")
    found = _PRINCIPAL.fullmatch(arn)
    if not found or found[1] != request.account:
        raise AwsError("InvalidInput", f"Invalid Entity Arn: {arn}")
    kind, name = found.group(2, 3)
    entity = identity.entity(request.account, kind, name)
    if entity is None or entity.arn != arn:
        raise AwsError("NoSuchEntity", f"The {kind} with name {name} cannot be found.", 404)
    return identity_policies.of_entity(request.account, kind, entity)


def _result(action: str, decisions: dict[str, Decision], bounded: bool) -> str:
    """The whole is the most restrictive of the parts."""
    order = (EXPLICIT_DENY, IMPLICIT_DENY)
    worst = min(decisions.values(), key=lambda one: order.index(one.word) if one.word in order else len(order))
    missing = sorted({key for one in decisions.values() for key in one.missing})
    parts = "".join(
        f"<member><EvalResourceName>{escape(name)}</EvalResourceName><EvalResourceDecision>{one.word}"
        f"</EvalResourceDecision>{_matched(one)}{_missing(sorted(one.missing))}</member>"
        for name, one in decisions.items())
    name = next(iter(decisions)) if len(decisions) == 1 else "*"
    boundary = (f"<PermissionsBoundaryDecisionDetail><AllowedByPermissionsBoundary>{str(worst.bounded).lower()}"
                "</AllowedByPermissionsBoundary></PermissionsBoundaryDecisionDetail>") if bounded else ""
    return (f"<member><EvalActionName>{escape(action)}</EvalActionName><EvalResourceName>{escape(name)}"
            f"</EvalResourceName><EvalDecision>{worst.word}</EvalDecision>{_matched(worst)}{_missing(missing)}{boundary}"
            f"<ResourceSpecificResults>{parts}</ResourceSpecificResults></member>")


def _matched(decision: Decision) -> str:
    rows = (f"<member><SourcePolicyId>{escape(one.name)}</SourcePolicyId><SourcePolicyType>{one.kind}"
            "</SourcePolicyType></member>" for one in decision.matched)
    return f"<MatchedStatements>{''.join(rows)}</MatchedStatements>"


def _missing(keys: list[str]) -> str:
    return f"<MissingContextValues>{''.join(f'<member>{escape(key)}</member>' for key in keys)}</MissingContextValues>"
