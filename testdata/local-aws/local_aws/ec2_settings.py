# SPDX-License-Identifier: Apache-2.0
"""EC2 of an account in a region: its default key for EBS, DHCP options, and security groups used in further VPCs."""

from __future__ import annotations

from moto.ec2.models import ec2_backends
from moto.ec2.models.subnets import Subnet
from moto.ec2.models.vpcs import VPC

from .ec2_wire import filters_of, item_set, passes
from .layer import Layer, ec2_reply
from .message import AwsError, Request, Response
from .partition import ARN

_DEFAULT_KEY = "alias/aws/ebs"


class Ec2Settings(Layer):
    service = "ec2"
    actions = {
        "GetEbsDefaultKmsKeyId": "get_ebs_key", "ModifyEbsDefaultKmsKeyId": "modify_ebs_key",
        "ResetEbsDefaultKmsKeyId": "reset_ebs_key", "DescribeDhcpOptions": "describe_dhcp_options",
        "AssociateDhcpOptions": "associate_dhcp_options",
        "AssociateSecurityGroupVpc": "associate_group", "DisassociateSecurityGroupVpc": "disassociate_group",
        "DescribeSecurityGroupVpcAssociations": "describe_associations",
    }

    def get_ebs_key(self, request: Request) -> Response:
        return ec2_reply(request, f"<kmsKeyId>{_backend(request).default_kms_key_id or _DEFAULT_KEY}</kmsKeyId>")

    def modify_ebs_key(self, request: Request) -> Response:
        """A key id becomes an ARN; an ARN and an alias stay what they are. EC2 does not look whether the key exists."""
        key = request.parameters.get("KmsKeyId", "")
        if not key:
            raise AwsError("MissingParameter", "The request must contain the parameter KmsKeyId")
        if not key.startswith(("arn:", "alias/")):
            key = f"{ARN}kms:{request.region}:{request.account}:key/{key}"
        _backend(request).default_kms_key_id = key
        return self.get_ebs_key(request)

    def reset_ebs_key(self, request: Request) -> Response:
        _backend(request).default_kms_key_id = ""
        return self.get_ebs_key(request)

    def describe_dhcp_options(self, request: Request) -> Response:
        _default_options(_backend(request))
        return self.moto(request)

    def associate_dhcp_options(self, request: Request) -> Response:
        """"default" is the word for none at all: the VPC shows it in place of an id."""
        _default_options(_backend(request))
        reply = self.moto(request)
        vpc = _backend(request).get_vpc(request.parameters["VpcId"])
        vpc.local_no_options = request.parameters["DhcpOptionsId"] == "default"
        return reply

    def associate_group(self, request: Request) -> Response:
        group, vpc = self._pair(request)
        if vpc == group.vpc_id:
            raise AwsError("InvalidParameterValue", f"The security group '{group.id}' is already in the VPC '{vpc}'.")
        if group.name == "default":
            raise AwsError("InvalidParameterValue", "A default security group cannot be associated with a VPC.")
        _associations(request)[group.id, vpc] = {
            "groupId": group.id, "vpcId": vpc, "vpcOwnerId": request.account, "groupOwnerId": request.account,
            "state": "associated"}
        return ec2_reply(request, "<state>associating</state>")

    def disassociate_group(self, request: Request) -> Response:
        group, vpc = self._pair(request)
        if _associations(request).pop((group.id, vpc), None) is None:
            raise AwsError("InvalidSecurityGroupVpcAssociation.NotFound",
                           f"The security group '{group.id}' is not associated with the VPC '{vpc}'.")
        return ec2_reply(request, "<state>disassociating</state>")

    @staticmethod
    def _pair(request: Request):
        """The security group and the id of the VPC that the request names."""
        backend, name = _backend(request), request.parameters.get("GroupId", "")
        group = backend.get_security_group_from_id(name)
        if group is None:
            raise AwsError("InvalidGroup.NotFound", f"The security group '{name}' does not exist")
        return group, backend.get_vpc(request.parameters.get("VpcId", "")).id

    def describe_associations(self, request: Request) -> Response:
        filters = filters_of(request)
        rows = [row for row in _associations(request).values() if passes(filters, {
            "group-id": row["groupId"], "vpc-id": row["vpcId"], "vpc-owner-id": row["vpcOwnerId"],
            "group-owner-id": row["groupOwnerId"], "state": row["state"]})]
        return ec2_reply(request, item_set("securityGroupVpcAssociationSet", rows))


def _backend(request: Request):
    return ec2_backends[request.account][request.region]


def _associations(request: Request) -> dict[tuple[str, str], dict]:
    """Rows by group and VPC, kept on moto's backend so that a reset forgets them; those of what is gone are gone."""
    backend = _backend(request)
    rows = backend.__dict__.setdefault("local_associations", {})
    for group, vpc in [pair for pair in rows if backend.get_security_group_from_id(pair[0]) is None
                       or pair[1] not in backend.vpcs]:
        del rows[group, vpc]
    return rows


def _default_options(backend):
    """The set that VPCs have when nobody gave them another: Amazon's name servers."""
    if not hasattr(backend, "local_options"):
        domain = "ec2.internal" if backend.region_name == "us-east-1" else f"{backend.region_name}.compute.internal"
        backend.local_options = backend.create_dhcp_options(domain_name_servers=["AmazonProvidedDNS"],
                                                            domain_name=[domain])
    return backend.local_options


def _options_id(vpc) -> str:
    if getattr(vpc, "local_no_options", False):
        return "default"
    return (vpc.dhcp_options or _default_options(vpc.ec2_backend)).id


def apply() -> None:
    """Let moto's VPCs show the default set by its id, which they have not got in moto, and subnets what EC2 sends."""
    VPC.dhcp_options_id = property(_options_id)
    Subnet.enable_dns64 = False
    Subnet.map_customer_owned_ip_on_launch = False
