# SPDX-License-Identifier: Apache-2.0
"""Single changes to the network of a good cloud, made with boto3: exactly the verdicts that must differ from PASS.

Roles, bucket, file system, MemoryDB and stack are in test_verify_mutations_services.py.
"""

import pytest
from verify_support import ANYWHERE, Changes, change_and_verify

NOWHERE = "subnet-0123456789abcdef0"
MISSING_GROUP = "sg-0123456789abcdef0"
changes = Changes()


def no_way_out(site):
    site.ec2.delete_route(RouteTableId=site.public_table, DestinationCidrBlock=ANYWHERE)


def deny(site, number: int, egress: bool, block: str, low: int, high: int):
    site.ec2.create_network_acl_entry(
        NetworkAclId=site.network_acl, RuleNumber=number, Protocol="6", RuleAction="deny", Egress=egress,
        CidrBlock=block, PortRange={"From": low, "To": high})


# VPC

@changes({"vpc.dns": "FAIL"})
def dns_support_off(site):
    site.ec2.modify_vpc_attribute(VpcId=site.vpc, EnableDnsSupport={"Value": False})


@changes({"vpc.dns": "WARN"})
def dns_host_names_off(site):
    site.ec2.modify_vpc_attribute(VpcId=site.vpc, EnableDnsHostnames={"Value": False})


@changes({"vpc.s3-endpoint": "WARN"})
def s3_endpoint_deleted(site):
    site.ec2.delete_vpc_endpoints(VpcEndpointIds=[site.endpoint])


@changes({"vpc.s3-endpoint": "WARN"}, private=True)
def s3_endpoint_not_on_one_route_table(site):
    site.ec2.modify_vpc_endpoint(VpcEndpointId=site.endpoint, RemoveRouteTableIds=[site.tables[1]])


@changes({"vpc.exists": "FAIL", **dict.fromkeys((
    "vpc.cidr-size", "vpc.dns", "vpc.docker-block", "vpc.tenancy", "vpc.s3-endpoint", "vpc.interface-endpoints", "subnets.exist", "subnets.vpc", "subnets.cidr-size",
    "subnets.free-addresses", "subnets.zones", "subnets.public-zones", "subnets.route", "subnets.public-ip",
    "subnets.network-acl", "security-groups.exist", "security-groups.vpc", "security-groups.https",
    "security-groups.ssh", "security-groups.self-in", "security-groups.self-out", "security-groups.egress",
    "security-groups.open-ports", "efs.mount-targets", "efs.security-group"), "SKIP")}, first=True)
def vpc_that_does_not_exist(site):
    site.vpc = "vpc-0123456789abcdef0"


# subnets and routes

@changes({"subnets.route": "FAIL"})
def default_route_deleted(site):
    no_way_out(site)


@changes({"subnets.route": "FAIL"})
def internet_gateway_detached(site):
    site.ec2.detach_internet_gateway(InternetGatewayId=site.gateway, VpcId=site.vpc)


@changes({"subnets.route": "FAIL", "vpc.s3-endpoint": "WARN"})
def one_subnet_falls_back_to_the_main_route_table(site):
    table = site.ec2.describe_route_tables(RouteTableIds=[site.public_table])["RouteTables"][0]
    [association] = [row for row in table["Associations"] if row.get("SubnetId") == site.subnets[0]]
    site.ec2.disassociate_route_table(AssociationId=association["RouteTableAssociationId"])


@changes({"subnets.route": "FAIL"}, private=True)
def private_subnet_with_an_internet_gateway(site):
    site.ec2.replace_route(RouteTableId=site.tables[0], DestinationCidrBlock=ANYWHERE, GatewayId=site.gateway)


@changes({"subnets.route": "FAIL"}, private=True)
def private_subnet_without_a_way_out(site):
    site.ec2.delete_route(RouteTableId=site.tables[1], DestinationCidrBlock=ANYWHERE)


@changes({"subnets.route": "FAIL"}, private=True)
def nat_gateway_deleted(site):
    site.ec2.delete_nat_gateway(NatGatewayId=site.nats[0])


