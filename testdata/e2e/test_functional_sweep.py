# SPDX-License-Identifier: Apache-2.0
"""What a functional verification leaves that was killed at any of its calls: every command says that there may be
something, the instance ends itself, and `verify --sweep` takes all of it away, and nothing else."""

import pytest
from conftest import ACCOUNT, REGION, SOAK, wait_for
from guest import LIVE, Guest, all_well, instances, versions

WORDS = ("verify", "demo", "--functional-verify", "workspace", "--yes")
SWEEP = ("verify", "demo", "--sweep")


@pytest.fixture
def launch(cloudctl, local_aws):
    """The words, for a cloud whose control plane is in the caller's account, and an image."""
    cloudctl.run("setup", "--name", "demo", "--region", REGION, "--skip-preflight", "--control-plane-account", ACCOUNT, "--yes")
    local_aws.control("POST", "machines", {"on": False})  # a Guest plays them
    image = local_aws.client("ec2").describe_images()["Images"][0]["ImageId"]
    return (*WORDS, "--image-id", image)


@pytest.fixture
def killed(cloudctl, local_aws, launch):
    """The id of an instance that runs and has reported, and whose cloudctl is no more."""
    guest = Guest(local_aws, [("boot", "ok", "fine")])
    process = cloudctl.start(*launch)
    guest.join()
    process.kill()
    process.communicate(timeout=30)
    return guest.instance["InstanceId"]


def nothing_left(cloudctl, local_aws):
    assert instances(local_aws) == [] and versions(local_aws) == []
    assert "operation" not in cloudctl.record("demo")


def tagged(local_aws, **tags):
    """A volume of its own, free to be deleted."""
    return local_aws.client("ec2").create_volume(
        AvailabilityZone=REGION + "a", Size=1, TagSpecifications=[
            {"ResourceType": "volume", "Tags": [{"Key": key.replace("_", "-"), "Value": value} for key, value in tags.items()]}],
    )["VolumeId"]


def test_nothing_there(cloudctl, local_aws, launch):
    assert "has left anything" in cloudctl.run(*SWEEP).stderr
    assert cloudctl.history("demo")[-1][0] == "setup"


def test_a_run_leaves_no_version_of_its_report(cloudctl, local_aws, launch):
    """setup's bucket keeps old versions."""
    guest = Guest(local_aws, all_well())
    cloudctl.run(*launch)
    guest.join()
    nothing_left(cloudctl, local_aws)


def test_what_a_killed_run_left(cloudctl, local_aws, killed):
    for words in (("get", "demo"), ("history", "demo"), ("verify", "demo"), ("policy", "verify", "demo"), ("verify", "--all")):
        assert "cloudctl verify demo --sweep" in cloudctl.run(*words).stderr or words[0] == "policy"
    shown = cloudctl.run(*SWEEP, code=5).stderr
    assert f"Ends {killed} (running) of the run run-" in " ".join(shown.split()) and "1 version of objects below" in " ".join(shown.split())
    assert len(instances(local_aws)) == 1 and len(versions(local_aws)) == 1
    assert "All of it is gone" in cloudctl.run(*SWEEP, "--yes").stderr
    nothing_left(cloudctl, local_aws)
    assert cloudctl.history("demo")[-1] == ("verify", "undone", ["launch"])
    assert "--sweep" not in cloudctl.run("get", "demo").stderr


