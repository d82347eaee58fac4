# SPDX-License-Identifier: Apache-2.0
"""`delete --clean`: what the control plane made is removed first, and nothing else is."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import jsonschema
import pytest
from conftest import REGION, ROOT, Cloudctl, LocalAws, wait_for
from test_delete import leftovers, stack_is_whole

SETUP = ("setup", "--name", "demo", "--region", REGION, "--skip-preflight", "--yes")
DELETE = ("delete", "demo", "--yes")
CLEAN = (*DELETE, "--clean")


@dataclass
class Made:
    """What a control plane makes in a cloud, with its tag or without."""

    cloudctl: Cloudctl
    local_aws: LocalAws
    tagged: bool = True
    ids: dict[str, str] = field(default_factory=dict)
    name: str = "demo"
    region: str = REGION

    def __post_init__(self):
        self.iam, self.efs = self.local_aws.client("iam"), self.local_aws.client("efs", self.region)
        self.ec2, self.elb = self.local_aws.client("ec2", self.region), self.local_aws.client("elbv2", self.region)
        self.record = self.cloudctl.record(self.name)
        resources = self.record["resources"]
        self.vpc, self.subnets, [self.group] = resources["vpc_id"], resources["subnet_ids"], resources["security_group_ids"]
        self.role = resources["node_role_arn"].rpartition("/")[2]

    def tags(self) -> list[dict]:
        return [{"Key": self.record["cloud_tag"] if self.tagged else "Name", "Value": self.record["id"]}]

    def specification(self, kind: str) -> list[dict]:
        return [{"ResourceType": kind, "Tags": self.tags()}]

    def instance(self, **more) -> str:
        [made] = self.ec2.run_instances(
            ImageId="ami-12345678", MinCount=1, MaxCount=1, SubnetId=self.subnets[0], SecurityGroupIds=[self.group],
            TagSpecifications=self.specification("instance"), **more)["Instances"]
        return made["InstanceId"]

    def load_balancer(self) -> str:
        [made] = self.elb.create_load_balancer(Name=self.name[:32], Subnets=self.subnets[:2], SecurityGroups=[self.group],
                                               Tags=self.tags())["LoadBalancers"]
        return made["LoadBalancerArn"].partition(":loadbalancer/")[2]

    def target_group(self) -> str:
        [made] = self.elb.create_target_group(Name=self.name[:32], Protocol="HTTP", Port=80, VpcId=self.vpc,
                                              Tags=self.tags())["TargetGroups"]
        return made["TargetGroupArn"]

    def nat_gateway(self) -> str:
        address = self.ec2.allocate_address(Domain="vpc", TagSpecifications=self.specification("elastic-ip"))["AllocationId"]
        self.ids["elastic IP address"] = address
        made = self.ec2.create_nat_gateway(SubnetId=self.subnets[0], AllocationId=address,
                                           TagSpecifications=self.specification("natgateway"))["NatGateway"]["NatGatewayId"]
        wait_for(lambda: self.ec2.describe_nat_gateways(NatGatewayIds=[made])["NatGateways"][0]["State"] == "available")
        return made

    def endpoint(self) -> str:
        return self.ec2.create_vpc_endpoint(
            VpcId=self.vpc, ServiceName=f"com.amazonaws.{self.region}.sts", VpcEndpointType="Interface",
            SubnetIds=[self.subnets[0]], SecurityGroupIds=[self.group],
            TagSpecifications=self.specification("vpc-endpoint"))["VpcEndpoint"]["VpcEndpointId"]

    def security_group(self) -> str:
        return self.ec2.create_security_group(GroupName="foreign", Description="-", VpcId=self.vpc,
                                              TagSpecifications=self.specification("security-group"))["GroupId"]

    def network_interface(self) -> str:
        return self.ec2.create_network_interface(
            SubnetId=self.subnets[0],
            TagSpecifications=self.specification("network-interface"))["NetworkInterface"]["NetworkInterfaceId"]

    def attached_policy(self) -> str:
        document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]}
        arn = self.iam.create_policy(PolicyName=f"more-{self.name}", PolicyDocument=json.dumps(document), Tags=self.tags())["Policy"]["Arn"]
        self.iam.attach_role_policy(RoleName=self.role, PolicyArn=arn)
        return arn

    def instance_profile(self) -> str:
        name = f"extra-{self.name}"
        self.iam.create_instance_profile(InstanceProfileName=name, Tags=self.tags())
        self.iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=self.role)
        return name

    def spot_request(self) -> str:
        """One whose instance is gone, so that it may launch another."""
        [made] = self.ec2.request_spot_instances(
            InstanceCount=1, LaunchSpecification={"ImageId": "ami-12345678", "SubnetId": self.subnets[0]},
            TagSpecifications=self.specification("spot-instances-request"))["SpotInstanceRequests"]
        self.ec2.terminate_instances(InstanceIds=[made["InstanceId"]])
        return made["SpotInstanceRequestId"]

    def mount_target(self) -> str:
        """Of the cloud's own file system, in a zone in which the stack has none any more."""
        [one, *_] = self.efs.describe_mount_targets(FileSystemId=self.record["resources"]["file_system_id"])["MountTargets"]
        self.efs.delete_mount_target(MountTargetId=one["MountTargetId"])
        return self.efs.create_mount_target(FileSystemId=one["FileSystemId"], SubnetId=one["SubnetId"],
                                            SecurityGroups=[self.group])["MountTargetId"]

    def kept_policy(self) -> str:
        """As `update` writes it."""
        document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]}
        self.iam.put_role_policy(RoleName=self.role, PolicyName="cloudctl-kept", PolicyDocument=json.dumps(document))
        return "cloudctl-kept"

    def scene(self) -> dict[str, str]:
        """The six of which each has something of the cloud's in use."""
        self.ids |= {"instance": self.instance(), "load balancer": self.load_balancer(), "NAT gateway": self.nat_gateway(),
                     "VPC endpoint": self.endpoint(), "security group": self.security_group(),
                     "attached policy": self.attached_policy()}
        return self.ids

    def everything(self) -> None:
        """One of each kind that is cleaned."""
        self.scene()
        for make in (self.target_group, self.network_interface, self.instance_profile, self.kept_policy,
                     self.spot_request, self.mount_target):
            make()

    def plan(self, *words: str, code: int) -> dict:
        found = json.loads(self.cloudctl.run("delete", "demo", "--plan", "-o", "json", *words, code=code).stdout)
        jsonschema.Draft202012Validator(json.loads((ROOT / "docs/plan.schema.json").read_text())).validate(found)
        return found


