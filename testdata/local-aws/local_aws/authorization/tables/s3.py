# SPDX-License-Identifier: Apache-2.0
"""S3: bucket operations on the bucket's ARN, object operations on the object's, under IAM's own names."""

from __future__ import annotations

from ...actions import iam_action
from ..demand import Demand

Row = tuple[Demand, ...]

_BUCKET = """
    HeadBucket ListObjectVersions ListMultipartUploads DeleteBucket GetBucketLocation GetBucketAcl PutBucketAcl
    GetBucketPolicy PutBucketPolicy DeleteBucketPolicy GetBucketPolicyStatus GetBucketCors PutBucketCors
    DeleteBucketCors GetBucketEncryption PutBucketEncryption DeleteBucketEncryption GetPublicAccessBlock
    PutPublicAccessBlock DeletePublicAccessBlock GetBucketVersioning PutBucketVersioning GetBucketLifecycleConfiguration
    PutBucketLifecycleConfiguration DeleteBucketLifecycle GetBucketTagging PutBucketTagging DeleteBucketTagging
    GetBucketOwnershipControls PutBucketOwnershipControls DeleteBucketOwnershipControls GetBucketLogging
    GetBucketWebsite GetBucketNotificationConfiguration GetObjectLockConfiguration GetBucketAccelerateConfiguration
"""
_OBJECT = """
    AbortMultipartUpload ListParts GetObjectTagging PutObjectTagging DeleteObjectTagging GetObjectAcl PutObjectAcl
"""
_KEY = "{Bucket}/{Key}"
_LISTING = {"s3:prefix": "{Prefix}", "s3:delimiter": "{Delimiter}", "s3:max-keys": "{MaxKeys}"}


def _versioned(action: str, resource: str = _KEY) -> Row:
    """The action on the newest version, or its namesake for a version that the request names."""
    return (Demand(f"s3:{action}", resource, when="Newest"), Demand(f"s3:{action}Version", resource, when="VersionId"))


_WRITE = (Demand("s3:PutObject", _KEY, context={"s3:if-none-match": "{IfNoneMatch}", "s3:if-match": "{IfMatch}"}),
          Demand("s3:GetObject", _KEY, when="IfMatch"), Demand("s3:PutObjectTagging", _KEY, when="Tagging"),
          Demand("s3:PutObjectAcl", _KEY, when="ACL GrantFullControl GrantRead GrantReadACP GrantWriteACP"))

ACTIONS: dict[str, Row] = {
    **{name: (Demand(iam_action("s3", name), "{Bucket}"),) for name in _BUCKET.split()},
    **{name: (Demand(iam_action("s3", name), _KEY),) for name in _OBJECT.split()},
    "ListBuckets": (Demand("s3:ListAllMyBuckets"),),
    **{f"{verb}AccountPublicAccessBlock": (Demand(iam_action("s3", f"{verb}AccountPublicAccessBlock")),)
       for verb in ("Get", "Put", "Delete")},
    "ListObjects": (Demand("s3:ListBucket", "{Bucket}", context=_LISTING),),
    "ListObjectsV2": (Demand("s3:ListBucket", "{Bucket}", context=_LISTING),),
    "CreateBucket": (Demand("s3:CreateBucket", "{Bucket}", context={"s3:locationconstraint": "{region}"}),),
    "GetObject": _versioned("GetObject"), "HeadObject": _versioned("GetObject"),
    "DeleteObject": (*_versioned("DeleteObject"), Demand("s3:GetObject", _KEY, when="IfMatch")),
    "DeleteObjects": (Demand("s3:DeleteObject", "{Bucket}/{DeletedKey}", when="DeletedKey"),
                      Demand("s3:DeleteObjectVersion", "{Bucket}/{DeletedVersion}", when="DeletedVersion")),
    **{name: _WRITE for name in ("PutObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload")},
    "CopyObject": (*_WRITE, Demand("s3:GetObject", "{CopySource}")),
    "UploadPartCopy": (*_WRITE, Demand("s3:GetObject", "{CopySource}")),
}
