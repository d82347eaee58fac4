# SPDX-License-Identifier: Apache-2.0
"""The CloudFormation template, judged by cfn-lint and by CloudFormation's own resource schemas and limits; the two roles
have a file of their own, test_roles.py. What a stack made from it looks like is for the end-to-end tests."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from cfnlint.decode import decode_str
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

TEMPLATE = Path(__file__).resolve().parents[2] / "providers/aws/cloud/template.yaml"
BODY_MAX = 51_200  # bytes of a template that is sent along (CloudFormation quotas)
CLOUD_ID = {"Ref": "CloudId"}


def test_cfn_lint_finds_nothing():
    command = [str(Path(sys.executable).with_name("cfn-lint")), "--include-checks", "I", "--", str(TEMPLATE)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "ignore_checks" not in TEMPLATE.read_text()


def body():
    """What is sent: without comments and descriptions of parameters, which are for people."""
    text, parameters = TEMPLATE.read_text(), False
    for line in text.splitlines():
        parameters = parameters if line[:1] in (" ", "#", "") else line == "Parameters:"
        described = parameters and re.match(r" +(Constraint)?Description: ", line)
        if not re.match(" *#", line) and not described:
            yield line + "\n"


def test_the_body_fits_a_request():
    """What is left out takes nothing else away."""
    sent, template = "".join(body()), decode_str(TEMPLATE.read_text())[0]
    assert len(sent.encode()) < BODY_MAX
    for parameter in template["Parameters"].values():
        parameter.pop("Description", None)
        parameter.pop("ConstraintDescription", None)
    assert decode_str(sent)[0] == template


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
    made = f"MakesSubnet{number}" if number > 2 else "MakesVpc"
    for name in (f"Subnet{number}", f"Subnet{number}RouteTableAssociation"):
        assert resources[name].get("Condition") == made
    assert resources[f"MountTarget{number}"].get("Condition") == (f"HasMountTarget{number}" if number > 2 else "HasFileSystem")
    subnet = resources[f"Subnet{number}"]["Properties"]
    assert subnet["AvailabilityZone"]["Fn::Select"][0] == subnet["CidrBlock"]["Fn::Select"][0] == number - 1
    assert resources[f"Subnet{number}RouteTableAssociation"]["Properties"]["SubnetId"] == {"Ref": f"Subnet{number}"}
    assert resources[f"MountTarget{number}"]["Properties"]["SubnetId"] == {"Fn::If": [
        "MakesVpc", {"Ref": f"Subnet{number}"}, {"Fn::Select": [number - 1, {"Ref": "SubnetIds"}]}]}


def test_memorydb_is_made_only_when_asked_for(template):
    for part in ("Resources", "Outputs"):
        for name, entry in template[part].items():
            assert ("MemoryDB" in name) == (entry.get("Condition") == "HasMemoryDB"), name


def test_the_file_system_can_be_left_out(template):
    of_efs = [name for name, entry in template["Resources"].items() if entry["Type"].startswith("AWS::EFS::")]
    assert len(of_efs) == 7
    for name in (*of_efs, "FileSystemId", "MountTargetIp"):
        condition = (template["Resources"].get(name) or template["Outputs"][name])["Condition"]
        assert condition == "HasFileSystem" or {"Condition": "HasFileSystem"} in template["Conditions"][condition]["Fn::And"]
    assert template["Parameters"]["NoFileSystem"]["Default"] == "false"


def test_outputs(template):
    assert set(template["Outputs"]) == {
        *("VpcId", "SubnetIds", "SecurityGroupId", "BucketName", "FileSystemId", "MountTargetIp"),
        *("ControlPlaneRoleArn", "NodeRoleArn", "InstanceProfileArn"),
        *("RayHeadProfileArn", "RayWorkerProfileArn", "RayLauncherRoleArn"),
        *("MemoryDBClusterName", "MemoryDBClusterArn", "MemoryDBEndpoint"), *("CloudName", "Networking"),
    }


PATTERNS = {
    "CloudId": (["cld_" + "a2" * 13], ["cld_" + "a" * 25, "cld_" + "a" * 27, "cld_" + "A" * 26, "cld_" + "1" * 26]),
    "CloudName": (["", "prod", "a.b_c-d", "A" * 64], ["-a", ".a", "a b", "a" * 65]),
    "ControlPlaneAccount": (["000000000000"], ["", "1" * 11, "1" * 13, "12345678901x"]),
    "ExternalId": (["cld_abc", "a/b:c@d.e,f=g+h-i"], ["", "a b", 'a"b']),
    "CloudTag": (["cloudctl-cloud-id", "anyscale-cloud-id", "a", "team:cloud/id", "a" * 64],
                 ["", "a" * 65, "aws:cloud", "a b", 'a"b', "a*", "${AWS::Region}"]),
    "VpcId": (["", "vpc-0a1b2c3d", "vpc-0a1b2c3d4e5f67890"], ["vpc-", "subnet-0a1b2c3d", "vpc-0A1B2C3D"]),
    "VpcCidr": (["10.0.0.0/16", "10.0.0.0/25"], ["10.0.0.0", "10.0.0.0/15", "10.0.0.0/26", "::/16"]),
    "HttpsCidr": (["0.0.0.0/0", "203.0.113.7/32"], ["", "0.0.0.0", "0.0.0.0/33"]),
    "SshCidr": (["", "203.0.113.0/24"], ["any", "203.0.113.0/024"]),
    "PermissionsBoundary": (["", "arn:aws:iam::123456789012:policy/x", "arn:aws-cn:iam::aws:policy/a/b"],
                            ["x", "arn:aws:iam::123456789012:role/x", "arn:aws:iam::1:policy/x"]),
    "RolePath": (["/", "/a/", "/a/b.c/"], ["", "a", "/a", "a/", "//"]),
    "RayLaunchers": (["", "arn:aws:iam::123456789012:root", "arn:aws-cn:iam::123456789012:role/a/b,arn:aws:iam::123456789012:user/c"],
                     ["*", "123456789012", "arn:aws:iam::123456789012:group/a", "arn:aws:sts::123456789012:assumed-role/a/b"]),
    "ExtraNodeRoleArns": (["", "arn:aws:iam::123456789012:role/a", ",".join(["arn:aws:iam::123456789012:role/a/b"] * 2)],
                          ["x", "arn:aws:iam::123456789012:role/a,", "arn:aws:iam::1:role/a", "arn:aws:iam::123456789012:role/*"]),
    "NodeSecrets": (["", "ray/", "prod-"], ["*", "a b", "a:b"]),
    "KmsKey": (["", "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
                "arn:aws-cn:kms:cn-north-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab"],
               ["alias/x", "arn:aws:kms:us-west-2:123456789012:alias/x", "arn:aws:kms:us-west-2:123456789012:key/a",
                "arn:aws:kms:us-west-2:123456789012:key/*", "1234abcd-12ab-34cd-56ef-1234567890ab"]),
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
