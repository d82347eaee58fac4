# SPDX-License-Identifier: Apache-2.0
"""Writes a reply as query XML by walking the operation's modelled output shape.

A value that the shape does not have is an error of the engine, so a reply can hold only what a client
of the real service could receive.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from botocore.model import OperationModel, Shape

from ..message import Response

NAMESPACE = "http://cloudformation.amazonaws.com/doc/2010-05-15/"


def reply(operation: OperationModel, value: dict[str, Any], request_id: str) -> Response:
    name = operation.name
    result = ""
    if operation.output_shape is not None:
        body = _structure(operation.output_shape, value)
        result = f"<{name}Result>{body}</{name}Result>"
    elif value:
        raise ValueError(f"{name} has no output but was given {sorted(value)}")
    text = (f'<{name}Response xmlns="{NAMESPACE}">{result}'
            f"<ResponseMetadata><RequestId>{escape(request_id)}</RequestId></ResponseMetadata></{name}Response>")
    return Response(200, {"Content-Type": "text/xml"}, text.encode())


def timestamp(moment: datetime) -> str:
    """UTC with milliseconds, as CloudFormation writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def _structure(shape: Shape, value: dict[str, Any]) -> str:
    unknown = set(value) - set(shape.members)
    if unknown:
        raise ValueError(f"{shape.name} has no member {sorted(unknown)}")
    return "".join(_element(name, shape.members[name], value[name]) for name in shape.members
                   if value.get(name) is not None)


def _element(name: str, shape: Shape, value: Any) -> str:
    return f"<{name}>{_content(shape, value)}</{name}>"


def _content(shape: Shape, value: Any) -> str:
    if shape.type_name == "structure":
        return _structure(shape, value)
    if shape.type_name == "list":
        return "".join(_element("member", shape.member, item) for item in value)
    if shape.type_name == "map":
        return "".join(f"<entry><key>{escape(key)}</key>{_element('value', shape.value, item)}</entry>"
                       for key, item in value.items())
    if shape.type_name == "boolean":
        return "true" if value else "false"
    if shape.type_name == "timestamp":
        return timestamp(value)
    return escape(str(value))
