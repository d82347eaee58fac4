# SPDX-License-Identifier: Apache-2.0
"""Least privilege: each command does its work for a user who holds exactly what `policy COMMAND` prints, on a local AWS
that enforces IAM; and with any single action less, some documented path of it fails and names that action."""

from __future__ import annotations

import itertools
import json

import pytest
from conftest import ACCOUNT, REGION, wait_for
from edit_support import Owner
from least_privilege import LOOKS, Person, actions_of, each_is_needed, names, without
from verify_support import ANYWHERE, Site, allow

MEMORYDB = "--enable-head-node-fault-tolerance"
PRIVATE = "--private-network"
VARIANTS = pytest.mark.parametrize("words", [(), (MEMORYDB,), (PRIVATE,)], ids=["plain", "memorydb", "private"])
HERE = "us-west-1"  # two zones, so that a cloud is made faster
AT_ONCE = 4  # runs wait for a stack more than they work
NAMES = (f"cloud-{number}" for number in itertools.count(1))
ROOM = [{"service": "vpc", "code": code, "value": 1000} for code in ("L-F678F1CE", "L-A4707A72", "L-1B52E74A")]


@pytest.fixture
def person(local_aws, tmp_path):
    local_aws.control("POST", "quotas", ROOM)  # for what could not be undone, and stays
    return Person(tmp_path, local_aws, HERE)


@pytest.fixture
def customer(local_aws, tmp_path):
    """He brings his own resources, which are elsewhere."""
    return Person(tmp_path, local_aws)


def setup(person, *words, name=None, code=None, ahead=False):
    """ahead: with the preflight, which stops it before AWS does."""
    words = words if ahead else (*words, "--skip-preflight")
    return person.run("setup", "--name", name or next(NAMES), "--region", person.region, "--yes", *words, code=code)


def held_as_managed_policies(person, *words) -> list[str]:
    """Attach what `policy` prints in parts that a managed policy can hold."""
    arns = []
    for part in (1, 2):
        document = person.policy(*words, "--part", str(part))
        made = person.iam.create_policy(PolicyName=f"part-{part}", PolicyDocument=json.dumps(document))["Policy"]
        person.iam.attach_user_policy(UserName=person.name, PolicyArn=made["Arn"])
        arns.append(made["Arn"])
    return arns


def test_setup_in_two_managed_policies(person):
    held_as_managed_policies(person, "setup")
    done = setup(person, code=0, ahead=True)
    assert "Prerequisites verification succeeded." in done.stderr


@VARIANTS
def test_setup_with_its_policy(person, words):
    document = person.policy("setup", *words)
    person.hold(document)
    setup(person, *words, code=0, ahead=True)
    assert person.needed() <= set(actions_of(document))


# Not needed when all goes well: what undoes a creation, and what a second try needs.
UNDOES = ("Delete", "Detach", "Disassociate", "Release", "Remove", "RevokeSecurityGroupIngress")


def undoes(action):
    return action.partition(":")[2].startswith(UNDOES)


def own_actions(person, command, *words):
    """The policy with these words, and what they add to it."""
    document = person.policy(command, *words)
    return document, sorted(set(actions_of(document)) - (set(actions_of(person.policy(command))) if words else set()))


LINKED_ROLE = "iam:CreateServiceLinkedRole"
# With which setup only tells more.
TELLS = {"cloudformation:DescribeEvents", "iam:ListAccountAliases"}
# Needed by the preflight alone.
AHEAD = {"ec2:DescribeInstances", "ec2:DescribeVpcBlockPublicAccessOptions", "ec2:DescribeVpcEndpointServices",
         "iam:GetInstanceProfile", "iam:SimulatePrincipalPolicy", "memorydb:DescribeParameterGroups",
         "servicequotas:GetAWSDefaultServiceQuota"}


