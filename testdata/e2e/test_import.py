# SPDX-License-Identifier: Apache-2.0
"""`import`: records of clouds that are there already, out of their stacks or of a file from another machine."""

import json
import shutil

import pytest
import yaml
from conftest import ACCOUNT, REGION
from least_privilege import Person, actions_of, each_is_needed
from verify_support import Site

SETUP = ("setup", "prod", "--region", REGION, "--skip-preflight", "--yes")
TIMES = ("created", "updated", "history")
ORGANIZATION = ("--tag", "team=ray", "--tag", "cost center=a b", "--role-path", "/teams/ray/", "--old-version-days", "30",
                "--extra-node-role-arn", f"arn:aws:iam::{ACCOUNT}:role/more", "--node-cloudwatch", "--node-secrets", "ray/")
VARIANTS = {
    "plain": (), "private": ("--private-network",), "a gateway for each zone": ("--private-network", "--nat-gateways", "per-zone"),
    "memorydb": ("--enable-head-node-fault-tolerance",), "organization": ORGANIZATION,
    "no file system": ("--no-efs",), "another control plane": ("--control-plane-account", "210987654321", "--cloud-tag", "mine"),
}


def text_of(cloudctl, name: str) -> str:
    """The record as it is in the file, without times and history."""
    record = cloudctl.whole_record(name)
    record["verification"].pop("at")
    return yaml.safe_dump({key: value for key, value in record.items() if key not in TIMES}, sort_keys=False)


def lose(cloudctl) -> None:
    """The laptop, with all its records."""
    shutil.rmtree(cloudctl.state)


def stack_of(cloudctl, name: str) -> str:
    return cloudctl.record(name)["stack_arn"]


@pytest.mark.parametrize("words", VARIANTS.values(), ids=VARIANTS)
def test_the_record_is_what_setup_wrote(cloudctl, words):
    cloudctl.run(*SETUP, *words)
    before, created = text_of(cloudctl, "prod"), cloudctl.record("prod")["created"]
    stack = stack_of(cloudctl, "prod")
    lose(cloudctl)
    cloudctl.run("import", "--stack", stack)
    cloudctl.run("verify", "prod")
    assert text_of(cloudctl, "prod") == before
    assert cloudctl.history("prod") == [("import", "done", ["record"])]
    assert cloudctl.record("prod")["created"] >= created


@pytest.mark.parametrize("private", [False, True], ids=["direct", "private"])
def test_in_a_vpc_of_the_users(cloudctl, local_aws, private):
    site = Site(local_aws, private=private)
    words = ("--vpc-id", site.vpc, "--subnet-ids", ",".join(site.subnets), *(["--private-network"] if private else []))
    cloudctl.run(*SETUP, *words)
    before, stack = text_of(cloudctl, "prod"), stack_of(cloudctl, "prod")
    lose(cloudctl)
    cloudctl.run("import", "--stack", stack.split("/")[1], "--region", REGION)
    cloudctl.run("verify", "prod", code=None)
    assert text_of(cloudctl, "prod") == before


def test_all_of_an_account_and_region(cloudctl, local_aws, customer):
    """The customer's stack is not one of them, a deleted one neither, and those of another region are not asked for."""
    for name, region in (("one", REGION), ("two", REGION), ("gone", REGION), ("far", "eu-west-1")):
        cloudctl.run("setup", name, "--region", region, "--skip-preflight", "--yes")
    cloudctl.run("delete", "gone", "--yes")
    before = {name: text_of(cloudctl, name) for name in ("one", "two", "far")}
    lose(cloudctl)
    done = cloudctl.run("import", "--all", "--region", REGION)
    assert sorted(line.split()[0::3] for line in done.stdout.splitlines()[1:]) == [["one", "imported"], ["two", "imported"]]
    rows = json.loads(cloudctl.run("import", "--all", "--region", REGION, "-o", "json").stdout)
    assert {(row["name"], row["state"], row["result"]) for row in rows} == {
        ("one", "ready", "recorded already"), ("two", "ready", "recorded already")}
    cloudctl.run("import", "--all", "--region", "eu-west-1")
    cloudctl.run("verify", "--all")
    assert {name: text_of(cloudctl, name) for name in ("one", "two", "far")} == before


