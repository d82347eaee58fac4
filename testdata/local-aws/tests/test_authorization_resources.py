# SPDX-License-Identifier: Apache-2.0
"""What a resource's own policy has to say: buckets, roles and keys, in one account and across two."""

import pytest
from authorization_support import People, arn_of, policy
from conftest import ACCOUNT, REGION, SECOND_ACCOUNT

PLACE = {"CreateBucketConfiguration": {"LocationConstraint": REGION}}


@pytest.fixture
def people(local_aws):
    return People(local_aws)


@pytest.fixture
def bucket(local_aws):
    """bucket(owner, *statements): a bucket "data" of that account with the policy."""
    def make(owner, *statements):
        s3 = local_aws.client("s3", account=owner)
        s3.create_bucket(Bucket="data", **PLACE)
        if statements:
            s3.put_bucket_policy(Bucket="data", Policy=policy(*statements))
        return s3
    return make


def bucket_statement(principal, **more):
    return {"Principal": {"AWS": principal}, "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::data", **more}


OWN = {"Action": "s3:ListBucket", "Resource": "arn:aws:s3:::data"}


@pytest.mark.parametrize("own, theirs, allowed", [
    ([], [], False), ([OWN], [], True),
    ([], [bucket_statement(arn_of("user/amy"))], True),
    ([], [bucket_statement(ACCOUNT)], False),  # the account decides by its users' own policies
    ([OWN], [bucket_statement(ACCOUNT)], True),
    ([OWN], [bucket_statement(arn_of("user/amy"), Effect="Deny")], False),
    ([OWN], [bucket_statement("*", Effect="Deny", Condition={"StringNotEquals": {"aws:PrincipalAccount": ACCOUNT}})],
     True),
])
def test_a_bucket_of_the_same_account(people, bucket, own, theirs, allowed):
    keys = people.user("amy", *own)
    bucket(ACCOUNT, *theirs)
    assert people.may(keys, "s3", "list_objects_v2", Bucket="data") is allowed


@pytest.mark.parametrize("own, theirs, allowed", [
    ([OWN], [], False), ([], [bucket_statement(arn_of("user/amy"))], False),
    ([OWN], [bucket_statement(arn_of("user/amy"))], True),
    ([OWN], [bucket_statement(arn_of("root"))], True),
    ([OWN], [bucket_statement(arn_of("user/amy"), Resource="arn:aws:s3:::data/*")], False),
])
def test_a_bucket_of_another_account_needs_both_sides(people, bucket, own, theirs, allowed):
    keys = people.user("amy", *own)
    bucket(SECOND_ACCOUNT, *theirs)
    assert people.may(keys, "s3", "list_objects_v2", Bucket="data") is allowed


def test_strangers_are_told_nothing_of_a_bucket(people, bucket, local_aws):
    keys = people.user("amy", OWN)
    bucket(SECOND_ACCOUNT)
    assert people.refusal(keys, "s3", "list_objects_v2", Bucket="data") == "Access Denied"
    reason = "because no resource-based policy allows the s3:ListBucket action"
    assert local_aws.control("GET", "actions")[-1]["reason"] == reason


def test_a_missing_object_is_no_secret_to_those_who_may_list(people, bucket, local_aws, error):
    keys = people.user("amy", {"Action": "s3:GetObject"})
    bucket(ACCOUNT)
    s3 = local_aws.client("s3", keys=keys)
    assert error(s3.get_object, Bucket="data", Key="none")[:2] == ("AccessDenied", 403)
    people.iam.put_user_policy(UserName="amy", PolicyName="list", PolicyDocument=policy(OWN))
    assert error(s3.get_object, Bucket="data", Key="none")[:2] == ("NoSuchKey", 404)


ASSUME = {"Action": "sts:AssumeRole"}
EXTERNAL = {"StringEquals": {"sts:ExternalId": "secret-word"}}


def assume(people, keys, **more):
    return people.may(keys, "sts", "assume_role", RoleArn=arn_of("role/r"), RoleSessionName="visit", **more)


@pytest.mark.parametrize("enforced", [False, True])
@pytest.mark.parametrize("given, allowed", [({}, False), ({"ExternalId": "wrong"}, False),
                                            ({"ExternalId": "secret-word"}, True)])
