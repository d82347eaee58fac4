# SPDX-License-Identifier: Apache-2.0
"""Truth that may be a Python boolean or a formula of z3, and texts, known or not, against patterns.

As long as everything is known no formula is built, so that one evaluator serves both kinds of cases. A pattern is a
tuple of elements: a character, the two cases of a letter ("aA"), ANY ('*') and ONE ('?'), and the last two where they
must not match a colon.
"""

import functools

import z3

ANY, ONE, ANY_IN_FIELD, ONE_IN_FIELD = "*any", "?one", "*in a field", "?in a field"
IN_FIELD = {ANY: ANY_IN_FIELD, ONE: ONE_IN_FIELD}
REPEATED = (ANY, ANY_IN_FIELD)
ELSE = "\x7f"  # stands for every character that no pattern names


def both(*parts):
    if any(part is False for part in parts):
        return False
    parts = [part for part in parts if part is not True]
    return z3.And(*parts) if len(parts) > 1 else parts[0] if parts else True


def either(*parts):
    if any(part is True for part in parts):
        return True
    parts = [part for part in parts if part is not False]
    return z3.Or(*parts) if len(parts) > 1 else parts[0] if parts else False


def negation(part):
    return (not part) if isinstance(part, bool) else z3.Not(part)


def pattern_of(text, wildcards=True):
    """The pattern of a text without variables."""
    kinds = {"*": ANY, "?": ONE} if wildcards else {}
    return tuple(kinds.get(character, character) for character in text)


def fields_of(pattern):
    """An ARN's six fields; fewer where it has fewer colons."""
    fields = [[]]
    for element in pattern:
        if element == ":" and len(fields) < 6:
            fields.append([])
        else:
            fields[-1].append(element)
    return fields


def by_field(pattern):
    """The pattern whose wildcards stay in their field of an ARN; None where it has not all six."""
    fields = fields_of(pattern)
    if len(fields) < 6:
        return None
    return tuple(
        element for field in fields[:5] for element in (*[IN_FIELD.get(element, element) for element in field], ":")
    ) + tuple(fields[5])


@functools.lru_cache(maxsize=None)
def _step(pattern, states, character):
    """The places in the pattern after one more character of the text."""
    after = set()
    for place in states:
        if place == len(pattern):
            continue
        element = pattern[place]
        if element in (ANY, ONE) or (element in (ANY_IN_FIELD, ONE_IN_FIELD) and character != ":"):
            after.add(place if element in REPEATED else place + 1)
        elif character in element and len(element) <= 2:
            after.add(place + 1)
    return _spread(pattern, after)


def _spread(pattern, places):
    """A '*' may match nothing."""
    result = set()
    for place in places:
        result.add(place)
        while place < len(pattern) and pattern[place] in REPEATED:
            place += 1
            result.add(place)
    return frozenset(result)


def _accepts(pattern, text):
    states = _spread(pattern, {0})
    for character in text:
        states = _step(pattern, states, character)
    return len(pattern) in states


@functools.lru_cache(maxsize=None)
def satisfiable(domain, patterns):
    """Of the texts that domain matches: which patterns can match together? Every answer, as tuples of booleans."""
    named = {
        letter for pattern in (domain, *patterns) for element in pattern if len(element) <= 2 for letter in element
    }
    alphabet = sorted(named | {":", ELSE})
    everything = (domain, *patterns)
    start = tuple(_spread(pattern, {0}) for pattern in everything)
    seen, waiting, found = {start}, [start], set()
    while waiting:
        states = waiting.pop()
        if len(domain) in states[0]:
            found.add(tuple(len(pattern) in places for pattern, places in zip(patterns, states[1:])))
        for character in alphabet:
            after = tuple(_step(pattern, places, character) for pattern, places in zip(everything, states))
            if after[0] and after not in seen:
                seen.add(after)
                waiting.append(after)
    return sorted(found)


class Text:
    """A text that is not known, or goes on after a beginning; each test of it becomes a boolean variable."""

    def __init__(self, name, beginning="", colons=True):
        """colons: may what is not known contain one?"""
        self.name, self.beginning = name, beginning
        rest = (ONE, ANY) if colons else (ONE_IN_FIELD, ANY_IN_FIELD)
        self.domain = (*beginning, *rest) if beginning else (ANY,)
        self.tests = {}

    def matches(self, pattern):
        return self.tests.setdefault(pattern, z3.Bool(f"{self.name} like {len(self.tests)}"))

    def constraint(self):
        """Which outcomes of the tests are possible together."""
        if not self.tests:
            return True
        variables = list(self.tests.values())
        rows = satisfiable(self.domain, tuple(self.tests))
        return either(*[both(*[v if truth else negation(v) for v, truth in zip(variables, row)]) for row in rows])


def text_matches(pattern, value, ignore_case=False):
    """Does the pattern match the whole value? Wildcards reach over anything."""
    if isinstance(value, Text):
        return _ignoring_case(pattern, value) if ignore_case else value.matches(pattern)
    if ignore_case:
        pattern, value = tuple(lower(element) for element in pattern), value.lower()
    return _accepts(pattern, value)


def lower(element):
    return element.lower() if len(element) == 1 else element


def arn_matches(pattern, value):
    """The six components of an ARN, each by itself."""
    pattern = by_field(pattern)
    return pattern is not None and text_matches(pattern, value)


def _ignoring_case(pattern, value):
    pairs = (element.lower() + element.upper() if len(element) == 1 else element for element in pattern)
    return value.matches(tuple(pair[0] if pair[0] == pair[-1] else pair for pair in pairs))
