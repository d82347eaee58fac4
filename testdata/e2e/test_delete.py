# SPDX-License-Identifier: Apache-2.0
"""`delete`: what goes, what stays, and that it can be run again from any half-done state."""

import json
import signal

import pytest
from conftest import HELD, OTHER_KEYS, REGION, wait_for

SETUP = ("setup", "--name", "demo", "--region", REGION, "--yes")
DELETE = ("delete", "demo", "--yes")
TAG = "cloudctl-cloud-id"


def leftovers(local_aws, cloud_id):
    """Everything of a cloud that still exists, found without the stack: by tag and by name."""
    ec2, iam = local_aws.client("ec2"), local_aws.client("iam")
    by_tag = [{"Name": f"tag:{TAG}", "Values": [cloud_id]}]
    found = [vpc["VpcId"] for vpc in ec2.describe_vpcs(Filters=by_tag)["Vpcs"]]
    found += [subnet["SubnetId"] for subnet in ec2.describe_subnets(Filters=by_tag)["Subnets"]]
    found += [group["GroupId"] for group in ec2.describe_security_groups(Filters=by_tag)["SecurityGroups"]]
    found += [table["RouteTableId"] for table in ec2.describe_route_tables(Filters=by_tag)["RouteTables"]]
    found += [gateway["InternetGatewayId"] for gateway in ec2.describe_internet_gateways(Filters=by_tag)["InternetGateways"]]
    found += [item["VpcEndpointId"] for item in ec2.describe_vpc_endpoints(Filters=by_tag)["VpcEndpoints"]
              if item["State"] != "deleted"]
    found += [role["RoleName"] for role in iam.list_roles()["Roles"] if cloud_id in role["RoleName"]]
    found += [profile["InstanceProfileName"] for profile in iam.list_instance_profiles()["InstanceProfiles"]
              if cloud_id in profile["InstanceProfileName"]]
    found += [system["FileSystemId"] for system in local_aws.client("efs").describe_file_systems()["FileSystems"]]
    name = cloud_id.replace("_", "-")
    found += [item["Name"] for item in local_aws.client("memorydb").describe_clusters()["Clusters"] if item["Name"] == name]
    found += [item["Name"] for item in local_aws.client("memorydb").describe_subnet_groups()["SubnetGroups"]
              if item["Name"] == name]
    return found + [bucket["Name"] for bucket in local_aws.client("s3").list_buckets()["Buckets"]]


@pytest.mark.parametrize("fault, says", [({"code": "AccessDenied"}, "needs s3:ListBucket"), ({"status": 418}, "could not be found out"),
                                         ({"status": 500}, "could not be found out")], ids=["denied", "odd", "broken"])
def test_what_is_not_known_of_the_bucket_is_said(cloudctl, local_aws, fault, says):
    cloudctl.environment["AWS_MAX_ATTEMPTS"] = "1"
    cloudctl.run(*SETUP)
    local_aws.faults({"match": "s3:HeadBucket", **fault})
    done = cloudctl.run(*DELETE)
    assert "may still exist and cost money" in done.stderr and says in done.stderr, done.stderr


def test_nothing_is_left_but_the_bucket(cloudctl, local_aws):
    cloudctl.run(*SETUP, "--enable-head-node-fault-tolerance")
    record = cloudctl.record("demo")
    bucket = record["resources"]["bucket"]
    assert len(leftovers(local_aws, record["id"])) > 12
    local_aws.client("s3").put_object(Bucket=bucket, Key="kept", Body=b"data")
    done = cloudctl.run(*DELETE)
    assert leftovers(local_aws, record["id"]) == [bucket]
    assert local_aws.client("s3").get_object(Bucket=bucket, Key="kept")["Body"].read() == b"data"
    assert f"/s3/bucket/{bucket}/empty?region=" in done.stderr and f"aws s3 rb s3://{bucket}" in done.stderr
    assert cloudctl.records() == []
    assert [stack["StackStatus"] for stack in local_aws.stacks()] == ["DELETE_COMPLETE"]
    assert cloudctl.run("list").stdout.count("demo") == 0


def test_lines_for_each_resource(cloudctl):
    cloudctl.run(*SETUP)
    lines = cloudctl.run(*DELETE).stderr.splitlines()
    assert any("VPC: DELETE_IN_PROGRESS (vpc-" in line for line in lines)
    assert any("Mount target 1: DELETE_COMPLETE (fsmt-" in line for line in lines)
    assert any("S3 bucket: DELETE_SKIPPED (cloudctl-data-" in line for line in lines)
    assert not any("CREATE_" in line for line in lines)  # the creation's events are not told again


