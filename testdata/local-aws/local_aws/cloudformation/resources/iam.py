# SPDX-License-Identifier: Apache-2.0
"""Roles, instance profiles and policies."""

from __future__ import annotations

from typing import Any, Callable

from .resource_type import (Context, HandlerFailure, Properties, ResourceType, changed, difference, document,
                            from_description, gone_is_fine, names, only, own_id, tag_changes)

GONE = "NoSuchEntity"
LONGEST_ROLE_NAME = 64
LONGEST_NAME = 128


def _iam(context: Context) -> Any:
    return context.client("iam")


def _create_role(context: Context, properties: Properties) -> str:
    wanted = only(properties, "Path Description MaxSessionDuration PermissionsBoundary")
    name = properties.get("RoleName") or context.generated_name(LONGEST_ROLE_NAME)
    _iam(context).create_role(RoleName=name, **wanted,
                              AssumeRolePolicyDocument=document(properties["AssumeRolePolicyDocument"]))
    return name


def _apply_role(context: Context, role: str, wanted: Properties, before: Properties) -> None:
    if before:
        _update_role(context, role, wanted, before)
    added, removed = difference(wanted.get("ManagedPolicyArns", []), before.get("ManagedPolicyArns", []))
    for arn in removed:
        gone_is_fine(GONE, _iam(context).detach_role_policy, RoleName=role, PolicyArn=arn)
    for arn in added:
        _iam(context).attach_role_policy(RoleName=role, PolicyArn=arn)
    _apply_inline(context, role, wanted, before)
    written, keys = tag_changes(wanted.get("Tags", []), before.get("Tags", []))
    if written:
        _iam(context).tag_role(RoleName=role, Tags=written)
    if keys:
        _iam(context).untag_role(RoleName=role, TagKeys=keys)


def _update_role(context: Context, role: str, wanted: Properties, before: Properties) -> None:
    if changed(wanted, before, "AssumeRolePolicyDocument"):
        trust = document(wanted["AssumeRolePolicyDocument"])
        _iam(context).update_assume_role_policy(RoleName=role, PolicyDocument=trust)
    if changed(wanted, before, "Description", "MaxSessionDuration"):
        _iam(context).update_role(RoleName=role, Description=wanted.get("Description", ""),
                                  MaxSessionDuration=wanted.get("MaxSessionDuration", 3600))
    if changed(wanted, before, "PermissionsBoundary") and "PermissionsBoundary" in wanted:
        _iam(context).put_role_permissions_boundary(RoleName=role,
                                                    PermissionsBoundary=wanted["PermissionsBoundary"])
    elif changed(wanted, before, "PermissionsBoundary"):
        _iam(context).delete_role_permissions_boundary(RoleName=role)


def _apply_inline(context: Context, role: str, wanted: Properties, before: Properties) -> None:
    policies = {policy["PolicyName"]: policy["PolicyDocument"] for policy in wanted.get("Policies", [])}
    previous = {policy["PolicyName"]: policy["PolicyDocument"] for policy in before.get("Policies", [])}
    for name in previous:
        if name not in policies:
            gone_is_fine(GONE, _iam(context).delete_role_policy, RoleName=role, PolicyName=name)
    for name, policy in policies.items():
        if policy != previous.get(name):
            _iam(context).put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=document(policy))


def _delete_role(context: Context, role: str, properties: Properties) -> None:
    """Takes away what the template gave; anything else attached makes the deletion fail, as on AWS."""
    for arn in properties.get("ManagedPolicyArns", []):
        gone_is_fine(GONE, _iam(context).detach_role_policy, RoleName=role, PolicyArn=arn)
    for policy in properties.get("Policies", []):
        gone_is_fine(GONE, _iam(context).delete_role_policy, RoleName=role, PolicyName=policy["PolicyName"])
    gone_is_fine(GONE, _iam(context).delete_role, RoleName=role)


def _describe_role(context: Context, role: str) -> dict:
    return _iam(context).get_role(RoleName=role)["Role"]


def _create_profile(context: Context, properties: Properties) -> str:
    name = properties.get("InstanceProfileName") or context.generated_name(LONGEST_NAME)
    if len(properties["Roles"]) != 1:
        raise HandlerFailure("An instance profile has exactly one role")
    _iam(context).create_instance_profile(InstanceProfileName=name, **only(properties, "Path"))
    return name


def _apply_profile(context: Context, profile: str, wanted: Properties, before: Properties) -> None:
    added, removed = difference(wanted["Roles"], before.get("Roles", []))
    for role in removed:
        gone_is_fine(GONE, _iam(context).remove_role_from_instance_profile,
                     InstanceProfileName=profile, RoleName=role)
    for role in added:
        _iam(context).add_role_to_instance_profile(InstanceProfileName=profile, RoleName=role)


def _delete_profile(context: Context, profile: str, properties: Properties) -> None:
    for role in properties["Roles"]:
        gone_is_fine(GONE, _iam(context).remove_role_from_instance_profile,
                     InstanceProfileName=profile, RoleName=role)
    gone_is_fine(GONE, _iam(context).delete_instance_profile, InstanceProfileName=profile)


def _describe_profile(context: Context, profile: str) -> dict:
    return _iam(context).get_instance_profile(InstanceProfileName=profile)["InstanceProfile"]


