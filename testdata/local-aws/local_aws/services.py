# SPDX-License-Identifier: Apache-2.0
"""The layers that stand in front of moto, by service."""

from .layer import Layer, World
from .sts import Sts

_LAYERS: tuple[type[Layer], ...] = (Sts,)


def layers(world: World) -> dict[str, Layer]:
    """One layer a service, by SigV4 name."""
    return {layer.service: layer(world) for layer in _LAYERS}
