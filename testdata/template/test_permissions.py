# SPDX-License-Identifier: Apache-2.0
"""The tables behind `policy`, judged by AWS's list of actions and the resources they are decided on, and by the
handlers' permissions in CloudFormation's resource type schemas (both as cfn-lint brings them)."""

import fnmatch
import importlib.resources
import json
import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

ROOT = Path(__file__).resolve().parents[2]
TOOL = Path(os.environ.get("CLOUDCTL_TOOLS", ROOT / "build/dev/tests")) / "permissions_tool"
SPECIFICATION = json.loads((importlib.resources.files("cfnlint") / "data/AdditionalSpecs/Policies.json").read_text())

# Actions that a schema lists for a handler and the table does not, and why not. Patterns; "" is every type.
NOT_NEEDED = {
    "": {
        "ec2:DeleteTags iam:UntagRole": "only a change takes tags away",
        "vpc-lattice:* vpce:*": "for endpoints of services other than S3's gateway",
        "s3tables:* s3:*Metadata*": "the bucket has no metadata tables",
    },
    "AWS::EC2::EIP": {
        "ec2:AcceptAddressTransfer": "no address is transferred",
        "ec2:AssociateAddress ec2:DisassociateAddress": "the NAT gateway takes the address and gives it back",
    },
    "AWS::EC2::Route": {"ec2:DescribeNetworkInterfaces": "for routes to interfaces"},
    "AWS::EC2::SecurityGroup": {"ec2:DescribeInstances": "the documented policy deletes groups without it"},
    "AWS::EC2::SubnetRouteTableAssociation": {"ec2:ReplaceRouteTableAssociation": "no association is replaced"},
    "AWS::EC2::VPC": {"ec2:*EncryptionControl*": "the VPC sets no encryption control"},
    "AWS::EC2::VPCGatewayAttachment": {"ec2:*VpnGateway*": "the gateway is an internet gateway"},
    "AWS::EC2::VPCEndpoint": {"ec2:CreateTags": "deleting sets no tags"},
    "AWS::EFS::FileSystem": {
        "*:CreateReplicationConfiguration *:DeleteReplicationConfiguration iam:PassRole": "it is not replicated",
        "*:PutFileSystemPolicy *:UpdateFileSystemProtection": "the template sets none",
    },
    "AWS::IAM::Role": {
        "iam:AttachRolePolicy iam:DetachRolePolicy": "no policy is attached",
        "iam:ListAttachedRolePolicies iam:ListRolePolicies": "the documented policy makes and deletes roles without it",
        "iam:TagRole": "deleting sets no tags",
    },
    "AWS::IAM::Policy": {"iam:*GroupPolicy iam:*UserPolicy": "its policies are those of roles"},
    "AWS::MemoryDB::Cluster": {"kms:*": "it is encrypted with a key of the service's own"},
    "AWS::S3::Bucket": {
        "s3:*Analytics* s3:*Inventory* s3:*Metrics* s3:*Replication* s3:*IntelligentTiering* s3:*Abac iam:PassRole":
            "the template sets none",
        "s3:PutAccelerate* s3:PutBucketNotification s3:PutBucketWebsite s3:Put*ObjectLock*":
            "the template sets none",
        "s3:PutBucketLogging": "only where setup is asked for an access log",
        "s3:PutObjectAcl s3:GetBucketAcl s3:DeleteObject": "the bucket has no access control lists and no objects",
        "s3:TagResource s3:ListTagsForResource": "the bucket is tagged with PutBucketTagging",
        "s3:ListBucket": "the documented policy makes buckets without it",
    },
}
# Actions in the table that no schema lists for the handler, and why they are needed.
ADDED = {
    "AWS::MemoryDB::ParameterGroup": {"memorydb:UpdateParameterGroup": "CreateParameterGroup takes no parameters"},
    "AWS::EFS::MountTarget": {"ec2:DescribeSubnets": "CreateMountTarget asks for it (Amazon EFS API Reference)"},
}

# Property of a type that is the resource's name.
NAMES = {
    "AWS::S3::Bucket": "BucketName",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::MemoryDB::Cluster": "ClusterName",
    "AWS::MemoryDB::ParameterGroup": "ParameterGroupName",
    "AWS::MemoryDB::SubnetGroup": "SubnetGroupName",
}


@pytest.fixture(scope="module")
def tables():
    assert TOOL.exists(), f"{TOOL} is not built: cmake --preset dev && cmake --build --preset dev"
    return json.loads(subprocess.run([TOOL], capture_output=True, text=True, timeout=60, check=True).stdout)


