# SPDX-License-Identifier: Apache-2.0
"""A real server process for the tests, reset before each test; boto3 over HTTP is the client."""

from __future__ import annotations

import json
import re
import subprocess
import threading
import urllib.request
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

SERVE = Path(__file__).resolve().parents[1] / "serve"
KEYS = {
    "123456789012": ("AKIALOCALAWS00000001", "local-aws-secret-not-for-production-use"),
    "210987654321": ("AKIALOCALAWS00000002", "local-aws-second-account-secret-value"),
}
ACCOUNT, SECOND_ACCOUNT = KEYS
REGION = "us-west-2"
_CONFIG = Config(retries={"total_max_attempts": 1}, signature_version="v4", max_pool_connections=50,
                 read_timeout=30)
_SESSION = boto3.session.Session()  # one for all: each new one reads the services' models again
_SESSION_LOCK = threading.Lock()  # clients may be shared by threads, sessions may not


def _without_account(params: dict, **_event) -> None:
    """S3 Control's hosts begin with the account, which an address of 127.0.0.1 cannot."""
    params["url"] = re.sub(r"//\d{12}\.", "//", params["url"])


class LocalAws:
    """A running server: boto3 clients on it, and its control door."""

    def __init__(self, url: str, process: subprocess.Popen):
        self.url, self.process = url, process

    def client(self, service: str, region: str | None = None, account: str = ACCOUNT, keys: tuple | None = None):
        """A boto3 client; keys is (access key, secret) or (access key, secret, token)."""
        region = region or ("us-east-1" if service == "iam" else REGION)
        config = _CONFIG.merge(Config(signature_version="s3v4")) if service == "s3" else _CONFIG
        key, secret, *token = keys or KEYS[account]
        with _SESSION_LOCK:
            made = _SESSION.client(service, region, endpoint_url=self.url, config=config, aws_access_key_id=key,
                                   aws_secret_access_key=secret, aws_session_token=token[0] if token else None)
        if service == "s3control":
            made.meta.events.register("before-call.s3-control", _without_account)
        return made

    def control(self, method: str, path: str, body=None):
        """/_local/<path>: the JSON that comes back."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_local/{path}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=10) as reply:
            return json.load(reply)

    def faults(self, *rules: dict):
        return self.control("POST", "faults", list(rules))

    def role(self, name: str, account: str = ACCOUNT, trusted: tuple = tuple(KEYS), **condition) -> str:
        """A new role that the accounts, ARNs or "*" may assume; its ARN."""
        statement = {"Effect": "Allow", "Principal": {"AWS": list(trusted)},
                     "Action": ["sts:AssumeRole", "sts:TagSession"]}
        if condition:
            statement["Condition"] = condition
        trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        made = self.client("iam", account=account).create_role(RoleName=name, AssumeRolePolicyDocument=trust)
        return made["Role"]["Arn"]

    def requests(self) -> list[dict]:
        return self.control("GET", "requests")


def start(*options: str) -> LocalAws:
    """A new server; the caller stops its process."""
    process = subprocess.Popen([str(SERVE), "--port", "0", *options], stdout=subprocess.PIPE, text=True)
    line = process.stdout.readline()
    assert line.startswith("local-aws ready http://127.0.0.1:"), line
    return LocalAws(line.split()[-1], process)


@pytest.fixture(scope="session")
def _server():
    server = start()
    yield server
    server.process.terminate()
    assert server.process.wait(timeout=10) == 0


@pytest.fixture(scope="session")
def stack_server():
    """Its stacks take their time."""
    server = start("--step-delay", "0.01")
    yield server
    server.process.terminate()
    assert server.process.wait(timeout=10) == 0


@pytest.fixture
def local_aws(_server):
    """The server of the test run, empty."""
    _server.control("POST", "reset")
    return _server


@pytest.fixture
def ec2(local_aws):
    return local_aws.client("ec2")


@pytest.fixture
def vpc(ec2):
    return ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]


@pytest.fixture
def subnet(ec2, vpc):
    return ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24", AvailabilityZone=f"{REGION}a")["Subnet"]["SubnetId"]


@pytest.fixture
def error():
    """error(call, **arguments): the ClientError's (code, HTTP status, message)."""
    def run(call, **arguments):
        with pytest.raises(ClientError) as caught:
            call(**arguments)
        response = caught.value.response
        return (response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"],
                response["Error"].get("Message", ""))
    return run
