# SPDX-License-Identifier: Apache-2.0
"""The clouds of testdata/facts, the changes to them, and what `cloudctl verify --facts` makes of each."""

import copy
import json
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("CLOUDCTL", ROOT / "build/dev/cloudctl"))
FACTS = ROOT / "testdata/facts"


def read(path: Path):
    return json.loads(path.read_text())


def good(kind: str) -> dict:
    """A good cloud. A file with "base" holds only what it replaces in that other file."""
    document = read(FACTS / f"good-{kind}.json")
    if "base" not in document:
        return document
    under = read(FACTS / document["base"])
    under["cloud"] = document.get("cloud", under["cloud"])
    under["facts"].update(document["facts"])
    return under


def step(node, name: str):
    return node[int(name)] if isinstance(node, list) else node[name]


def changed(document: dict, changes: list[dict]) -> dict:
    """The document with these changes: JSON Patch, and "document", a value as JSON text."""
    for change in changes:
        *path, last = change["path"][1:].split("/")
        node = document
        for name in path:
            node = step(node, name)
        value = copy.deepcopy(change.get("value"))
        if change["op"] == "document":
            value = json.dumps(value)
        if change["op"] == "remove":
            del node[int(last) if isinstance(node, list) else last]
        elif isinstance(node, list) and last == "-":
            node.append(value)
        else:
            node[int(last) if isinstance(node, list) else last] = value
    return document


def cases() -> dict[str, dict]:
    """All of them, facts by name."""
    kinds = sorted(path.stem.removeprefix("good-") for path in FACTS.glob("good-*.json"))
    found = {f"good: {kind}": good(kind) for kind in kinds}
    for path in [*sorted((FACTS / "mutations").glob("*.json")), ROOT / "testdata/permissions/cases.json"]:
        for case in read(path):
            found[f"{path.stem}: {case['name']}"] = changed(good(case["base"]), case["change"])
    return found


def cloudctl(home: Path, *words: str) -> subprocess.CompletedProcess:
    """Offline, in a home of its own, with nothing of whoever runs the tests."""
    return subprocess.run([str(BINARY), *words], capture_output=True, text=True, check=False, timeout=60,
                          env={"HOME": str(home), "PATH": os.environ["PATH"]})


class Run:
    """One verify of facts in lines, and the events it was made from."""

    def __init__(self, home: Path, document: dict, *options: str):
        facts, events = home / "facts.json", home / "events"
        facts.write_text(json.dumps(document))
        self.done = cloudctl(home, "verify", "--facts", str(facts), "--events", str(events), *options)
        self.events = [json.loads(line) for line in events.read_text().splitlines()[1:]]
        self.findings = [event for event in self.events if event["kind"] == "finding"]
