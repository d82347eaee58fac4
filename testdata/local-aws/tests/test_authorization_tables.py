# SPDX-License-Identifier: Apache-2.0
"""The tables of actions against AWS's Service Authorization Reference and the schemas of CloudFormation's handlers."""

import json
import re
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from local_aws.authorization.demand import Place, arn  # noqa: E402
from local_aws.authorization.tables import TABLES  # noqa: E402
from local_aws.cloudformation import schema  # noqa: E402
from local_aws.cloudformation.handler_actions import HANDLERS  # noqa: E402
from local_aws.simulation import Question, applying  # noqa: E402
from test_cloudformation_cloud import TEMPLATE  # noqa: E402

REFERENCE = json.loads((HERE / "service_authorization.json").read_text())["actions"]
REQUESTS = [(f"{service}:{operation}", rows) for service, table in TABLES.items() for operation, rows in table.items()]
STEPS = [(f"{name} {verb}", rows) for name, verbs in HANDLERS.items() for verb, rows in verbs.items()]
TAGS = "aws:RequestTag/${TagKey}"
# Keys that any action may be asked with.
EVERYWHERE = {"aws:TagKeys", "aws:ViaAWSService"}
# A name in a template that stands for the whole of the resource.
WHOLE = {"TaggedResource", "PassedRole", "KeyArn", "TargetKeyArn", "Stack", "PolicyArn", "RoleArn", "RoleARN",
         "LoadBalancerArn", "TargetGroupArn", "ListenerArn", "RuleArn", "PriorityRuleArn", "NewListener", "NewRule",
         "ResourceArns", "CertificateArn", "ListenerOfBalancer", "PolicySourceArn", "ResourceArn", "EfsLinkedRole", "MemoryDbLinkedRole", "AliasName", "CopySource"}


def whole(resource: str) -> bool:
    return resource == "{id}" or resource[1:-1] in WHOLE


def shape(template: str) -> re.Pattern:
    """The pattern of an ARN of the reference; a * in a name of ours is a name."""
    text = re.escape(re.sub(r"\$\{[^}]*\}", "\0", template)).replace("\0", "[^:]*?")
    return re.compile(text)


def kinds(action: str, resource: str) -> set[str]:
    """The resource types of the reference that our template makes ARNs of."""
    name = re.sub(r"\{Path\}", "/", arn(action, resource, Place("us-west-2", "123456789012")))
    name = re.sub(r"\{\w+\}", "x", name)
    found = {kind for kind, row in REFERENCE[action]["resources"].items() if shape(row["arn"]).fullmatch(name)}
    # Only the slash tells a bucket from an object.
    return found - {"bucket"} if action.startswith("s3:") and "/" in resource else found


@pytest.mark.parametrize("where, rows", REQUESTS + STEPS, ids=lambda value: value if isinstance(value, str) else "")
def test_every_row_is_as_the_reference_has_it(where, rows):
    for row in rows:
        known = REFERENCE[row.action]
        required = {kind for kind, entry in known["resources"].items() if entry["required"]}
        if row.resource == "*":
            assert not required, f"{row.action} is checked on {sorted(required)}"
        elif not whole(row.resource):
            assert kinds(row.action, row.resource), f"{row.action} is not checked on {row.resource}"
        assert not row.tagged or TAGS in known["keys"] or row.action.endswith(
            ("DeleteTags", "AssumeRole", "TagSession")), f"{row.action} is not asked with tags"
        foreign = set(row.context) - set(known["keys"]) - EVERYWHERE
        assert not foreign, f"{row.action} is not asked with {foreign}"


@pytest.mark.parametrize("where, rows", REQUESTS + STEPS, ids=lambda value: value if isinstance(value, str) else "")
def test_every_required_resource_is_checked(where, rows):
    for action in {row.action for row in rows}:
        ours = [row for row in rows if row.action == action]
        if any(whole(row.resource) for row in ours):
            continue
        checked = set().union(*(kinds(action, row.resource) for row in ours if row.resource != "*"))
        required = {kind for kind, entry in REFERENCE[action]["resources"].items() if entry["required"]}
        assert required <= checked, f"{action} is also checked on {sorted(required - checked)}"


