# SPDX-License-Identifier: Apache-2.0
"""`setup`: what it makes, how it fails, and that a run killed anywhere can be run again. What the resources look like
in detail is in test_setup_resources.py."""

import re
import signal

import pytest
import yaml
from conftest import ACCOUNT, HELD, OTHER_KEYS, REGION, wait_for

SETUP = ("setup", "--name", "demo", "--region", REGION, "--yes")


def test_makes_verifies_and_records(cloudctl, local_aws):
    done = cloudctl.run(*SETUP)
    record = cloudctl.record("demo")
    assert record["state"] == "ready" and "operation" not in record
    assert re.fullmatch(r"cld_[a-z2-7]{26}", record["id"])
    assert record["stack_name"] == record["id"].replace("_", "-")
    assert (record["account"], record["region"], record["networking"]) == (ACCOUNT, REGION, "direct")
    assert record["external_id"] == record["id"] and record["control_plane_account"] == "525325868955"
    assert record["verification"]["verdict"] == "PASS"
    [stack] = local_aws.stacks()
    assert stack["StackId"] == record["stack_arn"] and stack["StackStatus"] == "CREATE_COMPLETE"
    outputs = local_aws.client("cloudformation").describe_stacks(StackName=stack["StackId"])["Stacks"][0]["Outputs"]
    values = {row["OutputKey"]: row["OutputValue"] for row in outputs}
    resources = record["resources"]
    assert ",".join(resources["subnet_ids"]) == values["SubnetIds"]
    assert [resources["vpc_id"], resources["bucket"], resources["file_system_id"], resources["mount_target_ip"]] == [
        values["VpcId"], values["BucketName"], values["FileSystemId"], values["MountTargetIp"]]
    assert "Verification result:" in done.stdout and "FAIL" not in done.stdout
    assert "ready in us-west-2" in done.stderr


def test_output_for_programs(cloudctl):
    done = cloudctl.run(*SETUP, "--output", "yaml")
    assert yaml.safe_load(done.stdout) == cloudctl.whole_record("demo") and "CREATE_COMPLETE" in done.stderr


def test_every_resource_has_its_lines_in_order(cloudctl, local_aws):
    lines = cloudctl.run(*SETUP).stderr.splitlines()
    events = local_aws.client("cloudformation").get_paginator("describe_stack_events")
    [stack] = local_aws.stacks()
    made = {event["LogicalResourceId"] for page in events.paginate(StackName=stack["StackId"])
            for event in page["StackEvents"] if event["PhysicalResourceId"] != stack["StackId"]}
    complete = [line for line in lines if ": CREATE_COMPLETE (" in line]
    assert len(complete) == len(set(complete)) == len(made)
    for line in complete:
        assert re.match(r"\(cloudctl \+\d+\.\ds\) ", line)
        name = line.split(") ", 1)[1].split(":")[0]
        assert lines.index(next(other for other in lines if f"{name}: CREATE_IN_PROGRESS" in other)) < lines.index(line)
    times = [float(line.split("+")[1].split("s")[0]) for line in lines if line.startswith("(cloudctl +")]
    assert times == sorted(times)


def test_the_record_is_there_before_the_stack(cloudctl, local_aws):
    local_aws.faults({"match": "cloudformation:CreateStack", "delay": HELD})
    process = cloudctl.start(*SETUP)
    wait_for(lambda: local_aws.control("GET", "faults")[0]["hits"])
    record = cloudctl.record("demo")
    local_aws.release()
    process.communicate()
    [request] = local_aws.requests("cloudformation:CreateStack")
    assert record["state"] == "creating" and record["operation"]["kind"] == "setup"
    assert request["parameters"]["ClientRequestToken"] == record["operation"]["token"]
    assert request["parameters"]["StackName"] == record["stack_name"]


def test_with_memorydb(cloudctl):
    cloudctl.run(*SETUP, "--enable-head-node-fault-tolerance")
    resources = cloudctl.record("demo")["resources"]
    assert resources["memorydb_cluster"] == cloudctl.record("demo")["stack_name"]
    assert re.fullmatch(r"[^:]+:6379", resources["memorydb_endpoint"])
    assert resources["memorydb_arn"].startswith(f"arn:aws:memorydb:{REGION}:{ACCOUNT}:cluster/")


def test_a_question_comes_first(cloudctl, local_aws):
    done = cloudctl.run(*SETUP[:-1], code=5)
    assert "--yes" in done.stderr
    code, shown = cloudctl.on_terminal(*SETUP[:-1], answer="n")
    assert code == 5 and "10.0.0.0/16" in shown and "EFS" in shown
    assert cloudctl.records() == [] and local_aws.stacks() == []
    code, shown = cloudctl.on_terminal(*SETUP[:-1], answer="y")
    assert code == 0, shown
    assert cloudctl.record("demo")["state"] == "ready"


