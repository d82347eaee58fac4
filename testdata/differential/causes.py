# SPDX-License-Identifier: Apache-2.0
"""Why judges disagree: every cause has a name, whose mistake it is, and the document that says so.

A judge's mistakes are small changes to the evaluator that was written from the documentation. A disagreement has a
cause when the evaluator with that one mistake answers as the judge does; several mistakes together are said to be so.
"""

import functools
from typing import NamedTuple

from logic import both, either, pattern_of, text_matches
from reference import VARIABLE, Evaluator, decide

GUIDE = "IAM User Guide, "
OPERATORS = GUIDE + '"IAM JSON policy elements: Condition operators"'
NOT_PRINCIPAL = GUIDE + '"AWS JSON policy elements: NotPrincipal"'
VARIABLES = GUIDE + '"IAM policy elements: Variables and tags"'
RESOURCE = GUIDE + '"IAM JSON policy elements: Resource"'
PRINCIPAL = GUIDE + '"AWS JSON policy elements: Principal"'
BOUNDARIES = GUIDE + '"Permissions boundaries for IAM entities"'


class Cause(NamedTuple):
    what: str
    document: str


IAM_SIMULATE = {
    "not-principal-account": Cause(
        "a NotPrincipal that lists an account spares every principal of the account",
        NOT_PRINCIPAL + ": the account is listed together with the principal",
    ),
    "short-arn": Cause(
        "NotResource with an ARN of fewer than six fields, which is not the resource's, does not hold",
        GUIDE + '"IAM JSON policy elements: NotResource": every resource except those that are listed',
    ),
    "everywhere": Cause("0.0.0.0/0 holds no address", OPERATORS + ", IP address condition operators: CIDR, RFC 4632"),
    "null-variable": Cause(
        "a variable without a value makes a negated operator, or NotResource, not hold",
        VARIABLES + ", policy variables with no value: nothing equals or is like it, so the inverse holds",
    ),
}

PRINCIPAL_MAPPER = {
    "if-exists": Cause(
        "IfExists makes numeric and date operators never hold on a key that is there, and IpAddress its opposite",
        OPERATORS + ", ...IfExists condition operators",
    ),
    "not-like-absent": Cause("StringNotLike does not hold on an absent key", OPERATORS + ", introduction"),
    "bool-case": Cause('Bool with "True" never holds', OPERATORS + ", Boolean condition operators"),
    "first-date": Cause("of several dates only the first counts", OPERATORS + "; several values are joined by OR"),
    "any-negated": Cause(
        "ForAnyValue with a negated operator demands all values",
        GUIDE + '"Single-valued vs. multivalued context keys", ForAnyValue',
    ),
    "one-any": Cause(
        "of several keys under one ForAnyValue operator one is enough",
        GUIDE + '"Conditions with multiple context keys or values": keys are joined by AND',
    ),
    "condition-variables": Cause("variables in conditions are literal text", VARIABLES),
    "resource-variables": Cause("variables in resources have no defaults, and their values are patterns", VARIABLES),
    "resource-case": Cause("resources are compared ignoring case", RESOURCE),
    "arn-text": Cause(
        "ARNs in conditions are patterns of text, ignoring case", OPERATORS + ", ARN condition operators"
    ),
    "no-sessions": Cause("a role's session is no principal", PRINCIPAL + ", role session principals"),
    "everyone-account": Cause('{"AWS": "*"} counts as the account, not as everyone', PRINCIPAL + ", all principals"),
    "role-unbounded": Cause("a grant to the role passes its boundary", BOUNDARIES + ", resource-based policies"),
    "iam-decides": Cause(
        "every policy of a resource of IAM must allow",
        GUIDE + '"Policy evaluation logic": only role trust policies must',
    ),
    "boundary-not-principal": Cause(
        "a Deny with NotPrincipal spares a principal with a boundary", BOUNDARIES + ", Important"
    ),
    "not-principal-account": IAM_SIMULATE["not-principal-account"],
}

# By what a judge's error begins with.
ERRORS = {
    "IndexError": Cause('the resource "*" ends it', RESOURCE + ': "*" is the resource of actions that have none'),
    "TypeError: can't compare offset-naive": Cause(
        "a date without a time ends it", OPERATORS + ", date condition operators: W3C"
    ),
}


class Mistaken(Evaluator):
    """The evaluator with some of a judge's mistakes."""

    def __init__(self, request, mistakes):
        super().__init__(request)
        self.mistakes = mistakes

    def has(self, mistake):
        return mistake in self.mistakes

    def spared(self, everyone, account, own, session):
        spared = super().spared(everyone, account, own, session)
        if self.has("boundary-not-principal") and self.case.get("boundary") is not None:
            spared = either(everyone, own, session)
        if self.has("not-principal-account") and (
            self.case.get("boundary") is None or self.has("boundary-not-principal")
        ):
            spared = either(spared, account)
        return spared


