# SPDX-License-Identifier: Apache-2.0
"""`update`: what changes is shown before, only that changes, and what is refused or given up leaves nothing behind."""

import json
from pathlib import Path

import jsonschema
import pytest
from conftest import CONTROL_PLANE, REGION, ROOT, TEMPLATE, wait_for
from test_delete import protection_of

SETUP = ("setup", "--name", "demo", "--region", REGION, "--skip-preflight", "--yes")
UPDATE = ("update", "demo", "--yes")
MEMORYDB = "head-node-fault-tolerance"
LOSS = ("--allow-loss", "MemoryDBCluster")
SCHEMA = json.loads((ROOT / "docs/plan.schema.json").read_text())


class Cloud:
    """What boto3 sees of the cloud."""

    def __init__(self, cloudctl, local_aws):
        self.cloudctl, self.local_aws = cloudctl, local_aws
        self.cloudformation = local_aws.client("cloudformation")

    @property
    def record(self) -> dict:
        return self.cloudctl.record("demo")

    def chosen(self, member):
        return self.record.get("setup", {}).get(member)

    @property
    def path(self) -> Path:
        return self.cloudctl.state / "cloudctl/clouds/demo.yaml"

    @property
    def stack(self) -> dict:
        return self.cloudformation.describe_stacks(StackName=self.record["stack_name"])["Stacks"][0]

    @property
    def parameters(self) -> dict[str, str]:
        return {row["ParameterKey"]: row["ParameterValue"] for row in self.stack["Parameters"]}

    @property
    def change_sets(self) -> list[str]:
        found = self.cloudformation.list_change_sets(StackName=self.record["stack_name"])["Summaries"]
        return [row["ChangeSetName"] for row in found]

    def group_rules(self) -> set[tuple[int, str]]:
        [group] = self.local_aws.client("ec2").describe_security_groups(
            GroupIds=self.record["resources"]["security_group_ids"])["SecurityGroups"]
        return {(rule.get("FromPort"), block["CidrIp"]) for rule in group["IpPermissions"] for block in rule["IpRanges"]}

    def role(self, member="control_plane_role_arn") -> dict:
        name = self.record["resources"][member].rpartition("/")[2]
        return self.local_aws.client("iam").get_role(RoleName=name)["Role"]

    def trust(self) -> dict:
        return self.role()["AssumeRolePolicyDocument"]["Statement"][0]

    def policies(self, member) -> str:
        iam, name = self.local_aws.client("iam"), self.role(member)["RoleName"]
        return json.dumps([iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
                           for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]])

    def bucket(self, call: str) -> dict:
        return getattr(self.local_aws.client("s3"), call)(Bucket=self.record["resources"]["bucket"])

    def tags(self) -> list[dict]:
        """Of the stack, of what it made, and of what CloudFormation does not tag."""
        record = self.record
        ec2, iam = self.local_aws.client("ec2"), self.local_aws.client("iam")
        [vpc] = ec2.describe_vpcs(VpcIds=[record["resources"]["vpc_id"]])["Vpcs"]
        profile = iam.get_instance_profile(InstanceProfileName=f"{record['id']}-cluster_node_role")["InstanceProfile"]
        return [{row["Key"]: row["Value"] for row in tags}
                for tags in (self.stack["Tags"], vpc["Tags"], self.role()["Tags"], profile["Tags"])]


@pytest.fixture
def cloud(cloudctl, local_aws):
    cloudctl.run(*SETUP)
    local_aws.control("DELETE", "requests")
    return Cloud(cloudctl, local_aws)


def changing(local_aws) -> set[str]:
    """The operations so far that change something, but for change sets."""
    return {row["action"] for row in local_aws.requests()
            if not row["action"].startswith(("Describe", "Detect", "Get", "List", "Head"))
            and not row["action"].endswith("ChangeSet")} | {
                "ExecuteChangeSet" for row in local_aws.requests("cloudformation:ExecuteChangeSet")}


def test_there_is_nothing_to_do(cloud, cloudctl, local_aws):
    before, stack = cloud.record, cloud.stack
    done = cloudctl.run(*UPDATE)
    assert "is up to date; nothing was changed" in done.stderr
    assert {**cloud.record, "updated": None} == {**before, "updated": None}
    assert cloud.stack == stack and cloud.change_sets == [] and changing(local_aws) == set()
    assert "nothing to do" in cloudctl.run("update", "demo", "--plan").stdout


