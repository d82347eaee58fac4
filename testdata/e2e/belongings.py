# SPDX-License-Identifier: Apache-2.0
"""What a customer has in an account, as a set of facts that can be compared: what is gone after a command was run."""

from __future__ import annotations

import json
from typing import Iterator

from botocore.exceptions import ClientError
from conftest import REGION
from verify_support import client_of


def belongings(local_aws) -> set[tuple]:
    """Every rule, statement, route, attachment and setting that a remedy might take away, each with where it is."""
    services = {name: client_of(local_aws, name) for name in ("ec2", "iam", "s3", "efs", "memorydb", "kms")}
    return {row for name, client in services.items() for row in _READERS[name](client)}


def _text(value) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _statements(document) -> Iterator[str]:
    document = json.loads(document) if isinstance(document, str) else document
    found = document["Statement"]
    yield from (_text(row) for row in (found if isinstance(found, list) else [found]))


def _rules(permissions: list[dict]) -> Iterator[str]:
    for row in permissions:
        ports = [row["IpProtocol"], row.get("FromPort", -1), row.get("ToPort", -1)]
        peers = [range_["CidrIp"] for range_ in row["IpRanges"]] + [range_["CidrIpv6"] for range_ in row["Ipv6Ranges"]]
        peers += [pair["GroupId"] for pair in row["UserIdGroupPairs"]] + [one["PrefixListId"] for one in row["PrefixListIds"]]
        yield from (_text([*ports, peer]) for peer in peers)


def _ec2(ec2) -> Iterator[tuple]:
    for group in ec2.describe_security_groups()["SecurityGroups"]:
        yield from (("in", group["GroupId"], rule) for rule in _rules(group["IpPermissions"]))
        yield from (("out", group["GroupId"], rule) for rule in _rules(group["IpPermissionsEgress"]))
    for table in ec2.describe_route_tables()["RouteTables"]:
        for route in table["Routes"]:
            yield "route", table["RouteTableId"], _text({k: v for k, v in route.items() if k not in ("State", "Origin")})
        yield from (("table", table["RouteTableId"], row.get("SubnetId")) for row in table["Associations"])
    for endpoint in ec2.describe_vpc_endpoints()["VpcEndpoints"]:
        yield from (("endpoint", endpoint["VpcEndpointId"], text) for text in _statements(endpoint["PolicyDocument"]))
        yield from (("endpoint", endpoint["VpcEndpointId"], table) for table in endpoint["RouteTableIds"])
    for acl in ec2.describe_network_acls()["NetworkAcls"]:
        yield from (("acl", acl["NetworkAclId"], _text(entry)) for entry in acl["Entries"])
        yield from (("acl", acl["NetworkAclId"], row["SubnetId"]) for row in acl["Associations"])
    for vpc in ec2.describe_vpcs()["Vpcs"]:
        yield from (("vpc", vpc["VpcId"], row["CidrBlock"]) for row in vpc["CidrBlockAssociationSet"])
    yield from (("subnet", row["SubnetId"]) for row in ec2.describe_subnets()["Subnets"])


def _iam(iam) -> Iterator[tuple]:
    for role in iam.list_roles()["Roles"]:
        name = role["RoleName"]
        yield from (("trust", name, text) for text in _statements(role["AssumeRolePolicyDocument"]))
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            document = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
            yield from (("policy", name, policy, text) for text in _statements(document))
        yield from (("attached", name, row["PolicyArn"])
                    for row in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"])
    for profile in iam.list_instance_profiles()["InstanceProfiles"]:
        yield "profile", profile["InstanceProfileName"]
        yield from (("profile", profile["InstanceProfileName"], row["RoleName"]) for row in profile["Roles"])


def _optional(call, **arguments) -> dict | None:
    try:
        return call(**arguments)
    except ClientError:
        return None


def _s3(s3) -> Iterator[tuple]:
    for bucket in s3.list_buckets()["Buckets"]:
        name = bucket["Name"]
        yield "bucket", name
        cors = _optional(s3.get_bucket_cors, Bucket=name) or {"CORSRules": []}
        yield from (("cors", name, _text(rule)) for rule in cors["CORSRules"])
        policy = _optional(s3.get_bucket_policy, Bucket=name)
        yield from (("bucket policy", name, text) for text in (_statements(policy["Policy"]) if policy else ()))
        block = _optional(s3.get_public_access_block, Bucket=name) or {"PublicAccessBlockConfiguration": {}}
        yield from (("blocked", name, key) for key, on in block["PublicAccessBlockConfiguration"].items() if on)


def _efs(efs) -> Iterator[tuple]:
    for system in efs.describe_file_systems()["FileSystems"]:
        name = system["FileSystemId"]
        for target in efs.describe_mount_targets(FileSystemId=name)["MountTargets"]:
            yield "mount target", target["MountTargetId"], target["SubnetId"]
            found = _optional(efs.describe_mount_target_security_groups, MountTargetId=target["MountTargetId"])
            yield from (("mount target", target["MountTargetId"], group) for group in (found or {}).get("SecurityGroups", ()))
        policy = _optional(efs.describe_file_system_policy, FileSystemId=name)
        yield from (("file system policy", name, text) for text in (_statements(policy["Policy"]) if policy else ()))


def _memorydb(memorydb) -> Iterator[tuple]:
    for cluster in memorydb.describe_clusters()["Clusters"]:
        yield from (("cluster", cluster["Name"], row["SecurityGroupId"]) for row in cluster["SecurityGroups"])
        if not cluster["ParameterGroupName"].startswith("default."):  # those of AWS hold nothing of the customer's
            yield "cluster", cluster["Name"], cluster["ParameterGroupName"]
        yield "cluster", cluster["Name"], cluster["SubnetGroupName"]
    for group in memorydb.describe_subnet_groups()["SubnetGroups"]:
        yield from (("subnet group", group["Name"], row["Identifier"]) for row in group["Subnets"])


def _kms(kms) -> Iterator[tuple]:
    for key in kms.list_keys()["Keys"]:
        document = kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"]
        yield from (("key policy", key["KeyId"], text) for text in _statements(document))


_READERS = {"ec2": _ec2, "iam": _iam, "s3": _s3, "efs": _efs, "memorydb": _memorydb, "kms": _kms}
