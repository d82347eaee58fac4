# SPDX-License-Identifier: Apache-2.0
"""SimulatePrincipalPolicy, driven with boto3: identity policies, boundaries, conditions, and its own bad input."""

import json

import pytest

from conftest import ACCOUNT

EC2 = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]})


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Resource": "*", **statement} if "NotResource" not in statement
        else {"Effect": "Allow", **statement} for statement in statements]})


@pytest.fixture
def iam(local_aws):
    return local_aws.client("iam")


@pytest.fixture
def role(iam):
    """role(*statements): a role with one inline policy; its ARN."""
    def make(*statements, name="r", **more):
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=EC2, **more)["Role"]["Arn"]
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=document(*statements))
        return arn
    return make


def decisions(iam, arn, *actions, **more):
    results = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=list(actions), **more)["EvaluationResults"]
    return {row["EvalActionName"]: row["EvalDecision"] for row in results}


@pytest.mark.parametrize("statements, decision", [
    ([], "implicitDeny"),
    ([{"Action": "s3:GetObject"}], "allowed"),
    ([{"Action": "S3:getobject"}], "allowed"),
    ([{"Action": "s3:Get*"}], "allowed"),
    ([{"Action": "s3:Get?bject"}], "allowed"),
    ([{"Action": ["ec2:*", "s3:PutObject"]}], "implicitDeny"),
    ([{"NotAction": "ec2:*"}], "allowed"),
    ([{"NotAction": "s3:*"}], "implicitDeny"),
    ([{"Action": "*"}, {"Effect": "Deny", "Action": "s3:*"}], "explicitDeny"),
    ([{"Action": "*"}, {"Effect": "Deny", "Action": "s3:Put*"}], "allowed"),
    ([{"Action": "s3:*", "Resource": "arn:aws:s3:::b/*"}], "allowed"),
    ([{"Action": "s3:*", "Resource": "arn:aws:s3:::b"}], "implicitDeny"),
    ([{"Action": "s3:*", "NotResource": "arn:aws:s3:::b/*"}], "implicitDeny"),
    ([{"Action": "s3:*", "Resource": "arn:aws:s3:::[b]/*"}], "implicitDeny"),
])
def test_statements(iam, role, statements, decision):
    found = decisions(iam, role(*statements), "s3:GetObject", ResourceArns=["arn:aws:s3:::b/key"])
    assert found == {"s3:GetObject": decision}


def test_without_resources_only_a_star_is_asked_for(iam, role):
    arn = role({"Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b"}, {"Action": "s3:ListAllMyBuckets"})
    assert decisions(iam, arn, "s3:ListBucket", "s3:ListAllMyBuckets") == {
        "s3:ListBucket": "implicitDeny", "s3:ListAllMyBuckets": "allowed"}


def test_each_resource_has_its_answer_and_the_whole_is_the_worst(iam, role):
    arn = role({"Action": "s3:*", "Resource": "arn:aws:s3:::a"},
               {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::c"})
    [result] = iam.simulate_principal_policy(
        PolicySourceArn=arn, ActionNames=["s3:ListBucket"],
        ResourceArns=[f"arn:aws:s3:::{name}" for name in "abc"])["EvaluationResults"]
    assert result["EvalDecision"] == "explicitDeny"
    assert [row["EvalResourceDecision"] for row in result["ResourceSpecificResults"]] == [
        "allowed", "implicitDeny", "explicitDeny"]


def test_policies_of_a_user_come_from_everywhere(iam):
    arn = iam.create_user(UserName="u", Path="/deep/")["User"]["Arn"]
    iam.put_user_policy(UserName="u", PolicyName="inline", PolicyDocument=document({"Action": "s3:*"}))
    managed = iam.create_policy(PolicyName="m", PolicyDocument=document({"Action": "sqs:*"}))["Policy"]["Arn"]
    iam.attach_user_policy(UserName="u", PolicyArn=managed)
    iam.create_group(GroupName="g")
    iam.put_group_policy(GroupName="g", PolicyName="inline", PolicyDocument=document({"Action": "sns:*"}))
    iam.attach_group_policy(GroupName="g", PolicyArn="arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess")
    asked = ("s3:GetObject", "sqs:SendMessage", "sns:Publish", "ec2:DescribeVpcs", "ec2:CreateVpc")
    before = decisions(iam, arn, *asked)
    assert [before[action] for action in asked] == ["allowed"] * 2 + ["implicitDeny"] * 3
    iam.add_user_to_group(GroupName="g", UserName="u")
    assert [decisions(iam, arn, *asked)[action] for action in asked] == ["allowed"] * 4 + ["implicitDeny"]


def test_only_the_default_version_of_a_policy_counts(iam, role):
    arn = role()
    policy = iam.create_policy(PolicyName="m", PolicyDocument=document({"Action": "s3:*"}))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="r", PolicyArn=policy)
    iam.create_policy_version(PolicyArn=policy, PolicyDocument=document({"Action": "ec2:*"}), SetAsDefault=True)
    assert decisions(iam, arn, "s3:GetObject", "ec2:CreateVpc") == {
        "s3:GetObject": "implicitDeny", "ec2:CreateVpc": "allowed"}


def test_a_boundary_limits_and_grants_nothing(iam, role):
    boundary = iam.create_policy(PolicyName="b", PolicyDocument=document(
        {"Action": ["s3:*", "sqs:*"]}, {"Effect": "Deny", "Action": "s3:PutObject"}))["Policy"]["Arn"]
    arn = role({"Action": ["s3:*", "ec2:*"]}, PermissionsBoundary=boundary)
    rows = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=[
        "s3:GetObject", "s3:PutObject", "ec2:CreateVpc", "sqs:SendMessage"])["EvaluationResults"]
    assert [row["EvalDecision"] for row in rows] == ["allowed", "explicitDeny", "implicitDeny", "implicitDeny"]
    assert [row["PermissionsBoundaryDecisionDetail"]["AllowedByPermissionsBoundary"] for row in rows] == [
        True, True, False, True]


