# SPDX-License-Identifier: Apache-2.0
"""What the control plane can do with the role that `setup` made, policies enforced, with the session that it assumes.

role_ways.py is the table of what must be refused. Each refusal is shown to be the named statement's: without its limit the
same attempt is not refused.
"""

import pytest
from botocore.exceptions import ClientError
from conftest import Cloudctl
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
