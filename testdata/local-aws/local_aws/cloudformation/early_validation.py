# SPDX-License-Identifier: Apache-2.0
"""What CloudFormation looks at before it makes anything of a new stack or of an update: whether names that the template
gives are taken.

The stack then ends without a resource, the change set as FAILED; why is in DescribeEvents alone (CloudFormation User Guide, "Validate stack
deployments"). Names that depend on other resources are not known yet, and not looked at.
"""

from __future__ import annotations

from typing import Any, Callable, Iterable

from botocore.exceptions import ClientError

from ..message import AwsError
from . import events
from .call import planning_scope
from .intrinsics import NO_VALUE, Scope, evaluate
from .stacks import StackResource, Target
from .work import Work

CHECK = "AWS::EarlyValidation::ResourceExistenceCheck"
REASON = (f"The following hook(s)/validation failed: [{CHECK}]. To troubleshoot Early Validation errors, use the "
          "DescribeEvents API for detailed failure information.")

Look = Callable[[Any, str], Any]
# type -> the property with its name, the service, and a call that fails when nothing has that name
NAMED: dict[str, tuple[str, str, Look]] = {
    "AWS::S3::Bucket": ("BucketName", "s3", lambda s3, name: s3.head_bucket(Bucket=name)),
    "AWS::IAM::Role": ("RoleName", "iam", lambda iam, name: iam.get_role(RoleName=name)),
    "AWS::MemoryDB::ParameterGroup": (
        "ParameterGroupName", "memorydb", lambda db, name: db.describe_parameter_groups(ParameterGroupName=name)),
    "AWS::MemoryDB::SubnetGroup": (
        "SubnetGroupName", "memorydb", lambda db, name: db.describe_subnet_groups(SubnetGroupName=name)),
    "AWS::IAM::InstanceProfile": (
        "InstanceProfileName", "iam", lambda iam, name: iam.get_instance_profile(InstanceProfileName=name)),
}
GONE = {"404", "NoSuchBucket", "NoSuchEntity", "ParameterGroupNotFoundFault", "SubnetGroupNotFoundFault"}


def refuses(work: Work, target: Target, names: Iterable[str], change_set: str = "") -> bool:
    """Writes an event for each of these resources whose name is taken; gives whether there was any."""
    scope = planning_scope(work.services, work.stack, target)
    taken = [name for name in names if _is_taken(work, target, scope, name, change_set)]
    return bool(taken)


def _is_taken(work: Work, target: Target, scope: Scope, logical_id: str, change_set: str) -> bool:
    entry = target.template["Resources"][logical_id]
    member, service, look = NAMED.get(entry["Type"], ("", "", None))
    try:
        name = evaluate(scope, (entry.get("Properties") or {}).get(member, NO_VALUE))
    except AwsError:
        return False
    if look is None or not isinstance(name, str):
        return False
    try:
        look(work.services.client(service, work.stack.region, work.stack.account), name)
    except ClientError as error:
        if error.response["Error"]["Code"] in GONE:
            return False
    resource = StackResource(logical_id, entry["Type"])
    events.validation_error(work.stack, resource, CHECK,
                            f"Resource of type '{entry['Type']}' with identifier '{name}' already exists.",
                            f"/Resources/{logical_id}/Properties/{member}", change_set)
    return True
