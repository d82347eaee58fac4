# SPDX-License-Identifier: Apache-2.0
"""Evaluates the intrinsic functions of a template.

Everything that is not in the template itself comes in through the Scope: parameter values, pseudo
parameters, and three callables that answer for resources and zones. So the same code computes the
properties of a resource in the making and the preview of a change set.
"""

from __future__ import annotations

import base64
import ipaddress
import itertools
import re
from dataclasses import dataclass, field
from typing import Any, Callable

from ..message import AwsError
from .parameters import is_list

NO_VALUE = object()
SUB_VARIABLE = re.compile(r"\$\{(!?)\s*([^}]*?)\s*\}")
MOST_CIDRS = 256
# What a function raises when its arguments have not the form that it expects.
MALFORMED = (TypeError, ValueError, IndexError, KeyError, AttributeError)


def template_error(text: str) -> AwsError:
    return AwsError("ValidationError", f"Template error: {text}")


def function_of(value: Any) -> str | None:
    """The name of the function that a value is a call of, or None for a plain value."""
    if isinstance(value, dict) and len(value) == 1:
        name = next(iter(value))
        if name == "Ref" and not isinstance(value[name], str):
            raise template_error("every Ref object must have a single String value.")
        if name == "Ref" or (name == "Condition" and isinstance(value[name], str)):
            return name
        if isinstance(name, str) and name.startswith("Fn::"):
            return name
    return None


def attribute_of(argument: Any) -> tuple[str, str]:
    """Logical id and attribute name of a GetAtt in either of its forms."""
    parts = argument.split(".", 1) if isinstance(argument, str) else argument
    if not isinstance(parts, list) or len(parts) != 2 or not isinstance(parts[0], str):
        raise template_error("every Fn::GetAtt object requires two non-empty parameters, "
                             "the resource name and the resource attribute")
    return parts[0], parts[1]


def sub_parts(argument: Any) -> tuple[str, dict[str, Any]]:
    """Text and variables of an Fn::Sub in either of its forms."""
    parts = argument if isinstance(argument, list) else [argument, {}]
    if len(parts) != 2 or not isinstance(parts[0], str) or not isinstance(parts[1], dict):
        raise template_error("One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a "
                             "string as first argument, and an optional second argument to specify a mapping of "
                             "values to replace in the string")
    return parts[0], parts[1]


def sub_variables(text: str) -> list[str]:
    return [name for literal, name in SUB_VARIABLE.findall(text) if not literal]


@dataclass
class Scope:
    """reference(logical id) is its Ref; attribute(logical id, name) its GetAtt; zones(region) its zones."""

    template: dict[str, Any]
    parameters: dict[str, str]
    pseudo: dict[str, Any]
    reference: Callable[[str], Any]
    attribute: Callable[[str, str], Any]
    zones: Callable[[str], list[str]]
    decided: dict[str, bool] = field(default_factory=dict)

    def parameter(self, name: str) -> Any:
        value = self.parameters[name]
        if is_list(self.template["Parameters"][name]["Type"]):
            return [item.strip() for item in value.split(",")]
        return value

    def condition(self, name: str) -> bool:
        if name not in self.decided:
            self.decided[name] = _truth(self, self.template["Conditions"][name])
        return self.decided[name]

    def exists(self, logical_id: str) -> bool:
        """Whether the template's conditions let this resource or output be."""
        entry = self.template["Resources"].get(logical_id) or self.template["Outputs"][logical_id]
        return "Condition" not in entry or self.condition(entry["Condition"])


def evaluate(scope: Scope, value: Any) -> Any:
    """The value with every function called; members that are AWS::NoValue are left out."""
    name = function_of(value)
    if name is not None:
        if name not in FUNCTIONS:
            raise template_error(f"{name} is not supported by the local AWS")
        try:
            return FUNCTIONS[name](scope, value[name])
        except MALFORMED:
            raise template_error(f"{name} cannot take the arguments that it is given") from None
    if isinstance(value, dict):
        pairs = ((key, evaluate(scope, item)) for key, item in value.items())
        return {key: item for key, item in pairs if item is not NO_VALUE}
    if isinstance(value, list):
        return [item for item in (evaluate(scope, item) for item in value) if item is not NO_VALUE]
    return value


def _ref(scope: Scope, name: str) -> Any:
    if name == "AWS::NoValue":
        return NO_VALUE
    if name in scope.pseudo:
        return scope.pseudo[name]
    if name in (scope.template.get("Parameters") or {}):
        return scope.parameter(name)
    return scope.reference(name)


def _get_att(scope: Scope, argument: Any) -> Any:
    name, attribute = attribute_of(argument)
    return scope.attribute(name, evaluate(scope, attribute))


