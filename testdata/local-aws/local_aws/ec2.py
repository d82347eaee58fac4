# SPDX-License-Identifier: Apache-2.0
"""EC2: regions and zones in full, ids that are malformed or missing, things that are in use, and quotas.

The guards refuse with DependencyViolation what AWS refuses and moto would delete, and with ...LimitExceeded what a
quota that a test has set leaves no room for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Callable

from moto.ec2.models import ec2_backends

from . import interfaces
from .ec2_block import Ec2Block
from .ec2_endpoints import Ec2Endpoints
from .ec2_instances import Ec2Instances
from .ec2_nat import Ec2Nat
from .ec2_placement import Ec2Placement
from .ec2_settings import Ec2Settings
from .ec2_wire import filters_of, item_set, listed, passes
from .layer import ec2_reply
from .message import AwsError, Request, Response
from .partition import DNS_SUFFIX
from .regions import all_regions, opt_in_status
from .zones import SERVICES

# parameter -> (prefix, code when malformed)
_IDS = {
    "VpcId": ("vpc", "InvalidVpcID.Malformed"), "SubnetId": ("subnet", "InvalidSubnetID.Malformed"),
    "GroupId": ("sg", "InvalidGroupId.Malformed"), "RouteTableId": ("rtb", "InvalidRouteTableId.Malformed"),
    "SecurityGroupId": ("sg", "InvalidGroupId.Malformed"),
    "InternetGatewayId": ("igw", "InvalidInternetGatewayId.Malformed"),
    "NetworkInterfaceId": ("eni", "InvalidNetworkInterfaceId.Malformed"),
    "InstanceId": ("i", "InvalidInstanceID.Malformed"), "NatGatewayId": ("nat", "NatGatewayMalformed"),
    "VpcEndpointId": ("vpce", "InvalidVpcEndpointId.Malformed"),
    "NetworkAclId": ("acl", "InvalidNetworkAclId.Malformed"),
}
_ID = re.compile(r"(?:[0-9a-f]{8}|[0-9a-f]{17})")
# code -> (what the message names, pattern of the id in moto's message)
_NOT_FOUND = {
    "InvalidVpcID.NotFound": ("vpc ID", "vpc-"), "InvalidSubnetID.NotFound": ("subnet ID", "subnet-"),
    "InvalidGroup.NotFound": ("security group", "sg-"), "InvalidRouteTableID.NotFound": ("routeTable ID", "rtb-"),
    "InvalidInternetGatewayID.NotFound": ("internetGateway ID", "igw-"),
    "InvalidNetworkInterfaceID.NotFound": ("networkInterface ID", "eni-"),
    "InvalidInstanceID.NotFound": ("instance ID", "i-"), "InvalidNetworkAclID.NotFound": ("networkAcl ID", "acl-"),
}


class Ec2(Ec2Block, Ec2Endpoints, Ec2Instances, Ec2Nat, Ec2Placement, Ec2Settings):
    service = "ec2"
    actions = {
        **Ec2Block.actions, **Ec2Endpoints.actions, **Ec2Instances.actions, **Ec2Nat.actions,
        **Ec2Placement.actions, **Ec2Settings.actions,
        "DescribeRegions": "describe_regions", "DescribeAvailabilityZones": "describe_zones",
        "DeleteSubnet": "delete_subnet", "DeleteSecurityGroup": "delete_security_group",
        "DetachInternetGateway": "detach_internet_gateway", "DeleteVpc": "delete_vpc",
        "DeleteInternetGateway": "delete_internet_gateway", "DeleteRouteTable": "delete_route_table",
        "DeleteNetworkInterface": "delete_network_interface",
        "CreateVpc": "create_within_limits", "CreateInternetGateway": "create_within_limits",
        "CreateSecurityGroup": "create_within_limits", "AllocateAddress": "create_within_limits",
        "DescribeVpcEndpointServices": "describe_endpoint_services",
    }

    def reset(self) -> None:
        self.world.zones.clear()

    def handle(self, request: Request) -> Response:
        _check_ids(request)
        if request.parameters.get("DryRun") == "true" and request.action in _DRY_RUN_IN_FRONT:
            raise AwsError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412)
        self.settle_nat_gateways(request)
        interfaces.settle(request, self.world.settled)
        try:
            return super().handle(request)
        except AwsError as error:
            raise _worded(error) from None

    def describe_regions(self, request: Request) -> Response:
        wanted, filters = listed(request, "RegionName"), filters_of(request)
        if unknown := [name for name in wanted if name not in all_regions()]:
            raise AwsError("InvalidParameterValue", f"Invalid region: [{', '.join(unknown)}]")
        everything = request.parameters.get("AllRegions") == "true" or bool(wanted)
        rows = []
        for name in all_regions():
            row = {"regionName": name, "regionEndpoint": f"ec2.{name}.{DNS_SUFFIX}",
                   "optInStatus": opt_in_status(name)}
            if (name in wanted or not wanted) and (everything or row["optInStatus"] != "not-opted-in") and passes(
                    filters, {"region-name": name, "endpoint": row["regionEndpoint"],
                              "opt-in-status": row["optInStatus"]}):
                rows.append(row)
        return ec2_reply(request, item_set("regionInfo", rows))

    def describe_zones(self, request: Request) -> Response:
        names, ids, filters = listed(request, "ZoneName"), listed(request, "ZoneId"), filters_of(request)
        rows = [_zone(zone, request.region) for zone in
                ec2_backends[request.account][request.region].describe_availability_zones()]
        known = {row["zoneName"] for row in rows} | {row["zoneId"] for row in rows}
        if unknown := [name for name in names + ids if name not in known]:
            raise AwsError("InvalidParameterValue", f"Invalid availability zone: [{', '.join(unknown)}]")
        rows = [row for row in rows if (not names or row["zoneName"] in names) and (not ids or row["zoneId"] in ids)
                and passes(filters, {
                    "zone-name": row["zoneName"], "zone-id": row["zoneId"], "region-name": row["regionName"],
                    "state": row["zoneState"], "zone-type": row["zoneType"], "group-name": row["groupName"],
                    "opt-in-status": row["optInStatus"]})]
        return ec2_reply(request, item_set("availabilityZoneInfo", rows))

    def describe_endpoint_services(self, request: Request) -> Response:
        """Interface endpoints of AWS's own services, named or filtered by name and type."""
        names, filters = listed(request, "ServiceName"), filters_of(request)
        every = sorted(zone.name for zone in
                       ec2_backends[request.account][request.region].describe_availability_zones())
        found = {f"com.amazonaws.{request.region}.{service}": self.world.zones.of(service, request.region, every)
                 for service in SERVICES}
        found = {name: zones for name, zones in found.items() if zones is not None}
        if unknown := [name for name in names if name not in found]:
            raise AwsError("InvalidServiceName", f"The Vpc Endpoint Service '{unknown[0]}' does not exist")
        chosen = [name for name in sorted(found) if (not names or name in names) and passes(
            filters, {"service-name": name, "service-type": "Interface", "owner": "amazon"})]
        return ec2_reply(request, item_set("serviceNameSet", chosen) + "<serviceDetailSet>" + "".join(
            f"<item><serviceName>{name}</serviceName><serviceType><item><serviceType>Interface</serviceType></item>"
            f"</serviceType>{item_set('availabilityZoneSet', found[name])}<owner>amazon</owner></item>"
            for name in chosen) + "</serviceDetailSet>")

    def create_within_limits(self, request: Request) -> Response:
        """A VPC brings a security group of its own."""
        for quota in _QUOTAS:
            limit = self.world.limit(request, quota.service, quota.code) if request.action in quota.actions else None
            if limit is not None and quota.count(ec2_backends[request.account][request.region]) >= limit:
                raise AwsError(quota.error, f"The maximum number of {quota.things} has been reached.")
        return self.moto(request)

    def delete_subnet(self, request: Request) -> Response:
        subnet = request.parameters.get("SubnetId", "")
        if any(item.subnet_id == subnet for item in _live_interfaces(request)):
            raise _dependency("subnet", subnet)
        return self.moto(request)

    def delete_security_group(self, request: Request) -> Response:
        group = self._group_id(request)
        if group and any(group in (row.id for row in item.group_set) for item in _live_interfaces(request)):
            raise AwsError("DependencyViolation", f"resource {group} has a dependent object")
        rows = self.client(request, "ec2").describe_security_groups()["SecurityGroups"]
        for row in rows:
            if row["GroupId"] != group and _refers(row, group):
                raise AwsError("DependencyViolation", f"resource {group} has a dependent object")
        return self.moto(request)

    def _group_id(self, request: Request) -> str:
        if "GroupId" in request.parameters:
            return request.parameters["GroupId"]
        rows = self.client(request, "ec2").describe_security_groups(
            Filters=[{"Name": "group-name", "Values": [request.parameters.get("GroupName", "")]}])["SecurityGroups"]
        return rows[0]["GroupId"] if rows else ""

    def detach_internet_gateway(self, request: Request) -> Response:
        vpc = request.parameters.get("VpcId", "")
        if any(item.vpc_id == vpc and item.public_ip for item in _live_interfaces(request)):
            raise AwsError("DependencyViolation", f"Network {vpc} has some mapped public address(es). Please unmap "
                           "those public address(es) before detaching the gateway.")
        return self.moto(request)

    def delete_internet_gateway(self, request: Request) -> Response:
        return self._worded_dependency(request, "internetGateway", "InternetGatewayId")

    def delete_route_table(self, request: Request) -> Response:
        return self._worded_dependency(request, "routeTable", "RouteTableId")

    def _worded_dependency(self, request: Request, kind: str, parameter: str) -> Response:
        try:
            return self.moto(request)
        except AwsError as error:
            if error.code == "DependencyViolation":
                raise _dependency(kind, request.parameters[parameter]) from None
            raise

    def delete_vpc(self, request: Request) -> Response:
        vpc, client = request.parameters.get("VpcId", ""), self.client(request, "ec2")
        of_vpc = [{"Name": "vpc-id", "Values": [vpc]}]
        attached = [{"Name": "attachment.vpc-id", "Values": [vpc]}]
        dependants = (
            client.describe_subnets(Filters=of_vpc)["Subnets"],
            client.describe_internet_gateways(Filters=attached)["InternetGateways"],
            [row for row in client.describe_security_groups(Filters=of_vpc)["SecurityGroups"]
             if row["GroupName"] != "default"],
            [row for row in client.describe_route_tables(Filters=of_vpc)["RouteTables"]
             if not any(item.get("Main") for item in row["Associations"])],
            [row for row in client.describe_vpc_endpoints(Filters=of_vpc)["VpcEndpoints"] if row["State"] != "deleted"],
            [row for row in client.describe_network_acls(Filters=of_vpc)["NetworkAcls"] if not row["IsDefault"]],
        )
        if any(dependants):
            raise _dependency("vpc", vpc)
        return self.moto(request)

    def delete_network_interface(self, request: Request) -> Response:
        name = request.parameters.get("NetworkInterfaceId", "")
        if any(item.id == name and item.status == "in-use" for item in _live_interfaces(request)):
            raise AwsError("InvalidParameterValue", f"Network interface '{name}' is currently in use.")
        return self.moto(request)


