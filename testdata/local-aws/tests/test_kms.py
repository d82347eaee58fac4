# SPDX-License-Identifier: Apache-2.0
"""KMS: keys are known by their ids and by their ARNs."""

import pytest


@pytest.mark.parametrize("name", ["KeyId", "Arn"])
def test_a_key_is_disabled_and_deleted_by_its_id_and_by_its_arn(local_aws, name):
    kms = local_aws.client("kms")
    key = kms.create_key()["KeyMetadata"][name]

    def state():
        return kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"]
    kms.disable_key(KeyId=key)
    assert state() == "Disabled"
    kms.enable_key(KeyId=key)
    assert state() == "Enabled"
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    assert state() == "PendingDeletion"
    kms.cancel_key_deletion(KeyId=key)
    assert state() == "Disabled"
