# SPDX-License-Identifier: Apache-2.0
"""MemoryDB's parameter groups, subnet groups, engine versions and tags, and what its files share."""

from __future__ import annotations

import re
from typing import Any, Callable

from . import memorydb_model as model
from .authorization.demand import Place
from .layer import Layer, store
from .message import AwsError, Request, Response
from .partition import ARN

_NAME = re.compile(r"[a-z](?:-?[a-z0-9])*")
LONGEST_NAME = 40
OPEN_ACL, DEFAULT_USER = "open-access", "default"
# What a tag call answers for an ARN that is not there, by the kind in the ARN.
_MISSING = {"cluster": "ClusterNotFoundFault", "subnetgroup": "SubnetGroupNotFoundFault",
            "parametergroup": "ParameterGroupNotFoundFault", "acl": "ACLNotFoundFault", "user": "UserNotFoundFault"}


class Account:
    """MemoryDB's resources of one account and region, by name; each a dict as its Describe shows it."""

    def __init__(self) -> None:
        self.parameter_groups: dict[str, dict] = {}
        self.parameters: dict[str, dict[str, str]] = {}
        self.subnet_groups: dict[str, dict] = {}
        self.acls: dict[str, dict] = {}
        self.users: dict[str, dict] = {}
        self.clusters: dict[str, dict] = {}
        self.tags: dict[str, dict[str, str]] = {}


