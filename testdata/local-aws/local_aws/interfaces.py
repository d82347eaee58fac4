# SPDX-License-Identifier: Apache-2.0
"""Network interfaces that a service keeps in somebody's subnets (EFS mount targets, MemoryDB nodes).

They look as AWS's do: in use, requester-managed, with the service's description. moto has no API to make
such interfaces, so its model is set directly.
"""

from __future__ import annotations

from moto.ec2.models import ec2_backends

from .message import Request
from .tuning import moto_lock


def manage(request: Request, interface_id: str, description: str, requester: str) -> None:
    """Turn an interface into one that a service manages."""
    interface = ec2_backends[request.account][request.region].enis[interface_id]
    interface.description = description
    interface.status = "in-use"
    interface.requester_managed = True
    interface.requester_id = requester


def create(request: Request, subnet: str, groups: list[str], description: str, requester: str) -> tuple[str, str]:
    """A new managed interface: its id and private address."""
    backend = ec2_backends[request.account][request.region]
    with moto_lock:
        interface = backend.create_network_interface(subnet, [], group_ids=groups or None, description=description)
    manage(request, interface.id, description, requester)
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
