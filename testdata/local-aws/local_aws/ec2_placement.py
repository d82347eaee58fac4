# SPDX-License-Identifier: Apache-2.0
"""EC2's placement groups and capacity reservations, which moto has not got. Nobody reserves capacity here."""

from __future__ import annotations

import secrets

from moto.ec2.models import ec2_backends

from .ec2_wire import item_set, listed, members
from .layer import Layer, ec2_reply
from .message import AwsError, Request, Response


def _groups(request: Request) -> dict[str, dict[str, str]]:
    """By name, on moto's backend, so that a reset forgets them."""
    backend = ec2_backends[request.account][request.region]
    if not hasattr(backend, "local_placement_groups"):
        backend.local_placement_groups = {}
    return backend.local_placement_groups


class Ec2Placement(Layer):
    service = "ec2"
    actions = {"CreatePlacementGroup": "create_placement_group", "DescribePlacementGroups": "describe_placement_groups",
               "DescribeCapacityReservations": "describe_reservations"}

    def create_placement_group(self, request: Request) -> Response:
        name = request.parameters.get("GroupName", "")
        if name in _groups(request):
            raise AwsError("InvalidPlacementGroup.Duplicate", f"The Placement Group '{name}' already exists.")
        row = {"groupName": name, "strategy": request.parameters.get("Strategy", "cluster"), "state": "available",
               "groupId": "pg-" + secrets.token_hex(8) + "0"}
        _groups(request)[name] = row
        return ec2_reply(request, f"<placementGroup>{members(row)}</placementGroup>")

    def describe_placement_groups(self, request: Request) -> Response:
        wanted = listed(request, "GroupName")
        rows = [row for name, row in _groups(request).items() if not wanted or name in wanted]
        return ec2_reply(request, item_set("placementGroupSet", rows))

    def describe_reservations(self, request: Request) -> Response:
        return ec2_reply(request, item_set("capacityReservationSet", []))
