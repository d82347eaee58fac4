# SPDX-License-Identifier: Apache-2.0
"""Replies that AWS never sends, as fault rules of the local AWS: a new one joins by a row.

REPLIES has bodies and whole replies that fit no operation; MADE has those made of what an operation's output consists of,
by botocore's service models. Whatever names a host names 127.0.0.1.
"""

from __future__ import annotations

import gzip
import json

XML = "application/xml"
PAGE = "<!doctype html><html><body>Please sign in to the guest network</body></html>"
ERROR = "<Error><Code>{}</Code><Message>no</Message></Error>"
JSON_ERROR = '{{"__type": "{}", "message": "no"}}'
MEGABYTE = 1 << 20


def message(head: str, body: str = "", **headers: str) -> dict:
    """A whole reply, its length right unless a header says another."""
    fields = {"Content-Length": str(len(body)), **{name.replace("_", "-"): value for name, value in headers.items()}}
    return {"raw": "\r\n".join([f"HTTP/1.1 {head}", *(f"{name}: {value}" for name, value in fields.items()), "", body])}


def chunks(text: str) -> dict:
    return {"raw": f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{text}"}


REPLIES: dict[str, dict] = {
    # closed
    "closed before": {"drop": "before"}, "closed after": {"drop": "after"}, "closed within": {"drop": "headers"},
    "cut to 40 bytes": {"truncate": 40, "headers": {"x-amzn-ErrorType": ""}}, "empty": message("200 OK"), "nothing but a head": {"raw": "HTTP/1.1 200 OK\r\n\r\n"},
    # of somebody else
    "HTML": {"body": PAGE, "content_type": "text/html"}, "HTML, 403": {"body": PAGE, "status": 403},
    "HTML, 502": {"body": PAGE, "status": 502}, "SSH": {"raw": "SSH-2.0-OpenSSH_9.2\r\n"},
    "HTTP/0.9": {"raw": PAGE}, "HTTP/3.7": {"raw": f"HTTP/3.7 200 OK\r\nContent-Length: 4\r\n\r\n<a/>"},
    "no status": {"raw": "HTTP/1.1 OK\r\n\r\n"}, "status 999": message("999 Odd", "<a/>"),
    "other root": {"body": "<Other/>"}, "other JSON": {"body": '{"Other": 1}'},
    "error under 200": {"body": ERROR.format("InternalError"), "status": 200},
    "JSON error under 200": {"body": JSON_ERROR.format("InternalServerError"), "status": 200},
    # status
    "201": message("201 Created"), "204": message("204 No Content"), "206": message("206 Partial Content", "<a"),
    "301": message("301 Moved Permanently", Location="http://127.0.0.1:1/"),
    "302": message("302 Found", Location="//127.0.0.1:1"), "304": message("304 Not Modified"),
    "307": message("307 Temporary Redirect", Location="http://127.0.0.1:1/"),
    "308": message("308 Permanent Redirect", Location="http://127.0.0.1:1/"), "redirect to nowhere": message("302 Found"),
    "400 without a body": message("400 Bad Request"), "401": message("401 Unauthorized", WWW_Authenticate="Basic"),
    "404 without a body": message("404 Not Found"),
    "407": message("407 Proxy Authentication Required"), "418": message("418 I'm a teapot", "<a/>"),
    "429": message("429 Too Many Requests"), "500": {"status": 500}, "503": {"status": 503},
    "error without a code": {"body": ERROR.format(""), "status": 400},
    "error with another's code": {"body": ERROR.format("Nobody.Knows:This"), "status": 400},
    # bytes
    "NUL": {"body": "<a>\0</a>"}, "NUL in JSON": {"body": '{"a": "\\u0000", "\\u0000": 1}'},
    "not UTF-8": message("200 OK", "<a>\xff\xfe\xc3(</a>", Content_Type=XML),
    "not UTF-8 in JSON": message("200 OK", '{"a": "\xff\xc3("}'), "surrogates": {"body": '{"a": "\\ud800"}'},
    "controls": {"body": "<a>\x01\x1b[2J\x9b31m</a>"}, "controls in an error": {
        "body": ERROR.format("X\x1b[31m\x07"), "status": 400},
    "UTF-16": message("200 OK", "<a/>".encode("utf-16").decode("latin-1")),
    "byte order mark": {"body": "\ufeff<a/>"}, "encoding that is none": {"body": '<?xml version="1.0" encoding="x-no"?><a/>'},
    "gzip": message("200 OK", gzip.compress(b"<a/>").decode("latin-1"), Content_Encoding="gzip"),
    "gzip that is none": message("200 OK", "<a/>", Content_Encoding="gzip"),
    # lengths
    "9 MB": {"size": 9 * MEGABYTE}, "9 MB, no length": {"raw": "HTTP/1.1 200 OK\r\n\r\n" + " " * (9 * MEGABYTE)},
    "length too large": message("200 OK", "<a/>", Content_Length="4000"), "length too small": message(
        "200 OK", "<a></a>", Content_Length="4"), "length below zero": message("200 OK", "<a/>", Content_Length="-1"),
    "length that is none": message("200 OK", "<a/>", Content_Length="four"),
    "length beyond all": message("200 OK", "<a/>", Content_Length="9" * 30),
    "two lengths": {"raw": "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 7\r\n\r\n<a></a>"},
    "chunk without an end": chunks("4\r\n<a/>\r\n"), "chunk of no size": chunks("x\r\n<a/>\r\n0\r\n\r\n"),
    "chunk beyond all": chunks("ffffffffffffffff1\r\n<a/>"), "chunks of nothing": chunks("0\r\n\r\n"),
    "headers for ever": {"raw": "HTTP/1.1 200 OK\r\n" + "X-A: 0123456789\r\n" * 40000},
    "a header for ever": {"raw": "HTTP/1.1 200 OK\r\nX-A: " + "0" * 700000}, "header without a name": message(
        "200 OK", "<a/>", **{"": "x"}), "100 again and again": {"raw": "HTTP/1.1 100 Continue\r\n\r\n" * 20000},
    # documents
    "deep XML": {"body": "<a>" * 100_000}, "deep JSON": {"body": "[" * 100_000},
    "entities": {"body": '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'},
    "external entity": {"body": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'},
    "two documents": {"body": "<a/><b/>"}, "two JSON documents": {"body": '{"a": 1} {"b": 2}'},
    "list": {"body": "[1, 2]"}, "null": {"body": "null"}, "text": {"body": '"text"'}, "number": {"body": "1e999"},
    "a key twice": {"body": '{"a": 1, "a": 2}'}, "250,000 elements": {"body": "<a>" + "<b/>" * 250_000 + "</a>"},
    "250,000 members": {"body": json.dumps({f"k{number}": 1 for number in range(50_000)}) + " " * 100},
}


def nothing(_shape) -> None:
    """For a body of which only the outermost is there."""


def wrong(shape):
    """A value of another kind than the shape's: text for what has parts, parts for what has none."""
    return "odd" if shape.type_name in ("structure", "list", "map") else [{"odd": 1}]


def body_of(model, operation: str, value) -> str:
    """A reply of the operation in its protocol, each member of which is value(its shape); None: without it."""
    row = model.operation_model(operation)
    members = dict(row.output_shape.members) if row.output_shape else {}
    values = {name: value(shape) for name, shape in members.items()}
    values = {name: odd for name, odd in values.items() if odd is not None}
    if model.protocol in ("json", "rest-json"):
        return json.dumps(values)
    names = {name: shape.serialization.get("name", name) for name, shape in members.items()}
    inner = "".join(f"<{names[name]}>{_inner(odd)}</{names[name]}>" for name, odd in values.items())
    if model.protocol == "query":
        inner = f"<{operation}Result>{inner}</{operation}Result>"
    root = f"{operation}Response" if model.protocol != "rest-xml" else _root(row)
    return f"<{root}>{inner}</{root}>"


def _inner(odd) -> str:
    return odd if isinstance(odd, str) else "<odd>1</odd>" if odd else ""


def _root(row) -> str:
    """S3's documents are called after their operation's output, unless its trait says otherwise."""
    shape = row.output_shape
    return (shape.serialization.get("name") or shape.name.removesuffix("Output")) if shape else "Empty"


def in_other_namespace(body: str) -> str:
    """The outermost element in a namespace that is not AWS's."""
    name = body[1:].split(">", 1)[0]
    return body if body[:1] != "<" else f'<{name} xmlns="urn:odd"' + body[1 + len(name):]


MADE = {"wrong types": lambda model, operation: body_of(model, operation, wrong),
        "nothing within": lambda model, operation: body_of(model, operation, nothing),
        "other namespace": lambda model, operation: in_other_namespace(body_of(model, operation, nothing))}
NAMES = (*REPLIES, *MADE)


def rule(name: str, model, operation: str) -> dict:
    """The fault rule, without whom it is for."""
    return {"status": 200, "body": MADE[name](model, operation)} if name in MADE else REPLIES[name]


def judge(name: str, done) -> list[str]:
    """What is wrong with how a run ended that met the reply: it may fail, but neither crash nor write what steers a terminal."""
    wrong_here = []
    if done.returncode in (0, 70) or done.returncode < 0:
        wrong_here.append(f"{name}: exit {done.returncode}: {done.stderr[-300:]}")
    if any(character in done.stdout + done.stderr for character in "\0\x07\x1b\x9b"):
        wrong_here.append(f"{name}: a control character was written")
    return wrong_here
