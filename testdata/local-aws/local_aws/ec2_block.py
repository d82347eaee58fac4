# SPDX-License-Identifier: Apache-2.0
"""VPC Block Public Access: the region's mode, what is excluded from it, and the mode that VPCs and subnets show.

From the Amazon VPC User Guide, "Block public access to VPCs and subnets". A change is complete at once; on AWS it takes
minutes. The state is kept on moto's backend, so that a reset forgets it.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timezone

from moto.ec2.models import ec2_backends
from moto.ec2.models.subnets import Subnet
from moto.ec2.models.vpcs import VPC

from .ec2_wire import filters_of, item_set, listed, members, passes
from .layer import Layer, ec2_reply
from .message import AwsError, Request, Response
from .partition import ARN

_MODES = ("off", "block-bidirectional", "block-ingress")
# The mode of what is excluded, by the exclusion's own; AWS documents no value of it.
_EXCLUDED = {"allow-bidirectional": "off", "allow-egress": "block-ingress"}


class _Block:
    """What one account has set in one region. exclusions: rows as they are shown, by id."""

    def __init__(self) -> None:
        self.mode = "off"
        self.changed = ""
        self.exclusions: dict[str, dict] = {}

    def mode_of(self, arns: list[str]) -> str:
        """The mode of a resource that has these ARNs, its own and that of its VPC."""
        if self.mode == "off":
            return "off"
        excluded = [row["internetGatewayExclusionMode"] for row in self.exclusions.values()
                    if row["resourceArn"] in arns]
        return _EXCLUDED[excluded[0]] if excluded else self.mode


def _of(backend) -> _Block:
    if not hasattr(backend, "local_block"):
        backend.local_block = _Block()
    return backend.local_block


def _arn(backend, kind: str, identifier: str) -> str:
    return f"{ARN}ec2:{backend.region_name}:{backend.account_id}:{kind}/{identifier}"


def _vpc_states(vpc) -> dict[str, str]:
    backend = vpc.ec2_backend
    return {"InternetGatewayBlockMode": _of(backend).mode_of([_arn(backend, "vpc", vpc.id)])}


def _subnet_states(subnet) -> dict[str, str]:
    backend = subnet.ec2_backend
    arns = [_arn(backend, "subnet", subnet.id), _arn(backend, "vpc", subnet.vpc_id)]
    return {"InternetGatewayBlockMode": _of(backend).mode_of(arns)}


class Ec2Block(Layer):
    """The actions; DescribeVpcs and DescribeSubnets are moto's, which show the mode as a member of its objects."""

    service = "ec2"
    actions = {
        "DescribeVpcBlockPublicAccessOptions": "describe_block", "ModifyVpcBlockPublicAccessOptions": "modify_block",
        "DescribeVpcBlockPublicAccessExclusions": "describe_exclusions",
        "CreateVpcBlockPublicAccessExclusion": "create_exclusion",
        "ModifyVpcBlockPublicAccessExclusion": "modify_exclusion",
        "DeleteVpcBlockPublicAccessExclusion": "delete_exclusion",
    }

    def describe_block(self, request: Request) -> Response:
        block = _block(request)
        row = {"awsAccountId": request.account, "awsRegion": request.region, "internetGatewayBlockMode": block.mode,
               "state": "update-complete" if block.changed else "default-state", "managedBy": "account",
               "exclusionsAllowed": "allowed"}
        if block.changed:
            row["lastUpdateTimestamp"] = block.changed
        return ec2_reply(request, f"<vpcBlockPublicAccessOptions>{members(row)}</vpcBlockPublicAccessOptions>")

    def modify_block(self, request: Request) -> Response:
        mode = request.parameters.get("InternetGatewayBlockMode", "")
        if mode not in _MODES:
            raise AwsError("InvalidParameterValue", f"Invalid value '{mode}' for InternetGatewayBlockMode.")
        block = _block(request)
        block.mode, block.changed = mode, _now()
        return self.describe_block(request)

    def describe_exclusions(self, request: Request) -> Response:
        wanted, filters, rows = listed(request, "ExclusionId"), filters_of(request), _block(request).exclusions
        for identifier in wanted:
            _found(request, identifier)
        chosen = [row for row in rows.values() if (not wanted or row["exclusionId"] in wanted) and passes(filters, {
            "resource-arn": row["resourceArn"], "state": row["state"],
            "internet-gateway-exclusion-mode": row["internetGatewayExclusionMode"]})]
        return ec2_reply(request, item_set("vpcBlockPublicAccessExclusionSet", chosen))

    def create_exclusion(self, request: Request) -> Response:
        mode, backend = _exclusion_mode(request), ec2_backends[request.account][request.region]
        kind = "subnet" if "SubnetId" in request.parameters else "vpc"
        identifier = request.parameters.get("SubnetId") or request.parameters.get("VpcId", "")
        (backend.get_subnet if kind == "subnet" else backend.get_vpc)(identifier)
        row = {"exclusionId": "vpcbpa-exclude-" + secrets.token_hex(9)[:17], "internetGatewayExclusionMode": mode,
               "resourceArn": _arn(backend, kind, identifier), "state": "create-complete",
               "creationTimestamp": _now(), "lastUpdateTimestamp": _now()}
        _block(request).exclusions[row["exclusionId"]] = row
        return _shown(request, row)

    def modify_exclusion(self, request: Request) -> Response:
        row = _found(request, request.parameters.get("ExclusionId", ""))
        row.update(internetGatewayExclusionMode=_exclusion_mode(request), state="update-complete",
                   lastUpdateTimestamp=_now())
        return _shown(request, row)

    def delete_exclusion(self, request: Request) -> Response:
        row = _found(request, request.parameters.get("ExclusionId", ""))
        del _block(request).exclusions[row["exclusionId"]]
        return _shown(request, row | {"state": "delete-in-progress"})


def _block(request: Request) -> _Block:
    return _of(ec2_backends[request.account][request.region])


def _exclusion_mode(request: Request) -> str:
    mode = request.parameters.get("InternetGatewayExclusionMode", "")
    if mode not in _EXCLUDED:
        raise AwsError("InvalidParameterValue", f"Invalid value '{mode}' for InternetGatewayExclusionMode.")
    return mode


def _found(request: Request, identifier: str) -> dict:
    rows = _block(request).exclusions
    if identifier not in rows:
        raise AwsError("InvalidVpcBlockPublicAccessExclusionId.NotFound",
                       f"The VPC Block Public Access exclusion '{identifier}' does not exist.")
    return rows[identifier]


def _shown(request: Request, row: dict) -> Response:
    return ec2_reply(request, f"<vpcBlockPublicAccessExclusion>{members(row)}</vpcBlockPublicAccessExclusion>")


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def apply() -> None:
    """Let moto's VPCs and subnets show their mode."""
    VPC.block_public_access_states = property(_vpc_states)
    Subnet.block_public_access_states = property(_subnet_states)