def test_asks_first_and_names_the_data(cloudctl, local_aws):
    cloudctl.run(*SETUP)
    before = cloudctl.record("demo")
    assert "--yes" in cloudctl.run(*DELETE[:-1], code=5).stderr
    question = f"Delete cloud 'demo' (managed) and its data in account {before['account']}, region {REGION}? Type demo to agree"
    for wrong in ("n", "y", "yes", "", "demo2", "Demo"):
        code, shown = cloudctl.on_terminal(*DELETE[:-1], answer=wrong)
        assert code == 5 and question in shown and "not confirmed" in shown, wrong
    code, shown = cloudctl.on_terminal(*DELETE[:-1], answer="?\ndemo2")
    assert code == 5 and "demo: go on" in shown and before["id"] in shown and before["resources"]["file_system_id"] in shown
    assert "can no longer be reached" in shown
    assert cloudctl.record("demo") == before
    assert local_aws.requests("cloudformation:DeleteStack") == []


def stack_is_whole(local_aws, record) -> bool:
    rows = local_aws.client("cloudformation").describe_stack_resources(StackName=record["stack_arn"])["StackResources"]
    return {row["ResourceStatus"] for row in rows} == {"CREATE_COMPLETE"}


def test_what_cannot_be_deleted_is_named_with_what_to_do(cloudctl, local_aws):
    """Before, and when the user insists, by CloudFormation."""
    cloudctl.run(*SETUP)
    record = cloudctl.record("demo")
    ec2 = local_aws.client("ec2")
    foreign = ec2.create_network_interface(SubnetId=record["resources"]["subnet_ids"][0])["NetworkInterface"]
    done = cloudctl.run(*DELETE, code=4)
    assert f"aws ec2 delete-network-interface --network-interface-id {foreign['NetworkInterfaceId']}" in done.stderr
    assert stack_is_whole(local_aws, record) and cloudctl.record("demo") == record
    done = cloudctl.run(*DELETE, "--force", code=4)
    assert f"In the way: network interface {foreign['NetworkInterfaceId']}" in done.stderr
    errors = [line for line in done.stderr.splitlines() if "could not be deleted" in line]
    assert any("Subnet 1" in line and record["resources"]["subnet_ids"][0] in line and "network interfaces" in line
               for line in errors)
    lines = done.stderr.splitlines()
    held = [at for at, line in enumerate(lines) if f"In the way: network interface {foreign['NetworkInterfaceId']} (available) holds Subnet 1" in line]
    began, failed, told = (next(at for at, line in enumerate(lines) if word in line)
                           for word in ("Deleting the stack", "Subnet 1 failed", "could not be deleted"))
    assert len(held) == 3 and held[0] < began < failed < held[1] < told < held[2], done.stderr
    assert f"aws ec2 delete-network-interface --network-interface-id {foreign['NetworkInterfaceId']}" in lines[held[2]]
    assert "cloudctl delete --name demo" in done.stderr
    assert cloudctl.record("demo")["state"] == "deleting"
    assert "is being deleted" in cloudctl.run(*SETUP, code=4).stderr
    ec2.delete_network_interface(NetworkInterfaceId=foreign["NetworkInterfaceId"])
    cloudctl.run(*DELETE)
    assert cloudctl.records() == [] and leftovers(local_aws, record["id"]) == [record["resources"]["bucket"]]


def launch(local_aws, record) -> str:
    resources = record["resources"]
    [made] = local_aws.client("ec2").run_instances(
        ImageId="ami-12345678", MinCount=1, MaxCount=1, SubnetId=resources["subnet_ids"][0],
        SecurityGroupIds=resources["security_group_ids"])["Instances"]
    return made["InstanceId"]


def test_a_launch_that_slips_in_after_the_question(cloudctl, local_aws):
    cloudctl.run(*SETUP)
    record = cloudctl.record("demo")
    local_aws.faults({"match": "cloudformation:DescribeStacks", "skip": 1, "times": 1, "delay": HELD})
    process = cloudctl.start(*DELETE)
    wait_for(lambda: local_aws.control("GET", "faults")[0]["hits"])
    instance = launch(local_aws, record)
    local_aws.release()
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 4 and f"In the way: instance {instance} (running)" in errors
    assert stack_is_whole(local_aws, record) and cloudctl.record("demo") == record
    assert protection_of(local_aws, record)[0]


