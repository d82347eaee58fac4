# SPDX-License-Identifier: Apache-2.0
"""S3: defaults of new buckets, policies, regions, owners, conditional writes, checksums."""

import http.client
import json

import pytest
from botocore.handlers import validate_bucket_name

from conftest import ACCOUNT, REGION, SECOND_ACCOUNT
from signing import Call, send, sign

WHERE = {"LocationConstraint": REGION}


@pytest.fixture
def bucket(local_aws):
    """(client, name) of a new bucket."""
    s3 = local_aws.client("s3")
    s3.create_bucket(Bucket="bucket-a", CreateBucketConfiguration=WHERE)
    return s3, "bucket-a"


def policy(principal, resource="arn:aws:s3:::bucket-a/*", **more):
    statement = {"Effect": "Allow", "Principal": principal, "Action": "s3:GetObject", "Resource": resource, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_a_new_bucket_has_awss_defaults(bucket):
    s3, name = bucket
    rule = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert set(s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"].values()) == {True}
    rules = s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"]
    assert rules == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    s3.delete_bucket_encryption(Bucket=name)
    assert s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]


def test_versioning_is_answered_as_aws_does(bucket):
    """The root is the shape's name, not the operation's, and there is no Status before versioning was ever on."""
    s3, name = bucket
    bodies = []
    s3.meta.events.register("after-call.s3.GetBucketVersioning", lambda http_response, **_: bodies.append(http_response.text))
    assert "Status" not in s3.get_bucket_versioning(Bucket=name)
    for status in ("Enabled", "Suspended"):
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": status})
        assert s3.get_bucket_versioning(Bucket=name)["Status"] == status
    assert all("<VersioningConfiguration " in body for body in bodies) and len(bodies) == 3


def test_acls_are_off(bucket, error):
    s3, name = bucket
    assert error(s3.put_bucket_acl, Bucket=name, ACL="public-read")[0] == "AccessControlListNotSupported"
    assert error(s3.put_object, Bucket=name, Key="k", ACL="public-read")[0] == "AccessControlListNotSupported"
    s3.put_object(Bucket=name, Key="k", ACL="bucket-owner-full-control")


@pytest.mark.parametrize("name", ["ab", "UPPER", "a..b", "-abc", "abc-", "192.168.0.1", "xn--abc", "abc-s3alias", "a_b", "a" * 64])
def test_bad_bucket_names(local_aws, error, name):
    s3 = local_aws.client("s3")
    s3.meta.events.unregister("before-parameter-build.s3", validate_bucket_name)
    assert error(s3.create_bucket, Bucket=name, CreateBucketConfiguration=WHERE)[:2] == ("InvalidBucketName", 400)


def test_location_constraints(local_aws, error):
    s3 = local_aws.client("s3")
    code, status, message = error(s3.create_bucket, Bucket="bucket-b")
    assert (code, status) == ("IllegalLocationConstraintException", 400) and message.startswith("The unspecified location")
    assert error(s3.create_bucket, Bucket="bucket-b", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})[0] == code
    local_aws.client("s3", region="us-east-1").create_bucket(Bucket="bucket-b")
    east = local_aws.client("s3", region="us-east-1")
    assert east.get_bucket_location(Bucket="bucket-b")["LocationConstraint"] is None


def test_names_are_taken_once(bucket, local_aws, error):
    s3, name = bucket
    assert error(s3.create_bucket, Bucket=name, CreateBucketConfiguration=WHERE)[:2] == ("BucketAlreadyOwnedByYou", 409)
    other = local_aws.client("s3", account=SECOND_ACCOUNT)
    assert error(other.create_bucket, Bucket=name, CreateBucketConfiguration=WHERE)[:2] == ("BucketAlreadyExists", 409)


