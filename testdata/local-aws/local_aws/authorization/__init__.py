# SPDX-License-Identifier: Apache-2.0
"""IAM, enforced: what a request needs, who asks, and AWS's answer to one who may not."""
