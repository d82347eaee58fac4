# SPDX-License-Identifier: Apache-2.0
"""VPC, subnets, gateways, routes and endpoints."""

from __future__ import annotations

from .resource_type import (Context, HandlerFailure, Properties, ResourceType, changed, difference, document,
                            from_description, gone_is_fine, names, only, own_id, own_property, tag_changes)


def apply_tags(context: Context, physical_id: str, wanted: Properties, before: Properties) -> None:
    written, removed = tag_changes(wanted.get("Tags", []), before.get("Tags", []))
    if written:
        context.client("ec2").create_tags(Resources=[physical_id], Tags=written)
    if removed:
        context.client("ec2").delete_tags(Resources=[physical_id], Tags=[{"Key": key} for key in removed])


def _describe_vpc(context: Context, vpc: str) -> dict:
    return context.client("ec2").describe_vpcs(VpcIds=[vpc])["Vpcs"][0]


def _of_vpc(operation: str, result: str, member: str):
    """The default thing of a VPC that another operation lists."""
    def read(context: Context, vpc: str, properties: Properties) -> str:
        filters = [{"Name": "vpc-id", "Values": [vpc]}]
        found = getattr(context.client("ec2"), operation)(Filters=filters)[result]
        return next(item[member] for item in found
                    if item.get("IsDefault") or item.get("GroupName") == "default")
    return read


def _create_vpc(context: Context, properties: Properties) -> str:
    return context.client("ec2").create_vpc(**only(properties, "CidrBlock InstanceTenancy"))["Vpc"]["VpcId"]


def _apply_vpc(context: Context, vpc: str, wanted: Properties, before: Properties) -> None:
    for name, default in (("EnableDnsSupport", True), ("EnableDnsHostnames", False)):
        if changed(wanted, before, name):
            context.client("ec2").modify_vpc_attribute(VpcId=vpc, **{name: {"Value": wanted.get(name, default)}})
    apply_tags(context, vpc, wanted, before)


def _delete_vpc(context: Context, vpc: str, properties: Properties) -> None:
    gone_is_fine("InvalidVpcID.NotFound", context.client("ec2").delete_vpc, VpcId=vpc)


def _describe_subnet(context: Context, subnet: str) -> dict:
    return context.client("ec2").describe_subnets(SubnetIds=[subnet])["Subnets"][0]


def _create_subnet(context: Context, properties: Properties) -> str:
    wanted = only(properties, "VpcId CidrBlock AvailabilityZone AvailabilityZoneId")
    return context.client("ec2").create_subnet(**wanted)["Subnet"]["SubnetId"]


def _apply_subnet(context: Context, subnet: str, wanted: Properties, before: Properties) -> None:
    if changed(wanted, before, "MapPublicIpOnLaunch"):
        value = {"Value": wanted.get("MapPublicIpOnLaunch", False)}
        context.client("ec2").modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch=value)
    apply_tags(context, subnet, wanted, before)


def _delete_subnet(context: Context, subnet: str, properties: Properties) -> None:
    gone_is_fine("InvalidSubnetID.NotFound", context.client("ec2").delete_subnet, SubnetId=subnet)


def _create_gateway(context: Context, properties: Properties) -> str:
    return context.client("ec2").create_internet_gateway()["InternetGateway"]["InternetGatewayId"]


def _delete_gateway(context: Context, gateway: str, properties: Properties) -> None:
    gone_is_fine("InvalidInternetGatewayID.NotFound", context.client("ec2").delete_internet_gateway,
                 InternetGatewayId=gateway)


def _attach(context: Context, properties: Properties) -> str:
    if "InternetGatewayId" not in properties:
        raise HandlerFailure("The local AWS attaches internet gateways only: give InternetGatewayId")
    context.client("ec2").attach_internet_gateway(**only(properties, "VpcId InternetGatewayId"))
    return f"IGW|{properties['VpcId']}"


def _detach(context: Context, physical_id: str, properties: Properties) -> None:
    gone_is_fine("Gateway.NotAttached InvalidInternetGatewayID.NotFound",
                 context.client("ec2").detach_internet_gateway, **only(properties, "VpcId InternetGatewayId"))


def _reattach(context: Context, physical_id: str, wanted: Properties, before: Properties) -> None:
    if before and changed(wanted, before, "InternetGatewayId"):
        _detach(context, physical_id, before)
        _attach(context, wanted)


def _create_route_table(context: Context, properties: Properties) -> str:
    reply = context.client("ec2").create_route_table(VpcId=properties["VpcId"])
    return reply["RouteTable"]["RouteTableId"]


def _delete_route_table(context: Context, table: str, properties: Properties) -> None:
    gone_is_fine("InvalidRouteTableID.NotFound", context.client("ec2").delete_route_table, RouteTableId=table)


DESTINATION = "DestinationCidrBlock DestinationIpv6CidrBlock DestinationPrefixListId"
TARGET = ("CarrierGatewayId EgressOnlyInternetGatewayId GatewayId InstanceId LocalGatewayId NatGatewayId "
          "NetworkInterfaceId TransitGatewayId VpcEndpointId VpcPeeringConnectionId")


def _destination(properties: Properties) -> str:
    found = list(only(properties, DESTINATION).values())
    if len(found) != 1:
        raise HandlerFailure("Exactly one destination must be given for a route")
    return found[0]