SIX = {"instance", "load balancer", "NAT gateway", "VPC endpoint", "security group", "attached policy"}


@pytest.fixture
def made(cloudctl, local_aws):
    cloudctl.run(*SETUP)
    return Made(cloudctl, local_aws)


def test_what_has_not_the_clouds_tag_stays(made):
    """With --clean as without it: six things are named, and nothing is destroyed."""
    made.tagged = False
    ids = made.scene()
    for words in (DELETE, CLEAN):
        done = made.cloudctl.run(*words, code=4)
        for kind in SIX:
            assert f"In the way: {kind} {ids[kind]}" in done.stderr, done.stderr
        assert "nothing was deleted: 6 things are in the way" in done.stderr and "--name demo --clean" not in done.stderr
        assert stack_is_whole(made.local_aws, made.record) and made.cloudctl.record("demo") == made.record
    assert {row["class"] for row in made.plan("--clean", code=4)["blockers"]} == {"stops"}


def test_clean_ends_with_nothing_but_the_bucket(made):
    ids = made.scene()
    group = made.target_group()
    done = made.cloudctl.run(*DELETE, code=4)
    assert "nothing was deleted: 6 things are in the way" in done.stderr
    assert "6 of 6 can be taken away by: cloudctl delete --name demo --clean" in done.stderr
    assert stack_is_whole(made.local_aws, made.record)
    plan = made.plan("--clean", code=1)
    assert {(row["kind"], row["id"]) for row in plan["blockers"]} == {*ids.items(), ("target group", group)}
    assert {row["class"] for row in plan["blockers"]} == {"clean"} and all(row["tagged"] for row in plan["blockers"])
    done = made.cloudctl.run(*CLEAN)
    for kind in SIX:
        assert f"Removing the {kind} {ids[kind]}" in done.stderr, done.stderr
    assert leftovers(made.local_aws, made.record["id"]) == [made.record["resources"]["bucket"]]
    assert made.elb.describe_target_groups()["TargetGroups"] == []
    assert made.ec2.describe_addresses()["Addresses"] == []
    states = {row["State"]["Name"] for item in made.ec2.describe_instances()["Reservations"] for row in item["Instances"]}
    assert states == {"terminated"} and made.cloudctl.records() == []


