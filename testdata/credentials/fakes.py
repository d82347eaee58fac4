# SPDX-License-Identifier: Apache-2.0
"""Fake STS, IAM Identity Center, container and instance metadata endpoints on 127.0.0.1, in one server.

What they give follows from what they were asked, and by whom: two clients that get the same access key asked the same
question. Nothing here judges.
"""

import base64
import hashlib
import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from urllib.parse import parse_qs, parse_qsl, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

MADE_UP = re.compile(r"^(botocore-session|cloudctl)-\d+$")
END = "2099-01-02T03:04:05Z"
STS = """<{0}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{0}Result><Credentials>
<AccessKeyId>{1}</AccessKeyId><SecretAccessKey>secret-{1}</SecretAccessKey><SessionToken>token-{1}</SessionToken>
<Expiration>{2}</Expiration></Credentials><AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/r/s</Arn>
<AssumedRoleId>A:s</AssumedRoleId></AssumedRoleUser></{0}Result><ResponseMetadata><RequestId>id</RequestId>
</ResponseMetadata></{0}Response>"""


def key_of(*parts) -> str:
    return "ASIA" + hashlib.sha256(repr(parts).encode()).hexdigest()[:16].upper()


def unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def proof_of(token: str) -> tuple[dict, dict]:
    """Header and claims of a DPoP proof (RFC 9449) whose signature was made with the key that it names."""
    head, claims, signature = token.split(".")
    header = json.loads(unpadded(head))
    x, y, raw = (unpadded(part) for part in (header["jwk"]["x"], header["jwk"]["y"], signature))
    key = ec.EllipticCurvePublicNumbers(int.from_bytes(x), int.from_bytes(y), ec.SECP256R1()).public_key()
    r, s = int.from_bytes(raw[:32]), int.from_bytes(raw[32:])
    key.verify(encode_dss_signature(r, s), f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
    assert (len(x), len(y), len(raw)) == (32, 32, 64)
    return header, json.loads(unpadded(claims))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status: int, body: str, content_type: str = "application/json"):
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def json(self, status: int = 200, **members):
        self.reply(status, json.dumps(members))

    def body(self) -> str:
        return self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()

    def answer(self):
        path = urlsplit(self.path).path
        body = self.body()
        self.server.asked.append((self.command, path))
        self.server.sent.append(SimpleNamespace(method=self.command, target=self.path, body=body.encode(),
                                                headers={k.lower(): v for k, v in self.headers.items()}))
        for prefix, method in ROUTES:
            if path.startswith(prefix):
                return method(self, path, body)
        return self.json(404)

    do_GET = do_POST = do_PUT = answer

    def sts(self, _, body):
        asked = dict(parse_qsl(body, keep_blank_values=True))
        action = asked.pop("Action")
        if MADE_UP.match(asked["RoleSessionName"]):
            del asked["RoleSessionName"]
        caller = re.search(r"Credential=(\w+)/", self.headers.get("Authorization", ""))
        token = self.headers.get("X-Amz-Security-Token")
        if asked["RoleArn"].endswith("/denied"):
            return self.reply(403, "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no"
                              "</Message></Error><RequestId>id</RequestId></ErrorResponse>", "text/xml")
        key = key_of(action, caller and caller[1], token, sorted(asked.items()))
        return self.reply(200, STS.format(action, key, END), "text/xml")

    def container(self, path, _):
        if path.endswith("/broken"):
            return self.json(200, AccessKeyId="half")
        key = key_of("container", path, self.headers.get("Authorization"))
        return self.json(AccessKeyId=key, SecretAccessKey="s", Token="t", Expiration=END)

    def imds_token(self, *_):
        if self.command != "PUT" or "x-aws-ec2-metadata-token-ttl-seconds" not in self.headers:
            return self.json(400)
        return self.reply(200, "imds-token", "text/plain")

    def imds(self, path, _):
        if self.headers.get("x-aws-ec2-metadata-token") != "imds-token":
            return self.json(401)
        if path.endswith("/placement/region"):
            return self.reply(200, "ap-southeast-4", "text/plain")
        if path.endswith("/security-credentials/"):
            return self.reply(200, "node-role", "text/plain") if self.server.instance_role else self.json(404)
        key = key_of("instance", path)
        return self.json(Code="Success", AccessKeyId=key, SecretAccessKey="s", Token="t", Expiration=END)

    def portal(self, *_):
        query = parse_qs(urlsplit(self.path).query)
        bearer = self.headers.get("x-amz-sso_bearer_token")
        if bearer == "revoked":
            return self.json(401, message="Session token not found or invalid")
        key = key_of("sso", bearer, query["account_id"], query["role_name"])
        return self.json(roleCredentials={"accessKeyId": key, "secretAccessKey": "s", "sessionToken": "t",
                                          "expiration": 4070995445000})

    def oidc(self, _, body):
        asked = json.loads(body)
        if asked["refreshToken"] == "used":
            return self.json(400, error="invalid_grant")
        return self.json(accessToken="renewed-" + asked["refreshToken"], expiresIn=3600, refreshToken="next",
                         tokenType="Bearer")

    def signin(self, path, body):
        asked = json.loads(body)
        try:
            header, claims = proof_of(self.headers["DPoP"])
        except (InvalidSignature, ValueError, AssertionError, AttributeError):
            return self.json(401, error="INVALID_REQUEST", message="no proof")
        here = f"http://{self.headers['Host']}{path}"
        good = (header["typ"] == "dpop+jwt" and header["alg"] == "ES256" and header["jwk"]["kty"] == "EC"
                and claims["htm"] == "POST" and claims["htu"] == here and len(claims["jti"]) > 16
                and abs(claims["iat"] - time.time()) < 300 and "Authorization" not in self.headers)
        if not good or asked.pop("refreshToken") != "r" or asked != {"clientId": "c", "grantType": "refresh_token"}:
            return self.json(403, error="TOKEN_EXPIRED", message="log in again")
        key = key_of("signin", header["jwk"]["x"])
        return self.json(accessToken={"accessKeyId": key, "secretAccessKey": "s2", "sessionToken": "t2"},
                         tokenType="aws_sigv4", expiresIn=900, refreshToken="r2")


ROUTES = [("/signin/v1/token", Handler.signin), ("/sts", Handler.sts), ("/container", Handler.container), ("/imds/latest/api/token", Handler.imds_token),
          ("/imds/latest/meta-data/", Handler.imds), ("/sso/federation", Handler.portal), ("/oidc/token", Handler.oidc)]


class Fakes:
    """The running server; leave the with block and it is gone."""

    def __enter__(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.asked = []
        self.server.sent = []
        self.server.instance_role = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
