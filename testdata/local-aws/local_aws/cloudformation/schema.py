# SPDX-License-Identifier: Apache-2.0
"""The resource schemas that AWS publishes, as shipped inside cfn-lint, and the check against them.

CloudFormation turns "true" into true and "3" into 3 where the schema wants it; so does check().
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

SCALARS = {"string", "integer", "number", "boolean"}


class InvalidProperties(Exception):
    """The properties of one resource do not fit its type; the text is CloudFormation's."""


@dataclass(frozen=True)
class Schema:
    document: dict[str, Any]

    @property
    def create_only(self) -> set[str]:
        """Top-level properties of which a change makes a new resource."""
        return {path.split("/")[2] for path in self.document.get("createOnlyProperties", [])
                if path.count("/") == 2}

    @property
    def read_only(self) -> set[str]:
        return {path.split("/")[2] for path in self.document.get("readOnlyProperties", [])
                if path.count("/") == 2}

    @property
    def attributes(self) -> set[str]:
        return {path.removeprefix("/properties/").replace("/", ".")
                for path in self.document.get("readOnlyProperties", [])} | set(self.document["properties"])

    @property
    def tag_property(self) -> str | None:
        """The property that holds the tags, or None for a type that stack tags do not reach."""
        tagging = self.document.get("tagging") or {}
        return tagging["tagProperty"].split("/")[2] if tagging.get("taggable") else None

    @property
    def system_tags(self) -> bool:
        return bool((self.document.get("tagging") or {}).get("cloudFormationSystemTags"))


@lru_cache(maxsize=None)
def _providers() -> dict[str, str]:
    return json.loads((files("cfnlint") / "data/schemas/providers/us-east-1.json").read_text())


@lru_cache(maxsize=None)
def of(type_name: str) -> Schema:
    """The schema of a resource type; KeyError for a type that AWS does not have."""
    path = files("cfnlint") / f"data/schemas/resources/{_providers()[type_name]}.json"
    return Schema(json.loads(path.read_text()))


def convert(type_name: str, properties: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """(the properties with their scalars in the types of the schema, what is wrong with them)"""
    schema = of(type_name)
    problems = [f"#: extraneous key [{name}] is not permitted" for name in sorted(schema.read_only & set(properties))]
    result = _check(schema.document, schema.document, properties, "#", problems)
    return result, problems


def check(type_name: str, logical_id: str, properties: dict[str, Any]) -> dict[str, Any]:
    """The properties with their scalars in the types of the schema. Raises InvalidProperties."""
    result, problems = convert(type_name, properties)
    if problems:
        text = "\n".join(problems)
        raise InvalidProperties(f"Properties validation failed for resource {logical_id} with message:\n{text}")
    return result


def _check(root: dict, rule: dict, value: Any, path: str, problems: list[str]) -> Any:
    while "$ref" in rule:
        rule = _resolve(root, rule["$ref"])
    kinds = rule.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if isinstance(value, dict):
        return _check_object(root, rule, kinds, value, path, problems)
    if isinstance(value, list):
        return _check_array(root, rule, kinds, value, path, problems)
    return _check_scalar(rule, kinds, value, path, problems)


def _resolve(root: dict, pointer: str) -> dict:
    found = root
    for part in pointer.removeprefix("#/").split("/"):
        found = found["items"] if part == "*" else found[part]
    return found


def _mismatch(kinds: list[str], found: str, path: str, problems: list[str]) -> None:
    names = {"object": "JSONObject", "array": "JSONArray", "string": "String", "boolean": "Boolean",
             "integer": "Integer", "number": "Number"}
    problems.append(f"{path}: expected type: {' or '.join(names[kind] for kind in kinds)}, found: {found}")


def _check_object(root, rule, kinds, value, path, problems) -> Any:
    if kinds and "object" not in kinds:
        _mismatch(kinds, "JSONObject", path, problems)
        return value
    known = rule.get("properties", {})
    for name in sorted(set(rule.get("required", [])) - set(value)):
        problems.append(f"{path}: required key [{name}] not found")
    result = {}
    for name, item in value.items():
        if name in known:
            result[name] = _check(root, known[name], item, f"{path}/{name}", problems)
        elif known and rule.get("additionalProperties") is False and not rule.get("patternProperties"):
            problems.append(f"{path}: extraneous key [{name}] is not permitted")
        else:
            result[name] = item
    return result


def _check_array(root, rule, kinds, value, path, problems) -> Any:
    if kinds and "array" not in kinds:
        _mismatch(kinds, "JSONArray", path, problems)
        return value
    if len(value) < rule.get("minItems", 0):
        problems.append(f"{path}: expected minimum item count: {rule['minItems']}, found: {len(value)}")
    if len(value) > rule.get("maxItems", len(value)):
        problems.append(f"{path}: expected maximum item count: {rule['maxItems']}, found: {len(value)}")
    items = rule.get("items", {})
    return [_check(root, items, item, f"{path}/{index}", problems) for index, item in enumerate(value)]


def _check_scalar(rule, kinds, value, path, problems) -> Any:
    wanted = [kind for kind in kinds if kind in SCALARS]
    if kinds and not wanted:
        # Policy documents may be given as text; CloudFormation parses them.
        if "object" in kinds and isinstance(value, str) and value.lstrip().startswith("{"):
            return _parsed(value, path, problems)
        _mismatch(kinds, type(value).__name__.capitalize().replace("Str", "String"), path, problems)
        return value
    converted = next((item for item in (_convert(kind, value) for kind in wanted) if item is not None), None)
    if wanted and converted is None:
        _mismatch(wanted, "String" if isinstance(value, str) else "Integer", path, problems)
        return value
    value = converted if wanted else value
    _check_limits(rule, value, path, problems)
    return value


def _parsed(text: str, path: str, problems: list[str]) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        _mismatch(["object"], "String", path, problems)
        return text


def _convert(kind: str, value: Any) -> Any:
    if kind == "boolean":
        return {"true": True, "false": False}.get(str(value).lower())
    if kind == "string":
        return ("true" if value else "false") if isinstance(value, bool) else str(value)
    if isinstance(value, bool):
        return None
    try:
        return int(str(value)) if kind == "integer" else float(str(value))
    except ValueError:
        return None


def _check_limits(rule: dict, value: Any, path: str, problems: list[str]) -> None:
    if "enum" in rule and value not in rule["enum"]:
        problems.append(f"{path}: {value} is not a valid enum value")
    if isinstance(value, str):
        if len(value) < rule.get("minLength", 0):
            problems.append(f"{path}: expected minLength: {rule['minLength']}, actual: {len(value)}")
        if len(value) > rule.get("maxLength", len(value)):
            problems.append(f"{path}: expected maxLength: {rule['maxLength']}, actual: {len(value)}")
        if not _matches(rule.get("pattern", ""), value):
            problems.append(f"{path}: failed validation constraint for keyword [pattern]")
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        if value < rule.get("minimum", value):
            problems.append(f"{path}: {value} is not greater or equal to {rule['minimum']}")
        if value > rule.get("maximum", value):
            problems.append(f"{path}: {value} is not less or equal to {rule['maximum']}")


def _matches(pattern: str, value: str) -> bool:
    """Schemas write ECMA expressions; one that Python cannot read is left to the service to judge."""
    try:
        return re.search(pattern, value) is not None
    except re.error:
        return True
