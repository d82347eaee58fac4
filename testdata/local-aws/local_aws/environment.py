# SPDX-License-Identifier: Apache-2.0
"""The process environment that moto and boto3 read while they are being imported.

Import this module before either of them. It turns moto's checks on and cuts boto3 off from whatever
profile, endpoint or credentials the person who started the server has.
"""

import os

DEFAULT_ACCOUNT = "123456789012"
SECOND_ACCOUNT = "210987654321"

_SETTINGS = {
    "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
    "MOTO_ENABLE_AMI_VALIDATION": "true",
    "MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION": "true",
    "MOTO_S3_ALLOW_CROSSACCOUNT_ACCESS": "false",
    "MOTO_DISABLE_GLOBAL_CORS": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}

for _name in [name for name in os.environ if name.startswith(("AWS_", "MOTO_"))]:
    del os.environ[_name]
os.environ.update(_SETTINGS)
