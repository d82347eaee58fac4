# SPDX-License-Identifier: Apache-2.0
"""Lines of `anyscale cloud delete`, as the vendor's pages and its reference have them, with `cloudctl` in their place."""

from __future__ import annotations

import shlex

import pytest
from conftest import REGION
from test_delete import leftovers

NAME = "example_cloud_name"
SETUP = ("setup", "--name", NAME, "--region", REGION, "--skip-preflight", "--yes")

# The line, and what is typed at its question; {id} is the cloud's. --yes is for those who cannot be asked.
LINES = [
    ("delete --name example_cloud_name", NAME), ("delete -n example_cloud_name", NAME), ("delete example_cloud_name", NAME),
    ("delete --cloud-id {id}", NAME), ("delete --id {id}", NAME), ("delete --name=example_cloud_name", NAME),
    ("delete example_cloud_name --name example_cloud_name", NAME),
    ("delete --name example_cloud_name --yes", None), ("delete --name example_cloud_name -y", None),
    ("delete --cloud-id {id} --yes", None), ("delete --name example_cloud_name --force --yes", None),
]
# Names that contradict each other, and none at all: refused before anything is looked at.
REFUSED = ["delete example_cloud_name --name other --yes", "delete --yes"]


@pytest.fixture(params=["managed", "registered"])
def cloud(request, cloudctl, local_aws):
    """A cloud of that kind, and what is there when it is deleted."""
    if request.param == "managed":
        cloudctl.run(*SETUP)
        record = cloudctl.record(NAME)
        return record, lambda: leftovers(local_aws, record["id"]) == [record["resources"]["bucket"]]
    customer = request.getfixturevalue("customer")
    before = customer.fingerprint()
    cloudctl.run("register", "--name", NAME, *customer.arguments, "--yes")
    return cloudctl.record(NAME), lambda: customer.fingerprint() == before


def words_of(line: str, record: dict) -> list[str]:
    return shlex.split(line.format(id=record["id"]))


@pytest.mark.parametrize("line, typed", LINES)
def test_a_line_as_it_is_printed(cloudctl, cloud, line, typed):
    record, is_gone = cloud
    words = words_of(line, record)
    if typed is None:
        errors = cloudctl.run(*words).stderr
    else:
        code, errors = cloudctl.on_terminal(*words, answer=typed if record["deployment"] == "managed" else "y")
        assert code == 0, errors
    shown = " ".join(errors.split())
    assert f"Once cloud {record['id']} is deleted" in shown and f"Cloud '{NAME}' is deleted." in shown
    assert ("The stack" in shown and "still exist and cost money" in shown) == (record["deployment"] == "managed")
    assert cloudctl.records() == [] and is_gone()


@pytest.mark.parametrize("line", REFUSED)
def test_a_line_that_is_refused(cloudctl, local_aws, cloud, line):
    record, _ = cloud
    local_aws.control("DELETE", "requests")
    cloudctl.run(*words_of(line, record), code=2)
    assert local_aws.requests() == [] and cloudctl.record(NAME) == record
