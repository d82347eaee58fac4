# SPDX-License-Identifier: Apache-2.0
"""`--functional-verify` of the commands that make, register or change a cloud: the instance comes after their own work,
which stays whatever it finds."""

import json
import signal

import pytest
from conftest import ACCOUNT, REGION, wait_for
from edit_support import Owner
from guest import Guest, all_well, instances, written
from verify_support import trust

SETUP = ("setup", "--name", "demo", "--region", REGION, "--skip-preflight", "--control-plane-account", ACCOUNT, "--yes")
BROKEN = [("boot", "ok", "fine"), ("s3", "failed", "writing: HTTP 403"), ("end", "ok", "")]


@pytest.fixture
def launch(local_aws):
    local_aws.control("POST", "machines", {"on": False})  # a Guest plays them
    image = local_aws.client("ec2").describe_images()["Images"][0]["ImageId"]
    return ("--functional-verify", "workspace", "--image-id", image)


@pytest.fixture
def owner(cloudctl, local_aws):
    """The control-plane role trusts the caller's account, with any external id."""
    owner = Owner(cloudctl, local_aws)
    owner.site.set_trust("control-plane", trust({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}))
    return owner


def nothing_left(cloudctl, local_aws, name):
    assert instances(local_aws) == [] and written(local_aws) == []
    record = cloudctl.record(name)
    assert record["state"] == "ready" and "operation" not in record


def test_setup(cloudctl, local_aws, launch):
    guest = Guest(local_aws, all_well())
    shown = cloudctl.run(*SETUP, *launch).stderr
    guest.join()
    assert shown.index("is ready in") < shown.index("Functional verification of a workspace") < shown.index("boot: fine")
    nothing_left(cloudctl, local_aws, "demo")
    assert [entry[:2] for entry in cloudctl.history("demo")] == [("setup", "done"), ("verify", "done")]


def test_what_the_instance_finds_is_the_exit_code(cloudctl, local_aws, launch):
    guest = Guest(local_aws, BROKEN)
    shown = cloudctl.run(*SETUP, *launch, code=1).stderr
    guest.join()
    assert "writing: HTTP 403" in shown
    nothing_left(cloudctl, local_aws, "demo")


def test_setup_again(cloudctl, local_aws, launch):
    cloudctl.run(*SETUP)
    guest = Guest(local_aws, all_well())
    assert "boot: fine" in cloudctl.run(*SETUP, *launch).stderr
    guest.join()
    nothing_left(cloudctl, local_aws, "demo")


def test_a_cloud_whose_instance_is_not_wanted_is_there(cloudctl, local_aws, launch):
    cloudctl.run(*SETUP)
    words = [word for word in (*SETUP, *launch) if word != "--yes"]
    code, shown = cloudctl.on_terminal(*words, answer="n")
    assert code == 3 and "Launch one m5.xlarge" in shown and "is there all the same" in shown
    assert instances(local_aws, ["pending", "running", "terminated"]) == []
    nothing_left(cloudctl, local_aws, "demo")


def test_the_role_lets_nobody_here_in(cloudctl, local_aws, launch):
    """The usual control plane is elsewhere: nobody waits for that to change."""
    words = [word for word in SETUP if word not in ("--control-plane-account", ACCOUNT)]
    shown = cloudctl.run(*words, *launch, code=3).stderr
    assert "Nothing was launched" in shown and "is ready in" in shown
    assert len(local_aws.requests("sts:AssumeRole")) == 1


def test_a_signal_leaves_the_cloud_and_no_instance(cloudctl, local_aws, launch):
    guest = Guest(local_aws, [("boot", "ok", "fine")])
    process = cloudctl.start(*SETUP, *launch)
    guest.join()
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGTERM, errors
    nothing_left(cloudctl, local_aws, "demo")


def test_killed_and_run_again(cloudctl, local_aws, launch):
    guest = Guest(local_aws, [("boot", "ok", "fine")])
    process = cloudctl.start(*SETUP, *launch)
    first = guest.join().instance["InstanceId"]
    process.kill()
    process.communicate(timeout=30)
    again = cloudctl.start(*SETUP, *launch)
    wait_for(lambda: [one for one in instances(local_aws, ["running"]) if one["InstanceId"] != first], 60)
    guest = Guest(local_aws, all_well())
    _, errors = again.communicate(timeout=60)
    guest.join()
    assert again.returncode == 0 and "what it left is taken away first" in errors
    nothing_left(cloudctl, local_aws, "demo")


def register(owner, *words):
    return ("register", "--name", "prod", *owner.site.arguments(), "--control-plane-account", ACCOUNT,
            "--cloud-tag", "anyscale-cloud-id", "--yes", *words)


def test_register(cloudctl, local_aws, launch, owner):
    guest = Guest(local_aws, all_well())
    shown = cloudctl.run(*register(owner, *launch)).stderr
    guest.join()
    assert shown.index("is registered in") < shown.index("boot: fine")
    nothing_left(cloudctl, local_aws, "prod")
    guest = Guest(local_aws, BROKEN)
    shown = cloudctl.run(*register(owner, *launch), code=1).stderr
    guest.join()
    assert "is registered already" in shown and "HTTP 403" in shown
    nothing_left(cloudctl, local_aws, "prod")


def test_register_without_checks(cloudctl, local_aws, launch, owner):
    guest = Guest(local_aws, all_well())
    shown = cloudctl.run(*register(owner, *launch, "--skip-verifications", "-o", "json"))
    guest.join()
    assert "boot: fine" in shown.stderr and json.loads(shown.stdout)["state"] == "ready"


def test_edit(cloudctl, local_aws, launch, owner):
    """The instance is launched into the cloud as it has become; and again where there is nothing to change."""
    cloudctl.run(*register(owner))
    bucket = owner.bucket()
    for said in ("is changed", "nothing to change"):
        guest = Guest(local_aws, all_well())
        shown = owner.edit("--s3-bucket-id", bucket, *launch).stderr
        assert shown.index(said) < shown.index("boot: fine")
        assert f"/{bucket}" in guest.join().values["BUCKET_URL"]
        nothing_left(cloudctl, local_aws, "prod")


def test_a_cloud_that_fails_is_changed_and_not_launched_into(cloudctl, local_aws, launch, owner):
    cloudctl.run(*register(owner))
    local_aws.client("ec2").modify_vpc_attribute(VpcId=owner.site.vpc, EnableDnsSupport={"Value": False})
    shown = owner.edit("--s3-bucket-id", owner.bucket(), *launch, code=3).stderr
    assert "is changed" in shown and "Nothing was launched, because 1 check failed" in shown
    assert instances(local_aws, ["pending", "running", "terminated"]) == []


@pytest.mark.parametrize("words, said", [
    (("setup", "demo", "--plan", "--functional-verify"), "a plan launches nothing"),
    (("setup", "demo", "--image-id", "ami-1"), "are for --functional-verify"),
    (("register", "--name", "demo", "--functional-as", "caller"), "are for --functional-verify"),
])
def test_what_cannot_be_meant(cloudctl, words, said):
    assert said in cloudctl.run(*words, code=2).stderr
