# SPDX-License-Identifier: Apache-2.0
"""S3: regions and owners of buckets, the defaults of new buckets, and what AWS refuses and moto takes."""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from urllib.parse import quote
from xml.etree import ElementTree
from xml.sax.saxutils import unescape

from moto.s3.models import s3_backends

from . import identity, policies
from .layer import Layer
from .message import AwsError, Request, Response
from .partition import ARN

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_BAD_NAME = re.compile(r"\.\.|^xn--|^sthree-|^amzn-s3-demo-|-s3alias$|--ol-s3$|\.mrap$|--x-s3$|"
                       r"^\d+\.\d+\.\d+\.\d+$")
_OWNER_ACLS = (None, "private", "bucket-owner-full-control")
_CHECKSUMS = {
    "x-amz-checksum-sha256": lambda body: hashlib.sha256(body).digest(),
    "x-amz-checksum-sha1": lambda body: hashlib.sha1(body).digest(),
    "x-amz-checksum-crc32": lambda body: zlib.crc32(body).to_bytes(4, "big"),
}
_ALL_BLOCKED = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True,
                "RestrictPublicBuckets": True}
_KEY = re.compile(rb"<Key>(.*?)</Key>", re.DOTALL)
_QUOTES = {"&quot;": '"', "&#34;": '"', "&#39;": "'", "&apos;": "'"}
_AES256 = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}]}


