# SPDX-License-Identifier: Apache-2.0
"""IAM: what AWS refuses in a trust policy, and how it says that something is missing."""

import json

import pytest

from conftest import ACCOUNT, REGION, SECOND_ACCOUNT


def trust(principal, **more):
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


EC2 = trust({"Service": "ec2.amazonaws.com"})


@pytest.mark.parametrize("principal", [
    {"Service": "ec2.amazonaws.com"}, {"AWS": "999999999999"}, {"AWS": "arn:aws:iam::999999999999:root"}, "*",
    {"AWS": [f"arn:aws:iam::{ACCOUNT}:root", f"arn:aws:iam::{ACCOUNT}:user/local-admin"]},
    {"AWS": "arn:aws:iam::999999999999:role/somebody-elses"}, {"Federated": "cognito-identity.amazonaws.com"}])
def test_good_trust_policies_come_back_equal(local_aws, principal):
    iam = local_aws.client("iam")
    text = trust(principal, Condition={"StringEquals": {"sts:ExternalId": "a+b c"}})
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=text)
    assert iam.get_role(RoleName="r")["Role"]["AssumeRolePolicyDocument"] == json.loads(text)


BAD = [
    ("not json", "invalid Json"), ("[1]", "invalid Json"), ("{}", "Statement"), ('{"a":1,"a":2}', "invalid Json"),
    (trust({"AWS": f"arn:aws:iam::{ACCOUNT}:role/none"}), f'Invalid principal in policy: "AWS":"arn:aws:iam::{ACCOUNT}:role/none"'),
    (trust({"AWS": f"arn:aws:iam::{SECOND_ACCOUNT}:user/none"}), "Invalid principal in policy"),
    (trust({"AWS": "AROAEXAMPLEEXAMPLE12"}), "Invalid principal in policy"),
    (trust({"AWS": f"arn:aws:iam::{ACCOUNT}:role/*"}), "Invalid principal in policy"),
    (trust({"Service": "ec2"}), "Invalid principal in policy"), (trust({}), "Principal"),
    (trust({"AWS": "*"}, Resource="*"), "Has prohibited field Resource"),
    (trust({"AWS": "*"}, Action="s3:GetObject"), "may only specify STS AssumeRole actions"),
    (trust({"AWS": "*"}, Effect="allow"), "Effect")]


@pytest.mark.parametrize("text, reason", BAD)
def test_bad_trust_policies_are_refused_and_change_nothing(local_aws, error, text, reason):
    iam = local_aws.client("iam")
    code, status, message = error(iam.create_role, RoleName="r", AssumeRolePolicyDocument=text)
    assert (code, status) == ("MalformedPolicyDocument", 400) and reason in message
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=EC2)
    assert error(iam.update_assume_role_policy, RoleName="r", PolicyDocument=text)[0] == "MalformedPolicyDocument"
    assert iam.get_role(RoleName="r")["Role"]["AssumeRolePolicyDocument"] == json.loads(EC2)


def test_a_role_may_trust_a_role_that_is_there(local_aws):
    iam = local_aws.client("iam")
    iam.create_role(RoleName="first", Path="/deep/", AssumeRolePolicyDocument=EC2)
    iam.create_role(RoleName="second", AssumeRolePolicyDocument=trust({"AWS": f"arn:aws:iam::{ACCOUNT}:role/deep/first"}))


def test_missing_things_in_awss_words(local_aws, error):
    iam = local_aws.client("iam")
    assert error(iam.get_role, RoleName="r") == ("NoSuchEntity", 404, "The role with name r cannot be found.")
    assert error(iam.delete_role, RoleName="r")[:2] == ("NoSuchEntity", 404)
    assert error(iam.get_instance_profile, InstanceProfileName="p") == (
        "NoSuchEntity", 404, "Instance Profile p cannot be found.")
    assert error(iam.get_role_policy, RoleName="r", PolicyName="p")[:2] == ("NoSuchEntity", 404)


def test_inline_policies_have_a_limit(local_aws, error):
    iam = local_aws.client("iam")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=EC2)
    def put(name, size):
        actions = [f"s3:Get{number:04}" for number in range(size // 13)]
        iam.put_role_policy(RoleName="r", PolicyName=name, PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}))
    put("a", 6000)
    put("a", 6100)
    assert error(lambda: put("b", 6000))[:2] == ("LimitExceeded", 409)
    assert iam.list_role_policies(RoleName="r")["PolicyNames"] == ["a"]