@pytest.fixture(scope="module")
def resources():
    """Logical id -> type, in the template's order."""
    text = (ROOT / "providers/aws/cloud/template.yaml").read_text()
    return dict(re.findall(r"^  (\w+):\n    Type: (AWS::\S+)$", text, re.MULTILINE))


@pytest.fixture(scope="module")
def template():
    """Logical id -> resource; what CloudFormation computes stays as it is written: "!Ref Vpc"."""
    return yaml.load((ROOT / "providers/aws/cloud/template.yaml").read_text(), Loader=_Loader)["Resources"]


def described(action):
    """AWS's entry of an action, and its service's kinds of resources."""
    service, _, name = action.partition(":")
    entry = SPECIFICATION[service]
    return entry["Actions"].get(name.lower()), entry["Resources"]


def handlers(type_name):
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", type_name).schema
    return {verb: set(handler.get("permissions", [])) for verb, handler in schema["handlers"].items()}


def matching(patterns, actions):
    return {action for action in actions for pattern in patterns.split() if fnmatch.fnmatchcase(action, pattern)}


def test_every_action_exists(tables):
    assert len(tables["actions"]) > 80
    unknown = [row["action"] for row in tables["actions"] if described(row["action"])[0] is None]
    assert not unknown


def test_every_action_of_an_operation_has_its_row(tables):
    run = subprocess.run([TOOL.with_name("operations_tool")], capture_output=True, text=True, timeout=60, check=True)
    used = {action for row in json.loads(run.stdout) for action in row["actions"].split()}
    assert used - {row["action"] for row in tables["actions"]} == set()


def test_rows_are_in_order_and_once(tables):
    names = [row["action"] for row in tables["actions"]]
    assert names == sorted(set(names))


def test_resources_are_of_the_kinds_an_action_is_decided_on(tables):
    """And each that can be narrowed is: AWS names no kinds for those that are allowed on "*"."""
    wrong = []
    for row in tables["actions"]:
        entry, kinds = described(row["action"])
        formats = [form for kind in entry.get("Resources", []) for form in kinds[kind.lower()]["ARNFormats"]]
        patterns = [re.sub(r"\\\$\\\{\w+\\\}|\$\{\w+\}", "[^:]*", form) for form in formats]
        special = row["makes"] + row["cleans"]
        others = [] if special and row["resources"] == ["*"] else row["resources"]
        for resource in special + others:
            if resource == "*" and formats:
                wrong.append(f"{row['action']} can be narrowed to {entry['Resources']}")
            if resource != "*" and not any(re.fullmatch(pattern, resource) for pattern in patterns):
                wrong.append(f"{row['action']} is not decided on {resource}")
    assert not wrong, "\n".join(wrong)


def test_what_is_tagged_can_be_asked_for_its_tags(tables):
    for row in tables["actions"]:
        entry, kinds = described(row["action"])
        tagged = [arn.split(":")[5].split("/")[0] for arn in row["resources"] if row["tagged"]]
        assert all("aws:ResourceTag/${TagKey}" in kinds[kind]["ConditionKeys"] for kind in tagged), row["action"]


def test_what_is_made_is_tagged_as_it_is_made(tables):
    """A policy demands the tag in the request: then CloudFormation must send it along."""
    makes = {row["action"] for row in tables["actions"] if row["makes"]}
    for row in tables["types"]:
        if makes & set(row["create"].split()):
            tagging = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", row["type"]).schema["tagging"]
            assert tagging["tagOnCreate"] is True, row["type"]


def test_every_type_of_the_template_has_its_row(tables, resources):
    """In the template's order, which is that of the screen."""
    assert [row["type"] for row in tables["types"]] == list(dict.fromkeys(resources.values()))


def numbers(logical_id, resource):
    """Those that stand for '#': zones, or NAT gateways."""
    return ("123" if resource["part"] == "nat" else "123456") if "#" in logical_id else "#"


def test_every_resource_of_the_template_has_its_name(tables, resources):
    named = {logical_id.replace("#", zone): row["type"] for row in tables["types"]
             for logical_id, resource in row["resources"].items()
             for zone in numbers(logical_id, resource)}
    assert named == resources
    assert all(("#" in logical_id) == ("#" in resource["name"])
               for row in tables["types"] for logical_id, resource in row["resources"].items())


