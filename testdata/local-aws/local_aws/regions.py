# SPDX-License-Identifier: Apache-2.0
"""The regions of the partition, and which of them a fresh account may use.

The names come from botocore's endpoint data; which are opt-in is AWS's documentation ("Manage AWS
Regions": regions introduced after 20 March 2019 are disabled by default).
"""

from __future__ import annotations

import functools

from botocore.loaders import Loader

from .partition import NAME

OPT_IN = frozenset((
    "af-south-1", "ap-east-1", "ap-east-2", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5",
    "ap-southeast-6", "ap-southeast-7", "ca-west-1", "eu-central-2", "eu-south-1", "eu-south-2",
    "il-central-1", "me-central-1", "me-south-1", "mx-central-1"))


@functools.cache
def all_regions() -> tuple[str, ...]:
    """Every region of the partition, sorted."""
    partitions = Loader().load_data("endpoints")["partitions"]
    regions = next(row["regions"] for row in partitions if row["partition"] == NAME)
    return tuple(sorted(name for name in regions if not name.endswith("-global")))


@functools.cache
def enabled_regions() -> frozenset[str]:
    """The regions that a request may be signed for."""
    return frozenset(all_regions()) - OPT_IN


def opt_in_status(region: str) -> str:
    """As DescribeRegions has it."""
    return "not-opted-in" if region in OPT_IN else "opt-in-not-required"
