# SPDX-License-Identifier: Apache-2.0
"""Load balancers, target groups and listeners, as the stack of a service has them."""

from __future__ import annotations

from typing import Any

from .resource_type import Context, Properties, ResourceType, changed, gone_is_fine, names, only, own_id


def _elb(context: Context) -> Any:
    return context.client("elbv2")


def _tags(properties: Properties) -> dict:
    return {"Tags": properties["Tags"]} if properties.get("Tags") else {}


def _create_balancer(context: Context, properties: Properties) -> str:
    wanted = only(properties, "Subnets SecurityGroups Scheme Type IpAddressType")
    name = properties.get("Name") or context.generated_name(32)
    return _elb(context).create_load_balancer(Name=name, **wanted, **_tags(properties))["LoadBalancers"][0][
        "LoadBalancerArn"]


def _delete_balancer(context: Context, arn: str, properties: Properties) -> None:
    gone_is_fine("LoadBalancerNotFound", _elb(context).delete_load_balancer, LoadBalancerArn=arn)


def _create_group(context: Context, properties: Properties) -> str:
    wanted = only(properties, "Protocol Port VpcId TargetType HealthCheckPath")
    name = properties.get("Name") or context.generated_name(32)
    return _elb(context).create_target_group(Name=name, **wanted, **_tags(properties))["TargetGroups"][0][
        "TargetGroupArn"]


def _apply_group(context: Context, arn: str, wanted: Properties, before: Properties) -> None:
    if before and changed(wanted, before, "HealthCheckPath"):
        _elb(context).modify_target_group(TargetGroupArn=arn, **only(wanted, "HealthCheckPath"))


def _delete_group(context: Context, arn: str, properties: Properties) -> None:
    gone_is_fine("TargetGroupNotFound", _elb(context).delete_target_group, TargetGroupArn=arn)


def _create_listener(context: Context, properties: Properties) -> str:
    wanted = only(properties, "LoadBalancerArn Protocol Port DefaultActions Certificates")
    return _elb(context).create_listener(**wanted, **_tags(properties))["Listeners"][0]["ListenerArn"]


def _delete_listener(context: Context, arn: str, properties: Properties) -> None:
    gone_is_fine("ListenerNotFound", _elb(context).delete_listener, ListenerArn=arn)


TYPES = {
    "AWS::ElasticLoadBalancingV2::LoadBalancer": ResourceType(
        _create_balancer, _delete_balancer, names("Name Subnets SecurityGroups Scheme Type IpAddressType Tags"),
        attributes={"LoadBalancerArn": own_id}),
    "AWS::ElasticLoadBalancingV2::TargetGroup": ResourceType(
        _create_group, _delete_group, names("Name Protocol Port VpcId TargetType HealthCheckPath Tags"), _apply_group,
        {"TargetGroupArn": own_id}),
    "AWS::ElasticLoadBalancingV2::Listener": ResourceType(
        _create_listener, _delete_listener, names("LoadBalancerArn Protocol Port DefaultActions Certificates Tags"),
        attributes={"ListenerArn": own_id}),
}
