# SPDX-License-Identifier: Apache-2.0
"""Every request of full runs of setup, verify, register and delete, against botocore's service models."""

import json
import re

import boto3
import pytest
import yaml
from contract import model, read, violations
from conftest import KEYS, REGION
from recorder import Recorded, Recorder

EXPECTED = {"GetCallerIdentity", "DescribeRegions", "DescribeAvailabilityZones", "CreateStack", "DescribeStacks",
            "DescribeStackEvents", "DescribeVpcs", "DescribeSubnets", "GetRole", "GetRolePolicy", "GetBucketEncryption",
            "DescribeFileSystems", "DescribeMountTargets", "DescribeClusters", "UpdateAssumeRolePolicy", "DeleteStack"}


def register_words(run) -> list[str]:
    """Options that take over what `setup` made, from its record."""
    record = yaml.safe_load((run.home / ".local/state/cloudctl/clouds/made.yaml").read_text())
    text = json.dumps(record["resources"])
    return ["--vpc-id", re.search(r"vpc-\w+", text)[0], "--subnet-ids", ",".join(sorted(set(re.findall(r"subnet-\w+", text)))),
             "--security-group-ids", re.search(r"sg-\w+", text)[0], "--efs-id", re.search(r"fs-\w+", text)[0],
             "--s3-bucket-id", re.search(r"cloudctl-data-[\w-]+", text)[0],
             "--anyscale-iam-role-id", re.search(r"arn:aws:iam::\d+:role/cloudctl-control-plane-\w+", text)[0],
             "--instance-iam-role-id", re.search(r"arn:aws:iam::\d+:role/\w+-cluster_node_role", text)[0]]


@pytest.fixture(scope="module")
def recorded(aws_url, run):
    with Recorder(aws_url) as recorder:
        run(recorder.url, "setup", "--name", "made", "--region", REGION, "--enable-head-node-fault-tolerance", "--yes")
        run(recorder.url, "verify", "made", codes=(0, 1, 3))
        words = register_words(run)
        run(recorder.url, "register", "--name", "taken", "--provider", "aws", "--region", REGION, *words,
            "--skip-verifications", "--yes")
        run(recorder.url, "verify", "taken", codes=(0, 1, 3))
        run(recorder.url, "delete", "--name", "taken", "--yes")
        run(recorder.url, "delete", "--name", "made", "--yes")
        return list(recorder.requests)


def test_every_request_keeps_the_contract(recorded):
    problems = {problem for request in recorded for problem in violations(request)}
    assert not problems, "\n".join(sorted(problems))


def test_the_run_was_a_full_one(recorded):
    seen = {read(request)[0].name for request in recorded}
    assert EXPECTED <= seen, EXPECTED - seen
    assert len(recorded) > 60


def test_requests_are_signed_and_name_their_sender(recorded):
    for request in recorded:
        assert request.headers["user-agent"].startswith("cloudctl/")
        assert request.headers["authorization"].startswith(f"AWS4-HMAC-SHA256 Credential={KEYS[0]}/")
        assert KEYS[1] not in request.target and KEYS[1].encode() not in request.body
        assert KEYS[1] not in json.dumps(request.headers)


def test_connections_are_used_again(aws_url, run):
    """`delete` looks for everything at once, later again, and then asks one thing after the other: on the connections of its
    first look, and on new ones only for what must not arrive twice. At the end it asks what the stack has left."""
    run(aws_url, "setup", "--name", "again", "--region", REGION, "--yes")
    with Recorder(aws_url) as recorder:
        run(recorder.url, "delete", "--name", "again", "--yes")
    bodies = [request.body for request in recorder.requests]
    once = sum(b"Action=DeleteStack&" in body for body in bodies)
    looks = [number for number, body in enumerate(bodies) if b"Action=ListStackResources&" in body]
    assert len(looks) == 3 and recorder.connections <= looks[1] + 2 * once < len(bodies), (recorder.connections, looks)