def entry(key, *values):
    return {"ContextKeyName": key, "ContextKeyValues": list(values), "ContextKeyType": "string"}


@pytest.mark.parametrize("condition, given, decision, missing", [
    ({"StringEquals": {"aws:RequestedRegion": "us-west-2"}}, {"aws:RequestedRegion": ["us-west-2"]}, "allowed", []),
    ({"StringEquals": {"aws:RequestedRegion": "us-west-2"}}, {"AWS:requestedregion": ["us-west-2"]}, "allowed", []),
    ({"StringEquals": {"aws:RequestedRegion": "us-west-2"}}, {"aws:RequestedRegion": ["eu-west-1"]}, "implicitDeny", []),
    ({"StringEquals": {"aws:RequestedRegion": "us-west-2"}}, {}, "implicitDeny", ["aws:RequestedRegion"]),
    ({"StringEqualsIfExists": {"aws:RequestedRegion": "us-west-2"}}, {}, "allowed", []),
    ({"StringNotEquals": {"aws:RequestedRegion": "us-west-2"}}, {}, "allowed", ["aws:RequestedRegion"]),
    ({"StringNotLike": {"aws:RequestedRegion": ["us-*", "eu-*"]}}, {"aws:RequestedRegion": ["eu-west-1"]},
     "implicitDeny", []),
    ({"Null": {"aws:TagKeys": "true"}}, {}, "allowed", []),
    ({"Bool": {"aws:SecureTransport": "true"}}, {"aws:SecureTransport": ["true"]}, "allowed", []),
    ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, {"aws:SourceIp": ["10.1.2.3"]}, "allowed", []),
    ({"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, {"aws:SourceIp": ["10.1.2.3"]}, "implicitDeny", []),
    ({"NumericLessThan": {"s3:max-keys": "10"}}, {"s3:max-keys": ["9"]}, "allowed", []),
    ({"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}}, {"aws:TagKeys": ["a", "c"]}, "implicitDeny", []),
    ({"ForAnyValue:StringEquals": {"aws:TagKeys": ["a", "b"]}}, {"aws:TagKeys": ["a", "c"]}, "allowed", []),
    ({"StringEquals": {"aws:RequestedRegion": "x"}, "Bool": {"aws:SecureTransport": "true"}}, {}, "implicitDeny",
     ["aws:RequestedRegion", "aws:SecureTransport"]),
])
def test_conditions(iam, role, condition, given, decision, missing):
    [result] = iam.simulate_principal_policy(
        PolicySourceArn=role({"Action": "ec2:*", "Condition": condition}), ActionNames=["ec2:CreateVpc"],
        ContextEntries=[entry(key, *values) for key, values in given.items()])["EvaluationResults"]
    assert (result["EvalDecision"], result.get("MissingContextValues", [])) == (decision, missing)


def test_conditions_of_other_statements_are_not_missing(iam, role):
    arn = role({"Action": "ec2:*"}, {"Action": "s3:*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}})
    [result] = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=["ec2:CreateVpc"])["EvaluationResults"]
    assert result["EvalDecision"] == "allowed" and not result.get("MissingContextValues")


def test_variables(iam, role):
    arn = role({"Action": "s3:*", "Resource": "arn:aws:s3:::b/${aws:username}/*"})
    resource = {"ResourceArns": ["arn:aws:s3:::b/ann/x"]}
    assert decisions(iam, arn, "s3:GetObject", **resource)["s3:GetObject"] == "implicitDeny"
    assert decisions(iam, arn, "s3:GetObject", ContextEntries=[entry("aws:username", "ann")], **resource)[
        "s3:GetObject"] == "allowed"


def test_pages(iam, role):
    arn = role({"Action": "ec2:*"})
    actions = [f"ec2:Action{number}" for number in range(7)]
    pages = list(iam.get_paginator("simulate_principal_policy").paginate(
        PolicySourceArn=arn, ActionNames=actions, PaginationConfig={"PageSize": 3}))
    assert [len(page["EvaluationResults"]) for page in pages] == [3, 3, 1]
    assert [row["EvalActionName"] for page in pages for row in page["EvaluationResults"]] == actions


def test_bad_input(iam, role, error):
    arn = role({"Action": "*"})

    def simulate(**more):
        return error(iam.simulate_principal_policy, **{"PolicySourceArn": arn, "ActionNames": ["ec2:CreateVpc"], **more})
    assert simulate(PolicySourceArn=f"arn:aws:iam::{ACCOUNT}:role/none")[:2] == ("NoSuchEntity", 404)
    assert simulate(PolicySourceArn=f"arn:aws:sts::{ACCOUNT}:assumed-role/r/session")[:2] == ("InvalidInput", 400)
    assert simulate(PolicySourceArn=f"arn:aws:iam::{ACCOUNT}:root")[:2] == ("InvalidInput", 400)
    assert simulate(ActionNames=["CreateVpc"])[:2] == ("InvalidInput", 400)
    assert "PolicyInputList" in simulate(PolicyInputList=[document({"Action": "*"})])[2]


def test_the_administrator_may_do_everything(iam):
    assert decisions(iam, f"arn:aws:iam::{ACCOUNT}:user/local-admin", "ec2:CreateVpc", "iam:PassRole") == {
        "ec2:CreateVpc": "allowed", "iam:PassRole": "allowed"}