def test_the_bucket_region_is_on_every_reply(bucket, error):
    s3, name = bucket
    headers = s3.head_bucket(Bucket=name)["ResponseMetadata"]["HTTPHeaders"]
    assert headers["x-amz-bucket-region"] == REGION and headers["x-amz-bucket-arn"] == f"arn:aws:s3:::{name}"
    with pytest.raises(s3.exceptions.ClientError) as caught:
        s3.get_bucket_policy(Bucket=name)
    assert caught.value.response["ResponseMetadata"]["HTTPHeaders"]["x-amz-bucket-region"] == REGION
    assert caught.value.response["Error"]["Code"] == "NoSuchBucketPolicy"


def test_a_request_for_another_region_is_redirected(bucket, local_aws):
    call = Call("s3", "GET", "/bucket-a?policy")
    status, code, _, headers, text = send(sign(call, local_aws.url, region="eu-west-1"))
    assert (status, code, headers["x-amz-bucket-region"]) == (301, "PermanentRedirect", REGION)
    assert f"<Endpoint>bucket-a.s3.{REGION}.amazonaws.com</Endpoint>" in text
    status, code, _, headers, text = send(sign(call, local_aws.url, region="us-east-1"))
    assert (status, code, headers["x-amz-bucket-region"]) == (400, "AuthorizationHeaderMalformed", REGION)
    assert f"<Region>{REGION}</Region>" in text
    head = Call("s3", "HEAD", "/bucket-a")
    status, code, _, headers, text = send(sign(head, local_aws.url, region="eu-west-1"))
    assert (status, text, headers["x-amz-bucket-region"]) == (301, "", REGION)


def test_owners(bucket, local_aws, error):
    s3, name = bucket
    s3.head_bucket(Bucket=name, ExpectedBucketOwner=ACCOUNT)
    assert error(s3.get_bucket_location, Bucket=name, ExpectedBucketOwner=SECOND_ACCOUNT)[:2] == ("AccessDenied", 403)
    other = local_aws.client("s3", account=SECOND_ACCOUNT)
    assert error(other.get_bucket_policy, Bucket=name)[1] == 403
    assert error(other.head_bucket, Bucket=name)[:2] == ("403", 403)
    assert error(s3.head_bucket, Bucket="no-such-bucket-here")[:2] == ("404", 404)
    assert error(s3.list_objects_v2, Bucket="no-such-bucket-here") == (
        "NoSuchBucket", 404, "The specified bucket does not exist")


@pytest.mark.parametrize("text", [
    "not json", "[]", "{}", json.dumps({"Statement": [{"Effect": "Maybe"}]}),
    policy({"AWS": f"arn:aws:iam::{ACCOUNT}:role/none"}), policy({"AWS": "arn:aws:iam::1:root"}), policy({"AWS": "AROAEXAMPLEEXAMPLE12"}),
    policy({"AWS": ACCOUNT}, "arn:aws:s3:::other/*"), policy({"AWS": ACCOUNT}, "*"), policy({"AWS": ACCOUNT}, Action="ec2:RunInstances"),
    policy({"Service": "nonsense"})])
def test_malformed_policies(bucket, error, text):
    s3, name = bucket
    assert error(s3.put_bucket_policy, Bucket=name, Policy=text)[:2] == ("MalformedPolicy", 400)
    assert error(s3.get_bucket_policy, Bucket=name)[0] == "NoSuchBucketPolicy"


