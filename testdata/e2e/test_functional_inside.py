# SPDX-License-Identifier: Apache-2.0
"""Functional verifications whose instance is real: its script runs in namespaces of this computer, and reaches what the
cloud's own network lets it reach. A mutation that a check finds is found from inside, too, by the step that it predicts.

Ray is a stand-in (stand_in_ray.py), and so is NFS (guest/mount.nfs4). AWS's services answer at the server's own address, and
a request without a signature is answered there if any of them is reached: so egress.s3 and egress.ecr are not compared.
"""

import json

import pytest
from conftest import ACCOUNT, REGION, SOAK
from guest import instances, versions
from stand_in_ray import pip, wheel

LIMIT = 600  # seconds of a run; the real Ray takes two minutes
INDEX = "index.example.org"  # of Python packages
SETUP = ("setup", "--name", "demo", "--region", REGION, "--skip-preflight", "--control-plane-account", ACCOUNT, "--yes")


class Cloud:
    def __init__(self, cloudctl, local_aws, *words):
        self.cloudctl, self.local_aws = cloudctl, local_aws
        cloudctl.run(*SETUP, *words)
        self.record = cloudctl.record("demo")
        self.resources = self.record["resources"]
        self.ec2, self.s3, self.iam = (local_aws.client(name) for name in ("ec2", "s3", "iam"))
        self.node = self.resources["node_role_arn"].rpartition("/")[2]
        self.image = self.ec2.describe_images()["Images"][0]["ImageId"]
        local_aws.control("POST", "machines", {"on": True, "beyond": "unreachable", "internet": [INDEX]})
        cloudctl.environment["PIP_INDEX_URL"] = f"https://{INDEX}/simple"

    def put_wheels(self):
        for name, body in (wheel(), pip()):
            self.s3.put_object(Bucket=self.resources["bucket"], Key=f"cloudctl/wheels/{name}", Body=body)

    def verify(self, what="workspace") -> dict[str, dict]:
        process = self.cloudctl.start("verify", "demo", "--functional-verify", what, "--functional-anyway", "--image-id", self.image,
                                      "--yes", "-o", "json")
        out, errors = process.communicate(timeout=LIMIT)
        assert "Sanitizer" not in errors, errors
        assert instances(self.local_aws) == [] and versions(self.local_aws) == []
        return {row["check"]: row for row in json.loads(out)["findings"]}


@pytest.fixture
def machines(local_aws):
    if hindrance := local_aws.control("GET", "machines")["hindrance"]:
        pytest.skip(hindrance)


def found(findings, verdict):
    return {name.removeprefix("functional."): row["text"] for name, row in findings.items()
            if name.startswith("functional.") and row["verdict"] == verdict}


def test_a_workspace_and_a_service_with_memorydb(cloudctl, local_aws, machines):
    cloud = Cloud(cloudctl, local_aws, "--enable-head-node-fault-tolerance")
    cloud.put_wheels()
    findings = cloud.verify("workspace,service")
    assert len(found(findings, "PASS")) == 18, {**found(findings, "FAIL"), **found(findings, "UNKNOWN"), **found(findings, "WARN")}
    assert found(findings, "PASS")["service.cleanup"].startswith("2 keys removed")


def no_route(cloud):
    for table in cloud.ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [cloud.resources["vpc_id"]]}])["RouteTables"]:
        for route in table["Routes"]:
            if route.get("DestinationCidrBlock") == "0.0.0.0/0":
                cloud.ec2.delete_route(RouteTableId=table["RouteTableId"], DestinationCidrBlock="0.0.0.0/0")


def no_way_to_s3(cloud):
    no_route(cloud)
    found = cloud.ec2.describe_vpc_endpoints(Filters=[{"Name": "vpc-id", "Values": [cloud.resources["vpc_id"]]}])["VpcEndpoints"]
    cloud.ec2.delete_vpc_endpoints(VpcEndpointIds=[row["VpcEndpointId"] for row in found])


def acl_out(cloud):
    for acl in cloud.ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [cloud.resources["vpc_id"]]}])["NetworkAcls"]:
        cloud.ec2.create_network_acl_entry(NetworkAclId=acl["NetworkAclId"], RuleNumber=1, Protocol="-1", RuleAction="deny",
                                           Egress=True, CidrBlock="0.0.0.0/0")


