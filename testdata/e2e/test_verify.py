# SPDX-License-Identifier: Apache-2.0
"""`verify` of clouds in which nothing is wrong: what it says, what it asks AWS, and how checks are chosen.

Broken clouds are in test_verify_mutations.py, refused calls in test_verify_denied.py.
"""

import json
import re
from collections import Counter

import jsonschema
import pytest
import yaml
from conftest import ACCOUNT
from verify_support import READING, SCHEMA, Site, new_cloud

MEMORYDB_OPTION = "--enable-head-node-fault-tolerance"
KINDS = {
    "managed": None, "managed with MemoryDB": None,
    "direct": {}, "direct with MemoryDB": {"memorydb": True},
    "direct with a key": {"key": True}, "private": {"private": True}, "private with MemoryDB": {"private": True, "memorydb": True},
}


@pytest.fixture(scope="module")
def cloud(request, server, tmp_path_factory):
    """A good cloud of the kind that is asked for; kept while tests want the same kind."""
    made = new_cloud(tmp_path_factory.mktemp("cloud"), server)
    if KINDS[request.param] is None:
        made.setup(*[MEMORYDB_OPTION] if "MemoryDB" in request.param else [])
    else:
        made.register(Site(server, **KINDS[request.param]))
    return made


every_kind = pytest.mark.parametrize("cloud", KINDS, indirect=True)
managed = pytest.mark.parametrize("cloud", ["managed"], indirect=True)


def subjects(cloud) -> dict[str, tuple[str, str]]:
    """What each line must be about, from the record: (name in sentences, ids) by name in the result."""
    record = cloud.cloudctl.record("prod")
    has = record["resources"]

    def quoted(*ids):
        return str(list(ids))

    rows = {
        "account": ("Account", ACCOUNT), "vpc": ("VPC", has["vpc_id"]),
        "subnets": ("Subnets", quoted(*has["subnet_ids"])),
        "iam roles": ("IAM roles", quoted(has["control_plane_role_arn"], has["node_role_arn"])),
        "security groups": ("Security groups", quoted(*has["security_group_ids"])), "s3": ("S3", has["bucket"]),
        "efs": ("EFS", has["file_system_id"])}
    if "memorydb_cluster" in has:
        rows["memorydb"] = ("MemoryDB", has["memorydb_cluster"])
    if "stack_arn" in record:
        rows["cloudformation stack"] = ("CloudFormation stack", record["stack_arn"])
    rows["quotas"] = ("Quotas", record["region"])
    return rows


@every_kind
def test_says_what_it_does_and_what_came_of_it(cloud):
    done = cloud.cloudctl.run("verify", "prod")
    expected = subjects(cloud)
    assert done.stdout.strip().splitlines() == ["Verification result:", *[f"{name}: PASSED" for name in expected]]
    lines = []
    for line in done.stderr.splitlines():
        text = re.fullmatch(r"\(cloudctl \+\d+\.\ds\) (.*)", line)
        assert text, line
        lines.append(text[1])
    plain = {"Account": "account", "Subnets": "subnets", "Security groups": "security groups", "Quotas": "quotas"}
    begun = [f"Verifying {plain.get(name, name)} ..." for name, _ in expected.values()]
    ended = [f"{name} {ids} verification succeeded." for name, ids in expected.values()]
    assert lines[:len(begun)] == begun
    assert sorted(lines[len(begun):]) == sorted(ended)


@every_kind
def test_documents(cloud):
    document = cloud.document()
    assert document["verdict"] == "PASS" and document["retries"] == 0
    assert [group["id"] for group in document["groups"]] == list(subjects(cloud))
    checks = Counter(row["check"] for row in document["findings"])
    assert set(checks.values()) == {1} and document["counts"]["pass"] == len(checks)
    assert all(row["text"] and row["remedy"] is None for row in document["findings"])
    done = cloud.cloudctl.run("verify", "prod", "--output", "yaml")
    same = yaml.safe_load(done.stdout)
    jsonschema.validate(same, SCHEMA)
    assert sorted(same) == sorted(document)
    assert same["findings"] == document["findings"]
    assert same["groups"] == document["groups"]
    order = [row["id"] for row in json.loads(cloud.cloudctl.run("checks", "-o", "json").stdout)]
    assert [row["check"] for row in document["findings"]] == [check for check in order if check in checks]
    assert document["caller"].startswith(f"arn:aws:iam::{ACCOUNT}:") and document["at"].endswith("Z")


