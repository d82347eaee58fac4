# SPDX-License-Identifier: Apache-2.0
"""Every operation row against botocore's copy of AWS's service models and endpoint rules."""

import json
import re
import subprocess

import botocore.session
import pytest
from botocore.model import OperationModel

BOTOCORE_NAMES = {"servicequotas": "service-quotas"}
SESSION = botocore.session.get_session()


def model(service):
    return SESSION.get_service_model(BOTOCORE_NAMES.get(service, service))


@pytest.fixture(scope="module")
def rows(tool):
    run = subprocess.run([tool("operations_tool")], capture_output=True, text=True, timeout=60, check=True)
    result = json.loads(run.stdout)
    assert len(result) >= 40
    return result


def operation(row) -> OperationModel:
    return model(row["service"]["name"]).operation_model(row["name"])


def wire_name(shape, member, protocol):
    """The name of an output member on the wire."""
    return shape.members[member].serialization.get("name", member) if protocol != "json" else member


def paginator(row):
    name = BOTOCORE_NAMES.get(row["service"]["name"], row["service"]["name"])
    try:
        return SESSION.get_paginator_model(name).get_paginator(row["name"])
    except ValueError:
        return None


def each(rows, check):
    wrong = [f"{row['id']}: {problem}" for row in rows for problem in check(row) or []]
    assert not wrong, "\n".join(wrong)


def test_service(rows):
    def check(row):
        service, metadata = row["service"], model(row["service"]["name"]).metadata
        spoken = metadata.get("protocols", [metadata["protocol"]])
        if service["protocol"] not in spoken:
            yield f"protocols are {spoken}"
        if metadata["apiVersion"] != service["version"]:
            yield f"version is {metadata['apiVersion']}"
        if metadata.get("targetPrefix") != service["target_prefix"]:
            yield f"target prefix is {metadata.get('targetPrefix')}"
        if metadata.get("jsonVersion", "1.1") != "1.1":
            yield f"JSON version is {metadata['jsonVersion']}"
        if metadata.get("signingName", metadata["endpointPrefix"]) != service["signing_name"]:
            yield "signing name"
        if metadata["serviceId"].replace(" ", "_").upper() != service["endpoint_key"]:
            yield f"endpoint key of {metadata['serviceId']}"
    each(rows, check)


def test_host(rows):
    """The host of a client made by botocore; S3 in us-west-2 has no oddities."""
    def check(row):
        name = BOTOCORE_NAMES.get(row["service"]["name"], row["service"]["name"])
        client = SESSION.create_client(name, region_name="us-west-2", aws_access_key_id="a", aws_secret_access_key="b")
        prefix = row["service"]["host_prefix"]
        wanted = f"https://{prefix}.amazonaws.com" if row["service"]["global"] else \
            f"https://{prefix}.us-west-2.amazonaws.com"
        if client.meta.endpoint_url != wanted:
            yield client.meta.endpoint_url
    seen = {row["service"]["name"]: row for row in rows}
    each(seen.values(), check)


def split_uri(uri):
    """AWS's request URI as path, fixed query."""
    path, _, query = uri.partition("?")
    return path, query


def test_rest_requests(rows):
    def check(row):
        if not row["service"]["protocol"].startswith("rest"):
            if row["method"] or row["path"] or row["query"]:
                yield "has a path but is no REST operation"
            return
        http, members = operation(row).http, operation(row).input_shape.members
        path, query = split_uri(http["requestUri"])
        fixed, _, names = (row["query"] or "").partition(",")
        if http["method"] != row["method"]:
            yield f"method is {http['method']}"
        if re.sub(r"\{Bucket\}$", "{Bucket}", path) != row["path"]:
            yield f"path is {path}"
        if query != fixed:
            yield f"query is {query}"
        known = {m.serialization["name"] for m in members.values() if m.serialization.get("location") == "querystring"}
        if unknown := set(filter(None, names.split(","))) - known:
            yield f"unknown query members {unknown}"
    each(rows, check)


def test_result_wrapper(rows):
    def check(row):
        shape = operation(row).output_shape
        wanted = shape.serialization.get("resultWrapper") if shape and row["service"]["protocol"] == "query" else None
        if wanted != row["result"]:
            yield f"result wrapper is {wanted}"
    each(rows, check)


# Asked for one object, to see whether there are any; and what is removed a page at a time, so that the next page is first.
FIRST_ALONE = {"s3:ListObjectsV2", "s3:ListObjectVersions", "s3:ListMultipartUploads"}


