# SPDX-License-Identifier: Apache-2.0
"""Each fault that stands between cloudctl and AWS, end to end, by the same two commands: what passes is tried again and
the command succeeds; what stays ends in its own error on one line, exit code 4, and no half of anything is written.
Variants of single faults are in test_client_faults.py (the way to AWS) and test_faults.py (what `verify` makes of them).
"""

import fcntl
import re
import socket
import struct
import termios
from dataclasses import dataclass

import pytest
from conftest import REGION, wait_for
from odd_servers import make_certificate, relay, reply, serving

WORDS = ("setup", "--name", "odd", "--region", REGION, "--yes")
PAGE = b"<html><head><title>Sign in</title></head><body>Welcome to the guest network</body></html>"
IDENTITY = (b'<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws'
            b':iam::123456789012:user/x</Arn><UserId>A</UserId><Account>123456789012</Account></GetCallerIdentityResult>'
            b"</GetCallerIdentityResponse>")


def error(status: str, code: str) -> bytes:
    return reply(status, f"<ErrorResponse><Error><Code>{code}</Code><Message>no</Message></Error><RequestId>id-7</RequestId>"
                         "</ErrorResponse>".encode())


def reset(connection):
    """RST instead of an end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def reset_in_the_body(connection):
    connection.sendall(reply("200 OK", IDENTITY)[:-80])
    wait_for(lambda: fcntl.ioctl(connection, termios.TIOCOUTQ, bytes(4)) == bytes(4))  # the client has all of it
    reset(connection)


def without_end(connection):
    """A byte now and then, for ever: never silent, never done."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 1000000\r\n\r\n")
    while True:
        connection.sendall(b" ")
        connection.settimeout(0.4)
        try:
            if not connection.recv(1):
                return
        except TimeoutError:
            pass


@dataclass
class Fault:
    """answer: what the server does. says: when it stays. passes: whether another attempt is made."""

    answer: object
    says: str
    passes: bool


TABLE = {
    "throttle": Fault(error("400 Bad Request", "Throttling"), "giving up after 3 attempts: Throttling: no (request id-7)", True),
    "500": Fault(error("500 Internal Server Error", "InternalFailure"), "giving up after 3 attempts: InternalFailure", True),
    "503": Fault(error("503 Service Unavailable", "ServiceUnavailable"), "giving up after 3 attempts: ServiceUnavailable", True),
    "503 of a load balancer": Fault(reply("503 Service Unavailable"), "giving up after 3 attempts: 503", True),
    "reset before the headers": Fault(reset, "giving up after 3 attempts", True),
    "reset after the headers": Fault(reset_in_the_body, "giving up after 3 attempts", True),
    "truncated XML": Fault(reply("200 OK", IDENTITY[:150]), "is not what AWS sends: not XML", False),
    "HTML with 200": Fault(reply("200 OK", PAGE, "Content-Type: text/html"), "is a web page, not AWS's; is there a proxy", False),
    "HTML with 403": Fault(reply("403 Forbidden", PAGE), "is there a proxy in between?", False),
    "HTML with 502": Fault(reply("502 Bad Gateway", PAGE), "is there a proxy in between?", True),
    "64 MB": Fault(reply("200 OK", b" " * (64 << 20)), "is larger than 8388608 bytes", False),
    "redirect": Fault(reply("302 Found", b"", "Location: http://127.0.0.1:1/"), "302", False),
}


def run_against(cloudctl, local_aws, answer, times: int | None, code: int, context=None):
    """`setup` by way of a server that answers the first requests (None: all) itself; what it said and the number."""
    def between(connection):
        if times is not None and len(server.requests) > times:
            relay(connection, server.requests[-1], local_aws.url)
        elif callable(answer):
            answer(connection)
        else:
            connection.sendall(answer)

    with serving(between, context) as server:
        cloudctl.environment["AWS_ENDPOINT_URL"] = f"http{'s' if context else ''}://127.0.0.1:{server.port}"
        done = cloudctl.run(*WORDS, code=code)
    return done.stderr, len(server.requests)


def the_error(said: str) -> str:
    """The one line at the end; before it stand only the attempts that were to be repeated, and that it takes long."""
    *before, line = said.splitlines()
    assert all(re.fullmatch(r"\(cloudctl \+\S+\) (.*, trying again in .*|still waiting for: AWS)", row) for row in before), said
    assert line.startswith("cloudctl: "), said
    return line


