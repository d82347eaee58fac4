# SPDX-License-Identifier: Apache-2.0
"""Creation and deletion of a whole stack, as they run in the operation's thread."""

from __future__ import annotations

from typing import Callable

from . import early_validation, resource_steps
from .events import resource_status
from .failures import reason
from .graph import Graph, reversed_graph
from .stacks import STACK_TYPE, StackResource
from .work import Stopped, Work


def create(work: Work) -> None:
    """Runs after the stack's CREATE_IN_PROGRESS event."""
    stack = work.stack
    if stack.validated and early_validation.refuses(work, stack.target, stack.target.graph):
        work.tell("CREATE_FAILED", early_validation.REASON)
        return
    failed = work.run(stack.target.graph, lambda name: resource_steps.create(work, stack.target, name), True)
    if failed:
        _fail(work, f"The following resource(s) failed to create: [{', '.join(failed)}]. ")
        return
    problem = set_outputs(work)
    if problem:
        _fail(work, problem)
    else:
        work.tell("CREATE_COMPLETE")


def set_outputs(work: Work) -> str | None:
    """Computes the stack's outputs; gives what went wrong, or None."""
    try:
        outputs = resource_steps.outputs(work, work.stack.target)
    except Exception as error:
        if work.stopped:
            raise Stopped from error
        return reason(error, STACK_TYPE) + " "
    with work.stack.lock:
        work.stack.outputs = outputs
    return None


def _fail(work: Work, problem: str) -> None:
    stack = work.stack
    if stack.on_failure == "DO_NOTHING":
        work.tell("CREATE_FAILED", problem)
    elif stack.on_failure == "DELETE":
        work.tell("DELETE_IN_PROGRESS", problem + "Delete requested by user.")
        _finish(work, _delete_created(work), "DELETE")
    else:
        work.tell("ROLLBACK_IN_PROGRESS", problem + "Rollback requested by user.")
        _finish(work, _delete_created(work), "ROLLBACK")


def _delete_created(work: Work) -> list[str]:
    """Deletes what a failed creation made; only a plain Retain survives it."""
    all_but = work.stack.retain_except_on_create

    def retain(resource: StackResource) -> bool:
        return resource.deletion_policy == "Retain" and not all_but and bool(resource.physical_id)

    return delete_resources(work, retain)


def delete_resources(work: Work, retain: Callable[[StackResource], bool]) -> list[str]:
    """Deletes every resource that exists, those that others need last. Gives the names of the failed."""
    stack = work.stack
    with stack.lock:
        existing = {name: item for name, item in stack.resources.items() if item.exists}
    graph: Graph = {name: item.needs & set(existing) for name, item in existing.items()}
    return work.run(reversed_graph(graph),
                    lambda name: resource_steps.delete(work, existing[name], retain(existing[name])), False)


def _finish(work: Work, failed: list[str], verb: str) -> None:
    if failed:
        work.tell(f"{verb}_FAILED",
                     f"The following resource(s) failed to delete: [{', '.join(failed)}]. ")
    else:
        work.tell(f"{verb}_COMPLETE")


def deletion(retained: list[str], previous: Work | None, force: bool = False) -> Callable[[Work], None]:
    """The run of DeleteStack. retained: RetainResources; previous: the operation that it cut short. force: what cannot
    be deleted is left where it is, and the stack goes all the same."""
    def retain(resource: StackResource) -> bool:
        return resource.logical_id in retained or resource.deletion_policy != "Delete"

    def run(work: Work) -> None:
        if previous:
            previous.join()
        failed = delete_resources(work, retain)
        for name in failed if force else ():
            resource_status(work.stack, work.stack.resources[name], "DELETE_SKIPPED")
        _finish(work, [] if force else failed, "DELETE")
    return run
