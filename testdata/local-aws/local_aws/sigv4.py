# SPDX-License-Identifier: Apache-2.0
"""AWS Signature Version 4, the verifier's half: parse what a request claims, and recompute its signature.

Works on the raw request as received. Knows header and presigned form. Knows no keys, no clock and no
service: the caller brings those. A Fault names what is wrong; authentication.py turns it into AWS's code.
"""

from __future__ import annotations

import hashlib
import hmac
import posixpath
import re
from dataclasses import dataclass
from datetime import datetime, timezone
from urllib.parse import quote, unquote

ALGORITHM = "AWS4-HMAC-SHA256"
_AUTHORIZATION = re.compile(r"\s*([A-Za-z]+)\s*=\s*([^,]*?)\s*(?:,|$)")
_PRESIGNED = ("X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature")
NO_VERSION_2 = "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
LONGEST_EXPIRY = 7 * 24 * 3600  # seconds


class Fault(Exception):
    """kind: one of the rows of authentication.CODES."""

    def __init__(self, kind: str, message: str = ""):
        super().__init__(kind)
        self.kind = kind
        self.message = message


@dataclass(frozen=True)
class Claim:
    """What a signed request says about itself. expires: seconds, presigned form only."""

    access_key: str
    day: str
    region: str
    service: str
    signed_headers: tuple[str, ...]
    signature: str
    timestamp: str
    token: str
    presigned: bool
    expires: int = 0

    @property
    def time(self) -> datetime:
        return datetime.strptime(self.timestamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)


def split_query(query: str) -> list[tuple[str, str]]:
    """The parameters of a raw query, decoded; "+" is a plus here, as AWS reads it in a signature."""
    pairs = (piece.partition("=") for piece in query.split("&") if piece)
    return [(unquote(name), unquote(value)) for name, _, value in pairs]


def parse(query: str, headers: dict[str, str]) -> Claim:
    """The claim of a request. Raises Fault "missing" (not signed at all) or "incomplete"."""
    if "authorization" in headers:
        return _parse_header(headers)
    arguments = dict(split_query(query))
    if "X-Amz-Signature" in arguments or "X-Amz-Credential" in arguments or "X-Amz-Algorithm" in arguments:
        return _parse_presigned(arguments)
    if "AWSAccessKeyId" in arguments:
        raise Fault("algorithm", NO_VERSION_2)
    raise Fault("missing")


def _parse_header(headers: dict[str, str]) -> Claim:
    algorithm, _, rest = headers["authorization"].strip().partition(" ")
    if algorithm != ALGORITHM:
        raise Fault("algorithm", NO_VERSION_2)
    found = {name.lower(): value for name, value in _AUTHORIZATION.findall(rest)}
    for name in ("Credential", "Signature", "SignedHeaders"):
        if not found.get(name.lower()):
            raise Fault("incomplete", f"Authorization header requires '{name}' parameter.")
    if "x-amz-date" not in headers:
        raise Fault("incomplete",
                    "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
    return _claim(found["credential"], found["signedheaders"], found["signature"], headers["x-amz-date"],
                  headers.get("x-amz-security-token", ""), False, 0)


def _parse_presigned(arguments: dict[str, str]) -> Claim:
    if arguments.get("X-Amz-Algorithm") != ALGORITHM:
        raise Fault("query", "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"")
    for name in _PRESIGNED:
        if not arguments.get(name):
            raise Fault("query", f"Query-string authentication requires the {name} parameter")
    expires = arguments["X-Amz-Expires"]
    if not (expires.isascii() and expires.isdigit() and len(expires) < 10):
        raise Fault("query", "X-Amz-Expires should be a number")
    if int(expires) > LONGEST_EXPIRY:
        raise Fault("query", "X-Amz-Expires must be less than a week (in seconds); that is, the given "
                    "X-Amz-Expires must be less than 604800 seconds")
    return _claim(arguments["X-Amz-Credential"], arguments["X-Amz-SignedHeaders"], arguments["X-Amz-Signature"],
                  arguments["X-Amz-Date"], arguments.get("X-Amz-Security-Token", ""), True, int(expires))


def _claim(credential: str, names: str, signature: str, timestamp: str, token: str, presigned: bool,
           expires: int) -> Claim:
    scope = credential.split("/")
    if len(scope) != 5 or scope[4] != "aws4_request" or not all(scope):
        raise Fault("incomplete", "Credential must have exactly 5 slash-delimited elements, e.g. "
                    f"keyid/date/region/service/term, got '{credential[:80]}'")
    try:
        datetime.strptime(timestamp, "%Y%m%dT%H%M%SZ")
    except ValueError:
        raise Fault("incomplete", "Date must be in ISO-8601 'basic format'. "
                    f"Got '{timestamp[:40]}'. See http://en.wikipedia.org/wiki/ISO_8601") from None
    return Claim(scope[0], scope[1], scope[2], scope[3], tuple(names.split(";")), signature, timestamp, token,
                 presigned, expires)


def payload_hash(claim: Claim, headers: dict[str, str], body: bytes) -> str:
    """The last line of the canonical request. S3 signs what x-amz-content-sha256 says; the rest, the body."""
    if claim.service == "s3":
        return headers.get("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
    return hashlib.sha256(body).hexdigest()


def canonical_request(claim: Claim, method: str, path: str, query: str, headers: dict[str, str],
                      payload: str) -> str:
    """The canonical request of a raw request; path and query as received."""
    block = "".join(f"{name}:{' '.join(headers.get(name, '').split())}\n" for name in claim.signed_headers)
    return "\n".join((method, _canonical_path(claim.service, path), _canonical_query(query), block,
                      ";".join(claim.signed_headers), payload))


def _canonical_path(service: str, path: str) -> str:
    if service == "s3":
        return quote(unquote(path, "latin-1"), safe="/-_.~", encoding="latin-1")
    normal = posixpath.normpath(path or "/")
    if path.endswith("/") and normal != "/":
        normal += "/"
    return quote("/" + normal.lstrip("/"), safe="/-_.~", encoding="latin-1")


def _canonical_query(query: str) -> str:
    pairs = ((_encoded(name), _encoded(value)) for name, _, value in
             (piece.partition("=") for piece in query.split("&") if piece))
    pairs = (pair for pair in pairs if pair[0] != "X-Amz-Signature")
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def _encoded(text: str) -> str:
    return quote(unquote(text, "latin-1"), safe="-_.~", encoding="latin-1")


def signature(claim: Claim, secret: str, canonical: str) -> str:
    """The signature that the secret gives, lower-case hexadecimal."""
    scope = f"{claim.day}/{claim.region}/{claim.service}/aws4_request"
    text = f"{ALGORITHM}\n{claim.timestamp}\n{scope}\n{hashlib.sha256(canonical.encode('latin-1')).hexdigest()}"
    key = ("AWS4" + secret).encode()
    for part in (claim.day, claim.region, claim.service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex()
