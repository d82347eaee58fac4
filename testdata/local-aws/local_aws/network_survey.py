# SPDX-License-Identifier: Apache-2.0
"""The network of an instance as plain data, out of moto's objects. The caller holds moto's lock."""

from __future__ import annotations

from moto.efs.models import efs_backends

from .machines.network import (
    Acl, Endpoint, Entry, Group, Interface, NatGateway, Network, Route, Rule, Subnet)


def network_of(backend, vpc_id: str) -> Network:
    """One VPC of moto's EC2 backend."""
    vpc = backend.vpcs[vpc_id]
    subnets = [row for zone in backend.subnets.values() for row in zone.values() if row.vpc_id == vpc_id]
    options = vpc.dhcp_options._options["domain-name-servers"] if vpc.dhcp_options else None
    return Network(
        subnets={row.id: _subnet(backend, row) for row in subnets},
        groups={name: _group(row) for groups in backend.groups.values() for name, row in groups.items()},
        interfaces=_interfaces(backend, vpc_id),
        gateways=frozenset(row.id for row in backend.internet_gateways.values() if row.vpc and row.vpc.id == vpc_id),
        nat_gateways={row.id: _nat(row) for row in backend.nat_gateways.values() if row.vpc_id == vpc_id},
        endpoints={row.id: _endpoint(backend, row) for row in backend.vpc_end_points.values() if row.vpc_id == vpc_id},
        prefix_lists={row.id: _entries(row) for row in backend.managed_prefix_lists.values()},
        dns_support=_is_on(vpc.enable_dns_support), dns_hostnames=_is_on(vpc.enable_dns_hostnames),
        resolvers=tuple(options or ("AmazonProvidedDNS",)))


def interface_of(interface) -> Interface:
    """moto's interface as the network has it."""
    return Interface(interface.private_ip_address, interface.subnet.id, tuple(group.id for group in interface.group_set),
                     bool(interface.public_ip))


def _is_on(value) -> bool:
    """An attribute that was modified is a text in moto."""
    return value in (True, "true", "True")


def _subnet(backend, subnet) -> Subnet:
    table = next((row for row in backend.route_tables.values() if subnet.id in row._associations.values()), None)
    table = table or next((row for row in backend.route_tables.values()
                           if row.vpc_id == subnet.vpc_id and row.main_association_id), None)
    acls = [row for row in backend.network_acls.values() if row.vpc_id == subnet.vpc_id]
    acl = next((row for row in acls if any(item.subnet_id == subnet.id for item in row.associations)),
               next((row for row in acls if row.default), None))
    return Subnet(subnet.availability_zone, _routes(table), _acl(acl),
                  subnet.block_public_access_states["InternetGatewayBlockMode"])


def _routes(table) -> tuple[Route, ...]:
    if table is None:
        return ()
    found = []
    for row in table.routes:
        listed = row.destination_prefix_list
        destination = listed.id if listed else row.destination_cidr_block or row.destination_ipv6_cidr_block
        found.append(Route(destination, _target(row), row.state == "active"))
    return tuple(found)


def _target(route) -> str:
    if route.local:
        return "local"
    leads = (route.nat_gateway, route.transit_gateway, route.interface, route.instance, route.vpc_pcx,
             route.egress_only_igw, route.carrier_gateway)
    return route.gateway_id or next((thing.id for thing in leads if thing is not None), "")


def _acl(acl) -> Acl:
    if acl is None:
        return Acl()
    rows = [(row.egress in (True, "true"), Entry(
        int(row.rule_number), row.rule_action == "allow", row.cidr_block or row.ipv6_cidr_block, str(row.protocol),
        int(row.port_range_from or 0), 65535 if row.port_range_to is None else int(row.port_range_to)))
        for row in acl.network_acl_entries]
    return Acl(tuple(row for egress, row in rows if not egress), tuple(row for egress, row in rows if egress))


def _group(group) -> Group:
    return Group(tuple(map(_rule, group.ingress_rules)), tuple(map(_rule, group.egress_rules)))


def _rule(rule) -> Rule:
    """moto keeps one peer a rule."""
    block = rule.ip_range.get("CidrIp") or rule.ip_range.get("CidrIpv6")
    group = rule.source_group.get("GroupId")
    return Rule(rule.ip_protocol, *((0, 65535) if rule.from_port is None else (rule.from_port, rule.to_port)),
                blocks=(block,) if block else (), groups=(group,) if group else (),
                prefix_lists=(rule.prefix_list_id,) if rule.prefix_list_id else ())


def _interfaces(backend, vpc_id: str) -> dict[str, Interface]:
    """Those in use; a mount target's groups are the file system's to say."""
    found = {row.private_ip_address: interface_of(row) for row in backend.enis.values()
             if row.subnet.vpc_id == vpc_id and (row.instance is None or row.instance.state != "terminated")}
    for target in efs_backends[backend.account_id][backend.region_name].mount_targets_by_id.values():
        if target.vpc_id == vpc_id:
            found[target.ip_address] = Interface(target.ip_address, target.subnet_id, tuple(target.security_groups or ()))
    return found


def _nat(gateway) -> NatGateway:
    return NatGateway(gateway.private_ip, gateway.subnet_id, gateway.state == "available",
                      gateway.connectivity_type == "public")


def _endpoint(backend, endpoint) -> Endpoint:
    addresses = tuple(backend.enis[name].private_ip_address for name in endpoint.network_interface_ids
                      if name in backend.enis)
    service = endpoint.service_name.partition(f".{backend.region_name}.")[2]
    return Endpoint(service, endpoint.vpc_endpoint_type, endpoint.state.lower() == "available",
                    _is_on(endpoint.private_dns_enabled), addresses)


def _entries(prefix_list) -> tuple[str, ...]:
    """Of its version; AWS's own lists have none, and one set of entries."""
    rows = prefix_list.entries.get(prefix_list.version or 1) or []
    return tuple(row["Cidr"] for row in rows)
