# SPDX-License-Identifier: Apache-2.0
"""EC2's parameters, lists and filters as they are flattened in a request, and sets of items in a reply."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from .message import AwsError, Request


def listed(request: Request, name: str) -> list[str]:
    """The values of NAME.1, NAME.2, …; name is a regular expression."""
    return [value for key, value in request.parameters.items() if re.fullmatch(rf"{name}\.\d+", key)]


def filters_of(request: Request) -> dict[str, list[str]]:
    """Each filter's wanted values, by its name."""
    filters = {}
    for key, name in request.parameters.items():
        if found := re.fullmatch(r"Filter\.(\d+)\.Name", key):
            filters[name] = listed(request, rf"Filter\.{found[1]}\.Value")
    return filters


def passes(filters: dict[str, list[str]], values: dict[str, str]) -> bool:
    """Whether a row whose filters have these values is wanted. Raises AwsError for a filter that is not among them."""
    for name, wanted in filters.items():
        if name not in values:
            raise AwsError("InvalidParameterValue", f"The filter '{name}' is invalid")
        if values[name] not in wanted:
            return False
    return True


def members(row: dict[str, str]) -> str:
    """The members of a structure, by name."""
    return "".join(f"<{key}>{escape(value)}</{key}>" for key, value in row.items())


def item_set(name: str, rows: list) -> str:
    """Rows are texts, or members by name."""
    items = (escape(row) if isinstance(row, str) else members(row) for row in rows)
    return f"<{name}>" + "".join(f"<item>{item}</item>" for item in items) + f"</{name}>"
