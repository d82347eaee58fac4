# SPDX-License-Identifier: Apache-2.0
"""What stays open is listed with what would decide it: docs/undecided.md against every cloud of testdata."""

import re

import pytest
from facts_cases import ROOT

PAGE = ROOT / "docs/undecided.md"
# Words of a finding that leaves something open, or cannot be judged; its evidence says what.
OPEN = re.compile(r"not certain|depends on|which cannot be known|only if a prefix list|cannot be judged|cannot be understood")
# A row of the page, and what a finding says of it.
ROWS = {
    "`aws:SourceIp`": r"aws:SourceIp",
    "`aws:SourceVpce`, `aws:SourceVpc`": r"aws:SourceVpce?\b",
    "`aws:RequestedRegion`": r"aws:RequestedRegion",
    "`aws:PrincipalOrgID`, `aws:ResourceOrgID`": r"aws:(?:Principal|Resource)OrgID",
    "`aws:SourceAccount`": r"aws:SourceAccount",
    "`aws:SecureTransport`": r"aws:SecureTransport",
    "the principal that asks": r"the principal that asks",
    "`aws:ResourceTag/`": r"aws:ResourceTag/",
    "`ec2:Vpc`": r"ec2:Vpc",
    "`cloudformation:RoleArn`": r"cloudformation:RoleArn",
    "`s3:x-amz-server-side-encryption`": r"s3:x-amz-server-side-encryption",
    "`kms:EncryptionContext:`": r"kms:EncryptionContext:",
    "`s3:prefix`": r"s3:prefix",
    "a part of the resources": r"(?:allowed|denied) by statement .* on arn:\S+ only",
    "a tag in the request": r"only with a tag in the request",
    "a prefix list": r"prefix list",
    "a document that was not read": r"its document was not read|its policy can be read only there",
    "a document that cannot be understood": r"has no (?:Statement|Effect)|cannot be understood",
}


@pytest.fixture(scope="module")
def undecided(runs):
    """(case, finding) of every finding that is neither sure nor simply lost."""
    return [(name, finding) for name, run in runs.items() for finding in run.findings if OPEN.search(finding["text"])]


def test_the_page_lists_these_rows():
    listed = [line.split(" | ")[0].removeprefix("| ") for line in PAGE.read_text().splitlines()
              if line.startswith("| ") and not line.startswith("| open")]
    assert listed == list(ROWS)


def test_what_is_open_is_neither_pass_nor_fail(undecided):
    for name, finding in undecided:
        assert finding["verdict"] in ("WARN", "UNKNOWN"), (name, finding["check"], finding["text"])


def test_every_open_finding_has_a_row_and_every_row_a_finding(undecided):
    seen = set()
    for name, finding in undecided:
        said = "\n".join([finding["text"], *finding["evidence"]])
        rows = {row for row, words in ROWS.items() if re.search(words, said)}
        assert rows, (name, finding["check"], said)
        seen |= rows
    assert seen == set(ROWS)
