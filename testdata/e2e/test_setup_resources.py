# SPDX-License-Identifier: Apache-2.0
"""After `setup`, an independent look with boto3: each resource, property by property, is what the template says.

The expectations stand here in words of the services' own APIs, not taken from the template, so that a slip in either
shows. One cloud with MemoryDB and an SSH range is made for all tests.
"""

import ipaddress
import json

import pytest
from conftest import ACCOUNT, CONTROL_PLANE, REGION, Cloudctl

TAG = "cloudctl-cloud-id"
CIDR = "10.20.0.0/18"


@pytest.fixture(scope="module")
def made(server, tmp_path_factory):
    """The local AWS and the record of the cloud."""
    server.reset()
    cloudctl = Cloudctl(tmp_path_factory.mktemp("home"), server.url)
    cloudctl.run("setup", "--name", "demo", "--region", REGION, "--enable-head-node-fault-tolerance", "--vpc-cidr", CIDR,
                 "--ssh-cidr", "192.0.2.0/24", "--https-cidr", "198.51.100.0/24", "--yes")
    return server, cloudctl.record("demo")


@pytest.fixture(scope="module")
def ec2(made):
    return made[0].client("ec2")


@pytest.fixture(scope="module")
def record(made):
    return made[1]


@pytest.fixture(scope="module")
def resources(record):
    return record["resources"]


def tags(item, key="Tags"):
    return {tag["Key"]: tag["Value"] for tag in item[key] if not tag["Key"].startswith("aws:")}


def of_vpc(record):
    return [{"Name": "vpc-id", "Values": [record["resources"]["vpc_id"]]}]


def test_vpc(ec2, record, resources):
    [vpc] = ec2.describe_vpcs(VpcIds=[resources["vpc_id"]])["Vpcs"]
    assert (vpc["CidrBlock"], vpc["State"], vpc["IsDefault"]) == (CIDR, "available", False)
    assert tags(vpc) == {"Name": record["stack_name"], TAG: record["id"]}
    for attribute in ("enableDnsSupport", "enableDnsHostnames"):
        value = ec2.describe_vpc_attribute(VpcId=vpc["VpcId"], Attribute=attribute)
        assert value[attribute[0].upper() + attribute[1:]] == {"Value": True}


def test_subnets(ec2, record, resources):
    subnets = ec2.describe_subnets(SubnetIds=resources["subnet_ids"])["Subnets"]
    zones = [zone["ZoneName"] for zone in ec2.describe_availability_zones()["AvailabilityZones"]]
    assert sorted(subnet["AvailabilityZone"] for subnet in subnets) == sorted(zones)[:6]
    blocks = list(ipaddress.ip_network(CIDR).subnets(prefixlen_diff=3))
    by_id = {subnet["SubnetId"]: subnet for subnet in subnets}
    for number, subnet_id in enumerate(resources["subnet_ids"]):
        subnet = by_id[subnet_id]
        assert subnet["VpcId"] == resources["vpc_id"] and subnet["MapPublicIpOnLaunch"] is True
        assert subnet["CidrBlock"] == str(blocks[number]) and subnet["AvailabilityZone"] == sorted(zones)[number]
        assert tags(subnet) == {"Name": f"{record['stack_name']}-public-{number + 1}", TAG: record["id"]}


def test_way_to_the_internet(ec2, record, resources):
    filters = [{"Name": "attachment.vpc-id", "Values": [resources["vpc_id"]]}]
    [gateway] = ec2.describe_internet_gateways(Filters=filters)["InternetGateways"]
    assert tags(gateway) == {"Name": record["stack_name"], TAG: record["id"]}
    tables = ec2.describe_route_tables(Filters=of_vpc(record))["RouteTables"]
    [table] = [table for table in tables if not any(link.get("Main") for link in table["Associations"])]
    assert tags(table) == {"Name": record["stack_name"], TAG: record["id"]}
    assert sorted(link["SubnetId"] for link in table["Associations"]) == sorted(resources["subnet_ids"])
    [default] = [route for route in table["Routes"] if route.get("DestinationCidrBlock") == "0.0.0.0/0"]
    assert (default["GatewayId"], default["State"]) == (gateway["InternetGatewayId"], "active")
    [endpoint] = ec2.describe_vpc_endpoints(Filters=of_vpc(record))["VpcEndpoints"]
    assert (endpoint["VpcEndpointType"], endpoint["ServiceName"]) == ("Gateway", f"com.amazonaws.{REGION}.s3")
    assert endpoint["RouteTableIds"] == [table["RouteTableId"]]
    assert tags(endpoint) == {"Name": record["stack_name"], TAG: record["id"]}


