# SPDX-License-Identifier: Apache-2.0
"""Credentials that end and are followed by others."""

import json


class Sessions:
    """A profile whose program gives another session of the local AWS each time, the last of nine again and again; life:
    seconds that it says they hold."""

    def __init__(self, cloudctl, local_aws, life: int | None = None):
        self.path = cloudctl.home / "sessions"
        self.path.mkdir()
        role = self._role(local_aws)
        for number in range(9):
            made = local_aws.client("sts").assume_role(RoleArn=role, RoleSessionName=f"s{number}")["Credentials"]
            made = {"Version": 1, **{k: v for k, v in made.items() if isinstance(v, str)}}
            if life:
                made["Expiration"] = "@END@"
            (self.path / f"{number}.json").write_text(json.dumps(made))
        script = self.path / "next"
        script.write_text(f"#!/bin/sh\ncd {self.path}\nend=$(date -u -d '+{life or 0} seconds' +%Y-%m-%dT%H:%M:%SZ)\n"
                          'for f in ?.json; do sed "s/@END@/$end/" $f; [ $f = 8.json ] || mv $f used-$f; exit; done\nexit 1\n')
        script.chmod(0o700)
        (cloudctl.home / "config").write_text(f"[profile dev]\nregion = us-west-2\ncredential_process = {script}\n")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            del cloudctl.environment[name]
        cloudctl.environment |= {"AWS_CONFIG_FILE": str(cloudctl.home / "config"), "AWS_PROFILE": "dev"}

    @staticmethod
    def _role(local_aws) -> str:
        iam = local_aws.client("iam")
        trust = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "sts:AssumeRole"}]}
        role = iam.create_role(RoleName="operator", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        iam.put_role_policy(RoleName="operator", PolicyName="all", PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}))
        return role

    def used(self) -> int:
        return len(list(self.path.glob("used-*")))
