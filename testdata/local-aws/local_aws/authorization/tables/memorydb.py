# SPDX-License-Identifier: Apache-2.0
"""MemoryDB. Lists are checked on every resource of their kind, so they need a pattern that takes them all in."""

from __future__ import annotations

from ..demand import Demand

Row = tuple[Demand, ...]


def _prefixed(name: str, resource: str = "*", **more) -> Demand:
    return Demand(f"memorydb:{name}", resource, **more)


def _linked() -> Demand:
    return Demand("iam:CreateServiceLinkedRole", "{MemoryDbLinkedRole}", when="MemoryDbLinkedRole",
                  context={"iam:AWSServiceName": "memorydb.amazonaws.com", "aws:ViaAWSService": "true"})


def _tagging(resource: str) -> Demand:
    return _prefixed("TagResource", resource, when="tags", tagged=True)


_CLUSTER, _SUBNETS = "cluster/{ClusterName}", "subnetgroup/{SubnetGroupName}"
_PARAMETERS, _ACL, _USER = "parametergroup/{ParameterGroupName}", "acl/{ACLName}", "user/{UserName}"
_MADE_OF = {"tagged": True, "context": {"memorydb:TLSEnabled": "{TLSEnabled}"}}

ACTIONS: dict[str, Row] = {
    "DescribeClusters": (_prefixed("DescribeClusters", _CLUSTER),),
    "DescribeSubnetGroups": (_prefixed("DescribeSubnetGroups", _SUBNETS),),
    "DescribeParameterGroups": (_prefixed("DescribeParameterGroups", _PARAMETERS),),
    "DescribeParameters": (_prefixed("DescribeParameters", _PARAMETERS),),
    "DescribeACLs": (_prefixed("DescribeAcls", _ACL),),
    "DescribeEngineVersions": (_prefixed("DescribeEngineVersions"),),
    "CreateSubnetGroup": (_prefixed("CreateSubnetGroup", tagged=True), _tagging(_SUBNETS), _linked()),
    "CreateParameterGroup": (_prefixed("CreateParameterGroup", tagged=True), _tagging(_PARAMETERS), _linked()),
    "CreateCluster": (_prefixed("CreateCluster", _ACL, **_MADE_OF),
                      _prefixed("CreateCluster", _PARAMETERS, when="ParameterGroupName", **_MADE_OF),
                      _prefixed("CreateCluster", _SUBNETS, when="SubnetGroupName", **_MADE_OF),
                      _tagging(_CLUSTER), _linked()),
    **{f"{verb}{noun}": (_prefixed(f"{verb}{noun}", resource),) for verb in ("Update", "Delete") for noun, resource in (
        ("Cluster", _CLUSTER), ("SubnetGroup", _SUBNETS), ("ParameterGroup", _PARAMETERS))},
    "DescribeUsers": (_prefixed("DescribeUsers", _USER),),
    "CreateUser": (_prefixed("CreateUser", tagged=True), _tagging(_USER)),
    **{f"{verb}User": (_prefixed(f"{verb}User", _USER),) for verb in ("Update", "Delete")},
    "CreateACL": (_prefixed("CreateAcl", _USER, tagged=True), _tagging(_ACL)),
    "UpdateACL": (_prefixed("UpdateAcl", _ACL), _prefixed("UpdateAcl", _USER, when="UserName")),
    "DeleteACL": (_prefixed("DeleteAcl", _ACL),),
    "ResetParameterGroup": (_prefixed("ResetParameterGroup", _PARAMETERS),),
    "ListTags": (_prefixed("ListTags", "{ResourceArn}"),),
    "TagResource": (_prefixed("TagResource", "{ResourceArn}", tagged=True),),
    "UntagResource": (_prefixed("UntagResource", "{ResourceArn}", context={"aws:TagKeys": "{TagKeys}"}),),
}
