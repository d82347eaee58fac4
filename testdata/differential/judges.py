# SPDX-License-Identifier: Apache-2.0
"""The program's own decision and the judges that it is compared with, each put many cases at once."""

import collections
import collections.abc
import json
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / "build/dev/tests/decision_tool"
NODE = ROOT / "build/node-differential"
TAGS = ("aws:requesttag/", "aws:resourcetag/", "aws:tagkeys")  # global in name, yet only where an action lists them


def ask(command, cases):
    lines = "".join(json.dumps(case, separators=(",", ":")) + "\n" for case in cases)
    result = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(answers) == len(cases), result.stderr
    return answers


def cloudctl(cases):
    return ask([TOOL], cases)


def iam_simulate(cases):
    return ask(["node", Path(__file__).with_name("simulate.mjs"), NODE], cases)


class Carried:
    """Which condition keys a request can carry, by AWS's Service Authorization Reference as iam-data has it."""

    def __init__(self, pairs):
        """pairs: actions and resources, those that may be asked for."""
        rows = iam_simulate([{"keys": action, "resource": resource} for action, resource in pairs])
        self._keys = dict(zip(pairs, ([wildcard(key) for key in row["keys"]] for row in rows)))

    def __call__(self, action, resource, key):
        if key.startswith("aws:") and not key.startswith(TAGS):
            return True
        return any(
            key.startswith(name[:-1]) if name.endswith("*") else key == name for name in self._keys[action, resource]
        )


def wildcard(key):
    """ "aws:requesttag/${tagkey}" as "aws:requesttag/*"."""
    return re.sub(r"(\$\{|<).*", "*", key)


def principal_mapper(cases):
    """Principal Mapper, a case at a time. It was written for Pythons whose collections had the abstract classes too."""
    for name in ("Mapping", "MutableMapping"):
        if not hasattr(collections, name):
            setattr(collections, name, getattr(collections.abc, name))
    from principalmapper.common import Node, Policy
    from principalmapper.querying.query_interface import local_check_authorization_full

    def policy(name, statements):
        return Policy(
            "arn:aws:iam::111122223333:policy/" + name, name, {"Version": "2012-10-17", "Statement": statements}
        )

    def decide(case):
        boundary = policy("boundary", case["boundary"]) if "boundary" in case else None
        is_role = ":role/" in case["role"]
        node = Node(
            case["role"],
            "AROAEXAMPLE" if is_role else "AIDAEXAMPLE",
            [policy("identity", case["identity"])],
            [],
            {} if is_role else None,
            None,
            0,
            False,
            False,
            boundary,
            False,
            None,
        )
        context = {key: value for key, value in case["context"].items() if value != []}
        resource_policy = {"Statement": case["policy"]} if "policy" in case else None
        owner = case.get("owner", case["role"].split(":")[4])
        return local_check_authorization_full(node, case["action"], case["resource"], context, resource_policy, owner)

    answers = []
    for case in cases:
        try:
            answers.append({"answer": "yes" if decide(case) else "no"})
        except Exception as error:  # whatever it dies of is its answer
            answers.append({"answer": "error", "text": f"{type(error).__name__}: {error}"})
    return answers
