# SPDX-License-Identifier: Apache-2.0
"""Ways by which a role with these permissions becomes more than it is, or reaches what is not its cloud's: each with the
action at which it ends, and the statement whose limit ends it; None where no statement names the action.

Known ways: the privilege escalations of IAM, CloudFormation and EC2 that the tools for it list (passing a role to a
service, updating a stack that has a role, changing user data, attaching volumes), and putting the tag on others' things.
docs/control-plane-role.md shows this table; a test holds both in step.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Callable

from role_stage import A_GATEWAY, A_ROLE, ADMINISTRATOR, EC2_TRUST, Stage


@dataclass(frozen=True)
class Way:
    what: str
    action: str
    limit: str | None
    attempt: Callable[[Stage], object]


WAYS: list[Way] = []


def way(what: str, action: str, limit: str | None = None):
    def add(attempt):
        WAYS.append(Way(what, action, limit, attempt))
        return attempt
    return add


# IAM

@way("make a role", "iam:CreateRole")
def _(s):
    s.role("iam").create_role(RoleName="backdoor", AssumeRolePolicyDocument=json.dumps(EC2_TRUST))


@way("give itself a policy", "iam:PutRolePolicy")
def _(s):
    s.role("iam").put_role_policy(RoleName=s.name, PolicyName="more", PolicyDocument=json.dumps(s.policy))


@way("attach AdministratorAccess to itself", "iam:AttachRolePolicy")
def _(s):
    s.role("iam").attach_role_policy(RoleName=s.name, PolicyArn=ADMINISTRATOR)


@way("attach AdministratorAccess to the node role", "iam:AttachRolePolicy")
def _(s):
    s.role("iam").attach_role_policy(RoleName=s.launch["IamInstanceProfile"]["Name"], PolicyArn=ADMINISTRATOR)


@way("let itself assume another role", "iam:UpdateAssumeRolePolicy")
def _(s):
    s.role("iam").update_assume_role_policy(RoleName=s.admin_profile, PolicyDocument=json.dumps(EC2_TRUST))


@way("take its permissions boundary away", "iam:DeleteRolePermissionsBoundary")
def _(s):
    s.role("iam").delete_role_permissions_boundary(RoleName=s.name)


@way("make keys for a user", "iam:CreateAccessKey")
def _(s):
    s.role("iam").create_access_key(UserName="local-admin")


@way("put an administrator's role into the node's instance profile", "iam:AddRoleToInstanceProfile")
def _(s):
    s.role("iam").add_role_to_instance_profile(InstanceProfileName=s.launch["IamInstanceProfile"]["Name"],
                                               RoleName=s.admin_profile)


@way("assume a role of the account", "sts:AssumeRole")
def _(s):
    s.role("sts").assume_role(RoleArn=s.deployer, RoleSessionName="more")


# CloudFormation

@way("make a stack with an administrator's role", "iam:PassRole", "PassNodeRole")
def _(s):
    s.role("cloudformation").create_stack(StackName="anyscale-x", TemplateBody=A_ROLE, RoleARN=s.deployer,
                                          Capabilities=["CAPABILITY_IAM"])


@way("update somebody's stack, which has a role of its own", "cloudformation:UpdateStack", "ChangeTagged")
def _(s):
    s.role("cloudformation").update_stack(StackName=s.stack(), TemplateBody=A_ROLE, Capabilities=["CAPABILITY_IAM"])


@way("give somebody's stack the tag", "cloudformation:UpdateStack", "ChangeTagged")
def _(s):
    s.role("cloudformation").update_stack(StackName=s.stack(), UsePreviousTemplate=True,
                                          Tags=[{"Key": s.key, "Value": s.id}])


@way("delete somebody's stack", "cloudformation:DeleteStack", "ChangeTagged")
def _(s):
    s.role("cloudformation").delete_stack(StackName=s.stack())


@way("change somebody's stack by a change set", "cloudformation:CreateChangeSet")
def _(s):
    s.role("cloudformation").create_change_set(StackName=s.stack(), ChangeSetName="x", TemplateBody=A_GATEWAY)


@way("update the cloud's own stack", "cloudformation:UpdateStack", "DenyOwnStack")
def _(s):
    s.role("cloudformation").update_stack(StackName=s.record["stack_name"], TemplateBody=A_ROLE,
                                          Capabilities=["CAPABILITY_IAM"])


@way("delete the cloud's own stack", "cloudformation:DeleteStack", "DenyOwnStack")
def _(s):
    s.role("cloudformation").delete_stack(StackName=s.record["stack_arn"])


# passing roles

@way("launch an instance with another role", "iam:PassRole", "PassNodeRole")
def _(s):
    s.run(s.role("ec2"), IamInstanceProfile={"Name": s.admin_profile}, **s.tag("instance"))


@way("give its own instance another role", "iam:PassRole", "PassNodeRole")
def _(s):
    s.role("ec2").associate_iam_instance_profile(InstanceId=s.node, IamInstanceProfile={"Name": s.admin_profile})


@way("give somebody's instance another role", "ec2:AssociateIamInstanceProfile", "ChangeTagged")
def _(s):
    s.role("ec2").associate_iam_instance_profile(InstanceId=s.instance(), IamInstanceProfile=s.launch["IamInstanceProfile"])


@way("replace the role of its own instance by another", "iam:PassRole", "PassNodeRole")
def _(s):
    node = s.run(s.own("ec2"), **s.tag("instance"))
    found = s.own("ec2").describe_iam_instance_profile_associations(
        Filters=[{"Name": "instance-id", "Values": [node]}])["IamInstanceProfileAssociations"]
    s.role("ec2").replace_iam_instance_profile_association(AssociationId=found[0]["AssociationId"],
                                                           IamInstanceProfile={"Name": s.admin_profile})


@way("launch a spot instance with another role", "iam:PassRole", "PassNodeRole")
def _(s):
    specification = {"ImageId": s.image, "InstanceType": "m5.large", "SubnetId": s.launch["SubnetId"],
                     "SecurityGroupIds": s.launch["SecurityGroupIds"], "IamInstanceProfile": {"Name": s.admin_profile}}
    s.role("ec2").request_spot_instances(LaunchSpecification=specification, **s.tag("spot-instances-request"))


# launches

@way("launch without the tag, beyond what it may end", "ec2:RunInstances", "CreateTagged")
def _(s):
    s.run(s.role("ec2"))


@way("launch with the tag on the volume alone", "ec2:RunInstances", "CreateTagged")
def _(s):
    s.run(s.role("ec2"), **s.tag("volume"))


@way("launch for another cloud", "ec2:RunInstances", "CreateTagged")
def _(s):
    s.run(s.role("ec2"), **s.tag("instance", value="cld_another"))


@way("launch under another key of the tag", "ec2:RunInstances", "CreateTagged")
def _(s):
    s.run(s.role("ec2"), **s.tag("instance", key="another-cloud-id"))


@way("ask for a spot instance without the tag", "ec2:RequestSpotInstances", "CreateTagged")
def _(s):
    specification = {"ImageId": s.image, "InstanceType": "m5.large", "SubnetId": s.launch["SubnetId"],
                     "SecurityGroupIds": s.launch["SecurityGroupIds"]}
    s.role("ec2").request_spot_instances(LaunchSpecification=specification)


@way("launch from somebody's launch template, whose user data it would read", "ec2:RunInstances",
     "LaunchByTaggedTemplate")
def _(s):
    s.run(s.role("ec2"), LaunchTemplate={"LaunchTemplateId": s.launch_template()}, **s.tag("instance"))


@way("launch in another VPC", "ec2:RunInstances", "LaunchInOwnVpc")
def _(s):
    s.run(s.role("ec2"), **s.network, **s.tag("instance"))


# instances, volumes, images

@way("change the user data of somebody's instance, which runs as root", "ec2:ModifyInstanceAttribute", "ChangeTagged")
def _(s):
    s.role("ec2").modify_instance_attribute(InstanceId=s.instance(), UserData={"Value": b"#!/bin/sh"})


@way("stop somebody's instance", "ec2:StopInstances", "ChangeTagged")
def _(s):
    s.role("ec2").stop_instances(InstanceIds=[s.instance()])


@way("end somebody's instance", "ec2:TerminateInstances", "ChangeTagged")
def _(s):
    s.role("ec2").terminate_instances(InstanceIds=[s.instance()])


@way("read somebody's volume from its own instance", "ec2:AttachVolume", "ChangeTagged")
def _(s):
    s.role("ec2").attach_volume(InstanceId=s.node, VolumeId=s.volume(), Device="/dev/sdz")


@way("read somebody's snapshot by a volume of its own", "ec2:CreateVolume", "CreateTagged")
def _(s):
    s.role("ec2").create_volume(SnapshotId=s.snapshot(), AvailabilityZone="us-west-2a", **s.tag("volume"))


@way("share somebody's image with another account", "ec2:ModifyImageAttribute", "ChangeTagged")
def _(s):
    s.role("ec2").modify_image_attribute(ImageId=s.their_image(), LaunchPermission={"Add": [{"UserId": "999999999999"}]})


@way("cancel somebody's spot request", "ec2:CancelSpotInstanceRequests", "ChangeTagged")
def _(s):
    s.role("ec2").cancel_spot_instance_requests(SpotInstanceRequestIds=[s.spot_request()])


@way("give somebody's address away", "ec2:ReleaseAddress", "ChangeTagged")
def _(s):
    s.role("ec2").release_address(AllocationId=s.address())


# the tag

for what, theirs in (("instance", Stage.instance), ("volume", Stage.volume), ("image", Stage.their_image),
                     ("address", Stage.address), ("launch template", Stage.launch_template)):
    @way(f"put the tag on somebody's {what}", "ec2:CreateTags", "TagTagged")
    def _(s, theirs=theirs):
        s.role("ec2").create_tags(Resources=[theirs(s)], Tags=[{"Key": s.key, "Value": s.id}])


@way("give its own instance to another cloud", "ec2:CreateTags", "TagTagged")
def _(s):
    s.role("ec2").create_tags(Resources=[s.node], Tags=[{"Key": s.key, "Value": "cld_another"}])


@way("take the tag off its own instance", "ec2:DeleteTags", "UntagTagged")
def _(s):
    s.role("ec2").delete_tags(Resources=[s.node], Tags=[{"Key": s.key}])


@way("take all tags off its own instance", "ec2:DeleteTags", "UntagTagged")
def _(s):
    s.role("ec2").delete_tags(Resources=[s.node])


@way("put the tag on somebody's certificate", "acm:AddTagsToCertificate", "TagRequestedCertificates")
def _(s):
    s.role("acm").add_tags_to_certificate(CertificateArn=s.certificate(), Tags=[{"Key": s.key, "Value": s.id}])


@way("put the tag on somebody's load balancer", "elasticloadbalancing:AddTags", "ChangeTaggedBalancers")
def _(s):
    s.role("elbv2").add_tags(ResourceArns=[s.balancer("cloudctl")], Tags=[{"Key": s.key, "Value": s.id}])


# services

@way("delete somebody's certificate", "acm:DeleteCertificate", "ChangeTagged")
def _(s):
    s.role("acm").delete_certificate(CertificateArn=s.certificate())


@way("ask for a certificate without the tag", "acm:RequestCertificate", "RequestTaggedCertificates")
def _(s):
    s.role("acm").request_certificate(DomainName="a.example.com")


@way("delete somebody's load balancer", "elasticloadbalancing:DeleteLoadBalancer", "ChangeTaggedBalancers")
def _(s):
    s.role("elbv2").delete_load_balancer(LoadBalancerArn=s.balancer("web"))


@way("delete a load balancer of the right name, without the tag", "elasticloadbalancing:DeleteLoadBalancer",
     "ChangeTaggedBalancers")
def _(s):
    s.role("elbv2").delete_load_balancer(LoadBalancerArn=s.balancer("cloudctl"))


@way("redirect somebody's load balancer", "elasticloadbalancing:ModifyListener", "ChangeTaggedBalancers")
def _(s):
    s.role("elbv2").modify_listener(ListenerArn=s.listener("web"), Port=81)


@way("register its instance with somebody's targets", "elasticloadbalancing:RegisterTargets", "ChangeTargetsByName")
def _(s):
    s.role("elbv2").register_targets(TargetGroupArn=s.group_of_targets("web"), Targets=[{"Id": s.node}])


@way("make a load balancer of another name", "elasticloadbalancing:CreateLoadBalancer", "CreateTaggedBalancers")
def _(s):
    s.role("elbv2").create_load_balancer(Name="web-x", Subnets=s.resources["subnet_ids"][:2],
                                         Tags=[{"Key": s.key, "Value": s.id}])
