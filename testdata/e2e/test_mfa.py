# SPDX-License-Identifier: Apache-2.0
"""Codes of MFA devices: asked for on a terminal, once; refused where nobody can be asked."""

import fcntl
import json
import os
import struct
import subprocess
import termios

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


def on_terminal(cloudctl, *words: str, answer: str, output: bool = False) -> tuple[int, str]:
    """Run on a pseudo-terminal and answer the first question; exit code and what the terminal showed. output: stdout is
    the terminal too."""
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    process = subprocess.Popen([str(BINARY), *words], env=cloudctl.environment, stdin=slave, stderr=slave,
                               stdout=slave if output else subprocess.DEVNULL, cwd=cloudctl.home, start_new_session=True,
                               preexec_fn=lambda: fcntl.ioctl(slave, termios.TIOCSCTTY, 0))
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
    assert code == 4 and "the code of an MFA device has six digits" in shown
    assert local_aws.requests("sts:AssumeRole") == [] and cloudctl.records() == []


def test_nobody_to_ask(cloudctl, local_aws, role):
    said = cloudctl.run(*WORDS, code=4).stderr
    assert f"needs a code of the MFA device {SERIAL}, and there is no terminal to ask on" in said
    assert local_aws.requests("sts:AssumeRole") == [] and cloudctl.records() == []


@pytest.mark.parametrize("words", [("verify", "mine"), ("setup", "--name", "other", "--region", REGION, "--yes")],
                         ids=["verify", "setup"])
def test_asked_though_there_is_a_screen(cloudctl, local_aws, role, words):
    """The full screen opens by itself on a terminal; the question comes before, or the command would not work there."""
    cloudctl.environment |= {"TERM": "xterm-256color"}
    cloudctl.run(*WORDS, "--profile", "keys")
    code, shown = on_terminal(cloudctl, *words, "--no-wait", answer="123456", output=True)
    assert code == 0 and shown.count(QUESTION) == 1, shown
    assert len(local_aws.requests("sts:AssumeRole")) == 1
    assert shown.index(QUESTION) < shown.index("\x1b[?1049h"), "there was no screen"
