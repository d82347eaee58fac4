# SPDX-License-Identifier: Apache-2.0
"""The resources of a stack as they are now, in the words of their templates: what drift is measured by.

A row reads the properties of one type that were given; what it does not read (names, what can only be written) is not
compared, as CloudFormation compares only what a template sets. A resource that is not there any more raises ClientError
with a code of GONE.
"""

from __future__ import annotations

import json
from typing import Any, Callable

from botocore.exceptions import ClientError

from .resources.ec2_security_group import PEERS
from .resources.resource_type import Context, Properties

Reader = Callable[[Context, str, Properties], Properties]

GONE = ("NotFound", "NoSuch", "Malformed", "404")


class Gone(Exception):
    """The resource does not exist any more."""


def is_gone(error: ClientError) -> bool:
    return any(word in error.response["Error"]["Code"] for word in GONE)


def _first(rows: list) -> dict:
    if not rows:
        raise Gone
    return rows[0]


def _tags(row: dict) -> list[dict]:
    return [tag for tag in row.get("Tags", []) if not tag["Key"].startswith("aws:")]


def _vpc(context: Context, vpc: str, given: Properties) -> Properties:
    ec2 = context.client("ec2")
    row = _first(ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"])
    settings = {name: ec2.describe_vpc_attribute(VpcId=vpc, Attribute=name[0].lower() + name[1:])[name]["Value"]
                for name in ("EnableDnsSupport", "EnableDnsHostnames")}
    return {"CidrBlock": row["CidrBlock"], "Tags": _tags(row), **settings}


def _described(operation: str, member: str, result: str, *copied: str) -> Reader:
    """A row of EC2 whose members have the properties' names."""
    def read(context: Context, physical_id: str, given: Properties) -> Properties:
        row = _first(getattr(context.client("ec2"), operation)(**{member: [physical_id]})[result])
        if row.get("State") == "deleted":
            raise Gone
        return {"Tags": _tags(row), **{name: row[name] for name in copied if name in row}}
    return read


def _attachment(context: Context, physical_id: str, given: Properties) -> Properties:
    row = _first(context.client("ec2").describe_internet_gateways(
        InternetGatewayIds=[given["InternetGatewayId"]])["InternetGateways"])
    return {"VpcId": _first(row["Attachments"])["VpcId"]}


def _association(context: Context, association: str, given: Properties) -> Properties:
    found = context.client("ec2").describe_route_tables(Filters=[
        {"Name": "association.route-table-association-id", "Values": [association]}])["RouteTables"]
    return {"RouteTableId": _first(found)["RouteTableId"]}


def _route(context: Context, physical_id: str, given: Properties) -> Properties:
    table, destination = physical_id.split("|")
    routes = _first(context.client("ec2").describe_route_tables(RouteTableIds=[table])["RouteTables"])["Routes"]
    row = _first([route for route in routes if destination in (
        route.get("DestinationCidrBlock"), route.get("DestinationIpv6CidrBlock"), route.get("DestinationPrefixListId"))])
    return {name: row[name] for name in ("GatewayId", "NatGatewayId") if name in row}


def _address(context: Context, address: str, given: Properties) -> Properties:
    return {"Tags": _tags(_first(context.client("ec2").describe_addresses(
        Filters=[{"Name": "public-ip", "Values": [address]}])["Addresses"]))}


def _rule_of(row: dict, egress: bool) -> Properties:
    """A rule as EC2 describes it, as a template gives it."""
    rule = {"IpProtocol": row["IpProtocol"]}
    rule |= {} if row["IpProtocol"] == "-1" else {"FromPort": row["FromPort"], "ToPort": row["ToPort"]}
    rule |= {"Description": row["Description"]} if row.get("Description") else {}
    peer = row.get("ReferencedGroupInfo", {}).get("GroupId")
    rule |= {name: value for name, value in (("CidrIp", row.get("CidrIpv4")), ("CidrIpv6", row.get("CidrIpv6"))) if value}
    return rule | ({("Destination" if egress else "Source") + "SecurityGroupId": peer} if peer else {})


def _rules(context: Context, filters: dict[str, str]) -> list[dict]:
    return context.client("ec2").describe_security_group_rules(
        Filters=[{"Name": name, "Values": [value]} for name, value in filters.items()])["SecurityGroupRules"]


def _group(context: Context, group: str, given: Properties) -> Properties:
    """Its rules without those that are resources of their own in the stack."""
    row = _first(context.client("ec2").describe_security_groups(GroupIds=[group])["SecurityGroups"])
    own = {name for kind in ("Ingress", "Egress")
           for name, _ in context.siblings(f"AWS::EC2::SecurityGroup{kind}")}
    rules = [rule for rule in _rules(context, {"group-id": group}) if rule["SecurityGroupRuleId"] not in own]
    return {"GroupDescription": row["Description"], "Tags": _tags(row),
            "SecurityGroupIngress": [_rule_of(rule, False) for rule in rules if not rule["IsEgress"]],
            "SecurityGroupEgress": [_rule_of(rule, True) for rule in rules if rule["IsEgress"]]}


def _rule(context: Context, rule: str, given: Properties) -> Properties:
    row = _first(_rules(context, {"security-group-rule-id": rule}))
    ports = () if row["IpProtocol"] == "-1" else ("FromPort", "ToPort")
    shown = _rule_of(row, row["IsEgress"])
    return {name: shown[name] for name in ("IpProtocol", *ports, *PEERS) if name in shown}


def _endpoint(context: Context, endpoint: str, given: Properties) -> Properties:
    row = _first([one for one in context.client("ec2").describe_vpc_endpoints(
        VpcEndpointIds=[endpoint])["VpcEndpoints"] if one["State"] != "deleted"])
    return {"RouteTableIds": row.get("RouteTableIds", []), "PolicyDocument": json.loads(row["PolicyDocument"]),
            "Tags": _tags(row)}


def _role(context: Context, role: str, given: Properties) -> Properties:
    """Inline policies that the template has not are drift too; managed ones that somebody attached as well. What other
    resources of the stack attach is none (CloudFormation User Guide, "Considerations when detecting drift")."""
    iam = context.client("iam")
    by_others = {given["PolicyName"] for _, given in context.siblings("AWS::IAM::Policy") if role in given.get("Roles", [])}
    row = iam.get_role(RoleName=role)["Role"]
    policies = [{"PolicyName": name, "PolicyDocument": iam.get_role_policy(RoleName=role, PolicyName=name)[
        "PolicyDocument"]} for name in iam.list_role_policies(RoleName=role)["PolicyNames"] if name not in by_others]
    attached = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    boundary = row.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    return {"AssumeRolePolicyDocument": row["AssumeRolePolicyDocument"], "Policies": policies,
            "MaxSessionDuration": row["MaxSessionDuration"], "Tags": _tags(row),
            **({"ManagedPolicyArns": [one["PolicyArn"] for one in attached]}
               if attached or "ManagedPolicyArns" in given else {}),
            **({"PermissionsBoundary": boundary} if boundary else {})}


def _profile(context: Context, profile: str, given: Properties) -> Properties:
    row = context.client("iam").get_instance_profile(InstanceProfileName=profile)["InstanceProfile"]
    return {"Roles": [role["RoleName"] for role in row["Roles"]]}


def _setting(call: Callable[..., dict], convert: Callable[[dict], Any], bucket: str) -> Any:
    """None where the bucket has no such setting."""
    try:
        return convert(call(Bucket=bucket))
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchBucket":
            raise
        return None


def _cors(reply: dict) -> dict:
    named = {"ExposeHeaders": "ExposedHeaders", "MaxAgeSeconds": "MaxAge", "ID": "Id"}
    return {"CorsRules": [{named.get(name, name): value for name, value in rule.items()}
                          for rule in reply["CORSRules"]]}


def _encryption(reply: dict) -> dict:
    """S3 answers with BucketKeyEnabled false where nobody said anything of it."""
    return {"ServerSideEncryptionConfiguration": [
        {"ServerSideEncryptionByDefault": rule["ApplyServerSideEncryptionByDefault"],
         **({"BucketKeyEnabled": True} if rule.get("BucketKeyEnabled") else {})}
        for rule in reply["ServerSideEncryptionConfiguration"]["Rules"]]}


def _bucket(context: Context, bucket: str, given: Properties) -> Properties:
    s3 = context.client("s3")
    s3.head_bucket(Bucket=bucket)
    settings = {
        "VersioningConfiguration": (s3.get_bucket_versioning, lambda reply: {"Status": reply.get("Status", "Suspended")}),
        "PublicAccessBlockConfiguration": (s3.get_public_access_block,
                                           lambda reply: reply["PublicAccessBlockConfiguration"]),
        "CorsConfiguration": (s3.get_bucket_cors, _cors), "BucketEncryption": (s3.get_bucket_encryption, _encryption),
        "OwnershipControls": (s3.get_bucket_ownership_controls, lambda reply: reply["OwnershipControls"]),
        "Tags": (s3.get_bucket_tagging, lambda reply: _tags({"Tags": reply["TagSet"]})),
    }
    found = {name: _setting(*row, bucket) for name, row in settings.items() if name in given}
    return {name: value for name, value in found.items() if value is not None}


def _bucket_policy(context: Context, bucket: str, given: Properties) -> Properties:
    return {"PolicyDocument": json.loads(context.client("s3").get_bucket_policy(Bucket=bucket)["Policy"])}


def _file_system(context: Context, file_system: str, given: Properties) -> Properties:
    efs = context.client("efs")
    row = efs.describe_file_systems(FileSystemId=file_system)["FileSystems"][0]
    named = {"Encrypted": row["Encrypted"], "ThroughputMode": row.get("ThroughputMode"), "FileSystemTags": _tags(row),
             "PerformanceMode": row["PerformanceMode"]}
    if "BackupPolicy" in given:
        named["BackupPolicy"] = {"Status": efs.describe_backup_policy(FileSystemId=file_system)["BackupPolicy"]["Status"]}
    if "LifecyclePolicies" in given:
        named["LifecyclePolicies"] = efs.describe_lifecycle_configuration(FileSystemId=file_system)["LifecyclePolicies"]
    return named


def _mount_target(context: Context, target: str, given: Properties) -> Properties:
    efs = context.client("efs")
    row = efs.describe_mount_targets(MountTargetId=target)["MountTargets"][0]
    groups = efs.describe_mount_target_security_groups(MountTargetId=target)["SecurityGroups"]
    return {"FileSystemId": row["FileSystemId"], "SubnetId": row["SubnetId"], "SecurityGroups": groups}


def _cluster(context: Context, name: str, given: Properties) -> Properties:
    row = context.client("memorydb").describe_clusters(ClusterName=name)["Clusters"][0]
    return {"NodeType": row["NodeType"], "ParameterGroupName": row["ParameterGroupName"], "ACLName": row["ACLName"],
            "SecurityGroupIds": [group["SecurityGroupId"] for group in row["SecurityGroups"]]}


READERS: dict[str, Reader] = {
    "AWS::EC2::VPC": _vpc,
    "AWS::EC2::Subnet": _described("describe_subnets", "SubnetIds", "Subnets", "CidrBlock", "MapPublicIpOnLaunch",
                                   "AvailabilityZone"),
    "AWS::EC2::InternetGateway": _described("describe_internet_gateways", "InternetGatewayIds", "InternetGateways"),
    "AWS::EC2::VPCGatewayAttachment": _attachment,
    "AWS::EC2::RouteTable": _described("describe_route_tables", "RouteTableIds", "RouteTables"),
    "AWS::EC2::Route": _route, "AWS::EC2::SubnetRouteTableAssociation": _association,
    "AWS::EC2::NatGateway": _described("describe_nat_gateways", "NatGatewayIds", "NatGateways", "SubnetId"),
    "AWS::EC2::EIP": _address,
    "AWS::EC2::SecurityGroup": _group, "AWS::EC2::SecurityGroupIngress": _rule, "AWS::EC2::SecurityGroupEgress": _rule,
    "AWS::EC2::VPCEndpoint": _endpoint,
    "AWS::IAM::Role": _role, "AWS::IAM::InstanceProfile": _profile,
    "AWS::S3::Bucket": _bucket, "AWS::S3::BucketPolicy": _bucket_policy,
    "AWS::EFS::FileSystem": _file_system, "AWS::EFS::MountTarget": _mount_target,
    "AWS::MemoryDB::Cluster": _cluster,
}


def read(context: Context, type_name: str, physical_id: str, given: Properties) -> Properties | None:
    """The actual properties; None when the resource is gone. The type must have a row."""
    try:
        return READERS[type_name](context, physical_id, given)
    except Gone:
        return None
    except ClientError as error:
        if is_gone(error):
            return None
        raise
