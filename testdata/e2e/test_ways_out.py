# SPDX-License-Identifier: Apache-2.0
"""Every way out of a call that changes something, in every command: what may go on in AWS, how to come back, how to undo.

A row is a command and the call that it changes AWS with; a way out is how the call ends. Both are tables.
"""

import signal

import pytest
from conftest import HELD, REGION, SOAK, LocalAws, wait_for
from test_killed_anywhere import (
    DeleteCleaned,
    DeleteForced,
    DeleteKept,
    DeleteRetained,
    DeleteWithBucket,
    Edit,
    UpdateContinue,
    UpdateDrift,
    UpdateKept,
)

SETUP = ("setup", "--name", "demo", "--region", REGION, "--skip-preflight", "--yes")


def no_cloud(cloudctl, customer):
    return SETUP


def managed(cloudctl, customer):
    cloudctl.run(*SETUP)
    return ("delete", "demo", "--yes")


def to_update(cloudctl, customer):
    cloudctl.run(*SETUP)
    return ("update", "demo", "--ssh-cidr", "203.0.113.0/24", "--yes")


def of_row(kind):
    """What a row of the kills makes ready; no customer is needed."""
    return lambda cloudctl, customer: kind(cloudctl, LocalAws(cloudctl.environment["AWS_ENDPOINT_URL"]), customer).words


def to_register(cloudctl, customer):
    return ("register", "--name", "demo", *customer().arguments, "--skip-verifications", "--yes")


def registered(cloudctl, customer):
    cloudctl.run(*to_register(cloudctl, customer))
    return ("delete", "demo", "--yes")


def to_retain(cloudctl, customer):
    return DeleteRetained(cloudctl, customer().local_aws, customer).words


def to_force(cloudctl, customer):
    return DeleteForced(cloudctl, customer().local_aws, customer).words


def to_clean(cloudctl, customer):
    return DeleteCleaned(cloudctl, customer().local_aws, customer).words


def with_bucket(cloudctl, customer):
    return DeleteWithBucket(cloudctl, customer().local_aws, customer).words


def to_keep(cloudctl, customer):
    return DeleteKept(cloudctl, customer().local_aws, customer).words


def edited(cloudctl, customer):
    return Edit(cloudctl, None, customer).words


# name: what makes it ready and returns the command, the call (a rule's match, and what else), how to come back, how to undo
ROWS = {
    "setup": (no_cloud, {"match": "cloudformation:CreateStack"}, "cloudctl setup --name demo", "cloudctl delete --name demo"),
    "delete": (managed, {"match": "cloudformation:DeleteStack"}, "cloudctl delete --name demo", ""),
    "delete retained": (to_retain, {"match": "cloudformation:DeleteStack"}, "cloudctl delete --name demo", ""),
    "delete forced": (to_force, {"match": "cloudformation:DeleteStack"}, "cloudctl delete --name demo", ""),
    "delete cleaned": (to_clean, {"match": "ec2:TerminateInstances"}, "cloudctl delete --name demo", ""),
    "delete with bucket": (with_bucket, {"match": "s3:DeleteBucket"}, "cloudctl delete --name demo", ""),
    # before, its change of the stack is undone (test_delete_file_system.py)
    "delete kept": (to_keep, {"match": "cloudformation:DeleteStack"}, "cloudctl delete --name demo", ""),
    "delete registered": (registered, {"match": "iam:UpdateAssumeRolePolicy"}, "cloudctl delete --name demo", ""),
    # the old role's, from which on it is not undone
    "edit": (edited, {"match": "iam:UpdateAssumeRolePolicy", "skip": 1}, "cloudctl edit --name demo", ""),
    "update": (to_update, {"match": "cloudformation:ExecuteChangeSet"}, "cloudctl update --name demo", ""),
    "update --continue": (of_row(UpdateContinue), {"match": "cloudformation:ContinueUpdateRollback"}, "cloudctl update --name demo", ""),
    "update --drift revert": (of_row(UpdateDrift), {"match": "cloudformation:ExecuteChangeSet"}, "cloudctl update --name demo", ""),
    "update --drift keep": (of_row(UpdateKept), {"match": "cloudformation:ExecuteChangeSet"}, "cloudctl update --name demo", ""),
}


def interrupted(number):
    def way_out(cloudctl, local_aws, call, words):
        local_aws.faults({**call, "delay": HELD})
        process = cloudctl.start(*words)
        wait_for(lambda: local_aws.control("GET", "faults")[0]["hits"])
        process.send_signal(number)
        _, errors = process.communicate(timeout=30)
        local_aws.quiet()
        assert process.returncode == -number
        return errors
    return way_out


def no_answer(cloudctl, local_aws, call, words):
    local_aws.faults({**call, "drop": "after"})
    errors = cloudctl.run(*words, code=4).stderr
    local_aws.quiet()
    return errors


def full_disk(cloudctl, local_aws, call, words):
    """No record can be written from the moment on at which the call has arrived."""
    local_aws.faults({**call, "delay": HELD})
    process = cloudctl.start(*words)
    wait_for(lambda: local_aws.control("GET", "faults")[0]["hits"])
    clouds = cloudctl.state / "cloudctl/clouds"
    away = clouds.rename(clouds.with_name("away"))
    clouds.write_text("a file, so that nothing can be written into it")
    local_aws.release()
    _, errors = process.communicate(timeout=60)
    clouds.unlink()
    away.rename(clouds)
    assert process.returncode == 4
    assert "/clouds" in errors  # the file that could not be written
    return errors


WAYS_OUT = {"SIGINT": interrupted(signal.SIGINT), "no answer": no_answer, "full disk": full_disk}
if SOAK:
    WAYS_OUT |= {"SIGTERM": interrupted(signal.SIGTERM), "SIGHUP": interrupted(signal.SIGHUP)}


@pytest.fixture
def make_customer(request):
    return lambda: request.getfixturevalue("customer")


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("way", WAYS_OUT)
def test_what_goes_on_is_said(cloudctl, local_aws, make_customer, row, way):
    prepare, call, back, undo = ROWS[row]
    words = prepare(cloudctl, make_customer)
    errors = WAYS_OUT[way](cloudctl, local_aws, call, words)
    assert "in AWS" in errors and back in errors and undo in errors, errors
    assert cloudctl.record("demo")["operation"]["kind"] == words[0]
    cloudctl.run(*words)
