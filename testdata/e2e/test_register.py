# SPDX-License-Identifier: Apache-2.0
"""`register`: mistakes all at once, what is changed in the account and what is not, and every way a run can end early."""

import json
import re
import signal

import pytest
import yaml
from conftest import ACCOUNT, CONTROL_PLANE, HELD, OTHER_KEYS, REGION, SOAK, wait_for

NAME = ("register", "--name", "mine")


def external_id(statement):
    return statement.get("Condition", {}).get("StringEquals", {}).get("sts:ExternalId")


def writes(local_aws):
    """Requests that change anything."""
    reading = ("Get", "Describe", "List", "Head", "Simulate")
    return [f"{row['service']}:{row['action']}" for row in local_aws.requests() if not row["action"].startswith(reading)]


def test_registers_with_the_documented_command_line(cloudctl, customer, local_aws):
    before = customer.fingerprint()
    done = cloudctl.run(*NAME, *customer.arguments, "--yes")
    record = cloudctl.record("mine")
    assert (record["state"], record["deployment"], record["account"]) == ("ready", "registered", ACCOUNT)
    assert record["networking"] == "direct" and record["external_id_added"] is True and "operation" not in record
    resources = record["resources"]
    assert resources["vpc_id"] == customer.outputs["VpcId"]
    assert resources["subnet_ids"] == customer.outputs["SubnetIds"].split(",")
    assert resources["mount_target_ip"] == customer.outputs["MountTargetIp"]
    assert resources["bucket"] == customer.outputs["BucketName"]
    assert external_id(customer.trust()[0]) == record["id"] == record["external_id"]
    after = customer.fingerprint()
    assert {**after, "trust": None} == {**before, "trust": None}
    assert writes(local_aws) == ["iam:UpdateAssumeRolePolicy"]
    assert "Verification result:" in done.stdout
    assert cloudctl.run("verify", "mine", code=None).returncode in (0, 1)


def test_only_the_right_statement_is_touched(cloudctl, customer):
    others = [customer.statement({"Service": "ec2.amazonaws.com"}), customer.statement({"AWS": ACCOUNT})]
    customer.set_trust(others[0], customer.statement(Condition={}), others[1])
    cloudctl.run(*NAME, *customer.arguments, "--yes")
    trust = customer.trust()
    assert [trust[0], trust[2]] == others
    assert external_id(trust[1]) == cloudctl.record("mine")["id"]


def test_with_memorydb_and_arns(cloudctl, customer_with_memorydb):
    customer = customer_with_memorydb
    words = [f"arn:aws:s3:::{word}" if word == customer.outputs["BucketName"] else word for word in customer.arguments]
    cloudctl.run(*NAME, *words, "--memorydb-cluster-id", customer.outputs["MemoryDBClusterName"], "--yes")
    resources = cloudctl.record("mine")["resources"]
    assert resources["bucket"] == customer.outputs["BucketName"]
    assert resources["memorydb_arn"] == customer.outputs["MemoryDBClusterArn"]
    assert resources["memorydb_endpoint"] == customer.outputs["MemoryDBEndpoint"]


def test_without_a_file_system(cloudctl, customer, local_aws):
    at = customer.arguments.index("--efs-id")
    words = (*customer.arguments[:at], *customer.arguments[at + 2:])
    assert "missing: --efs-id" in cloudctl.run(*NAME, *words, "--yes", code=2).stderr
    done = cloudctl.run(*NAME, *words, "--no-efs", "--yes")
    record = cloudctl.record("mine")
    assert record["setup"] == {"no_efs": True}
    assert not {"file_system_id", "mount_target_ip"} & set(record["resources"])
    assert "efs" not in done.stdout and not [row for row in local_aws.requests() if row["service"] == "elasticfilesystem"]


def test_all_mistakes_in_one_run(cloudctl, local_aws):
    done = cloudctl.run("register", "--name", "a b", "--vpc-id", "vpc_1", "--subnet-ids",
                        "subnet-0123456789abcdef0,subnet-0123456789abcdef0,sub-1", "--efs-id", "fs-xyz",
                        "--anyscale-iam-role-id", "arn:aws:iam::1:role/r", "--s3-bucket-id", "arn:aws:s3:::a/b",
                        "--memorydb-cluster-id", "-", "--control-plane-account", "me", "--provider", "gcp", code=2)
    for part in ("missing: --region, --security-group-ids, --node-role-arn", "--name: 'a b'", "--vpc-id: 'vpc_1'",
                 "'subnet-0123456789abcdef0' is given twice", "'sub-1'", "--efs-id: 'fs-xyz'",
                 "'arn:aws:iam::1:role/r'", "--s3-bucket-id: 'a/b'", "--memorydb-cluster-id", "'me'", "'gcp'"):
        assert part in done.stderr, part
    assert local_aws.requests() == [] and cloudctl.records() == []


