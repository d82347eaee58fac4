# SPDX-License-Identifier: Apache-2.0
"""CreateStack, UpdateStack, DeleteStack and UpdateTerminationProtection: what they check, what they start."""

from __future__ import annotations

from typing import Any

from . import continuation, creation, stack_policy, update, update_plan
from .call import Call, check_stack_name, invalid, target
from .events import stack_status
from .stacks import Stack, Target, new_arn, now

UNSUPPORTED = ("RollbackConfiguration", "NotificationARNs", "ResourceTypes", "StackPolicyBody", "StackPolicyURL",
               "StackPolicyDuringUpdateBody", "StackPolicyDuringUpdateURL", "DeploymentConfig")
UPDATABLE = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE"}
UPDATABLE_WITHOUT_ROLLBACK = {"CREATE_FAILED", "UPDATE_FAILED"}
PAST_CANCELLING = "UPDATE_"
EMPTY = Target("", {"Resources": {}}, {}, [], [])


def new_stack(call: Call) -> Stack:
    name = call.get("StackName")
    return Stack(name, new_arn("stack", name, call.region, call.account), call.account, call.region, EMPTY)


def on_failure(call: Call) -> str:
    if "DisableRollback" in call.arguments and "OnFailure" in call.arguments:
        raise invalid("Either DisableRollback or OnFailure can be specified, not both.")
    return "DO_NOTHING" if call.get("DisableRollback") else call.get("OnFailure", "ROLLBACK")


def create_stack(call: Call) -> dict[str, Any]:
    call.refuse(*UNSUPPORTED)
    check_stack_name(call.get("StackName"))
    stack = new_stack(call)
    stack.on_failure = on_failure(call)
    stack.target = target(call, stack)
    stack.timeout_minutes = call.get("TimeoutInMinutes")
    stack.protected = call.get("EnableTerminationProtection", False)
    stack.role_arn = call.get("RoleARN")
    stack.retain_except_on_create = call.get("RetainExceptOnCreate", False)
    stack.validated = not call.get("DisableValidation", False)
    stack.token = call.get("ClientRequestToken")
    with stack.lock:
        stack.status = "CREATE_IN_PROGRESS"
        call.store.add(stack)
        begin_creation(call, stack)
    return {"StackId": stack.id}


def begin_creation(call: Call, stack: Stack) -> None:
    stack_status(stack, "CREATE_IN_PROGRESS", "User Initiated")
    call.work(stack).start(creation.create)


