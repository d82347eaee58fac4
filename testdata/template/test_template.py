# SPDX-License-Identifier: Apache-2.0
"""The CloudFormation template, judged by cfn-lint, by CloudFormation's own resource schemas and limits, and for the
roles by the documented policies (actions.json: their statements, by policy, and in "one-cloud" those that take the
place of InstanceStart and InstanceStop). What a stack made from it looks like is for the end-to-end tests."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cfnlint.decode import decode
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

HERE = Path(__file__).resolve().parent
TEMPLATE = HERE.parents[1] / "providers/aws/cloud/template.yaml"
BODY_MAX = 51_200  # bytes of a template that is sent along (CloudFormation quotas)
ROLE_POLICIES_MAX = 10_240  # characters of a role's inline policies together, white space not counted (IAM quotas)
DOCUMENTED = json.loads((HERE / "actions.json").read_text())
CLOUD_ID = {"Ref": "CloudId"}


@pytest.fixture(scope="module")
def template():
    parsed, problems = decode(str(TEMPLATE))
    assert not problems
    return parsed


@pytest.fixture(scope="module")
def resources(template):
    return template["Resources"]


def policy(resources, role, name):
    """Statements of a role's inline policy, by Sid."""
    found = [p for p in resources[role]["Properties"]["Policies"] if p["PolicyName"] == name]
    assert len(found) == 1
    statements = found[0]["PolicyDocument"]["Statement"]
    by_sid = {statement["Sid"]: statement for statement in statements}
    assert len(by_sid) == len(statements), "two statements with one Sid"
    return by_sid


def actions(statement):
    value = statement["Action"]
    return {value} if isinstance(value, str) else set(value)


def allowed(statements):
    """Every action some statement allows."""
    return set().union(*(actions(s) for s in statements.values() if s["Effect"] == "Allow"))


def documented(name):
    return set().union(*(set(listed) for listed in DOCUMENTED[name].values()))


