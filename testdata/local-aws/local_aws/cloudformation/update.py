# SPDX-License-Identifier: Apache-2.0
"""The update of a stack, as it runs in the operation's thread: change, clean up, or go back."""

from __future__ import annotations

import copy
from typing import Callable

from . import creation, resource_steps, stack_policy
from .continuation import adopt, delete_leftovers, roll_back
from .events import resource_status
from .failures import reason
from .stacks import Stack, StackResource, Target
from .update_plan import needs_replacement
from .work import Undo, Work


def updating(target: Target, without_rollback: bool) -> Callable[[Work], None]:
    def run(work: Work) -> None:
        previous = (work.stack.target, work.stack.outputs)
        with work.stack.lock:
            work.stack.target = target
        failed = _removals_denied(work, target) or work.run(
            target.graph, lambda name: _bring(work, target, name), True)
        problem = _told(work.stack, failed) if failed else creation.set_outputs(work)
        if not problem:
            _clean_up(work, target)
        elif without_rollback:
            work.tell("UPDATE_FAILED", problem)
        else:
            roll_back(work, previous, problem)
    return run


def _removals_denied(work: Work, target: Target) -> list[str]:
    """What the stack policy does not let go, before anything is changed."""
    denied = []
    for name, resource in work.stack.resources.items():
        try:
            if name not in target.graph and resource.exists:
                stack_policy.check(work.stack.policy, "Update:Delete", name, resource.type)
        except stack_policy.DeniedByPolicy as error:
            resource_status(work.stack, resource, "UPDATE_FAILED", str(error))
            denied.append(name)
    return denied


def _told(stack: Stack, failed: list[str]) -> str:
    """What failed, in the stack's words: additions first, then changes."""
    created = [name for name in failed if stack.resources[name].status == "CREATE_FAILED"]
    updated = [name for name in failed if name not in created]
    return "".join(f"The following resource(s) failed to {verb}: [{', '.join(names)}]. "
                   for verb, names in (("create", created), ("update", updated)) if names)


def _remember(work: Work, undo: Undo) -> None:
    with work.stack.lock:
        work.undo.append(undo)


def _bring(work: Work, target: Target, name: str) -> bool:
    """Brings one resource to what the target says of it."""
    old = work.stack.resources.get(name)
    if old is None or not old.whole:
        _remember(work, Undo(name, None))
        half_made = old is not None and old.exists
        return (not half_made or resource_steps.delete(work, old, False)) and resource_steps.create(work, target, name)
    try:
        given, wanted = resource_steps.wanted_properties(work, target, name)
        new = resource_steps.declared(target, name)
        same = wanted == old.properties and old.type == new.type and old.unfinished is None
        replaced = needs_replacement(old, new.type, wanted)
        if not same:
            stack_policy.check(work.stack.policy, "Update:Replace" if replaced else "Update:Modify", name, old.type)
    except Exception as error:  # whatever evaluation met, the stack must say so and go back
        resource_status(work.stack, old, "UPDATE_FAILED", reason(error, old.type))
        return False
    if same:
        adopt(work.stack, old, new)
        return True
    _remember(work, Undo(name, copy.copy(old), replaced))
    adopt(work.stack, old, new)
    if replaced:
        return resource_steps.replace(work, old, wanted)
    return resource_steps.change(work, old, wanted, old.properties if old.unfinished is None else old.unfinished)


def _clean_up(work: Work, target: Target) -> None:
    """Deletes what the new template no longer has, and what replacements left behind."""
    stack = work.stack
    work.tell("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
    leftovers = {f"{undo.logical_id}#old": (undo.old, undo.old.replace_policy != "Delete")
                 for undo in work.undo if undo.replaced and undo.old}
    leftovers |= {name: (item, item.deletion_policy != "Delete") for name, item in stack.resources.items()
                  if name not in target.graph and item.exists}
    delete_leftovers(work, leftovers)
    with stack.lock:
        for name in [name for name in stack.resources if name not in target.graph]:
            del stack.resources[name]
    work.tell("UPDATE_COMPLETE")
