# SPDX-License-Identifier: Apache-2.0
"""`policy verify --functional`: the caller does a functional verification with exactly what it prints, and the control-plane
role its part with exactly what it prints of that; without any single action the call that fails is named."""

import json
import urllib.error

import pytest
from conftest import ACCOUNT, REGION
from guest import Guest, all_well, instances, versions
from least_privilege import Person, actions_of, names, without

ROLE = {"ec2:RunInstances", "ec2:CreateTags", "iam:PassRole", "ec2:DescribeInstances", "ec2:TerminateInstances"}
CALLER = {"sts:AssumeRole", "ssm:GetParameter", "ec2:DescribeImages", "s3:PutObject", "s3:GetObject", "ec2:GetConsoleOutput",
          "s3:ListBucketVersions", "s3:DeleteObjectVersion"}
SWEEPER = {"ec2:DescribeInstances", "ec2:DescribeVolumes", "ec2:TerminateInstances", "ec2:DeleteVolume",
           "s3:ListBucketVersions", "s3:DeleteObjectVersion"}


class Silent(Guest):
    """Its report is refused, so it ends."""

    refused = None

    def say(self, *step):
        try:
            super().say(*step)
        except urllib.error.HTTPError as error:
            self.refused = error.code
            self.local_aws.client("ec2").terminate_instances(InstanceIds=[self.instance["InstanceId"]])


class Launcher:
    """Who verifies the cloud `prod`, of whose control plane the caller's account is."""

    def __init__(self, person, local_aws):
        self.person, self.local_aws = person, local_aws
        person.administrator.run("setup", "--name", "prod", "--region", REGION, "--skip-preflight",
                                 "--control-plane-account", ACCOUNT, "--yes")
        self.cloud = person.administrator.record("prod")
        local_aws.control("POST", "machines", {"on": False})  # a Guest plays them
        self.image = local_aws.client("ec2").describe_images()["Images"][0]["ImageId"]

    def run(self, *words, who=None, code=None, guest=None):
        """The program's end, and the guest's."""
        done = (who or self.person.cloudctl).run("verify", "prod", "--functional-verify", "--image-id", self.image, "--yes",
                                                *words, code=code)
        return done, guest.join() if guest else None

    def swept(self):
        self.person.administrator.run("verify", "prod", "--sweep", "--yes")
        assert instances(self.local_aws) == [] and versions(self.local_aws) == []


@pytest.fixture
def launcher(local_aws, tmp_path):
    return Launcher(Person(tmp_path, local_aws), local_aws)


@pytest.fixture
def policy(launcher):
    document = launcher.person.policy("verify", "prod", "--functional")
    launcher.person.hold(document)
    return document


def test_the_callers_part_is_enough(local_aws, launcher, policy):
    """And it says no more of the launch than what is used."""
    person = launcher.person
    plain = set(actions_of(person.policy("verify", "prod")))
    assert set(actions_of(policy)) - plain == (CALLER | SWEEPER) - plain and "ec2:RunInstances" not in actions_of(policy)
    person.needed()
    launcher.run(code=0, guest=Guest(local_aws, all_well()))
    assert person.needed() <= set(actions_of(policy))
    launcher.swept()


def test_it_is_for_the_cloud_alone(launcher, policy):
    rows = {action: row for row in policy["Statement"] for action in row["Action"]}
    bucket = launcher.cloud["resources"]["bucket"]
    for action in ("s3:GetObject", "s3:PutObject", "s3:DeleteObjectVersion"):
        objects = [arn for arn in rows[action]["Resource"] if ":s3:::" in arn and "/" in arn]
        assert objects == [f"arn:aws:s3:::{bucket}/cloudctl/functional/*"], action
    for action in ("ec2:TerminateInstances", "ec2:DeleteVolume", "ec2:GetConsoleOutput"):
        assert rows[action]["Condition"]["StringEquals"]["aws:ResourceTag/cloudctl-cloud-id"] == launcher.cloud["id"]
    assert launcher.cloud["resources"]["control_plane_role_arn"] in rows["sts:AssumeRole"]["Resource"]
    images = [f"arn:aws:ssm:{REGION}::parameter/aws/service/{owner}/*" for owner in ("canonical", "deeplearning")]  # public ones
    assert rows["ssm:GetParameter"]["Resource"] == images


@pytest.mark.parametrize("action, code", [("sts:AssumeRole", 3), ("ec2:DescribeImages", 4)])
def test_nothing_is_launched_without(local_aws, launcher, policy, action, code):
    launcher.person.hold(without(policy, action))
    done, _ = launcher.run(code=code)
    assert names(done, action), done.stderr
    assert instances(local_aws, ["pending", "running", "terminated"]) == []


