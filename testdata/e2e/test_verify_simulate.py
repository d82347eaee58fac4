# SPDX-License-Identifier: Apache-2.0
"""`verify --simulate`: IAM's policy simulator beside our own decision. The local AWS's simulator is written apart from the
program's evaluator, so that they agree says something about both."""

import pytest
from verify_support import Site, new_cloud

CHECKS = ["iam.control-plane.clusters", "iam.control-plane.pass-role", "iam.control-plane.services",
          "iam.control-plane.spot", "iam.node.ecr"]
ACTION = "iam:SimulatePrincipalPolicy"


@pytest.fixture(params=["managed", "registered"])
def cloud(request, server, tmp_path):
    made = new_cloud(tmp_path, server)
    if request.param == "managed":
        return made.setup()
    return made.register(Site(server))


def evidence(cloud, *words: str) -> dict[str, list[str]]:
    """What the findings about permissions say of the simulator."""
    document = cloud.document("--simulate", *words)
    return {row["check"]: [line for line in row["evidence"] if "simulator" in line] for row in document["findings"]
            if row["check"] in CHECKS}


def test_it_agrees(cloud):
    for check, lines in evidence(cloud).items():
        assert len(lines) == 1 and lines[0].startswith("IAM's policy simulator agrees on "), (check, lines)
        same, _, every = lines[0].split()[-4:-1]
        assert int(same) == int(every) > 0, lines
    assert cloud.document("--simulate")["exit_code"] == 0


def test_it_is_asked_only_on_demand_and_each_thing_once(cloud):
    assert [row for row in cloud.asked() if row["action"] == "SimulatePrincipalPolicy"] == []
    asked = [str(sorted(row["parameters"].items())) for row in cloud.asked("--simulate")
             if row["action"] == "SimulatePrincipalPolicy"]
    assert asked and len(set(asked)) == len(asked)
    some = cloud.asked("--simulate", "--only", "vpc.*")
    assert [row for row in some if row["service"] == "iam"] == []


def test_it_is_no_judge(cloud, server):
    server.faults({"match": ACTION, "code": "AccessDenied"})
    try:
        lines = evidence(cloud)
        assert set(lines) == set(CHECKS)
        for row in lines.values():
            assert len(row) == 1 and "could not be asked" in row[0]
        assert cloud.document("--simulate")["exit_code"] == 0
    finally:
        server.faults()


def test_what_is_missing_is_missing_for_both(server, tmp_path):
    cloud = new_cloud(tmp_path, server)
    site = Site(server)
    cloud.register(site)
    site.grant("control-plane", "no-launch", {"Effect": "Deny", "Action": "ec2:RunInstances", "Resource": "*"})
    document = cloud.document("--simulate", "--only", "iam.control-plane.clusters")
    assert document["exit_code"] == 1
    [row] = document["findings"]
    assert row["verdict"] == "FAIL" and not any("says" in line and "simulator" in line for line in row["evidence"])
