# SPDX-License-Identifier: Apache-2.0
"""NAT gateways and elastic IP addresses: a gateway's life, its network interface and address, quotas.

A gateway is "pending" in the reply of its creation and for World.settle seconds, then available, or failed when its VPC
has no internet gateway; "deleting" as long after DeleteNatGateway, and then it is still listed as deleted. Until then it
holds its interface and its address (Amazon VPC User Guide, "NAT gateways" and "Troubleshoot NAT gateways").
"""

from __future__ import annotations

import time

from moto.core.utils import utcnow
from moto.ec2.models import ec2_backends
from moto.ec2.models.nat_gateways import NatGateway

from . import interfaces
from .layer import Layer
from .message import AwsError, Request, Response
from .tuning import moto_lock

_PER_ZONE = "L-FE5A380F"
_COUNTED = ("pending", "available", "deleting")


class Ec2Nat(Layer):
    service = "ec2"
    actions = {"CreateNatGateway": "create_nat_gateway", "DeleteNatGateway": "delete_nat_gateway",
               "ReleaseAddress": "release_address"}

    def settle_nat_gateways(self, request: Request) -> None:
        """Those whose time has come are available, failed or deleted from now on."""
        with moto_lock:
            for gateway in _backend(request).nat_gateways.values():
                if gateway.state == "pending" and self.world.settled(gateway.local_changed):
                    _begin(request, gateway)
                elif gateway.state == "deleting" and self.world.settled(gateway.local_changed):
                    _end(request, gateway, "deleted")

    def create_nat_gateway(self, request: Request) -> Response:
        backend = _backend(request)
        self._check_quota(request)
        taken = _address(backend, request.parameters.get("AllocationId", ""))
        if taken is not None and taken.association_id:
            raise AwsError("Resource.AlreadyAssociated",
                           f"Elastic IP address [{taken.allocation_id}] is already associated")
        before = set(backend.nat_gateways)
        reply = self.moto(request)
        for identifier in set(backend.nat_gateways) - before:
            gateway = backend.nat_gateways[identifier]
            interfaces.manage(request, gateway._eni.id, f"Interface for NAT Gateway {identifier}", "amazon-aws",
                              "nat_gateway")
            gateway._eni._group_set, gateway._eni.source_dest_check = [], False
        return reply

    def _check_quota(self, request: Request) -> None:
        backend = _backend(request)
        limit = self.world.limit(request, "vpc", _PER_ZONE)
        subnet = backend.get_subnet(request.parameters.get("SubnetId", ""))
        there = [row for row in backend.nat_gateways.values()
                 if row.state in _COUNTED and row.local_zone == subnet.availability_zone]
        if limit is not None and len(there) >= limit:
            raise AwsError("NatGatewayLimitExceeded", f"The maximum number of NAT Gateways has been reached in "
                           f"{subnet.availability_zone}.")

    def delete_nat_gateway(self, request: Request) -> Response:
        name = request.parameters.get("NatGatewayId", "")
        gateway = _backend(request).nat_gateways.get(name)
        if gateway is None:
            raise AwsError("NatGatewayNotFound", f"The Nat Gateway {name} was not found")
        was = gateway.state
        reply = self.moto(request)
        gateway.state = was
        if was in ("pending", "available"):
            gateway.state, gateway.local_changed, gateway.delete_time = "deleting", time.monotonic(), utcnow()
        elif was == "failed":
            gateway.state = "deleted"
        return reply

    def release_address(self, request: Request) -> Response:
        address = _address(_backend(request), request.parameters.get("AllocationId", ""))
        if address is not None and address.association_id:
            raise AwsError("InvalidIPAddress.InUse", f"Address {address.public_ip} is in use.")
        return self.moto(request)


def _begin(request: Request, gateway) -> None:
    backend = _backend(request)
    connected = any(row.vpc and row.vpc.id == gateway.vpc_id for row in backend.internet_gateways.values())
    if connected or gateway.connectivity_type == "private":
        gateway.state = "available"
        return
    gateway.failure_code = "Gateway.NotAttached"
    gateway.failure_message = f"Network {gateway.vpc_id} has no Internet gateway attached"
    _end(request, gateway, "failed")


def _end(request: Request, gateway, state: str) -> None:
    """Its interface is gone, and its address free for others."""
    gateway.state = state
    interfaces.remove(request.account, request.region, gateway._eni.id)
    for address in _backend(request).addresses:
        if address.eni is gateway._eni:
            address.eni = address.association_id = None


def _address(backend, allocation: str):
    return next((row for row in backend.addresses if allocation and row.allocation_id == allocation), None)


def _backend(request: Request):
    return ec2_backends[request.account][request.region]


_made = NatGateway.__init__


def _make(self, backend, subnet_id, allocation_id, tags=None, connectivity_type=None) -> None:
    _made(self, backend, subnet_id, allocation_id, tags, connectivity_type or "public")
    self.state, self.local_changed = "pending", time.monotonic()
    self.local_zone = backend.get_subnet(subnet_id).availability_zone


def apply() -> None:
    """Let moto's gateways begin as pending, and show the members that EC2 sends and moto has not."""
    NatGateway.__init__ = _make
    NatGateway.failure_code = NatGateway.failure_message = NatGateway.delete_time = None
    NatGateway.availability_mode = "zonal"
    NatGateway.nat_gateway_addresses = property(lambda gateway: [
        {**row, "isPrimary": True, "status": "succeeded", "availabilityZone": gateway.local_zone}
        for row in gateway.address_set])
