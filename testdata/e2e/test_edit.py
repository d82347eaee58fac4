# SPDX-License-Identifier: Apache-2.0
"""`edit`: every resource that it replaces, what stops it and what does not, what is said of what is in use, and the way back."""

import json
import re
import shlex

import jsonschema
import pytest
from conftest import ACCOUNT, HELD, OTHER_KEYS, REGION, ROOT, wait_for
from edit_support import Owner

CHANGES = re.compile(r"(Create|Delete|Put|Update|Tag|Authorize|Attach|Modify|Run)\w+$")
SCHEMA = json.loads((ROOT / "docs" / "plan.schema.json").read_text())


@pytest.fixture
def owner(cloudctl, local_aws):
    made = Owner(cloudctl, local_aws)
    made.register()
    return made


def changes(local_aws) -> list[str]:
    return [row["action"] for row in local_aws.requests() if CHANGES.match(row["action"])]


def plan(owner, *words, code=1) -> dict:
    found = json.loads(owner.cloudctl.run("edit", "prod", "--plan", *words, "-o", "json", code=code).stdout)
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    return found


# --- every resource ---

def two(owner):
    return ",".join(owner.subnets())


# option as register spells it, what takes the old one's place, the member of the record
RESOURCES = {
    "--s3-bucket-id": (Owner.bucket, "bucket"), "--efs-id": (Owner.file_system, "file_system_id"),
    "--memorydb-cluster-id": (Owner.cluster, "memorydb_cluster"), "--subnet-ids": (two, "subnet_ids"),
    "--security-group-ids": (Owner.group, "security_group_ids"), "--node-role-arn": (Owner.node_role, "node_role_arn"),
    "--control-plane-role-arn": (Owner.control_plane_role, "control_plane_role_arn"),
    # vendor spellings
    "--aws-s3-id": (Owner.bucket, "bucket"), "--aws-efs-id": (Owner.file_system, "file_system_id"),
    "--instance-iam-role-id": (Owner.node_role, "node_role_arn"),
    "--anyscale-iam-role-id": (Owner.control_plane_role, "control_plane_role_arn"),
}


@pytest.mark.parametrize("option", RESOURCES)
def test_each_resource_and_back(owner, option):
    make, member = RESOURCES[option]
    before, value = owner.record(), make(owner)
    trust = owner.trust(owner.site.control_plane_arn)
    owner.edit(f"{option}={value}")
    after = owner.record()
    assert after["resources"][member] == (value.split(",") if member.endswith("_ids") else value)
    assert after["previous"]["resources"] == before["resources"] and "operation" not in after
    assert owner.cloudctl.run("verify", "prod").returncode == 0
    owner.edit("--revert")
    again = owner.record()
    changing = ("previous", "updated", "verification")
    assert {key: again[key] for key in again if key not in changing} == {key: before[key] for key in before if key not in changing}
    assert again["previous"]["resources"] == after["resources"]
    assert json.dumps(owner.trust(owner.site.control_plane_arn)) == json.dumps(trust)


def test_several_at_once_and_a_file(owner, tmp_path):
    bucket, file_system = owner.bucket(), owner.file_system()
    path = tmp_path / "cloud.yaml"
    text = owner.cloudctl.run("get", "prod", "-o", "yaml").stdout
    path.write_text(text.replace(owner.site.file_system, file_system).replace(owner.site.bucket, "of-the-file"))
    owner.edit("-f", str(path), "--s3-bucket-id", f"arn:aws:s3:::{bucket}")
    resources = owner.record()["resources"]
    assert (resources["bucket"], resources["file_system_id"]) == (bucket, file_system)
    assert resources["mount_target_ip"] == owner.addresses(file_system)[0]


def test_the_address_of_the_mount_target(owner):
    made = owner.file_system()
    first, second = owner.addresses(made)
    owner.edit("--efs-id", made)
    assert owner.record()["resources"]["mount_target_ip"] == first
    owner.edit("--efs-mount-target-ip", second)
    assert owner.record()["resources"]["mount_target_ip"] == second
    owner.edit("--efs-id", owner.site.file_system, "--efs-mount-target-ip", owner.addresses(owner.site.file_system)[1])
    assert owner.record()["resources"]["mount_target_ip"] == owner.addresses(owner.site.file_system)[1]


