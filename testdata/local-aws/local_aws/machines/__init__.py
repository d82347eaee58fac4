# SPDX-License-Identifier: Apache-2.0
"""Machines: instances that run their user data for real, in namespaces of this computer."""
