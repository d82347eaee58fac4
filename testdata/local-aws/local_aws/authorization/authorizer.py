# SPDX-License-Identifier: Apache-2.0
"""The judge of every request while policies are enforced, and the list of what was needed."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime
from typing import Callable

from .. import denials, identity, identity_policies, tuning
from ..identity import Principal
from ..message import AwsError, Request
from ..partition import ARN, HOME
from ..records import Rows
from ..simulation import Question, Source
from . import asked, context, linked_roles, resources, verdict
from .demand import Need, Place, needs
from .tables import TABLES
from .verdict import Grants, Party, Verdict

_EVERYTHING = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


class Denied(AwsError):
    """AWS's refusal of one need; service: the one that was asked, action: the one that was not allowed."""

    def __init__(self, refusal: AwsError, action: str):
        super().__init__(refusal.code, refusal.message, refusal.status)
        self.action = action


class Authorizer:
    """Thread-safe. enforcing: whether anything is judged at all; switched by POST /_local/settings."""

    def __init__(self, now: Callable[[], datetime]):
        self.enforcing = False
        # service -> its resource's ARN -> the tags that this server keeps itself, beside moto
        self.tags: dict[str, Callable[[str], dict[str, str]]] = {}
        self._now = now
        self.needed = Rows()  # what was needed, in the order in which it was judged

    def reset(self) -> None:
        """Nothing is enforced, nothing was needed."""
        self.enforcing = False
        self.needed.clear()

    def authorize(self, request: Request) -> None:
        """Judge a request that came over the network. Raises AwsError with AWS's refusal."""
        if not request.action:
            return  # the service says that there is no such operation
        rows = TABLES.get(request.service, {}).get(request.action)
        if rows is None:
            raise AwsError("NotImplemented", f"The local AWS does not know which permissions {request.service}:"
                           f"{request.action} needs; authorization/tables says it of others", 501)
        place = Place(request.region, request.account)
        with tuning.moto_lock:
            wanted = needs(rows, asked.values_of(request, place), asked.tags(request), place)
            self.require(wanted, request.principal, place, request.service)

    def require(self, wanted: list[Need], caller: Principal, place: Place, service: str = "",
                via: tuple[str, ...] = (), made: str = "", tags: dict[str, str] | None = None) -> None:
        """Judge each need in its order. Raises Denied for the first that is not allowed.

        service: whose protocol the refusal has, else that of the action. made: the id of a resource that was made
        just now, with tags that nobody has written down yet.
        """
        with tuning.moto_lock:
            for need in wanted:
                if need.action.startswith("iam:"):
                    need = replace(need, resource=resources.located(need.resource))
                fresh = tags if tags and made and made in need.resource else {}
                found = self._judged(need, caller, place.region, via, fresh)
                self._note(need, caller, place.region, via, found)
                if not found.allowed:
                    raise Denied(_refusal(service or need.action.split(":")[0], need, caller, found), need.action)
            _make_linked_roles(wanted, place.account)

    def allows(self, action: str, resource: str, request: Request) -> bool:
        """Whether the caller of a request may do something else too; not noted."""
        with tuning.moto_lock:
            return self._judged(Need(action, resource), request.principal, request.region, (), {}).allowed

    @staticmethod
    def owner(request: Request) -> str:
        """The account of the bucket that the request is about, or the caller's."""
        return resources.account_of(f"{ARN}s3:::{request.parameters.get('Bucket', '')}", request.account)

    def trusts(self, request: Request) -> Verdict:
        """Whether the role of an AssumeRole lets the caller in; his own policies are not asked."""
        place = Place(request.region, request.account)
        rows = TABLES["sts"]["AssumeRole"]
        with tuning.moto_lock:
            for need in needs(rows, asked.values_of(request, place), asked.tags(request), place):
                found = self._judged(need, request.principal, request.region, (), {}, ours=False)
                if not found.allowed:
                    return found
        return Verdict(True)

    def _judged(self, need: Need, caller: Principal, region: str, via: tuple[str, ...], tags: dict[str, str],
                ours: bool = True) -> Verdict:
        service = need.action.split(":")[0]
        region = HOME if service == "iam" else region
        if service in self.tags:
            tags = self.tags[service](need.resource) | tags
        question = Question(need.action, need.resource,
                            context.of(need, caller, region, via, self._now(), tags))
        return verdict.judge(question, Party(caller.account, caller.arn, caller.role_arn), grants_of(caller),
                             resources.policy(need.action, need.resource),
                             resources.account_of(need.resource, caller.account), ours)

    def _note(self, need: Need, caller: Principal, region: str, via: tuple[str, ...], found: Verdict) -> None:
        self.needed.add({"time": time.time(), "action": need.action, "resource": need.resource,
                         "allowed": found.allowed, "reason": found.reason, "principal": caller.arn, "region": region,
                         "via": list(via)})


def _refusal(service: str, need: Need, caller: Principal, found: Verdict) -> AwsError:
    # S3 tells strangers nothing.
    if service == "s3" and resources.account_of(need.resource, caller.account) != caller.account:
        return AwsError("AccessDenied", "Access Denied", 403)
    return denials.denial(service, caller.arn, need.action, need.resource, found.reason)


def grants_of(caller: Principal) -> Grants:
    """The caller's own policies as they are now. An account's root may everything, a deleted user or role nothing."""
    if caller.arn == f"{ARN}iam::{caller.account}:root":
        return Grants([Source("root", "root", _EVERYTHING)], None, ())
    kind = "role" if caller.role_arn else "user"
    entity = identity.entity(caller.account, kind, (caller.role_arn or caller.arn).rpartition("/")[2])
    if entity is None:
        return Grants([], None, ())
    sources, boundary = identity_policies.of_entity(caller.account, kind, entity)
    return Grants(sources, boundary, caller.session_policies)


def _make_linked_roles(wanted: list[Need], account: str) -> None:
    """The roles that services make by themselves come into being; the others are made by the request for them."""
    for need in wanted:
        if need.action == "iam:CreateServiceLinkedRole" and need.resource.endswith((linked_roles.EFS[1],
                                                                                    linked_roles.MEMORYDB[1])):
            linked_roles.made(account, need.resource)
