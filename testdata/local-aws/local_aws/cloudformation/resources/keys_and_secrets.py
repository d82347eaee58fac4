# SPDX-License-Identifier: Apache-2.0
"""KMS keys and Secrets Manager secrets, as far as a stack of ours could want them."""

from __future__ import annotations

from .resource_type import (Context, HandlerFailure, Properties, ResourceType, changed, document,
                            from_description, gone_is_fine, names, only, own_id, tag_changes)


def _create_key(context: Context, properties: Properties) -> str:
    wanted = only(properties, "Description KeyUsage KeySpec MultiRegion")
    if "KeyPolicy" in properties:
        wanted["Policy"] = document(properties["KeyPolicy"])
    return context.client("kms").create_key(**wanted)["KeyMetadata"]["KeyId"]


def _apply_key(context: Context, key: str, wanted: Properties, before: Properties) -> None:
    kms = context.client("kms")
    if before and changed(wanted, before, "KeyPolicy") and "KeyPolicy" in wanted:
        kms.put_key_policy(KeyId=key, PolicyName="default", Policy=document(wanted["KeyPolicy"]))
    if before and changed(wanted, before, "Description"):
        kms.update_key_description(KeyId=key, Description=wanted.get("Description", ""))
    if changed(wanted, before, "EnableKeyRotation"):
        rotate = kms.enable_key_rotation if wanted.get("EnableKeyRotation") else kms.disable_key_rotation
        rotate(KeyId=key)
    if changed(wanted, before, "Enabled"):
        switch = kms.enable_key if wanted.get("Enabled", True) else kms.disable_key
        switch(KeyId=key)
    written, keys = tag_changes(wanted.get("Tags", []), before.get("Tags", []))
    if written:
        kms.tag_resource(KeyId=key, Tags=[{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in written])
    if keys:
        kms.untag_resource(KeyId=key, TagKeys=keys)


def _delete_key(context: Context, key: str, properties: Properties) -> None:
    gone_is_fine("NotFoundException KMSInvalidStateException", context.client("kms").schedule_key_deletion,
                 KeyId=key, PendingWindowInDays=properties.get("PendingWindowInDays", 30))


def _describe_key(context: Context, key: str) -> dict:
    return context.client("kms").describe_key(KeyId=key)["KeyMetadata"]


def _secret_value(context: Context, properties: Properties) -> str | None:
    if "SecretString" in properties and "GenerateSecretString" in properties:
        raise HandlerFailure("You can't specify both a secret value and GenerateSecretString")
    if "GenerateSecretString" in properties:
        return context.client("secretsmanager").get_random_password(
            **properties["GenerateSecretString"])["RandomPassword"]
    return properties.get("SecretString")


def _create_secret(context: Context, properties: Properties) -> str:
    value = _secret_value(context, properties)
    name = properties.get("Name") or context.generated_name(512)
    reply = context.client("secretsmanager").create_secret(
        Name=name, **only(properties, "Description KmsKeyId"), **({"SecretString": value} if value else {}))
    return reply["ARN"]


def _apply_secret(context: Context, secret: str, wanted: Properties, before: Properties) -> None:
    client = context.client("secretsmanager")
    if before and changed(wanted, before, "Description", "KmsKeyId", "SecretString"):
        client.update_secret(SecretId=secret, **only(wanted, "Description KmsKeyId SecretString"))
    written, keys = tag_changes(wanted.get("Tags", []), before.get("Tags", []))
    if written:
        client.tag_resource(SecretId=secret, Tags=written)
    if keys:
        client.untag_resource(SecretId=secret, TagKeys=keys)


def _delete_secret(context: Context, secret: str, properties: Properties) -> None:
    gone_is_fine("ResourceNotFoundException", context.client("secretsmanager").delete_secret,
                 SecretId=secret, ForceDeleteWithoutRecovery=True)


TYPES = {
    "AWS::KMS::Key": ResourceType(
        _create_key, _delete_key,
        names("Description KeyUsage KeySpec MultiRegion KeyPolicy EnableKeyRotation Enabled "
              "PendingWindowInDays Tags"),
        _apply_key, {"KeyId": own_id, "Arn": from_description(_describe_key, "Arn")}),
    "AWS::SecretsManager::Secret": ResourceType(
        _create_secret, _delete_secret,
        names("Name Description KmsKeyId SecretString GenerateSecretString Tags"), _apply_secret, {"Id": own_id}),
}
