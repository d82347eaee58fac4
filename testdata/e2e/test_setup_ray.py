# SPDX-License-Identifier: Apache-2.0
"""`setup --with-ray`: the roles of clusters that Ray's own launcher starts, made by a user who holds what `policy setup`
prints, judged by IAM's simulator, changed by `update`, and deleted without leftovers."""

from __future__ import annotations

import json

import jsonschema
import pytest
from conftest import ACCOUNT, ROOT
from test_setup_variants import HERE, ORGANIZATION, BOUNDED, TAGGED, demanded, make_and_delete, person, setup

PEOPLE = f"arn:aws:iam::{ACCOUNT}:role/people"
RAY = ("--with-ray", "--launcher-principal", PEOPLE, "--launcher-mfa")
SCHEMA = json.loads((ROOT / "docs/plan.schema.json").read_text())
EC2 = f"arn:aws:ec2:{HERE}:{ACCOUNT}:"


@pytest.fixture
def people(person):
    """Somebody whom a role may trust: IAM takes no principal that is not there."""
    person.iam.create_role(RoleName="people", AssumeRolePolicyDocument="""{"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}""")
    return person


def role_of(person, record, name: str) -> dict:
    return person.iam.get_role(RoleName=f"{record['id']}-ray-{name}")["Role"]


def allowed(person, role: dict, action: str, resource: str, **context: str) -> bool:
    entries = [{"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"}
               for key, value in context.items()]
    decided = person.iam.simulate_principal_policy(
        PolicySourceArn=role["Arn"], ActionNames=[action], ResourceArns=[resource], ContextEntries=entries)
    return decided["EvaluationResults"][0]["EvalDecision"] == "allowed"


def looks_at_launching(person, record) -> None:
    roles = {name: role_of(person, record, name) for name in ("head", "worker", "launcher")}
    passing = {"iam:PassedToService": "ec2.amazonaws.com"}
    passes = {(who, whom) for who, role in roles.items() for whom, other in roles.items()
              if allowed(person, role, "iam:PassRole", other["Arn"], **passing)}
    assert passes == {("launcher", "head"), ("head", "worker")}
    own = {"aws:RequestTag/cloudctl-cloud-id": record["id"], "aws:RequestTag/ray-cluster-name": "demo"}
    held = {key.replace("Request", "Resource"): value for key, value in own.items()}
    for who, may in (("launcher", True), ("head", True), ("worker", False)):
        instance, role = EC2 + "instance/i-1", roles[who]
        assert allowed(person, role, "ec2:RunInstances", EC2 + "instance/*", **own) is may
        assert not allowed(person, role, "ec2:RunInstances", EC2 + "instance/*")
        assert not allowed(person, role, "ec2:RunInstances", EC2 + "instance/*", **own | {
            "aws:RequestTag/cloudctl-cloud-id": "cld_another"})
        assert allowed(person, role, "ec2:TerminateInstances", instance, **held) is may
        assert not allowed(person, role, "ec2:TerminateInstances", instance)
        assert not allowed(person, role, "ec2:CreateTags", instance)


def looks_at_data(person, record) -> None:
    objects, bucket = f"arn:aws:s3:::{record['resources']['bucket']}/a", "arn:aws:s3:::another/a"
    for who, may in (("head", True), ("worker", True), ("launcher", False)):
        role = role_of(person, record, who)
        assert allowed(person, role, "s3:PutObject", objects) is may
        assert not allowed(person, role, "s3:GetObject", bucket)
        assert not any(allowed(person, role, action, "*") for action in (
            "cloudwatch:PutMetricData", "ssm:UpdateInstanceInformation", "fsx:DescribeFileSystems"))


def statements_of(document: dict) -> dict[str, dict]:
    """By Sid; a list of one is its item."""
    def plain(value):
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        return plain(value[0]) if isinstance(value, list) and len(value) == 1 else value
    return {statement["Sid"]: plain(statement) for statement in document["Statement"]}


def looks_at_policies(person, record) -> None:
    """What `policy` prints for each role is what the stack's role has."""
    for name in ("head", "worker", "launcher"):
        role = f"{record['id']}-ray-{name}"
        try:
            held = [person.iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
                    for policy in person.iam.list_role_policies(RoleName=role)["PolicyNames"]]
        except person.iam.exceptions.NoSuchEntityException:
            continue
        printed = json.loads(person.administrator.run("policy", f"ray-{name}", "prod").stdout)
        assert statements_of(printed) == {sid: row for policy in held for sid, row in statements_of(policy).items()}


