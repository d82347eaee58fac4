# SPDX-License-Identifier: Apache-2.0
"""CloudFormation: stacks whose resources are made through the direct APIs of their services."""

from .engine import CloudFormation

__all__ = ["CloudFormation"]
