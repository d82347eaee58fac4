# SPDX-License-Identifier: Apache-2.0
"""The commands of remedies exist: botocore's models know each service, operation and option. Those of the catalogue, and
those that findings on testdata/facts and testdata/permissions make of what they found."""

import copy
import json
import re
import shlex
import subprocess

import pytest
from botocore import xform_name
from botocore.session import Session
from conftest import BINARY, ROOT

SERVICES = {"s3api": "s3"}
# What the AWS command line adds to the API's parameters: to every command, and to these.
EVERYWHERE = {"region"}
SHORTHAND = {"protocol", "port", "cidr", "source-group"}
ADDED = {
    ("ec2", "authorize-security-group-ingress"): SHORTHAND, ("ec2", "authorize-security-group-egress"): SHORTHAND,
    ("ec2", "revoke-security-group-ingress"): SHORTHAND,
}
SESSION = Session()


def commands(remedy: str) -> list[list[str]]:
    """Words of each AWS command in a remedy, without redirections and what stands behind a comment sign; prose has none."""
    pasted = remedy.partition("   #")[0].replace(" >/dev/null 2>&1", "")
    found = [text.removeprefix("(").removesuffix(")") for text in re.split(r" && | \|\| ", pasted)]
    return [shlex.split(text)[1:] for text in found if text.startswith("aws ")]


def options_of(service: str, operation: str) -> set[str]:
    model = SESSION.get_service_model(SERVICES.get(service, service))
    names = {xform_name(name, "-"): name for name in model.operation_names}
    assert operation in names, f"aws {service} {operation}"
    shape = model.operation_model(names[operation]).input_shape
    members = shape.members if shape else {}
    known = {xform_name(name, "-") for name in members}
    known |= {f"no-{xform_name(name, '-')}" for name, member in members.items()
              if member.type_name == "boolean" or set(getattr(member, "members", ())) == {"Value"}}
    return known | EVERYWHERE | ADDED.get((service, operation), set())


def check(words: list[str]) -> None:
    service, operation, *rest = words
    if service == "s3" and operation in ("cp", "mb", "rb"):
        return  # of the command line alone
    given = {word[2:] for word in rest if word.startswith("--")}
    assert given <= options_of(service, operation), f"aws {' '.join(words)}"


def test_the_catalogues_remedies_are_commands_that_exist():
    done = subprocess.run([str(BINARY), "checks", "-o", "json"], check=True, capture_output=True, text=True, env={})
    seen = 0
    for row in json.loads(done.stdout):
        plain = re.sub(r"<(--[a-z-]+) [^>]*>", r"\1", re.sub(r"<[^-][^>]*>", "x", row["remedy"]))
        for words in commands(plain):
            check(words)
            seen += 1
    assert seen > 30


def change(document: dict, steps: list[dict]) -> dict:
    """testdata/facts: JSON Patch, and "document", which puts a value in as text."""
    document = copy.deepcopy(document)
    for step in steps:
        *path, last = step["path"].split("/")[1:]
        node = document
        for name in path:
            node = node[int(name)] if isinstance(node, list) else node[name]
        value = json.dumps(step["value"]) if step["op"] == "document" else step.get("value")
        if isinstance(node, list) and last == "-":
            node.append(value)
            continue
        key = int(last) if isinstance(node, list) else last
        if step["op"] == "remove":
            del node[key]
        else:
            node[key] = value
    return document


def good(kind: str) -> dict:
    document = json.loads((ROOT / f"testdata/facts/good-{kind}.json").read_text())
    if "base" not in document:
        return document
    under = json.loads((ROOT / "testdata/facts" / document["base"]).read_text())
    return under | {"cloud": document.get("cloud", under["cloud"]), "facts": under["facts"] | document["facts"]}


CASES = [*sorted((ROOT / "testdata/facts/mutations").glob("*.json")), ROOT / "testdata/permissions/cases.json"]
CHANGES = [row for path in CASES for row in json.loads(path.read_text()) if "remedy" in row]


@pytest.mark.parametrize("row", CHANGES, ids=lambda row: row["name"])
def test_remedies_made_of_what_was_found_are_commands_that_exist(tmp_path, row):
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(change(good(row["base"]), row["change"])))
    done = subprocess.run([str(BINARY), "verify", "--facts", str(path), "-o", "json"], capture_output=True, text=True,
                          env={"HOME": str(tmp_path)}, timeout=60)
    findings = {finding["check"]: finding for finding in json.loads(done.stdout)["findings"]}
    for name, remedy in row["remedy"].items():
        assert findings[name]["remedy"] == remedy
        for words in commands(remedy):
            check(words)
            assert findings[name]["remedy_kind"] != "fix" or not any("<" in word for word in words)