@dataclass(frozen=True)
class _Quota:
    """A limit. service: as Service Quotas calls it; count: how many there are in a backend of moto."""

    service: str
    code: str
    actions: tuple[str, ...]
    things: str
    error: str
    count: Callable[[Any], int]


_QUOTAS = (
    _Quota("vpc", "L-F678F1CE", ("CreateVpc",), "VPCs", "VpcLimitExceeded", lambda backend: len(backend.vpcs)),
    _Quota("vpc", "L-A4707A72", ("CreateInternetGateway",), "internet gateways", "InternetGatewayLimitExceeded",
           lambda backend: len(backend.internet_gateways)),
    _Quota("vpc", "L-E79EC296", ("CreateSecurityGroup", "CreateVpc"), "security groups", "SecurityGroupLimitExceeded",
           lambda backend: sum(len(groups) for groups in backend.groups.values())),
    _Quota("ec2", "L-0263D0A3", ("AllocateAddress",), "addresses", "AddressLimitExceeded",
           lambda backend: len(backend.addresses)),
)
_DRY_RUN_IN_FRONT = ("DeleteSubnet", "DeleteSecurityGroup", "DetachInternetGateway", "DeleteVpc", "DescribeRegions",
                     "DescribeAvailabilityZones", "DeleteNetworkInterface")


