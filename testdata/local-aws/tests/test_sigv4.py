# SPDX-License-Identifier: Apache-2.0
"""Signatures: botocore signs, the server judges; each kind of damage has AWS's code in each protocol."""

from datetime import timedelta
from urllib.parse import quote, urlsplit

import pytest
from botocore.auth import S3SigV4QueryAuth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from conftest import ACCOUNT, KEYS, REGION
from signing import CALLS, FORM, Call, fetch, send, sign

PROTOCOLS = list(CALLS)


def codes(**by_protocol):
    """Parameters (protocol, (status, code)) for every protocol; underscores stand for hyphens."""
    return [pytest.param(name.replace("_", "-"), value, id=name) for name, value in by_protocol.items()]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_good_signature_is_accepted(local_aws, protocol):
    status, code, *_ = send(sign(CALLS[protocol], local_aws.url))
    assert (status, code) == (200, "")


@pytest.mark.parametrize("protocol, expected", codes(
    ec2=(403, "MissingAuthenticationToken"), query=(403, "MissingAuthenticationToken"),
    json=(400, "MissingAuthenticationTokenException"), rest_json=(403, "MissingAuthenticationTokenException"),
    s3=(403, "AccessDenied")))
def test_an_unsigned_request(local_aws, protocol, expected):
    assert send(sign(CALLS[protocol], local_aws.url), drop="Authorization")[:2] == expected


WRONG = codes(ec2=(401, "AuthFailure"), query=(403, "SignatureDoesNotMatch"), json=(400, "InvalidSignatureException"),
              rest_json=(403, "InvalidSignatureException"), s3=(403, "SignatureDoesNotMatch"))


@pytest.mark.parametrize("protocol, expected", WRONG)
def test_a_wrong_secret(local_aws, protocol, expected):
    keys = (KEYS[ACCOUNT][0], "not-the-secret")
    assert send(sign(CALLS[protocol], local_aws.url, keys))[:2] == expected


@pytest.mark.parametrize("protocol, expected", [row for row in WRONG if row.id in ("ec2", "query", "json")])
def test_a_body_changed_after_signing(local_aws, protocol, expected):
    call = CALLS[protocol]
    body = call.body + (b" " if protocol == "json" else b"&DryRun=false")
    assert send(sign(call, local_aws.url), body=body)[:2] == expected


@pytest.mark.parametrize("protocol, expected", WRONG)
def test_a_target_changed_after_signing(local_aws, protocol, expected):
    target = {"rest-json": "/2015-02-01/file-systems?MaxItems=6", "s3": "/?max-buckets=1"}.get(protocol, "/?x=1")
    assert send(sign(CALLS[protocol], local_aws.url), target=target)[:2] == expected


@pytest.mark.parametrize("protocol, expected", [row for row in WRONG if row.id in ("ec2", "query")])
def test_a_signed_header_changed_after_signing(local_aws, protocol, expected):
    request = sign(CALLS[protocol], local_aws.url)
    assert send(request, Content_Type=FORM + " ")[:2] == (200, "")
    del request.headers["Content-Type"]
    assert send(request, Content_Type="application/x-www-form-urlencoded")[:2] == expected


@pytest.mark.parametrize("protocol, expected", codes(
    ec2=(401, "AuthFailure"), query=(403, "SignatureDoesNotMatch"), json=(400, "InvalidSignatureException"),
    rest_json=(403, "InvalidSignatureException"), s3=(403, "AccessDenied")))
def test_an_amz_header_that_is_not_signed(local_aws, protocol, expected):
    assert send(sign(CALLS[protocol], local_aws.url), X_Amz_Meta_A="1")[:2] == expected


@pytest.mark.parametrize("protocol, expected", codes(
    ec2=(401, "AuthFailure"), query=(403, "InvalidClientTokenId"), json=(400, "UnrecognizedClientException"),
    rest_json=(403, "UnrecognizedClientException"), s3=(403, "InvalidAccessKeyId")))
def test_an_unknown_key(local_aws, protocol, expected):
    assert send(sign(CALLS[protocol], local_aws.url, ("AKIANOBODY0000000000", "x")))[:2] == expected


SCOPE = codes(ec2=(401, "AuthFailure"), query=(403, "SignatureDoesNotMatch"), json=(400, "InvalidSignatureException"),
              rest_json=(403, "InvalidSignatureException"), s3=(400, "AuthorizationHeaderMalformed"))


@pytest.mark.parametrize("region", ["us-west-9", "xx", "aws-global", "ap-east-1"])
@pytest.mark.parametrize("protocol, expected", SCOPE)
def test_a_region_that_is_not_there_or_not_enabled(local_aws, protocol, expected, region):
    assert send(sign(CALLS[protocol], local_aws.url, region=region))[:2] == expected


@pytest.mark.parametrize("protocol, expected", SCOPE)
def test_a_scope_for_another_service(local_aws, protocol, expected):
    other = "iam" if CALLS[protocol].service != "iam" else "sts"
    status, code, message, *_ = send(sign(CALLS[protocol], local_aws.url, service=other))
    assert (status, code) == expected and CALLS[protocol].service in message


