# SPDX-License-Identifier: Apache-2.0
"""What moto knows of a resource that a policy may ask for: its real ARN, its account, its tags, its own policy."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass

from moto.ec2.models import ec2_backends
from moto.efs.models import efs_backends
from moto.iam.models import iam_backends
from moto.s3.models import s3_backends

from ..partition import ARN, NAME
from .demand import Place

_IAM = re.compile(r"arn:[a-z-]+:iam::(\d{12}):(role|user|group|instance-profile)/(?:.*/)?([^/]+)")


@dataclass(frozen=True)
class ResourcePolicy:
    """noun: how AWS's refusals call it. needed: without its consent nobody gets in, whatever his own policies say."""

    document: dict
    noun: str
    needed: bool


def located(arn: str) -> str:
    """The ARN with the path that the IAM entity has; as it is when there is no such entity."""
    entity = _entity(arn)
    return entity.arn if entity is not None else arn


def _entity(arn: str):
    found = _IAM.fullmatch(arn)
    if not found or found[1] not in iam_backends:
        return None
    backend = iam_backends[found[1]][NAME]
    table = {"role": backend.roles, "user": backend.users, "group": backend.groups,
             "instance-profile": backend.instance_profiles}[found[2]]
    return next((item for item in list(table.values()) if item.name == found[3]), None)


def account_of(arn: str, caller: str) -> str:
    """Whose the resource is; what does not say so is the caller's own."""
    if arn.startswith(ARN + "s3:::"):
        owner = s3_backends.bucket_accounts.get(_bucket_name(arn))
        return owner[1] if owner else caller
    fields = arn.split(":", 5)
    return fields[4] if len(fields) == 6 and fields[4].isdigit() else caller


def _bucket_name(arn: str) -> str:
    return arn.removeprefix(ARN + "s3:::").split("/")[0]


def tags(arn: str, caller: str = "") -> dict[str, str]:
    """The tags of a resource that exists; none for S3, whose buckets take part in no condition on tags.

    caller: whose an image or a snapshot is, which say no account.
    """
    fields = arn.split(":", 5)
    if len(fields) == 6 and fields[2] == "ec2" and not fields[4]:
        fields[4] = caller
    if len(fields) < 6 or not fields[4].isdigit():
        return {}
    _, _, service, region, account, rest = fields
    name = rest.rpartition("/")[2]
    if service == "ec2":
        return dict(ec2_backends[account][region].tags.get(name, {}))
    if service == "elasticloadbalancing":
        return _balancer_tags(account, region, arn)
    if service == "acm":
        return _certificate_tags(account, region, arn)
    if service == "elasticfilesystem":
        found = efs_backends[account][region].tagging_service.list_tags_for_resource(name)["Tags"]
        return {tag["Key"]: tag["Value"] for tag in found}
    return _iam_tags(arn) if service == "iam" else {}


def allocation_of(place: Place, address: str) -> str:
    """The allocation id of an elastic IP address; "" when there is none."""
    found = [row.allocation_id for row in ec2_backends[place.account][place.region].addresses
             if row.public_ip == address]
    return found[0] if found else ""


def _balancer_tags(account: str, region: str, arn: str) -> dict[str, str]:
    """Of a load balancer, a target group, a listener or a rule."""
    from moto.elbv2.models import elbv2_backends  # loaded when first needed: the server shall start quickly
    return dict(elbv2_backends[account][region].tagging_service.get_tag_dict_for_resource(arn))


def _certificate_tags(account: str, region: str, arn: str) -> dict[str, str]:
    from moto.acm.models import acm_backends
    found = acm_backends[account][region]._certificates.get(arn)
    return {key: value or "" for key, value in found.tags.items()} if found else {}


def vpc(arn: str) -> str:
    """The ARN of the VPC that a subnet, a security group or an interface is in; "" for what is not there."""
    fields = arn.split(":", 5)
    if len(fields) < 6 or fields[2] != "ec2" or not fields[4].isdigit():
        return ""
    region, account, (kind, _, name) = fields[3], fields[4], fields[5].partition("/")
    backend = ec2_backends[account][region]
    subnets = {item.id: item.vpc_id for zone in backend.subnets.values() for item in zone.values()}
    if kind == "subnet":
        found = subnets.get(name)
    elif kind == "security-group":
        found = next((vpc_id for vpc_id, groups in backend.groups.items() if name in groups), None)
    elif kind == "network-interface" and name in backend.enis:
        found = backend.enis[name].subnet.vpc_id
    else:
        found = None
    return f"{ARN}ec2:{region}:{account}:vpc/{found}" if found else ""


def _iam_tags(arn: str) -> dict[str, str]:
    held = getattr(_entity(arn), "tags", None) or []
    listed = held.values() if isinstance(held, dict) else held
    return {tag["Key"]: tag["Value"] for tag in listed}


def policy(action: str, arn: str) -> ResourcePolicy | None:
    """The resource's own policy, as far as it has a say in the action."""
    service = action.split(":")[0]
    if service == "s3" and arn.startswith(ARN + "s3:::"):
        return _bucket_policy(_bucket_name(arn))
    if service == "kms" and ":key/" in arn:
        return _key_policy(arn)
    if service == "sts" and ":role/" in arn:
        role = _entity(arn)
        there = role is not None and role.arn == arn
        document = json.loads(role.assume_role_policy_document) if there else {"Statement": []}
        return ResourcePolicy(document, "role trust policy", True)
    return None


def _bucket_policy(name: str) -> ResourcePolicy | None:
    owner = s3_backends.bucket_accounts.get(name)
    bucket = s3_backends[owner[1]][NAME].buckets.get(name) if owner else None
    if bucket is None or not bucket.policy:
        return None
    return ResourcePolicy(json.loads(bucket.policy), "resource-based policy", False)


def _key_policy(arn: str) -> ResourcePolicy | None:
    """None for AWS's own keys: their policy lets the account's callers in, and this asks their own policies too."""
    _, _, _, region, account, rest = arn.split(":", 5)
    key = _keys(account, region).get(rest.rpartition("/")[2])
    if key is None or any(alias.startswith("alias/aws/") for alias in key.aliases):
        return None
    return ResourcePolicy(json.loads(key.policy), "resource-based policy", True)


def _keys(account: str, region: str) -> dict:
    from moto.kms.models import kms_backends  # loaded when first needed: the server shall start quickly
    return kms_backends[account][region].keys


def key_id(place: Place, name: str) -> str:
    """The id of a key told by id, ARN or alias. An AWS key that nothing has made yet has an id all the same."""
    name = name.rpartition(":")[2].removeprefix("key/")
    if not name.startswith("alias/"):
        return name
    keys = list(_keys(place.account, place.region).values())
    found = next((key.id for key in keys if name in key.aliases), None)
    return found or str(uuid.uuid5(uuid.NAMESPACE_URL, f"{place.account} {place.region} {name}"))
