# SPDX-License-Identifier: Apache-2.0
"""botocore's model of CloudFormation: the shapes by which requests are read and replies written."""

from __future__ import annotations

from functools import lru_cache

import botocore.session
from botocore.model import OperationModel, OperationNotFoundError, ServiceModel

from ..message import AwsError


@lru_cache(maxsize=1)
def service() -> ServiceModel:
    return botocore.session.get_session().get_service_model("cloudformation")


def operation(action: str) -> OperationModel:
    """The modelled operation; an unknown name is the error that AWS gives."""
    try:
        return service().operation_model(action)
    except OperationNotFoundError:
        raise unknown_action(action) from None


def unknown_action(action: str) -> AwsError:
    return AwsError("InvalidAction", f"Could not find operation {action} for version {service().api_version}")