def test_mount_targets_beside_the_clouds_subnets(owner):
    """They are in other subnets of the same zones: that of the first subnet's zone is taken."""
    site, (first, second) = owner.site, owner.subnets()
    made = site.efs.create_file_system(CreationToken="beside", Encrypted=True, Backup=True)["FileSystemId"]
    targets = [site.efs.create_mount_target(FileSystemId=made, SubnetId=subnet, SecurityGroups=[site.group])
               for subnet in (second, first)]
    owner.edit("--efs-id", made)
    assert owner.record()["resources"]["mount_target_ip"] == targets[1]["IpAddress"]


def test_memorydb_comes_and_goes(owner):
    name = owner.cluster()
    owner.edit("--memorydb-cluster-id", name)
    resources = owner.record()["resources"]
    assert resources["memorydb_cluster"] == name and name in resources["memorydb_arn"] and ":6379" in resources["memorydb_endpoint"]
    owner.edit("--memorydb-cluster-id", "none")
    assert not [member for member in owner.record()["resources"] if member.startswith("memorydb")]
    owner.edit("--revert")
    assert owner.record()["resources"] == resources


# The vendor's guide, "Edit a registered cloud", with cloudctl's name in place of the vendor's.
LINES = ["edit prod --aws-s3-id={bucket}", "edit prod --aws-efs-id={efs}", "edit prod --aws-efs-mount-target-ip={ip}",
         "edit --cloud-id={id} --aws-s3-id={bucket}"]


@pytest.mark.parametrize("line", LINES)
def test_the_documented_lines(owner, line):
    values = {"bucket": owner.bucket(), "efs": owner.file_system(), "ip": owner.addresses(owner.site.file_system)[1],
              "id": owner.record()["id"]}
    before = owner.record()["resources"]
    owner.cloudctl.run(*line.format(**values).split(), "--yes")
    assert owner.record()["resources"] != before


# --- what is refused ---

def test_what_is_so_already_is_no_change(owner, local_aws):
    before = owner.record()
    local_aws.control("DELETE", "requests")
    done = owner.edit("--aws-s3-id", f"arn:aws:s3:::{owner.site.bucket}", "--subnet-ids", ",".join(reversed(owner.site.subnets)))
    assert "nothing to change" in done.stderr and owner.record() == before and local_aws.requests() == []
    assert plan(owner, "--efs-id", owner.site.file_system, code=0)["action"] == "none"


def test_all_mistakes_in_one_run(owner, local_aws):
    local_aws.control("DELETE", "requests")
    done = owner.edit("--s3-bucket-id", "A_b", "--efs-id", "fs-1", "--efs-mount-target-ip", "10.0.0", "--subnet-ids", "sub-1",
                      "--node-role-arn", "arn:aws:iam::111122223333:role/cluster-node", code=2)
    for part in ("'A_b'", "'fs-1'", "'10.0.0'", "'sub-1'", "the role is in account 111122223333, the cloud in " + ACCOUNT,
                 "mistakes, see above; no call was made"):
        assert part in done.stderr, part
    assert local_aws.requests() == []


@pytest.mark.parametrize("words, says", [
    ((), "nothing is asked for"), (("--revert", "--efs-id", "fs-0123456789abcdef0"), "nothing else can be asked for"),
    (("--vpc-id", "vpc-0123456789abcdef0"), "unknown option '--vpc-id'")])
def test_usage(owner, words, says):
    assert says in owner.edit(*words, code=2).stderr


def test_nothing_to_go_back_to(owner):
    assert "no edit of cloud 'prod' is recorded" in owner.edit("--revert", code=4).stderr


def test_a_managed_cloud_belongs_to_its_stack(cloudctl, local_aws):
    cloudctl.run("setup", "prod", "--region", REGION, "--skip-preflight", "--yes")
    done = cloudctl.run("edit", "prod", "--s3-bucket-id", "other", "--yes", code=2)
    assert "belong to its CloudFormation stack" in done.stderr and cloudctl.record("prod")["stack_name"] in done.stderr
    assert "cloudctl update prod" in done.stderr


def test_a_file_of_another_cloud(owner, tmp_path):
    path = tmp_path / "cloud.yaml"
    text = owner.cloudctl.run("get", "prod", "-o", "yaml").stdout
    path.write_text(text.replace("name: prod", "name: other").replace(owner.site.vpc, "vpc-0123456789abcdef0"))
    done = owner.edit("-f", str(path), code=2)
    assert "its name is other" in done.stderr and "its VPC is vpc-0123456789abcdef0" in done.stderr


