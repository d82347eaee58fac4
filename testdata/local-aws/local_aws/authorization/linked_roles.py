# SPDX-License-Identifier: Apache-2.0
"""Service-linked roles: EFS and MemoryDB make theirs with the first caller's permissions, once in an account."""

from __future__ import annotations

import json

from moto.iam.models import iam_backends

from ..partition import ARN, NAME

EFS = ("elasticfilesystem.amazonaws.com", "AWSServiceRoleForAmazonElasticFileSystem")
MEMORYDB = ("memorydb.amazonaws.com", "AWSServiceRoleForMemoryDB")


# The names that services give their roles (their own documentation, "Using service-linked roles").
NAMES = dict((EFS, MEMORYDB, ("spot.amazonaws.com", "AWSServiceRoleForEC2Spot"),
              ("spotfleet.amazonaws.com", "AWSServiceRoleForEC2SpotFleet"),
              ("elasticloadbalancing.amazonaws.com", "AWSServiceRoleForElasticLoadBalancing"),
              ("eks.amazonaws.com", "AWSServiceRoleForAmazonEKS"), ("ecs.amazonaws.com", "AWSServiceRoleForECS")))


def role_of(account: str, service: str):
    """moto's role of the service in the account, or None."""
    path = f"/aws-service-role/{service}/"
    return next((role for role in list(iam_backends[account][NAME].roles.values()) if role.path == path), None)


def missing(account: str, linked: tuple[str, str]) -> list[str]:
    """The ARN of the role when the account has not got it, else nothing."""
    service, name = linked
    if role_of(account, service) is not None:
        return []
    return [f"{ARN}iam::{account}:role/aws-service-role/{service}/{name}"]


def made(account: str, arn: str) -> None:
    """The role is there from now on. The caller holds moto's lock."""
    path, _, name = arn.partition(":role")[2].rpartition("/")
    service = path.rpartition("/")[2]
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]}
    if missing(account, (service, name)):
        iam_backends[account][NAME].create_role(
            role_name=name, assume_role_policy_document=json.dumps(trust), path=path + "/", permissions_boundary=None,
            description="", tags=[], max_session_duration=3600, linked_service=service)
