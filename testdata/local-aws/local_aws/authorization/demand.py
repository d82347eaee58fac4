# SPDX-License-Identifier: Apache-2.0
"""A row of the tables of actions, and the needs it comes to for one request or one resource of a stack.

A row says an action and the resource it is checked against, as AWS's Service Authorization Reference has it: "*" for
an action without resource-level permissions, else what follows the service's part of the ARN, with {names} for what
the request or the resource's properties say. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Callable

from ..partition import ARN

# name -> its values as text: none, one or many
Values = Callable[[str], list[str]]

_ARN = {"s3": ARN + "s3:::", "iam": ARN + "iam::{account}:", "sts": ARN + "iam::{account}:"}
_DEFAULTS = {"Path": "/"}
_NAME = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Demand:
    """One row.

    when: names (blank separated) of which one must be given, else the row does not apply; "tags" for the tags.
    each: the row applies once for each value of that name, which is {item} then.
    tagged: the tags of the request are in the context, as aws:RequestTag/KEY and aws:TagKeys.
    of: only the tags that the request gives to what it makes of this kind ("instance").
    context: further condition keys; {names} are filled in, and a key without a value is left out.
    """

    action: str
    resource: str = "*"
    when: str = ""
    each: str = ""
    tagged: bool = False
    of: str = ""
    context: dict[str, str] = field(default_factory=dict)


class Tags(dict):
    """Tags of a request that makes several things: all of them, and by the kind of thing they are for."""

    def __init__(self, everything: dict[str, str], by_kind: dict[str, dict[str, str]]):
        super().__init__(everything)
        self.by_kind = by_kind


@dataclass(frozen=True)
class Place:
    region: str
    account: str


@dataclass(frozen=True)
class Need:
    """One question to the policies. context: condition key -> values; only the keys that belong to this action."""

    action: str
    resource: str
    context: dict[str, list[str]] = field(default_factory=dict)


def needs(rows: tuple[Demand, ...], values: Values, tags: dict[str, str], place: Place) -> list[Need]:
    """What the rows come to, in their order. tags: those that the request sets."""
    return [need for row in rows for need in _needs(row, values, tags, place)]


def _needs(row: Demand, values: Values, tags: dict[str, str], place: Place) -> list[Need]:
    if row.of:
        tags = tags.by_kind.get(row.of, {}) if isinstance(tags, Tags) else tags
    given = getattr(values, "given", values)  # a source of values may know better which ones are new
    if row.when and not any(tags if name == "tags" else given(name) for name in row.when.split()):
        return []
    result = []
    for item in values(row.each) if row.each else [""]:
        def known(name: str) -> list[str]:
            return [item] if name == "item" else values(name)
        for resource in _filled_in(row.resource, known):
            result.append(Need(row.action, arn(row.action, resource, place), _context(row, known, tags)))
    return result


def _filled_in(template: str, values: Values) -> list[str]:
    """The template once for each value of its names. What nobody gave is "*": only a policy that broad is enough."""
    names = _NAME.findall(template)
    if not names:
        return [template]
    found = values(names[0]) or [_DEFAULTS.get(names[0], "*")]
    return [text for value in dict.fromkeys(found)
            for text in _filled_in(template.replace("{" + names[0] + "}", value, 1), values)]


def arn(action: str, resource: str, place: Place) -> str:
    """The ARN of a resource of the action's service; whole ARNs and "*" stay as they are."""
    if resource == "*" or resource.startswith("arn:"):
        return resource
    service = action.split(":")[0]
    prefix = _ARN.get(service, f"{ARN}{service}:{{region}}:{{account}}:")
    return prefix.format(region=place.region, account=place.account) + resource


def _context(row: Demand, values: Values, tags: dict[str, str]) -> dict[str, list[str]]:
    context: dict[str, list[str]] = {}
    for key, template in row.context.items():
        names = _NAME.findall(template)
        if all(values(name) for name in names):
            context[key] = _filled_in(template, values)
    if row.tagged and tags:
        context |= {f"aws:RequestTag/{key}": [value] for key, value in tags.items()}
        context["aws:TagKeys"] = list(tags)
    return context


def tags_of(value: Any) -> dict[str, str]:
    """Tags of a JSON request or of a template's property: a list of Key and Value, or a map."""
    if isinstance(value, dict):
        return {str(key): str(item) for key, item in value.items()}
    return {str(tag["Key"]): str(tag.get("Value", "")) for tag in value or [] if isinstance(tag, dict) and "Key" in tag}
