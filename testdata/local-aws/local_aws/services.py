# SPDX-License-Identifier: Apache-2.0
"""The layers that stand in front of moto, by service."""

from .acm import Acm
from .backup import Backup
from .ec2 import Ec2
from .efs import Efs
from .elbv2 import Elbv2
from .iam import Iam
from .kms import Kms
from .layer import Layer, World
from .memorydb_clusters import MemoryDb
from .quotas import ServiceQuotas
from .s3 import S3
from .ssm import Ssm
from .sts import Sts

_LAYERS: tuple[type[Layer], ...] = (Acm, Backup, Ec2, Efs, Elbv2, Iam, Kms, MemoryDb, S3, ServiceQuotas, Ssm, Sts)


def layers(world: World) -> dict[str, Layer]:
    """One layer a service, by SigV4 name."""
    return {layer.service: layer(world) for layer in _LAYERS}
