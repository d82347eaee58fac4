# SPDX-License-Identifier: Apache-2.0
"""The one table of resource types. A new type is one row in the table of its service's file."""

from __future__ import annotations

from . import balancing, ec2_nat, ec2_network, ec2_security_group, efs, iam, keys_and_secrets, memorydb, s3
from .resource_type import ResourceType

TYPES: dict[str, ResourceType] = (ec2_network.TYPES | ec2_nat.TYPES | ec2_security_group.TYPES | s3.TYPES
                                  | efs.TYPES | iam.TYPES | memorydb.TYPES | keys_and_secrets.TYPES
                                  | balancing.TYPES)
