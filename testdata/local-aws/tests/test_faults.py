# SPDX-License-Identifier: Apache-2.0
"""Each kind of fault rule, as a client meets it."""

import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ConnectionClosedError
from botocore.parsers import ResponseParserError

from conftest import ACCOUNT, REGION
from signing import CALLS, send, sign


def call(local_aws, protocol="query"):
    """(status, code, message, headers, text) of a good request."""
    return send(sign(CALLS[protocol], local_aws.url))


def test_times_and_skip_count(local_aws):
    local_aws.faults({"match": "sts:GetCallerIdentity", "status": 503, "code": "Throttling", "skip": 1, "times": 2})
    assert [call(local_aws)[0] for _ in range(5)] == [200, 503, 503, 200, 200]
    rule = local_aws.control("GET", "faults")[0]
    assert (rule["hits"], rule["seen"]) == (2, 5)
    assert [row["error_code"] for row in local_aws.requests()] == ["", "Throttling", "Throttling", "", ""]


def test_rules_with_a_count_follow_one_another(local_aws):
    local_aws.faults({"match": "sts:*", "code": "A", "times": 1}, {"match": "sts:*", "code": "B", "times": 1})
    assert [call(local_aws)[1] for _ in range(3)] == ["A", "B", ""]


@pytest.mark.parametrize("match, hit", [
    ("*", True), ("memorydb:*", True), ("memorydb:Describe*", True), ("*:DescribeACLs", True), ("memorydb:DescribeClusters", False),
    ("sts:*", False)])
def test_matching(local_aws, match, hit):
    local_aws.faults({"match": match, "code": "X"})
    assert call(local_aws, "json")[1] == ("X" if hit else "")


@pytest.mark.parametrize("match", ["efs:DescribeFileSystems", "elasticfilesystem:DescribeFileSystems"])
def test_a_service_may_be_called_by_its_other_name(local_aws, match):
    local_aws.faults({"match": match, "code": "X"})
    assert call(local_aws, "rest-json")[1] == "X"


def test_s3_operations_match_by_their_iam_action_too(local_aws, error):
    s3 = local_aws.client("s3")
    s3.create_bucket(Bucket="bucket-a", CreateBucketConfiguration={"LocationConstraint": REGION})
    local_aws.faults({"match": "s3:ListBucket", "code": "AccessDenied"}, {"match": "s3:GetBucketCORS", "code": "AccessDenied"})
    assert error(s3.head_bucket, Bucket="bucket-a")[:2] == ("403", 403)
    assert error(s3.list_objects_v2, Bucket="bucket-a")[0] == "AccessDenied"
    code, _, message = error(s3.get_bucket_cors, Bucket="bucket-a")
    assert code == "AccessDenied" and "not authorized to perform: s3:GetBucketCORS because no identity-based" in message
    assert s3.get_bucket_location(Bucket="bucket-a")["LocationConstraint"] == REGION


@pytest.mark.parametrize("protocol, expected", [
    ("ec2", (403, "UnauthorizedOperation")), ("query", (403, "AccessDenied")), ("json", (400, "AccessDeniedException")),
    ("rest-json", (403, "AccessDeniedException")), ("s3", (403, "AccessDenied"))])
def test_a_denial_is_told_as_each_service_tells_it(local_aws, protocol, expected):
    local_aws.faults({"match": "*", "code": "AccessDenied"})
    status, code, message, *_ = call(local_aws, protocol)
    assert (status, code) == expected
    assert f"arn:aws:iam::{ACCOUNT}:user/local-admin is not authorized to perform: {CALLS[protocol].service}:" in message
    assert ("Encoded authorization failure message: " in message) == (protocol == "ec2")


@pytest.mark.parametrize("protocol", list(CALLS))
def test_a_code_has_the_shape_of_its_protocol(local_aws, protocol):
    local_aws.faults({"match": "*", "code": "SlowDown", "message": "a <b> & \"c\"", "headers": {"x-amz-retry-after": "50"}})
    status, code, message, headers, _ = call(local_aws, protocol)
    assert (status, code) == (503, "SlowDown") and message in ("a <b> & \"c\"", "a &lt;b&gt; &amp; \"c\"")
    assert headers["x-amz-retry-after"] == "50"


@pytest.mark.parametrize("rule, code", [({"status": 500}, "InternalFailure"), ({"status": 503}, "ServiceUnavailable"),
                                        ({"status": 429}, "ThrottlingException"), ({"status": 403}, "AccessDenied")])
def test_a_status_alone_has_a_code(local_aws, rule, code):
    local_aws.faults({"match": "*", **rule})
    assert call(local_aws)[:2] == (rule["status"], code)


def test_a_body_is_sent_as_it_is(local_aws):
    local_aws.faults({"match": "*", "status": 502, "body": "<html>no</html>", "content_type": "text/html",
                      "headers": {"Date": "Tue, 01 Jan 2030 00:00:00 GMT"}})
    status, _, _, headers, text = call(local_aws, "json")
    assert (status, text, headers["Content-Type"]) == (502, "<html>no</html>", "text/html")
    assert headers.get_all("Date") == ["Tue, 01 Jan 2030 00:00:00 GMT"]