def test_good_policies_are_kept_word_for_word(bucket, local_aws, error):
    s3, name = bucket
    local_aws.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps({"Statement": {
        "Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}}))
    text = policy({"AWS": [f"arn:aws:iam::{ACCOUNT}:role/r", "999999999999"]})
    s3.put_bucket_policy(Bucket=name, Policy=text)
    assert s3.get_bucket_policy(Bucket=name)["Policy"] == text
    assert s3.get_bucket_policy_status(Bucket=name)["PolicyStatus"] == {"IsPublic": False}
    s3.delete_bucket_policy(Bucket=name)
    assert error(s3.get_bucket_policy_status, Bucket=name)[:2] == ("NoSuchBucketPolicy", 404)


def test_public_policies_are_blocked_until_that_is_switched_off(bucket, error):
    s3, name = bucket
    code, status, message = error(s3.put_bucket_policy, Bucket=name, Policy=policy("*"))
    assert (code, status) == ("AccessDenied", 403) and "BlockPublicPolicy" in message
    s3.put_bucket_policy(Bucket=name, Policy=policy("*", Condition={"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}))
    s3.delete_public_access_block(Bucket=name)
    s3.put_bucket_policy(Bucket=name, Policy=policy("*"))
    assert s3.get_bucket_policy_status(Bucket=name)["PolicyStatus"] == {"IsPublic": True}


def test_conditional_writes(bucket, error):
    s3, name = bucket
    first = s3.put_object(Bucket=name, Key="k", Body=b"1", IfNoneMatch="*")["ETag"]
    assert error(s3.put_object, Bucket=name, Key="k", Body=b"2", IfNoneMatch="*")[:2] == ("PreconditionFailed", 412)
    s3.put_object(Bucket=name, Key="k", Body=b"2", IfMatch=first)
    assert error(s3.put_object, Bucket=name, Key="k", Body=b"3", IfMatch=first)[:2] == ("PreconditionFailed", 412)
    assert error(s3.put_object, Bucket=name, Key="l", Body=b"3", IfMatch=first)[:2] == ("NoSuchKey", 404)
    assert error(s3.put_object, Bucket=name, Key="k", Body=b"3", IfNoneMatch=first)[:2] == ("NotImplemented", 501)


def test_checksums_are_checked(bucket, error):
    s3, name = bucket
    assert error(s3.put_object, Bucket=name, Key="k", Body=b"1", ContentMD5="1B2M2Y8AsgTpgAmY7PhCfg==")[0] == "BadDigest"
    assert error(s3.put_object, Bucket=name, Key="k", Body=b"1", ChecksumSHA256="A" * 43 + "=")[0] == "BadDigest"
    s3.put_object(Bucket=name, Key="k", Body=b"1", ChecksumAlgorithm="SHA256")


def test_a_bucket_with_objects_stays(bucket, error):
    s3, name = bucket
    s3.put_object(Bucket=name, Key="k", Body=b"1")
    assert error(s3.delete_bucket, Bucket=name)[:2] == ("BucketNotEmpty", 409)
    s3.delete_object(Bucket=name, Key="k")
    s3.delete_bucket(Bucket=name)
    assert s3.list_buckets()["Buckets"] == []


def test_chunked_uploads_and_expect(bucket, local_aws):
    s3, name = bucket
    url = s3.generate_presigned_url("put_object", Params={"Bucket": name, "Key": "k"})
    connection = http.client.HTTPConnection(local_aws.url.removeprefix("http://"), timeout=10)
    connection.request("PUT", url.removeprefix(local_aws.url), iter([b"one ", b"two"]), {"Expect": "100-continue"},
                       encode_chunked=True)
    assert connection.getresponse().status == 200
    assert s3.get_object(Bucket=name, Key="k")["Body"].read() == b"one two"


BLOCKED = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": False}


def test_public_access_is_blocked_for_an_account(local_aws, bucket, error):
    control = local_aws.client("s3control")
    assert error(control.get_public_access_block, AccountId=ACCOUNT)[:2] == \
        ("NoSuchPublicAccessBlockConfiguration", 404)
    control.put_public_access_block(AccountId=ACCOUNT, PublicAccessBlockConfiguration=BLOCKED)
    assert control.get_public_access_block(AccountId=ACCOUNT)["PublicAccessBlockConfiguration"] == BLOCKED
    assert [row["action"] for row in local_aws.requests()[-2:]] == ["PutAccountPublicAccessBlock",
                                                                   "GetAccountPublicAccessBlock"]
    assert error(control.get_public_access_block, AccountId=SECOND_ACCOUNT)[:2] == ("AccessDenied", 403)
    control.delete_public_access_block(AccountId=ACCOUNT)
    assert error(control.get_public_access_block, AccountId=ACCOUNT)[1] == 404
