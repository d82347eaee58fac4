# SPDX-License-Identifier: Apache-2.0
"""Every command that changes something, killed at each of its calls to AWS, before the call arrives and after: run
again it ends well, and taken back it leaves nothing. A new command joins by a row.

The test run takes a sample, spread over the calls of each command; testdata/soak.sh takes all.
"""

import json

import pytest
from conftest import REGION, SOAK
from test_delete import leftovers
from test_delete_clean import Made

SETUP = ("setup", "--name", "demo", "--region", REGION, "--skip-preflight", "--yes")
DELETE = ("delete", "demo", "--yes")


class Setup:
    begun = ("creating", "ready", "failed")  # states of the record once it was killed
    words = SETUP
    words_undo = DELETE  # None: it cannot be taken back

    def __init__(self, cloudctl, local_aws, customer):
        self.cloudctl, self.local_aws = cloudctl, local_aws

    def done(self, begun):
        record = self.cloudctl.record("demo")
        [stack] = self.local_aws.stacks()
        assert record["state"] == "ready" and "operation" not in record
        assert stack["StackName"] == record["stack_name"] and stack["StackStatus"] == "CREATE_COMPLETE"
        assert begun is None or begun["id"] == record["id"]
        assert [entry[:2] for entry in self.cloudctl.history("demo")] == [("setup", "done")]

    def nothing_left(self):
        assert self.cloudctl.records() == []
        assert all(stack["StackStatus"] == "DELETE_COMPLETE" for stack in self.local_aws.stacks())


class SetupWithPreflight(Setup):
    words = ("setup", "--name", "demo", "--region", REGION, "--yes")


class DeleteManaged(Setup):
    words = DELETE
    words_undo = None

    def __init__(self, cloudctl, local_aws, customer):
        super().__init__(cloudctl, local_aws, customer)
        cloudctl.run(*SETUP)
        self.record = cloudctl.record("demo")

    def done(self, begun):
        self.nothing_left()
        assert leftovers(self.local_aws, self.record["id"]) == [self.record["resources"]["bucket"]]


class DeleteRetained(DeleteManaged):
    """A stack that could not be deleted, because an interface is in its subnet; that and the VPC are to stay."""

    options = ("--retain", "Subnet1,Vpc")

    def __init__(self, cloudctl, local_aws, customer):
        super().__init__(cloudctl, local_aws, customer)
        self.words = (*DELETE, *self.options)
        local_aws.client("ec2").create_network_interface(SubnetId=self.record["resources"]["subnet_ids"][0])
        cloudctl.run(*DELETE, "--force", code=4)
        cloudctl.run(*DELETE, "--retain", "Subnet1", code=4)

    def done(self, begun):
        self.nothing_left()
        resources = self.record["resources"]
        assert leftovers(self.local_aws, self.record["id"]) == [resources["vpc_id"], resources["subnet_ids"][0], resources["bucket"]]


class DeleteForced(DeleteRetained):
    """The same, and whatever cannot be deleted is to stay."""

    options = ("--force-stack",)


class DeleteCleaned(DeleteManaged):
    """One of each kind that a control plane makes is there."""

    words = (*DELETE, "--clean")

    def __init__(self, cloudctl, local_aws, customer):
        super().__init__(cloudctl, local_aws, customer)
        Made(cloudctl, local_aws).everything()

    def done(self, begun):
        super().done(begun)
        assert self.local_aws.client("ec2").describe_addresses()["Addresses"] == []


class DeleteWithBucket(DeleteManaged):
    """A bucket with versions, a delete marker and an unfinished upload."""

    words = (*DELETE, "--with-bucket")

    def __init__(self, cloudctl, local_aws, customer):
        super().__init__(cloudctl, local_aws, customer)
        s3, bucket = local_aws.client("s3"), self.record["resources"]["bucket"]
        for body in (b"old", b"new"):
            s3.put_object(Bucket=bucket, Key="some", Body=body)
        s3.delete_object(Bucket=bucket, Key="some")
        s3.create_multipart_upload(Bucket=bucket, Key="never/completed")

    def done(self, begun):
        self.nothing_left()
        assert leftovers(self.local_aws, self.record["id"]) == []


class DeleteKept(DeleteManaged):
    """The stack is changed first, so that the file system stays."""

    words = (*DELETE, "--keep-file-system")

    def done(self, begun):
        self.nothing_left()
        resources = self.record["resources"]
        assert leftovers(self.local_aws, self.record["id"]) == [resources["file_system_id"], resources["bucket"]]


class Update(Setup):
    """A rule more and a policy changed, of a cloud that is there."""

    words = ("update", "demo", "--ssh-cidr", "203.0.113.0/24", "--external-id", "theirs", "--yes")

    def __init__(self, cloudctl, local_aws, customer):
        super().__init__(cloudctl, local_aws, customer)
        cloudctl.run(*SETUP)

    def done(self, begun):
        record = self.cloudctl.record("demo")
        [stack] = self.local_aws.stacks()
        assert record["state"] == "ready" and "operation" not in record and record["external_id"] == "theirs"
        assert stack["StackStatus"] == "UPDATE_COMPLETE"
        assert not self.local_aws.client("cloudformation").list_change_sets(StackName=record["stack_name"])["Summaries"]