@changes({"subnets.route": "FAIL"}, private=True)
def nat_gateways_without_a_way_out(site):
    no_way_out(site)


@changes({"subnets.route": "FAIL"}, private=True)
def internet_gateway_behind_the_nat_gateways_detached(site):
    for nat in site.ec2.describe_nat_gateways()["NatGateways"]:
        for address in nat["NatGatewayAddresses"]:
            if "AssociationId" in address:
                site.ec2.disassociate_address(AssociationId=address["AssociationId"])
    site.ec2.detach_internet_gateway(InternetGatewayId=site.gateway, VpcId=site.vpc)


@changes(private=True)
def private_subnet_behind_a_transit_gateway(site):
    transit = site.ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    site.ec2.create_transit_gateway_vpc_attachment(TransitGatewayId=transit, VpcId=site.vpc, SubnetIds=site.subnets)
    site.ec2.replace_route(RouteTableId=site.tables[0], DestinationCidrBlock=ANYWHERE, TransitGatewayId=transit)


def halves(site, table: str, **target):
    for block in ("0.0.0.0/1", "128.0.0.0/1"):
        site.ec2.create_route(RouteTableId=table, DestinationCidrBlock=block, **target)


@changes()
def default_route_in_two_halves(site):
    halves(site, site.public_table, GatewayId=site.gateway)
    no_way_out(site)


@changes({"subnets.route": "FAIL"}, private=True)
def two_halves_make_a_private_subnet_public(site):
    halves(site, site.tables[0], GatewayId=site.gateway)


@changes({"subnets.public-ip": "WARN"})
def no_public_addresses(site):
    site.ec2.modify_subnet_attribute(SubnetId=site.subnets[1], MapPublicIpOnLaunch={"Value": False})


@changes({"subnets.public-ip": "WARN"}, private=True)
def public_addresses_in_a_private_subnet(site):
    site.ec2.modify_subnet_attribute(SubnetId=site.subnets[0], MapPublicIpOnLaunch={"Value": True})


@changes({"subnets.public-zones": "FAIL"}, first=True)
def third_public_subnet_in_the_zone_of_the_first(site):
    site.subnets.append(site.add_public_subnet("a", "10.8.32.0/20"))


@changes(first=True, private=True)
def third_private_subnet_in_the_zone_of_the_first(site):
    site.subnets.append(site.add_subnet("a", "10.8.32.0/20"))
    site.ec2.associate_route_table(RouteTableId=site.tables[0], SubnetId=site.subnets[2])


@changes({"subnets.zones": "FAIL", "subnets.public-zones": "FAIL"}, first=True)
def both_subnets_in_one_zone(site):
    site.subnets[1] = site.add_public_subnet("a", "10.8.32.0/20")


@changes({"efs.mount-targets": "WARN"}, first=True)
def third_zone_without_a_mount_target(site):
    site.subnets.append(site.add_public_subnet("c", "10.8.32.0/20"))


@changes(first=True)
def third_zone_with_everything(site):
    site.subnets.append(site.add_public_subnet("c", "10.8.32.0/20"))
    site.add_mount_target(site.subnets[2])


@changes({"subnets.exist": "FAIL"}, first=True)
def subnet_that_does_not_exist(site):
    site.subnets.append(NOWHERE)


@changes({"subnets.cidr-size": "WARN"}, first=True)
def small_subnet(site):
    site.subnets.append(site.add_public_subnet("c", "10.8.32.0/26"))
    site.add_mount_target(site.subnets[2])


def full_subnet(site, free: int):
    """A /28, the least that AWS allows, with so many addresses left of its eleven; the mount target has one."""
    site.subnets.append(site.add_public_subnet("c", "10.8.32.0/28"))
    site.add_mount_target(site.subnets[2])
    for _ in range(10 - free):
        site.ec2.create_network_interface(SubnetId=site.subnets[2])
    assert site.ec2.describe_subnets(SubnetIds=site.subnets[2:])["Subnets"][0]["AvailableIpAddressCount"] == free


