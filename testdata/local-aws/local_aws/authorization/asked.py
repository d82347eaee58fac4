# SPDX-License-Identifier: Apache-2.0
"""What a request says of the resources it is about: the {names} of the tables, and the tags it sets.

Most are its parameters. What follows from them by the state of the account (the file system of a mount target, the
key of an alias) is looked up in moto; an unknown one has no value, and then only a broad policy is enough.
"""

from __future__ import annotations

import re
from typing import Callable
from urllib.parse import unquote
from xml.etree import ElementTree

from moto.ec2.models import ec2_backends
from moto.efs.models import efs_backends
from moto.iam.models import iam_backends

from ..message import Request
from ..partition import ARN, NAME
from ..wire import SERVICES
from . import linked_roles, resources
from .demand import Place, Tags, Values, tags_of
from .tables.ec2 import KINDS

_FLAT = ("query", "ec2")


def values_of(request: Request, place: Place) -> Values:
    """The values of a name in this request."""
    derived = _DERIVED.get(request.service, {})

    def values(name: str) -> list[str]:
        if name in ("region", "account"):
            return [getattr(place, name)]
        if name in derived:
            return [value for value in derived[name](request, place) if value]
        return _given(request, name)
    return values


def _given(request: Request, name: str) -> list[str]:
    found = request.parameters.get(name)
    if SERVICES[request.service].protocol not in _FLAT:
        return texts(found)
    if found is not None:
        return [found] if found else []
    pattern = re.compile(rf"{name}(\.member)?\.\d+$")
    return [value for key, value in request.parameters.items() if pattern.match(key)]


def texts(value) -> list[str]:
    """A value as the list of texts that it is to a policy; a structure only says that it is there."""
    if value is None:
        return []
    if isinstance(value, bool):
        return [str(value).lower()]
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    return ["given"] if isinstance(value, dict) else [str(value)]


def tags(request: Request) -> dict[str, str]:
    """The tags that the request sets, or takes away."""
    if SERVICES[request.service].protocol in _FLAT:
        return _flat_tags(request.parameters)
    found = tags_of(request.parameters.get("Tags"))
    return found or {str(tag.get("TagKey")): str(tag.get("TagValue", ""))
                     for tag in request.parameters.get("Tags") or [] if isinstance(tag, dict) and "TagKey" in tag}


_TAG = re.compile(r"(.*\b(?:Tags\.member|Tag)\.\d+)\.Key$")


def _flat_tags(parameters: dict[str, str]) -> dict[str, str]:
    found = [(match[1], key) for key in parameters if (match := _TAG.match(key))]
    everything, by_kind = {}, {}
    for prefix, key in found:
        everything[parameters[key]] = value = parameters.get(f"{prefix}.Value", "")
        kind = parameters.get(prefix.rpartition(".Tag.")[0] + ".ResourceType", "")
        by_kind.setdefault(kind, {})[parameters[key]] = value
    return Tags(everything, by_kind)


def _one(request: Request, name: str) -> str:
    value = request.parameters.get(name)
    return value if isinstance(value, str) else ""


# EC2

def _tagged_resources(request: Request, place: Place) -> list[str]:
    kinds = [(KINDS.get(name.split("-")[0], "*"), name) for name in _given(request, "ResourceId")]
    return [f"{kind}/{name}" for kind, name in kinds]


def _associated(member: str) -> Callable[[Request, Place], list[str]]:
    def find(request: Request, place: Place) -> list[str]:
        wanted = _one(request, "AssociationId")
        for table in list(ec2_backends[place.account][place.region].route_tables.values()):
            if wanted and wanted in table._associations:
                return [table.id if member == "table" else table._associations[wanted]]
        return []
    return find


def _template(request: Request, place: Place):
    """The launch template of a RunInstances; None."""
    known = ec2_backends[place.account][place.region].launch_templates
    named, name = _one(request, "LaunchTemplate.LaunchTemplateId"), _one(request, "LaunchTemplate.LaunchTemplateName")
    return next((item for item in known.values() if item.id == named or (name and item.name == name)), None)


def _template_id(request: Request, place: Place) -> list[str]:
    if not any(key.startswith("LaunchTemplate.") for key in request.parameters):
        return []
    template = _template(request, place)
    return [template.id if template else _one(request, "LaunchTemplate.LaunchTemplateId") or "*"]


_INTERFACE = r"(?:LaunchSpecification\.)?(?:NetworkInterface\.\d+\.)?"


def _in_launch(name: str) -> Callable[[Request, Place], list[str]]:
    """Values that a launch may give beside an interface or within one: a subnet, the groups."""
    pattern = re.compile(rf"{_INTERFACE}{name}(?:\.\d+)?$")
    return lambda request, place: [value for key, value in request.parameters.items() if pattern.match(key)]


def _vpc_of_launch(request: Request, place: Place) -> list[str]:
    found = [resources.vpc(f"{ARN}ec2:{place.region}:{place.account}:subnet/{subnet}")
             for subnet in _in_launch("SubnetId")(request, place)]
    return [vpc for vpc in found if vpc]


def _associated_instance(request: Request, place: Place) -> list[str]:
    held = ec2_backends[place.account][place.region].iam_instance_profile_associations.values()
    return [item.instance.id for item in held if item.association_id == _one(request, "AssociationId")]


def _group_of_rule(request: Request, place: Place) -> list[str]:
    return _given(request, "GroupId") or _given(request, "GroupName")