def rules_of(permissions):
    return sorted((rule["IpProtocol"], rule.get("FromPort"), rule.get("ToPort"),
                   tuple(item["CidrIp"] for item in rule["IpRanges"]),
                   tuple(item["GroupId"] for item in rule["UserIdGroupPairs"])) for rule in permissions)


def split(permissions):
    """One rule for each source, whatever way the service groups them."""
    for rule in permissions:
        for key in ("IpRanges", "UserIdGroupPairs"):
            for source in rule[key]:
                yield {**rule, "IpRanges": [], "UserIdGroupPairs": [], key: [source]}


def test_security_group(ec2, record, resources):
    [group_id] = resources["security_group_ids"]
    [group] = ec2.describe_security_groups(GroupIds=[group_id])["SecurityGroups"]
    assert group["VpcId"] == resources["vpc_id"]
    assert tags(group) == {"Name": record["stack_name"], TAG: record["id"]}
    everything = lambda rule: (rule[0], None, None, *rule[3:])  # noqa: E731  services say "-1" with or without ports
    assert [everything(rule) if rule[0] == "-1" else rule for rule in rules_of(split(group["IpPermissions"]))] == [
        ("-1", None, None, (), (group_id,)), ("tcp", 22, 22, ("192.0.2.0/24",), ()),
        ("tcp", 443, 443, ("198.51.100.0/24",), ())]
    assert sorted(everything(rule) for rule in rules_of(split(group["IpPermissionsEgress"]))) == [
        ("-1", None, None, (), (group_id,)), ("-1", None, None, ("0.0.0.0/0",), ())]


def test_bucket(made, record, resources):
    s3 = made[0].client("s3")
    bucket = resources["bucket"]
    assert bucket == f"cloudctl-data-{record['stack_name']}"
    assert s3.get_bucket_location(Bucket=bucket)["LocationConstraint"] == REGION
    [rule] = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    [cors] = s3.get_bucket_cors(Bucket=bucket)["CORSRules"]
    assert cors["AllowedOrigins"] == ["https://*.anyscale.com"] and cors["AllowedHeaders"] == ["*"]
    assert sorted(cors["AllowedMethods"]) == ["DELETE", "GET", "HEAD", "POST", "PUT"]
    assert set(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values()) == {True}
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    uploads, versions = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert (uploads["Status"], uploads["AbortIncompleteMultipartUpload"]) == ("Enabled", {"DaysAfterInitiation": 7})
    assert (versions["Status"], versions["NoncurrentVersionExpiration"]) == ("Enabled", {"NoncurrentDays": 90})
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket=bucket)
    ownership = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]
    assert ownership["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    assert tags({"Tags": s3.get_bucket_tagging(Bucket=bucket)["TagSet"]}) == {"Name": record["stack_name"],
                                                                             TAG: record["id"]}


