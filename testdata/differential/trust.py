# SPDX-License-Identifier: Apache-2.0
"""Questions to trust policies: random policies, and what the answers may be.

Who asks is "somebody in an account": whoever of a few callers that the policy can tell apart, under whatever external
id the question is about. "Yes" is right when, whatever is unknown, one of them gets in; "no" when none ever does.
"""

import itertools
import random
import re

from logic import both, either, negation
from reference import Evaluator, as_list, outcomes
from request import ALWAYS, Key, Request

ACCOUNT, OTHER, NOBODY = "111122223333", "444455556666", "000000000000"
ID = "cld_1a2b"
ROLE = "arn:aws:iam::777788889999:role/control-plane"
QUESTIONS = ("account", "with", "without", "gap", "anybody", "service")


class TrustGenerator:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, options):
        return self.random.choice(options)

    def principal(self):
        return self.pick(
            [
                {"AWS": ACCOUNT},
                {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                {"AWS": f"arn:aws:iam::{ACCOUNT}:role/a"},
                {"AWS": [f"arn:aws:iam::{ACCOUNT}:root", f"arn:aws:iam::{OTHER}:root"]},
                {"AWS": f"arn:aws:sts::{ACCOUNT}:assumed-role/a/s"},
                {"AWS": f"arn:aws:iam::{ACCOUNT}:user/u"},
                {"AWS": OTHER},
                {"AWS": "AROAEXAMPLEOFADELETEDROLE"},
                "*",
                {"AWS": "*"},
                {"Service": "ec2.amazonaws.com"},
                {"Service": ["ec2.amazonaws.com", "ecs.amazonaws.com"], "AWS": ACCOUNT},
            ]
        )

    def id_condition(self):
        operator = self.pick(
            ["StringEquals"] * 4 + ["StringLike", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotLike"]
        )
        if self.random.random() < 0.15:
            return "Null", [self.pick(["true", "false"])]
        if self.random.random() < 0.15:
            operator += "IfExists"
        ids = [ID, ID, ID, "cld_other", ID.upper()]
        if "Like" in operator:
            ids += ["cld_*", "cld_1a2?", "*", "x?"]
        return operator, [self.pick(ids) for _ in range(self.random.randint(1, 2))]

    def condition(self):
        if self.random.random() < 0.65:
            operator, values = self.id_condition()
            return operator, "sts:ExternalId", values
        return self.pick(
            [
                ("ArnLike", "aws:PrincipalArn", [f"arn:aws:iam::{ACCOUNT}:role/*"]),
                ("ArnNotLike", "aws:PrincipalArn", [f"arn:aws:iam::{ACCOUNT}:role/a"]),
                ("StringLike", "aws:PrincipalArn", [f"arn:aws:iam::{OTHER}:*"]),
                ("StringEquals", "aws:PrincipalAccount", [ACCOUNT]),
                ("StringNotEquals", "aws:PrincipalAccount", [OTHER, ACCOUNT]),
                ("StringEquals", "aws:PrincipalOrgID", ["o-1"]),
                ("StringNotEqualsIfExists", "aws:PrincipalOrgID", ["o-1"]),
                ("Bool", "aws:MultiFactorAuthPresent", ["true"]),
                ("NotIpAddress", "aws:SourceIp", ["203.0.113.0/24"]),
                ("DateLessThan", "aws:CurrentTime", ["2020-01-01T00:00:00Z"]),
                ("StringEquals", "aws:SourceAccount", [ACCOUNT]),
            ]
        )

    def statement(self):
        deny = self.random.random() < 0.3
        statement = {"Effect": "Deny" if deny else "Allow", "Principal": self.principal()}
        if deny and self.random.random() < 0.6:
            statement["Principal"] = "*"
        statement["Action"] = self.pick(
            ["sts:AssumeRole"] * 4 + ["sts:*", ["sts:TagSession", "sts:AssumeRole"], "sts:TagSession"]
        )
        conditions = {}
        for _ in range(self.pick([0, 1, 1, 1, 2])):
            operator, key, values = self.condition()
            conditions.setdefault(operator, {})[key] = values
        if conditions:
            statement["Condition"] = conditions
        return statement

    def case(self):
        statements = [self.statement() for _ in range(self.random.randint(1, 3))]
        document = {"Version": "2012-10-17", "Statement": statements}
        return {"trust": document, "account": ACCOUNT, "external_id": ID, "service": "ec2.amazonaws.com"}


class Somebody(Evaluator):
    """One caller, or a service, and one external id, at a trust policy."""

    def __init__(self, request, caller, session, external_id):
        super().__init__(request)
        self.caller, self.session, self.external_id = caller, session, external_id
        self.account = caller.split(":")[4] if ":" in caller else None

    def key(self, name):
        known = {"sts:externalid": self.external_id}
        if self.account:
            known.update({"aws:principalarn": self.caller, "aws:principalaccount": self.account})
        name = name.lower()
        if name not in known:
            return super().key(name)
        value = known[name]
        return Key(name, "text", value is not None, [] if value is None else [(True, value)])

    def speaks(self, principal):
        """Does a Principal element name the caller?"""
        if not self.account:
            doubt = self.request.left_open("everyone and a service")
            named = principal != "*" and self.caller in as_list(principal.get("Service", []))
            return either(named, doubt if principal == "*" or "*" in as_list(principal.get("AWS", [])) else False)
        values = ["*"] if principal == "*" else as_list(principal.get("AWS", []))
        role = self.caller.rsplit("/", 1)[1]
        own = {"*", self.account, f"arn:aws:iam::{self.account}:root", self.caller}
        if self.session:
            own.add(f"arn:aws:sts::{self.account}:assumed-role/{role}/{self.session}")
        return any(value in own for value in values)

    def allowed(self):
        totals = {"Allow": False, "Deny": False}
        for statement in self.case["trust"]["Statement"]:
            named = self.speaks(statement["Principal"])
            if named is not False:
                weight = both(named, self.weigh(statement))
                totals[statement["Effect"]] = either(totals[statement["Effect"]], weight)
        return both(totals["Allow"], negation(totals["Deny"]))


def callers(account):
    """Callers that the policies above can tell apart."""
    arn = f"arn:aws:iam::{account}:"
    return [
        (arn + "role/a", "s"),
        (arn + "role/a", "other"),
        (arn + "role/b", "s"),
        (arn + "user/u", None),
        (arn + "user/v", None),
    ]


def external_ids(case):
    """Without one, and one for each way in which the policy's conditions may treat it."""
    named = {ID, ID.upper(), "cld_other", "cld_", "cld_1a2x", "x", "xy", "something-else"}
    for statement in case["trust"]["Statement"]:
        for operator, keys in statement.get("Condition", {}).items():
            for value in keys.get("sts:ExternalId", []):
                named.add(re.sub(r"[*?]", "x", value))
                if "IgnoreCase" in operator:
                    named.add(value.capitalize())
    return [None, *sorted(named)]


# EC2 assumes an instance's role itself: it sends no external id, belongs to no organization and has no second factor.
NO_ORGANIZATION = {"aws:PrincipalOrgID": [], "aws:PrincipalOrgPaths": []}
OF_A_SERVICE = {**NO_ORGANIZATION, "aws:MultiFactorAuthPresent": []}


def right_answer(case, question, carried):
    """What the answer is: "maybe" where it depends on what is unknown."""
    ids = external_ids(case)
    if question == "service":
        return _answer(case, [(case["service"], None)], [None], carried, OF_A_SERVICE, {"aws:currenttime"})
    if question == "anybody":
        return _answer(case, callers(NOBODY), ids, carried, NO_ORGANIZATION)
    chosen = {"with": [ID], "without": [None], "gap": [text for text in ids if text != ID]}.get(question, ids)
    if question == "gap":  # asked as if the account were in no organization; where that is "no", as it may be
        answer = _answer(case, callers(ACCOUNT), chosen, carried, NO_ORGANIZATION)
        if answer != "no":
            return answer
    return _answer(case, callers(ACCOUNT), chosen, carried, {})


def _answer(case, who, ids, carried, context, always=ALWAYS):
    request = Request(
        {"action": "sts:AssumeRole", "trust": case["trust"], "context": context},
        lambda key: carried("sts:AssumeRole", ROLE, key),
        always,
    )
    ways = [
        Somebody(request, caller, session, text).allowed() for (caller, session), text in itertools.product(who, ids)
    ]
    found = outcomes(either(*ways), request.everything())
    return found.pop() if len(found) == 1 else "maybe"
