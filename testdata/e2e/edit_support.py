# SPDX-License-Identifier: Apache-2.0
"""A registered cloud, and what its owner made with boto3 to take the place of its resources."""

from __future__ import annotations

import itertools

from conftest import CONTROL_PLANE, NOT_THE_CLOUDS, Cloudctl
from verify_support import ECR_POLICY, REGION, Site, allow, policy, trust

NUMBERS = (f"{number}" for number in itertools.count(1))


class Owner:
    """Of the cloud `prod`, and of a second one of each kind of resource, made when it is asked for."""

    def __init__(self, cloudctl: Cloudctl, local_aws, site: Site | None = None):
        self.cloudctl, self.local_aws = cloudctl, local_aws
        self.site = site or Site(local_aws)
        self.buckets = [self.site.bucket]

    def register(self, *words: str) -> dict:
        self.cloudctl.run("register", "--name", "prod", *self.site.arguments(), *words, "--yes")
        return self.record()

    def record(self) -> dict:
        return self.cloudctl.record("prod")

    def edit(self, *words: str, code: int | None = 0):
        return self.cloudctl.run("edit", "prod", *words, "--yes", code=code)

    def bucket(self) -> str:
        """The node role may use it, too."""
        kept, name = self.site.bucket, f"other-data-{next(NUMBERS)}"
        self.site._bucket(name)
        self.site.bucket = kept
        self.buckets.append(name)
        self.let_in_to_buckets("cluster-node")
        return name

    def let_in_to_buckets(self, role: str) -> None:
        arns = [f"arn:aws:s3:::{name}" for name in self.buckets]
        self.site.grant(role, "bucket", allow("s3:*", [*arns, *(f"{arn}/*" for arn in arns)]))

    def file_system(self) -> str:
        kept, token = self.site.file_system, f"other-{next(NUMBERS)}"
        made = self.site.efs.create_file_system(CreationToken=token, Encrypted=True, Backup=True)["FileSystemId"]
        self.site.file_system = made
        for subnet in self.site.subnets:
            self.site.add_mount_target(subnet)
        self.site.file_system = kept
        return made

    def addresses(self, file_system: str) -> list[str]:
        found = self.site.efs.describe_mount_targets(FileSystemId=file_system)["MountTargets"]
        by_subnet = {row["SubnetId"]: row["IpAddress"] for row in found}
        return [by_subnet[subnet] for subnet in self.site.subnets]

    def subnets(self) -> list[str]:
        return [self.site.add_public_subnet("a", "10.8.64.0/20"), self.site.add_public_subnet("b", "10.8.80.0/20")]

    def group(self) -> str:
        """Like the first, which guards the file system and lets its members in."""
        site = self.site
        made = site.add_group(f"other-{next(NUMBERS)}")
        site.let_in("tcp", 443, cidr="0.0.0.0/0", group=made)
        site.let_in("-1", source=made, group=made)
        site.let_in("tcp", 2049, source=made)
        return made

    def cluster(self) -> str:
        name = f"other-{next(NUMBERS)}"
        if not self.site.cluster:
            self.site._memorydb("customer")
            self.site.cluster = None
        self.site.add_cluster(name)
        return name

    def control_plane_role(self) -> str:
        name = f"control-plane-{next(NUMBERS)}"
        made = self.site.iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(
            trust({"AWS": f"arn:aws:iam::{CONTROL_PLANE}:root"})))["Role"]["Arn"]
        self.site.grant(name, "everything", allow(
            ["ec2:*", "iam:*", "cloudformation:*", "elasticloadbalancing:*", "acm:*", "elasticfilesystem:*", "s3:*"]),
            *NOT_THE_CLOUDS)
        return made

    def node_role(self) -> str:
        iam, name = self.site.iam, f"second-cluster-node-{next(NUMBERS)}"
        made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(
            trust({"Service": "ec2.amazonaws.com"})))["Role"]["Arn"]
        self.let_in_to_buckets(name)
        iam.attach_role_policy(RoleName=name, PolicyArn=ECR_POLICY)
        iam.create_instance_profile(InstanceProfileName=name)
        iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)
        return made

    def trust(self, role: str) -> dict:
        """The whole document, as IAM keeps it."""
        return self.site.iam.get_role(RoleName=role.rpartition("/")[2])["Role"]["AssumeRolePolicyDocument"]

    def external_ids(self, role: str) -> list[str]:
        found = []
        for statement in self.trust(role)["Statement"]:
            ids = statement.get("Condition", {}).get("StringEquals", {}).get("sts:ExternalId", [])
            found += [ids] if isinstance(ids, str) else ids
        return found
