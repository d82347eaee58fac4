# SPDX-License-Identifier: Apache-2.0
"""STS: GetCallerIdentity names the principal of the signature; the rest is moto's."""

from __future__ import annotations

from xml.sax.saxutils import escape

from . import identity
from .layer import Layer, query_reply
from .message import Request, Response


class Sts(Layer):
    service = "sts"
    actions = {"GetCallerIdentity": "get_caller_identity"}

    def get_caller_identity(self, request: Request) -> Response:
        principal = identity.find(request.access_key)
        user_id = principal.user_id if principal else request.account
        return query_reply(request, f"<Arn>{escape(request.principal_arn)}</Arn><UserId>{escape(user_id)}</UserId>"
                           f"<Account>{request.account}</Account>")
