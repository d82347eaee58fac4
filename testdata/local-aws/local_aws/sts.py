# SPDX-License-Identifier: Apache-2.0
"""STS: GetCallerIdentity names the principal of the signature, AssumeRole asks the role's trust policy; the rest is
moto's."""

from __future__ import annotations

import json
import re
from xml.sax.saxutils import escape

from . import denials, identity, identity_policies, policies
from .layer import Layer, query_reply
from .message import AwsError, Request, Response
from .simulation import Source

_ACCESS_KEY = re.compile(rb"<AccessKeyId>([^<]+)</AccessKeyId>")
_ROLE = re.compile(r"arn:[a-z-]+:iam::(\d{12}):role/(.+)")


class Sts(Layer):
    service = "sts"
    actions = {"GetCallerIdentity": "get_caller_identity", "AssumeRole": "assume_role"}

    def get_caller_identity(self, request: Request) -> Response:
        principal = identity.find(request.access_key)
        user_id = principal.user_id if principal else request.account
        return query_reply(request, f"<Arn>{escape(request.principal_arn)}</Arn><UserId>{escape(user_id)}</UserId>"
                           f"<Account>{request.account}</Account>")

    def assume_role(self, request: Request) -> Response:
        """The trust policy decides whether policies are enforced or not; the caller's own are the front's business."""
        arn = request.parameters.get("RoleArn", "")
        named = _ROLE.fullmatch(arn)
        if not named:
            raise AwsError("ValidationError", f"{arn} is invalid")
        found = self.world.authorizer.trusts(request)
        if not found.allowed:
            raise denials.denial("sts", request.principal_arn, "sts:AssumeRole", arn, found.reason)
        role = identity.entity(named[1], "role", arn.rpartition("/")[2])
        if int(request.parameters.get("DurationSeconds") or 3600) > int(role.max_session_duration or 3600):
            raise AwsError("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for "
                           "this role.")
        narrowing, tags = _session_policies(request, role.account_id), _session_tags(request)
        response = self.moto(request)
        identity.narrow(_ACCESS_KEY.search(response.body)[1].decode(), narrowing, tags)
        return response


def _session_policies(request: Request, account: str) -> tuple[Source, ...]:
    """The policies that narrow the session: the one in the request, and managed ones of the role's account."""
    found, text = [], request.parameters.get("Policy")
    if text:
        try:
            policies.parse(text)
        except policies.Malformed as error:
            raise AwsError("MalformedPolicyDocument", str(error)) from None
        found.append(Source("session", "session", json.loads(text)))
    number = 1
    while arn := request.parameters.get(f"PolicyArns.member.{number}.arn"):
        policy = identity_policies.managed(account, arn)
        if policy is None:
            raise AwsError("InvalidParameterValue", f"Policy {arn} does not exist or is not attachable.")
        found.append(policy)
        number += 1
    return tuple(found)


def _session_tags(request: Request) -> tuple[tuple[str, str], ...]:
    number, found = 1, []
    while key := request.parameters.get(f"Tags.member.{number}.Key"):
        found.append((key, request.parameters.get(f"Tags.member.{number}.Value", "")))
        number += 1
    return tuple(found)