def test_there_is_none(cloudctl, customer):
    done = cloudctl.run("import", "--all", "--region", REGION)
    assert done.stdout == "" and f"There is no stack of a cloud in {REGION}" in done.stderr
    assert json.loads(cloudctl.run("import", "--all", "--region", REGION, "-o", "json").stdout) == []


def test_one_of_all_cannot_be_imported(cloudctl, local_aws):
    cloudctl.run(*SETUP)
    cloudctl.run("setup", "other", *SETUP[2:])
    stack = cloudctl.record("other")["stack_name"]
    lose(cloudctl)
    local_aws.faults({"match": "cloudformation:DescribeStacks", "times": 1, "status": 403, "code": "AccessDenied"})
    done = cloudctl.run("import", "--all", "--region", REGION, "-o", "json", code=4)
    results = {row["result"]: row for row in json.loads(done.stdout)}
    assert set(results) == {"imported", "not imported"} and "cloudformation:DescribeStacks" in results["not imported"]["why"]
    cloudctl.run("import", "--all", "--region", REGION)
    assert cloudctl.record("other")["stack_name"] == stack


def test_a_name_that_is_taken(cloudctl):
    cloudctl.run(*SETUP)
    stack = stack_of(cloudctl, "prod")
    lose(cloudctl)
    cloudctl.run(*SETUP)
    errors = cloudctl.run("import", "--stack", stack, code=4).stderr
    assert "choose another name with --name: a cloud named 'prod' already exists" in errors
    cloudctl.run("import", "--stack", stack, "--name", "old")
    assert cloudctl.record("old")["stack_arn"] == stack and cloudctl.record("prod")["stack_arn"] != stack


def test_no_record_is_replaced(cloudctl):
    cloudctl.run(*SETUP)
    before = cloudctl.whole_record("prod")
    for words in (("--stack", stack_of(cloudctl, "prod")), ("--stack", stack_of(cloudctl, "prod"), "--name", "again")):
        errors = cloudctl.run("import", *words, code=4).stderr
        assert f"the cloud {before['id']} is recorded already, as 'prod'; nothing was changed" in errors
    assert cloudctl.whole_record("prod") == before and cloudctl.records() == ["prod.yaml"]


@pytest.mark.parametrize("status", ["CREATE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS"])
def test_while_it_is_being_made(cloudctl, local_aws, status):
    """The laptop is lost in the middle of setup; another one goes on with it."""
    cloudctl.kill_at(local_aws, "cloudformation:CreateStack", 0, *SETUP)
    [stack] = local_aws.client("cloudformation").describe_stacks()["Stacks"]
    lose(cloudctl)
    local_aws.faults({"match": "cloudformation:DescribeStacks", "times": 1, "status": 200,
                      "body": described({**stack, "Outputs": []}, status)})
    done = cloudctl.run("import", "--stack", stack["StackId"])
    assert cloudctl.record("prod")["state"] == "creating" and "vpc_id" not in cloudctl.record("prod").get("resources", {})
    assert "Its setup has not ended. To go on with it: cloudctl setup --name prod" in done.stderr
    cloudctl.run(*SETUP)
    assert cloudctl.record("prod")["state"] == "ready" and len(local_aws.stacks()) == 1


def test_one_that_failed(cloudctl, local_aws):
    local_aws.fail({"logical_id": "Bucket", "reason": "no room"})
    cloudctl.run(*SETUP, code=4)
    stack = stack_of(cloudctl, "prod")
    lose(cloudctl)
    cloudctl.run("import", "--stack", stack)
    assert cloudctl.record("prod")["state"] == "failed"
    local_aws.fail()
    cloudctl.run(*SETUP)
    assert cloudctl.record("prod")["state"] == "ready"