# The words, and what boto3 and the record then have.
OPTIONS = {
    "https-cidr": (("--https-cidr", "198.51.100.0/24"), lambda cloud: (443, "198.51.100.0/24") in cloud.group_rules()),
    "ssh-cidr": (("--ssh-cidr", "203.0.113.0/24"), lambda cloud: (22, "203.0.113.0/24") in cloud.group_rules()),
    "control-plane-account": (
        ("--control-plane-account", "210987654321"),
        lambda cloud: "210987654321" in str(cloud.trust()) and cloud.record["control_plane_account"] == "210987654321"),
    "external-id": (
        ("--external-id", "theirs-1"),
        lambda cloud: cloud.trust()["Condition"]["StringEquals"]["sts:ExternalId"] == "theirs-1" == cloud.record["external_id"]),
    "cloud-tag": (("--cloud-tag", "team/cloud"), lambda cloud: "aws:RequestTag/team/cloud" in cloud.policies(
        "control_plane_role_arn") and cloud.record["cloud_tag"] == "team/cloud"),
    "console-origin": (("--console-origin", "https://ray.example.com"), lambda cloud: cloud.bucket("get_bucket_cors")[
        "CORSRules"][0]["AllowedOrigins"] == ["https://ray.example.com"]),
    "tag": (("--tag", "team=ray", "--tag", "cost=7"), lambda cloud: all(
        {"team": "ray", "cost": "7", "cloudctl-cloud-id": cloud.record["id"]}.items() <= tags.items()
        for tags in cloud.tags()) and cloud.chosen("tags") == ["team=ray", "cost=7"]),
    "old-version-days": (("--old-version-days", "30"), lambda cloud: cloud.bucket("get_bucket_lifecycle_configuration")[
        "Rules"][-1].get("NoncurrentVersionExpiration", {}).get("NoncurrentDays") == 30 and cloud.chosen("old_version_days") == "30"),
    "extra-node-role-arn": (
        ("--extra-node-role-arn", "arn:aws:iam::123456789012:role/a", "--extra-node-role-arn", "arn:aws:iam::123456789012:role/b"),
        lambda cloud: "role/a" in cloud.policies("control_plane_role_arn") and len(cloud.chosen("extra_node_role_arns") or ()) == 2),
    "node-cloudwatch": (("--node-cloudwatch",), lambda cloud: "cloudwatch:PutMetricData" in cloud.policies("node_role_arn")
                        and cloud.chosen("node_cloudwatch") is True),
    "node-secrets": (("--node-secrets", "ray/"), lambda cloud: "secret:ray/" in cloud.policies("node_role_arn")),
}


@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_changes_what_it_says_and_nothing_else(cloud, cloudctl, local_aws, option):
    words, is_so = OPTIONS[option]
    before = cloud.parameters
    plan = cloudctl.run("update", "demo", "--plan", *words, code=1)
    assert not is_so(cloud) if option != "control-plane-account" else CONTROL_PLANE in str(cloud.trust())
    assert "Changes" in plan.stdout and cloud.change_sets == [] and changing(local_aws) == set()
    done = cloudctl.run(*UPDATE, *words)
    assert is_so(cloud), cloud.record
    assert "is updated in us-west-2" in done.stderr and cloud.stack["StackStatus"] == "UPDATE_COMPLETE"
    after = cloud.parameters
    assert len({name for name in after if after[name] != before[name]}) == (0 if option == "tag" else 1)
    assert "operation" not in cloud.record and cloud.record["verification"]["verdict"] in ("PASS", "WARN")
    assert "nothing was changed" in cloudctl.run(*UPDATE, *words).stderr


