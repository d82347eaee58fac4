# SPDX-License-Identifier: Apache-2.0
"""What the tests of enforcement share: users with policies, and the refusals that they meet."""

import json

from botocore.exceptions import ClientError
from conftest import ACCOUNT


def policy(*statements: dict) -> str:
    """A document; Effect is Allow and Resource "*" where a statement does not say it."""
    everything = {"Effect": "Allow", "Resource": "*"}
    filled = [everything | statement if "NotResource" not in statement else {"Effect": "Allow"} | statement
              for statement in statements]
    return json.dumps({"Version": "2012-10-17", "Statement": filled})


class People:
    """Makes users and roles with policies, and clients with their keys. Enforcement is on once one is made."""

    def __init__(self, local_aws):
        self.local_aws, self.iam = local_aws, local_aws.client("iam")

    def user(self, name: str, *statements: dict, **more) -> tuple:
        """A user with one inline policy; its keys."""
        self.iam.create_user(UserName=name, **more)
        if statements:
            self.iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=policy(*statements))
        key = self.iam.create_access_key(UserName=name)["AccessKey"]
        self.enforce()
        return key["AccessKeyId"], key["SecretAccessKey"]

    def enforce(self, on: bool = True) -> None:
        self.local_aws.control("POST", "settings", {"enforce": on})

    def managed(self, name: str, *statements: dict) -> str:
        return self.iam.create_policy(PolicyName=name, PolicyDocument=policy(*statements))["Policy"]["Arn"]

    def session(self, arn: str, keys: tuple | None = None, **more) -> tuple:
        """The keys of a session of the role."""
        sts = self.local_aws.client("sts", keys=keys) if keys else self.local_aws.client("sts")
        made = sts.assume_role(RoleArn=arn, RoleSessionName="visit", **more)["Credentials"]
        return made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"]

    def refusal(self, keys: tuple, service: str, call: str, **arguments) -> str | None:
        """None when the call is authorized, whatever the service says of it; else the message of the refusal."""
        try:
            getattr(self.local_aws.client(service, keys=keys), call)(**arguments)
        except ClientError as error:
            found = error.response["Error"]
            if found["Code"] in ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403"):
                return found.get("Message", "")
            assert found["Code"] != "NotImplemented", found
        return None

    def may(self, keys: tuple, service: str, call: str, **arguments) -> bool:
        return self.refusal(keys, service, call, **arguments) is None


def arn_of(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:{name}"
