# SPDX-License-Identifier: Apache-2.0
"""`setup --vpc-id --subnet-ids`: the user's network is judged first, the rest is made in it, and it outlives the cloud."""

import pytest
from conftest import REGION
from verify_support import Site

SETUP = ("setup", "--name", "demo", "--region", REGION, "--yes")
OTHER = "subnet-0123456789abcdef0"


def words(site, *subnets) -> tuple[str, ...]:
    private = ("--private-network",) if site.private else ()
    return (*SETUP, "--vpc-id", site.vpc, "--subnet-ids", ",".join(subnets or site.subnets), *private)


def network(ec2, vpc) -> dict:
    """All that is in a VPC, to be compared."""
    of = [{"Name": "vpc-id", "Values": [vpc]}]
    return {"vpc": ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"],
            "subnets": sorted((row["SubnetId"], row["MapPublicIpOnLaunch"], str(row.get("Tags")))
                              for row in ec2.describe_subnets(Filters=of)["Subnets"]),
            "tables": ec2.describe_route_tables(Filters=of)["RouteTables"],
            "groups": sorted(row["GroupId"] for row in ec2.describe_security_groups(Filters=of)["SecurityGroups"]),
            "interfaces": len(ec2.describe_network_interfaces(Filters=of)["NetworkInterfaces"]),
            "endpoints": ec2.describe_vpc_endpoints(Filters=of)["VpcEndpoints"]}


@pytest.mark.parametrize("private", [False, True], ids=["direct", "private"])
def test_the_rest_is_made_and_goes_again(cloudctl, local_aws, private):
    site = Site(local_aws, private=private)
    before, vpcs = network(site.ec2, site.vpc), len(site.ec2.describe_vpcs()["Vpcs"])
    done = cloudctl.run(*words(site), "--tag", "team=ray")
    record = cloudctl.record("demo")
    assert record["network"] == {"vpc_id": site.vpc, "subnet_ids": site.subnets}
    assert record["networking"] == ("private" if private else "direct")
    resources = record["resources"]
    assert (resources["vpc_id"], resources["subnet_ids"]) == (site.vpc, site.subnets)
    assert record["verification"]["verdict"] == "PASS" and "FAIL" not in done.stdout
    assert f"your VPC {site.vpc}, which stays as it is" in " ".join(done.stderr.split())
    assert len(site.ec2.describe_vpcs()["Vpcs"]) == vpcs
    [group] = site.ec2.describe_security_groups(GroupIds=resources["security_group_ids"])["SecurityGroups"]
    assert group["VpcId"] == site.vpc
    targets = site.efs.describe_mount_targets(FileSystemId=resources["file_system_id"])["MountTargets"]
    assert sorted(row["SubnetId"] for row in targets) == sorted(site.subnets)
    after = network(site.ec2, site.vpc)
    assert {key: after[key] for key in ("vpc", "subnets", "tables", "endpoints")} == {
        key: before[key] for key in ("vpc", "subnets", "tables", "endpoints")}
    done = cloudctl.run("delete", "demo", "--yes")
    assert f"The VPC {site.vpc} and its subnets are yours and are kept." in done.stderr
    assert network(site.ec2, site.vpc) == before and cloudctl.records() == []


def test_memorydb_and_two_subnets_in_one_zone(cloudctl, local_aws):
    """Mount targets go to one subnet of each zone, MemoryDB's group has all."""
    site = Site(local_aws, private=True)
    more = site.add_subnet("a", "10.8.192.0/20")
    site.ec2.associate_route_table(RouteTableId=site.tables[0], SubnetId=more)
    cloudctl.run(*words(site, site.subnets[0], more, site.subnets[1]), "--enable-head-node-fault-tolerance")
    record = cloudctl.record("demo")
    assert record["resources"]["subnet_ids"] == [*site.subnets, more]
    targets = site.efs.describe_mount_targets(FileSystemId=record["resources"]["file_system_id"])["MountTargets"]
    assert sorted(row["SubnetId"] for row in targets) == sorted(site.subnets)
    [group] = site.memorydb.describe_subnet_groups(SubnetGroupName=record["stack_name"])["SubnetGroups"]
    assert {row["Identifier"] for row in group["Subnets"]} == {*site.subnets, more}
    assert record["verification"]["verdict"] == "PASS"


def test_on_the_screen_too(cloudctl, local_aws):
    """The groups that are judged first are judged again when all is there."""
    asking = [word for word in words(Site(local_aws)) if word != "--yes"]
    code, shown = cloudctl.on_terminal(*asking, answer="y")
    assert code == 0, shown
    assert cloudctl.record("demo")["verification"]["verdict"] == "PASS"


def changes(local_aws) -> list[str]:
    return [row["action"] for row in local_aws.requests()
            if not row["action"].startswith(("Describe", "Get", "Head", "List", "Simulate"))]


