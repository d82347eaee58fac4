# SPDX-License-Identifier: Apache-2.0
"""Elastic IP addresses and NAT gateways."""

from __future__ import annotations

from .ec2_network import apply_tags
from .resource_type import (Context, HandlerFailure, Properties, ResourceType, gone_is_fine, names, only, own_id,
                            own_property)


def _describe_address(context: Context, address: str) -> dict:
    return context.client("ec2").describe_addresses(PublicIps=[address])["Addresses"][0]


def _allocation(context: Context, address: str, properties: Properties) -> str:
    return _describe_address(context, address)["AllocationId"]


def _allocate(context: Context, properties: Properties) -> str:
    return context.client("ec2").allocate_address(**only(properties, "Domain"))["PublicIp"]


def _apply_address(context: Context, address: str, wanted: Properties, before: Properties) -> None:
    apply_tags(context, _allocation(context, address, wanted), wanted, before)


def _release(context: Context, address: str, properties: Properties) -> None:
    found = context.client("ec2").describe_addresses(Filters=[{"Name": "public-ip", "Values": [address]}])["Addresses"]
    for row in found:
        gone_is_fine("InvalidAllocationID.NotFound", context.client("ec2").release_address,
                     AllocationId=row["AllocationId"])


def _gateway(context: Context, gateway: str) -> dict:
    found = context.client("ec2").describe_nat_gateways(NatGatewayIds=[gateway])["NatGateways"]
    return found[0] if found else {"State": "deleted"}


def _create_gateway(context: Context, properties: Properties) -> str:
    made = context.client("ec2").create_nat_gateway(**only(properties, "SubnetId AllocationId ConnectivityType"))
    return made["NatGateway"]["NatGatewayId"]


def _apply_gateway(context: Context, gateway: str, wanted: Properties, before: Properties) -> None:
    apply_tags(context, gateway, wanted, before)
    context.wait_until(lambda: _gateway(context, gateway)["State"] != "pending")
    found = _gateway(context, gateway)
    if found["State"] != "available":
        raise HandlerFailure(f"NatGateway {gateway} is in state {found['State']} and hence failed to stabilize. "
                             f"Detailed failure message: {found.get('FailureMessage')}", "NotStabilized")


def _delete_gateway(context: Context, gateway: str, properties: Properties) -> None:
    gone_is_fine("NatGatewayNotFound", context.client("ec2").delete_nat_gateway, NatGatewayId=gateway)
    context.wait_until(lambda: _gateway(context, gateway)["State"] == "deleted")


TYPES = {
    "AWS::EC2::EIP": ResourceType(
        _allocate, _release, names("Domain Tags"), _apply_address,
        {"AllocationId": _allocation, "PublicIp": own_id}),
    "AWS::EC2::NatGateway": ResourceType(
        _create_gateway, _delete_gateway, names("SubnetId AllocationId ConnectivityType Tags"), _apply_gateway,
        {"NatGatewayId": own_id, "EniId": lambda context, gateway, properties:
            _gateway(context, gateway)["NatGatewayAddresses"][0]["NetworkInterfaceId"],
         "SubnetId": own_property("SubnetId")}),
}
