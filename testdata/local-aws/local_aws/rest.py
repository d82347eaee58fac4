# SPDX-License-Identifier: Apache-2.0
"""The operation of a REST request, decided by botocore's service models.

An operation fits when its method, path shape and literal query fit and every required query or header
member is present; of those that fit, the one with the most conditions wins.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

from botocore.loaders import Loader

_MODELS = {"s3": "s3", "s3control": "s3control", "elasticfilesystem": "efs", "backup": "backup"}
# A S3 Express operation with the same wire form as ListBuckets, and a host of its own on AWS.
_LEFT_OUT = {"ListDirectoryBuckets", "WriteGetObjectResponse"}


@dataclass(frozen=True)
class _Operation:
    name: str
    method: str
    path: re.Pattern
    literals: tuple[tuple[str, str], ...]
    query: tuple[str, ...]
    headers: tuple[str, ...]
    members: tuple[tuple[str, str, str], ...]

    @property
    def weight(self) -> tuple[int, int]:
        return len(self.literals) + len(self.query) + len(self.headers), len(self.name)


def match(service: str, method: str, path: str, query: str, headers: dict[str, str]) -> tuple[str, dict]:
    """The operation's name ("" when none fits) and its path, query and header members."""
    arguments = dict(parse_qsl(query, keep_blank_values=True))
    for operation in _operations(service):
        found = operation.method == method and operation.path.fullmatch(path)
        if found and _fits(operation, arguments, headers):
            return operation.name, _parameters(operation, found, arguments, headers)
    return "", {}


def _fits(operation: _Operation, arguments: dict[str, str], headers: dict[str, str]) -> bool:
    return (all(arguments.get(name) == value for name, value in operation.literals)
            and all(name in arguments for name in operation.query)
            and all(name in headers for name in operation.headers))


def _parameters(operation: _Operation, found: re.Match, arguments: dict[str, str],
                headers: dict[str, str]) -> dict:
    parameters = {name: unquote(value) for name, value in found.groupdict().items()}
    for member, location, name in operation.members:
        source = arguments if location == "querystring" else headers
        if name in source:
            parameters[member] = source[name]
    return parameters


@functools.cache
def _operations(service: str) -> list[_Operation]:
    model = Loader().load_service_model(_MODELS[service], "service-2")
    rows = [_operation(name, body, model["shapes"]) for name, body in model["operations"].items()
            if name not in _LEFT_OUT]
    return sorted(rows, key=lambda row: row.weight, reverse=True)


def _operation(name: str, body: dict, shapes: dict) -> _Operation:
    path, _, literal = body["http"]["requestUri"].partition("?")
    shape = shapes.get(body.get("input", {}).get("shape", ""), {})
    required = set(shape.get("required", ()))
    members = [(member, row["location"], row["locationName"].lower() if row["location"] == "header"
                else row["locationName"])
               for member, row in shape.get("members", {}).items()
               if row.get("location") in ("querystring", "header")]
    return _Operation(
        name, body["http"]["method"], _pattern(path), tuple(parse_qsl(literal, keep_blank_values=True)),
        tuple(wire for member, place, wire in members if member in required and place == "querystring"),
        tuple(wire for member, place, wire in members if member in required and place == "header"),
        tuple(members))


def _pattern(path: str) -> re.Pattern:
    text = re.sub(r"\{(\w+)\+\}", r"(?P<\1>.+)", path)
    text = re.sub(r"(?<!P<)\{(\w+)\}", r"(?P<\1>[^/]+)", text)
    return re.compile(text if text == "/" or "Key" in text else text.rstrip("/") + "/?", re.DOTALL)
