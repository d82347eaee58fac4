# SPDX-License-Identifier: Apache-2.0
"""Every property of the IAM, KMS and Secrets Manager types, as the services tell it afterwards."""

import json

import pytest
from cloudformation_support import from_yaml, local, outputs, refused, server  # noqa: F401

TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
NAMED = ["CAPABILITY_NAMED_IAM"]
IAM = from_yaml("""
Resources:
  Boundary:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: fence
      Path: /lab/
      Description: outer limit
      PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "*", Resource: "*"}]}
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: runner
      Path: /lab/
      Description: runs things
      MaxSessionDuration: 7200
      PermissionsBoundary: {Ref: Boundary}
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly"]
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {AWS: {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}},
             Action: "sts:AssumeRole", Condition: {StringEquals: {"sts:ExternalId": secret}}}
      Policies:
        - PolicyName: inner
          PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:GetObject", Resource: "*"}]}
      Tags: [{Key: team, Value: ray}]
  Profile:
    Type: AWS::IAM::InstanceProfile
    Properties: {InstanceProfileName: runner, Path: /lab/, Roles: [{Ref: Role}]}
  Attached:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Roles: [{Ref: Role}]
      PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "ec2:Describe*", Resource: "*"}]}
  Inline:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: outer
      Roles: [{Ref: Role}]
      PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "ecr:*", Resource: "*"}]}
Outputs:
  RoleArn: {Value: {"Fn::GetAtt": [Role, Arn]}}
  RoleId: {Value: {"Fn::GetAtt": [Role, RoleId]}}
  ProfileArn: {Value: {"Fn::GetAtt": [Profile, Arn]}}
  Attached: {Value: {Ref: Attached}}
""")


@pytest.fixture(scope="module")
def made(server):
    stack = server.created("roles", IAM, Capabilities=NAMED, Tags=[{"Key": "cloud", "Value": "c1"}])
    return server.client("iam"), server.physical("roles"), outputs(stack)


def test_role_has_its_properties(made):
    iam, physical, values = made
    role = iam.get_role(RoleName="runner")["Role"]
    assert physical["Role"] == "runner" and role["Path"] == "/lab/" and role["Description"] == "runs things"
    assert role["MaxSessionDuration"] == 7200 and role["Arn"] == values["RoleArn"]
    assert role["RoleId"] == values["RoleId"]
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == physical["Boundary"]
    statement = role["AssumeRolePolicyDocument"]["Statement"][0]
    assert statement["Principal"] == {"AWS": "arn:aws:iam::123456789012:root"}
    assert statement["Condition"] == {"StringEquals": {"sts:ExternalId": "secret"}}
    assert {tag["Key"]: tag["Value"] for tag in role["Tags"]} == {"team": "ray", "cloud": "c1"}


def test_role_has_its_policies(made):
    iam, physical, values = made
    assert set(iam.list_role_policies(RoleName="runner")["PolicyNames"]) == {"inner", "outer"}
    inner = iam.get_role_policy(RoleName="runner", PolicyName="inner")["PolicyDocument"]
    assert inner["Statement"][0]["Action"] == "s3:GetObject"
    attached = {item["PolicyArn"] for item in iam.list_attached_role_policies(RoleName="runner")["AttachedPolicies"]}
    assert attached == {"arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly", values["Attached"]}
    assert values["Attached"] == physical["Attached"]


def test_profile_and_policy_have_their_properties(made):
    iam, physical, values = made
    profile = iam.get_instance_profile(InstanceProfileName="runner")["InstanceProfile"]
    assert profile["Path"] == "/lab/" and profile["Arn"] == values["ProfileArn"]
    assert [role["RoleName"] for role in profile["Roles"]] == ["runner"]
    policy = iam.get_policy(PolicyArn=physical["Boundary"])["Policy"]
    assert (policy["PolicyName"], policy["Path"], policy["Description"]) == ("fence", "/lab/", "outer limit")


def test_all_of_it_can_be_deleted(made, local):
    stack, physical = local.settled("roles"), made[1]
    assert local.deleted(stack["StackId"])["StackStatus"] == "DELETE_COMPLETE", local.reasons(stack["StackId"])
    iam = local.client("iam")
    refused(iam.get_role, "NoSuchEntity", RoleName="runner")
    refused(iam.get_instance_profile, "NoSuchEntity", InstanceProfileName="runner")
    refused(iam.get_policy, "NoSuchEntity", PolicyArn=physical["Attached"])


def test_a_role_with_a_foreign_policy_cannot_be_deleted(local):
    template = {"Resources": {"Role": IAM["Resources"]["Role"] | {"Properties": {
        "RoleName": "shared", "AssumeRolePolicyDocument": TRUST}}}}
    stack = local.created("role", template, Capabilities=NAMED)
    iam = local.client("iam")
    iam.put_role_policy(RoleName="shared", PolicyName="theirs", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}))
    assert local.deleted(stack["StackId"])["StackStatus"] == "DELETE_FAILED"
    assert "must delete policies first" in local.reasons(stack["StackId"])["Role"]


KEYS = from_yaml("""
Resources:
  Key: {Type: "AWS::KMS::Key", Properties: {Description: for disks, EnableKeyRotation: true,
        Tags: [{Key: team, Value: ray}]}}
  Secret: {Type: "AWS::SecretsManager::Secret", Properties: {Name: token, Description: shared,
           SecretString: open, Tags: [{Key: team, Value: ray}]}}
Outputs:
  KeyArn: {Value: {"Fn::GetAtt": [Key, Arn]}}
  Secret: {Value: {Ref: Secret}}
""")


def test_keys_and_secrets(local):
    stack = local.created("keys", KEYS)
    kms, secrets, values = local.client("kms"), local.client("secretsmanager"), outputs(stack)
    key = kms.describe_key(KeyId=values["KeyArn"])["KeyMetadata"]
    assert key["Description"] == "for disks" and key["KeyId"] == local.physical("keys")["Key"]
    assert kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"] is True
    assert kms.list_resource_tags(KeyId=key["KeyId"])["Tags"] == [{"TagKey": "team", "TagValue": "ray"}]
    secret = secrets.describe_secret(SecretId=values["Secret"])
    assert secret["Name"] == "token" and secret["Description"] == "shared"
    assert secrets.get_secret_value(SecretId="token")["SecretString"] == "open"
    assert local.deleted(stack["StackId"])["StackStatus"] == "DELETE_COMPLETE"
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "PendingDeletion"
    refused(secrets.describe_secret, "ResourceNotFoundException", SecretId="token")
