# SPDX-License-Identifier: Apache-2.0
"""A second way of deciding, written from AWS's documentation: a case becomes a formula over what is unknown in it.

IAM User Guide: "Policy evaluation logic", "Cross-account policy evaluation logic", "IAM JSON policy elements:
Condition operators", "Multivalued context keys", "IAM policy elements: Variables and tags", "IAM JSON policy elements:
Resource", "AWS JSON policy elements: NotPrincipal", "Permissions boundaries for IAM entities".
"""

import re

import z3

from logic import ANY, ONE, arn_matches, both, either, fields_of, negation, pattern_of, text_matches
from request import READERS, Request

ROLE = "arn:aws:iam::111122223333:role/app"
VARIABLE = re.compile(r"\$\{\s*([^},]*?)\s*(?:,\s*'([^}]*)'\s*)?\}")
ENDINGS = ("", "red", "app", "home/app")  # of an unknown value that a pattern has as a variable
ACCOUNT, BY_ROLE, ITSELF = range(3)  # by which name a resource's policy speaks of the caller


def as_list(value):
    return value if isinstance(value, list) else [value]


class Evaluator:
    """One request and its policies: Python's booleans where all is known, else formulas of z3."""

    def __init__(self, request):
        self.request = request
        self.case = request.case
        self.caller = self.case.get("role", ROLE)
        self.account = self.caller.split(":")[4]

    def key(self, name):
        return self.request.key(name)

    # -- patterns

    def expansions(self, text, wildcards=True):
        """The patterns that a text with variables may stand for: (under which condition, pattern)."""
        results, at = [(True, ())], 0
        for match in VARIABLE.finditer(text):
            literal = pattern_of(text[at : match.start()], wildcards)
            values = self.variable(match.group(1), match.group(2))
            results = [
                (both(guard, holds), done + literal + tuple(value))
                for guard, done in results
                for holds, value in values
            ]
            at = match.end()
        rest = pattern_of(text[at:], wildcards)
        return [(guard, done + rest) for guard, done in results if guard is not False]

    def variable(self, name, default):
        """A variable's possible values. Without a value and a default the text matches nothing."""
        if name in ("*", "?", "$"):
            return [(True, name)]
        key = self.key(name)
        values = [(negation(key.present), default)] if default is not None and key.present is not True else []
        for has, value in key.values:
            if isinstance(value, str):
                values.append((has, value))
            else:  # one of a few, so that the pattern stays a regular expression
                candidates = [value.beginning + end for end in ENDINGS if end or not value.beginning]
                chosen = [value.matches(tuple(text)) for text in candidates]
                self.request.constraints.append(either(negation(key.present), *chosen))
                values += [(both(key.present, holds), text) for holds, text in zip(chosen, candidates)]
        return values

    def text_holds(self, wanted, value, wildcards, ignore_case):
        return either(
            *[
                both(guard, text_matches(pattern, value, ignore_case))
                for guard, pattern in self.expansions(wanted, wildcards)
            ]
        )

    def resource_holds(self, wanted):
        value = self.request.resource
        results = []
        for guard, pattern in self.expansions(wanted):
            holds = text_matches(pattern, value)
            if not runs_on(pattern):
                over = self.request.left_open("wildcards over colons")
                holds = either(arn_matches(pattern, value), both(over, holds))
            results.append(both(guard, holds))
        return either(*results)

    # -- conditions

    def compare(self, operator, wanted, kind, value):
        """One value of a policy with one of the request."""
        name = operator.replace("Not", "")
        if name.startswith("String"):
            return self.text_holds(wanted, value, "Like" in name, "IgnoreCase" in name)
        if name.startswith("Arn"):
            return either(*[both(guard, arn_matches(pattern, value)) for guard, pattern in self.expansions(wanted)])
        if name == "Bool":
            return value == (wanted.lower() == "true")
        if name == "IpAddress":
            base, _, length = wanted.partition("/")
            shift = 32 - int(length or 32)
            base = READERS["address"](base)
            if isinstance(value, int):
                return value >> shift == base >> shift
            return True if shift == 32 else z3.LShR(value, shift) == base >> shift
        limit = READERS[kind](wanted)
        if not isinstance(value, (int, float)):
            limit = z3.RealVal(limit) if isinstance(limit, float) else limit
        return {
            "Equals": lambda: value == limit,
            "LessThan": lambda: value < limit,
            "LessThanEquals": lambda: value <= limit,
            "GreaterThan": lambda: value > limit,
            "GreaterThanEquals": lambda: value >= limit,
        }[name.replace("Numeric", "").replace("Date", "")]()

    def condition_holds(self, operator, name, wanted):
        key = self.key(name)
        if operator == "Null":
            return either(*[negation(key.present) if text.lower() == "true" else key.present for text in wanted])
        prefix, _, bare = operator.rpartition(":")
        if_exists = bare.endswith("IfExists")
        bare = bare.removesuffix("IfExists")
        negated = "Not" in bare

        def holds(value):
            found = either(*[self.compare(bare, text, key.kind, value) for text in wanted])
            return negation(found) if negated else found

        members = [(has, holds(value)) for has, value in key.values]
        some = either(*[both(has, truth) for has, truth in members])
        every = both(*[either(negation(has), truth) for has, truth in members])
        if prefix == "ForAllValues":
            return either(negation(key.present), every)
        if prefix == "ForAnyValue":
            absent = self.request.left_open("ForAnyValue with IfExists, no value") if if_exists else False
            return either(both(key.present, some), both(negation(key.present), absent))
        absent = if_exists or negated
        if key.kind == "list":  # an operator for one value on a key that has several
            several = self.request.left_open("a key with several values under a plain operator")
            some = either(both(some, every), both(some, several))
        return either(both(key.present, some), both(negation(key.present), absent))

    def conditions_hold(self, statement):
        return both(
            *[
                self.condition_holds(operator, key, as_list(values))
                for operator, keys in statement.get("Condition", {}).items()
                for key, values in keys.items()
            ]
        )

    # -- statements

    def weigh(self, statement):
        """Does it speak of the action, the resource and the context?"""
        action = self.case["action"]
        patterns = as_list(statement.get("Action", statement.get("NotAction")))
        named = any(text_matches(pattern_of(pattern), action, ignore_case=True) for pattern in patterns)
        if named == ("NotAction" in statement):
            return False
        resources = as_list(statement.get("Resource", statement.get("NotResource", [])))
        covered = either(*[self.resource_holds(pattern) for pattern in resources]) if resources else True
        if "NotResource" in statement:
            covered = negation(covered)
        return both(covered, self.conditions_hold(statement))

    def is_account(self, value):
        return value in (self.account, f"arn:aws:iam::{self.account}:root")

    def is_session(self, value):
        match = re.fullmatch(r"arn:aws:sts::(\d+):assumed-role/([^/]+)/(.+)", value)
        if not match or ":role/" not in self.caller:
            return False
        if match.group(1) != self.account or match.group(2) != self.caller.rsplit("/", 1)[1]:
            return False
        session = self.case.get("session")
        return session == match.group(3) if session else self.request.session.matches(tuple(match.group(3)))

    def named(self, statement):
        """By account, by the role, by itself: does the statement speak of the caller so?"""
        elements = statement.get("Principal", statement.get("NotPrincipal"))
        values = ["*"] if elements == "*" else as_list(elements.get("AWS", []))
        everyone = "*" in values
        account = any(self.is_account(value) for value in values)
        own = self.caller in values
        session = either(*[self.is_session(value) for value in values])
        is_role = ":role/" in self.caller
        if "Principal" in statement:
            return account, own and is_role, either(everyone, own and not is_role, session)
        return False, False, negation(self.spared(everyone, account, own, session))

    def spared(self, everyone, account, own, session):
        """Does a Deny with NotPrincipal that lists the caller so spare it?"""
        if self.case.get("boundary") is not None:
            return False
        # The account may be looked at first, then the role, then the session: all that are on the way must be listed.
        doubt = self.request.left_open("NotPrincipal without all that are on the way")
        return either(everyone, both(own, account), both(either(own, session), doubt))

    # -- layers

    def resource_decides(self):
        return self.case.get("decides", False)

    def effect(self, layer, effect):
        """The statements of one effect that apply; for a resource's policy, one for each name of the caller."""
        chosen = [statement for statement in self.case.get(layer, []) if statement["Effect"] == effect]
        if layer != "policy":
            return either(*[self.weigh(statement) for statement in chosen])
        totals = [False, False, False]
        for statement in chosen:
            weight = self.weigh(statement)
            if weight is False:
                continue
            for number, named in enumerate(self.named(statement)):
                totals[number] = either(totals[number], both(weight, named))
        return totals

    def allowed(self):
        identity, resource = self.effect("identity", "Allow"), self.effect("policy", "Allow")
        bounds = self.effect("boundary", "Allow") if self.case.get("boundary") is not None else True
        owner = self.case.get("owner")
        if owner and owner != self.account:
            granted = both(identity, either(*resource), bounds)
        else:
            granted = both(identity, resource[ACCOUNT]) if self.resource_decides() else identity
            granted = either(both(either(granted, resource[BY_ROLE]), bounds), resource[ITSELF])
        denied = either(
            self.effect("identity", "Deny"), self.effect("boundary", "Deny"), *self.effect("policy", "Deny")
        )
        return both(granted, negation(denied))


def runs_on(pattern):
    """Are all wildcards of the first five fields asterisks at a field's end, which may reach over colons?"""
    for field in fields_of(pattern)[:5]:
        if ONE in field or any(one == ANY and then != ANY for one, then in zip(field, field[1:])):
            return False
    return True


def outcomes(formula, constraints):
    """What the completions of a case come to: a subset of {"yes", "no"}."""
    if isinstance(formula, bool):
        return {"yes" if formula else "no"}
    solver = z3.Solver()
    solver.set("timeout", 10000)
    solver.add(*constraints)
    found = set()
    for word, goal in (("yes", formula), ("no", z3.Not(formula))):
        solver.push()
        solver.add(goal)
        result = solver.check()
        solver.pop()
        if result == z3.unknown:
            raise TimeoutError(solver.reason_unknown())
        if result == z3.sat:
            found.add(word)
    return found


def decide(case, carried, evaluator=Evaluator):
    """carried: judges.Carried, or its like."""
    request = Request(case, lambda key: carried(case["action"], case["resource"], key))
    formula = evaluator(request).allowed()
    return outcomes(formula, request.everything())
