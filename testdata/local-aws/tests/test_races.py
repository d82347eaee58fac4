# SPDX-License-Identifier: Apache-2.0
"""Many clients at once: one winner where AWS has one, and no reply that is an accident of threads."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from conftest import REGION


def outcomes(call, count: int = 12) -> list[str]:
    """"" or the error code of each of count calls made at once; call takes its number."""
    def one(number: int) -> str:
        try:
            call(number)
            return ""
        except ClientError as error:
            return error.response["Error"]["Code"]
    with ThreadPoolExecutor(count) as pool:
        return sorted(pool.map(one, range(count)))


@pytest.mark.parametrize("condition", ["create", "swap"])
def test_one_conditional_write_wins(local_aws, condition):
    s3 = local_aws.client("s3")
    s3.create_bucket(Bucket="bucket-a", CreateBucketConfiguration={"LocationConstraint": REGION})
    for round_number in range(3):
        key = f"k{round_number}"
        how = {"IfNoneMatch": "*"}
        if condition == "swap":
            how = {"IfMatch": s3.put_object(Bucket="bucket-a", Key=key, Body=b"old")["ETag"]}
        found = outcomes(lambda number: s3.put_object(Bucket="bucket-a", Key=key, Body=str(number).encode(), **how))
        assert found == [""] + ["PreconditionFailed"] * 11


def test_one_of_a_name_is_made(local_aws):
    memorydb, efs = local_aws.client("memorydb"), local_aws.client("efs")
    assert outcomes(lambda _: memorydb.create_parameter_group(ParameterGroupName="p", Family="memorydb_redis7")) == [
        ""] + ["ParameterGroupAlreadyExistsFault"] * 11
    assert outcomes(lambda _: efs.create_file_system(CreationToken="t")) == [""] + ["FileSystemAlreadyExists"] * 11


def test_making_describing_and_deleting_at_once(local_aws):
    ec2, memorydb = local_aws.client("ec2"), local_aws.client("memorydb")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/20")["Subnet"]["SubnetId"]
    memorydb.create_subnet_group(SubnetGroupName="s", SubnetIds=[subnet])

    def work(number: int) -> None:
        name = f"c{number}"
        memorydb.create_cluster(ClusterName=name, NodeType="db.t4g.small", ACLName="open-access", SubnetGroupName="s")
        ec2.describe_network_interfaces()
        memorydb.describe_clusters(ShowShardDetails=True)
        memorydb.delete_cluster(ClusterName=name)
    assert set(outcomes(work)) == {""}
    assert memorydb.describe_clusters()["Clusters"] == []
    ec2.delete_subnet(SubnetId=subnet)
