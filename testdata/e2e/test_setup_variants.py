# SPDX-License-Identifier: Apache-2.0
"""`setup` as organizations demand it: each variant made by a user who holds what `policy setup` prints for it, under an
organization's denials, looked at with boto3, verified, and deleted without leftovers."""

from __future__ import annotations

import json
import shlex

import pytest
from conftest import ACCOUNT
from least_privilege import Person, actions_of, each_is_needed

HERE = "us-west-1"  # two zones, so that a cloud is made faster
ROOM = [{"service": "vpc", "code": code, "value": 1000} for code in ("L-F678F1CE", "L-A4707A72")]
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/limits/boundary"
TAGS = {"owner": "Data Team", "cost:center": "a=1"}
TAGGED = tuple(word for key, value in TAGS.items() for word in ("--tag", f"{key}={value}"))
BOUNDED = ("--permissions-boundary", BOUNDARY, "--role-path", "/teams/ray/")


def denies(*actions: str, unless: dict, resource: str = "*") -> dict:
    return {"Effect": "Deny", "Action": list(actions), "Resource": resource, "Condition": unless}


WITHOUT_OWNER = {"Null": {"aws:RequestTag/owner": "true"}}
MADE = [("Vpc", "vpc"), ("Subnet", "subnet"), ("SecurityGroup", "security-group"), ("RouteTable", "route-table"),
        ("InternetGateway", "internet-gateway"), ("VpcEndpoint", "vpc-endpoint"), ("NatGateway", "natgateway")]
# What a service control policy says: no role without the boundary, or elsewhere; nothing of EC2 without an owner.
ORGANIZATION = [
    denies("iam:CreateRole", unless={"StringNotEquals": {"iam:PermissionsBoundary": BOUNDARY}}),
    {"Effect": "Deny", "Action": "iam:CreateRole", "NotResource": f"arn:aws:iam::{ACCOUNT}:role/teams/ray/*"},
    *(denies(f"ec2:Create{action}", resource=f"arn:aws:ec2:*:*:{kind}/*", unless=WITHOUT_OWNER) for action, kind in MADE),
    denies("elasticfilesystem:CreateFileSystem", unless=WITHOUT_OWNER),
]


@pytest.fixture
def person(local_aws, tmp_path):
    local_aws.control("POST", "quotas", ROOM)
    iam = local_aws.client("iam")
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    iam.create_policy(PolicyName="boundary", Path="/limits/", PolicyDocument=json.dumps(document))
    return Person(tmp_path, local_aws, HERE)


def setup(person, *words, name="prod", code=None):
    """person: or a program that somebody else runs."""
    return person.run("setup", "--name", name, "--region", HERE, "--yes", *words, code=code)


def demanded(person, *statements: dict) -> None:
    person.hold({"Version": "2012-10-17", "Statement": list(statements)}, "organization")


def everything(person) -> list[str]:
    """Ids and names of all that a cloud is made of, but for its bucket."""
    ec2, efs = person.local_aws.client("ec2", HERE), person.local_aws.client("efs", HERE)
    found = [row["VpcId"] for row in ec2.describe_vpcs()["Vpcs"] if not row["IsDefault"]]
    found += [row["AllocationId"] for row in ec2.describe_addresses()["Addresses"]]
    found += [row["InternetGatewayId"] for row in ec2.describe_internet_gateways()["InternetGateways"]
              if any(tag["Key"] == "cloudctl-cloud-id" for tag in row["Tags"])]
    found += [role["RoleName"] for role in person.iam.list_roles()["Roles"] if "cld_" in role["RoleName"]]
    found += [row["InstanceProfileName"] for row in person.iam.list_instance_profiles()["InstanceProfiles"]]
    return found + [row["FileSystemId"] for row in efs.describe_file_systems()["FileSystems"]]


def tags_of(rows) -> dict[str, str]:
    return {row["Key"]: row["Value"] for row in rows}


def make_and_delete(person, words, look, verdict="PASS") -> None:
    """The life of one cloud with no more permissions than it needs."""
    person.hold(person.policy("setup", *words))
    done = setup(person, *words, code=0)
    record = person.administrator.record("prod")
    assert record["verification"]["verdict"] == verdict, done.stdout
    look(person, record)
    assert "is ready already" in setup(person, *words, code=0).stderr
    person.hold(person.policy("delete", "prod"))
    person.run("delete", "--name", "prod", "--yes", code=0)
    assert everything(person) == [] and person.administrator.records() == []


