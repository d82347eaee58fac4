# SPDX-License-Identifier: Apache-2.0
"""To which addresses a host in a VPC resolves a name. Pure.

Amazon VPC User Guide, "DNS attributes for your VPC" and "DHCP option sets"; AWS PrivateLink Guide, "Private DNS"; Amazon
EFS User Guide, "Mounting on Amazon EC2 with a DNS name".
"""

from __future__ import annotations

from .network import Interface, Network
from .reach import reach

AMAZON = "AmazonProvidedDNS"


def of_service(network: Network, host: Interface, service: str, public: str) -> tuple[str, ...]:
    """The names of one of AWS's services, whose public address is known: those of an interface endpoint with private DNS
    where there is one."""
    for endpoint in network.endpoints.values():
        if endpoint.kind == "Interface" and endpoint.service == service and endpoint.private_dns \
                and endpoint.available and _resolves_private(network):
            return endpoint.addresses
    return of_public(network, host, public)


def of_public(network: Network, host: Interface, address: str) -> tuple[str, ...]:
    """A name of the internet."""
    if AMAZON in network.resolvers:
        return (address,) if network.dns_support else ()
    # Somebody's own name servers: of use as far as they are reached.
    own = any(reach(network, host, server, 53, "udp").reached for server in network.resolvers)
    return (address,) if own else ()


def of_file_system(network: Network, host: Interface, targets: dict[str, str]) -> tuple[str, ...]:
    """The name of a file system: its mount target in the host's zone. targets: the subnet of each one's address."""
    zone = network.subnets[host.subnet].zone
    here = [address for address, subnet in targets.items()
            if subnet in network.subnets and network.subnets[subnet].zone == zone]
    return tuple(here) if _resolves_private(network) else ()


def _resolves_private(network: Network) -> bool:
    return AMAZON in network.resolvers and network.dns_support and network.dns_hostnames
