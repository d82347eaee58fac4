# SPDX-License-Identifier: Apache-2.0
"""The stage of the two suites of the control-plane role: a cloud that `setup` made, the session with which the control
plane's account works in it, and things of the same account that are not the cloud's."""

from __future__ import annotations

import functools
import itertools
import json

from conftest import ACCOUNT, OTHER_KEYS, REGION, wait_for

CONTROL_PLANE = "210987654321"  # the local AWS's other account
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
EC2_TRUST = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                                                    "Principal": {"Service": "ec2.amazonaws.com"}}}
STACK_TRUST = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                                                      "Principal": {"Service": "cloudformation.amazonaws.com"}}}
NUMBERS = itertools.count(1)


def template(**resources) -> str:
    return json.dumps({"Resources": resources})


A_ROLE = template(Backdoor={"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": EC2_TRUST}})
A_GATEWAY = template(Gateway={"Type": "AWS::EC2::InternetGateway"})


class Stage:
    """role: clients of the control plane's session; own: clients of the account's administrator. What others own is made
    when it is first asked for."""

    def __init__(self, local_aws, cloudctl, *words: str):
        self.local_aws = local_aws
        cloudctl.run("setup", "--name", "a", "--region", REGION, "--control-plane-account", CONTROL_PLANE, "--yes", *words)
        self.record = cloudctl.record("a")
        self.resources = self.record["resources"]
        self.id = self.record["id"]
        self.key = self.record["cloud_tag"]
        self.balancers = "anyscale" if self.key == "anyscale-cloud-id" else "cloudctl"
        self.name = self.resources["control_plane_role_arn"].rpartition("/")[2]
        session = local_aws.client("sts", keys=OTHER_KEYS).assume_role(
            RoleArn=self.resources["control_plane_role_arn"], RoleSessionName="launch",
            ExternalId=self.record["external_id"])["Credentials"]
        self.keys = (session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])
        self.policy = self.own("iam").get_role_policy(RoleName=self.name, PolicyName="control-plane")["PolicyDocument"]
        local_aws.control("POST", "settings", {"enforce": True})

    @functools.cache
    def role(self, service: str):
        return self.local_aws.client(service, keys=self.keys)

    @functools.cache
    def own(self, service: str):
        return self.local_aws.client(service)

    # the policy

    def statement(self, sid: str) -> dict:
        return next(row for row in self.policy["Statement"] if row["Sid"] == sid)

    def put(self, policy: dict) -> None:
        self.own("iam").put_role_policy(RoleName=self.name, PolicyName="control-plane", PolicyDocument=json.dumps(policy))

    def without_the_limit(self, sid: str) -> dict:
        """The policy, in which this statement denies nothing, or allows its actions on everything."""
        rows = []
        for row in self.policy["Statement"]:
            if row["Sid"] != sid:
                rows.append(row)
            elif row["Effect"] == "Allow":
                rows.append({**{key: value for key, value in row.items() if key != "Condition"}, "Resource": "*"})
        return self.policy | {"Statement": rows}

    # the cloud's

    def tag(self, *kinds: str, value: str | None = None, key: str | None = None) -> dict:
        """TagSpecifications of the cloud's tag."""
        tags = [{"Key": key or self.key, "Value": value or self.id}]
        return {"TagSpecifications": [{"ResourceType": kind, "Tags": tags} for kind in kinds]}

    @functools.cached_property
    def image(self) -> str:
        return self.own("ec2").describe_images(Owners=["amazon"])["Images"][0]["ImageId"]

    @functools.cached_property
    def launch(self) -> dict:
        """What a launch is given in any case."""
        return {"ImageId": self.image, "MinCount": 1, "MaxCount": 1, "InstanceType": "m5.large",
                "SubnetId": self.resources["subnet_ids"][0],
                "SecurityGroupIds": self.resources["security_group_ids"],
                "IamInstanceProfile": {"Name": self.resources["node_role_arn"].rpartition("/")[2]}}

    def run(self, client, **more) -> str:
        return client.run_instances(**self.launch | more)["Instances"][0]["InstanceId"]

    @functools.cached_property
    def node(self) -> str:
        """An instance of the cloud's, launched by the control plane."""
        return self.run(self.role("ec2"), **self.tag("instance"))

    # others'

    @functools.cached_property
    def admin_profile(self) -> str:
        iam = self.own("iam")
        iam.create_role(RoleName="admin", AssumeRolePolicyDocument=json.dumps(EC2_TRUST))
        iam.attach_role_policy(RoleName="admin", PolicyArn=ADMINISTRATOR)
        iam.create_instance_profile(InstanceProfileName="admin")
        iam.add_role_to_instance_profile(InstanceProfileName="admin", RoleName="admin")
        return "admin"

    @functools.cached_property
    def deployer(self) -> str:
        """The service role of somebody's stack, as bootstrapping for the CDK makes one."""
        iam = self.own("iam")
        role = iam.create_role(RoleName="cfn-exec", AssumeRolePolicyDocument=json.dumps(STACK_TRUST))["Role"]["Arn"]
        iam.attach_role_policy(RoleName="cfn-exec", PolicyArn=ADMINISTRATOR)
        return role

    def stack(self) -> str:
        """Somebody's stack, which has that role."""
        cloudformation, name = self.own("cloudformation"), f"cdk-app-{next(NUMBERS)}"
        cloudformation.create_stack(StackName=name, TemplateBody=A_GATEWAY, RoleARN=self.deployer)
        self.settled(name)
        return name

    def settled(self, name: str) -> str:
        def status():
            found = self.own("cloudformation").describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
            return None if found.endswith("_IN_PROGRESS") else found
        return wait_for(status)

    def gone(self, name: str) -> None:
        rows = wait_for(lambda: [row for row in self.local_aws.stacks() if row["StackName"] == name
                                 and not row["StackStatus"].endswith("_IN_PROGRESS")])
        assert rows[0]["StackStatus"] == "DELETE_COMPLETE"

    @functools.cached_property
    def network(self) -> dict:
        """A VPC that is not the cloud's: its subnet and group."""
        ec2 = self.own("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
        group = ec2.create_security_group(GroupName="others", Description="others", VpcId=vpc)["GroupId"]
        return {"SubnetId": ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.0.0/24")["Subnet"]["SubnetId"],
                "SecurityGroupIds": [group]}

    def instance(self) -> str:
        return self.run(self.own("ec2"))

    def volume(self) -> str:
        zone = self.own("ec2").describe_instances(InstanceIds=[self.node])["Reservations"][0]["Instances"][0][
            "Placement"]["AvailabilityZone"]
        return self.own("ec2").create_volume(AvailabilityZone=zone, Size=1)["VolumeId"]

    def snapshot(self) -> str:
        return self.own("ec2").create_snapshot(VolumeId=self.volume())["SnapshotId"]

    def their_image(self) -> str:
        return self.own("ec2").create_image(InstanceId=self.instance(), Name=f"image-{next(NUMBERS)}")["ImageId"]

    def address(self) -> str:
        return self.own("ec2").allocate_address(Domain="vpc")["AllocationId"]

    def spot_request(self) -> str:
        specification = {"ImageId": self.image, "InstanceType": "m5.large", "SubnetId": self.launch["SubnetId"]}
        return self.own("ec2").request_spot_instances(LaunchSpecification=specification)["SpotInstanceRequests"][0][
            "SpotInstanceRequestId"]

    def launch_template(self) -> str:
        data = {"ImageId": self.image, "InstanceType": "m5.large", "UserData": "c2VjcmV0"}
        return self.own("ec2").create_launch_template(LaunchTemplateName=f"template-{next(NUMBERS)}",
                                                      LaunchTemplateData=data)["LaunchTemplate"]["LaunchTemplateId"]

    def certificate(self) -> str:
        return self.own("acm").request_certificate(DomainName=f"n{next(NUMBERS)}.example.com")["CertificateArn"]

    def balancer(self, name: str) -> str:
        return self.own("elbv2").create_load_balancer(
            Name=f"{name}-{next(NUMBERS)}", Subnets=self.resources["subnet_ids"][:2])["LoadBalancers"][0]["LoadBalancerArn"]

    def group_of_targets(self, name: str) -> str:
        return self.own("elbv2").create_target_group(
            Name=f"{name}-{next(NUMBERS)}", Protocol="HTTP", Port=80, VpcId=self.resources["vpc_id"])["TargetGroups"][0][
            "TargetGroupArn"]

    def listener(self, name: str) -> str:
        forward = [{"Type": "forward", "TargetGroupArn": self.group_of_targets(name)}]
        return self.own("elbv2").create_listener(LoadBalancerArn=self.balancer(name), Protocol="HTTP", Port=80,
                                                 DefaultActions=forward)["Listeners"][0]["ListenerArn"]


__all__ = ["ACCOUNT", "ADMINISTRATOR", "A_GATEWAY", "A_ROLE", "CONTROL_PLANE", "EC2_TRUST", "REGION", "Stage", "template"]
