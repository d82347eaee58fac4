# SPDX-License-Identifier: Apache-2.0
"""What `setup` finds out about its caller's permissions before it makes anything."""

import json

import pytest
from conftest import ACCOUNT, REGION
from least_privilege import Person, without
from preflight_support import SETUP, changes, findings


@pytest.fixture
def person(local_aws, tmp_path):
    """Somebody with exactly what `policy setup` prints, in an account that enforces IAM."""
    made = Person(tmp_path, local_aws)
    made.hold(made.policy("setup"))
    local_aws.control("DELETE", "requests")
    return made


def stopped(person) -> tuple[str, str]:
    """Setup must be stopped by what the caller lacks alone; the verdict and the text."""
    person.local_aws.control("DELETE", "requests")
    done = person.run(*SETUP, code=4)
    assert changes(person.local_aws) == [] and person.cloudctl.records() == []
    found = findings(done.stdout)
    assert list(found) == ["preflight.permissions"], done.stderr
    return found["preflight.permissions"]


def test_all_permissions_that_are_lacking_in_one_list(person):
    lacking = ["ec2:CreateVpc", "iam:CreateRole", "cloudformation:CreateStack", "iam:ListInstanceProfilesForRole"]
    person.hold(without(person.policy("setup"), *lacking))
    verdict, text = stopped(person)
    assert verdict == "FAIL" and text.startswith(f"{person.arn} may not do ")
    work, look = text.split("; ")
    assert all(action in work for action in lacking[:3]) and look == "may not read with iam:ListInstanceProfilesForRole"


def test_what_only_checks_need_is_a_warning(person):
    person.hold(without(person.policy("setup"), "ec2:DescribeInstances", "iam:ListInstanceProfilesForRole"))
    done = person.run(*SETUP, code=3)  # one check of the cloud has no verdict
    verdict, text = findings(done.stderr)["preflight.permissions"]
    assert verdict == "WARN" and text == f"{person.arn} may not read with ec2:DescribeInstances, iam:ListInstanceProfilesForRole"
    assert person.cloudctl.record("demo")["state"] == "ready"


def test_an_explicit_deny_is_seen(person):
    person.hold({"Version": "2012-10-17", "Statement": [
        {"Effect": "Deny", "Action": ["elasticfilesystem:CreateMountTarget"], "Resource": ["*"]}]}, "denied")
    verdict, text = stopped(person)
    assert verdict == "FAIL" and text == f"{person.arn} may not do elasticfilesystem:CreateMountTarget"
    said = person.run(*SETUP, code=4).stdout
    assert "do: change what stands against elasticfilesystem:CreateMountTarget" in said and "denied by" in said


@pytest.mark.parametrize("action, operator, key, says", [
    ("iam:CreateRole", "StringNotEquals", "iam:PermissionsBoundary", "a permissions boundary for the roles ("),
    ("ec2:CreateVpc", "StringNotLike", "aws:RequestTag/team", "the tag team ("),
])
def test_what_a_denial_demands_is_named(person, action, operator, key, says):
    value = "?*" if operator == "StringNotLike" else "arn:aws:iam::123456789012:policy/edge"
    person.hold({"Version": "2012-10-17", "Statement": [{
        "Effect": "Deny", "Action": [action], "Resource": ["*"], "Condition": {operator: {key: value}}}]}, "demanding")
    verdict, text = stopped(person)
    assert verdict == "FAIL" and text == f"{person.arn} may not do {action}"
    assert f"give what the policies demand: {says}" in person.run(*SETUP, code=4).stdout


def test_a_condition_that_is_not_known_here_is_a_warning(person):
    """Whether the caller proved a second factor is not for us to say; here it was not, and AWS refuses it later."""
    document = person.policy("setup")
    person.hold(without(document, "ec2:CreateVpc"))
    person.hold({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": ["ec2:CreateVpc"], "Resource": ["*"],
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}]}, "with-a-second-factor")
    done = person.run(*SETUP, code=4)
    verdict, text = findings(done.stderr)["preflight.permissions"]
    assert verdict == "WARN" and text == f"{person.arn} may or may not do ec2:CreateVpc"
    assert "not authorized to perform: ec2:CreateVpc" in done.stderr


def test_a_simulator_that_may_not_be_asked(person):
    person.hold(without(person.policy("setup"), "iam:SimulatePrincipalPolicy"))
    done = person.run(*SETUP)
    assert findings(done.stderr)["preflight.permissions"][0] == "UNKNOWN"
    assert "the caller needs iam:SimulatePrincipalPolicy." in done.stderr
    assert person.cloudctl.record("demo")["state"] == "ready"


def test_the_session_of_a_role_with_a_path(person):
    """Its path is in IAM alone; without it IAM finds no such role."""
    iam, sts = person.iam, person.local_aws.client("sts")
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": ACCOUNT},
                                                     "Action": "sts:AssumeRole"}]}
    role = iam.create_role(RoleName="operator", Path="/team/", AssumeRolePolicyDocument=json.dumps(trust))["Role"]
    iam.put_role_policy(RoleName="operator", PolicyName="held", PolicyDocument=json.dumps(person.policy("setup")))
    keys = sts.assume_role(RoleArn=role["Arn"], RoleSessionName="session")["Credentials"]
    person.cloudctl.environment |= {"AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
                                    "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
                                    "AWS_SESSION_TOKEN": keys["SessionToken"]}
    done = person.run(*SETUP)
    assert findings(done.stderr)["preflight.permissions"][0] == "UNKNOWN" and "iam:GetRole" in done.stderr
    person.cloudctl.run("delete", "--name", "demo", "--yes", code=None)
    iam.put_role_policy(RoleName="operator", PolicyName="read", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "iam:GetRole", "Resource": role["Arn"]}]}))
    done = person.run("setup", "--name", "other", "--region", REGION, "--yes")
    assert findings(done.stderr) == {}


def test_the_root_user_is_not_asked_about(person):
    reply = ("<GetCallerIdentityResponse xmlns='https://sts.amazonaws.com/doc/2011-06-15/'><GetCallerIdentityResult>"
             f"<Arn>arn:aws:iam::{ACCOUNT}:root</Arn><UserId>{ACCOUNT}</UserId><Account>{ACCOUNT}</Account>"
             "</GetCallerIdentityResult></GetCallerIdentityResponse>")
    person.local_aws.faults({"match": "sts:GetCallerIdentity", "status": 200, "body": reply, "content_type": "text/xml"})
    person.run(*SETUP)
    assert person.local_aws.requests("iam:SimulatePrincipalPolicy") == []
