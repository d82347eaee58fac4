# SPDX-License-Identifier: Apache-2.0
"""The way back from an update that failed, and its continuation after it failed too."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Callable

from . import resource_steps
from .events import resource_status
from .graph import Graph, reversed_graph
from .stacks import Stack, StackResource
from .work import Undo, Work

Leftovers = dict[str, tuple[StackResource, bool]]  # a name -> what is to be deleted, and whether it is kept instead


@dataclass
class Rollback:
    """changed: what is still to be given back; added: what the update made."""

    changed: dict[str, Undo]
    added: list[str]
    leftovers: Leftovers = field(default_factory=dict)


def roll_back(work: Work, previous: tuple, problem: str) -> None:
    """previous: the target and the outputs of before."""
    stack = work.stack
    work.tell("UPDATE_ROLLBACK_IN_PROGRESS", problem)
    with stack.lock:
        stack.target, stack.outputs = previous
        stack.rollback = Rollback({undo.logical_id: undo for undo in work.undo if undo.old},
                                  [undo.logical_id for undo in work.undo if undo.old is None])
    _go_back(work, stack.rollback)


def failed(stack: Stack) -> list[str]:
    """The resources that a continuation may skip."""
    return [name for name in stack.rollback.changed if stack.resources[name].status == "UPDATE_FAILED"] \
        if stack.rollback else []


def continuing(rollback: Rollback, skipped: list[str]) -> Callable[[Work], None]:
    """The run of ContinueUpdateRollback. skipped: ResourcesToSkip, which are left as they are and called complete."""
    def run(work: Work) -> None:
        for name in skipped:
            old = rollback.changed.pop(name).old
            with work.stack.lock:
                resource = work.stack.resources[name]
                resource.properties, resource.unfinished = old.properties, None
            resource_status(work.stack, resource, "UPDATE_COMPLETE")
        _go_back(work, rollback)
    return run


def _go_back(work: Work, rollback: Rollback) -> None:
    stack, changed = work.stack, rollback.changed
    graph = {name: undo.old.needs & set(changed) for name, undo in changed.items() if undo.old}
    restored: set[str] = set()

    def restore(name: str) -> bool:
        done = _restore(work, changed[name], rollback.leftovers)
        restored.update([name] if done else [])
        return done

    stuck = work.run(graph, restore, False)
    rollback.changed = {name: undo for name, undo in changed.items() if name not in restored}
    if stuck:
        work.tell("UPDATE_ROLLBACK_FAILED", f"The following resource(s) failed to update: [{', '.join(stuck)}]. ")
        return
    work.tell("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
    leftovers = rollback.leftovers | {
        name: (stack.resources[name], stack.resources[name].deletion_policy == "Retain")
        for name in rollback.added if name in stack.resources}
    delete_leftovers(work, leftovers)
    with stack.lock:
        for name in rollback.added:
            stack.resources.pop(name, None)
        stack.rollback = None
    work.tell("UPDATE_ROLLBACK_COMPLETE")


def _restore(work: Work, undo: Undo, leftovers: Leftovers) -> bool:
    """Gives a resource back what it was; a replacement's new thing is left to the clean-up."""
    stack, old = work.stack, undo.old
    current = stack.resources[undo.logical_id]
    if not undo.replaced:
        adopt(stack, current, old)
        return resource_steps.change(work, current, old.properties, current.properties)
    if current.physical_id != old.physical_id:
        leftovers[f"{undo.logical_id}#new"] = (copy.copy(current), False)
    with stack.lock:
        stack.resources[undo.logical_id] = old
    resource_status(stack, old, "UPDATE_COMPLETE")
    return True


def adopt(stack: Stack, old: StackResource, new: StackResource) -> None:
    """What the template says of a resource beside its properties."""
    with stack.lock:
        old.type, old.needs = new.type, new.needs
        old.deletion_policy, old.replace_policy = new.deletion_policy, new.replace_policy


def delete_leftovers(work: Work, leftovers: Leftovers) -> None:
    """Failures stay in the events only: CloudFormation forgets what it could not clean up."""
    by_name = {item.logical_id: key for key, (item, _) in leftovers.items()}
    graph: Graph = {key: {by_name[need] for need in item.needs if need in by_name}
                    for key, (item, _) in leftovers.items()}
    work.run(reversed_graph(graph), lambda key: resource_steps.delete(work, *leftovers[key]), False)
