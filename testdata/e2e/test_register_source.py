# SPDX-License-Identifier: Apache-2.0
"""`register` of resources that a stack or Terraform made: outputs by their names instead of ids by options."""

import json

import pytest
from conftest import ACCOUNT, REGION

REST = ("--name", "mine", "--region", REGION, "--skip-verifications", "--yes")


def options_of(customer) -> tuple:
    """What the customer would type."""
    return ("register", *customer.arguments, *REST)


def resources_of(cloudctl, *words) -> dict:
    """The resources of the record that a registration writes, which is taken back."""
    cloudctl.run(*words)
    record = cloudctl.record("mine")
    cloudctl.run("delete", "mine", "--yes")
    return {key: record.get(key) for key in ("resources", "region", "account", "networking", "deployment", "stack_arn")}


def output(value, **more) -> dict:
    return {"sensitive": False, "type": "string", "value": value, **more}


def module_outputs(customer) -> dict:
    """Those of the vendor's module, with its empty ones."""
    made = customer.outputs
    return {"anyscale_vpc_id": output(made["VpcId"]),
            "anyscale_vpc_public_subnet_ids": output(made["SubnetIds"].split(",")),
            "anyscale_vpc_private_subnet_ids": output([]), "anyscale_security_group_id": output(made["SecurityGroupId"]),
            "anyscale_s3_bucket_id": output(made["BucketName"]), "anyscale_efs_id": output(made["FileSystemId"]),
            "anyscale_iam_role_arn": output(made["ControlPlaneRoleArn"]),
            "anyscale_iam_role_cluster_node_arn": output(made["NodeRoleArn"]), "anyscale_memorydb_cluster_id": output(""),
            "database_password": output("hunter2-hunter2", sensitive=True)}


def state_of(outputs: dict) -> dict:
    return {"version": 4, "terraform_version": "1.9.8", "serial": 12, "lineage": "5b1b4dd5", "outputs": outputs,
            "resources": [{"mode": "managed", "type": "aws_vpc", "instances": [{"attributes": {"x": "hunter2-hunter2"}}]}]}


@pytest.mark.parametrize("form", [lambda outputs: outputs, state_of], ids=["output -json", "state"])
def test_outputs_of_terraform(cloudctl, customer, tmp_path, form):
    file = tmp_path / "outputs.json"
    file.write_text(json.dumps(form(module_outputs(customer))))
    assert resources_of(cloudctl, "register", "--from-terraform", str(file), *REST) == resources_of(cloudctl, *options_of(customer))


def test_a_stack_by_name_and_by_arn(cloudctl, customer, local_aws):
    """The customer's stack is of our template, without the marks of a managed cloud."""
    [stack] = local_aws.client("cloudformation").describe_stacks(StackName="customer")["Stacks"]
    wanted = resources_of(cloudctl, *options_of(customer))
    assert resources_of(cloudctl, "register", "--from-stack", "customer", *REST) == wanted
    rest = tuple(word for word in REST if word not in ("--region", REGION))
    assert resources_of(cloudctl, "register", "--from-stack", stack["StackId"], *rest) == wanted


def test_options_come_first(cloudctl, customer, tmp_path):
    file = tmp_path / "outputs.json"
    outputs = module_outputs(customer)
    right = outputs["anyscale_efs_id"]["value"]
    outputs["anyscale_efs_id"] = output("fs-00000000")
    file.write_text(json.dumps(outputs))
    made = resources_of(cloudctl, "register", "--from-terraform", str(file), *REST, "--efs-id", right)
    assert made["resources"]["file_system_id"] == right


def test_what_is_missing_is_asked_for(cloudctl, customer, local_aws, tmp_path):
    file = tmp_path / "outputs.json"
    outputs = module_outputs(customer)
    del outputs["anyscale_efs_id"], outputs["anyscale_iam_role_arn"]
    outputs["anyscale_vpc_id"] = output("vpc-; rm -rf /")
    file.write_text(json.dumps(outputs))
    errors = cloudctl.run("register", "--from-terraform", str(file), *REST, code=2).stderr
    assert "missing: --efs-id, --control-plane-role-arn" in errors and "--vpc-id: 'vpc-; rm -rf /' is not a VPC id" in errors
    assert local_aws.requests() == []


FILES = {
    "empty": ("", "line 1: not JSON"), "not JSON": ('{"password": hunter2-hunter2', "line 1: not JSON"),
    "a list": ("[]", "not an object"), "YAML": ("vpc_id: vpc-1", "not JSON"), "no output": ("{}", "no output has a name"),
    "an older state": ('{"version": 3, "modules": []}', "a state that is not of version 4"),
    "a plain object": ('{"VpcId": "vpc-1"}', "an output without a value"),
    "a number": ('{"VpcId": {"value": 1}}', "the output VpcId is neither a text nor a list of texts"),
    "an object": ('{"VpcId": {"value": {"a": "hunter2-hunter2"}}}', "the output VpcId is neither"),
    "deep": ("[" * 100_000, "not JSON"), "not UTF-8": (b'{"\xff": {"value": 1}}', "not JSON"), "NUL": (b"\0", "not a text file"),
}


@pytest.mark.parametrize("text, why", FILES.values(), ids=FILES)
def test_a_file_that_is_neither(cloudctl, local_aws, tmp_path, text, why):
    file = tmp_path / "outputs.json"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    errors = cloudctl.run("register", "--from-terraform", str(file), *REST, code=None).stderr
    assert why in errors and str(file) in errors and "hunter2" not in errors
    assert local_aws.requests() == [] and cloudctl.records() == []


def test_a_file_that_is_too_large(cloudctl, tmp_path):
    file = tmp_path / "state"
    with file.open("wb") as large:
        large.truncate((64 << 20) + 1)
    assert "outputs of Terraform" in cloudctl.run("register", "--from-terraform", str(file), *REST, code=4).stderr


def test_the_stack_of_a_managed_cloud_is_imported(cloudctl):
    cloudctl.run("setup", "prod", "--region", REGION, "--skip-preflight", "--yes")
    stack = cloudctl.record("prod")["stack_arn"]
    errors = cloudctl.run("register", "--from-stack", stack, "--name", "mine", "--yes", code=2).stderr
    assert f"to record it: cloudctl import --stack {stack}" in errors and cloudctl.records() == ["prod.yaml"]


def test_another_stack_is_registered(cloudctl, local_aws):
    local_aws.client("cloudformation").create_stack(StackName="theirs", TemplateBody=json.dumps(
        {"Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}}, "Outputs": {"Other": {"Value": "x"}}}))
    errors = cloudctl.run("import", "--stack", "theirs", "--region", REGION, code=4).stderr
    assert "cloudctl register --from-stack arn:aws:cloudformation:" in errors
    assert "no output has a name that is recognized" in cloudctl.run("register", "--from-stack", "theirs", *REST, code=4).stderr
    assert "there is no stack nothing in" in cloudctl.run("register", "--from-stack", "nothing", *REST, code=4).stderr


@pytest.mark.parametrize("words, why", [
    (("--from-stack", "a", "--from-terraform", "b"), "give one of --file, --from-stack and --from-terraform"),
    (("--from-stack", "a", "--file", "b"), "give one of --file, --from-stack and --from-terraform"),
    (("--from-stack", f"arn:aws:cloudformation:eu-west-1:{ACCOUNT}:stack/a/b"), "--region: the stack is in eu-west-1")],
    ids=["both", "file", "region"])
def test_options_that_do_not_go_together(cloudctl, local_aws, words, why):
    assert why in cloudctl.run("register", *words, *REST, code=2).stderr
    assert local_aws.requests() == []
