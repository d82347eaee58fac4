# SPDX-License-Identifier: Apache-2.0
"""ValidateTemplate, GetTemplateSummary and GetTemplate."""

from __future__ import annotations

from typing import Any

from . import structure
from . import template as templates
from .call import Call, invalid, template_body
from .parameters import text_of


def _declarations(template: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return list((template.get("Parameters") or {}).items())


def _parameter(name: str, rule: dict[str, Any]) -> dict[str, Any]:
    default = text_of(rule["Default"]) if "Default" in rule else None
    return {"ParameterKey": name, "DefaultValue": default, "Description": rule.get("Description"),
            "NoEcho": text_of(rule.get("NoEcho", "")).lower() == "true"}


def _needed(template: dict[str, Any]) -> dict[str, Any]:
    needed = structure.capabilities(template)
    if not needed:
        return {}
    types = sorted({entry["Type"] for entry in template["Resources"].values()
                    if entry["Type"].startswith("AWS::IAM::")})
    return {"Capabilities": needed,
            "CapabilitiesReason": f"The following resource(s) require capabilities: [{', '.join(types)}]"}


def _checked(body: str) -> dict[str, Any]:
    template = templates.parse(body)
    structure.check(template)
    return template


def validate_template(call: Call) -> dict[str, Any]:
    template = _checked(template_body(call))
    return {"Parameters": [_parameter(name, rule) for name, rule in _declarations(template)],
            "Description": template.get("Description"), **_needed(template)}


def get_template_summary(call: Call) -> dict[str, Any]:
    call.refuse("StackSetName", "TemplateSummaryConfig")
    template = call.stack().target.template if "StackName" in call.arguments else _checked(template_body(call))
    declared = []
    for name, rule in _declarations(template):
        allowed = [text_of(value) for value in rule.get("AllowedValues", [])]
        declared.append({**_parameter(name, rule), "ParameterType": rule["Type"],
                         "ParameterConstraints": {"AllowedValues": allowed} if allowed else {}})
    types = sorted({entry["Type"] for entry in template["Resources"].values()})
    return {"Parameters": declared, "Description": template.get("Description"), "ResourceTypes": types,
            "Version": template.get("AWSTemplateFormatVersion"), **_needed(template)}


def get_template(call: Call) -> dict[str, Any]:
    if "StackName" not in call.arguments:
        raise invalid("StackName must be specified")
    call.refuse("ChangeSetName")
    return {"TemplateBody": call.stack().target.body, "StagesAvailable": ["Original", "Processed"]}


ACTIONS = {"ValidateTemplate": validate_template, "GetTemplateSummary": get_template_summary,
           "GetTemplate": get_template}
