# SPDX-License-Identifier: Apache-2.0
"""Templates: functions, parameters, conditions, and every mistake that is refused before anything is made."""

import hashlib
import json

import pytest
from cloudformation_support import (ACCOUNT, BUCKET, REGION, body, given, local, outputs, refused,  # noqa: F401
                                    resources, server)

VPC = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}


@pytest.fixture
def evaluated(local, request):
    """evaluated(values, parameters, **sections): the outputs of a stack that has only a bucket beside them."""
    def run(values: dict, parameters: list = (), **sections) -> dict[str, str]:
        template = resources(Bucket=BUCKET) | sections | {"Outputs": {key: {"Value": value}
                                                                      for key, value in values.items()}}
        name = "t" + request.node.name.replace("_", "").replace("[", "-").replace("]", "")
        return outputs(local.created(name, template, Parameters=list(parameters)))
    return run


def test_functions(evaluated):
    blocks = {"Fn::Cidr": ["10.0.0.0/16", 6, 13]}
    assert evaluated({
        "Join": {"Fn::Join": ["-", ["a", {"Ref": "AWS::Region"}]]},
        "Select": {"Fn::Select": ["1", ["x", "y"]]},
        "Split": {"Fn::Select": [2, {"Fn::Split": [",", "p,q,r"]}]},
        "Cidr": {"Fn::Join": [" ", blocks]},
        "Default": {"Fn::Select": [1, {"Fn::Cidr": ["10.0.0.0/16", 2]}]},
        "Zones": {"Fn::Join": [",", {"Fn::GetAZs": ""}]},
        "Base64": {"Fn::Base64": "hello"},
        "Map": {"Fn::FindInMap": ["Sizes", {"Ref": "AWS::Region"}, "big"]},
        "Sub2": {"Fn::Sub": ["${a}${b}", {"a": "1", "b": {"Ref": "AWS::Partition"}}]},
        "Number": 3,
    }, Mappings={"Sizes": {REGION: {"big": "l"}}}) == {
        "Join": f"a-{REGION}", "Select": "y", "Split": "r", "Default": "10.0.1.0/24", "Base64": "aGVsbG8=",
        "Cidr": "10.0.0.0/19 10.0.32.0/19 10.0.64.0/19 10.0.96.0/19 10.0.128.0/19 10.0.160.0/19",
        "Zones": "us-west-2a,us-west-2b,us-west-2c,us-west-2d", "Map": "l", "Sub2": "1aws", "Number": "3"}


