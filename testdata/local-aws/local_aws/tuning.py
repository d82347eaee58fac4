# SPDX-License-Identifier: Apache-2.0
"""moto as a library: its lock, three places where it does the same work again and again, and one where it is wrong: a
bucket policy, of which it asks every statement as if it had no condition.
"""

import copy
import functools
import json
import threading

import moto.core.responses
from moto.core.base_backend import BackendDict, backend_lock
from moto.core.model_instances import reset_model_data
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.iam.models import IAMBackend
from moto.s3.models import FakeBucket

# moto's state is not made for threads: held by whoever is in moto or changes its objects.
moto_lock = threading.RLock()

_make_policies = IAMBackend._init_aws_policies


@functools.cache
def _policies(account: str, region: str) -> list:
    class Owner:
        account_id, region_name = account, region
    return _make_policies(Owner())


def _copied_policies(self) -> list:
    return [copy.copy(policy) for policy in _policies(self.account_id, self.region_name)]


def _unconditional_permission(bucket, action: str, resource: str) -> PermissionResult:
    """Statements with conditions are for the authorizer, which knows the request."""
    statements = json.loads(bucket.policy)["Statement"] if bucket.policy else []
    listed = statements if isinstance(statements, list) else [statements]
    plain = [row for row in listed if "Condition" not in row]
    if not plain:
        return PermissionResult.NEUTRAL
    return IAMPolicy(json.dumps({"Version": "2012-10-17", "Statement": plain})).is_action_permitted(action, resource)


def apply() -> None:
    """Put the caches in: the list of a class's methods, and AWS's managed policies of an account."""
    FakeBucket.get_permission = _unconditional_permission
    moto.core.responses.method_names_from_class = functools.cache(moto.core.responses.method_names_from_class)
    IAMBackend._init_aws_policies = _copied_policies


def forget_everything() -> None:
    """What moto's own reset does, but for making each backend anew before it is thrown away.

    S3 has files to close, so its own reset runs.
    """
    with backend_lock:
        for backend in BackendDict._instances:
            if backend.service_name == "s3":
                for account in backend.values():
                    account.reset()
            backend.clear()
        BackendDict._instances.clear()
    reset_model_data()
