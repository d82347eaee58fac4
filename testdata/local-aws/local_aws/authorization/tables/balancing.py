# SPDX-License-Identifier: Apache-2.0
"""Elastic Load Balancing and the certificates of its listeners. Names in ARNs are followed by an id that a creation does
not know yet: it is checked on NAME/*."""

from __future__ import annotations

from ..demand import Demand

Row = tuple[Demand, ...]

_DESCRIPTIONS = """
    DescribeListenerCertificates DescribeListeners DescribeLoadBalancerAttributes DescribeLoadBalancers DescribeRules
    DescribeTags DescribeTargetGroupAttributes DescribeTargetGroups DescribeTargetHealth
"""
_BALANCER = "DeleteLoadBalancer ModifyLoadBalancerAttributes SetIpAddressType SetSecurityGroups SetSubnets"
_GROUP = "DeleteTargetGroup ModifyTargetGroup ModifyTargetGroupAttributes RegisterTargets DeregisterTargets"
_LISTENER = "DeleteListener ModifyListener AddListenerCertificates RemoveListenerCertificates"
_RULE = "DeleteRule ModifyRule"


def _on(operations: str, resource: str) -> dict[str, Row]:
    return {name: (Demand(f"elasticloadbalancing:{name}", resource),) for name in operations.split()}


def _makes(operation: str, resource: str, made: str) -> Row:
    """resource: what the creation is checked on; made: what it tags."""
    return (Demand(f"elasticloadbalancing:{operation}", resource, tagged=True),
            Demand("elasticloadbalancing:AddTags", made, when="tags", tagged=True,
                   context={"elasticloadbalancing:CreateAction": operation}))


BALANCING: dict[str, Row] = {
    **_on(_DESCRIPTIONS, "*"), **_on(_BALANCER, "{LoadBalancerArn}"), **_on(_GROUP, "{TargetGroupArn}"),
    **_on(_LISTENER, "{ListenerArn}"), **_on(_RULE, "{RuleArn}"), **_on("SetRulePriorities", "{PriorityRuleArn}"),
    "CreateLoadBalancer": _makes("CreateLoadBalancer", "loadbalancer/app/{Name}/*", "loadbalancer/app/{Name}/*"),
    "CreateTargetGroup": _makes("CreateTargetGroup", "targetgroup/{Name}/*", "targetgroup/{Name}/*"),
    "CreateListener": _makes("CreateListener", "{LoadBalancerArn}", "{NewListener}"),
    "CreateRule": _makes("CreateRule", "{ListenerArn}", "{NewRule}"),
    "AddTags": (Demand("elasticloadbalancing:AddTags", "{ResourceArns}", tagged=True),),
    "RemoveTags": (Demand("elasticloadbalancing:RemoveTags", "{ResourceArns}", context={"aws:TagKeys": "{TagKeys}"}),),
}
CERTIFICATES: dict[str, Row] = {
    "ListCertificates": (Demand("acm:ListCertificates"),),
    **{name: (Demand(f"acm:{name}", "{CertificateArn}"),) for name in
       ("DeleteCertificate", "DescribeCertificate", "GetCertificate", "ListTagsForCertificate", "RenewCertificate")},
    # A tag that is given with the request needs the permission to tag, on certificates in general.
    "RequestCertificate": (Demand("acm:RequestCertificate", tagged=True),
                           Demand("acm:AddTagsToCertificate", "certificate/*", when="tags", tagged=True)),
    "AddTagsToCertificate": (Demand("acm:AddTagsToCertificate", "{CertificateArn}", tagged=True),),
    "RemoveTagsFromCertificate": (Demand("acm:RemoveTagsFromCertificate", "{CertificateArn}", tagged=True),),
}

TABLES = {"elasticloadbalancing": BALANCING, "acm": CERTIFICATES}
