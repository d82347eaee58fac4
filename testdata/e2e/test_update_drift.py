# SPDX-License-Identifier: Apache-2.0
"""What somebody else changed in a cloud of setup's, row by row of the table of classes, and what `update` says of it."""

import json

import jsonschema
import pytest
from conftest import HELD, wait_for
from test_update import SCHEMA, SETUP, Cloud

THEIRS = "theirs-1"
STATEMENT = {"Sid": "Buckets", "Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}


class Drifting(Cloud):
    """A cloud that somebody changes by boto3, behind CloudFormation."""

    def __init__(self, cloudctl, local_aws):
        super().__init__(cloudctl, local_aws)
        self.ec2, self.iam, self.s3 = (local_aws.client(name) for name in ("ec2", "iam", "s3"))
        self.resources = self.record["resources"]
        self.group = self.resources["security_group_ids"][0]
        self.node_role = self.role("node_role_arn")["RoleName"]

    def physical_id(self, logical_id: str) -> str:
        return self.cloudformation.describe_stack_resource(
            StackName=self.record["stack_name"], LogicalResourceId=logical_id)["StackResourceDetail"]["PhysicalResourceId"]

    def suspend_versions(self):
        self.s3.put_bucket_versioning(Bucket=self.resources["bucket"], VersioningConfiguration={"Status": "Suspended"})

    def tag_network(self):
        self.ec2.create_tags(Resources=[self.resources["vpc_id"]], Tags=[{"Key": "owner", "Value": "team"}])

    def open_ssh(self):
        """As --ssh-cidr would."""
        self.ec2.authorize_security_group_ingress(GroupId=self.group, IpPermissions=[
            {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22,
             "IpRanges": [{"CidrIp": "203.0.113.0/24", "Description": "SSH to workspaces"}]}])

    def trust_another(self):
        """Somebody has set an external id, and --external-id is about to set another."""
        policy = self.role()["AssumeRolePolicyDocument"]
        policy["Statement"][0]["Condition"]["StringEquals"]["sts:ExternalId"] = "somebodys"
        self.iam.update_assume_role_policy(RoleName=self.role()["RoleName"], PolicyDocument=json.dumps(policy))

    def delete_rule(self):
        self.ec2.revoke_security_group_ingress(
            GroupId=self.group, SecurityGroupRuleIds=[self.physical_id("SecurityGroupSelfIngress")])

    def delete_bucket(self):
        self.s3.delete_bucket(Bucket=self.resources["bucket"])

    def change_nodes(self):
        memorydb = self.local_aws.client("memorydb")
        memorydb.update_cluster(ClusterName=self.physical_id("MemoryDBCluster"), NodeType="db.r6g.large")

    def add_policy(self, **statement):
        self.iam.put_role_policy(RoleName=self.node_role, PolicyName="own", PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [STATEMENT | statement]}))

    def take_statement(self) -> str:
        """Out of the control-plane role's policy that names the cloud's tag, one that does not; its Sid."""
        name = self.role()["RoleName"]
        for policy in self.iam.list_role_policies(RoleName=name)["PolicyNames"]:
            document = self.iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
            others = [one for one in document["Statement"] if "aws:RequestTag" not in json.dumps(one)]
            if others and others != document["Statement"]:
                document["Statement"].remove(others[0])
                self.iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=json.dumps(document))
                return others[0]["Sid"]
        raise AssertionError("no such policy")

    def plan(self, *words, code=1) -> dict:
        plan = json.loads(self.cloudctl.run("update", "demo", "--plan", "-o", "json", *words, code=code).stdout)
        jsonschema.validate(plan, SCHEMA)
        return plan

    def classes(self, *words) -> set[tuple[str, str, str]]:
        return {(row["logical_id"], row["path"], row["class"]) for row in self.plan(*words)["drift"]}


@pytest.fixture
def cloud(cloudctl, local_aws):
    cloudctl.run(*SETUP)
    local_aws.control("DELETE", "requests")
    return Drifting(cloudctl, local_aws)


