# SPDX-License-Identifier: Apache-2.0
"""Prints the tables of docs/control-plane-role.md: the ways that are closed and the needs that are met.

    build/venv/bin/python testdata/e2e/role_tables.py

A test holds the page in step with it.
"""

from __future__ import annotations

import json
import re

from cfnlint.decode import decode
from conftest import ROOT
from role_needs import NEEDS
from role_ways import WAYS

PAGE = ROOT / "docs/control-plane-role.md"


def listed(value) -> list:
    return value if isinstance(value, list) else [value]


def allows() -> dict[str, list[str]]:
    """Action -> Sids of the statements of the template that allow it."""
    role = decode(str(ROOT / "providers/aws/cloud/template.yaml"))[0]["Resources"]["ControlPlaneRole"]
    text = role["Properties"]["Policies"][0]["PolicyDocument"]["Fn::Sub"][0]
    found: dict[str, list[str]] = {}
    for row in json.loads(re.sub(r"\$\{[^}]*\}", "x", text))["Statement"]:
        for action in listed(row["Action"]) if row["Effect"] == "Allow" else ():
            found.setdefault(action, []).append(row["Sid"])
    return found


def ways() -> str:
    rows = [f"| {way.what} | `{way.action}` | {f'`{way.limit}`' if way.limit else 'no statement names it'} |"
            for way in WAYS]
    return "\n".join(["| way | action | refused by |", "|---|---|---|", *rows])


def needs() -> str:
    by_action = allows()
    rows = []
    for need in NEEDS:
        sids = list(dict.fromkeys(sid for action in need.actions for sid in by_action[action]))
        rows.append(f"| {need.what} | {', '.join(f'`{action}`' for action in need.actions)} | "
                    f"{', '.join(f'`{sid}`' for sid in sids)} |")
    return "\n".join(["| need | actions | allowed by |", "|---|---|---|", *rows])


if __name__ == "__main__":
    print(ways(), needs(), sep="\n\n")