def test_one_whose_deletion_failed(cloudctl, local_aws):
    cloudctl.run(*SETUP)
    local_aws.fail({"logical_id": "FileSystem", "when": "delete", "reason": "in use"})
    cloudctl.run("delete", "prod", "--yes", code=4)
    stack = stack_of(cloudctl, "prod")
    lose(cloudctl)
    done = cloudctl.run("import", "--stack", stack)
    assert cloudctl.record("prod")["state"] == "deleting" and "cloudctl delete --name prod" in done.stderr
    local_aws.fail()
    cloudctl.run("delete", "prod", "--yes")
    assert cloudctl.records() == []


# --- stacks that are not a cloud's ---


def test_a_stack_that_setup_did_not_make(cloudctl, local_aws):
    local_aws.client("cloudformation").create_stack(StackName="theirs", TemplateBody=json.dumps(
        {"Resources": {"Topic": {"Type": "AWS::S3::Bucket"}}, "Outputs": {"VpcId": {"Value": "vpc-0a1b2c3d"}}}))
    errors = cloudctl.run("import", "--stack", "theirs", "--region", REGION, code=4).stderr
    assert ("it has no parameter CloudId, no parameter ControlPlaneAccount, no parameter ExternalId, no tag cloudctl-cloud-id; "
            "nothing was recorded") in errors
    assert cloudctl.records() == []


def test_a_stack_of_our_template_that_setup_did_not_make(cloudctl, customer):
    """Without the tag, and with a name of its own: delete would not find it."""
    errors = cloudctl.run("import", "--stack", "customer", "--region", REGION, code=4).stderr
    assert "it has no tag cloudctl-cloud-id" in errors and cloudctl.records() == []


def described(stack: dict, status: str = "CREATE_COMPLETE", **changes) -> str:
    """A reply of DescribeStacks with this stack, as AWS writes it."""
    def pairs(name: str, key: str, value: str, rows: dict) -> str:
        return f"<{name}>" + "".join(
            f"<member><{key}>{at}</{key}><{value}>{text}</{value}></member>" for at, text in rows.items()) + f"</{name}>"

    parts = {"parameters": {row["ParameterKey"]: row["ParameterValue"] for row in stack["Parameters"]},
             "outputs": {row["OutputKey"]: row["OutputValue"] for row in stack["Outputs"]},
             "tags": {row["Key"]: row["Value"] for row in stack["Tags"]}}
    for part, change in changes.items():
        parts[part] = {key: value for key, value in (parts[part] | change).items() if value is not None}
    return ("<DescribeStacksResponse><DescribeStacksResult><Stacks><member>"
            f"<StackId>{stack['StackId']}</StackId><StackName>{stack['StackName']}</StackName>"
            f"<StackStatus>{status}</StackStatus><CreationTime>2026-01-02T03:04:05.678Z</CreationTime>"
            + pairs("Parameters", "ParameterKey", "ParameterValue", parts["parameters"])
            + pairs("Outputs", "OutputKey", "OutputValue", parts["outputs"]) + pairs("Tags", "Key", "Value", parts["tags"])
            + "</member></Stacks></DescribeStacksResult></DescribeStacksResponse>")


HOSTILE = {
    "no output": ({"outputs": {"VpcId": None, "BucketName": None}}, "the stack has no output VpcId, BucketName"),
    "an id that is none": ({"outputs": {"VpcId": "vpc-1; rm -rf /"}}, "resources.vpc_id: must be a VPC id"),
    "a role that is none": ({"outputs": {"NodeRoleArn": "admin"}}, "resources.node_role_arn: must be a role's ARN"),
    "a thousand subnets": ({"outputs": {"SubnetIds": ",".join(f"subnet-{number:08x}" for number in range(1001))}},
                           "resources.subnet_ids: "),
    "the id of another": ({"parameters": {"CloudId": "cld_" + "b" * 26}}, "is not that of one cloud"),
    "the tag of another": ({"tags": {"cloudctl-cloud-id": "cld_" + "b" * 26}}, "is not that of one cloud"),
    "an id that fits nothing": ({"parameters": {"CloudId": "../../x"}, "tags": {"cloudctl-cloud-id": "../../x"}},
                                "is not that of one cloud"),
    "an external id of another": ({"parameters": {"ExternalId": "cld_" + "b" * 26}}, "external_id is"),
    "an account that is none": ({"parameters": {"ControlPlaneAccount": "everyone"}}, "control_plane_account: must be 12 digits"),
    "a tag key that is none": ({"parameters": {"CloudTag": "a b"}}, "cloud_tag: must be"),
}


