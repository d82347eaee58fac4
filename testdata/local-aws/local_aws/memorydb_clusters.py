# SPDX-License-Identifier: Apache-2.0
"""MemoryDB's clusters, and with them the whole service.

A cluster is "creating" for World.settle seconds after CreateCluster and "deleting" as long after
DeleteCluster; then it, its nodes' network interfaces and its tags are gone. Nodes live in the zones of
the cluster's subnet group, the replicas of a shard in other zones than its primary.
"""

from __future__ import annotations

import hashlib
import time

from . import interfaces
from . import memorydb_model as model
from .memorydb import (Account, OPEN_ACL, arn, found, invalid, new_name, no_acl,
                       no_parameter_group, no_subnet_group, page, required)
from .memorydb_access import MemoryDbAccess
from .message import AwsError, Request, Response
from .partition import DNS_SUFFIX

_REQUESTER = "amazon-memorydb"
_PRIVATE = ("_created", "_deleted", "_interfaces", "_shards", "_owner")
_DEFAULT_PORT = 6379


class MemoryDb(MemoryDbAccess):
    """The whole service."""

    actions = {**MemoryDbAccess.actions, "CreateCluster": "create_cluster", "DescribeClusters": "describe_clusters",
               "UpdateCluster": "update_cluster", "DeleteCluster": "delete_cluster"}

    def create_cluster(self, request: Request) -> Response:
        account, name = self.account(request), new_name(request, "ClusterName")
        if name in {row["Name"] for row in self.live_clusters(account)}:
            raise AwsError("ClusterAlreadyExistsFault", f"Cluster with specified name {name} already exists.")
        given = request.parameters
        subnet_group = self._subnet_group(request, account)
        engine = _engine(given)
        group = given.get("ParameterGroupName") or model.default_group(engine[3])
        family = found(account.parameter_groups, group, no_parameter_group)["Family"]
        if family != engine[3]:
            raise AwsError("InvalidParameterCombinationException",
                           f"Expected a parameter group of family {engine[3]} but found one of family {family}")
        self._check_access(request, account)
        cluster = _cluster(request, name, engine, group, subnet_group["Name"])
        cluster["_shards"] = self._shards(request, cluster, subnet_group)
        cluster["AvailabilityMode"] = _mode(cluster["_shards"])
        account.clusters[name] = cluster
        self.keep_tags(request, account, cluster["ARN"])
        return self.json({"Cluster": _shown({**cluster, "Status": "creating"}, False)})

    def _subnet_group(self, request: Request, account: Account) -> dict:
        name = request.parameters.get("SubnetGroupName")
        if name:
            return found(account.subnet_groups, name.lower(), no_subnet_group)
        subnets = self.client(request, "ec2").describe_subnets(
            Filters=[{"Name": "default-for-az", "Values": ["true"]}])["Subnets"]
        if not subnets:
            raise AwsError("SubnetGroupNotFoundFault", "No default VPC for this account and region.")
        return {"Name": "default", "Subnets": [
            {"Identifier": row["SubnetId"], "AvailabilityZone": {"Name": row["AvailabilityZone"]}} for row in subnets]}

    def _check_access(self, request: Request, account: Account) -> None:
        given = request.parameters
        acl = required(request, "ACLName")
        found(account.acls, acl, no_acl)
        if given.get("TLSEnabled") is False and acl != OPEN_ACL:
            raise AwsError("InvalidParameterCombinationException",
                           f"When TLS is not enabled, the ACL must be {OPEN_ACL}.")
        groups = given.get("SecurityGroupIds") or []
        if groups:
            rows = self.client(request, "ec2").describe_security_groups(
                Filters=[{"Name": "group-id", "Values": groups}])["SecurityGroups"]
            if missing := sorted(set(groups) - {row["GroupId"] for row in rows}):
                raise invalid(f"Some security groups are invalid: {', '.join(missing)}")

    def _shards(self, request: Request, cluster: dict, subnet_group: dict) -> list[dict]:
        subnets = subnet_group["Subnets"]
        groups = [row["SecurityGroupId"] for row in cluster["SecurityGroups"]]
        shards = []
        for number, slots in enumerate(model.shard_slots(cluster["NumberOfShards"])):
            nodes = []
            for index in range(cluster["_owner"]["replicas"] + 1):
                subnet = subnets[(number + index) % len(subnets)]
                name = f"{cluster['Name']}-{number + 1:04}-{index + 1:03}"
                interface, _address = interfaces.create(request, subnet["Identifier"], groups,
                                                        f"Amazon MemoryDB {name}", _REQUESTER)
                cluster["_interfaces"].append(interface)
                nodes.append(_node(request, cluster, name, subnet["AvailabilityZone"]["Name"]))
            shards.append({"Name": f"{number + 1:04}", "Status": "available", "Slots": slots, "Nodes": nodes,
                           "NumberOfNodes": len(nodes)})
        return shards

    def describe_clusters(self, request: Request) -> Response:
        rows = {row["Name"]: row for row in self.live_clusters(self.account(request))}
        name = request.parameters.get("ClusterName")
        chosen = [found(rows, name.lower(), _no_cluster)] if name else list(rows.values())
        reply = page(request, "Clusters", chosen)
        details = request.parameters.get("ShowShardDetails") is True
        reply["Clusters"] = [_shown(row, details) for row in reply["Clusters"]]
        return self.json(reply)

    def update_cluster(self, request: Request) -> Response:
        account, cluster = self._named(request)
        if cluster["Status"] != "available":
            raise _wrong_state(cluster)
        given = request.parameters
        if "ParameterGroupName" in given:
            found(account.parameter_groups, given["ParameterGroupName"], no_parameter_group)
        if "ACLName" in given:
            found(account.acls, given["ACLName"], no_acl)
        for member in ("Description", "ParameterGroupName", "ACLName", "MaintenanceWindow", "SnapshotWindow",
                       "SnapshotRetentionLimit", "NodeType", "SnsTopicArn"):
            if member in given:
                cluster[member] = given[member]
        if "SecurityGroupIds" in given:
            cluster["SecurityGroups"] = _groups(given["SecurityGroupIds"])
        if "ReplicaConfiguration" in given or "ShardConfiguration" in given:
            self._resize(request, account, cluster)
        return self.json({"Cluster": _shown(cluster, False)})

    def _resize(self, request: Request, account: Account, cluster: dict) -> None:
        """The nodes are made anew; on AWS this takes minutes and those that stay keep their interfaces."""
        replicas = request.parameters.get("ReplicaConfiguration", {}).get("ReplicaCount",
                                                                         cluster["_owner"]["replicas"])
        shards = request.parameters.get("ShardConfiguration", {}).get("ShardCount", cluster["NumberOfShards"])
        _check_size(shards, replicas)
        for interface in cluster["_interfaces"]:
            interfaces.remove(request.account, request.region, interface)
        cluster["_interfaces"].clear()
        cluster["_owner"]["replicas"], cluster["NumberOfShards"] = replicas, shards
        cluster["_shards"] = self._shards(request, cluster, account.subnet_groups.get(
            cluster["SubnetGroupName"]) or self._subnet_group(request, account))
        cluster["AvailabilityMode"] = _mode(cluster["_shards"])

    def delete_cluster(self, request: Request) -> Response:
        _account, cluster = self._named(request)
        if cluster["Status"] != "available":
            raise _wrong_state(cluster)
        cluster["_deleted"], cluster["Status"] = time.monotonic(), "deleting"
        return self.json({"Cluster": _shown(cluster, False)})

    def _named(self, request: Request) -> tuple[Account, dict]:
        account = self.account(request)
        rows = {row["Name"]: row for row in self.live_clusters(account)}
        return account, found(rows, required(request, "ClusterName").lower(), _no_cluster)

    def live_clusters(self, account: Account) -> list[dict]:
        for name, cluster in list(account.clusters.items()):
            deleted = cluster["_deleted"]
            if deleted is None:
                cluster["Status"] = "available" if self.world.settled(cluster["_created"]) else "creating"
            elif self.world.settled(deleted):
                for interface in cluster["_interfaces"]:
                    interfaces.remove(cluster["_owner"]["account"], cluster["_owner"]["region"], interface)
                account.tags.pop(cluster["ARN"], None)
                account.clusters.pop(name, None)
        return list(account.clusters.values())


