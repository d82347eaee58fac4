# SPDX-License-Identifier: Apache-2.0
"""Load balancers: the network interfaces that they keep in subnets, and deletion protection.

A load balancer has an interface in each of its subnets, with its groups, and with a public address when it faces the
internet. Until the interfaces are gone, World.settle seconds after the load balancer, neither subnets nor groups nor
the internet gateway can be deleted (Elastic Load Balancing User Guide; eksctl issue 253). moto's have none.
"""

from __future__ import annotations

from dataclasses import dataclass

from moto.ec2.models import ec2_backends
from moto.ec2.utils import random_public_ip
from moto.elbv2.models import elbv2_backends

from . import interfaces
from .layer import Layer
from .message import AwsError, Request, Response


@dataclass(frozen=True)
class _Kind:
    """How ARNs and descriptions call a type of load balancer, and EC2 its interfaces."""

    path: str
    interface: str


_KINDS = {"application": _Kind("app", "interface"), "network": _Kind("net", "network_load_balancer"),
          "gateway": _Kind("gwy", "gateway_load_balancer")}


class Elbv2(Layer):
    service = "elasticloadbalancing"
    actions = {"CreateLoadBalancer": "create", "DeleteLoadBalancer": "delete", "SetSubnets": "move",
               "SetSecurityGroups": "change_groups"}

    def create(self, request: Request) -> Response:
        before = set(_balancers(request))
        reply = self.moto(request)
        for arn in set(_balancers(request)) - before:
            balancer = _balancers(request)[arn]
            balancer.local_interfaces = {}
            self._match(request, balancer)
        return reply

    def delete(self, request: Request) -> Response:
        arn = request.parameters.get("LoadBalancerArn", "")
        balancer = _balancers(request).get(arn)
        if balancer is not None and balancer.attrs.get("deletion_protection.enabled") == "true":
            raise AwsError("OperationNotPermitted", f"Load balancer '{arn}' cannot be deleted because deletion "
                           "protection is enabled")
        reply = self.moto(request)
        for interface in balancer.local_interfaces.values() if balancer else ():
            interfaces.retire(request, interface)
        return reply

    def move(self, request: Request) -> Response:
        reply = self.moto(request)
        self._match(request, _balancers(request)[request.parameters["LoadBalancerArn"]])
        return reply

    def change_groups(self, request: Request) -> Response:
        reply = self.moto(request)
        balancer = _balancers(request)[request.parameters["LoadBalancerArn"]]
        for interface in balancer.local_interfaces.values():
            interfaces.regroup(request, interface, balancer.security_groups)
        return reply

    @staticmethod
    def _match(request: Request, balancer) -> None:
        """One interface in each subnet, and none in others."""
        kept, wanted = balancer.local_interfaces, {subnet.id for subnet in balancer.subnets}
        kind = _KINDS[balancer.type]
        for subnet in set(kept) - wanted:
            interfaces.retire(request, kept.pop(subnet))
        for subnet in sorted(wanted - set(kept)):
            kept[subnet], _ = interfaces.create(
                request, subnet, balancer.security_groups,
                f"ELB {kind.path}/{balancer.name}/{balancer.arn.rpartition('/')[2]}", "amazon-elb", kind.interface)
            if balancer.scheme != "internal":
                ec2_backends[request.account][request.region].enis[kept[subnet]].public_ip = random_public_ip()


def _balancers(request: Request) -> dict:
    return elbv2_backends[request.account][request.region].load_balancers
