# SPDX-License-Identifier: Apache-2.0
"""Each action that `verify` uses is denied in turn: exactly the checks that cannot be decided without it are UNKNOWN
and name what to grant; all others stand.

Which actions those are comes from the recorded requests; what depends on them was derived by hand, below. Who calls
(sts:GetCallerIdentity) cannot be denied.
"""

import pytest
from verify_support import Site, new_cloud

IDENTITY = "sts:GetCallerIdentity"
PERMISSIONS = {"control": ["iam.control-plane.clusters", "iam.control-plane.pass-role", "iam.control-plane.services",
                           "iam.control-plane.spot", "iam.control-plane.tag", "iam.control-plane.reach",
                           "s3.access.control-plane"],
               "node": ["iam.node.ecr", "s3.access.node"]}
GROUPS = [f"security-groups.{name}" for name in (
    "exist", "vpc", "https", "ssh", "self-in", "self-out", "egress", "open-ports")]
SUBNETS = [f"subnets.{name}" for name in ("exist", "vpc", "cidr-size", "free-addresses", "zones", "route", "public-ip",
                                          "network-acl", "public-zones")]
MEMORYDB = [f"memorydb.{name}" for name in ("exists", "vpc", "subnets", "security-group", "tls", "replicas", "shards", "users",
                                            "maxmemory-policy")]
ROLES = [f"iam.{role}" for role in ("control-plane.exists", "control-plane.trust", "control-plane.external-id",
                                    "node.exists", "node.trust")]
BOTH_ROLES = PERMISSIONS["control"] + PERMISSIONS["node"]

# Operation, the IAM action where it has another name, and the checks that need its answer.
# A region is proved by any answer of EC2, and the answer asked for is DescribeVpcs. Rules may name address blocks, so
# reaching a port is decided with the subnets' blocks in hand. A role's permissions boundary is in GetRole. Whoever
# answers how a bucket is encrypted has the bucket. A file system's tag says that there are backups; without it the
# backup policy is asked for.
OPERATIONS = {
    "ec2:DescribeVpcs": (None, ["account.region", "vpc.exists", "vpc.cidr-size", "vpc.dns", "vpc.tenancy",
                                 "vpc.docker-block"]),
    "ec2:GetEbsEncryptionByDefault": (None, ["account.ebs-key"]),
    "ec2:DescribeVpcAttribute": (None, ["vpc.dns"]),
    "ec2:DescribeDhcpOptions": (None, ["vpc.dns"]),
    "ec2:DescribeVpcEndpoints": (None, ["vpc.s3-endpoint", "vpc.interface-endpoints"]),
    "servicequotas:GetServiceQuota": (None, ["quotas.vcpu", "quotas.spot-vcpu"]),
    "ec2:DescribeSubnets": (None, [*SUBNETS, "vpc.s3-endpoint", "efs.mount-targets", "efs.security-group",
                                   "memorydb.security-group"]),
    "ec2:DescribeRouteTables": (None, ["subnets.route", "vpc.s3-endpoint"]),
    "ec2:DescribeNatGateways": (None, ["subnets.route"]),
    "ec2:DescribeNetworkAcls": (None, ["subnets.network-acl"]),
    "ec2:DescribeSecurityGroups": (None, [*GROUPS, "efs.security-group", "memorydb.security-group"]),
    "ec2:DescribeNetworkInterfaces": (None, ["efs.security-group"]),
    "iam:GetRole": (None, ROLES + BOTH_ROLES),
    "iam:ListInstanceProfilesForRole": (None, ["iam.node.instance-profile"]),
    "iam:ListRolePolicies": (None, BOTH_ROLES),
    "iam:GetRolePolicy": (None, BOTH_ROLES),
    "iam:ListAttachedRolePolicies": (None, BOTH_ROLES),
    "iam:GetPolicy": (None, PERMISSIONS["node"]),  # the control-plane role of the customer has inline policies only
    "iam:GetPolicyVersion": (None, PERMISSIONS["node"]),
    "s3:GetBucketPolicy": (None, ["s3.access.control-plane", "s3.access.node"]),
    "s3:GetBucketCors": ("s3:GetBucketCORS", ["s3.cors"]),
    "s3:GetPublicAccessBlock": ("s3:GetBucketPublicAccessBlock", ["s3.public-access"]),
    "s3:GetBucketVersioning": (None, ["s3.versioning"]),
    "s3:GetBucketLifecycleConfiguration": ("s3:GetLifecycleConfiguration", ["s3.lifecycle"]),
    "s3:GetBucketEncryption": ("s3:GetEncryptionConfiguration", ["s3.exists", "s3.region", "s3.kms"]),
    "kms:DescribeKey": (None, ["efs.key"]),
    "kms:GetKeyPolicy": (None, ["s3.kms"]),
    "elasticfilesystem:DescribeFileSystems": (None, ["efs.exists", "efs.key", "efs.backup"]),
    "elasticfilesystem:DescribeMountTargets": (None, ["efs.mount-targets", "efs.security-group",
                                                      "efs.mount-target-ip"]),
    "elasticfilesystem:DescribeFileSystemPolicy": (None, ["efs.policy"]),
    "elasticfilesystem:DescribeBackupPolicy": (None, ["efs.backup"]),
    "memorydb:DescribeClusters": (None, MEMORYDB),
    "memorydb:DescribeSubnetGroups": (None, ["memorydb.vpc", "memorydb.subnets"]),
    "memorydb:DescribeParameters": (None, ["memorydb.maxmemory-policy"]),
    "cloudformation:DescribeStacks": (None, ["stack.status"]),
}


