# SPDX-License-Identifier: Apache-2.0
"""Every path that the code reads from a reply exists in botocore's models of the operations it calls."""

import re
from functools import cache
from pathlib import Path

import pytest
from contract import ec2_name, model

ROOT = Path(__file__).resolve().parents[2]
ACCESS = re.compile(r"\b(?:tree_(?:get|texts?|bool|number|real|find|count)|TREE_EACH) ?\(")
OPERATION = re.compile(r'^(?:(BUCKET|EFS|BALANCING)\((\w+)|(?:PLAIN|SAME|QUERY|AWS_OPERATION)\((?:"[\w-]+", )?(\w+), (\w+))', re.MULTILINE)
BOTOCORE = {"servicequotas": "service-quotas", "sso_oidc": "sso-oidc"}

# Which services' replies a file reads. A file that reads replies and is not here fails the test.
FILES = {
    "providers/aws/cloud/caller.c": "iam sts", "providers/aws/cloud/resource_details.c": "ec2 efs memorydb",
    "providers/aws/cloud/role_trust.c": "iam", "providers/aws/cloud/setup_plan.c": "ec2",
    "providers/aws/credentials/credentials_login.c": "signin", "providers/aws/credentials/credentials_role.c": "sts", "providers/aws/credentials/credentials_sso.c": "sso sso_oidc",
    "providers/aws/cloud/stack.c": "cloudformation", "providers/aws/cloud/stack_log.c": "cloudformation",
    "providers/aws/cloud/update/change_set.c": "cloudformation", "providers/aws/cloud/update/stack_change.c": "cloudformation",
    "providers/aws/cloud/update/drift.c": "cloudformation", "providers/aws/cloud/update/drift_detection.c": "cloudformation",
    "providers/aws/cloud/stack_protection.c": "cloudformation",
    "verify/gather.c": "*", "providers/aws/cloud/network/port_access.c": "*",
}
DEFAULT = ("verify/", "providers/aws/cloud/", "providers/aws/iam/")  # every other file there reads what any operation of the plan gave
# Trees that are no replies: policies, our own files, error bodies, the tree itself.
NOT_REPLIES = {"base/tree.c", "providers/aws/cloud/functional/instance_report.c", "providers/waiter.c", "providers/aws/client/fault.c", "providers/aws/client/outcome.c", "providers/aws/client/pages.c",
               "providers/aws/client/reply.c", "providers/aws/credentials/credentials_source.c", "providers/aws/credentials/credentials_process.c", "providers/aws/credentials/credentials_instance.c",
               "providers/aws/iam/trust_edit.c", "verify/facts_file.c", "verify/toy_table.c", "providers/aws/cloud/checks/fake_aws.c", "providers/aws/iam/statement.c",
               "providers/aws/cloud/permissions/needs_policy.c", "providers/aws/cloud/stack_words.c", "providers/aws/cloud/update/update_consent.c",
               "providers/aws/cloud/update/update_plan.c", "providers/aws/cloud/update/property_diff.c", "providers/aws/cloud/other_clouds.c", "cmd/history.c"}
# Literals in those calls that are no paths: values compared with, members of our own or of policy documents.
NOT_PATHS = {
    "available", "true", "false", "active", "allow", "Gateway", "enabled", "aws:elasticfilesystem:default-backup",
    "accessToken", "clientId", "clientSecret", "refreshToken", "registrationExpiresAt", "expiresAt", "grantType",
    "refresh_token", "dpopKey", "signInRegion", "accessToken.expiresAt",
    "CloudId", "EnableMemoryDB", "RayLaunchers", "WithRay", "Properties", "Sid", "logical_id", "Statement.1.Resource", "NatGateways", "Networking", "NoFileSystem", "detail", "data", "kind", "SubnetIds", "VpcId", "Filter", "Value", "ActionNames", "ResourceArns", "caller", "questions", "for_checks", "root", "unread", "role", "trust", "Effect", "Statement",
}


@cache
def operations() -> dict[str, list]:
    """Output shapes by service, from the rows."""
    found: dict[str, list] = {}
    for short, short_name, service, name in OPERATION.findall((ROOT / "providers/aws/client/operation_list.h").read_text()):
        service, name = ({"BUCKET": "s3", "EFS": "efs", "BALANCING": "elbv2"}[short], short_name) if short else (service, name)
        shape = model(BOTOCORE.get(service, service)).operation_model(name).output_shape
        if shape:
            found.setdefault(service, []).append(shape)
    return found


def wire(service, name, member):
    """A member's name in our trees: the one on the wire, but that of the model for what arrives in a header."""
    if member.serialization.get("location") == "header" or model(BOTOCORE.get(service, service)).metadata["protocol"] == "json":
        return name
    return member.serialization.get("name", name)


