# SPDX-License-Identifier: Apache-2.0
"""What `setup` looks at before it makes anything: each shortfall, several in one list, calls that are denied, and that
nothing is made and no record left when it stops."""

import json
import re
import signal

import pytest
from conftest import ACCOUNT, HELD, OTHER_KEYS, REGION, wait_for
from preflight_support import SETUP, changes, findings

VPCS, GATEWAYS, GROUPS = ("vpc", "L-F678F1CE"), ("vpc", "L-A4707A72"), ("vpc", "L-E79EC296")
ENDPOINTS, VCPUS = ("vpc", "L-1B52E74A"), ("ec2", "L-1216C47A")


def set_quotas(local_aws, *rows):
    """((service, code), value), …; None: the account has no value of its own."""
    local_aws.control("POST", "quotas", [{"service": quota[0], "code": quota[1], "value": value} for quota, value in rows])


def set_zones(local_aws, service, *zones):
    local_aws.control("POST", "zones", [{"service": service, "zones": [f"{REGION}{zone}" for zone in zones]}])


def count_vpcs(local_aws) -> int:
    return len(local_aws.client("ec2").describe_vpcs()["Vpcs"])


def refused(cloudctl, local_aws, *words) -> dict[str, tuple[str, str]]:
    """Run setup, which must stop before anything is made; its findings."""
    local_aws.control("DELETE", "requests")
    records = cloudctl.records()
    done = cloudctl.run(*SETUP, *words, code=4)
    assert changes(local_aws) == [] and cloudctl.records() == records
    found = findings(done.stderr)
    failed = [check for check, (verdict, _) in found.items() if verdict == "FAIL"]
    assert done.stderr.splitlines()[-1] == (
        f"cloudctl: setting up cloud 'demo': nothing was created because of {', '.join(failed)}")
    assert findings(done.stdout) == found and "prerequisites: FAILED" in done.stdout
    return found


def test_an_account_with_room(cloudctl, local_aws):
    done = cloudctl.run(*SETUP)
    assert "Prerequisites verification succeeded." in done.stderr
    assert findings(done.stderr) == {} and "prerequisites" not in done.stdout
    assert " ".join(changes(local_aws)).replace("cloudformation:", "") == "CreateStack SetStackPolicy UpdateTerminationProtection"


def test_asks_everything_once_and_before_the_question(cloudctl, local_aws):
    set_quotas(local_aws, (GROUPS, 1))
    done = cloudctl.run(*SETUP[:-1], code=4)  # without a terminal the question would end it with 5
    assert "Create cloud" not in done.stderr
    asked = [json.dumps([row["service"], row["action"], row["parameters"]], sort_keys=True)
             for row in local_aws.requests()]
    assert len(asked) == len(set(asked))
    assert len([row for row in asked if "SimulatePrincipalPolicy" not in row]) == 15


@pytest.mark.parametrize("quota, check, used, needed", [
    (VPCS, "preflight.vpc-quota", lambda ec2: len(ec2.describe_vpcs()["Vpcs"]), 1),
    (GATEWAYS, "preflight.internet-gateway-quota",
     lambda ec2: len(ec2.describe_internet_gateways()["InternetGateways"]), 1),
    (GROUPS, "preflight.security-group-quota", lambda ec2: len(ec2.describe_security_groups()["SecurityGroups"]), 2),
    (ENDPOINTS, "preflight.gateway-endpoint-quota", lambda ec2: len(ec2.describe_vpc_endpoints()["VpcEndpoints"]), 1),
])
def test_a_quota_one_short_and_one_that_just_fits(cloudctl, local_aws, quota, check, used, needed):
    in_use = used(local_aws.client("ec2"))
    set_quotas(local_aws, (quota, in_use + needed - 1))
    [(found, (verdict, text))] = refused(cloudctl, local_aws).items()
    assert (found, verdict) == (check, "FAIL")
    assert text.endswith(f": limit {in_use + needed - 1}, in use {in_use}, needed {needed}")
    set_quotas(local_aws, (quota, in_use + needed))
    cloudctl.run(*SETUP)
    assert cloudctl.record("demo")["state"] == "ready"


