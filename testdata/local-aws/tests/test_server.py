# SPDX-License-Identifier: Apache-2.0
"""The process: readiness, signals, keep-alive, its control door, records, accounts."""

import http.client
import json
import signal
import socket
import subprocess
import urllib.error
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

import pytest

from conftest import ACCOUNT, KEYS, REGION, SECOND_ACCOUNT, SERVE, start


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stops_with_0_on_a_signal_even_while_a_reply_is_delayed(number):
    server = start()
    server.faults({"match": "*", "delay": 60})
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(server.client("sts").get_caller_identity)
        while server.control("GET", "state")["in_flight"] < 2:
            pass
        server.process.send_signal(number)
        assert server.process.wait(timeout=10) == 0
        assert waiting.exception(timeout=10) is not None


def test_says_which_port_is_taken():
    server = start()
    port = server.url.rsplit(":", 1)[1]
    try:
        second = subprocess.run([str(SERVE), "--port", port], capture_output=True, text=True, timeout=30)
        assert second.returncode == 1 and f"cannot listen on 127.0.0.1:{port}" in second.stderr
        assert second.stdout == ""
    finally:
        server.process.terminate()
        server.process.wait(timeout=10)


def test_says_at_once_that_there_is_no_virtual_environment(tmp_path):
    """Whatever Python the machine has may lack moto, or have another."""
    serve = tmp_path / "testdata/local-aws/serve"
    serve.parent.mkdir(parents=True)
    serve.write_text(SERVE.read_text())
    serve.chmod(0o755)
    done = subprocess.run([str(serve), "--port", "0"], capture_output=True, text=True, timeout=30)
    assert done.returncode == 1 and "run '. testdata/venv.sh'" in done.stderr and done.stdout == ""


@pytest.mark.parametrize("option", [("--port", "99999"), ("--port", "x"), ("--step-delay", "-1"), ("--step-delay", "nan"), ("x",)])
def test_a_bad_option_is_told(option):
    done = subprocess.run([str(SERVE), *option], capture_output=True, text=True, timeout=30)
    assert done.returncode == 2 and "usage: serve" in done.stderr and done.stdout == ""


def test_a_connection_is_kept_and_every_reply_has_date_and_request_id(local_aws):
    connection = http.client.HTTPConnection(local_aws.url.removeprefix("http://"), timeout=10)
    sockets = set()
    for _ in range(3):
        connection.request("POST", "/", b"Action=GetCallerIdentity&Version=2011-06-15",
                           {"Content-Type": "application/x-www-form-urlencoded"})
        sockets.add(connection.sock)
        reply = connection.getresponse()
        body = reply.read().decode()
        assert reply.status == 403 and reply.headers["x-amzn-RequestId"] in body
        assert abs((parsedate_to_datetime(reply.headers["Date"]) - datetime.now(timezone.utc)).total_seconds()) < 60
    assert len(sockets) == 1


@pytest.mark.parametrize("account", [ACCOUNT, SECOND_ACCOUNT])
def test_the_administrators_are_known(local_aws, account):
    reply = local_aws.client("sts", account=account).get_caller_identity()
    assert (reply["Account"], reply["Arn"]) == (account, f"arn:aws:iam::{account}:user/local-admin")


def test_accounts_and_regions_are_apart(local_aws):
    made = local_aws.client("ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    def ids(**where):
        return [row["VpcId"] for row in local_aws.client("ec2", **where).describe_vpcs()["Vpcs"]]
    assert made in ids()
    assert made not in ids(region="eu-west-1")
    assert made not in ids(account=SECOND_ACCOUNT)


def test_sessions_and_user_keys_are_principals(local_aws):
    iam, sts = local_aws.client("iam"), local_aws.client("sts")
    iam.create_user(UserName="amy")
    key = iam.create_access_key(UserName="amy")["AccessKey"]
    amy = local_aws.client("sts", keys=(key["AccessKeyId"], key["SecretAccessKey"]))
    assert amy.get_caller_identity()["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/amy"
    role = local_aws.role("other", SECOND_ACCOUNT)
    session = sts.assume_role(RoleArn=role, RoleSessionName="there")["Credentials"]
    keys = (session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])
    assert local_aws.client("sts", keys=keys).get_caller_identity()["Account"] == SECOND_ACCOUNT


def test_records_hold_the_call_and_no_secret(local_aws):
    role = local_aws.role("r")
    local_aws.control("DELETE", "requests")
    local_aws.client("ec2").describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])
    local_aws.client("secretsmanager").create_secret(Name="s", SecretString="hush-hush")
    session = local_aws.client("sts").assume_role(RoleArn=role, RoleSessionName="rs")
    first, second, _third = local_aws.requests()
    assert (first["service"], first["action"], first["region"], first["status"], first["method"], first["path"]) == (
        "ec2", "DescribeVpcs", REGION, 200, "POST", "/")
    assert first["parameters"] == {"Filter.1.Name": "is-default", "Filter.1.Value.1": "true"}
    assert first["access_key"] == KEYS[ACCOUNT][0] and first["error_code"] == "" and len(first["request_id"]) == 36
    assert second["parameters"]["SecretString"] == "REDACTED" and second["parameters"]["Name"] == "s"
    text = json.dumps(local_aws.requests())
    for secret in ("hush-hush", KEYS[ACCOUNT][1], session["Credentials"]["SessionToken"], "Signature="):
        assert secret not in text
    local_aws.control("DELETE", "requests")
    assert local_aws.requests() == []


