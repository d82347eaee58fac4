# SPDX-License-Identifier: Apache-2.0
"""`policy`: what it prints is a policy by IAM's own grammar, the same every time, and as narrow as what is known."""

import importlib.resources
import json
import re

import jsonschema
import pytest
import yaml
from conftest import ACCOUNT, HELD, REGION, TIMEOUT, Cloudctl, wait_for
from least_privilege import actions_of

PLACE = ("--region", REGION, "--account", ACCOUNT)
MEMORYDB = "--enable-head-node-fault-tolerance"
COMMANDS = ("setup", "register", "verify", "edit", "update", "delete", "policy")
MANAGED_MAX = 6144  # characters of a managed policy, white space not counted (IAM and STS quotas)
SPECIFICATION = json.loads((importlib.resources.files("cfnlint") / "data/AdditionalSpecs/Policies.json").read_text())


@pytest.fixture
def alone(tmp_path):
    """A program that has nobody to ask: no server, no credentials."""
    program = Cloudctl(tmp_path, "http://127.0.0.1:9")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        del program.environment[name]
    return program


def printed(cloudctl, *words):
    return json.loads(cloudctl.run("policy", *words).stdout)


def size(document):
    return len(json.dumps(document, separators=(",", ":")))


def grammar():
    folder = importlib.resources.files("cfnlint") / "data/schemas/other/iam"
    return json.loads((folder / "policy_identity.json").read_text()), json.loads((folder / "policy.json").read_text())


@pytest.mark.parametrize("words", [(), PLACE, (*PLACE, MEMORYDB, "--private-network", "--simulate")], ids=len)
@pytest.mark.parametrize("command", COMMANDS)
def test_is_a_policy_by_iams_grammar(alone, command, words):
    document = printed(alone, command, *words)
    assert document["Version"] == "2012-10-17" and document["Statement"]
    sids = [statement["Sid"] for statement in document["Statement"]]
    assert len(set(sids)) == len(sids) and all(re.fullmatch("[A-Za-z0-9]+", sid) for sid in sids)
    for statement in document["Statement"]:
        assert set(statement) <= {"Sid", "Effect", "Action", "Resource", "Condition"}
        assert statement["Effect"] == "Allow" and statement["Resource"] == sorted(statement["Resource"])
        assert statement["Action"] == sorted(statement["Action"])
    for action in actions_of(document):
        service, _, name = action.partition(":")
        assert name.lower() in SPECIFICATION[service]["Actions"], action
    listed = [action for statement in document["Statement"] for action in statement["Action"]]
    twice = {action for action in listed if listed.count(action) > 1}
    assert all(action.startswith("ec2:Create") for action in twice), "in two statements, and makes nothing"


@pytest.mark.parametrize("command", COMMANDS)
def test_is_valid_by_cfn_lints_schema(alone, command):
    identity, shared = grammar()
    registry = jsonschema.validators.validator_for(identity)
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT7
    known = Registry().with_resource("policy", Resource.from_contents(shared, default_specification=DRAFT7))
    registry(identity, registry=known).validate(printed(alone, command, *PLACE))


def test_is_the_same_every_time(alone):
    assert alone.run("policy", "setup", *PLACE).stdout == alone.run("policy", "setup", *PLACE).stdout


def test_is_json_whatever_text_is_and_yaml_when_asked(alone):
    document = printed(alone, "verify")
    assert json.loads(alone.run("policy", "verify", "-o", "json").stdout) == document
    assert json.loads(alone.run("policy", "verify", "-o", "text").stdout) == document
    assert yaml.safe_load(alone.run("policy", "verify", "-o", "yaml").stdout) == document


def test_without_a_place_it_holds_everywhere(alone):
    assert "arn:aws:cloudformation:*:*:stack/cld-*/*" in json.dumps(printed(alone, "setup"))
    assert "aws:RequestedRegion" not in json.dumps(printed(alone, "setup"))