def pages_of(row):
    """botocore's paginator, or for a row with pages what the model itself says where botocore has none."""
    shapes = operation(row).input_shape, operation(row).output_shape
    if paginator(row) or not any(row["paging"].values()) or not all(shape and "NextToken" in shape.members for shape in shapes):
        return paginator(row)
    lists = [name for name, shape in shapes[1].members.items() if shape.type_name == "list"]
    return {"input_token": "NextToken", "output_token": "NextToken", "result_key": lists}


def test_paging(rows):
    def check(row):
        pages, paging, protocol = pages_of(row), row["paging"], row["service"]["protocol"]
        if not pages or row["id"] in FIRST_ALONE:
            if any(paging.values()):
                yield "has no pages"
            return
        output, given = operation(row).output_shape, operation(row).input_shape.members
        outputs = [wire_name(output, t, protocol) for t in as_list(pages["output_token"])]
        inputs = [given[t].serialization.get("name", t) for t in as_list(pages["input_token"])]
        if row["service"]["protocol"] == "ec2":  # EC2's query protocol begins every name with a capital
            inputs = [name[0].upper() + name[1:] for name in inputs]
        items = {wire_name(output, r, protocol) for r in as_list(pages["result_key"])}
        if outputs != [paging["got"]] or inputs != [paging["ask"]]:
            yield f"tokens are {outputs}, asked with {inputs}"
        if not set((paging["items"] or "").split(",")) <= items:
            yield f"lists are {items}"
        if pages.get("more_results") != paging["more"]:
            yield f"more is {pages.get('more_results')}"
    each(rows, check)


def as_list(value):
    return value if isinstance(value, list) else [value]


def follow(shape, path):
    """The member's shape at a path of an output; lists are crossed by '*'."""
    for step in path.split("."):
        shape = shape.member if step == "*" else shape.members[step]
    return shape


def test_documents_and_headers(rows):
    def check(row):
        for path in filter(None, (row["documents"] or "").split(",")):
            if follow(operation(row).output_shape, path).name != "policyDocumentType":
                yield f"{path} is no policy document"
        for pair in filter(None, (row["reply_headers"] or "").split(",")):
            member, header = pair.split("=")
            if operation(row).output_shape.members[member].serialization["name"] != header:
                yield f"header of {member}"
        if row["payload"] and operation(row).output_shape.serialization.get("payload") != row["payload"]:
            yield "payload"
    each(rows, check)


def test_members_that_every_reply_holds(rows):
    def check(row):
        shape = operation(row).output_shape
        known = {wire_name(shape, member, row["service"]["protocol"]) for member in shape.members} if shape else set()
        modelled = known | set(shape.members if shape else ())
        for member in filter(None, (row["holds"] or "").split(",")):
            if member not in modelled:
                yield f"{member} is none of {sorted(modelled)}"
    each(rows, check)


def test_every_policy_document_is_decoded(rows):
    """Output members of IAM that are policy documents and that a row forgets."""
    def find(shape, path, depth=0):
        if shape.name == "policyDocumentType":
            yield path
        elif depth < 8 and shape.type_name == "structure":
            for name, member in shape.members.items():
                yield from find(member, f"{path}.{name}" if path else name, depth + 1)
        elif depth < 8 and shape.type_name == "list":
            yield from find(shape.member, f"{path}.*", depth + 1)

    def check(row):
        if row["service"]["name"] == "iam" and operation(row).output_shape:
            missing = set(find(operation(row).output_shape, "")) - set((row["documents"] or "").split(","))
            if missing:
                yield f"not decoded: {missing}"
    each(rows, check)


def test_idempotent_creations_have_a_token(rows):
    """A row may call itself idempotent when it reads or removes, when AWS says so, or when the request carries a token."""
    reads = re.compile(r"^(Describe|Get|List|Head|Simulate|Delete|Terminate|Cancel|Release|Detach|Remove|Abort)")
    # What sets something to a value does so again; sessions and a detection of drift cost nothing.
    natural = {"iam:UpdateAssumeRolePolicy", "sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "ec2:CreateTags",
               "iam:TagInstanceProfile", "cloudformation:SetStackPolicy", "cloudformation:UpdateTerminationProtection",
               "cloudformation:DeleteChangeSet", "cloudformation:DetectStackDrift", "ec2:TerminateInstances",
               "s3:PutObject", "s3:DeleteObject"}

    def check(row):
        members = operation(row).input_shape.members if operation(row).input_shape else {}
        if row["idempotent"] and not reads.match(row["name"]) and row["id"] not in natural:
            if not {"ClientRequestToken", "ClientToken", "CreationToken"} & set(members):
                yield "nothing makes it idempotent"
    each(rows, check)
