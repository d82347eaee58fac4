# SPDX-License-Identifier: Apache-2.0
"""The template's two roles, judged by the documented policies (actions.json: their statements, by policy; "newer" and
"left out" are what the vendor's policies of 2026 have and have not got any more). What the control-plane role cannot do
with the permissions of a session is for testdata/e2e/test_control_plane_role.py."""

import json
import re
from pathlib import Path

import pytest

DOCUMENTED = json.loads((Path(__file__).resolve().parent / "actions.json").read_text())
ROLE_POLICIES_MAX = 10_240  # characters of a role's inline policies together, white space not counted (IAM quotas)
OWN = {"StringEquals": {"aws:ResourceTag/{CloudTag}": "{CloudId}"}}
ASKED = {"StringEquals": {"aws:RequestTag/{CloudTag}": "{CloudId}"}}


def document(policy):
    """A policy's document, whose variables stay as they are written, in single braces: "{CloudId}"."""
    found = policy["PolicyDocument"]
    if "Fn::Sub" not in found:
        return found
    text = found["Fn::Sub"] if isinstance(found["Fn::Sub"], str) else found["Fn::Sub"][0]
    return json.loads(re.sub(r"\$\{(?!!)([^}]*)\}", r"{\1}", text))


def policies(resources, role):
    """Inline policies of a role, those that only some clouds have among them."""
    return [entry["Fn::If"][1] if "Fn::If" in entry else entry for entry in resources[role]["Properties"]["Policies"]]


def statements(resources, role):
    """Statements of a role's inline policies, by Sid."""
    found = [row for policy in policies(resources, role) for row in document(policy)["Statement"]]
    by_sid = {statement["Sid"]: statement for statement in found}
    assert len(by_sid) == len(found), "two statements with one Sid"
    return by_sid


def listed(value):
    return value if isinstance(value, list) else [value]


def actions(statement):
    return set(listed(statement.get("Action", [])))


def allowed(by_sid):
    """Every action some statement allows."""
    return set().union(*(actions(s) for s in by_sid.values() if s["Effect"] == "Allow"))


def documented(name):
    return set().union(*(set(actions) for actions in DOCUMENTED[name].values()))


@pytest.fixture(scope="module")
def control_plane(resources):
    return statements(resources, "ControlPlaneRole")


def test_the_control_plane_is_allowed_the_documented_actions_and_no_other(control_plane):
    wanted = documented("cluster-operation") | documented("services") | documented("newer")
    assert allowed(control_plane) == wanted - documented("left out") | {"kms:Decrypt", "kms:GenerateDataKey"}
    assert documented("newer").isdisjoint(documented("services") | documented("cluster-operation"))
    assert documented("left out") < documented("services") | documented("cluster-operation")


def test_whatever_it_changes_is_the_clouds_by_tag_or_by_name(control_plane):
    """A statement without either may only look, or launch with what a launch is made of."""
    open_ones = {sid for sid, statement in control_plane.items()
                 if statement["Effect"] == "Allow" and "{CloudTag}" not in json.dumps(statement)
                 and "{CloudId}" not in json.dumps(statement) and "{Balancer}*" not in json.dumps(statement)}
    assert open_ones == {"PassNodeRole", "PassExtraNodeRoles", "GetInstanceProfiles", "CreateServiceLinkedRoles", "Describe", "LaunchWith", "LaunchInOwnVpc",
                         "TagCreated", "CreateStacks", "TagCreatedStacks", "UseKeyThroughS3"}
    assert all(re.fullmatch(r"\w+:(Describe|List)\w+", action) for action in actions(control_plane["Describe"]))
    assert actions(control_plane["LaunchWith"]) == {"ec2:RunInstances", "ec2:RequestSpotInstances"}
    assert control_plane["LaunchInOwnVpc"]["Condition"]["ArnLike"]["ec2:Vpc"].endswith(":vpc/{Network}")
    for sid, key in (("TagCreated", "ec2:CreateAction"), ("TagCreatedStacks", "cloudformation:CreateAction")):
        assert list(control_plane[sid]["Condition"]) == ["StringEquals"]
        assert list(control_plane[sid]["Condition"]["StringEquals"]) == [key]


def test_instances_are_this_clouds_only(control_plane):
    for action in ("ec2:StartInstances", "ec2:StopInstances", "ec2:TerminateInstances"):
        assert [s["Condition"] for s in control_plane.values() if action in actions(s)] == [OWN], action
    for sid, statement in control_plane.items():
        if "ec2:RunInstances" not in actions(statement):
            continue
        on_instances = [arn for arn in listed(statement["Resource"]) if ":instance/" in arn or arn == "*"]
        assert not on_instances or statement["Condition"] in (OWN, ASKED), sid


