# SPDX-License-Identifier: Apache-2.0
"""Operation -> the actions it needs and their resources, a file a service: AWS's Service Authorization Reference.

An operation that needs no permission has an empty row. One without a row cannot be asked for while policies are
enforced, so that nothing is allowed because it was forgotten.
"""

from ..demand import Demand
from . import balancing, cloudformation, ec2, efs, iam, memorydb, others, s3

TABLES: dict[str, dict[str, tuple[Demand, ...]]] = {
    "ec2": ec2.ACTIONS, "iam": iam.ACTIONS, "s3": s3.ACTIONS, "elasticfilesystem": efs.ACTIONS,
    "memorydb": memorydb.ACTIONS, "cloudformation": cloudformation.ACTIONS, **balancing.TABLES, **others.TABLES}
