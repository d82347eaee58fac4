# SPDX-License-Identifier: Apache-2.0
"""UpdateStack: changes in place, replacement, additions and removals, and the way back."""

import json

import pytest
from cloudformation_support import (BUCKET, body, given, local, outputs, refused, resources,  # noqa: F401
                                    server)

CAPABILITIES = ["CAPABILITY_NAMED_IAM"]
CORS = {"CorsConfiguration": {"CorsRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]}}


def bucket(**properties) -> dict:
    return BUCKET | {"Properties": properties}


def group(cidr="10.0.0.0/8", description="nodes") -> dict:
    return {"Type": "AWS::EC2::SecurityGroup", "Properties": {
        "GroupDescription": description, "VpcId": {"Ref": "Vpc"}, "SecurityGroupIngress": [
            {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": cidr}]}}


def vpc(**properties) -> dict:
    return {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"} | properties}


def role(actions: list[str], **properties) -> dict:
    statement = [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]
    policies = [{"PolicyName": action.split(":")[0], "PolicyDocument": {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": action, "Resource": "*"}]}} for action in actions]
    return {"Type": "AWS::IAM::Role", "Properties": {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": statement},
        "Policies": policies} | properties}


def update(local, name: str, template, **arguments) -> dict:
    local.cloudformation.update_stack(StackName=name, TemplateBody=body(template), **arguments)
    return local.settled(name)


def since(local, name: str, status: str) -> list[tuple[str, str]]:
    """(logical id, status) of the events from the stack's last one of that status."""
    seen = [(event["LogicalResourceId"], event["ResourceStatus"]) for event in local.events(name)]
    start = len(seen) - 1 - seen[::-1].index((name, status))
    return seen[start:]


def test_a_role_is_changed_in_place(local):
    before = role(["s3:*", "ec2:*"], RoleName="changing", MaxSessionDuration=3600, Tags=[{"Key": "a", "Value": "1"}])
    after = role(["s3:GetObject", "ecr:*"], RoleName="changing", MaxSessionDuration=7200, Description="now",
                 ManagedPolicyArns=["arn:aws:iam::aws:policy/ReadOnlyAccess"], Tags=[{"Key": "b", "Value": "2"}])
    local.created("role", resources(Role=before), Capabilities=CAPABILITIES)
    identity = local.client("iam").get_role(RoleName="changing")["Role"]["RoleId"]
    found = update(local, "role", resources(Role=after), Capabilities=CAPABILITIES)
    assert found["StackStatus"] == "UPDATE_COMPLETE" and "LastUpdatedTime" in found
    iam = local.client("iam")
    changed = iam.get_role(RoleName="changing")["Role"]
    assert changed["RoleId"] == identity and changed["MaxSessionDuration"] == 7200
    assert changed["Description"] == "now" and changed["Tags"] == [{"Key": "b", "Value": "2"}]
    assert set(iam.list_role_policies(RoleName="changing")["PolicyNames"]) == {"s3", "ecr"}
    document = iam.get_role_policy(RoleName="changing", PolicyName="s3")["PolicyDocument"]
    assert document["Statement"][0]["Action"] == "s3:GetObject"
    attached = iam.list_attached_role_policies(RoleName="changing")["AttachedPolicies"]
    assert [item["PolicyName"] for item in attached] == ["ReadOnlyAccess"]
    assert since(local, "role", "UPDATE_IN_PROGRESS") == [
        ("role", "UPDATE_IN_PROGRESS"), ("Role", "UPDATE_IN_PROGRESS"), ("Role", "UPDATE_COMPLETE"),
        ("role", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"), ("role", "UPDATE_COMPLETE")]


def test_a_bucket_is_changed_in_place(local):
    local.created("bucket", resources(Bucket=bucket(BucketName="mutable", **CORS)))
    update(local, "bucket", resources(Bucket=bucket(
        BucketName="mutable", VersioningConfiguration={"Status": "Enabled"})), Tags=[{"Key": "t", "Value": "1"}])
    s3 = local.client("s3")
    refused(s3.get_bucket_cors, "NoSuchCORSConfiguration", Bucket="mutable")
    assert s3.get_bucket_versioning(Bucket="mutable")["Status"] == "Enabled"
    assert s3.get_bucket_tagging(Bucket="mutable")["TagSet"] == [{"Key": "t", "Value": "1"}]


def test_rules_of_a_group_are_changed_in_place(local):
    local.created("group", resources(Vpc=vpc(), Group=group()))
    physical = local.physical("group")
    update(local, "group", resources(Vpc=vpc(EnableDnsHostnames=True), Group=group("192.168.0.0/16")))
    assert local.physical("group") == physical
    ec2 = local.client("ec2")
    found = ec2.describe_security_groups(GroupIds=[physical["Group"]])["SecurityGroups"][0]["IpPermissions"]
    assert [item["CidrIp"] for item in found[0]["IpRanges"]] == ["192.168.0.0/16"]
    reply = ec2.describe_vpc_attribute(VpcId=physical["Vpc"], Attribute="enableDnsHostnames")
    assert reply["EnableDnsHostnames"]["Value"] is True


def test_replacement_is_followed_by_what_depends_on_it(local):
    local.created("replaced", resources(Vpc=vpc(), Group=group()) | {"Outputs": {"Id": {"Value": {"Ref": "Group"}}}})
    old = local.physical("replaced")
    found = update(local, "replaced", resources(Vpc=vpc(CidrBlock="10.5.0.0/16"), Group=group()) | {
        "Outputs": {"Id": {"Value": {"Ref": "Group"}}}})
    new = local.physical("replaced")
    assert new["Vpc"] != old["Vpc"] and new["Group"] != old["Group"] and outputs(found)["Id"] == new["Group"]
    groups = local.client("ec2").describe_security_groups(GroupIds=[new["Group"]])["SecurityGroups"]
    assert groups[0]["VpcId"] == new["Vpc"]
    refused(local.client("ec2").describe_vpcs, "InvalidVpcID.NotFound", VpcIds=[old["Vpc"]])
    cleanup = since(local, "replaced", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
    assert cleanup.index(("Group", "DELETE_COMPLETE")) < cleanup.index(("Vpc", "DELETE_IN_PROGRESS"))


def test_replacement_of_a_named_resource_fails_and_rolls_back(local):
    local.created("named", resources(Role=role([], RoleName="fixed", Path="/a/")), Capabilities=CAPABILITIES)
    found = update(local, "named", resources(Role=role([], RoleName="fixed", Path="/b/")), Capabilities=CAPABILITIES)
    assert found["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert "AlreadyExists" in local.reasons("named")["Role"]
    assert local.client("iam").get_role(RoleName="fixed")["Role"]["Path"] == "/a/"


CONDITIONAL = {"Parameters": {"More": {"Type": "String", "Default": "no"}, "Other": {"Type": "String", "Default": "x"}},
               "Conditions": {"HasMore": {"Fn::Equals": [{"Ref": "More"}, "yes"]}},
               **resources(Vpc=vpc(), Extra=BUCKET | {"Condition": "HasMore"})}


def test_a_condition_that_becomes_true_adds_and_one_that_becomes_false_removes(local):
    local.created("more", CONDITIONAL)
    found = update(local, "more", CONDITIONAL, Parameters=given(More="yes"))
    assert found["StackStatus"] == "UPDATE_COMPLETE"
    name = local.physical("more")["Extra"]
    local.client("s3").head_bucket(Bucket=name)
    local.cloudformation.update_stack(StackName="more", UsePreviousTemplate=True, Parameters=given(More="no") + [
        {"ParameterKey": "Other", "UsePreviousValue": True}])
    assert local.settled("more")["StackStatus"] == "UPDATE_COMPLETE"
    assert set(local.physical("more")) == {"Vpc"}
    refused(local.client("s3").head_bucket, "404", Bucket=name)


def test_removal_honours_the_deletion_policy(local):
    local.created("removal", resources(Vpc=vpc(), Keep=BUCKET | {"DeletionPolicy": "Retain"}))
    name = local.physical("removal")["Keep"]
    update(local, "removal", resources(Vpc=vpc()))
    assert ("Keep", "DELETE_SKIPPED") in since(local, "removal", "UPDATE_IN_PROGRESS")
    local.client("s3").head_bucket(Bucket=name)


def test_no_updates(local):
    local.created("same", CONDITIONAL)
    before = len(local.events("same"))
    for arguments in ({}, {"Parameters": given(Other="y")}):
        message = refused(local.cloudformation.update_stack, StackName="same", TemplateBody=body(CONDITIONAL),
                          **arguments)
        assert message == "No updates are to be performed."
    assert local.status("same") == "CREATE_COMPLETE" and len(local.events("same")) == before


def test_a_change_of_outputs_alone_is_an_update(local):
    local.created("told", resources(Vpc=vpc()))
    found = update(local, "told", resources(Vpc=vpc()) | {"Outputs": {"Id": {"Value": {"Ref": "Vpc"}}}})
    assert found["StackStatus"] == "UPDATE_COMPLETE" and outputs(found)["Id"].startswith("vpc-")
    assert ("Vpc", "UPDATE_IN_PROGRESS") not in since(local, "told", "UPDATE_IN_PROGRESS")


@pytest.mark.parametrize("failing", ["update", "create"])
def test_a_failed_update_goes_back(local, failing):
    name = f"back-{failing}"
    local.created(name, resources(Vpc=vpc(), Bucket=bucket(**CORS), Group=group()))
    before = local.physical(name)
    after = resources(Vpc=vpc(EnableDnsHostnames=True), Bucket=bucket(), Group=group("192.168.0.0/16"),
                      New=BUCKET | {"DependsOn": ["Group", "Vpc", "Bucket"]})
    after["Resources"]["Group"]["DependsOn"] = ["Bucket", "Vpc"]
    local.fail(logical_id="Group" if failing == "update" else "New", when=failing, reason="broken", times=1)
    found = update(local, name, after)
    assert found["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert local.physical(name) == before
    assert local.client("s3").get_bucket_cors(Bucket=before["Bucket"])["CORSRules"]
    reply = local.client("ec2").describe_vpc_attribute(VpcId=before["Vpc"], Attribute="enableDnsHostnames")
    assert reply["EnableDnsHostnames"]["Value"] is False
    rules = local.client("ec2").describe_security_groups(GroupIds=[before["Group"]])["SecurityGroups"][0]
    assert rules["IpPermissions"][0]["IpRanges"][0]["CidrIp"] == "10.0.0.0/8"
    reason = next(event["ResourceStatusReason"] for event in local.events(name)
                  if event["ResourceStatus"] == "UPDATE_ROLLBACK_IN_PROGRESS")
    assert reason == ("The following resource(s) failed to update: [Group]. " if failing == "update" else
                      "The following resource(s) failed to create: [New]. ")
    seen = [status for logical, status in since(local, name, "UPDATE_IN_PROGRESS") if logical == name]
    assert seen == ["UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
                    "UPDATE_ROLLBACK_COMPLETE"]
    assert local.deleted(found["StackId"])["StackStatus"] == "DELETE_COMPLETE"


def test_a_failed_replacement_goes_back(local):
    local.created("swap", resources(Vpc=vpc()))
    before = local.physical("swap")
    local.fail(logical_id="New", reason="broken")
    found = update(local, "swap", resources(Vpc=vpc(CidrBlock="10.6.0.0/16"), New=BUCKET | {"DependsOn": "Vpc"}))
    assert found["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE" and local.physical("swap") == before
    living = local.client("ec2").describe_vpcs()["Vpcs"]
    assert before["Vpc"] in {item["VpcId"] for item in living}
    assert "10.6.0.0/16" not in {item["CidrBlock"] for item in living}


def test_without_rollback_the_update_stays_failed_and_can_go_on(local):
    local.created("stay", resources(Vpc=vpc()))
    local.fail(logical_id="New", reason="broken", times=1)
    after = resources(Vpc=vpc(), New=BUCKET)
    assert update(local, "stay", after, DisableRollback=True)["StackStatus"] == "UPDATE_FAILED"
    assert "UPDATE_FAILED state" in refused(local.cloudformation.update_stack, StackName="stay",
                                            TemplateBody=body(after))
    assert update(local, "stay", after, DisableRollback=True)["StackStatus"] == "UPDATE_COMPLETE"
    local.client("s3").head_bucket(Bucket=local.physical("stay")["New"])


def test_a_change_that_failed_is_made_again(local):
    def boundary(arn: str) -> dict:
        return resources(Role=role(["s3:*"], RoleName="retried", ManagedPolicyArns=[arn]))

    missing = "arn:aws:iam::123456789012:policy/later"
    local.created("retry", boundary("arn:aws:iam::aws:policy/ReadOnlyAccess"), Capabilities=CAPABILITIES)
    options = {"DisableRollback": True, "Capabilities": CAPABILITIES}
    assert update(local, "retry", boundary(missing), **options)["StackStatus"] == "UPDATE_FAILED"
    iam = local.client("iam")
    iam.create_policy(PolicyName="later", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}))
    assert update(local, "retry", boundary(missing), **options)["StackStatus"] == "UPDATE_COMPLETE"
    attached = iam.list_attached_role_policies(RoleName="retried")["AttachedPolicies"]
    assert [item["PolicyArn"] for item in attached] == [missing]


def test_a_half_made_resource_is_made_anew(local):
    def template(arn: str) -> dict:
        return resources(Role=role([], RoleName="halved", ManagedPolicyArns=[arn]))

    options = {"DisableRollback": True, "Capabilities": CAPABILITIES}
    stack = local.create("halved", template("arn:aws:iam::123456789012:policy/nobodys"), **options)
    assert local.settled(stack)["StackStatus"] == "CREATE_FAILED"
    found = update(local, "halved", template("arn:aws:iam::aws:policy/ReadOnlyAccess"), **options)
    assert found["StackStatus"] == "UPDATE_COMPLETE", local.reasons("halved")
    assert local.client("iam").list_attached_role_policies(RoleName="halved")["AttachedPolicies"]


def test_update_of_an_absent_stack(local):
    assert refused(local.cloudformation.update_stack, StackName="none", TemplateBody=body(CONDITIONAL)) == \
        "Stack [none] does not exist"


def test_previous_values(local):
    template = resources(Bucket=bucket(Tags=[{"Key": "a", "Value": {"Ref": "A"}}, {"Key": "b", "Value": {"Ref": "B"}}]))
    template |= {"Parameters": {"A": {"Type": "String"}, "B": {"Type": "String"}}}
    local.created("previous", template, Parameters=given(A="1", B="2"))
    message = refused(local.cloudformation.update_stack, StackName="previous", UsePreviousTemplate=True,
                      Parameters=given(A="3"))
    assert message == "Parameters: [B] must have values"
    local.cloudformation.update_stack(StackName="previous", UsePreviousTemplate=True, Parameters=given(A="3") + [
        {"ParameterKey": "B", "UsePreviousValue": True}])
    local.settled("previous")
    tags = local.client("s3").get_bucket_tagging(Bucket=local.physical("previous")["Bucket"])["TagSet"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"a": "3", "b": "2"}