def test_the_tag_is_put_on_nothing_that_exists(control_plane):
    """EC2 and CloudFormation say what is created; ACM asks about certificate/*, and about no certificate that exists."""
    tagging = {sid: statement for sid, statement in control_plane.items()
               if actions(statement) & {"ec2:CreateTags", "cloudformation:TagResource", "acm:AddTagsToCertificate",
                                        "elasticloadbalancing:AddTags"}}
    for sid, statement in tagging.items():
        owned = statement["Condition"].get("StringEquals", {}).get("aws:ResourceTag/{CloudTag}") == "{CloudId}"
        created = "CreateAction" in json.dumps(statement["Condition"])
        assert owned or created or statement["Resource"].endswith(":certificate/${!*}"), sid


def test_the_clouds_own_stack_cannot_be_changed(control_plane):
    deny = control_plane["DenyOwnStack"]
    assert deny["Effect"] == "Deny" and "Condition" not in deny
    assert deny["Resource"].endswith(":stack/{AWS::StackName}/*")
    assert deny["NotAction"] == ["cloudformation:Describe*", "cloudformation:Get*"]


def test_only_the_node_role_is_passed_and_only_to_instances(control_plane):
    passing = [statement for statement in control_plane.values() if "iam:PassRole" in actions(statement)]
    assert [(s["Resource"], s["Condition"]) for s in passing] == [
        ("{NodeRole.Arn}", {"StringEquals": {"iam:PassedToService": "ec2.{AWS::URLSuffix}"}}),
        ({"Fn::Split": [",", {"Ref": "ExtraNodeRoleArns"}]},
         {"StringEquals": {"iam:PassedToService": {"Fn::Sub": "ec2.${AWS::URLSuffix}"}}})]