def test_a_wrong_content_type_keeps_the_body(local_aws):
    local_aws.faults({"match": "*", "content_type": "text/html"})
    status, _, _, headers, text = call(local_aws)
    assert status == 200 and headers["Content-Type"] == "text/html" and "GetCallerIdentityResult" in text


def test_truncation_keeps_http_whole_and_breaks_the_document(local_aws):
    local_aws.faults({"match": "*", "truncate": 40})
    _, _, _, headers, text = call(local_aws)
    assert headers["Content-Length"] == "40" and len(text) == 40
    with pytest.raises(ResponseParserError):
        local_aws.client("sts").get_caller_identity()


def test_a_large_body(local_aws):
    local_aws.faults({"match": "*", "size": 64 * 1024 * 1024})
    _, _, _, headers, text = call(local_aws)
    assert headers["Content-Length"] == "67108864" and len(text) == 64 * 1024 * 1024 and text.startswith("<GetCaller")


@pytest.mark.parametrize("drop, made", [("before", 0), ("after", 1)])
def test_a_connection_dropped_before_or_after_the_deed(local_aws, drop, made):
    local_aws.faults({"match": "ec2:CreateVpc", "drop": drop, "times": 1})
    ec2 = local_aws.client("ec2")
    with pytest.raises(ConnectionClosedError):
        ec2.create_vpc(CidrBlock="10.0.0.0/16")
    assert len([row for row in ec2.describe_vpcs()["Vpcs"] if not row["IsDefault"]]) == made
    assert local_aws.requests()[0]["status"] == (200 if made else 0)


def test_a_connection_dropped_within_the_body(local_aws):
    local_aws.faults({"match": "*", "drop": "headers"})
    with pytest.raises(http.client.IncompleteRead) as caught:
        call(local_aws)
    assert caught.value.expected > 0 and len(caught.value.partial) >= caught.value.expected - 1


def test_a_slow_body_arrives_whole_and_late(local_aws):
    local_aws.faults({"match": "*", "slow": 2000})
    started = time.monotonic()
    assert "GetCallerIdentityResult" in call(local_aws)[4]
    assert time.monotonic() - started > 0.05  # never earlier than the rate allows; how much later is not judged


def test_a_delay_is_a_lower_bound_and_combines_with_other_rules(local_aws):
    local_aws.faults({"match": "*", "delay": 0.1}, {"match": "sts:*", "code": "X", "times": 1}, {"match": "sts:*", "delay": 0.02})
    started = time.monotonic()
    assert call(local_aws)[1] == "X"
    assert time.monotonic() - started >= 0.1
    assert [rule["hits"] for rule in local_aws.control("GET", "faults")] == [1, 1, 1]


def test_a_delayed_request_is_carried_out_at_once(local_aws):
    local_aws.faults({"match": "sts:*", "delay": 60}, {"match": "ec2:CreateVpc", "delay": 60})
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(local_aws.client("ec2").create_vpc, CidrBlock="10.0.0.0/16")
        while not [row for row in local_aws.requests() if row["action"] == "CreateVpc"]:
            pass
        assert len(local_aws.client("ec2").describe_vpcs()["Vpcs"]) == 2
        assert local_aws.control("GET", "state")["in_flight"] >= 2 and not waiting.done()
        local_aws.control("POST", "reset")
        assert waiting.result(timeout=10)["Vpc"]["State"] == "available"


def test_delayed_replies_can_be_released(local_aws):
    local_aws.faults({"match": "sts:*", "delay": 60})
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(local_aws.client("sts").get_caller_identity)
        while local_aws.control("GET", "faults")[0]["hits"] < 1:
            pass
        assert not waiting.done()
        local_aws.control("POST", "release")
        assert waiting.result(timeout=10)["Account"] == ACCOUNT
    assert local_aws.control("GET", "faults")[0]["delay"] == 60


def test_raw_bytes_are_sent_as_they_are_and_the_work_is_done(local_aws):
    local_aws.faults({"match": "ec2:CreateVpc", "raw": "HTTP/1.1 299 Odd\r\n\r\n\xff\x00"})
    ec2 = local_aws.client("ec2")
    reply = []
    ec2.meta.events.register("before-parse.ec2", lambda response_dict, **_: reply.append(response_dict))
    with pytest.raises(ResponseParserError):
        ec2.create_vpc(CidrBlock="10.0.0.0/16")
    assert reply[0]["status_code"] == 299 and reply[0]["body"] == b"\xff\x00"
    local_aws.faults()
    assert len(ec2.describe_vpcs()["Vpcs"]) == 2


def test_an_unsigned_request_is_refused_before_any_fault(local_aws):
    local_aws.faults({"match": "*", "code": "X"})
    assert send(sign(CALLS["query"], local_aws.url), drop="Authorization")[1] == "MissingAuthenticationToken"
    assert local_aws.control("GET", "faults")[0]["seen"] == 0


def test_a_new_list_replaces_the_old_one(local_aws):
    local_aws.faults({"match": "*", "code": "X"})
    local_aws.faults()
    assert call(local_aws)[0] == 200 and local_aws.control("GET", "faults") == []
    assert json.dumps(local_aws.requests())
