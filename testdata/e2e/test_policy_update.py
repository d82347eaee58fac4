# SPDX-License-Identifier: Apache-2.0
"""Least privilege of `update`: with what `policy update` prints it does all its work, and each action is needed."""

from __future__ import annotations

import pytest
from conftest import TEMPLATE, wait_for
from least_privilege import Person, actions_of, each_is_needed, without
from test_policy_least_privilege import AT_ONCE, HERE, MEMORYDB, ROOM, made

# What an earlier template had otherwise: names of policies and statements, no TLS, no lifecycle of files.
OLDER = (("PolicyName: node\n", "PolicyName: nodes\n"), ("Sid: ControlPlane\n", "Sid: TheControlPlane\n"),
         ("aws:SecureTransport", "aws:ViaAWSService"), ("AFTER_60_DAYS", "AFTER_30_DAYS"),
         ("ExposedHeaders: [Accept-Ranges, Content-Range, Content-Length]", "ExposedHeaders: [Accept-Ranges]"))
CHANGED = ("--overwrite-template", "--https-cidr", "198.51.100.0/24", "--old-version-days", "30")
TAG = ("--tag", "team=ray")
# Needed where something goes wrong, or only once in an account.
SELDOM = {"cloudformation:DescribeEvents", "iam:CreateServiceLinkedRole"}
PLAIN = ("--deployment", "managed")
# Needed to find what somebody else changed, without which an update does its work.
DRIFT = {"cloudformation:DescribeStackDriftDetectionStatus", "cloudformation:DescribeStackResourceDrifts",
         "cloudformation:DetectStackDrift", "ec2:DescribeInternetGateways", "ec2:DescribeSecurityGroupRules",
         "elasticfilesystem:DescribeMountTargetSecurityGroups", "iam:GetInstanceProfile"}


@pytest.fixture
def person(local_aws, tmp_path):
    local_aws.control("POST", "quotas", ROOM)
    return Person(tmp_path, local_aws, HERE)


def older(person, *words) -> str:
    """A cloud that the administrator made, whose stack has another template."""
    name = made(person, *words)
    cloudformation = person.local_aws.client("cloudformation", person.region)
    stack, template = person.administrator.record(name)["stack_name"], TEMPLATE
    for new, old in OLDER:
        assert new in template, new
        template = template.replace(new, old)
    parameters = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["Parameters"]
    cloudformation.update_stack(
        StackName=stack, TemplateBody=template, Capabilities=["CAPABILITY_NAMED_IAM"],
        Parameters=[{"ParameterKey": row["ParameterKey"], "UsePreviousValue": True} for row in parameters])
    wait_for(lambda: cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"] == "UPDATE_COMPLETE", 60)
    return name


def update(person, name, *words, code=None):
    return person.run("update", "--name", name, "--yes", *words, code=code)


@pytest.mark.parametrize("words", [(), TAG, (MEMORYDB,)], ids=["plain", "tag", "memorydb"])
def test_update_with_its_policy(person, words):
    document = person.policy("update", *words)
    name = older(person)
    person.hold(document)
    person.needed()
    update(person, name, *CHANGED, *words, code=0)
    assert person.needed() <= set(actions_of(document))


def test_update_needs_each_action(person):
    """What verify needs of it is proven with verify."""
    document = person.policy("update")
    own = set(actions_of(document)) - set(actions_of(person.policy("verify", *PLAIN))) - SELDOM - DRIFT
    each_is_needed(person, document, sorted(own - {"cloudformation:SetStackPolicy"}),
                   lambda who: update(who, older(who), *CHANGED), at_once=AT_ONCE)


def test_update_with_tags_needs_each_action(person):
    document = person.policy("update", *TAG)
    own = sorted(set(actions_of(document)) - set(actions_of(person.policy("update"))))
    assert {"cloudformation:TagResource", "ec2:CreateTags", "iam:TagInstanceProfile"} <= set(own)
    each_is_needed(person, document, own, lambda who: update(who, made(who), *TAG), at_once=AT_ONCE)


def test_memorydb_comes_and_goes_with_the_policy(person):
    """The stack policy is lowered for it."""
    name = made(person)
    document = person.policy("update", MEMORYDB)
    person.hold(document)
    person.needed()
    update(person, name, MEMORYDB, code=0)
    update(person, name, "--disable-head-node-fault-tolerance", "--allow-loss", "MemoryDBCluster", code=0)
    needed = person.needed()
    assert {"cloudformation:SetStackPolicy", "memorydb:DeleteCluster"} <= needed <= set(actions_of(document))
    update(person, name, MEMORYDB, code=0)
    each_is_needed(person, document, ["cloudformation:SetStackPolicy"],
                   lambda who: update(who, name, "--disable-head-node-fault-tolerance", "--allow-loss", "MemoryDBCluster"))


def test_a_rollback_is_gone_on_with_by_the_policy(person):
    """The same as for the update, and one action more."""
    document, local_aws = person.policy("update", "--continue"), person.local_aws
    own = set(actions_of(document)) - set(actions_of(person.policy("update")))
    assert own == {"cloudformation:ContinueUpdateRollback"}
    name = made(person)
    local_aws.fail({"logical_id": "ControlPlaneRole", "when": "update", "times": 1},
                   {"logical_id": "SecurityGroup", "when": "update", "skip": 1})
    person.hold(document)
    update(person, name, "--external-id", "theirs", "--https-cidr", "198.51.100.0/24", code=4)
    local_aws.fail()
    person.hold(without(document, *own))
    denied = update(person, name, "--continue", code=4)
    assert "cloudformation:ContinueUpdateRollback" in denied.stderr and "cloudctl policy update" in denied.stderr
    person.hold(document)
    person.needed()
    update(person, name, "--continue", code=0)
    assert person.needed() <= set(actions_of(document))


def test_the_plan_needs_no_permission_to_change(person):
    name = older(person)
    changing = ("cloudformation:ExecuteChangeSet", "cloudformation:SetStackPolicy", "iam:PutRolePolicy", "s3:PutBucketPolicy")
    person.hold(without(person.policy("update"), *changing))
    assert "Changes" in person.run("update", "--name", name, "--plan", *CHANGED, code=1).stdout


def test_what_finds_drift_is_needed(person):
    """Without one of them the plan alone ends with 3, and says which is missing."""
    document, name = person.policy("update"), made(person)
    person.hold(document)
    assert "nothing to do" in person.run("update", "--name", name, "--plan", code=0).stdout
    each_is_needed(person, document, sorted(DRIFT), lambda who: who.run("update", "--name", name, "--plan", code=3))
