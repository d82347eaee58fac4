# SPDX-License-Identifier: Apache-2.0
"""`verify` while AWS or the network misbehaves: what passes is tried again, what stays is UNKNOWN with its reason, and
nothing crashes or hangs. Denials are in test_verify_denied.py, bad credentials and endpoints in test_bad_input.py,
signals in test_verify_interrupted.py.
"""

import pytest
from verify_support import Site, new_cloud

VPC, EFS, BUCKET = "ec2:DescribeVpcs", "elasticfilesystem:DescribeFileSystems", "s3:GetBucketCors"
# What cannot be decided without the answer.
DEPENDENT = {VPC: ["account.region", "vpc.exists", "vpc.cidr-size", "vpc.dns", "vpc.docker-block", "vpc.tenancy"],
             EFS: ["efs.exists", "efs.key", "efs.backup"], BUCKET: ["s3.cors"]}
PAGE = "<html><body>Please sign in to the guest network</body></html>"
HTML = {"body": PAGE, "content_type": "text/html"}
MEGABYTE = 1 << 20


@pytest.fixture(scope="module")
def cloud(server, tmp_path_factory):
    """A good registered cloud; every test sets the faults it wants."""
    made = new_cloud(tmp_path_factory.mktemp("cloud"), server).register(Site(server))
    yield made
    server.faults()


def seen(server) -> int:
    """How many requests met the first rule."""
    return server.control("GET", "faults")[0]["seen"]


@pytest.mark.parametrize("operation", DEPENDENT)
@pytest.mark.parametrize("fault", [
    {"status": 500}, {"status": 503}, {"status": 502, **HTML}, {"drop": "before"}, {"drop": "after"},
    {"drop": "headers"},
], ids=["500", "503", "proxy", "closed before", "closed after", "closed within"])
def test_passes_and_is_tried_again(cloud, server, operation, fault):
    server.faults({"match": operation, "times": 2, **fault})
    document = cloud.document()
    assert document["verdict"] == "PASS" and document["retries"] >= 1
    assert seen(server) >= 3


@pytest.mark.parametrize("operation, code", [(VPC, "RequestLimitExceeded"), (EFS, "ThrottlingException"),
                                             (BUCKET, "SlowDown")])
def test_throttled_twice(cloud, server, operation, code):
    server.faults({"match": operation, "times": 2, "code": code})
    document = cloud.document()
    assert document["verdict"] == "PASS" and document["retries"] == 2 and seen(server) == 3


@pytest.mark.parametrize("operation", DEPENDENT)
@pytest.mark.parametrize("fault, says, tried", [
    ({"status": 503}, "giving up after 3 attempts: ServiceUnavailable", 3),
    ({"status": 502, **HTML}, "is there a proxy in between?", 3),
    ({"status": 403, **HTML}, "is there a proxy in between?", 1),
    ({"drop": "headers"}, "closed the connection in the middle of its answer", 3),
    ({"truncate": 40}, "AWS", 1),
    ({"body": "\x01\x02\x03" * 99}, "AWS", 1),
    ({"size": 64 * MEGABYTE}, "is larger than 8388608 bytes", 1),
], ids=["503", "proxy fails", "proxy refuses", "closed within", "cut", "noise", "64 MB"])
def test_stays_and_is_unknown(cloud, server, operation, fault, says, tried):
    server.faults({"match": operation, **fault})
    document = cloud.document()
    unknown = [row for row in document["findings"] if row["verdict"] != "PASS"]
    assert {row["check"] for row in unknown} == set(DEPENDENT[operation]) and document["exit_code"] == 3
    assert {row["verdict"] for row in unknown} == {"UNKNOWN"}
    assert all(says in row["text"] and row["action"] is None for row in unknown), unknown
    assert seen(server) == tried


@pytest.mark.parametrize("operation, fault", [(VPC, {"truncate": 0}), (VPC, HTML), (EFS, HTML)])
def test_an_answer_of_somebody_else(cloud, server, operation, fault):
    """Status 200, but it is not AWS's: the sign-in page of a network, or nothing."""
    server.faults({"match": operation, **fault})
    assert cloud.verdicts() == dict.fromkeys(DEPENDENT[operation], "UNKNOWN")


@pytest.mark.parametrize("operation, code", [(VPC, "RequestLimitExceeded"), (BUCKET, "SlowDown")])
def test_still_throttled(cloud, server, operation, code):
    server.faults({"match": operation, "code": code})
    assert cloud.verdicts() == dict.fromkeys(DEPENDENT[operation], "UNKNOWN")
    assert f"giving up after 3 attempts: {code}" in cloud.cloudctl.run("verify", "prod", code=3).stdout


@pytest.mark.parametrize("body", [
    "<DescribeVpcsResponse><vpcSet><item>", "<a>" * 100_000, "<Other/>", '<?xml version="1.0" encoding="x-none"?><a/>',
    '<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><DescribeVpcsResponse>&c;</DescribeVpcsResponse>',
    '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><DescribeVpcsResponse>&b;</DescribeVpcsResponse>'],
    ids=["cut", "deep", "other root", "encoding", "entities", "external entity"])
def test_xml_that_aws_never_sends(cloud, server, body):
    server.faults({"match": VPC, "body": body})
    assert cloud.verdicts() == dict.fromkeys(DEPENDENT[VPC], "UNKNOWN")


@pytest.mark.parametrize("body", ['{"FileSystems": [', "[" * 100_000, "[1, 2]", "null", '"text"', '{"a": 1} {"b": 2}'],
                         ids=["cut", "deep", "list", "null", "text", "two"])
def test_json_that_aws_never_sends(cloud, server, body):
    server.faults({"match": EFS, "body": body})
    assert cloud.verdicts() == dict.fromkeys(DEPENDENT[EFS], "UNKNOWN")


@pytest.mark.parametrize("operation", DEPENDENT)
def test_content_type_decides_nothing(cloud, server, operation):
    server.faults({"match": operation, "content_type": "application/octet-stream"})
    assert cloud.verdicts() == {}


def test_slow_replies(cloud, server):
    server.faults({"match": VPC, "slow": 3000}, {"match": "*", "delay": 0.2})
    document = cloud.document()
    assert document["verdict"] == "PASS" and document["retries"] == 0
    assert server.control("GET", "state")["most_in_flight"] > 5


def test_everything_fails_at_once(cloud, server):
    """No answer at all is an error and not a list of findings."""
    server.faults({"match": "*", "drop": "before"})
    done = cloud.cloudctl.run("verify", "prod", code=None)
    assert done.returncode in (3, 4) and "closed the connection without an answer" in done.stderr
    assert "PASSED" not in done.stdout
