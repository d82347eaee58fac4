# SPDX-License-Identifier: Apache-2.0
"""Drift of the product's own stack: none when it is new, and what somebody changed, property by property."""

import json
import time

import pytest
from cloudformation_support import PATIENCE_SECONDS, local, refused, server  # noqa: F401
from test_cloudformation_cloud import NAME, TEMPLATE, values

PARAMETERS = values(2, EnableMemoryDB="true", WithRay="true", RayLaunchers="arn:aws:iam::123456789012:root")


def detect(local, **arguments) -> dict[str, dict]:
    """Logical id -> drift, once it was detected."""
    calls = local.cloudformation
    made = calls.detect_stack_drift(StackName=NAME, **arguments)["StackDriftDetectionId"]
    end = time.monotonic() + PATIENCE_SECONDS
    found = calls.describe_stack_drift_detection_status(StackDriftDetectionId=made)
    while found["DetectionStatus"] == "DETECTION_IN_PROGRESS" and time.monotonic() < end:
        time.sleep(0.01)
        found = calls.describe_stack_drift_detection_status(StackDriftDetectionId=made)
    assert found["DetectionStatus"] == "DETECTION_COMPLETE", found.get("DetectionStatusReason")
    rows = calls.describe_stack_resource_drifts(StackName=NAME)["StackResourceDrifts"]
    return {row["LogicalResourceId"]: row for row in rows}


def shown(drift: dict) -> list[tuple]:
    return [(row["PropertyPath"], row["DifferenceType"], row["ExpectedValue"], row["ActualValue"])
            for row in drift["PropertyDifferences"]]


@pytest.fixture(scope="module")
def cloud(server):
    """The stack, made once for the module; and its physical ids."""
    server.control("POST", "reset")
    server.created(NAME, TEMPLATE, Parameters=PARAMETERS, Capabilities=["CAPABILITY_NAMED_IAM"])
    return server.physical(NAME)


def test_a_new_stack_has_not_drifted(local, cloud):
    drifts = detect(local)
    assert {name: shown(row) for name, row in drifts.items() if row["StackResourceDriftStatus"] != "IN_SYNC"} == {}
    assert {row["ResourceType"] for row in drifts.values()} > {
        "AWS::IAM::Role", "AWS::S3::Bucket", "AWS::EFS::FileSystem", "AWS::EC2::SecurityGroup", "AWS::MemoryDB::Cluster"}


def _open(local, cloud):
    local.client("ec2").authorize_security_group_ingress(GroupId=cloud["SecurityGroup"], IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}])


def _add_policy(local, cloud):
    local.client("iam").put_role_policy(RoleName=cloud["NodeRole"], PolicyName="own", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}}))


def _versions(local, cloud):
    local.client("s3").put_bucket_versioning(Bucket=cloud["Bucket"], VersioningConfiguration={"Status": "Suspended"})


def _cors(local, cloud):
    local.client("s3").delete_bucket_cors(Bucket=cloud["Bucket"])


def _addresses(local, cloud):
    local.client("ec2").modify_subnet_attribute(SubnetId=cloud["Subnet1"], MapPublicIpOnLaunch={"Value": False})


def _tags(local, cloud):
    local.client("ec2").create_tags(Resources=[cloud["Vpc"]], Tags=[{"Key": "owner", "Value": "team"}])


def _trust(local, cloud):
    document = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    local.client("iam").update_assume_role_policy(RoleName=cloud["NodeRole"], PolicyDocument=json.dumps(document))


def _backup(local, cloud):
    local.client("efs").put_backup_policy(FileSystemId=cloud["FileSystem"], BackupPolicy={"Status": "DISABLED"})


# what somebody does, the resource that has drifted, the start of the path, the kind of difference
@pytest.mark.parametrize("change, resource, path, kind", [
    (_open, "SecurityGroup", "/SecurityGroupIngress/", "ADD"),
    (_add_policy, "NodeRole", "/Policies/", "ADD"),
    (_trust, "NodeRole", "/AssumeRolePolicyDocument/Statement/", "NOT_EQUAL"),
    (_versions, "Bucket", "/VersioningConfiguration/Status", "NOT_EQUAL"),
    (_cors, "Bucket", "/CorsConfiguration", "REMOVE"),
    (_addresses, "Subnet1", "/MapPublicIpOnLaunch", "NOT_EQUAL"),
    (_tags, "Vpc", "/Tags/", "ADD"),
    (_backup, "FileSystem", "/BackupPolicy/Status", "NOT_EQUAL"),
], ids=lambda value: getattr(value, "__name__", None))
def test_a_change_is_drift(local, cloud, change, resource, path, kind):
    change(local, cloud)
    drift = detect(local, LogicalResourceIds=[resource])[resource]
    assert drift["StackResourceDriftStatus"] == "MODIFIED"
    assert any(row[0].startswith(path) and row[1] == kind for row in shown(drift)), shown(drift)
    assert json.loads(drift["ActualProperties"]) != json.loads(drift["ExpectedProperties"])


def test_what_was_deleted(local, cloud):
    local.client("ec2").revoke_security_group_ingress(GroupId=cloud["SecurityGroup"],
                                                      SecurityGroupRuleIds=[cloud["SecurityGroupSelfIngress"]])
    drift = detect(local, LogicalResourceIds=["SecurityGroupSelfIngress"])["SecurityGroupSelfIngress"]
    assert drift["StackResourceDriftStatus"] == "DELETED" and "ActualProperties" not in drift


def test_what_cannot_be_asked(local, cloud):
    refused(local.cloudformation.detect_stack_drift, StackName="absent")
    refused(local.cloudformation.describe_stack_drift_detection_status, StackDriftDetectionId="0" * 36)


def test_a_change_set_reverts(local, cloud):
    """Everything that the tests before it have changed."""
    made = local.cloudformation.create_change_set(
        StackName=NAME, ChangeSetName="back", UsePreviousTemplate=True, DeploymentMode="REVERT_DRIFT",
        Capabilities=["CAPABILITY_NAMED_IAM"],
        Parameters=[{"ParameterKey": row["ParameterKey"], "UsePreviousValue": True} for row in PARAMETERS])
    local.cloudformation.get_waiter("change_set_create_complete").wait(ChangeSetName=made["Id"])
    found = local.cloudformation.describe_change_set(ChangeSetName=made["Id"], IncludePropertyValues=True)
    status = {row["ResourceChange"]["LogicalResourceId"]: row["ResourceChange"]["ResourceDriftStatus"]
              for row in found["Changes"]}
    assert status == {**dict.fromkeys(("Bucket", "FileSystem", "NodeRole", "SecurityGroup", "Subnet1", "Vpc"), "MODIFIED"),
                      "SecurityGroupSelfIngress": "DELETED"}
    local.cloudformation.execute_change_set(ChangeSetName=made["Id"])
    assert local.settled(NAME)["StackStatus"] == "UPDATE_COMPLETE", local.reasons(NAME)
    drifts = detect(local)
    assert {name: shown(row) for name, row in drifts.items() if row["StackResourceDriftStatus"] != "IN_SYNC"} == {}
