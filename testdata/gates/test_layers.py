# SPDX-License-Identifier: Apache-2.0
"""Gate: includes follow the arrows of the architecture, are written from the root, and outside libraries stay where
their one user is."""

import re
from pathlib import Path

from tree import ROOT, c_files, program_files, read, report

MAY_INCLUDE = {
    "base": {"base"},
    "verify": {"verify", "base"},
    "providers": {"providers", "verify", "base"},
    "ui": {"ui", "base"},
    "cmd": {"cmd", "ui", "providers", "verify", "base"},
}
# Rooms of providers, longest path first: what of providers they may include.
ROOMS = {
    "providers/aws/iam": {"providers/aws/iam"},
    "providers/aws/client": {"providers/aws/client", "providers/aws/credentials", "providers/net"},
    "providers/aws/credentials": {"providers/aws/client", "providers/aws/credentials", "providers/net"},
    "providers/aws/cloud": {
        "providers/aws",
        "providers/records",
        "providers/functional.h",
        "providers/provider.h",
        "providers/run.h",
        "providers/steps.h",
        "providers/waiter.h",
    },
    "providers/net": {"providers/net"},
    "providers/records": {"providers/records"},
}
# Files outside providers/aws that know AWS. What a command does with AWS belongs into the provider: this list only
# gets shorter. Tests may look at anything.
KNOW_AWS = set("""
    cmd/built_in.h
""".split())

# First part of a library's header: the folders that know the library.
LIBRARY_FOLDERS = {
    "curses": {"ui"},
    "ncurses": {"ui"},
    "curl": {"providers"},
    "expat": {"providers"},
    "openssl": {"providers", "cmd"},  # cmd makes the world's random bytes
}

OWN = re.compile(r'^[ \t]*#[ \t]*include[ \t]+"([^"]*)"', re.MULTILINE)
LIBRARY = re.compile(r"^[ \t]*#[ \t]*include[ \t]+<([a-z]+)[^>]*>", re.MULTILINE)


def broken_arrows(folder, included):
    """Why a file of the folder may not include that; None when it may."""
    target = included.split("/", 1)[0]
    if target not in MAY_INCLUDE or not (ROOT / included).is_file():
        return "is not a file named from the root"
    if target not in MAY_INCLUDE[folder]:
        return f"{folder} may include only {', '.join(sorted(MAY_INCLUDE[folder]))}"
    return None


def broken_walls(path, included):
    """Why a file of a room may not include another room's; None when it may."""
    room = next((room for room in ROOMS if path.is_relative_to(room)), None)
    if room is None or not included.startswith("providers/"):
        return None
    if not any(included == allowed or included.startswith(allowed + "/") for allowed in ROOMS[room]):
        return f"{room} may include only {', '.join(sorted(ROOMS[room]))} of providers"
    return None


def test_includes_follow_the_arrows():
    findings = []
    for path in c_files():
        for included in OWN.findall(read(path)):
            problem = broken_arrows(path.parts[0], included) or broken_walls(path, included)
            if problem:
                findings.append(f'{path}: "{included}": {problem}')
    assert not findings, report("includes against the layers (docs/architecture.md)", findings)


def test_the_provider_is_known_where_it_is_named():
    knowing = {
        path.as_posix()
        for path in program_files()
        if not path.is_relative_to("providers/aws")
        and any(included.startswith("providers/aws/") for included in OWN.findall(read(path)))
    }
    more, fewer = sorted(knowing - KNOW_AWS), sorted(KNOW_AWS - knowing)
    assert not more, report("these include providers/aws and are not in KNOW_AWS (testdata/gates/test_layers.py)", more)
    assert not fewer, report("these know AWS no longer: take them out of KNOW_AWS", fewer)


def test_libraries_stay_in_their_folder():
    findings = []
    for path in c_files():
        for library in LIBRARY.findall(read(path)):
            allowed = LIBRARY_FOLDERS.get(library)
            if allowed and path.parts[0] not in allowed and not path.stem.endswith(("_test", "_fuzz")):
                findings.append(f"{path}: <{library}…> belongs in {', '.join(sorted(allowed))}")
    assert not findings, report("libraries outside their folder", findings)


def test_a_forbidden_arrow_is_seen():
    assert broken_arrows("ui", "verify/check.h")
    assert broken_arrows("base", "error.h")
    assert broken_arrows("verify", "base/error.h") is None
    assert broken_walls(Path("providers/records/cloud.c"), "providers/aws/iam/arn.h")
    assert broken_walls(Path("providers/aws/iam/arn.c"), "providers/aws/client/aws.h")
    assert broken_walls(Path("providers/aws/cloud/stack.c"), "providers/aws/client/aws.h") is None
