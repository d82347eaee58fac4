# SPDX-License-Identifier: Apache-2.0
"""With whose permissions a stack acts, and whether they are enough for the next step of a resource.

Without a role of its own a stack acts as whoever asked for the operation (a forward access session): his policies as
they are at that moment, and aws:CalledVia says cloudformation.amazonaws.com. With one, it acts as that role.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .. import identity
from ..authorization import linked_roles, resources
from ..authorization.asked import texts
from ..authorization.authorizer import Authorizer
from ..authorization.demand import Demand, Need, Place, needs, tags_of
from ..identity import Principal
from ..partition import ARN
from . import schema
from .handler_actions import HANDLERS
from .resources.resource_type import HandlerFailure, difference, tag_changes
from .stacks import Stack

_VIA = ("cloudformation.amazonaws.com",)
_NAMES = ("RoleName", "InstanceProfileName", "ManagedPolicyName", "BucketName", "SubnetGroupName",
          "ParameterGroupName", "ClusterName", "Name")


@dataclass(frozen=True)
class Step:
    """One handler's work. before: the properties until now, for an update. physical_id: "" until there is one."""

    type: str
    logical_id: str
    properties: dict[str, Any]
    before: dict[str, Any]
    physical_id: str


class Permissions:
    """What one operation on a stack may do. authorizer None: nothing is judged."""

    def __init__(self, authorizer: Authorizer | None, stack: Stack, caller: Principal | None):
        self._authorizer = authorizer
        self._stack = stack
        self._caller = caller

    def check(self, verb: str, step: Step, after_making: bool = False) -> None:
        """Raises Denied for the first action of the verb that is not allowed.

        after_making: the rows about the physical id, of a creation that has just got one; without it, the others.
        """
        if not self._judging:
            return
        if step.type not in HANDLERS:
            raise HandlerFailure(f"The local AWS does not know which permissions {step.type} needs; "
                                 "cloudformation/handler_actions.py says it of others")
        rows = HANDLERS[step.type][verb]
        if verb == "create":
            rows = tuple(row for row in rows if _about_the_made(row) == after_making)
        place = Place(self._stack.region, self._stack.account)
        tags = tags_of(step.properties.get(schema.of(step.type).tag_property or "", []))
        wanted = needs(rows, _Values(step, self._stack, place), _own(tags), place)
        self._require(wanted, made=step.physical_id if after_making else "", tags=tags)

    def zones(self) -> None:
        """Fn::GetAZs asks EC2."""
        if self._judging:
            self._require([Need("ec2:DescribeAvailabilityZones", "*")])

    @property
    def _judging(self) -> bool:
        return self._authorizer is not None and self._authorizer.enforcing and self._caller is not None

    def _require(self, wanted: list[Need], **more) -> None:
        # A service's role needs no forward access session: then nothing is called via CloudFormation.
        via, caller = ((), self._role()) if self._stack.role_arn else (_VIA, self._caller)
        self._authorizer.require(wanted, caller, Place(self._stack.region, self._stack.account), via=via, **more)

    def _role(self) -> Principal:
        arn, account = self._stack.role_arn, self._stack.account
        name = arn.rpartition("/")[2]
        role = identity.entity(account, "role", name)
        user_id = f"{role.id if role else name}:AWSCloudFormation"
        return Principal(account, f"{ARN}sts::{account}:assumed-role/{name}/AWSCloudFormation", user_id, "", "",
                         role_arn=arn)


def _about_the_made(row: Demand) -> bool:
    return "{id}" in row.resource or any("{id}" in value for value in row.context.values())


def _own(tags: dict[str, str]) -> dict[str, str]:
    """The tags that the caller gives: CloudFormation's own are set by itself."""
    return {key: value for key, value in tags.items() if not key.startswith("aws:")}


class _Values:
    """The {names} of a row. For an update, "when" asks given(), which knows only the properties that change."""

    def __init__(self, step: Step, stack: Stack, place: Place):
        self._step, self._stack, self._place = step, stack, place

    def __call__(self, name: str) -> list[str]:
        derived = getattr(self, "_" + name.lower(), None)
        return [value for value in derived() if value] if derived else texts(self._step.properties.get(name))

    def given(self, name: str) -> list[str]:
        step = self._step
        if step.before and name in step.before and name not in step.properties:
            return [] if hasattr(self, f"_{name.lower()}removed") else ["removed"]
        if step.before and name in step.properties and step.properties[name] == step.before.get(name):
            return []
        return self(name)

    def _region(self) -> list[str]:
        return [self._place.region]

    def _account(self) -> list[str]:
        return [self._place.account]

    def _id(self) -> list[str]:
        return [self._step.physical_id]

    def _name(self) -> list[str]:
        """The given name, the one that it got, or one as CloudFormation will generate it."""
        step = self._step
        given = next((step.properties[name] for name in _NAMES if name in step.properties and not (
            step.type.endswith("::Cluster") and name != "ClusterName")), "")
        return [given or step.physical_id or f"{self._stack.name}-{step.logical_id}-000000000000"]

    def _listenerofbalancer(self) -> list[str]:
        """A listener that is not made yet, by the load balancer that it is for."""
        arn = self._step.properties.get("LoadBalancerArn", "")
        return [arn.replace(":loadbalancer/", ":listener/", 1) + "/*"] if arn else []

    def _allocation(self) -> list[str]:
        """An elastic IP address is known to its stack by the address, and to policies by its allocation."""
        return [resources.allocation_of(self._place, self._step.physical_id)]

    def _efskeyid(self) -> list[str]:
        if self._step.properties.get("Encrypted") is not True:
            return []
        name = self._step.properties.get("KmsKeyId", "alias/aws/elasticfilesystem")
        return [resources.key_id(self._place, name)]

    def _kmskeyid(self) -> list[str]:
        name = self._step.properties.get("KmsKeyId")
        return [resources.key_id(self._place, name)] if name else []

    def _efslinkedrole(self) -> list[str]:
        return linked_roles.missing(self._place.account, linked_roles.EFS)

    def _memorydblinkedrole(self) -> list[str]:
        return linked_roles.missing(self._place.account, linked_roles.MEMORYDB)

    def _tags(self) -> tuple[list[dict], list[str]]:
        name = schema.of(self._step.type).tag_property or ""
        return tag_changes(self._step.properties.get(name, []), self._step.before.get(name, []))

    def _tagswritten(self) -> list[str]:
        return [tag["Key"] for tag in self._tags()[0]]

    def _tagsremoved(self) -> list[str]:
        return self._tags()[1]

    def _difference(self, name: str, added: bool) -> list[str]:
        new, old = difference(self._step.properties.get(name, []), self._step.before.get(name, []))
        return texts(new if added else old)

    def _policiesadded(self) -> list[str]:
        return self._difference("Policies", True)

    def _policiesremoved(self) -> list[str]:
        kept = {policy["PolicyName"] for policy in self._step.properties.get("Policies", [])}
        return [policy["PolicyName"] for policy in self._step.before.get("Policies", [])
                if policy["PolicyName"] not in kept]

    def _managedpolicyarnsadded(self) -> list[str]:
        return self._difference("ManagedPolicyArns", True)

    def _managedpolicyarnsremoved(self) -> list[str]:
        return self._difference("ManagedPolicyArns", False)

    def _removed(self, name: str) -> list[str]:
        return ["true"] if name in self._step.before and name not in self._step.properties else []

    def _filesystempolicyremoved(self) -> list[str]:
        return self._removed("FileSystemPolicy")

    def _permissionsboundaryremoved(self) -> list[str]:
        return self._removed("PermissionsBoundary")
