# SPDX-License-Identifier: Apache-2.0
"""How each resource type is created, changed, deleted and read through its service's direct API."""