def test_a_single_mistake_is_the_error_itself(cloudctl, customer, local_aws):
    done = cloudctl.run(*NAME, *customer.arguments, "--control-plane-account", "12", "--yes", code=2)
    assert done.stderr.splitlines()[-1] == ("cloudctl: registering cloud 'mine': --control-plane-account: '12' is not an "
                                            "account id of 12 digits")
    assert local_aws.requests() == []


def test_failed_checks_are_not_agreed_to_by_yes(cloudctl, customer, local_aws):
    before = customer.fingerprint()
    words = [word if word != customer.outputs["VpcId"] else "vpc-0123456789abcdef0" for word in customer.arguments]
    done = cloudctl.run(*NAME, *words, "--yes", code=1)
    assert "was not registered" in done.stderr and "--skip-verifications" in done.stderr
    code, shown = cloudctl.on_terminal(*NAME, *words, answer="n")
    assert code == 5 and "Register cloud 'mine' anyway?" in shown
    assert cloudctl.records() == [] and customer.fingerprint() == before and writes(local_aws) == []
    code, shown = cloudctl.on_terminal(*NAME, *words, answer="y")
    assert code == 1 and cloudctl.record("mine")["state"] == "ready"


def test_skip_verifications(cloudctl, customer, local_aws):
    words = [word if word != customer.outputs["VpcId"] else "vpc-0123456789abcdef0" for word in customer.arguments]
    done = cloudctl.run(*NAME, *words, "--skip-verifications", "--yes")
    assert "Verification result" not in done.stdout and cloudctl.record("mine")["state"] == "ready"
    assert local_aws.requests("ec2:DescribeVpcs") == []


def test_skip_verifications_still_needs_a_mount_target(cloudctl, customer):
    words = [word if word != customer.outputs["FileSystemId"] else "fs-0123456789abcdef0" for word in customer.arguments]
    assert "fs-0123456789abcdef0" in cloudctl.run(*NAME, *words, "--skip-verifications", "--yes", code=4).stderr
    assert cloudctl.records() == []


def test_a_no_changes_nothing(cloudctl, customer, local_aws):
    before = customer.fingerprint()
    cloudctl.run(*NAME, *customer.arguments, code=5)
    code, shown = cloudctl.on_terminal(*NAME, *customer.arguments, answer="")
    assert code == 5 and "is added" in " ".join(shown.split())
    assert cloudctl.records() == [] and customer.fingerprint() == before and writes(local_aws) == []


@pytest.mark.parametrize("principal, says", [
    ({"AWS": "111122223333"}, "no statement lets account"),
    ({"AWS": [CONTROL_PLANE, "111122223333"]}, "together with others"),
    ({"AWS": "*"}, "lets everyone in"),
])
def test_trust_that_cannot_be_narrowed(cloudctl, customer, local_aws, principal, says):
    customer.set_trust(customer.statement(principal))
    before = customer.fingerprint()
    local_aws.control("DELETE", "requests")
    done = cloudctl.run(*NAME, *customer.arguments, "--skip-verifications", "--yes", code=4)
    assert says in done.stderr
    assert customer.fingerprint() == before and cloudctl.records() == [] and writes(local_aws) == []


def test_an_external_id_that_is_there_stays(cloudctl, customer):
    customer.set_trust(customer.statement(Condition={"StringEquals": {"sts:ExternalId": "theirs"}}))
    cloudctl.run(*NAME, *customer.arguments, "--skip-verifications", "--yes")
    assert external_id(customer.trust()[0]) == ["theirs", cloudctl.record("mine")["id"]]
    cloudctl.run("delete", "mine", "--yes")
    assert external_id(customer.trust()[0]) == "theirs"


def test_a_refused_change_leaves_nothing(cloudctl, customer, local_aws):
    before = customer.fingerprint()
    local_aws.faults({"match": "iam:UpdateAssumeRolePolicy", "code": "AccessDenied"})
    done = cloudctl.run(*NAME, *customer.arguments, "--yes", code=4)
    assert "needs iam:UpdateAssumeRolePolicy" in done.stderr
    assert cloudctl.records() == [] and customer.fingerprint()["trust"] == before["trust"]


def test_a_failure_after_the_change_is_taken_back(cloudctl, customer, local_aws):
    before = customer.fingerprint()
    reads = 2  # what it was, and once more right before writing; the third is the reading back
    local_aws.faults({"match": "iam:GetRole", "skip": reads, "times": 1, "code": "AccessDenied"})
    cloudctl.run(*NAME, *customer.arguments, "--skip-verifications", "--yes", code=4)
    assert cloudctl.records() == [] and customer.fingerprint() == before


