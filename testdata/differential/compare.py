# SPDX-License-Identifier: Apache-2.0
"""Many cases through the program and its judges: what they agree on, and the cause of each disagreement."""

import collections
import functools

import judges
from causes import cause_of
from generate import ACTIONS, Generator
from reference import Evaluator, decide, outcomes
from request import Request
from trust import QUESTIONS, ROLE, TrustGenerator, right_answer

UNEXPLAINED = "unexplained"


class Report:
    """Counts of one comparison: (who, what came of it): how often. And the cases that nothing explains."""

    def __init__(self, title):
        self.title, self.counts, self.unexplained = title, collections.Counter(), []

    def count(self, who, what):
        self.counts[who, what] += 1

    def blame(self, who, cause, *evidence):
        self.count(who, cause or UNEXPLAINED)
        if cause is None:
            self.unexplained.append((who, *evidence))

    def total(self, who):
        return sum(count for (name, _), count in self.counts.items() if name == who)

    def share(self, who, what):
        """Of all that who was asked; what: the beginning of a word."""
        return sum(
            n for (name, word), n in self.counts.items() if name == who and word.startswith(what)
        ) / self.total(who)

    def __repr__(self):
        lines = [self.title]
        for (who, what), count in sorted(self.counts.items(), key=lambda row: (row[0][0], -row[1])):
            lines.append(f"  {who:17} {count:7}  {what}")
        return "\n".join(lines)


@functools.lru_cache(maxsize=None)
def carried_keys():
    pairs = {
        (action, resource): True for action, whole, partial, _ in ACTIONS for resource in (whole, partial) if resource
    }
    return judges.Carried([*pairs, ("sts:AssumeRole", ROLE)])


def cases_of(seed, count, complete):
    return [Generator(f"{seed}/{number}", carried_keys()).case(complete) for number in range(count)]


def compare_complete(seed, count):
    """Requests of which everything is known: the program and two judges against the documentation."""
    report, carried = Report(f"complete requests, seed {seed}"), carried_keys()
    cases = cases_of(seed, count, complete=True)
    answers = {
        "cloudctl": judges.cloudctl(cases),
        "iam-simulate": judges.iam_simulate(cases),
        "principal-mapper": judges.principal_mapper(cases),
    }
    for number, case in enumerate(cases):
        right = decide(case, carried)
        for who, given in answers.items():
            answer = given[number]
            if who == "cloudctl":
                judge_cloudctl(report, case, right, answer)
            elif len(right) == 2:
                report.count(who, "left open by the documentation")
            elif right == {answer["answer"]}:
                report.count(who, "right")
            else:
                report.blame(who, cause_of(who, case, carried, answer), case, right, answer)
    return report


def compare_open(seed, count):
    """Requests of which something is unknown: "maybe" is right exactly when there are completions of both kinds."""
    report = Report(f"open requests, seed {seed}")
    cases = cases_of(seed, count, complete=False)
    for case, answer in zip(cases, judges.cloudctl(cases)):
        judge_cloudctl(report, case, decide(case, carried_keys()), answer)
    return report


def judge_cloudctl(report, case, right, answer):
    given = answer["answer"]
    if right == {given}:
        report.count("cloudctl", "right")
    elif given != "maybe":
        report.blame("cloudctl", None, case, right, answer)
    elif len(right) == 2:
        report.count("cloudctl", "right maybe")
    else:
        report.count("cloudctl", "needless maybe: " + why_needless(case))


class AnyCaller(Evaluator):
    """Without the knowledge that a user is never a role's session."""

    def is_session(self, value):
        return self.request.session.matches(tuple(value)) if ":user/" in self.caller else super().is_session(value)


def why_needless(case):
    """Which knowledge that the judge has decides it."""

    def is_open(carried, evaluator=Evaluator, **relaxed):
        request = Request(case, carried, **relaxed)
        return len(outcomes(evaluator(request).allowed(), request.everything())) == 2

    listed = functools.partial(carried_keys(), case["action"], case["resource"])
    if is_open(lambda key: True):
        return "a key that the request never carries"
    if is_open(listed, always=frozenset()):
        return "a key that every request carries"
    if is_open(listed, timeless=True):
        return "a date that has passed"
    if is_open(listed, AnyCaller):
        return "a user is no role's session"
    return "conditions that exclude or complement each other"


def compare_trust(seed, count):
    """Questions to trust policies."""
    report, carried = Report(f"trust policies, seed {seed}"), carried_keys()
    cases = [TrustGenerator(f"{seed}/{number}").case() for number in range(count)]
    for case, answers in zip(cases, judges.cloudctl(cases)):
        for question in QUESTIONS:
            right, given = right_answer(case, question, carried), answers[question]
            if given == right:
                report.count(question, "right maybe" if right == "maybe" else "right")
            elif given == "maybe":
                report.count(question, "needless maybe")
            else:
                report.blame(question, None, case, right, answers)
    return report