def test_nothing_else_goes(cloudctl, local_aws, launch):
    cloud, ec2 = cloudctl.record("demo"), local_aws.client("ec2")
    mine = tagged(local_aws, cloudctl_cloud_id=cloud["id"], cloudctl_run="run-1")
    others = {tagged(local_aws, cloudctl_cloud_id="cld_" + "z" * 26, cloudctl_run="run-1"),
              tagged(local_aws, cloudctl_cloud_id=cloud["id"]), tagged(local_aws, cloudctl_run="run-1")}
    s3, bucket = local_aws.client("s3"), cloud["resources"]["bucket"]
    for key in ("cloudctl/wheels/a.whl", "cloudctl/functional/run-1/report.json", "cloudctl/functional.txt"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    shown = cloudctl.run(*SWEEP, "--yes").stderr
    assert mine in shown and "1 version of objects" in shown and not any(other in shown for other in others)
    assert {row["VolumeId"] for row in ec2.describe_volumes()["Volumes"]} >= others
    assert mine not in {row["VolumeId"] for row in ec2.describe_volumes()["Volumes"]}
    kept = {row["Key"] for row in s3.list_objects_v2(Bucket=bucket)["Contents"]}
    assert kept == {"cloudctl/wheels/a.whl", "cloudctl/functional.txt"}


def test_what_cannot_be_taken_away_is_said(cloudctl, local_aws, killed):
    local_aws.faults({"match": "ec2:TerminateInstances", "status": 403, "code": "UnauthorizedOperation"})
    errors = cloudctl.run(*SWEEP, "--yes", code=4).stderr
    assert "ec2:TerminateInstances" in errors and "sweeping cloud 'demo'" in errors
    assert cloudctl.record("demo")["operation"]["kind"] == "verify"
    local_aws.quiet()
    cloudctl.run(*SWEEP, "--yes")
    nothing_left(cloudctl, local_aws)


# Which call of a run, which of these, and whether an instance is there to report by then.
CALLS = [("sts:AssumeRole", 0, False), ("ec2:DescribeImages", 0, False), ("ec2:RunInstances", 0, True),
         ("ec2:DescribeInstances", 0, True), ("s3:GetObject", 0, True), ("s3:GetObject", 1, True),
         ("ec2:TerminateInstances", 0, True), ("ec2:DescribeInstances", 3, True), ("s3:ListObjectVersions", 0, True),
         ("s3:DeleteObjects", 0, True), ("s3:ListObjectVersions", 1, True)]
SAMPLE = [("ec2:RunInstances", 0, True), ("ec2:RunInstances", 0, False), ("ec2:TerminateInstances", 0, False),
          ("s3:DeleteObjects", 0, False), ("sts:AssumeRole", 0, False)]  # the last: lost on its way


def cases():
    for call, number, there in CALLS:
        for lost in (False, True):
            if SOAK or (call, number, lost) in SAMPLE:
                yield pytest.param(call, number, there and not (lost and call == "ec2:RunInstances"), lost,
                                   id=f"{call.partition(':')[2]}-{number}-{'before' if lost else 'after'}")


@pytest.mark.parametrize("call, number, there, lost", list(cases()))
def test_killed_anywhere(cloudctl, local_aws, launch, call, number, there, lost):
    guest = Guest(local_aws, all_well()) if there else None
    assert cloudctl.kill_at(local_aws, call, number, *launch, lost=lost)
    if guest:
        guest.join()
    assert ("operation" in cloudctl.record("demo")) == (call not in ("sts:AssumeRole", "ec2:DescribeImages"))
    cloudctl.run(*SWEEP, "--yes")
    nothing_left(cloudctl, local_aws)
    guest = Guest(local_aws, all_well())
    cloudctl.run(*launch)
    guest.join()
    nothing_left(cloudctl, local_aws)


def test_the_instance_of_a_killed_run_ends_itself(cloudctl, local_aws, launch):
    """Its own script, in namespaces of this computer; a minute of its timer is a moment."""
    if local_aws.control("GET", "machines")["hindrance"]:
        pytest.skip(local_aws.control("GET", "machines")["hindrance"])
    local_aws.control("POST", "machines", {"on": True, "minute": 0.5, "beyond": "drop"})
    assert cloudctl.kill_at(local_aws, "ec2:RunInstances", 0, *launch)
    [instance] = instances(local_aws, [*LIVE, "terminated"])
    wait_for(lambda: instances(local_aws) == [], 60)
    [instance] = instances(local_aws, ["terminated"])
    assert "Instance initiated shutdown" in instance["StateReason"]["Message"]
    cloudctl.run(*SWEEP, "--yes")
    nothing_left(cloudctl, local_aws)


@pytest.mark.parametrize("words", [("--all",), ("--functional-verify",), ("--watch", "60s"), ("--only", "vpc.*"), ("--strict",)])
def test_it_goes_alone(cloudctl, words):
    assert "--sweep only takes away" in cloudctl.run("verify", "--sweep", *words, code=2).stderr
