# SPDX-License-Identifier: Apache-2.0
"""Network interfaces that a service keeps in somebody's subnets (EFS mount targets, MemoryDB nodes, endpoints).

They look as AWS's do: in use, requester-managed, with the service's description. moto has no API to make
such interfaces, so its model is set directly.
"""

from __future__ import annotations

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
    interface._group_set = [backend.get_security_group_from_id(group) for group in group_ids]


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


def every(request: Request) -> list:
    """moto's interface objects of the request's account and region."""
    with moto_lock:
        return list(ec2_backends[request.account][request.region].enis.values())


def groups(request: Request, interface_id: str) -> list[str]:
    """The security groups of an interface."""
    return [group.id for group in ec2_backends[request.account][request.region].enis[interface_id].group_set]


_of_instance = NetworkInterface.attachment


def _attachment(interface):
    """An interface that a service manages is attached to something of the service."""
    if not interface.requester_managed:
        return _of_instance.fget(interface)
    return {"AttachmentId": "ela-attach-" + interface.id.removeprefix("eni-"), "DeleteOnTermination": False,
            "DeviceIndex": 1, "InstanceOwnerId": interface.requester_id, "Status": "attached"}


def apply() -> None:
    """Let moto's interfaces show the members that EC2 sends and moto has not."""
    NetworkInterface.attachment = property(_attachment)
    NetworkInterface.operator = {"Managed": False}