class S3(Layer):
    service = "s3"
    actions = {
        "CreateBucket": "create_bucket", "DeleteBucketEncryption": "delete_encryption", "HeadBucket": "head_bucket",
        "PutBucketPolicy": "put_policy", "GetBucketPolicyStatus": "get_policy_status",
        "GetAccountPublicAccessBlock": "get_account_block", "PutAccountPublicAccessBlock": "put_account_block",
        "DeleteAccountPublicAccessBlock": "delete_account_block", "PutBucketAcl": "put_acl", "PutObjectAcl": "put_acl", "PutObject": "put_object",
        "GetBucketVersioning": "get_versioning",
        "ListObjectVersions": "encode_keys", "ListMultipartUploads": "encode_keys",
    }

    def reset(self) -> None:
        self._blocked: dict[str, dict[str, bool]] = {}

    def handle(self, request: Request) -> Response:
        bucket = _bucket(request)
        try:
            if bucket is not None and request.action != "CreateBucket":
                _check_place(request, bucket)
            response = super().handle(request)
        except AwsError as error:
            if bucket is not None:
                error.headers["x-amz-bucket-region"] = bucket.region_name
            elif error.code == "NoSuchBucket":
                error.message = "The specified bucket does not exist"
                error.extra = {"BucketName": request.parameters.get("Bucket", "")}
            raise
        if bucket is not None:
            response.headers["x-amz-bucket-region"] = bucket.region_name
        return response

    def create_bucket(self, request: Request) -> Response:
        name = request.parameters["Bucket"]
        if not _NAME.fullmatch(name) or _BAD_NAME.search(name):
            raise AwsError("InvalidBucketName", "The specified bucket is not valid.", 400, {"BucketName": name})
        _check_constraint(request)
        bucket = _bucket(request)
        if bucket is not None and bucket.account_id != request.account:
            raise AwsError("BucketAlreadyExists", "The requested bucket name is not available. The bucket namespace is "
                           "shared by all users of the system. Please select a different name and try again.", 409,
                           {"BucketName": name})
        response = self.moto(request)
        if bucket is not None:
            return response
        client = self.client(request, "s3")
        client.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration=_AES256)
        client.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=_ALL_BLOCKED)
        ownership = request.headers.get("x-amz-object-ownership", "BucketOwnerEnforced")
        client.put_bucket_ownership_controls(
            Bucket=name, OwnershipControls={"Rules": [{"ObjectOwnership": ownership}]})
        response.headers["Location"] = f"/{name}"
        return response

    def delete_encryption(self, request: Request) -> Response:
        response = self.moto(request)
        self.client(request, "s3").put_bucket_encryption(
            Bucket=request.parameters["Bucket"], ServerSideEncryptionConfiguration=_AES256)
        return response

    def head_bucket(self, request: Request) -> Response:
        response = self.moto(request)
        if response.status == 200:
            response.headers["x-amz-bucket-arn"] = f"{ARN}s3:::{request.parameters['Bucket']}"
            response.headers["x-amz-access-point-alias"] = "false"
        return response

    def put_policy(self, request: Request) -> Response:
        bucket = _bucket(request)
        if bucket is None:
            return self.moto(request)
        document = _policy(request.body.decode("utf-8", "replace"), bucket.name)
        block = bucket.public_access_block
        blocked = self._blocked.get(bucket.account_id, {}).get("BlockPublicPolicy") or (
            block is not None and _true(block.block_public_policy))
        if blocked and policies.is_public(document):
            raise AwsError("AccessDenied", f"User: {request.principal_arn} is not authorized to perform: "
                           f"s3:PutBucketPolicy on resource: \"{ARN}s3:::{bucket.name}\" because public policies "
                           "are prevented by the BlockPublicPolicy setting in S3 Block Public Access.", 403)
        self.moto(request)
        return Response(204)

    def get_policy_status(self, request: Request) -> Response:
        bucket = _bucket(request)
        if bucket is None:
            return self.moto(request)
        if bucket.policy is None:
            raise AwsError("NoSuchBucketPolicy", "The bucket policy does not exist", 404, {"BucketName": bucket.name})
        public = policies.is_public(policies.parse(bucket.policy.decode()))
        body = ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<PolicyStatus xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                f"<IsPublic>{'true' if public else 'false'}</IsPublic></PolicyStatus>")
        return Response(200, {"Content-Type": "application/xml"}, body.encode())

    def get_versioning(self, request: Request) -> Response:
        """moto names the root after the operation; a bucket that never had versioning has no Status."""
        bucket = _bucket(request)
        if bucket is None:
            return self.moto(request)
        status = bucket.versioning_status
        inner = f"<Status>{status}</Status>" if status else ""
        body = ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<VersioningConfiguration "
                f"xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">{inner}</VersioningConfiguration>")
        return Response(200, {"Content-Type": "application/xml"}, body.encode())

    def encode_keys(self, request: Request) -> Response:
        """With encoding-type=url names are percent-encoded, which moto does not do here; XML cannot have all of them."""
        response = self.moto(request)
        if request.parameters.get("EncodingType") == "url":
            response.body = _KEY.sub(lambda found: b"<Key>" + quote(unescape(found[1].decode(), _QUOTES)).encode() + b"</Key>",
                                     response.body)
        return response

    def get_account_block(self, request: Request) -> Response:
        found = self._blocked.get(_own_account(request))
        if found is None:
            raise AwsError("NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found",
                           404)
        inner = "".join(f"<{name}>{str(value).lower()}</{name}>" for name, value in found.items())
        body = ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<PublicAccessBlockConfiguration "
                f"xmlns=\"http://awss3control.amazonaws.com/doc/2018-08-20/\">{inner}</PublicAccessBlockConfiguration>")
        return Response(200, {"Content-Type": "application/xml"}, body.encode())

    def put_account_block(self, request: Request) -> Response:
        try:
            root = ElementTree.fromstring(request.body)
        except ElementTree.ParseError:
            raise _malformed() from None
        given = {item.tag.rpartition("}")[2]: item.text for item in root.iter()}
        self._blocked[_own_account(request)] = {name: _true(given.get(name)) for name in _ALL_BLOCKED}
        return Response(200)

    def delete_account_block(self, request: Request) -> Response:
        self._blocked.pop(_own_account(request), None)
        return Response(204)

    def put_acl(self, request: Request) -> Response:
        _check_acl(request)
        return self.moto(request)

    def put_object(self, request: Request) -> Response:
        if request.headers.get("if-none-match", "*") != "*":
            raise AwsError("NotImplemented", "A header you provided implies functionality that is not implemented",
                           501, {"Header": "If-None-Match"})
        if request.headers.get("x-amz-acl") not in _OWNER_ACLS:
            _check_acl(request)
        _check_sums(request)
        return self.moto(request)


def _bucket(request: Request):
    """moto's bucket, whoever owns it; None when there is none or the request is not for a bucket."""
    name = request.parameters.get("Bucket")
    owner = s3_backends.bucket_accounts.get(name)
    return s3_backends[owner[1]][owner[0]].buckets.get(name) if owner else None


