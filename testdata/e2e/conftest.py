# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the end-to-end tests: the local AWS, the real binary, and a customer's own resources.

`local_aws` is empty when a test begins; boto3 is the independent witness. `cloudctl` runs the development build (or
$CLOUDCTL) with a registry and a home of its own. Nothing here judges what the program does.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import boto3
import pytest
import yaml
from botocore.config import Config
from canary import Canary
from odd_servers import SENT
from wire_record import WireRecord

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("CLOUDCTL", ROOT / "build/dev/cloudctl"))
KEYS = ("AKIALOCALAWS00000001", "local-aws-secret-not-for-production-use")
OTHER_KEYS = ("AKIALOCALAWS00000002", "local-aws-second-account-secret-value")
ACCOUNT = "123456789012"
CONTROL_PLANE = "525325868955"
REGION = "us-west-2"
TIMEOUT = 120  # seconds; a program that takes longer hangs
# What setup sends: without comments and descriptions of parameters.
TEMPLATE = re.sub(r"(?m)^ *#.*\n|^    (Constraint)?Description: .*\n", "",
                  (ROOT / "providers/aws/cloud/template.yaml").read_text())
HELD = 60  # seconds that a reply is held back; nobody waits for them, see LocalAws.release()
SOAK = bool(os.environ.get("CLOUDCTL_SOAK"))  # everything of a table, not a sample (testdata/soak.sh)
WIRE = WireRecord()  # what this process's servers were sent
CANARY = Canary()
# A shell without job control starts a background job with SIGINT and SIGQUIT ignored (POSIX, 2.11), nohup adds SIGHUP, and
# every program inherits that: then Ctrl-C would rightly do nothing, and a test that sends it would wait for ever. What is
# handled here instead is back at its default in a program that is started.
for _number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, lambda *_: None)
_CONFIG = Config(retries={"total_max_attempts": 1}, read_timeout=30)
_SESSION = boto3.session.Session()  # one for all: each new one reads the services' models again
_SESSION_LOCK = threading.Lock()  # clients may be shared by threads, sessions may not


