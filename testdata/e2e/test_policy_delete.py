# SPDX-License-Identifier: Apache-2.0
"""Least privilege of the options of `delete`: each does its work for a user who holds exactly what `policy delete` prints with
it, and with any single action less it ends before the stack is deleted and names that action."""

from __future__ import annotations

import pytest
from least_privilege import Person, actions_of, each_is_needed
from test_delete_clean import Made
from test_policy_least_privilege import AT_ONCE, HERE, ROOM, made

MANAGED = ("--deployment", "managed")


@pytest.fixture
def person(local_aws, tmp_path):
    local_aws.control("POST", "quotas", ROOM)
    return Person(tmp_path, local_aws, HERE)


def own_actions(person, option) -> tuple[dict, set[str]]:
    """The policy with the option, and what the option adds to it."""
    document = person.policy("delete", *MANAGED, option)
    plain = person.policy("delete", *MANAGED)
    return document, {action for action in actions_of(document) if sids(document, action) - sids(plain, action)}


def sids(document, action) -> set[str]:
    """The statements that have the action."""
    return {row["Sid"] for row in document["Statement"] if action in row["Action"]}


def delete(person, name, *words, code=None):
    return person.run("delete", "--name", name, "--yes", *words, code=code)


def dirty(person) -> str:
    name = made(person)
    Made(person.administrator, person.local_aws, name=name, region=HERE).everything()
    return name


def test_clean_with_its_policy(person):
    name = dirty(person)
    document = person.policy("delete", *MANAGED, "--clean")
    person.hold(document)
    person.needed()
    delete(person, name, "--clean", code=0)
    assert person.needed() == set(actions_of(document))


def test_clean_is_for_what_has_the_tag_of_that_cloud(person):
    """It needs the tag of every resource that the control plane makes."""
    document = person.policy("delete", made(person), "--clean")
    rows = [row for row in document["Statement"] if row["Sid"].startswith("Clean")]
    assert {key for row in rows for key in row["Condition"]["StringEquals"]} == {"aws:ResourceTag/anyscale-cloud-id"}
    assert {action for row in rows for action in row["Action"]} >= {"ec2:TerminateInstances", "ec2:DeleteNatGateway"}


def test_clean_needs_each_action(person):
    document, own = own_actions(person, "--clean")
    assert len(own) >= 17
    each_is_needed(person, document, sorted(own), lambda who: delete(who, dirty(who), "--clean"), at_once=AT_ONCE)


def filled(person) -> str:
    """A bucket with a version and an upload."""
    name = made(person)
    bucket, s3 = person.administrator.record(name)["resources"]["bucket"], person.local_aws.client("s3", person.region)
    s3.put_object(Bucket=bucket, Key="some", Body=b"")
    s3.create_multipart_upload(Bucket=bucket, Key="never/completed")
    return name


def test_with_bucket_with_its_policy(person):
    name = filled(person)
    document = person.policy("delete", *MANAGED, "--with-bucket")
    person.hold(document)
    delete(person, name, "--with-bucket", code=0)


def test_with_bucket_needs_each_action(person):
    document, own = own_actions(person, "--with-bucket")
    assert len(own) == 7
    each_is_needed(person, document, sorted(own), lambda who: delete(who, filled(who), "--with-bucket"), at_once=AT_ONCE)


def test_keep_file_system_with_its_policy(person):
    name = made(person)
    person.hold(person.policy("delete", *MANAGED, "--keep-file-system"))
    delete(person, name, "--keep-file-system", code=0)


def test_keep_file_system_needs_each_action(person):
    """But for DescribeEvents, by which a refusal is explained."""
    document, own = own_actions(person, "--keep-file-system")
    assert own == {f"cloudformation:{name}" for name in ("CreateChangeSet", "DeleteChangeSet", "DescribeChangeSet",
                                                         "DescribeEvents", "ExecuteChangeSet", "GetTemplate")}
    each_is_needed(person, document, sorted(own - {"cloudformation:DescribeEvents"}),
                   lambda who: delete(who, made(who), "--keep-file-system"), at_once=AT_ONCE)