def _cluster(request: Request, name: str, engine: tuple, group: str, subnet_group: str) -> dict:
    given = request.parameters
    node_type = required(request, "NodeType")
    if node_type not in model.NODE_TYPES:
        raise invalid(f"The node type {node_type} is not valid.")
    shards, replicas = given.get("NumShards", 1), given.get("NumReplicasPerShard", 1)
    _check_size(shards, replicas)
    cluster = {
        "Name": name, "Description": given.get("Description", ""), "Status": "creating", "NumberOfShards": shards,
        "AvailabilityMode": "SingleAZ", "ClusterEndpoint": _endpoint(request, "clustercfg." + name, name, given),
        "NodeType": node_type, "Engine": engine[0], "EngineVersion": engine[1], "EnginePatchVersion": engine[2],
        "ParameterGroupName": group, "ParameterGroupStatus": "in-sync",
        "SecurityGroups": _groups(given.get("SecurityGroupIds") or []), "SubnetGroupName": subnet_group,
        "TLSEnabled": given.get("TLSEnabled", True), "ARN": arn(request, "cluster", name),
        "SnapshotRetentionLimit": given.get("SnapshotRetentionLimit", 0),
        "MaintenanceWindow": given.get("MaintenanceWindow", "wed:03:00-wed:04:00"),
        "SnapshotWindow": given.get("SnapshotWindow", "05:00-06:00"), "ACLName": given["ACLName"],
        "AutoMinorVersionUpgrade": given.get("AutoMinorVersionUpgrade", True),
        "DataTiering": "true" if given.get("DataTiering") else "false", "NetworkType": "ipv4", "IpDiscovery": "ipv4",
        "_created": time.monotonic(), "_deleted": None, "_interfaces": [],
        "_owner": {"account": request.account, "region": request.region, "replicas": replicas},
    }
    for member in ("KmsKeyId", "SnsTopicArn"):
        if given.get(member):
            cluster[member] = given[member]
    return cluster


