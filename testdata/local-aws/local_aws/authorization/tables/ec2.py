# SPDX-License-Identifier: Apache-2.0
"""EC2. A creation is checked on what it makes and on what it makes it in; tags at creation need ec2:CreateTags too."""

from __future__ import annotations

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
    DescribeVpcs
"""


def _on(operation: str, *resources: str) -> Row:
    return tuple(Demand(f"ec2:{operation}", resource) for resource in resources)


def _makes(operation: str, kind: str, *inside: str) -> Row:
    return (Demand(f"ec2:{operation}", f"{kind}/*", tagged=True), *_on(operation, *inside),
            Demand("ec2:CreateTags", f"{kind}/*", when="tags", tagged=True, context={"ec2:CreateAction": operation}))


def _optional(operation: str, **resources: str) -> Row:
    """Resources that are checked when the request names them: parameter -> kind."""
    return tuple(Demand(f"ec2:{operation}", f"{kind}/{{{name}}}", when=name) for name, kind in resources.items())


_IMAGE = "arn:aws:ec2:{region}::image/{ImageId}"

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
    "RunInstances": (*_makes("RunInstances", "instance", _IMAGE, "network-interface/*", "volume/*",
                             "security-group/{SecurityGroupId}", "subnet/{SubnetId}"),
                     *_optional("RunInstances", KeyName="key-pair"),
                     Demand("iam:PassRole", "{PassedRole}", when="PassedRole",
                            context={"iam:PassedToService": "ec2.amazonaws.com"})),
    **{name: _on(name, "instance/{InstanceId}") for name in
       ("TerminateInstances", "StopInstances", "StartInstances", "ModifyInstanceAttribute", "GetConsoleOutput",
        "DescribeInstanceAttribute")},
}

# Id of a resource -> its kind in an ARN.
KINDS = {"vpc": "vpc", "subnet": "subnet", "igw": "internet-gateway", "rtb": "route-table", "sg": "security-group",
         "sgr": "security-group-rule", "vpce": "vpc-endpoint", "i": "instance", "eni": "network-interface",
         "nat": "natgateway", "acl": "network-acl", "vol": "volume", "eipalloc": "elastic-ip", "pl": "prefix-list",
         "dopt": "dhcp-options"}