def test_the_usual_image_is_not_looked_up_without(launcher, policy):
    launcher.person.hold(without(policy, "ssm:GetParameter"))
    done = launcher.person.run("verify", "prod", "--functional-verify", "--yes", code=4)
    assert names(done, "ssm:GetParameter") and "--image-id" in done.stderr


@pytest.mark.parametrize("action", ["s3:GetObject", "ec2:GetConsoleOutput"])
def test_what_cannot_be_read_is_said(local_aws, launcher, policy, action):
    launcher.person.hold(without(policy, action))
    done, _ = launcher.run(code=1, guest=Guest(local_aws, None))
    assert names(done, action), done.stderr
    launcher.swept()


def test_an_instance_that_may_not_report_has_the_console(local_aws, launcher, policy):
    """The URL that it reports to is signed by the caller."""
    launcher.person.hold(without(policy, "s3:PutObject"))
    done, guest = launcher.run(code=1, guest=Silent(local_aws, [("boot", "ok", "fine")]))
    assert guest.refused == 403 and "reported nothing" in done.stderr
    launcher.swept()


@pytest.mark.parametrize("action", ["s3:ListBucketVersions", "s3:DeleteObjectVersion"])
def test_what_cannot_be_removed_is_said(local_aws, launcher, policy, action):
    launcher.person.hold(without(policy, action))
    done, _ = launcher.run(code=4, guest=Guest(local_aws, all_well()))
    assert names(done, action) and "cloudctl verify prod --sweep" in done.stderr, done.stderr
    launcher.swept()


def left_over(launcher, local_aws):
    """One of each kind."""
    ec2, cloud = local_aws.client("ec2"), launcher.cloud
    tags = [{"Key": "cloudctl-cloud-id", "Value": cloud["id"]}, {"Key": "cloudctl-run", "Value": "run-1"}]
    ec2.run_instances(ImageId=launcher.image, MinCount=1, MaxCount=1, SubnetId=cloud["resources"]["subnet_ids"][0],
                      TagSpecifications=[{"ResourceType": "instance", "Tags": tags}])
    ec2.create_volume(AvailabilityZone=REGION + "a", Size=1, TagSpecifications=[{"ResourceType": "volume", "Tags": tags}])
    local_aws.client("s3").put_object(Bucket=cloud["resources"]["bucket"], Key="cloudctl/functional/run-1/report.json", Body=b"{}")


def test_sweeping_needs_each_action(local_aws, launcher, policy):
    for action in sorted(SWEEPER):
        left_over(launcher, local_aws)
        launcher.person.hold(without(policy, action))
        done = launcher.person.run("verify", "prod", "--sweep", "--yes", code=4)
        assert names(done, action), done.stderr
        launcher.person.hold(policy)
        launcher.person.run("verify", "prod", "--sweep", "--yes", code=0)
        launcher.swept()


@pytest.fixture
def role(launcher):
    """Sets what the control-plane role may do."""
    iam, name = launcher.person.iam, launcher.cloud["resources"]["control_plane_role_arn"].rpartition("/")[2]
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
    return lambda document: iam.put_role_policy(RoleName=name, PolicyName="part", PolicyDocument=json.dumps(document))


def launch_anyway(launcher, guest=None, code=None):
    """Clusters need more of that role than this, so checks fail."""
    return launcher.run("--functional-anyway", "-o", "json", who=launcher.person.administrator, code=code, guest=guest)[0]


def test_the_roles_part(local_aws, launcher, role):
    document = launcher.person.policy("verify", "prod", "--functional", "control-plane")
    assert set(actions_of(document)) == ROLE
    role(document)
    done = launch_anyway(launcher, Guest(local_aws, all_well()), code=1)
    found = [row for row in json.loads(done.stdout)["findings"] if row["check"].startswith("functional.")]
    assert len(found) == 11 and {row["verdict"] for row in found} == {"PASS"}
    launcher.swept()


@pytest.mark.parametrize("action", sorted(ROLE))
def test_the_role_needs_each_action(local_aws, launcher, role, action):
    launched = action in ("ec2:DescribeInstances", "ec2:TerminateInstances")
    role(without(launcher.person.policy("verify", "prod", "--functional", "control-plane"), action))
    done = launch_anyway(launcher, Guest(local_aws, all_well()) if launched else None, code=4)
    assert names(done, action), done.stderr
    if not launched:
        assert instances(local_aws, ["pending", "running", "terminated"]) == []
    launcher.swept()


@pytest.mark.parametrize("words, said", [
    (("delete", "--functional"), "--functional is for setup, register, verify and edit"),
    (("verify", "--functional=somebody"), "is not one of"),
])
def test_what_cannot_be_meant(launcher, words, said):
    assert said in launcher.person.cloudctl.run("policy", *words, code=2).stderr
