# SPDX-License-Identifier: Apache-2.0
"""That every request of these tests is judged (conftest.py's wire_contract), and that the judge finds something."""

import base64
import json

from conftest import REGION, WIRE
from odd_servers import DENIED, SENT, reply, serving
from wire_record import WireRecord, from_bytes

SIGNED = "AWS4-HMAC-SHA256 Credential=AKID/20260102/us-west-2/{}/aws4_request, SignedHeaders=host, Signature=0"
FORM = "application/x-www-form-urlencoded; charset=utf-8"


def row(body: bytes, service: str = "ec2", **headers) -> dict:
    return {"method": "POST", "target": "/", "body": base64.b64encode(body).decode(),
            "headers": {"authorization": SIGNED.format(service), "content-type": FORM, **headers}}


def test_every_request_is_recorded(cloudctl, local_aws):
    WIRE.problems()  # what came before
    local_aws.control("DELETE", "requests")
    before = WIRE.judged
    cloudctl.run("setup", "--name", "seen", "--region", REGION, "--yes", code=None)
    sent = len(local_aws.requests())
    assert WIRE.problems() == []
    assert WIRE.judged - before == sent > 30


def test_requests_to_odd_servers_are_recorded(cloudctl):
    cloudctl.environment["AWS_MAX_ATTEMPTS"] = "1"
    with serving(reply("403 Forbidden", DENIED)) as server:
        cloudctl.environment["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{server.port}"
        cloudctl.run("setup", "--name", "seen", "--region", REGION, "--yes", code=4)
    [request] = SENT
    assert from_bytes(request).body == b"Action=GetCallerIdentity&Version=2011-06-15"
    assert from_bytes(request.replace(b"POST / ", b"POST http://h.invalid/ ")).target == "/"
    assert from_bytes(b"CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n") is None and from_bytes(b"\x16\x03\x01") is None


def test_violations_are_found(tmp_path):
    record = WireRecord()
    record.file = tmp_path / "requests"
    good = row(b"Action=DescribeVpcs&Version=2016-11-15&VpcId.1=vpc-1")
    record.file.write_text(json.dumps(good) + "\n")
    assert record.problems() == [] and record.judged == 1
    broken = [row(b"Action=DescribeVpcs&Version=2016-11-15&VpcId.2=vpc-1"), row(b"Action=Nonsense&Version=2016-11-15"),
              row(b"{}", "memorydb", **{"content-type": "application/x-amz-json-1.1", "x-amz-target": "AmazonMemoryDB.No"}),
              row(b"Action=DescribeVpcs&Version=2016-11-15") | {"headers": {"content-type": FORM}}]
    with record.file.open("a") as lines:
        lines.writelines(json.dumps(line) + "\n" for line in broken)
        lines.write('{"method": ')  # not all of it has been written
    assert len(record.problems()) == len(broken) and record.judged == 1 + len(broken)
    record.odd.append(b"POST / HTTP/1.1\r\nAuthorization: " + SIGNED.format("ec2").encode() + b"\r\nContent-Type: "
                      + FORM.encode() + b"\r\n\r\nAction=DescribeVpcs&Version=2016-11-15&X=1")
    assert "X" in record.problems()[0]