def _check_ids(request: Request) -> None:
    for name, value in request.parameters.items():
        base, _, index = name.rpartition(".")
        row = _IDS.get(base if index.isdigit() else name)
        if row and not (value.startswith(row[0] + "-") and _ID.fullmatch(value[len(row[0]) + 1:])):
            raise AwsError(row[1], f"Invalid id: \"{value}\" (expecting \"{row[0]}-...\")")


def _worded(error: AwsError) -> AwsError:
    row = _NOT_FOUND.get(error.code)
    found = re.search(rf"(?<![a-z]){row[1]}[0-9a-f]+", error.message) if row else None
    if found:
        error.message = f"The {row[0]} '{found[0]}' does not exist"
    return error


def _dependency(kind: str, name: str) -> AwsError:
    return AwsError("DependencyViolation", f"The {kind} '{name}' has dependencies and cannot be deleted.")


def _live_interfaces(request: Request) -> list:
    """Without those of terminated instances, which moto keeps."""
    return [item for item in interfaces.every(request)
            if item.instance is None or item.instance._state.name != "terminated"]


def _refers(group: dict, other: str) -> bool:
    rules = group.get("IpPermissions", []) + group.get("IpPermissionsEgress", [])
    return any(pair.get("GroupId") == other for rule in rules for pair in rule.get("UserIdGroupPairs", []))


def _zone(zone, region: str) -> dict[str, str]:
    return {"zoneName": zone.name, "zoneState": "available", "regionName": region, "zoneId": zone.zone_id,
            "zoneType": zone.zone_type, "groupName": f"{region}-zg-1", "networkBorderGroup": region,
            "optInStatus": "opt-in-not-required", "messageSet": ""}