def test_another_account(owner, local_aws):
    owner.cloudctl.environment.update(AWS_ACCESS_KEY_ID=OTHER_KEYS[0], AWS_SECRET_ACCESS_KEY=OTHER_KEYS[1])
    assert f"in account {ACCOUNT}" in owner.edit("--s3-bucket-id", "other", code=4).stderr


def test_two_at_once(owner, local_aws):
    """The second is told so; the first is not disturbed."""
    bucket = owner.bucket()
    local_aws.faults({"match": "ec2:DescribeVpcs", "delay": HELD})
    first = owner.cloudctl.start("edit", "prod", "--s3-bucket-id", bucket, "--yes")
    wait_for(lambda: local_aws.control("GET", "faults")[0]["hits"])
    assert "another cloudctl" in owner.edit("--efs-id", "fs-0123456789abcdef0", code=4).stderr
    local_aws.release()
    _, errors = first.communicate(timeout=60)
    assert first.returncode == 0, errors
    assert owner.record()["resources"]["bucket"] == bucket


def test_a_record_that_somebody_else_changes(owner, local_aws):
    """While the question is open: the edit is refused, and theirs stays."""
    bucket = owner.bucket()
    local_aws.faults({"match": "s3:ListObjectsV2", "delay": HELD})
    process = owner.cloudctl.start("edit", "prod", "--s3-bucket-id", bucket, "--yes")
    wait_for(lambda: local_aws.control("GET", "faults")[0]["hits"])
    path = owner.cloudctl.state / "cloudctl/clouds/prod.yaml"
    path.write_text(path.read_text() + "ignored:\n- {check: vpc.dns, reason: theirs}\n")
    local_aws.release()
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 4 and "changed" in errors, errors
    assert owner.record()["resources"]["bucket"] == owner.site.bucket and owner.record()["ignored"]


# --- verification of both ---

def test_what_would_break_stops_it(owner, local_aws):
    bucket = owner.bucket()
    owner.buckets.remove(bucket)
    owner.let_in_to_buckets("cluster-node")
    before = owner.record()
    local_aws.control("DELETE", "requests")
    done = owner.edit("--s3-bucket-id", bucket, code=1)
    assert re.search(r"error: s3\.[\w.-]+: PASS before, FAIL with the change", done.stderr) and "1 check would fail" in done.stderr
    assert owner.record() == before and changes(local_aws) == []
    found = plan(owner, "--s3-bucket-id", bucket, code=4)
    assert [(row["before"], row["after"]) for row in found["verification"]["new"]] == [("PASS", "FAIL")]


def test_what_is_broken_can_be_mended(owner):
    """The old bucket is gone, and the node role's profile as well: the one is mended, the other is as before."""
    bucket, old = owner.bucket(), owner.site.bucket
    owner.site.s3.delete_bucket(Bucket=old)
    owner.site.iam.remove_role_from_instance_profile(InstanceProfileName="cluster-node", RoleName="cluster-node")
    found = plan(owner, "--s3-bucket-id", bucket)["verification"]
    assert "s3.exists" in {row["check"] for row in found["mended"]} and not found["new"]
    assert "FAIL" in {row["after"] for row in found["unchanged"]}
    done = owner.edit("--s3-bucket-id", bucket)
    assert "Mends" in done.stderr and "As before" in done.stderr
    assert owner.record()["resources"]["bucket"] == bucket


def test_what_both_want_to_know_is_asked_once(owner, local_aws):
    bucket = owner.bucket()
    local_aws.control("DELETE", "requests")
    owner.edit("--s3-bucket-id", bucket)
    asked = local_aws.requests()
    once = [f"ec2:{name}" for name in ("DescribeVpcs", "DescribeSubnets", "DescribeRouteTables", "DescribeNetworkAcls")]
    names = [f"{row['service']}:{row['action']}" for row in asked]
    assert [names.count(name) for name in once] == [1] * len(once) and names.count("s3:GetBucketCors") == 2


def test_what_cannot_be_known_any_more_asks(owner, local_aws):
    bucket = owner.bucket()
    local_aws.faults({"match": "s3:GetBucketCors", "skip": 1, "code": "AccessDenied"})
    code, shown = owner.cloudctl.on_terminal("edit", "prod", "--s3-bucket-id", bucket, answer="n")
    assert code == 5
    local_aws.faults({"match": "s3:GetBucketCors", "code": "AccessDenied"})
    found = plan(owner, "--s3-bucket-id", bucket, code=3)
    assert {row["after"] for row in found["verification"]["unchanged"]} == {"UNKNOWN"}
    assert "s3:GetBucketCORS" in owner.edit("--s3-bucket-id", bucket, code=3).stderr