@VARIANTS
def test_setup_needs_each_action_that_makes_and_verifies(person, words):
    document, own = own_actions(person, "setup", *words)
    # Once in an account, so before anybody else has made the role: when it is refused, it stays needed.
    each_is_needed(person, document, [LINKED_ROLE], lambda who: setup(who, *words))
    others = [action for action in own if not undoes(action) and action not in (LINKED_ROLE, "s3:ListBucket")
              and action not in AHEAD | SELDOM | TELLS]
    each_is_needed(person, document, others, lambda who: setup(who, *words), at_once=AT_ONCE)


def test_setup_that_lacks_something_says_how_to_see_what(person):
    person.hold(without(person.policy("setup"), "ec2:CreateVpc", "ec2:DescribeVpcs"))
    assert "cloudctl policy setup --check" in setup(person, code=4).stderr


@pytest.mark.parametrize("words", [(), (MEMORYDB,)], ids=["plain", "memorydb"])
def test_setup_looks_ahead_with_each_action(person, words):
    """Of a second try, so that there may be something left of the first; what it may not look at is a warning."""
    document, own = own_actions(person, "setup", *words)
    person.local_aws.control("POST", "quotas", [{"service": "vpc", "code": "L-F678F1CE", "value": None}])
    person.local_aws.fail({"logical_id": "Subnet1"})
    person.hold(document)
    setup(person, *words, name="again", code=4)
    ahead = [action for action in own if action in AHEAD]
    assert len(ahead) == (1 if words else len(AHEAD) - 1)
    each_is_needed(person, document, ahead, lambda who: setup(who, *words, name="again", ahead=True))


def test_setup_that_cannot_look_for_its_bucket(person):
    document = person.policy("setup")
    person.local_aws.fail({"logical_id": "Vpc"})
    each_is_needed(person, document, ["s3:ListBucket"], setup)


def test_setup_that_cannot_read_why_it_was_refused(person):
    document = person.policy("setup")
    person.hold(document)
    person.local_aws.fail({"logical_id": "Subnet1", "times": 1})
    assert setup(person, name="again").returncode == 4
    record = json.loads(person.run("get", "again", "-o", "json", code=0).stdout)
    person.local_aws.client("s3").create_bucket(
        Bucket=f"cloudctl-data-{record['stack_name']}",
        CreateBucketConfiguration={"LocationConstraint": REGION})
    each_is_needed(person, document, ["cloudformation:DescribeEvents"], lambda who: setup(who, name="again"))


def test_setup_that_cannot_see_the_alias_of_the_account(person):
    each_is_needed(person, person.policy("setup"), ["iam:ListAccountAliases"], setup, fails=False)


def test_setup_needs_to_delete_the_stack_of_the_last_try(person):
    document = person.policy("setup")
    person.hold(document)
    person.local_aws.fail({"logical_id": "Subnet1", "times": 1})
    assert setup(person, name="again").returncode == 4
    each_is_needed(person, document, ["cloudformation:DeleteStack"], lambda who: setup(who, name="again"))
    person.hold(document)
    setup(person, name="again", code=0)


SETTLES = 0.8  # seconds that file systems and MemoryDB clusters take to be there, and to be gone


@pytest.fixture
def unlucky(person):
    """What he sets up is rolled back when all is there but the mount targets, which wait for the file system."""
    person.local_aws.control("POST", "settings", {"settle": SETTLES})
    person.local_aws.fail({"type": "AWS::EFS::MountTarget"})
    return person


def test_setup_with_its_policy_is_rolled_back(unlucky):
    unlucky.hold(unlucky.policy("setup"))
    done = setup(unlucky, code=4)
    assert "ROLLBACK_FAILED" not in done.stderr and "not authorized" not in done.stderr, done.stderr


def test_setup_needs_each_action_that_undoes(unlucky):
    document = unlucky.policy("setup")
    others = {"cloudformation:DeleteStack", "elasticfilesystem:DeleteMountTarget"}
    own = [action for action in actions_of(document) if undoes(action) and action not in others]
    assert len(own) > 15
    each_is_needed(unlucky, document, own, setup, tries=3, at_once=AT_ONCE)