def assert_clean_failure(cloudctl, said: str):
    assert the_error(said).startswith("cloudctl: setting up cloud 'odd': finding out who calls: "), said
    assert cloudctl.records() == []
    own = ("certificate.pem", "key.pem")
    written = [path for path in cloudctl.home.rglob("*") if path.is_file() and path.name not in own]
    assert [path for path in written if path.parent.name != "locks"] == []


@pytest.mark.parametrize("name", TABLE)
def test_stays(cloudctl, local_aws, name):
    fault = TABLE[name]
    said, asked = run_against(cloudctl, local_aws, fault.answer, None, 4)
    assert fault.says in said, said
    assert asked == (3 if fault.passes else 1)
    assert_clean_failure(cloudctl, said)
    assert local_aws.requests() == []


@pytest.mark.parametrize("name", [name for name, fault in TABLE.items() if fault.passes])
def test_passes(cloudctl, local_aws, name):
    run_against(cloudctl, local_aws, TABLE[name].answer, 2, 0)
    assert cloudctl.record("odd")["state"] == "ready" and len(local_aws.stacks()) == 1


def test_slow_body_that_never_ends(cloudctl, local_aws):
    """A minute is the limit of one attempt."""
    cloudctl.environment["AWS_MAX_ATTEMPTS"] = "1"
    said, asked = run_against(cloudctl, local_aws, without_end, None, 4)
    assert "no answer from 127.0.0.1" in said and "in time" in said and asked == 1
    assert_clean_failure(cloudctl, said)


def test_tls_failure(cloudctl, local_aws):
    """The certificate is not trusted: not tried again, and said whose it is."""
    context, _ = make_certificate(cloudctl.home)
    said, asked = run_against(cloudctl, local_aws, b"", None, 4, context)
    assert "is not trusted" in said and "odd server at 127.0.0.1" in said and asked == 0
    assert_clean_failure(cloudctl, said)


def test_tls_that_breaks_and_then_works(cloudctl, local_aws):
    context, bundle = make_certificate(cloudctl.home)
    cloudctl.environment["AWS_CA_BUNDLE"] = bundle
    run_against(cloudctl, local_aws, lambda connection: reset(connection.unwrap()), 1, 0, context)
    assert cloudctl.record("odd")["state"] == "ready"


def test_wrong_content_type(cloudctl, local_aws):
    """Of every reply; it decides nothing."""
    local_aws.faults({"match": "*", "content_type": "application/octet-stream"})
    cloudctl.run(*WORDS)
    assert cloudctl.record("odd")["state"] == "ready"


@pytest.mark.parametrize("fault,says", [
    ({"truncate": 60}, "not JSON: line 1"), ({"body": "[" * 5000}, "not JSON: line 1"), ({"code": "ThrottlingException"}, "after 3 attempts"),
    ({"body": PAGE.decode(), "content_type": "text/html"}, "is there a proxy in between?"), ({"drop": "headers"}, "after 3 attempts"),
], ids=["truncated", "deep", "throttle", "HTML", "closed after the headers"])
def test_json_that_stays(cloudctl, local_aws, customer, fault, says):
    """`register` asks EFS, whose replies are JSON, before it writes anything."""
    before = customer.fingerprint()
    local_aws.faults({"match": "elasticfilesystem:*", **fault})
    said = cloudctl.run("register", "--name", "odd", *customer.arguments, "--skip-verifications", "--yes", code=4).stderr
    assert says in the_error(said), said
    assert cloudctl.records() == [] and customer.fingerprint() == before


MIDDLE = {"lost reply": {"drop": "after"}, "lost request": {"drop": "before"}, "cut reply": {"truncate": 40},
          "HTML": {"status": 403, "body": PAGE.decode()}, "500": {"status": 500}, "throttle": {"code": "Throttling"},
          "quota": {"code": "LimitExceededException"}}


@pytest.mark.parametrize("name", MIDDLE)
def test_in_the_middle(cloudctl, local_aws, name):
    """When the record is written and the stack is asked for: the record is whole, and the same command again ends well."""
    local_aws.faults({"match": "cloudformation:CreateStack", **MIDDLE[name]})
    said = cloudctl.run(*WORDS, code=4).stderr
    assert "cloudctl: setting up cloud 'odd': creating the stack" in said
    record = cloudctl.record("odd")
    if name == "quota":  # refused: there is nothing to take up
        assert record is None
    else:
        assert record["state"] in ("creating", "failed") and record["operation"]["kind"] == "setup"
    local_aws.faults()
    cloudctl.run(*WORDS)
    assert cloudctl.record("odd")["state"] == "ready"
    assert len([stack for stack in local_aws.stacks() if stack["StackStatus"] != "DELETE_COMPLETE"]) == 1
