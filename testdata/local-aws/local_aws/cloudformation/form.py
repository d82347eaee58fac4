# SPDX-License-Identifier: Apache-2.0
"""Reads the flat form of a query request into nested values, checked against the modelled input shape.

Only what the model says is checked here (required members, lengths, patterns, enumerations, numbers);
what members mean together is the business of the operation.
"""

from __future__ import annotations

import re
from typing import Any

from botocore.model import OperationModel, Shape

from ..message import AwsError


def read(operation: OperationModel, form: dict[str, str]) -> dict[str, Any]:
    """The request's members as nested dicts and lists; absent members are absent keys."""
    if operation.input_shape is None:
        return {}
    problems: list[str] = []
    value = _structure(operation.input_shape, "", form, problems)
    if problems:
        count = f"{len(problems)} validation error{'s' if len(problems) > 1 else ''} detected: "
        raise AwsError("ValidationError", count + "; ".join(problems))
    return value


def _value(shape: Shape, prefix: str, form: dict[str, str], problems: list[str]) -> Any:
    if shape.type_name == "structure":
        return _structure(shape, prefix + ".", form, problems)
    if shape.type_name == "list":
        return _list(shape, prefix, form, problems)
    if shape.type_name == "map":
        return _map(shape, prefix, form, problems)
    return _scalar(shape, prefix, form[prefix], problems)


def _present(prefix: str, form: dict[str, str]) -> bool:
    return prefix in form or any(key.startswith(prefix + ".") for key in form)


def _structure(shape: Shape, prefix: str, form: dict[str, str], problems: list[str]) -> dict[str, Any]:
    value = {}
    for name, member in shape.members.items():
        if _present(prefix + name, form):
            value[name] = _value(member, prefix + name, form, problems)
        elif name in shape.required_members:
            problems.append(f"Value null at '{_path(prefix + name)}' failed to satisfy constraint: "
                            "Member must not be null")
    return value


def _numbered(prefix: str, form: dict[str, str]) -> list[str]:
    numbers = {key[len(prefix) + 1:].split(".")[0] for key in form if key.startswith(prefix + ".")}
    return [f"{prefix}.{number}" for number in sorted((n for n in numbers if n.isdigit()), key=int)]


def _list(shape: Shape, prefix: str, form: dict[str, str], problems: list[str]) -> list[Any]:
    items = _numbered(prefix + ".member", form)
    most = shape.metadata.get("max", len(items))
    if len(items) > most:
        problems.append(_problem(f"{len(items)} items", prefix,
                                 f"Member must have length less than or equal to {most}"))
    return [_value(shape.member, item, form, problems) for item in items]


def _map(shape: Shape, prefix: str, form: dict[str, str], problems: list[str]) -> dict[str, Any]:
    entries = _numbered(prefix + ".entry", form)
    return {form[entry + ".key"]: _value(shape.value, entry + ".value", form, problems) for entry in entries}


def _scalar(shape: Shape, prefix: str, text: str, problems: list[str]) -> Any:
    if shape.type_name == "boolean":
        return text == "true"
    if shape.type_name in ("integer", "long"):
        if not re.fullmatch(r"-?\d{1,18}", text):
            raise AwsError("MalformedInput", f"'{text}' is not an integer")
        _check_range(int(text), prefix, text, shape.metadata, problems)
        return int(text)
    _check_text(prefix, text, shape, problems)
    return text


def _check_text(prefix: str, text: str, shape: Shape, problems: list[str]) -> None:
    limits = shape.metadata
    _check_length(prefix, text, limits, problems)
    # The model writes Java expressions: \p classes, which Python has not, are in none we need.
    pattern = limits.get("pattern", "")
    if pattern and "\\p{" not in pattern and not re.fullmatch(pattern, text):
        problems.append(_problem(text, prefix, f"Member must satisfy regular expression pattern: {pattern}"))
    if limits.get("enum") and text not in limits["enum"]:
        allowed = ", ".join(limits["enum"])
        problems.append(_problem(text, prefix, f"Member must satisfy enum value set: [{allowed}]"))


def _check_length(prefix: str, text: str, limits: dict, problems: list[str]) -> None:
    size = len(text.encode())
    if size < limits.get("min", 0):
        problems.append(_problem(text, prefix, "Member must have length greater than or equal to "
                                 f"{limits['min']}"))
    if size > limits.get("max", size):
        problems.append(_problem(text, prefix, f"Member must have length less than or equal to {limits['max']}"))


def _check_range(number: int, prefix: str, text: str, limits: dict, problems: list[str]) -> None:
    if number < limits.get("min", number):
        problems.append(_problem(text, prefix, f"Member must have value greater than or equal to {limits['min']}"))
    if number > limits.get("max", number):
        problems.append(_problem(text, prefix, f"Member must have value less than or equal to {limits['max']}"))


def _problem(text: str, prefix: str, rule: str) -> str:
    return f"Value '{text}' at '{_path(prefix)}' failed to satisfy constraint: {rule}"


def _path(prefix: str) -> str:
    return ".".join(part[0].lower() + part[1:] for part in prefix.split("."))