# With a key of the account's own it matters for the bucket what the roles may do, and what the key is.
READ_ROLES = ("kms:DescribeKey", "iam:GetRole", "iam:ListRolePolicies", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies",
              "iam:GetPolicy", "iam:GetPolicyVersion")


class Subject:
    """A good cloud, the operations that a verification of it uses, and the checks it makes. kind None: managed, with
    MemoryDB."""

    def __init__(self, folder, server, kind: dict | None):
        self.cloud = new_cloud(folder, server)
        self.has_key = kind is not None and "key" in kind
        if kind is None:
            self.cloud.setup("--enable-head-node-fault-tolerance")
        else:
            self.cloud.register(Site(server, **kind))
        self.used = {f"{row['service']}:{row['action']}" for row in self.cloud.asked()}
        self.checks = {row["check"] for row in self.cloud.document()["findings"]}


@pytest.fixture(scope="module", params=[None, {"memorydb": True}, {"private": True}, {"key": True}], ids=[
    "managed", "registered", "private", "with-a-key"])
def subject(request, server, tmp_path_factory):
    return Subject(tmp_path_factory.mktemp("cloud"), server, request.param)


@pytest.fixture
def local_server(subject, server):
    yield server
    server.faults()


def test_the_table_knows_every_operation(subject):
    assert subject.used - {IDENTITY} <= set(OPERATIONS)
    expected = {check for _, checks in OPERATIONS.values() for check in checks}
    # What is known from the record and the caller alone.
    assert subject.checks - expected == {"account.identity", "iam.account", "subnets.count", "security-groups.count"}


def differences(subject, operation: str) -> list[str]:
    """What is wrong with the findings while the operation is denied."""
    action = OPERATIONS[operation][0] or operation
    needing = {*OPERATIONS[operation][1], *(["s3.kms"] if subject.has_key and operation in READ_ROLES else [])}
    expected = dict.fromkeys(needing & subject.checks, "UNKNOWN")
    document = subject.cloud.document()
    wrong = [f"{row['check']} does not name {action}: {row['action']}, {row['text']}" for row in document["findings"]
             if row["verdict"] == "UNKNOWN" and row["action"] != action]
    found = {row["check"]: row["verdict"] for row in document["findings"] if row["verdict"] != "PASS"}
    if found != expected or document["exit_code"] != 3:
        wrong.append(f"ended with {document['exit_code']}; found {found}; expected {expected}")
    return [f"{operation} denied: {text}" for text in wrong]


def test_each_operation_denied(subject, local_server):
    wrong = []
    for operation in sorted(subject.used - {IDENTITY}):
        local_server.faults({"match": operation, "code": "AccessDenied"})
        wrong += differences(subject, operation)
    assert wrong == []


def test_lines_name_what_to_grant(subject, local_server):
    local_server.faults({"match": "s3:GetBucketCors", "code": "AccessDenied"})
    done = subject.cloud.cloudctl.run("verify", "prod", code=3)
    for stream in (done.stdout, done.stderr):
        assert "needs: s3:GetBucketCORS" in stream and "UNKNOWN s3.cors" in stream
    assert "s3: UNKNOWN" in done.stdout.splitlines() and "efs: PASSED" in done.stdout.splitlines()


def test_how_to_see_what_is_missing_is_said_once_at_the_end(subject, local_server):
    advice = "To see which permissions are missing: cloudctl policy verify"
    local_server.faults({"match": "s3:GetBucketCors", "code": "AccessDenied"}, {"match": "ec2:DescribeSubnets", "code": "AccessDenied"})
    for words, command in ((("prod",), f"{advice} prod --check"), (("--all",), f"{advice} --check")):
        said = subject.cloud.cloudctl.run("verify", *words, code=3).stderr
        assert said.count(advice) == 1 and said.splitlines()[-1].endswith(command)
    local_server.faults()
    assert advice not in subject.cloud.cloudctl.run("verify", "prod").stderr


def test_strict_does_not_change_what_is_unknown(subject, local_server):
    local_server.faults({"match": "s3:GetBucketCors", "code": "AccessDenied"})
    assert subject.cloud.document("--strict")["exit_code"] == 3
    assert subject.cloud.document("--skip", "s3.cors")["exit_code"] == 0


def test_a_failure_outweighs_what_is_unknown(subject, local_server):
    ec2, vpc = local_server.client("ec2"), subject.cloud.cloudctl.record("prod")["resources"]["vpc_id"]
    local_server.faults({"match": "s3:GetBucketCors", "code": "AccessDenied"})
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsSupport={"Value": False})
    try:
        assert subject.cloud.document()["exit_code"] == 1
    finally:
        ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsSupport={"Value": True})


def test_everything_denied_but_who_calls(subject, local_server):
    local_server.faults(*[{"match": operation, "code": "AccessDenied"} for operation in OPERATIONS])
    document = subject.cloud.document()
    passed = {row["check"] for row in document["findings"] if row["verdict"] == "PASS"}
    assert passed == {"account.identity", "iam.account", "subnets.count", "security-groups.count"}
    assert {row["verdict"] for row in document["findings"]} == {"PASS", "UNKNOWN"} and document["exit_code"] == 3
