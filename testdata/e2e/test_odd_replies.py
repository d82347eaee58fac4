# SPDX-License-Identifier: Apache-2.0
"""Every odd reply (odd_replies.py) to every operation that `verify` asks, again and again: it never ends well, no check that
needs the answer passes, and the sanitizers are silent. An operation joins by a row.

The test run takes each reply once, on one operation after the other; testdata/soak.sh takes all.
"""

import json

import pytest
from conftest import REGION, SOAK, LocalAws
from odd_replies import NAMES, judge, rule
from verify_support import Site, new_cloud

# All that this cloud is asked (test_every_operation_is_here).
OPERATIONS = (
    "sts:GetCallerIdentity", "ec2:DescribeVpcs", "ec2:DescribeVpcAttribute", "ec2:DescribeDhcpOptions", "ec2:DescribeSubnets",
    "ec2:DescribeRouteTables", "ec2:DescribeNatGateways", "ec2:DescribeNetworkAcls", "ec2:DescribeVpcEndpoints",
    "ec2:DescribeSecurityGroups", "ec2:DescribeNetworkInterfaces", "ec2:GetEbsEncryptionByDefault", "iam:GetRole",
    "iam:ListAttachedRolePolicies", "iam:ListRolePolicies", "iam:GetRolePolicy", "iam:GetPolicy", "iam:GetPolicyVersion",
    "iam:ListInstanceProfilesForRole", "s3:GetBucketCors", "s3:GetBucketPolicy", "s3:GetBucketEncryption",
    "s3:GetPublicAccessBlock", "s3:GetBucketVersioning", "s3:GetBucketLifecycleConfiguration", "kms:DescribeKey", "kms:GetKeyPolicy", "efs:DescribeFileSystems",
    "efs:DescribeMountTargets", "efs:DescribeFileSystemPolicy", "memorydb:DescribeClusters",
    "memorydb:DescribeSubnetGroups", "memorydb:DescribeParameters", "service-quotas:GetServiceQuota")

# Replies after which a check once passed.
FOUND = {"sts:GetCallerIdentity": ["wrong types"], "s3:GetBucketPolicy": ["404 without a body"],
         "iam:GetRole": ["wrong types"]}


@pytest.fixture(scope="module")
def cloud(server, tmp_path_factory):
    made = new_cloud(tmp_path_factory.mktemp("cloud"), server)
    made.register(Site(server, private=True, memorydb=True, key=True))
    made.cloudctl.environment["AWS_MAX_ATTEMPTS"] = "1"
    yield made
    server.faults()


def passed(done) -> set[str]:
    """The checks that pass, of a run that made a document."""
    return {row["check"] for row in json.loads(done.stdout)["findings"] if row["verdict"] == "PASS"} if done.stdout else set()


@pytest.fixture(scope="module")
def every(cloud) -> set[str]:
    """The checks that pass when all is answered."""
    return passed(cloud.cloudctl.run("verify", "prod", "-o", "json", code=None))


def model_of(server: LocalAws, operation: str):
    return server.client(operation.partition(":")[0], REGION).meta.service_model


@pytest.mark.parametrize("number", range(len(OPERATIONS)), ids=OPERATIONS.__getitem__)
def test_verify(cloud, server, every, number, record_property):
    operation = OPERATIONS[number]
    verify = ("verify", "prod", "-o", "json")
    server.faults({"match": operation, "code": "AccessDenied"})
    without = passed(cloud.cloudctl.run(*verify, code=None))
    needing = sorted(every - without)
    names = NAMES if SOAK else [*NAMES[number::len(OPERATIONS)], *FOUND.get(operation, ())]
    lost = []
    for name in names:
        server.faults({"match": operation, **rule(name, model_of(server, operation), operation.partition(":")[2])})
        done = cloud.cloudctl.run(*verify, "--only", ",".join(needing), code=None)
        lost += judge(name, done)
        if false := passed(done) & set(needing):
            lost.append(f"{name}: passes without the answer: {sorted(false)}")
    record_property("tries", len(names))
    record_property("lost", len(lost))
    assert not lost, f"{operation}: {len(lost)} of {len(names)}:\n" + "\n".join(lost)


def test_every_operation_is_here(cloud, server):
    server.faults()
    asked = {f"{row['service']}:{row['action']}" for row in cloud.asked()}
    ours = {operation.replace("efs:", "elasticfilesystem:").replace("service-quotas:", "servicequotas:")
            for operation in OPERATIONS}
    assert asked == ours
