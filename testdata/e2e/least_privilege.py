# SPDX-License-Identifier: Apache-2.0
"""A user of the account who holds one policy and runs the program, on a local AWS that enforces IAM."""

from __future__ import annotations

import copy
import itertools
import json
import subprocess
from concurrent.futures import ThreadPoolExecutor

from conftest import ACCOUNT, REGION, Cloudctl

NUMBERS = itertools.count(1)
# What delete looks at before it deletes anything: whichever is missing, the cloud stays whole.
LOOKS = {"cloudformation:DescribeStacks", "cloudformation:ListStackResources", "ec2:DescribeAddresses",
         "ec2:DescribeEgressOnlyInternetGateways", "ec2:DescribeInstances", "ec2:DescribeInternetGateways",
         "ec2:DescribeNatGateways", "ec2:DescribeNetworkAcls", "ec2:DescribeNetworkInterfaces", "ec2:DescribeRouteTables",
         "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeTransitGatewayVpcAttachments",
         "ec2:DescribeVpcEndpoints", "ec2:DescribeVpcPeeringConnections", "ec2:DescribeVpnGateways",
         "ec2:GetSubnetCidrReservations", "elasticfilesystem:DescribeMountTargets",
         "elasticfilesystem:DescribeReplicationConfigurations", "iam:ListAttachedRolePolicies",
         "iam:ListInstanceProfilesForRole", "iam:ListRolePolicies", "memorydb:DescribeClusters"}


def actions_of(document: dict) -> list[str]:
    return sorted({action for statement in document["Statement"] for action in statement["Action"]})


def without(document: dict, *actions: str) -> dict:
    """The policy, less these actions."""
    left = copy.deepcopy(document)
    for statement in left["Statement"]:
        statement["Action"] = [action for action in statement["Action"] if action not in actions]
    left["Statement"] = [statement for statement in left["Statement"] if statement["Action"]]
    return left


def names(done: subprocess.CompletedProcess, action: str) -> bool:
    return action.lower() in (done.stdout + done.stderr).lower()


class Person:
    """Keys in the environment of a program of his own; the account's administrator gives and takes what he may do."""

    def __init__(self, folder, local_aws, region: str = REGION):
        self.folder = folder
        self.local_aws = local_aws
        self.region = region
        self.iam = local_aws.client("iam")
        self.name = f"person-{next(NUMBERS)}"
        self.arn = self.iam.create_user(UserName=self.name)["User"]["Arn"]
        key = self.iam.create_access_key(UserName=self.name)["AccessKey"]
        self.keys = (key["AccessKeyId"], key["SecretAccessKey"])
        self.cloudctl = Cloudctl(folder, local_aws.url)
        self.administrator = Cloudctl(folder, local_aws.url)
        self.cloudctl.environment |= {"AWS_ACCESS_KEY_ID": self.keys[0], "AWS_SECRET_ACCESS_KEY": self.keys[1]}
        local_aws.control("POST", "settings", {"enforce": True})

    def another(self) -> Person:
        folder = self.folder / f"person-{next(NUMBERS)}"
        folder.mkdir()
        return Person(folder, self.local_aws, self.region)

    def policy(self, *words: str) -> dict:
        """What `policy` prints, for this region and account."""
        return json.loads(self.cloudctl.run("policy", *words, "--region", self.region, "--account", ACCOUNT).stdout)

    def hold(self, document: dict, name: str = "held") -> None:
        """This policy, instead of the one that had this name."""
        self.iam.put_user_policy(UserName=self.name, PolicyName=name, PolicyDocument=json.dumps(document))

    def run(self, *words: str, code: int | None = None) -> subprocess.CompletedProcess:
        return self.cloudctl.run(*words, code=code)

    def needed(self) -> set[str]:
        """The actions that his requests, and CloudFormation for him, were judged by since the last call."""
        rows = self.local_aws.control("GET", "actions")
        self.local_aws.control("DELETE", "actions")
        return {row["action"] for row in rows if row["principal"] == self.arn}


def each_is_needed(person: Person, document: dict, actions, run, *, fails: bool = True, tries: int = 1,
                   at_once: int = 1) -> None:
    """With any single one of the actions removed, run(person) does not end well and says which one is missing.

    tries: more than one where it is for AWS to order the work, and so whether an action is come to in this run.
    at_once: so many runs at the same time, each by somebody else with records of his own.
    """
    def missed(action: str) -> str:
        who = person if at_once == 1 else person.another()
        who.hold(without(document, action))
        for _ in range(tries):
            done = run(who)
            if said := names(done, action):
                break
        right = said and not (fails and done.returncode == 0)
        return "" if right else f"{action}: ended with {done.returncode}:\n{done.stderr[-1500:]}"

    with ThreadPoolExecutor(at_once) as pool:
        wrong = [text for text in pool.map(missed, actions) if text]
    assert not wrong, "\n".join(wrong)
