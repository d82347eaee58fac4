# SPDX-License-Identifier: Apache-2.0
"""What policies allow, for SimulatePrincipalPolicy and for enforcement: IAM User Guide, "Policy evaluation logic".

Pure, and written apart from the program's own evaluator, which it helps to test. decide() is about identity policies
and a boundary alone; with resource policies and session policies it is authorization/verdict.py. No organisation.
"""

from __future__ import annotations

import fnmatch
import ipaddress
import re
from dataclasses import dataclass, field
from datetime import datetime, timezone

from .policies import listed, statements

ALLOWED, EXPLICIT_DENY, IMPLICIT_DENY = "allowed", "explicitDeny", "implicitDeny"
_ASTERISK = "\ue000"  # in a pattern: a "*" that stands for itself, written ${*}
_VARIABLE = re.compile(r"\$\{([^}]*)\}")


@dataclass(frozen=True)
class Source:
    """A policy: its id and type as the simulator names them, and its document."""

    name: str
    kind: str
    document: dict


@dataclass
class Decision:
    """allowed, explicitDeny or implicitDeny, whether the boundary allows, the sources that decided, and the context keys
    that nobody gave."""

    word: str
    bounded: bool
    matched: list[Source]
    missing: list[str]


@dataclass
class Question:
    """One action on one resource. context: lower-case key -> values. variables: whether the document that is looked
    at has policy variables: those of an older version than 2012-10-17 have not."""

    action: str
    resource: str
    context: dict[str, list[str]]
    missing: list[str] = field(default_factory=list)
    variables: bool = True

    def values(self, key: str) -> list[str] | None:
        """The values of a context key; None, and remembered as missing, when nobody gave it."""
        found = self.context.get(key.lower())
        if found is None and key not in self.missing:
            self.missing.append(key)
        return found


def decide(sources: list[Source], boundary: Source | None, action: str, resource: str,
           context: dict[str, list[str]]) -> Decision:
    """An explicit Deny anywhere wins; then the policies and, where there is one, the boundary must both allow."""
    question = Question(action, resource, context)
    denying = matching(sources + ([boundary] if boundary else []), "Deny", question)
    allowing = matching(sources, "Allow", question)
    bounded = boundary is None or bool(matching([boundary], "Allow", question))
    if denying:
        return Decision(EXPLICIT_DENY, bounded, denying, question.missing)
    if allowing and bounded:
        return Decision(ALLOWED, bounded, allowing, question.missing)
    return Decision(IMPLICIT_DENY, bounded, [], question.missing)


def matching(sources: list[Source], effect: str, question: Question) -> list[Source]:
    """The sources of which a statement of that effect is about the question."""
    return [source for source in sources if applying(source.document, effect, question)]


def applying(document: dict, effect: str, question: Question) -> list[dict]:
    """The statements of that effect that are about the question; their principals are not looked at."""
    question.variables = document.get("Version") == "2012-10-17"
    # a list, so that every missing key is found
    return [statement for statement in statements(document) if statement["Effect"] == effect
            and _applies(statement, question)]


def _applies(statement: dict, question: Question) -> bool:
    if "NotAction" in statement:
        action = not _any_action(statement["NotAction"], question)
    else:
        action = _any_action(statement["Action"], question)
    if "NotResource" in statement:
        resource = not _any_resource(statement["NotResource"], question)
    else:
        resource = _any_resource(statement.get("Resource", "*"), question)
    return action and resource and _conditions_hold(statement.get("Condition") or {}, question)


def _any_action(patterns, question: Question) -> bool:
    return any(_like(question.action.lower(), pattern.lower()) for pattern in listed(patterns))


def _any_resource(patterns, question: Question) -> bool:
    for pattern in listed(patterns):
        known = _filled_in(pattern.replace("${*}", _ASTERISK), question)
        if known is not None and _arn_like(question.resource, known):
            return True
    return False


