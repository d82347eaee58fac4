# SPDX-License-Identifier: Apache-2.0
"""VPC endpoints as EC2 makes and shows them: an endpoint's default type, its policy put back, the routes of gateway
endpoints, and network interfaces that are the endpoint's."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from moto.ec2.models import ec2_backends
from moto.ec2.models.vpcs import VPCEndPoint

from . import interfaces
from .layer import Layer
from .message import AwsError, Request, Response
from .tuning import moto_lock

_GATEWAY_SERVICES = ("s3", "dynamodb")


class Ec2Endpoints(Layer):
    service = "ec2"
    actions = {"CreateVpcEndpoint": "create_endpoint", "ModifyVpcEndpoint": "modify_endpoint"}

    def create_endpoint(self, request: Request) -> Response:
        """A type that is not given is Gateway, which only two services have."""
        kind = request.parameters.get("VpcEndpointType", "Gateway")
        service = request.parameters.get("ServiceName", "")
        if kind == "Gateway" and service.rpartition(".")[2] not in _GATEWAY_SERVICES:
            raise AwsError("InvalidParameter", f"Endpoint type (Gateway) does not match available service types "
                           "([Interface]).")
        before = set(_backend(request).vpc_end_points)
        reply = self.moto(_with(request, VpcEndpointType=kind))
        for identifier in set(_backend(request).vpc_end_points) - before:
            if kind == "Interface":
                self._own_interfaces(request, _backend(request).vpc_end_points[identifier])
        return reply

    @staticmethod
    def _own_interfaces(request: Request, endpoint) -> None:
        """moto's have addresses from anywhere and the VPC's default group, whatever the endpoint's groups are."""
        backend = _backend(request)
        if not endpoint.security_group_ids:
            endpoint.security_group_ids = [backend.get_security_group_from_name("default", endpoint.vpc_id).id]
        for name in endpoint.network_interface_ids:
            interfaces.manage(request, name, f"VPC Endpoint Interface {endpoint.id}", "amazon-aws", "vpc_endpoint")
            interfaces.place(request, name, endpoint.security_group_ids)

    def modify_endpoint(self, request: Request) -> Response:
        backend = _backend(request)
        endpoint = backend.vpc_end_points.get(request.parameters.get("VpcEndpointId", ""))
        before = list(endpoint.route_table_ids) if endpoint else []
        reply = self.moto(request)
        if endpoint and request.parameters.get("ResetPolicy") == "true":
            endpoint.policy_document = VPCEndPoint(backend, "", "", "", None, None, []).policy_document
        if endpoint and endpoint.destination_prefix_list_id:
            _route(backend, endpoint, before)
        return reply


def _route(backend, endpoint, before: list[str]) -> None:
    """The routes of a gateway endpoint are in the route tables that it has, and in no other."""
    prefix = endpoint.destination_prefix_list_id
    with moto_lock:
        for table in set(before) - set(endpoint.route_table_ids):
            backend.delete_route(table, None, None, prefix)
        for table in set(endpoint.route_table_ids) - set(before):
            backend.create_route(table, None, gateway_id=endpoint.id, destination_prefix_list_id=prefix)


def _with(request: Request, **parameters: str) -> Request:
    """The request with other parameters; moto reads the body."""
    given = {**request.parameters, **parameters}
    body = urlencode({"Action": request.action, "Version": "2016-11-15", **given}).encode()
    headers = {**request.headers, "content-type": "application/x-www-form-urlencoded"}
    return replace(request, parameters=given, method="POST", path="/", query="", body=body, headers=headers)


def _backend(request: Request):
    return ec2_backends[request.account][request.region]


def _dns_options(endpoint) -> dict[str, str]:
    return {"DnsRecordIpType": "ipv4"} if endpoint.vpc_endpoint_type == "Interface" else \
        {"DnsRecordIpType": "service-defined"}


def apply() -> None:
    """Let moto's endpoints show the members that EC2 sends and moto has not."""
    VPCEndPoint.ip_address_type = "ipv4"
    VPCEndPoint.dns_options = property(_dns_options)
    VPCEndPoint.service_region = property(lambda endpoint: endpoint.ec2_backend.region_name)
    VPCEndPoint.requester_managed = False