def test_the_remedy_is_a_command_that_the_model_knows(cloudctl, local_aws):
    in_use = count_vpcs(local_aws)
    set_quotas(local_aws, (VPCS, in_use))
    done = cloudctl.run(*SETUP, code=4)
    words = re.search(r"do: aws service-quotas (\S+) (.*)", done.stdout)
    assert words[1] == "request-service-quota-increase"
    quotas = local_aws.client("service-quotas").meta.service_model.operation_model("RequestServiceQuotaIncrease")
    options = dict(re.findall(r"--(\S+) (\S+)", words[2]))
    assert options == {"service-code": "vpc", "quota-code": "L-F678F1CE", "desired-value": str(in_use + 1),
                       "region": REGION}
    assert set(quotas.input_shape.required_members) == {"ServiceCode", "QuotaCode", "DesiredValue"}


def test_what_runs_counts(cloudctl, local_aws):
    """vCPUs are a warning: setup starts no instance. Spot instances and other families have quotas of their own."""
    ec2 = local_aws.client("ec2")
    image = ec2.describe_images()["Images"][0]["ImageId"]
    ec2.run_instances(ImageId=image, InstanceType="m5.xlarge", MinCount=1, MaxCount=1)
    ec2.run_instances(ImageId=image, InstanceType="g4dn.xlarge", MinCount=1, MaxCount=1)
    stopped = ec2.run_instances(ImageId=image, InstanceType="c5.large", MinCount=1, MaxCount=1)["Instances"][0]
    ec2.stop_instances(InstanceIds=[stopped["InstanceId"]])
    set_quotas(local_aws, (VCPUS, 7))
    done = cloudctl.run(*SETUP)
    verdict, text = findings(done.stderr)["preflight.vcpu-quota"]
    assert verdict == "WARN" and text.endswith("limit 7, in use 4, needed 4")
    assert cloudctl.record("demo")["state"] == "ready" and "vcpu-quota" not in done.stdout


def test_a_quota_without_a_value_of_its_own(cloudctl, local_aws):
    set_quotas(local_aws, (VPCS, None), (GROUPS, None))
    done = cloudctl.run(*SETUP)
    asked = [row["parameters"]["QuotaCode"] for row in local_aws.requests("servicequotas:GetAWSDefaultServiceQuota")]
    assert sorted(asked) == ["L-E79EC296", "L-F678F1CE"] and findings(done.stderr) == {}


def test_several_in_one_list(cloudctl, local_aws):
    local_aws.client("ec2").create_vpc(CidrBlock="10.0.0.0/16")
    set_quotas(local_aws, (VPCS, 0), (GATEWAYS, 0), (VCPUS, 0))
    set_zones(local_aws, "elasticfilesystem", "c")
    found = refused(cloudctl, local_aws, "--check-cidr-overlap")
    assert {check: verdict for check, (verdict, _) in found.items()} == {
        "preflight.zones": "FAIL", "preflight.vpc-quota": "FAIL", "preflight.internet-gateway-quota": "FAIL",
        "preflight.vcpu-quota": "WARN", "preflight.cidr-overlap": "FAIL"}


# --- zones ---

def zones_of_the_stack(local_aws) -> list[str]:
    [request] = local_aws.requests("cloudformation:CreateStack")
    values = request["parameters"]
    number = next(key for key, value in values.items() if value == "Zones").split(".")[2]
    return values[f"Parameters.member.{number}.ParameterValue"].split(",")


def test_zones_without_efs_are_left_out(cloudctl, local_aws):
    set_zones(local_aws, "elasticfilesystem", "b", "d")
    done = cloudctl.run(*SETUP)
    assert zones_of_the_stack(local_aws) == [f"{REGION}b", f"{REGION}d"]
    assert re.search(rf"preflight.zones: the subnets go to {REGION}b, {REGION}d; {REGION}a \(usw2-az\d\) has no EFS;",
                     done.stderr)
    assert len(cloudctl.record("demo")["resources"]["subnet_ids"]) == 2


def test_one_zone_is_too_few(cloudctl, local_aws):
    set_zones(local_aws, "elasticfilesystem", "a")
    [(check, (verdict, text))] = refused(cloudctl, local_aws).items()
    assert (check, verdict) == ("preflight.zones", "FAIL")
    assert f"has only 1 that can be used; {REGION}b (usw2-az" in text and "has no EFS" in text


def test_zones_without_memorydb_are_left_out_when_it_is_asked_for(cloudctl, local_aws):
    """By AWS's documentation use1-az3 has no MemoryDB."""
    rows = local_aws.client("ec2", region="us-east-1").describe_availability_zones()["AvailabilityZones"]
    [without] = [row["ZoneName"] for row in rows if row["ZoneId"] == "use1-az3"]
    words = ("setup", "--name", "demo", "--region", "us-east-1", "--yes")
    done = cloudctl.run(*words, "--enable-head-node-fault-tolerance")
    assert f"{without} (use1-az3) has no MemoryDB" in done.stderr
    assert zones_of_the_stack(local_aws) == sorted({row["ZoneName"] for row in rows} - {without})
    local_aws.control("DELETE", "requests")
    cloudctl.run(*("other" if word == "demo" else word for word in words))
    assert without in zones_of_the_stack(local_aws)