def test_setup_needs_to_undo_nat_gateways(unlucky):
    document, own = own_actions(unlucky, "setup", PRIVATE)
    undone = [action for action in own if undoes(action)]
    assert undone == ["ec2:DeleteNatGateway", "ec2:ReleaseAddress"]
    each_is_needed(unlucky, document, undone, lambda who: setup(who, PRIVATE), tries=3)


def test_in_a_vpc_that_is_there(customer):
    """Nothing of the network is made, changed or deleted, so the policies are smaller and name the VPC."""
    site = Site(customer.local_aws)
    words = ("--vpc-id", site.vpc, "--subnet-ids", ",".join(site.subnets))
    document = customer.policy("setup", "--vpc-id", site.vpc)
    held = set(actions_of(document))
    assert not held & {"ec2:CreateVpc", "ec2:CreateSubnet", "ec2:CreateRouteTable", "ec2:DeleteVpc"}
    assert f"vpc/{site.vpc}" in json.dumps(document) and ":vpc/*" not in json.dumps(document)
    customer.hold(document)
    customer.needed()
    setup(customer, *words, name="there", code=0, ahead=True)
    assert customer.needed() <= held
    others = [action for action in held if not undoes(action) and action not in (LINKED_ROLE, "s3:ListBucket")
              and action not in AHEAD | SELDOM | TELLS]
    each_is_needed(customer, document, others, lambda who: setup(who, *words), at_once=AT_ONCE)
    back_up(customer, "there")
    document = customer.policy("delete", "there")
    customer.hold(document)
    customer.needed()
    delete(customer, "there", code=0)
    assert customer.needed() == set(actions_of(document))


def test_setup_needs_to_undo_a_mount_target(unlucky):
    unlucky.local_aws.fail({"logical_id": "MountTarget2"})
    each_is_needed(unlucky, unlucky.policy("setup"), ["elasticfilesystem:DeleteMountTarget"], setup, tries=3)


def test_setup_needs_to_undo_a_cluster(unlucky):
    """It is being made when the mount targets fail."""
    document = unlucky.policy("setup", MEMORYDB)
    each_is_needed(unlucky, document, ["memorydb:DeleteCluster"], lambda who: setup(who, MEMORYDB), tries=3)


def test_setup_needs_to_undo_what_a_cluster_needs(person):
    document, own = own_actions(person, "setup", MEMORYDB)
    person.local_aws.fail({"logical_id": "MemoryDBCluster"})
    undone = [action for action in own if undoes(action) and action != "memorydb:DeleteCluster"]
    assert len(undone) == 2
    each_is_needed(person, document, undone, lambda who: setup(who, MEMORYDB))


# With which a deletion only tells more of what stays.
STAYS = {"backup:ListRecoveryPointsByBackupVault", "backup:ListRecoveryPointsByResource", "s3:ListBucket"}


def back_up(person, name) -> None:
    system = person.administrator.record(name)["resources"]["file_system_id"]
    person.local_aws.client("backup", person.region).start_backup_job(
        BackupVaultName="daily", IamRoleArn=f"arn:aws:iam::{ACCOUNT}:role/backup",
        ResourceArn=f"arn:aws:elasticfilesystem:{person.region}:{ACCOUNT}:file-system/{system}")


def made(person, *words) -> str:
    """A cloud that the administrator made; it is in the same registry."""
    name = next(NAMES)
    person.administrator.run("setup", "--name", name, "--region", person.region, "--yes", *words)
    back_up(person, name)
    return name


def delete(person, name, code=None):
    return person.run("delete", "--name", name, "--yes", code=code)


@VARIANTS
def test_delete_with_its_policy(person, words):
    name = made(person, *words)
    document = person.policy("delete", "--deployment", "managed", *words)
    person.hold(document)
    person.needed()
    delete(person, name, code=0)
    assert person.needed() == set(actions_of(document))


def test_delete_of_one_cloud_is_for_that_cloud(person):
    one = made(person)
    person.hold(person.policy("delete", one))
    other = made(person)
    assert names(delete(person, other, code=4), "cloudformation:DescribeStacks")
    delete(person, one, code=0)


