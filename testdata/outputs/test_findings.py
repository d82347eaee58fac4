# SPDX-License-Identifier: Apache-2.0
"""What findings promise whatever was found: over every cloud and every change of testdata/facts."""

import json
import re

import jsonschema
import pytest
from facts_cases import ROOT, Run, cases, cloudctl, good

SENTENCE = 200  # characters
LINES = 12
HEADLINE = re.compile(r"^  (?:PASS|WARN|FAIL|UNKNOWN|SKIP) ")
BELOW = " " * 10


def blocks(text: str):
    """The lines of each finding."""
    block = []
    for line in text.splitlines():
        if block and line.startswith(BELOW):
            block.append(line)
            continue
        if block:
            yield block
        block = [line] if HEADLINE.match(line) else []
    if block:
        yield block


def test_a_finding_is_a_sentence(runs):
    assert len(runs) > 400
    for name, run in runs.items():
        assert run.findings, name
        for finding in run.findings:
            assert 0 < len(finding["text"]) <= SENTENCE and "\n" not in finding["text"], (name, finding["text"])


def test_a_finding_takes_twelve_lines_at_most(runs):
    longest = 0
    for name, run in runs.items():
        for block in blocks(run.done.stderr + run.done.stdout):
            assert len(block) <= LINES, (name, block[0])
            longest = max(longest, len(block))
    assert longest == LINES, "no case is long enough to be cut"


def test_verbose_and_documents_leave_nothing_out(runs, tmp_path):
    name, cut = next((name, run) for name, run in runs.items() if "--verbose prints them all" in run.done.stderr)
    whole = Run(tmp_path, cases()[name], "--verbose")
    assert whole.findings == [finding | {"at_ms": again["at_ms"]} for finding, again in zip(cut.findings, whole.findings)]
    assert "--verbose" not in whole.done.stderr
    for finding in whole.findings:
        if finding["verdict"] in ("WARN", "FAIL"):
            assert all(line in whole.done.stderr for line in finding["evidence"])


def test_what_is_too_long_for_a_sentence_is_evidence(tmp_path):
    document = good("direct")
    document["facts"]["vpc"] = {"lost": {
        "doing": "describing the VPC", "kind": "protocol", "status": 500, "code": "InternalError", "action": "",
        "request_id": "4f2c-example", "frames": ["ä word " * 100]}}
    [lost] = [finding for finding in Run(tmp_path, document).findings if finding["check"] == "vpc.exists"]
    assert lost["verdict"] == "UNKNOWN"
    assert len(lost["text"].encode()) <= SENTENCE
    assert lost["text"].endswith(" …")
    assert lost["evidence"][0].startswith(lost["text"].removesuffix(" …"))
    assert "4f2c-example" in lost["evidence"][0]


# What a cloud is made of, and what of that no record holds (docs/verify.schema.json).
KINDS = {
    "account", "vpc", "subnet", "security group", "control-plane role", "node role", "bucket", "file system",
    "mount target", "memorydb cluster", "shard", "stack", "region",
}


def test_every_finding_names_its_resources(runs):
    named = set()
    for name, run in runs.items():
        for finding in run.findings:
            found = {(one["kind"], one["id"]) for one in finding["resources"]}
            incomplete = "record" in name  # of these names nothing
            assert found or incomplete, (name, finding["check"])
            assert len(found) == len(finding["resources"])
            named |= {kind for kind, _ in found}
    assert named == KINDS


def test_what_fails_is_named_and_nothing_else(runs):
    said = {finding["check"]: finding for finding in runs["subnets: a subnet of another VPC"].findings}
    assert [one["kind"] for one in said["subnets.vpc"]["resources"]] == ["subnet"]
    assert len(said["subnets.exist"]["resources"]) > 1


def test_a_group_lists_its_resources(runs):
    groups = {event["id"]: event for event in runs["good: direct"].events
              if event["kind"] == "resource" and event["state"] == "done"}
    assert [one["kind"] for one in groups["iam roles"]["resources"]] == ["control-plane role", "node role"]
    for group in groups.values():
        assert group["physical_id"].strip("[]'").split("', '") == [one["id"] for one in group["resources"]]


@pytest.mark.parametrize("output", ["json", "yaml", "sarif", "junit", "markdown"])
def test_the_order_is_the_catalogues_whatever_was_decided_first(tmp_path, output):
    """Groups that end in another order give the same bytes."""
    run = Run(tmp_path, good("direct"))
    lines = (tmp_path / "events").read_text().splitlines()
    events = [json.loads(line) | {"at_ms": 0, "elapsed_ms": 0} for line in lines[1:]]
    begun = [event for event in events if event.get("state") == "working"]
    decided = [event for event in events if event["kind"] == "finding" or event.get("state") in ("done", "failed")]
    shuffled = sorted(decided, key=lambda event: event.get("group", event.get("id")), reverse=True)
    assert decided != shuffled
    documents = []
    for order in (decided, shuffled):
        record = tmp_path / "shuffled"
        record.write_text("\n".join([lines[0], *map(json.dumps, [events[0], *begun, *order, events[-1]])]) + "\n")
        done = cloudctl(tmp_path, "replay", str(record), "-o", output)
        assert done.returncode == 0, done.stderr
        documents.append(done.stdout)
    assert documents[0] == documents[1]
    if output == "markdown":  # its sections are verdicts
        return
    catalogue = [row["id"] for row in json.loads(cloudctl(tmp_path, "checks", "-o", "json").stdout)]
    judged = {finding["check"] for finding in run.findings}
    places = [re.search(rf"(?<![\w.-]){re.escape(check)}(?![\w.-])", documents[0]).start()
              for check in catalogue if check in judged]
    assert places == sorted(places)


def test_documents_of_a_real_run_lead_to_the_requirements(tmp_path):
    Run(tmp_path, good("memorydb"))
    words = ("verify", "--facts", str(tmp_path / "facts.json"), "-o")
    document = json.loads(cloudctl(tmp_path, *words, "json").stdout)
    jsonschema.validate(document, json.loads((ROOT / "docs/verify.schema.json").read_text()))
    assert document["caller"].startswith("arn:aws:")
    [run] = json.loads(cloudctl(tmp_path, *words, "sarif").stdout)["runs"]
    [invocation] = run["invocations"]
    assert invocation["account"] == document["caller"]
    found = {row["check"]: (row["reference"], row["requirement"]) for row in document["findings"]}
    rules = {rule["id"]: (rule["helpUri"], rule["properties"]["requirement"]) for rule in run["tool"]["driver"]["rules"]}
    assert rules == found
    for url, requirement in found.values():
        assert url.startswith("https://") and requirement.startswith("docs/requirements.md#")
