# SPDX-License-Identifier: Apache-2.0
"""In which zones services have endpoints, and EFS that keeps to it."""

import pytest
from botocore.exceptions import ClientError

from conftest import REGION

EFS = f"com.amazonaws.{REGION}.elasticfilesystem"
MEMORYDB = f"com.amazonaws.{REGION}.memory-db"


def endpoints(local_aws, *names, **more):
    filters = [{"Name": "service-name", "Values": list(names)}]
    reply = local_aws.client("ec2", **more).describe_vpc_endpoint_services(Filters=filters)
    assert reply["ServiceNames"] == [row["ServiceName"] for row in reply["ServiceDetails"]]
    return {row["ServiceName"]: row["AvailabilityZones"] for row in reply["ServiceDetails"]}


def test_everywhere_by_default(local_aws):
    zones = [row["ZoneName"] for row in local_aws.client("ec2").describe_availability_zones()["AvailabilityZones"]]
    assert endpoints(local_aws, EFS, MEMORYDB, "com.example.none") == {EFS: zones, MEMORYDB: zones}


def test_zones_that_a_test_sets(local_aws):
    local_aws.control("POST", "zones", [{"service": "elasticfilesystem", "zones": [f"{REGION}b"], "region": REGION},
                                        {"service": "memory-db", "zones": None}])
    assert endpoints(local_aws, EFS, MEMORYDB) == {EFS: [f"{REGION}b"]}
    other = "com.amazonaws.eu-west-1.elasticfilesystem"
    assert len(endpoints(local_aws, other, region="eu-west-1")[other]) == 3
    local_aws.control("POST", "reset")
    assert len(endpoints(local_aws, EFS, MEMORYDB)) == 2


def test_a_name_that_does_not_exist(local_aws):
    with pytest.raises(ClientError) as caught:
        local_aws.client("ec2").describe_vpc_endpoint_services(ServiceNames=["com.example.none"])
    assert caught.value.response["Error"]["Code"] == "InvalidServiceName"


def test_efs_refuses_a_zone_without_it(local_aws):
    local_aws.control("POST", "zones", [{"service": "elasticfilesystem", "zones": [f"{REGION}b"]}])
    efs = local_aws.client("efs")
    system = efs.create_file_system(CreationToken="a")["FileSystemId"]
    subnets = {row["AvailabilityZone"]: row["SubnetId"] for row in local_aws.client("ec2").describe_subnets()["Subnets"]}
    with pytest.raises(ClientError) as caught:
        efs.create_mount_target(FileSystemId=system, SubnetId=subnets[f"{REGION}a"])
    assert caught.value.response["Error"]["Code"] == "UnsupportedAvailabilityZone"
    assert efs.create_mount_target(FileSystemId=system, SubnetId=subnets[f"{REGION}b"])["SubnetId"] == subnets[f"{REGION}b"]
