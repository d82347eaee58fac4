# SPDX-License-Identifier: Apache-2.0
"""The update of a stack, as it runs in the operation's thread: change, clean up, or go back."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Callable

from . import creation, resource_steps
from .events import resource_status
from .failures import reason
from .graph import Graph, reversed_graph
from .stacks import Stack, StackResource, Target
from .update_plan import needs_replacement
from .work import Work


@dataclass
class Undo:
    """One thing that the update did. old: the resource as it was, or None when the update added it."""

    logical_id: str
    old: StackResource | None
    replaced: bool = False


def updating(target: Target, without_rollback: bool) -> Callable[[Work], None]:
    def run(work: Work) -> None:
        previous = (work.stack.target, work.stack.outputs)
        with work.stack.lock:
            work.stack.target = target
        failed = work.run(target.graph, lambda name: _bring(work, target, name), True)
        problem = _told(work.stack, failed) if failed else creation.set_outputs(work)
        if not problem:
            _clean_up(work, target)
        elif without_rollback:
            work.tell("UPDATE_FAILED", problem)
        else:
            _roll_back(work, previous, problem)
    return run


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
    except Exception as error:  # whatever evaluation met, the stack must say so and go back
        resource_status(work.stack, old, "UPDATE_FAILED", reason(error, old.type))
        return False
    new = resource_steps.declared(target, name)
    if wanted == old.properties and old.type == new.type and old.unfinished is None:
        _adopt(work.stack, old, new)
        return True
    replaced = needs_replacement(old, new.type, wanted)
    _remember(work, Undo(name, copy.copy(old), replaced))
    _adopt(work.stack, old, new)
    if replaced:
        return resource_steps.replace(work, old, wanted)
    return resource_steps.change(work, old, wanted, old.properties if old.unfinished is None else old.unfinished)


def _adopt(stack: Stack, old: StackResource, new: StackResource) -> None:
    with stack.lock:
        old.type, old.needs = new.type, new.needs
        old.deletion_policy, old.replace_policy = new.deletion_policy, new.replace_policy


def _clean_up(work: Work, target: Target) -> None:
    """Deletes what the new template no longer has, and what replacements left behind."""
    stack = work.stack
    work.tell("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
    leftovers = {f"{undo.logical_id}#old": (undo.old, undo.old.replace_policy != "Delete")
                 for undo in work.undo if undo.replaced and undo.old}
    leftovers |= {name: (item, item.deletion_policy != "Delete") for name, item in stack.resources.items()
                  if name not in target.graph and item.exists}
    _delete_leftovers(work, leftovers)
    with stack.lock:
        for name in [name for name in stack.resources if name not in target.graph]:
            del stack.resources[name]
    work.tell("UPDATE_COMPLETE")


def _delete_leftovers(work: Work, leftovers: dict[str, tuple[StackResource, bool]]) -> None:
    """Failures stay in the events only: CloudFormation forgets what it could not clean up."""
    by_name = {item.logical_id: key for key, (item, _) in leftovers.items()}
    graph: Graph = {key: {by_name[need] for need in item.needs if need in by_name}
                    for key, (item, _) in leftovers.items()}
    work.run(reversed_graph(graph), lambda key: resource_steps.delete(work, *leftovers[key]), False)


def _roll_back(work: Work, previous: tuple, problem: str) -> None:
    stack = work.stack
    work.tell("UPDATE_ROLLBACK_IN_PROGRESS", problem)
    with stack.lock:
        stack.target, stack.outputs = previous
        changed = {undo.logical_id: undo for undo in work.undo if undo.old}
        graph = {name: undo.old.needs & set(changed) for name, undo in changed.items() if undo.old}
    leftovers: dict[str, tuple[StackResource, bool]] = {}
    failed = work.run(graph, lambda name: _restore(work, changed[name], leftovers), False)
    if failed:
        work.tell("UPDATE_ROLLBACK_FAILED",
                     f"The following resource(s) failed to update: [{', '.join(failed)}]. ")
        return
    work.tell("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
    added = [undo.logical_id for undo in work.undo if undo.old is None]
    leftovers |= {name: (stack.resources[name], stack.resources[name].deletion_policy == "Retain")
                  for name in added if name in stack.resources}
    _delete_leftovers(work, leftovers)
    with stack.lock:
        for name in added:
            stack.resources.pop(name, None)
    work.tell("UPDATE_ROLLBACK_COMPLETE")


def _restore(work: Work, undo: Undo, leftovers: dict[str, tuple[StackResource, bool]]) -> bool:
    """Gives a resource back what it was; a replacement's new thing is left to the clean-up."""
    stack, old = work.stack, undo.old
    current = stack.resources[undo.logical_id]
    if not undo.replaced:
        _adopt(stack, current, old)
        return resource_steps.change(work, current, old.properties, current.properties)
    if current.physical_id != old.physical_id:
        leftovers[f"{undo.logical_id}#new"] = (copy.copy(current), False)
    with stack.lock:
        stack.resources[undo.logical_id] = old
    resource_status(stack, old, "UPDATE_COMPLETE")
    return True
