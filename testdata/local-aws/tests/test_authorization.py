# SPDX-License-Identifier: Apache-2.0
"""IAM, enforced: what users and sessions may do, what refuses them, and how the services say so."""

import json

import pytest
from authorization_support import People, arn_of, policy
from conftest import ACCOUNT, REGION, SECOND_ACCOUNT


@pytest.fixture
def people(local_aws):
    return People(local_aws)


def test_nothing_is_judged_until_it_is_switched_on(local_aws, people):
    keys = people.user("amy")
    assert not people.may(keys, "ec2", "describe_vpcs")
    people.enforce(False)
    assert people.may(keys, "ec2", "describe_vpcs")
    people.enforce()
    local_aws.control("POST", "reset")
    assert local_aws.control("POST", "settings", {})["enforce"] is False
    assert local_aws.control("GET", "actions") == []


def test_the_switch_is_true_or_false(local_aws):
    with pytest.raises(Exception, match="400"):
        local_aws.control("POST", "settings", {"enforce": "yes"})


def test_the_administrators_may_everything(local_aws, people):
    people.enforce()
    local_aws.client("ec2").describe_vpcs()
    local_aws.client("s3", account=SECOND_ACCOUNT).list_buckets()


def test_an_operation_that_no_table_knows_is_not_let_through(local_aws, people, error):
    people.enforce()
    code, status, message = error(local_aws.client("ec2").describe_hosts)
    assert (code, status) == ("NotImplemented", 501) and "ec2:DescribeHosts" in message


REFUSALS = [
    ("ec2", "describe_vpcs", {}, "UnauthorizedOperation", 403, "ec2:DescribeVpcs because no identity-based"),
    ("ec2", "create_vpc", {"CidrBlock": "10.0.0.0/16"}, "UnauthorizedOperation", 403,
     f"ec2:CreateVpc on resource: arn:aws:ec2:{REGION}:{ACCOUNT}:vpc/* because"),
    ("iam", "get_role", {"RoleName": "r"}, "AccessDenied", 403, "iam:GetRole on resource: role r because"),
    ("iam", "get_instance_profile", {"InstanceProfileName": "p"}, "AccessDenied", 403,
     "iam:GetInstanceProfile on resource: instance profile p because"),
    ("s3", "list_objects_v2", {"Bucket": "bucket"}, "AccessDenied", 403,
     's3:ListBucket on resource: "arn:aws:s3:::bucket" because'),
    ("s3", "list_buckets", {}, "AccessDenied", 403, "s3:ListAllMyBuckets because"),
    ("efs", "describe_mount_targets", {"FileSystemId": "fs-12345678"}, "AccessDeniedException", 403,
     f"DescribeMountTargets on resource: arn:aws:elasticfilesystem:{REGION}:{ACCOUNT}:file-system/fs-12345678 because"),
    ("memorydb", "describe_clusters", {"ClusterName": "c"}, "AccessDeniedException", 400,
     f"memorydb:DescribeClusters on resource: arn:aws:memorydb:{REGION}:{ACCOUNT}:cluster/c because"),
    ("service-quotas", "get_service_quota", {"ServiceCode": "vpc", "QuotaCode": "L-1"}, "AccessDeniedException", 400,
     f"servicequotas:GetServiceQuota on resource: arn:aws:servicequotas:{REGION}:{ACCOUNT}:vpc/L-1 because"),
    ("cloudformation", "describe_stacks", {"StackName": "s"}, "AccessDenied", 403,
     f"cloudformation:DescribeStacks on resource: arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/s/* because"),
    ("sts", "assume_role", {"RoleArn": arn_of("role/r"), "RoleSessionName": "session"}, "AccessDenied", 403,
     f"sts:AssumeRole on resource: {arn_of('role/r')} because no role trust policy allows"),
]


@pytest.mark.parametrize("service, call, arguments, code, status, words", REFUSALS,
                         ids=[f"{row[0]}-{row[1]}" for row in REFUSALS])
