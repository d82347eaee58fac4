# SPDX-License-Identifier: Apache-2.0
"""`verify --functional-verify workspace`: what is launched, what is judged, and that nothing stays, whatever happens."""

import json
import signal

import pytest
from conftest import ACCOUNT, REGION, wait_for
from guest import SERVICE, STEPS, Guest, all_well, instances, written

WORDS = ("verify", "demo", "--functional-verify", "workspace", "--yes")


@pytest.fixture
def launch(cloudctl, local_aws):
    """The words, for a cloud whose control plane is in the caller's account, and an image."""
    cloudctl.run("setup", "--name", "demo", "--region", REGION, "--skip-preflight", "--control-plane-account", ACCOUNT, "--yes")
    local_aws.control("POST", "machines", {"on": False})  # a Guest plays them
    image = local_aws.client("ec2").describe_images()["Images"][0]["ImageId"]
    return (*WORDS, "--image-id", image)


def findings(cloudctl, words, code):
    report = json.loads(cloudctl.run(*words, "-o", "json", code=code).stdout)
    return {row["check"].removeprefix("functional.workspace."): row for row in report["findings"]
            if row["check"].startswith("functional.")}


def services(cloudctl, words, code):
    report = json.loads(cloudctl.run(*words, "-o", "json", code=code).stdout)
    found = {row["check"]: row for row in report["findings"] if row["check"].startswith("functional.")}
    return found, {name for name in found if name.startswith("functional.service.")}


def nothing_left(cloudctl, local_aws):
    assert instances(local_aws) == [] and written(local_aws) == []
    assert "operation" not in cloudctl.record("demo")


def test_a_good_cloud(cloudctl, local_aws, launch):
    guest = Guest(local_aws, all_well())
    found = findings(cloudctl, launch, 0)
    guest.join()
    assert {row["verdict"] for row in found.values()} == {"PASS"} and len(found) == 11
    nothing_left(cloudctl, local_aws)
    assert cloudctl.history("demo")[-1] == ("verify", "done", ["launch", "take-away"])


def test_what_is_launched(cloudctl, local_aws, launch):
    record = cloudctl.record("demo")
    guest = Guest(local_aws, all_well())
    shown = cloudctl.run(*launch).stderr
    instance = guest.join().instance
    tags = {row["Key"]: row["Value"] for row in instance["Tags"]}
    assert instance["InstanceType"] == "m5.xlarge" and instance["SubnetId"] == record["resources"]["subnet_ids"][0]
    assert instance["IamInstanceProfile"]["Arn"].endswith(record["resources"]["node_role_arn"].rpartition("/")[2])
    [interface] = instance["NetworkInterfaces"]
    assert [row["GroupId"] for row in interface["Groups"]] == record["resources"]["security_group_ids"]
    assert instance["MetadataOptions"]["HttpTokens"] == "required"
    assert instance["MetadataOptions"]["HttpPutResponseHopLimit"] == 1
    assert tags[record.get("cloud_tag", "cloudctl-cloud-id")] == record["id"]
    assert tags["cloudctl-run"] == guest.values["RUN"] and tags["cloudctl-expires"].endswith("Z")
    assert instance["BlockDeviceMappings"][0]["Ebs"]["DeleteOnTermination"] and guest.volume["Encrypted"]
    assert {row["Key"] for row in guest.volume["Tags"]} >= {"cloudctl-run", "cloudctl-expires"}
    assert guest.user_data.startswith("#!/bin/bash\nshutdown -h +20 ") and len(guest.user_data) < 16384
    assert "about $0.02" in shown and "one m5.xlarge" in shown and "boot: fine" in shown


def test_each_step_is_a_finding(cloudctl, local_aws, launch):
    guest = Guest(local_aws, [
        ("boot", "ok", "up"), ("efs", "failed", "mounting 10.0.0.4: Connection timed out"),
        ("egress.pypi", "failed", "could not resolve"), ("ray-install", "unknown", "no index"), ("end", "ok", "")])
    found = findings(cloudctl, launch, 1)
    guest.join()
    assert found["boot"]["verdict"] == "PASS"
    assert found["efs"]["verdict"] == "FAIL" and "Connection timed out" in found["efs"]["text"]
    assert found["egress.pypi"]["verdict"] == "WARN"
    assert found["ray-install"]["verdict"] == "UNKNOWN" and "no index" in found["ray-install"]["text"]
    assert found["ray-task"]["verdict"] == "UNKNOWN" and "did not come to it" in found["ray-task"]["text"]
    nothing_left(cloudctl, local_aws)


def test_an_instance_that_ends_without_a_word_did_not_boot(cloudctl, local_aws, launch):
    guest = Guest(local_aws, None)
    found = findings(cloudctl, launch, 1)
    guest.join()
    assert found["boot"]["verdict"] == "FAIL" and "reported nothing" in found["boot"]["text"]
    assert {row["verdict"] for name, row in found.items() if name != "boot"} == {"UNKNOWN"}
    nothing_left(cloudctl, local_aws)


def test_a_report_of_another_run_is_not_used(cloudctl, local_aws, launch):
    guest = Guest(local_aws, [("boot", "ok", "fine"), ("end", "ok", "")], run="run-somebody")
    process = cloudctl.start(*launch)
    guest.join()
    local_aws.client("ec2").terminate_instances(InstanceIds=[guest.instance["InstanceId"]])
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1 and "is of another run" in errors
    assert "functional.workspace.boot" in errors
    nothing_left(cloudctl, local_aws)


