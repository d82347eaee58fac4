# SPDX-License-Identifier: Apache-2.0
"""What the control plane can do with the role that `setup` made, policies enforced, with the session that it assumes.

Two tables: role_ways.py has what must be refused, role_needs.py what must be allowed. Each refusal is shown to be the named
statement's: without its limit the same attempt is not refused.
"""

import json

import pytest
import role_tables
from botocore.exceptions import ClientError
from conftest import Cloudctl
from role_needs import NEEDS
from role_stage import Stage
from role_ways import WAYS

DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "Client.UnauthorizedOperation")


def denial(attempt, stage, others: bool = False) -> str | None:
    """AWS's words when it refuses for lack of permission; None for success, and with others for any other error."""
    try:
        attempt(stage)
    except ClientError as error:
        if error.response["Error"]["Code"] in DENIED:
            return error.response["Error"]["Message"]
        if not others:
            raise
    return None


@pytest.fixture(scope="module")
def stage(server, tmp_path_factory):
    server.reset()
    yield Stage(server, Cloudctl(tmp_path_factory.mktemp("stage"), server.url))
    server.reset()


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.what)
def test_no_way_leads_out(stage, way):
    stage.local_aws.control("DELETE", "actions")
    words = denial(way.attempt, stage)
    refused = [row["action"] for row in stage.local_aws.control("GET", "actions") if not row["allowed"]]
    assert words and way.action in words, f"{way.what}: {words}"
    assert refused == [way.action]


@pytest.mark.parametrize("way", [way for way in WAYS if way.limit], ids=lambda way: way.what)
def test_the_statement_is_what_closes_the_way(stage, way):
    stage.put(stage.without_the_limit(way.limit))
    try:
        words = denial(way.attempt, stage, others=True)
    finally:
        stage.put(stage.policy)
    assert words is None or way.action not in words, f"{way.what} is refused without {way.limit}: {words}"


# An update of a stack takes it for tags that the stack had and is not given again; the local AWS does not ask for it.
NOT_ASKED = {"cloudformation:UntagResource"}


@pytest.mark.parametrize("words", [(), ("--cloud-tag", "anyscale-cloud-id")], ids=["own tag", "the vendor's tag"])
def test_every_need_is_met_and_no_action_is_without_a_need(server, tmp_path, words):
    server.reset()
    stage = Stage(server, Cloudctl(tmp_path, server.url), *words)
    needed = set()
    try:
        for need in NEEDS:
            server.control("DELETE", "actions")
            need.meet(stage)
            asked = [row for row in server.control("GET", "actions") if "assumed-role/" in row["principal"]]
            assert {row["action"] for row in asked} == set(need.actions), need.what
            assert all(row["allowed"] for row in asked), need.what
            needed |= set(need.actions)
    finally:
        server.reset()
    assert set(role_tables.allows()) == needed | NOT_ASKED


def test_a_cloud_that_passes_can_launch_with_the_tag_that_is_sent_and_with_no_other(server, tmp_path):
    """And the check says so where the two differ."""
    server.reset()
    cloudctl = Cloudctl(tmp_path, server.url)
    stage = Stage(server, cloudctl, "--cloud-tag", "anyscale-cloud-id")
    found = verdicts(cloudctl, code=0)
    assert {check for check, verdict in found.items() if verdict != "PASS"} == set()
    stage.run(stage.role("ec2"), **stage.tag("instance"))
    refused = denial(lambda s: s.run(s.role("ec2"), **s.tag("instance", key="cloudctl-cloud-id")), stage)
    assert refused and "ec2:RunInstances" in refused
    path = cloudctl.state / "cloudctl/clouds/a.yaml"
    path.write_text(path.read_text().replace("cloud_tag: anyscale-cloud-id", "cloud_tag: cloudctl-cloud-id"))
    found = verdicts(cloudctl, code=1)
    assert found["iam.control-plane.tag"] == found["iam.control-plane.clusters"] == "FAIL"
    server.reset()


def verdicts(cloudctl, code: int) -> dict[str, str]:
    document = json.loads(cloudctl.run("verify", "a", "--only", "iam.*", "-o", "json", code=code).stdout)
    return {row["check"]: row["verdict"] for row in document["findings"]}


def test_the_page_has_both_tables():
    page = role_tables.PAGE.read_text()
    assert role_tables.ways() in page and role_tables.needs() in page, "run testdata/e2e/role_tables.py"
