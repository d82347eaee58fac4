# SPDX-License-Identifier: Apache-2.0
"""IAM. A resource's ARN has its path, which the request may not say: it is looked up."""

from __future__ import annotations

from ..demand import Demand

Row = tuple[Demand, ...]

_EVERYWHERE = "ListRoles ListUsers ListGroups ListPolicies ListInstanceProfiles GetAccountSummary ListAccountAliases"
_ROLE = """
    GetRole ListRolePolicies GetRolePolicy ListAttachedRolePolicies ListInstanceProfilesForRole UpdateAssumeRolePolicy
    PutRolePolicy DeleteRolePolicy DeleteRole UpdateRole UpdateRoleDescription ListRoleTags
    DeleteRolePermissionsBoundary
"""
_USER = """
    GetUser ListUserPolicies GetUserPolicy ListAttachedUserPolicies PutUserPolicy DeleteUserPolicy DeleteUser
    CreateAccessKey UpdateAccessKey DeleteAccessKey ListAccessKeys ListUserTags ListGroupsForUser
    DeleteUserPermissionsBoundary
"""
_GROUP = """
    GetGroup ListGroupPolicies GetGroupPolicy ListAttachedGroupPolicies PutGroupPolicy DeleteGroupPolicy DeleteGroup
    AddUserToGroup RemoveUserFromGroup
"""
_POLICY = """
    GetPolicy GetPolicyVersion ListPolicyVersions ListEntitiesForPolicy CreatePolicyVersion DeletePolicyVersion
    SetDefaultPolicyVersion DeletePolicy ListPolicyTags
"""
_PROFILE = "GetInstanceProfile DeleteInstanceProfile RemoveRoleFromInstanceProfile ListInstanceProfileTags"
_BOUNDARY = {"iam:PermissionsBoundary": "{PermissionsBoundary}"}


def _all(operations: str, resource: str) -> dict[str, Row]:
    return {name: (Demand(f"iam:{name}", resource),) for name in operations.split()}


def _attachments(noun: str, resource: str) -> dict[str, Row]:
    context = {"iam:PolicyARN": "{PolicyArn}"}
    return {f"{verb}{noun}Policy": (Demand(f"iam:{verb}{noun}Policy", resource, context=context),)
            for verb in ("Attach", "Detach")}


def _tagging(noun: str, resource: str) -> dict[str, Row]:
    return {f"Tag{noun}": (Demand(f"iam:Tag{noun}", resource, tagged=True),),
            f"Untag{noun}": (Demand(f"iam:Untag{noun}", resource, context={"aws:TagKeys": "{TagKeys}"}),)}


def _makes(noun: str, resource: str, tag: str, bounded: bool = False) -> Row:
    context = _BOUNDARY if bounded else {}
    return (Demand(f"iam:Create{noun}", resource, tagged=True, context=context),
            Demand(f"iam:{tag}", resource, when="tags", tagged=True))


ACTIONS: dict[str, Row] = {
    **_all(_EVERYWHERE, "*"), **_all(_ROLE, "role/{RoleName}"), **_all(_USER, "user/{UserName}"),
    **_all(_GROUP, "group/{GroupName}"), **_all(_POLICY, "{PolicyArn}"),
    **_all(_PROFILE, "instance-profile/{InstanceProfileName}"),
    **_attachments("Role", "role/{RoleName}"), **_attachments("User", "user/{UserName}"),
    **_attachments("Group", "group/{GroupName}"),
    **_tagging("Role", "role/{RoleName}"), **_tagging("User", "user/{UserName}"),
    **_tagging("Policy", "{PolicyArn}"), **_tagging("InstanceProfile", "instance-profile/{InstanceProfileName}"),
    "CreateRole": _makes("Role", "role{Path}{RoleName}", "TagRole", True),
    "CreateUser": _makes("User", "user{Path}{UserName}", "TagUser", True),
    "CreateGroup": (Demand("iam:CreateGroup", "group{Path}{GroupName}"),),
    "CreatePolicy": _makes("Policy", "policy{Path}{PolicyName}", "TagPolicy"),
    "CreateInstanceProfile": _makes("InstanceProfile", "instance-profile{Path}{InstanceProfileName}",
                                    "TagInstanceProfile"),
    "PutRolePermissionsBoundary": (Demand("iam:PutRolePermissionsBoundary", "role/{RoleName}", context=_BOUNDARY),),
    "PutUserPermissionsBoundary": (Demand("iam:PutUserPermissionsBoundary", "user/{UserName}", context=_BOUNDARY),),
    "AddRoleToInstanceProfile": (
        Demand("iam:AddRoleToInstanceProfile", "instance-profile/{InstanceProfileName}"),
        Demand("iam:PassRole", "role/{RoleName}", context={"iam:PassedToService": "ec2.amazonaws.com"})),
    "CreateServiceLinkedRole": (Demand("iam:CreateServiceLinkedRole", "role/aws-service-role/{AWSServiceName}/{LinkedRole}",
                                       context={"iam:AWSServiceName": "{AWSServiceName}"}),),
    "SimulatePrincipalPolicy": (Demand("iam:SimulatePrincipalPolicy", "{PolicySourceArn}"),),
}