def test_classes(cloudctl, local_aws):
    """Each row of the table; what the update alone changes, and what nobody changed, is none of them."""
    cloudctl.run(*SETUP, "--enable-head-node-fault-tolerance")
    cloud = Drifting(cloudctl, local_aws)
    assert cloud.plan(code=0)["drift"] == []
    assert cloud.plan("--ssh-cidr", "203.0.113.0/24")["drift"] == []
    for change in (cloud.suspend_versions, cloud.tag_network, cloud.open_ssh, cloud.trust_another, cloud.delete_rule,
                   cloud.change_nodes, cloud.add_policy):
        change()
    found = cloud.classes("--ssh-cidr", "203.0.113.0/24", "--external-id", THEIRS, "--disable-head-node-fault-tolerance",
                          "--allow-loss", "MemoryDBCluster")
    trust = next(path for name, path, _ in found if name == "ControlPlaneRole")
    assert trust.startswith("AssumeRolePolicyDocument")
    assert found == {
        ("Bucket", "VersioningConfiguration.Status", "drift"),
        ("Vpc", "Tags.owner", "drift"),
        ("NodeRole", "Policies.own.Buckets", "drift"),
        ("SecurityGroup", "SecurityGroupIngress", "already so"),
        ("ControlPlaneRole", trust, "conflict"),
        ("SecurityGroupSelfIngress", "", "lost"),
        ("MemoryDBCluster", "", "changed, then removed"),
    }
    cloud.delete_bucket()
    assert ("Bucket", "", "lost with data") in cloud.classes()


def test_the_plan_is_an_alarm(cloud, cloudctl):
    """0: as it was deployed; 1: somebody changed something; 3: it could not be compared."""
    assert "nothing to do" in cloudctl.run("update", "demo", "--plan", code=0).stdout
    cloud.add_policy()
    plan = cloud.plan()
    [row] = plan["drift"]
    assert plan["action"] == "drift" and plan["changes"] == [] and row["actual"] == STATEMENT and "previous" not in row
    shown = " ".join(cloudctl.run("update", "demo", "--plan", code=1).stdout.split())
    assert f"Drift Node role {cloud.node_role} was changed by somebody else" in shown
    assert "Policies.own: + Buckets: Allow s3:ListAllMyBuckets, on *" in shown


@pytest.mark.parametrize("action", ["DetectStackDrift", "DescribeStackDriftDetectionStatus", "DescribeStackResourceDrifts"])
def test_what_could_not_be_compared(cloud, cloudctl, local_aws, action):
    """It is said, and the plan alone ends with 3; an update is not kept from its work."""
    local_aws.faults({"match": f"cloudformation:{action}", "status": 403, "code": "AccessDenied", "message": "not you"})
    done = cloudctl.run("update", "demo", "--plan", code=3)
    assert "Not all of the stack could be compared" in " ".join(done.stderr.split()) and "not you" in done.stderr
    assert "not you" in cloud.plan(code=3)["not_compared"]
    assert "Not all" in cloudctl.run("update", "demo", "--ssh-cidr", "203.0.113.0/24", "--yes").stderr
    assert (22, "203.0.113.0/24") in cloud.group_rules()


ALL = ("suspend_versions", "tag_network", "open_ssh", "delete_rule", "add_policy")


def test_drift_is_kept_or_changed_back(cloud, cloudctl, local_aws):
    """Without a choice nothing is changed; then what was chosen, and after it the stack is as it was deployed."""
    for change in ALL:
        getattr(cloud, change)()
    before, stack = cloud.plan()["drift"], cloud.stack
    for words in ((), ("--drift", "ask"), ("--drift", "fail"), ("--drift", "keep")):
        done = cloudctl.run("update", "demo", "--yes", *words, code=1)
        assert "Nothing is changed: " in done.stderr and "add --drift" in " ".join(done.stderr.split())
    assert cloud.stack == stack and cloud.change_sets == [] and "operation" not in cloud.record
    assert not local_aws.requests("cloudformation:ExecuteChangeSet") and cloud.plan()["drift"] == before
    planned = cloudctl.run("update", "demo", "--plan", "--drift", "revert", code=1)
    assert "VersioningConfiguration.Status: Suspended → Enabled" in planned.stdout and cloud.plan()["drift"] == before
    cloudctl.run("update", "demo", "--yes", "--drift", "revert")
    assert cloud.plan(code=0)["drift"] == [] and not any(port == 22 for port, _ in cloud.group_rules())
    assert cloud.bucket("get_bucket_versioning")["Status"] == "Enabled" and "ListAllMyBuckets" not in cloud.policies("node_role_arn")


def test_kept_drift_is_not_touched(cloud, cloudctl):
    cloud.suspend_versions()
    cloud.add_policy()
    cloudctl.run("update", "demo", "--yes", "--drift", "keep", "--ssh-cidr", "203.0.113.0/24", "--node-cloudwatch", code=None)
    assert (22, "203.0.113.0/24") in cloud.group_rules() and "cloudwatch" in cloud.policies("node_role_arn")
    assert cloud.bucket("get_bucket_versioning")["Status"] == "Suspended" and "ListAllMyBuckets" in cloud.policies("node_role_arn")