def test_what_could_not_be_looked_for(cloudctl, local_aws):
    cloudctl.run(*SETUP)
    record = cloudctl.record("demo")
    local_aws.faults({"match": "ec2:DescribeInstances", "code": "UnauthorizedOperation"})
    done = cloudctl.run(*DELETE, code=4)
    assert "Not known: looking for instances" in done.stderr and "ec2:DescribeInstances" in done.stderr
    assert "cloudctl policy delete --check" in done.stderr and stack_is_whole(local_aws, record)
    plan = json.loads(cloudctl.run("delete", "demo", "--plan", "-o", "json", code=3).stdout)
    assert [(row["doing"], row["action"]) for row in plan["unknown"]] == [
        ("looking for instances", "ec2:DescribeInstances")]
    code, shown = cloudctl.on_terminal(*DELETE[:-1], answer="n")
    assert code == 5 and "Not known: looking for instances" in shown
    code, shown = cloudctl.on_terminal(*DELETE[:-1], answer="demo")
    assert code == 0 and cloudctl.records() == []


def test_a_plan_writes_nothing(cloudctl, local_aws):
    cloudctl.run(*SETUP)
    record = cloudctl.record("demo")
    files = sorted(cloudctl.state.rglob("*"))
    local_aws.control("DELETE", "requests")
    done = cloudctl.run("delete", "demo", "--plan", code=1)
    assert f"with all data: EFS file system {record['resources']['file_system_id']}" in " ".join(done.stdout.split())
    assert max(map(len, done.stdout.splitlines())) <= 80 and f"bucket: {record['resources']['bucket']}" in done.stdout
    plan = json.loads(cloudctl.run("delete", "demo", "--plan", "-o", "json", code=1).stdout)
    assert (plan["command"], plan["action"], plan["account"]) == ("delete", "delete", record["account"])
    assert {row["logical_id"] for row in plan["resources"] if row["data"]} == {"FileSystem"}
    assert "Bucket" not in {row["logical_id"] for row in plan["resources"]}
    assert {row["action"].partition("-")[0] for row in local_aws.requests() if not row["action"].startswith(
        ("Describe", "List", "Get"))} == set()
    assert sorted(cloudctl.state.rglob("*")) == files and cloudctl.record("demo") == record


def test_in_a_vpc_of_the_users_only_what_uses_the_cloud_is_in_the_way(cloudctl, local_aws, customer):
    """His other instances and groups are no business of the cloud's."""
    outputs = customer.outputs
    subnets = outputs["SubnetIds"].split(",")
    cloudctl.run(*SETUP, "--skip-preflight", "--vpc-id", outputs["VpcId"], "--subnet-ids", outputs["SubnetIds"])
    record = cloudctl.record("demo")
    ec2 = local_aws.client("ec2")
    ec2.run_instances(ImageId="ami-12345678", MinCount=1, MaxCount=1, SubnetId=subnets[0],
                      SecurityGroupIds=[outputs["SecurityGroupId"]])
    ec2.create_network_interface(SubnetId=subnets[0])
    assert json.loads(cloudctl.run("delete", "demo", "--plan", "-o", "json", code=1).stdout)["blockers"] == []
    instance = launch(local_aws, {"resources": {**record["resources"], "subnet_ids": subnets}})
    plan = json.loads(cloudctl.run("delete", "demo", "--plan", "-o", "json", code=4).stdout)
    assert [(row["id"], row["holds"]) for row in plan["blockers"]] == [(instance, ["Security group"])]
    ec2.terminate_instances(InstanceIds=[instance])
    cloudctl.run(*DELETE)


def test_a_protected_stack_stays_and_so_does_the_record(cloudctl, local_aws):
    cloudctl.run(*SETUP)
    path = cloudctl.state / "cloudctl/clouds/demo.yaml"
    path.write_text(path.read_text().replace("stack_protected: true\n", ""))  # as if somebody else had
    before = cloudctl.record("demo")
    done = cloudctl.run(*DELETE, code=4)
    assert "aws cloudformation update-termination-protection --no-enable-termination-protection" in done.stderr
    assert cloudctl.record("demo") == before
    done = cloudctl.run(*DELETE, "--force", code=4)
    assert "TerminationProtection" in done.stderr
    after = cloudctl.record("demo")
    assert {**after, "updated": None} == {**before, "updated": None}


