# SPDX-License-Identifier: Apache-2.0
"""Recorded requests against botocore's service models: which operation, and does every parameter exist, have the right
type, an allowed value, and is none missing. violations() yields a sentence for each that breaks the contract."""

import base64
import json
import re
from functools import cache
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.etree import ElementTree

import botocore.session
from botocore.model import OperationNotFoundError
from botocore.validate import ParamValidator

SESSION = botocore.session.get_session()
# By the name that stands in the signature.
SERVICES = {"sts": "sts", "ec2": "ec2", "iam": "iam", "s3": "s3", "elasticfilesystem": "efs", "memorydb": "memorydb",
            "cloudformation": "cloudformation", "servicequotas": "service-quotas", "kms": "kms",
            "elasticloadbalancing": "elbv2", "backup": "backup", "ssm": "ssm"}
S3_CONTROL = "/v20180820/"  # the path of what is signed for S3 and asked of S3 Control
# Headers that belong to HTTP and to the signature, not to an operation.
ENVELOPE = {"host", "accept", "user-agent", "content-type", "content-length", "authorization", "x-amz-date",
            "x-amz-content-sha256", "x-amz-security-token", "x-amz-target", "dpop", "connection"}
# Requests that nobody signs, by what their path ends in; STS's are told by the version in the form.
UNSIGNED = {"/federation/credentials": "sso", "/v1/token": "signin", "/token": "sso-oidc"}
UNSIGNED_STS = {"AssumeRoleWithWebIdentity"}
FORM = "application/x-www-form-urlencoded; charset=utf-8"


@cache
def model(service):
    return SESSION.get_service_model(service)


class Broken(Exception):
    """A request that the model does not know."""


def convert(shape, text, where):
    """A scalar of the wire as the model's type."""
    kind = shape.type_name
    if kind in ("integer", "long"):
        if not re.fullmatch(r"-?\d+", text):
            raise Broken(f"{where}: '{text}' is no {kind}")
        return int(text)
    if kind == "boolean":
        if text not in ("true", "false"):
            raise Broken(f"{where}: '{text}' is no boolean")
        return text == "true"
    if kind in ("float", "double"):
        return float(text)
    if kind == "blob":
        return base64.b64decode(text, validate=True)
    return text


def ec2_name(name, shape):
    serialization = shape.serialization
    if "queryName" in serialization:
        return serialization["queryName"]
    name = serialization.get("name", name)
    return name[0].upper() + name[1:]


def items(form, prefix, shape, ec2):
    """The elements of a list at prefix."""
    if not ec2 and not shape.serialization.get("flattened"):
        prefix += "." + shape.member.serialization.get("name", "member")
    found, number = [], 1
    while any(key == f"{prefix}.{number}" or key.startswith(f"{prefix}.{number}.") for key in form):
        found.append(take(form, f"{prefix}.{number}", shape.member, ec2))
        number += 1
    return found


def take(form, prefix, shape, ec2):
    """The value at prefix, its keys removed from form; None when there is none."""
    if shape.type_name == "structure":
        value = {}
        for name, member in shape.members.items():
            wire = ec2_name(name, member) if ec2 else member.serialization.get("name", name)
            found = take(form, f"{prefix}.{wire}" if prefix else wire, member, ec2)
            if found is not None:
                value[name] = found
        return value or (None if prefix else {})
    if shape.type_name == "list":
        return items(form, prefix, shape, ec2) or None
    if shape.type_name == "map":
        raise Broken(f"{prefix}: maps are not sent")
    return convert(shape, form.pop(prefix), prefix) if prefix in form else None


def from_form(service, request):
    form = dict(parse_qsl(request.body.decode(), keep_blank_values=True, strict_parsing=True))
    if request.headers.get("content-type") != FORM or request.target != "/" or request.method != "POST":
        raise Broken(f"not a form sent to /: {request.method} {request.target}")
    action, version = form.pop("Action"), form.pop("Version")
    if version != service.metadata["apiVersion"]:
        raise Broken(f"version is {version}")
    operation = service.operation_model(action)
    shape = operation.input_shape
    value = take(form, "", shape, service.metadata["protocol"] == "ec2") if shape else {}
    if form:
        raise Broken(f"{action} has no parameters {sorted(form)}")
    return operation, value


def from_json(service, request):
    prefix, _, name = request.headers.get("x-amz-target", "").partition(".")
    if prefix != service.metadata["targetPrefix"]:
        raise Broken(f"target is {request.headers.get('x-amz-target')}")
    if request.headers.get("content-type") != f"application/x-amz-json-{service.metadata['jsonVersion']}":
        raise Broken(f"content type is {request.headers.get('content-type')}")
    return service.operation_model(name), json.loads(request.body)


def asks_for(operation):
    """The names that an operation demands in the query."""
    shape = operation.input_shape
    return {shape.members[name].serialization.get("name", name) for name in (shape.required_members if shape else [])
            if shape.members[name].serialization.get("location") == "querystring"}


def rest_operation(service, method, path, query):
    """The operation whose URI fits best, and the labels of the path."""
    best = None
    for name in service.operation_names:
        http = service.operation_model(name).http
        uri, _, fixed = http["requestUri"].partition("?")
        pattern = re.sub(r"\\\{(\w+)\\\+\\\}", r"(?P<\1>.+)", re.escape(uri.rstrip("/") or "/"))
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", pattern)
        found = re.fullmatch(pattern, path.rstrip("/") or "/")
        fixed = dict(parse_qsl(fixed, keep_blank_values=True))
        if http["method"] != method or not found or any(query.get(k) != v for k, v in fixed.items()):
            continue
        if not asks_for(service.operation_model(name)) <= set(query):  # AbortMultipartUpload is not DeleteObject
            continue
        rank = (len(fixed), -len(found.groupdict()))
        if best is None or rank > best[0]:
            best = rank, name, found.groupdict(), fixed
    if best is None:
        raise Broken(f"no operation is {method} {path} {query}")
    return service.operation_model(best[1]), best[2], best[3]


