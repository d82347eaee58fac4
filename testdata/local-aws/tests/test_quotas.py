# SPDX-License-Identifier: Apache-2.0
"""Service Quotas: AWS's defaults, values that a test sets, and EC2 that keeps to those."""

import pytest

from conftest import REGION, SECOND_ACCOUNT

VPCS = {"ServiceCode": "vpc", "QuotaCode": "L-F678F1CE"}


def test_defaults(local_aws):
    quotas = local_aws.client("service-quotas")
    row = quotas.get_service_quota(**VPCS)["Quota"]
    assert (row["Value"], row["QuotaName"], row["Adjustable"]) == (5.0, "VPCs per Region", True)
    assert set(row) <= set(quotas.meta.service_model.shape_for("ServiceQuota").members)
    assert quotas.get_aws_default_service_quota(**VPCS)["Quota"]["Value"] == 5.0
    codes = {item["QuotaCode"] for item in quotas.list_service_quotas(ServiceCode="ec2")["Quotas"]}
    assert {"L-0263D0A3", "L-1216C47A"} <= codes
    assert "vpc" in [item["ServiceCode"] for item in quotas.list_services()["Services"]]


def test_set_values_by_account_and_region(local_aws):
    local_aws.control("POST", "quotas", [{"service": "vpc", "code": "L-F678F1CE", "value": 1, "region": REGION},
                                         {"service": "vpc", "code": "L-F678F1CE", "value": 9, "account": SECOND_ACCOUNT}])
    def value(**where):
        return local_aws.client("service-quotas", **where).get_service_quota(**VPCS)["Quota"]["Value"]
    assert (value(), value(region="eu-west-1"), value(account=SECOND_ACCOUNT)) == (1.0, 5.0, 9.0)
    quotas = local_aws.client("service-quotas")
    assert quotas.get_aws_default_service_quota(**VPCS)["Quota"]["Value"] == 5.0
    listed = {row["QuotaCode"]: row["Value"] for row in quotas.list_service_quotas(ServiceCode="vpc")["Quotas"]}
    assert listed["L-F678F1CE"] == 1.0


def test_what_is_missing(local_aws, error):
    quotas = local_aws.client("service-quotas")
    local_aws.control("POST", "quotas", [{"service": "vpc", "code": "L-F678F1CE", "value": None}])
    assert error(quotas.get_service_quota, **VPCS)[:2] == ("NoSuchResourceException", 400)
    assert quotas.get_aws_default_service_quota(**VPCS)["Quota"]["Value"] == 5.0
    assert error(quotas.get_service_quota, ServiceCode="vpc", QuotaCode="L-0")[0] == "NoSuchResourceException"
    assert error(quotas.list_service_quotas, ServiceCode="none")[0] == "NoSuchResourceException"


def test_pages(local_aws):
    paginator = local_aws.client("service-quotas").get_paginator("list_service_quotas")
    pages = list(paginator.paginate(ServiceCode="vpc", PaginationConfig={"PageSize": 4}))
    assert [len(page["Quotas"]) for page in pages] == [4, 4, 1]


@pytest.mark.parametrize("code, error_code, call", [
    ("L-F678F1CE", "VpcLimitExceeded", lambda ec2: ec2.create_vpc(CidrBlock="10.9.0.0/16")),
    ("L-A4707A72", "InternetGatewayLimitExceeded", lambda ec2: ec2.create_internet_gateway()),
    ("L-E79EC296", "SecurityGroupLimitExceeded", lambda ec2: ec2.create_security_group(GroupName="g", Description="d")),
])
def test_a_quota_that_was_set_is_kept_to(local_aws, error, code, error_code, call):
    ec2 = local_aws.client("ec2")
    held = {"L-F678F1CE": len(ec2.describe_vpcs()["Vpcs"]),
            "L-A4707A72": len(ec2.describe_internet_gateways()["InternetGateways"]),
            "L-E79EC296": len(ec2.describe_security_groups()["SecurityGroups"])}[code]
    local_aws.control("POST", "quotas", [{"service": "vpc", "code": code, "value": held, "region": REGION}])
    assert error(lambda: call(ec2))[:2] == (error_code, 400)
    local_aws.control("POST", "quotas", [{"service": "vpc", "code": code, "value": held + 1}])
    call(ec2)
    assert error(lambda: call(ec2))[0] == error_code
