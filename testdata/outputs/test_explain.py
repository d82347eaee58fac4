# SPDX-License-Identifier: Apache-2.0
"""`explain` knows every id that anything prints."""

import json
import re
from xml.etree import ElementTree

import pytest
from facts_cases import ROOT, Run, cloudctl, good

ID = re.compile(r"^  (?:PASS|WARN|FAIL|UNKNOWN|SKIP) +([a-z0-9.-]+)", re.MULTILINE)
SUMMARY = re.compile(r"^([a-z0-9 ]+): (?:PASSED|FAILED|UNKNOWN|SKIPPED)", re.MULTILINE)
PREFLIGHT = re.compile(r"preflight\.[a-z-]+(?:\.[a-z-]+)*")


@pytest.fixture
def home(tmp_path):
    return tmp_path


def of_documents(home, words) -> set[str]:
    """Ids of checks and groups in every form of one run."""
    document = json.loads(cloudctl(home, *words, "-o", "json").stdout)
    found = {row["check"] for row in document["findings"]} | {row["group"] for row in document["findings"]}
    found |= {group["id"] for group in document["groups"]} | {group["name"] for group in document["groups"]}
    [run] = json.loads(cloudctl(home, *words, "-o", "sarif").stdout)["runs"]
    found |= {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    found |= {tag for rule in run["tool"]["driver"]["rules"] for tag in rule["properties"]["tags"]}
    suites = ElementTree.fromstring(cloudctl(home, *words, "-o", "junit").stdout)
    found |= {suite.get("name") for suite in suites} | {case.get("name") for case in suites.iter("testcase")}
    lines = cloudctl(home, *words)
    return found | set(ID.findall(lines.stderr + lines.stdout)) | set(SUMMARY.findall(lines.stdout))


def test_every_printed_id_is_explained(home):
    run = Run(home, good("memorydb"))
    lines = (home / "events").read_text().splitlines()
    cut = [json.loads(line) for line in lines[1:]]
    cut[-1] |= {"judged": False, "exit_code": 4}
    (home / "cut").write_text("\n".join([lines[0], *map(json.dumps, cut)]) + "\n")
    assert run.done.returncode == 0
    ids = of_documents(home, ("verify", "--facts", str(home / "facts.json")))
    ids |= of_documents(home, ("replay", str(home / "cut")))
    ids |= {row[key] for row in json.loads(cloudctl(home, "checks", "-o", "json").stdout) for key in ("id", "group")}
    recorded = "".join(path.read_text() for path in sorted((ROOT / "testdata/screens/events").iterdir()))
    ids |= set(PREFLIGHT.findall(recorded))
    assert {"vpc.exists", "iam roles", "run.complete", "preflight", "preflight.vpc-quota"} <= ids
    for one in sorted(ids):
        done = cloudctl(home, "explain", one)
        assert done.returncode == 0 and done.stdout, f"{one}: {done.stderr}"


def test_what_changed_clouds_print_is_explained(home, runs):
    texts = [run.done.stderr + run.done.stdout for run in runs.values()]
    ids = {one for text in texts for one in (*ID.findall(text), *SUMMARY.findall(text))}
    ids |= {finding[key] for run in runs.values() for finding in run.findings for key in ("check", "group")}
    rows = json.loads(cloudctl(home, "checks", "-o", "json").stdout)
    assert {row["id"] for row in rows if not row["id"].startswith(("preflight.", "functional."))} <= ids
    for one in sorted(ids):
        done = cloudctl(home, "explain", one)
        assert done.returncode == 0 and done.stdout, f"{one}: {done.stderr}"


def test_a_group_lists_its_checks(home):
    rows = json.loads(cloudctl(home, "checks", "-o", "json").stdout)
    listed = json.loads(cloudctl(home, "explain", "iam roles", "-o", "json").stdout)
    assert listed == [row for row in rows if row["group"] == "iam roles"]
    assert cloudctl(home, "explain", "iam role").stderr.strip().endswith("did you mean 'iam roles'?")


def test_the_list_has_the_checks_before_setup(home):
    assert "preflight.names.bucket" in cloudctl(home, "checks").stdout