def check_updatable(stack: Stack, without_rollback: bool) -> None:
    if stack.status in UPDATABLE or (without_rollback and stack.status in UPDATABLE_WITHOUT_ROLLBACK):
        return
    raise invalid(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")


def update_stack(call: Call) -> dict[str, Any]:
    call.refuse(*UNSUPPORTED, "DisableValidation")
    stack = call.stack("Stack [{}] does not exist")
    without_rollback = call.get("DisableRollback", False)
    with stack.lock:
        check_updatable(stack, without_rollback)
        wanted = target(call, stack, stack)
        plan = update_plan.plan(call.work(stack), wanted)
        if not plan:
            raise invalid("No updates are to be performed.")
        stack.token = call.get("ClientRequestToken")
        begin_update(call, stack, wanted, without_rollback)
    return {"StackId": stack.id}


def begin_update(call: Call, stack: Stack, wanted: Target, without_rollback: bool) -> None:
    stack.updated = now()
    stack.role_arn = call.get("RoleARN", stack.role_arn)
    stack_status(stack, "UPDATE_IN_PROGRESS", "User Initiated")
    call.work(stack).start(update.updating(wanted, without_rollback))


def delete_stack(call: Call) -> dict[str, Any]:
    call.refuse("DeploymentConfig")
    stack = call.store.find(call.account, call.region, call.get("StackName"))
    if stack is None:
        return {}
    with stack.lock:
        if stack.status in ("DELETE_IN_PROGRESS", "DELETE_COMPLETE"):
            return {}
        _check_deletable(call, stack)
        stack.token = call.get("ClientRequestToken")
        stack.role_arn = call.get("RoleARN", stack.role_arn)
        previous = stack.work if stack.running else None
        if previous:
            previous.supersede(hurry=stack.status == "CREATE_IN_PROGRESS")
        stack_status(stack, "DELETE_IN_PROGRESS", "User Initiated")
        call.work(stack).start(creation.deletion(call.get("RetainResources", []), previous, _forced(call)))
    return {}


def _forced(call: Call) -> bool:
    return call.get("DeletionMode") == "FORCE_DELETE_STACK"


def _check_deletable(call: Call, stack: Stack) -> None:
    if stack.protected:
        raise invalid(f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled")
    if stack.running and stack.status.startswith(PAST_CANCELLING):
        raise invalid(f"Stack [{stack.name}] cannot be deleted while in status {stack.status}")
    if _forced(call) and stack.status != "DELETE_FAILED":
        raise invalid(f"Invalid operation on stack [{stack.id}]. FORCE_DELETE_STACK can be specified only when the stack "
                      "is in the DELETE_FAILED state.")
    retained = call.get("RetainResources", [])
    if retained and stack.status != "DELETE_FAILED":
        raise invalid(f"Invalid operation on stack [{stack.id}]. Specify RetainResources only when the stack "
                      "is in the DELETE_FAILED state.")
    for name in retained:
        if name not in stack.resources:
            raise invalid(f"Resource {name} does not exist for stack {stack.name}")
        if not stack.resources[name].exists:
            raise invalid("The specified resources to retain must be in a valid state. Do not specify resources "
                          "that are in the DELETE_COMPLETE state.")


def update_termination_protection(call: Call) -> dict[str, Any]:
    stack = call.stack("Stack [{}] does not exist")
    with stack.lock:
        if stack.status in ("DELETE_IN_PROGRESS", "DELETE_COMPLETE"):
            raise invalid(f"Stack [{stack.name}] is in {stack.status} state and its TerminationProtection "
                          "cannot be changed")
        stack.protected = call.get("EnableTerminationProtection")
    return {"StackId": stack.id}


def set_stack_policy(call: Call) -> dict[str, Any]:
    call.refuse("StackPolicyURL")
    stack = call.stack("Stack [{}] does not exist")
    body = call.get("StackPolicyBody", "")
    if not stack_policy.complete(body):
        raise invalid("Error validating stack policy: Invalid stack policy")
    with stack.lock:
        stack.policy = body
    return {}


def get_stack_policy(call: Call) -> dict[str, Any]:
    policy = call.stack("Stack [{}] does not exist").policy
    return {"StackPolicyBody": policy} if policy else {}


def continue_rollback(call: Call) -> dict[str, Any]:
    call.refuse("ForceRollback")
    stack = call.stack("Stack [{}] does not exist")
    skipped = call.get("ResourcesToSkip", [])
    with stack.lock:
        if stack.status != "UPDATE_ROLLBACK_FAILED":
            raise invalid(f"Stack:{stack.id} is in {stack.status} state and can not be continued.")
        failed = continuation.failed(stack)
        if unknown := [name for name in skipped if name not in failed]:
            raise invalid(f"Resources to skip: [{', '.join(unknown)}] are not in a state that can be skipped.")
        stack.token = call.get("ClientRequestToken")
        stack_status(stack, "UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated")
        call.work(stack).start(continuation.continuing(stack.rollback, skipped))
    return {}


ACTIONS = {"ContinueUpdateRollback": continue_rollback, "SetStackPolicy": set_stack_policy,
           "GetStackPolicy": get_stack_policy, "CreateStack": create_stack, "UpdateStack": update_stack, "DeleteStack": delete_stack,
           "UpdateTerminationProtection": update_termination_protection}
