# SPDX-License-Identifier: Apache-2.0
"""What the modules that stand in front of moto have in common, one module a service.

A layer is a table of the actions it answers itself or mends; every other action goes to moto. A mend
calls self.moto(request) and changes the reply, or refuses with AwsError before it.
"""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Callable

from .authorization.authorizer import Authorizer
from .errors import content_type
from .machines.fleet import Fleet
from .machines.machine import Specification
from .message import Request, Response
from .wire import SERVICES
from .zones import ServiceZones


@dataclass
class World:
    """What a layer may use. call: moto. direct(service, region, account): a boto3 client on this server.
    authorizer: the judge of what policies allow.

    limit(request, service, code): the value of a quota that a test has set, None for all others.
    settle: seconds that new file systems, mount targets, clusters and NAT gateways take to be there, and to go.
    clock_offset: seconds added to the server's clock.
    zones: where services are offered.
    machines: instances that run their user data. specification(instance, script): what one is made of.
    """

    call: Callable[[Request], Response]
    direct: Callable[..., Any]
    authorizer: Authorizer
    limit: Callable[[Request, str, str], float | None] = lambda _request, _service, _code: None
    settle: float = 0.0
    clock_offset: float = 0.0
    zones: ServiceZones = field(default_factory=ServiceZones)
    machines: Fleet = field(default_factory=Fleet)
    specification: Callable[[Any, bytes], Specification] | None = None

    def settled(self, created: float) -> bool:
        """Whether what was created at that time.monotonic() is ready now."""
        return time.monotonic() - created >= self.settle


class Layer:
    """One service: actions maps an operation to the name of the method that answers it.

    lock: held by the front during handle(), so that a check and the deed after it are one. A layer may
    call another service only if that one never calls back: MemoryDB calls EC2, nothing else does.
    """

    service = ""
    actions: dict[str, str] = {}

    def __init__(self, world: World):
        self.world = world
        self.lock = threading.RLock()
        self.reset()

    def reset(self) -> None:
        """Forget everything that was created."""

    def handle(self, request: Request) -> Response:
        """The reply to a request, or AwsError."""
        name = self.actions.get(request.action)
        return getattr(self, name)(request) if name else self.moto(request)

    def moto(self, request: Request) -> Response:
        """moto's own answer."""
        return self.world.call(request)

    def client(self, request: Request, service: str):
        """A boto3 client for the region and account of the request."""
        return self.world.direct(service, request.region, request.account)

    def json(self, value: dict, status: int = 200) -> Response:
        """A reply of a JSON service."""
        return Response(status, {"Content-Type": content_type(SERVICES[self.service])}, json.dumps(value).encode())


def store(factory: Callable[[], Any]) -> Callable[[Request], Any]:
    """A lookup of one factory() value for each account and region, made at first use."""
    values: dict[tuple[str, str], Any] = {}

    def find(request: Request) -> Any:
        return values.setdefault((request.account, request.region), factory())
    return find


def query_reply(request: Request, result: str) -> Response:
    """A reply of a query service; result is the XML inside the Result element."""
    service = SERVICES[request.service]
    body = (f"<{request.action}Response xmlns=\"{service.namespace}\"><{request.action}Result>{result}"
            f"</{request.action}Result><ResponseMetadata><RequestId>{request.request_id}</RequestId>"
            f"</ResponseMetadata></{request.action}Response>")
    return Response(200, {"Content-Type": content_type(service)}, body.encode())


def ec2_reply(request: Request, inner: str) -> Response:
    """A reply of EC2; inner is the XML after requestId."""
    service = SERVICES["ec2"]
    body = (f"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{request.action}Response xmlns=\"{service.namespace}\">"
            f"<requestId>{request.request_id}</requestId>{inner}</{request.action}Response>")
    return Response(200, {"Content-Type": content_type(service)}, body.encode())
