# SPDX-License-Identifier: Apache-2.0
"""Which resource needs which: the references of a template, as a graph of logical ids."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import Any, Callable, Iterator

from ..message import AwsError
from .intrinsics import Scope, attribute_of, function_of, sub_parts, sub_variables

Graph = dict[str, set[str]]


def references(value: Any, taken: Callable[[str], bool] | None = None) -> Iterator[tuple[str, str | None]]:
    """Every (name, attribute) that a value refers to; attribute is None for Ref.

    taken decides which branch of an Fn::If counts; without it both do.
    """
    name = function_of(value)
    if name == "Ref":
        yield value["Ref"], None
    elif name == "Fn::GetAtt":
        yield attribute_of(value[name])
    elif name == "Fn::Sub":
        yield from _sub_references(value[name], taken)
    elif name == "Fn::If" and taken is not None:
        yield from references(value[name][1 if taken(value[name][0]) else 2], taken)
    elif isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from references(item, taken)


def _sub_references(argument: Any, taken) -> Iterator[tuple[str, str | None]]:
    text, variables = sub_parts(argument)
    yield from references(list(variables.values()), taken)
    for name in sub_variables(text):
        if name not in variables:
            yield attribute_of(name) if "." in name else (name, None)


def depends_on(entry: dict[str, Any]) -> list[str]:
    value = entry.get("DependsOn", [])
    names = value if isinstance(value, list) else [value]
    if not all(isinstance(name, str) for name in names):
        raise AwsError("ValidationError", "Template format error: DependsOn must be a string or a list of strings.")
    return names


def dependencies(scope: Scope) -> Graph:
    """For each resource that will exist, the resources it needs. Raises AwsError for a cycle."""
    resources = scope.template["Resources"]
    existing = [name for name in resources if scope.exists(name)]
    graph: Graph = {}
    for name in existing:
        wanted = {target for target, _ in references(resources[name].get("Properties") or {}, scope.condition)}
        wanted.update(depends_on(resources[name]))
        graph[name] = wanted & set(existing)
    check_acyclic(graph)
    return graph


def check_acyclic(graph: Graph) -> None:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        names = ", ".join(sorted(set(error.args[1])))
        raise AwsError("ValidationError", f"Circular dependency between resources: [{names}]") from None


def reversed_graph(graph: Graph) -> Graph:
    """For each node, the nodes that need it: the order of deletion."""
    result: Graph = {name: set() for name in graph}
    for name, needed in graph.items():
        for target in needed & set(graph):
            result[target].add(name)
    return result
