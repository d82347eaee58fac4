# SPDX-License-Identifier: Apache-2.0
"""What a stack may do, as its caller through CloudFormation or as its own role, and what it does when it may not."""

import json

import pytest
from authorization_support import People, arn_of, policy
from cloudformation_support import REGION, emptied, local, resources, server  # noqa: F401
from conftest import ACCOUNT

CLOUDFORMATION = {"Action": "cloudformation:*"}
VIA = {"ForAnyValue:StringEquals": {"aws:CalledVia": "cloudformation.amazonaws.com"}}
VPC = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.9.0.0/16", "EnableDnsHostnames": True,
                                               "Tags": [{"Key": "team", "Value": "a"}]}}
GATEWAY = {"Type": "AWS::EC2::InternetGateway", "DependsOn": "Vpc"}
READS = {"Action": ["ec2:Describe*"]}
VPC_MADE = {"Action": ["ec2:CreateVpc", "ec2:CreateTags", "ec2:ModifyVpcAttribute"]}


class Stacks(People):
    """Stacks made by users who may not do everything."""

    def make(self, keys: tuple, template: dict, name: str = "stack", **arguments) -> str:
        """Creates the stack with those keys and waits; its ARN."""
        made = self.local_aws.client("cloudformation", keys=keys).create_stack(
            StackName=name, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_NAMED_IAM"], **arguments)
        self.local_aws.settled(made["StackId"])
        return made["StackId"]

    def allow(self, *statements: dict, name: str = "more", user: str = "amy") -> None:
        self.iam.put_user_policy(UserName=user, PolicyName=name, PolicyDocument=policy(*statements))

    def actions(self, allowed: bool = True) -> set[str]:
        return {row["action"] for row in self.local_aws.control("GET", "actions") if row["allowed"] is allowed}


@pytest.fixture
def stacks(emptied):  # noqa: F811
    return Stacks(emptied)


def test_a_stack_acts_with_its_callers_permissions(stacks, emptied):  # noqa: F811
    keys = stacks.user("amy", CLOUDFORMATION)
    stack = stacks.make(keys, resources(Vpc=VPC))
    assert emptied.status(stack) == "ROLLBACK_COMPLETE"
    reason = emptied.reasons(stack)["Vpc"]
    assert reason.startswith('Resource handler returned message: "You are not authorized to perform this operation. '
                             f"User: {arn_of('user/amy')} is not authorized to perform: ec2:CreateVpc on resource: "
                             f"arn:aws:ec2:{REGION}:{ACCOUNT}:vpc/* because no identity-based policy allows the "
                             "ec2:CreateVpc action.")
    assert reason.endswith("HandlerErrorCode: AccessDenied)")
    assert stacks.actions(False) == {"ec2:CreateVpc"}


def test_called_via_cloudformation(stacks, emptied):  # noqa: F811
    keys = stacks.user("amy", CLOUDFORMATION, {"Action": "ec2:*", "Condition": VIA},
                       {"Action": "iam:GetRole", "Condition": {"Bool": {"aws:ViaAWSService": "true"}}})
    assert not stacks.may(keys, "ec2", "describe_vpcs") and not stacks.may(keys, "iam", "get_role", RoleName="r")
    stack = stacks.make(keys, resources(Vpc=VPC))
    assert emptied.status(stack) == "CREATE_COMPLETE", emptied.reasons(stack)
    rows = [row for row in emptied.control("GET", "actions") if row["action"] == "ec2:CreateVpc"]
    assert [row["via"] for row in rows] == [["cloudformation.amazonaws.com"]]


def test_denied_in_the_middle_it_goes_back(stacks, emptied):  # noqa: F811
    keys = stacks.user("amy", CLOUDFORMATION, READS, VPC_MADE, {"Action": "ec2:DeleteVpc"})
    stack = stacks.make(keys, resources(Vpc=VPC, Gateway=GATEWAY))
    assert emptied.status(stack) == "ROLLBACK_COMPLETE"
    assert emptied.history(stack, "Vpc")[-2:] == ["DELETE_IN_PROGRESS", "DELETE_COMPLETE"]
    assert "ec2:CreateInternetGateway" in emptied.reasons(stack)["Gateway"]


def test_denied_right_after_its_creation_a_resource_is_taken_away(stacks, emptied):  # noqa: F811
    keys = stacks.user("amy", CLOUDFORMATION, READS, {"Action": ["ec2:CreateVpc", "ec2:CreateTags", "ec2:DeleteVpc"]})
    before = emptied.client("ec2").describe_vpcs()["Vpcs"]
    stack = stacks.make(keys, resources(Vpc=VPC))
    assert "ec2:ModifyVpcAttribute on resource: arn:aws:ec2:" in emptied.reasons(stack)["Vpc"]
    assert emptied.status(stack) == "ROLLBACK_COMPLETE" and emptied.client("ec2").describe_vpcs()["Vpcs"] == before


def test_a_rollback_that_may_not_delete_fails(stacks, emptied):  # noqa: F811
    keys = stacks.user("amy", CLOUDFORMATION, READS, VPC_MADE)
    stack = stacks.make(keys, resources(Vpc=VPC, Gateway=GATEWAY))
    assert emptied.status(stack) == "ROLLBACK_FAILED"
    assert "ec2:DeleteVpc on resource: arn:aws:ec2:" in emptied.reasons(stack)["Vpc"]


def test_a_deletion_that_may_not_delete_fails_and_can_be_asked_for_again(stacks, emptied):  # noqa: F811
    keys = stacks.user("amy", CLOUDFORMATION, READS, VPC_MADE)
    stack = stacks.make(keys, resources(Vpc=VPC))
    cloudformation = emptied.client("cloudformation", keys=keys)
    cloudformation.delete_stack(StackName=stack)
    assert emptied.settled(stack)["StackStatus"] == "DELETE_FAILED"
    assert "ec2:DeleteVpc" in emptied.reasons(stack)["Vpc"]
    stacks.allow({"Action": "ec2:DeleteVpc", "Condition": {"StringEquals": {"aws:ResourceTag/team": "a"}}})
    cloudformation.delete_stack(StackName=stack)
    assert emptied.settled(stack)["StackStatus"] == "DELETE_COMPLETE"


def test_who_deletes_is_asked_not_who_made(stacks, emptied):  # noqa: F811
    stack = stacks.make(stacks.user("amy", {"Action": "*"}), resources(Vpc=VPC))
    bob = stacks.user("bob", CLOUDFORMATION, READS)
    emptied.client("cloudformation", keys=bob).delete_stack(StackName=stack)
    assert emptied.settled(stack)["StackStatus"] == "DELETE_FAILED"
    assert arn_of("user/bob") in emptied.reasons(stack)["Vpc"]


def test_an_update_is_asked_for_what_changes(stacks, emptied):  # noqa: F811
    keys = stacks.user("amy", CLOUDFORMATION, READS, VPC_MADE)
    stack = stacks.make(keys, resources(Vpc=VPC))
    emptied.control("DELETE", "actions")
    cloudformation = emptied.client("cloudformation", keys=keys)
    changed = {"Vpc": {**VPC, "Properties": {**VPC["Properties"], "EnableDnsHostnames": False}}}
    cloudformation.update_stack(StackName=stack, TemplateBody=json.dumps({"Resources": changed}))
    assert emptied.settled(stack)["StackStatus"] == "UPDATE_COMPLETE"
    assert "ec2:ModifyVpcAttribute" in stacks.actions() and "ec2:CreateTags" not in stacks.actions()
    changed["Vpc"]["Properties"]["Tags"] = []
    cloudformation.update_stack(StackName=stack, TemplateBody=json.dumps({"Resources": changed}))
    assert emptied.settled(stack)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert "ec2:DeleteTags" in emptied.reasons(stack)["Vpc"]


def test_tags_of_the_request_reach_the_resources(stacks, emptied):  # noqa: F811
    tagged = {"StringEquals": {"aws:RequestTag/team": "a"}}
    of_team = {"StringEquals": {"aws:ResourceTag/team": "a"}}
    keys = stacks.user("amy", CLOUDFORMATION, READS,
                       {"Action": ["ec2:CreateVpc", "ec2:CreateTags"], "Condition": tagged},
                       {"Action": "ec2:ModifyVpcAttribute", "Condition": of_team})
    assert emptied.status(stacks.make(keys, resources(Vpc=VPC))) == "CREATE_COMPLETE"
    other = {**VPC, "Properties": {**VPC["Properties"], "Tags": [{"Key": "team", "Value": "b"}]}}
    assert "ec2:CreateVpc" in emptied.reasons(stacks.make(keys, resources(Vpc=other), "other"))["Vpc"]


def test_tags_of_the_stack_need_an_action_of_their_own(stacks, emptied):  # noqa: F811
    keys = stacks.user("amy", {"Action": ["cloudformation:CreateStack", "cloudformation:DescribeStacks", "ec2:*"]})
    tags = [{"Key": "team", "Value": "a"}]
    arguments = {"StackName": "stack", "TemplateBody": json.dumps(resources(Vpc=VPC)), "Tags": tags}
    assert "cloudformation:TagResource" in stacks.refusal(keys, "cloudformation", "create_stack", **arguments)
    stacks.allow({"Action": "cloudformation:TagResource", "Condition": {
        "StringEquals": {"cloudformation:CreateAction": "CreateStack", "aws:RequestTag/team": "a"}}})
    assert stacks.may(keys, "cloudformation", "create_stack", **arguments)
    emptied.settled("stack")


def test_the_stack_itself_is_a_resource(stacks, emptied):  # noqa: F811
    mine = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/mine-*/*"
    keys = stacks.user("amy", {"Action": "cloudformation:*", "Resource": mine}, {"Action": "ec2:*"})
    stack = stacks.make(keys, resources(Vpc=VPC), "mine-1")
    assert stacks.may(keys, "cloudformation", "describe_stack_events", StackName=stack)
    assert stacks.may(keys, "cloudformation", "describe_stacks", StackName="mine-1")
    assert not stacks.may(keys, "cloudformation", "describe_stacks", StackName="other")
    assert not stacks.may(keys, "cloudformation", "describe_stacks")


def test_a_role_of_the_stacks_own_acts_for_it(stacks, emptied):  # noqa: F811
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "cloudformation.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    arn = stacks.iam.create_role(RoleName="builder", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    stacks.iam.put_role_policy(RoleName="builder", PolicyName="own", PolicyDocument=policy(
        READS, VPC_MADE, {"Effect": "Deny", "Action": "*", "Condition": {"Bool": {"aws:ViaAWSService": "true"}}}))
    keys = stacks.user("amy", CLOUDFORMATION)
    arguments = {"StackName": "stack", "TemplateBody": json.dumps(resources(Vpc=VPC)), "RoleARN": arn}
    assert "iam:PassRole on resource" in stacks.refusal(keys, "cloudformation", "create_stack", **arguments)
    stacks.allow({"Action": "iam:PassRole", "Resource": arn, "Condition": {
        "StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}}})
    stack = stacks.make(keys, resources(Vpc=VPC), RoleARN=arn)
    assert emptied.status(stack) == "CREATE_COMPLETE", emptied.reasons(stack)
    emptied.client("cloudformation", keys=keys).delete_stack(StackName=stack)
    assert emptied.settled(stack)["StackStatus"] == "DELETE_FAILED"
    assert "assumed-role/builder/AWSCloudFormation" in emptied.reasons(stack)["Vpc"]


EFS = {"Type": "AWS::EFS::FileSystem", "Properties": {"Encrypted": True, "BackupPolicy": {"Status": "ENABLED"}}}


def test_the_first_file_system_brings_its_services_role(stacks, emptied):  # noqa: F811
    keys = stacks.user("amy", CLOUDFORMATION, {"Action": ["elasticfilesystem:*", "kms:*"]})
    stack = stacks.make(keys, resources(Files=EFS))
    assert "iam:CreateServiceLinkedRole" in emptied.reasons(stack)["Files"]
    stacks.allow({"Action": "iam:CreateServiceLinkedRole", "Condition": {
        "StringEquals": {"iam:AWSServiceName": "elasticfilesystem.amazonaws.com"}}})
    assert emptied.status(stacks.make(keys, resources(Files=EFS), "second")) == "CREATE_COMPLETE"
    linked = stacks.iam.get_role(RoleName="AWSServiceRoleForAmazonElasticFileSystem")["Role"]
    assert linked["Path"] == "/aws-service-role/elasticfilesystem.amazonaws.com/"
    stacks.iam.delete_user_policy(UserName="amy", PolicyName="more")
    assert emptied.status(stacks.make(keys, resources(Files=EFS), "third")) == "CREATE_COMPLETE"


def test_an_encrypted_file_system_uses_the_key_as_its_caller(stacks, emptied):  # noqa: F811
    stacks.iam.create_service_linked_role(AWSServiceName="elasticfilesystem.amazonaws.com")
    via = {"StringEquals": {"kms:ViaService": f"elasticfilesystem.{REGION}.amazonaws.com",
                            "kms:CallerAccount": ACCOUNT}}
    keys = stacks.user("amy", CLOUDFORMATION, {"Action": "elasticfilesystem:*"},
                       {"Action": "kms:DescribeKey", "Condition": via})
    assert "kms:GenerateDataKeyWithoutPlaintext" in emptied.reasons(stacks.make(keys, resources(Files=EFS)))["Files"]
    stacks.allow({"Action": ["kms:GenerateDataKeyWithoutPlaintext"], "Condition": via},
                 {"Action": "kms:CreateGrant", "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}}})
    assert emptied.status(stacks.make(keys, resources(Files=EFS), "second")) == "CREATE_COMPLETE"


def test_a_profile_passes_its_role(stacks, emptied):  # noqa: F811
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    template = resources(
        Role={"Type": "AWS::IAM::Role", "Properties": {"RoleName": "node", "AssumeRolePolicyDocument": trust}},
        Profile={"Type": "AWS::IAM::InstanceProfile",
                 "Properties": {"InstanceProfileName": "node", "Roles": [{"Ref": "Role"}]}})
    iam = ["iam:CreateRole", "iam:GetRole", "iam:DeleteRole", "iam:*InstanceProfile"]
    both = [arn_of("role/node"), arn_of("instance-profile/node")]
    keys = stacks.user("amy", CLOUDFORMATION, {"Action": iam, "Resource": both})
    stack = stacks.make(keys, template)
    assert "iam:PassRole on resource: role node" in emptied.reasons(stack)["Profile"]
    assert emptied.status(stack) == "ROLLBACK_COMPLETE"
    stacks.allow({"Action": "iam:PassRole", "Resource": arn_of("role/node"), "Condition": {
        "StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}})
    assert emptied.status(stacks.make(keys, template, "second")) == "CREATE_COMPLETE"


def test_nothing_is_judged_while_it_is_off(stacks, emptied):  # noqa: F811
    keys = stacks.user("amy", CLOUDFORMATION)
    stacks.enforce(False)
    assert emptied.status(stacks.make(keys, resources(Vpc=VPC))) == "CREATE_COMPLETE"
    assert emptied.control("GET", "actions") == []
