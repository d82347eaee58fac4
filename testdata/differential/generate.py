# SPDX-License-Identifier: Apache-2.0
"""Random cases in the form of testdata/iam: the same seed and number give the same case.

A complete case says everything about its request; an open one leaves context keys, the rest of a value, of the
resource, or the session's name unknown.
"""

import random

from request import TYPES

ACCOUNT, OTHER = "111122223333", "444455556666"
KEY = f"arn:aws:kms:us-west-2:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"

# Action, a resource, what may be unknown of it, and the keys of its service.
ACTIONS = [
    ("s3:GetObject", "arn:aws:s3:::data/home/app/f1", "arn:aws:s3:::data/home/*", ["s3:max-keys", "s3:prefix"]),
    ("s3:PutObject", "arn:aws:s3:::data/home/app/f1", "arn:aws:s3:::data/*", ["s3:x-amz-acl", "s3:prefix"]),
    ("s3:ListBucket", "arn:aws:s3:::data", None, ["s3:max-keys", "s3:prefix", "s3:x-amz-acl"]),
    (
        "ec2:TerminateInstances",
        f"arn:aws:ec2:us-west-2:{ACCOUNT}:instance/i-0a1b",
        f"arn:aws:ec2:us-west-2:{ACCOUNT}:instance/*",
        ["ec2:ResourceTag/team", "ec2:InstanceType", "ec2:InstanceProfile"],
    ),
    (
        "ec2:CreateTags",
        f"arn:aws:ec2:us-west-2:{ACCOUNT}:volume/vol-0a1b",
        f"arn:aws:ec2:us-west-2:{ACCOUNT}:volume/*",
        ["ec2:ResourceTag/team", "ec2:CreateAction", "ec2:InstanceType"],
    ),
    ("ec2:DescribeInstances", "*", None, ["ec2:Region", "ec2:ResourceTag/team"]),
    ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/node", None, ["iam:PassedToService"]),
    ("kms:Decrypt", KEY, None, ["kms:ViaService", "kms:EncryptionContextKeys"]),
    ("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/target", None, ["sts:ExternalId", "sts:RoleSessionName"]),
    (
        "elasticfilesystem:ClientMount",
        f"arn:aws:elasticfilesystem:us-west-2:{ACCOUNT}:file-system/fs-0a1b",
        None,
        ["elasticfilesystem:AccessedViaMountTarget", "elasticfilesystem:AccessPointArn"],
    ),
    ("sqs:SendMessage", f"arn:aws:sqs:us-west-2:{ACCOUNT}:jobs", None, ["sqs:NoSuchKey"]),
]
DECIDES = ("kms:Decrypt", "sts:AssumeRole")  # the resource's own policy must allow
GLOBAL = [
    "aws:PrincipalTag/team",
    "aws:RequestTag/team",
    "aws:ResourceTag/team",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalOrgID",
    "aws:RequestedRegion",
    "aws:SourceVpce",
    "aws:SourceIp",
    "aws:SecureTransport",
    "aws:MultiFactorAuthPresent",
    "aws:MultiFactorAuthAge",
    "aws:CurrentTime",
    "aws:TokenIssueTime",
    "aws:TagKeys",
    "aws:CalledVia",
    "aws:userid",
]
TEXTS = {
    "aws:principalaccount": [ACCOUNT, OTHER],
    "aws:requestedregion": ["us-west-2", "eu-west-1", "us-east-1"],
    "aws:userid": ["AROAEXAMPLE:i-0a1b", "AROAOTHER:x"],
    "ec2:instancetype": ["m5.large", "M5.large", "p4d.24xlarge"],
    "iam:passedtoservice": ["ec2.amazonaws.com", "ecs.amazonaws.com"],
}
WORDS = ["red", "Red", "blue", "home/app"]
ARNS = [
    f"arn:aws:iam::{ACCOUNT}:role/app",
    f"arn:aws:iam::{ACCOUNT}:role/team/app",
    f"arn:aws:iam::{OTHER}:role/app",
    f"arn:aws:iam::{ACCOUNT}:user/alice",
]
VALUES = {
    "arn": ARNS,
    "bool": ["true", "false"],
    "number": ["5", "10", "60", "3600"],
    "date": ["2015-06-01T00:00:00Z", "2020-01-01", "2050-01-01T00:00:00Z", "2060-01"],
    "address": ["203.0.113.7", "198.51.100.200", "10.1.2.3"],
    "list": ["team", "owner", "Team"],
}
PATTERNS = {
    "arn": [f"arn:aws:iam::{ACCOUNT}:role/*", "arn:aws:iam::*:role/app", "arn:*:iam::*:*", "arn:aws:iam::*:role/?pp"],
    "address": ["203.0.113.0/24", "10.0.0.0/8", "0.0.0.0/0", "198.51.100.128/25"],
    "list": ["team", "o*", "t?am", "*"],
    "text": ["r*", "*e*", "?ed", "*", "home/*", "us-*", "m5.*", "AROAEXAMPLE:*", "*.amazonaws.com"],
}


def kind_of(key):
    return TYPES.get(key.lower(), "text")


