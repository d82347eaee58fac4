# SPDX-License-Identifier: Apache-2.0
"""What a machine is made of, out of its instance and the network that this is in: addresses, names, and who answers.

All that is reached when the machine starts answers inside it, and nothing else is there. A later change of the network is
for machines that are started later.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import NamedTuple

from moto.efs.models import efs_backends

from . import wire
from .front import Delivery, Front
from .instance_metadata import metadata_of
from .machines import metadata, names
from .machines.authority import Authority
from .machines.listeners import Serve, Service
from .machines.machine import Specification
from .machines.network import Interface, Network
from .machines.reach import reach
from .machines.store import Store
from .network_survey import interface_of, network_of
from .partition import DNS_SUFFIX
from .server import Handler
from .wire import Raw

# Service as endpoints name it: as signatures name it, and how its host's name begins.
_SERVICES = {
    "s3": ("s3", "s3"), "sts": ("sts", "sts"), "ec2": ("ec2", "ec2"), "ecr.api": ("ecr", "api.ecr"),
    "ecr.dkr": ("ecr", "{account}.dkr.ecr"), "elasticfilesystem": ("elasticfilesystem", "elasticfilesystem"),
    "memory-db": ("memorydb", "memory-db"), "kms": ("kms", "kms"), "logs": ("logs", "logs"), "ssm": ("ssm", "ssm"),
    "secretsmanager": ("secretsmanager", "secretsmanager"), "monitoring": ("monitoring", "monitoring"),
    "servicequotas": ("servicequotas", "servicequotas"), "cloudformation": ("cloudformation", "cloudformation"),
}
# S3's lies in its prefix list; those of the others in AWS's public blocks outside of every list.
_PUBLIC = {name: "52.216.0.10" if name == "s3" else f"52.95.0.{number}"
           for number, name in enumerate(_SERVICES, 10)}
_HTTPS, _HTTP, _NFS = 443, 80, 2049


class _Place(NamedTuple):
    """What layers want to know of a request."""

    account: str
    region: str
    parameters: dict = {}


class Inside:
    """port: that of the server, at which it answers inside as well, for the services that are reached."""

    def __init__(self, front: Front, port: int):
        self._front, self._port, self._authority = front, port, Authority()

    def specification(self, instance, script: bytes) -> Specification:
        """instance: moto's. The caller holds moto's lock."""
        settings = self._front.world.machines.settings
        found = _Survey(self._front, instance, self._authority)
        told = metadata_of(instance, script, self._front.now)
        found.services.append((metadata.ADDRESS, metadata.PORT, told.serve))
        permitted = found.aws()
        found.services.append(("127.0.0.1", self._port, _Door(self._front, permitted).serve))
        found.internet(settings.internet)
        found.file_systems()
        found.clusters()
        addresses = {instance.private_ip, *(address for address, _port, _serve in found.services)} - {"127.0.0.1"}
        return Specification(
            name=instance.private_dns_name.partition(".")[0], user_data=script, addresses=tuple(sorted(addresses)),
            services=tuple(found.services), hosts=tuple(found.hosts), beyond=settings.beyond, minute=settings.minute,
            certificate=self._authority.certificate)


@dataclass
class _Survey:
    """What one instance reaches."""

    front: Front
    instance: object
    authority: Authority
    services: list[Service] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        backend = self.instance.ec2_backend
        self.place = _Place(backend.account_id, backend.region_name)
        self.network: Network = network_of(backend, self.instance.vpc_id)
        self.host: Interface = interface_of(self.instance.nics[0])

    def reaches(self, address: str, port: int) -> bool:
        return reach(self.network, self.host, address, port).reached is True

    def _name(self, name: str, addresses: tuple[str, ...]) -> None:
        self.hosts += [f"{address} {name}" for address in addresses]

    def _answers(self, addresses: tuple[str, ...], port: int, serve: Serve) -> bool:
        """At those of the addresses that are reached; whether there is one."""
        there = {(address, at) for address, at, _serve in self.services}
        reached = [address for address in addresses if self.reaches(address, port)]
        self.services += [(address, port, serve) for address in reached if (address, port) not in there]
        return bool(reached)

    def _web(self, name: str, addresses: tuple[str, ...], serve: Serve) -> bool:
        self._name(name, addresses)
        self._answers(addresses, _HTTP, serve)
        return self._answers(addresses, _HTTPS, self._secured(name, serve))

    def _secured(self, name: str, serve: Serve) -> Serve:
        """The same behind TLS, with a certificate for the name."""
        context = self.authority.context((name,))

        def serve_securely(connection: socket.socket) -> None:
            with context.wrap_socket(connection, server_side=True) as secured:
                serve(secured)
        return serve_securely

    def aws(self) -> frozenset[str]:
        """The services that are reached by HTTPS, as signatures name them."""
        found = set()
        for endpoint, (signed, prefix) in _SERVICES.items():
            name = f"{prefix.format(account=self.place.account)}.{self.place.region}.{DNS_SUFFIX}"
            addresses = names.of_service(self.network, self.host, endpoint, _PUBLIC[endpoint])
            if self._web(name, addresses, _Door(self.front, frozenset((signed,))).serve):
                found.add(signed)
        return frozenset(found)

    def internet(self, wanted: tuple[str, ...]) -> None:
        """Names that tests have given, in a block that is nobody's (RFC 5737)."""
        for number, name in enumerate(wanted, 10):
            address = f"198.51.100.{number}"
            self._web(name, names.of_public(self.network, self.host, address), _answer_anything)

    def file_systems(self) -> None:
        for system in efs_backends[self.place.account][self.place.region].file_systems_by_id.values():
            targets = {row.ip_address: row.subnet_id for row in system.iter_mount_targets()}
            name = f"{system.file_system_id}.efs.{self.place.region}.{DNS_SUFFIX}"
            self._name(name, names.of_file_system(self.network, self.host, targets))
            self._answers(tuple(targets), _NFS, _accept)

    def clusters(self) -> None:
        layer = self.front.layers["memorydb"]
        for cluster in layer.live_clusters(layer.account(self.place)):
            enis = self.instance.ec2_backend.enis
            addresses = tuple(enis[name].private_ip_address for name in cluster["_interfaces"] if name in enis)
            endpoint = cluster["ClusterEndpoint"]
            if self.network.dns_support and addresses:
                self._name(endpoint["Address"], addresses[:1])
            serve = cluster.setdefault("_store", Store()).serve
            if cluster["TLSEnabled"]:
                serve = self._secured(endpoint["Address"], serve)
            self._answers(addresses, endpoint["Port"], serve)


class _Door:
    """The local AWS for a machine: only the services that it reaches, and never the control door."""

    def __init__(self, front: Front, permitted: frozenset[str]):
        self.front, self.permitted = front, permitted

    def serve(self, connection: socket.socket) -> None:
        _InsideHandler(connection, ("", 0), self)  # type: ignore[arg-type]


class _InsideHandler(Handler):
    server: _Door  # type: ignore[assignment]

    def answer(self, raw: Raw) -> Delivery:
        try:
            service = wire.address(raw).service.name
        except wire.WireError:
            return self.server.front.answer(raw)
        return self.server.front.answer(raw) if service in self.server.permitted else Delivery(None, drop="before")


class _Anything(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_arguments) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        self.send_response_only(200)
        self.send_header("Content-Length", "8")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(b"reached\n")

    do_HEAD = do_GET


def _answer_anything(connection: socket.socket) -> None:
    """What is on the internet: it says that it was reached."""
    _Anything(connection, ("", 0), None)  # type: ignore[arg-type]


def _accept(connection: socket.socket) -> None:
    """A port that can be reached, and a service that says nothing."""
    while connection.recv(65536):
        pass
