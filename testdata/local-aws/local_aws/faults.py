# SPDX-License-Identifier: Apache-2.0
"""Fault rules: which requests are disturbed, and how.

A rule with nothing but delay and slow shapes the delivery; every such rule that matches applies (the
longest delay, the first slow). Of the other rules the first one that matches and still has hits left
applies, so two rules with times 1 answer the first and the second request.
"""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass, field, fields
from fnmatch import fnmatchcase

from . import denials
from .actions import iam_action
from .message import AwsError, Request, Response
from .wire import ALIASES

DROPS = ("before", "after", "headers")
_DENIALS = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation")
# Status of a code that brings none; every other code is a 400.
_STATUS = {"RequestLimitExceeded": 503, "SlowDown": 503, "ServiceUnavailable": 503, "Unavailable": 503,
           "InternalError": 500, "InternalFailure": 500, "InternalServerError": 500, "ExpiredToken": 403,
           "InvalidClientTokenId": 403, "SignatureDoesNotMatch": 403, "RequestTimeTooSkewed": 403,
           "AuthFailure": 401, "OperationAborted": 409, "ConditionalRequestConflict": 409,
           "PreconditionFailed": 412, "PermanentRedirect": 301, "NoSuchKey": 404, "NoSuchBucket": 404}
_CODES = {403: "AccessDenied", 429: "ThrottlingException", 503: "ServiceUnavailable"}
_MESSAGES = {"Throttling": "Rate exceeded", "ThrottlingException": "Rate exceeded",
             "RequestLimitExceeded": "Request limit exceeded.",
             "SlowDown": "Please reduce your request rate.",
             "InternalError": "We encountered an internal error. Please try again.",
             "ServiceUnavailable": "Service is unable to handle request."}


@dataclass
class Rule:
    """One rule. delay: seconds. slow: bytes per second. truncate, size: bytes. times None: for ever. raw: all that is sent,
    a character (of Latin-1) a byte."""

    match: str
    times: int | None = None
    skip: int = 0
    status: int | None = None
    code: str | None = None
    message: str | None = None
    body: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drop: str | None = None
    content_type: str | None = None
    truncate: int | None = None
    size: int | None = None
    raw: str | None = None
    slow: int | None = None
    hits: int = 0
    seen: int = 0

    @property
    def shapes_only(self) -> bool:
        return not (self.status or self.code or self.drop or self.content_type or self.headers) and all(
            value is None for value in (self.body, self.truncate, self.size, self.raw))

    @property
    def answers(self) -> bool:
        """Whether the rule answers instead of the service."""
        return bool(self.status or self.code) or self.body is not None


@dataclass
class Plan:
    """What happens to one request. rule: the one that disturbs it, or None."""

    delay: float = 0.0
    slow: int | None = None
    rule: Rule | None = None

    @property
    def raw(self) -> bytes | None:
        return None if self.rule is None or self.rule.raw is None else self.rule.raw.encode("latin-1")

    @property
    def drop(self) -> str | None:
        return self.rule.drop if self.rule else None


class Faults:
    """The list of rules and their counts."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []
        self._lock = threading.Lock()

    def replace(self, rules: object) -> None:
        """Take a new list, as POST /_local/faults has it. Raises ValueError with what is wrong."""
        if not isinstance(rules, list):
            raise ValueError("the body must be a list of rules")
        checked = [_rule(rule) for rule in rules]
        with self._lock:
            self._rules = checked

    def shown(self) -> list[dict]:
        """The rules with their counts (hits: applied; seen: matched)."""
        with self._lock:
            return [asdict(rule) for rule in self._rules]

    def plan(self, service: str, action: str) -> Plan:
        """What happens to this request; counts it."""
        plan = Plan()
        names = _names(service, action)
        with self._lock:
            for rule in self._rules:
                if any(fnmatchcase(name, rule.match) for name in names):
                    self._apply(rule, plan)
        return plan

    @staticmethod
    def _apply(rule: Rule, plan: Plan) -> None:
        if not rule.shapes_only and plan.rule is not None:
            return
        rule.seen += 1
        if rule.seen <= rule.skip or (rule.times is not None and rule.hits >= rule.times):
            return
        rule.hits += 1
        plan.delay = max(plan.delay, rule.delay)
        plan.slow = plan.slow or rule.slow
        if not rule.shapes_only:
            plan.rule = rule


def _names(service: str, action: str) -> set[str]:
    services = {service} | {alias for alias, name in ALIASES.items() if name == service}
    names = {f"{name}:{action}" for name in services}
    return names | {iam_action(service, action)}


def _rule(value: object) -> Rule:
    if not isinstance(value, dict) or not isinstance(value.get("match"), str):
        raise ValueError("each rule is an object with a string \"match\"")
    known = {item.name for item in fields(Rule)} - {"hits", "seen"}
    unknown = set(value) - known - {"hits", "seen"}
    if unknown:
        raise ValueError(f"unknown member {sorted(unknown)[0]!r}; known are {', '.join(sorted(known))}")
    if value.get("drop") not in (None, *DROPS):
        raise ValueError(f"drop is one of {', '.join(DROPS)}")
    for name, kind in _KINDS.items():
        if value.get(name) is not None and not isinstance(value[name], kind):
            raise ValueError(f"{name} has the wrong type: {value[name]!r}")
    if any(character > "\xff" for character in value.get("raw") or ""):
        raise ValueError("raw has a character beyond Latin-1")
    return Rule(**{name: item for name, item in value.items() if name in known})


_KINDS = {"times": int, "skip": int, "status": int, "code": str, "message": str, "body": str, "headers": dict,
          "delay": (int, float), "content_type": str, "truncate": int, "size": int, "raw": str, "slow": int}


def answer(rule: Rule, request: Request) -> Response:
    """The reply of a rule with a body. Raises AwsError for one with a code or a status alone."""
    if rule.body is not None:
        return Response(rule.status or 200, {}, rule.body.encode())
    code = rule.code or _CODES.get(rule.status or 0, "InternalFailure" if (rule.status or 0) >= 500 else "BadRequest")
    if code in _DENIALS and rule.message is None:
        raise denial(request, rule.status)
    raise AwsError(code, rule.message or _MESSAGES.get(code, "A fault was injected."),
                   rule.status or _STATUS.get(code, 400))


def denial(request: Request, status: int | None = None) -> AwsError:
    """AWS's refusal when no policy allows the action, in the words of the service."""
    action = iam_action(request.service, request.action)
    return denials.denial(request.service, request.principal_arn, action, "",
                          f"because no identity-based policy allows the {action} action", status)


def disturb(rule: Rule, response: Response) -> Response:
    """The reply with the rule's headers, content type, size and cut."""
    response.headers.update(rule.headers)
    if rule.content_type is not None:
        response.headers["Content-Type"] = rule.content_type
    if rule.size is not None and len(response.body) < rule.size:
        response.body = response.body.ljust(rule.size)
    if rule.truncate is not None:
        response.body = response.body[:rule.truncate]
    return response