@pytest.mark.parametrize("changes, why", HOSTILE.values(), ids=HOSTILE)
def test_a_stack_that_holds_what_no_record_holds(cloudctl, local_aws, changes, why):
    cloudctl.run(*SETUP)
    stack = stack_of(cloudctl, "prod")
    [made] = local_aws.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    lose(cloudctl)
    local_aws.faults({"match": "cloudformation:DescribeStacks", "status": 200, "body": described(made, **changes)})
    assert why in cloudctl.run("import", "--stack", stack, code=4).stderr
    assert cloudctl.records() == []
    local_aws.faults({"match": "cloudformation:DescribeStacks", "status": 200, "body": described(made)})
    cloudctl.run("import", "--stack", stack)
    assert cloudctl.record("prod")["created"] == "2026-01-02T03:04:05Z"


@pytest.mark.parametrize("name", [None, "", "../../etc/passwd", "-x"], ids=["none", "empty", "path", "option"])
def test_a_stack_that_says_no_name(cloudctl, local_aws, name):
    """One of an earlier version, or that somebody made by hand: the name is the stack's."""
    cloudctl.run(*SETUP)
    stack = stack_of(cloudctl, "prod")
    [made] = local_aws.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    lose(cloudctl)
    local_aws.faults({"match": "cloudformation:DescribeStacks", "status": 200,
                      "body": described(made, parameters={"CloudName": name})})
    cloudctl.run("import", "--stack", stack)
    assert cloudctl.records() == [made["StackName"] + ".yaml"]


# --- files ---


def saved(cloudctl, name: str = "prod"):
    path = cloudctl.home / "saved.yaml"
    path.write_text(cloudctl.run("get", name, "-o", "yaml").stdout)
    return path


def test_a_record_of_another_machine(cloudctl):
    """It stays what it is, findings that are ignored included."""
    cloudctl.run(*SETUP)
    cloudctl.run("verify", "prod", "--ignore", "vpc.dns", "--reason", "ours")
    path, before = saved(cloudctl), cloudctl.whole_record("prod")
    lose(cloudctl)
    cloudctl.run("import", "-f", str(path))
    after = cloudctl.whole_record("prod")
    assert after["history"][:-1] == before["history"] and after["history"][-1]["kind"] == "import"
    for record in (before, after):
        del record["history"], record["updated"]
    assert after == before
    cloudctl.run("delete", "prod", "--yes")


def test_a_registered_one(cloudctl, customer):
    cloudctl.run("register", "--name", "mine", *customer.arguments, "--skip-verifications", "--yes")
    path, before = saved(cloudctl, "mine"), cloudctl.record("mine")
    lose(cloudctl)
    cloudctl.run("import", "-f", str(path), "--name", "theirs")
    assert cloudctl.record("theirs") | {"updated": 0} == before | {"name": "theirs", "updated": 0}
    cloudctl.run("delete", "theirs", "--yes")
    assert customer.trust() == [customer.statement()]


def changed(**changes):
    return lambda record: yaml.safe_dump(record | changes, sort_keys=False)


