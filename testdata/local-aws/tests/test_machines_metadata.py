# SPDX-License-Identifier: Apache-2.0
"""A machine's metadata service: tokens, what it says, and the role's own credentials, judged by the role's policies."""

from __future__ import annotations

import json

import pytest
from authorization_support import People
from conftest import ACCOUNT, REGION
from machines_support import machines, needs_machines  # noqa: F401

pytestmark = needs_machines
BEGIN = """#!/bin/sh
at=http://169.254.169.254/latest
ask() { curl -s -m 5 "$@"; }
code() { ask -o /dev/null -w '%{http_code}\\n' "$@"; }
token=$(ask -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' $at/api/token)
get() { ask -H "X-aws-ec2-metadata-token: $token" "$at/$1"; echo; }
"""
END = "echo end\n"


def test_tokens_where_they_are_required(machines):
    made = machines.launch(BEGIN + """
echo without $(code $at/meta-data/)
echo with $(code -H "X-aws-ec2-metadata-token: $token" $at/meta-data/)
echo wrong $(code -H "X-aws-ec2-metadata-token: x" $at/meta-data/)
echo short $(code -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 0' $at/api/token)
echo long $(code -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 21601' $at/api/token)
echo none $(code -X PUT $at/api/token)
echo forwarded $(code -X PUT -H 'X-Forwarded-For: 10.0.0.1' -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' $at/api/token)
echo elsewhere $(code -X PUT $at/meta-data/)
brief=$(ask -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 1' $at/api/token)
until [ "$(code -H "X-aws-ec2-metadata-token: $brief" $at/meta-data/)" = 401 ]; do :; done
echo expired
""" + END, MetadataOptions={"HttpTokens": "required"})
    console = machines.says(made, "\r\nend\r\n").replace("\r", "")
    for line in ("without 401", "with 200", "wrong 401", "short 400", "long 400", "none 400", "forwarded 403",
                 "elsewhere 405", "expired"):
        assert f"{line}\n" in console, console


@pytest.mark.parametrize("options, status", [({}, "200"), ({"HttpTokens": "optional"}, "200"),
                                             ({"HttpEndpoint": "disabled"}, "403")])
def test_without_a_token(machines, options, status):
    made = machines.launch(BEGIN + "echo got $(code $at/meta-data/)\n" + END, MetadataOptions=options)
    assert f"got {status}\r\n" in machines.says(made, "\r\nend\r\n")


def test_what_it_says(machines):
    made = machines.launch(BEGIN + """
for name in instance-id instance-type local-ipv4 ami-id placement/availability-zone placement/region \\
	services/domain tags/instance/Name; do echo "$name=$(get meta-data/$name)"; done
echo "folder=$(get meta-data/placement/ | tr '\\n' ' ')"
echo "versions=$(ask http://169.254.169.254/2021-07-15/meta-data/instance-id)"
echo "roles=$(code $at/meta-data/iam/security-credentials/) nothing=$(code $at/meta-data/nothing)"
echo "document=$(get dynamic/instance-identity/document | tr -d '\\n')"
get user-data | head -1
""" + END, MetadataOptions={"InstanceMetadataTags": "enabled"},
        TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "one"}]}])
    console = machines.says(made, "\r\nend\r\n").replace("\r", "")
    for line in (f"instance-id={made['InstanceId']}", "instance-type=m5.xlarge", f"local-ipv4={made['PrivateIpAddress']}",
                 f"ami-id={machines.image}", f"placement/availability-zone={REGION}a", f"placement/region={REGION}",
                 "services/domain=amazonaws.com", "tags/instance/Name=one",
                 "folder=availability-zone availability-zone-id region ", f"versions={made['InstanceId']}",
                 "roles=404 nothing=404", "#!/bin/sh"):
        assert f"{line}\n" in console, console
    document = json.loads(console.partition("document=")[2].partition("\n")[0])
    assert (document["accountId"], document["region"], document["instanceId"]) == (ACCOUNT, REGION, made["InstanceId"])


def _profile(iam, service: str = "ec2.amazonaws.com", **more) -> dict:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"} | more
    iam.create_role(RoleName="nodes", AssumeRolePolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [statement]}))
    iam.create_instance_profile(InstanceProfileName="profile")
    iam.add_role_to_instance_profile(InstanceProfileName="profile", RoleName="nodes")
    return {"IamInstanceProfile": {"Name": "profile"}}


CREDENTIALS = BEGIN + """
echo "role=$(get meta-data/iam/security-credentials/)"
echo "info=$(get meta-data/iam/info | grep InstanceProfileArn)"
echo "keys=$(get meta-data/iam/security-credentials/nodes | tr -d '\\n ')"
echo "again=$(get meta-data/iam/security-credentials/nodes | tr -d '\\n ')"
""" + END


def test_the_credentials_are_the_roles_own(machines, local_aws):
    """They are judged by its policies, as they are at the time."""
    iam = local_aws.client("iam")
    made = machines.launch(CREDENTIALS, **_profile(iam))
    console = machines.says(made, "\r\nend\r\n").replace("\r", "")
    assert "role=nodes\n" in console
    assert f"arn:aws:iam::{ACCOUNT}:instance-profile/profile" in console
    keys, again = (console.partition(name)[2].partition("\n")[0] for name in ("keys=", "again="))
    assert keys == again
    found = json.loads(keys)
    assert found["Code"] == "Success" and found["Type"] == "AWS-HMAC"
    session = (found["AccessKeyId"], found["SecretAccessKey"], found["Token"])
    who = local_aws.client("sts", keys=session).get_caller_identity()["Arn"]
    assert who == f"arn:aws:sts::{ACCOUNT}:assumed-role/nodes/{made['InstanceId']}"
    people = People(local_aws)
    people.enforce()
    assert not people.may(session, "s3", "list_buckets")
    iam.put_role_policy(RoleName="nodes", PolicyName="own", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]}))
    assert people.may(session, "s3", "list_buckets")
    assert not people.may(session, "ec2", "describe_vpcs")


@pytest.mark.parametrize("more", [{"service": "lambda.amazonaws.com"}, {"Effect": "Deny"}, {"Condition": {
    "StringEquals": {"sts:ExternalId": "x"}}}])
def test_a_role_that_does_not_trust_ec2_has_none(machines, local_aws, more):
    made = machines.launch(CREDENTIALS, **_profile(local_aws.client("iam"), **more))
    console = machines.says(made, "\r\nend\r\n").replace("\r", "")
    found = json.loads(console.partition("keys=")[2].partition("\n")[0])
    assert found["Code"] == "AssumeRoleUnauthorizedAccess" and "SecretAccessKey" not in found