def looks_of_ray(person, record) -> None:
    looks_at_policies(person, record)
    looks_at_launching(person, record)
    looks_at_data(person, record)
    profiles = {row["InstanceProfileName"]: [role["RoleName"] for role in row["Roles"]]
                for row in person.iam.list_instance_profiles()["InstanceProfiles"] if "-ray-" in row["InstanceProfileName"]}
    assert profiles == {f"{record['id']}-ray-{name}": [f"{record['id']}-ray-{name}"] for name in ("head", "worker")}
    [trust] = role_of(person, record, "launcher")["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"AWS": PEOPLE} or trust["Principal"] == {"AWS": [PEOPLE]}
    assert trust["Condition"] == {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    assert record["setup"] == {"with_ray": True, "launcher_principals": [PEOPLE], "launcher_mfa": True}


def test_roles_for_rays_launcher(people):
    make_and_delete(people, RAY, looks_of_ray)


def looks_without_launcher(person, record) -> None:
    looks_at_policies(person, record)
    with pytest.raises(person.iam.exceptions.NoSuchEntityException):
        role_of(person, record, "launcher")
    for who in ("head", "worker"):
        role = role_of(person, record, who)
        assert role["Path"] == "/teams/ray/" and "PermissionsBoundary" in role
        assert allowed(person, role, "cloudwatch:PutMetricData", "*")
        assert allowed(person, role, "ssmmessages:OpenDataChannel", "*")
        assert allowed(person, role, "fsx:DescribeFileSystems", "*")


def test_roles_of_an_organization_with_all_that_instances_may_do(people):
    demanded(people, *ORGANIZATION)
    make_and_delete(people, ("--with-ray", "--node-cloudwatch", "--ray-session-manager", "--ray-fsx", *TAGGED, *BOUNDED),
                    looks_without_launcher)


def test_update_makes_the_roles_and_takes_them_away(people):
    administrator = people.administrator
    setup(administrator, code=0)
    record = administrator.record("prod")
    people.hold(people.policy("update", *RAY))
    people.run("update", "prod", "--yes", *RAY, code=0)
    looks_of_ray(people, administrator.record("prod"))
    done = people.run("update", "prod", "--yes", "--reset", "launcher-principal,launcher-mfa", code=0)
    assert "Ray launcher role" in done.stdout + done.stderr
    with pytest.raises(people.iam.exceptions.NoSuchEntityException):
        role_of(people, record, "launcher")
    people.run("update", "prod", "--yes", "--reset", "with-ray", code=0)
    assert not [role for role in people.iam.list_roles()["Roles"] if "-ray-" in role["RoleName"]]
    assert "with_ray" not in administrator.record("prod").get("setup", {})


def test_the_plan_says_who_is_let_in(people):
    run = people.administrator.run
    document = json.loads(run("setup", "prod", "--region", HERE, *RAY, "--plan", "--output", "json", code=1).stdout)
    jsonschema.validate(document, SCHEMA)
    roles = {grant["role"].partition("-ray-")[2]: grant for grant in document["grants"] if "-ray-" in grant["role"]}
    assert set(roles) == {"head", "worker", "launcher"}
    assert roles["launcher"]["principals"] == [PEOPLE] and roles["launcher"]["mfa"] is True
    assert {row["logical_id"] for row in document["resources"]} > {"RayHeadRole", "RayLauncherRole", "RayLaunchPolicy"}
    text = " ".join(run("setup", "prod", "--region", HERE, *RAY, "--plan", code=1).stdout.split())
    assert f"launchers of Ray clusters: {PEOPLE} may assume the role" in text and "at your cost" in text


@pytest.mark.parametrize("words, says", [
    (("--launcher-principal", PEOPLE), "--launcher-principal is about the roles of --with-ray; add that"),
    (("--ray-fsx",), "--ray-fsx is about the roles of --with-ray; add that"),
    (("--with-ray", "--launcher-principal", "people"), "--launcher-principal: 'people' is not the ARN of a role"),
    (("--with-ray", "--launcher-principal", f"arn:aws:sts::{ACCOUNT}:assumed-role/people/me"), "is not the ARN of a role"),
    (("--with-ray", "--launcher-principal", "*"), "is not the ARN of a role"),
], ids=["alone", "alone, a flag", "a name", "a session", "everybody"])
def test_what_is_no_launcher(people, words, says):
    assert says in " ".join(setup(people.administrator, *words, code=2).stderr.split())


def test_a_policy_for_one_cluster(people):
    """Of a role that somebody makes: another cluster of the same cloud is not its own."""
    administrator = people.administrator
    setup(administrator, code=0)
    record = administrator.record("prod")
    document = administrator.run("policy", "ray-head", "--cluster", "mine").stdout
    people.iam.put_role_policy(RoleName="people", PolicyName="ray", PolicyDocument=document)
    role = people.iam.get_role(RoleName="people")["Role"]
    for cluster, may in (("mine", True), ("another", False)):
        own = {"cloudctl-cloud-id": record["id"], "ray-cluster-name": cluster}
        assert allowed(people, role, "ec2:RunInstances", EC2 + "instance/*",
                       **{f"aws:RequestTag/{key}": value for key, value in own.items()}) is may
        assert allowed(people, role, "ec2:TerminateInstances", EC2 + "instance/i-1",
                       **{f"aws:ResourceTag/{key}": value for key, value in own.items()}) is may


@pytest.mark.parametrize("words, says", [
    (("ray-head", "--cluster", "a b"), "--cluster: 'a b' is not"),
    (("ray-worker", "--check"), "'ray-worker' is the policy of a role"),
    (("verify", "--cluster", "a"), "--cluster is for ray-launcher"),
    (("ray-heads",), "did you mean 'ray-head'?"),
])
def test_what_is_no_policy_of_ray(people, words, says):
    assert says in " ".join(people.administrator.run("policy", *words, code=2).stderr.split())