FILES = {
    "not YAML": (lambda record: "name: [", 4, "saved.yaml"),
    "a record of nothing": (lambda record: "{}", 4, "is missing"),
    "without an id": (lambda record: changed()({key: value for key, value in record.items() if key != "id"}), 4, "id: is missing"),
    "a member too many": (changed(surprise="x"), 4, "surprise"),
    "another version": (changed(version=2), 4, "version: this cloudctl reads version 1 only"),
    "another stack": (changed(stack_name="cld-" + "b" * 26), 4, "stack_name is cld-"),
    "another external id": (changed(external_id="cld_" + "b" * 26), 4, "saved.yaml"),
    "another account": (changed(account="210987654321", stack_arn=None), 4, "the credentials are those of account"),
    "another region": (changed(region="eu-west-1", stack_arn=None), 4, "there is no stack cld-"),
}


@pytest.mark.parametrize("spoil, code, why", FILES.values(), ids=FILES)
def test_a_file_that_is_no_record_of_a_cloud(cloudctl, spoil, code, why):
    cloudctl.run(*SETUP)
    path = saved(cloudctl)
    path.write_text(spoil(yaml.safe_load(path.read_text())))
    lose(cloudctl)
    assert why in cloudctl.run("import", "-f", str(path), code=code).stderr
    assert cloudctl.records() == []


def test_a_managed_cloud_is_not_registered(cloudctl, local_aws):
    """Its stack would be forgotten."""
    cloudctl.run(*SETUP)
    path = saved(cloudctl)
    lose(cloudctl)
    local_aws.control("DELETE", "requests")
    errors = cloudctl.run("register", "-f", str(path), "--yes", code=2).stderr
    assert f"to record it: cloudctl import -f {path}" in errors
    assert local_aws.requests() == [] and cloudctl.records() == []


def test_the_record_of_a_cloud_that_was_deleted(cloudctl):
    cloudctl.run(*SETUP)
    path = saved(cloudctl)
    cloudctl.run("delete", "prod", "--yes")
    assert "does not exist any more; nothing was recorded" in cloudctl.run("import", "-f", str(path), code=4).stderr


@pytest.mark.parametrize("words, why", [
    ((), "give one of --stack, --all and --file"), (("--all", "--stack", "a"), "give one of --stack, --all and --file"),
    (("--all", "--name", "a"), "--name: with --all each cloud has its own name"),
    (("--stack", "a", "--name", "-"), "--name: '-' is not a name"),
    (("--stack", "arn:aws:s3:::a"), "--stack: 'arn:aws:s3:::a' is not the ARN of a stack"),
    (("--stack", f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/a/b", "--region", "eu-west-1"),
     f"--region: the cloud is in {REGION}, not in eu-west-1")],
    ids=["nothing", "two", "name of all", "name", "ARN", "region"])
def test_options_that_do_not_go_together(cloudctl, local_aws, words, why):
    assert why in cloudctl.run("import", *words, code=2).stderr
    assert local_aws.requests() == []


def test_a_stack_that_is_not_there(cloudctl):
    assert f"there is no stack nothing in {REGION}" in cloudctl.run("import", "--stack", "nothing", "--region", REGION,
                                                                    code=4).stderr


def test_interrupted(cloudctl, local_aws):
    cloudctl.run(*SETUP)
    lose(cloudctl)
    assert cloudctl.kill_at(local_aws, "cloudformation:DescribeStacks", 0, "import", "--all", "--region", REGION)
    assert cloudctl.records() == []
    cloudctl.run("import", "--all", "--region", REGION)
    assert cloudctl.records() == ["prod.yaml"]


def test_its_policy_is_the_least_that_it_needs(local_aws, tmp_path):
    """Of the stacks of the account, and of one."""
    person = Person(tmp_path, local_aws)
    person.administrator.run(*SETUP)
    stack = person.administrator.record("prod")["stack_arn"]

    def again(who, *words):
        for path in who.cloudctl.state.glob("cloudctl/clouds/*"):
            path.unlink()
        return who.run("import", "--region", who.region, *words)

    document = person.policy("import")
    person.hold(document)
    assert again(person, "--all").returncode == again(person, "--stack", stack).returncode == 0
    assert person.needed() == set(actions_of(document))
    each_is_needed(person, document, actions_of(document), lambda who: again(who, "--all"))
