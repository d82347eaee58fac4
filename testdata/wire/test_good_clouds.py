# SPDX-License-Identifier: Apache-2.0
"""The good clouds of testdata/facts are written by hand: they hold nothing that AWS's replies do not have, by botocore's
models, and each of them has the members that AWS always sends and no check reads."""

import json
import re

import pytest
from contract import model
from test_replies import BOTOCORE, ROOT, member_of

FACTS = ROOT / "testdata/facts"
ROW = re.compile(r'\.name = (?:word )?"([\w-]+)".*?\.operation = &(\w+?)_(\w+)', re.DOTALL)
BY_KEY = re.compile(r"-(policies|attached-versions|attached-documents)$|^prefix-lists$")
OURS = {"bucket", "control-plane-simulation", "node-simulation"}  # facts that are no replies of one call
DOCUMENT = re.compile(r"(Policy|Document)$")  # text in the model, read as JSON

# Members that AWS sends whatever the cloud is like, by fact, somewhere in its reply.
ALWAYS = {
    "vpc": ("cidrBlockAssociationSet.associationId", "dhcpOptionsId", "instanceTenancy"),
    "subnets": ("blockPublicAccessStates.internetGatewayBlockMode", "enableDns64", "ipv6CidrBlockAssociationSet"),
    "route-tables": ("propagatingVgwSet", "routeSet.origin"),
    "vpc-endpoints": ("ipAddressType", "serviceRegion", "dnsEntrySet", "groupSet"),
    "mount-target-interfaces": ("attachment.attachmentId", "operator.managed"),
    "security-groups": ("ipPermissions.prefixListIds",),
    "control-plane-role": ("RoleLastUsed",),
    "file-system": ("SizeInBytes.ValueInArchive",),
}


def operations() -> dict[str, tuple[str, str]]:
    text = (ROOT / "providers/aws/cloud/cloud_plan.c").read_text()
    found = {}
    for name, service, operation in ROW.findall(text):
        for word in ("control-plane", "node") if name.startswith("-") else ("",):
            found[word + name] = (service, operation)
    return found


def output_shape(service: str, operation: str):
    """What the body holds: with rest-xml, the structure that is the payload."""
    shape = model(BOTOCORE.get(service, service)).operation_model(operation).output_shape
    payload = shape.members.get(shape.serialization.get("payload"))
    return payload if payload is not None and payload.type_name == "structure" else shape


def strange(service: str, shape, node, path: str):
    """Where a tree holds what the shape does not have."""
    if node in (None, "") or shape.type_name == "map":
        return
    if shape.type_name == "list":
        for element in node if isinstance(node, list) else [node]:
            yield from strange(service, shape.member, element, path)
    elif shape.type_name != "structure":
        if isinstance(node, (dict, list)) and not DOCUMENT.search(path):
            yield path
    elif not isinstance(node, dict):
        yield path
    else:
        for name, value in node.items():
            member = member_of(service, shape, name)
            if member is None and name != "requestId":
                yield f"{path}.{name}"
            elif member is not None:
                yield from strange(service, member, value, f"{path}.{name}")


def replies(document: dict):
    """(fact, reply) of each call."""
    for fact, value in document["facts"].items():
        reply = value.get("reply")
        if reply is None or fact in OURS:
            continue
        for part in reply.values() if BY_KEY.search(fact) and not fact.endswith("attached-policies") else [reply]:
            yield fact, part


def paths(node, prefix=""):
    if isinstance(node, list):
        for element in node:
            yield from paths(element, prefix)
    elif isinstance(node, dict):
        for name, value in node.items():
            yield prefix + name
            yield from paths(value, f"{prefix}{name}.")


CLOUDS = sorted(FACTS.glob("good-*.json"))
WHOLE = [path for path in CLOUDS if "base" not in json.loads(path.read_text())]


@pytest.mark.parametrize("path", CLOUDS, ids=lambda path: path.stem)
def test_what_is_written_exists(path):
    rows = operations()
    seen = 0
    for fact, reply in replies(json.loads(path.read_text())):
        service, operation = rows[fact]
        assert not list(strange(service, output_shape(service, operation), reply, fact))
        seen += 1
    assert seen


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.stem)
def test_what_aws_always_sends_is_there(path):
    document = json.loads(path.read_text())
    for fact, wanted in ALWAYS.items():
        have = set(paths(document["facts"][fact]["reply"]))
        missing = [one for one in wanted if not any(f".{found}".endswith(f".{one}") for found in have)]
        assert not missing, fact
