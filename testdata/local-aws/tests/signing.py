# SPDX-License-Identifier: Apache-2.0
"""Requests signed by botocore, which tests change before or after signing, sent as they are."""

from __future__ import annotations

import http.client
import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from unittest import mock
from urllib.parse import urlsplit

import botocore.auth
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from conftest import ACCOUNT, KEYS, REGION

FORM = "application/x-www-form-urlencoded; charset=utf-8"
JSON = "application/x-amz-json-1.1"


@dataclass
class Call:
    """A request to one service, before it is signed."""

    service: str
    method: str = "POST"
    target: str = "/"
    headers: dict = field(default_factory=dict)
    body: bytes = b""
    region: str = REGION


CALLS = {
    "ec2": Call("ec2", headers={"Content-Type": FORM}, body=b"Action=DescribeVpcs&Version=2016-11-15"),
    "query": Call("sts", headers={"Content-Type": FORM}, body=b"Action=GetCallerIdentity&Version=2011-06-15"),
    "json": Call("memorydb", headers={"Content-Type": JSON, "X-Amz-Target": "AmazonMemoryDB.DescribeACLs"}, body=b"{}"),
    "rest-json": Call("elasticfilesystem", "GET", "/2015-02-01/file-systems?MaxItems=5"),
    "s3": Call("s3", "GET", "/"),
}


def sign(call: Call, url: str, keys: tuple = KEYS[ACCOUNT], service: str = "", region: str = "",
         shift: timedelta = timedelta()) -> AWSRequest:
    """The request with botocore's signature, for another service, region or clock when asked."""
    request = AWSRequest(call.method, url + call.target, dict(call.headers), call.body)
    service = service or call.service
    signer = (S3SigV4Auth if call.service == "s3" else SigV4Auth)(
        Credentials(*keys), service, region or call.region)
    now = datetime.now(timezone.utc).replace(tzinfo=None) + shift
    with mock.patch.object(botocore.auth, "get_current_datetime", return_value=now):
        signer.add_auth(request)
    return request


def send(request: AWSRequest, target: str = "", body: bytes | None = None, drop: str = "", **headers: str):
    """(status, code, message, headers, text) of the reply; the arguments change what was signed."""
    parts = urlsplit(request.url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    sent = {name: value for name, value in request.headers.items() if name.lower() != drop.lower()}
    for name, value in headers.items():
        sent[name.replace("_", "-")] = value
    path = target or parts.path + ("?" + parts.query if parts.query else "")
    connection.request(request.method, path, request.data if body is None else body, sent)
    reply = connection.getresponse()
    text = reply.read().decode()
    connection.close()
    return (reply.status, *code_and_message(text, reply.headers), reply.headers, text)


def code_and_message(text: str, headers) -> tuple[str, str]:
    """The error's code and message, read in the shape of each protocol."""
    if text.startswith("{"):
        body = json.loads(text)
        code = body.get("__type") or body.get("ErrorCode") or ""
        assert not code or headers["x-amzn-ErrorType"] == code
        return code, body.get("message") or body.get("Message") or ""
    found = {name: re.search(f"<{name}>(.*?)</{name}>", text, re.S) for name in ("Code", "Message")}
    return tuple(match[1] if match else "" for match in found.values())


def fetch(url: str, method: str = "GET", body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
    """(status, body) of a request whose URL is sent as it is, dots and all."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    connection.request(method, parts.path + "?" + parts.query, body,
                       {name.replace("_", "-"): value for name, value in headers.items()})
    reply = connection.getresponse()
    result = reply.status, reply.read()
    connection.close()
    return result