def looks_bounded(person, record) -> None:
    iam, ec2 = person.iam, person.local_aws.client("ec2", HERE)
    resources, owned = record["resources"], TAGS | {"cloudctl-cloud-id": record["id"]}
    for arn in (resources["control_plane_role_arn"], resources["node_role_arn"]):
        assert arn.startswith(f"arn:aws:iam::{ACCOUNT}:role/teams/ray/")
        role = iam.get_role(RoleName=arn.rpartition("/")[2])["Role"]
        assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == BOUNDARY
        assert owned.items() <= tags_of(role["Tags"]).items()
    [profile] = iam.list_instance_profiles()["InstanceProfiles"]
    assert profile["Path"] == "/teams/ray/"
    tags = iam.get_instance_profile(InstanceProfileName=profile["InstanceProfileName"])["InstanceProfile"]["Tags"]
    assert owned.items() <= tags_of(tags).items()
    for resource in things_of_the_vpc(ec2, resources):
        found = tags_of(ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [resource]}])["Tags"])
        assert owned.items() <= found.items(), resource
    bucket = person.local_aws.client("s3", HERE).get_bucket_tagging(Bucket=resources["bucket"])
    assert owned.items() <= tags_of(bucket["TagSet"]).items()
    efs = person.local_aws.client("efs", HERE).describe_file_systems()["FileSystems"][0]
    assert owned.items() <= tags_of(efs["Tags"]).items()
    stack = person.local_aws.client("cloudformation", HERE).describe_stacks(StackName=record["stack_name"])["Stacks"][0]
    assert tags_of(stack["Tags"]) == owned
    assert record["setup"] == {"tags": [f"{key}={value}" for key, value in TAGS.items()],
                               "permissions_boundary": BOUNDARY, "role_path": "/teams/ray/"}


def things_of_the_vpc(ec2, resources) -> list[str]:
    """Everything that can have a tag, whoever made it."""
    of_vpc = [{"Name": "vpc-id", "Values": [resources["vpc_id"]]}]
    groups = [row["GroupId"] for row in ec2.describe_security_groups(Filters=of_vpc)["SecurityGroups"]]
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": groups}])["SecurityGroupRules"]
    gateways = ec2.describe_internet_gateways(
        Filters=[{"Name": "attachment.vpc-id", "Values": [resources["vpc_id"]]}])["InternetGateways"]
    assert len(rules) >= 5 and len(groups) == 2
    return [resources["vpc_id"], *resources["subnet_ids"], *groups, *(row["SecurityGroupRuleId"] for row in rules),
            *(row["InternetGatewayId"] for row in gateways),
            *(row["NetworkAclId"] for row in ec2.describe_network_acls(Filters=of_vpc)["NetworkAcls"]),
            *(row["RouteTableId"] for row in ec2.describe_route_tables(Filters=of_vpc)["RouteTables"]),
            *(row["VpcEndpointId"] for row in ec2.describe_vpc_endpoints(Filters=of_vpc)["VpcEndpoints"])]


def test_boundary_path_and_tags_under_an_organization(person):
    demanded(person, *ORGANIZATION)
    make_and_delete(person, (*TAGGED, *BOUNDED), looks_bounded)


@pytest.mark.parametrize("words", [(), TAGGED, BOUNDED, (*TAGGED, *BOUNDED[:2])], ids=["plain", "tags", "roles", "no path"])
def test_an_organization_refuses_what_it_demands_more_of(person, words):
    demanded(person, *ORGANIZATION)
    person.hold(person.policy("setup", *words))
    assert "explicit deny" in setup(person, *words, "--skip-preflight", code=4).stderr


def looks_logged(person, record) -> None:
    s3, bucket = person.local_aws.client("s3", HERE), record["resources"]["bucket"]
    assert s3.get_bucket_logging(Bucket=bucket)["LoggingEnabled"] == {
        "TargetBucket": "the-logs", "TargetPrefix": f"{record['stack_name']}/"}
    rules = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert [rule["ID"] for rule in rules] == ["abort-incomplete-uploads"]
    assert record["setup"] == {"old_version_days": "0", "access_log_bucket": "the-logs"}


LOGGED = ("--access-log-bucket", "the-logs", "--old-version-days", "0")


