# SPDX-License-Identifier: Apache-2.0
"""Gate: a message is one string in the source, however long, so that it can be read and searched for. A string goes on
in the next line only after a line end of what is printed, or in a list of IAM actions or condition keys."""

import re

from tree import line_of, program_files, read, report, without_comments

STRING = r'"((?:\\.|[^"\\\n])*)"'
CUT = re.compile(rf"{STRING}\s*\n\s*(?={STRING})")
ACTIONS = re.compile(r"(?: ?[a-z0-9.-]+:[\w*/:.-]+ ?)+")


def cut_strings(text):
    """(line number, end of the line) for each string that goes on in the next line in the middle of a sentence."""
    text = without_comments(text)
    for match in CUT.finditer(text):
        first, second = match[1], match[2]
        if not first.endswith("\\n") and not (ACTIONS.fullmatch(first) and ACTIONS.fullmatch(second)):
            yield line_of(text, match.start()), first[-40:]


def test_no_string_is_cut_in_a_sentence():
    findings = [
        f'{path}:{number}: …{end}"' for path in program_files() for number, end in cut_strings(read(path))
    ]
    assert not findings, report("strings cut in mid-sentence: put them on one line, it may be long", findings)


def test_lines_of_text_and_lists_of_actions_may_be_cut():
    assert not list(cut_strings('"usage:\\n"\n"  a\\n"\n"b";\n"ec2:Run* iam:PassRole "\n\t"kms:Decrypt";\n{"a",\n"b"}\n'))
    assert list(cut_strings('x = "needs "\n\t"%s " /* a "comment" */\n\t"now";\n')) == [(1, "needs "), (2, "%s ")]
