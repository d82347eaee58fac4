# SPDX-License-Identifier: Apache-2.0
"""boto3 clients inside the server: no socket, no signature, no faults, no record.

Used by the layers and the CloudFormation engine to act on the account as its administrator.
"""

from __future__ import annotations

import io
import threading
from typing import Callable

import boto3
from botocore import UNSIGNED
from botocore.awsrequest import AWSResponse
from botocore.config import Config

from .environment import DEFAULT_ACCOUNT
from .message import Response

# answer(region, account, method, target, headers, body)
Answer = Callable[[str, str, str, str, dict, bytes], Response]


class _Body(io.BytesIO):
    """The part of an urllib3 response that botocore reads."""

    def stream(self, **_options):
        yield self.read()


class Direct:
    """direct(service, region, account): a cached boto3 client; service as boto3 names it."""

    def __init__(self, answer: Answer):
        self._answer = answer
        self._session = boto3.session.Session()
        self._clients: dict[tuple[str, str, str], object] = {}
        self._lock = threading.Lock()

    def __call__(self, service: str, region: str, account: str = DEFAULT_ACCOUNT):
        key = (service, region, account)
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._client(*key)
            return self._clients[key]

    def _client(self, service: str, region: str, account: str):
        config = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1}, parameter_validation=False,
                        s3={"addressing_style": "path"})
        client = self._session.client(service, region_name=region, endpoint_url="http://127.0.0.1", config=config)

        def send(request, **_event):
            return self._send(region, account, request)
        client.meta.events.register("before-send", send)
        return client

    def _send(self, region: str, account: str, request) -> AWSResponse:
        target = request.url[len("http://127.0.0.1"):] or "/"
        if not target.startswith("/"):
            target = "/" + target
        headers = {name.lower(): value.decode() if isinstance(value, bytes) else str(value)
                   for name, value in request.headers.items()}
        response = self._answer(region, account, request.method, target, headers, _bytes(request.body))
        return AWSResponse(request.url, response.status, response.headers, _Body(response.body))


def _bytes(body) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    return body if isinstance(body, (bytes, bytearray)) else body.read()
