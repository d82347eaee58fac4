# SPDX-License-Identifier: Apache-2.0
"""The template, judged by checkov and by cfn-guard with the rules of AWS Control Tower's proactive controls. What they
find is what exceptions.json argues: a finding that is not there is a failure, and so is an exception without a finding.

The judges do not look into Fn::If, nor into a policy that is text. So they are given two templates without either: one
has what each condition adds, the other what it leaves."""

import copy
import json
import platform
import re
import subprocess
from pathlib import Path

import pytest

from test_roles import document

ROOT = Path(__file__).resolve().parents[2]
GUARD = ROOT / "build/node-template/node_modules/@cdklabs/cdk-validator-cfnguard"
EXCEPTIONS = json.loads(Path(__file__).with_name("exceptions.json").read_text())
NO_VALUE = {"Ref": "AWS::NoValue"}
# Rules of Control Tower that judge something in the template, at the least.
RULES_MIN = 15


def resolved(value, branch):
    """A copy in which each Fn::If is its branch: 1, what holds with the condition, or 2, without."""
    if isinstance(value, dict) and "Fn::If" in value:
        return resolved(value["Fn::If"][branch], branch)
    if isinstance(value, dict):
        pairs = ((key, resolved(entry, branch)) for key, entry in value.items())
        return {key: entry for key, entry in pairs if entry != NO_VALUE}
    if isinstance(value, list):
        return [entry for entry in (resolved(entry, branch) for entry in value) if entry != NO_VALUE]
    return value


def with_documents(template):
    """A copy in which the roles' policies that are text are documents."""
    template = copy.deepcopy(template)
    for role in ("ControlPlaneRole", "NodeRole"):
        for policy in template["Resources"][role]["Properties"]["Policies"]:
            policy["PolicyDocument"] = document(policy)
    return template


@pytest.fixture(scope="module")
def judged(template, tmp_path_factory):
    """Paths of the two templates."""
    folder = tmp_path_factory.mktemp("judged")
    for name, branch in (("with", 1), ("without", 2)):
        text = json.dumps(with_documents(resolved(template, branch)), indent=1)
        assert "Fn::If" not in text and "AWS::NoValue" not in text
        (folder / f"{name}.json").write_text(text)
    return sorted(folder.iterdir())


def excepted(judge):
    rows = [(row["id"], resource) for row in EXCEPTIONS[judge] for resource in row["resources"]]
    assert len(set(rows)) == len(rows), "an exception is argued twice"
    assert all(row["why"] for row in EXCEPTIONS[judge])
    return set(rows)


def compare(found, judge):
    argued = excepted(judge)
    assert not found - argued, "findings that nobody argued"
    assert not argued - found, "exceptions without a finding"


def strings(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for entry in value:
            yield from strings(entry)
    elif isinstance(value, str):
        yield value


def guard_findings(rule):
    """(control, resource) of a rule that failed: the control is in its message, resources are in the paths."""
    texts = list(strings(rule))
    controls = set(re.findall(r"\[(CT\.\w+\.PR\.\d+)\]", " ".join(texts)))
    assert len(controls) == 1, rule["name"]
    paths = [re.match(r"/Resources/(\w+)", text) for text in texts]
    found = {(control, path[1]) for control in controls for path in paths if path}
    assert found, rule["name"]
    return found


def guard_reports(paths):
    subprocess.run(["sh", "testdata/node.sh", "template"], cwd=ROOT, check=True)
    program, rules = GUARD / f"bin/ubuntu/{platform.machine()}/cfn-guard", GUARD / "rules/control-tower/cfn-guard"
    command = [program, "validate", "--rules", rules, "--structured", "--output-format", "json",
               "--show-summary", "none", "--data", *paths]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode in (0, 19), run.stderr  # 19: some rule failed
    reports = json.loads(run.stdout)
    assert len(reports) == len(paths)
    return reports


def test_cfn_guard_finds_what_is_argued(judged):
    found = set()
    for report in guard_reports(judged):
        assert len(report["compliant"]) + len(report["not_compliant"]) >= RULES_MIN
        for entry in report["not_compliant"]:
            found |= guard_findings(entry["Rule"])
    compare(found, "cfn-guard")


def checkov_findings(paths):
    """(name of the template, check, resource) of each check that failed."""
    subprocess.run(["sh", "testdata/python_packages.sh", "checkov", "testdata/template/requirements.txt"], cwd=ROOT,
                   check=True)
    command = [ROOT / "build/checkov/bin/checkov", "--framework", "cloudformation", "--skip-download", "--quiet",
               "--compact", "--output", "json"]
    for path in paths:
        command += ["--file", path]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 1, run.stdout + run.stderr  # 1: some check failed
    report = json.loads(run.stdout)
    assert report["summary"]["parsing_errors"] == report["summary"]["skipped"] == 0, report["summary"]
    rows = report["results"]["failed_checks"]
    return {(Path(row["file_path"]).stem, row["check_id"], row["resource"].split(".")[-1]) for row in rows}


def test_checkov_finds_what_is_argued(judged, tmp_path):
    """And it looks into the roles' policies: without a condition that narrows a statement it finds one thing more."""
    wide = json.loads(judged[0].read_text())
    policy = wide["Resources"]["ControlPlaneRole"]["Properties"]["Policies"][0]["PolicyDocument"]
    statement = next(row for row in policy["Statement"] if row["Sid"] == "ChangeTagged")
    del statement["Condition"]
    (tmp_path / "wide.json").write_text(json.dumps(wide, indent=1))
    found = checkov_findings([*judged, tmp_path / "wide.json"])
    assert ("wide", "CKV_AWS_111", "ControlPlaneRole") in found
    compare({(check, resource) for name, check, resource in found if name != "wide"}, "checkov")