def test_managed_policies_have_a_limit(local_aws, error):
    iam = local_aws.client("iam")

    def document(size):
        text = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}'
        return text.replace("*\",", "x" * (size - len(text)) + "*\", ", 1)
    arn = iam.create_policy(PolicyName="p", PolicyDocument=document(6144))["Policy"]["Arn"]
    refused = ("LimitExceeded", 409, "Cannot exceed quota for PolicySize: 6144")
    assert error(iam.create_policy, PolicyName="q", PolicyDocument=document(6145)) == refused
    assert error(iam.create_policy_version, PolicyArn=arn, PolicyDocument=document(6145)) == refused


def test_a_role_in_use_stays(local_aws, error):
    iam = local_aws.client("iam")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=EC2)
    iam.create_instance_profile(InstanceProfileName="p")
    iam.add_role_to_instance_profile(InstanceProfileName="p", RoleName="r")
    assert error(iam.delete_role, RoleName="r")[:2] == ("DeleteConflict", 409)
    assert error(iam.delete_instance_profile, InstanceProfileName="p")[:2] == ("DeleteConflict", 409)


def test_awss_managed_policies_are_there(local_aws):
    iam = local_aws.client("iam")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=EC2)
    arn = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly"
    iam.attach_role_policy(RoleName="r", PolicyArn=arn)
    assert iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 1
    local_aws.control("POST", "reset")
    assert iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 0


def test_who_is_deleted_stands_in_policies_by_his_id(local_aws):
    """A role of the same name that is made again is another."""
    iam, s3, kms, efs = (local_aws.client(name) for name in ("iam", "s3", "kms", "efs"))
    gone, other = local_aws.role("gone"), local_aws.role("other")
    unique = iam.get_role(RoleName="gone")["Role"]["RoleId"]

    def lets_in(**more):
        return json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": [gone, other]}, **more}]})

    def principals(text):
        document = json.loads(text) if isinstance(text, str) else text
        return document["Statement"][0]["Principal"]["AWS"]
    local_aws.role("trusting", trusted=(gone, other))
    s3.create_bucket(Bucket="data", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_policy(Bucket="data", Policy=lets_in(Action="s3:GetObject", Resource="arn:aws:s3:::data/*"))
    key = kms.create_key(Policy=lets_in(Action="kms:*", Resource="*"))["KeyMetadata"]["KeyId"]
    system = efs.create_file_system(CreationToken="t")["FileSystemId"]
    efs.put_file_system_policy(FileSystemId=system, Policy=lets_in(Action="elasticfilesystem:ClientMount"))

    iam.delete_role(RoleName="gone")
    local_aws.role("gone")
    for policy in (iam.get_role(RoleName="trusting")["Role"]["AssumeRolePolicyDocument"],
                   s3.get_bucket_policy(Bucket="data")["Policy"],
                   kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"],
                   efs.describe_file_system_policy(FileSystemId=system)["Policy"]):
        assert principals(policy) == [unique, other]


@pytest.mark.parametrize("service, name", [
    ("spot.amazonaws.com", "AWSServiceRoleForEC2Spot"), ("memorydb.amazonaws.com", "AWSServiceRoleForMemoryDB"),
    ("elasticfilesystem.amazonaws.com", "AWSServiceRoleForAmazonElasticFileSystem"),
    ("autoscaling.amazonaws.com", "AWSServiceRoleForAutoScaling")])
def test_service_linked_roles_have_the_services_names(local_aws, error, service, name):
    iam = local_aws.client("iam")
    made = iam.create_service_linked_role(AWSServiceName=service)["Role"]
    assert made["RoleName"] == name
    assert made["Arn"] == f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/{service}/{name}"
    assert iam.get_role(RoleName=name)["Role"]["Arn"] == made["Arn"]
    if "AutoScaling" not in name:
        assert error(iam.create_service_linked_role, AWSServiceName=service)[:2] == ("InvalidInput", 400)


def test_an_instance_profile_has_tags(local_aws):
    iam = local_aws.client("iam")
    iam.create_instance_profile(InstanceProfileName="p", Tags=[{"Key": "a<b", "Value": "c&d"}])
    assert iam.list_instance_profile_tags(InstanceProfileName="p")["Tags"] == [{"Key": "a<b", "Value": "c&d"}]
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.list_instance_profile_tags(InstanceProfileName="other")