class UpdateContinue(Update):
    """An update that could not be taken back, and now can."""

    words = ("update", "demo", "--continue", "--yes")

    def __init__(self, cloudctl, local_aws, customer):
        super().__init__(cloudctl, local_aws, customer)
        local_aws.fail({"logical_id": "ControlPlaneRole", "when": "update", "times": 1},
                       {"logical_id": "SecurityGroup", "when": "update", "skip": 1})
        cloudctl.run(*Update.words, code=4)
        local_aws.fail()

    def done(self, begun):
        record = self.cloudctl.record("demo")
        [stack] = self.local_aws.stacks()
        assert record["state"] == "ready" and "operation" not in record and record["external_id"] == record["id"]
        assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
        [group] = self.local_aws.client("ec2").describe_security_groups(
            GroupIds=record["resources"]["security_group_ids"])["SecurityGroups"]
        assert 22 not in [rule.get("FromPort") for rule in group["IpPermissions"]]


class UpdateDrift(Update):
    """Somebody suspended the bucket's versions and deleted a rule; both are changed back."""

    words = ("update", "demo", "--drift", "revert", "--yes")

    def __init__(self, cloudctl, local_aws, customer):
        super().__init__(cloudctl, local_aws, customer)
        record = cloudctl.record("demo")
        self.resources, self.s3, self.ec2 = record["resources"], local_aws.client("s3"), local_aws.client("ec2")
        self.s3.put_bucket_versioning(Bucket=self.resources["bucket"], VersioningConfiguration={"Status": "Suspended"})
        self.change(record)

    def change(self, record):
        rule = self.local_aws.client("cloudformation").describe_stack_resource(
            StackName=record["stack_name"], LogicalResourceId="SecurityGroupSelfIngress")["StackResourceDetail"]["PhysicalResourceId"]
        self.ec2.revoke_security_group_ingress(GroupId=self.resources["security_group_ids"][0], SecurityGroupRuleIds=[rule])

    def rules(self):
        [group] = self.ec2.describe_security_groups(GroupIds=self.resources["security_group_ids"])["SecurityGroups"]
        return group["IpPermissions"]

    def versions(self) -> str:
        return self.s3.get_bucket_versioning(Bucket=self.resources["bucket"])["Status"]

    def done(self, begun):
        record = self.cloudctl.record("demo")
        [stack] = self.local_aws.stacks()
        assert record["state"] == "ready" and "operation" not in record and stack["StackStatus"] == "UPDATE_COMPLETE"
        assert not self.local_aws.client("cloudformation").list_change_sets(StackName=record["stack_name"])["Summaries"]
        self.compared()

    def compared(self):
        assert self.versions() == "Enabled" and any(rule["UserIdGroupPairs"] for rule in self.rules())


class UpdateKept(UpdateDrift):
    """The same without the rule; what somebody else changed stays."""

    words = ("update", "demo", "--drift", "keep", "--ssh-cidr", "203.0.113.0/24", "--yes")

    def change(self, record):
        self.ec2.create_tags(Resources=[self.resources["vpc_id"]], Tags=[{"Key": "owner", "Value": "team"}])

    def compared(self):
        [vpc] = self.ec2.describe_vpcs(VpcIds=[self.resources["vpc_id"]])["Vpcs"]
        assert self.versions() == "Suspended" and {"Key": "owner", "Value": "team"} in vpc["Tags"]
        assert 22 in [rule.get("FromPort") for rule in self.rules()]


class Import(Setup):
    """It writes a record and nothing else; what was written when it was killed is whole."""

    words = ("import", "--all", "--region", REGION)

    def __init__(self, cloudctl, local_aws, customer):
        super().__init__(cloudctl, local_aws, customer)
        cloudctl.run(*SETUP)
        self.before = cloudctl.record("demo")
        for path in cloudctl.state.glob("cloudctl/clouds/*"):
            path.unlink()

    def done(self, begun):
        times = {"created": None, "updated": None}
        record = self.cloudctl.record("demo")
        assert record | times == {key: value for key, value in self.before.items() if key != "verification"} | times
        assert [entry[:2] for entry in self.cloudctl.history("demo")] == [("import", "done")]

    def nothing_left(self):
        assert self.cloudctl.records() == []


class Register:
    begun = ("creating",)
    words_undo = DELETE

    def __init__(self, cloudctl, local_aws, customer):
        self.cloudctl, self.customer = cloudctl, customer()
        self.before = self.customer.fingerprint()
        self.words = ("register", "--name", "demo", *self.customer.arguments, "--skip-verifications", "--yes")

    def done(self, begun):
        record = self.cloudctl.record("demo")
        [statement] = self.customer.trust()
        assert record["state"] == "ready" and "operation" not in record
        assert statement["Condition"]["StringEquals"]["sts:ExternalId"] == record["external_id"]
        assert [entry[:2] for entry in self.cloudctl.history("demo")] == [("register", "done")]

    def nothing_left(self):
        assert self.cloudctl.records() == [] and self.customer.fingerprint() == self.before


