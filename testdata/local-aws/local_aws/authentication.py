# SPDX-License-Identifier: Apache-2.0
"""Who sent a request, or the error that AWS answers when that cannot be believed.

Order of the checks: the claim is complete, its scope fits the endpoint, the clock agrees, the key and its
token are known and not expired, every header that must be signed is signed, the body is the signed one,
the signature is right. CODES has AWS's error code for each fault and protocol.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta, timezone

from . import identity, sigv4
from .message import AwsError
from .partition import HOME
from .regions import enabled_regions
from .sigv4 import Claim, Fault
from .wire import Raw, Service

TOLERANCE = timedelta(minutes=15)
_NO_TOKEN = "The security token included in the request is invalid."
_NO_MATCH = ("The request signature we calculated does not match the signature you provided. Check your AWS "
             "Secret Access Key and signing method. Consult the service documentation for details.")
_EC2_NO = "AWS was not able to validate the provided access credentials"
_OLD_TOKEN = "The security token included in the request is expired"

# Operations that carry their own proof and may come unsigned.
UNSIGNED = {("sts", "AssumeRoleWithWebIdentity"), ("sts", "AssumeRoleWithSAML")}

# kind -> protocol -> (code, status, message when the fault brings none). rest-json is json with status 403.
CODES: dict[str, dict[str, tuple[str, int, str]]] = {
    "missing": {
        "query": ("MissingAuthenticationToken", 403, "Request is missing Authentication Token"),
        "ec2": ("MissingAuthenticationToken", 403, "Request is missing Authentication Token"),
        "json": ("MissingAuthenticationTokenException", 400, "Missing Authentication Token"),
        "s3": ("AccessDenied", 403, "Access Denied")},
    "incomplete": {
        "query": ("IncompleteSignature", 400, ""), "ec2": ("IncompleteSignature", 400, ""),
        "json": ("IncompleteSignatureException", 400, ""),
        "s3": ("AuthorizationHeaderMalformed", 400, "")},
    "algorithm": {
        "query": ("IncompleteSignature", 400, ""), "ec2": ("IncompleteSignature", 400, ""),
        "json": ("IncompleteSignatureException", 400, ""), "s3": ("InvalidRequest", 400, "")},
    "query": {
        "query": ("IncompleteSignature", 400, ""), "ec2": ("IncompleteSignature", 400, ""),
        "json": ("IncompleteSignatureException", 400, ""),
        "s3": ("AuthorizationQueryParametersError", 400, "")},
    "key": {
        "query": ("InvalidClientTokenId", 403, _NO_TOKEN), "ec2": ("AuthFailure", 401, _EC2_NO),
        "json": ("UnrecognizedClientException", 400, _NO_TOKEN),
        "s3": ("InvalidAccessKeyId", 403, "The AWS Access Key Id you provided does not exist in our records.")},
    "token": {
        "query": ("InvalidClientTokenId", 403, _NO_TOKEN), "ec2": ("AuthFailure", 401, _EC2_NO),
        "json": ("UnrecognizedClientException", 400, _NO_TOKEN),
        "s3": ("InvalidToken", 400, "The provided token is malformed or otherwise invalid.")},
    "expired token": {
        "query": ("ExpiredToken", 403, _OLD_TOKEN), "ec2": ("RequestExpired", 400, "Request has expired."),
        "json": ("ExpiredTokenException", 400, _OLD_TOKEN),
        "s3": ("ExpiredToken", 400, "The provided token has expired.")},
    "time": {
        "query": ("SignatureDoesNotMatch", 403, ""), "ec2": ("RequestExpired", 400, "Request has expired."),
        "json": ("InvalidSignatureException", 400, ""),
        "s3": ("RequestTimeTooSkewed", 403,
               "The difference between the request time and the current time is too large.")},
    "expired url": {
        "query": ("SignatureDoesNotMatch", 403, ""), "ec2": ("RequestExpired", 400, "Request has expired."),
        "json": ("InvalidSignatureException", 400, ""), "s3": ("AccessDenied", 403, "Request has expired")},
    "scope": {
        "query": ("SignatureDoesNotMatch", 403, ""), "ec2": ("AuthFailure", 401, ""),
        "json": ("InvalidSignatureException", 400, ""),
        "s3": ("AuthorizationHeaderMalformed", 400, "")},
    "unsigned header": {
        "query": ("SignatureDoesNotMatch", 403, ""), "ec2": ("AuthFailure", 401, ""),
        "json": ("InvalidSignatureException", 400, ""),
        "s3": ("AccessDenied", 403, "There were headers present in the request which were not signed")},
    "no hash": {"s3": ("InvalidRequest", 400,
                       "Missing required header for this request: x-amz-content-sha256")},
    "hash": {"s3": ("XAmzContentSHA256Mismatch", 400, "The provided 'x-amz-content-sha256' header does not "
                    "match what was computed.")},
    "signature": {
        "query": ("SignatureDoesNotMatch", 403, _NO_MATCH), "ec2": ("AuthFailure", 401, _EC2_NO),
        "json": ("InvalidSignatureException", 400, _NO_MATCH),
        "s3": ("SignatureDoesNotMatch", 403, _NO_MATCH)},
}


def authenticate(raw: Raw, service: Service, now: datetime) -> tuple[Claim, identity.Principal]:
    """The claim and its owner. Raises AwsError in the words of the service."""
    try:
        claim = sigv4.parse(raw.query, raw.headers)
        _check_scope(claim, service)
        _check_time(claim, now)
        principal = _owner(claim, now)
        _check_signed_headers(claim, raw.headers)
        _check_body(claim, raw, service)
        _check_signature(claim, raw, principal.secret)
        return claim, principal
    except Fault as fault:
        raise _error(fault, service, now) from None


def _error(fault: Fault, service: Service, now: datetime) -> AwsError:
    protocol = {"rest-json": "json", "s3-control": "s3"}.get(service.protocol, service.protocol)
    code, status, message = CODES[fault.kind][protocol]
    if service.protocol == "rest-json":
        status = 403
    extra = {}
    if service.name == "s3" and fault.kind == "time":
        extra = {"RequestTime": fault.message, "ServerTime": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
                 "MaxAllowedSkewMilliseconds": str(int(TOLERANCE.total_seconds() * 1000))}
        return AwsError(code, message, status, extra)
    if service.name == "ec2" and fault.kind in ("time", "expired url"):
        return AwsError(code, message, status)
    return AwsError(code, fault.message or message, status, extra)


def _check_scope(claim: Claim, service: Service) -> None:
    if claim.day != claim.timestamp[:8]:
        raise Fault("scope", "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date "
                    f"from HTTP: '{claim.day[:20]}' != '{claim.timestamp[:8]}', from '{claim.timestamp}'.")
    if claim.service != service.name:
        if service.name == "s3":
            raise Fault("scope", "The authorization header is malformed; incorrect service "
                        f"\"{claim.service[:40]}\". This endpoint belongs to \"s3\".")
        raise Fault("scope", f"Credential should be scoped to correct service: '{service.name}'.")
    if service.name == "iam" and claim.region != HOME:
        raise Fault("scope", "Credential should be scoped to a valid region, not "
                    f"'{claim.region[:40]}'. Expected '{HOME}'.")
    if claim.region not in enabled_regions():
        if service.name == "s3":
            raise Fault("scope", f"The authorization header is malformed; the region '{claim.region[:40]}' "
                        f"is wrong; expecting '{HOME}'")
        raise Fault("scope", "Credential should be scoped to a valid region. ")


def _check_time(claim: Claim, now: datetime) -> None:
    if claim.presigned:
        if now > claim.time + timedelta(seconds=claim.expires):
            raise Fault("expired url", "Request has expired")
        if claim.time > now + TOLERANCE:
            raise Fault("expired url", "Request is not yet valid")
        return
    clock, limit = now.strftime("%Y%m%dT%H%M%SZ"), int(TOLERANCE.total_seconds() // 60)
    if claim.time < now - TOLERANCE:
        edge = (now - TOLERANCE).strftime("%Y%m%dT%H%M%SZ")
        raise Fault("time", claim.timestamp if claim.service == "s3" else
                    f"Signature expired: {claim.timestamp} is now earlier than {edge} ({clock} - {limit} min.)")
    if claim.time > now + TOLERANCE:
        edge = (now + TOLERANCE).strftime("%Y%m%dT%H%M%SZ")
        raise Fault("time", claim.timestamp if claim.service == "s3" else
                    f"Signature not yet current: {claim.timestamp} is still later than {edge} "
                    f"({clock} + {limit} min.)")


def _owner(claim: Claim, now: datetime) -> identity.Principal:
    principal = identity.find(claim.access_key)
    if principal is None:
        raise Fault("key")
    if not hmac.compare_digest(principal.token.encode(), claim.token.encode()):
        raise Fault("token" if claim.token else "key")
    if principal.expires is not None and principal.expires.replace(tzinfo=timezone.utc) <= now:
        raise Fault("expired token")
    return principal


def _check_signed_headers(claim: Claim, headers: dict[str, str]) -> None:
    if "host" not in claim.signed_headers:
        raise Fault("unsigned header", "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
    needed = [name for name in headers if name.startswith("x-amz-")]
    if not claim.presigned and "content-type" in headers:
        needed.append("content-type")
    for name in needed:
        if name not in claim.signed_headers:
            raise Fault("unsigned header", "" if claim.service == "s3" else
                        f"'{name}' must be a 'SignedHeader' in the AWS Authorization.")


def _check_body(claim: Claim, raw: Raw, service: Service) -> None:
    if service.name != "s3":
        return
    given = raw.headers.get("x-amz-content-sha256")
    if given is None:
        if not claim.presigned:
            raise Fault("no hash")
        return
    if given == "UNSIGNED-PAYLOAD" or given.startswith("STREAMING-"):
        return
    if given != hashlib.sha256(raw.body).hexdigest():
        raise Fault("hash")


def _check_signature(claim: Claim, raw: Raw, secret: str) -> None:
    payload = sigv4.payload_hash(claim, raw.headers, raw.body)
    canonical = sigv4.canonical_request(claim, raw.method, raw.path, raw.query, raw.headers, payload)
    if not hmac.compare_digest(sigv4.signature(claim, secret, canonical), claim.signature):
        raise Fault("signature")
