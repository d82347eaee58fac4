# SPDX-License-Identifier: Apache-2.0
"""The signer against botocore's, on random requests: same canonical request, same signature."""

import datetime
import json
import subprocess
from unittest import mock

import pytest
from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from random_requests import requests

SEED, COUNT = 20260102, 3000


class Judge:
    """botocore's signer for one request, at the request's time, keeping the canonical request."""

    def __init__(self, case):
        self.case = case
        self.credentials = Credentials(case["access_key"], case["secret_key"], case["token"] or None)
        s3, presign = case["service"] == "s3", "expires" in case
        kind = {
            (False, False): auth.SigV4Auth, (True, False): auth.S3SigV4Auth,
            (False, True): auth.SigV4QueryAuth, (True, True): auth.S3SigV4QueryAuth,
        }[s3, presign]
        extra = {"expires": case["expires"]} if presign else {}
        self.signer = kind(self.credentials, case["service"], case["region"], **extra)

    def request(self):
        result = AWSRequest(method=self.case["method"], url=self.case["url"], data=self.case["body"].encode())
        for line in self.case["headers"]:
            name, value = line.split(":", 1)
            result.headers[name] = value.strip(" \t")
        if self.case["service"] != "s3":
            result.context["payload_signing_enabled"] = True
        return result

    def judge(self):
        now = datetime.datetime.fromtimestamp(self.case["at_ms"] / 1000, datetime.timezone.utc)
        request, seen = self.request(), {}
        if self.case["service"] == "s3":
            request.context["client_config"] = mock.Mock(s3={"payload_signing_enabled": True})
        original = self.signer.canonical_request

        def canonical(r):
            seen["canonical"] = original(r)
            return seen["canonical"]

        with mock.patch.object(self.signer, "canonical_request", canonical), \
                mock.patch.object(auth, "get_current_datetime", lambda remove_tzinfo=True: now.replace(tzinfo=None)):
            self.signer.add_auth(request)
        signed = request.url if "expires" in self.case else request.headers["Authorization"]
        return seen["canonical"], signed.split("Signature=")[-1]


@pytest.fixture(scope="module")
def answers(tool):
    cases = requests(SEED, COUNT)
    lines = "".join(json.dumps(case) + "\n" for case in cases)
    run = subprocess.run([tool("sigv4_tool")], input=lines, capture_output=True, text=True, timeout=120, check=True)
    results = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(results) == COUNT
    return list(zip(cases, results))


def test_same_signature_as_botocore(answers):
    wrong = []
    for case, result in answers:
        canonical, signature = Judge(case).judge()
        if result.get("signature") != signature:
            wrong.append((case, result, canonical))
    assert not wrong, f"{len(wrong)} of {COUNT} differ; the first: {json.dumps(wrong[0], indent=1)}"


def test_the_requests_are_of_every_kind(answers):
    cases = [case for case, _ in answers]
    assert sum("expires" in c for c in cases) > 500
    assert sum(c["service"] == "s3" for c in cases) > 500
    assert sum(bool(c["token"]) for c in cases) > 500
    assert sum("%" in c["url"] for c in cases) > 1000


def test_presigned_urls_carry_their_signature(answers):
    for case, result in answers:
        if "expires" in case:
            assert result["url"].endswith("&X-Amz-Signature=" + result["signature"])
            assert result["headers"] == []
