# SPDX-License-Identifier: Apache-2.0
"""Judges what a template says before anything is made: types, references, conditions, capabilities.

These are the mistakes that CloudFormation answers with a ValidationError to the request itself.
A wrong property of a resource is found later, when that resource's turn comes; see schema.py.
"""

from __future__ import annotations

import re
from typing import Any

from ..message import AwsError
from ..zones import has_memorydb
from . import parameters, schema
from .graph import check_acyclic, depends_on, references
from .intrinsics import Scope, function_of, template_error
from .resources.registry import TYPES
from .template import format_error

PSEUDO = {"AWS::AccountId", "AWS::NotificationARNs", "AWS::NoValue", "AWS::Partition", "AWS::Region",
          "AWS::StackId", "AWS::StackName", "AWS::URLSuffix"}
RESOURCE_MEMBERS = {"Type", "Properties", "DependsOn", "Condition", "Metadata", "DeletionPolicy",
                    "UpdateReplacePolicy", "UpdatePolicy", "CreationPolicy", "Description"}
DELETION_POLICIES = {"Delete", "Retain", "RetainExceptOnCreate"}
NAMED_IAM = {"AWS::IAM::Role": "RoleName", "AWS::IAM::InstanceProfile": "InstanceProfileName",
             "AWS::IAM::ManagedPolicy": "ManagedPolicyName", "AWS::IAM::User": "UserName",
             "AWS::IAM::Group": "GroupName"}


def check(template: dict[str, Any]) -> None:
    """Raises AwsError ValidationError for the first mistake that needs no parameter values."""
    parameters.check_declarations(template)
    resources = template["Resources"]
    for name, entry in resources.items():
        _check_resource(name, entry)
    unknown = sorted({entry["Type"] for entry in resources.values() if entry["Type"] not in TYPES})
    if unknown:
        raise format_error(f"Unrecognized resource types: [{', '.join(unknown)}]")
    _check_conditions(template)
    _check_references(template, resources, "Resources")
    _check_outputs(template)
    everything = {name: {target for target, _ in references(entry.get("Properties") or {})} | set(depends_on(entry))
                  for name, entry in resources.items()}
    check_acyclic({name: needed & set(resources) for name, needed in everything.items()})


def _check_resource(name: str, entry: Any) -> None:
    if not re.fullmatch(r"[A-Za-z0-9]{1,255}", str(name)):
        raise format_error(f"Resource name {name} is non alphanumeric.")
    if not isinstance(entry, dict) or not isinstance(entry.get("Type"), str):
        raise format_error(f"[/Resources/{name}] Every Resources object must contain a Type member.")
    for member in entry:
        if member not in RESOURCE_MEMBERS:
            raise AwsError("ValidationError", f"Invalid template resource property '{member}'")
    if not isinstance(entry.get("Condition", ""), str):
        raise format_error(f"[/Resources/{name}/Condition] 'Condition' must be a string")
    if not isinstance(entry.get("Properties", {}), dict):
        raise format_error(f"[/Resources/{name}/Properties] 'Properties' must be an object")
    for member in ("DeletionPolicy", "UpdateReplacePolicy"):
        if entry.get(member, "Delete") not in DELETION_POLICIES:
            raise format_error(f"Unrecognized {member} {entry[member]} for resource {name}")


def _check_conditions(template: dict[str, Any]) -> None:
    declared = template.get("Conditions") or {}
    for used in _conditions_used(declared, True):
        if used not in declared:
            raise format_error(f"Unresolved condition dependency {used} in the Conditions block of the template")
    for target, attribute in references(declared):
        if attribute or (target not in PSEUDO and target not in (template.get("Parameters") or {})):
            raise format_error(f"Unresolved dependencies [{target}]. Cannot reference resources in the "
                               "Conditions block of the template")
    for name, value in declared.items():
        if function_of(value) is None:
            raise format_error(f"Every Conditions member must be a condition function ({name})")
    needed = {name: set(_conditions_used(value, True)) for name, value in declared.items()}
    check_acyclic(needed)
    for section in ("Resources", "Outputs"):
        for entry in (template.get(section) or {}).values():
            used = [entry["Condition"]] if isinstance(entry, dict) and "Condition" in entry else []
            for name in [*used, *_conditions_used(entry, False)]:
                if name not in declared:
                    raise format_error(f"Unresolved condition dependency {name} in the {section} block of "
                                       "the template")