@every_kind
def test_every_check_that_applies_is_made(cloud):
    catalogue = json.loads(cloud.cloudctl.run("checks", "-o", "json").stdout)
    record = cloud.cloudctl.record("prod")
    applies = {
        "always": True, "managed clouds": "stack_arn" in record,
        "clouds with MemoryDB": "memorydb_cluster" in record["resources"],
        "all clouds but those of --no-efs": not record.get("setup", {}).get("no_efs"),
        "clouds with direct networking": record["networking"] == "direct",
        "clouds with private networking": record["networking"] == "private"}
    ours = [row for row in catalogue if row["group"] != "preflight"
            and not row["applies"].startswith("verify --functional-verify")]
    expected = {row["id"] for row in ours if applies[row["applies"]]}
    assert {row["check"] for row in cloud.document()["findings"]} == expected


@every_kind
def test_asks_once_and_only_reads(cloud):
    requests = cloud.asked()
    asked = Counter((row["service"], row["action"], json.dumps(row["parameters"], sort_keys=True)) for row in requests)
    assert [request for request, times in asked.items() if times > 1] == []
    assert [row["action"] for row in requests if not row["action"].startswith(READING)] == []
    assert cloud.document()["calls"] == len(requests)


@pytest.mark.parametrize("cloud, most", [("managed", 35), ("managed with MemoryDB", 38)], indirect=["cloud"])
def test_number_of_calls(cloud, most):
    assert len(cloud.cloudctl.record("prod")["resources"]["subnet_ids"]) == 4
    assert len(cloud.asked()) <= most


@every_kind
def test_the_summary_is_recorded(cloud):
    before = cloud.cloudctl.record("prod")
    document = cloud.document()
    record = yaml.safe_load(cloud.cloudctl.run("get", "prod", "-o", "yaml").stdout)
    kept = record["verification"]
    assert kept["verdict"] == "PASS" and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", kept["at"])
    assert kept["counts"] == document["counts"]
    # Nothing else of the record is touched.
    for member in ("verification", "updated", "history"):
        before.pop(member, None), record.pop(member, None)
    assert record == before


@managed
def test_a_part_of_the_checks_is_not_recorded(cloud):
    cloud.cloudctl.run("verify", "prod")
    before = cloud.cloudctl.record("prod")
    cloud.cloudctl.run("verify", "prod", "--only", "vpc.*")
    cloud.cloudctl.run("verify", "prod", "--skip", "vpc.*")
    assert cloud.cloudctl.record("prod") == before


@managed
def test_strictness_changes_nothing_when_all_is_well(cloud):
    cloud.cloudctl.run("verify", "prod", "--strict")
    cloud.cloudctl.run("verify", "--name", "prod", "--yes")
    cloud.cloudctl.run("verify", "--id", cloud.cloudctl.record("prod")["id"])
    cloud.cloudctl.run("verify")  # the only one