def protection_of(local_aws, record) -> tuple[bool, dict]:
    cloudformation = local_aws.client("cloudformation")
    [stack] = cloudformation.describe_stacks(StackName=record["stack_arn"])["Stacks"]
    policy = cloudformation.get_stack_policy(StackName=record["stack_arn"]).get("StackPolicyBody", "{}")
    return stack["EnableTerminationProtection"], json.loads(policy)


def test_setup_protects_the_stack_and_what_holds_data(cloudctl, local_aws):
    cloudctl.run(*SETUP)
    record = cloudctl.record("demo")
    protected, policy = protection_of(local_aws, record)
    assert protected and record["stack_protected"] is True
    allow, deny = policy["Statement"]
    assert (allow["Effect"], allow["Action"], allow["Resource"]) == ("Allow", "Update:*", "*")
    assert (deny["Effect"], deny["Action"]) == ("Deny", ["Update:Replace", "Update:Delete"])
    assert {"LogicalResourceId/Bucket", "LogicalResourceId/FileSystem", "LogicalResourceId/MemoryDBCluster"} <= set(
        deny["Resource"])


@pytest.mark.parametrize("fault", [{"match": "cloudformation:DeleteStack", "code": "AccessDenied"}, None],
                         ids=["refused", "failed"])
def test_a_deletion_that_fails_leaves_the_stack_protected(cloudctl, local_aws, fault):
    cloudctl.run(*SETUP)
    record = cloudctl.record("demo")
    if fault:
        local_aws.faults(fault)
    else:
        local_aws.client("ec2").create_security_group(GroupName="foreign", Description="-",
                                                      VpcId=record["resources"]["vpc_id"])
    cloudctl.run(*DELETE, code=4)
    assert protection_of(local_aws, record)[0]


def test_the_lost_reply_to_a_protection(cloudctl, local_aws):
    """The next run finds it protected, and delete lifts it."""
    assert cloudctl.kill_at(local_aws, "cloudformation:UpdateTerminationProtection", 0, *SETUP)
    assert cloudctl.record("demo")["stack_protected"] is True
    cloudctl.run(*DELETE)
    assert cloudctl.records() == []


def test_a_stack_that_is_gone_already(cloudctl, local_aws):
    cloudctl.run(*SETUP)
    arn = cloudctl.record("demo")["stack_arn"]
    cloudformation = local_aws.client("cloudformation")
    cloudformation.update_termination_protection(StackName=arn, EnableTerminationProtection=False)
    cloudformation.delete_stack(StackName=arn)
    wait_for(lambda: cloudformation.describe_stacks(StackName=arn)["Stacks"][0]["StackStatus"] == "DELETE_COMPLETE")
    done = cloudctl.run(*DELETE)
    assert cloudctl.records() == [] and "aws s3 rb" in done.stderr


@pytest.mark.parametrize("match, lost", [("ec2:DescribeAvailabilityZones", False), ("cloudformation:CreateStack", True),
                                         ("cloudformation:CreateStack", False),
                                         ("cloudformation:DescribeStackEvents", False)])
def test_a_half_made_cloud(cloudctl, local_aws, match, lost):
    """A setup that was killed: no record, a record without a stack, a stack not yet in the record, one being made."""
    assert cloudctl.kill_at(local_aws, match, 0, *SETUP, lost=lost)
    local_aws.quiet()
    record = cloudctl.record("demo")
    if record is None:
        cloudctl.run(*DELETE, code=4)
        return
    cloudctl.run(*DELETE)
    assert cloudctl.records() == []
    assert leftovers(local_aws, record["id"]) in ([], [f"cloudctl-data-{record['stack_name']}"])


def test_a_failed_setup(cloudctl, local_aws):
    local_aws.fail({"logical_id": "FileSystem"})
    cloudctl.run(*SETUP, code=4)
    record = cloudctl.record("demo")
    done = cloudctl.run(*DELETE)
    assert "aws s3 rb" not in done.stderr  # the empty bucket went with the failed stack
    assert cloudctl.records() == [] and leftovers(local_aws, record["id"]) == []


def test_interrupted(cloudctl, local_aws):
    cloudctl.run(*SETUP)
    local_aws.faults({"match": "cloudformation:DescribeStackEvents", "delay": HELD})
    process = cloudctl.start(*DELETE)
    wait_for(lambda: local_aws.control("GET", "faults")[0]["hits"])
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == -signal.SIGTERM and "cloudctl delete --name demo" in errors
    assert cloudctl.record("demo")["state"] == "deleting"
    local_aws.quiet()
    cloudctl.run(*DELETE)