def test_done_is_believed_when_the_role_shows_it(cloudctl, customer, local_aws):
    """A reply that says so, of a request that was not carried out."""
    before = customer.fingerprint()
    odd = {"match": "iam:UpdateAssumeRolePolicy", "status": 200, "body": "<UpdateAssumeRolePolicyResponse/>"}
    local_aws.faults(odd)
    done = cloudctl.run(*NAME, *customer.arguments, "--skip-verifications", "--yes", code=4)
    assert "does not show the external id" in done.stderr and cloudctl.records() == [] and customer.fingerprint() == before
    local_aws.faults()
    cloudctl.run(*NAME, *customer.arguments, "--skip-verifications", "--yes")
    local_aws.faults(odd)
    done = cloudctl.run("delete", "mine", "--yes", code=4)
    assert "does not show the change" in done.stderr and cloudctl.records() == ["mine.yaml"]
    local_aws.faults()
    cloudctl.run("delete", "mine", "--yes")
    assert customer.fingerprint() == before and cloudctl.records() == []


def test_somebody_else_changes_the_policy_meanwhile(cloudctl, customer, local_aws):
    local_aws.faults({"match": "iam:GetRole", "times": 1, "delay": HELD})  # the reply is held back, not the request
    process = cloudctl.start(*NAME, *customer.arguments, "--skip-verifications", "--yes")
    wait_for(lambda: local_aws.requests("iam:GetRole"))
    customer.set_trust(customer.statement(Sid="Newer"))
    local_aws.release()
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 4 and "changed by someone else" in errors
    assert customer.trust() == [customer.statement(Sid="Newer")] and cloudctl.records() == []


@pytest.mark.parametrize("known", [False, True])
def test_somebody_else_writes_over_ours(cloudctl, customer, local_aws, known):
    """What is read back is neither the policy before nor ours: it is no delay, and the id is written again."""
    theirs = ["theirs", "cld_" + "b3" * 13] if known else "theirs"
    local_aws.faults({"match": "iam:UpdateAssumeRolePolicy", "times": 1, "delay": HELD})
    process = cloudctl.start(*NAME, *customer.arguments, "--skip-verifications", "--yes")
    wait_for(lambda: local_aws.requests("iam:UpdateAssumeRolePolicy"))
    customer.set_trust(customer.statement(Condition={"StringEquals": {"sts:ExternalId": theirs}}))
    local_aws.release()
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    mine = cloudctl.record("mine")
    assert external_id(customer.trust()[0]) == [*([theirs] if isinstance(theirs, str) else theirs), mine["id"]]
    cloudctl.run("delete", "mine", "--yes")
    assert external_id(customer.trust()[0]) == theirs


def test_somebody_else_makes_it_impossible(cloudctl, customer, local_aws):
    """Their policy cannot take the id: the registration fails, and leaves theirs."""
    local_aws.faults({"match": "iam:UpdateAssumeRolePolicy", "times": 1, "delay": HELD})
    process = cloudctl.start(*NAME, *customer.arguments, "--skip-verifications", "--yes")
    wait_for(lambda: local_aws.requests("iam:UpdateAssumeRolePolicy"))
    customer.set_trust(customer.statement({"AWS": "*"}))
    local_aws.release()
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 4 and "lets everyone in" in errors
    assert customer.trust() == [customer.statement({"AWS": "*"})] and cloudctl.records() == []


def test_many_at_once_on_one_role(cloudctl, customer, local_aws):
    """Within one registry they wait for each other; deleting, they do so too."""
    before = customer.fingerprint()
    names = [f"cloud{number}" for number in range(6 if SOAK else 3)]
    local_aws.faults({"match": "iam:UpdateAssumeRolePolicy", "delay": 0.05}, {"match": "iam:GetRole", "delay": 0.05})
    for command in (lambda name: ("register", "--name", name, *customer.arguments, "--skip-verifications", "--yes"),
                    lambda name: ("delete", name, "--yes")):
        running = [cloudctl.start(*command(name)) for name in names]
        ended = [(process.communicate(timeout=90)[1], process.returncode) for process in running]
        assert all(code == 0 for _, code in ended), ended
        if cloudctl.records():
            ids = {cloudctl.record(name)["id"] for name in names}
            assert set(external_id(customer.trust()[0])) == ids and len(ids) == len(names)
    assert customer.fingerprint() == before and cloudctl.records() == []


def test_interrupted_while_the_policy_is_being_changed(cloudctl, customer, local_aws):
    before = customer.fingerprint()
    local_aws.faults({"match": "iam:UpdateAssumeRolePolicy", "times": 1, "delay": HELD})
    process = cloudctl.start(*NAME, *customer.arguments, "--skip-verifications", "--yes")
    wait_for(lambda: local_aws.control("GET", "faults")[0]["hits"])
    process.send_signal(signal.SIGINT)
    local_aws.release()
    _, errors = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGINT, errors
    assert cloudctl.records() == []
    local_aws.quiet()
    assert customer.fingerprint() == before