def test_a_no_changes_nothing(owner, local_aws):
    before, bucket = owner.record(), owner.bucket()
    local_aws.control("DELETE", "requests")
    owner.cloudctl.run("edit", "prod", "--s3-bucket-id", bucket, code=5)
    code, shown = owner.cloudctl.on_terminal("edit", "prod", "--s3-bucket-id", bucket, answer="n")
    assert code == 5 and f"bucket: {owner.site.bucket} -> {bucket}" in " ".join(shown.split())
    assert owner.record() == before and changes(local_aws) == []


# --- what is in use ---

def test_what_is_in_use_is_told_with_its_command(owner, local_aws):
    site, bucket, file_system = owner.site, owner.bucket(), owner.file_system()
    site.s3.put_object(Bucket=site.bucket, Key="model", Body=b"weights")
    image = site.ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    instance = site.ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, SubnetId=site.subnets[0])["Instances"][0]["InstanceId"]
    found = {row["text"]: row.get("command") for row in plan(owner, "--s3-bucket-id", bucket, "--efs-id", file_system)["in_use"]}
    [copy] = [shlex.split(command) for text, command in found.items() if "holds objects" in text]
    assert copy == ["aws", "s3", "sync", f"s3://{site.bucket}", f"s3://{bucket}", "--region", REGION]
    [look] = [command for text, command in found.items() if instance in text]
    assert instance in shlex.split(look)
    done = owner.edit("--s3-bucket-id", bucket)
    assert f"By hand: aws s3 sync s3://{site.bucket} s3://{bucket}" in done.stderr
    assert site.s3.list_objects_v2(Bucket=site.bucket)["KeyCount"] == 1


def test_a_file_system_that_holds_something(owner, local_aws):
    """No local file system fills up, so its reply says that it is full."""
    old, file_system = owner.site.file_system, owner.file_system()
    full = owner.site.efs.describe_file_systems()
    del full["ResponseMetadata"]
    for row in full["FileSystems"]:
        row["SizeInBytes"] = {"Value": 3 << 30}
    local_aws.faults({"match": "*:DescribeFileSystems", "body": json.dumps(full, default=lambda time: time.timestamp())})
    found = plan(owner, "--efs-id", file_system)
    [row] = [row for row in found["in_use"] if "holds 3.0 GiB" in row["text"]]
    words = shlex.split(row["command"])
    assert words[:3] == ["aws", "datasync", "start-task-execution"] and f"file-system/{old}" in row["command"]
    assert f"file-system/{file_system}" in row["command"]


def test_what_cannot_be_looked_at_goes_on(owner, local_aws):
    bucket = owner.bucket()
    local_aws.faults({"match": "ec2:DescribeInstances", "code": "UnauthorizedOperation"})
    found = plan(owner, "--s3-bucket-id", bucket, code=3)
    assert [row["unknown"] for row in found["in_use"]] == [True]
    done = owner.edit("--s3-bucket-id", bucket)
    assert "ec2:DescribeInstances" in done.stderr and owner.record()["resources"]["bucket"] == bucket


# --- the plan ---

def test_a_plan_writes_nothing(owner, local_aws, tmp_path):
    before = sorted((str(path), path.stat().st_mtime_ns) for path in tmp_path.rglob("*"))
    role = owner.control_plane_role()
    local_aws.control("DELETE", "requests")
    found = plan(owner, "--control-plane-role-arn", role, "--s3-bucket-id", owner.bucket())
    external_id = owner.record()["external_id"]
    assert found["trust"] == [{"role": role, "external_id": external_id, "action": "add"},
                              {"role": owner.site.control_plane_arn, "external_id": external_id, "action": "remove"}]
    assert [row["resource"] for row in found["changes"]] == ["control-plane role", "bucket"]
    text = owner.cloudctl.run("edit", "prod", "--plan", "--control-plane-role-arn", role, code=1).stdout
    assert "is taken out" in text and max(map(len, text.splitlines())) <= 80
    written = [name for name in changes(local_aws) if name == "UpdateAssumeRolePolicy"]
    assert not written and sorted((str(path), path.stat().st_mtime_ns) for path in tmp_path.rglob("*")) == before


def test_output_for_programs(owner):
    done = owner.edit("--s3-bucket-id", owner.bucket(), "-o", "json")
    assert json.loads(done.stdout) == json.loads(owner.cloudctl.run("get", "prod", "-o", "json").stdout)