def test_wrong_account(cloudctl, local_aws):
    cloudctl.run(*SETUP)
    cloudctl.environment.update(AWS_ACCESS_KEY_ID=OTHER_KEYS[0], AWS_SECRET_ACCESS_KEY=OTHER_KEYS[1])
    assert "account" in cloudctl.run(*DELETE, code=4).stderr
    assert local_aws.requests("cloudformation:DeleteStack") == [] and cloudctl.record("demo")["state"] == "ready"


def test_yes_alone_picks_no_cloud(cloudctl, local_aws):
    cloudctl.run(*SETUP)
    cloudctl.run("set-default", "demo")
    record = cloudctl.record("demo")
    for words in (("delete", "--yes"), ("delete", "-y", "--force"), ("delete", "--yes", "--plan")):
        assert "cloudctl delete --name demo --yes" in cloudctl.run(*words, code=2).stderr
    assert cloudctl.record("demo") == record
    code, shown = cloudctl.on_terminal("delete", answer="no")
    assert code == 5 and "Delete cloud 'demo'" in shown
    cloudctl.run("delete", "--id", record["id"], "--yes")
    assert cloudctl.records() == []


def test_a_cloud_without_data_is_deleted_by_a_yes(cloudctl, local_aws):
    cloudctl.run(*SETUP, "--no-efs")
    code, shown = cloudctl.on_terminal(*DELETE[:-1], answer="y")
    assert code == 0 and "nothing else of the cloud holds data" in shown and "[y/N]" in shown
    assert cloudctl.records() == []


def test_unknown_name(cloudctl, local_aws):
    assert "demo" in cloudctl.run(*DELETE, code=4).stderr
    assert local_aws.requests() == []


def test_a_registered_cloud_loses_its_external_id_and_nothing_else(cloudctl, customer, local_aws):
    before = customer.fingerprint()
    cloudctl.run("register", "--name", "mine", *customer.arguments, "--yes")
    assert customer.fingerprint() != before
    local_aws.control("DELETE", "requests")
    cloudctl.run("delete", "mine", "--yes")
    actions = {row["action"] for row in local_aws.requests()}
    assert actions == {"GetCallerIdentity", "GetRole", "UpdateAssumeRolePolicy"}
    assert customer.fingerprint() == before and cloudctl.records() == []


def test_an_external_id_that_another_cloud_needs(cloudctl, customer, local_aws, tmp_path):
    """The one that added it stays as long as the other has the same role and external id."""
    before = customer.fingerprint()
    cloudctl.run("register", "--name", "mine", *customer.arguments, "--yes")
    lines = [line for line in cloudctl.run("get", "mine").stdout.splitlines() if not line.startswith(("id:", "name:", "external_id"))]
    cloudctl.run("delete", "mine", "--yes")
    for name in ("mine", "other"):
        (tmp_path / name).write_text("\n".join([f"name: {name}", "external_id: of-both", *lines]))
        cloudctl.run("register", "-f", str(tmp_path / name), "--yes")
    mine = cloudctl.record("mine")
    assert mine["external_id_added"] is True and "external_id_added" not in cloudctl.record("other")
    plan = json.loads(cloudctl.run("delete", "mine", "--plan", "-o", "json", code=4).stdout)
    assert [(row["kind"], row["id"], row["command"]) for row in plan["blockers"]] == [("cloud", "other", "cloudctl delete --name other")]
    local_aws.control("DELETE", "requests")
    done = cloudctl.run("delete", "mine", "--yes", code=4)
    assert "cloud 'other' has the same control-plane role and external id" in done.stderr
    assert "cloudctl delete --name other" in done.stderr and cloudctl.record("mine") == mine
    assert local_aws.requests("iam:UpdateAssumeRolePolicy") == [] and customer.fingerprint() != before
    cloudctl.run("delete", "other", "--yes")
    assert customer.fingerprint() != before  # it did not add it
    cloudctl.run("delete", "mine", "--yes")
    assert customer.fingerprint() == before and cloudctl.records() == []