def test_iam_is_signed_for_us_east_1(local_aws):
    call = Call("iam", headers={"Content-Type": FORM}, body=b"Action=ListRoles&Version=2010-05-08")
    assert send(sign(call, local_aws.url))[:2] == (403, "SignatureDoesNotMatch")
    assert send(sign(call, local_aws.url, region="us-east-1"))[0] == 200


@pytest.mark.parametrize("minutes", [-16, 16])
@pytest.mark.parametrize("protocol, expected", codes(
    ec2=(400, "RequestExpired"), query=(403, "SignatureDoesNotMatch"), json=(400, "InvalidSignatureException"),
    rest_json=(403, "InvalidSignatureException"), s3=(403, "RequestTimeTooSkewed")))
def test_a_clock_that_is_off(local_aws, protocol, expected, minutes):
    status, code, message, _, text = send(sign(CALLS[protocol], local_aws.url, shift=timedelta(minutes=minutes)))
    assert (status, code) == expected
    if protocol in ("query", "json"):
        assert message.startswith("Signature expired: " if minutes < 0 else "Signature not yet current: ")
    if protocol == "s3":
        assert "<ServerTime>" in text and "<MaxAllowedSkewMilliseconds>900000<" in text
    assert send(sign(CALLS[protocol], local_aws.url, shift=timedelta(minutes=minutes // 16 * 14)))[0] == 200


def test_the_servers_clock_can_be_shifted(local_aws):
    local_aws.control("POST", "settings", {"clock_offset": 3600})
    assert send(sign(CALLS["query"], local_aws.url))[:2] == (403, "SignatureDoesNotMatch")
    assert send(sign(CALLS["query"], local_aws.url, shift=timedelta(hours=1)))[0] == 200


@pytest.mark.parametrize("protocol, expected", SCOPE)
def test_a_scope_of_another_day(local_aws, protocol, expected):
    request = sign(CALLS[protocol], local_aws.url)
    day = request.headers["X-Amz-Date"][:8]
    header = request.headers["Authorization"].replace(f"/{day}/", "/20200101/")
    del request.headers["Authorization"]
    assert send(request, Authorization=header)[:2] == expected


@pytest.mark.parametrize("damage", [
    lambda text: text.replace("Signature=", "Sign="), lambda text: text.split(", SignedHeaders")[0],
    lambda text: text.replace("/aws4_request", ""), lambda text: "AWS4-HMAC-SHA256",
    lambda text: text.replace("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1")])
def test_an_authorization_header_that_is_incomplete(local_aws, damage):
    for protocol, code in (("ec2", "IncompleteSignature"), ("query", "IncompleteSignature"),
                           ("json", "IncompleteSignatureException")):
        request = sign(CALLS[protocol], local_aws.url)
        header = damage(request.headers["Authorization"])
        del request.headers["Authorization"]
        assert send(request, Authorization=header)[:2] == (400, code)


@pytest.mark.parametrize("protocol, wrong, none", [
    ("ec2", (401, "AuthFailure"), (401, "AuthFailure")),
    ("query", (403, "InvalidClientTokenId"), (403, "InvalidClientTokenId")),
    ("json", (400, "UnrecognizedClientException"), (400, "UnrecognizedClientException")),
    ("s3", (400, "InvalidToken"), (403, "InvalidAccessKeyId"))])
def test_a_session_needs_its_token(local_aws, protocol, wrong, none):
    made = local_aws.client("sts").assume_role(RoleArn=local_aws.role("r"), RoleSessionName="session")
    key, secret = made["Credentials"]["AccessKeyId"], made["Credentials"]["SecretAccessKey"]
    token = made["Credentials"]["SessionToken"]
    assert send(sign(CALLS[protocol], local_aws.url, (key, secret, token)))[0] == 200
    assert send(sign(CALLS[protocol], local_aws.url, (key, secret, token + "x")))[:2] == wrong
    assert send(sign(CALLS[protocol], local_aws.url, (key, secret)))[:2] == none


@pytest.mark.parametrize("protocol, expected", codes(
    ec2=(400, "RequestExpired"), query=(403, "ExpiredToken"), json=(400, "ExpiredTokenException"),
    rest_json=(403, "ExpiredTokenException"), s3=(400, "ExpiredToken")))
def test_a_session_ends(local_aws, protocol, expected):
    made = local_aws.client("sts").assume_role(RoleArn=local_aws.role("r"), RoleSessionName="session",
                                               DurationSeconds=900)["Credentials"]
    local_aws.control("POST", "settings", {"clock_offset": 1000})
    keys = (made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])
    assert send(sign(CALLS[protocol], local_aws.url, keys, shift=timedelta(seconds=1000)))[:2] == expected


def test_an_inactive_key_is_unknown(local_aws, error):
    iam = local_aws.client("iam")
    iam.create_user(UserName="amy")
    key = iam.create_access_key(UserName="amy")["AccessKey"]
    iam.update_access_key(UserName="amy", AccessKeyId=key["AccessKeyId"], Status="Inactive")
    amy = local_aws.client("sts", keys=(key["AccessKeyId"], key["SecretAccessKey"]))
    assert error(amy.get_caller_identity)[:2] == ("InvalidClientTokenId", 403)


def test_s3_wants_the_body_hash(local_aws):
    request = sign(Call("s3", "PUT", "/bucket-a/key", body=b"one"), local_aws.url)
    assert send(request, body=b"two")[:2] == (400, "XAmzContentSHA256Mismatch")
    names = request.headers["Authorization"].replace("x-amz-content-sha256;", "")
    del request.headers["Authorization"]
    assert send(request, drop="X-Amz-Content-SHA256", Authorization=names)[:2] == (400, "InvalidRequest")


@pytest.mark.parametrize("key", [
    "plain", "a b+c=d%e:f,g@h'i(j)*k!l", "é/ü/日本", "a/../b//c", "~tilde_-.", "%2F%25", "x?y=z&w", "trailing/", "{}[]<>|"])
def test_s3_keys_of_every_kind(local_aws, key):
    s3 = local_aws.client("s3")
    s3.create_bucket(Bucket="bucket-a", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="bucket-a", Key=key, Body=b"data")
    assert [row["Key"] for row in s3.list_objects_v2(Bucket="bucket-a", Prefix=key, Delimiter="|")["Contents"]] == [key] \
        or "|" in key
    url = s3.generate_presigned_url("get_object", Params={"Bucket": "bucket-a", "Key": key})
    assert fetch(url) == (200, b"data")
    url = s3.generate_presigned_url("put_object", Params={"Bucket": "bucket-a", "Key": key, "ContentType": "text/plain"})
    assert fetch(url, "PUT", b"new", Content_Type="text/plain")[0] == 200
    assert s3.get_object(Bucket="bucket-a", Key=key)["Body"].read() == b"new"
    s3.delete_object(Bucket="bucket-a", Key=key)
    assert local_aws.requests()[-1]["parameters"]["Key"] == key


def test_presigned_urls_expire_and_hold_to_their_query(local_aws):
    s3 = local_aws.client("s3")
    s3.create_bucket(Bucket="bucket-a", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="bucket-a", Key="k", Body=b"data")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": "bucket-a", "Key": "k"}, ExpiresIn=60)
    for changed in (url + "&versionId=1", url.replace("/k?", "/l?"), url.replace("X-Amz-Expires=60", "X-Amz-Expires=61")):
        assert b"<Code>SignatureDoesNotMatch<" in fetch(changed)[1]
    assert b"<Code>AccessDenied<" in fetch(url, x_amz_meta_a="1")[1]
    assert b"<Code>AuthorizationQueryParametersError<" in fetch(
        url.replace("X-Amz-Expires=60", "X-Amz-Expires=604801"))[1]
    assert fetch(url) == (200, b"data")
    local_aws.control("POST", "settings", {"clock_offset": 61})
    status, text = fetch(url)
    assert status == 403 and b"<Message>Request has expired<" in text


def test_presigned_requests_of_other_services(local_aws):
    request = AWSRequest("GET", local_aws.url + "/?Action=GetCallerIdentity&Version=2011-06-15")
    SigV4QueryAuth(Credentials(*KEYS[ACCOUNT]), "sts", REGION, 60).add_auth(request)
    assert ACCOUNT.encode() in fetch(request.url)[1]
    assert b"SignatureDoesNotMatch" in fetch(request.url.replace("GetCallerIdentity", "GetSessionToken"))[1]


def test_signature_version_2_is_refused(local_aws):
    status, text = fetch(local_aws.url + "/bucket-a/k?AWSAccessKeyId=AKIALOCALAWS00000001&Expires=1&Signature=x")
    assert status == 400 and b"Please use AWS4-HMAC-SHA256" in text


def test_efs_paths_are_encoded_twice(local_aws):
    arn = f"arn:aws:elasticfilesystem:{REGION}:{ACCOUNT}:file-system/fs-0"
    target = "/2015-02-01/resource-tags/" + quote(arn, safe="")
    assert send(sign(Call("elasticfilesystem", "GET", target), local_aws.url))[:2] == (404, "FileSystemNotFound")
    assert urlsplit(target).path == target


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_request_id_is_one_and_the_same(local_aws, protocol):
    _, _, _, headers, text = send(sign(CALLS[protocol], local_aws.url, ("AKIANOBODY0000000000", "x")))
    sent = headers["x-amz-request-id"] or headers["x-amzn-RequestId"]
    assert sent == local_aws.requests()[-1]["request_id"]
    assert protocol in ("json", "rest-json") or sent in text
    _, _, _, headers, text = send(sign(CALLS[protocol], local_aws.url))
    assert (protocol not in ("ec2", "query")) or headers["x-amzn-RequestId"] in text


def test_nothing_of_a_presigned_request_is_recorded(local_aws):
    request = AWSRequest("GET", local_aws.url + "/bucket-a/k")
    S3SigV4QueryAuth(Credentials(*KEYS[ACCOUNT]), "s3", REGION, 60).add_auth(request)
    fetch(request.url)
    assert "X-Amz-Signature" not in str(local_aws.requests())