def test_a_boundary_and_a_log_bucket(cloud, cloudctl, local_aws):
    """What they name has to be there."""
    boundary = local_aws.client("iam").create_policy(PolicyName="bound", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}))["Policy"]["Arn"]
    s3 = local_aws.client("s3")
    s3.create_bucket(Bucket="logs-of-all", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_policy(Bucket="logs-of-all", Policy=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "logging.s3.amazonaws.com"}, "Action": "s3:PutObject",
         "Resource": "arn:aws:s3:::logs-of-all/*"}]}))
    cloudctl.run(*UPDATE, "--permissions-boundary", boundary, "--access-log-bucket", "logs-of-all")
    assert cloud.role()["PermissionsBoundary"]["PermissionsBoundaryArn"] == boundary
    assert cloud.bucket("get_bucket_logging")["LoggingEnabled"]["TargetBucket"] == "logs-of-all"
    assert cloud.record["setup"] == {"permissions_boundary": boundary, "access_log_bucket": "logs-of-all"}
    cloudctl.run(*UPDATE, "--reset", "permissions-boundary,access-log-bucket")
    assert "PermissionsBoundary" not in cloud.role() and "LoggingEnabled" not in cloud.bucket("get_bucket_logging")
    assert "setup" not in cloud.record


def test_reset_gives_the_default_back(cloud, cloudctl):
    before = cloud.parameters
    words = ("--ssh-cidr", "203.0.113.0/24", "--node-cloudwatch", "--old-version-days", "7", "--console-origin", "*")
    cloudctl.run(*UPDATE, *words)
    plan = cloudctl.run("update", "demo", "--plan", "--reset", "ssh-cidr", code=1).stdout
    assert "SshCidr: 203.0.113.0/24 → nothing" in plan
    cloudctl.run(*UPDATE, "--reset", "ssh-cidr,node-cloudwatch", "--reset", "old-version-days", "--reset", "console-origin")
    assert cloud.parameters == before and "setup" not in cloud.record
    assert not any(port == 22 for port, _ in cloud.group_rules())


def test_what_else_the_stack_is_tagged_with_stays(cloud, cloudctl):
    cloudctl.run(*UPDATE, "--tag", "team=ray")
    cloudctl.run(*UPDATE, "--tag", "cost=1", "--tag", "team=other")
    assert all({"team": "other", "cost": "1"}.items() <= tags.items() for tags in cloud.tags())


def test_the_plan_as_a_document(cloud, cloudctl):
    before = cloud.path.read_bytes()
    plan = json.loads(cloudctl.run("update", "demo", "--plan", "--external-id", "theirs", "-o", "json", code=1).stdout)
    jsonschema.validate(plan, SCHEMA)
    assert plan["action"] == "change" and plan["template"]["state"] == "current"
    assert plan["parameters"] == [{"name": "ExternalId", "before": cloud.record["id"], "after": "theirs"}]
    [change] = plan["changes"]
    assert (change["logical_id"], change["action"], change["judgement"]) == ("ControlPlaneRole", "Modify", "safe")
    assert change["details"] == [
        f"AssumeRolePolicyDocument: ControlPlane: - if StringEquals sts:ExternalId [{cloud.record['id']}]",
        "AssumeRolePolicyDocument: ControlPlane: + if StringEquals sts:ExternalId [theirs]"]
    assert cloud.path.read_bytes() == before and cloud.change_sets == []
    nothing = json.loads(cloudctl.run("update", "demo", "--plan", "-o", "json").stdout)
    jsonschema.validate(nothing, SCHEMA)
    assert nothing["action"] == "none" and nothing["changes"] == []


@pytest.mark.parametrize("words, says", [
    (("--ssh-cidr", "10.0.0.1/8"), "--ssh-cidr"), (("--external-id", "x"), "--external-id"),
    (("--external-id", "cld_other"), "do not begin with cld_"), (("--console-origin", "ftp://x"), "--console-origin"),
    (("--control-plane-account", "1"), "--control-plane-account"), (("--cloud-tag", "aws:x"), "--cloud-tag"),
    (("--tag", "Name=x"), "--tag"), (("--reset", "role-path"), "--reset: 'role-path' is none of: https-cidr, ssh-cidr"),
    (("--reset", "tag"), "--reset"), (("--reset", "ssh-cidr", "--ssh-cidr", "10.0.0.0/8"), "--ssh-cidr has a new value, too"),
    ((f"--enable-{MEMORYDB}", f"--disable-{MEMORYDB}"), "not both"), (("--role-path", "/x/"), "--role-path")],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "")
def test_options_that_cannot_be_meant(cloud, cloudctl, local_aws, words, says):
    assert says in cloudctl.run(*UPDATE, *words, code=2).stderr
    assert local_aws.requests() == []


