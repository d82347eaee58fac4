# SPDX-License-Identifier: Apache-2.0
"""Security groups and their rules, inline and as resources of their own."""

from __future__ import annotations

from typing import Any

from .ec2_network import apply_tags
from .resource_type import (Context, HandlerFailure, Properties, ResourceType, changed, difference, gone_is_fine,
                            names, only, own_id, own_property)

RULE = "IpProtocol FromPort ToPort CidrIp CidrIpv6 Description"
INGRESS = f"GroupId {RULE} SourceSecurityGroupId SourceSecurityGroupOwnerId SourcePrefixListId"
EGRESS = f"GroupId {RULE} DestinationSecurityGroupId DestinationPrefixListId"
ALLOW_ALL = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}
GONE = "InvalidGroup.NotFound InvalidPermission.NotFound InvalidSecurityGroupRuleId.NotFound"
# A rule's peer: property -> (list of the permission, member of its items)
PEERS = {"CidrIp": ("IpRanges", "CidrIp"), "CidrIpv6": ("Ipv6Ranges", "CidrIpv6"),
         "SourceSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
         "DestinationSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
         "SourcePrefixListId": ("PrefixListIds", "PrefixListId"),
         "DestinationPrefixListId": ("PrefixListIds", "PrefixListId")}


def permission(rule: Properties) -> dict[str, Any]:
    """A rule of the template as the IpPermission of the EC2 calls."""
    peers = [name for name in PEERS if name in rule]
    if len(peers) != 1:
        raise HandlerFailure("Exactly one source or destination must be given for a security group rule")
    listed, member = PEERS[peers[0]]
    peer = {member: rule[peers[0]], **only(rule, "Description")}
    if "SourceSecurityGroupOwnerId" in rule:
        peer["UserId"] = rule["SourceSecurityGroupOwnerId"]
    # EC2 ignores ports for "all protocols", so a rule that names them is the rule that does not.
    ports = {} if str(rule["IpProtocol"]) == "-1" else only(rule, "FromPort ToPort")
    return {"IpProtocol": str(rule["IpProtocol"]), **ports, listed: [peer]}


def _call(context: Context, verb: str, direction: str, group: str, rules: list[Properties]) -> dict:
    if not rules:
        return {}
    call = getattr(context.client("ec2"), f"{verb}_security_group_{direction}")
    return call(GroupId=group, IpPermissions=[permission(rule) for rule in rules])


def _create_group(context: Context, properties: Properties) -> str:
    wanted = only(properties, "VpcId")
    name = properties.get("GroupName") or context.generated_name(255)
    reply = context.client("ec2").create_security_group(GroupName=name,
                                                        Description=properties["GroupDescription"], **wanted)
    return reply["GroupId"]


def _apply_group(context: Context, group: str, wanted: Properties, before: Properties) -> None:
    for name, direction in (("SecurityGroupIngress", "ingress"), ("SecurityGroupEgress", "egress")):
        # Without any egress property EC2's own rule, everything out, is what the group has.
        default = [ALLOW_ALL] if direction == "egress" else []
        added, removed = difference(wanted.get(name, default), before.get(name, default))
        _call(context, "revoke", direction, group, removed)
        _call(context, "authorize", direction, group, added)
    apply_tags(context, group, wanted, before)


def _delete_group(context: Context, group: str, properties: Properties) -> None:
    gone_is_fine("InvalidGroup.NotFound", context.client("ec2").delete_security_group, GroupId=group)


def _vpc_of_group(context: Context, group: str, properties: Properties) -> str:
    return context.client("ec2").describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["VpcId"]


def _rules(context: Context, group: str, egress: bool) -> list[dict]:
    filters = [{"Name": "group-id", "Values": [group]}]
    found = context.client("ec2").describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
    return [rule for rule in found if rule["IsEgress"] is egress]


def _authorized(reply: dict) -> str:
    return reply["SecurityGroupRules"][0]["SecurityGroupRuleId"]


def _create_ingress(context: Context, properties: Properties) -> str:
    if "GroupId" not in properties:
        raise HandlerFailure("The local AWS has no EC2-Classic: a security group rule needs GroupId")
    return _authorized(_call(context, "authorize", "ingress", properties["GroupId"], [properties]))


def _create_egress(context: Context, properties: Properties) -> str:
    group = properties["GroupId"]
    inline = any(sibling == group and "SecurityGroupEgress" in given
                 for sibling, given in context.siblings("AWS::EC2::SecurityGroup"))
    created = _authorized(_call(context, "authorize", "egress", group, [properties]))
    if not inline:
        _revoke_default(context, group, created)
    return created


def _revoke_default(context: Context, group: str, created: str) -> None:
    """The first AWS::EC2::SecurityGroupEgress of a group takes the place of EC2's rule, everything out."""
    default = [rule["SecurityGroupRuleId"] for rule in _rules(context, group, True)
               if rule["IpProtocol"] == "-1" and rule.get("CidrIpv4") == "0.0.0.0/0"
               and rule["SecurityGroupRuleId"] != created and "Description" not in rule]
    if default:
        gone_is_fine(GONE, context.client("ec2").revoke_security_group_egress,
                     GroupId=group, SecurityGroupRuleIds=default)


def _describe_anew(direction: str):
    def apply(context: Context, rule: str, wanted: Properties, before: Properties) -> None:
        if before and changed(wanted, before, "Description"):
            call = getattr(context.client("ec2"), f"update_security_group_rule_descriptions_{direction}")
            call(GroupId=wanted["GroupId"], IpPermissions=[permission(wanted)])
    return apply


def _revoke(direction: str):
    def delete(context: Context, rule: str, properties: Properties) -> None:
        call = getattr(context.client("ec2"), f"revoke_security_group_{direction}")
        gone_is_fine(GONE, call, GroupId=properties["GroupId"], SecurityGroupRuleIds=[rule])
    return delete


TYPES = {
    "AWS::EC2::SecurityGroup": ResourceType(
        _create_group, _delete_group,
        names("GroupName GroupDescription VpcId SecurityGroupIngress SecurityGroupEgress Tags"), _apply_group,
        {"GroupId": own_id, "Id": own_id, "VpcId": _vpc_of_group}),
    "AWS::EC2::SecurityGroupIngress": ResourceType(
        _create_ingress, _revoke("ingress"), names(INGRESS), _describe_anew("ingress"), {"Id": own_id}),
    "AWS::EC2::SecurityGroupEgress": ResourceType(
        _create_egress, _revoke("egress"), names(EGRESS), _describe_anew("egress"),
        {"Id": own_id, "GroupId": own_property("GroupId")}),
}