def test_refusals_in_each_services_words(local_aws, people, error, service, call, arguments, code, status, words):
    client = local_aws.client(service, keys=people.user("amy"))
    found = error(getattr(client, call), **arguments)
    assert found[:2] == (code, status) and words in found[2]
    assert found[2].removeprefix("You are not authorized to perform this operation. ").startswith(
        f"User: {arn_of('user/amy')} is not authorized to perform: ")
    [row] = local_aws.control("GET", "actions")
    assert (row["allowed"], row["principal"], row["via"]) == (False, arn_of("user/amy"), [])


def test_a_refused_request_has_done_nothing(local_aws, people):
    keys = people.user("amy", {"Action": "ec2:Describe*"})
    before = local_aws.client("ec2").describe_vpcs()["Vpcs"]
    assert not people.may(keys, "ec2", "create_vpc", CidrBlock="10.0.0.0/16")
    assert local_aws.client("ec2").describe_vpcs()["Vpcs"] == before


@pytest.mark.parametrize("resource, allowed", [
    ("role/${aws:username}", True), ("role/${aws:username}s", False), ("role/${aws:PrincipalTag/team, 'amy'}", True),
    ("role/${aws:PrincipalTag/team}", False), ("role/a?y", True), ("role/AMY", False), ("role/*", True)])
def test_variables_and_wildcards_of_resources(people, resource, allowed):
    keys = people.user("amy", {"Action": "iam:GetRole", "Resource": arn_of(resource)})
    assert people.may(keys, "iam", "get_role", RoleName="amy") is allowed


def test_who_one_is_nobody_forbids(people):
    keys = people.user("amy", {"Effect": "Deny", "Action": "*"})
    assert people.may(keys, "sts", "get_caller_identity")