def from_rest(service, request):
    url = urlsplit(request.target)
    query = dict(parse_qsl(url.query, keep_blank_values=True))
    operation, labels, fixed = rest_operation(service, request.method, url.path, query)
    value, left = {}, {k: v for k, v in query.items() if k not in fixed}
    headers = {k: v for k, v in request.headers.items() if k not in ENVELOPE}
    for name, member in (operation.input_shape.members if operation.input_shape else {}).items():
        place, wire = member.serialization.get("location"), member.serialization.get("name", name)
        if place == "uri" and wire in labels:
            value[name] = convert(member, unquote(labels[wire]), name)
        elif place == "querystring" and wire in left:
            value[name] = convert(member, left.pop(wire), name)
        elif place == "header" and wire.lower() in headers:
            value[name] = convert(member, headers.pop(wire.lower()), name)
    if operation.http_checksum:  # the header of the checksum is no member: its name follows from the algorithm
        headers = {k: v for k, v in headers.items() if not k.startswith("x-amz-checksum-")}
    if left or headers:
        raise Broken(f"{operation.name} knows neither query {sorted(left)} nor headers {sorted(headers)}")
    value.update(rest_body(service, operation, request))
    return operation, value


def rest_body(service, operation, request):
    """The members in the body: all of them as JSON, or one that is the body as it stands."""
    shape, json_sent = operation.input_shape, service.metadata["protocol"] == "rest-json"
    if not request.body:
        return {}
    payload = shape.serialization.get("payload") if shape else None
    if json_sent:
        if request.headers.get("content-type") != "application/json":
            raise Broken(f"content type is {request.headers.get('content-type')}")
        members = json.loads(request.body)
        return {payload: members} if payload else members
    if not payload or shape.members[payload].type_name not in ("blob", "structure"):
        raise Broken(f"{operation.name} has a body")
    if shape.members[payload].type_name == "structure":
        return {payload: from_xml(shape.members[payload], ElementTree.fromstring(request.body), operation.name)}
    return {payload: request.body}


def from_xml(shape, element, where):
    """An element of S3's, whose lists have no wrapper, as the model's type."""
    if shape.type_name != "structure":
        return convert(shape, element.text or "", where)
    by_wire = {member.serialization.get("name", name): (name, member) for name, member in shape.members.items()}
    value = {}
    for child in element:
        wire = child.tag.rpartition("}")[2]
        if wire not in by_wire:
            raise Broken(f"{where} has no member {wire}")
        name, member = by_wire[wire]
        if member.type_name == "list":
            value.setdefault(name, []).append(from_xml(member.member, child, f"{where}.{name}"))
        else:
            value[name] = from_xml(member, child, f"{where}.{name}")
    return value


READERS = {"ec2": from_form, "query": from_form, "json": from_json, "rest-json": from_rest, "rest-xml": from_rest}


def enums(shape, value, where):
    """Values that are not among the model's."""
    if shape.type_name == "structure":
        for name, inner in value.items():
            yield from enums(shape.members[name], inner, f"{where}.{name}")
    elif shape.type_name == "list":
        for inner in value:
            yield from enums(shape.member, inner, where)
    elif getattr(shape, "enum", None) and value not in shape.enum:
        yield f"{where}: '{value}' is not one of {shape.enum}"


def unknown(shape, value, where):
    """Members of a JSON body that the model does not have."""
    if shape.type_name == "structure":
        for name, inner in value.items():
            if name not in shape.members:
                yield f"{where} has no member {name}"
            else:
                yield from unknown(shape.members[name], inner, f"{where}.{name}")
    elif shape.type_name == "list":
        for inner in value:
            yield from unknown(shape.member, inner, where)


def unsigned_service(request):
    form = dict(parse_qsl(request.body.decode("utf-8", "replace"))) if request.headers.get("content-type") == FORM else {}
    if form.get("Action") in UNSIGNED_STS and form.get("Version") == model("sts").metadata["apiVersion"]:
        return "sts"
    path = urlsplit(request.target).path
    for end, name in UNSIGNED.items():
        if path.endswith(end):
            return name
    raise Broken("it is not signed")


def service_of(request):
    if "authorization" not in request.headers:
        return model(unsigned_service(request))
    scope = re.search(r"Credential=\w+/\d{8}/[\w-]+/([\w-]+)/aws4_request", request.headers.get("authorization", ""))
    if not scope or scope[1] not in SERVICES:
        raise Broken(f"signed for no known service: {scope and scope[1]}")
    if scope[1] == "s3" and request.target.startswith(S3_CONTROL):
        return model("s3control")
    return model(SERVICES[scope[1]])


def read(request):
    """(operation model, parameters) of a recorded request."""
    service = service_of(request)
    protocol = next(p for p in [service.metadata["protocol"], *service.metadata.get("protocols", [])] if p in READERS)
    return READERS[protocol](service, request)


def violations(request):
    try:
        operation, value = read(request)
    except (Broken, KeyError, ValueError, OperationNotFoundError) as problem:
        yield f"{request.method} {request.target}: {problem!r}"
        return
    shape = operation.input_shape
    if not shape:
        if value:
            yield f"{operation.name} takes nothing"
        return
    strange = list(unknown(shape, value, operation.name))
    yield from strange
    if strange:
        return
    report = ParamValidator().validate(value, shape)
    if report.has_errors():
        yield f"{operation.name}: {report.generate_report()}"
    yield from enums(shape, value, operation.name)
