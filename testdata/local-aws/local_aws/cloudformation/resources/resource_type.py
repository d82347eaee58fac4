# SPDX-License-Identifier: Apache-2.0
"""What a resource type is to the engine, and what a handler is given to do its work with."""

from __future__ import annotations

import json
import secrets
import string
from dataclasses import dataclass, field
from typing import Any, Callable

from botocore.exceptions import ClientError

Properties = dict[str, Any]


@dataclass(frozen=True)
class Context:
    """One resource's surroundings.

    client(service): a boto3 client of the stack's region. pause(): waits a moment between two looks at
    a state, and raises when the operation was interrupted. siblings(type): (physical id, properties) of
    the stack's other resources of that type.
    """

    client: Callable[[str], Any]
    pause: Callable[[], None]
    siblings: Callable[[str], list[tuple[str, Properties]]]
    region: str
    account: str
    partition: str
    stack_name: str
    logical_id: str

    def generated_name(self, longest: int) -> str:
        """STACK-LOGICALID-RANDOM, cut as CloudFormation cuts it: the random part is always whole."""
        random = "".join(secrets.choice(string.ascii_uppercase + string.digits) for _ in range(12))
        room = longest - len(random) - 2
        logical = self.logical_id[:max(room - len(self.stack_name), room // 2)]
        return f"{self.stack_name[:room - len(logical)]}-{logical}-{random}"

    def wait_until(self, ready: Callable[[], bool]) -> None:
        while not ready():
            self.pause()


class HandlerFailure(Exception):
    """A failure that the handler found by itself; code is a HandlerErrorCode."""

    def __init__(self, message: str, code: str = "InvalidRequest"):
        super().__init__(message)
        self.message = message
        self.code = code


Attribute = Callable[[Context, str, Properties], Any]


def _nothing(context: Context, physical_id: str, wanted: Properties, before: Properties) -> None:
    """apply() of a type all of whose properties are set by its creation."""


@dataclass(frozen=True)
class ResourceType:
    """One row of the registry.

    create(context, properties) makes the resource and gives its physical id.
    apply(context, physical id, wanted, before) sets what creation could not, and every change in place;
        before is empty right after creation.
    delete(context, physical id, properties); a resource that is already gone is deleted.
    attributes: what Fn::GetAtt can ask for. properties: all that create and apply honour; any other is refused.
    """

    create: Callable[[Context, Properties], str]
    delete: Callable[[Context, str, Properties], None]
    properties: frozenset[str]
    apply: Callable[[Context, str, Properties, Properties], None] = _nothing
    attributes: dict[str, Attribute] = field(default_factory=dict)


def names(text: str) -> frozenset[str]:
    return frozenset(text.split())


def only(properties: Properties, wanted: str) -> Properties:
    """The given properties among the wanted ones; for calls whose members have the same names."""
    return {name: properties[name] for name in wanted.split() if name in properties}


def document(value: Any) -> str:
    """A policy as the JSON text that the services want."""
    return value if isinstance(value, str) else json.dumps(value)


def changed(wanted: Properties, before: Properties, *properties: str) -> bool:
    return any(wanted.get(name) != before.get(name) for name in properties)


def difference(wanted: list, before: list) -> tuple[list, list]:
    """(what to add, what to take away)"""
    return [item for item in wanted if item not in before], [item for item in before if item not in wanted]


def tag_changes(wanted: list[dict], before: list[dict]) -> tuple[list[dict], list[str]]:
    """(tags to write, keys to take away)"""
    keys = {tag["Key"] for tag in wanted}
    return [tag for tag in wanted if tag not in before], [tag["Key"] for tag in before if tag["Key"] not in keys]


def gone_is_fine(codes: str, call: Callable[..., Any], **arguments: Any) -> None:
    """Calls, taking any of the given error codes for "already deleted"."""
    try:
        call(**arguments)
    except ClientError as error:
        if error.response["Error"]["Code"] not in codes.split():
            raise


def own_id(context: Context, physical_id: str, properties: Properties) -> str:
    return physical_id


def own_property(name: str) -> Attribute:
    return lambda context, physical_id, properties: properties[name]


def from_description(describe: Callable[[Context, str], dict], *path: str) -> Attribute:
    """An attribute read from the service's own description of the resource."""
    def read(context: Context, physical_id: str, properties: Properties) -> Any:
        value: Any = describe(context, physical_id)
        for name in path:
            value = value[name]
        return value
    return read