@pytest.mark.parametrize("region,partition", [
    ("us-west-2", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")])
def test_the_partition_is_that_of_the_region(alone, region, partition):
    text = json.dumps(printed(alone, "setup", "--region", region))
    assert set(re.findall(r"arn:([\w-]+):", text)) == {partition}
    assert set(re.findall(r'"aws:RequestedRegion": "([\w-]+)"', text)) == {region}


def test_what_cannot_be_narrowed_is_bound_to_the_region(alone):
    """But what is asked elsewhere: whether the region is enabled, and IAM, which is in no region."""
    elsewhere = {"ec2:DescribeRegions", "iam:ListAccountAliases"}
    for command in COMMANDS:
        for statement in printed(alone, command, *PLACE)["Statement"]:
            if statement["Resource"] == ["*"] and not set(statement["Action"]) <= elsewhere:
                assert statement["Condition"]["StringEquals"]["aws:RequestedRegion"] == REGION, statement


@pytest.mark.parametrize("command", ["setup", "update", "delete"])
def test_nothing_is_made_or_changed_but_by_a_stack(alone, command):
    """Who holds it can do nothing to network, roles, bucket or file system with his own hands."""
    for statement in printed(alone, command, "--deployment", "managed", MEMORYDB, *PLACE)["Statement"]:
        condition = statement.get("Condition", {}).get("StringEquals", {})
        if condition.get("aws:CalledViaFirst") != "cloudformation.amazonaws.com":
            assert all(re.match(r"(cloudformation:|.*:(Get|List|Describe|Simulate))", action) for action in statement["Action"])


def test_a_role_may_be_passed_that_is_the_nodes_and_no_other(alone):
    passing = [statement for statement in printed(alone, "setup", *PLACE)["Statement"]
               if "iam:PassRole" in statement["Action"]]
    assert [statement["Resource"] for statement in passing] == [
        [f"arn:aws:iam::{ACCOUNT}:role/cld_*-cluster_node_role"]]


def test_options_make_it_larger(alone):
    plain = set(actions_of(printed(alone, "verify", "--deployment", "registered")))

    def added(*words):
        return set(actions_of(printed(alone, "verify", "--deployment", "registered", *words))) - plain

    assert added(MEMORYDB) == {"memorydb:DescribeAcls", "memorydb:DescribeClusters", "memorydb:DescribeParameters",
                               "memorydb:DescribeSubnetGroups", "memorydb:DescribeUsers"}
    assert added("--private-network") == {"ec2:DescribeNatGateways"}
    assert added("--simulate") == {"iam:SimulatePrincipalPolicy"}
    assert added("--kms-key-arn", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k") == {"kms:GetKeyPolicy"}
    assert "kms:DescribeKey" in plain  # a file system's key is AWS's own or not: only KMS tells


def test_delete_is_for_both_kinds_of_clouds_or_one(alone):
    managed, registered, both = (set(actions_of(printed(alone, "delete", *words))) for words in (
        ("--deployment", "managed"), ("--deployment", "registered"), ()))
    assert registered == {"iam:GetRole", "iam:UpdateAssumeRolePolicy"}
    assert both == managed | registered and "iam:UpdateAssumeRolePolicy" not in managed


def test_a_long_one_comes_in_parts(alone):
    done = alone.run("policy", "setup", *PLACE)
    whole = json.loads(done.stdout)
    assert size(whole) > MANAGED_MAX and f"{size(whole)} characters" in done.stderr and "--part 2" in done.stderr
    parts = [printed(alone, "setup", *PLACE, "--part", str(number)) for number in (1, 2)]
    assert all(size(part) <= MANAGED_MAX for part in parts)
    assert [row for part in parts for row in part["Statement"]] == whole["Statement"]
    assert "1 to 2" in alone.run("policy", "setup", *PLACE, "--part", "3", code=2).stderr
    assert printed(alone, "verify", "--part", "1") == printed(alone, "verify")


def test_edit_changes_trust_policies_and_nothing_else(alone):
    changing = [action for action in actions_of(printed(alone, "edit", MEMORYDB))
                if not re.match(r".*:(Get|List|Describe)", action)]
    assert changing == ["iam:UpdateAssumeRolePolicy"]


@pytest.mark.parametrize("words,said", [
    ((), "for which command"), (("setpu",), "did you mean 'setup'"), (("list",), "no policy for 'list'"),
    (("setup", "--account", "12"), "12 digits"), (("setup", "--region", "nowhere"), "not the name of a region"),
    (("verify", "--check", "--part", "1"), "cannot be used with --check"),
    (("verify", "--kms-key-arn", "key"), "not the ARN of a key"), (("setup", "--part", "0"), "must be 1 to"),
    (("setup", "--deployment", "registered"), "not for registered clouds"),
    (("register", "--deployment", "managed"), "not for managed clouds"), (("setup", "--deployment", "x"), "not one of"),
    (("verify", "no-such-cloud"), "no-such-cloud")], ids=str)
def test_words_that_are_wrong(alone, words, said):
    done = alone.run("policy", *words, code=None)
    assert done.returncode in (2, 4) and said in done.stderr and not done.stdout, done.stderr


def test_a_cloud_narrows_it_to_its_own_ids(cloudctl):
    cloudctl.run("setup", "--name", "prod", "--region", REGION, "--yes")
    record = cloudctl.record("prod")
    document = printed(cloudctl, "delete", "prod")
    text = json.dumps(document)
    assert "*" not in re.findall(r"stack/([^/]*)/", text) and record["stack_name"] in text
    assert record["id"] in text and f":{ACCOUNT}:" in text and REGION in text
    assert {"aws:ResourceTag/cloudctl-cloud-id"} <= {
        key for row in document["Statement"] for key in row.get("Condition", {}).get("StringEquals", {})}
    assert printed(cloudctl, "delete", "--name", "prod") == document == printed(cloudctl, "delete", record["id"])
    assert printed(cloudctl, "delete") != document, "not the default cloud's, unless it is named"
    assert "is managed" in cloudctl.run("policy", "delete", "prod", "--deployment", "registered", code=2).stderr
    assert "in account" in cloudctl.run("policy", "verify", "prod", "--account", "1" * 12, code=2).stderr
    assert "not for managed" in cloudctl.run("policy", "register", "prod", code=2).stderr


def test_the_administrator_lacks_nothing(cloudctl):
    done = cloudctl.run("policy", "setup", "--check", "--region", REGION)
    assert f"arn:aws:iam::{ACCOUNT}:user/local-admin may do all that 'cloudctl setup' needs" in done.stdout


def test_check_is_about_the_callers_own_account(cloudctl):
    done = cloudctl.run("policy", "setup", "--check", "--region", REGION, "--account", "1" * 12, code=4)
    assert ACCOUNT in done.stderr and "--profile" in done.stderr


def test_check_asks_all_at_once(cloudctl, local_aws):
    local_aws.faults({"match": "iam:SimulatePrincipalPolicy", "delay": HELD})
    process = cloudctl.start("policy", "setup", "--check", "--region", REGION)
    wait_for(lambda: local_aws.control("GET", "state")["in_flight"] > 10)
    local_aws.release()
    process.communicate(timeout=TIMEOUT)
    assert process.returncode == 0


@pytest.mark.parametrize("fault,said", [
    ({"status": 403, "code": "AccessDenied"}, "needs iam:SimulatePrincipalPolicy"),
    ({"status": 400, "code": "Throttling"}, "Throttling")], ids=["denied", "throttled"])
def test_check_that_cannot_ask_is_undetermined(cloudctl, local_aws, fault, said):
    local_aws.faults({"match": "iam:SimulatePrincipalPolicy", **fault})
    done = cloudctl.run("policy", "verify", "--check", "--region", REGION, "-o", "json", code=3)
    document = json.loads(done.stdout)
    assert said in document["undetermined"] and document["lacking"] == []
    assert "Not determined: " in cloudctl.run("policy", "verify", "--check", "--region", REGION, code=3).stdout


def test_check_that_cannot_ask_everything_says_what_is_lacking(cloudctl, local_aws):
    """What is known to be lacking decides the code."""
    iam = local_aws.client("iam")
    iam.create_user(UserName="poor")
    key = iam.create_access_key(UserName="poor")["AccessKey"]
    cloudctl.environment |= {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
    local_aws.faults({"match": "iam:SimulatePrincipalPolicy", "status": 403, "code": "AccessDenied", "times": 1})
    document = json.loads(cloudctl.run("policy", "verify", "--check", "--region", REGION, "-o", "json", code=1).stdout)
    assert document["lacking"] and document["undetermined"]


def test_check_without_credentials_is_a_failure(alone):
    assert "credentials" in alone.run("policy", "verify", "--check", "--region", REGION, code=4).stderr


@pytest.mark.parametrize("boundary", [False, True], ids=["a policy denies", "a boundary does not allow"])
def test_check_says_why(cloudctl, local_aws, boundary):
    iam = local_aws.client("iam")

    def everything(*more):
        return json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "*", "Resource": "*"}, *more]})

    edge = iam.create_policy(PolicyName="edge", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": {"Effect": "Allow", "NotAction": "ec2:DescribeVpcs", "Resource": "*"},
    }))["Policy"]["Arn"]
    role = iam.create_role(RoleName="bound", **({"PermissionsBoundary": edge} if boundary else {}),
                           AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": {
                               "Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}}))["Role"]
    iam.put_role_policy(RoleName="bound", PolicyName="all", PolicyDocument=everything(
        *([] if boundary else [{"Effect": "Deny", "Action": "ec2:DescribeVpcs", "Resource": "*"}])))
    keys = local_aws.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="session")["Credentials"]
    cloudctl.environment |= {"AWS_ACCESS_KEY_ID": keys["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
                             "AWS_SESSION_TOKEN": keys["SessionToken"]}
    done = cloudctl.run("policy", "verify", "--check", "--region", REGION, code=1)
    assert re.search(r"^ec2:DescribeVpcs\s+\*\s+" + ("the permissions boundary" if boundary else "denied by"),
                     done.stdout, re.MULTILINE), done.stdout
