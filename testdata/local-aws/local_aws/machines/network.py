# SPDX-License-Identifier: Apache-2.0
"""A VPC as plain data: what decides where a packet of one of its hosts gets. IPv4 and one region."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Rule:
    """A permission of a security group: traffic of a protocol and of ports, with all of these peers."""

    protocol: str  # "tcp", "6", "-1" …
    first: int = 0
    last: int = 65535
    blocks: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    prefix_lists: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    inbound: tuple[Rule, ...] = ()
    outbound: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A rule of a network ACL."""

    number: int
    allow: bool
    block: str
    protocol: str = "-1"
    first: int = 0
    last: int = 65535


@dataclass(frozen=True)
class Acl:
    inbound: tuple[Entry, ...] = ()
    outbound: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Route:
    """destination: a block, or the id of a prefix list. target: "local", or what it leads to: igw-…, nat-…, vpce-….
    active: False for a blackhole."""

    destination: str
    target: str
    active: bool = True


@dataclass(frozen=True)
class Subnet:
    """blocked: what VPC Block Public Access leaves of its traffic: "off", "block-ingress" or "block-bidirectional"."""

    zone: str
    routes: tuple[Route, ...] = ()
    acl: Acl = Acl()
    blocked: str = "off"


@dataclass(frozen=True)
class Interface:
    """What has an address in a subnet. public: it has a public address, too."""

    address: str
    subnet: str
    groups: tuple[str, ...] = ()
    public: bool = False


@dataclass(frozen=True)
class NatGateway:
    address: str
    subnet: str
    available: bool = True
    public: bool = True  # its connectivity type


@dataclass(frozen=True)
class Endpoint:
    """service: the last part of its name ("s3", "ecr.api"). private_dns: it takes the service's own names."""

    service: str
    kind: str  # "Gateway" or "Interface"
    available: bool = True
    private_dns: bool = False
    addresses: tuple[str, ...] = ()  # of its interfaces


@dataclass(frozen=True)
class Network:
    """All by id, and interfaces by address. gateways: the internet gateways that are attached. resolvers: the name
    servers of the DHCP options."""

    subnets: dict[str, Subnet]
    groups: dict[str, Group] = field(default_factory=dict)
    interfaces: dict[str, Interface] = field(default_factory=dict)
    gateways: frozenset[str] = frozenset()
    nat_gateways: dict[str, NatGateway] = field(default_factory=dict)
    endpoints: dict[str, Endpoint] = field(default_factory=dict)
    prefix_lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    dns_support: bool = True
    dns_hostnames: bool = True
    resolvers: tuple[str, ...] = ("AmazonProvidedDNS",)