def _create_route(context: Context, properties: Properties) -> str:
    physical_id = f"{properties['RouteTableId']}|{_destination(properties)}"
    context.client("ec2").create_route(**only(properties, f"RouteTableId {DESTINATION} {TARGET}"))
    return physical_id


def _apply_route(context: Context, physical_id: str, wanted: Properties, before: Properties) -> None:
    if before and changed(wanted, before, *TARGET.split()):
        context.client("ec2").replace_route(**only(wanted, f"RouteTableId {DESTINATION} {TARGET}"))


def _delete_route(context: Context, physical_id: str, properties: Properties) -> None:
    gone_is_fine("InvalidRoute.NotFound InvalidRouteTableID.NotFound", context.client("ec2").delete_route,
                 **only(properties, f"RouteTableId {DESTINATION}"))


def _associate(context: Context, properties: Properties) -> str:
    return context.client("ec2").associate_route_table(**only(properties, "RouteTableId SubnetId"))["AssociationId"]


def _disassociate(context: Context, association: str, properties: Properties) -> None:
    gone_is_fine("InvalidAssociationID.NotFound", context.client("ec2").disassociate_route_table,
                 AssociationId=association)


def _describe_endpoint(context: Context, endpoint: str) -> dict:
    return context.client("ec2").describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"][0]


def _create_endpoint(context: Context, properties: Properties) -> str:
    wanted = only(properties, "VpcId ServiceName VpcEndpointType RouteTableIds SubnetIds SecurityGroupIds "
                              "PrivateDnsEnabled")
    if "PolicyDocument" in properties:
        wanted["PolicyDocument"] = document(properties["PolicyDocument"])
    return context.client("ec2").create_vpc_endpoint(**wanted)["VpcEndpoint"]["VpcEndpointId"]


def _apply_endpoint(context: Context, endpoint: str, wanted: Properties, before: Properties) -> None:
    change: Properties = {}
    for name in ("RouteTableIds", "SubnetIds", "SecurityGroupIds"):
        added, removed = difference(wanted.get(name, []), before.get(name, []))
        change.update({key: value for key, value in ((f"Add{name}", added), (f"Remove{name}", removed)) if value})
    if changed(wanted, before, "PolicyDocument"):
        policy = wanted.get("PolicyDocument")
        change.update({"PolicyDocument": document(policy)} if policy else {"ResetPolicy": True})
    if changed(wanted, before, "PrivateDnsEnabled"):
        change["PrivateDnsEnabled"] = wanted.get("PrivateDnsEnabled", False)
    if before and change:
        context.client("ec2").modify_vpc_endpoint(VpcEndpointId=endpoint, **change)
    apply_tags(context, endpoint, wanted, before)


def _delete_endpoint(context: Context, endpoint: str, properties: Properties) -> None:
    gone_is_fine("InvalidVpcEndpointId.NotFound InvalidVpcEndpoint.NotFound",
                 context.client("ec2").delete_vpc_endpoints, VpcEndpointIds=[endpoint])


TYPES = {
    "AWS::EC2::VPC": ResourceType(
        _create_vpc, _delete_vpc, names("CidrBlock InstanceTenancy EnableDnsSupport EnableDnsHostnames Tags"),
        _apply_vpc,
        {"VpcId": own_id, "CidrBlock": from_description(_describe_vpc, "CidrBlock"),
         "DefaultSecurityGroup": _of_vpc("describe_security_groups", "SecurityGroups", "GroupId"),
         "DefaultNetworkAcl": _of_vpc("describe_network_acls", "NetworkAcls", "NetworkAclId")}),
    "AWS::EC2::Subnet": ResourceType(
        _create_subnet, _delete_subnet,
        names("VpcId CidrBlock AvailabilityZone AvailabilityZoneId MapPublicIpOnLaunch Tags"), _apply_subnet,
        {"SubnetId": own_id, "VpcId": own_property("VpcId"),
         "AvailabilityZone": from_description(_describe_subnet, "AvailabilityZone"),
         "CidrBlock": from_description(_describe_subnet, "CidrBlock")}),
    "AWS::EC2::InternetGateway": ResourceType(
        _create_gateway, _delete_gateway, names("Tags"), apply_tags, {"InternetGatewayId": own_id}),
    "AWS::EC2::VPCGatewayAttachment": ResourceType(_attach, _detach, names("VpcId InternetGatewayId"), _reattach),
    "AWS::EC2::RouteTable": ResourceType(
        _create_route_table, _delete_route_table, names("VpcId Tags"), apply_tags, {"RouteTableId": own_id}),
    "AWS::EC2::Route": ResourceType(
        _create_route, _delete_route, names(f"RouteTableId {DESTINATION} {TARGET}"), _apply_route,
        {"CidrBlock": lambda context, physical_id, properties: _destination(properties)}),
    "AWS::EC2::SubnetRouteTableAssociation": ResourceType(
        _associate, _disassociate, names("RouteTableId SubnetId"), attributes={"Id": own_id}),
    "AWS::EC2::VPCEndpoint": ResourceType(
        _create_endpoint, _delete_endpoint,
        names("VpcId ServiceName VpcEndpointType RouteTableIds SubnetIds SecurityGroupIds PrivateDnsEnabled "
              "PolicyDocument Tags"),
        _apply_endpoint,
        {"Id": own_id,
         "CreationTimestamp": lambda context, endpoint, properties:
             _describe_endpoint(context, endpoint)["CreationTimestamp"].isoformat()}),
}
