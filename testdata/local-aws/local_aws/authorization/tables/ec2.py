# SPDX-License-Identifier: Apache-2.0
"""EC2. A creation is checked on what it makes and on what it makes it in; tags at creation need ec2:CreateTags too."""

from __future__ import annotations

from ...partition import ARN
from ..demand import Demand

Row = tuple[Demand, ...]

# The reference names no resource type for these: only "Resource": "*" grants them.
_DESCRIPTIONS = """
    DescribeAccountAttributes DescribeAddresses DescribeAvailabilityZones DescribeDhcpOptions DescribeImages
    DescribeInstances DescribeSecurityGroupVpcAssociations DescribeVpcBlockPublicAccessExclusions
    DescribeVpcBlockPublicAccessOptions ModifyVpcBlockPublicAccessOptions GetEbsDefaultKmsKeyId
    GetEbsEncryptionByDefault EnableEbsEncryptionByDefault DisableEbsEncryptionByDefault ModifyEbsDefaultKmsKeyId
    ResetEbsDefaultKmsKeyId
    DescribeInstanceStatus DescribeInstanceTypeOfferings DescribeInstanceTypes DescribeInternetGateways DescribeKeyPairs
    DescribeManagedPrefixLists DescribeNatGateways DescribeNetworkAcls DescribeNetworkInterfaceAttribute
    DescribeNetworkInterfaces DescribePrefixLists DescribeRegions DescribeRouteTables DescribeSecurityGroupRules
    DescribeSecurityGroups DescribeSubnets DescribeTags DescribeVolumes DescribeVpcEndpoints DescribeVpcEndpointServices
    DescribeVpcs DescribeCapacityReservations DescribeIamInstanceProfileAssociations DescribeLaunchTemplates
    DescribePlacementGroups DescribeReservedInstancesOfferings DescribeSpotInstanceRequests DescribeSpotPriceHistory
    DescribeSnapshots DescribeEgressOnlyInternetGateways DescribeTransitGatewayVpcAttachments
    DescribeVpcPeeringConnections DescribeVpnGateways GetSubnetCidrReservations
"""


def _on(operation: str, *resources: str) -> Row:
    return tuple(Demand(f"ec2:{operation}", resource) for resource in resources)


def _makes(operation: str, kind: str, *inside: str) -> Row:
    return (Demand(f"ec2:{operation}", f"{kind}/*", tagged=True), *_on(operation, *inside),
            Demand("ec2:CreateTags", f"{kind}/*", when="tags", tagged=True, context={"ec2:CreateAction": operation}))


def _tags_of(operation: str, *kinds: str) -> Row:
    """The tagging of several things that are made at once."""
    return tuple(Demand("ec2:CreateTags", f"{kind}/*", when="tags", tagged=True, of=kind,
                        context={"ec2:CreateAction": operation}) for kind in kinds)


def _launch(operation: str) -> Row:
    """What a launch is made with and in. Values of its interfaces count like those of the request itself."""
    return (Demand(f"ec2:{operation}", ARN + "ec2:{region}::image/{LaunchImage}"),
            Demand(f"ec2:{operation}", "subnet/{LaunchSubnet}"),
            Demand(f"ec2:{operation}", "security-group/{LaunchGroup}"),
            Demand(f"ec2:{operation}", "key-pair/{LaunchKey}", when="LaunchKey"),
            Demand(f"ec2:{operation}", "placement-group/{LaunchGroupName}", when="LaunchGroupName"),
            Demand(f"ec2:{operation}", "network-interface/{LaunchInterface}", when="LaunchInterface"),
            Demand(f"ec2:{operation}", ARN + "ec2:{region}::snapshot/{LaunchSnapshot}", when="LaunchSnapshot"),
            _passes())


def _passes() -> Demand:
    return Demand("iam:PassRole", "{PassedRole}", when="PassedRole",
                  context={"iam:PassedToService": "ec2.amazonaws.com"})


def _optional(operation: str, **resources: str) -> Row:
    """Resources that are checked when the request names them: parameter -> kind."""
    return tuple(Demand(f"ec2:{operation}", f"{kind}/{{{name}}}", when=name) for name, kind in resources.items())


_IMAGE = ARN + "ec2:{region}::image/{ImageId}"