def test_a_stack_that_is_there_keeps_its_zones(cloudctl, local_aws):
    assert cloudctl.kill_at(local_aws, "cloudformation:DescribeStackEvents", 0, *SETUP)
    local_aws.control("DELETE", "requests")
    done = cloudctl.run(*SETUP)
    assert "prerequisites" not in done.stderr.lower()
    assert not local_aws.requests("ec2:DescribeAvailabilityZones")
    assert {row["parameters"]["ServiceCode"] for row in local_aws.requests("servicequotas:GetServiceQuota")} == {"ec2"}  # verify's
    assert len(cloudctl.record("demo")["resources"]["subnet_ids"]) == 4


# --- blocks ---

def test_an_overlap_matters_when_asked(cloudctl, local_aws):
    ec2 = local_aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.128.0/17")["Vpc"]["VpcId"]
    [(check, (verdict, text))] = refused(cloudctl, local_aws, "--check-cidr-overlap").items()
    assert (check, verdict) == ("preflight.cidr-overlap", "FAIL")
    assert text == f"10.0.0.0/16 overlaps 10.0.128.0/17 of {vpc}"
    done = cloudctl.run(*SETUP)
    assert f"overlaps 10.0.128.0/17 of {vpc}, which matters only if" in done.stderr
    assert "overlaps" not in done.stdout


def test_no_overlap(cloudctl, local_aws):
    local_aws.client("ec2").create_vpc(CidrBlock="10.0.128.0/17")
    done = cloudctl.run(*SETUP, "--check-cidr-overlap", "--vpc-cidr", "10.1.0.0/16")
    assert "overlap" not in done.stderr and cloudctl.record("demo")["state"] == "ready"


# --- names ---

@pytest.fixture
def failed(cloudctl, local_aws):
    """The record of a try that rolled back."""
    local_aws.fail({"logical_id": "FileSystem", "times": 1})
    cloudctl.run(*SETUP, "--enable-head-node-fault-tolerance", code=4)
    return cloudctl.record("demo")


AGAIN = ("--enable-head-node-fault-tolerance",)


def left_over(cloudctl, local_aws) -> dict[str, tuple[str, str]]:
    """Run setup again, which must stop before it touches the stack that rolled back."""
    return refused(cloudctl, local_aws, *AGAIN)


def test_a_bucket_that_is_left_over(cloudctl, local_aws, failed):
    bucket = f"cloudctl-data-{failed['stack_name']}"
    s3 = local_aws.client("s3")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    local_aws.control("DELETE", "requests")
    assert left_over(cloudctl, local_aws) == {"preflight.names.bucket": ("FAIL", f"the bucket {bucket} already exists")}
    assert cloudctl.record("demo")["id"] == failed["id"]
    s3.delete_bucket(Bucket=bucket)
    cloudctl.run(*SETUP, *AGAIN)
    assert cloudctl.record("demo")["id"] == failed["id"] and cloudctl.record("demo")["state"] == "ready"


def test_a_bucket_of_somebody_else(cloudctl, local_aws, failed):
    bucket = f"cloudctl-data-{failed['stack_name']}"
    local_aws.client("s3", keys=OTHER_KEYS).create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    local_aws.control("DELETE", "requests")
    [(check, (verdict, text))] = left_over(cloudctl, local_aws).items()
    assert (check, verdict) == ("preflight.names.bucket", "FAIL") and bucket in text


def test_every_name_that_is_taken_in_one_list(cloudctl, local_aws, failed):
    iam, memorydb = local_aws.client("iam"), local_aws.client("memorydb")
    roles = [f"cloudctl-control-plane-{failed['id']}", f"{failed['id']}-cluster_node_role"]
    trust = {"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    for role in roles:
        iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(trust))
    iam.create_instance_profile(InstanceProfileName=roles[1])
    memorydb.create_parameter_group(ParameterGroupName=failed["stack_name"], Family="memorydb_redis7")
    local_aws.control("DELETE", "requests")
    found = left_over(cloudctl, local_aws)
    assert {check: verdict for check, (verdict, _) in found.items()} == {
        "preflight.names.roles": "FAIL", "preflight.names.instance-profile": "FAIL",
        "preflight.names.memorydb": "FAIL"}
    assert all(role in found["preflight.names.roles"][1] for role in roles)
    assert found["preflight.names.memorydb"][1] == f"parameter group {failed['stack_name']} already exists"