def test_access_log_and_old_versions_kept(person):
    s3 = person.local_aws.client("s3", HERE)
    s3.create_bucket(Bucket="the-logs", CreateBucketConfiguration={"LocationConstraint": HERE})
    s3.put_bucket_policy(Bucket="the-logs", Policy=json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Service": "logging.s3.amazonaws.com"}, "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::the-logs/*"}]}))
    make_and_delete(person, LOGGED, looks_logged, verdict="WARN")  # s3.lifecycle: old versions are kept for ever, as asked


OTHER_ROLE = f"arn:aws:iam::{ACCOUNT}:role/teams/other"
NODES = ("--extra-node-role-arn", OTHER_ROLE, "--node-cloudwatch", "--node-secrets", "ray/")


def looks_wider(person, record) -> None:
    """A cluster's instances may also be of the other role, write to CloudWatch and read the secrets of that name."""
    def allowed(arn: str, action: str, resource: str) -> bool:
        decided = person.iam.simulate_principal_policy(
            PolicySourceArn=arn, ActionNames=[action], ResourceArns=[resource], ContextEntries=[
                {"ContextKeyName": "iam:PassedToService", "ContextKeyValues": ["ec2.amazonaws.com"],
                 "ContextKeyType": "string"}])
        return decided["EvaluationResults"][0]["EvalDecision"] == "allowed"

    control_plane, node = record["resources"]["control_plane_role_arn"], record["resources"]["node_role_arn"]
    secret = f"arn:aws:secretsmanager:{HERE}:{ACCOUNT}:secret:"
    assert allowed(control_plane, "iam:PassRole", node) and allowed(control_plane, "iam:PassRole", OTHER_ROLE)
    assert not allowed(control_plane, "iam:PassRole", OTHER_ROLE + "s")
    assert allowed(node, "secretsmanager:GetSecretValue", secret + "ray/token-a1b2c3")
    assert not allowed(node, "secretsmanager:GetSecretValue", secret + "payroll-a1b2c3")
    assert not allowed(node, "secretsmanager:PutSecretValue", secret + "ray/token-a1b2c3")
    assert allowed(node, "cloudwatch:PutMetricData", "*")
    assert allowed(node, "logs:PutLogEvents", f"arn:aws:logs:{HERE}:{ACCOUNT}:log-group:ray:log-stream:a")
    assert record["setup"] == {"extra_node_role_arns": [OTHER_ROLE], "node_cloudwatch": True, "node_secrets": "ray/"}


def test_wider_nodes(person):
    """Nothing that it adds needs more permissions of who makes it."""
    assert own_actions(person, *NODES)[1] == []
    make_and_delete(person, NODES, looks_wider)


def looks_without_efs(person, record) -> None:
    local_aws, resources = person.local_aws, record["resources"]
    efs, ec2 = local_aws.client("efs", HERE), local_aws.client("ec2", HERE)
    assert efs.describe_file_systems()["FileSystems"] == []
    assert ec2.describe_network_interfaces(
        Filters=[{"Name": "vpc-id", "Values": [resources["vpc_id"]]}])["NetworkInterfaces"] == []
    cloudformation = local_aws.client("cloudformation", HERE)
    types = {row["ResourceType"] for row in
             cloudformation.describe_stack_resources(StackName=record["stack_name"])["StackResources"]}
    assert "AWS::S3::Bucket" in types and not any(name.startswith("AWS::EFS::") for name in types)
    assert record["setup"] == {"no_efs": True}
    assert not {"file_system_id", "mount_target_ip"} & set(resources)
    judged = json.loads(person.administrator.run("verify", "prod", "--output", "json", code=0).stdout)
    assert "s3.cors" in str(judged) and "efs." not in str(judged)


NO_EFS = ("--no-efs",)


def test_no_file_system(person):
    make_and_delete(person, NO_EFS, looks_without_efs)


def test_the_policy_without_a_file_system_is_minimal(person):
    """It has nothing of EFS, nor what only EFS needs, and only less than that of a plain setup."""
    document, more = own_actions(person, *NO_EFS)
    less = set(actions_of(person.policy("setup"))) - set(actions_of(document))
    assert more == [] and "elasticfilesystem" not in json.dumps(document)
    assert {action for action in less if not action.startswith("elasticfilesystem:")} == {
        "ec2:DescribeNetworkInterfaces", "ec2:DescribeVpcEndpointServices", "iam:CreateServiceLinkedRole",
        "kms:CreateGrant", "kms:GenerateDataKeyWithoutPlaintext"}


def test_the_plan_without_a_file_system(person):
    document = json.loads(person.administrator.run(
        "setup", "prod", "--region", HERE, *NO_EFS, "--plan", "--output", "json", code=1).stdout)
    assert not any(row["type"].startswith("AWS::EFS::") for row in document["resources"])
    assert document["options"] == {"no-efs": ["yes"]}
    costs = " ".join(item["item"] for item in document["costs"]["items"])
    assert "S3" in costs and "EFS" not in costs and "Backup" not in costs


def test_deletion_of_a_cloud_without_a_file_system_speaks_of_none(person):
    administrator = person.administrator
    setup(administrator, *NO_EFS, code=0)
    done = administrator.run("delete", "prod", "--yes", code=0)
    said = done.stdout + done.stderr
    assert "nothing else of the cloud holds data" in said
    assert "EFS" not in said and "Backup" not in said


def make_key(local_aws, region: str = HERE, **settings) -> str:
    return local_aws.client("kms", region).create_key(**settings)["KeyMetadata"]["Arn"]


def looks_encrypted(person, record) -> None:
    """Bucket, file system and MemoryDB with the key, which both roles may use through S3, and no other key."""
    def allowed(arn: str, action: str, key: str, service: str = "s3") -> bool:
        via = {"ContextKeyName": "kms:ViaService", "ContextKeyValues": [f"{service}.{HERE}.amazonaws.com"],
               "ContextKeyType": "string"}
        decided = person.iam.simulate_principal_policy(
            PolicySourceArn=arn, ActionNames=[action], ResourceArns=[key], ContextEntries=[via])
        return decided["EvaluationResults"][0]["EvalDecision"] == "allowed"

    key, resources = record["setup"]["kms_key"], record["resources"]
    rules = person.local_aws.client("s3", HERE).get_bucket_encryption(Bucket=resources["bucket"])
    assert rules["ServerSideEncryptionConfiguration"]["Rules"] == [
        {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}, "BucketKeyEnabled": True}]
    [files] = person.local_aws.client("efs", HERE).describe_file_systems()["FileSystems"]
    assert files["Encrypted"] and files["KmsKeyId"] == key
    [cluster] = person.local_aws.client("memorydb", HERE).describe_clusters()["Clusters"]
    assert cluster["KmsKeyId"] == key
    for role in (resources["control_plane_role_arn"], resources["node_role_arn"]):
        for action in ("kms:Decrypt", "kms:GenerateDataKey"):
            assert allowed(role, action, key)
            assert not allowed(role, action, key, "ec2") and not allowed(role, action, key[:-1] + "x")
        assert not allowed(role, "kms:ScheduleKeyDeletion", key) and not allowed(role, "kms:CreateGrant", key)


def test_a_key_of_the_users(person):
    """delete leaves the key as it is."""
    key = make_key(person.local_aws)
    make_and_delete(person, ("--kms-key", key, "--enable-head-node-fault-tolerance"), looks_encrypted)
    assert person.local_aws.client("kms", HERE).describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Enabled"


def key_policy(*statements: dict) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*"} | row
                                                              for row in statements]})


def test_what_a_key_lacks_is_said_before_anything_is_made(person):
    kms, administrator = person.local_aws.client("kms", HERE), person.administrator
    ann = {"Principal": {"AWS": person.arn}, "Action": "kms:*"}
    disabled, deleted = make_key(person.local_aws), make_key(person.local_aws)
    kms.disable_key(KeyId=disabled)
    kms.schedule_key_deletion(KeyId=deleted, PendingWindowInDays=7)
    cases = {
        disabled: f"aws kms enable-key --key-id {disabled}",
        deleted: f"aws kms cancel-key-deletion --key-id {deleted}",
        make_key(person.local_aws, KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT"): "type RSA_2048",
        make_key(person.local_aws, Policy=key_policy(ann, {
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            "Action": ["kms:DescribeKey", "kms:GetKeyPolicy"]})): "does not let both roles use it",
        f"arn:aws:kms:{HERE}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab": "there is no key",
    }
    for key, says in cases.items():
        done = setup(administrator, "--kms-key", key, code=4)
        assert "nothing was created because of preflight.key" in done.stderr and says in done.stdout, done.stdout
    assert everything(person) == [] and administrator.records() == []


def test_a_key_is_of_the_clouds_region(person):
    elsewhere = make_key(person.local_aws, "us-west-2")
    china = elsewhere.replace("arn:aws:", "arn:aws-cn:").replace("us-west-2", HERE)
    for key in (elsewhere, china):
        for command in (("setup", "--name", "a", "--yes"), ("policy", "setup")):
            said = person.run(*command, "--region", HERE, "--kms-key", key, code=2).stderr
            assert f"'{key}' is not in the region {HERE}" in said


def own_actions(person, *words) -> tuple[dict, list[str]]:
    """The policy with these words, and the actions that they add to it."""
    document = person.policy("setup", *words)
    return document, sorted(set(actions_of(document)) - set(actions_of(person.policy("setup"))))


@pytest.mark.parametrize("words, more", [
    (TAGGED, ["iam:TagInstanceProfile"]),
    (BOUNDED, ["iam:GetPolicy", "iam:GetPolicyVersion"]),
    (LOGGED, ["s3:PutBucketLogging"]),
], ids=["tags", "roles", "log"])
def test_each_action_that_a_variant_adds_is_needed(person, words, more):
    document, own = own_actions(person, *words)
    assert own == more
    names = (f"cloud-{number}" for number in range(100))
    each_is_needed(person, document, own, lambda who: setup(who, *words, "--skip-preflight", name=next(names)))


def test_each_action_that_a_key_adds_is_needed(person):
    words = ("--kms-key", make_key(person.local_aws))
    document, own = own_actions(person, *words)
    assert own == ["kms:GetKeyPolicy"]
    names = (f"cloud-{number}" for number in range(100))
    each_is_needed(person, document, own, lambda who: setup(who, *words, "--skip-preflight", name=next(names)))


def test_each_action_that_a_key_adds_without_a_file_system_is_needed(person):
    """MemoryDB alone uses the key: less than EFS does."""
    plain = ("--no-efs", "--enable-head-node-fault-tolerance")
    words = (*plain, "--kms-key", make_key(person.local_aws))
    document = person.policy("setup", *words)
    own = sorted(set(actions_of(document)) - set(actions_of(person.policy("setup", *plain))))
    assert own == ["kms:CreateGrant", "kms:GetKeyPolicy"]
    names = (f"cloud-{number}" for number in range(100))
    each_is_needed(person, document, own, lambda who: setup(who, *words, "--skip-preflight", name=next(names)))


def test_who_sets_up_lets_services_use_that_key_only(person):
    """EFS and MemoryDB; a policy without MemoryDB is not enough for it."""
    key = make_key(person.local_aws)
    words = ("--kms-key", key, "--enable-head-node-fault-tolerance")
    document = person.policy("setup", *words)
    [statement] = [row for row in document["Statement"] if "kms:CreateGrant" in row["Action"]]
    vias = statement["Condition"]["StringEquals"]
    assert statement["Resource"] == [key]
    assert vias["kms:ViaService"] == [f"elasticfilesystem.{HERE}.amazonaws.com", f"memorydb.{HERE}.amazonaws.com"]
    vias["kms:ViaService"] = vias["kms:ViaService"][:1]
    person.hold(document)
    assert "kms:CreateGrant" in setup(person, *words, code=4).stderr


def test_what_to_do_about_missing_permissions_names_the_options(person):
    """The command that is told prints the policy with which the setup passes."""
    person.hold(person.policy("setup"))
    done = setup(person, *TAGGED, *BOUNDED, *NODES, code=4)
    told = next(line.partition("do: ")[2] for line in done.stdout.splitlines() if "do: cloudctl policy setup" in line)
    words = shlex.split(told, comments=True)
    assert words[:2] == ["cloudctl", "policy"] and {*TAGGED, *BOUNDED, *NODES} <= set(words)
    person.hold(json.loads(person.cloudctl.run(*words[1:]).stdout))
    setup(person, *TAGGED, *BOUNDED, *NODES, code=0)


def test_a_later_run_makes_what_the_first_one_was_asked_for(person):
    administrator = person.administrator
    person.local_aws.fail({"logical_id": "Subnet1", "times": 1})
    setup(administrator, *TAGGED, *BOUNDED, code=4)
    setup(administrator, code=0)
    looks_bounded(person, administrator.record("prod"))
    done = setup(administrator, "--tag", "owner=Somebody", "--role-path", "/x/", code=4)
    assert "--tag: asked for 'Somebody', but its stack has owner 'Data Team'" in done.stderr
    assert "--role-path: asked for '/x/', but its stack has RolePath '/teams/ray/'" in done.stderr


@pytest.mark.parametrize("words, says", [
    (("--tag", "owner"), "KEY=VALUE"),
    (("--tag", "=x"), "KEY=VALUE"),
    (("--tag", "owner="), "neither of them empty"),
    (("--tag", "aws:owner=x"), "AWS keeps"),
    (("--tag", "AWS:owner=x"), "AWS keeps"),
    (("--tag", "Name=x"), "choose another key"),
    (("--tag", "cloudctl-cloud-id=x"), "choose another key"),
    (("--tag", "a=1", "--tag", "A=2"), "given twice"),
    (("--tag", "a=<b>"), "KEY=VALUE"),
    (("--tag", "k" * 129 + "=x"), "KEY=VALUE"),
    (("--tag", "k=" + "v" * 257), "KEY=VALUE"),
    (tuple(word for number in range(48) for word in ("--tag", f"k{number}=v")), "too many"),
    (("--permissions-boundary", "boundary"), "ARN of a managed policy"),
    (("--permissions-boundary", f"arn:aws:iam::{ACCOUNT}:role/x"), "ARN of a managed policy"),
    (("--permissions-boundary", "arn:aws:iam::12345:policy/x"), "ARN of a managed policy"),
    (("--old-version-days", "1.5"), "number of days"),
    (("--old-version-days", "007"), "number of days"),
    (("--old-version-days", "36501"), "number of days"),
    (("--access-log-bucket", "The_Logs"), "name of a bucket"),
    (("--extra-node-role-arn", "other"), "role's ARN"),
    (("--extra-node-role-arn", f"arn:aws:iam::{ACCOUNT}:policy/x"), "role's ARN"),
    (tuple(word for number in range(30) for word in ("--extra-node-role-arn", f"{OTHER_ROLE}-{number}-{'x' * 30}")),
     "no room"),
    (("--kms-key", "alias/data"), "ARN of a KMS key"),
    (("--kms-key", f"arn:aws:kms:{HERE}:{ACCOUNT}:alias/data"), "an alias is not enough"),
    (("--kms-key", "1234abcd-12ab-34cd-56ef-1234567890ab"), "ARN of a KMS key"),
    (("--kms-key", f"arn:aws:kms:{HERE}:12345:key/1234abcd-12ab-34cd-56ef-1234567890ab"), "ARN of a KMS key"),
    (("--kms-key", f"arn:aws:kms:{HERE}:{ACCOUNT}:key/*"), "ARN of a KMS key"),
    (("--kms-key", f"arn:aws:s3:{HERE}:{ACCOUNT}:key/a"), "ARN of a KMS key"),
    (("--node-secrets", "ray/*"), "without *"),
    (("--role-path", "teams"), "begins and ends with /"),
    (("--role-path", "/teams"), "begins and ends with /"),
    (("--role-path", "//"), "begins and ends with /"),
    (("--role-path", "/aws-service-role/x/"), "AWS's own"),
    (("--role-path", f"/{'p' * 127}/"), "at most 128"),
])
def test_what_is_not_valid_is_said_before_anything_is_asked(person, words, says):
    person.local_aws.control("DELETE", "requests")
    for command in (("setup", "--name", "a", "--yes"), ("policy", "setup")):
        assert says in person.run(*command, "--region", HERE, *words, code=2).stderr
    assert person.local_aws.requests() == []


def test_the_most_tags_there_can_be(person):
    words = tuple(word for number in range(47) for word in ("--tag", f"{number}ä{'k' * 120}={'v' * 256}"))
    setup(person.administrator, *words, code=0)


@pytest.mark.parametrize("action", ["iam:TagInstanceProfile", "cloudformation:UpdateTerminationProtection"])
def test_refused_after_the_stack_is_there(person, action):
    """The cloud keeps its record, and the next run goes on where this one ended."""
    administrator = person.administrator
    person.local_aws.faults({"match": action, "code": "AccessDenied"})
    done = setup(administrator, *TAGGED, code=4)
    assert action in done.stderr, done.stderr
    begun = administrator.record("prod")
    assert begun["state"] == "creating" and begun["stack_arn"]
    person.local_aws.faults()
    setup(administrator, code=0)
    assert administrator.record("prod")["id"] == begun["id"]
    administrator.run("delete", "prod", "--yes", code=0)
    assert everything(person) == []