class MemoryDbGroups(Layer):
    """The actions beside those for access and for clusters, which MemoryDbAccess and MemoryDb add."""

    service = "memorydb"
    actions = {
        "CreateParameterGroup": "create_parameter_group", "DescribeParameterGroups": "describe_parameter_groups",
        "UpdateParameterGroup": "update_parameter_group", "ResetParameterGroup": "reset_parameter_group",
        "DeleteParameterGroup": "delete_parameter_group", "DescribeParameters": "describe_parameters",
        "CreateSubnetGroup": "create_subnet_group", "DescribeSubnetGroups": "describe_subnet_groups",
        "UpdateSubnetGroup": "update_subnet_group", "DeleteSubnetGroup": "delete_subnet_group",
        "DescribeEngineVersions": "describe_engine_versions",
        "ListTags": "list_tags", "TagResource": "tag_resource", "UntagResource": "untag_resource",
    }

    def reset(self) -> None:
        self._find: Callable[[Request], Account] = store(Account)

    def account(self, request: Request) -> Account:
        """The account's resources, with the default groups and the open ACL in them."""
        account = self._find(request)
        for family in model.FAMILIES if not account.parameter_groups else ():
            self._add_parameter_group(request, account, model.default_group(family), family,
                                      f"Default parameter group for {family}")
        account.acls.setdefault(OPEN_ACL, {
            "Name": OPEN_ACL, "Status": "active", "UserNames": [DEFAULT_USER], "MinimumEngineVersion": "6.2",
            "ARN": arn(request, "acl", OPEN_ACL)})
        account.users.setdefault(DEFAULT_USER, {
            "Name": DEFAULT_USER, "Status": "active", "AccessString": "on ~* &* +@all", "MinimumEngineVersion": "6.0",
            "Authentication": {"Type": "no-password"}, "ARN": arn(request, "user", DEFAULT_USER)})
        return account

    def create_parameter_group(self, request: Request) -> Response:
        account, name = self.account(request), new_name(request, "ParameterGroupName")
        family = required(request, "Family")
        if family not in model.FAMILIES:
            raise invalid(f"CacheParameterGroupFamily {family} is not a valid parameter group family.")
        if name in account.parameter_groups:
            raise AwsError("ParameterGroupAlreadyExistsFault", f"Parameter group {name} already exists")
        group = self._add_parameter_group(request, account, name, family, request.parameters.get("Description", ""))
        return self.json({"ParameterGroup": group})

    def _add_parameter_group(self, request: Request, account: Account, name: str, family: str, text: str) -> dict:
        group = {"Name": name, "Family": family, "Description": text, "ARN": arn(request, "parametergroup", name)}
        account.parameter_groups[name], account.parameters[name] = group, dict(model.DEFAULTS)
        self.keep_tags(request, account, group["ARN"])
        return group

    def describe_parameter_groups(self, request: Request) -> Response:
        return self.listed(request, "ParameterGroups", self.account(request).parameter_groups, "ParameterGroupName",
                           no_parameter_group)

    def update_parameter_group(self, request: Request) -> Response:
        account, name = self.account(request), required(request, "ParameterGroupName")
        group = found(account.parameter_groups, name, no_parameter_group)
        if name.startswith("default."):
            raise AwsError("InvalidParameterGroupStateFault", f"The parameter group {name} cannot be modified.")
        changes = {row.get("ParameterName", ""): row.get("ParameterValue", "")
                   for row in request.parameters.get("ParameterNameValues", [])}
        for parameter, value in changes.items():
            if parameter not in model.DEFAULTS:
                raise invalid(f"Could not find parameter with name: {parameter}")
            if not model.allows(parameter, value):
                raise invalid(f"The value {value} is not valid for parameter {parameter}.")
        account.parameters[name].update(changes)
        return self.json({"ParameterGroup": group})

    def reset_parameter_group(self, request: Request) -> Response:
        account, name = self.account(request), required(request, "ParameterGroupName")
        group = found(account.parameter_groups, name, no_parameter_group)
        names = list(model.DEFAULTS) if request.parameters.get("AllParameters") \
            else request.parameters.get("ParameterNames", [])
        account.parameters[name].update({key: model.DEFAULTS[key] for key in names if key in model.DEFAULTS})
        return self.json({"ParameterGroup": group})

    def delete_parameter_group(self, request: Request) -> Response:
        account, name = self.account(request), required(request, "ParameterGroupName")
        found(account.parameter_groups, name, no_parameter_group)
        if name.startswith("default."):
            raise AwsError("InvalidParameterGroupStateFault", f"The parameter group {name} cannot be deleted.")
        if any(cluster["ParameterGroupName"] == name for cluster in self.live_clusters(account)):
            raise AwsError("InvalidParameterGroupStateFault",
                           f"One or more clusters are still members of this parameter group {name}, so the group "
                           "cannot be deleted.")
        del account.parameters[name]
        return self.gone(account, "ParameterGroup", account.parameter_groups.pop(name))

    def describe_parameters(self, request: Request) -> Response:
        account, name = self.account(request), required(request, "ParameterGroupName")
        found(account.parameter_groups, name, no_parameter_group)
        values = account.parameters[name]
        rows = [{"Name": key, "Value": values[key], "Description": text, "DataType": kind, "AllowedValues": allowed,
                 "MinimumEngineVersion": "6.2.4"} for key, _default, allowed, kind, text in model.PARAMETERS]
        return self.json(page(request, "Parameters", rows))

    def create_subnet_group(self, request: Request) -> Response:
        account, name = self.account(request), new_name(request, "SubnetGroupName")
        if name in account.subnet_groups:
            raise AwsError("SubnetGroupAlreadyExistsFault", f"Subnet group {name} already exists.")
        group = {"Name": name, "Description": request.parameters.get("Description", ""),
                 "ARN": arn(request, "subnetgroup", name), **self._subnets(request)}
        account.subnet_groups[name] = group
        self.keep_tags(request, account, group["ARN"])
        return self.json({"SubnetGroup": group})

    def _subnets(self, request: Request) -> dict:
        wanted = request.parameters.get("SubnetIds") or []
        if not wanted:
            raise invalid("The parameter SubnetIds must be provided.")
        rows = self.client(request, "ec2").describe_subnets(
            Filters=[{"Name": "subnet-id", "Values": wanted}])["Subnets"]
        known = {row["SubnetId"]: row for row in rows}
        if missing := [item for item in wanted if item not in known]:
            raise AwsError("InvalidSubnet", f"Some input subnets in :{missing} are invalid.")
        vpcs = {known[item]["VpcId"] for item in wanted}
        if len(vpcs) > 1:
            raise AwsError("InvalidSubnet", "Not all of the subnets are in the same VPC.")
        return {"VpcId": vpcs.pop(), "SupportedNetworkTypes": ["ipv4"], "Subnets": [
            {"Identifier": item, "AvailabilityZone": {"Name": known[item]["AvailabilityZone"]},
             "SupportedNetworkTypes": ["ipv4"]} for item in wanted]}

    def describe_subnet_groups(self, request: Request) -> Response:
        return self.listed(request, "SubnetGroups", self.account(request).subnet_groups, "SubnetGroupName",
                           no_subnet_group)

    def update_subnet_group(self, request: Request) -> Response:
        account, name = self.account(request), required(request, "SubnetGroupName")
        group = found(account.subnet_groups, name, no_subnet_group)
        group["Description"] = request.parameters.get("Description", group["Description"])
        if "SubnetIds" in request.parameters:
            group.update(self._subnets(request))
        return self.json({"SubnetGroup": group})

    def delete_subnet_group(self, request: Request) -> Response:
        account, name = self.account(request), required(request, "SubnetGroupName")
        found(account.subnet_groups, name, no_subnet_group)
        if any(cluster["SubnetGroupName"] == name for cluster in self.live_clusters(account)):
            raise AwsError("SubnetGroupInUseFault", f"Subnet group {name} is currently in use by a cluster.")
        return self.gone(account, "SubnetGroup", account.subnet_groups.pop(name))

    def describe_engine_versions(self, request: Request) -> Response:
        wanted = {"Engine": request.parameters.get("Engine"), "EngineVersion": request.parameters.get("EngineVersion"),
                  "ParameterGroupFamily": request.parameters.get("ParameterGroupFamily")}
        rows = [dict(zip(("Engine", "EngineVersion", "EnginePatchVersion", "ParameterGroupFamily"), row))
                for row in model.ENGINE_VERSIONS]
        rows = [row for row in rows if all(value in (None, row[name]) for name, value in wanted.items())]
        return self.json(page(request, "EngineVersions", rows))

    def list_tags(self, request: Request) -> Response:
        return self._tags(request, lambda tags: None)

    def tag_resource(self, request: Request) -> Response:
        return self._tags(request, lambda tags: tags.update(_tag_map(request)))

    def untag_resource(self, request: Request) -> Response:
        def remove(tags: dict) -> None:
            for key in request.parameters.get("TagKeys", []):
                tags.pop(key, None)
        return self._tags(request, remove)

    def _tags(self, request: Request, change: Callable[[dict], Any]) -> Response:
        account, name = self.account(request), required(request, "ResourceArn")
        self.live_clusters(account)
        if name not in account.tags:
            kind = name.split(":")[-1].split("/")[0]
            raise AwsError(_MISSING.get(kind, "InvalidARNFault"), f"{name} is not present")
        change(account.tags[name])
        return self.json({"TagList": [{"Key": key, "Value": value} for key, value in account.tags[name].items()]})

    def tags_of(self, arn: str) -> dict[str, str]:
        """The tags of the resource of an ARN; none when there is no such resource."""
        _, _, _, region, account, _ = arn.split(":", 5) if arn.count(":") >= 5 else [""] * 6
        return dict(self._find(Place(region, account)).tags.get(arn, {}))

    def keep_tags(self, request: Request, account: Account, name: str) -> None:
        """Remember the tags of a create request under the ARN."""
        account.tags[name] = _tag_map(request)

    def live_clusters(self, account: Account) -> list[dict]:
        """The clusters that are not gone; the clusters' layer forgets those whose deletion is over."""
        return list(account.clusters.values())

    def listed(self, request: Request, member: str, rows: dict[str, dict], name_member: str,
               missing: Callable[[str], AwsError]) -> Response:
        """A Describe reply: all of them, or the named one."""
        name = request.parameters.get(name_member)
        chosen = [found(rows, name, missing)] if name else list(rows.values())
        return self.json(page(request, member, chosen))

    def gone(self, account: Account, member: str, row: dict) -> Response:
        """The reply to a deletion: what was deleted, whose tags are forgotten."""
        account.tags.pop(row["ARN"], None)
        return self.json({member: row})


