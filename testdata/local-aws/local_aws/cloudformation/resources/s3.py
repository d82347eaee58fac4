# SPDX-License-Identifier: Apache-2.0
"""Buckets and bucket policies."""

from __future__ import annotations

from typing import Any

from .resource_type import (Context, HandlerFailure, Properties, ResourceType, changed, document, gone_is_fine,
                            names, own_id)

GONE = "NoSuchBucket NoSuchBucketPolicy"
LONGEST_NAME = 63


def renamed(value: Properties, table: dict[str, str]) -> dict[str, Any]:
    """The members under the names of the S3 call; one that the table lacks is refused."""
    unknown = set(value) - set(table)
    if unknown:
        raise HandlerFailure(f"The local AWS does not apply {sorted(unknown)}")
    return {table[name]: item for name, item in value.items()}


def _create_bucket(context: Context, properties: Properties) -> str:
    name = properties.get("BucketName") or context.generated_name(LONGEST_NAME).lower()
    place = {} if context.region == "us-east-1" else {
        "CreateBucketConfiguration": {"LocationConstraint": context.region}}
    context.client("s3").create_bucket(Bucket=name, **place)
    return name


def _encryption(value: Properties) -> dict[str, Any]:
    rules = [renamed(rule, {"ServerSideEncryptionByDefault": "ApplyServerSideEncryptionByDefault",
                            "BucketKeyEnabled": "BucketKeyEnabled"})
             for rule in value["ServerSideEncryptionConfiguration"]]
    return {"ServerSideEncryptionConfiguration": {"Rules": rules}}


CORS = {"AllowedHeaders": "AllowedHeaders", "AllowedMethods": "AllowedMethods", "Id": "ID",
        "AllowedOrigins": "AllowedOrigins", "ExposedHeaders": "ExposeHeaders", "MaxAge": "MaxAgeSeconds"}


def _cors(value: Properties) -> dict[str, Any]:
    return {"CORSConfiguration": {"CORSRules": [renamed(rule, CORS) for rule in value["CorsRules"]]}}


def _versioning(value: Properties) -> dict[str, Any]:
    return {"VersioningConfiguration": {"Status": value["Status"]}}


LIFECYCLE = {"Id": "ID", "Status": "Status", "AbortIncompleteMultipartUpload": "AbortIncompleteMultipartUpload",
             "NoncurrentVersionExpiration": "NoncurrentVersionExpiration", "Expiration": "Expiration",
             "Transitions": "Transitions", "Filter": "Filter"}
ABORT = {"DaysAfterInitiation": "DaysAfterInitiation"}
NONCURRENT = {"NoncurrentDays": "NoncurrentDays", "NewerNoncurrentVersions": "NewerNoncurrentVersions"}
TRANSITION = {"StorageClass": "StorageClass", "TransitionInDays": "Days", "TransitionDate": "Date"}


def _lifecycle_rule(rule: Properties) -> dict[str, Any]:
    rule = dict(rule)
    expiration = renamed({name: rule.pop(name) for name in ("ExpirationInDays", "ExpiredObjectDeleteMarker",
                                                            "ExpirationDate") if name in rule},
                         {"ExpirationInDays": "Days", "ExpirationDate": "Date",
                          "ExpiredObjectDeleteMarker": "ExpiredObjectDeleteMarker"})
    result = {"Filter": {"Prefix": rule.pop("Prefix", "")}, **({"Expiration": expiration} if expiration else {})}
    for name, table in (("AbortIncompleteMultipartUpload", ABORT), ("NoncurrentVersionExpiration", NONCURRENT)):
        if name in rule:
            rule[name] = renamed(rule[name], table)
    if "NoncurrentVersionExpirationInDays" in rule:
        rule["NoncurrentVersionExpiration"] = {"NoncurrentDays": rule.pop("NoncurrentVersionExpirationInDays")}
    if "Transitions" in rule:
        rule["Transitions"] = [renamed(item, TRANSITION) for item in rule["Transitions"]]
    return result | renamed(rule, LIFECYCLE)


