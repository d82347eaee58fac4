# SPDX-License-Identifier: Apache-2.0
"""Gate: a name means one thing: no file name and no tag of a struct, union or enum is there twice, so that a search
ends in one place and any two headers can be included together."""

import re
from collections import defaultdict

from tree import c_files, program_files, read, report, without_comments_and_literals

TAG = re.compile(r"\b(?:struct|union|enum)\s+([A-Za-z_]\w*)\s*\{")


def twice(pairs):
    """A line for each name that more than one place has, of (name, place) pairs."""
    places = defaultdict(list)
    for name, place in pairs:
        places[name].append(str(place))
    return [f"{name}: {', '.join(sorted(found))}" for name, found in sorted(places.items()) if len(found) > 1]


def tags(text):
    return TAG.findall(without_comments_and_literals(text))


def test_no_file_name_is_there_twice():
    findings = twice({(path.stem, path.parent) for path in c_files()})
    assert not findings, report("file names in more than one folder", findings)


def test_no_tag_is_there_twice():
    findings = twice((tag, path) for path in program_files() for tag in tags(read(path)))
    assert not findings, report("tags of structs, unions and enums defined twice", findings)


def test_a_definition_is_told_from_a_use():
    assert tags("struct a { int b; };\nstruct c *d; enum e\n{ F };\n/* struct g { */ struct h i = { 0 };\n") == ["a", "e"]
    assert twice([("a", "x"), ("b", "x"), ("a", "y")]) == ["a: x, y"]
