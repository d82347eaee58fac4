# SPDX-License-Identifier: Apache-2.0
"""The steps of one resource: creation, change and deletion, with their events.

Each step gives whether it succeeded; why it did not is in the resource's event.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from . import schema
from .events import resource_status
from .failures import reason
from .intrinsics import Scope, evaluate
from .permissions import Step
from .resources.registry import TYPES
from .resources.resource_type import Context
from .stacks import Stack, StackResource, Target
from .work import Interrupted, Stopped, Work

INITIATED = "Resource creation Initiated"
REPLACING = "Requested update requires the creation of a new physical resource; hence creating one."


def context_of(work: Work, logical_id: str) -> Context:
    stack = work.stack

    def siblings(type_name: str) -> list[tuple[str, dict]]:
        with stack.lock:
            return [(item.physical_id, item.properties) for item in stack.resources.values()
                    if item.type == type_name]

    return Context(lambda service: work.services.client(service, stack.region, stack.account), work.pause, siblings,
                   stack.region, stack.account, stack.partition, stack.name, logical_id)


def pseudo_of(stack: Stack) -> dict[str, Any]:
    suffix = "amazonaws.com.cn" if stack.partition == "aws-cn" else "amazonaws.com"
    return {"AWS::AccountId": stack.account, "AWS::Region": stack.region, "AWS::Partition": stack.partition,
            "AWS::StackId": stack.id, "AWS::StackName": stack.name, "AWS::URLSuffix": suffix,
            "AWS::NotificationARNs": []}


def attribute(work: Work, logical_id: str, name: str) -> Any:
    resource = work.stack.resources[logical_id]
    read = TYPES[resource.type].attributes[name]
    return read(context_of(work, logical_id), resource.physical_id, resource.properties)


def scope_of(work: Work, target: Target) -> Scope:
    """A scope in which resources are what they are right now."""
    return Scope(target.template, target.parameters, pseudo_of(work.stack),
                 lambda name: work.stack.resources[name].physical_id,
                 lambda name, wanted: attribute(work, name, wanted),
                 work.zones)


def with_stack_tags(stack: Stack, target: Target, resource_type: str, logical_id: str,
                    properties: dict[str, Any]) -> dict[str, Any]:
    """The properties with the stack's tags and CloudFormation's own, as far as the type takes them."""
    described = schema.of(resource_type)
    name = described.tag_property
    if name is None or name not in TYPES[resource_type].properties:
        return properties
    tags = {tag["Key"]: tag["Value"] for tag in target.tags}
    tags.update({tag["Key"]: tag["Value"] for tag in properties.get(name, [])})
    # S3 refuses "aws:" keys from any caller but CloudFormation itself, and for S3 the engine is not.
    if described.system_tags and not resource_type.startswith("AWS::S3::"):
        tags.update({"aws:cloudformation:stack-name": stack.name, "aws:cloudformation:stack-id": stack.id,
                     "aws:cloudformation:logical-id": logical_id})
    listed = [{"Key": key, "Value": value} for key, value in tags.items()]
    return properties | ({name: listed} if listed else {})


def wanted_properties(work: Work, target: Target, logical_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """(as the template gives them, as they are applied). Raises for properties that cannot be."""
    entry = target.template["Resources"][logical_id]
    given = evaluate(scope_of(work, target), entry.get("Properties") or {})
    checked = schema.check(entry["Type"], logical_id, given)
    unknown = set(checked) - TYPES[entry["Type"]].properties
    if unknown:
        raise schema.InvalidProperties(f"The local AWS does not apply the properties {sorted(unknown)} of "
                                       f"{entry['Type']}")
    _check_tags(entry["Type"], logical_id, checked)
    return given, with_stack_tags(work.stack, target, entry["Type"], logical_id, checked)


def _check_tags(type_name: str, logical_id: str, properties: dict[str, Any]) -> None:
    keys = [tag["Key"] for tag in properties.get(schema.of(type_name).tag_property or "", [])]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise schema.InvalidProperties(f"Properties validation failed for resource {logical_id} with message:\n"
                                       f"#: duplicate tag keys {twice}")


def declared(target: Target, logical_id: str) -> StackResource:
    entry = target.template["Resources"][logical_id]
    return StackResource(logical_id, entry["Type"], needs=set(target.graph[logical_id]),
                         deletion_policy=entry.get("DeletionPolicy", "Delete"),
                         replace_policy=entry.get("UpdateReplacePolicy", "Delete"))


def create(work: Work, target: Target, logical_id: str) -> bool:
    resource = declared(target, logical_id)
    with work.stack.lock:
        work.stack.resources[logical_id] = resource
    return _guarded(work, resource, "CREATE", lambda: _create(work, target, resource))


def _create(work: Work, target: Target, resource: StackResource) -> None:
    given: dict[str, Any] = {}
    try:
        given, applied = wanted_properties(work, target, resource.logical_id)
    finally:
        resource_status(work.stack, resource, "CREATE_IN_PROGRESS", properties=given)
    work.services.hooks.ask(work.stack, resource)
    work.services.rules.check(resource.type, resource.logical_id, "create")
    make(work, resource, applied, "CREATE", INITIATED)
    resource_status(work.stack, resource, "CREATE_COMPLETE")


def make(work: Work, resource: StackResource, applied: dict[str, Any], verb: str, note: str) -> None:
    """Makes the physical resource; its id is known to the stack before anything else can fail."""
    row = TYPES[resource.type]
    context = context_of(work, resource.logical_id)
    work.permissions.check("create", Step(resource.type, resource.logical_id, applied, {}, ""))
    physical_id = row.create(context, applied)
    with work.stack.lock:
        resource.physical_id, resource.properties = physical_id, applied
    resource_status(work.stack, resource, f"{verb}_IN_PROGRESS", note)
    made = Step(resource.type, resource.logical_id, applied, {}, physical_id)
    work.permissions.check("create", made, after_making=True)
    row.apply(context, physical_id, applied, {})
    work.step()
    work.permissions.check("read", made)


def _guarded(work: Work, resource: StackResource, verb: str, do) -> bool:
    """Does a step and turns whatever it raises into the resource's VERB_FAILED event."""
    try:
        do()
    except Stopped:
        raise
    except Interrupted:
        done = {"CREATE": "creation", "UPDATE": "update", "DELETE": "deletion"}[verb]
        resource_status(work.stack, resource, f"{verb}_FAILED", f"Resource {done} cancelled")
        return False
    except Exception as error:  # a handler may raise anything; the stack must say so and go on
        if work.stopped:
            raise Stopped from error
        resource_status(work.stack, resource, f"{verb}_FAILED", reason(error, resource.type))
        return False
    return True