@pytest.mark.parametrize("words, says", [
    ((), "--name"),
    (("--name", "-x"), "--name"),
    (("--name", "a/b"), "a/b"),
    (("--name", "a", "--provider", "gcp"), "gcp"),
    (("--name", "a", "--vpc-cidr", "10.0.0.0/8"), "/16 to /24"),
    (("--name", "a", "--vpc-cidr", "10.0.0.7/16"), "10.0.0.0/16"),
    (("--name", "a", "--vpc-cidr", "224.0.0.0/16"), "reserved"),
    (("--name", "a", "--vpc-cidr", "fd00::/16"), "IPv4"),
    (("--name", "a", "--ssh-cidr", "anywhere"), "--ssh-cidr"),
    (("--name", "a", "--control-plane-account", "12345"), "12 digits"),
    (("--name", "a", "--functional-verify=job"), "--functional-verify"),
    (("--name", "a", "--image-id", "ami-1"), "--functional-verify"),
    (("--name", "a", "--vpc-cdir", "x"), "--vpc-cidr"),
])
def test_bad_input_changes_nothing(cloudctl, local_aws, words, says):
    done = cloudctl.run("setup", "--region", REGION, *words, code=2)
    assert says in done.stderr
    assert cloudctl.records() == [] and local_aws.requests() == []


@pytest.mark.parametrize("region, says", [("us-wst-2", "did you mean us-west-2"), ("mars-north-1", "there is no region")])
def test_unknown_region(cloudctl, local_aws, region, says):
    done = cloudctl.run("setup", "--name", "a", "--region", region, "--yes", code=4)
    assert says in done.stderr
    assert cloudctl.records() == [] and local_aws.requests("cloudformation:CreateStack") == []


def test_no_region_at_all(cloudctl, local_aws):
    assert "--region" in cloudctl.run("setup", "--name", "a", "--yes", code=4).stderr
    assert local_aws.requests() == []


def test_a_cloud_that_is_ready_already(cloudctl, local_aws):
    """The same again is a success, as pipelines need it; other parameters are named, each with what there is."""
    cloudctl.run(*SETUP, "--ssh-cidr", "10.9.0.0/16")
    before = cloudctl.whole_record("demo")
    local_aws.control("DELETE", "requests")
    for words in (SETUP, SETUP[:-1], (*SETUP, "--ssh-cidr", "10.9.0.0/16", "--vpc-cidr", "10.0.0.0/16")):
        done = cloudctl.run(*words, "--output", "yaml")
        assert "is ready already" in done.stderr and yaml.safe_load(done.stdout) == before
    done = cloudctl.run(*SETUP, "--ssh-cidr", "10.8.0.0/16", "--vpc-cidr", "10.1.0.0/16", code=4)
    for part in ("clouds/demo.yaml", "--ssh-cidr", "10.8.0.0/16", "10.9.0.0/16", "--vpc-cidr", "10.1.0.0/16", "10.0.0.0/16"):
        assert part in done.stderr
    assert "update" not in done.stderr
    other_region = ("setup", "--name", "demo", "--region", "eu-west-1", "--yes")
    assert "was started in us-west-2" in cloudctl.run(*other_region, code=4).stderr
    assert {row["action"] for row in local_aws.requests()} == {"GetCallerIdentity", "DescribeStacks"}
    assert cloudctl.whole_record("demo") == before and len(local_aws.stacks()) == 1


def test_killed_while_it_verified(cloudctl, local_aws):
    """The same command again makes up for the verification, and ends as it would have."""
    assert cloudctl.kill_at(local_aws, "s3:GetBucketCors", 0, *SETUP)
    record = cloudctl.record("demo")
    assert record["state"] == "ready" and "verification" not in record
    local_aws.client("ec2").modify_vpc_attribute(VpcId=record["resources"]["vpc_id"], EnableDnsSupport={"Value": False})
    done = cloudctl.run(*SETUP, code=1)
    assert "FAIL    vpc.dns" in done.stdout
    assert cloudctl.record("demo")["verification"]["verdict"] == "FAIL"


def test_ready_in_the_record_only(cloudctl, local_aws):
    cloudctl.run(*SETUP)
    local_aws.reset()
    done = cloudctl.run(*SETUP, code=4)
    assert "there is no stack" in done.stderr and "cloudctl delete --name demo" in done.stderr
    assert local_aws.requests("cloudformation:CreateStack") == []