def _lifecycle(value: Properties) -> dict[str, Any]:
    # Filter is in the table for the call's sake; the property of that name does not exist.
    return {"LifecycleConfiguration": {"Rules": [_lifecycle_rule(rule) for rule in value["Rules"]]}}


LOGGING = {"DestinationBucketName": "TargetBucket", "LogFilePrefix": "TargetPrefix"}


def _logging(value: Properties) -> dict[str, Any]:
    enabled = {"TargetPrefix": ""} | renamed(value, LOGGING)
    return {"BucketLoggingStatus": {"LoggingEnabled": enabled}}


def _same(name: str):
    return lambda value: {name: value}


# Property -> (arguments of the call that sets it, call that sets it, call that takes it away; where there is none, the
# arguments with which the first one does)
SETTINGS = {
    "OwnershipControls": (_same("OwnershipControls"), "put_bucket_ownership_controls",
                          "delete_bucket_ownership_controls"),
    "BucketEncryption": (_encryption, "put_bucket_encryption", "delete_bucket_encryption"),
    "PublicAccessBlockConfiguration": (_same("PublicAccessBlockConfiguration"), "put_public_access_block",
                                       "delete_public_access_block"),
    "VersioningConfiguration": (_versioning, "put_bucket_versioning",
                                {"VersioningConfiguration": {"Status": "Suspended"}}),
    "CorsConfiguration": (_cors, "put_bucket_cors", "delete_bucket_cors"),
    "LifecycleConfiguration": (_lifecycle, "put_bucket_lifecycle_configuration", "delete_bucket_lifecycle"),
    "LoggingConfiguration": (_logging, "put_bucket_logging", {"BucketLoggingStatus": {}}),
    "Tags": (lambda tags: {"Tagging": {"TagSet": tags}}, "put_bucket_tagging", "delete_bucket_tagging"),
}


def _apply_bucket(context: Context, bucket: str, wanted: Properties, before: Properties) -> None:
    s3 = context.client("s3")
    for name, (arguments, put, remove) in SETTINGS.items():
        if not changed(wanted, before, name):
            continue
        if name in wanted:
            getattr(s3, put)(Bucket=bucket, **arguments(wanted[name]))
        elif isinstance(remove, str):
            getattr(s3, remove)(Bucket=bucket)
        else:
            getattr(s3, put)(Bucket=bucket, **remove)


def _delete_bucket(context: Context, bucket: str, properties: Properties) -> None:
    gone_is_fine(GONE, context.client("s3").delete_bucket, Bucket=bucket)


def _put_policy(context: Context, properties: Properties) -> str:
    context.client("s3").put_bucket_policy(Bucket=properties["Bucket"],
                                           Policy=document(properties["PolicyDocument"]))
    return properties["Bucket"]


def _apply_policy(context: Context, bucket: str, wanted: Properties, before: Properties) -> None:
    if before and changed(wanted, before, "PolicyDocument"):
        _put_policy(context, wanted)


def _delete_policy(context: Context, bucket: str, properties: Properties) -> None:
    gone_is_fine(GONE, context.client("s3").delete_bucket_policy, Bucket=bucket)


def _suffix(context: Context) -> str:
    return "amazonaws.com.cn" if context.partition == "aws-cn" else "amazonaws.com"


TYPES = {
    "AWS::S3::Bucket": ResourceType(
        _create_bucket, _delete_bucket, names("BucketName " + " ".join(SETTINGS)), _apply_bucket,
        {"Arn": lambda context, bucket, properties: f"arn:{context.partition}:s3:::{bucket}",
         "DomainName": lambda context, bucket, properties: f"{bucket}.s3.{_suffix(context)}",
         "RegionalDomainName": lambda context, bucket, properties:
             f"{bucket}.s3.{context.region}.{_suffix(context)}",
         "DualStackDomainName": lambda context, bucket, properties:
             f"{bucket}.s3.dualstack.{context.region}.{_suffix(context)}"}),
    "AWS::S3::BucketPolicy": ResourceType(
        _put_policy, _delete_policy, names("Bucket PolicyDocument"), _apply_policy, {"Bucket": own_id}),
}