class Generator:
    def __init__(self, seed, carried):
        self.random = random.Random(seed)
        self.carried = carried  # (action, resource, key): can such a request carry the key?

    def chance(self, share):
        return self.random.random() < share

    def pick(self, options):
        return self.random.choice(options)

    def some(self, options, most):
        return [self.pick(options) for _ in range(self.random.randint(1, most))]

    # -- elements of a statement

    def actions(self, action):
        service, name = action.split(":")
        near = [action, f"{service}:*", "*", f"{service}:{name[:3]}*", action.upper(), f"{service}:{name[:-1]}?"]
        far = [f"{service}:Other", "logs:*", f"{service}:X*", f"{service}:{name}s"]
        return [self.pick(near if self.chance(0.8) else far) for _ in range(self.random.randint(1, 2))]

    def resources(self, resource):
        arn = resource if resource != "*" else f"arn:aws:ec2:us-west-2:{ACCOUNT}:instance/i-1"
        fields = arn.split(":", 5)
        near = ["*", arn, arn[:-1] + "*", arn[:-1] + "?", ":".join(fields[:5]) + ":*", ":".join(fields[:3]) + ":*"]
        near += ["arn:*:" + ":".join(fields[2:]), ":".join(fields[:3] + ["*", "*", fields[5]])]
        far = [arn + "x", ":".join(fields[:5]) + ":other", arn.upper().replace("ARN:AWS", "arn:aws")]
        far += [arn.replace(fields[2], "sns"), "arn:aws:" + fields[2] + ":*2*:" + fields[5]]
        if "home/app" in arn:
            near += [
                "arn:aws:s3:::data/${aws:PrincipalTag/team}/*",
                "arn:aws:s3:::data/home/${aws:PrincipalTag/team, 'app'}/*",
            ]
            near += ["arn:aws:s3:::data/${s3:prefix}/*"]
            far += ["arn:aws:s3:::data/${*}/*", "arn:aws:s3:::other/*", "arn:aws:s3:::data"]
        return [self.pick(near if self.chance(0.8) else far) for _ in range(self.random.randint(1, 2))]

    def values(self, key, kind, operator):
        plain = TEXTS.get(key.lower(), WORDS) if kind == "text" else VALUES[kind]
        if operator == "Null":
            return [self.pick(["true", "false"])]
        if kind == "bool":
            return [self.pick(["true", "false", "True"])]
        if "Like" in operator or kind in ("arn", "address"):
            if self.chance(0.6):
                return self.some(PATTERNS[kind], 2)
        if kind == "text" and self.chance(0.1):
            return [self.pick(["${aws:PrincipalTag/team}", "${aws:PrincipalTag/team, 'red'}", "x${s3:prefix}"])]
        return self.some(plain, 2)

    def operator(self, kind):
        bare = {
            "text": ["StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase"]
            + ["StringNotEqualsIgnoreCase"],
            "arn": ["ArnLike", "ArnEquals", "ArnNotLike", "ArnNotEquals", "StringEquals", "StringLike"],
            "bool": ["Bool"],
            "number": ["NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals"]
            + ["NumericGreaterThan", "NumericGreaterThanEquals"],
            "date": ["DateEquals", "DateLessThan", "DateGreaterThan", "DateLessThanEquals", "DateGreaterThanEquals"]
            + ["DateNotEquals"],
            "address": ["IpAddress", "NotIpAddress"],
            "list": ["StringEquals", "StringLike", "StringNotEquals", "StringNotLike", "StringEqualsIgnoreCase"],
        }[kind]
        operator = self.pick(bare)
        if self.chance(0.15):
            return "Null"
        if self.chance(0.2):
            operator += "IfExists"
        if kind == "list":
            operator = self.pick(["ForAnyValue:", "ForAllValues:"]) + operator
        return operator

    def condition(self, keys):
        conditions = {}
        for _ in range(self.random.randint(1, 2)):
            key = self.pick(keys)
            kind = kind_of(key)
            operator = self.operator(kind)
            conditions.setdefault(operator, {})[key] = self.values(key, kind, operator)
        return conditions

    def principals(self, caller, session, account):
        name = caller.rsplit("/", 1)[1]
        own = [
            {"AWS": caller},
            {"AWS": account},
            {"AWS": f"arn:aws:iam::{account}:root"},
            {"AWS": [f"arn:aws:sts::{account}:assumed-role/{name}/{session}", "AROAEXAMPLEOFADELETEDROLE"]},
            "*",
            {"AWS": "*"},
            {"AWS": [caller, f"arn:aws:iam::{account}:root"]},
            {"AWS": [f"arn:aws:sts::{account}:assumed-role/{name}/{session}", f"arn:aws:iam::{account}:root"]},
        ]
        others = [
            {"AWS": f"arn:aws:iam::{account}:role/other"},
            {"AWS": OTHER if account == ACCOUNT else ACCOUNT},
            {"Service": "ec2.amazonaws.com"},
            {"AWS": f"arn:aws:sts::{account}:assumed-role/{name}/somebody"},
            {"AWS": f"arn:aws:iam::{account}:user/{name}"},
        ]
        return self.pick(own if self.chance(0.75) else others)

    # -- statements and cases

    def statement(self, layer, action, resource, keys, caller, session, deny):
        statement = {"Effect": "Deny" if self.chance(deny) else "Allow"}
        if layer == "policy":
            element = "NotPrincipal" if statement["Effect"] == "Deny" and self.chance(0.3) else "Principal"
            statement[element] = self.principals(caller, session, caller.split(":")[4])
            if element == "NotPrincipal" and isinstance(statement[element], str):
                statement[element] = {"AWS": "*"}
        statement["NotAction" if self.chance(0.08) else "Action"] = self.actions(action)
        if layer == "policy" and action in DECIDES and self.chance(0.9):
            if action != "sts:AssumeRole":
                statement["Resource"] = "*"
        elif layer != "policy" or action != "sts:AssumeRole":
            statement["NotResource" if resource != "*" and self.chance(0.08) else "Resource"] = self.resources(
                resource
            )
        if self.chance(0.55):
            statement["Condition"] = self.condition(keys)
        return statement

    def case(self, complete):
        action, resource, partial, own_keys = self.pick(ACTIONS)
        caller = self.pick(ARNS[:2] * 3 + ARNS[2:])
        session = "i-0a1b"
        keys = self.random.sample(GLOBAL, 4) + own_keys
        case = {"action": action, "resource": resource, "role": caller, "context": {}}
        if ":role/" in caller:
            case["session"] = session
        if caller.split(":")[4] != ACCOUNT:
            case["owner"] = ACCOUNT
        if action in DECIDES:
            case["decides"] = True

        def statements(layer, most, deny):
            count = self.random.randint(1, most)
            made = [self.statement(layer, action, resource, keys, caller, session, deny) for _ in range(count)]
            return [dict(statement, Sid=f"{layer.capitalize()}{n}") for n, statement in enumerate(made, 1)]

        if self.chance(0.3):
            self.hang_on_one_condition(case, keys)
        else:
            case["identity"] = statements("identity", 3, 0.25)
            if self.chance(0.25):
                case["boundary"] = statements("boundary", 2, 0.15)
            if case.get("decides") or case.get("owner") or self.chance(0.5):
                case["policy"] = statements("policy", 3, 0.3)
        self.fill_context(case, complete)
        if not complete:
            if partial and self.chance(0.3):
                case["resource"] = partial
            if self.chance(0.2):
                case.pop("session", None)
        return case

    def hang_on_one_condition(self, case, keys):
        """Nothing else decides it, so that no mistake about the condition is hidden by another statement."""
        granted = {"Sid": "Identity1", "Effect": "Allow", "Action": [case["action"]], "Resource": ["*"]}
        case["identity"] = [{**granted, "Condition": self.condition(keys)}]
        if case.get("decides") or case.get("owner"):
            principal = {"AWS": f"arn:aws:iam::{case['role'].split(':')[4]}:root"}
            shared = {"Sid": "Policy1", "Effect": "Allow", "Principal": principal, "Action": ["*"]}
            case["policy"] = [shared if case["action"] == "sts:AssumeRole" else {**shared, "Resource": ["*"]}]

    def fill_context(self, case, complete):
        caller = case["role"]
        certain = {"aws:principalarn": caller, "aws:principalaccount": caller.split(":")[4]}
        if ":role/" in caller:
            certain["aws:userid"] = "AROAEXAMPLE:i-0a1b"
        else:
            certain["aws:userid"] = "AIDAEXAMPLE"
        certain.update({"aws:currenttime": "2030-03-01T12:00:00Z", "aws:securetransport": "true"})
        certain["aws:requestedregion"] = "us-west-2"
        for key, name in mentioned_keys(case).items():
            if complete or self.chance(0.35):
                self.fill_key(case, name, certain.get(key), complete)

    def fill_key(self, case, name, certain, complete):
        kind, key = kind_of(name), name.lower()
        plain = TEXTS.get(key, WORDS) if kind == "text" else VALUES[kind]
        if certain:
            case["context"][name] = certain
        elif self.chance(0.35) or not self.carried(case["action"], case["resource"], key):
            case["context"][name] = []
        elif kind == "list":
            case["context"][name] = sorted(set(self.some(plain, 2)))
            if not complete and self.chance(0.3):
                case.setdefault("more", []).append(name)
        else:
            case["context"][name] = self.pick(plain)
            if not complete and kind == "text" and self.chance(0.15):
                case.setdefault("open", []).append(name)


def mentioned_keys(case):
    """Every key that a condition or a variable of the case names, as it is written first: {lower case: name}."""
    found = {}
    for layer in ("identity", "boundary", "policy"):
        for statement in case.get(layer, []):
            for keys in statement.get("Condition", {}).values():
                for key, values in keys.items():
                    found.setdefault(key.lower(), key)
                    for value in values:
                        note_variables(value, found)
            for value in [*statement.get("Resource", []), *statement.get("NotResource", [])]:
                note_variables(value, found)
    return found


def note_variables(text, found):
    for part in text.split("${")[1:]:
        name = part.split("}")[0].split(",")[0].strip()
        if ":" in name:
            found.setdefault(name.lower(), name)
