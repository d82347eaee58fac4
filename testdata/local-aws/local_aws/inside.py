# SPDX-License-Identifier: Apache-2.0
"""What a machine is made of, out of its instance and the network that this is in: addresses, names, and who answers."""

from __future__ import annotations

from datetime import datetime
from typing import Callable

from .instance_metadata import metadata_of
from .machines import metadata
from .machines.fleet import Settings
from .machines.machine import Specification


class Inside:
    """now: the server's clock. The caller of its functions holds moto's lock."""

    def __init__(self, now: Callable[[], datetime], settings: Callable[[], Settings]):
        self._now, self._settings = now, settings

    def specification(self, instance, script: bytes) -> Specification:
        """instance: moto's."""
        settings = self._settings()
        told = metadata_of(instance, script, self._now)
        return Specification(
            name=instance.private_dns_name.partition(".")[0], user_data=script,
            addresses=(instance.private_ip, metadata.ADDRESS),
            services=((metadata.ADDRESS, metadata.PORT, told.serve),),
            beyond=settings.beyond, minute=settings.minute)
