# SPDX-License-Identifier: Apache-2.0
"""IAM: trust policies are checked as AWS checks them, missing things are told in AWS's words, policies are simulated;
users have permissions boundaries, which moto's have not."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from . import deleted_principals, identity, policies, simulator
from .authorization import linked_roles
from .layer import Layer, query_reply
from .message import AwsError, Request, Response

_LARGEST_ROLE_POLICIES = 10240  # characters without white space, all inline policies of a role
_LARGEST_MANAGED_POLICY = 6144  # characters without white space
_LARGEST_TRUST = 4096  # the most that a quota increase allows is 4096; the default is 2048
_MISSING = (
    (re.compile(r"^Role (\S+) not found$"), "The role with name {} cannot be found."),
    (re.compile(r"^The user with name (\S+) cannot be found\.?$"), "The user with name {} cannot be found."),
    (re.compile(r"^Instance profile (\S+) not found$"), "Instance Profile {} cannot be found."),
)


class Iam(Layer):
    service = "iam"
    actions = {"CreateRole": "check_trust", "UpdateAssumeRolePolicy": "check_trust", "PutRolePolicy": "put_role_policy",
               "SimulatePrincipalPolicy": "simulate", "CreateUser": "create_user",
               "CreatePolicy": "check_size", "CreatePolicyVersion": "check_size",
               "DeleteRole": "delete_principal", "DeleteUser": "delete_principal",
               "CreateServiceLinkedRole": "create_linked_role",
               "ListInstanceProfileTags": "profile_tags",
               "PutUserPermissionsBoundary": "bound_user", "DeleteUserPermissionsBoundary": "bound_user"}

    def handle(self, request: Request) -> Response:
        try:
            return super().handle(request)
        except AwsError as error:
            for pattern, text in _MISSING if error.code == "NoSuchEntity" else ():
                if found := pattern.match(error.message):
                    error.message = text.format(found[1])
            raise

    def check_trust(self, request: Request) -> Response:
        member = "AssumeRolePolicyDocument" if request.action == "CreateRole" else "PolicyDocument"
        text = request.parameters.get(member, "")
        if not text:
            raise AwsError("ValidationError", f"1 validation error detected: Value at '{member[0].lower()}{member[1:]}'"
                           " failed to satisfy constraint: Member must not be null")
        try:
            policies.check_trust(text, identity.known)
        except policies.Malformed as error:
            raise AwsError("MalformedPolicyDocument", str(error)) from None
        if len(re.sub(r"\s", "", text)) > _LARGEST_TRUST:
            raise AwsError("LimitExceeded", f"Cannot exceed quota for ACLSizePerRole: {_LARGEST_TRUST}", 409)
        return self.moto(request)

    def delete_principal(self, request: Request) -> Response:
        kind = request.action.removeprefix("Delete")
        entity = identity.entity(request.account, kind.lower(), request.parameters.get(f"{kind}Name", ""))
        reply = self.moto(request)
        if entity is not None:
            deleted_principals.rename(entity.arn, entity.id)
        return reply

    def create_linked_role(self, request: Request) -> Response:
        """moto makes its name of the service's, which for some services is another."""
        service, suffix = request.parameters.get("AWSServiceName", ""), request.parameters.get("CustomSuffix", "")
        name = linked_roles.NAMES.get(service)
        if name is None or suffix:
            return self.moto(request)
        if linked_roles.role_of(request.account, service) is not None:
            raise AwsError("InvalidInput", f"Service role name {name} has been taken in this account, please try a "
                           "different suffix.")
        reply = self.moto(request)
        role = linked_roles.role_of(request.account, service)
        reply.body, role.name = reply.body.replace(role.name.encode(), name.encode()), name
        return reply

    def check_size(self, request: Request) -> Response:
        if len(re.sub(r"\s", "", request.parameters.get("PolicyDocument", ""))) > _LARGEST_MANAGED_POLICY:
            raise AwsError("LimitExceeded", f"Cannot exceed quota for PolicySize: {_LARGEST_MANAGED_POLICY}", 409)
        return self.moto(request)

    def create_user(self, request: Request) -> Response:
        response = self.moto(request)
        if arn := request.parameters.get("PermissionsBoundary"):
            self._user(request).permissions_boundary_arn = arn
        return response

    def bound_user(self, request: Request) -> Response:
        self._user(request).permissions_boundary_arn = request.parameters.get("PermissionsBoundary")
        return query_reply(request, "")

    @staticmethod
    def _user(request: Request):
        name = request.parameters.get("UserName", "")
        found = identity.entity(request.account, "user", name)
        if found is None:
            raise AwsError("NoSuchEntity", f"The user with name {name} cannot be found.", 404)
        return found

    def profile_tags(self, request: Request) -> Response:
        """moto's profiles have tags, which only GetInstanceProfile shows."""
        profile = self.client(request, "iam").get_instance_profile(
            InstanceProfileName=request.parameters.get("InstanceProfileName", ""))["InstanceProfile"]
        members = "".join(f"<member><Key>{escape(tag['Key'])}</Key><Value>{escape(tag['Value'])}</Value></member>"
                          for tag in profile.get("Tags", []))
        return query_reply(request, f"<IsTruncated>false</IsTruncated><Tags>{members}</Tags>")

    def simulate(self, request: Request) -> Response:
        return simulator.answer(request)

    def put_role_policy(self, request: Request) -> Response:
        name, role = request.parameters.get("PolicyName"), request.parameters.get("RoleName", "")
        documents = {**identity.inline_policies(request.account, role),
                     name: request.parameters.get("PolicyDocument", "")}
        if sum(len(re.sub(r"\s", "", text)) for text in documents.values()) > _LARGEST_ROLE_POLICIES:
            raise AwsError("LimitExceeded", f"Maximum policy size of {_LARGEST_ROLE_POLICIES} bytes exceeded for role "
                           f"{role}", 409)
        return self.moto(request)
