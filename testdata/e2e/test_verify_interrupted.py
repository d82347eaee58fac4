# SPDX-License-Identifier: Apache-2.0
"""`verify` stopped by a signal while it waits for AWS: it ends by that signal, at once, and keeps nothing."""

import json
import signal

import pytest
from conftest import HELD, wait_for
from verify_support import Site, new_cloud

PROMPT = 20  # seconds in which the program must have ended: long before the replies come


@pytest.fixture
def waiting(server, tmp_path):
    """A good cloud on a server that holds back every reply; a function that starts a verification and waits until its
    requests are there."""
    cloud = new_cloud(tmp_path, server).register(Site(server))
    server.faults({"match": "*", "delay": HELD})

    def start(*words: str):
        process = cloud.cloudctl.start("verify", "prod", *words)
        wait_for(lambda: server.control("GET", "faults")[0]["seen"])
        return process

    yield cloud, start
    server.control("POST", "reset")  # lets the replies go


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("words", [[], ["-o", "json"]], ids=["text", "json"])
def test_ends_by_the_signal(waiting, number, words):
    cloud, start = waiting
    before = cloud.cloudctl.record("prod")
    process = start(*words)
    process.send_signal(number)
    out, errors = process.communicate(timeout=PROMPT)
    assert process.returncode == -number
    assert "interrupted" in errors and "Sanitizer" not in errors and "PASSED" not in out
    assert cloud.cloudctl.record("prod") == before
    if words:
        document = json.loads(out)
        assert document["exit_code"] == 128 + number
        # Some checks need no answer of AWS.
        assert {row["verdict"] for row in document["findings"]} <= {"UNKNOWN", "PASS"}


def test_a_second_signal(waiting):
    _, start = waiting
    process = start()
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PROMPT)
    assert process.returncode == -signal.SIGINT


def test_what_was_decided_is_shown(waiting, server):
    """The replies of STS and IAM come, the others do not."""
    cloud, _ = waiting
    server.faults({"match": "[!si]*", "delay": HELD}, {"match": "s3:*", "delay": HELD})
    process = cloud.cloudctl.start("verify", "prod", "--only", "account.identity,vpc.dns")
    while "Account" not in (line := process.stderr.readline()):
        assert line
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=PROMPT)
    assert process.returncode == -signal.SIGINT
    assert "account: PASSED" in out and "vpc: UNKNOWN" in out