def test_memorydb_comes_and_goes_only_with_consent(cloud, cloudctl, local_aws):
    cloudctl.run(*UPDATE, f"--enable-{MEMORYDB}")
    assert cloud.record["resources"]["memorydb_cluster"] == cloud.record["stack_name"]
    before, stack = cloud.record, cloud.stack
    refused = cloudctl.run(*UPDATE, f"--disable-{MEMORYDB}", code=4)
    assert "data would be lost: MemoryDB cluster is deleted with its data" in refused.stderr
    assert "--allow-loss MemoryDBCluster" in refused.stderr
    assert cloud.stack == stack and cloud.change_sets == []
    assert {**cloud.record, "updated": None} == {**before, "updated": None}
    plan = cloudctl.run("update", "demo", "--plan", f"--disable-{MEMORYDB}", code=4)
    assert "Data lost" in plan.stdout and "it would be refused" in plan.stderr
    cloudctl.run("update", "demo", "--plan", f"--disable-{MEMORYDB}", *LOSS, code=1)
    assert local_aws.client("memorydb").describe_clusters()["Clusters"]
    cloudctl.run(*UPDATE, f"--disable-{MEMORYDB}", *LOSS)
    assert not local_aws.client("memorydb").describe_clusters()["Clusters"]
    assert "memorydb_cluster" not in cloud.record["resources"]
    guarded = protection_of(local_aws, cloud.record)[1]["Statement"][1]["Resource"]
    assert "LogicalResourceId/MemoryDBCluster" in guarded


def test_what_cloudformation_leaves_behind_is_named(cloud, cloudctl, local_aws):
    """An update has succeeded before its clean-up, and what that cannot delete is forgotten."""
    cloudctl.run(*UPDATE, f"--enable-{MEMORYDB}")
    name = cloud.record["stack_name"]
    local_aws.fail({"logical_id": "MemoryDBSubnetGroup", "when": "delete", "reason": "Somebody uses it"})
    done = cloudctl.run(*UPDATE, f"--disable-{MEMORYDB}", *LOSS)
    assert "The stack is changed; CloudFormation is cleaning up" in done.stderr
    assert f"Left behind: MemoryDB subnet group {name} could not be deleted, and no longer belongs to the stack: Somebody uses it." in done.stderr
    assert f"To remove it, once nothing uses it: aws memorydb delete-subnet-group --subnet-group-name {name} --region {REGION}" in done.stderr
    assert done.stderr.count("Left behind") == 1 and "memorydb_cluster" not in cloud.record["resources"]
    assert local_aws.client("memorydb").describe_subnet_groups(SubnetGroupName=name)["SubnetGroups"]


def test_a_stack_without_a_policy_gets_one(cloud, cloudctl, local_aws):
    """One of somebody else's stays."""
    mine = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*"}]}
    cloud.cloudformation.set_stack_policy(StackName=cloud.record["stack_name"], StackPolicyBody=json.dumps(mine))
    cloudctl.run(*UPDATE, "--ssh-cidr", "203.0.113.0/24")
    assert protection_of(local_aws, cloud.record)[1] == mine


def edit_template(cloud):
    """As if somebody had, in the console."""
    edited = TEMPLATE.replace("Description: Lets the control plane run Ray clusters in this account", "Description: Mine")
    assert edited != TEMPLATE
    cloud.cloudformation.update_stack(
        StackName=cloud.record["stack_name"], TemplateBody=edited, Capabilities=["CAPABILITY_NAMED_IAM"],
        Parameters=[{"ParameterKey": name, "UsePreviousValue": True} for name in cloud.parameters])
    wait_for(lambda: cloud.stack["StackStatus"] == "UPDATE_COMPLETE")