def test_a_name_that_is_taken(cloudctl, customer):
    cloudctl.run("register", "--name", "demo", *customer.arguments, "--skip-verifications", "--yes")
    assert "there is a cloud 'demo' already" in cloudctl.run(*SETUP, code=4).stderr


def test_a_failed_stack_names_the_first_cause(cloudctl, local_aws):
    local_aws.fail({"logical_id": "MountTarget2", "reason": "No address is free", "code": "ServiceLimitExceeded"})
    done = cloudctl.run(*SETUP, code=4)
    lines = done.stderr.splitlines()
    assert lines[-1].endswith("Mount target 2 failed: No address is free (ServiceLimitExceeded)")
    first = next(number for number, line in enumerate(lines) if "No address is free" in line)
    undoing = next(number for number, line in enumerate(lines) if "VPC: DELETE_COMPLETE" in line)
    assert first < undoing and not any("cancelled" in line for line in lines)
    record = cloudctl.record("demo")
    assert record["state"] == "failed"
    [stack] = local_aws.stacks()
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert local_aws.client("ec2").describe_vpcs(Filters=[{"Name": "tag:cloudctl-cloud-id",
                                                           "Values": [record["id"]]}])["Vpcs"] == []


def test_run_again_after_a_failure_makes_it_under_the_same_id(cloudctl, local_aws):
    local_aws.fail({"logical_id": "FileSystem", "times": 1})
    cloudctl.run(*SETUP, code=4)
    failed = cloudctl.record("demo")
    assert cloudctl.run(*SETUP[:-1], code=5).returncode == 5  # deleting what is left wants a yes
    cloudctl.run(*SETUP)
    ready = cloudctl.record("demo")
    assert ready["state"] == "ready" and ready["id"] == failed["id"] and ready["stack_arn"] != failed["stack_arn"]
    assert sorted(stack["StackStatus"] for stack in local_aws.stacks()) == ["CREATE_COMPLETE", "DELETE_COMPLETE"]


@pytest.mark.parametrize("code, says", [("AccessDenied", "needs cloudformation:CreateStack"),
                                        ("LimitExceededException", "LimitExceededException")])
def test_a_refused_stack_leaves_nothing(cloudctl, local_aws, code, says):
    local_aws.faults({"match": "cloudformation:CreateStack", "code": code})
    done = cloudctl.run(*SETUP, code=4)
    assert says in done.stderr
    assert cloudctl.records() == [] and local_aws.stacks() == []


def test_lost_replies_and_throttling_do_not_disturb(cloudctl, local_aws):
    local_aws.faults({"match": "cloudformation:CreateStack", "times": 1, "drop": "after"},
                     {"match": "cloudformation:DescribeStackEvents", "times": 2, "code": "Throttling", "status": 400},
                     {"match": "cloudformation:DescribeStacks", "times": 4, "code": "ServiceUnavailable"})
    cloudctl.run(*SETUP)
    assert len(local_aws.stacks()) == 1 and cloudctl.record("demo")["state"] == "ready"


def test_wrong_account_on_the_second_run(cloudctl, local_aws):
    local_aws.fail({"logical_id": "FileSystem", "times": 1})
    cloudctl.run(*SETUP, code=4)
    cloudctl.environment.update(AWS_ACCESS_KEY_ID=OTHER_KEYS[0], AWS_SECRET_ACCESS_KEY=OTHER_KEYS[1])
    done = cloudctl.run(*SETUP, code=4)
    assert f"is in account {ACCOUNT}" in done.stderr


def test_other_sizes_on_the_second_run(cloudctl, local_aws):
    assert cloudctl.kill_at(local_aws, "cloudformation:DescribeStackEvents", 0, *SETUP)
    done = cloudctl.run(*SETUP, "--vpc-cidr", "10.1.0.0/16", code=4)
    assert "--vpc-cidr" in done.stderr and "10.0.0.0/16" in done.stderr
    done = cloudctl.run(*SETUP[:-3], "--region", "eu-west-1", "--yes", code=2)
    assert "started in us-west-2" in done.stderr
    cloudctl.run(*SETUP)


def test_a_killed_run_keeps_its_block(cloudctl, local_aws):
    """Also without the option again; the request that AWS may have got must not have other parameters."""
    assert cloudctl.kill_at(local_aws, "cloudformation:CreateStack", 0, *SETUP, "--vpc-cidr", "10.1.0.0/16", lost=True)
    assert cloudctl.record("demo")["network"] == {"vpc_cidr": "10.1.0.0/16"}
    cloudctl.run(*SETUP)
    record = cloudctl.record("demo")
    vpcs = local_aws.client("ec2").describe_vpcs(VpcIds=[record["resources"]["vpc_id"]])["Vpcs"]
    assert [vpc["CidrBlock"] for vpc in vpcs] == ["10.1.0.0/16"] and record["network"] == {"vpc_cidr": "10.1.0.0/16"}