def _passed_role(request: Request, place: Place) -> list[str]:
    """The role in the profile of the request, or of the launch template that it names."""
    prefix = "LaunchSpecification." if request.action == "RequestSpotInstances" else ""
    name = _one(request, f"{prefix}IamInstanceProfile.Name") or _one(
        request, f"{prefix}IamInstanceProfile.Arn").rpartition("/")[2]
    if not name and (template := _template(request, place)):
        profile = template.latest_version().data.get("IamInstanceProfile", {})
        name = profile.get("Name") or profile.get("Arn", "").rpartition("/")[2]
    for profile in list(iam_backends[place.account][NAME].instance_profiles.values()):
        if name and profile.name == name and profile.roles:
            return [profile.roles[0].arn]
    return [f"role/{name}"] if name else []


# S3

def _source(request: Request, place: Place) -> list[str]:
    return [unquote(_one(request, "CopySource")).split("?versionId=")[0].lstrip("/")]


def _deleted(versions: bool) -> Callable[[Request, Place], list[str]]:
    def find(request: Request, place: Place) -> list[str]:
        try:
            objects = ElementTree.fromstring(request.body).iterfind("{*}Object")
        except ElementTree.ParseError:
            return ["*"]
        return [item.findtext("{*}Key", "") for item in objects if (item.find("{*}VersionId") is not None) == versions]
    return find


# EFS

def _file_system(request: Request, place: Place) -> list[str]:
    if name := _one(request, "FileSystemId"):
        return [name.rpartition("/")[2]]
    target = efs_backends[place.account][place.region].mount_targets_by_id.get(_one(request, "MountTargetId"))
    return [target.file_system_id] if target else []


def _efs_key(request: Request, place: Place) -> list[str]:
    if request.parameters.get("Encrypted") is not True:
        return []
    return [resources.key_id(place, _one(request, "KmsKeyId") or "alias/aws/elasticfilesystem")]


# ELB

def _made_within(member: str, kind: str) -> Callable[[Request, Place], list[str]]:
    """What is made within a load balancer or listener has the same ARN with another kind and a further id."""
    def find(request: Request, place: Place) -> list[str]:
        arn = _one(request, member)
        return [re.sub(r":(loadbalancer|listener)/", f":{kind}/", arn, count=1) + "/*"] if arn else []
    return find


def _rules_of_priorities(request: Request, place: Place) -> list[str]:
    return [value for key, value in request.parameters.items() if key.endswith(".RuleArn")]


# the others

def _stack(request: Request, place: Place) -> list[str]:
    """stack/NAME/* by name, as AWS asks; by ARN that very stack."""
    name = _one(request, "StackName")
    if name.startswith("arn:"):
        return [name]
    return [f"stack/{name}/*"] if name else []


def _user(request: Request, place: Place) -> list[str]:
    """IAM takes the caller for the user where none is named."""
    return [_one(request, "UserName") or request.principal_arn.rpartition("/")[2]]


def _key(member: str) -> Callable[[Request, Place], list[str]]:
    def find(request: Request, place: Place) -> list[str]:
        name = _one(request, member)
        if name.startswith("arn:") and ":key/" in name:
            return [name]
        return ["key/" + resources.key_id(place, name)] if name else []
    return find


def _request_alias(request: Request, place: Place) -> list[str]:
    name = _one(request, "KeyId")
    return ["alias/" + name.partition("alias/")[2]] if "alias/" in name else []


_DERIVED: dict[str, dict[str, Callable[[Request, Place], list[str]]]] = {
    "ec2": {"TaggedResource": _tagged_resources, "AssociatedTable": _associated("table"),
            "AssociatedSubnet": _associated("subnet"), "GroupId": _group_of_rule, "PassedRole": _passed_role,
            "LaunchTemplate": _template_id, "LaunchSubnet": _in_launch("SubnetId"),
            "LaunchGroup": _in_launch("SecurityGroupId"), "LaunchVpc": _vpc_of_launch,
            "LaunchInterface": _in_launch("NetworkInterfaceId"), "LaunchImage": _in_launch("ImageId"),
            "LaunchSnapshot": _in_launch(r"BlockDeviceMapping\.\d+\.Ebs\.SnapshotId"),
            "LaunchKey": _in_launch("KeyName"), "LaunchGroupName": _in_launch(r"Placement\.GroupName"),
            "AssociatedInstance": _associated_instance},
    "s3": {"CopySource": _source, "DeletedKey": _deleted(False), "DeletedVersion": _deleted(True),
           "Newest": lambda request, place: [] if _one(request, "VersionId") else ["true"]},
    "elasticfilesystem": {"FileSystemId": _file_system, "EfsKeyId": _efs_key,
                          "EfsLinkedRole": lambda request, place: linked_roles.missing(place.account, linked_roles.EFS),
                          "ResourceId": lambda request, place: [_one(request, "ResourceId").rpartition("/")[2]]},
    "elasticloadbalancing": {"NewListener": _made_within("LoadBalancerArn", "listener"),
                             "NewRule": _made_within("ListenerArn", "listener-rule"),
                             "PriorityRuleArn": _rules_of_priorities},
    "memorydb": {"MemoryDbLinkedRole":
                 lambda request, place: linked_roles.missing(place.account, linked_roles.MEMORYDB)},
    "cloudformation": {"Stack": _stack,
                       "EveryStack": lambda request, place: [] if _one(request, "StackName") else ["true"]},
    "iam": {"UserName": _user,
            "LinkedRole": lambda request, place: [linked_roles.NAMES.get(_one(request, "AWSServiceName"), "")]},
    "kms": {"KeyArn": _key("KeyId"), "TargetKeyArn": _key("TargetKeyId"), "RequestAlias": _request_alias},
}
