# SPDX-License-Identifier: Apache-2.0
"""Which actions a request needs, on which resources: the administrator asks, and the list of actions is looked at."""

import pytest
from authorization_support import People, arn_of
from botocore.exceptions import ClientError
from conftest import ACCOUNT, REGION

EC2 = f"arn:aws:ec2:{REGION}:{ACCOUNT}:"
EFS = f"arn:aws:elasticfilesystem:{REGION}:{ACCOUNT}:file-system/"
MEMORYDB = f"arn:aws:memorydb:{REGION}:{ACCOUNT}:"
STACK = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/"
TAGS = [{"Key": "team", "Value": "a"}]


@pytest.fixture
def needed(local_aws):
    """needed(service, call, **arguments): [(action, resource)], whatever the service says to the request itself."""
    def ask(service, call, **arguments):
        People(local_aws).enforce()
        client = local_aws.client(service)
        local_aws.control("DELETE", "actions")
        try:
            getattr(client, call)(**arguments)
        except ClientError as error:
            assert error.response["Error"]["Code"] not in ("AccessDenied", "UnauthorizedOperation", "NotImplemented")
        return [(row["action"], row["resource"]) for row in local_aws.control("GET", "actions")]
    return ask


REQUESTS = [
    ("ec2", "create_tags", {"Resources": ["vpc-1", "igw-2"], "Tags": TAGS},
     [("ec2:CreateTags", EC2 + "vpc/vpc-1"), ("ec2:CreateTags", EC2 + "internet-gateway/igw-2")]),
    ("ec2", "create_vpc_endpoint", {"VpcId": "vpc-1", "ServiceName": "com.amazonaws.us-west-2.s3",
                                    "RouteTableIds": ["rtb-1", "rtb-2"]},
     [("ec2:CreateVpcEndpoint", EC2 + name) for name in
      ("vpc-endpoint/*", "vpc/vpc-1", "route-table/rtb-1", "route-table/rtb-2")]),
    ("ec2", "terminate_instances", {"InstanceIds": ["i-0000000000000001a", "i-0000000000000002b"]},
     [("ec2:TerminateInstances", EC2 + "instance/i-0000000000000001a"),
      ("ec2:TerminateInstances", EC2 + "instance/i-0000000000000002b")]),
    ("s3", "get_object", {"Bucket": "data", "Key": "a/b c"}, [("s3:GetObject", "arn:aws:s3:::data/a/b c")]),
    ("s3", "get_object", {"Bucket": "data", "Key": "k", "VersionId": "v"},
     [("s3:GetObjectVersion", "arn:aws:s3:::data/k")]),
    ("s3", "put_object", {"Bucket": "data", "Key": "k", "IfMatch": '"tag"'},
     [("s3:PutObject", "arn:aws:s3:::data/k"), ("s3:GetObject", "arn:aws:s3:::data/k")]),
    ("s3", "copy_object", {"Bucket": "data", "Key": "k", "CopySource": "other/a b"},
     [("s3:PutObject", "arn:aws:s3:::data/k"), ("s3:GetObject", "arn:aws:s3:::other/a b")]),
    ("s3", "delete_objects", {"Bucket": "data", "Delete": {"Objects": [{"Key": "a"}, {"Key": "b", "VersionId": "v"}]}},
     [("s3:DeleteObject", "arn:aws:s3:::data/a"), ("s3:DeleteObjectVersion", "arn:aws:s3:::data/b")]),
    ("s3", "get_bucket_encryption", {"Bucket": "data"}, [("s3:GetEncryptionConfiguration", "arn:aws:s3:::data")]),
    ("s3", "head_bucket", {"Bucket": "data"}, [("s3:ListBucket", "arn:aws:s3:::data")]),
    ("efs", "describe_file_systems", {}, [("elasticfilesystem:DescribeFileSystems", EFS + "*")]),
    ("efs", "create_file_system", {"CreationToken": "t", "Tags": TAGS},
     [("elasticfilesystem:CreateFileSystem", "*"), ("elasticfilesystem:TagResource", EFS + "*"),
      ("iam:CreateServiceLinkedRole", arn_of("role/aws-service-role/elasticfilesystem.amazonaws.com/"
                                             "AWSServiceRoleForAmazonElasticFileSystem"))]),
    ("memorydb", "create_cluster", {"ClusterName": "c", "NodeType": "db.t4g.small", "ACLName": "open-access",
                                    "SubnetGroupName": "s", "Tags": TAGS},
     [("memorydb:CreateCluster", MEMORYDB + "acl/open-access"), ("memorydb:CreateCluster", MEMORYDB + "subnetgroup/s"),
      ("memorydb:TagResource", MEMORYDB + "cluster/c"),
      ("iam:CreateServiceLinkedRole",
       arn_of("role/aws-service-role/memorydb.amazonaws.com/AWSServiceRoleForMemoryDB"))]),
    ("memorydb", "describe_parameters", {"ParameterGroupName": "p"},
     [("memorydb:DescribeParameters", MEMORYDB + "parametergroup/p")]),
    ("cloudformation", "describe_stacks", {},
     [("cloudformation:DescribeStacks", "*"), ("cloudformation:ListStacks", "*")]),
    ("cloudformation", "delete_stack", {"StackName": STACK + "s/1"}, [("cloudformation:DeleteStack", STACK + "s/1")]),
    ("cloudformation", "execute_change_set", {"StackName": "s", "ChangeSetName": "c"},
     [("cloudformation:ExecuteChangeSet", STACK + "s/*")]),
    ("service-quotas", "get_aws_default_service_quota", {"ServiceCode": "vpc", "QuotaCode": "L-1"},
     [("servicequotas:GetAWSDefaultServiceQuota", "*")]),
    ("iam", "get_policy", {"PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
     [("iam:GetPolicy", "arn:aws:iam::aws:policy/ReadOnlyAccess")]),
    ("iam", "get_user", {}, [("iam:GetUser", arn_of("user/local-admin"))]),
    ("iam", "simulate_principal_policy", {"PolicySourceArn": arn_of("user/local-admin"), "ActionNames": ["s3:*"]},
     [("iam:SimulatePrincipalPolicy", arn_of("user/local-admin"))]),
    ("iam", "create_role", {"RoleName": "r", "Path": "/team/", "AssumeRolePolicyDocument": "{}", "Tags": TAGS},
     [("iam:CreateRole", arn_of("role/team/r")), ("iam:TagRole", arn_of("role/team/r"))]),
]


@pytest.mark.parametrize("service, call, arguments, wanted", REQUESTS, ids=[f"{row[0]}-{row[1]}" for row in REQUESTS])
def test_requests(needed, service, call, arguments, wanted):
    assert needed(service, call, **arguments) == wanted


def test_a_mount_target_is_its_file_systems(local_aws, needed):
    efs, ec2 = local_aws.client("efs"), local_aws.client("ec2")
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    name = efs.create_file_system(CreationToken="t")["FileSystemId"]
    target = efs.create_mount_target(FileSystemId=name, SubnetId=subnet)["MountTargetId"]
    for call in ("describe_mount_target_security_groups", "describe_mount_targets", "delete_mount_target"):
        [(action, resource)] = needed("efs", call, MountTargetId=target)
        assert resource == EFS + name and action.lower().endswith(call.replace("_", ""))


def test_an_instance_passes_the_role_of_its_profile(local_aws, needed):
    role = local_aws.role("node")
    iam = local_aws.client("iam")
    iam.create_instance_profile(InstanceProfileName="profile")
    iam.add_role_to_instance_profile(InstanceProfileName="profile", RoleName="node")
    found = needed("ec2", "run_instances", ImageId="ami-1", MinCount=1, MaxCount=1, SubnetId="subnet-1",
                   SecurityGroupIds=["sg-1"], IamInstanceProfile={"Name": "profile"},
                   TagSpecifications=[{"ResourceType": "instance", "Tags": TAGS}])
    assert ("iam:PassRole", role) in found and ("ec2:CreateTags", EC2 + "instance/*") in found
    parts = ("instance/*", "network-interface/*", "volume/*", "security-group/sg-1", "subnet/subnet-1")
    assert {resource for action, resource in found if action == "ec2:RunInstances"} == {
        f"arn:aws:ec2:{REGION}::image/ami-1", *(EC2 + name for name in parts)}


def test_an_alias_is_its_key(local_aws, needed):
    kms = local_aws.client("kms")
    key = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/data", TargetKeyId=key["KeyId"])
    for name in ("alias/data", key["KeyId"], key["Arn"], key["Arn"].rpartition(":")[0] + ":alias/data"):
        assert needed("kms", "describe_key", KeyId=name) == [("kms:DescribeKey", key["Arn"])]


def test_an_association_is_its_table_and_subnet(local_aws, needed):
    ec2 = local_aws.client("ec2")
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    association = ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)["AssociationId"]
    found = needed("ec2", "disassociate_route_table", AssociationId=association)
    both = (f"route-table/{table}", f"subnet/{subnet}")
    assert found == [("ec2:DisassociateRouteTable", EC2 + name) for name in both]
