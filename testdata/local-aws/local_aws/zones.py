# SPDX-License-Identifier: Apache-2.0
"""In which zones a service is offered, as EC2's VPC endpoint services tell it.

In all zones of a region that has it, until a test says otherwise for one service.
"""

from __future__ import annotations

import functools

import botocore.session


@functools.cache
def has_memorydb(region: str) -> bool:
    """Of the services that clouds use, all others are in every region."""
    session = botocore.session.get_session()
    return region in session.get_available_regions("memorydb", session.get_partition_for_region(region))


SERVICES = ("elasticfilesystem", "memory-db", "servicequotas", "monitoring")


class ServiceZones:
    """POST /_local/zones: [{"service", "zones": names or null, "region"?}]; null: it has no endpoint. Later rows win."""

    def __init__(self) -> None:
        self._rows: list[dict] = []

    def set(self, rows: object) -> list[dict]:
        """Replace what was set. Raises ValueError."""
        if not isinstance(rows, list):
            raise ValueError("the body must be a list of services")
        for row in rows:
            if not isinstance(row, dict) or not {"service", "zones"} <= set(row) <= {"service", "zones", "region"} \
                    or row["service"] not in SERVICES:
                raise ValueError(f"a row has service (of {', '.join(SERVICES)}), zones, and may have region")
        self._rows = rows
        return rows

    def clear(self) -> None:
        """Everything everywhere again."""
        self._rows = []

    def of(self, service: str, region: str, every: list[str]) -> list[str] | None:
        """The zones of the region, whose zones are every, that have the service; None: it has no endpoint there."""
        for row in reversed(self._rows):
            if row["service"] == service and row.get("region") in (None, region):
                return None if row["zones"] is None else [name for name in every if name in row["zones"]]
        return every if service != "memory-db" or has_memorydb(region) else None