# What keeps a broad role of a customer's to its cloud: what exists already must carry the control plane's tag.
NOT_THE_CLOUDS = (
    {"Effect": "Deny", "Resource": "*",
     "Action": ["acm:AddTagsToCertificate", "acm:DeleteCertificate", "cloudformation:DeleteStack",
                "cloudformation:TagResource", "cloudformation:UpdateStack", "ec2:AssociateIamInstanceProfile",
                "ec2:AttachVolume", "ec2:CancelSpotInstanceRequests", "ec2:CreateTags", "ec2:DeleteTags",
                "ec2:ModifyImageAttribute", "ec2:ModifyInstanceAttribute", "ec2:ReleaseAddress",
                "ec2:ReplaceIamInstanceProfileAssociation", "ec2:StopInstances", "ec2:TerminateInstances",
                "elasticloadbalancing:DeleteLoadBalancer", "elasticloadbalancing:ModifyListener"],
     "Condition": {"Null": {"aws:ResourceTag/anyscale-cloud-id": "true", "ec2:CreateAction": "true"}}},
    {"Effect": "Deny", "Action": "iam:PassRole", "NotResource": "arn:aws:iam::*:role/*cluster?node*"},
    {"Effect": "Deny", "Resource": "*",
     "Action": ["iam:AttachRolePolicy", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"]})


def wait_for(condition, seconds: float = 20.0):
    """The first true value of condition(), asked for again and again."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.005)
    return value


def _without_account(params: dict, **_event) -> None:
    """S3 Control's hosts begin with the account, which an address of 127.0.0.1 cannot."""
    params["url"] = re.sub(r"//\d{12}\.", "//", params["url"])


class LocalAws:
    """A running server: boto3 clients on it, and its control door (docs/design.md, "The local AWS")."""

    def __init__(self, url: str):
        self.url = url

    def client(self, service: str, region: str | None = None, keys: tuple = KEYS):
        region = region or ("us-east-1" if service == "iam" else REGION)  # IAM's endpoint is in one region
        config = _CONFIG.merge(Config(signature_version="s3v4")) if service == "s3" else _CONFIG
        key, secret, *token = keys
        with _SESSION_LOCK:
            made = _SESSION.client(service, region, endpoint_url=self.url, config=config, aws_access_key_id=key,
                                   aws_secret_access_key=secret, aws_session_token=token[0] if token else None)
        if service == "s3control":
            made.meta.events.register("before-call.s3-control", _without_account)
        return made

    def control(self, method: str, path: str, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_local/{path}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=TIMEOUT) as reply:
            return json.load(reply)

    def faults(self, *rules: dict):
        return self.control("POST", "faults", list(rules))

    def release(self) -> None:
        """No faults any more, and replies that were held back leave now."""
        self.faults()
        self.control("POST", "release")

    def fail(self, *rules: dict):
        """Let resources of stacks fail."""
        return self.control("POST", "fail", list(rules))

    def requests(self, action: str | None = None) -> list[dict]:
        rows = self.control("GET", "requests")
        return [row for row in rows if action in (None, f"{row['service']}:{row['action']}")]

    def quiet(self) -> None:
        """As release(); and wait until no request is on its way, e.g. one whose sender was killed."""
        self.release()
        wait_for(lambda: self.control("GET", "state")["in_flight"] <= 1)  # this one itself

    def reset(self) -> None:
        self.quiet()
        self.control("POST", "reset")

    def stacks(self) -> list[dict]:
        """Every stack that ever was, deleted ones included."""
        pages = self.client("cloudformation").get_paginator("list_stacks").paginate()
        return [stack for page in pages for stack in page["StackSummaries"]]


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    WIRE.file = tmp_path_factory.mktemp("wire") / "requests"
    CANARY.folder, CANARY.issued = tmp_path_factory.mktemp("written"), WIRE.file.with_name("secrets")
    CANARY.secrets |= {KEYS[1], OTHER_KEYS[1]}
    command = [sys.executable, str(ROOT / "testdata/e2e/recording_server.py"), str(WIRE.file), str(CANARY.issued), "--port",
               "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline()
        assert line.startswith("local-aws ready http://127.0.0.1:"), line
        yield LocalAws(line.split()[-1])
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture(autouse=True)
def wire_contract():
    """Whatever a test lets cloudctl send to AWS is what AWS's service models allow."""
    yield
    WIRE.odd += SENT
    SENT.clear()
    problems = WIRE.problems()
    assert not problems, "\n".join(sorted(set(problems)))


@pytest.fixture(autouse=True)
def canary(record_property):
    """Nothing that a test lets cloudctl write holds a secret."""
    yield
    scanned, hits = CANARY.hits()
    if scanned:
        record_property("scanned", scanned)
    assert not hits, "\n".join(hits)


@pytest.fixture
def local_aws(server):
    server.reset()
    return server


class Program(subprocess.Popen):
    """Whatever it shows is looked through for secrets."""

    def communicate(self, *arguments, **more):
        shown = super().communicate(*arguments, **more)
        CANARY.look(" ".join(map(str, self.args[1:])), *shown)
        return shown


class Cloudctl:
    """The program, with an environment that holds nothing of the machine's but PATH."""

    def __init__(self, home: Path, url: str):
        self.home = home
        self.state = home / "state"
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(home), "XDG_STATE_HOME": str(self.state),
                            "LC_ALL": "C.UTF-8", "AWS_ENDPOINT_URL": url, "AWS_EC2_METADATA_DISABLED": "true",
                            "AWS_ACCESS_KEY_ID": KEYS[0], "AWS_SECRET_ACCESS_KEY": KEYS[1]}

    def start(self, *words: str, **more) -> Program:
        """The running program; the caller waits for it. With limits of its own (more) it writes only what it is asked for."""
        words = words if more else CANARY.asked(words, self.home)
        return Program([str(BINARY), *words], env=self.environment, text=True, stdin=subprocess.DEVNULL,
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.home, **more)

    def run(self, *words: str, code: int | None = 0) -> subprocess.CompletedProcess:
        """Run to the end, without a terminal; code is what it must end with, None for anything."""
        process = self.start(*words)
        out, errors = process.communicate(timeout=TIMEOUT)
        done = subprocess.CompletedProcess(words, process.returncode, out, errors)
        assert "Sanitizer" not in errors, errors
        assert code is None or done.returncode == code, f"{words} ended with {done.returncode}:\n{out}\n{errors}"
        return done

    def on_terminal(self, *words: str, answer: str, meanwhile=None) -> tuple[int, str]:
        """Run on a pseudo-terminal and answer its question; exit code and everything it wrote to the terminal. meanwhile: called
        while the question is open."""
        master, slave = os.openpty()
        process = subprocess.Popen([str(BINARY), *CANARY.asked(words, self.home)], stdin=slave, stderr=slave,
                                   env={**self.environment, "TERM": "dumb"}, stdout=subprocess.DEVNULL, cwd=self.home)
        os.close(slave)
        shown = b""
        asked = False
        try:
            while chunk := os.read(master, 4096):
                shown += chunk
                if not asked and (b"[y/N]" in shown or b" to agree (" in shown):
                    asked = True
                    if meanwhile:
                        meanwhile()
                    os.write(master, answer.encode() + b"\n")
        except OSError:
            pass  # the terminal's other end is closed: the program has ended
        os.close(master)
        CANARY.look(" ".join(words), shown)
        return process.wait(timeout=TIMEOUT), shown.decode()

    def kill_at(self, local_aws: LocalAws, match: str, skip: int, *words: str, lost: bool = False) -> bool:
        """Run, hold back the reply to its request number skip + 1 that matches, and kill it there; lost: the request
        never arrives. False when it made no such request."""
        fault = {"drop": "before"} if lost else {"times": 1}
        local_aws.faults({"match": match, "skip": skip, "delay": HELD, **fault})
        process = self.start(*words)

        def held_or_ended():
            return local_aws.control("GET", "faults")[0]["hits"] or process.poll() is not None

        wait_for(held_or_ended, TIMEOUT)
        killed = process.poll() is None
        process.kill()
        process.communicate(timeout=TIMEOUT)
        local_aws.quiet()
        return killed

    def whole_record(self, name: str) -> dict | None:
        path = self.state / "cloudctl/clouds" / f"{name}.yaml"
        return yaml.safe_load(path.read_text()) if path.exists() else None

    def record(self, name: str) -> dict | None:
        """What the record says of the cloud; what was done with it is history()."""
        record = self.whole_record(name)
        return record and {key: value for key, value in record.items() if key != "history"}

    def history(self, name: str) -> list[tuple]:
        """Kind, result and steps of each operation, the oldest first."""
        return [(row["kind"], row["result"], row["steps"]) for row in self.whole_record(name).get("history", [])]

    def records(self) -> list[str]:
        return sorted(path.name for path in self.state.glob("cloudctl/clouds/*"))


@pytest.fixture
def cloudctl(tmp_path, local_aws):
    assert BINARY.exists(), f"{BINARY} is not built: cmake --preset dev && cmake --build --preset dev"
    return Cloudctl(tmp_path, local_aws.url)


class Customer:
    """Resources that the customer made; the control-plane role trusts the control plane without an external id.

    Made from the template, but for what the role may do: the template's policy is for the instances of one cloud id,
    and a registered cloud gets an id of its own.
    """

    def __init__(self, local_aws: LocalAws, memorydb: bool = False):
        self.cloud_id = "cld_" + "c2" * 13
        self.local_aws = local_aws
        self.iam = local_aws.client("iam")
        outputs = self._make(memorydb)
        self.outputs = outputs
        self.role = outputs["ControlPlaneRoleArn"].rpartition("/")[2]
        self.set_trust(self.statement())
        self.iam.put_role_policy(RoleName=self.role, PolicyName="control-plane", PolicyDocument=json.dumps({
            "Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Action": "*", "Resource": "*"}, *NOT_THE_CLOUDS]}))
        self.arguments = [
            "--provider", "aws", "--vpc-id", outputs["VpcId"], "--subnet-ids", outputs["SubnetIds"], "--efs-id",
            outputs["FileSystemId"], "--anyscale-iam-role-id", outputs["ControlPlaneRoleArn"], "--instance-iam-role-id",
            outputs["NodeRoleArn"], "--security-group-ids", outputs["SecurityGroupId"], "--s3-bucket-id",
            outputs["BucketName"], "--region", REGION]

    def _make(self, memorydb: bool) -> dict[str, str]:
        values = {"CloudId": self.cloud_id, "ControlPlaneAccount": CONTROL_PLANE, "ExternalId": self.cloud_id,
                  "Zones": f"{REGION}a,{REGION}b", "ZoneCount": "2", "EnableMemoryDB": "true" if memorydb else "false"}
        cloudformation = self.local_aws.client("cloudformation")
        stack = cloudformation.create_stack(
            StackName="customer", TemplateBody=TEMPLATE,
            Capabilities=["CAPABILITY_NAMED_IAM"],
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()])["StackId"]

        def settled():
            found = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
            return found if not found["StackStatus"].endswith("_IN_PROGRESS") else None

        made = wait_for(settled)
        assert made["StackStatus"] == "CREATE_COMPLETE"
        return {row["OutputKey"]: row["OutputValue"] for row in made["Outputs"]}

    @staticmethod
    def statement(principal=None, **more) -> dict:
        return {"Effect": "Allow", "Principal": principal or {"AWS": CONTROL_PLANE}, "Action": "sts:AssumeRole", **more}

    def set_trust(self, *statements: dict) -> None:
        policy = {"Version": "2012-10-17", "Statement": list(statements)}
        self.iam.update_assume_role_policy(RoleName=self.role, PolicyDocument=json.dumps(policy))

    def trust(self) -> list[dict]:
        return self.iam.get_role(RoleName=self.role)["Role"]["AssumeRolePolicyDocument"]["Statement"]

    def fingerprint(self) -> dict:
        """Everything about the role that a registration might touch."""
        role = self.iam.get_role(RoleName=self.role)["Role"]
        return {"trust": role["AssumeRolePolicyDocument"], "tags": role.get("Tags"),
                "inline": self.iam.list_role_policies(RoleName=self.role)["PolicyNames"],
                "attached": self.iam.list_attached_role_policies(RoleName=self.role)["AttachedPolicies"]}


@pytest.fixture
def customer(local_aws):
    made = Customer(local_aws)
    local_aws.control("DELETE", "requests")
    return made


@pytest.fixture
def customer_with_memorydb(local_aws):
    made = Customer(local_aws, memorydb=True)
    local_aws.control("DELETE", "requests")
    return made