@VARIANTS
def test_delete_needs_each_action(person, words):
    document = person.policy("delete", "--deployment", "managed", *words)
    plain = set(actions_of(person.policy("delete", "--deployment", "managed"))) if words else set()
    own = sorted(set(actions_of(document)) - plain - STAYS - LOOKS)
    each_is_needed(person, document, own, lambda who: delete(who, made(who, *words)), at_once=AT_ONCE)


def test_delete_needs_each_action_of_its_look(person):
    name = made(person, MEMORYDB)
    document = person.policy("delete", "--deployment", "managed", MEMORYDB)
    assert LOOKS <= set(actions_of(document))
    each_is_needed(person, document, LOOKS, lambda who: delete(who, name))
    person.hold(document)
    delete(person, name, code=0)


def test_delete_that_cannot_look_for_what_stays_says_so(person):
    document = person.policy("delete", "--deployment", "managed")
    each_is_needed(person, document, STAYS, lambda who: delete(who, made(who)), fails=False)


def site_of(person, **kind) -> Site:
    """What a customer brings, with all that verify looks at when it is there."""
    site = Site(person.local_aws, **kind)
    site.efs.put_backup_policy(FileSystemId=site.file_system, BackupPolicy={"Status": "DISABLED"})
    return site


# Asked only of clouds with something unusual, which one test below makes.
SELDOM = {"ec2:DescribeSecurityGroupVpcAssociations", "ec2:DescribeVpcBlockPublicAccessExclusions",
          "ec2:GetEbsDefaultKmsKeyId", "ec2:GetManagedPrefixListEntries", "memorydb:DescribeAcls",
          "memorydb:DescribeUsers", "s3:GetAccountPublicAccessBlock"}

EVERYTHING = {"private": True, "memorydb": True, "key": True}


def words_for(site) -> tuple[str, ...]:
    return ("--private-network", MEMORYDB, "--kms-key-arn", site.key, "--simulate")


def test_verify_needs_each_action(customer):
    site = site_of(customer, **EVERYTHING)
    customer.administrator.run("register", "--name", "prod", *site.arguments(), "--skip-verifications", "--yes")
    document = customer.policy("verify", "--deployment", "registered", *words_for(site))
    customer.hold(document)
    customer.needed()
    assert customer.run("verify", "prod", "--simulate", code=0)
    assert customer.needed() == set(actions_of(document)) - SELDOM
    each_is_needed(customer, document, set(actions_of(document)) - SELDOM - {"iam:SimulatePrincipalPolicy"},
                   lambda who: who.run("verify", "prod", "--simulate"))
    each_is_needed(customer, document, ["iam:SimulatePrincipalPolicy"],
                   lambda who: who.run("verify", "prod", "--simulate", "-o", "json"), fails=False)


def unusual(customer) -> Site:
    """Users come in by a prefix list, one group is of another VPC, and public access is blocked, but not the bucket's;
    volumes are encrypted, and MemoryDB demands a user."""
    site = site_of(customer, memorydb=True)
    site.s3.delete_public_access_block(Bucket=site.bucket)
    site.ec2.enable_ebs_encryption_by_default()
    site.memorydb.create_user(UserName="amy", AccessString="on ~* +@all",
                              AuthenticationMode={"Type": "password", "Passwords": ["only-for-this-test-0001"]})
    site.memorydb.create_acl(ACLName="mine", UserNames=["amy"])
    site.memorydb.update_cluster(ClusterName=site.cluster, ACLName="mine")
    users = site.ec2.create_managed_prefix_list(
        PrefixListName="users", MaxEntries=1, AddressFamily="IPv4",
        Entries=[{"Cidr": "203.0.113.0/24"}])["PrefixList"]["PrefixListId"]
    group = site.add_group("elsewhere", site.add_vpc("10.9.0.0/16"))
    site.ec2.associate_security_group_vpc(GroupId=group, VpcId=site.vpc)
    site.groups.append(group)
    site.ec2.modify_vpc_block_public_access_options(InternetGatewayBlockMode="block-bidirectional")
    site.shut_in("tcp", 443, cidr=ANYWHERE)
    site.ec2.authorize_security_group_ingress(GroupId=site.group, IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "PrefixListIds": [{"PrefixListId": users}]}])
    return site