def test_a_template_that_somebody_edited_is_not_overwritten_silently(cloud, cloudctl):
    edit_template(cloud)
    before = cloud.stack
    done = cloudctl.run(*UPDATE, code=4)
    assert "somebody edited" in done.stderr and "--overwrite-template" in done.stderr
    assert "Description: Mine → Lets the control plane run Ray clusters in this account" in " ".join(done.stderr.split())
    assert cloud.stack == before and cloud.change_sets == [] and "operation" not in cloud.record
    plan = json.loads(cloudctl.run("update", "demo", "--plan", "-o", "json", code=4).stdout)
    jsonschema.validate(plan, SCHEMA)
    assert plan["action"] == "refused" and plan["template"]["state"] == "edited" and "edited" in plan["refusal"]
    cloudctl.run(*UPDATE, "--overwrite-template")
    assert cloud.role()["Description"].startswith("Lets the control plane")
    assert "nothing was changed" in cloudctl.run(*UPDATE).stderr


def test_no_is_no(cloud, cloudctl, local_aws):
    before, stack = cloud.record, cloud.stack
    words = ("update", "demo", "--ssh-cidr", "203.0.113.0/24")
    code, shown = cloudctl.on_terminal(*words, answer="n")
    assert code == 5 and "SshCidr: nothing → 203.0.113.0/24" in shown
    assert f"Update cloud 'demo' in account {before['account']}, region {REGION}?" in shown
    assert "--yes" in cloudctl.run(*words, code=5).stderr
    assert cloud.stack == stack and cloud.change_sets == [] and changing(local_aws) == set()
    assert {**cloud.record, "updated": None} == {**before, "updated": None}


def test_an_update_that_fails_is_taken_back(cloud, cloudctl, local_aws):
    before = cloud.record
    local_aws.fail({"logical_id": "ControlPlaneRole", "when": "update", "times": 1})
    done = cloudctl.run(*UPDATE, "--external-id", "theirs", "--ssh-cidr", "203.0.113.0/24", code=4)
    assert "Control-plane role failed" in done.stderr and "as it was before" in done.stderr
    assert cloud.stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert {**cloud.record, "updated": None} == {**before, "updated": None}
    assert not any(port == 22 for port, _ in cloud.group_rules())
    cloudctl.run(*UPDATE, "--external-id", "theirs")
    assert cloud.record["external_id"] == "theirs"


def test_clouds_that_are_not_updated(cloudctl, local_aws, customer):
    cloudctl.run("register", "--name", "mine", *customer.arguments, "--skip-verifications", "--yes")
    assert "is registered" in cloudctl.run("update", "mine", "--yes", code=2).stderr
    local_aws.fail({"logical_id": "Subnet1"})
    cloudctl.run(*SETUP, code=4)
    assert "cloudctl setup --name demo" in cloudctl.run(*UPDATE, code=4).stderr


def test_somebody_else_is_changing_the_stack(cloud, cloudctl, local_aws):
    local_aws.control("POST", "settings", {"settle": 30})
    cloud.cloudformation.update_stack(
        StackName=cloud.record["stack_name"], UsePreviousTemplate=True, Capabilities=["CAPABILITY_NAMED_IAM"],
        Parameters=[{"ParameterKey": name, "UsePreviousValue": True} for name in cloud.parameters if name != "EnableMemoryDB"]
        + [{"ParameterKey": "EnableMemoryDB", "ParameterValue": "true"}])
    done = cloudctl.run(*UPDATE, code=4)
    assert "somebody else is changing its stack, which is UPDATE_IN_PROGRESS since 20" in done.stderr
    assert cloud.change_sets == [] and "operation" not in cloud.record


@pytest.mark.parametrize("more", [(), ("--node-cloudwatch",)], ids=["the same", "and more"])
def test_an_update_that_was_left_is_followed(cloud, cloudctl, local_aws, more):
    """Killed once AWS was told: the next run follows it, and then does what it is told itself."""
    assert cloudctl.kill_at(local_aws, "cloudformation:ExecuteChangeSet", 0, *UPDATE, "--ssh-cidr", "203.0.113.0/24")
    assert cloud.record["operation"]["step"] == "execute"
    assert "is under way" in cloudctl.run("update", "demo", "--plan", code=1).stdout
    done = cloudctl.run(*UPDATE, *more)
    assert "An earlier update of cloud 'demo' was begun" in done.stderr
    assert len(local_aws.requests("cloudformation:ExecuteChangeSet")) == (2 if more else 1)
    assert (22, "203.0.113.0/24") in cloud.group_rules() and "operation" not in cloud.record
    assert ("cloudwatch" in cloud.policies("node_role_arn")) == bool(more)
