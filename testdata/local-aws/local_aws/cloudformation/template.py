# SPDX-License-Identifier: Apache-2.0
"""Parses a template body, YAML or JSON, into plain values with the long form of every function.

Only the form is judged here: well-formed, known sections, limits. What a template refers to is judged
in structure.py.
"""

from __future__ import annotations

import copy
import functools
from typing import Any

import yaml

from ..message import AwsError

MAXIMUM_BODY_BYTES = 51_200  # CloudFormation quotas: template body in a request
MAXIMUM_RESOURCES = 500
MAXIMUM_PARAMETERS = 200
MAXIMUM_OUTPUTS = 200
MAXIMUM_DEPTH = 100

SECTIONS = {"AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Rules", "Mappings",
            "Conditions", "Transform", "Resources", "Outputs", "Hooks"}


def format_error(text: str) -> AwsError:
    return AwsError("ValidationError", f"Template format error: {text}")


class _Loader(yaml.SafeLoader):
    """Safe YAML without dates (Version: 2012-10-17 is text) and without aliases, as CloudFormation reads it."""

    def compose_node(self, parent, index):
        if self.check_event(yaml.events.AliasEvent):
            raise format_error("YAML aliases are not allowed in CloudFormation templates")
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _short_form(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix in ("Ref", "Condition"):
        return {suffix: value}
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_form)


def parse(body: str) -> dict[str, Any]:
    """The template as nested plain values. Raises AwsError ValidationError."""
    return copy.deepcopy(_parse(body))


@functools.lru_cache(maxsize=16)  # tests make stack after stack of one template, and reading it takes long
def _parse(body: str) -> dict[str, Any]:
    if not body.strip():
        raise format_error("At least one Resources member must be defined.")
    try:
        template = yaml.load(body, _Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"(line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise format_error(f"YAML not well-formed. {place}".rstrip()) from error
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        raise format_error("YAML not well-formed.") from error
    if not isinstance(template, dict):
        raise format_error("unsupported structure.")
    _check_sections(template)
    return template


def _check_sections(template: dict[str, Any]) -> None:
    unknown = [str(name) for name in template if name not in SECTIONS]
    if unknown:
        raise AwsError("ValidationError", f"Invalid template property or properties [{', '.join(unknown)}]")
    for name in ("Parameters", "Mappings", "Conditions", "Resources", "Outputs"):
        if not isinstance(template.get(name, {}), dict):
            raise format_error(f"[/{name}] every {name} member must be an object.")
    if template.get("AWSTemplateFormatVersion", "2010-09-09") != "2010-09-09":
        raise format_error(f"Template format version '{template['AWSTemplateFormatVersion']}' is not supported.")
    if template.get("Transform") or template.get("Rules") or template.get("Hooks"):
        raise AwsError("ValidationError", "The local AWS supports neither Transform nor Rules nor Hooks")
    if not template.get("Resources"):
        raise format_error("At least one Resources member must be defined.")
    _check_limits(template)


def _check_limits(template: dict[str, Any]) -> None:
    for name, limit in (("Resources", MAXIMUM_RESOURCES), ("Parameters", MAXIMUM_PARAMETERS),
                        ("Outputs", MAXIMUM_OUTPUTS)):
        count = len(template.get(name) or {})
        if count > limit:
            raise format_error(f"Number of {name.lower()}, {count}, is greater than maximum allowed, {limit}")
    if _depth(template) > MAXIMUM_DEPTH:
        raise format_error("unsupported structure.")


def _depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    return 0