# Holder property of a policy -> the noun in the names and members of the IAM calls.
HOLDERS = {"Roles": "role", "Users": "user", "Groups": "group"}


def _each_holder(wanted: Properties, before: Properties, change: Callable[[str, str, bool], None]) -> None:
    """change(noun, holder's name, whether it is to have the policy) for each holder that is new or no more."""
    for name, noun in HOLDERS.items():
        added, removed = difference(wanted.get(name, []), before.get(name, []))
        for holder in added:
            change(noun, holder, True)
        for holder in removed:
            change(noun, holder, False)


def _create_managed_policy(context: Context, properties: Properties) -> str:
    name = properties.get("ManagedPolicyName") or context.generated_name(LONGEST_NAME)
    reply = _iam(context).create_policy(PolicyName=name, **only(properties, "Path Description"),
                                        PolicyDocument=document(properties["PolicyDocument"]))
    return reply["Policy"]["Arn"]


def _apply_managed_policy(context: Context, arn: str, wanted: Properties, before: Properties) -> None:
    def attach(noun: str, holder: str, wanted: bool) -> None:
        call = getattr(_iam(context), f"{'attach' if wanted else 'detach'}_{noun}_policy")
        call(**{f"{noun.capitalize()}Name": holder}, PolicyArn=arn)

    if before and changed(wanted, before, "PolicyDocument"):
        _replace_version(context, arn, document(wanted["PolicyDocument"]))
    _each_holder(wanted, before, attach)


def _replace_version(context: Context, arn: str, text: str) -> None:
    old = [version["VersionId"] for version in _iam(context).list_policy_versions(PolicyArn=arn)["Versions"]]
    _iam(context).create_policy_version(PolicyArn=arn, PolicyDocument=text, SetAsDefault=True)
    for version in old:
        _iam(context).delete_policy_version(PolicyArn=arn, VersionId=version)


def _delete_managed_policy(context: Context, arn: str, properties: Properties) -> None:
    def detach(noun: str, holder: str, wanted: bool) -> None:
        call = getattr(_iam(context), f"detach_{noun}_policy")
        gone_is_fine(GONE, call, **{f"{noun.capitalize()}Name": holder}, PolicyArn=arn)

    _each_holder({}, properties, detach)
    gone_is_fine(GONE, _iam(context).delete_policy, PolicyArn=arn)


def _describe_managed_policy(context: Context, arn: str) -> dict:
    return _iam(context).get_policy(PolicyArn=arn)["Policy"]


def _create_policy(context: Context, properties: Properties) -> str:
    if not any(properties.get(name) for name in HOLDERS):
        raise HandlerFailure("At least one of [Groups,Roles,Users] must be non-empty.")
    return context.generated_name(LONGEST_NAME)


def _apply_policy(context: Context, physical_id: str, wanted: Properties, before: Properties) -> None:
    if changed(wanted, before, "PolicyName", "PolicyDocument"):
        _delete_policy(context, physical_id, before)
        before = {}

    def put(noun: str, holder: str, wanted_there: bool) -> None:
        source = wanted if wanted_there else before
        arguments = {f"{noun.capitalize()}Name": holder, "PolicyName": source["PolicyName"]}
        if wanted_there:
            getattr(_iam(context), f"put_{noun}_policy")(PolicyDocument=document(wanted["PolicyDocument"]),
                                                         **arguments)
        else:
            gone_is_fine(GONE, getattr(_iam(context), f"delete_{noun}_policy"), **arguments)

    _each_holder(wanted, before, put)


def _delete_policy(context: Context, physical_id: str, properties: Properties) -> None:
    def delete(noun: str, holder: str, wanted: bool) -> None:
        gone_is_fine(GONE, getattr(_iam(context), f"delete_{noun}_policy"),
                     **{f"{noun.capitalize()}Name": holder}, PolicyName=properties["PolicyName"])

    _each_holder({}, properties, delete)


TYPES = {
    "AWS::IAM::Role": ResourceType(
        _create_role, _delete_role,
        names("RoleName AssumeRolePolicyDocument Path Description MaxSessionDuration PermissionsBoundary "
              "Policies ManagedPolicyArns Tags"),
        _apply_role,
        {"Arn": from_description(_describe_role, "Arn"), "RoleId": from_description(_describe_role, "RoleId")}),
    "AWS::IAM::InstanceProfile": ResourceType(
        _create_profile, _delete_profile, names("InstanceProfileName Path Roles"), _apply_profile,
        {"Arn": from_description(_describe_profile, "Arn")}),
    "AWS::IAM::ManagedPolicy": ResourceType(
        _create_managed_policy, _delete_managed_policy,
        names("ManagedPolicyName Path Description PolicyDocument Roles Users Groups"), _apply_managed_policy,
        {"PolicyArn": own_id, "PolicyId": from_description(_describe_managed_policy, "PolicyId"),
         "DefaultVersionId": from_description(_describe_managed_policy, "DefaultVersionId")}),
    "AWS::IAM::Policy": ResourceType(
        _create_policy, _delete_policy, names("PolicyName PolicyDocument Roles Users Groups"), _apply_policy,
        {"Id": own_id}),
}
