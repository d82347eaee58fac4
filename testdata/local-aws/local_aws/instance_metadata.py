# SPDX-License-Identifier: Apache-2.0
"""What an instance's metadata service says, and the sessions of its role that it gives away.

EC2 User Guide, "Instance metadata categories", "Instance identity documents", "Retrieve security credentials from instance
metadata".
"""

from __future__ import annotations

import functools
import json
from datetime import datetime, timedelta
from typing import Callable

from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from .machines.metadata import Metadata, Tree
from .partition import DNS_SUFFIX, HOME, NAME
from .policies import principals
from .simulation import Question, applying
from .tuning import moto_lock

_SESSION = timedelta(hours=6)
_RENEWED = timedelta(minutes=15)  # before it expires
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_EC2 = ("ec2.amazonaws.com", f"ec2.{DNS_SUFFIX}")


def metadata_of(instance, user_data: bytes, now: Callable[[], datetime]) -> Metadata:
    """instance: moto's. now: the server's clock, UTC."""
    options = instance.metadata_options
    role = InstanceRole(instance, now)
    return Metadata(lambda: _tree(instance, user_data, role), lambda: options.http_tokens == "required",
                    lambda: options.http_endpoint == "enabled")


def _tree(instance, user_data: bytes, role: "InstanceRole") -> Tree:
    with moto_lock:
        told = {"meta-data/" + name: value for name, value in _facts(instance).items()}
        told |= {"meta-data/" + name: value for name, value in role.facts().items()}
        if instance.metadata_options.instance_metadata_tags == "enabled":
            told |= {f"meta-data/tags/instance/{row['key']}": row["value"] for row in instance.get_tags()}
        told["dynamic/instance-identity/document"] = json.dumps(_identity(instance), indent=2)
    return told | {"user-data": user_data.decode("utf-8", "surrogateescape")}


def _facts(instance) -> dict[str, str]:
    interface = instance.nics[0]
    subnet = interface.subnet
    mac = f"network/interfaces/macs/{interface.mac_address}/"
    told = {
        "ami-id": instance.image_id, "ami-launch-index": str(instance.ami_launch_index),
        "hostname": instance.private_dns_name, "instance-id": instance.id,
        "instance-life-cycle": "spot" if instance.lifecycle == "spot" else "on-demand",
        "instance-type": instance.instance_type, "local-hostname": instance.private_dns_name,
        "local-ipv4": interface.private_ip_address, "mac": interface.mac_address,
        mac + "device-number": "0", mac + "interface-id": interface.id, mac + "local-ipv4s": interface.private_ip_address,
        mac + "owner-id": instance.owner_id, mac + "subnet-id": subnet.id, mac + "vpc-id": subnet.vpc_id,
        mac + "subnet-ipv4-cidr-block": subnet.cidr_block,
        mac + "security-group-ids": "\n".join(group.id for group in interface.group_set),
        "placement/availability-zone": subnet.availability_zone,
        "placement/availability-zone-id": subnet.availability_zone_id, "placement/region": instance.region_name,
        "security-groups": "\n".join(group.name for group in interface.group_set),
        "services/domain": DNS_SUFFIX, "services/partition": NAME,
    }
    if interface.public_ip:
        told["public-ipv4"] = told[mac + "public-ipv4s"] = interface.public_ip
    return told


def _identity(instance) -> dict:
    return {"accountId": instance.owner_id, "architecture": instance.architecture,
            "availabilityZone": instance.nics[0].subnet.availability_zone, "billingProducts": None,
            "devpayProductCodes": None, "marketplaceProductCodes": None, "imageId": instance.image_id,
            "instanceId": instance.id, "instanceType": instance.instance_type, "kernelId": None,
            "pendingTime": instance.launch_time.strftime(_TIME), "privateIp": instance.private_ip, "ramdiskId": None,
            "region": instance.region_name, "version": "2017-09-30"}


class InstanceRole:
    """The role of an instance's profile as they are now, and one session of it until that is nearly over."""

    def __init__(self, instance, now: Callable[[], datetime]):
        self._instance, self._now = instance, now
        self._session = None
        self._updated = self._expires = now()

    def facts(self) -> dict[str, str | Callable[[], str]]:
        """Below meta-data/; nothing without a profile. The caller holds moto's lock."""
        association = self._instance.ec2_backend.iam_instance_profile_associations.get(self._instance.id)
        if association is None:
            return {}
        profile = association.iam_instance_profile
        info = {"Code": "Success", "LastUpdated": self._now().strftime(_TIME), "InstanceProfileArn": profile.arn,
                "InstanceProfileId": profile.id}
        told: dict[str, str | Callable[[], str]] = {"iam/info": json.dumps(info, indent=2)}
        for role in profile.roles:
            if role in iam_backends[self._instance.owner_id][NAME].roles.values():
                told[f"iam/security-credentials/{role.name}"] = functools.partial(self._credentials, role)
        return told

    def _credentials(self, role) -> str:
        with moto_lock:
            if not _trusts_ec2(role):
                return json.dumps({
                    "Code": "AssumeRoleUnauthorizedAccess", "LastUpdated": self._now().strftime(_TIME),
                    "Message": f"EC2 cannot assume the role {role.name}. Please see documentation at "
                    "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html."}, indent=2)
            if self._session is None or self._session.role_arn != role.arn or self._now() > self._expires - _RENEWED:
                self._updated, self._expires = self._now(), self._now() + _SESSION
                self._session = sts_backends[self._instance.owner_id][NAME].assume_role(
                    HOME, self._instance.id, role.arn, None, int(_SESSION.total_seconds()), None)
            made = self._session
        return json.dumps({
            "Code": "Success", "LastUpdated": self._updated.strftime(_TIME), "Type": "AWS-HMAC",
            "AccessKeyId": made.access_key_id, "SecretAccessKey": made.secret_access_key, "Token": made.session_token,
            "Expiration": self._expires.strftime(_TIME)}, indent=2)


def _trusts_ec2(role) -> bool:
    """By the role's trust policy; conditions on what EC2 does not send do not hold."""
    text = role.assume_role_policy_document
    document = json.loads(text) if isinstance(text, str) else text
    question = Question("sts:AssumeRole", role.arn, {})

    def named(effect: str) -> bool:
        return any(kind == "Service" and name in _EC2 for statement in applying(document, effect, question)
                   for kind, name in principals(statement) if "Principal" in statement)
    return named("Allow") and not named("Deny")
