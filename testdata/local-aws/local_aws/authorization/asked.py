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
from ..wire import SERVICES
from . import linked_roles, resources
from .demand import Place, Values, tags_of
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
    return {parameters[key]: parameters.get(f"{prefix}.Value", "") for prefix, key in found}


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


def _group_of_rule(request: Request, place: Place) -> list[str]:
    return _given(request, "GroupId") or _given(request, "GroupName")


def _passed_role(request: Request, place: Place) -> list[str]:
    name = _one(request, "IamInstanceProfile.Name") or _one(request, "IamInstanceProfile.Arn").rpartition("/")[2]
    for profile in list(iam_backends[place.account]["aws"].instance_profiles.values()):
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
            "AssociatedSubnet": _associated("subnet"), "GroupId": _group_of_rule, "PassedRole": _passed_role},
    "s3": {"CopySource": _source, "DeletedKey": _deleted(False), "DeletedVersion": _deleted(True),
           "Newest": lambda request, place: [] if _one(request, "VersionId") else ["true"]},
    "elasticfilesystem": {"FileSystemId": _file_system, "EfsKeyId": _efs_key,
                          "EfsLinkedRole": lambda request, place: linked_roles.missing(place.account, linked_roles.EFS),
                          "ResourceId": lambda request, place: [_one(request, "ResourceId").rpartition("/")[2]]},
    "memorydb": {"MemoryDbLinkedRole":
                 lambda request, place: linked_roles.missing(place.account, linked_roles.MEMORYDB)},
    "cloudformation": {"Stack": _stack,
                       "EveryStack": lambda request, place: [] if _one(request, "StackName") else ["true"]},
    "iam": {"UserName": _user},
    "kms": {"KeyArn": _key("KeyId"), "TargetKeyArn": _key("TargetKeyId"), "RequestAlias": _request_alias},
}