class RegisterVerified(Register):
    """With its verification, which asks most."""

    def __init__(self, cloudctl, local_aws, customer):
        super().__init__(cloudctl, local_aws, customer)
        self.words = tuple(word for word in self.words if word != "--skip-verifications")


class DeleteRegistered(Register):
    words_undo = None

    def __init__(self, cloudctl, local_aws, customer):
        super().__init__(cloudctl, local_aws, customer)
        cloudctl.run(*self.words)
        self.words = DELETE

    def done(self, begun):
        self.nothing_left()


class Edit(Register):
    """Another role for the control plane, which changes two trust policies and the record."""

    begun = ("ready",)

    def __init__(self, cloudctl, local_aws, customer):
        super().__init__(cloudctl, local_aws, customer)
        customer, role = self.customer, "second-control-plane"
        self.arn = customer.iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": customer.trust()}))["Role"]["Arn"]
        customer.iam.put_role_policy(RoleName=role, PolicyName="control-plane", PolicyDocument=json.dumps(
            customer.iam.get_role_policy(RoleName=customer.role, PolicyName="control-plane")["PolicyDocument"]))
        cloudctl.run(*self.words)
        self.words = ("edit", "demo", "--control-plane-role-arn", self.arn, "--yes")

    def trust_of(self, role):
        return self.customer.iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]

    def done(self, begun):
        record = self.cloudctl.record("demo")
        [statement] = self.trust_of("second-control-plane")["Statement"]
        assert record["state"] == "ready" and "operation" not in record
        assert record["resources"]["control_plane_role_arn"] == self.arn
        assert statement["Condition"]["StringEquals"]["sts:ExternalId"] == record["external_id"]
        assert self.customer.fingerprint() == self.before

    def nothing_left(self):
        super().nothing_left()
        assert self.trust_of("second-control-plane") == self.before["trust"]


# The row, how many calls its command makes at most (test_the_table_is_complete counts them), and of which calls the test run
# takes a sample: every n-th. The last of the sample is also lost on its way, and taken back. A command that asks AWS
# nothing (set-default, list) is killed in its calls to the file system (test_file_faults.py).
ROWS = {"setup": (Setup, 70, 23), "setup with its preflight": (SetupWithPreflight, 130, 65),
        "delete managed": (DeleteManaged, 70, 23), "register": (Register, 6, 1), "register, verified": (RegisterVerified, 60, 30),
        "delete retained": (DeleteRetained, 65, 32), "delete forced": (DeleteForced, 50, 25),
        "delete registered": (DeleteRegistered, 5, 1), "edit": (Edit, 100, 49), "import": (Import, 3, 1),
        "update": (Update, 120, 39), "update --continue": (UpdateContinue, 70, 23),
        "update --drift revert": (UpdateDrift, 120, 59), "update --drift keep": (UpdateKept, 120, 59),
        "delete cleaned": (DeleteCleaned, 170, 56), "delete with bucket": (DeleteWithBucket, 90, 44),
        "delete kept": (DeleteKept, 90, 44)}


def cases():
    for name, (row, calls, step) in ROWS.items():
        numbers = range(0, calls, 1 if SOAK else step)
        for number in numbers:
            for lost in (False, True) if SOAK or number == numbers[-1] else (False,):
                for way in ("again", "taken back") if SOAK or number == numbers[-1] else ("again",):
                    if way == "again" or row.words_undo:
                        yield pytest.param(name, number, lost, way,
                                           id=f"{name}-{number}-{'before' if lost else 'after'}-{way}")


@pytest.fixture
def customer_maker(request):
    return lambda: request.getfixturevalue("customer")


@pytest.mark.parametrize("name, number, lost, way", cases())
def test_killed(cloudctl, local_aws, customer_maker, name, number, lost, way):
    row = ROWS[name][0](cloudctl, local_aws, customer_maker)
    killed = cloudctl.kill_at(local_aws, "*", number, *row.words, lost=lost)
    begun = cloudctl.record("demo")
    if killed and way == "again" and (begun or row.words_undo):
        cloudctl.run(*row.words)
        local_aws.quiet()
    if way == "again":
        row.done(begun)
    elif begun and killed:
        assert begun["state"] in row.begun
    if cloudctl.records():
        cloudctl.run(*DELETE)
    row.nothing_left()


@pytest.mark.parametrize("name", ROWS if SOAK else ["register"])
def test_the_table_is_complete(cloudctl, local_aws, customer_maker, name):
    row = ROWS[name][0](cloudctl, local_aws, customer_maker)
    local_aws.control("DELETE", "requests")
    cloudctl.run(*row.words)
    made = [row["action"] for row in local_aws.requests()]
    assert len(made) <= ROWS[name][1], made
