# SPDX-License-Identifier: Apache-2.0
"""Whether a connection from a host in a VPC comes about, by the network's own configuration. Pure.

Written from AWS's documentation and from nothing else of this project, because it judges the program's own answer:
Amazon VPC User Guide, "Route tables" (Route priority, NAT devices, internet gateways), "Network ACL rules" with
"Ephemeral ports", "Security group rules", "NAT gateways", "Block public access to VPCs and subnets"; AWS PrivateLink
Guide, "Gateway endpoints".
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Iterable

from .network import Acl, Entry, Interface, NatGateway, Network, Route, Rule, Subnet

# Where answers come to: Linux's default (ip_local_port_range), and a NAT gateway's.
LINUX_PORTS = (32768, 60999)
NAT_PORTS = (1024, 65535)
# Numbers of protocols, as a network ACL has them (IANA, "Protocol Numbers").
_NUMBERS = {"tcp": "6", "udp": "17"}


@dataclass(frozen=True)
class Answer:
    """reached: None when the traffic goes where this does not look further (a transit gateway, a peer, an appliance).

    way: "local", "internet gateway", "NAT gateway", "gateway endpoint", or "". why: one word for what is in the way,
    of group-out, group-in, acl, acl-some (some of the ports that answers come to pass, others do not), no-route,
    blackhole, gateway, address, nat, public-access, endpoint, nothing-there, elsewhere; at: the id it is about.
    """

    reached: bool | None
    way: str = ""
    why: str = ""
    at: str = ""


class _Refused(Exception):
    """why and at, as in Answer."""

    def __init__(self, why: str, at: str = ""):
        super().__init__(why)
        self.why, self.at = why, at


def reach(network: Network, host: Interface, address: str, port: int, protocol: str = "tcp") -> Answer:
    """Does a connection of the host to that address and port come about, and do the answers come back?"""
    packet = _Packet(address, port, protocol)
    try:
        _leave(network, host, packet)
        way = _routed(network, host, packet)
    except _Refused as refused:
        return Answer(None if refused.why == "elsewhere" else False, "", refused.why, refused.at)
    return Answer(True, way)


@dataclass(frozen=True)
class _Packet:
    address: str
    port: int
    protocol: str


def holds(block: str, address: str) -> bool:
    """Whether the block has the address; one of IPv6 never has."""
    found = ip_network(block, strict=False)
    return found.version == 4 and ip_address(address) in found


def _is_protocol(written: str, protocol: str) -> bool:
    return written in ("-1", protocol, _NUMBERS[protocol])


def _let(network: Network, rules: Iterable[Rule], packet: _Packet, peer: str, peer_groups: tuple[str, ...]) -> bool:
    """Whether some rule is about the packet and the peer at its other end."""
    for rule in rules:
        ports = rule.protocol == "-1" or rule.first <= packet.port <= rule.last
        blocks = [*rule.blocks, *(block for name in rule.prefix_lists for block in network.prefix_lists.get(name, ()))]
        if _is_protocol(rule.protocol, packet.protocol) and ports and (
                any(holds(block, peer) for block in blocks) or set(rule.groups) & set(peer_groups)):
            return True
    return False


def _leave(network: Network, host: Interface, packet: _Packet) -> None:
    """Groups add up. They are stateful: answers need no rule."""
    there = network.interfaces.get(packet.address)
    rules = [rule for name in host.groups if name in network.groups for rule in network.groups[name].outbound]
    if not _let(network, rules, packet, packet.address, there.groups if there else ()):
        raise _Refused("group-out")


def _enter(network: Network, host: Interface, there: Interface, packet: _Packet) -> None:
    rules = [rule for name in there.groups if name in network.groups for rule in network.groups[name].inbound]
    if not _let(network, rules, packet, host.address, host.groups):
        raise _Refused("group-in", ",".join(there.groups))


def _route(network: Network, subnet: Subnet, address: str) -> Route:
    """The most specific route decides, whether it leads anywhere or not."""
    found: tuple[int, bool, Route] | None = None
    for route in subnet.routes:
        is_list = route.destination in network.prefix_lists
        blocks = network.prefix_lists[route.destination] if is_list else (route.destination,)
        for block in blocks:
            if "/" in block and holds(block, address):
                length = ip_network(block, strict=False).prefixlen
                if found is None or (length, not is_list) > found[:2]:
                    found = (length, not is_list, route)
    if found is None:
        raise _Refused("no-route")
    if not found[2].active:
        raise _Refused("blackhole", found[2].target)
    return found[2]


def _routed(network: Network, host: Interface, packet: _Packet) -> str:
    subnet = network.subnets[host.subnet]
    target = _route(network, subnet, packet.address).target
    kind = target.partition("-")[0]
    if target == "local":
        return _within(network, host, packet)
    if kind == "nat":
        return _translated(network, host, target, packet)
    _both_ways(subnet.acl, host.subnet, packet, LINUX_PORTS)
    return _out(network, subnet, host.public, "block-ingress", target, packet)


def _out(network: Network, subnet: Subnet, public: bool, blocking: str, target: str, packet: _Packet) -> str:
    """Out of the VPC, by the gateway that a route of the subnet leads to. blocking: the weakest mode of Block Public
    Access that stops this traffic."""
    kind = target.partition("-")[0]
    if kind == "igw":
        if target not in network.gateways:
            raise _Refused("gateway", target)
        if not public:
            raise _Refused("address", target)
        if subnet.blocked in ("block-bidirectional", blocking):
            raise _Refused("public-access", subnet.blocked)
        return "internet gateway"
    if kind == "vpce":
        endpoint = network.endpoints.get(target)
        if endpoint is None or endpoint.kind != "Gateway" or not endpoint.available:
            raise _Refused("endpoint", target)
        return "gateway endpoint"
    raise _Refused("elsewhere", target)


def _within(network: Network, host: Interface, packet: _Packet) -> str:
    """To another host of the VPC. Network ACLs are for what crosses the border of a subnet."""
    there = network.interfaces.get(packet.address)
    if there is None:
        raise _Refused("nothing-there", packet.address)
    if there.subnet != host.subnet:
        _cross(network, host.subnet, there.subnet, host.address, packet, LINUX_PORTS)
    _enter(network, host, there, packet)
    return "local"


def _translated(network: Network, host: Interface, target: str, packet: _Packet) -> str:
    """Through a NAT gateway: to its subnet with the host's own address, and out of it with the gateway's."""
    gateway = network.nat_gateways.get(target)
    if gateway is None or not gateway.available:
        raise _Refused("nat", target)
    if gateway.subnet != host.subnet:
        _cross(network, host.subnet, gateway.subnet, host.address, packet, LINUX_PORTS)
    return _from_nat(network, gateway, packet)


def _from_nat(network: Network, gateway: NatGateway, packet: _Packet) -> str:
    """An internet gateway drops what a private NAT gateway sends to it."""
    subnet = network.subnets[gateway.subnet]
    onward = _route(network, subnet, packet.address).target
    if onward.startswith("nat-") or (onward.startswith("igw-") and not gateway.public):
        raise _Refused("nat", onward)
    _both_ways(subnet.acl, gateway.subnet, packet, NAT_PORTS)
    way = _out(network, subnet, True, "", onward, packet)
    return "NAT gateway" if way == "internet gateway" else way


def _cross(network: Network, here: str, there: str, address: str, packet: _Packet, ports: tuple[int, int]) -> None:
    """From one subnet into another and back. Rules for what goes in are about where it comes from, those for what goes
    out about where it goes to; a router changes neither."""
    near, far = network.subnets[here].acl, network.subnets[there].acl
    asked = (packet.port, packet.port)
    _pass(near.outbound, here, packet.protocol, packet.address, asked)
    _pass(far.inbound, there, packet.protocol, address, asked)
    _pass(far.outbound, there, packet.protocol, address, ports)
    _pass(near.inbound, here, packet.protocol, packet.address, ports)


def _both_ways(acl: Acl, subnet: str, packet: _Packet, ports: tuple[int, int]) -> None:
    _pass(acl.outbound, subnet, packet.protocol, packet.address, (packet.port, packet.port))
    _pass(acl.inbound, subnet, packet.protocol, packet.address, ports)


def _pass(entries: tuple[Entry, ...], subnet: str, protocol: str, peer: str, ports: tuple[int, int]) -> None:
    """All of the ports must pass: nobody chooses which one an answer comes to."""
    passed = _passing(entries, protocol, peer, ports)
    if passed != ports[1] - ports[0] + 1:
        raise _Refused("acl-some" if passed else "acl", subnet)


def _passing(entries: tuple[Entry, ...], protocol: str, peer: str, ports: tuple[int, int]) -> int:
    """How many of the ports pass. In order of their numbers, the first rule that matches decides; none: refused."""
    undecided, passed = [ports], 0
    for entry in sorted(entries, key=lambda entry: entry.number):
        if not _is_protocol(entry.protocol, protocol) or not holds(entry.block, peer):
            continue
        first, last = (0, 65535) if entry.protocol == "-1" else (entry.first, entry.last)
        rest = []
        for low, high in undecided:
            inner = (max(low, first), min(high, last))
            if inner[0] > inner[1]:
                rest.append((low, high))
                continue
            passed += entry.allow * (inner[1] - inner[0] + 1)
            rest += [part for part in ((low, inner[0] - 1), (inner[1] + 1, high)) if part[0] <= part[1]]
        undecided = rest
    return passed
