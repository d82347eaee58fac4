# SPDX-License-Identifier: Apache-2.0
"""The global condition keys of a request: IAM User Guide, "AWS global condition context keys"."""

from __future__ import annotations

from datetime import datetime

from ..identity import Principal
from ..partition import ARN
from . import resources
from .demand import Need

# The keys of tags that some resources have beside aws:ResourceTag.
_OWN_TAG_KEYS = ((ARN + "ec2:", "ec2:ResourceTag"), (":role/", "iam:ResourceTag"), (":user/", "iam:ResourceTag"))


def of(need: Need, caller: Principal, region: str, via: tuple[str, ...], now: datetime,
       tags: dict[str, str]) -> dict[str, list[str]]:
    """All keys, lower case, with the need's own over the global ones.

    region: where the request goes. via: the services through which it comes, the first one first. tags: those of
    the resource beside the ones that are known of it.
    """
    context = _of_caller(caller) | _of_request(region, via, now)
    context |= _of_resource(need, caller, tags)
    if need.action.startswith("ec2:"):
        context["ec2:Region"] = [region]
    context |= need.context
    return {key.lower(): values for key, values in context.items()}


def _of_caller(caller: Principal) -> dict[str, list[str]]:
    session = bool(caller.role_arn)
    context = {"aws:PrincipalArn": [caller.role_arn or caller.arn], "aws:PrincipalAccount": [caller.account],
               "aws:PrincipalType": ["AssumedRole" if session else "User"], "aws:userid": [caller.user_id],
               "aws:PrincipalIsAWSService": ["false"]}
    if session:
        context["aws:MultiFactorAuthPresent"] = ["false"]
    else:
        context["aws:username"] = [caller.arn.rpartition("/")[2]]
    tags = resources.tags(caller.role_arn or caller.arn) | dict(caller.tags)
    return context | {f"aws:PrincipalTag/{key}": [value] for key, value in tags.items()}


def _of_request(region: str, via: tuple[str, ...], now: datetime) -> dict[str, list[str]]:
    context = {"aws:RequestedRegion": [region], "aws:ViaAWSService": [str(bool(via)).lower()],
               "aws:CurrentTime": [now.strftime("%Y-%m-%dT%H:%M:%SZ")], "aws:EpochTime": [str(int(now.timestamp()))],
               "aws:SecureTransport": ["true"]}  # what the connection would be on AWS
    if via:
        context |= {"aws:CalledVia": list(via), "aws:CalledViaFirst": [via[0]], "aws:CalledViaLast": [via[-1]]}
    else:
        context["aws:SourceIp"] = ["127.0.0.1"]
    return context


def _of_resource(need: Need, caller: Principal, tags: dict[str, str]) -> dict[str, list[str]]:
    owner = resources.account_of(need.resource, caller.account)
    context = {"aws:ResourceAccount": [owner]}
    if need.action.startswith("s3:"):
        context["s3:ResourceAccount"] = [owner]
    own = [key for part, key in _OWN_TAG_KEYS if part in need.resource]
    if need.action.startswith("ec2:") and (vpc := resources.vpc(need.resource)):
        context["ec2:Vpc"] = [vpc]
    for name, value in (resources.tags(need.resource, caller.account) | tags).items():
        context |= {f"{key}/{name}": [value] for key in ("aws:ResourceTag", *own)}
    return context