def test_verify_of_an_unusual_cloud_needs_each_action(customer):
    site = unusual(customer)
    customer.administrator.run("register", "--name", "prod", *site.arguments(), "--skip-verifications", "--yes")
    document = customer.policy("verify", "--deployment", "registered", MEMORYDB)
    customer.hold(document)
    customer.needed()
    customer.run("verify", "prod", code=1)
    assert SELDOM <= customer.needed() <= set(actions_of(document))
    each_is_needed(customer, document, SELDOM, lambda who: who.run("verify", "prod"))


def test_verify_of_one_cloud_is_for_that_cloud(customer):
    """What is known of it stands in the policy, so it is no use for another."""
    site = site_of(customer, **EVERYTHING)
    customer.administrator.run("register", "--name", "prod", *site.arguments(), "--skip-verifications", "--yes")
    document = customer.policy("verify", "prod", "--kms-key-arn", site.key)
    customer.hold(document)
    customer.run("verify", "prod", code=0)
    text = json.dumps(document)
    for known in (site.vpc, site.file_system, site.bucket, site.control_plane_arn, site.node_arn, site.key):
        assert known in text
    assert "role/*" not in text and "s3:::*" not in text


def test_verify_of_a_managed_cloud(person):
    name = made(person, MEMORYDB)
    document = person.policy("verify", "--deployment", "managed", MEMORYDB)
    person.hold(document)
    person.run("verify", name, code=0)
    each_is_needed(person, document, ["cloudformation:DescribeStacks", "memorydb:DescribeClusters", "iam:GetRole"],
                   lambda who: who.run("verify", name))


def test_register_needs_each_action(customer):
    site = site_of(customer, **EVERYTHING)
    document = customer.policy("register", *words_for(site)[:-1])
    each_is_needed(customer, document, set(actions_of(document)) - SELDOM,
                   lambda who: who.run("register", "--name", next(NAMES), *site.arguments(), "--yes"))
    customer.hold(document)
    customer.needed()
    customer.run("register", "--name", "prod", *site.arguments(), "--yes", code=0)
    assert customer.needed() == set(actions_of(document)) - SELDOM


def test_edit_needs_each_action(customer):
    """There and back, so that each run changes something."""
    owner = Owner(customer.administrator, customer.local_aws, site=site_of(customer, **EVERYTHING))
    site = owner.site
    owner.register("--private-network")
    one = (site.control_plane_arn, site.file_system, site.cluster, site.bucket)
    other = (owner.control_plane_role(), owner.file_system(), owner.cluster(), owner.bucket())
    site.grant(other[0].rpartition("/")[2], "key", allow(["kms:GenerateDataKey", "kms:Decrypt"], site.key))
    site.efs.put_backup_policy(FileSystemId=other[1], BackupPolicy={"Status": "DISABLED"})
    document = customer.policy("edit", *words_for(site)[:-1])

    def edit(who, code=None):
        role, file_system, cluster, bucket = one if owner.record()["resources"]["control_plane_role_arn"] == other[0] else other
        return who.run("edit", "prod", "--control-plane-role-arn", role, "--efs-id", file_system, "--memorydb-cluster-id", cluster,
                       "--s3-bucket-id", bucket, "--yes", code=code)

    customer.hold(document)
    customer.needed()
    edit(customer, code=0)
    assert customer.needed() == set(actions_of(document)) - SELDOM
    # The other bucket has no key of its own: that of the one is looked at, and on the way there nothing is unknown.
    looks = {"ec2:DescribeInstances", "s3:ListBucket", "kms:GetKeyPolicy"}
    each_is_needed(customer, document, set(actions_of(document)) - SELDOM - looks, edit)
    each_is_needed(customer, document, looks, edit, fails=False)
    customer.hold(customer.policy("edit", "prod", "--kms-key-arn", site.key))
    edit(customer, code=0)