def sent_by_boto3(service, call, **parameters) -> Recorded:
    """What botocore itself sends: it must keep its own contract, or the judge is wrong."""
    client = boto3.session.Session(*KEYS, region_name=REGION).client(service, endpoint_url="http://127.0.0.1:1")
    kept = []

    def keep(request, **_):
        url = request.url.split("://", 1)[1]
        headers = {k.lower(): v.decode() if isinstance(v, bytes) else v for k, v in request.headers.items()}
        # What other versions of the client put there is not ours to judge.
        headers = {k: v for k, v in headers.items() if not k.startswith("amz-sdk") and k != "x-amz-user-agent"}
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        kept.append(Recorded(request.method, url[url.index("/"):], headers, body, 0))
        raise InterruptedError

    client.meta.events.register("before-send", keep)
    with pytest.raises(InterruptedError):
        getattr(client, call)(**parameters)
    return kept[0]


GOOD = [
    ("ec2", "describe_vpcs", {"Filters": [{"Name": "vpc-id", "Values": ["a", "b"]}], "MaxResults": 5}),
    ("iam", "simulate_principal_policy", {"PolicySourceArn": "arn:aws:iam::123456789012:role/r", "ActionNames": ["a:b"],
     "ContextEntries": [{"ContextKeyName": "aws:SourceIp", "ContextKeyValues": ["1"], "ContextKeyType": "ip"}]}),
    ("cloudformation", "create_stack", {"StackName": "s", "TemplateBody": "{}", "Capabilities": ["CAPABILITY_NAMED_IAM"],
     "Parameters": [{"ParameterKey": "a", "ParameterValue": "b"}], "Tags": [{"Key": "k", "Value": "v"}]}),
    ("efs", "describe_mount_targets", {"FileSystemId": "fs-0123456789abcdef0", "MaxItems": 5}),
    ("memorydb", "describe_clusters", {"ClusterName": "c", "ShowShardDetails": True}),
    ("s3", "get_bucket_policy", {"Bucket": "my-bucket"}),
    ("s3", "list_objects_v2", {"Bucket": "my-bucket", "Prefix": "p"}),
]


@pytest.mark.parametrize("service,call,parameters", GOOD, ids=[row[1] for row in GOOD])
def test_the_judge_accepts_botocore(service, call, parameters):
    request = sent_by_boto3(service, call, **parameters)
    assert list(violations(request)) == []
    _, value = read(request)
    assert {k: v for k, v in value.items() if k in parameters} == parameters


BAD = {
    "unknown parameter": ("ec2", b"&Nonsense=1"), "wrong type": ("ec2", b"&MaxResults=many"),
    "gap in a list": ("ec2", b"&VpcId.2=vpc-1"), "wrong enum": ("cloudformation", b"&Capabilities.member.2=ALL"),
    "too small": ("ec2", b"&MaxResults=1"),
}


@pytest.mark.parametrize("name", BAD)
def test_the_judge_sees_violations(name):
    service, more = BAD[name]
    _, call, parameters = next(row for row in GOOD if row[0] == service)
    parameters = {k: v for k, v in parameters.items() if k != "MaxResults"}
    request = sent_by_boto3(service, call, **parameters)
    broken = Recorded(request.method, request.target, request.headers, request.body + more, 0)
    assert list(violations(broken))


def test_the_judge_misses_nothing_required():
    request = sent_by_boto3("memorydb", "describe_clusters", ClusterName="c")
    for body in (b'{"ClusterName": 5}', b'{"clusterName": "c"}'):
        assert list(violations(Recorded("POST", "/", request.headers, body, 0)))
    quota = sent_by_boto3("service-quotas", "get_service_quota", ServiceCode="ec2", QuotaCode="L-1")
    assert list(violations(Recorded("POST", "/", quota.headers, b'{"ServiceCode": "ec2"}', 0)))
    assert model("ec2").metadata["protocol"] == "ec2"