def test_a_stack_that_could_not_be_undone_is_not_in_its_own_way(cloudctl, local_aws):
    """Its resources have the names and take of the quotas, so they go before anything is looked at."""
    local_aws.fail({"logical_id": "MountTarget2", "times": 1}, {"logical_id": "Vpc", "when": "delete", "times": 1})
    cloudctl.run(*SETUP, code=4)
    [stack] = local_aws.stacks()
    assert stack["StackStatus"] == "ROLLBACK_FAILED"
    set_quotas(local_aws, (VPCS, count_vpcs(local_aws)))  # the one that is left over among them
    cloudctl.run(*SETUP)
    assert cloudctl.record("demo")["state"] == "ready"


def test_the_names_are_those_of_the_template(cloudctl, local_aws):
    """A later try asks for exactly what the stack had made."""
    cloudctl.run(*SETUP, *AGAIN)
    record = cloudctl.record("demo")
    made, stack = record["resources"], record["stack_name"]
    local_aws.client("cloudformation").update_termination_protection(StackName=stack, EnableTerminationProtection=False)
    local_aws.client("cloudformation").delete_stack(StackName=stack)
    path = cloudctl.state / "cloudctl/clouds/demo.yaml"
    path.write_text(path.read_text().replace("state: ready", "state: failed"))
    wait_for(lambda: "DELETE_COMPLETE" in [row["StackStatus"] for row in local_aws.stacks()])
    local_aws.control("DELETE", "requests")
    assert set(findings(cloudctl.run(*SETUP, *AGAIN, code=4).stdout)) == {"preflight.names.bucket"}  # it is kept

    def asked(action, member):
        return sorted(row["parameters"][member] for row in local_aws.requests(action))
    roles = sorted(made[f"{kind}_role_arn"].rpartition("/")[2] for kind in ("control_plane", "node"))
    assert asked("iam:GetRole", "RoleName") == roles
    assert asked("iam:GetInstanceProfile", "InstanceProfileName") == [made["node_role_arn"].rpartition("/")[2]]
    assert asked("s3:HeadBucket", "Bucket") == [made["bucket"]]
    assert asked("memorydb:DescribeClusters", "ClusterName") == [made["memorydb_cluster"]]
    assert asked("memorydb:DescribeSubnetGroups", "SubnetGroupName") == [stack]
    assert asked("memorydb:DescribeParameterGroups", "ParameterGroupName") == [stack]


def test_public_access_that_the_account_blocks(cloudctl, local_aws):
    local_aws.client("ec2").modify_vpc_block_public_access_options(InternetGatewayBlockMode="block-ingress")
    local_aws.control("DELETE", "requests")
    [(check, (verdict, text))] = findings(cloudctl.run(*SETUP, code=4).stderr).items()
    assert (check, verdict, changes(local_aws)) == ("preflight.public-access", "FAIL", []) and "block-ingress" in text
    local_aws.client("ec2").modify_vpc_block_public_access_options(InternetGatewayBlockMode="off")
    cloudctl.run(*SETUP)


# --- what may not be seen ---

@pytest.mark.parametrize("action, checks", [
    ("ec2:DescribeVpcEndpointServices", {"preflight.zones"}),
    ("ec2:DescribeVpcBlockPublicAccessOptions", {"preflight.public-access"}),
    ("ec2:DescribeVpcs", {"preflight.vpc-quota", "preflight.cidr-overlap"}),
    ("ec2:DescribeInternetGateways", {"preflight.internet-gateway-quota"}),
    ("ec2:DescribeSecurityGroups", {"preflight.security-group-quota"}),
    ("ec2:DescribeVpcEndpoints", {"preflight.gateway-endpoint-quota"}),
    ("ec2:DescribeInstances", {"preflight.vcpu-quota"}),
    ("servicequotas:GetServiceQuota", {
        "preflight.vpc-quota", "preflight.internet-gateway-quota", "preflight.security-group-quota",
        "preflight.gateway-endpoint-quota", "preflight.vcpu-quota"}),
])
def test_a_denied_call_is_a_warning(cloudctl, local_aws, action, checks):
    local_aws.faults({"match": action, "code": "AccessDenied", "status": 403,
                      "times": 5 if action.startswith("servicequotas") else 1})  # verify may ask it again
    done = cloudctl.run(*SETUP)
    found = findings(done.stderr)
    assert {check: verdict for check, (verdict, _) in found.items()} == dict.fromkeys(checks, "UNKNOWN")
    [warning] = [line for line in done.stderr.splitlines() if "warning: Not everything" in line]
    assert f"the caller needs {action}." in warning
    assert cloudctl.record("demo")["state"] == "ready" and "preflight" not in done.stdout