def test_killed_before_the_stack_was_asked_for(cloudctl, local_aws):
    assert cloudctl.kill_at(local_aws, "cloudformation:CreateStack", 0, *SETUP, lost=True)
    begun = cloudctl.record("demo")
    assert begun["state"] == "creating" and local_aws.stacks() == []
    local_aws.control("DELETE", "requests")
    cloudctl.run(*SETUP)
    [request] = local_aws.requests("cloudformation:CreateStack")
    assert request["parameters"]["ClientRequestToken"] == begun["operation"]["token"]
    assert cloudctl.record("demo")["id"] == begun["id"] and len(local_aws.stacks()) == 1


def members(parameters: dict, name: str, keys: tuple) -> list[dict]:
    """A list of structs out of a request of the query protocol."""
    count = sum(key.startswith(f"{name}.member.") and key.endswith(f".{keys[0]}") for key in parameters)
    return [{key: parameters[f"{name}.member.{number}.{key}"] for key in keys} for number in range(1, count + 1)]


@pytest.mark.parametrize("more", [(), ("--check-cidr-overlap",)])
def test_a_late_request_of_the_killed_run(cloudctl, local_aws, more):
    """The next run finds no stack, and then the request arrives: the stack's own resources are no obstacle."""
    assert cloudctl.kill_at(local_aws, "cloudformation:CreateStack", 0, *SETUP, lost=True)
    [request] = local_aws.requests("cloudformation:CreateStack")
    assert local_aws.stacks() == []
    local_aws.faults({"match": "cloudformation:DescribeStacks", "times": 1, "delay": HELD})
    process = cloudctl.start(*SETUP, *more)
    wait_for(lambda: local_aws.control("GET", "faults")[0]["hits"])
    cloudformation = local_aws.client("cloudformation")
    late = cloudformation.create_stack(
        **{key: value for key, value in request["parameters"].items() if key in (
            "StackName", "TemplateBody", "OnFailure", "ClientRequestToken")},
        Capabilities=["CAPABILITY_NAMED_IAM"], Tags=members(request["parameters"], "Tags", ("Key", "Value")),
        Parameters=members(request["parameters"], "Parameters", ("ParameterKey", "ParameterValue")))["StackId"]
    cloudformation.get_waiter("stack_create_complete").wait(StackName=late, WaiterConfig={"Delay": 1})
    local_aws.release()
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    record = cloudctl.record("demo")
    assert record["stack_arn"] == late and record["state"] == "ready" and len(local_aws.stacks()) == 1


@pytest.mark.parametrize("number", [0, 1, 3])
def test_killed_while_rolling_back(cloudctl, local_aws, number):
    local_aws.fail({"logical_id": "NodeInstanceProfile", "times": 1})
    cloudctl.kill_at(local_aws, "cloudformation:DescribeStackEvents", number, *SETUP)
    for _ in range(3):  # the end of the rollback, then the new stack
        if cloudctl.run(*SETUP, code=None).returncode == 0:
            break
    assert cloudctl.record("demo")["state"] == "ready"
    assert [stack["StackStatus"] for stack in local_aws.stacks()].count("CREATE_COMPLETE") == 1


def test_interrupted(cloudctl, local_aws):
    local_aws.faults({"match": "cloudformation:DescribeStackEvents", "delay": HELD})
    process = cloudctl.start(*SETUP)
    wait_for(lambda: local_aws.control("GET", "faults")[0]["hits"])
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == -signal.SIGINT
    assert "cloudctl setup --name demo" in errors and "goes on in AWS" in errors
    assert cloudctl.record("demo")["state"] == "creating"
    local_aws.quiet()
    cloudctl.run(*SETUP)
    assert len(local_aws.stacks()) == 1


def test_two_at_the_same_time(cloudctl, local_aws):
    local_aws.faults({"match": "cloudformation:DescribeStackEvents", "delay": HELD})
    process = cloudctl.start(*SETUP)
    wait_for(lambda: local_aws.control("GET", "faults")[0]["hits"])
    assert str(process.pid) in cloudctl.run(*SETUP, code=4).stderr
    local_aws.release()
    process.communicate(timeout=60)
    assert process.returncode == 0 and len(local_aws.stacks()) == 1