def test_cfn_lint_finds_nothing():
    command = [str(Path(sys.executable).with_name("cfn-lint")), "--include-checks", "I", "--", str(TEMPLATE)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "ignore_checks" not in TEMPLATE.read_text()


def test_the_body_fits_a_request():
    assert TEMPLATE.stat().st_size < BODY_MAX


def test_every_taggable_resource_carries_the_cloud_id(resources):
    untagged, tagged = [], 0
    for name, resource in resources.items():
        schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-west-2", resource["Type"]).schema
        tagging = schema.get("tagging", {"taggable": "Tags" in schema["properties"]})
        if not tagging["taggable"]:
            continue
        property_name = tagging.get("tagProperty", "/properties/Tags").rsplit("/", 1)[1]
        tags = {tag["Key"]: tag["Value"] for tag in resource.get("Properties", {}).get(property_name, [])}
        tagged += 1
        if tags.get("cloudctl-cloud-id") != CLOUD_ID or "Name" not in tags:
            untagged.append(name)
    assert tagged
    assert not untagged


@pytest.fixture(scope="module")
def control_plane(resources):
    return policy(resources, "ControlPlaneRole", "control-plane")


@pytest.fixture(scope="module")
def services(control_plane):
    """The part for services; the rest is the one for cluster operation."""
    return {sid: statement for sid, statement in control_plane.items() if sid in DOCUMENTED["services"]}


def test_the_control_plane_is_allowed_the_documented_actions_and_no_other(control_plane, services):
    others = {sid: statement for sid, statement in control_plane.items() if sid not in services}
    assert allowed(services) == documented("services")
    assert allowed(others) == documented("cluster-operation")


def test_services_are_allowed_statement_by_statement(services):
    statements = services
    assert {sid: sorted(actions(statement)) for sid, statement in statements.items()} == DOCUMENTED["services"]
    assert all(statement["Effect"] == "Allow" for statement in statements.values())
    assert statements["ELBWrite"]["Condition"] == {
        "StringEquals": {"aws:CalledViaFirst": "cloudformation.amazonaws.com"}
    }


def test_instances_are_this_clouds_only(control_plane):
    statements = control_plane
    own = {"StringEquals": {"aws:ResourceTag/cloudctl-cloud-id": CLOUD_ID}}
    asked = {"StringEquals": {"aws:RequestTag/cloudctl-cloud-id": CLOUD_ID}}
    for statement in statements.values():
        if statement["Effect"] != "Allow":
            continue
        for action in actions(statement) & {"ec2:StartInstances", "ec2:StopInstances", "ec2:TerminateInstances"}:
            assert statement["Condition"] == own, action
        if "ec2:RunInstances" in actions(statement) and statement["Resource"] == "*":
            assert statement["Condition"].items() >= asked.items()
        elif "ec2:RunInstances" in actions(statement):
            assert not [arn for arn in statement["Resource"] if ":instance/" in arn["Fn::Sub"]]
    assert actions(statements["AllowRunInstancesForUntaggedResources"]) == {"ec2:RunInstances"}


def test_tags_of_other_instances_stay_as_they_are(control_plane):
    deny = control_plane["DenyTaggingOnOtherInstances"]
    assert deny["Effect"] == "Deny"
    assert sorted(actions(deny)) == DOCUMENTED["one-cloud"]["DenyTaggingOnOtherInstances"]
    assert deny["Resource"] == {"Fn::Sub": "arn:${AWS::Partition}:ec2:*:*:instance/*"}
    assert deny["Condition"] == {
        "StringNotEquals": {
            "aws:ResourceTag/cloudctl-cloud-id": CLOUD_ID,
            "ec2:CreateAction": ["RunInstances", "StartInstances"],
        }
    }


def test_only_the_node_role_is_passed_and_only_to_instances(control_plane):
    for statement in control_plane.values():
        if "iam:PassRole" in actions(statement):
            assert statement["Resource"] == {"Fn::GetAtt": ["NodeRole", "Arn"]}
            assert statement["Condition"] == {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}


def test_roles_are_assumed_as_documented(resources):
    trust = resources["ControlPlaneRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert len(trust) == 1
    assert trust[0]["Principal"] == {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${ControlPlaneAccount}:root"}}
    assert trust[0]["Condition"] == {"StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}}}
    trust = resources["NodeRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert [statement["Principal"] for statement in trust] == [{"Service": "ec2.amazonaws.com"}]


def test_the_node_role_reaches_this_bucket_only(resources):
    role = resources["NodeRole"]["Properties"]
    assert "ManagedPolicyArns" not in role
    statements = policy(resources, "NodeRole", "node").values()
    on_bucket = {action: s["Resource"] for s in statements for action in actions(s) if action.startswith("s3:")}
    objects = {"Fn::Sub": "${Bucket.Arn}/*"}
    assert on_bucket == {
        "s3:ListBucket": {"Fn::GetAtt": ["Bucket", "Arn"]},
        "s3:GetObject": objects,
        "s3:PutObject": objects,
        "s3:DeleteObject": objects,
    }


@pytest.mark.parametrize("role", ["ControlPlaneRole", "NodeRole"])
def test_inline_policies_fit_a_role(resources, role):
    text = json.dumps([p["PolicyDocument"] for p in resources[role]["Properties"]["Policies"]], separators=(",", ":"))
    # What is put in for a Ref is shorter than 40 characters, and so is what Fn::GetAtt and Fn::Sub gain by it.
    assert len(text) + 40 * text.count("Ref") + 60 * text.count("Fn::") < ROLE_POLICIES_MAX


def test_the_bucket_is_reached_by_tls_only(resources):
    denials = [s for s in resources["BucketPolicy"]["Properties"]["PolicyDocument"]["Statement"] if s["Effect"] == "Deny"]
    assert [(s["Principal"], s["Action"], s["Condition"]) for s in denials] == [
        ("*", "s3:*", {"Bool": {"aws:SecureTransport": "false"}})]


def test_data_outlives_the_stack(resources):
    bucket = resources["Bucket"]
    assert bucket["DeletionPolicy"] == "RetainExceptOnCreate"
    assert bucket["UpdateReplacePolicy"] == "Retain"
    others = [name for name, r in resources.items() if "Retain" in r.get("DeletionPolicy", "") and name != "Bucket"]
    assert not others, "delete would leave these behind"


@pytest.mark.parametrize("number", range(1, 7))
def test_each_zone_has_its_subnet_route_and_mount_target(resources, number):
    condition = f"HasZone{number}" if number > 2 else None
    for name in (f"Subnet{number}", f"Subnet{number}RouteTableAssociation", f"MountTarget{number}"):
        assert resources[name].get("Condition") == condition
    subnet = resources[f"Subnet{number}"]["Properties"]
    assert subnet["AvailabilityZone"]["Fn::Select"][0] == subnet["CidrBlock"]["Fn::Select"][0] == number - 1
    assert resources[f"Subnet{number}RouteTableAssociation"]["Properties"]["SubnetId"] == {"Ref": f"Subnet{number}"}
    assert resources[f"MountTarget{number}"]["Properties"]["SubnetId"] == {"Ref": f"Subnet{number}"}


def test_memorydb_is_made_only_when_asked_for(template):
    for part in ("Resources", "Outputs"):
        for name, entry in template[part].items():
            assert ("MemoryDB" in name) == (entry.get("Condition") == "HasMemoryDB"), name


def test_outputs(template):
    assert set(template["Outputs"]) == {
        *("VpcId", "SubnetIds", "SecurityGroupId", "BucketName", "FileSystemId", "MountTargetIp"),
        *("ControlPlaneRoleArn", "NodeRoleArn", "InstanceProfileArn"),
        *("MemoryDBClusterName", "MemoryDBClusterArn", "MemoryDBEndpoint"),
    }


PATTERNS = {
    "CloudId": (["cld_" + "a2" * 13], ["cld_" + "a" * 25, "cld_" + "a" * 27, "cld_" + "A" * 26, "cld_" + "1" * 26]),
    "ControlPlaneAccount": (["000000000000"], ["", "1" * 11, "1" * 13, "12345678901x"]),
    "ExternalId": (["cld_abc", "a/b:c@d.e,f=g+h-i"], ["", "a b", 'a"b']),
    "VpcCidr": (["10.0.0.0/16", "10.0.0.0/25"], ["10.0.0.0", "10.0.0.0/15", "10.0.0.0/26", "::/16"]),
    "HttpsCidr": (["0.0.0.0/0", "203.0.113.7/32"], ["", "0.0.0.0", "0.0.0.0/33"]),
    "SshCidr": (["", "203.0.113.0/24"], ["any", "203.0.113.0/024"]),
    "PermissionsBoundary": (["", "arn:aws:iam::123456789012:policy/x", "arn:aws-cn:iam::aws:policy/a/b"],
                            ["x", "arn:aws:iam::123456789012:role/x", "arn:aws:iam::1:policy/x"]),
    "RolePath": (["/", "/a/", "/a/b.c/"], ["", "a", "/a", "a/", "//"]),
    "OldVersionDays": (["0", "90"], ["", "-1", "007", "x"]),
    "AccessLogBucket": (["", "logs", "my.logs-1"], ["ab", "Logs", "-logs"]),
    "ConsoleOrigin": (["*", "https://*.anyscale.com", "http://localhost:8080"], ["", "ftp://x", "https://a/b", "a.com"]),
}


@pytest.mark.parametrize("name", PATTERNS)
def test_parameters_take_good_values_and_no_bad_ones(template, name):
    parameter = template["Parameters"][name]
    good, bad = PATTERNS[name]
    pattern = re.compile(parameter["AllowedPattern"])
    assert [value for value in good if not pattern.fullmatch(value)] == []
    assert [value for value in bad if pattern.fullmatch(value)] == []
    assert "Default" not in parameter or pattern.fullmatch(parameter["Default"])


def test_every_restricted_text_parameter_says_what_it_takes(template):
    for name, parameter in template["Parameters"].items():
        assert "AllowedPattern" not in parameter or parameter["ConstraintDescription"], name
        assert parameter["Description"], name