def test_denied_and_short_at_once(cloudctl, local_aws):
    """A call that is denied hides nothing of the rest."""
    local_aws.faults({"match": "ec2:DescribeInstances", "code": "UnauthorizedOperation", "status": 403})
    set_quotas(local_aws, (VPCS, 0))
    found = refused(cloudctl, local_aws)
    assert {check: verdict for check, (verdict, _) in found.items()} == {
        "preflight.vpc-quota": "FAIL", "preflight.vcpu-quota": "UNKNOWN"}


def test_without_zones_there_is_nothing_to_plan(cloudctl, local_aws):
    local_aws.faults({"match": "ec2:DescribeAvailabilityZones", "code": "UnauthorizedOperation", "status": 403})
    done = cloudctl.run(*SETUP, code=4)
    assert "needs ec2:DescribeAvailabilityZones" in done.stderr.splitlines()[-2]
    assert changes(local_aws) == [] and cloudctl.records() == []


# --- the rest of the program ---

def test_interrupted_while_looking(cloudctl, local_aws):
    local_aws.faults({"match": "ec2:DescribeInstances", "delay": HELD})
    process = cloudctl.start(*SETUP)
    wait_for(lambda: local_aws.control("GET", "faults")[0]["hits"])
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == -signal.SIGINT and "interrupted" in errors
    local_aws.quiet()
    assert changes(local_aws) == [] and cloudctl.records() == []


def test_skipped(cloudctl, local_aws):
    set_quotas(local_aws, (VCPUS, 0))
    set_zones(local_aws, "elasticfilesystem", "a", "b", "c", "d")
    done = cloudctl.run(*SETUP, "--skip-preflight")
    assert "Prerequisites are not checked" in done.stderr and findings(done.stderr) == {}
    before = local_aws.requests().index(local_aws.requests("cloudformation:CreateStack")[0])
    assert [row["action"] for row in local_aws.requests()[:before]] == [
        "GetCallerIdentity", "DescribeRegions", "DescribeAvailabilityZones", "ListAccountAliases"]


def test_skipped_and_short(cloudctl, local_aws):
    """AWS refuses it then, in the middle."""
    set_quotas(local_aws, (VPCS, count_vpcs(local_aws)))
    done = cloudctl.run(*SETUP, "--skip-preflight", code=4)
    assert "The maximum number of VPCs has been reached" in done.stderr and cloudctl.record("demo")["state"] == "failed"


def test_documents_stay_alone_on_stdout(cloudctl, local_aws):
    set_quotas(local_aws, (VPCS, 0))
    done = cloudctl.run(*SETUP, "-o", "json", code=4)
    assert done.stdout == "" and findings(done.stderr)["preflight.vpc-quota"][0] == "FAIL"
    set_quotas(local_aws)
    done = cloudctl.run(*SETUP, "-o", "json")
    assert json.loads(done.stdout)["account"] == ACCOUNT


def test_the_event_record_holds_it(cloudctl, local_aws, tmp_path):
    set_quotas(local_aws, (VPCS, 0))
    path = tmp_path / "run.events"
    done = cloudctl.run(*SETUP, "--events", str(path), code=4)
    events = [json.loads(line) for line in path.read_text().splitlines()]
    [finding] = [event for event in events if event.get("check") == "preflight.vpc-quota"]
    assert finding["verdict"] == "FAIL" and "L-F678F1CE" in finding["remedy"]
    assert events[-1]["exit_code"] == 4 and events[-1]["counts"]["FAIL"] == 1
    replayed = cloudctl.run("replay", str(path))
    assert replayed.stdout == done.stdout


def test_explained_but_not_run_by_verify(cloudctl, local_aws):
    done = cloudctl.run("explain", "preflight.vpc-quota")
    assert "setup without --vpc-id, before it makes anything" in done.stdout and "L-F678F1CE" in done.stdout
    assert "did you mean 'preflight.vpc-quota'" in cloudctl.run("explain", "preflight.vpc-quotas", code=2).stderr
    assert "preflight.vpc-quota" in cloudctl.run("checks").stdout
    cloudctl.run(*SETUP)
    assert "no check matches" in cloudctl.run("verify", "demo", "--only", "preflight.*", code=2).stderr
