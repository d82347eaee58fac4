# SPDX-License-Identifier: Apache-2.0
"""moto, called in this process through its WSGI applications.

moto's state is not made for threads, so one request is in it at a time. What moto gets wrong on every
request is mended here: unknown actions, exceptions, request ids. What it gets wrong in one service is
mended in that service's module.
"""

from __future__ import annotations

import io
import re
import sys
from urllib.parse import unquote

from botocore.model import OperationNotFoundError
from moto.moto_server.werkzeug_app import create_backend_app

from . import ec2_block, ec2_endpoints, ec2_nat, ec2_settings, interfaces, routes, tuning
from .errors import content_type, read
from .message import AwsError, Request, Response
from .wire import SERVICES

_LOADED_AT_START = ("sts", "iam", "ec2", "s3", "elasticfilesystem", "servicequotas", "memorydb")
_REQUEST_ID = re.compile(rb"<(requestId|RequestId|RequestID)>[^<]*</")
_DROPPED_HEADERS = ("authorization", "user-agent", "host", "content-length", "connection", "expect",
                    "transfer-encoding", "content-type", "accept-encoding")
_UNWANTED = ("content-length", "connection", "server", "date", "x-amzn-requestid", "x-amz-request-id",
             "x-amz-id-2")
_UNKNOWN_ACTION = {"query": ("InvalidAction", 400), "ec2": ("InvalidAction", 400),
                   "json": ("UnknownOperationException", 400), "rest-json": ("UnknownOperationException", 404),
                   "s3": ("NotImplemented", 501)}


class Backend:
    """moto's services; call() takes a Request and gives moto's Response or raises AwsError."""

    def __init__(self) -> None:
        tuning.apply()
        for module in (routes, interfaces, ec2_block, ec2_endpoints, ec2_nat, ec2_settings):
            module.apply()
        self._applications: dict[str, object] = {}
        for name in _LOADED_AT_START:
            self._application(name)

    def reset(self) -> None:
        """Forget every resource of every account and region."""
        with tuning.moto_lock:
            tuning.forget_everything()

    def call(self, request: Request) -> Response:
        """moto's answer. A request that moto cannot serve is AWS's error for an unknown operation."""
        environ = _environ(request)
        started: list = []
        try:
            with tuning.moto_lock:
                application = self._application(request.service)
                body = b"".join(application(environ, lambda *reply: started.append(reply)))
        except (NotImplementedError, OperationNotFoundError) as error:
            raise _not_implemented(request, str(error)) from None
        status, headers = int(started[-1][0].split()[0]), started[-1][1]
        kept = {name: value for name, value in headers if name.lower() not in _UNWANTED
                or (request.method == "HEAD" and name.lower() == "content-length")}
        return _mended(request, Response(status, kept, body))

    def _application(self, service: str):
        if service not in self._applications:
            self._applications[service] = create_backend_app(SERVICES[service].moto)
        return self._applications[service]


def _not_implemented(request: Request, reason: str) -> AwsError:
    found = re.search(r"filter '([^']+)'", reason)
    if found and request.service == "ec2":
        return AwsError("InvalidParameterValue", f"The filter '{found[1]}' is invalid")
    return unknown_action(request)


def unknown_action(request: Request) -> AwsError:
    """AWS's error for an operation that does not exist."""
    code, status = _UNKNOWN_ACTION[SERVICES[request.service].protocol]
    if code == "InvalidAction":
        return AwsError(code, f"The action {request.action} is not valid for this web service.", status)
    if code == "NotImplemented":
        return AwsError(code, "A header you provided implies functionality that is not implemented", status)
    return AwsError(code, "", status)


def _environ(request: Request) -> dict:
    environ = {
        "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "SERVER_PROTOCOL": "HTTP/1.1",
        "PATH_INFO": unquote(request.path, "latin-1"), "QUERY_STRING": request.query,
        "RAW_URI": request.path + ("?" + request.query if request.query else ""),
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "HTTP_HOST": "127.0.0.1",
        "CONTENT_TYPE": request.headers.get("content-type", ""), "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.input": io.BytesIO(request.body), "wsgi.errors": sys.stderr, "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http", "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        if name not in _DROPPED_HEADERS and not name.startswith("x-moto-"):
            environ["HTTP_" + name.upper().replace("-", "_")] = value
    environ["HTTP_X_MOTO_ACCOUNT_ID"] = request.account
    environ["HTTP_AUTHORIZATION"] = (
        f"AWS4-HMAC-SHA256 Credential={request.access_key}/20260101/{request.region}/{request.service}"
        "/aws4_request, SignedHeaders=host, Signature=0")
    return environ


def _mended(request: Request, response: Response) -> Response:
    kind = response.headers.get("Content-Type", "")
    if response.status >= 500 and kind.startswith("text/html"):
        raise unknown_action(request)
    protocol = SERVICES[request.service].protocol
    if response.status >= 400 and request.method != "HEAD":
        error = read(protocol, response)
        if error is not None:
            raise error
    if protocol == "s3":
        if kind.startswith("text/html") and request.action not in ("GetObject", "HeadObject"):
            response.headers["Content-Type"] = "application/xml"
    else:
        response.headers["Content-Type"] = content_type(SERVICES[request.service])
    if protocol in ("ec2", "query"):
        found = None
        for found in _REQUEST_ID.finditer(response.body):
            pass
        if found:
            start, end = found.end(1) + 1, found.end() - 2
            response.body = response.body[:start] + request.request_id.encode() + response.body[end:]
    return response
