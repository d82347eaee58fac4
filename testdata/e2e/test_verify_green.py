# SPDX-License-Identifier: Apache-2.0
"""Only a run in which everything that was asked for was decided, and about this cloud, is green."""

import pytest
from conftest import ACCOUNT, OTHER_KEYS
from verify_support import Site, new_cloud

MISSING_VPC = "vpc-0123456789abcdef0"


@pytest.fixture
def cloud(local_aws, tmp_path):
    return new_cloud(tmp_path, local_aws)


@pytest.fixture
def site(local_aws):
    return Site(local_aws)


def of_groups(document: dict) -> dict[str, str]:
    return {group["id"]: group["verdict"] for group in document["groups"]}


def test_checks_that_need_what_is_gone_are_not_green(cloud, site):
    site.vpc = MISSING_VPC
    cloud.register(site)
    document = cloud.document("--only", "efs.*")
    assert {row["verdict"] for row in document["findings"]} == {"PASS", "SKIP"}
    assert (document["verdict"], document["exit_code"], of_groups(document)) == ("SKIP", 3, {"efs": "SKIP"})
    assert cloud.document("--only", "vpc.s3-endpoint")["exit_code"] == 3
    assert cloud.document("--only", "subnets.*,vpc.exists")["exit_code"] == 1
    assert cloud.document("--only", "iam.*")["exit_code"] == 0


def test_a_skipped_check_can_be_accepted_like_any_other(cloud, site):
    site.vpc = MISSING_VPC
    cloud.register(site)
    cloud.cloudctl.run("verify", "prod", "--only", "efs.mount-targets", code=3)
    cloud.cloudctl.run("verify", "prod", "--only", "efs.mount-targets", "--ignore", "efs.mount-targets",
                       "--reason", "the VPC moves next week", code=0)


@pytest.mark.parametrize("all_clouds", [False, True], ids=["one", "all"])
def test_another_accounts_answers_say_nothing_of_the_cloud(cloud, site, all_clouds):
    cloud.register(site)
    cloud.cloudctl.run("verify", "prod")
    before = cloud.cloudctl.record("prod")
    cloud.cloudctl.environment.update(AWS_ACCESS_KEY_ID=OTHER_KEYS[0], AWS_SECRET_ACCESS_KEY=OTHER_KEYS[1])
    document = cloud.document()
    [identity, *others] = document["findings"]
    assert (identity["check"], identity["verdict"]) == ("account.identity", "FAIL")
    assert {row["verdict"] for row in others} == {"UNKNOWN"}
    [account] = document["caller"].split(":")[4:5]
    assert {row["text"] for row in others} == {f"asked in account {account}, but the cloud is in account {ACCOUNT}"}
    assert [row["remedy"] for row in others] == [None] * len(others)
    if all_clouds:
        cloud.cloudctl.run("verify", "--all", code=1)
    assert cloud.cloudctl.record("prod") == before


def test_with_one_check_chosen_too(cloud, site):
    cloud.register(site)
    cloud.cloudctl.environment.update(AWS_ACCESS_KEY_ID=OTHER_KEYS[0], AWS_SECRET_ACCESS_KEY=OTHER_KEYS[1])
    document = cloud.document("--only", "vpc.exists")
    assert (document["verdict"], document["exit_code"]) == ("UNKNOWN", 3)