ACTIONS: dict[str, Row] = {
    **{name: (Demand(f"ec2:{name}"),) for name in _DESCRIPTIONS.split()},
    "DescribeVpcAttribute": _on("DescribeVpcAttribute", "vpc/{VpcId}"),
    "CreateVpc": _makes("CreateVpc", "vpc"),
    "DeleteVpc": _on("DeleteVpc", "vpc/{VpcId}"),
    "ModifyVpcAttribute": _on("ModifyVpcAttribute", "vpc/{VpcId}"),
    "AssociateVpcCidrBlock": _on("AssociateVpcCidrBlock", "vpc/{VpcId}"),
    "CreateDhcpOptions": _makes("CreateDhcpOptions", "dhcp-options"),
    "AssociateDhcpOptions": (*_on("AssociateDhcpOptions", "vpc/{VpcId}"),
                             *_optional("AssociateDhcpOptions", DhcpOptionsId="dhcp-options")),
    "DeleteDhcpOptions": _on("DeleteDhcpOptions", "dhcp-options/{DhcpOptionsId}"),
    "CreateManagedPrefixList": _makes("CreateManagedPrefixList", "prefix-list"),
    "GetManagedPrefixListEntries": _on("GetManagedPrefixListEntries", "prefix-list/{PrefixListId}"),
    "CreateSubnet": _makes("CreateSubnet", "subnet", "vpc/{VpcId}"),
    "DeleteSubnet": _on("DeleteSubnet", "subnet/{SubnetId}"),
    "ModifySubnetAttribute": _on("ModifySubnetAttribute", "subnet/{SubnetId}"),
    "CreateInternetGateway": _makes("CreateInternetGateway", "internet-gateway"),
    "DeleteInternetGateway": _on("DeleteInternetGateway", "internet-gateway/{InternetGatewayId}"),
    "AttachInternetGateway": _on("AttachInternetGateway", "internet-gateway/{InternetGatewayId}", "vpc/{VpcId}"),
    "DetachInternetGateway": _on("DetachInternetGateway", "internet-gateway/{InternetGatewayId}", "vpc/{VpcId}"),
    "CreateRouteTable": _makes("CreateRouteTable", "route-table", "vpc/{VpcId}"),
    "DeleteRouteTable": _on("DeleteRouteTable", "route-table/{RouteTableId}"),
    "CreateRoute": _on("CreateRoute", "route-table/{RouteTableId}"),
    "ReplaceRoute": _on("ReplaceRoute", "route-table/{RouteTableId}"),
    "DeleteRoute": _on("DeleteRoute", "route-table/{RouteTableId}"),
    "AssociateRouteTable": (*_on("AssociateRouteTable", "route-table/{RouteTableId}"),
                            *_optional("AssociateRouteTable", SubnetId="subnet", GatewayId="internet-gateway")),
    "DisassociateRouteTable": _on("DisassociateRouteTable", "route-table/{AssociatedTable}",
                                  "subnet/{AssociatedSubnet}"),
    "CreateVpcEndpoint": (*_makes("CreateVpcEndpoint", "vpc-endpoint", "vpc/{VpcId}"),
                          *_optional("CreateVpcEndpoint", RouteTableId="route-table", SubnetId="subnet",
                                     SecurityGroupId="security-group")),
    "ModifyVpcEndpoint": (*_on("ModifyVpcEndpoint", "vpc-endpoint/{VpcEndpointId}"),
                          *_optional("ModifyVpcEndpoint", AddRouteTableId="route-table",
                                     RemoveRouteTableId="route-table", AddSubnetId="subnet", RemoveSubnetId="subnet",
                                     AddSecurityGroupId="security-group", RemoveSecurityGroupId="security-group")),
    "DeleteVpcEndpoints": _on("DeleteVpcEndpoints", "vpc-endpoint/{VpcEndpointId}"),
    "CreateSecurityGroup": (*_makes("CreateSecurityGroup", "security-group"),
                            *_optional("CreateSecurityGroup", VpcId="vpc")),
    "DeleteSecurityGroup": _on("DeleteSecurityGroup", "security-group/{GroupId}"),
    **{f"{verb}SecurityGroup{way}": _on(f"{verb}SecurityGroup{way}", "security-group/{GroupId}")
       for verb in ("Authorize", "Revoke") for way in ("Ingress", "Egress")},
    **{f"UpdateSecurityGroupRuleDescriptions{way}":
       _on(f"UpdateSecurityGroupRuleDescriptions{way}", "security-group/{GroupId}") for way in ("Ingress", "Egress")},
    **{f"{verb}SecurityGroupVpc": _on(f"{verb}SecurityGroupVpc", "security-group/{GroupId}", "vpc/{VpcId}")
       for verb in ("Associate", "Disassociate")},
    "CreateVpcBlockPublicAccessExclusion": (
        *_makes("CreateVpcBlockPublicAccessExclusion", "vpc-block-public-access-exclusion"),
        *_optional("CreateVpcBlockPublicAccessExclusion", SubnetId="subnet", VpcId="vpc")),
    **{f"{verb}VpcBlockPublicAccessExclusion": _on(f"{verb}VpcBlockPublicAccessExclusion",
                                                   "vpc-block-public-access-exclusion/{ExclusionId}")
       for verb in ("Modify", "Delete")},
    "CreateNetworkInterface": (*_makes("CreateNetworkInterface", "network-interface", "subnet/{SubnetId}"),
                               *_optional("CreateNetworkInterface", SecurityGroupId="security-group")),
    "DeleteNetworkInterface": _on("DeleteNetworkInterface", "network-interface/{NetworkInterfaceId}"),
    "CreateNatGateway": (*_makes("CreateNatGateway", "natgateway", "subnet/{SubnetId}"),
                         *_optional("CreateNatGateway", AllocationId="elastic-ip")),
    "DeleteNatGateway": _on("DeleteNatGateway", "natgateway/{NatGatewayId}"),
    "AllocateAddress": _makes("AllocateAddress", "elastic-ip"),
    "ReleaseAddress": _on("ReleaseAddress", "elastic-ip/{AllocationId}"),
    "CreateNetworkAcl": _makes("CreateNetworkAcl", "network-acl", "vpc/{VpcId}"),
    "CreateNetworkAclEntry": _on("CreateNetworkAclEntry", "network-acl/{NetworkAclId}"),
    "ReplaceNetworkAclEntry": _on("ReplaceNetworkAclEntry", "network-acl/{NetworkAclId}"),
    "DeleteNetworkAclEntry": _on("DeleteNetworkAclEntry", "network-acl/{NetworkAclId}"),
    "CreateTags": (Demand("ec2:CreateTags", "{TaggedResource}", tagged=True),),
    "DeleteTags": (Demand("ec2:DeleteTags", "{TaggedResource}", tagged=True),),
    "RunInstances": (Demand("ec2:RunInstances", "instance/*", tagged=True, of="instance"),
                     Demand("ec2:RunInstances", "network-interface/*", tagged=True, of="network-interface",
                            context={"ec2:Vpc": "{LaunchVpc}"}),
                     Demand("ec2:RunInstances", "volume/*", tagged=True, of="volume"),
                     Demand("ec2:RunInstances", "launch-template/{LaunchTemplate}", when="LaunchTemplate"),
                     Demand("ec2:RunInstances", "capacity-reservation/{Reservation}", when="Reservation"),
                     *_launch("RunInstances"),
                     *_tags_of("RunInstances", "instance", "volume", "network-interface", "spot-instances-request")),
    "RequestSpotInstances": (Demand("ec2:RequestSpotInstances", "spot-instances-request/*", tagged=True,
                                    of="spot-instances-request"), *_launch("RequestSpotInstances"),
                             *_tags_of("RequestSpotInstances", "spot-instances-request")),
    "CancelSpotInstanceRequests": _on("CancelSpotInstanceRequests", "spot-instances-request/{SpotInstanceRequestId}"),
    **{name: _on(name, "instance/{InstanceId}") for name in
       ("TerminateInstances", "StopInstances", "StartInstances", "GetConsoleOutput", "DescribeInstanceAttribute")},
    "ModifyInstanceAttribute": (*_on("ModifyInstanceAttribute", "instance/{InstanceId}"),
                                *_optional("ModifyInstanceAttribute", GroupId="security-group")),
    "AssociateIamInstanceProfile": (*_on("AssociateIamInstanceProfile", "instance/{InstanceId}"), _passes()),
    "ReplaceIamInstanceProfileAssociation": (
        *_on("ReplaceIamInstanceProfileAssociation", "instance/{AssociatedInstance}"), _passes()),
    "DisassociateIamInstanceProfile": _on("DisassociateIamInstanceProfile", "instance/{AssociatedInstance}"),
    "CreateVolume": (*_makes("CreateVolume", "volume"),
                     Demand("ec2:CreateVolume", ARN + "ec2:{region}::snapshot/{SnapshotId}", when="SnapshotId")),
    "DeleteVolume": _on("DeleteVolume", "volume/{VolumeId}"),
    "CreateSnapshot": (Demand("ec2:CreateSnapshot", ARN + "ec2:{region}::snapshot/*", tagged=True),
                       *_on("CreateSnapshot", "volume/{VolumeId}")),
    "CreateImage": (*_on("CreateImage", "instance/{InstanceId}"),
                    Demand("ec2:CreateImage", ARN + "ec2:{region}::image/*", tagged=True),
                    Demand("ec2:CreateImage", ARN + "ec2:{region}::snapshot/*", tagged=True)),
    "AttachVolume": _on("AttachVolume", "instance/{InstanceId}", "volume/{VolumeId}"),
    "CreatePlacementGroup": _makes("CreatePlacementGroup", "placement-group"),
    "ModifyImageAttribute": (Demand("ec2:ModifyImageAttribute", ARN + "ec2:{region}::image/{ImageId}"),),
    "CreateLaunchTemplate": _makes("CreateLaunchTemplate", "launch-template"),
}

# Id of a resource -> its kind in an ARN.
KINDS = {"vpc": "vpc", "subnet": "subnet", "igw": "internet-gateway", "rtb": "route-table", "sg": "security-group",
         "sgr": "security-group-rule", "vpce": "vpc-endpoint", "i": "instance", "eni": "network-interface",
         "nat": "natgateway", "acl": "network-acl", "vol": "volume", "eipalloc": "elastic-ip", "pl": "prefix-list",
         "dopt": "dhcp-options", "sir": "spot-instances-request", "lt": "launch-template", "ami": "image"}