@pytest.mark.parametrize("name", sorted(HANDLERS))
def test_no_handler_does_what_its_schema_does_not_list(name):
    """But for what the service itself does with the caller's permissions."""
    handlers = schema.of(name).document["handlers"]
    listed = {permission.lower() for verb in handlers.values() for permission in verb["permissions"]}
    tagging = schema.of(name).document.get("tagging") or {}
    listed |= {permission.lower() for permission in tagging.get("permissions", ())}
    more = {"ec2:describesubnets"} if name == "AWS::EFS::MountTarget" else set()
    more |= {"memorydb:updateparametergroup"} if name == "AWS::MemoryDB::ParameterGroup" else set()
    ours = {row.action.lower() for verb in HANDLERS[name].values() for row in verb}
    assert ours - listed - more == set()


@pytest.mark.parametrize("version, allowed", [("2012-10-17", True), ("2008-10-17", False)])
def test_older_documents_have_no_variables(version, allowed):
    question = Question("s3:GetObject", "arn:aws:s3:::data/amy", {"aws:username": ["amy"]})
    document = {"Version": version, "Statement": {
        "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data/${aws:username}"}}
    assert bool(applying(document, "Allow", question)) is allowed


@pytest.mark.parametrize("resource, allowed", [("certificate/*", True), ("certificate/1234", False)])
def test_an_asterisk_can_stand_for_itself(resource, allowed):
    question = Question("acm:AddTagsToCertificate", f"arn:aws:acm:us-west-2:123456789012:{resource}", {})
    document = {"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Action": "acm:*", "Resource": "arn:aws:acm:*:*:certificate/${*}"}}
    assert bool(applying(document, "Allow", question)) is allowed


def stack_calls(template: str, parameters: dict) -> set[str]:
    """The IAM actions of every call that the engine makes to the services for a stack, from creation to deletion."""
    from local_aws import environment, wire  # noqa: F401  (before moto)
    from local_aws.actions import iam_action
    from local_aws.front import Front
    front, calls = Front(0), set()
    answer = front.direct._answer

    def recorded(region, account, method, target, headers, body):
        addressed = wire.address(wire.Raw(method, target, headers, body))
        calls.add(iam_action(addressed.service.name, addressed.action))
        return answer(region, account, method, target, headers, body)
    front.direct._answer = recorded
    cloudformation = front.direct("cloudformation", "us-west-2")
    stack = cloudformation.create_stack(
        StackName="stack", TemplateBody=template, Capabilities=["CAPABILITY_NAMED_IAM"],
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()])["StackId"]
    waiter = {"Delay": 0.05, "MaxAttempts": 1200}
    cloudformation.get_waiter("stack_create_complete").wait(StackName=stack, WaiterConfig=waiter)
    cloudformation.delete_stack(StackName=stack)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig=waiter)
    return {call for call in calls if not call.startswith("cloudformation:")}


def test_the_engine_calls_nothing_that_its_table_does_not_ask_for():
    cloud = "cld_" + "a" * 26
    calls = stack_calls(TEMPLATE, {
        "CloudId": cloud, "ControlPlaneAccount": "123456789012", "ExternalId": cloud, "ZoneCount": "2",
        "Zones": "us-west-2a,us-west-2b", "EnableMemoryDB": "true", "SshCidr": "10.0.0.0/8"})
    asked_for = {row.action for verbs in HANDLERS.values() for rows in verbs.values() for row in rows}
    assert "ec2:CreateVpc" in calls and "memorydb:DeleteCluster" in calls
    # early validation looks at the bucket's name with permissions of CloudFormation's own
    assert calls - asked_for == {"s3:ListBucket"}