def arn(request: Request, kind: str, name: str) -> str:
    """The ARN of a MemoryDB resource of the caller's account and region."""
    return f"{ARN}memorydb:{request.region}:{request.account}:{kind}/{name}"


def required(request: Request, name: str) -> str:
    """A string member that must be there."""
    value = request.parameters.get(name)
    if not isinstance(value, str) or not value:
        raise invalid(f"The parameter {name} must be provided.")
    return value


def new_name(request: Request, member: str) -> str:
    """The name of something to be created; names are kept in lower case."""
    name = required(request, member).lower()
    if len(name) > LONGEST_NAME or not _NAME.fullmatch(name):
        raise invalid(f"The parameter {member} must begin with a letter; contain only ASCII letters, digits, and "
                      f"hyphens; must not end with a hyphen or contain two consecutive hyphens; and have at most "
                      f"{LONGEST_NAME} characters.")
    return name


def invalid(message: str) -> AwsError:
    """MemoryDB's refusal of a value."""
    return AwsError("InvalidParameterValueException", message)


def found(rows: dict[str, dict], name: str, missing: Callable[[str], AwsError]) -> dict:
    """The named row, or the service's error."""
    if name not in rows:
        raise missing(name)
    return rows[name]


def page(request: Request, member: str, rows: list) -> dict:
    """One page of a Describe reply: MaxResults rows from NextToken on."""
    token = request.parameters.get("NextToken") or "0"
    if not token.isdigit():
        raise invalid("The NextToken is not valid.")
    start, limit = int(token), int(request.parameters.get("MaxResults") or 100)
    reply = {member: rows[start:start + limit]}
    if start + limit < len(rows):
        reply["NextToken"] = str(start + limit)
    return reply


def _tag_map(request: Request) -> dict[str, str]:
    return {row["Key"]: row.get("Value", "") for row in request.parameters.get("Tags") or []}


def no_parameter_group(name: str) -> AwsError:
    """For a parameter group that is not there."""
    return AwsError("ParameterGroupNotFoundFault", f"ParameterGroup not found: {name}")


def no_subnet_group(name: str) -> AwsError:
    """For a subnet group that is not there."""
    return AwsError("SubnetGroupNotFoundFault", f"Subnet group {name} not found.")


def no_acl(name: str) -> AwsError:
    """For an ACL that is not there."""
    return AwsError("ACLNotFoundFault", f"ACL {name} not found.")