def test_roles_are_assumed_as_documented(resources):
    trust = resources["ControlPlaneRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert len(trust) == 1
    assert trust[0]["Principal"] == {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${ControlPlaneAccount}:root"}}
    assert trust[0]["Condition"] == {"StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}}}
    trust = resources["NodeRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert [statement["Principal"] for statement in trust] == [{"Service": {"Fn::Sub": "ec2.${AWS::URLSuffix}"}}]


def test_what_the_instances_may_do_beside_only_on_request(resources):
    conditions = [entry["Fn::If"][0] for entry in resources["NodeRole"]["Properties"]["Policies"] if "Fn::If" in entry]
    assert conditions == ["HasKmsKey", "HasNodeCloudWatch", "HasNodeSecrets"]
    rows = statements(resources, "NodeRole")
    assert actions(rows["ReadSecrets"]) == {"secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"}
    assert rows["ReadSecrets"]["Resource"]["Fn::Sub"].endswith(":secret:${NodeSecrets}*")


RAY_PASSES = {"RayLauncherRole": "RayHeadRole", "RayHeadRole": "RayWorkerRole"}  # role -> the one that it passes


def ray_statements(resources, policy):
    document_ = document(resources[policy]["Properties"])
    return {row["Sid"]: row for row in (row["Fn::If"][1] if "Fn::If" in row else row for row in document_["Statement"])}


def test_who_may_launch_what_with_ray(resources):
    """The launcher starts heads, a head starts workers, a worker starts nothing; nobody has a managed policy."""
    for role in ("RayHeadRole", "RayWorkerRole", "RayLauncherRole"):
        assert "ManagedPolicyArns" not in resources[role]["Properties"]
        rows = statements(resources, role) if "Policies" in resources[role]["Properties"] else {}
        passed = [row["Resource"] for row in rows.values() if "iam:PassRole" in actions(row)]
        assert passed == ([{"Fn::GetAtt": [RAY_PASSES[role], "Arn"]}] if role in RAY_PASSES else [])
        assert all(list(row["Condition"]["StringEquals"]) == ["iam:PassedToService"] for row in rows.values())
    assert resources["RayLaunchPolicy"]["Properties"]["Roles"] == [
        {"Ref": "RayHeadRole"}, {"Fn::If": ["HasRayLauncher", {"Ref": "RayLauncherRole"}, {"Ref": "AWS::NoValue"}]}]
    assert resources["RayDataPolicy"]["Properties"]["Roles"] == [{"Ref": "RayHeadRole"}, {"Ref": "RayWorkerRole"}]
    assert {key for key, value in resources.items() if value["Type"] == "AWS::IAM::User"} == set()


def test_what_ray_launches_and_manages_is_the_clouds(resources):
    rows = ray_statements(resources, "RayLaunchPolicy")
    own = {"StringEquals": {"aws:RequestTag/cloudctl-cloud-id": "{CloudId}"},
           "StringLike": {"aws:RequestTag/ray-cluster-name": "?*"}}
    assert rows["LaunchTagged"]["Condition"] == own
    managed = rows["ManageOwn"]["Condition"]
    assert managed["StringEquals"] == {"aws:ResourceTag/cloudctl-cloud-id": "{CloudId}"}
    assert managed["StringLike"] == {"aws:ResourceTag/ray-cluster-name": "?*"}
    assert managed["StringEqualsIfExists"] == {"aws:RequestTag/cloudctl-cloud-id": "{CloudId}"}
    assert rows["LaunchInOwnVpc"]["Condition"]["ArnEquals"]["ec2:Vpc"].endswith(":vpc/{Network}")
    assert not any(resource.endswith(":instance/*") for resource in listed(rows["LaunchWith"]["Resource"]))
    assert [sid for sid, row in rows.items() if row["Resource"] == "*"] == ["Look"]


def test_what_ray_instances_may_do_beside_only_on_request(resources):
    found = document(resources["RayDataPolicy"]["Properties"])["Statement"]
    assert [row["Fn::If"][0] for row in found if "Fn::If" in row] == [
        "HasKmsKey", "HasNodeCloudWatch", "HasNodeCloudWatch", "HasRaySessions", "HasRayFsx"]
    assert not any(action.endswith("*") for row in ray_statements(resources, "RayDataPolicy").values()
                   for action in actions(row))


@pytest.mark.parametrize("role", ["ControlPlaneRole", "NodeRole"])
def test_both_roles_use_the_key_through_s3_only(resources, role):
    row = statements(resources, role)["UseKeyThroughS3"]
    assert actions(row) == {"kms:Decrypt", "kms:GenerateDataKey"} and row["Resource"] == {"Ref": "KmsKey"}
    assert row["Condition"] == {"StringLike": {"kms:ViaService": {"Fn::Sub": "s3.${AWS::Region}.amazonaws.com*"}}}


def test_the_node_role_reaches_this_bucket_only(resources):
    assert "ManagedPolicyArns" not in resources["NodeRole"]["Properties"]
    rows = statements(resources, "NodeRole").values()
    on_bucket = {action: row["Resource"] for row in rows for action in actions(row) if action.startswith("s3:")}
    objects = {"Fn::Sub": "${Bucket.Arn}/*"}
    assert on_bucket == {
        "s3:ListBucket": {"Fn::GetAtt": ["Bucket", "Arn"]},
        "s3:GetObject": objects,
        "s3:PutObject": objects,
        "s3:DeleteObject": objects,
    }


def longest(partition: str, region: str, suffix: str) -> dict[str, str]:
    """The longest values that the variables of a policy can have there."""
    of_role = f"arn:{partition}:iam::{'1' * 12}:role/"
    other_role = of_role + "r"
    return {
        "AWS::Partition": partition, "AWS::AccountId": "1" * 12, "AWS::URLSuffix": suffix, "AWS::Region": region,
        "CloudId": "cld_" + "a" * 26, "AWS::StackName": "cld-" + "a" * 26, "CloudTag": "k" * 64,
        "Network": "vpc-" + "0" * 17, "Balancer": "?nyscale", "Bucket.Arn": f"arn:{partition}:s3:::" + "b" * 63,
        "RolePath": "/" + "p" * 126 + "/", "NodeSecrets": "s" * 512,
        "NodeRole.Arn": of_role + "p" * 127 + "r" * 64,
        "KmsKey": f"arn:{partition}:kms:{region}:{'1' * 12}:key/" + "k" * 36,
        # 500 characters together; in the policy, the shorter they are, the more quotes they have.
        "ExtraNodeRoleArns": ",".join([other_role] * (500 // (len(other_role) + 1))).ljust(500, "r"),
    }


def rendered(value, values: dict[str, str]):
    """What CloudFormation makes of a policy's document; a variable that values has not is a KeyError."""
    if isinstance(value, list):
        return [rendered(item, values) for item in value]
    if isinstance(value, str):
        return re.sub(r"\$?\{([A-Z][\w:.]*)\}", lambda found: values[found[1]], value)
    match value:
        case {"Ref": name}:
            return values[name]
        case {"Fn::GetAtt": path}:
            return values[".".join(path)]
        case {"Fn::Sub": text}:
            return rendered(text, values)
        case {"Fn::Split": [separator, text]}:
            return rendered(text, values).split(separator)
    assert not any(name.startswith("Fn::") for name in value), value
    return {rendered(name, values): rendered(item, values) for name, item in value.items()}


@pytest.mark.parametrize("place", [("aws", "ap-southeast-1", "amazonaws.com"), ("aws-us-gov", "us-gov-west-1", "amazonaws.com"),
                                   ("aws-cn", "cn-northwest-1", "amazonaws.com.cn")], ids=["aws", "gov", "china"])
@pytest.mark.parametrize("role", ["ControlPlaneRole", "NodeRole"])
def test_inline_policies_fit_a_role(resources, role, place):
    documents = [rendered(document(policy), longest(*place)) for policy in policies(resources, role)]
    text = "".join(json.dumps(one, separators=(",", ":")) for one in documents)
    assert len(text) < ROLE_POLICIES_MAX
    assert not re.search(r"\{[A-Z][\w:.]*\}", text)
