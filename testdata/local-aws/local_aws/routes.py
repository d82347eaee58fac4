# SPDX-License-Identifier: Apache-2.0
"""Routes whose target is gone are blackholes, as in EC2; in moto every route is active for ever.

An internet gateway must be attached to the route table's VPC, and a NAT gateway must not have been deleted.
"""

from moto.ec2.models.internet_gateways import InternetGateway
from moto.ec2.models.route_tables import Route


def _state(route: Route) -> str:
    gateway, nat = route.gateway, route.nat_gateway
    if isinstance(gateway, InternetGateway) and (gateway.vpc is None or gateway.vpc.id != route.route_table.vpc_id):
        return "blackhole"
    if nat is not None and nat.state in ("deleting", "deleted"):
        return "blackhole"
    return "active"


def apply() -> None:
    Route.state = property(_state)