class IamSimulate(Mistaken):
    def compare(self, operator, wanted, kind, value):
        if self.has("everywhere") and "IpAddress" in operator and wanted.endswith("/0"):
            return False
        return super().compare(operator, wanted, kind, value)

    def condition_holds(self, operator, name, wanted):
        if self.has("null-variable") and "Not" in operator and self.key(name).present:
            if any(not self.expansions(text) for text in wanted):
                return False
        return super().condition_holds(operator, name, wanted)

    def weigh(self, statement):
        excepted = statement.get("NotResource", [])
        if self.has("null-variable") and any(not self.expansions(text) for text in excepted):
            return False
        if self.has("short-arn") and any(text.count(":") < 5 for text in excepted):
            return False
        return super().weigh(statement)


class PrincipalMapper(Mistaken):
    def condition_holds(self, operator, name, wanted):
        present = self.key(name).present
        prefix, _, bare = operator.rpartition(":")
        if_exists, bare = bare.endswith("IfExists"), bare.removesuffix("IfExists")
        if self.has("if-exists") and if_exists:
            if bare == "IpAddress":
                return super().condition_holds("NotIpAddress", name, wanted)
            if present and bare.startswith(("Numeric", "Date")):
                return False
        if self.has("not-like-absent") and operator == "StringNotLike" and not present:
            return False
        if self.has("bool-case") and bare == "Bool":
            wanted = [text for text in wanted if text in ("true", "false")]
        if self.has("first-date") and bare.startswith(("DateLess", "DateGreater")):
            wanted = wanted[:1]
        if self.has("any-negated") and prefix == "ForAnyValue" and "Not" in bare:
            return both(present, super().condition_holds("ForAllValues:" + bare, name, wanted))
        return super().condition_holds(operator, name, wanted)

    def conditions_hold(self, statement):
        if not self.has("one-any"):
            return super().conditions_hold(statement)
        rows = statement.get("Condition", {}).items()
        return both(
            *[
                (either if operator.startswith("ForAnyValue") else both)(
                    *[self.condition_holds(operator, key, values) for key, values in keys.items()]
                )
                for operator, keys in rows
            ]
        )

    def text_holds(self, wanted, value, wildcards, ignore_case):
        if self.has("condition-variables"):
            return text_matches(pattern_of(wanted, wildcards), value, ignore_case)
        return super().text_holds(wanted, value, wildcards, ignore_case)

    def compare(self, operator, wanted, kind, value):
        if self.has("arn-text") and operator.startswith("Arn"):
            return text_matches(pattern_of(wanted), value, ignore_case=True)
        return super().compare(operator, wanted, kind, value)

    def expansions(self, text, wildcards=True):
        if not self.has("resource-variables"):
            return super().expansions(text, wildcards)

        def replaced(match):
            values = self.key(match.group(1)).values
            return values[0][1] if len(values) == 1 and match.group(2) is None else match.group(0)

        return [(True, pattern_of(VARIABLE.sub(replaced, text), wildcards))]

    def resource_holds(self, wanted):
        if self.has("resource-case"):
            return either(
                *[text_matches(p, self.request.resource, ignore_case=True) for _, p in self.expansions(wanted)]
            )
        return super().resource_holds(wanted)

    def is_session(self, value):
        return False if self.has("no-sessions") else super().is_session(value)

    def named(self, statement):
        account, role, itself = super().named(statement)
        listed = statement.get("Principal")
        if self.has("everyone-account") and isinstance(listed, dict) and listed.get("AWS") == "*":
            return True, False, False
        if self.has("role-unbounded"):
            return account, False, either(role, itself)
        return account, role, itself

    def resource_decides(self):
        if self.has("iam-decides"):
            return "policy" in self.case and self.case["resource"].split(":")[2:3] in (["iam"], ["kms"])
        return super().resource_decides()


JUDGES = {
    "iam-simulate": (IamSimulate, IAM_SIMULATE),
    "principal-mapper": (PrincipalMapper, PRINCIPAL_MAPPER),
}


def cause_of(judge, case, carried, answer):
    """The name of the mistake that explains a judge's answer; "several" of them; None when nothing does."""
    evaluator, mistakes = JUDGES[judge]
    if answer["answer"] == "error":
        return next((name for name in ERRORS if answer["text"].startswith(name)), None)
    for name in [*mistakes, "several"]:
        made = set(mistakes) if name == "several" else {name}
        if answer["answer"] in decide(case, carried, functools.partial(evaluator, mistakes=made)):
            return name
    return None
