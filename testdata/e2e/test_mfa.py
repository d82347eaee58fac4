# SPDX-License-Identifier: Apache-2.0
"""Codes of MFA devices: asked for on a terminal, once; refused where nobody can be asked."""

import json
import os
import subprocess

import pytest
from conftest import BINARY, KEYS, REGION, TIMEOUT

SERIAL = "arn:aws:iam::123456789012:mfa/amy"
QUESTION = f"Code of the MFA device {SERIAL}: "
WORDS = ("setup", "--name", "mine", "--region", REGION, "--yes", "--ui", "plain")


@pytest.fixture
def role(cloudctl, local_aws):
    """A profile with a role that wants a code."""
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "sts:AssumeRole"}]}
    iam = local_aws.client("iam")
    arn = iam.create_role(RoleName="operator", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName="operator", PolicyName="all", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}))
    (cloudctl.home / "config").write_text(
        f"[profile keys]\naws_access_key_id = {KEYS[0]}\naws_secret_access_key = {KEYS[1]}\n"
        f"[profile role]\nrole_arn = {arn}\nsource_profile = keys\nmfa_serial = {SERIAL}\n")
    cloudctl.environment |= {"AWS_CONFIG_FILE": str(cloudctl.home / "config"), "AWS_PROFILE": "role", "TERM": "dumb"}
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        del cloudctl.environment[name]
    return arn


def on_terminal(cloudctl, *words: str, answer: str) -> tuple[int, str]:
    """Run on a pseudo-terminal and answer the first question; exit code and what the terminal showed."""
    master, slave = os.openpty()
    process = subprocess.Popen([str(BINARY), *words], env=cloudctl.environment, stdin=slave, stdout=subprocess.DEVNULL,
                               stderr=slave, cwd=cloudctl.home)
    os.close(slave)
    shown, asked = b"", False
    try:
        while chunk := os.read(master, 4096):
            shown += chunk
            if not asked and QUESTION.encode() in shown:
                asked = True
                os.write(master, answer.encode() + b"\n")
    except OSError:
        pass  # the program has ended
    os.close(master)
    return process.wait(timeout=TIMEOUT), shown.decode()


def test_asked_once(cloudctl, local_aws, role):
    code, shown = on_terminal(cloudctl, *WORDS, answer="123456")
    assert code == 0 and shown.count(QUESTION) == 1, shown
    [asked] = [row for row in local_aws.requests("sts:AssumeRole")]
    assert asked["parameters"]["TokenCode"] == "123456" and asked["parameters"]["SerialNumber"] == SERIAL
    # The session is kept: the next command asks nobody.
    assert cloudctl.run("verify", "mine", code=None).returncode in (0, 1, 3)
    assert len(local_aws.requests("sts:AssumeRole")) == 1


def test_no_code(cloudctl, local_aws, role):
    code, shown = on_terminal(cloudctl, *WORDS, answer="abc")
    assert code == 4 and "a code of an MFA device is six digits" in shown
    assert local_aws.requests("sts:AssumeRole") == [] and cloudctl.records() == []


def test_nobody_to_ask(cloudctl, local_aws, role):
    said = cloudctl.run(*WORDS, code=4).stderr
    assert f"needs a code of the MFA device {SERIAL}, and there is no terminal to ask on" in said
    assert local_aws.requests("sts:AssumeRole") == [] and cloudctl.records() == []
