# SPDX-License-Identifier: Apache-2.0
"""The local AWS: moto behind a front that behaves as AWS does on the wire."""