def test_the_external_id_is_always_asked_for(local_aws, people, enforced, given, allowed):
    local_aws.role("r", trusted=(SECOND_ACCOUNT,), **EXTERNAL)
    people.enforce(enforced)
    sts = local_aws.client("sts", account=SECOND_ACCOUNT)
    if allowed:
        sts.assume_role(RoleArn=arn_of("role/r"), RoleSessionName="visit", **given)
    else:
        with pytest.raises(sts.exceptions.ClientError, match="because no role trust policy allows"):
            sts.assume_role(RoleArn=arn_of("role/r"), RoleSessionName="visit", **given)


@pytest.mark.parametrize("trusted, own, allowed", [
    ((ACCOUNT,), [], False), ((ACCOUNT,), [ASSUME], True), ((arn_of("user/amy"),), [], True),
    ((arn_of("user/amy"),), [{"Effect": "Deny", **ASSUME}], False), ((SECOND_ACCOUNT,), [ASSUME], False),
    ((ACCOUNT,), [{**ASSUME, "Resource": arn_of("role/other")}], False)])
def test_who_may_assume_a_role(local_aws, people, trusted, own, allowed):
    keys = people.user("amy", *own)
    local_aws.role("r", trusted=trusted)
    assert assume(people, keys) is allowed


def test_a_role_that_is_not_there_and_one_elsewhere(local_aws, people, error):
    local_aws.role("r", account=SECOND_ACCOUNT, trusted=(ACCOUNT,))
    sts = local_aws.client("sts")
    assert error(sts.assume_role, RoleArn=arn_of("role/none"), RoleSessionName="visit")[:2] == ("AccessDenied", 403)
    assert error(sts.assume_role, RoleArn="no-arn-of-a-role-at-all", RoleSessionName="visit")[0] == "ValidationError"
    sts.assume_role(RoleArn=f"arn:aws:iam::{SECOND_ACCOUNT}:role/r", RoleSessionName="visit")
    assert not people.may(people.user("amy"), "sts", "assume_role", RoleSessionName="visit",
                          RoleArn=f"arn:aws:iam::{SECOND_ACCOUNT}:role/r")


def test_a_role_of_another_account_may_there_what_it_may(local_aws, people):
    arn = local_aws.role("r", account=SECOND_ACCOUNT, trusted=(ACCOUNT,))
    local_aws.client("iam", account=SECOND_ACCOUNT).put_role_policy(
        RoleName="r", PolicyName="own", PolicyDocument=policy({"Action": "ec2:DescribeVpcs"}))
    people.enforce()
    keys = people.session(arn)
    assert people.may(keys, "ec2", "describe_vpcs") and not people.may(keys, "ec2", "describe_subnets")


def test_a_session_is_no_longer_than_its_role_allows(local_aws, error):
    arn = local_aws.role("r")
    code, status, message = error(local_aws.client("sts").assume_role, RoleArn=arn, RoleSessionName="visit",
                                  DurationSeconds=7200)
    assert (code, status) == ("ValidationError", 400) and "MaxSessionDuration" in message


def test_a_key_lets_in_whom_its_own_policy_lets_in(local_aws, people):
    kms = local_aws.client("kms")

    def key(*statements):
        filled = policy(*({"Action": "kms:*", **statement} for statement in statements))
        return kms.create_key(Policy=filled)["KeyMetadata"]["KeyId"]
    delegating = key({"Principal": {"AWS": arn_of("root")}})
    naming = key({"Principal": {"AWS": arn_of("user/local-admin")}}, {"Principal": {"AWS": arn_of("user/amy")}})
    closed = key({"Principal": {"AWS": arn_of("user/local-admin")}})
    nobody, reader = people.user("amy"), people.user("bob", {"Action": "kms:DescribeKey"})

    def may(keys, name):
        return people.may(keys, "kms", "describe_key", KeyId=name)
    assert [may(nobody, name) for name in (delegating, naming, closed)] == [False, True, False]
    assert [may(reader, name) for name in (delegating, naming, closed)] == [True, False, False]
