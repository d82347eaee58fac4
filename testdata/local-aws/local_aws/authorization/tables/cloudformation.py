# SPDX-License-Identifier: Apache-2.0
"""CloudFormation's own operations. A stack told by its name is stack/NAME/*; its resources are another table's."""

from __future__ import annotations

from ..demand import Demand

Row = tuple[Demand, ...]

_EVERYWHERE = """
    ListStacks ListExports ListImports ValidateTemplate DescribeAccountLimits DescribeStackDriftDetectionStatus
"""
_STACK = """
    DescribeStackEvents DescribeStackResource DescribeStackResources DescribeStackResourceDrifts ListStackResources
    GetTemplate GetTemplateSummary GetStackPolicy SetStackPolicy ListChangeSets DescribeEvents DetectStackDrift
    CancelUpdateStack UpdateTerminationProtection
"""
_CHANGE_SET = "DescribeChangeSet ExecuteChangeSet DeleteChangeSet"
_ROLE = {"cloudformation:RoleArn": "{RoleARN}"}
_CHANGE_SET_NAME = {"cloudformation:ChangeSetName": "{ChangeSetName}"}
_TEMPLATE = _ROLE | {"cloudformation:TemplateUrl": "{TemplateURL}", "cloudformation:ResourceTypes": "{ResourceTypes}"}


def _prefixed(name: str, resource: str = "{Stack}", **more) -> Demand:
    return Demand(f"cloudformation:{name}", resource, **more)


def _works(operation: str) -> Row:
    """An operation that makes or changes a stack, with tags for it and a role to do it with."""
    context = _TEMPLATE | (_CHANGE_SET_NAME if operation == "CreateChangeSet" else {})
    return (_prefixed(operation, tagged=True, context=context),
            _prefixed("TagResource", when="tags", tagged=True, context={"cloudformation:CreateAction": operation}),
            _passing())


def _passing() -> Demand:
    return Demand("iam:PassRole", "{RoleARN}", when="RoleARN",
                  context={"iam:PassedToService": "cloudformation.amazonaws.com"})


ACTIONS: dict[str, Row] = {
    **{name: (_prefixed(name, "*"),) for name in _EVERYWHERE.split()},
    **{name: (_prefixed(name),) for name in _STACK.split()},
    **{name: (_prefixed(name, context=_CHANGE_SET_NAME),) for name in _CHANGE_SET.split()},
    # Without a name it lists, and AWS asks for the action that lists.
    "DescribeStacks": (_prefixed("DescribeStacks"), _prefixed("ListStacks", "*", when="EveryStack")),
    "CreateStack": _works("CreateStack"), "UpdateStack": _works("UpdateStack"),
    "CreateChangeSet": _works("CreateChangeSet"),
    **{name: (_prefixed(name, context=_ROLE), _passing()) for name in ("DeleteStack", "ContinueUpdateRollback")},
}