def test_records_name_rest_operations_and_their_members(local_aws, error):
    s3 = local_aws.client("s3")
    error(s3.get_bucket_policy, Bucket="no-such-bucket-here")
    error(s3.head_bucket, Bucket="no-such-bucket-here")
    error(s3.list_objects_v2, Bucket="no-such-bucket-here", Prefix="a/")
    error(local_aws.client("efs").describe_mount_target_security_groups, MountTargetId="fsmt-0123456789abcdef0")
    rows = [(row["service"], row["action"], row["status"], row["error_code"]) for row in local_aws.requests()]
    assert rows == [("s3", "GetBucketPolicy", 404, "NoSuchBucket"), ("s3", "HeadBucket", 404, "404"),
                    ("s3", "ListObjectsV2", 404, "NoSuchBucket"),
                    ("elasticfilesystem", "DescribeMountTargetSecurityGroups", 404, "MountTargetNotFound")]
    assert local_aws.requests()[2]["parameters"]["Prefix"] == "a/"


def test_reset_forgets_everything(local_aws):
    local_aws.client("ec2").create_vpc(CidrBlock="10.9.0.0/16")
    local_aws.client("memorydb").create_parameter_group(ParameterGroupName="p", Family="memorydb_redis7")
    local_aws.faults({"match": "ec2:*", "status": 500})
    local_aws.control("POST", "quotas", [{"service": "vpc", "code": "L-F678F1CE", "value": 1}])
    local_aws.control("POST", "reset")
    assert local_aws.control("GET", "faults") == [] and local_aws.requests() == []
    assert len(local_aws.client("ec2").describe_vpcs()["Vpcs"]) == 1
    names = [row["Name"] for row in local_aws.client("memorydb").describe_parameter_groups()["ParameterGroups"]]
    assert "p" not in names
    quota = local_aws.client("service-quotas").get_service_quota(ServiceCode="vpc", QuotaCode="L-F678F1CE")["Quota"]
    assert quota["Value"] == 5.0


@pytest.mark.parametrize("method, path, body", [
    ("POST", "faults", {"match": "*"}), ("POST", "faults", [{"code": "X"}]), ("POST", "faults", [{"match": "*", "no": 1}]),
    ("POST", "faults", [{"match": "*", "raw": "\u20ac"}]), ("POST", "faults", [{"match": "*", "drop": "sometimes"}]), ("POST", "faults", [{"match": "*", "times": "2"}]),
    ("POST", "quotas", [{"service": "vpc"}]), ("POST", "settings", {"sett": 1}),
])
def test_a_bad_control_request_is_refused_with_a_reason(local_aws, method, path, body):
    with pytest.raises(urllib.error.HTTPError) as caught:
        local_aws.control(method, path, body)
    assert caught.value.code == 400 and json.load(caught.value)["error"]


def test_an_unknown_control_path_lists_the_known_ones(local_aws):
    with pytest.raises(urllib.error.HTTPError) as caught:
        local_aws.control("GET", "nothing")
    assert caught.value.code == 404 and "POST /_local/faults" in json.load(caught.value)["error"]


def test_thirty_requests_are_in_flight_at_once(local_aws):
    ec2 = local_aws.client("ec2")
    local_aws.faults({"match": "ec2:*", "delay": 0.2})
    with ThreadPoolExecutor(30) as pool:
        replies = list(pool.map(lambda _: ec2.describe_vpcs(), range(30)))
    assert len(replies) == 30 and len(local_aws.requests()) == 30
    assert local_aws.control("GET", "state")["most_in_flight"] >= 15


@pytest.mark.parametrize("sent", [
    b"GARBAGE\r\n\r\n", b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
    b"PUT /b/k HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"GET /" + b"a" * 70000 + b" HTTP/1.1\r\n\r\n",
    b"POST / HTTP/1.1\r\nX-Amz-Target: A.B\r\nContent-Length: 3\r\n\r\n[1]",
    b"POST / HTTP/1.1\r\nX-Amz-Target: AmazonMemoryDB.DescribeACLs\r\nContent-Length: 3\r\n\r\n[1]",
    b"POST / HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\n\xff\xfe\x00",
    b"GET /%ff%fe?%ff=%fe HTTP/1.1\r\nHost: x\r\nAuthorization: AWS4-HMAC-SHA256 \xff\r\n\r\n",
    b"GET /?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=\xb2 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 99999999999999\r\n\r\n"])
def test_broken_requests_are_answered_or_closed_and_the_server_lives(local_aws, sent):
    host, port = local_aws.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        reply = b"".join(iter(lambda: connection.recv(65536), b""))
    assert reply == b"" or reply.startswith(b"HTTP/1.1 4") or b"Error code: 4" in reply, reply[:200]
    assert local_aws.client("sts").get_caller_identity()["Account"] == ACCOUNT