def test_an_external_id_that_another_cloud_needs_goes_by_force(cloudctl, customer, tmp_path):
    before = customer.fingerprint()
    cloudctl.run("register", "--name", "mine", *customer.arguments, "--yes")
    clouds = cloudctl.state / "cloudctl/clouds"
    (clouds / "other.yaml").write_text((clouds / "mine.yaml").read_text().replace("name: mine", "name: other"))
    for name, twin in (("mine", "other"), ("other", "mine")):  # a copy: each has added it
        assert f"cloud '{twin}' has the same" in cloudctl.run("delete", name, "--yes", code=4).stderr
    done = cloudctl.run("delete", "mine", "--yes", "--force")
    assert "warning: In the way: cloud other" in done.stderr and customer.fingerprint() == before
    cloudctl.run("delete", "other", "--yes")
    assert cloudctl.records() == []


def test_a_cloud_that_comes_while_the_question_is_open(cloudctl, customer, local_aws):
    """Who shares the external id is looked for again, under the lock of the role."""
    cloudctl.run("register", "--name", "mine", *customer.arguments, "--yes")
    before, trust, clouds = cloudctl.record("mine"), customer.fingerprint(), cloudctl.state / "cloudctl/clouds"
    local_aws.control("DELETE", "requests")
    code, shown = cloudctl.on_terminal(
        "delete", "mine", answer="y",
        meanwhile=lambda: (clouds / "other.yaml").write_text((clouds / "mine.yaml").read_text().replace("name: mine", "name: other")))
    assert code == 4 and "cloud 'other' has the same control-plane role and external id" in " ".join(shown.split())
    assert local_aws.requests("iam:UpdateAssumeRolePolicy") == [] and customer.fingerprint() == trust
    assert {**cloudctl.record("mine"), "updated": None} == {**before, "updated": None}
    assert cloudctl.on_terminal("delete", "mine", "--force", answer="y")[0] == 0
    assert customer.fingerprint() != trust


def test_a_registered_cloud_whose_role_is_gone(cloudctl, customer):
    cloudctl.run("register", "--name", "mine", *customer.arguments, "--yes")
    for policy in customer.iam.list_role_policies(RoleName=customer.role)["PolicyNames"]:
        customer.iam.delete_role_policy(RoleName=customer.role, PolicyName=policy)
    customer.iam.delete_role(RoleName=customer.role)
    cloudctl.run("delete", "mine", "--yes")
    assert cloudctl.records() == []


def test_what_the_customer_changed_since_stays(cloudctl, customer):
    cloudctl.run("register", "--name", "mine", *customer.arguments, "--yes")
    mine = cloudctl.record("mine")["id"]
    newer = customer.statement({"Service": "ec2.amazonaws.com"}, Sid="Newer")
    both = customer.statement(Condition={"StringEquals": {"sts:ExternalId": [mine, "theirs"]}})
    customer.set_trust(both, newer)
    cloudctl.run("delete", "mine", "--yes")
    assert customer.trust() == [customer.statement(Condition={"StringEquals": {"sts:ExternalId": "theirs"}}), newer]


def test_an_external_id_that_register_found_there_stays(cloudctl, customer, tmp_path):
    cloudctl.run("register", "--name", "mine", *customer.arguments, "--yes")
    path = tmp_path / "cloud.yaml"
    path.write_text(cloudctl.run("get", "mine").stdout)
    cloudctl.run("delete", "mine", "--yes")
    mine = customer.statement(Condition={"StringEquals": {"sts:ExternalId": "fixed-by-terraform"}})
    customer.set_trust(mine)
    path.write_text("\n".join("external_id: fixed-by-terraform" if line.startswith("external_id:") else line
                              for line in path.read_text().splitlines()))
    cloudctl.run("register", "-f", str(path), "--yes")
    assert "external_id_added" not in cloudctl.record("mine") and customer.trust() == [mine]
    cloudctl.run("delete", "mine", "--yes")
    assert customer.trust() == [mine]


def test_a_record_that_cannot_be_read_may_need_the_external_id(cloudctl, customer):
    """It is not taken out on the guess that nobody needs it."""
    theirs = customer
    cloudctl.run("register", "--name", "demo", *theirs.arguments, "--skip-verifications", "--yes")
    trust = theirs.trust()
    other = cloudctl.state / "cloudctl/clouds/other.yaml"
    other.write_text("no record\n")
    for words in (("delete", "demo", "--yes"), ("delete", "demo", "--plan")):
        errors = cloudctl.run(*words, code=4).stderr
        assert "other.yaml" in errors and "another cloud may need the external id" in errors and "--force" in errors
    assert theirs.trust() == trust and cloudctl.record("demo")["state"] == "ready"
    assert "other.yaml" in cloudctl.run("delete", "demo", "--yes", "--force").stderr
    assert theirs.trust() != trust and cloudctl.record("demo") is None
