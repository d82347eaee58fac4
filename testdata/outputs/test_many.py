# SPDX-License-Identifier: Apache-2.0
"""The document about many clouds (`verify --all`), with clouds among them that try to break out of it: judged by the
same tools as the documents about one."""

import io
import json
import re
from xml.etree import ElementTree

import jsonschema
import junitparser
import pytest
import yaml
from conftest import ROOT
from test_outputs import STEERING, sarif_problems, sarif_schema, tokens_of  # noqa: F401 (sarif_schema is a fixture)

NUMBER = 4  # clouds in the sample


@pytest.fixture(scope="module")
def found(render):
    return json.loads(render("json", "many"))


def test_json_is_as_its_schema_says(found):
    schema = json.loads((ROOT / "docs" / "verify-all.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(found)
    assert len(found["clouds"]) == NUMBER
    assert set(found) <= set(schema["properties"])
    for cloud in found["clouds"]:
        assert set(cloud) == set(schema["$defs"]["cloud"]["properties"])


def test_each_part_is_the_document_about_one(render, found):
    for cloud, sample in zip(found["clouds"], ("verify", "ignored", "hostile", "broken-off"), strict=True):
        alone = json.loads(render("json", sample))
        for member in ("cloud", "verdict", "exit_code", "groups", "findings", "counts"):
            assert cloud[member] == alone[member]


def test_yaml_is_the_same(render, found):
    assert yaml.safe_load(render("yaml", "many")) == found


def test_junit_holds_every_finding_of_every_cloud(render, found):
    text = render("junit", "many")
    report = junitparser.JUnitXml.fromfile(io.BytesIO(text))
    cases = [case.name for suite in report for case in suite]
    wanted = [finding["check"] for cloud in found["clouds"] for finding in cloud["findings"]]
    assert sorted(cases) == sorted([*wanted, "run.complete"])
    assert all(": " in suite.get("name") for suite in ElementTree.fromstring(text))


def test_sarif_has_a_run_a_cloud(render, sarif_schema, found):  # noqa: F811
    log = json.loads(render("sarif", "many"))
    assert sarif_problems(sarif_schema, log) == []
    assert [run["invocations"][0]["exitCode"] for run in log["runs"]] == [
        cloud["exit_code"] for cloud in found["clouds"]]


def test_markdown_is_only_what_we_wrote(render):
    text = render("markdown", "many").decode()
    allowed = {"heading", "paragraph", "table", "thead", "tbody", "tr", "th", "td", "strong"}
    tokens = tokens_of(text)
    others = {re.sub(r"_(open|close)$", "", token.type) for token in tokens} - allowed
    assert others <= {"inline", "text", "code_inline", "fence", "softbreak"}
    assert sum(token.type == "tr_open" for token in tokens) == NUMBER + 1
    assert len(text.encode()) < 65536


@pytest.mark.parametrize("output", ["text", "junit", "markdown"])
def test_no_output_steers_a_terminal(render, output):
    assert not re.search(STEERING, render(output, "many").decode())


def test_text_ends_with_a_line_a_cloud(render):
    table = render("text", "many").decode().partition("Verification result:\n")[2].splitlines()
    assert len(table) == NUMBER + 1
    assert {line.split()[-6] for line in table[1:]} <= {"PASS", "WARN", "FAIL", "UNKNOWN"}
