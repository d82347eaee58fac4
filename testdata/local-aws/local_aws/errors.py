# SPDX-License-Identifier: Apache-2.0
"""AWS errors in the shape of each protocol (query, ec2, json, rest-json, s3)."""

from __future__ import annotations

import json
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from .message import AwsError, Response
from .wire import Service

XML = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
_CONTENT_TYPES = {"query": "text/xml", "ec2": "text/xml;charset=UTF-8", "s3": "application/xml", "s3-control": "application/xml",
                  "json": "application/x-amz-json-1.1", "rest-json": "application/json"}


def content_type(service: Service) -> str:
    """The Content-Type of the service's replies."""
    return "application/x-amz-json-1.0" if service.name == "dynamodb" else _CONTENT_TYPES[service.protocol]


def render(service: Service, error: AwsError, request_id: str, host_id: str = "") -> Response:
    """The reply that carries the error as the service's protocol has it."""
    headers = {"Content-Type": content_type(service), **error.headers}
    if service.protocol in ("json", "rest-json"):
        headers["x-amzn-ErrorType"] = error.code
    body = _BODIES[service.protocol](service, error, request_id, host_id)
    return Response(error.status, headers, body.encode())


def _query(service: Service, error: AwsError, request_id: str, _host_id: str) -> str:
    blame = "Sender" if error.status < 500 else "Receiver"
    return (f"<ErrorResponse xmlns=\"{service.namespace}\"><Error><Type>{blame}</Type>"
            f"<Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message></Error>"
            f"<RequestId>{request_id}</RequestId></ErrorResponse>")


def _ec2(_service: Service, error: AwsError, request_id: str, _host_id: str) -> str:
    return (f"{XML}<Response><Errors><Error><Code>{escape(error.code)}</Code>"
            f"<Message>{escape(error.message)}</Message></Error></Errors>"
            f"<RequestID>{request_id}</RequestID></Response>")


def _json(_service: Service, error: AwsError, _request_id: str, _host_id: str) -> str:
    return json.dumps({"__type": error.code, "message": error.message, **error.extra})


def _rest_json(_service: Service, error: AwsError, _request_id: str, _host_id: str) -> str:
    return json.dumps({"ErrorCode": error.code, "Message": error.message, **error.extra})


def _s3(_service: Service, error: AwsError, request_id: str, host_id: str) -> str:
    extra = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in error.extra.items())
    return (f"{XML}<Error><Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message>{extra}"
            f"<RequestId>{request_id}</RequestId><HostId>{host_id}</HostId></Error>")


def _s3_control(_service: Service, error: AwsError, request_id: str, host_id: str) -> str:
    return (f"{XML}<ErrorResponse><Error><Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message>"
            f"</Error><RequestId>{request_id}</RequestId><HostId>{host_id}</HostId></ErrorResponse>")


_BODIES = {"query": _query, "ec2": _ec2, "json": _json, "rest-json": _rest_json, "s3": _s3, "s3-control": _s3_control}


def read(protocol: str, response: Response) -> AwsError | None:
    """The error in one of moto's replies; None when the body holds none (HEAD)."""
    text = response.body.decode("utf-8", "replace").strip()
    if text.startswith("<"):
        found = _read_xml(text)
    else:
        found = _read_json(text, response.headers)
    if found is None:
        return None
    code, message, extra = found
    return AwsError(code, message, response.status, extra if protocol not in ("query", "ec2") else {})


def _read_xml(text: str) -> tuple[str, str, dict] | None:
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        return None
    members = next(({_local(child.tag): child.text or "" for child in element}
                    for element in root.iter() if _local(element.tag) == "Error"), None)
    if not members or "Code" not in members:
        return None
    extra = {name: value for name, value in members.items()
             if name not in ("Code", "Message", "Type", "RequestId", "RequestID", "HostId")}
    return members["Code"], members.get("Message", ""), extra


def _read_json(text: str, headers: dict[str, str]) -> tuple[str, str, dict] | None:
    try:
        members = json.loads(text)
    except ValueError:
        return None
    if not isinstance(members, dict):
        return None
    named = {name.lower(): value for name, value in headers.items()}
    code = named.get("x-amzn-errortype") or members.get("__type") or members.get("ErrorCode") or members.get("code")
    message = members.get("message") or members.get("Message") or ""
    extra = {name: value for name, value in members.items()
             if name not in ("__type", "message", "Message", "code", "ErrorCode", "Code", "Type")}
    return (str(code).split(":")[0].rpartition("#")[2], message, extra) if code else None


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
