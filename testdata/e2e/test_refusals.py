# SPDX-License-Identifier: Apache-2.0
"""Why AWS refused a stack is always said: early validation, hooks, what an organization denies, types that a region
does not have."""

import pytest
from conftest import REGION

SETUP = ("setup", "--name", "demo", "--region", REGION, "--yes")
HOOK = {"hook": "AWS::ControlTower::Hook", "type": "AWS::EC2::SecurityGroup",
        "reason": "[CT.EC2.PR.4]: Require that a security group is not open [FIX]: Remove the rule"}


@pytest.fixture
def taken(cloudctl, local_aws):
    """The bucket that the next try of setup wants is there; its record is of a try that failed."""
    local_aws.fail({"logical_id": "Vpc", "times": 1})
    cloudctl.run(*SETUP, code=4)
    bucket = f"cloudctl-data-{cloudctl.record('demo')['stack_name']}"
    local_aws.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    return bucket


def test_what_an_early_validation_found(cloudctl, local_aws, taken):
    done = cloudctl.run(*SETUP, "--skip-preflight", code=4)
    says = f"S3 bucket failed: Resource of type 'AWS::S3::Bucket' with identifier '{taken}' already exists"
    assert done.stderr.splitlines()[-1].startswith("cloudctl: setting up cloud 'demo'") and says in done.stderr
    assert says in done.stderr.splitlines()[-1] and "/Resources/Bucket/Properties/BucketName" in done.stderr
    assert "Nothing was created" in done.stderr and "rolled back" not in done.stderr
    [request] = local_aws.requests("cloudformation:DescribeEvents")
    assert request["parameters"]["Filters.FailedEvents"] == "true"


def test_what_an_early_validation_found_and_may_not_be_read(cloudctl, local_aws, taken):
    local_aws.faults({"match": "cloudformation:DescribeEvents", "code": "AccessDenied"})
    done = cloudctl.run(*SETUP, "--skip-preflight", code=4)
    assert "needs cloudformation:DescribeEvents" in done.stderr and "Nothing was created" in done.stderr
    assert "AWS::EarlyValidation::ResourceExistenceCheck" in done.stderr.splitlines()[-1]


def test_what_a_hook_says(cloudctl, local_aws):
    local_aws.control("POST", "hooks", [HOOK])
    last = cloudctl.run(*SETUP, code=4).stderr.splitlines()[-1]
    assert f"Security group failed: the hook AWS::ControlTower::Hook refused it: {HOOK['reason']}" in last
    assert local_aws.requests("cloudformation:DescribeEvents") == []


def test_a_hook_that_only_warns(cloudctl, local_aws):
    local_aws.control("POST", "hooks", [HOOK | {"mode": "WARN"}])
    cloudctl.run(*SETUP)
    assert cloudctl.record("demo")["state"] == "ready"


def refused_update(cloudctl, *words) -> str:
    """What an update says whose change set CloudFormation refuses; nothing of it stays."""
    before = cloudctl.record("demo")
    errors = cloudctl.run("update", "demo", "--yes", *words, code=4).stderr
    assert cloudctl.record("demo") | {"updated": None} == before | {"updated": None}
    return errors


def test_each_reason_why_a_change_set_is_refused(cloudctl, local_aws):
    cloudctl.run(*SETUP)
    record, memorydb = cloudctl.record("demo"), local_aws.client("memorydb")
    memorydb.create_parameter_group(ParameterGroupName=record["stack_name"], Family="memorydb_redis7")
    memorydb.create_subnet_group(SubnetGroupName=record["stack_name"], SubnetIds=record["resources"]["subnet_ids"][:1])
    errors = refused_update(cloudctl, "--enable-head-node-fault-tolerance")
    for name, logical_id, member in (("MemoryDB parameter group", "MemoryDBParameterGroup", "ParameterGroupName"),
                                     ("MemoryDB subnet group", "MemoryDBSubnetGroup", "SubnetGroupName")):
        assert f"{name} failed: Resource of type" in errors and f"/Resources/{logical_id}/Properties/{member}" in errors
    assert "CloudFormation refuses the change: MemoryDB" in errors.splitlines()[-1] and "already exists" in errors.splitlines()[-1]
    [request] = local_aws.requests("cloudformation:DescribeEvents")
    assert request["parameters"]["ChangeSetName"].startswith("arn:") and "changeSet" in request["parameters"]["ChangeSetName"]


def test_a_hook_refuses_a_change_set(cloudctl, local_aws):
    cloudctl.run(*SETUP)
    local_aws.control("POST", "hooks", [HOOK | {"type": "CHANGE_SET"}])
    last = refused_update(cloudctl, "--ssh-cidr", "203.0.113.0/24").splitlines()[-1]
    assert f"refuses the change: The stack: the hook AWS::ControlTower::Hook refused it: {HOOK['reason']}" in last
    local_aws.faults({"match": "cloudformation:DescribeEvents", "code": "AccessDenied"})
    errors = refused_update(cloudctl, "--ssh-cidr", "203.0.113.0/24")
    assert "needs cloudformation:DescribeEvents" in errors
    assert "refuses the change: The following hook(s) failed: [AWS::ControlTower::Hook]" in errors.splitlines()[-1]


@pytest.mark.parametrize("denied, advice", [
    ("with an explicit deny in a service control policy", "ask those who administer the organization"),
    ("because no permissions boundary allows the ec2:CreateVpc action", "ask those who set the boundary"),
    ("because no identity-based policy allows the ec2:CreateVpc action", "cloudctl policy setup --check"),
])
def test_who_can_change_what_denies_it(cloudctl, local_aws, denied, advice):
    reason = f"User: arn:aws:iam::1:user/u is not authorized to perform: ec2:CreateVpc on resource: * {denied}"
    local_aws.fail({"logical_id": "Vpc", "reason": reason, "code": "AccessDenied"})
    done = cloudctl.run(*SETUP, code=4)
    assert denied in done.stderr.splitlines()[-1] and advice in done.stderr


def test_memorydb_where_there_is_none(cloudctl, local_aws):
    words = ("setup", "--name", "demo", "--region", "ap-northeast-3", "--yes")
    done = cloudctl.run(*words, "--enable-head-node-fault-tolerance", code=4)
    assert "FAIL    preflight.zones: ap-northeast-3 has no MemoryDB" in done.stderr
    # CloudFormation learns of a service later than the region does
    zones = [f"ap-northeast-3{letter}" for letter in "abc"]
    local_aws.control("POST", "zones", [{"service": "memory-db", "zones": zones, "region": "ap-northeast-3"}])
    done = cloudctl.run(*words, "--enable-head-node-fault-tolerance", code=4)
    assert "Unrecognized resource types: [AWS::MemoryDB::Cluster" in done.stderr
    assert "choose another region, or leave --enable-head-node-fault-tolerance out" in done.stderr
    assert local_aws.stacks() == [] and cloudctl.records() == []
    cloudctl.run(*words)