def group_out(cloud):
    for name in cloud.resources["security_group_ids"]:
        rules = cloud.ec2.describe_security_groups(GroupIds=[name])["SecurityGroups"][0]["IpPermissionsEgress"]
        cloud.ec2.revoke_security_group_egress(GroupId=name, IpPermissions=[
            row | {"UserIdGroupPairs": []} for row in rules if row.get("IpRanges")])


def group_in(cloud):
    """File system and MemoryDB have the cloud's group."""
    for name in cloud.resources["security_group_ids"]:
        rules = cloud.ec2.describe_security_groups(GroupIds=[name])["SecurityGroups"][0]["IpPermissions"]
        cloud.ec2.revoke_security_group_ingress(GroupId=name, IpPermissions=[row for row in rules if row.get("UserIdGroupPairs")])


def names(cloud):
    cloud.ec2.modify_vpc_attribute(VpcId=cloud.resources["vpc_id"], EnableDnsSupport={"Value": False})


def node_policy(cloud):
    """And the bucket's, which lets the role in as well."""
    cloud.s3.delete_bucket_policy(Bucket=cloud.resources["bucket"])
    for policy in cloud.iam.list_role_policies(RoleName=cloud.node)["PolicyNames"]:
        cloud.iam.delete_role_policy(RoleName=cloud.node, PolicyName=policy)


def node_trust(cloud):
    cloud.iam.update_assume_role_policy(RoleName=cloud.node, PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}))


def bucket_policy(cloud):
    bucket = cloud.resources["bucket"]
    cloud.s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Deny", "Principal": {"AWS": cloud.resources["node_role_arn"]}, "Action": "s3:GetObject",
         "Resource": f"arn:aws:s3:::{bucket}/*"}]}))


def boundary(cloud):
    policy = cloud.iam.create_policy(PolicyName="narrow", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}]}))["Policy"]["Arn"]
    cloud.iam.put_role_permissions_boundary(RoleName=cloud.node, PermissionsBoundary=policy)


def mount_targets(cloud):
    efs = cloud.local_aws.client("efs")
    for row in efs.describe_mount_targets(FileSystemId=cloud.resources["file_system_id"])["MountTargets"]:
        efs.delete_mount_target(MountTargetId=row["MountTargetId"])


def mount_target_groups(cloud):
    efs = cloud.local_aws.client("efs")
    group = cloud.ec2.create_security_group(GroupName="other", Description="other", VpcId=cloud.resources["vpc_id"])["GroupId"]
    for row in efs.describe_mount_targets(FileSystemId=cloud.resources["file_system_id"])["MountTargets"]:
        efs.modify_mount_target_security_groups(MountTargetId=row["MountTargetId"], SecurityGroups=[group])


# What is broken, a check that finds it, and the steps that do.
MUTATIONS = [
    (no_route, "subnets.route", {"egress.pypi"}),
    (no_way_to_s3, "subnets.route", {"egress.pypi", "s3"}),
    (acl_out, "subnets.network-acl", {"egress.pypi", "s3"}),
    (group_out, "security-groups.egress", {"egress.pypi", "s3"}),
    (group_in, "efs.security-group", {"efs"}),
    (names, "vpc.dns", {"dns", "egress.pypi", "s3"}),
    (node_policy, "s3.access.node", {"s3"}),
    (node_trust, "iam.node.trust", {"role", "s3"}),
    (bucket_policy, "s3.access.node", {"s3"}),
    (boundary, "s3.access.node", {"s3"}),
    (mount_targets, "efs.mount-targets", {"dns", "efs"}),
    (mount_target_groups, "efs.security-group", {"efs"}),
]
SAMPLE = (no_route, bucket_policy, mount_target_groups)


@pytest.mark.parametrize("mutate, check, steps", [pytest.param(*row, id=row[0].__name__) for row in MUTATIONS
                                                  if SOAK or row[0] in SAMPLE])
def test_what_a_check_predicts(cloudctl, local_aws, machines, mutate, check, steps):
    cloud = Cloud(cloudctl, local_aws)
    local_aws.control("POST", "settings", {"enforce": True})
    mutate(cloud)
    findings = cloud.verify()
    assert findings[check]["verdict"] in ("FAIL", "WARN"), {name: row["verdict"] for name, row in findings.items() if row["verdict"] != "PASS"}
    broken = {**found(findings, "FAIL"), **found(findings, "WARN")}
    assert steps <= {name.removeprefix("workspace.") for name in broken}, broken
    good = {"boot", *(step for _mutate, _check, row in MUTATIONS for step in row)} - steps
    assert not good & {name.removeprefix("workspace.") for name in broken}, broken
