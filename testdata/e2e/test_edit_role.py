# SPDX-License-Identifier: Apache-2.0
"""`edit` with another control-plane role: two trust policies, which others write, too, and what is left when one may not be
written."""

import json
import shlex

import pytest
import yaml
from conftest import CONTROL_PLANE, HELD, wait_for
from edit_support import Owner
from verify_support import trust

STATEMENT = trust({"AWS": f"arn:aws:iam::{CONTROL_PLANE}:root"})
WRITE = "iam:UpdateAssumeRolePolicy"


@pytest.fixture
def owner(cloudctl, local_aws):
    made = Owner(cloudctl, local_aws)
    made.register()
    made.old, made.new = made.site.control_plane_arn, made.control_plane_role()
    return made


def name(role: str) -> str:
    return role.rpartition("/")[2]


def to_new(owner, code=0):
    return owner.edit("--control-plane-role-arn", owner.new, code=code)


def start(owner, local_aws, *rules):
    """The edit, until a rule holds back its reply."""
    local_aws.faults(*rules)
    process = owner.cloudctl.start("edit", "prod", "--control-plane-role-arn", owner.new, "--yes")
    wait_for(lambda: local_aws.control("GET", "faults")[0]["hits"])
    return process


def kill(owner, local_aws, **rule):
    process = start(owner, local_aws, {"match": WRITE, "delay": HELD, **rule})
    process.kill()
    process.communicate(timeout=60)
    local_aws.quiet()


def test_the_external_id_moves_and_nothing_else(owner):
    other = trust({"Service": "ec2.amazonaws.com"})
    owner.site.set_trust(name(owner.new), other, STATEMENT)
    external_id, before = owner.record()["external_id"], owner.trust(owner.old)
    done = to_new(owner)
    assert owner.external_ids(owner.new) == [external_id] and owner.external_ids(owner.old) == []
    assert owner.trust(owner.new)["Statement"][0] == other and "was taken out" in done.stderr
    record = owner.record()
    assert record["external_id_added"] is True and "external_id_added" not in record["previous"]
    owner.edit("--revert")
    assert owner.trust(owner.old) == before and owner.external_ids(owner.new) == []
    owner.cloudctl.run("delete", "prod", "--yes")
    assert owner.external_ids(owner.old) == []


def test_an_id_that_was_there_before_stays(cloudctl, local_aws, tmp_path):
    owner = Owner(cloudctl, local_aws)
    owner.site.set_trust("control-plane", {**STATEMENT, "Condition": {"StringEquals": {"sts:ExternalId": "theirs"}}})
    path = tmp_path / "cloud.yaml"
    path.write_text("external_id: theirs\n")
    owner.cloudctl.run("register", "--name", "prod", "-f", str(path), *owner.site.arguments(), "--yes")
    owner.edit("--control-plane-role-arn", owner.control_plane_role())
    assert owner.external_ids(owner.site.control_plane_arn) == ["theirs"]
    assert owner.external_ids(owner.record()["resources"]["control_plane_role_arn"]) == ["theirs"]


def test_an_id_that_another_cloud_has_stays(owner, tmp_path):
    path = tmp_path / "cloud.yaml"
    external_id = owner.record()["external_id"]
    path.write_text(yaml.safe_dump({"external_id": external_id}))
    owner.cloudctl.run("register", "--name", "second", "-f", str(path), *owner.site.arguments(), "--skip-verifications", "--yes")
    to_new(owner)
    assert owner.external_ids(owner.old) == owner.external_ids(owner.new) == [external_id]


def test_somebody_changes_the_new_policy_before_us(owner, local_aws):
    before, theirs = owner.record(), {**STATEMENT, "Sid": "Newer"}
    # after the verification, which reads the role as well; then the reply to the plan is held back
    process = start(owner, local_aws, {"match": "ec2:DescribeInstances", "delay": HELD})
    local_aws.faults({"match": "iam:GetRole", "delay": HELD})
    local_aws.control("POST", "release")
    wait_for(lambda: local_aws.control("GET", "faults")[0]["hits"])
    owner.site.set_trust(name(owner.new), theirs)
    local_aws.release()
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 4 and "changed by someone else" in errors, errors
    assert owner.trust(owner.new)["Statement"] == [theirs] and owner.external_ids(owner.old) == [before["external_id"]]
    after = owner.record()
    assert after["resources"] == before["resources"] and "operation" not in after


def test_somebody_writes_over_ours(owner, local_aws):
    process = start(owner, local_aws, {"match": WRITE, "times": 1, "delay": HELD})
    owner.site.set_trust(name(owner.new), {**STATEMENT, "Condition": {"StringEquals": {"sts:ExternalId": "theirs"}}})
    local_aws.release()
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert owner.external_ids(owner.new) == ["theirs", owner.record()["external_id"]]