def test_sub_knows_resources_and_pseudo_parameters(evaluated):
    found = evaluated({"Sub": {"Fn::Sub": "${AWS::AccountId} ${Bucket} ${Bucket.Arn} ${!x} ${AWS::StackName}"},
                       "Id": {"Ref": "AWS::StackId"}, "Suffix": {"Ref": "AWS::URLSuffix"}})
    account, bucket, arn, literal, name = found["Sub"].split(" ")
    assert (account, arn, literal) == (ACCOUNT, f"arn:aws:s3:::{bucket}", "${x}")
    assert found["Id"].startswith(f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{name}/")
    assert found["Suffix"] == "amazonaws.com"


def test_conditions(evaluated):
    conditions = {"Big": {"Fn::Equals": [{"Ref": "Size"}, "big"]}, "Small": {"Fn::Not": [{"Condition": "Big"}]},
                  "Both": {"Fn::And": [{"Condition": "Big"}, {"Condition": "Small"}]},
                  "Either": {"Fn::Or": [{"Condition": "Big"}, {"Condition": "Small"}]}}
    values = {name: {"Fn::If": [name, "yes", "no"]} for name in conditions}
    found = evaluated(values, given(Size="big"), Parameters={"Size": {"Type": "String"}}, Conditions=conditions)
    assert found == {"Big": "yes", "Small": "no", "Both": "no", "Either": "yes"}


def test_short_form_yaml_and_dates_as_text(local):
    text = """
Parameters: {Names: {Type: CommaDelimitedList, Default: "a, b"}}
Conditions: {Never: !Equals [1, 2], Always: !Not [!Condition Never]}
Resources:
  Bucket: {Type: AWS::S3::Bucket}
  Absent: {Type: AWS::S3::Bucket, Condition: Never}
  Policy:
    Type: AWS::S3::BucketPolicy
    Condition: Always
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Version: 2012-10-17
        Statement: [{Effect: Deny, Principal: "*", Action: s3:PutObject, Resource: !Sub "${Bucket.Arn}/*"}]
Outputs:
  Arn: {Value: !GetAtt Bucket.Arn}
  Second: {Value: !Select [1, !Ref Names]}
  Hidden: {Value: !Ref Absent, Condition: Never}
"""
    stack = local.created("short-form", text)
    physical = local.physical("short-form")
    assert set(physical) == {"Bucket", "Policy"}
    assert outputs(stack) == {"Arn": f"arn:aws:s3:::{physical['Bucket']}", "Second": "b"}
    policy = json.loads(local.client("s3").get_bucket_policy(Bucket=physical["Bucket"])["Policy"])
    assert policy["Version"] == "2012-10-17"
    assert local.cloudformation.get_template(StackName="short-form")["TemplateBody"] == text


def test_no_value_leaves_a_property_out(local):
    template = resources(Vpc={"Type": "AWS::EC2::VPC", "Properties": {
        "CidrBlock": "10.9.0.0/16", "Tags": [{"Fn::If": ["No", {"Key": "a", "Value": "b"}, {"Ref": "AWS::NoValue"}]}],
        "InstanceTenancy": {"Ref": "AWS::NoValue"}}}) | {"Conditions": {"No": {"Fn::Equals": ["a", "b"]}}}
    local.created("novalue", template)
    vpc = local.client("ec2").describe_vpcs(VpcIds=[local.physical("novalue")["Vpc"]])["Vpcs"][0]
    assert not [tag for tag in vpc["Tags"] if not tag["Key"].startswith("aws:")]


def ref(name: str) -> dict:
    return {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Ref": name}}}


BAD = {
    "blank": (" ", "At least one Resources member"),
    "text": ("hello", "unsupported structure"),
    "yaml": ("Resources: [", "YAML not well-formed"),
    "alias": ("Resources: {A: &a {Type: AWS::S3::Bucket}, B: *a}", "aliases are not allowed"),
    "no resources": ({"Resources": {}}, "At least one Resources member"),
    "section": (resources(A=BUCKET) | {"Things": {}}, "Invalid template property or properties [Things]"),
    "member": (resources(A=BUCKET | {"Propertys": {}}), "Invalid template resource property 'Propertys'"),
    "name": ({"Resources": {"a_b": BUCKET}}, "non alphanumeric"),
    "untyped": (resources(A={"Properties": {}}), "must contain a Type member"),
    "type": (resources(A={"Type": "AWS::S3::Pail"}), "Unrecognized resource types: [AWS::S3::Pail]"),
    "ref": (resources(A=ref("B")), "Unresolved resource dependencies [B] in the Resources block"),
    "depends": (resources(A=BUCKET | {"DependsOn": "C"}), "Unresolved resource dependencies [C]"),
    "sub": (resources(A={"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::Sub": "${D}"}}}), "[D]"),
    "output": (resources(A=BUCKET) | {"Outputs": {"O": {"Value": {"Ref": "E"}}}}, "[E] in the Outputs block"),
    "getatt": (resources(A=BUCKET, B={"Type": "AWS::S3::Bucket", "Properties": {
        "BucketName": {"Fn::GetAtt": ["Z", "Arn"]}}}), "Fn::GetAtt references undefined resource Z"),
    "attribute": (resources(A=BUCKET) | {"Outputs": {"O": {"Value": {"Fn::GetAtt": ["A", "Colour"]}}}},
                  "resource A does not support attribute type Colour in Fn::GetAtt"),
    "condition": (resources(A=BUCKET | {"Condition": "F"}), "Unresolved condition dependency F"),
    "if": (resources(A={"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::If": ["G", "x", "y"]}}}),
           "Unresolved condition dependency G"),
    "cycle": (resources(A=ref("B"), B=ref("A")), "Circular dependency between resources: [A, B]"),
    "itself": (resources(A=BUCKET | {"DependsOn": "A"}), "Circular dependency between resources: [A]"),
    "left out": (resources(A=BUCKET | {"Condition": "No"}, B=ref("A")) | {
        "Conditions": {"No": {"Fn::Equals": ["a", "b"]}}}, "Unresolved resource dependencies [A]"),
    "policy": (resources(A=BUCKET | {"DeletionPolicy": "Keep"}), "Unrecognized DeletionPolicy Keep"),
    "transform": (resources(A=BUCKET) | {"Transform": "AWS::Include"}, "Transform"),
    "parameter type": (resources(A=BUCKET) | {"Parameters": {"P": {"Type": "Text"}}}, "Unrecognized parameter type"),
    "if without branches": (resources(A={"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::If": ["G"]}}}),
                            "Fn::If requires a list argument with three elements"),
    "sub of a number": (resources(A={"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::Sub": 3}}}),
                        "Fn::Sub intrinsic functions don't specify expected arguments"),
    "getatt of nothing": (resources(A={"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::GetAtt": "B"}}}),
                          "every Fn::GetAtt object requires two non-empty parameters"),
    "ref of a list": (resources(A={"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Ref": ["B"]}}}),
                      "every Ref object must have a single String value"),
    "depends on a number": (resources(A=BUCKET | {"DependsOn": 5}), "DependsOn must be a string"),
    "null resource": (resources(A=None), "must contain a Type member"),
    "plain condition": (resources(A=BUCKET) | {"Conditions": {"C": "true"}}, "must be a condition function"),
    "valueless output": (resources(A=BUCKET) | {"Outputs": {"O": {}}}, "must contain a Value object"),
    "version": (resources(A=BUCKET) | {"AWSTemplateFormatVersion": "2020-01-01"}, "is not supported"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_template_is_refused_and_makes_no_stack(local, case):
    template, words = BAD[case]
    text = body(template)
    assert words in refused(local.cloudformation.create_stack, StackName="bad", TemplateBody=text)
    assert "does not exist" in refused(local.cloudformation.describe_stacks, StackName="bad")
    if case != "left out":  # that needs the conditions' values
        assert words in refused(local.cloudformation.validate_template, TemplateBody=text)


def test_body_size_limit(local):
    template = json.dumps(resources(A=BUCKET) | {"Description": "x"})
    create = local.cloudformation.create_stack
    assert "less than or equal to 51200" in refused(create, StackName="big", TemplateBody=template.ljust(51_201))
    local.created("just-right", template.ljust(51_200))


@pytest.mark.parametrize("function, argument", [
    ("Fn::Join", "x"), ("Fn::Join", ["-", "x"]), ("Fn::Select", ["x", ["y"]]), ("Fn::Split", [1, 2]),
    ("Fn::Cidr", ["10.0.0.0/16", "many"]), ("Fn::Cidr", ["10.0.0.0/28", 9, 2]), ("Fn::Cidr", "x"),
    ("Fn::FindInMap", ["No", "such", "map"]), ("Fn::Base64", []), ("Fn::Length", ["x"]), ("Fn::ImportValue", "x")])
def test_a_function_with_wrong_arguments_fails_the_resource(local, function, argument):
    name = "function-" + hashlib.sha256(repr((function, argument)).encode()).hexdigest()[:8]
    template = resources(Bucket=BUCKET | {"Properties": {"BucketName": {function: argument}}})
    assert local.settled(local.create(name, template))["StackStatus"] == "ROLLBACK_COMPLETE"
    reason = local.reasons(name)["Bucket"]
    assert reason.startswith("Template error: ")
    assert ("Unable to get mapping" if function == "Fn::FindInMap" else function) in reason


@pytest.mark.parametrize("properties, words", [
    ({"Cidr": "10.0.0.0/16"}, "#: extraneous key [Cidr] is not permitted"),
    ({"VpcId": "vpc-1"}, "#: extraneous key [VpcId] is not permitted"),
    ({"CidrBlock": "10.0.0.0/16", "EnableDnsSupport": "perhaps"}, "#/EnableDnsSupport: expected type: Boolean"),
    ({"CidrBlock": "10.0.0.0/16", "Tags": [{"Key": "a"}]}, "#/Tags/0: required key [Value] not found"),
    ({"CidrBlock": "10.0.0.0/16", "Tags": [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]},
     "duplicate tag keys"),
    ({"CidrBlock": ["10.0.0.0/16"]}, "#/CidrBlock: expected type: String, found: JSONArray"),
    ({"CidrBlock": "10.0.0.0/16", "Ipv4NetmaskLength": 16}, "does not apply the properties ['Ipv4NetmaskLength']")])
def test_bad_properties_fail_the_resource(local, properties, words):
    name = "wrong-" + hashlib.sha256(words.encode()).hexdigest()[:8]
    local.settled(local.create(name, resources(Vpc={"Type": "AWS::EC2::VPC", "Properties": properties})))
    assert words in local.reasons(name)["Vpc"]


def test_missing_required_property_fails_the_resource(local):
    local.settled(local.create("required", resources(Vpc=VPC, Subnet={"Type": "AWS::EC2::Subnet"})))
    assert local.reasons("required")["Subnet"] == (
        "Properties validation failed for resource Subnet with message:\n#: required key [VpcId] not found")


PARAMETERS = {
    "Choice": {"Type": "String", "AllowedValues": ["a", "b"], "Default": "a"},
    "Shape": {"Type": "String", "AllowedPattern": "[a-z]+", "Default": "x"},
    "Told": {"Type": "String", "AllowedPattern": "[0-9]*", "ConstraintDescription": "must be digits", "Default": ""},
    "Length": {"Type": "String", "MinLength": 2, "MaxLength": 3, "Default": "xx"},
    "Count": {"Type": "Number", "MinValue": 1, "MaxValue": 9, "Default": 5},
    "List": {"Type": "CommaDelimitedList", "AllowedPattern": "[a-z]", "Default": "a,b"},
    "Needed": {"Type": "String"},
}


@pytest.mark.parametrize("values, words", [
    ({}, "Parameters: [Needed] must have values"),
    ({"Needed": "1", "Extra": "2"}, "Parameters: [Extra] do not exist in the template"),
    ({"Needed": "1", "Choice": "c"}, "Parameter 'Choice' must be one of AllowedValues"),
    ({"Needed": "1", "Shape": "x1"}, "Parameter 'Shape' must match pattern [a-z]+"),
    ({"Needed": "1", "Told": "x"}, "Parameter 'Told' failed to satisfy constraint: must be digits"),
    ({"Needed": "1", "Length": "x"}, "Parameter 'Length' must contain at least 2 characters"),
    ({"Needed": "1", "Length": "xxxx"}, "Parameter 'Length' must contain at most 3 characters"),
    ({"Needed": "1", "Count": "0"}, "Parameter 'Count' must be a number not less than 1"),
    ({"Needed": "1", "Count": "10"}, "Parameter 'Count' must be a number not greater than 9"),
    ({"Needed": "1", "Count": "many"}, "Parameter 'Count' must be a number"),
    ({"Needed": "1", "List": "a,B"}, "Parameter 'List' must match pattern [a-z]")])
def test_parameters_are_checked(local, values, words):
    template = json.dumps(resources(A=BUCKET) | {"Parameters": PARAMETERS})
    message = refused(local.cloudformation.create_stack, StackName="parameters", TemplateBody=template,
                      Parameters=given(**values))
    assert message.startswith(words)


def test_hidden_parameters_are_never_shown(local):
    template = resources(A=BUCKET) | {"Parameters": {"Word": {"Type": "String", "NoEcho": True}}}
    stack = local.created("hidden", template, Parameters=given(Word="opensesame"))
    assert stack["Parameters"] == [{"ParameterKey": "Word", "ParameterValue": "****"}]


def test_validate_template_and_summary(local):
    template = json.dumps(resources(A=BUCKET, R={"Type": "AWS::IAM::Role", "Properties": {
        "RoleName": "x", "AssumeRolePolicyDocument": {}}}) | {"Parameters": PARAMETERS, "Description": "for a test"})
    found = local.cloudformation.validate_template(TemplateBody=template)
    assert found["Description"] == "for a test" and found["Capabilities"] == ["CAPABILITY_NAMED_IAM"]
    assert {item["ParameterKey"]: item.get("DefaultValue") for item in found["Parameters"]}["Count"] == "5"
    summary = local.cloudformation.get_template_summary(TemplateBody=template)
    assert summary["ResourceTypes"] == ["AWS::IAM::Role", "AWS::S3::Bucket"]


@pytest.mark.parametrize("properties, needed, enough", [
    ({}, "CAPABILITY_IAM", ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]),
    ({"RoleName": "named-one"}, "CAPABILITY_NAMED_IAM", ["CAPABILITY_NAMED_IAM"])])
def test_capabilities(local, properties, needed, enough):
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"},
                            "Action": "sts:AssumeRole"}], "Version": "2012-10-17"}
    template = resources(Role={"Type": "AWS::IAM::Role", "Properties": properties | {
        "AssumeRolePolicyDocument": trust}})
    insufficient = {"CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"} - set(enough)
    message = refused(local.cloudformation.create_stack, "InsufficientCapabilitiesException", StackName="capable",
                      TemplateBody=json.dumps(template), Capabilities=list(insufficient))
    assert message == f"Requires capabilities : [{needed}]"
    for capability in enough:
        name = f"{needed}-{capability}".replace("_", "-")
        stack = local.created(name, template, Capabilities=[capability])
        assert stack["Capabilities"] == [capability]
        assert local.deleted(stack["StackId"])["StackStatus"] == "DELETE_COMPLETE"
