# SPDX-License-Identifier: Apache-2.0
"""Every property of the S3, EFS and MemoryDB types, as the services tell it afterwards."""

import json

import pytest
from cloudformation_support import (ACCOUNT, REGION, emptied, from_yaml, local, outputs, refused,  # noqa: F401
                                    resources, server)

BUCKET = from_yaml("""
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: shelf-1
      OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerEnforced}]}
      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - {BucketKeyEnabled: true, ServerSideEncryptionByDefault: {SSEAlgorithm: "aws:kms", KMSMasterKeyID: key-1}}
      PublicAccessBlockConfiguration:
        {BlockPublicAcls: true, BlockPublicPolicy: false, IgnorePublicAcls: true, RestrictPublicBuckets: false}
      VersioningConfiguration: {Status: Enabled}
      CorsConfiguration:
        CorsRules:
          - {AllowedMethods: [GET, HEAD], AllowedOrigins: ["https://*.example.com"], AllowedHeaders: ["*"],
             ExposedHeaders: [ETag], MaxAge: "600", Id: console}
      LifecycleConfiguration:
        Rules:
          - {Id: uploads, Status: Enabled, AbortIncompleteMultipartUpload: {DaysAfterInitiation: 7}}
          - {Id: old, Status: Enabled, Prefix: logs/, ExpirationInDays: 30,
             NoncurrentVersionExpiration: {NoncurrentDays: 5}}
      Tags: [{Key: team, Value: ray}]
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: {Ref: Bucket}
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Deny, Principal: "*", Action: "s3:*", Resource: {"Fn::GetAtt": [Bucket, Arn]},
             Condition: {Bool: {"aws:SecureTransport": "false"}}}
Outputs:
  Arn: {Value: {"Fn::GetAtt": [Bucket, Arn]}}
  Domain: {Value: {"Fn::GetAtt": [Bucket, RegionalDomainName]}}
  Name: {Value: {Ref: Bucket}}
""")