def test_somebody_makes_it_impossible(owner, local_aws):
    before, theirs = owner.record(), trust({"AWS": "*"})
    process = start(owner, local_aws, {"match": WRITE, "times": 1, "delay": HELD})
    owner.site.set_trust(name(owner.new), theirs)
    local_aws.release()
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 4 and "lets everyone in" in errors
    assert owner.trust(owner.new)["Statement"] == [theirs]
    assert owner.record()["resources"] == before["resources"] and "operation" not in owner.record()


@pytest.mark.parametrize("way", ["edit", "delete"])
def test_what_somebody_added_since_is_kept_when_it_is_undone(owner, local_aws, way):
    """Killed after the grant; then somebody adds a statement of theirs."""
    kill(owner, local_aws)
    external_id, theirs = owner.record()["external_id"], trust({"Service": "ec2.amazonaws.com"})
    assert owner.record()["operation"]["step"] == "trust-policy" and owner.external_ids(owner.new) == [external_id]
    owner.site.set_trust(name(owner.new), *owner.trust(owner.new)["Statement"], theirs)
    if way == "edit":
        owner.cloudctl.run("edit", "prod", "--yes")
        assert "operation" not in owner.record() and owner.external_ids(owner.old) == [external_id]
    else:
        owner.cloudctl.run("delete", "prod", "--yes")
        assert owner.external_ids(owner.old) == []
    assert owner.trust(owner.new)["Statement"] == [STATEMENT, theirs]


@pytest.mark.parametrize("way", ["edit", "delete"])
def test_killed_before_the_old_role_it_is_finished(owner, local_aws, way):
    kill(owner, local_aws, skip=1, drop="before")
    record = owner.record()
    assert record["operation"]["step"] == "old-role" and record["resources"]["control_plane_role_arn"] == owner.new
    assert owner.external_ids(owner.old) == [record["external_id"]]
    if way == "edit":
        assert "finish that first" in owner.cloudctl.run("edit", "prod", "--revert", "--plan", code=4).stderr
        owner.cloudctl.run("edit", "prod", "--yes")
        assert owner.external_ids(owner.new) == [record["external_id"]]
    else:
        owner.cloudctl.run("delete", "prod", "--yes")
        assert owner.external_ids(owner.new) == []
    assert owner.external_ids(owner.old) == []


def test_the_old_role_may_not_be_changed(owner, local_aws):
    """The cloud is changed; the command in the warning does the rest."""
    local_aws.faults({"match": WRITE, "skip": 1, "code": "AccessDenied"})
    done = to_new(owner, code=3)
    local_aws.faults()
    external_id, [warning] = owner.record()["external_id"], [line for line in done.stderr.splitlines() if "By hand: aws iam" in line]
    assert owner.external_ids(owner.old) == [external_id] and owner.record()["previous"]["external_id_added"] is True
    words = shlex.split(warning.partition("By hand: ")[2])
    assert words[:4] == ["aws", "iam", "update-assume-role-policy", "--role-name"] and words[5] == "--policy-document"
    owner.site.set_trust(words[4], *json.loads(words[6])["Statement"])
    assert owner.external_ids(owner.old) == [] and owner.trust(owner.old)["Statement"] == [STATEMENT]


def test_an_id_that_stayed_is_still_ours_after_the_way_back(owner, local_aws):
    local_aws.faults({"match": WRITE, "skip": 1, "times": 1, "code": "AccessDenied"})
    to_new(owner, code=3)
    owner.edit("--revert")
    assert owner.record()["external_id_added"] is True and owner.external_ids(owner.new) == []
    owner.cloudctl.run("delete", "prod", "--yes")
    assert owner.external_ids(owner.old) == []


def test_the_new_role_may_not_be_changed(owner, local_aws):
    before = owner.record()
    local_aws.faults({"match": WRITE, "code": "AccessDenied"})
    done = to_new(owner, code=4)
    assert "needs iam:UpdateAssumeRolePolicy" in done.stderr and "cloudctl policy edit --check" in done.stderr
    after = owner.record()
    assert after["resources"] == before["resources"] and "operation" not in after and owner.external_ids(owner.new) == []


def test_a_role_that_cannot_be_narrowed(owner):
    owner.site.set_trust(name(owner.new), trust({"AWS": "111122223333"}))
    before = owner.record()
    done = to_new(owner, code=None)
    assert done.returncode in (1, 4) and owner.record() == before


def test_clouds_that_swap_their_roles(owner, local_aws):
    """Both end, whoever is first."""
    words = [word if word != owner.old else owner.new for word in owner.site.arguments()]
    owner.cloudctl.run("register", "--name", "second", *words, "--yes", code=None)
    ids = [owner.record()["external_id"], owner.cloudctl.record("second")["external_id"]]
    running = [owner.cloudctl.start("edit", cloud, "--control-plane-role-arn", role, "--yes")
               for cloud, role in (("prod", owner.new), ("second", owner.old))]
    ended = [(process.communicate(timeout=100)[1], process.returncode) for process in running]
    assert all(code == 0 for _, code in ended), ended
    assert [owner.external_ids(role) for role in (owner.new, owner.old)] == [[ids[0]], [ids[1]]]
