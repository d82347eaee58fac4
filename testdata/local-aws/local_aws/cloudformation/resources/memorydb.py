# SPDX-License-Identifier: Apache-2.0
"""MemoryDB subnet groups, parameter groups and clusters."""

from __future__ import annotations

from typing import Any, Callable

from botocore.exceptions import ClientError

from .resource_type import (Context, Properties, ResourceType, changed, from_description,
                            gone_is_fine, names, only, tag_changes)

DIRECT = ("ClusterName NodeType ParameterGroupName Description NumShards NumReplicasPerShard SubnetGroupName "
          "SecurityGroupIds MaintenanceWindow Port SnsTopicArn TLSEnabled KmsKeyId SnapshotArns SnapshotName "
          "SnapshotRetentionLimit SnapshotWindow ACLName Engine EngineVersion AutoMinorVersionUpgrade "
          "NetworkType IpDiscovery")
UPDATABLE = ("Description SecurityGroupIds MaintenanceWindow SnsTopicArn SnsTopicStatus ParameterGroupName "
             "SnapshotWindow SnapshotRetentionLimit NodeType Engine EngineVersion ACLName IpDiscovery")


def _memorydb(context: Context) -> Any:
    return context.client("memorydb")


def _apply_tags(context: Context, arn: str, wanted: Properties, before: Properties) -> None:
    written, keys = tag_changes(wanted.get("Tags", []), before.get("Tags", []))
    if written:
        _memorydb(context).tag_resource(ResourceArn=arn, Tags=written)
    if keys:
        _memorydb(context).untag_resource(ResourceArn=arn, TagKeys=keys)


def _describer(operation: str, member: str, result: str) -> Callable[[Context, str], dict]:
    def describe(context: Context, name: str) -> dict:
        return getattr(_memorydb(context), operation)(**{member: name})[result][0]
    return describe


_describe_subnet_group = _describer("describe_subnet_groups", "SubnetGroupName", "SubnetGroups")
_describe_parameter_group = _describer("describe_parameter_groups", "ParameterGroupName", "ParameterGroups")
_describe_cluster = _describer("describe_clusters", "ClusterName", "Clusters")


def _create_subnet_group(context: Context, properties: Properties) -> str:
    wanted = only(properties, "SubnetGroupName Description SubnetIds")
    return _memorydb(context).create_subnet_group(**wanted)["SubnetGroup"]["Name"]


def _apply_subnet_group(context: Context, name: str, wanted: Properties, before: Properties) -> None:
    if before and changed(wanted, before, "Description", "SubnetIds"):
        _memorydb(context).update_subnet_group(SubnetGroupName=name, SubnetIds=wanted["SubnetIds"],
                                               Description=wanted.get("Description", ""))
    _apply_tags(context, _describe_subnet_group(context, name)["ARN"], wanted, before)


def _delete_subnet_group(context: Context, name: str, properties: Properties) -> None:
    gone_is_fine("SubnetGroupNotFoundFault SubnetGroupNotFound", _memorydb(context).delete_subnet_group,
                 SubnetGroupName=name)


def _create_parameter_group(context: Context, properties: Properties) -> str:
    wanted = only(properties, "ParameterGroupName Family Description")
    return _memorydb(context).create_parameter_group(**wanted)["ParameterGroup"]["Name"]


def _apply_parameter_group(context: Context, name: str, wanted: Properties, before: Properties) -> None:
    parameters, previous = wanted.get("Parameters", {}), before.get("Parameters", {})
    written = [{"ParameterName": key, "ParameterValue": str(value)}
               for key, value in parameters.items() if value != previous.get(key)]
    removed = [key for key in previous if key not in parameters]
    if removed:
        _memorydb(context).reset_parameter_group(ParameterGroupName=name, ParameterNames=removed)
    if written:
        _memorydb(context).update_parameter_group(ParameterGroupName=name, ParameterNameValues=written)
    _apply_tags(context, _describe_parameter_group(context, name)["ARN"], wanted, before)


def _delete_parameter_group(context: Context, name: str, properties: Properties) -> None:
    gone_is_fine("ParameterGroupNotFoundFault ParameterGroupNotFound",
                 _memorydb(context).delete_parameter_group, ParameterGroupName=name)


def _create_cluster(context: Context, properties: Properties) -> str:
    wanted = only(properties, DIRECT)
    if "DataTiering" in properties:  # text in the schema, boolean in the call
        wanted["DataTiering"] = str(properties["DataTiering"]).lower() == "true"
    return _memorydb(context).create_cluster(**wanted)["Cluster"]["Name"]


def _await_cluster(context: Context, name: str) -> dict:
    context.wait_until(lambda: _describe_cluster(context, name)["Status"] == "available")
    return _describe_cluster(context, name)


def _apply_cluster(context: Context, name: str, wanted: Properties, before: Properties) -> None:
    arn = _await_cluster(context, name)["ARN"]
    differing = " ".join(key for key in UPDATABLE.split() if changed(wanted, before, key))
    change = only(wanted, differing)
    if before and change:
        _memorydb(context).update_cluster(ClusterName=name, **change)
    for key, member, argument in (("NumShards", "ShardCount", "ShardConfiguration"),
                                  ("NumReplicasPerShard", "ReplicaCount", "ReplicaConfiguration")):
        if before and changed(wanted, before, key) and key in wanted:
            _memorydb(context).update_cluster(ClusterName=name, **{argument: {member: wanted[key]}})
    _await_cluster(context, name)
    _apply_tags(context, arn, wanted, before)


def _cluster_gone(context: Context, name: str) -> bool:
    try:
        _describe_cluster(context, name)
    except ClientError as error:
        if error.response["Error"]["Code"].startswith("ClusterNotFound"):
            return True
        raise
    return False


def _delete_cluster(context: Context, name: str, properties: Properties) -> None:
    gone_is_fine("ClusterNotFoundFault ClusterNotFound", _memorydb(context).delete_cluster,
                 ClusterName=name, **only(properties, "FinalSnapshotName"))
    context.wait_until(lambda: _cluster_gone(context, name))


def _port(context: Context, name: str, properties: Properties) -> str:
    return str(_describe_cluster(context, name)["ClusterEndpoint"]["Port"])


TYPES = {
    "AWS::MemoryDB::SubnetGroup": ResourceType(
        _create_subnet_group, _delete_subnet_group, names("SubnetGroupName Description SubnetIds Tags"),
        _apply_subnet_group, {"ARN": from_description(_describe_subnet_group, "ARN")}),
    "AWS::MemoryDB::ParameterGroup": ResourceType(
        _create_parameter_group, _delete_parameter_group,
        names("ParameterGroupName Family Description Parameters Tags"), _apply_parameter_group,
        {"ARN": from_description(_describe_parameter_group, "ARN")}),
    "AWS::MemoryDB::Cluster": ResourceType(
        _create_cluster, _delete_cluster, names(f"{DIRECT} SnsTopicStatus DataTiering FinalSnapshotName Tags"),
        _apply_cluster,
        {"ARN": from_description(_describe_cluster, "ARN"), "Status": from_description(_describe_cluster, "Status"),
         "ParameterGroupStatus": from_description(_describe_cluster, "ParameterGroupStatus"),
         "ClusterEndpoint.Address": from_description(_describe_cluster, "ClusterEndpoint", "Address"),
         "ClusterEndpoint.Port": _port}),
}