def test_register_from_a_stack_reads_that_stack_alone(customer):
    site = site_of(customer)
    words = site.arguments()
    template = {"Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}},
                "Outputs": {"VpcId": {"Value": words[words.index("--vpc-id") + 1]}}}
    cloudformation = customer.local_aws.client("cloudformation", customer.region)
    stack = cloudformation.create_stack(StackName="mine", TemplateBody=json.dumps(template))["StackId"]
    wait_for(lambda: cloudformation.describe_stacks(StackName="mine")["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE", 60)
    plain, document = customer.policy("register"), customer.policy("register", "--from-stack", "mine")
    assert set(actions_of(document)) - set(actions_of(plain)) == {"cloudformation:DescribeStacks"}
    assert document == customer.policy("register", "--from-stack", stack)
    [statement] = [one for one in document["Statement"] if "cloudformation:DescribeStacks" in one["Action"]]
    assert all(resource.endswith(":stack/mine/*") for resource in statement["Resource"])
    rest = ("--from-stack", "mine", "--name", "prod", *words, "--skip-verifications", "--yes")
    customer.hold(plain)
    assert "cloudformation:DescribeStacks" in customer.run("register", *rest, code=4).stderr
    customer.hold(document)
    customer.run("register", *rest, code=0)
    assert "neither the name of a stack" in customer.run("policy", "register", "--from-stack", "a/*", code=2).stderr


def test_delete_of_a_registered_cloud_needs_each_action(customer):
    site = site_of(customer)
    customer.administrator.run("register", "--name", "prod", *site.arguments(), "--yes")
    document = customer.policy("delete", "--deployment", "registered")
    each_is_needed(customer, document, actions_of(document), lambda who: delete(who, "prod"))
    customer.hold(document)
    customer.needed()
    delete(customer, "prod", code=0)
    assert customer.needed() == set(actions_of(document))


def session_of(person) -> None:
    """From now on he calls as a session of a role with a path, which holds what he held."""
    iam, sts = person.iam, person.local_aws.client("sts")
    role = iam.create_role(RoleName="operator", Path="/team/", AssumeRolePolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": ACCOUNT},
                                                "Action": "sts:AssumeRole"}]}))["Role"]
    keys = sts.assume_role(RoleArn=role["Arn"], RoleSessionName="session")["Credentials"]
    person.cloudctl.environment |= {"AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
                                    "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
                                    "AWS_SESSION_TOKEN": keys["SessionToken"]}
    person.hold = lambda document: iam.put_role_policy(RoleName="operator", PolicyName="held",
                                                       PolicyDocument=json.dumps(document))


def test_policy_check_needs_each_action(person):
    session_of(person)
    document = person.policy("policy")
    person.hold(document)
    lacking = person.run("policy", "delete", "--check", "--region", person.region, code=1)
    assert names(lacking, "cloudformation:DeleteStack")
    each_is_needed(person, document, actions_of(document),
                   lambda who: who.run("policy", "delete", "--check", "--region", person.region, code=3))


@pytest.mark.parametrize("command", [("setup",), ("setup", MEMORYDB), ("register",), ("verify",), ("edit",), ("delete",)],
                         ids=" ".join)
def test_policy_check_says_exactly_what_is_lacking(person, command):
    """The printed policy is enough to its own check; of what is taken out, it says all and nothing else."""
    document = person.policy(*command)
    person.hold(person.policy("policy"), "check")
    person.hold(document)
    assert "may do all" in person.run("policy", *command, "--check", "--region", person.region, code=0).stdout
    gone = [action for action in actions_of(document)[::3] if not action.startswith(("iam:Sim", "iam:GetRole"))]
    person.hold(without(document, *gone))
    done = person.run("policy", *command, "--check", "--region", person.region, "-o", "json", code=1)
    assert sorted({row["action"] for row in json.loads(done.stdout)["lacking"]}) == sorted(set(gone))