def _conditions_used(value: Any, inside_conditions: bool):
    """Names of the conditions that a value uses; {"Condition": name} counts only among conditions,
    elsewhere it is an ordinary member (of an IAM statement, of a resource)."""
    name = function_of(value)
    if name == "Fn::If":
        if not isinstance(value[name], list) or len(value[name]) != 3 or not isinstance(value[name][0], str):
            raise template_error("Fn::If requires a list argument with three elements")
        yield value[name][0]
    if name == "Condition" and inside_conditions:
        yield value[name]
    elif isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _conditions_used(item, inside_conditions)


def _check_references(template: dict[str, Any], block: dict[str, Any], section: str) -> None:
    known = PSEUDO | set(template.get("Parameters") or {}) | set(template["Resources"])
    found = list(references(block))
    wanted = [target for target, attribute in found if attribute is None]
    if section == "Resources":
        wanted += [target for entry in block.values() for target in depends_on(entry)]
    unresolved = sorted({str(target) for target in wanted if target not in known})
    if unresolved:
        raise format_error(f"Unresolved resource dependencies [{', '.join(unresolved)}] in the {section} "
                           "block of the template")
    for target, attribute in found:
        if attribute is not None:
            _check_attribute(template["Resources"], target, attribute)


def _check_attribute(resources: dict[str, Any], target: str, attribute: Any) -> None:
    if target not in resources:
        raise template_error(f"instance of Fn::GetAtt references undefined resource {target}")
    row = TYPES[resources[target]["Type"]]
    if isinstance(attribute, str) and attribute not in row.attributes:
        if attribute in schema.of(resources[target]["Type"]).attributes:
            raise template_error(f"the local AWS has no attribute {attribute} of {resources[target]['Type']} yet")
        raise template_error(f"resource {target} does not support attribute type {attribute} in Fn::GetAtt")


def _check_outputs(template: dict[str, Any]) -> None:
    outputs = template.get("Outputs") or {}
    for name, entry in outputs.items():
        if not isinstance(entry, dict) or "Value" not in entry:
            raise format_error(f"[/Outputs/{name}] Every Outputs member must contain a Value object")
        unknown = set(entry) - {"Value", "Description", "Condition"}
        if unknown:
            raise format_error(f"[/Outputs/{name}] the local AWS does not support {sorted(unknown)}")
    _check_references(template, outputs, "Outputs")


def check_existing(scope: Scope) -> None:
    """Refuses a reference to a resource that its condition leaves out."""
    for section in ("Resources", "Outputs"):
        for name, entry in (scope.template.get(section) or {}).items():
            if scope.exists(name):
                _check_targets(scope, entry, section)


def check_available(scope: Scope, region: str) -> None:
    """Refuses types that the region does not have, as far as the template's conditions let them be."""
    absent = sorted({entry["Type"] for name, entry in scope.template["Resources"].items()
                     if entry["Type"].startswith("AWS::MemoryDB::") and scope.exists(name)
                     and not has_memorydb(region)})
    if absent:
        raise format_error(f"Unrecognized resource types: [{', '.join(absent)}]")


def _check_targets(scope: Scope, entry: dict[str, Any], section: str) -> None:
    value = entry.get("Properties") or {} if section == "Resources" else entry["Value"]
    resources = scope.template["Resources"]
    absent = sorted({target for target, _ in references(value, scope.condition)
                     if target in resources and not scope.exists(target)})
    if absent:
        raise format_error(f"Unresolved resource dependencies [{', '.join(absent)}] in the {section} "
                           "block of the template")


def capabilities(template: dict[str, Any]) -> list[str]:
    """The capabilities that the template needs, and nothing that it does not."""
    entries = [entry for entry in template["Resources"].values() if entry["Type"].startswith("AWS::IAM::")]
    if any(NAMED_IAM.get(entry["Type"]) in (entry.get("Properties") or {}) for entry in entries):
        return ["CAPABILITY_NAMED_IAM"]
    return ["CAPABILITY_IAM"] if entries else []


def check_capabilities(template: dict[str, Any], given: list[str]) -> None:
    needed = capabilities(template)
    if needed and not set(given) & {needed[0], "CAPABILITY_NAMED_IAM"}:
        raise AwsError("InsufficientCapabilitiesException", f"Requires capabilities : [{needed[0]}]")