def test_output_for_programs(cloudctl, customer):
    done = cloudctl.run(*NAME, *customer.arguments, "--yes", "--output", "json")
    assert json.loads(done.stdout) == json.loads(cloudctl.run("get", "mine", "--output", "json").stdout)


def test_what_is_so_already(cloudctl, customer, local_aws):
    """A pipeline that runs again, a run that was killed at its very end."""
    cloudctl.run(*NAME, *customer.arguments, "--yes")
    before, changes = cloudctl.record("mine"), writes(local_aws)
    again = cloudctl.run(*NAME, *customer.arguments)
    assert "is registered already" in again.stderr and "nothing was changed" in again.stderr
    assert cloudctl.record("mine") == before and writes(local_aws) == changes
    done = cloudctl.run(*NAME, *customer.arguments, "--yes", "--output", "json")
    assert json.loads(done.stdout)["id"] == before["id"]


@pytest.mark.parametrize("words, member", [(("--memorydb-cluster-id", "store"), "resources.memorydb"),
                                           (("--private-network",), "networking"),
                                           (("--cloud-tag", "team"), "cloud_tag")])
def test_a_name_that_is_taken(cloudctl, customer, words, member):
    cloudctl.run(*NAME, *customer.arguments, "--yes")
    done = cloudctl.run(*NAME, *customer.arguments, "--yes", *words, code=4)
    assert f"there is a cloud 'mine' already, registered with another {member}" in done.stderr, done.stderr


def test_wrong_account(cloudctl, customer, local_aws):
    cloudctl.environment.update(AWS_ACCESS_KEY_ID=OTHER_KEYS[0], AWS_SECRET_ACCESS_KEY=OTHER_KEYS[1])
    done = cloudctl.run(*NAME, *customer.arguments, "--yes", code=4)
    assert f"in account {ACCOUNT}" in done.stderr and writes(local_aws) == []


def test_from_a_file(cloudctl, customer, tmp_path):
    cloudctl.run(*NAME, *customer.arguments, "--yes")
    text = cloudctl.run("get", "mine", "-o", "yaml", code=None)
    text = text if text.returncode == 0 else cloudctl.run("get", "mine", "--output", "yaml")
    path = tmp_path / "cloud.yaml"
    path.write_text(text.stdout)
    first = cloudctl.record("mine")
    cloudctl.run("delete", "mine", "--yes")
    cloudctl.run("register", "-f", str(path), "--yes")
    again = cloudctl.record("mine")
    assert again["resources"] == first["resources"] and again["id"] == first["id"]
    assert external_id(customer.trust()[0]) == first["id"]
    # Options override the file; a second cloud from one file is a cloud of its own.
    cloudctl.run("register", "-f", str(path), "--name", "other", "--skip-verifications", "--yes")
    other = cloudctl.record("other")
    assert other["id"] != first["id"]
    assert external_id(customer.trust()[0]) == [first["id"], other["id"]]
    cloudctl.run("delete", "mine", "--yes")
    assert external_id(customer.trust()[0]) == other["id"]


@pytest.mark.parametrize("text, says", [("vpc: [", "line "), ("version: 1\nregions: x\n", "regions"),
                                        ("version: 9\n", "version"), ("", "reading")])
def test_a_broken_file(cloudctl, local_aws, tmp_path, text, says):
    path = tmp_path / "cloud.yaml"
    path.write_text(text)
    done = cloudctl.run("register", "-f", str(path), code=None)
    assert done.returncode in (2, 4) and says in done.stderr
    assert local_aws.requests() == []


def test_private_network_is_recorded_and_checked(cloudctl, customer):
    done = cloudctl.run(*NAME, *customer.arguments, "--private-network", "--yes", code=1)
    assert "subnets.route" in done.stdout + done.stderr  # these subnets are public
    cloudctl.run(*NAME, *customer.arguments, "--private-network", "--skip-verifications", "--yes")
    assert cloudctl.record("mine")["networking"] == "private"


@pytest.mark.parametrize("words, key", [
    ((), "anyscale-cloud-id"), (("--cloud-tag", "team:cloud"), "team:cloud")], ids=["the vendor's account", "asked for"])
def test_the_tag_of_the_control_plane_is_recorded(cloudctl, customer, words, key):
    cloudctl.run(*NAME, *customer.arguments, *words, "--skip-verifications", "--yes")
    assert cloudctl.record("mine")["cloud_tag"] == key


def test_ids_look_like_ids(cloudctl, customer):
    cloudctl.run(*NAME, *customer.arguments, "--yes")
    assert re.fullmatch(r"cld_[a-z2-7]{26}", cloudctl.record("mine")["id"])
    assert yaml.safe_load(cloudctl.run("get", "mine").stdout)["region"] == REGION