def test_an_instance_that_is_protected_keeps_all(made):
    """It is known before anything is removed."""
    instance, other = made.instance(DisableApiTermination=True), made.instance()
    done = made.cloudctl.run(*CLEAN, code=4)
    assert f"In the way: instance {instance} (running, protected against termination, made by the control plane)" in done.stderr
    assert f"aws ec2 modify-instance-attribute --no-disable-api-termination --instance-id {instance}" in done.stderr
    assert made.local_aws.requests("ec2:TerminateInstances") == []
    assert {row["id"]: row["class"] for row in made.plan("--clean", code=4)["blockers"]} == {instance: "stops", other: "clean"}
    made.ec2.modify_instance_attribute(InstanceId=instance, DisableApiTermination={"Value": False})
    made.cloudctl.run(*CLEAN)
    assert leftovers(made.local_aws, made.record["id"]) == [made.record["resources"]["bucket"]]


def test_the_question_names_all_that_goes(made):
    instance = made.instance()
    code, shown = made.cloudctl.on_terminal(*CLEAN[:1], "demo", "--clean", answer="n")
    assert code == 5 and f"instance {instance} (running, made by the control plane)" in shown
    assert made.local_aws.requests("ec2:TerminateInstances") == []


def test_one_that_is_not_the_clouds_keeps_all(made):
    instance = made.instance()
    made.tagged = False
    group = made.security_group()
    done = made.cloudctl.run(*CLEAN, code=4)
    assert f"nothing was deleted: 1 thing is in the way, the first is security group {group}" in done.stderr
    assert "1 of 2 can be taken away" in made.cloudctl.run(*DELETE, code=4).stderr
    rows = {row["id"]: row["class"] for row in made.plan(code=4)["blockers"]}
    assert rows == {instance: "clean", group: "stops"}
    assert made.local_aws.requests("ec2:TerminateInstances") == []


@pytest.mark.parametrize("kind", ["network_interface", "instance_profile", "kept_policy", "mount_target"])
def test_other_things_of_the_clouds(made, kind):
    getattr(made, kind)()
    assert "--clean" in made.cloudctl.run(*DELETE, code=4).stderr
    made.cloudctl.run(*CLEAN)
    assert leftovers(made.local_aws, made.record["id"]) == [made.record["resources"]["bucket"]]


def test_a_registered_cloud_is_not_cleaned(cloudctl, customer):
    cloudctl.run("register", "--name", "mine", *customer.arguments, "--yes")
    assert "--clean: cloud 'mine' is registered" in cloudctl.run("delete", "mine", "--yes", "--clean", code=2).stderr
    assert len(cloudctl.records()) == 1


def test_a_request_for_spot_instances_is_cancelled(made):
    request = made.spot_request()
    done = made.cloudctl.run(*CLEAN)
    assert f"Removing the spot request {request}" in done.stderr
    rows = made.ec2.describe_spot_instance_requests()["SpotInstanceRequests"]
    assert {row["State"] for row in rows} <= {"cancelled"}  # the local AWS forgets it
    assert leftovers(made.local_aws, made.record["id"]) == [made.record["resources"]["bucket"]]


def test_the_first_failure_ends_it_and_the_command_goes_on(made):
    ids = made.scene()
    made.local_aws.faults({"match": "ec2:DeleteSecurityGroup", "code": "DependencyViolation", "status": 400})
    done = made.cloudctl.run(*CLEAN, code=4)
    assert f"removing the security group {ids['security group']}" in done.stderr
    assert f"Removed before that: load balancer {ids['load balancer']}, instance {ids['instance']}" in done.stderr
    assert stack_is_whole(made.local_aws, made.record)
    made.local_aws.quiet()
    made.cloudctl.run(*CLEAN)
    assert leftovers(made.local_aws, made.record["id"]) == [made.record["resources"]["bucket"]]


def test_interfaces_that_a_service_still_has_are_waited_for(made):
    made.local_aws.control("POST", "settings", {"settle": 1})
    wait_for(lambda: {row["LifeCycleState"] for row in made.efs.describe_mount_targets(
        FileSystemId=made.record["resources"]["file_system_id"])["MountTargets"]} == {"available"})
    made.load_balancer()
    done = made.cloudctl.run(*CLEAN)
    assert "Waiting until the network interfaces of what was removed are gone" in done.stderr
    assert leftovers(made.local_aws, made.record["id"]) == [made.record["resources"]["bucket"]]