@changes({"subnets.cidr-size": "WARN", "subnets.free-addresses": "WARN"}, first=True)
def smallest_subnet(site):
    full_subnet(site, 1)


@changes({"subnets.cidr-size": "WARN", "subnets.free-addresses": "FAIL"}, first=True)
def subnet_without_a_free_address(site):
    full_subnet(site, 0)


@changes({"subnets.vpc": "FAIL", "efs.mount-targets": "WARN"}, first=True)
def subnet_of_another_vpc(site):
    site.subnets.append(site.add_subnet("c", "10.9.0.0/20", site.add_vpc("10.9.0.0/16")))
    site.ec2.modify_subnet_attribute(SubnetId=site.subnets[2], MapPublicIpOnLaunch={"Value": True})


# network ACLs

@changes({"subnets.network-acl": "FAIL"})
def acl_denies_https_out(site):
    deny(site, 10, True, ANYWHERE, 443, 443)


@changes({"subnets.network-acl": "FAIL"})
def acl_denies_the_answers(site):
    deny(site, 10, False, ANYWHERE, 1024, 65535)


@changes({"subnets.network-acl": "FAIL"})
def acl_denies_one_subnet_to_the_other(site):
    deny(site, 10, False, "10.8.16.0/20", 0, 65535)


@changes({"subnets.network-acl": "WARN"})
def acl_denies_remote_desktops_to_everybody(site):
    deny(site, 10, False, ANYWHERE, 3389, 3389)


def strict_acl(site, subnet: str, *entries: dict):
    """An ACL with so many rules and no others, around the subnet."""
    made = site.ec2.create_network_acl(VpcId=site.vpc)["NetworkAcl"]["NetworkAclId"]
    for number, entry in enumerate(entries, start=100):
        site.ec2.create_network_acl_entry(NetworkAclId=made, RuleNumber=number, RuleAction="allow",
                                          CidrBlock=ANYWHERE, **entry)
    acl = site.ec2.describe_network_acls(NetworkAclIds=[site.network_acl])["NetworkAcls"][0]
    [association] = [row for row in acl["Associations"] if row["SubnetId"] == subnet]
    site.ec2.replace_network_acl_association(
        AssociationId=association["NetworkAclAssociationId"], NetworkAclId=made)


def subnet_of_nat(site) -> str:
    return site.ec2.describe_nat_gateways(NatGatewayIds=site.nats[:1])["NatGateways"][0]["SubnetId"]


@changes({"subnets.network-acl": "FAIL"}, private=True)
def acl_around_a_nat_gateway_lets_no_answers_in(site):
    strict_acl(site, subnet_of_nat(site), {"Protocol": "-1", "Egress": True}, {
        "Protocol": "6", "Egress": False, "PortRange": {"From": 443, "To": 443}})


@changes(private=True)
def acl_around_a_nat_gateway_lets_in_what_it_needs(site):
    strict_acl(site, subnet_of_nat(site), {"Protocol": "-1", "Egress": True}, *[
        {"Protocol": "6", "Egress": False, "PortRange": {"From": low, "To": high}}
        for low, high in ((443, 443), (1024, 65535))])


@changes()
def acl_denies_too_late(site):
    deny(site, 200, True, ANYWHERE, 443, 443)


@changes()
def acl_denies_mail_to_the_world(site):
    deny(site, 10, True, "128.0.0.0/1", 25, 25)


@changes({"subnets.network-acl": "FAIL"})
def acl_of_a_subnet_replaced_by_one_without_rules(site):
    strict_acl(site, site.subnets[0])


# security groups

@changes({"security-groups.https": "FAIL"})
def https_not_let_in(site):
    site.shut_in("tcp", 443, cidr=ANYWHERE)


@changes()
def https_in_a_range_from_one_network(site):
    https_not_let_in(site)
    site.let_in("tcp", 400, 500, cidr="192.0.2.0/24")


@changes({"security-groups.self-in": "FAIL", "efs.security-group": "FAIL"})
def no_rule_from_itself(site):
    site.shut_in("-1", source=site.group)