def test_bucket_policy(made, resources):
    document = json.loads(made[0].client("s3").get_bucket_policy(Bucket=resources["bucket"])["Policy"])
    statement, denial = document["Statement"]
    arn = f"arn:aws:s3:::{resources['bucket']}"
    assert statement["Effect"] == "Allow" and sorted(statement["Resource"]) == [arn, f"{arn}/*"]
    assert sorted(statement["Principal"]["AWS"]) == sorted([resources["control_plane_role_arn"],
                                                           resources["node_role_arn"]])
    assert sorted(statement["Action"]) == ["s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"]
    assert (denial["Effect"], denial["Principal"], denial["Action"]) == ("Deny", "*", "s3:*")
    assert sorted(denial["Resource"]) == [arn, f"{arn}/*"]
    assert denial["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_file_system(made, record, resources):
    efs = made[0].client("efs")
    [system] = efs.describe_file_systems(FileSystemId=resources["file_system_id"])["FileSystems"]
    assert system["Encrypted"] is True and system["LifeCycleState"] == "available"
    assert tags(system) == {"Name": record["stack_name"], TAG: record["id"]}
    backup = efs.describe_backup_policy(FileSystemId=system["FileSystemId"])["BackupPolicy"]
    assert backup["Status"] in ("ENABLED", "ENABLING")
    assert efs.describe_lifecycle_configuration(FileSystemId=system["FileSystemId"])["LifecyclePolicies"] == [
        {"TransitionToIA": "AFTER_60_DAYS"}, {"TransitionToPrimaryStorageClass": "AFTER_1_ACCESS"}]
    targets = efs.describe_mount_targets(FileSystemId=system["FileSystemId"])["MountTargets"]
    assert sorted(target["SubnetId"] for target in targets) == sorted(resources["subnet_ids"])
    assert {target["LifeCycleState"] for target in targets} == {"available"}
    [first] = [target for target in targets if target["SubnetId"] == resources["subnet_ids"][0]]
    assert first["IpAddress"] == resources["mount_target_ip"]
    for target in targets:
        groups = efs.describe_mount_target_security_groups(MountTargetId=target["MountTargetId"])["SecurityGroups"]
        assert groups == resources["security_group_ids"]


def test_control_plane_role(made, record, resources):
    iam = made[0].client("iam")
    name = f"cloudctl-control-plane-{record['id']}"
    assert resources["control_plane_role_arn"] == f"arn:aws:iam::{ACCOUNT}:role/{name}"
    role = iam.get_role(RoleName=name)["Role"]
    [statement] = role["AssumeRolePolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Allow", "sts:AssumeRole")
    assert statement["Principal"] == {"AWS": f"arn:aws:iam::{CONTROL_PLANE}:root"}
    assert statement["Condition"] == {"StringEquals": {"sts:ExternalId": record["id"]}}
    assert sorted(iam.list_role_policies(RoleName=name)["PolicyNames"]) == ["control-plane"]
    assert iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"] == []
    assert tags(role) == {"Name": record["stack_name"], TAG: record["id"]}
    document = iam.get_role_policy(RoleName=name, PolicyName="control-plane")["PolicyDocument"]
    [launching] = [item for item in document["Statement"] if item["Sid"] == "CreateTagged"]
    assert record["cloud_tag"] == "anyscale-cloud-id"  # of the default control plane
    assert launching["Condition"] == {"StringEquals": {"aws:RequestTag/anyscale-cloud-id": record["id"]}}
    [passing] = [item for item in document["Statement"] if "iam:PassRole" in item.get("Action", ())]
    assert passing["Resource"] == resources["node_role_arn"]


def test_node_role(made, record, resources):
    iam = made[0].client("iam")
    name = f"{record['id']}-cluster_node_role"
    assert resources["node_role_arn"] == f"arn:aws:iam::{ACCOUNT}:role/{name}"
    role = iam.get_role(RoleName=name)["Role"]
    [statement] = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "ec2.amazonaws.com"} and statement["Action"] == "sts:AssumeRole"
    assert iam.list_role_policies(RoleName=name)["PolicyNames"] == ["node"]
    assert iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"] == []
    [profile] = iam.list_instance_profiles_for_role(RoleName=name)["InstanceProfiles"]
    assert profile["InstanceProfileName"] == name
    allowed = {action for item in iam.get_role_policy(RoleName=name, PolicyName="node")["PolicyDocument"]["Statement"]
               for action in ([item["Action"]] if isinstance(item["Action"], str) else item["Action"])}
    assert allowed == {"s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "ecr:GetAuthorizationToken",
                       "ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"}


def test_memorydb(made, record, resources):
    memorydb = made[0].client("memorydb")
    name = record["stack_name"]
    [cluster] = memorydb.describe_clusters(ClusterName=name, ShowShardDetails=True)["Clusters"]
    assert (cluster["Status"], cluster["TLSEnabled"], cluster["NodeType"]) == ("available", True, "db.t4g.small")
    assert cluster["ACLName"] == "open-access" and cluster["EngineVersion"].startswith("7.1")
    assert [shard["NumberOfNodes"] for shard in cluster["Shards"]] == [2]
    assert [group["SecurityGroupId"] for group in cluster["SecurityGroups"]] == resources["security_group_ids"]
    assert (cluster["ParameterGroupName"], cluster["SubnetGroupName"]) == (name, name)
    endpoint = cluster["ClusterEndpoint"]
    assert resources["memorydb_endpoint"] == f"{endpoint['Address']}:{endpoint['Port']}"
    assert resources["memorydb_arn"] == cluster["ARN"]
    [group] = memorydb.describe_subnet_groups(SubnetGroupName=name)["SubnetGroups"]
    assert sorted(subnet["Identifier"] for subnet in group["Subnets"]) == sorted(resources["subnet_ids"])
    values = {row["Name"]: row["Value"] for page in
              memorydb.get_paginator("describe_parameters").paginate(ParameterGroupName=name)
              for row in page["Parameters"]}
    assert values["maxmemory-policy"] == "allkeys-lru"
    assert tags({"Tags": memorydb.list_tags(ResourceArn=cluster["ARN"])["TagList"]})[TAG] == record["id"]


def test_stack(made, record):
    [stack] = made[0].client("cloudformation").describe_stacks(StackName=record["stack_arn"])["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE" and tags(stack) == {TAG: record["id"]}
    [request] = made[0].requests("cloudformation:CreateStack")
    assert request["parameters"]["OnFailure"] == "ROLLBACK"
    assert request["parameters"]["Capabilities.member.1"] == "CAPABILITY_NAMED_IAM"