def _arn_like(text: str, pattern: str) -> bool:
    """Field by field: a wildcard stays within its field, but for the last, which may hold colons."""
    if pattern == "*" or not (text.startswith("arn:") and pattern.startswith("arn:")):
        return _like(text, pattern)
    fields, wanted = text.split(":", 5), pattern.split(":", 5)
    return len(fields) == len(wanted) and all(map(_like, fields, wanted))


def _like(text: str, pattern: str) -> bool:
    """* and ? only; fnmatch would see a set in square brackets."""
    return fnmatch.fnmatchcase(text, pattern.replace("[", "[[]").replace(_ASTERISK, "[*]"))


def _filled_in(pattern: str, question: Question) -> str | None:
    """The pattern with its policy variables filled in; None when one has no value."""
    for whole in _VARIABLE.findall(pattern) if question.variables else ():
        name, comma, default = (part.strip() for part in whole.partition(","))
        values = [name] if name in ("*", "?", "$") else question.values(name)
        if not values and not comma:
            return None
        pattern = pattern.replace("${" + whole + "}", values[0] if values else default.strip("'"))
    return pattern


def _conditions_hold(conditions: dict, question: Question) -> bool:
    results = [_condition_holds(operator, key, [str(value) for value in listed(wanted)], question)
               for operator, keys in conditions.items() for key, wanted in keys.items()]
    return all(results)  # a list, so that every missing key is found


def _condition_holds(operator: str, key: str, wanted: list[str], question: Question) -> bool:
    quantifier, _, plain = operator.rpartition(":")
    if plain == "Null":
        return (key.lower() not in question.context) == (wanted[0].lower() == "true")
    if_exists, plain = plain.endswith("IfExists"), plain.removesuffix("IfExists")
    given = question.context.get(key.lower()) if if_exists else question.values(key)
    negated = "Not" in plain
    if given is None:
        return if_exists or negated or quantifier == "ForAllValues"
    test = _TESTS.get(plain.replace("Not", ""))
    if test is None:
        return False
    wanted = [known for value in wanted if (known := _filled_in(value, question)) is not None]
    results = [any(test(value, one) for one in wanted) != negated for value in given]
    if quantifier == "ForAllValues" or (negated and quantifier != "ForAnyValue"):
        return all(results)
    return any(results)


def _number(compare):
    def test(value: str, wanted: str) -> bool:
        try:
            return compare(float(value), float(wanted))
        except ValueError:
            return False
    return test


def _time(text: str) -> datetime:
    if text.replace(".", "", 1).isdigit():
        return datetime.fromtimestamp(float(text), timezone.utc)
    found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)


def _date(compare):
    def test(value: str, wanted: str) -> bool:
        try:
            return compare(_time(value), _time(wanted))
        except ValueError:
            return False
    return test


def _in_block(value: str, wanted: str) -> bool:
    try:
        return ipaddress.ip_address(value) in ipaddress.ip_network(wanted, strict=False)
    except ValueError:
        return False


_TESTS = {
    "StringEquals": lambda value, wanted: value == wanted,
    "StringEqualsIgnoreCase": lambda value, wanted: value.lower() == wanted.lower(),
    "StringLike": _like, "ArnLike": _arn_like, "ArnEquals": _arn_like,
    "Bool": lambda value, wanted: value.lower() == wanted.lower(),
    "IpAddress": _in_block,
    "NumericEquals": _number(lambda value, wanted: value == wanted),
    "NumericLessThan": _number(lambda value, wanted: value < wanted),
    "NumericLessThanEquals": _number(lambda value, wanted: value <= wanted),
    "NumericGreaterThan": _number(lambda value, wanted: value > wanted),
    "NumericGreaterThanEquals": _number(lambda value, wanted: value >= wanted),
    "BinaryEquals": lambda value, wanted: value == wanted,
    "DateEquals": _date(lambda value, wanted: value == wanted),
    "DateLessThan": _date(lambda value, wanted: value < wanted),
    "DateLessThanEquals": _date(lambda value, wanted: value <= wanted),
    "DateGreaterThan": _date(lambda value, wanted: value > wanted),
    "DateGreaterThanEquals": _date(lambda value, wanted: value >= wanted),
}