def _check_size(shards: int, replicas: int) -> None:
    if not 1 <= shards <= 500 or not 0 <= replicas <= 5:
        raise invalid("NumShards must be between 1 and 500 and NumReplicasPerShard between 0 and 5.")


def _endpoint(request: Request, host: str, cluster: str, given: dict) -> dict:
    mark = hashlib.sha256(f"{request.account}/{request.region}".encode()).hexdigest()[:6]
    return {"Address": f"{host}.{mark}.memorydb.{request.region}.{DNS_SUFFIX}",
            "Port": given.get("Port") or _DEFAULT_PORT}


def _node(request: Request, cluster: dict, name: str, zone: str) -> dict:
    return {"Name": name, "Status": "available", "AvailabilityZone": zone, "CreateTime": time.time(),
            "Endpoint": _endpoint(request, f"{name}.{cluster['Name']}", cluster["Name"],
                                  {"Port": cluster["ClusterEndpoint"]["Port"]})}


def _engine(given: dict) -> tuple:
    name, version = given.get("Engine", "redis").lower(), given.get("EngineVersion")
    rows = [row for row in model.ENGINE_VERSIONS if row[0] == name]
    if version is not None:
        rows = [row for row in rows if version in (row[1], row[2])]
    if not rows:
        raise invalid(f"{name} engine version {version or ''} is not supported.")
    return rows[-1]


def _groups(ids: list[str]) -> list[dict]:
    return [{"SecurityGroupId": item, "Status": "active"} for item in ids]


def _mode(shards: list[dict]) -> str:
    zones = {node["AvailabilityZone"] for node in shards[0]["Nodes"]}
    return "MultiAZ" if len(zones) > 1 else "SingleAZ"


def _shown(cluster: dict, details: bool) -> dict:
    shown = {name: value for name, value in cluster.items() if name not in _PRIVATE}
    if cluster["Status"] == "creating":
        shown["ClusterEndpoint"] = {"Port": cluster["ClusterEndpoint"]["Port"]}
    if details:
        shown["Shards"] = cluster["_shards"]
    return shown


def _no_cluster(name: str) -> AwsError:
    return AwsError("ClusterNotFoundFault", f"Cluster {name} not found.")


def _wrong_state(cluster: dict) -> AwsError:
    return AwsError("InvalidClusterStateFault",
                    f"Cluster {cluster['Name']} is not in the available state; it is {cluster['Status']}.")
