# SPDX-License-Identifier: Apache-2.0
"""reach.py on small networks, each with one thing that differs from a network in which all is reached."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from local_aws.machines.network import (  # noqa: E402
    Acl, Endpoint, Entry, Group, Interface, NatGateway, Network, Route, Rule, Subnet)
from local_aws.machines.reach import reach  # noqa: E402

ALL = (Entry(100, True, "0.0.0.0/0"),)
OPEN = Acl(ALL, ALL)
LOCAL = Route("10.0.0.0/16", "local")
WEB, S3 = "203.0.113.7", "52.216.0.5"
HOST = Interface("10.0.0.10", "public", ("nodes",), public=True)
INSIDE = Interface("10.0.1.10", "private", ("nodes",))
STORE = Interface("10.0.2.20", "data", ("store",))
NETWORK = Network(
    subnets={
        "public": Subnet("a", (LOCAL, Route("0.0.0.0/0", "igw-1")), OPEN),
        "private": Subnet("a", (LOCAL, Route("0.0.0.0/0", "nat-1")), OPEN),
        "data": Subnet("b", (LOCAL,), OPEN)},
    groups={"nodes": Group((Rule("-1", groups=("nodes",)),), (Rule("-1", blocks=("0.0.0.0/0",)),)),
            "store": Group((Rule("tcp", 2049, 2049, groups=("nodes",)),))},
    interfaces={row.address: row for row in (HOST, INSIDE, STORE)},
    gateways=frozenset({"igw-1"}),
    nat_gateways={"nat-1": NatGateway("10.0.0.99", "public")},
    endpoints={"vpce-1": Endpoint("s3", "Gateway")},
    prefix_lists={"pl-s3": ("3.5.0.0/19", "52.216.0.0/15"), "pl-empty": ()})


def changed(name: str = "", network: Network = NETWORK, **more) -> Network:
    """With other members of a subnet, or of the network."""
    if not name:
        return replace(network, **more)
    return replace(network, subnets=network.subnets | {name: replace(network.subnets[name], **more)})


def routes(name: str, *rows: Route) -> Network:
    return changed(name, routes=(LOCAL, *rows))


def acl(name: str, inbound: tuple[Entry, ...] = ALL, outbound: tuple[Entry, ...] = ALL) -> Network:
    return changed(name, acl=Acl(inbound, outbound))


def nodes(*outbound: Rule) -> Network:
    return changed(groups=NETWORK.groups | {"nodes": Group((), outbound)})


def store(*inbound: Rule) -> Network:
    return changed(groups=NETWORK.groups | {"store": Group(inbound)})


def nat(**more) -> Network:
    return changed(nat_gateways={"nat-1": replace(NETWORK.nat_gateways["nat-1"], **more)})


def ports(first: int, last: int, allow: bool = True, number: int = 100, block: str = "0.0.0.0/0") -> tuple[Entry, ...]:
    return (Entry(number, allow, block, "6", first, last),)


LISTED = routes("private", Route("0.0.0.0/0", "nat-1"), Route("pl-s3", "vpce-1"))
REFUSED = Entry(90, False, "203.0.113.0/24", "6", 443, 443)

# name: network, host, address, port, and the way or what is in it
CASES = {
    "a public address and a gateway": (NETWORK, HOST, WEB, 443, "internet gateway"),
    "behind NAT": (NETWORK, INSIDE, WEB, 443, "NAT gateway"),
    "a host of the VPC": (NETWORK, INSIDE, STORE.address, 2049, "local"),
    "a host of the same subnet": (acl("data", (), ()), replace(STORE, address="10.0.2.30", groups=("nodes",)),
                                  STORE.address, 2049, "local"),
    # routes
    "no route": (routes("public"), HOST, WEB, 443, "no-route"),
    "no route for this address": (routes("public", Route("0.0.0.0/1", "igw-1")), HOST, WEB, 443, "no-route"),
    "two halves": (routes("public", Route("0.0.0.0/1", "igw-1"), Route("128.0.0.0/1", "igw-1")), HOST, WEB, 443,
                   "internet gateway"),
    "a narrower route elsewhere": (routes("public", Route("0.0.0.0/0", "igw-1"), Route("203.0.113.0/24", "tgw-1")), HOST,
                                   WEB, 443, "elsewhere"),
    "a narrower blackhole": (routes("public", Route("0.0.0.0/0", "igw-1"), Route("203.0.113.0/24", "eni-1", False)),
                             HOST, WEB, 443, "blackhole"),
    "a blackhole": (routes("public", Route("0.0.0.0/0", "igw-1", False)), HOST, WEB, 443, "blackhole"),
    "a route of IPv6 alone": (routes("public", Route("::/0", "igw-1")), HOST, WEB, 443, "no-route"),
    "an egress-only gateway is for IPv6": (routes("public", Route("::/0", "eigw-1")), HOST, WEB, 443, "no-route"),
    "a gateway that is not attached": (changed(gateways=frozenset()), HOST, WEB, 443, "gateway"),
    "no public address": (NETWORK, replace(HOST, public=False), WEB, 443, "address"),
    # NAT
    "NAT that is not there": (changed(nat_gateways={}), INSIDE, WEB, 443, "nat"),
    "NAT that is pending": (nat(available=False), INSIDE, WEB, 443, "nat"),
    "private NAT": (nat(public=False), INSIDE, WEB, 443, "nat"),
    "private NAT towards a transit gateway": (
        changed("public", nat(public=False), routes=(LOCAL, Route("0.0.0.0/0", "tgw-1"))), INSIDE, WEB, 443, "elsewhere"),
    "private NAT in a subnet without a way out": (
        changed("public", nat(public=False), routes=(LOCAL,)), INSIDE, WEB, 443, "no-route"),
    "NAT in a subnet without a way out": (nat(subnet="data"), INSIDE, WEB, 443, "no-route"),
    "NAT in its own subnet": (nat(subnet="private"), INSIDE, WEB, 443, "nat"),
    "NAT behind a gateway that is not attached": (changed(gateways=frozenset()), INSIDE, WEB, 443, "gateway"),
    "NAT, and the ACL of its subnet lets nothing in": (acl("public", ()), INSIDE, WEB, 443, "acl"),
    "NAT, and no answers come in there": (acl("public", ports(443, 443)), INSIDE, WEB, 443, "acl"),
    "NAT, and answers to Linux's ports alone": (acl("public", ports(443, 443) + ports(32768, 60999, number=101)), INSIDE,
                                                WEB, 443, "acl-some"),
    "NAT, and answers to NAT's ports": (acl("public", ports(443, 443) + ports(1024, 65535, number=101)), INSIDE, WEB, 443,
                                        "NAT gateway"),
    "NAT, and nothing goes back to the host": (acl("public", outbound=ports(443, 443)), INSIDE, WEB, 443, "acl"),
    "NAT, and what goes back to Linux's ports": (
        acl("public", outbound=ports(443, 443) + ports(32768, 60999, number=101, block="10.0.1.0/24")), INSIDE, WEB,
        443, "NAT gateway"),
    # network ACLs
    "ACL without rules": (acl("public", (), ()), HOST, WEB, 443, "acl"),
    "ACL that lets nothing out": (acl("public", outbound=()), HOST, WEB, 443, "acl"),
    "ACL that lets no answers in": (acl("public", inbound=ports(443, 443)), HOST, WEB, 443, "acl"),
    "ACL with answers to Linux's ports": (acl("public", inbound=ports(32768, 60999)), HOST, WEB, 443, "internet gateway"),
    "ACL with a port less": (acl("public", inbound=ports(32768, 60998)), HOST, WEB, 443, "acl-some"),
    "ACL in two ranges": (acl("public", inbound=ports(1, 40000) + ports(40001, 61000, number=200)), HOST, WEB, 443,
                          "internet gateway"),
    "ACL whose first rule refuses": (acl("public", outbound=(REFUSED, *ALL)), HOST, WEB, 443, "acl"),
    "ACL whose first rule is about another port": (acl("public", outbound=(REFUSED, *ALL)), HOST, WEB, 80,
                                                   "internet gateway"),
    "ACL whose later rule refuses": (acl("public", outbound=(replace(REFUSED, number=200), *ALL)), HOST, WEB, 443,
                                     "internet gateway"),
    "ACL that refuses UDP": (acl("public", outbound=(replace(REFUSED, protocol="17"), *ALL)), HOST, WEB, 443,
                             "internet gateway"),
    "ACL for IPv6 alone": (acl("public", outbound=(Entry(100, True, "::/0"),)), HOST, WEB, 443, "acl"),
    "ACL for all traffic, whatever its ports": (acl("public", (Entry(1, True, "0.0.0.0/0", "-1", 0, 0),)), HOST, WEB,
                                                443, "internet gateway"),
    "ACL of the other subnet": (acl("data", ()), INSIDE, STORE.address, 2049, "acl"),
    "ACL of the other subnet for the host's block": (acl("data", ports(2049, 2049, block="10.0.1.0/24")), INSIDE,
                                                     STORE.address, 2049, "local"),
    "ACL of the other subnet for another block": (acl("data", ports(2049, 2049, block="10.0.3.0/24")), INSIDE,
                                                  STORE.address, 2049, "acl"),
    "ACL of the other subnet lets no answers out": (acl("data", outbound=ports(2049, 2049)), INSIDE, STORE.address, 2049,
                                                    "acl"),
    # groups
    "no rule out": (nodes(), HOST, WEB, 443, "group-out"),
    "a rule for the port": (nodes(Rule("tcp", 443, 443, ("0.0.0.0/0",))), HOST, WEB, 443, "internet gateway"),
    "a rule for another port": (nodes(Rule("tcp", 80, 80, ("0.0.0.0/0",))), HOST, WEB, 443, "group-out"),
    "a rule for UDP": (nodes(Rule("udp", 443, 443, ("0.0.0.0/0",))), HOST, WEB, 443, "group-out"),
    "a rule by the number of TCP": (nodes(Rule("6", 443, 443, ("0.0.0.0/0",))), HOST, WEB, 443, "internet gateway"),
    "a rule for IPv6": (nodes(Rule("-1", blocks=("::/0",))), HOST, WEB, 443, "group-out"),
    "a rule for some addresses": (nodes(Rule("-1", blocks=("203.0.113.7/32",))), HOST, WEB, 443, "internet gateway"),
    "a rule for others": (nodes(Rule("-1", blocks=("10.0.0.0/8",))), HOST, WEB, 443, "group-out"),
    "a rule for members of a group": (nodes(Rule("-1", groups=("store",))), INSIDE, STORE.address, 2049, "local"),
    "a rule for members of another group": (nodes(Rule("-1", groups=("other",))), INSIDE, STORE.address, 2049,
                                            "group-out"),
    "a host without groups": (NETWORK, replace(HOST, groups=()), WEB, 443, "group-out"),
    "nothing comes in": (store(), INSIDE, STORE.address, 2049, "group-in"),
    "another port comes in": (NETWORK, INSIDE, STORE.address, 6379, "group-in"),
    "the host's block comes in": (store(Rule("tcp", 2049, 2049, ("10.0.1.0/24",))), INSIDE, STORE.address, 2049, "local"),
    "another block comes in": (store(Rule("tcp", 2049, 2049, ("10.0.3.0/24",))), INSIDE, STORE.address, 2049, "group-in"),
    "a group comes in that the host has not got": (NETWORK, replace(INSIDE, groups=("out",)), STORE.address, 2049,
                                                   "group-out"),
    "nobody has the address": (NETWORK, INSIDE, "10.0.2.21", 2049, "nothing-there"),
    # S3 by a gateway endpoint
    "a gateway endpoint": (LISTED, INSIDE, S3, 443, "gateway endpoint"),
    "what is not S3 goes past it": (LISTED, INSIDE, WEB, 443, "NAT gateway"),
    "an endpoint alone": (changed("data", routes=(LOCAL, Route("pl-s3", "vpce-1"))),
                          replace(STORE, groups=("nodes",)), S3, 443, "gateway endpoint"),
    "an endpoint that is gone": (changed(network=LISTED, endpoints={}), INSIDE, S3, 443, "endpoint"),
    "an endpoint that is pending": (changed(network=LISTED, endpoints={"vpce-1": Endpoint("s3", "Gateway", False)}),
                                    INSIDE, S3, 443, "endpoint"),
    "a list without entries": (routes("private", Route("pl-empty", "vpce-1")), INSIDE, S3, 443, "no-route"),
    "a list that nobody knows": (routes("private", Route("pl-other", "vpce-1")), INSIDE, S3, 443, "no-route"),
    "a rule for the list": (changed(network=LISTED, groups={"nodes": Group((), (
        Rule("tcp", 443, 443, prefix_lists=("pl-s3",)),))}), INSIDE, S3, 443, "gateway endpoint"),
    "the ACL of the subnet holds for an endpoint": (
        changed("private", LISTED, acl=Acl(ALL, ports(443, 443, block="10.0.0.0/8"))), INSIDE, S3, 443, "acl"),
    "an endpoint behind NAT": (
        changed("public", routes=(LOCAL, Route("pl-s3", "vpce-1"))), INSIDE, S3, 443, "gateway endpoint"),
    # VPC Block Public Access
    "blocked both ways": (changed("public", blocked="block-bidirectional"), HOST, WEB, 443, "public-access"),
    "blocked inwards": (changed("public", blocked="block-ingress"), HOST, WEB, 443, "public-access"),
    "NAT, blocked both ways": (changed("public", blocked="block-bidirectional"), INSIDE, WEB, 443, "public-access"),
    "NAT, blocked inwards": (changed("public", blocked="block-ingress"), INSIDE, WEB, 443, "NAT gateway"),
    "NAT, and only its client's subnet blocked": (changed("private", blocked="block-bidirectional"), INSIDE, WEB, 443,
                                                  "NAT gateway"),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_reached(name):
    network, host, address, port, expected = CASES[name]
    answer = reach(network, host, address, port)
    assert (answer.way or answer.why) == expected
    assert answer.reached is (None if expected == "elsewhere" else bool(answer.way))


def test_what_is_in_the_way_is_named():
    assert reach(acl("data", ()), INSIDE, STORE.address, 2049).at == "data"
    assert reach(changed(gateways=frozenset()), HOST, WEB, 443).at == "igw-1"
    assert reach(store(), INSIDE, STORE.address, 2049).at == "store"


def test_udp_has_rules_of_its_own():
    network = nodes(Rule("udp", 53, 53, ("0.0.0.0/0",)))
    assert reach(network, HOST, WEB, 53, "udp").reached
    assert not reach(network, HOST, WEB, 53).reached
