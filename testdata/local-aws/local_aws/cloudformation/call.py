# SPDX-License-Identifier: Apache-2.0
"""One call of an operation, and what several operations do with it: find the stack, read the template."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Any, Callable, Sequence

from ..identity import Principal
from ..message import AwsError
from . import graph, intrinsics, parameters, structure
from . import template as templates
from .resource_steps import pseudo_of
from .stacks import Stack, Store, Target
from .tokens import Tokens
from .work import Services, Work

STACK_NAME = r"[a-zA-Z][-a-zA-Z0-9]*"
LONGEST_STACK_NAME = 128
PAGE = 100


@dataclass
class Call:
    """arguments: the request's members, already checked against the model. caller: with whose permissions a stack
    acts."""

    store: Store
    services: Services
    tokens: Tokens
    account: str
    region: str
    action: str
    arguments: dict[str, Any]
    caller: Principal | None = None

    def work(self, stack: Stack) -> Work:
        """A new operation on the stack for this caller."""
        return Work(self.services, stack, self.caller)

    def get(self, name: str, default: Any = None) -> Any:
        return self.arguments.get(name, default)

    def stack(self, missing: str = "Stack with id {} does not exist") -> Stack:
        """The stack that StackName names. missing: the words of this operation for a stack that is not."""
        name = self.get("StackName", "")
        found = self.store.find(self.account, self.region, name)
        if found is None:
            raise invalid(missing.format(name))
        return found

    def refuse(self, *names: str) -> None:
        """Says no to members that the local AWS would otherwise ignore."""
        given = [name for name in names if name in self.arguments]
        if given:
            raise invalid(f"The local AWS does not support {', '.join(given)} of {self.action}")


def invalid(text: str) -> AwsError:
    return AwsError("ValidationError", text)


def constraint(value: str, name: str, rule: str) -> AwsError:
    return invalid(f"1 validation error detected: Value '{value}' at '{name}' failed to satisfy constraint: {rule}")


def check_stack_name(name: str) -> None:
    if not re.fullmatch(STACK_NAME, name):
        raise constraint(name, "stackName", f"Member must satisfy regular expression pattern: {STACK_NAME}")
    if len(name) > LONGEST_STACK_NAME:
        raise constraint(name, "stackName", f"Member must have length less than or equal to {LONGEST_STACK_NAME}")


def template_body(call: Call, previous: Stack | None = None) -> str:
    call.refuse("TemplateURL")
    body = call.get("TemplateBody")
    if call.get("UsePreviousTemplate"):
        if body is not None:
            raise invalid("You cannot specify both usePreviousTemplate and Template Body/Template URL.")
        if previous is None:
            raise invalid("usePreviousTemplate needs a stack that has a template")
        return previous.target.body
    if body is None:
        raise invalid("Either Template URL or Template Body must be specified.")
    if len(body.encode()) > templates.MAXIMUM_BODY_BYTES:
        raise constraint(body, "templateBody",
                         f"Member must have length less than or equal to {templates.MAXIMUM_BODY_BYTES}")
    return body


def target(call: Call, stack: Stack, previous: Stack | None = None) -> Target:
    """What the request wants the stack to be; every check that CloudFormation makes before it begins."""
    body = template_body(call, previous)
    template = templates.parse(body)
    structure.check(template)
    given = call.get("Parameters", [])
    values = parameters.resolve(template, given, previous.target.parameters if previous else None)
    structure.check_capabilities(template, call.get("Capabilities", []))
    tags = call.get("Tags")
    if tags is None:
        tags = previous.target.tags if previous else []
    check_tags(tags)
    result = Target(body, template, values, tags, call.get("Capabilities", []))
    scope = planning_scope(call.services, stack, result)
    structure.check_existing(scope)
    structure.check_available(scope, stack.region)
    result.graph = graph.dependencies(scope)
    if not result.graph:
        raise templates.format_error("At least one Resources member must be defined.")
    return result


def check_tags(tags: list[dict[str, str]]) -> None:
    keys = [tag["Key"] for tag in tags]
    for key in keys:
        if key.lower().startswith("aws:"):
            raise invalid(f"'{key}' is a reserved prefix: tag keys cannot begin with aws:")
        if keys.count(key) > 1:
            raise invalid(f"Duplicate tag key: {key}")


def planning_scope(services: Services, stack: Stack, wanted: Target) -> intrinsics.Scope:
    """A scope for conditions: resources cannot be asked, and no condition may."""
    def refuse(*_name: str) -> Any:
        raise templates.format_error("Conditions cannot reference resources")
    return intrinsics.Scope(wanted.template, wanted.parameters, pseudo_of(stack), refuse, refuse,
                            lambda region: services.zones(region, stack.account))


def page(call: Call, items: Sequence[Any], show: Callable[[Any], dict], name: str) -> dict[str, Any]:
    """One page of a list under its member's name, with the NextToken when there is more."""
    start = _offset(call.get("NextToken"))
    reply: dict[str, Any] = {name: [show(item) for item in items[start:start + PAGE]]}
    if start + PAGE < len(items):
        reply["NextToken"] = base64.urlsafe_b64encode(f"offset {start + PAGE}".encode()).decode()
    return reply


def _offset(token: str | None) -> int:
    if token is None:
        return 0
    try:
        word, number = base64.urlsafe_b64decode(token).decode().split(" ")
        if word == "offset":
            return int(number)
    except ValueError:
        pass
    raise invalid("NextToken is invalid")
