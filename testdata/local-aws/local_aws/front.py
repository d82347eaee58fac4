# SPDX-License-Identifier: Apache-2.0
"""The way of one AWS request: what it addresses, who sent it, its faults, its service, its record."""

from __future__ import annotations

import base64
import sys
import threading
import time
import traceback
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

from botocore.exceptions import ClientError

from . import authentication, errors, faults, identity, wire
from .authorization.authorizer import Authorizer
from .backend import Backend, unknown_action
from .cloudformation import CloudFormation
from .direct import Direct
from .layer import World
from .message import AwsError, Request, Response
from .partition import ARN, HOME
from .records import Records
from .services import layers
from .wire import Addressed, Raw


@dataclass
class Delivery:
    """A reply and how it travels. not_before: time.monotonic(). slow: bytes per second. raw: sent instead, then closed."""

    response: Response | None
    not_before: float = 0.0
    slow: int | None = None
    drop: str | None = None
    raw: bytes | None = None


class Front:
    """Everything behind the HTTP server. Thread-safe."""

    def __init__(self, step_delay: float):
        self.backend = Backend()
        self.direct = Direct(self.answer_direct)
        self.authorizer = Authorizer(self.now)
        self.world = World(self.backend.call, self.direct, self.authorizer)
        self.faults = faults.Faults()
        self.records = Records()
        self.layers = layers(self.world)
        self.world.limit = self.layers["servicequotas"].limit
        self.cloudformation = CloudFormation(self.direct, step_delay, self.authorizer)
        self.authorizer.tags = {"memorydb": self.layers["memorydb"].tags_of, "cloudformation": self.cloudformation.tags}
        self.in_flight = self.most_in_flight = 0
        self._released = threading.Event()
        self._lock = threading.Lock()
        identity.seed()

    def release(self) -> None:
        """Replies to all requests that have arrived leave without delay."""
        with self._lock:
            self._released.set()
            self._released = threading.Event()

    def reset(self) -> None:
        """Everything as after the start; replies that still wait for their delay leave now."""
        self.release()
        self.cloudformation.reset()
        self.world.machines.forget()
        self.backend.reset()
        identity.seed()
        for layer in self.layers.values():
            layer.reset()
        self.faults.replace([])
        self.records.clear()
        self.authorizer.reset()
        self.world.clock_offset = self.world.settle = 0.0
        with self._lock:
            self.most_in_flight = self.in_flight

    def close(self) -> None:
        """What runs beside requests ends."""
        self.cloudformation.close()
        self.world.machines.forget()

    def now(self) -> datetime:
        """The server's clock, UTC; tests may have shifted it."""
        return datetime.now(timezone.utc) + timedelta(seconds=self.world.clock_offset)

    def enter(self) -> threading.Event:
        """Count a request that has arrived and is not yet delivered. Gives what release() sets: no delay afterwards."""
        with self._lock:
            self.in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight)
            return self._released

    def leave(self) -> None:
        """The counterpart of enter()."""
        with self._lock:
            self.in_flight -= 1

    def answer(self, raw: Raw) -> Delivery:
        """The delivery of a request that came over the network."""
        request_id, plan, error_code = str(uuid.uuid4()), faults.Plan(), ""
        addressed, claim, principal = None, None, None
        arrived = time.time()
        try:
            addressed = wire.address(raw)
            claim, principal = self._caller(raw, addressed)
            request = _request(raw, addressed, claim, principal, request_id)
            plan = self.faults.plan(request.service, request.action)
            response = None if plan.drop == "before" else self._perform(request, plan.rule)
        except AwsError as error:
            error_code = error.code
            service = error.service if isinstance(error, wire.WireError) else addressed.service
            response = errors.render(service, error, request_id, _host_id(request_id))
        if response is not None:
            self._finish(response, addressed, request_id)
            if plan.rule:
                response = faults.disturb(plan.rule, response)
        if response is not None and response.status >= 400:
            error_code = error_code or str(response.status)
        self.records.add(_record(raw, addressed, claim, response, error_code, request_id, arrived))
        return Delivery(response, raw.arrived + plan.delay, plan.slow, plan.drop, plan.raw)

    def answer_direct(self, region: str, account: str, method: str, target: str, headers: dict,
                      body: bytes) -> Response:
        """The reply to a call from inside: trusted, undisturbed, not recorded."""
        raw, request_id = Raw(method, target, headers, body), str(uuid.uuid4())
        addressed = wire.address(raw)
        principal = identity.administrator(account)
        request = Request(addressed.service.name, addressed.action, addressed.parameters, region, account,
                          principal.access_key, principal.arn, method, raw.path, raw.query, headers, body, request_id,
                          principal)
        try:
            response = self._dispatch(request)
        except AwsError as error:
            response = errors.render(addressed.service, error, request_id, _host_id(request_id))
        self._finish(response, addressed, request_id)
        return response

    def _caller(self, raw: Raw, addressed: Addressed):
        if (addressed.service.name, addressed.action) in authentication.UNSIGNED \
                and "authorization" not in raw.headers:
            return None, None
        return authentication.authenticate(raw, addressed.service, self.now())

    def _perform(self, request: Request, rule: faults.Rule | None) -> Response:
        if rule and rule.answers:
            return faults.answer(rule, request)
        if not self.authorizer.enforcing:
            return self._dispatch(request)
        self.authorizer.authorize(request)
        if request.service == "s3" and request.action != "CreateBucket":
            # Whom the owner of a bucket lets in, moto serves only as the owner.
            request.account = self.authorizer.owner(request)
        try:
            return self._dispatch(request)
        except AwsError as error:
            # S3 tells only those who may list a bucket that it has not got an object.
            if error.code == "NoSuchKey" and not self.authorizer.allows(
                    "s3:ListBucket", f"{ARN}s3:::{request.parameters.get('Bucket', '')}", request):
                raise AwsError("AccessDenied", "Access Denied", 403) from None
            raise

    def _dispatch(self, request: Request) -> Response:
        try:
            return self._served(request)
        except ClientError as error:
            # A call from inside was refused; the caller is told what the inner service said.
            told = error.response["Error"]
            raise AwsError(told["Code"], told.get("Message", ""),
                           error.response["ResponseMetadata"]["HTTPStatusCode"]) from None
        except AwsError:
            raise
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            raise AwsError("InternalFailure", f"The local AWS failed: {type(error).__name__}", 500) from None

    def _served(self, request: Request) -> Response:
        if not request.action:
            raise unknown_action(request)
        if request.service == "cloudformation":
            return self.cloudformation.handle(request)
        layer = self.layers.get(request.service)
        if layer is None:
            return self.backend.call(request)
        with layer.lock:
            return layer.handle(request)

    def _finish(self, response: Response, addressed: Addressed | None, request_id: str) -> None:
        response.headers["Date"] = format_datetime(self.now(), usegmt=True)
        if addressed is not None and addressed.service.name == "s3":
            response.headers["x-amz-request-id"] = request_id
            response.headers["x-amz-id-2"] = _host_id(request_id)
        else:
            response.headers["x-amzn-RequestId"] = request_id


def _request(raw: Raw, addressed: Addressed, claim, principal, request_id: str) -> Request:
    if claim is None:
        principal = identity.administrator(identity.DEFAULT_ACCOUNT)
        region, access_key = HOME, ""
    else:
        region, access_key = claim.region, claim.access_key
    return Request(addressed.service.name, addressed.action, addressed.parameters, region, principal.account,
                   access_key, principal.arn, raw.method, raw.path, raw.query, raw.headers, raw.body, request_id,
                   principal)


def _record(raw: Raw, addressed: Addressed | None, claim, response: Response | None, error_code: str,
            request_id: str, arrived: float) -> dict:
    return {
        "service": addressed.service.name if addressed else "", "action": addressed.action if addressed else "",
        "parameters": addressed.parameters if addressed else {},
        "region": claim.region if claim else "", "access_key": claim.access_key if claim else "",
        "status": response.status if response else 0, "error_code": error_code, "time": arrived,
        "request_id": request_id, "method": raw.method, "path": raw.path,
    }


def _host_id(request_id: str) -> str:
    return base64.b64encode(request_id.encode() * 2).decode()