def test_default_names_are_those_of_the_template(tables, template):
    """What the permissions and the commands call what the template makes."""
    said = {logical_id: resource.get("default_name") for row in tables["types"]
            for logical_id, resource in row["resources"].items() if row["type"] in NAMES}
    given = {logical_id: resource["Properties"][NAMES[resource["Type"]]] for logical_id, resource in template.items()
             if resource["Type"] in NAMES}
    written = {"!Sub ": "", "${CloudId}": "{id}", "${AWS::StackName}": "{stack}", "!Ref AWS::StackName": "{stack}"}
    for form, pattern in written.items():
        given = {logical_id: name.replace(form, pattern) for logical_id, name in given.items()}
    # One kind stands for all roles of Ray, whose names have the same beginning.
    ray = {logical_id for logical_id in given if logical_id.startswith("Ray")}
    assert len(ray) == 5 and all(given[logical_id].startswith("{id}-ray-") for logical_id in ray)
    assert said == {logical_id: None if logical_id in ray else name for logical_id, name in given.items()}


def test_parts_of_the_stack(tables, template):
    """Each resource is of the part that its condition says."""
    said = {logical_id.replace("#", zone): resource["part"] for row in tables["types"]
            for logical_id, resource in row["resources"].items() for zone in numbers(logical_id, resource)}
    parts = {"HasMemoryDB": "memorydb", "IsPrivate": "nat", "HasNat2": "nat", "HasNat3": "nat", "MakesVpc": "network",
             "HasRay": "ray", "HasRayLauncher": "ray launcher"}
    parts |= {f"MakesSubnet{zone}": "network" for zone in range(3, 7)}
    parts |= {"HasFileSystem": "efs"} | {f"HasMountTarget{zone}": "efs" for zone in range(3, 7)}
    assert said == {logical_id: parts.get(entry.get("Condition"), "base") for logical_id, entry in template.items()}


def test_the_bucket_alone_is_kept(tables, template):
    kept = {entry["Type"] for entry in template.values() if entry.get("DeletionPolicy", "Delete") != "Delete"}
    assert {row["type"] for row in tables["types"] if row["remove"] == ""} == kept


def test_handlers_are_those_of_the_schemas(tables):
    """Nothing is done that the schemas do not list, and what they list and the table does not has its reason."""
    wrong = []
    for row in tables["types"]:
        schema = handlers(row["type"])
        made, removed = set(row["create"].split()), set((row["undo"] or row["remove"]).split())
        known = {**NOT_NEEDED[""], **NOT_NEEDED.get(row["type"], {})}
        for verb, ours, theirs in (("create", made, schema["create"] | schema.get("read", set())),
                                   ("remove", removed, schema["delete"]),
                                   ("update", set((row["update"] or "").split()),
                                    schema.get("update", set()) | schema.get("read", set()))):
            extra = ours - theirs - set(ADDED.get(row["type"], {}))
            wrong += [f"{row['type']} {verb}: {action} is in no schema" for action in sorted(extra)]
            if verb != "update":
                missing = theirs - ours - matching(" ".join(known), theirs)
                wrong += [f"{row['type']} {verb}: {action} is left out" for action in sorted(missing)]
    assert not wrong, "\n".join(wrong)


def test_tags_are_set_where_they_belong(tables):
    """The reasons above let it pass that a creation does not tag."""
    for row in tables["types"]:
        tagging = {"ec2:CreateTags", "iam:TagRole"} & handlers(row["type"])["create"]
        assert tagging <= set(row["create"].split()), row["type"]


def test_every_reason_is_about_something(tables):
    """A pattern that a newer schema made pointless goes."""
    listed = {row["type"]: set().union(*handlers(row["type"]).values()) for row in tables["types"]}
    everything = set().union(*listed.values())
    for type_name, reasons in NOT_NEEDED.items():
        for patterns in reasons:
            for pattern in patterns.split():
                assert matching(pattern, listed.get(type_name, everything)), f"{type_name}: {pattern}"


def test_every_action_of_a_handler_can_be_narrowed_by_its_row(tables):
    rows = {row["action"] for row in tables["actions"]}
    used = {action for row in tables["types"] for verb in ("create", "update", "remove", "undo")
            for action in (row[verb] or "").split()}
    assert used <= rows, used - rows


class _Loader(yaml.SafeLoader):
    """Reads the template."""


_Loader.add_multi_constructor("!", lambda loader, tag, node: f"!{tag} {node.value}")