@pytest.mark.parametrize("statements, allowed", [
    ([{"Action": "ec2:DescribeVpcs"}], True),
    ([{"Action": "EC2:describe*"}], True),
    ([{"NotAction": "iam:*"}], True),
    ([{"NotAction": "ec2:*"}], False),
    # Describing is not about one VPC: only "*" grants it.
    ([{"Action": "ec2:DescribeVpcs", "Resource": f"arn:aws:ec2:{REGION}:{ACCOUNT}:vpc/*"}], False),
    ([{"Action": "ec2:*"}, {"Effect": "Deny", "Action": "ec2:Describe*"}], False),
    ([{"Action": "ec2:*", "Condition": {"StringEquals": {"aws:RequestedRegion": REGION}}}], True),
    ([{"Action": "ec2:*", "Condition": {"StringEquals": {"ec2:Region": "eu-west-1"}}}], False),
    ([{"Action": "ec2:*", "Condition": {"Bool": {"aws:ViaAWSService": "true"}}}], False),
    ([{"Action": "ec2:*", "Condition": {"ForAnyValue:StringLike": {"aws:CalledVia": "*"}}}], False),
    ([{"Action": "ec2:*", "Condition": {"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}}], True),
    ([{"Action": "ec2:*", "Condition": {"ArnLike": {"aws:PrincipalArn": arn_of("user/a*")}}}], True),
    ([{"Action": "ec2:*", "Condition": {"StringEquals": {"aws:PrincipalAccount": SECOND_ACCOUNT}}}], False),
    ([{"Action": "ec2:*", "Condition": {"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}}], False),
    ([{"Action": "ec2:*", "Condition": {"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}}], True),
    ([{"Action": "ec2:*", "Condition": {"StringEquals": {"aws:username": "amy"}}}], True),
])
def test_statements_and_global_keys(people, statements, allowed):
    keys = people.user("amy", *statements)
    assert people.may(keys, "ec2", "describe_vpcs") is allowed


def test_an_explicit_deny_says_so(people):
    keys = people.user("amy", {"Action": "*"}, {"Effect": "Deny", "Action": "iam:GetRole"})
    assert "with an explicit deny in an identity-based policy" in people.refusal(keys, "iam", "get_role", RoleName="r")


def test_resources_narrow(local_aws, people):
    ec2 = local_aws.client("ec2")
    mine, other = (ec2.create_vpc(CidrBlock=block)["Vpc"]["VpcId"] for block in ("10.1.0.0/16", "10.2.0.0/16"))
    keys = people.user("amy", {"Action": ["ec2:DescribeVpcAttribute", "ec2:CreateSubnet"], "Resource": [
        f"arn:aws:ec2:*:{ACCOUNT}:vpc/{mine}", "arn:aws:ec2:*:*:subnet/*"]},
        {"Action": "s3:*", "Resource": ["arn:aws:s3:::data", "arn:aws:s3:::data/${aws:username}/*"]})
    assert people.may(keys, "ec2", "describe_vpc_attribute", VpcId=mine, Attribute="enableDnsSupport")
    assert not people.may(keys, "ec2", "describe_vpc_attribute", VpcId=other, Attribute="enableDnsSupport")
    assert people.may(keys, "ec2", "create_subnet", VpcId=mine, CidrBlock="10.1.0.0/24")
    assert f"vpc/{other}" in people.refusal(keys, "ec2", "create_subnet", VpcId=other, CidrBlock="10.2.0.0/24")
    local_aws.client("s3").create_bucket(Bucket="data", CreateBucketConfiguration={"LocationConstraint": REGION})
    assert people.may(keys, "s3", "put_object", Bucket="data", Key="amy/x", Body=b"")
    assert not people.may(keys, "s3", "put_object", Bucket="data", Key="bob/x", Body=b"")
    assert people.may(keys, "s3", "head_bucket", Bucket="data")


def test_a_role_is_told_by_its_path(people):
    trust = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]})
    for name, path in (("deep", "/deep/"), ("flat", "/")):
        people.iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=trust)
    keys = people.user("amy", {"Action": "iam:GetRole", "Resource": arn_of("role/deep/*")})
    assert people.may(keys, "iam", "get_role", RoleName="deep")
    assert not people.may(keys, "iam", "get_role", RoleName="flat")


def test_tags_of_the_resource_and_of_the_request(local_aws, people):
    ec2 = local_aws.client("ec2")
    vpcs = [ec2.create_vpc(CidrBlock="10.1.0.0/16", TagSpecifications=[
        {"ResourceType": "vpc", "Tags": [{"Key": "team", "Value": team}]}])["Vpc"]["VpcId"] for team in ("a", "b")]
    keys = people.user("amy", {"Action": "ec2:DeleteVpc", "Condition": {"StringEquals": {"aws:ResourceTag/team": "a"}}},
                       {"Action": ["ec2:CreateInternetGateway", "ec2:CreateTags"],
                        "Condition": {"StringEquals": {"aws:RequestTag/team": "a"},
                                      "ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}})
    assert [people.may(keys, "ec2", "delete_vpc", VpcId=vpc) for vpc in vpcs] == [True, False]

    def gateway(**tags):
        return people.may(keys, "ec2", "create_internet_gateway", TagSpecifications=[
            {"ResourceType": "internet-gateway", "Tags": [{"Key": key, "Value": tags[key]} for key in tags]}])
    assert gateway(team="a") and not gateway(team="b") and not gateway(team="a", more="x")
    assert not people.may(keys, "ec2", "create_internet_gateway")


def test_tagging_at_creation_is_an_action_of_its_own(people):
    keys = people.user("amy", {"Action": "ec2:CreateVpc"})
    tagged = {"TagSpecifications": [{"ResourceType": "vpc", "Tags": [{"Key": "k", "Value": "v"}]}]}
    assert people.may(keys, "ec2", "create_vpc", CidrBlock="10.0.0.0/16")
    assert "ec2:CreateTags" in people.refusal(keys, "ec2", "create_vpc", CidrBlock="10.0.0.0/16", **tagged)
    people.iam.put_user_policy(UserName="amy", PolicyName="tags", PolicyDocument=policy(
        {"Action": "ec2:CreateTags", "Condition": {"StringEquals": {"ec2:CreateAction": "CreateVpc"}}}))
    assert people.may(keys, "ec2", "create_vpc", CidrBlock="10.0.0.0/16", **tagged)


def test_groups_and_managed_policies(people):
    keys = people.user("amy")
    people.iam.create_group(GroupName="readers")
    people.iam.attach_group_policy(GroupName="readers", PolicyArn="arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess")
    assert not people.may(keys, "ec2", "describe_vpcs")
    people.iam.add_user_to_group(GroupName="readers", UserName="amy")
    assert people.may(keys, "ec2", "describe_vpcs")
    people.iam.attach_user_policy(UserName="amy", PolicyArn=people.managed("roles", {"Action": "iam:GetRole"}))
    assert people.may(keys, "iam", "get_role", RoleName="none")


def test_a_boundary_is_the_most_that_a_user_may(people):
    boundary = people.managed("boundary", {"Action": ["ec2:*", "iam:Get*"]},
                              {"Effect": "Deny", "Action": "iam:GetUser"})
    keys = people.user("amy", {"Action": "*"}, PermissionsBoundary=boundary)
    assert people.may(keys, "ec2", "describe_vpcs")
    assert "because no permissions boundary allows the s3:ListAllMyBuckets action" in people.refusal(
        keys, "s3", "list_buckets")
    assert "with an explicit deny in a permissions boundary" in people.refusal(keys, "iam", "get_user")
    people.iam.delete_user_permissions_boundary(UserName="amy")
    assert people.may(keys, "s3", "list_buckets")


def test_a_session_may_what_role_and_session_policies_allow(local_aws, people):
    arn = local_aws.role("worker")
    people.iam.put_role_policy(RoleName="worker", PolicyName="own", PolicyDocument=policy(
        {"Action": ["ec2:*", "iam:GetRole"], "Condition": {"ArnEquals": {"aws:PrincipalArn": arn}}}))
    people.enforce()
    keys = people.session(arn)
    assert people.may(keys, "ec2", "describe_vpcs") and not people.may(keys, "s3", "list_buckets")
    narrowed = people.session(arn, Policy=policy({"Action": ["iam:*", "s3:*"]}))
    assert people.may(narrowed, "iam", "get_role", RoleName="worker")
    reason = "because no session policy allows the ec2:DescribeVpcs action"
    assert reason in people.refusal(narrowed, "ec2", "describe_vpcs")
    assert not people.may(narrowed, "s3", "list_buckets")
    managed = people.session(arn, PolicyArns=[{"arn": people.managed("vpcs", {"Action": "ec2:DescribeVpcs"})}])
    assert people.may(managed, "ec2", "describe_vpcs") and not people.may(managed, "ec2", "describe_subnets")


def test_passing_a_role_is_asked_for_apart(local_aws, people):
    local_aws.role("node")
    people.iam.create_instance_profile(InstanceProfileName="node")
    statement = {"Action": "iam:AddRoleToInstanceProfile"}
    keys = people.user("amy", statement)
    call = ("iam", "add_role_to_instance_profile")
    names = {"InstanceProfileName": "node", "RoleName": "node"}
    assert "iam:PassRole on resource: role node" in people.refusal(keys, *call, **names)
    people.iam.put_user_policy(UserName="amy", PolicyName="pass", PolicyDocument=policy(
        {"Action": "iam:PassRole", "Resource": arn_of("role/node"),
         "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}}))
    assert people.may(keys, *call, **names)


def test_the_list_of_actions(local_aws, people):
    keys = people.user("amy", {"Action": "ec2:DescribeVpcs"})
    local_aws.control("DELETE", "actions")
    people.may(keys, "ec2", "describe_vpcs")
    people.may(keys, "ec2", "describe_subnets")
    rows = local_aws.control("GET", "actions")
    assert [(row["action"], row["resource"], row["allowed"]) for row in rows] == [
        ("ec2:DescribeVpcs", "*", True), ("ec2:DescribeSubnets", "*", False)]
    assert rows[1]["reason"] == "because no identity-based policy allows the ec2:DescribeSubnets action"
    local_aws.control("DELETE", "actions")
    assert local_aws.control("GET", "actions") == []
