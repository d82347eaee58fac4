# SPDX-License-Identifier: Apache-2.0
"""What is said before `setup` and `register` ask, `setup --plan`, and what is said when they are done."""

import json
import os
import re

import jsonschema
import pytest
import yaml
from conftest import ACCOUNT, REGION, ROOT

SETUP = ("setup", "demo", "--region", REGION)
MEMORYDB = "--enable-head-node-fault-tolerance"
CHANGES = re.compile(r"(Create|Delete|Put|Update|Tag|Authorize|Attach|Modify|Run)\w+$")


def changes(local_aws) -> list[str]:
    return [row["action"] for row in local_aws.requests() if CHANGES.match(row["action"])]


def files(tmp_path) -> list[str]:
    return sorted(os.path.join(folder, name) for folder, _, names in os.walk(tmp_path) for name in names)


def plan_of(cloudctl, *words, code=1) -> dict:
    found = json.loads(cloudctl.run(*SETUP, "--plan", *words, "-o", "json", code=code).stdout)
    schema = json.loads((ROOT / "docs" / "plan.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(found)
    return found


def test_a_plan_says_all_and_writes_nothing(cloudctl, local_aws, tmp_path):
    before = files(tmp_path)
    done = cloudctl.run(*SETUP, "--plan", MEMORYDB, code=1)
    text = " ".join(done.stdout.split())
    for words in (ACCOUNT, REGION, "AWS account 525325868955 (Anyscale) may assume the role cloudctl-control-plane-cld_<id> "
                  "with the external id cld_<id>", "TCP 443 of every node to 0.0.0.0/0", "TCP 22 of every node to nobody",
                  "about $70 a month", "AWS Backup", "as of 20", "about 19 minutes", "MemoryDB cluster: cld-<id>"):
        assert words in text
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert files(tmp_path) == before and cloudctl.records() == [] and changes(local_aws) == []


def test_a_plan_as_a_document(cloudctl, local_aws):
    local_aws.client("iam").create_account_alias(AccountAlias="our-account")
    found = plan_of(cloudctl, "--ssh-cidr", "10.0.0.0/8")
    assert (found["action"], found["account"], found["account_aliases"]) == ("create", ACCOUNT, ["our-account"])
    assert {"protocol": "tcp", "port": 22, "from": "10.0.0.0/8"} in found["open"]
    assert found["grants"][0]["owner"] == "Anyscale" and found["costs"]["idle_per_month"] == 0
    assert all(row["verdict"] in ("PASS", "SKIP") for row in found["prerequisites"]) and found["prerequisites"]
    assert yaml.safe_load(cloudctl.run(*SETUP, "--plan", "-o", "yaml", code=1).stdout)["schema"] == found["schema"]


@pytest.mark.parametrize("more", [(), (MEMORYDB,)], ids=["plain", "memorydb"])
def test_the_plan_names_what_is_then_created(cloudctl, local_aws, more):
    planned = {row["logical_id"]: row["type"] for row in plan_of(cloudctl, *more)["resources"]}
    cloudctl.run(*SETUP, *more, "--yes")
    stack = cloudctl.record("demo")["stack_name"]
    pages = local_aws.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack)
    assert planned == {row["LogicalResourceId"]: row["ResourceType"]
                       for page in pages for row in page["StackResourceSummaries"]}


def test_codes_of_a_plan(cloudctl, local_aws):
    local_aws.faults({"match": "ec2:DescribeVpcs", "code": "UnauthorizedOperation"})
    assert [row["action"] for row in plan_of(cloudctl, code=3)["prerequisites"] if row["verdict"] == "UNKNOWN"]
    local_aws.faults()
    local_aws.control("POST", "quotas", [{"service": "vpc", "code": "L-F678F1CE", "value": 0}])
    refused = cloudctl.run(*SETUP, "--plan", "-o", "json", code=4)
    assert refused.stdout == "" and "preflight.vpc-quota" in refused.stderr
    local_aws.reset()
    cloudctl.run(*SETUP, "--yes")
    assert plan_of(cloudctl, code=0)["action"] == "none"
    assert "nothing to do" in cloudctl.run(*SETUP, "--plan", code=0).stdout
    assert "--vpc-cidr: asked for" in cloudctl.run(*SETUP, "--plan", "--vpc-cidr", "10.9.0.0/16", code=4).stderr


def test_a_plan_of_what_an_earlier_try_left(cloudctl, local_aws, tmp_path):
    local_aws.fail({"logical_id": "Vpc", "times": 1})
    cloudctl.run(*SETUP, "--yes", code=4)
    record = cloudctl.record("demo")
    found = plan_of(cloudctl)
    assert found["action"] == "create" and found["stack"] == record["stack_name"]
    assert found["grants"][0]["external_id"] == record["external_id"]
    assert cloudctl.record("demo") == record


def test_the_name_in_either_way(cloudctl, local_aws):
    assert "two clouds are named" in cloudctl.run("setup", "a", "--name", "b", "--region", REGION, "--plan", code=2).stderr
    cloudctl.run("setup", "demo", "--name", "demo", "--region", REGION, "--plan", code=1)
    assert "NAME or --name NAME" in cloudctl.run("setup", "--region", REGION, code=2).stderr


def test_help_at_the_question(cloudctl, local_aws):
    code, shown = cloudctl.on_terminal(*SETUP, answer="?\nn")
    assert code == 5 and shown.count("Create cloud 'demo' in account 123456789012, region us-west-2?") == 2
    assert "y or yes: go on" in shown and cloudctl.records() == []


def test_register_says_what_it_changes(cloudctl, customer):
    before = customer.fingerprint()
    code, shown = cloudctl.on_terminal("register", "--name", "mine", *customer.arguments, answer="n")
    text = " ".join(shown.split())
    assert code == 5 and "Changes the trust policy of the role" in text and "Records vpc: vpc-" in text
    assert "Costs nothing" in text and customer.fingerprint() == before


def test_what_comes_next(cloudctl, local_aws):
    done = cloudctl.run(*SETUP, "--yes")
    record = cloudctl.record("demo")
    for words in (record["resources"]["vpc_id"], record["resources"]["bucket"], "cloudctl verify demo",
                  record["resources"]["control_plane_role_arn"], f"external id {record['external_id']}",
                  "https://us-west-2.console.aws.amazon.com/cloudformation/home?region=us-west-2#/stacks/stackinfo?stackId="):
        assert words in done.stderr
    gone = cloudctl.run("delete", "--name", "demo", "--yes").stderr
    assert f"/s3/bucket/{record['resources']['bucket']}/empty?region=us-west-2" in gone


@pytest.mark.parametrize("words, match", [
    (SETUP + ("--yes",), "ec2:DescribeRegions"),
    (("register", "--name", "mine"), "iam:GetRole"),
])
def test_a_denied_call_says_how_to_see_what_is_missing(cloudctl, local_aws, customer, words, match):
    more = customer.arguments if words[0] == "register" else ()
    local_aws.faults({"match": match, "code": "AccessDenied"})
    done = cloudctl.run(*words, *more, *(("--yes", "--skip-verifications") if more else ()), code=4)
    *_, error, advice = done.stderr.splitlines()
    assert f"needs {match}" in error and advice.endswith(f"cloudctl policy {words[0]} --check")
