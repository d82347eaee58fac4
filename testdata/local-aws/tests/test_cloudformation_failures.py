# SPDX-License-Identifier: Apache-2.0
"""What happens when a resource cannot be made or deleted."""

import re

import pytest
from cloudformation_support import (BUCKET, FILE_SYSTEM, emptied, given, local, refused, resources,  # noqa: F401
                                    server)

HANDLER = re.compile(r'Resource handler returned message: "(.*)" \(RequestToken: [0-9a-f-]{36}, '
                     r"HandlerErrorCode: (\w+)\)")
VPC = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}
SUBNET = {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.0.0/24"}}
GROUP = {"Type": "AWS::EC2::SecurityGroup", "Properties": {"VpcId": {"Ref": "Vpc"}, "GroupDescription": "g"}}


def after(entry: dict, *names: str, **members) -> dict:
    return entry | {"DependsOn": list(names)} | members


def test_failure_rolls_back_in_reverse_order(local):
    local.fail(logical_id="Subnet", reason="no room")
    stack = local.settled(local.create("rolled", resources(Vpc=VPC, Subnet=SUBNET), ClientRequestToken="t-roll"))
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    seen = [(event["LogicalResourceId"], event["ResourceStatus"]) for event in local.events("rolled")]
    assert seen == [
        ("rolled", "CREATE_IN_PROGRESS"), ("Vpc", "CREATE_IN_PROGRESS"), ("Vpc", "CREATE_IN_PROGRESS"),
        ("Vpc", "CREATE_COMPLETE"), ("Subnet", "CREATE_IN_PROGRESS"), ("Subnet", "CREATE_FAILED"),
        ("rolled", "ROLLBACK_IN_PROGRESS"), ("Subnet", "DELETE_COMPLETE"), ("Vpc", "DELETE_IN_PROGRESS"),
        ("Vpc", "DELETE_COMPLETE"), ("rolled", "ROLLBACK_COMPLETE")]
    assert {event["ClientRequestToken"] for event in local.events("rolled")} == {"t-roll"}


def test_reasons_are_worded_as_cloudformation_words_them(local):
    local.fail(type="AWS::EC2::Subnet", reason="The maximum number of subnets has been reached.",
               code="ServiceLimitExceeded")
    local.settled(local.create("worded", resources(Vpc=VPC, Subnet=SUBNET)))
    match = HANDLER.fullmatch(local.reasons("worded")["Subnet"])
    assert match and match.groups() == ("The maximum number of subnets has been reached.", "ServiceLimitExceeded")
    rollback = next(event for event in local.events("worded") if event["ResourceStatus"] == "ROLLBACK_IN_PROGRESS")
    assert rollback["ResourceStatusReason"] == ("The following resource(s) failed to create: [Subnet]. "
                                                "Rollback requested by user.")


def test_resources_in_flight_are_cancelled(local):
    local.hold()
    local.fail(logical_id="Last", reason="broken")
    template = resources(Files=FILE_SYSTEM, Vpc=VPC, Last=after(SUBNET, "Vpc"))
    stack = local.settled(local.create("cancelled", template))
    local.release()
    reasons = local.reasons("cancelled")
    assert reasons["Files"] == "Resource creation cancelled"
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    events = local.events("cancelled")
    first = next(event for event in events if event["ResourceStatus"] == "CREATE_FAILED")
    assert first["LogicalResourceId"] == "Last"
    rollback = next(event for event in events if event["ResourceStatus"] == "ROLLBACK_IN_PROGRESS")
    assert "failed to create: [Last, Files]." in rollback["ResourceStatusReason"]
    assert local.client("efs").describe_file_systems()["FileSystems"] == []


def test_what_the_service_refuses_is_the_reason(local):
    local.client("s3").create_bucket(Bucket="taken-1", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    template = resources(Bucket=BUCKET | {"Properties": {"BucketName": "taken-1"}})
    stack = local.create("natural", template, DisableValidation=True)
    assert local.settled(stack)["StackStatus"] == "ROLLBACK_COMPLETE"
    message, code = HANDLER.fullmatch(local.reasons("natural")["Bucket"]).groups()
    assert "Service: S3, Status Code: 409" in message and code == "AlreadyExists"
    local.client("s3").head_bucket(Bucket="taken-1")  # not ours, so the rollback left it


def test_a_half_made_resource_is_rolled_back(local):
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    role = {"Type": "AWS::IAM::Role", "Properties": {
        "RoleName": "half-made", "AssumeRolePolicyDocument": trust,
        "ManagedPolicyArns": ["arn:aws:iam::123456789012:policy/nobodys"]}}
    stack = local.create("half", resources(Role=role), Capabilities=["CAPABILITY_NAMED_IAM"])
    assert local.settled(stack)["StackStatus"] == "ROLLBACK_COMPLETE"
    assert local.history("half", "Role") == ["CREATE_IN_PROGRESS", "CREATE_IN_PROGRESS", "CREATE_FAILED",
                                             "DELETE_IN_PROGRESS", "DELETE_COMPLETE"]
    refused(local.client("iam").get_role, "NoSuchEntity", RoleName="half-made")


@pytest.mark.parametrize("choice, final", [
    ({"OnFailure": "DO_NOTHING"}, "CREATE_FAILED"), ({"DisableRollback": True}, "CREATE_FAILED"),
    ({"OnFailure": "DELETE"}, "DELETE_COMPLETE"), ({"OnFailure": "ROLLBACK"}, "ROLLBACK_COMPLETE")])
def test_on_failure(local, choice, final):
    local.fail(logical_id="Subnet", reason="no room")
    name = "choice-" + "-".join(map(str, choice.values())).replace("_", "-")
    stack = local.settled(local.create(name, resources(Vpc=VPC, Subnet=SUBNET), **choice))
    assert stack["StackStatus"] == final
    physical = local.physical(stack["StackId"])["Vpc"]
    left = physical in {vpc["VpcId"] for vpc in local.client("ec2").describe_vpcs()["Vpcs"]}
    assert left is (final == "CREATE_FAILED")
    assert local.deleted(stack["StackId"])["StackStatus"] == "DELETE_COMPLETE"


def test_a_rule_with_times_is_used_up(local):
    local.fail(logical_id="Vpc", reason="once", times=1)
    assert local.settled(local.create("once-1", resources(Vpc=VPC)))["StackStatus"] == "ROLLBACK_COMPLETE"
    local.created("once-2", resources(Vpc=VPC))


def test_a_senseless_rule_is_refused(local):
    for rule in ({"reason": "all"}, {"type": "AWS::EC2::VPC", "when": "never"}, {"type": "x", "colour": "red"}):
        with pytest.raises(Exception, match="400"):
            local.fail(**rule)


def test_a_failed_rollback_can_be_deleted(local):
    local.control("POST", "fail", [{"logical_id": "Subnet", "reason": "no room"},
                                   {"logical_id": "Vpc", "when": "delete", "reason": "stuck", "times": 1}])
    stack = local.settled(local.create("stuck", resources(Vpc=VPC, Subnet=SUBNET)))
    assert stack["StackStatus"] == "ROLLBACK_FAILED"
    assert stack["StackStatusReason"] == "The following resource(s) failed to delete: [Vpc]. "
    assert local.deleted(stack["StackId"])["StackStatus"] == "DELETE_COMPLETE"


def test_retain_survives_a_rollback_and_the_other_policy_does_not(local):
    local.fail(logical_id="Last", reason="broken")
    template = resources(Keep=BUCKET | {"DeletionPolicy": "Retain"},
                         Drop=BUCKET | {"DeletionPolicy": "RetainExceptOnCreate"},
                         Last=after(VPC, "Keep", "Drop"))
    local.settled(local.create("policies", template))
    physical = local.physical("policies")
    assert local.history("policies", "Keep")[-1] == "DELETE_SKIPPED"
    assert local.history("policies", "Drop")[-1] == "DELETE_COMPLETE"
    local.client("s3").head_bucket(Bucket=physical["Keep"])
    refused(local.client("s3").head_bucket, "404", Bucket=physical["Drop"])


@pytest.mark.parametrize("policy", ["Retain", "RetainExceptOnCreate"])
def test_retained_on_deletion(local, policy):
    stack = local.created(f"kept-{policy}", resources(Bucket=BUCKET | {"DeletionPolicy": policy}))
    physical = local.physical(stack["StackId"])["Bucket"]
    assert local.deleted(stack["StackId"])["StackStatus"] == "DELETE_COMPLETE"
    assert local.history(stack["StackId"], "Bucket")[-1] == "DELETE_SKIPPED"
    local.client("s3").head_bucket(Bucket=physical)


def test_a_bucket_that_is_not_empty_stops_the_deletion(local):
    stack = local.created("full", resources(Bucket=BUCKET, Vpc=VPC))["StackId"]
    bucket, s3 = local.physical(stack)["Bucket"], local.client("s3")
    s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    found = local.deleted(stack)
    assert found["StackStatus"] == "DELETE_FAILED"
    assert found["StackStatusReason"] == "The following resource(s) failed to delete: [Bucket]. "
    message, _code = HANDLER.fullmatch(local.reasons(stack)["Bucket"]).groups()
    assert message.startswith("The bucket you tried to delete is not empty (Service: S3, Status Code: 409")
    assert local.history(stack, "Vpc")[-1] == "DELETE_COMPLETE"
    s3.delete_object(Bucket=bucket, Key="a")
    assert local.deleted(stack)["StackStatus"] == "DELETE_COMPLETE"
    refused(s3.head_bucket, "404", Bucket=bucket)


def test_retain_resources_only_after_a_failed_deletion(local):
    stack = local.created("skip", resources(Bucket=BUCKET, Vpc=VPC))["StackId"]
    delete = local.cloudformation.delete_stack
    assert "DELETE_FAILED" in refused(delete, StackName=stack, RetainResources=["Bucket"])
    bucket = local.physical(stack)["Bucket"]
    local.client("s3").put_object(Bucket=bucket, Key="a", Body=b"x")
    assert local.deleted(stack)["StackStatus"] == "DELETE_FAILED"
    assert "must be in a valid state" in refused(delete, StackName=stack, RetainResources=["Vpc"])
    assert "does not exist" in refused(delete, StackName=stack, RetainResources=["Nothing"])
    assert local.deleted(stack, RetainResources=["Bucket"])["StackStatus"] == "DELETE_COMPLETE"
    local.client("s3").head_bucket(Bucket=bucket)


def test_network_interfaces_in_use_stop_the_deletion(local):
    stack = local.created("busy", resources(Vpc=VPC, Subnet=SUBNET, Group=GROUP))["StackId"]
    physical, ec2 = local.physical(stack), local.client("ec2")
    interface = ec2.create_network_interface(SubnetId=physical["Subnet"], Groups=[physical["Group"]])
    assert local.deleted(stack)["StackStatus"] == "DELETE_FAILED"
    reasons = local.reasons(stack)
    assert set(reasons) == {"Subnet", "Group", "busy"}
    assert "has dependencies and cannot be deleted" in reasons["Subnet"]
    assert "has a dependent object" in reasons["Group"]
    assert local.history(stack, "Vpc")[-1] == "CREATE_COMPLETE"  # its turn never came
    ec2.delete_network_interface(NetworkInterfaceId=interface["NetworkInterface"]["NetworkInterfaceId"])
    assert local.deleted(stack)["StackStatus"] == "DELETE_COMPLETE"


def test_a_resource_that_somebody_else_deleted_is_no_failure(local):
    stack = local.created("robbed", resources(Bucket=BUCKET, Vpc=VPC))["StackId"]
    physical = local.physical(stack)
    local.client("s3").delete_bucket(Bucket=physical["Bucket"])
    local.client("ec2").delete_vpc(VpcId=physical["Vpc"])
    assert local.deleted(stack)["StackStatus"] == "DELETE_COMPLETE"


def test_deleting_a_stack_in_creation_cancels_it(local):
    local.hold()
    stack = local.create("hasty", resources(Files=FILE_SYSTEM, Vpc=VPC))
    local.cloudformation.delete_stack(StackName=stack)
    local.release()
    assert local.settled(stack)["StackStatus"] == "DELETE_COMPLETE"
    assert local.client("efs").describe_file_systems()["FileSystems"] == []


def test_deleting_a_failing_stack_takes_over(local):
    """Whatever the creation had come to, creating or rolling back."""
    local.fail(logical_id="Last", reason="broken")
    stack = local.create("overtaken", resources(Vpc=VPC, Subnet=SUBNET, Last=after(BUCKET, "Subnet")))
    local.cloudformation.delete_stack(StackName=stack)
    assert local.settled(stack)["StackStatus"] == "DELETE_COMPLETE"
    assert local.client("ec2").describe_subnets(Filters=[{"Name": "cidr-block", "Values": ["10.0.0.0/24"]}])[
        "Subnets"] == []


def test_an_output_that_cannot_be_computed_rolls_back(local):
    template = resources(Vpc=VPC) | {"Parameters": {"Names": {"Type": "CommaDelimitedList"}},
                                     "Outputs": {"Third": {"Value": {"Fn::Select": [2, {"Ref": "Names"}]}}}}
    stack = local.settled(local.create("output", template, Parameters=given(Names="a,b")))
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    rollback = next(event for event in local.events("output") if event["ResourceStatus"] == "ROLLBACK_IN_PROGRESS")
    assert "cannot select nonexistent value at index 2" in rollback["ResourceStatusReason"]


def test_reset_ends_operations_and_forgets_stacks(local):
    local.hold()
    stack = local.create("endless", resources(Files=FILE_SYSTEM))
    local.control("POST", "reset")
    assert "does not exist" in refused(local.cloudformation.describe_stacks, StackName=stack)
    assert local.client("efs").describe_file_systems()["FileSystems"] == []


def test_a_stack_that_cannot_be_deleted_is_forced(local):
    local.created("stuck", resources(Vpc=VPC, Bucket=BUCKET))
    force = {"DeletionMode": "FORCE_DELETE_STACK"}
    assert "DELETE_FAILED state" in refused(local.cloudformation.delete_stack, StackName="stuck", **force)
    local.fail(logical_id="Vpc", when="delete", reason="held")
    stack = local.deleted("stuck")
    assert stack["StackStatus"] == "DELETE_FAILED"
    assert local.deleted(stack["StackId"], **force)["StackStatus"] == "DELETE_COMPLETE"
    assert local.history(stack["StackId"], "Vpc")[-2:] == ["DELETE_FAILED", "DELETE_SKIPPED"]
