# SPDX-License-Identifier: Apache-2.0
"""Random networks of a cloud with two subnets, as reach.py sees them and as the program's facts say them."""

from __future__ import annotations

import copy
import json
import random
import sys
from pathlib import Path

from judges import ROOT

sys.path.insert(0, str(Path(ROOT, "testdata/local-aws")))
from local_aws.machines.network import (  # noqa: E402
    Acl, Entry, Group, Interface, NatGateway, Network, Route, Rule, Subnet)

NODES, STORE = "sg-0a1b2c3d4e5f60718", "sg-00000000000000003"
IGW, NAT, TGW = "igw-0a1b2c3d4e5f60718", "nat-0a1b2c3d4e5f60718", "tgw-0a1b2c3d4e5f60718"
NAT_SUBNET = "subnet-00000000000000009"
LIST = "pl-0123456789abcdef0"
# Addresses of the internet, one in each half of it.
OUTSIDE = ("52.95.0.11", "203.0.113.7")
_PORTS = ((443, 443), (2049, 2049), (0, 65535), (1024, 65535), (32768, 60999), (32768, 65535), (1024, 40000))
_DEFAULT = Entry(32767, False, "0.0.0.0/0")
_BASES = {kind: json.loads(Path(ROOT, f"testdata/facts/good-{kind}.json").read_text()) for kind in ("direct", "private")}


