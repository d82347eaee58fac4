# SPDX-License-Identifier: Apache-2.0
"""The partition that the whole server plays, chosen when it starts: `serve --partition aws-cn`.

__main__ puts it into the environment before anything else of the server is imported.
"""

import os

VARIABLE = "LOCAL_AWS_PARTITION"
# The region that signs the requests of global services.
HOMES = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}

NAME = os.environ.get(VARIABLE, "aws")
HOME = HOMES[NAME]
ARN = f"arn:{NAME}:"
DNS_SUFFIX = "amazonaws.com.cn" if NAME == "aws-cn" else "amazonaws.com"