@managed
@pytest.mark.parametrize("words, checks, calls", [
    (["--only", "vpc.exists"], ["vpc.exists"], {"ec2:DescribeVpcs"}),
    (["--only", "subnets.count"], ["subnets.count"], set()),
    (["--only", "stack.*"], ["stack.status"], {"cloudformation:DescribeStacks"}),
    (["--only", "vpc.dns,vpc.cidr-size"], ["vpc.cidr-size", "vpc.dns"],
     {"ec2:DescribeVpcs", "ec2:DescribeVpcAttribute", "ec2:DescribeDhcpOptions"}),
    (["--only", "efs.backup", "--only", "efs.policy"], ["efs.policy", "efs.backup"],
     {"elasticfilesystem:DescribeFileSystems", "elasticfilesystem:DescribeFileSystemPolicy", "iam:GetRole",
      "iam:ListRolePolicies", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies"}),
    (["--only", "s3.cors"], ["s3.cors"], {"s3:GetBucketEncryption", "s3:GetBucketCors"}),
    (["--only", "iam.node.trust"], ["iam.node.trust"], {"iam:GetRole"}),
    (["--only", "vpc.*", "--skip", "vpc.*-*,vpc.dns,vpc.t*"], ["vpc.exists"], {"ec2:DescribeVpcs"}),
    (["--only", "security-groups.*", "--skip", "security-groups.s*"],
     ["security-groups.exist", "security-groups.count", "security-groups.vpc", "security-groups.https", "security-groups.egress",
      "security-groups.open-ports"], {"ec2:DescribeVpcs", "ec2:DescribeSecurityGroups"}),
    (["--only", "account.identit?"], ["account.identity"], {"sts:GetCallerIdentity", "iam:GetRole"}),
])
def test_choosing_checks_chooses_calls(cloud, words, checks, calls):
    requests = cloud.asked(*words)
    whose = {"sts:GetCallerIdentity"}  # or nobody knows whether the answers are about this cloud
    assert {f"{row['service']}:{row['action']}" for row in requests} == calls | whose
    assert sorted(row["check"] for row in cloud.document(*words)["findings"]) == sorted(checks)


@managed
def test_skipping_leaves_out_the_calls_too(cloud):
    everything = cloud.document()
    document = cloud.document("--skip", "s3.*,efs.*,iam.*")
    expected = {row["check"] for row in everything["findings"] if row["group"] not in ("s3", "efs", "iam roles")}
    assert {row["check"] for row in document["findings"]} == expected
    services = {row["service"] for row in cloud.asked("--skip", "s3.*,efs.*,iam.*")}
    assert services == {"sts", "ec2", "cloudformation", "iam", "servicequotas"}  # whether IAM accepts the credentials


@managed
@pytest.mark.parametrize("words, says", [
    (["--only", "vpc.exist"], "vpc.exists"), (["--only", "vpc"], "vpc.*"),
    (["--skip", "subnets.rout"], "subnets.route"),
    (["--only", "nothing.*"], "cloudctl checks"), (["--only", ""], "--only")])
def test_a_pattern_without_a_check(cloud, words, says):
    cloud.local_aws.control("DELETE", "requests")
    done = cloud.cloudctl.run("verify", "prod", *words, code=2)
    assert says in done.stderr and len(done.stderr.splitlines()) == 1 and done.stdout == ""
    assert cloud.local_aws.requests() == []


@managed
def test_two_at_the_same_time_keep_the_record_whole(cloud):
    running = [cloud.cloudctl.start("verify", "prod") for _ in range(4)]
    assert [process.communicate(timeout=60) and process.returncode for process in running] == [0, 0, 0, 0]
    assert cloud.cloudctl.record("prod")["verification"]["verdict"] == "PASS"


def test_two_clouds_of_one_registry_share_a_role(server, tmp_path):
    """The role lets the control plane in under both ids; one that no cloud of the registry has is still a stranger's."""
    cloud, site = new_cloud(tmp_path, server), Site(server)
    cloud.register(site)
    cloud.cloudctl.run("register", "--name", "second", *site.arguments(), "--skip-verifications", "--yes")
    assert "iam.control-plane.external-id" not in cloud.verdicts()
    [finding] = [row for row in cloud.document()["findings"] if row["check"] == "iam.control-plane.external-id"]
    assert any("of your cloud second" in line for line in finding["evidence"])
    every = cloud.cloudctl.run("verify", "--all", "--only", "iam.control-plane.external-id", code=None)
    assert every.returncode == 0, every.stderr
    record = tmp_path / "state/cloudctl/clouds/second.yaml"
    record.write_text("version: [")
    done = cloud.cloudctl.run("verify", "prod", "--only", "iam.control-plane.external-id", code=1)
    assert "Not every record could be read" in done.stdout + done.stderr and str(record) in done.stdout + done.stderr
    record.unlink()
    assert cloud.verdicts()["iam.control-plane.external-id"] == "FAIL"