def structures(service, shape, seen):
    """Every structure below a shape."""
    if shape.type_name == "list":
        yield from structures(service, shape.member, seen)
    elif shape.type_name == "structure" and shape.name not in seen:
        seen.add(shape.name)
        yield shape
        for member in shape.members.values():
            yield from structures(service, member, seen)


def member_of(service, shape, word):
    """The shape that a step of a path leads to; None when there is no such step."""
    while shape.type_name == "list":
        if word.isdigit():
            return shape.member
        flat = shape.serialization.get("flattened")
        if not flat and word == shape.member.serialization.get("name"):
            return shape.member
        shape = shape.member
    if shape.type_name != "structure":
        return None
    return next((m for name, m in shape.members.items() if wire(service, name, m) == word), None)


def leads_somewhere(service, shape, path):
    for word in path.split("."):
        shape = member_of(service, shape, word)
        if shape is None:
            return False
    return True


def exists(path, services):
    for service in operations() if services == "*" else services.split():
        seen = set()
        for output in operations()[service]:
            if any(leads_somewhere(service, start, path) for start in structures(service, output, seen)):
                return True
    return False


def arguments(text, start):
    """The text between the parenthesis at start and its partner."""
    depth = 0
    for at in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 0:
            return text[start + 1:at]
    return ""


def paths(text):
    for match in ACCESS.finditer(text):
        for literal in re.findall(r'"([^"\\]*)"', arguments(text, match.end() - 1)):
            if re.fullmatch(r"[A-Za-z][\w.]*", literal):
                yield literal


def readers():
    """(file, services) of every source that reads trees."""
    for folder in ("cmd", "verify", "providers"):
        for path in sorted((ROOT / folder).rglob("*.c")):
            name = path.relative_to(ROOT).as_posix()
            if re.search(r"_(test|fuzz|tool)|test_", path.stem) or name in NOT_REPLIES or not ACCESS.search(path.read_text()):
                continue
            yield name, FILES.get(name) or ("*" if name.startswith(DEFAULT) else None)


@pytest.mark.parametrize("name,services", [pytest.param(*row, id=row[0]) for row in readers()])
def test_paths_exist(name, services):
    assert services, f"{name} reads trees: say in FILES whose replies, or that it reads none"
    text = (ROOT / name).read_text()
    unknown = {path for path in paths(text) if path not in NOT_PATHS and not exists(path, services)}
    assert not unknown, f"{name}: no reply of {services} has {sorted(unknown)}"


def test_paths_of_rows_exist():
    """The lists that pages are merged by."""
    rows = (ROOT / "providers/aws/client/operation_list.h").read_text()
    lists = set(re.findall(r'(?:PAGES|NEXT_TOKEN)\("(\w+)"\)', rows))
    assert lists and not {path for path in lists if not exists(path, "*")}


def test_what_rows_of_the_plan_were_asked_for_exists():
    """The lists, and the places of ids in their elements or in the reply."""
    rows = (ROOT / "providers/aws/cloud/cloud_plan.c").read_text()
    found = re.findall(r'(?:\.elements = "(\w+)", )?\.id = "([\w. ]+)"', rows)
    places = {f"{elements}.0.{place}" if elements else place for elements, ids in found for place in ids.split()}
    assert len(places) > 20 and not {path for path in places if not exists(path, "*")}


def test_what_rows_of_blockers_read_exists():
    """Where their elements are, and what is read of them; "*" and "@" are elements and keys, "in" and "out" keys."""
    rows = (ROOT / "providers/aws/cloud/delete/blocker_rows.c").read_text()
    found = set()
    for row in re.findall(r"\n\t\{\"[^\n]*?(SURVEY_.*?)\},(?=\n)", rows, re.DOTALL):
        members = dict(re.findall(r'\.(each|id|in|state|with|before_each) = "([^"]*)"', row))
        each = re.sub(r"^(@|in|out)\.", "", members.pop("each")).replace("*", "0")
        for path in " ".join(members.values()).split():
            found.add(".".join(part for part in (each, path.replace("*", "0")) if part))
    assert len(found) > 40 and not {path for path in found if not exists(path, "*")}


def test_a_wrong_path_is_seen():
    assert exists("vpcSet.0.cidrBlock", "ec2") and exists("cidrBlockState.state", "ec2")
    assert exists("Clusters.0.SecurityGroups", "memorydb") and exists("CORSRule", "s3")
    for wrong in ("vpcSet.0.CidrBlock", "Vpcs", "cidrBlockState.status", "vpcId.x"):
        assert not exists(wrong, "ec2"), wrong
    assert ec2_name("VpcIds", model("ec2").operation_model("DescribeVpcs").input_shape.members["VpcIds"]) == "VpcId"
