# SPDX-License-Identifier: Apache-2.0
"""Template parameters: what was given, checked against what the template declares."""

from __future__ import annotations

import re
from typing import Any

from ..message import AwsError
from .template import format_error

SIMPLE_TYPES = {"String", "Number", "CommaDelimitedList", "List<Number>"}
AWS_TYPE = re.compile(r"(List<)?AWS::[A-Za-z0-9]+::[A-Za-z0-9:]+>?|List<String>|AWS::SSM::Parameter::.*")
LONGEST_VALUE_BYTES = 4096
MASK = "****"


def invalid(text: str) -> AwsError:
    return AwsError("ValidationError", text)


def is_list(kind: str) -> bool:
    return kind == "CommaDelimitedList" or kind.startswith("List<")


def resolve(template: dict[str, Any], given: list[dict[str, Any]],
            previous: dict[str, str] | None = None) -> dict[str, str]:
    """The text of every declared parameter. previous: the values of the stack that is being updated."""
    declared = template.get("Parameters") or {}
    values: dict[str, str] = {}
    for entry in given:
        _take(entry, previous, values)
    unknown = [name for name in values if name not in declared]
    if unknown:
        raise invalid(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    missing = [name for name, rule in declared.items() if name not in values and "Default" not in rule]
    if missing:
        raise invalid(f"Parameters: [{', '.join(missing)}] must have values")
    for name, rule in declared.items():
        values.setdefault(name, text_of(rule.get("Default")))
        _check(name, rule, values[name])
    return values


def _take(entry: dict[str, Any], previous: dict[str, str] | None, values: dict[str, str]) -> None:
    name = entry.get("ParameterKey", "")
    if name in values:
        raise invalid(f"Duplicate parameter key: {name}")
    if entry.get("UsePreviousValue"):
        if "ParameterValue" in entry:
            raise invalid(f"Invalid input for parameter key {name}. Cannot specify usePreviousValue as true "
                          "and non empty value for a parameter")
        if previous is None or name not in previous:
            raise invalid(f"Invalid input for parameter key {name}. Cannot specify usePreviousValue as true "
                          "for a parameter key not in the previous template")
        values[name] = previous[name]
    elif "ParameterValue" not in entry:
        raise invalid(f"Parameters: [{name}] must have values")
    else:
        values[name] = entry["ParameterValue"]


def text_of(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _check(name: str, rule: dict[str, Any], value: str) -> None:
    kind = rule.get("Type")
    if len(value.encode()) > LONGEST_VALUE_BYTES:
        raise invalid(f"Parameter '{name}' must contain at most {LONGEST_VALUE_BYTES} characters")
    items = [item.strip() for item in value.split(",")] if is_list(kind) else [value]
    for item in items:
        _check_item(name, rule, item)
        if kind in ("Number", "List<Number>"):
            _check_number(name, rule, item)


def _check_item(name: str, rule: dict[str, Any], item: str) -> None:
    if "AllowedValues" in rule and item not in map(text_of, rule["AllowedValues"]):
        raise _broken(name, rule, "must be one of AllowedValues")
    if "AllowedPattern" in rule and not re.fullmatch(str(rule["AllowedPattern"]), item):
        raise _broken(name, rule, f"must match pattern {rule['AllowedPattern']}")
    if len(item) < int(rule.get("MinLength", 0)):
        raise _broken(name, rule, f"must contain at least {rule['MinLength']} characters")
    if len(item) > int(rule.get("MaxLength", len(item))):
        raise _broken(name, rule, f"must contain at most {rule['MaxLength']} characters")


def _check_number(name: str, rule: dict[str, Any], item: str) -> None:
    try:
        number = float(item)
    except ValueError:
        raise invalid(f"Parameter '{name}' must be a number.") from None
    if number < float(rule.get("MinValue", number)):
        raise _broken(name, rule, f"must be a number not less than {rule['MinValue']}")
    if number > float(rule.get("MaxValue", number)):
        raise _broken(name, rule, f"must be a number not greater than {rule['MaxValue']}")


def _broken(name: str, rule: dict[str, Any], text: str) -> AwsError:
    if "ConstraintDescription" in rule:
        return invalid(f"Parameter '{name}' failed to satisfy constraint: {rule['ConstraintDescription']}")
    return invalid(f"Parameter '{name}' {text}")


def check_declarations(template: dict[str, Any]) -> None:
    """Refuses a declaration without a known Type or with a pattern that is no expression."""
    for name, rule in (template.get("Parameters") or {}).items():
        if not isinstance(rule, dict) or "Type" not in rule:
            raise format_error("Every Parameters object must contain a Type member.")
        kind = str(rule["Type"])
        if kind not in SIMPLE_TYPES and not AWS_TYPE.fullmatch(kind):
            raise format_error(f"Unrecognized parameter type: {kind}")
        try:
            re.compile(str(rule.get("AllowedPattern", "")))
        except re.error:
            raise format_error(f"Parameter '{name}' has an invalid AllowedPattern") from None


def masked(template: dict[str, Any], values: dict[str, str]) -> list[dict[str, str]]:
    """Parameters as DescribeStacks shows them; NoEcho values are never shown."""
    declared = template.get("Parameters") or {}
    return [{"ParameterKey": name, "ParameterValue": MASK if _hidden(declared[name]) else value}
            for name, value in values.items()]


def _hidden(rule: dict[str, Any]) -> bool:
    return text_of(rule.get("NoEcho", "")).lower() == "true"