def test_a_permission_that_was_taken_is_not_given_back(cloud, cloudctl):
    """Also not where the update changes another statement of the same policy."""
    sid = cloud.take_statement()
    taken = cloudctl.run("update", "demo", "--yes", "--drift", "keep", "--cloud-tag", "team/cloud", code=1)
    assert sid in taken.stderr and "the update writes the whole policy again" in " ".join(taken.stderr.split())
    cloudctl.run("update", "demo", "--yes", "--drift", "keep", "--ssh-cidr", "203.0.113.0/24", code=None)
    assert (22, "203.0.113.0/24") in cloud.group_rules()
    assert f'"{sid}"' not in cloud.policies("control_plane_role_arn")
    cloudctl.run("update", "demo", "--yes", "--drift", "revert", "--cloud-tag", "team/cloud")
    assert f'"{sid}"' in cloud.policies("control_plane_role_arn")


def test_a_conflict_is_overwritten_only_when_told(cloud, cloudctl):
    cloud.trust_another()
    for words in ((), ("--drift", "keep")):
        done = cloudctl.run("update", "demo", "--yes", "--external-id", THEIRS, *words, code=1)
        assert "leave out what changes it (ExternalId)" in " ".join(done.stderr.split())
    assert "somebodys" in str(cloud.trust())
    cloudctl.run("update", "demo", "--yes", "--external-id", THEIRS, "--drift", "revert")
    assert THEIRS in str(cloud.trust()) and cloud.record["external_id"] == THEIRS


def test_lost_data_is_made_again_only_by_name(cloud, cloudctl):
    cloud.delete_bucket()
    for words in ((), ("--drift", "keep"), ("--drift", "revert"), ("--drift", "revert", "--recreate-lost", "FileSystem")):
        done = cloudctl.run("update", "demo", "--yes", *words, code=1)
        assert "--drift revert --recreate-lost Bucket" in " ".join(done.stderr.split())
    assert "is for --drift revert" in cloudctl.run("update", "demo", "--yes", "--recreate-lost", "Bucket", code=2).stderr
    cloudctl.run("update", "demo", "--yes", "--drift", "revert", "--recreate-lost", "Bucket")
    assert cloud.bucket("get_bucket_versioning")["Status"] == "Enabled"


def test_on_a_terminal_the_choice_is_named(cloud, cloudctl):
    cloud.suspend_versions()
    code, shown = cloudctl.on_terminal("update", "demo", answer="")
    assert code == 1 and "--drift keep" in shown and "--drift revert" in shown


def acl_denies_https(cloud):
    """No resource of the stack, so CloudFormation knows nothing of it."""
    [acl] = cloud.ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [cloud.resources["vpc_id"]]}])["NetworkAcls"]
    cloud.ec2.create_network_acl_entry(NetworkAclId=acl["NetworkAclId"], RuleNumber=10, Protocol="6", RuleAction="deny",
                                       Egress=True, CidrBlock="0.0.0.0/0", PortRange={"From": 443, "To": 443})


def test_what_the_update_does_to_the_verdict(cloud, cloudctl, local_aws):
    """What fails is said before; after it, finding by finding, what is mended, new and as before."""
    cloud.delete_rule()
    acl_denies_https(cloud)
    failing = {row["check"] for row in cloud.plan("--drift", "revert")["verified"]["findings"] if row["verdict"] == "FAIL"}
    assert {"subnets.network-acl", "security-groups.self-in"} <= failing
    local_aws.faults({"match": "cloudformation:ExecuteChangeSet", "delay": HELD})
    run = cloudctl.start("update", "demo", "--yes", "--drift", "revert")
    wait_for(lambda: local_aws.control("GET", "faults")[0]["hits"])
    cloud.s3.delete_bucket_cors(Bucket=cloud.resources["bucket"])
    local_aws.release()
    _, told = run.communicate(timeout=60)
    assert run.returncode == 1
    told = " ".join(told.split())
    assert "Verified FAIL before the update" in told and "subnets.network-acl: FAIL: " in told
    assert "Mended: security-groups.self-in: FAIL before, PASS with the change" in told
    assert "New: s3.cors: PASS before, " in told and "As before: subnets.network-acl: FAIL: " in told


def test_a_plan_without_a_change_verifies_nothing(cloud, local_aws):
    cloud.add_policy()
    assert "verified" not in cloud.plan()
    assert not local_aws.requests("s3:GetBucketCors") and "verified" in cloud.plan("--node-cloudwatch", "--drift", "keep")
