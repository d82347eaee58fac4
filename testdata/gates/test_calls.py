# SPDX-License-Identifier: Apache-2.0
"""Gate: calls that C code here does not make, because they cannot be bounded, guess at errors, run a shell, or reach
for the outside world past the parameter that stands for it (base/world.h)."""

import re

from tree import c_files, read, report, without_comments_and_literals

NEVER = """
    alloca asctime asctime_r atof atoi atol atoll ctime ctime_r gets gmtime localtime mktemp popen rand rand_r
    scanf fscanf sscanf vscanf vfscanf vsscanf sprintf vsprintf stpcpy strcat strcpy strncat strncpy
    strdupa strndupa strtod strtof strtok strtol strtold strtoll strtoul strtoull system tempnam tmpnam umask
""".split()

# The world comes in as a parameter; these are called by what fills it in, and by tests, which replace it.
WORLD = """
    arc4random clock_gettime clock gettimeofday getenv secure_getenv getrandom getentropy isatty rand random srand
    srandom time RAND_bytes
""".split()

# What makes the real world, and tests, which replace it.
WORLD_FILES = re.compile(r"^cmd/real_world\.c$|_test\.c$|_test_[a-z_]+\.c$|_fuzz\.c$")

CALL = re.compile(r"(?<![\w.])(?<!->)([A-Za-z_]\w*)[ \t]*\(")


def calls(text):
    """(line number, name) of everything that looks like a call of a function, not of a member."""
    for number, line in enumerate(without_comments_and_literals(text).split("\n"), 1):
        for match in CALL.finditer(line):
            yield number, match[1]


def banned_calls(path, text):
    banned = set(NEVER)
    if not WORLD_FILES.search(path.as_posix()):
        banned |= set(WORLD)
    return [f"{path}:{number}: {name}()" for number, name in calls(text) if name in banned]


def test_no_banned_call():
    findings = [finding for path in c_files() for finding in banned_calls(path, read(path))]
    assert not findings, report("banned calls (testdata/gates/test_calls.py says which and why)", findings)


def test_calls_are_told_from_members_comments_and_literals():
    text = 'a = world->time(w); /* strcpy(a) */ b = "atoi(x)";\nc = s.random(1);\n\td = strtol (x);\n'
    assert list(calls(text)) == [(3, "strtol")]