def change(work: Work, resource: StackResource, wanted: dict[str, Any], before: dict[str, Any]) -> bool:
    """Changes a resource in place, from before to wanted."""
    def do() -> None:
        resource_status(work.stack, resource, "UPDATE_IN_PROGRESS", properties=wanted)
        work.services.rules.check(resource.type, resource.logical_id, "update")
        with work.stack.lock:
            resource.properties, resource.unfinished = wanted, before
        context = context_of(work, resource.logical_id)
        step = Step(resource.type, resource.logical_id, wanted, before, resource.physical_id)
        work.permissions.check("update", step)
        TYPES[resource.type].apply(context, resource.physical_id, wanted, before)
        work.step()
        work.permissions.check("read", dataclasses.replace(step, before={}))
        with work.stack.lock:
            resource.unfinished = None
        resource_status(work.stack, resource, "UPDATE_COMPLETE")
    return _guarded(work, resource, "UPDATE", do)


def replace(work: Work, resource: StackResource, wanted: dict[str, Any]) -> bool:
    """Makes a new physical resource in the old one's place; the old one is left to the clean-up."""
    def do() -> None:
        resource_status(work.stack, resource, "UPDATE_IN_PROGRESS", REPLACING, wanted)
        work.services.rules.check(resource.type, resource.logical_id, "update")
        make(work, resource, wanted, "UPDATE", INITIATED)
        resource_status(work.stack, resource, "UPDATE_COMPLETE")
    return _guarded(work, resource, "UPDATE", do)


def delete(work: Work, resource: StackResource, retain: bool) -> bool:
    if retain:
        resource_status(work.stack, resource, "DELETE_SKIPPED")
        return True
    if not resource.physical_id:
        resource_status(work.stack, resource, "DELETE_COMPLETE")
        return True
    return _guarded(work, resource, "DELETE", lambda: _delete(work, resource))


def _delete(work: Work, resource: StackResource) -> None:
    resource_status(work.stack, resource, "DELETE_IN_PROGRESS")
    work.services.rules.check(resource.type, resource.logical_id, "delete")
    context = context_of(work, resource.logical_id)
    work.permissions.check("delete", Step(resource.type, resource.logical_id, resource.properties, {},
                                          resource.physical_id))
    TYPES[resource.type].delete(context, resource.physical_id, resource.properties)
    work.step()
    resource_status(work.stack, resource, "DELETE_COMPLETE")


def outputs(work: Work, target: Target) -> list[dict[str, str]]:
    """The outputs whose conditions hold. Raises when one cannot be computed."""
    scope = scope_of(work, target)
    result = []
    for name, entry in (target.template.get("Outputs") or {}).items():
        if scope.exists(name):
            value = evaluate(scope, entry["Value"])
            if isinstance(value, (list, dict)):
                raise schema.InvalidProperties(f"Template format error: The Value field of every Outputs member "
                                               f"must evaluate to a String ({name})")
            description = {"Description": entry["Description"]} if "Description" in entry else {}
            result.append({"OutputKey": name, "OutputValue": str(value), **description})
    return result