def _sub(scope: Scope, argument: Any) -> str:
    text, variables = sub_parts(argument)

    def replace(match: re.Match) -> str:
        literal, name = match.groups()
        if literal:
            return "${" + name + "}"
        if name in variables:
            return _plain(evaluate(scope, variables[name]), "Fn::Sub")
        if "." in name:
            return _plain(_get_att(scope, name), "Fn::Sub")
        return _plain(_ref(scope, name), "Fn::Sub")

    return SUB_VARIABLE.sub(replace, text)


def _plain(value: Any, function: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    raise template_error(f"every {function} object requires values that are strings")


def _join(scope: Scope, argument: Any) -> str:
    items = evaluate(scope, _pair(argument, "Fn::Join")[1])
    if not isinstance(items, list):
        raise template_error("every Fn::Join object requires two parameters, (1) a string delimiter and "
                             "(2) a list of strings to be joined or a function that returns a list of strings")
    return str(argument[0]).join(_plain(item, "Fn::Join") for item in items)


def _pair(argument: Any, function: str) -> list[Any]:
    if not isinstance(argument, list) or len(argument) != 2:
        raise template_error(f"every {function} object requires two parameters")
    return argument


def _select(scope: Scope, argument: Any) -> Any:
    index, items = (evaluate(scope, part) for part in _pair(argument, "Fn::Select"))
    if not isinstance(items, list):
        raise template_error("Fn::Select requires a list argument with two elements: an integer index "
                             "and a list")
    if not str(index).isdigit() or int(index) >= len(items):
        raise template_error(f"Fn::Select cannot select nonexistent value at index {index}")
    return items[int(index)]


def _split(scope: Scope, argument: Any) -> list[str]:
    delimiter, text = _pair(argument, "Fn::Split")
    return _plain(evaluate(scope, text), "Fn::Split").split(delimiter)


def _cidr(scope: Scope, argument: Any) -> list[str]:
    parts = [evaluate(scope, part) for part in argument]
    count = int(parts[1])
    try:
        block = ipaddress.ip_network(parts[0])
        bits = int(parts[2]) if len(parts) > 2 else (8 if block.version == 4 else 64)
        blocks = list(itertools.islice(block.subnets(new_prefix=block.max_prefixlen - bits), count))
    except ValueError as error:
        raise template_error(f"Fn::Cidr: {error}") from None
    if not 1 <= count <= MOST_CIDRS or len(blocks) < count:
        raise template_error(f"Fn::Cidr cannot make {count} blocks of {bits} bits out of {parts[0]}")
    return [str(item) for item in blocks]


def _get_azs(scope: Scope, argument: Any) -> list[str]:
    return scope.zones(evaluate(scope, argument) or scope.pseudo["AWS::Region"])


def _base64(scope: Scope, argument: Any) -> str:
    return base64.b64encode(_plain(evaluate(scope, argument), "Fn::Base64").encode()).decode()


def _find_in_map(scope: Scope, argument: Any) -> Any:
    found: Any = scope.template.get("Mappings") or {}
    keys = [evaluate(scope, part) for part in argument]
    for key in keys:
        if not isinstance(found, dict) or key not in found:
            raise template_error(f"Unable to get mapping for {'::'.join(map(str, keys))}")
        found = found[key]
    return found


def _if(scope: Scope, argument: Any) -> Any:
    name, when_true, when_false = argument
    return evaluate(scope, when_true if scope.condition(name) else when_false)


def _truth(scope: Scope, value: Any) -> bool:
    result = evaluate(scope, value)
    if not isinstance(result, bool):
        raise template_error("every condition must be a Fn::And, Fn::Or, Fn::Not, Fn::Equals or Condition")
    return result


def _equals(scope: Scope, argument: Any) -> bool:
    left, right = (evaluate(scope, part) for part in _pair(argument, "Fn::Equals"))
    return _comparable(left) == _comparable(right)


def _comparable(value: Any) -> Any:
    return value if isinstance(value, (list, dict)) else _plain(value, "Fn::Equals")


FUNCTIONS: dict[str, Callable[[Scope, Any], Any]] = {
    "Ref": _ref,
    "Condition": lambda scope, name: scope.condition(name),
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Cidr": _cidr,
    "Fn::GetAZs": _get_azs,
    "Fn::Base64": _base64,
    "Fn::FindInMap": _find_in_map,
    "Fn::If": _if,
    "Fn::And": lambda scope, items: all([_truth(scope, item) for item in items]),
    "Fn::Or": lambda scope, items: any([_truth(scope, item) for item in items]),
    "Fn::Not": lambda scope, items: not _truth(scope, items[0]),
    "Fn::Equals": _equals,
}
