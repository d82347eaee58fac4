# SPDX-License-Identifier: Apache-2.0
"""What the control plane does with its role, in the order of a launch: each need with the actions that it takes.

From the vendor's documented permissions ("Detailed resource requirements", IAM Role for cross account access, and the newer
ones for load balancers that are made directly). docs/control-plane-role.md shows this table; a test holds both in step.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Callable

from role_stage import Stage


@dataclass(frozen=True)
class Need:
    what: str
    actions: tuple[str, ...]
    meet: Callable[[Stage], object]


NEEDS: list[Need] = []
SPOT, BALANCING = "spot.amazonaws.com", "elasticloadbalancing.amazonaws.com"


def need(what: str, *actions: str):
    def add(meet):
        NEEDS.append(Need(what, tuple(" ".join(actions).split()), meet))
        return meet
    return add


# looking

@need("see what the account and the region have", "ec2:DescribeAccountAttributes ec2:DescribeAvailabilityZones "
      "ec2:DescribeInstanceTypes ec2:DescribeRegions ec2:DescribeReservedInstancesOfferings ec2:DescribeSpotPriceHistory "
      "ec2:DescribeCapacityReservations")
def _(s):
    ec2 = s.role("ec2")
    ec2.describe_account_attributes()
    ec2.describe_availability_zones()
    ec2.describe_instance_types(InstanceTypes=["m5.large"])
    ec2.describe_regions()
    ec2.describe_reserved_instances_offerings(MaxResults=5)
    ec2.describe_spot_price_history(InstanceTypes=["m5.large"], MaxResults=5)
    ec2.describe_capacity_reservations()


@need("see the cloud's network, file system and node role", "ec2:DescribeVpcs ec2:DescribeSubnets ec2:DescribeRouteTables "
      "ec2:DescribeSecurityGroups ec2:DescribeInternetGateways ec2:DescribePrefixLists "
      "elasticfilesystem:DescribeMountTargets iam:GetInstanceProfile")
def _(s):
    ec2 = s.role("ec2")
    ec2.describe_vpcs(VpcIds=[s.resources["vpc_id"]])
    ec2.describe_subnets(SubnetIds=s.resources["subnet_ids"])
    ec2.describe_route_tables()
    ec2.describe_security_groups(GroupIds=s.resources["security_group_ids"])
    ec2.describe_internet_gateways()
    ec2.describe_prefix_lists()
    s.role("efs").describe_mount_targets(FileSystemId=s.resources["file_system_id"])
    s.role("iam").get_instance_profile(InstanceProfileName=s.launch["IamInstanceProfile"]["Name"])


# a cluster

@need("launch a head node, with its volume tagged", "ec2:RunInstances ec2:CreateTags iam:PassRole")
def _(s):
    s.head = s.run(s.role("ec2"), **s.tag("instance", "volume"))


@need("launch by an interface of its own, as for a public address", "ec2:RunInstances ec2:CreateTags iam:PassRole")
def _(s):
    launch = {key: value for key, value in s.launch.items() if key not in ("SubnetId", "SecurityGroupIds")}
    interface = {"DeviceIndex": 0, "SubnetId": s.launch["SubnetId"], "Groups": s.launch["SecurityGroupIds"],
                 "AssociatePublicIpAddress": True}
    s.role("ec2").run_instances(**launch, NetworkInterfaces=[interface], **s.tag("instance"))


@need("keep workers together in a placement group", "ec2:CreatePlacementGroup ec2:DescribePlacementGroups "
      "ec2:RunInstances ec2:CreateTags iam:PassRole")
def _(s):
    s.role("ec2").create_placement_group(GroupName="workers", Strategy="cluster", **s.tag("placement-group"))
    s.role("ec2").describe_placement_groups(GroupNames=["workers"])
    s.run(s.role("ec2"), Placement={"GroupName": "workers"}, **s.tag("instance"))


@need("launch by a launch template that carries the tag", "ec2:RunInstances ec2:CreateTags iam:PassRole")
def _(s):
    template = s.launch_template()
    s.own("ec2").create_tags(Resources=[template], Tags=[{"Key": s.key, "Value": s.id}])
    s.run(s.role("ec2"), LaunchTemplate={"LaunchTemplateId": template}, **s.tag("instance"))


@need("make the service-linked role of spot instances", "iam:CreateServiceLinkedRole")
def _(s):
    s.role("iam").create_service_linked_role(AWSServiceName=SPOT)


@need("launch a spot worker, and end its request", "ec2:RequestSpotInstances ec2:CreateTags iam:PassRole "
      "ec2:DescribeSpotInstanceRequests ec2:CancelSpotInstanceRequests")
def _(s):
    specification = {key: s.launch[key] for key in ("ImageId", "InstanceType", "SubnetId", "SecurityGroupIds",
                                                    "IamInstanceProfile")}
    made = s.role("ec2").request_spot_instances(LaunchSpecification=specification, **s.tag("spot-instances-request"))
    request = made["SpotInstanceRequests"][0]["SpotInstanceRequestId"]
    s.role("ec2").describe_spot_instance_requests(SpotInstanceRequestIds=[request])
    s.role("ec2").cancel_spot_instance_requests(SpotInstanceRequestIds=[request])


@need("watch its instances", "ec2:DescribeInstances ec2:DescribeInstanceStatus ec2:DescribeVolumes "
      "ec2:DescribeIamInstanceProfileAssociations")
def _(s):
    s.role("ec2").describe_instances(InstanceIds=[s.head])
    s.role("ec2").describe_instance_status(InstanceIds=[s.head])
    s.role("ec2").describe_volumes()
    s.associations = s.role("ec2").describe_iam_instance_profile_associations(
        Filters=[{"Name": "instance-id", "Values": [s.head]}])["IamInstanceProfileAssociations"]


@need("name its instances, and set its tag again", "ec2:CreateTags ec2:DeleteTags")
def _(s):
    s.role("ec2").create_tags(Resources=[s.head], Tags=[{"Key": "Name", "Value": "head"}, {"Key": s.key, "Value": s.id}])
    s.role("ec2").delete_tags(Resources=[s.head], Tags=[{"Key": "Name"}])


@need("change its instances, their groups among it", "ec2:ModifyInstanceAttribute")
def _(s):
    s.role("ec2").modify_instance_attribute(InstanceId=s.head, DisableApiTermination={"Value": False})
    s.role("ec2").modify_instance_attribute(InstanceId=s.head, Groups=s.launch["SecurityGroupIds"])


@need("give an instance the node role, another time and away", "ec2:ReplaceIamInstanceProfileAssociation "
      "ec2:DisassociateIamInstanceProfile ec2:AssociateIamInstanceProfile iam:PassRole")
def _(s):
    ec2, profile = s.role("ec2"), s.launch["IamInstanceProfile"]
    replaced = ec2.replace_iam_instance_profile_association(
        AssociationId=s.associations[0]["AssociationId"], IamInstanceProfile=profile)["IamInstanceProfileAssociation"]
    ec2.disassociate_iam_instance_profile(AssociationId=replaced["AssociationId"])
    ec2.associate_iam_instance_profile(InstanceId=s.head, IamInstanceProfile=profile)


@need("attach a volume of its own", "ec2:CreateVolume ec2:CreateTags ec2:AttachVolume")
def _(s):
    zone = s.own("ec2").describe_instances(InstanceIds=[s.head])["Reservations"][0]["Instances"][0]["Placement"][
        "AvailabilityZone"]
    volume = s.role("ec2").create_volume(AvailabilityZone=zone, Size=1, **s.tag("volume"))["VolumeId"]
    s.role("ec2").attach_volume(InstanceId=s.head, VolumeId=volume, Device="/dev/sdf")


@need("use an address of its own", "ec2:AllocateAddress ec2:CreateTags ec2:ReleaseAddress")
def _(s):
    address = s.role("ec2").allocate_address(Domain="vpc", **s.tag("elastic-ip"))["AllocationId"]
    s.role("ec2").release_address(AllocationId=address)


@need("share an image that carries the tag", "ec2:ModifyImageAttribute")
def _(s):
    image = s.their_image()
    s.own("ec2").create_tags(Resources=[image], Tags=[{"Key": s.key, "Value": s.id}])
    s.role("ec2").modify_image_attribute(ImageId=image, LaunchPermission={"Add": [{"UserId": "999999999999"}]})


@need("stop a cluster and start it again", "ec2:StopInstances ec2:StartInstances")
def _(s):
    s.role("ec2").stop_instances(InstanceIds=[s.head])
    s.role("ec2").start_instances(InstanceIds=[s.head])


# a service

@need("make the service-linked role of load balancing", "iam:CreateServiceLinkedRole")
def _(s):
    s.role("iam").create_service_linked_role(AWSServiceName=BALANCING)


@need("get a certificate", "acm:RequestCertificate acm:AddTagsToCertificate acm:ListCertificates acm:DescribeCertificate "
      "acm:GetCertificate acm:ListTagsForCertificate acm:RenewCertificate")
def _(s):
    acm = s.role("acm")
    s.certified = acm.request_certificate(DomainName="service.example.com", ValidationMethod="DNS",
                                          Tags=[{"Key": s.key, "Value": s.id}])["CertificateArn"]
    acm.add_tags_to_certificate(CertificateArn=s.certified, Tags=[{"Key": "Name", "Value": "service"}])
    acm.list_certificates()
    acm.describe_certificate(CertificateArn=s.certified)
    acm.get_certificate(CertificateArn=s.certified)
    acm.list_tags_for_certificate(CertificateArn=s.certified)
    acm.renew_certificate(CertificateArn=s.certified)


@need("put a load balancer before a service, directly", "elasticloadbalancing:CreateLoadBalancer "
      "elasticloadbalancing:CreateTargetGroup elasticloadbalancing:CreateListener elasticloadbalancing:CreateRule "
      "elasticloadbalancing:AddTags elasticloadbalancing:RegisterTargets")
def _(s):
    elb, tags, name = s.role("elbv2"), {"Tags": [{"Key": s.key, "Value": s.id}]}, f"{s.balancers}-service"
    s.front = elb.create_load_balancer(Name=name, Subnets=s.resources["subnet_ids"][:2],
                                       SecurityGroups=s.resources["security_group_ids"], **tags)["LoadBalancers"][0][
        "LoadBalancerArn"]
    s.targets = elb.create_target_group(Name=name, Protocol="HTTP", Port=8000, VpcId=s.resources["vpc_id"], **tags)[
        "TargetGroups"][0]["TargetGroupArn"]
    s.forward = [{"Type": "forward", "TargetGroupArn": s.targets}]
    s.ear = elb.create_listener(LoadBalancerArn=s.front, Protocol="HTTP", Port=80, DefaultActions=s.forward, **tags)[
        "Listeners"][0]["ListenerArn"]
    s.rule = elb.create_rule(ListenerArn=s.ear, Priority=1, Actions=s.forward, Conditions=[
        {"Field": "path-pattern", "Values": ["/a"]}], **tags)["Rules"][0]["RuleArn"]
    elb.register_targets(TargetGroupArn=s.targets, Targets=[{"Id": s.head}])


@need("watch a load balancer", "elasticloadbalancing:DescribeLoadBalancers elasticloadbalancing:DescribeTargetGroups "
      "elasticloadbalancing:DescribeListeners elasticloadbalancing:DescribeRules elasticloadbalancing:DescribeTags "
      "elasticloadbalancing:DescribeTargetHealth elasticloadbalancing:DescribeLoadBalancerAttributes "
      "elasticloadbalancing:DescribeTargetGroupAttributes elasticloadbalancing:DescribeListenerCertificates")
def _(s):
    elb = s.role("elbv2")
    elb.describe_load_balancers(LoadBalancerArns=[s.front])
    elb.describe_target_groups(TargetGroupArns=[s.targets])
    elb.describe_listeners(LoadBalancerArn=s.front)
    elb.describe_rules(ListenerArn=s.ear)
    elb.describe_tags(ResourceArns=[s.front])
    elb.describe_target_health(TargetGroupArn=s.targets)
    elb.describe_load_balancer_attributes(LoadBalancerArn=s.front)
    elb.describe_target_group_attributes(TargetGroupArn=s.targets)
    elb.describe_listener_certificates(ListenerArn=s.ear)


@need("roll a service out", "elasticloadbalancing:ModifyListener elasticloadbalancing:ModifyRule "
      "elasticloadbalancing:SetRulePriorities elasticloadbalancing:ModifyTargetGroup "
      "elasticloadbalancing:ModifyTargetGroupAttributes elasticloadbalancing:ModifyLoadBalancerAttributes "
      "elasticloadbalancing:AddListenerCertificates elasticloadbalancing:RemoveListenerCertificates "
      "elasticloadbalancing:SetSecurityGroups elasticloadbalancing:SetSubnets elasticloadbalancing:SetIpAddressType "
      "elasticloadbalancing:AddTags elasticloadbalancing:RemoveTags")
def _(s):
    elb, certificates = s.role("elbv2"), {"ListenerArn": s.ear, "Certificates": [{"CertificateArn": s.certified}]}
    elb.modify_listener(ListenerArn=s.ear, DefaultActions=s.forward)
    elb.modify_rule(RuleArn=s.rule, Actions=s.forward)
    elb.set_rule_priorities(RulePriorities=[{"RuleArn": s.rule, "Priority": 2}])
    elb.modify_target_group(TargetGroupArn=s.targets, HealthCheckPath="/healthz")
    elb.modify_target_group_attributes(TargetGroupArn=s.targets, Attributes=[
        {"Key": "deregistration_delay.timeout_seconds", "Value": "30"}])
    elb.modify_load_balancer_attributes(LoadBalancerArn=s.front, Attributes=[
        {"Key": "idle_timeout.timeout_seconds", "Value": "120"}])
    elb.add_listener_certificates(**certificates)
    elb.remove_listener_certificates(**certificates)
    elb.set_security_groups(LoadBalancerArn=s.front, SecurityGroups=s.resources["security_group_ids"])
    elb.set_subnets(LoadBalancerArn=s.front, Subnets=s.resources["subnet_ids"][:2])
    elb.set_ip_address_type(LoadBalancerArn=s.front, IpAddressType="ipv4")
    elb.add_tags(ResourceArns=[s.front], Tags=[{"Key": "Name", "Value": "service"}])
    elb.remove_tags(ResourceArns=[s.front], TagKeys=["Name"])


@need("end a service that was made directly", "elasticloadbalancing:DeregisterTargets elasticloadbalancing:DeleteRule "
      "elasticloadbalancing:DeleteListener elasticloadbalancing:DeleteLoadBalancer elasticloadbalancing:DeleteTargetGroup "
      "acm:DeleteCertificate")
def _(s):
    elb = s.role("elbv2")
    elb.deregister_targets(TargetGroupArn=s.targets, Targets=[{"Id": s.head}])
    elb.delete_rule(RuleArn=s.rule)
    elb.delete_listener(ListenerArn=s.ear)
    elb.delete_load_balancer(LoadBalancerArn=s.front)
    elb.delete_target_group(TargetGroupArn=s.targets)
    s.role("acm").delete_certificate(CertificateArn=s.certified)


def _service(s: Stage, path: str) -> str:
    name = f"{s.balancers}-stack"
    return json.dumps({"Resources": {
        "Front": {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer", "Properties": {
            "Name": name, "Subnets": s.resources["subnet_ids"][:2],
            "SecurityGroups": s.resources["security_group_ids"]}},
        "Targets": {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": {
            "Name": name, "Protocol": "HTTP", "Port": 8000, "VpcId": s.resources["vpc_id"], "HealthCheckPath": path}},
        "Ear": {"Type": "AWS::ElasticLoadBalancingV2::Listener", "Properties": {
            "LoadBalancerArn": {"Ref": "Front"}, "Protocol": "HTTP", "Port": 80,
            "DefaultActions": [{"Type": "forward", "TargetGroupArn": {"Ref": "Targets"}}]}}}})


@need("put a load balancer before a service, by a stack", "cloudformation:CreateStack cloudformation:TagResource "
      "cloudformation:DescribeStacks cloudformation:DescribeStackEvents cloudformation:DescribeStackResources "
      "cloudformation:GetTemplate elasticloadbalancing:CreateLoadBalancer elasticloadbalancing:CreateTargetGroup "
      "elasticloadbalancing:CreateListener elasticloadbalancing:AddTags elasticloadbalancing:DescribeLoadBalancers "
      "elasticloadbalancing:DescribeTargetGroups elasticloadbalancing:DescribeListeners elasticloadbalancing:DescribeTags "
      "elasticloadbalancing:DescribeLoadBalancerAttributes elasticloadbalancing:DescribeTargetGroupAttributes")
def _(s):
    cloudformation, name = s.role("cloudformation"), f"{s.balancers}-service"
    cloudformation.create_stack(StackName=name, TemplateBody=_service(s, "/"), Tags=[{"Key": s.key, "Value": s.id}])
    assert s.settled(name) == "CREATE_COMPLETE", cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    cloudformation.describe_stacks(StackName=name)
    cloudformation.describe_stack_events(StackName=name)
    cloudformation.describe_stack_resources(StackName=name)
    cloudformation.get_template(StackName=name)


@need("roll out and end a service that is a stack", "cloudformation:UpdateStack cloudformation:DeleteStack "
      "cloudformation:TagResource elasticloadbalancing:ModifyTargetGroup elasticloadbalancing:DeleteListener "
      "elasticloadbalancing:DeleteLoadBalancer elasticloadbalancing:DeleteTargetGroup "
      "elasticloadbalancing:DescribeLoadBalancers elasticloadbalancing:DescribeTargetGroups "
      "elasticloadbalancing:DescribeListeners elasticloadbalancing:DescribeTags "
      "elasticloadbalancing:DescribeTargetGroupAttributes")
def _(s):
    cloudformation, name = s.role("cloudformation"), f"{s.balancers}-service"
    cloudformation.update_stack(StackName=name, TemplateBody=_service(s, "/healthz"),
                                Tags=[{"Key": s.key, "Value": s.id}])
    assert s.settled(name) == "UPDATE_COMPLETE"
    cloudformation.delete_stack(StackName=name)
    s.gone(name)


# the end

@need("end a cluster", "ec2:TerminateInstances")
def _(s):
    s.role("ec2").terminate_instances(InstanceIds=[s.head])