@changes({"security-groups.self-in": "FAIL", "efs.security-group": "FAIL", "memorydb.security-group": "FAIL"},
         memorydb=True)
def no_rule_from_itself_with_memorydb(site):
    site.shut_in("-1", source=site.group)


@changes({"security-groups.self-in": "FAIL"})
def only_tcp_from_itself(site):
    site.shut_in("-1", source=site.group)
    site.let_in("tcp", 0, 65535, source=site.group)


@changes({"security-groups.self-in": "WARN"})
def tcp_and_udp_from_itself(site):
    only_tcp_from_itself(site)
    site.let_in("udp", 0, 65535, source=site.group)


@changes({"security-groups.self-in": "WARN"})
def everything_from_the_vpc_by_address(site):
    site.shut_in("-1", source=site.group)
    site.let_in("-1", cidr="10.8.0.0/17")
    site.let_in("-1", cidr="10.8.128.0/17")


@changes({"security-groups.self-out": "WARN"})
def no_rule_to_itself(site):
    site.shut_out("-1", source=site.group)


@changes({"security-groups.egress": "WARN"})
def only_https_out(site):
    site.shut_out("-1", cidr=ANYWHERE)
    site.let_out("tcp", 443, cidr=ANYWHERE)


@changes({"security-groups.egress": "WARN", "security-groups.self-out": "WARN", "efs.security-group": "FAIL",
          "memorydb.security-group": "FAIL"}, memorydb=True)
def only_https_out_and_nothing_to_itself(site):
    only_https_out(site)
    site.shut_out("-1", source=site.group)


@changes({"security-groups.egress": "WARN", "security-groups.self-out": "WARN"}, memorydb=True)
def https_nfs_and_memorydb_out(site):
    only_https_out_and_nothing_to_itself(site)
    site.let_out("tcp", 2049, cidr="10.8.0.0/16")
    site.let_out("tcp", 6379, source=site.group)


@changes()
def everything_out_in_two_halves(site):
    site.shut_out("-1", cidr=ANYWHERE)
    for block in ("0.0.0.0/1", "128.0.0.0/1"):
        site.let_out("-1", cidr=block)


@changes({"security-groups.egress": "FAIL"})
def nothing_out(site):
    site.shut_out("-1", cidr=ANYWHERE)


@changes({"security-groups.egress": "FAIL"})
def only_plain_http_out(site):
    site.shut_out("-1", cidr=ANYWHERE)
    site.let_out("tcp", 80, cidr=ANYWHERE)


@changes({"security-groups.ssh": "WARN"})
def ssh_from_anywhere(site):
    site.let_in("tcp", 22, cidr=ANYWHERE)


@changes()
def ssh_from_one_network(site):
    site.let_in("tcp", 22, cidr="192.0.2.0/24")


@changes({"security-groups.open-ports": "WARN"})
def dashboard_open_to_the_world(site):
    site.let_in("tcp", 8265, cidr=ANYWHERE)


@changes({"security-groups.ssh": "WARN", "security-groups.open-ports": "WARN"})
def everything_open_to_the_world(site):
    site.let_in("-1", cidr=ANYWHERE)


@changes({"security-groups.exist": "FAIL"}, first=True)
def group_that_does_not_exist(site):
    site.groups.append(MISSING_GROUP)


@changes({"security-groups.vpc": "FAIL"}, first=True)
def group_of_another_vpc(site):
    site.groups.append(site.add_group("elsewhere", site.add_vpc("10.9.0.0/16")))


@changes(first=True)
def rules_spread_over_two_groups(site):
    site.groups.append(site.add_group("https"))
    https_not_let_in(site)
    site.let_in("tcp", 443, cidr=ANYWHERE, group=site.groups[1])


@pytest.mark.parametrize("kind, first, change, expected", changes)
def test_change(server, tmp_path, kind, first, change, expected):
    assert change_and_verify(tmp_path, server, kind, first, change).verdicts() == expected