def test_a_network_that_fails_stops_it(cloudctl, local_aws):
    """All that is wrong with it, each with what to do, before anything is made or asked."""
    site = Site(local_aws)
    site.ec2.modify_vpc_attribute(VpcId=site.vpc, EnableDnsSupport={"Value": False})
    site.ec2.delete_route(RouteTableId=site.public_table, DestinationCidrBlock="0.0.0.0/0")
    local_aws.control("DELETE", "requests")
    done = cloudctl.run(*words(site), code=4)
    assert "nothing was created because of vpc.dns, subnets.route" in done.stderr
    assert f"fix: aws ec2 modify-vpc-attribute --vpc-id {site.vpc} --enable-dns-support" in done.stdout
    assert f"aws ec2 create-route --route-table-id {site.public_table}" in done.stdout
    assert changes(local_aws) == [] and cloudctl.records() == []


def test_a_warning_is_told_before_the_question(cloudctl, local_aws):
    site = Site(local_aws)
    site.ec2.delete_vpc_endpoints(VpcEndpointIds=[site.endpoint])
    done = cloudctl.run(*words(site)[:5], *words(site)[6:], code=5)
    assert "WARN    vpc.s3-endpoint" in done.stderr
    assert f"aws ec2 create-vpc-endpoint --vpc-id {site.vpc}" in done.stderr
    assert cloudctl.records() == []
    cloudctl.run(*words(site))
    done = cloudctl.run("verify", "demo")
    assert f"fix: aws ec2 create-vpc-endpoint --vpc-id {site.vpc}" in done.stdout  # the stack owns no endpoint


def test_subnets_that_are_not_there(cloudctl, local_aws):
    site = Site(local_aws)
    for more in ((), ("--skip-preflight",)):
        done = cloudctl.run(*words(site, site.subnets[0], OTHER), *more, code=4)
        assert "nothing was created because of subnets.exist" in done.stderr and OTHER in done.stdout


def test_a_zone_without_efs(cloudctl, local_aws):
    site = Site(local_aws)
    local_aws.control("POST", "zones", [{"service": "elasticfilesystem", "zones": [f"{REGION}a", f"{REGION}c"]}])
    done = cloudctl.run(*words(site), code=4)
    assert f"zones of the subnets cannot be used: {REGION}b has no EFS" in done.stdout
    assert "choose subnets in other zones with --subnet-ids" in done.stdout


def test_quotas_of_what_is_not_made_do_not_matter(cloudctl, local_aws):
    site = Site(local_aws)
    local_aws.control("POST", "quotas", [{"service": "vpc", "code": code, "value": 0} for code in (
        "L-F678F1CE", "L-A4707A72", "L-1B52E74A", "L-FE5A380F")])
    cloudctl.run(*words(site))


@pytest.mark.parametrize("more, says", [
    (("--vpc-id", "vpc-0123456789abcdef0"), "go together"),
    (("--subnet-ids", f"{OTHER},subnet-0123456789abcdef1"), "go together"),
    (("--vpc-id", "vpc-x", "--subnet-ids", f"{OTHER},subnet-0123456789abcdef1"), "--vpc-id: 'vpc-x' is not a VPC id"),
    (("--vpc-id", "vpc-0123456789abcdef0", "--subnet-ids", f"{OTHER},{OTHER}"), "given twice"),
    (("--vpc-id", "vpc-0123456789abcdef0", "--subnet-ids", f"{OTHER},subnet-0123456789abcdef1", "--vpc-cidr",
      "10.0.0.0/16"), "--vpc-cidr: with --vpc-id no VPC is made"),
])
def test_bad_input_changes_nothing(cloudctl, local_aws, more, says):
    done = cloudctl.run(*SETUP, *more, code=2)
    assert says in done.stderr and cloudctl.records() == [] and local_aws.requests() == []


def test_a_killed_run_is_gone_on_with(cloudctl, local_aws):
    """With the same options, and without them: what was asked for is in the record."""
    site = Site(local_aws)
    for again in (words(site), SETUP):
        assert cloudctl.kill_at(local_aws, "cloudformation:CreateStack", 0, *words(site), lost=True)
        assert cloudctl.record("demo")["network"]["vpc_id"] == site.vpc
        cloudctl.run(*again)
        assert cloudctl.record("demo")["resources"]["subnet_ids"] == site.subnets
        cloudctl.run("delete", "demo", "--yes")
    assert cloudctl.kill_at(local_aws, "cloudformation:DescribeStackEvents", 0, *words(site))
    cloudctl.run(*words(site, *site.subnets[::-1]))
    done = cloudctl.run(*words(site, site.subnets[0], OTHER), code=4)
    assert "--subnet-ids: asked for" in done.stderr and "is of a cloud with other parameters" in done.stderr