class Case:
    """One network: kind ("direct", "private"), network, and hosts and mount targets by subnet."""

    def __init__(self, chance: random.Random):
        self.kind = chance.choice(("direct", "private"))
        base = _BASES[self.kind]["facts"]["subnets"]["reply"]["subnetSet"][:2]
        self.blocks = {row["subnetId"]: row["cidrBlock"] for row in base}
        zones = {row["subnetId"]: row["availabilityZone"] for row in base}
        first = {name: block.rpartition(".")[0] for name, block in self.blocks.items()}
        self.hosts = {name: Interface(f"{start}.20", name, (NODES,), self.kind == "direct") for name, start in first.items()}
        self.targets = {name: Interface(f"{start}.10", name, (STORE,)) for name, start in first.items()}
        self.local = [Route(block, "local") for block in _vpc_blocks(self.kind)]
        self.blocked = chance.choices(("off", "block-ingress", "block-bidirectional"), (92, 3, 5))[0]
        self.exclusions: dict[str, str] = {}
        subnets = {name: Subnet(zones[name], self._routes(chance, IGW if self.kind == "direct" else NAT),
                                self._acl(chance), self._left(chance, name)) for name in self.blocks}
        subnets[NAT_SUBNET] = Subnet("us-west-2a", self._routes(chance, IGW), self._acl(chance),
                                     self._left(chance, NAT_SUBNET))
        gateway = NatGateway("10.1.0.9", NAT_SUBNET, _mostly(chance), _mostly(chance))
        self.network = Network(
            subnets=subnets, groups=self._groups(chance), gateways=frozenset((IGW,)), nat_gateways={NAT: gateway},
            interfaces={row.address: row for row in (*self.hosts.values(), *self.targets.values())},
            prefix_lists={LIST: ("203.0.113.0/24",)})

    def _left(self, chance: random.Random, subnet: str) -> str:
        """What Block Public Access leaves of a subnet's traffic; some subnets are excluded from it."""
        if self.blocked == "off" or chance.random() < 0.6:
            return self.blocked
        self.exclusions[subnet] = chance.choice(("allow-bidirectional", "allow-egress"))
        return {"allow-bidirectional": "off", "allow-egress": "block-ingress"}[self.exclusions[subnet]]

    def _routes(self, chance: random.Random, target: str) -> tuple[Route, ...]:
        more = chance.choices(((Route("0.0.0.0/0", target),), (), (Route("0.0.0.0/0", target, False),),
                               (Route("0.0.0.0/0", IGW),), (Route("0.0.0.0/1", target), Route("128.0.0.0/1", target)),
                               (Route("0.0.0.0/0", target), Route("203.0.113.0/24", TGW)),
                               (Route("0.0.0.0/1", target),), (Route("0.0.0.0/0", TGW),)), (80, 3, 3, 2, 6, 2, 2, 2))[0]
        return (*self.local, *more)

    def _acl(self, chance: random.Random) -> Acl:
        return Acl(*(self._entries(chance) for _way in range(2)))

    def _entries(self, chance: random.Random) -> tuple[Entry, ...]:
        every = Entry(100, True, "0.0.0.0/0")
        if chance.random() < 0.85:
            return every, _DEFAULT
        blocks = ("0.0.0.0/0", "0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/8", *self.blocks.values())
        rows = [Entry(number, chance.random() < 0.7, chance.choice(blocks), chance.choice(("-1", "6", "6", "17")),
                      *chance.choice(_PORTS)) for number in range(10, 10 + chance.randint(1, 4))]
        return (*rows, *((every,) if chance.random() < 0.5 else ()), _DEFAULT)

    def _groups(self, chance: random.Random) -> dict[str, Group]:
        itself = Rule("-1", groups=(NODES,))
        out = (Rule("-1", blocks=("0.0.0.0/0",)),) if chance.random() < 0.8 else tuple(
            self._rule(chance, STORE) for _ in range(chance.randint(0, 3)))
        into = (Rule("tcp", 2049, 2049, groups=(NODES,)),) if chance.random() < 0.7 else tuple(
            self._rule(chance, NODES) for _ in range(chance.randint(0, 2)))
        return {NODES: Group((itself, Rule("tcp", 443, 443, ("0.0.0.0/0",))), (itself, *out)), STORE: Group(into)}

    def _rule(self, chance: random.Random, group: str) -> Rule:
        protocol, ports = chance.choice(("-1", "tcp", "tcp", "udp")), chance.choice(_PORTS)
        blocks = ("0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/8", *self.blocks.values())
        peers = ({"blocks": (chance.choice(blocks),)}, {"groups": (group,)}, {"prefix_lists": (LIST,)})
        return Rule(protocol, *(ports if protocol != "-1" else (0, 65535)), **chance.choice(peers))

    def facts(self) -> dict:
        """The document of `cloudctl verify --facts`."""
        found = copy.deepcopy(_BASES[self.kind])
        found["cloud"]["resources"].update(subnet_ids=list(self.blocks), security_group_ids=[NODES])
        facts = found["facts"]
        for row in (rows := facts["subnets"]["reply"]["subnetSet"][:2]):
            row["blockPublicAccessStates"] = {"internetGatewayBlockMode": self.network.subnets[row["subnetId"]].blocked}
        facts["subnets"]["reply"]["subnetSet"] = rows
        facts["vpc"]["reply"]["vpcSet"][0]["blockPublicAccessStates"] = {"internetGatewayBlockMode": self.blocked}
        reply = {
            "route-tables": {"routeTableSet": [self._table(name, number) for number, name in
                                               enumerate(self.network.subnets)]},
            "nat-gateways": {"natGatewaySet": [self._nat()]} if self.kind == "private" else None,
            "network-acls": {"networkAclSet": [self._acl_row(name, number) for number, name in
                                               enumerate(self.network.subnets)]},
            "security-groups": {"securityGroupInfo": [self._group_row(NODES)]},
            "mount-target-security-groups": {"securityGroupInfo": [self._group_row(STORE)]},
            "vpc-endpoints": {"vpcEndpointSet": ""}, "endpoint-security-groups": None,
            "prefix-lists": {LIST: {"entrySet": [{"cidr": block} for block in self.network.prefix_lists[LIST]]}},
            "public-access-exclusions": {"vpcBlockPublicAccessExclusionSet": [
                {"exclusionId": f"vpcbpa-exclude-{number:017}", "internetGatewayExclusionMode": mode,
                 "resourceArn": f"arn:aws:ec2:us-west-2:111122223333:subnet/{name}", "state": "create-complete"}
                for number, (name, mode) in enumerate(self.exclusions.items())]}}
        for name, value in reply.items():
            facts[name] = {"reply": value}
        self._place_targets(facts)
        return found

    def _place_targets(self, facts: dict) -> None:
        targets, interfaces = (facts[name]["reply"] for name in ("mount-targets", "mount-target-interfaces"))
        targets["MountTargets"] = targets["MountTargets"][:2]
        interfaces["networkInterfaceSet"] = interfaces["networkInterfaceSet"][:2]
        for target, interface, name in zip(targets["MountTargets"], interfaces["networkInterfaceSet"], self.blocks):
            target.update(IpAddress=self.targets[name].address, SubnetId=name)
            interface.update(subnetId=name, privateIpAddress=self.targets[name].address,
                             groupSet=[{"groupId": STORE, "groupName": "store"}])

    def _table(self, subnet: str, number: int) -> dict:
        rows = [{"destinationCidrBlock": row.destination, _member(row.target): row.target,
                 "state": "active" if row.active else "blackhole", "origin": "CreateRoute"}
                for row in self.network.subnets[subnet].routes]
        name = f"rtb-{number:017}"
        return {"routeTableId": name, "vpcId": "vpc-0a1b2c3d4e5f60718", "ownerId": "111122223333", "routeSet": rows,
                "associationSet": [{"routeTableAssociationId": f"rtbassoc-{number}", "routeTableId": name, "main": "false",
                                    "subnetId": subnet, "associationState": {"state": "associated"}}],
                "propagatingVgwSet": "", "tagSet": ""}

    def _nat(self) -> dict:
        gateway = self.network.nat_gateways[NAT]
        return {"natGatewayId": NAT, "subnetId": gateway.subnet, "vpcId": "vpc-0a1b2c3d4e5f60718", "tagSet": "",
                "state": "available" if gateway.available else "pending", "createTime": "2026-01-02T03:04:05Z",
                "connectivityType": "public" if gateway.public else "private",
                "natGatewayAddressSet": [{"privateIp": gateway.address, "networkInterfaceId": "eni-00000000000000009"}]}

    def _acl_row(self, subnet: str, number: int) -> dict:
        acl, name = self.network.subnets[subnet].acl, f"acl-{number:017}"
        rows = []
        for egress, entries in (("false", acl.inbound), ("true", acl.outbound)):
            for entry in entries:
                row = {"ruleNumber": str(entry.number), "protocol": entry.protocol, "egress": egress,
                       "ruleAction": "allow" if entry.allow else "deny", "cidrBlock": entry.block}
                if entry.protocol != "-1":
                    row["portRange"] = {"from": str(entry.first), "to": str(entry.last)}
                rows.append(row)
        return {"networkAclId": name, "vpcId": "vpc-0a1b2c3d4e5f60718", "default": "false", "entrySet": rows,
                "associationSet": [{"networkAclAssociationId": f"aclassoc-{number}", "networkAclId": name,
                                    "subnetId": subnet}], "tagSet": "", "ownerId": "111122223333"}

    def _group_row(self, name: str) -> dict:
        group = self.network.groups[name]
        return {"ownerId": "111122223333", "groupId": name, "groupName": name, "groupDescription": "d", "tagSet": "",
                "vpcId": "vpc-0a1b2c3d4e5f60718", "ipPermissions": [_permission(rule) for rule in group.inbound],
                "ipPermissionsEgress": [_permission(rule) for rule in group.outbound]}


def _permission(rule: Rule) -> dict:
    row = {"ipProtocol": rule.protocol, "ipv6Ranges": "",
           "groups": [{"userId": "111122223333", "groupId": name} for name in rule.groups] or "",
           "ipRanges": [{"cidrIp": block} for block in rule.blocks] or "",
           "prefixListIds": [{"prefixListId": name} for name in rule.prefix_lists] or ""}
    return row if rule.protocol == "-1" else row | {"fromPort": str(rule.first), "toPort": str(rule.last)}


def _vpc_blocks(kind: str) -> list[str]:
    rows = _BASES[kind]["facts"]["vpc"]["reply"]["vpcSet"][0]["cidrBlockAssociationSet"]
    return [row["cidrBlock"] for row in rows]


def _member(target: str) -> str:
    return {"nat": "natGatewayId", "tgw": "transitGatewayId"}.get(target.partition("-")[0], "gatewayId")


def _mostly(chance: random.Random) -> bool:
    return chance.random() < 0.93
