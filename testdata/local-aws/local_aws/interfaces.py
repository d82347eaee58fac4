# SPDX-License-Identifier: Apache-2.0
"""Network interfaces that a service keeps in somebody's subnets (EFS mount targets, MemoryDB nodes, endpoints,
load balancers).

They look as AWS's do: in use, requester-managed, with the service's description. moto has no API to make
such interfaces, so its model is set directly.
"""

from __future__ import annotations

import time
from typing import Callable

from moto.ec2.models import ec2_backends
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.utils import random_private_ip

from .message import Request
from .tuning import moto_lock


def manage(request: Request, interface_id: str, description: str, requester: str, kind: str = "interface") -> None:
    """Turn an interface into one of that kind that a service manages."""
    interface = ec2_backends[request.account][request.region].enis[interface_id]
    interface.description = description
    interface.status = "in-use"
    interface.requester_managed = True
    interface.requester_id = requester
    interface.interface_type = kind


def place(request: Request, interface_id: str, group_ids: list[str]) -> None:
    """Give an interface an address of its subnet, and these groups."""
    backend = ec2_backends[request.account][request.region]
    interface = backend.enis[interface_id]
    address = random_private_ip(interface.subnet.cidr_block)
    interface.private_ip_address = address
    interface.private_ip_addresses = [{"Primary": True, "PrivateIpAddress": address}]
    regroup(request, interface_id, group_ids)


def regroup(request: Request, interface_id: str, group_ids: list[str]) -> None:
    """Give an interface these groups; it stays where it is."""
    backend = ec2_backends[request.account][request.region]
    backend.enis[interface_id]._group_set = [backend.get_security_group_from_id(group) for group in group_ids]


def create(request: Request, subnet: str, groups: list[str], description: str, requester: str,
           kind: str = "interface") -> tuple[str, str]:
    """A new managed interface: its id and private address."""
    backend = ec2_backends[request.account][request.region]
    with moto_lock:
        interface = backend.create_network_interface(subnet, [], group_ids=groups or None, description=description)
    manage(request, interface.id, description, requester, kind)
    return interface.id, interface.private_ip_address


def remove(account: str, region: str, interface_id: str) -> None:
    """Remove an interface; nothing happens when it is already gone."""
    with moto_lock:
        ec2_backends[account][region].enis.pop(interface_id, None)


def retire(request: Request, interface_id: str) -> None:
    """What it belonged to was deleted; settle() removes it when its time has come."""
    ec2_backends[request.account][request.region].enis[interface_id].local_retired = time.monotonic()


def settle(request: Request, settled: Callable[[float], bool]) -> None:
    """Remove those whose owner was deleted long enough ago; settled: World.settled."""
    for interface in every(request):
        if interface.local_retired is not None and settled(interface.local_retired):
            remove(request.account, request.region, interface.id)


def every(request: Request) -> list:
    """moto's interface objects of the request's account and region."""
    with moto_lock:
        return list(ec2_backends[request.account][request.region].enis.values())


def groups(request: Request, interface_id: str) -> list[str]:
    """The security groups of an interface."""
    return [group.id for group in ec2_backends[request.account][request.region].enis[interface_id].group_set]


_of_instance = NetworkInterface.attachment
_of_owner = NetworkInterface.association


def _attachment(interface):
    """An interface that a service manages is attached to something of the service."""
    if not interface.requester_managed:
        return _of_instance.fget(interface)
    return {"AttachmentId": "ela-attach-" + interface.id.removeprefix("eni-"), "DeleteOnTermination": False,
            "DeviceIndex": 1, "InstanceOwnerId": interface.requester_id, "Status": "attached"}


def _association(interface) -> dict:
    """A public address that is nobody's elastic address is the service's."""
    shown = _of_owner.fget(interface)
    if shown and interface.requester_managed and "allocationId" not in shown:
        shown["ipOwnerId"] = interface.requester_id
    return shown


def apply() -> None:
    """Let moto's interfaces show the members that EC2 sends and moto has not."""
    NetworkInterface.attachment = property(_attachment)
    NetworkInterface.association = property(_association)
    NetworkInterface.operator = {"Managed": False}
    NetworkInterface.local_retired = None