def test_nobody_may_assume_the_role(cloudctl, local_aws):
    cloudctl.run("setup", "--name", "demo", "--region", REGION, "--skip-preflight", "--yes")
    found = findings(cloudctl, WORDS, 3)
    assert {row["verdict"] for row in found.values()} == {"UNKNOWN"}
    errors = cloudctl.run(*WORDS, code=3).stderr
    assert "Nothing was launched" in errors and "--functional-as caller" in errors and "Costs" not in errors
    assert instances(local_aws, ["pending", "running", "terminated"]) == []


def test_a_cloud_that_fails_is_not_launched_into(cloudctl, local_aws, launch):
    record = cloudctl.record("demo")
    local_aws.client("ec2").modify_vpc_attribute(VpcId=record["resources"]["vpc_id"], EnableDnsSupport={"Value": False})
    errors = cloudctl.run(*launch, code=1).stderr
    assert "Nothing was launched, because" in errors and "--functional-anyway" in errors
    assert instances(local_aws) == []
    guest = Guest(local_aws, all_well())
    assert "boot: fine" in cloudctl.run(*launch, "--functional-anyway", code=1).stderr
    guest.join()
    nothing_left(cloudctl, local_aws)


def test_no_is_an_answer(cloudctl, local_aws, launch):
    code, shown = cloudctl.on_terminal(*(word for word in launch if word != "--yes"), answer="n")
    assert code == 5 and "Launch one m5.xlarge" in shown
    assert instances(local_aws, ["pending", "running", "terminated"]) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_takes_the_instance_away(cloudctl, local_aws, launch, number):
    guest = Guest(local_aws, [("boot", "ok", "fine")])
    process = cloudctl.start(*launch)
    guest.join()
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == -number, errors
    nothing_left(cloudctl, local_aws)


def test_a_run_that_was_killed_is_taken_away_by_the_next(cloudctl, local_aws, launch):
    guest = Guest(local_aws, [("boot", "ok", "fine")])
    process = cloudctl.start(*launch)
    first = guest.join().instance["InstanceId"]
    process.kill()
    process.communicate(timeout=30)
    assert cloudctl.record("demo")["operation"]["kind"] == "verify" and len(instances(local_aws)) == 1
    again = cloudctl.start(*launch)
    wait_for(lambda: [one for one in instances(local_aws, ["running"]) if one["InstanceId"] != first], 60)
    guest = Guest(local_aws, all_well())
    _, errors = again.communicate(timeout=60)
    guest.join()
    assert again.returncode == 0 and "was not ended; what it left is taken away first" in errors
    nothing_left(cloudctl, local_aws)


def of_a_service(launch, what="service"):
    return tuple(what if word == "workspace" else word for word in launch)


def test_a_service(cloudctl, local_aws, launch):
    """Without MemoryDB nothing is said of it; and a service needs neither the file system nor a task."""
    guest = Guest(local_aws, all_well(SERVICE))
    found, own = services(cloudctl, of_a_service(launch), 0)
    guest.join()
    assert own == {"functional.service.serve-deploy", "functional.service.http"}
    assert set(found) - own == {"functional.workspace." + name for name in STEPS if name not in ("efs", "ray-task")}
    assert {row["verdict"] for row in found.values()} == {"PASS"}
    assert guest.values["WHAT"] == "service" and guest.values["REDIS"] == "" and guest.values["EFS_NAME"] == ""
    nothing_left(cloudctl, local_aws)


def test_a_workspace_and_a_service(cloudctl, local_aws, launch):
    """One instance does both."""
    guest = Guest(local_aws, all_well((*STEPS, "serve-deploy", "http")))
    words = of_a_service(launch, "workspace,service")
    process = cloudctl.start(*words)
    guest.join()
    _, shown = process.communicate(timeout=60)
    assert process.returncode == 0 and "of a workspace and a service" in shown and "about 8 minutes" in shown
    assert set(guest.values["WHAT"].split(",")) == {"workspace", "service"} and guest.values["EFS_NAME"]
    nothing_left(cloudctl, local_aws)


def test_a_service_with_memorydb(cloudctl, local_aws):
    cloudctl.run("setup", "--name", "demo", "--region", REGION, "--skip-preflight", "--control-plane-account", ACCOUNT,
                 "--enable-head-node-fault-tolerance", "--yes")
    local_aws.control("POST", "machines", {"on": False})
    image = local_aws.client("ec2").describe_images()["Images"][0]["ImageId"]
    script = [(name, "failed" if name in ("http-again", "cleanup") else "ok", f"about {name}") for name in (*SERVICE, "end")]
    guest = Guest(local_aws, script)
    found, own = services(cloudctl, (*of_a_service(WORDS), "--image-id", image), 1)
    guest.join()
    assert len(own) == 7 and guest.values["REDIS"] == cloudctl.record("demo")["resources"]["memorydb_endpoint"]
    assert guest.values["REDIS"].partition(":")[0] in guest.values["NAMES"].split()
    assert found["functional.service.http-again"]["verdict"] == "FAIL"
    assert found["functional.service.cleanup"]["verdict"] == "WARN"
    assert found["functional.service.head-restart"]["verdict"] == "PASS"
    nothing_left(cloudctl, local_aws)


@pytest.mark.parametrize("words, said", [
    (("verify", "--all", "--functional-verify"), "--all and --functional-verify"),
    (("verify", "--facts", "x", "--functional-verify"), "--facts and --functional-verify"),
    (("verify", "demo", "--watch", "60s", "--functional-verify"), "--watch and --functional-verify"),
    (("verify", "demo", "--image-id", "ami-1"), "are for --functional-verify"),
    (("verify", "demo", "--functional-verify", "--functional-as", "somebody"), "is not one of"),
])
def test_what_cannot_be_meant(cloudctl, words, said):
    assert said in cloudctl.run(*words, code=2).stderr