def test_bucket_has_its_properties(local):
    stack = local.created("bucket", BUCKET, Tags=[{"Key": "cloud", "Value": "c1"}])
    s3, wanted = local.client("s3"), BUCKET["Resources"]["Bucket"]["Properties"]
    assert outputs(stack) == {"Arn": "arn:aws:s3:::shelf-1", "Name": "shelf-1",
                              "Domain": f"shelf-1.s3.{REGION}.amazonaws.com"}
    assert s3.get_bucket_location(Bucket="shelf-1")["LocationConstraint"] == REGION
    encryption = s3.get_bucket_encryption(Bucket="shelf-1")["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert encryption["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "key-1"}
    assert encryption["BucketKeyEnabled"] is True
    block = s3.get_public_access_block(Bucket="shelf-1")["PublicAccessBlockConfiguration"]
    assert block == wanted["PublicAccessBlockConfiguration"]
    assert s3.get_bucket_versioning(Bucket="shelf-1")["Status"] == "Enabled"
    assert s3.get_bucket_cors(Bucket="shelf-1")["CORSRules"] == [{
        "AllowedMethods": ["GET", "HEAD"], "AllowedOrigins": ["https://*.example.com"], "AllowedHeaders": ["*"],
        "ExposeHeaders": ["ETag"], "MaxAgeSeconds": 600, "ID": "console"}]
    ownership = s3.get_bucket_ownership_controls(Bucket="shelf-1")["OwnershipControls"]
    assert ownership["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    tags = s3.get_bucket_tagging(Bucket="shelf-1")["TagSet"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"team": "ray", "cloud": "c1"}


def test_bucket_has_its_lifecycle_and_its_policy(emptied):
    emptied.created("bucket", BUCKET)
    s3 = emptied.client("s3")
    rules = {rule["ID"]: rule for rule in s3.get_bucket_lifecycle_configuration(Bucket="shelf-1")["Rules"]}
    assert rules["uploads"]["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}
    assert rules["old"]["Expiration"] == {"Days": 30} and rules["old"]["Filter"] == {"Prefix": "logs/"}
    assert rules["old"]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 5}
    policy = json.loads(s3.get_bucket_policy(Bucket="shelf-1")["Policy"])
    assert policy["Statement"][0]["Resource"] == "arn:aws:s3:::shelf-1"
    assert policy["Statement"][0]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_a_bucket_without_a_name_is_given_one(local):
    local.created("Mixed-Case", resources(Store={"Type": "AWS::S3::Bucket"}))
    name = local.physical("Mixed-Case")["Store"]
    assert name.startswith("mixed-case-store-") and name == name.lower() and len(name) <= 63
    local.client("s3").head_bucket(Bucket=name)


FILES = from_yaml("""
Resources:
  Vpc: {Type: "AWS::EC2::VPC", Properties: {CidrBlock: 10.3.0.0/16}}
  One: {Type: "AWS::EC2::Subnet", Properties: {VpcId: {Ref: Vpc}, CidrBlock: 10.3.0.0/24, AvailabilityZone: us-west-2a}}
  Two: {Type: "AWS::EC2::Subnet", Properties: {VpcId: {Ref: Vpc}, CidrBlock: 10.3.1.0/24, AvailabilityZone: us-west-2b}}
  Group: {Type: "AWS::EC2::SecurityGroup", Properties: {VpcId: {Ref: Vpc}, GroupDescription: files}}
  Files:
    Type: AWS::EFS::FileSystem
    Properties:
      Encrypted: true
      PerformanceMode: generalPurpose
      ThroughputMode: elastic
      BackupPolicy: {Status: ENABLED}
      LifecyclePolicies: [{TransitionToIA: AFTER_30_DAYS}]
      FileSystemTags: [{Key: Name, Value: home}]
      FileSystemPolicy:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: {AWS: "*"}, Action: "elasticfilesystem:ClientMount"}]
  Target:
    Type: AWS::EFS::MountTarget
    Properties: {FileSystemId: {Ref: Files}, SubnetId: {Ref: One}, SecurityGroups: [{Ref: Group}], IpAddress: 10.3.0.9}
  Cache:
    Type: AWS::MemoryDB::SubnetGroup
    Properties: {SubnetGroupName: heads, Description: for heads, SubnetIds: [{Ref: One}, {Ref: Two}],
                 Tags: [{Key: Name, Value: nets}]}
  Settings:
    Type: AWS::MemoryDB::ParameterGroup
    Properties: {ParameterGroupName: heads, Family: memorydb_redis7, Description: evicts,
                 Parameters: {maxmemory-policy: allkeys-lru}, Tags: [{Key: Name, Value: knobs}]}
  Cluster:
    Type: AWS::MemoryDB::Cluster
    Properties:
      ClusterName: heads
      Description: head state
      NodeType: db.t4g.small
      ACLName: open-access
      TLSEnabled: true
      NumShards: 1
      NumReplicasPerShard: 1
      SubnetGroupName: {Ref: Cache}
      ParameterGroupName: {Ref: Settings}
      SecurityGroupIds: [{"Fn::GetAtt": [Group, GroupId]}]
      SnapshotRetentionLimit: 3
      Tags: [{Key: Name, Value: heads}]
Outputs:
  Ip: {Value: {"Fn::GetAtt": [Target, IpAddress]}}
  Arn: {Value: {"Fn::GetAtt": [Files, Arn]}}
  Endpoint: {Value: {"Fn::Sub": "${Cluster.ClusterEndpoint.Address}:${Cluster.ClusterEndpoint.Port}"}}
  ClusterArn: {Value: {"Fn::GetAtt": [Cluster, ARN]}}
  Name: {Value: {Ref: Cluster}}
""")


@pytest.fixture(scope="module")
def files(server):
    stack = server.created("files", FILES)
    return server, server.physical("files"), outputs(stack)


def test_file_system_has_its_properties(files):
    local, physical, values = files
    efs, file_system = local.client("efs"), physical["Files"]
    found = efs.describe_file_systems(FileSystemId=file_system)["FileSystems"][0]
    assert found["Encrypted"] is True and found["PerformanceMode"] == "generalPurpose"
    assert found["ThroughputMode"] == "elastic" and found["LifeCycleState"] == "available"
    assert found["FileSystemArn"] == values["Arn"] and found["Name"] == "home"
    assert efs.describe_backup_policy(FileSystemId=file_system)["BackupPolicy"]["Status"] in ("ENABLED", "ENABLING")
    lifecycle = efs.describe_lifecycle_configuration(FileSystemId=file_system)["LifecyclePolicies"]
    assert lifecycle == [{"TransitionToIA": "AFTER_30_DAYS"}]
    policy = json.loads(efs.describe_file_system_policy(FileSystemId=file_system)["Policy"])
    assert policy["Statement"][0]["Action"] == "elasticfilesystem:ClientMount"


def test_cloudformations_own_tags(files):
    local, physical, _ = files
    memorydb = local.client("memorydb")
    cluster = memorydb.describe_clusters(ClusterName="heads")["Clusters"][0]["ARN"]
    listed = {"Files": local.client("efs").list_tags_for_resource(ResourceId=physical["Files"])["Tags"],
              "Cluster": memorydb.list_tags(ResourceArn=cluster)["TagList"]}
    for logical_id, tags in listed.items():
        found = {tag["Key"]: tag["Value"] for tag in tags}
        assert found["aws:cloudformation:stack-name"] == "files"
        assert found["aws:cloudformation:logical-id"] == logical_id


def test_mount_target_has_its_properties(files):
    local, physical, values = files
    efs = local.client("efs")
    target = efs.describe_mount_targets(FileSystemId=physical["Files"])["MountTargets"][0]
    assert target["MountTargetId"] == physical["Target"] and target["SubnetId"] == physical["One"]
    assert target["IpAddress"] == values["Ip"] == "10.3.0.9"
    groups = efs.describe_mount_target_security_groups(MountTargetId=physical["Target"])["SecurityGroups"]
    assert groups == [physical["Group"]]


def test_memorydb_groups_have_their_properties(files):
    local, physical, _ = files
    memorydb = local.client("memorydb")
    nets = memorydb.describe_subnet_groups(SubnetGroupName="heads")["SubnetGroups"][0]
    assert {item["Identifier"] for item in nets["Subnets"]} == {physical["One"], physical["Two"]}
    assert nets["Description"] == "for heads" and nets["VpcId"] == physical["Vpc"]
    settings = memorydb.describe_parameter_groups(ParameterGroupName="heads")["ParameterGroups"][0]
    assert settings["Family"] == "memorydb_redis7" and settings["Description"] == "evicts"
    values = {item["Name"]: item["Value"]
              for item in memorydb.describe_parameters(ParameterGroupName="heads")["Parameters"]}
    assert values["maxmemory-policy"] == "allkeys-lru"
    for arn, name in ((nets["ARN"], "nets"), (settings["ARN"], "knobs")):
        assert {"Key": "Name", "Value": name} in memorydb.list_tags(ResourceArn=arn)["TagList"]


def test_memorydb_cluster_has_its_properties(files):
    local, physical, values = files
    memorydb = local.client("memorydb")
    cluster = memorydb.describe_clusters(ClusterName="heads", ShowShardDetails=True)["Clusters"][0]
    for name, wanted in (("Description", "head state"), ("NodeType", "db.t4g.small"), ("ACLName", "open-access"),
                         ("TLSEnabled", True), ("SubnetGroupName", "heads"), ("ParameterGroupName", "heads"),
                         ("NumberOfShards", 1), ("SnapshotRetentionLimit", 3), ("Status", "available")):
        assert cluster[name] == wanted, name
    assert cluster["Shards"][0]["NumberOfNodes"] == 2
    assert [item["SecurityGroupId"] for item in cluster["SecurityGroups"]] == [physical["Group"]]
    endpoint = cluster["ClusterEndpoint"]
    assert values["Endpoint"] == f"{endpoint['Address']}:{endpoint['Port']}" and values["Name"] == "heads"
    assert values["ClusterArn"] == cluster["ARN"] == f"arn:aws:memorydb:{REGION}:{ACCOUNT}:cluster/heads"
    assert {"Key": "Name", "Value": "heads"} in memorydb.list_tags(ResourceArn=cluster["ARN"])["TagList"]


def test_all_of_it_can_be_deleted(files):
    local, physical, _ = files
    stack = local.settled("files")
    assert local.deleted(stack["StackId"])["StackStatus"] == "DELETE_COMPLETE", local.reasons(stack["StackId"])
    refused(local.client("efs").describe_file_systems, "FileSystemNotFound", FileSystemId=physical["Files"])
    assert local.client("memorydb").describe_clusters()["Clusters"] == []