def _check_place(request: Request, bucket) -> None:
    expected = request.headers.get("x-amz-expected-bucket-owner")
    if request.region != bucket.region_name:
        raise _wrong_region(request, bucket)
    if expected is not None and expected != bucket.account_id:
        raise AwsError("AccessDenied", "Access Denied", 403)


def _wrong_region(request: Request, bucket) -> AwsError:
    """A scope of us-east-1 is what the global endpoint gets; any other, a regional endpoint."""
    if request.region == "us-east-1":
        return AwsError("AuthorizationHeaderMalformed", "The authorization header is malformed; the region "
                        f"'us-east-1' is wrong; expecting '{bucket.region_name}'", 400, {"Region": bucket.region_name})
    return AwsError("PermanentRedirect", "The bucket you are attempting to access must be addressed using the "
                    "specified endpoint. Please send all future requests to this endpoint.", 301,
                    {"Endpoint": f"{bucket.name}.s3.{bucket.region_name}.amazonaws.com", "Bucket": bucket.name})


def _own_account(request: Request) -> str:
    account = request.parameters.get("AccountId", "")
    if account != request.account:
        raise AwsError("AccessDenied", "Access Denied", 403)
    return account


def _malformed() -> AwsError:
    return AwsError("MalformedXML", "The XML you provided was not well-formed or did not validate against our published "
                    "schema")


def _check_constraint(request: Request) -> None:
    constraint = ""
    if request.body.strip():
        try:
            root = ElementTree.fromstring(request.body)
        except ElementTree.ParseError:
            raise _malformed() from None
        constraint = next((item.text or "" for item in root.iter() if item.tag.endswith("LocationConstraint")), "")
    if request.region == "us-east-1":
        return
    if constraint != request.region:
        raise AwsError("IllegalLocationConstraintException", f"The {constraint or 'unspecified'} location constraint "
                       "is incompatible for the region specific endpoint this request was sent to.")


def _policy(text: str, bucket: str) -> dict:
    if not text.startswith("{"):
        raise AwsError("MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'")
    try:
        document = policies.parse(text)
        policies.check_principals(document, identity.known)
    except policies.Malformed as error:
        message = str(error)
        raise AwsError("MalformedPolicy", message.partition(":")[0] if "principal" in message else message, 400,
                       {"Detail": message}) from None
    for statement in policies.statements(document):
        for resource in policies.listed(statement.get("Resource", statement.get("NotResource", []))):
            name = str(resource).removeprefix(ARN + "s3:::")
            if name == resource or not (name == bucket or name.startswith(bucket + "/")):
                raise AwsError("MalformedPolicy", "Policy has invalid resource", 400, {"Detail": str(resource)})
        for action in policies.listed(statement.get("Action", statement.get("NotAction", []))):
            if action != "*" and not str(action).lower().startswith("s3:"):
                raise AwsError("MalformedPolicy", "Policy has invalid action", 400, {"Detail": str(action)})
        if "Resource" not in statement and "NotResource" not in statement:
            raise AwsError("MalformedPolicy", "Missing required field Resource")
    return document


def _check_acl(request: Request) -> None:
    bucket = _bucket(request)
    if bucket is not None and "BucketOwnerEnforced" in str(bucket.ownership_rule):
        raise AwsError("AccessControlListNotSupported", "The bucket does not allow ACLs")


def _check_sums(request: Request) -> None:
    if request.headers.get("x-amz-content-sha256", "").startswith("STREAMING-"):
        return
    given = request.headers.get("content-md5")
    if given is not None and given != base64.b64encode(hashlib.md5(request.body).digest()).decode():
        raise AwsError("BadDigest", "The Content-MD5 you specified did not match what we received.")
    for name, digest in _CHECKSUMS.items():
        if name in request.headers and request.headers[name] != base64.b64encode(digest(request.body)).decode():
            kind = name.rpartition("-")[2].upper()
            raise AwsError("BadDigest", f"The {kind} you specified did not match the calculated checksum.")


def _true(value: object) -> bool:
    return str(value).lower() == "true"
