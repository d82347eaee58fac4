# SPDX-License-Identifier: Apache-2.0
"""`setup --private-network`: private subnets behind NAT gateways, one for all or one for each zone; an independent look
with boto3, a green verification, a deletion that leaves nothing, quotas, and a killed run that is gone on with."""

import ipaddress

import pytest
from conftest import REGION

SETUP = ("setup", "--name", "demo", "--region", REGION, "--yes", "--private-network")
PER_ZONE = (*SETUP, "--nat-gateways", "per-zone")
TAG = "cloudctl-cloud-id"


def tags(item) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in item["Tags"] if not tag["Key"].startswith("aws:")}


def of_vpc(record) -> list[dict]:
    return [{"Name": "vpc-id", "Values": [record["resources"]["vpc_id"]]}]


def default_routes(ec2, record) -> dict[str, dict]:
    """Subnet -> its default route."""
    return {link["SubnetId"]: route for table in ec2.describe_route_tables(Filters=of_vpc(record))["RouteTables"]
            for link in table["Associations"] if "SubnetId" in link
            for route in table["Routes"] if route.get("DestinationCidrBlock") == "0.0.0.0/0"}


@pytest.mark.parametrize("words, zones, count, choice", [(SETUP, 4, 1, "one"), (PER_ZONE, 3, 3, "per-zone")],
                         ids=["one", "per-zone"])
def test_what_is_made_is_private_and_goes_again(cloudctl, local_aws, words, zones, count, choice):
    ec2 = local_aws.client("ec2")
    interfaces = len(ec2.describe_network_interfaces()["NetworkInterfaces"])
    done = cloudctl.run(*words, "--vpc-cidr", "10.20.0.0/20")
    record = cloudctl.record("demo")
    assert (record["networking"], record["network"]) == ("private", {"nat_gateways": choice, "vpc_cidr": "10.20.0.0/20"})
    assert record["verification"]["verdict"] == "PASS" and "WARN" not in done.stdout
    told = " ".join(done.stderr.split())
    assert f"NAT gateway {count}: in {REGION}" in told and f"NAT gateway {count + 1}: in" not in told
    assert "what passes through a NAT gateway: about $" in told
    subnets = {row["SubnetId"]: row for row in ec2.describe_subnets(Filters=of_vpc(record))["Subnets"]}
    own = record["resources"]["subnet_ids"]
    assert len(own) == zones and len(subnets) == zones + count
    routes = default_routes(ec2, record)
    nats = {row["NatGatewayId"]: row for row in ec2.describe_nat_gateways(Filter=of_vpc(record))["NatGateways"]}
    assert len(nats) == count and set(routes) == set(subnets)
    for number, name in enumerate(own, 1):
        nat = nats[routes[name]["NatGatewayId"]]
        assert nat["State"] == "available" and subnets[name]["MapPublicIpOnLaunch"] is False
        assert tags(subnets[name]) == {"Name": f"{record['stack_name']}-private-{number}", TAG: record["id"]}
        below = subnets[nat["SubnetId"]]
        assert routes[nat["SubnetId"]]["GatewayId"].startswith("igw-") and below["SubnetId"] not in own
        assert ipaddress.ip_network(below["CidrBlock"]).prefixlen == 28
        assert count == 1 or below["AvailabilityZone"] == subnets[name]["AvailabilityZone"]
    addresses = ec2.describe_addresses()["Addresses"]
    assert {row["AllocationId"] for row in addresses} == {
        nat["NatGatewayAddresses"][0]["AllocationId"] for nat in nats.values()}
    for item in (*addresses, *nats.values()):
        assert tags(item) == {"Name": record["stack_name"], TAG: record["id"]}
    [endpoint] = ec2.describe_vpc_endpoints(Filters=of_vpc(record))["VpcEndpoints"]
    assert len(endpoint["RouteTableIds"]) == 1 + count
    cloudctl.run("delete", "demo", "--yes")
    assert ec2.describe_vpcs(VpcIds=[])["Vpcs"] == [row for row in ec2.describe_vpcs()["Vpcs"] if row["IsDefault"]]
    assert ec2.describe_addresses()["Addresses"] == [] and cloudctl.records() == []
    assert {row["State"] for row in ec2.describe_nat_gateways()["NatGateways"]} == {"deleted"}
    assert len(ec2.describe_network_interfaces()["NetworkInterfaces"]) == interfaces


def test_it_waits_for_the_gateways(cloudctl, local_aws):
    """They are made in minutes in AWS, and their addresses are free only when they are gone."""
    local_aws.control("POST", "settings", {"settle": 1})
    done = cloudctl.run(*SETUP)
    lines = done.stderr.splitlines()
    places = [next(number for number, line in enumerate(lines) if text in line) for text in (
        "Internet gateway attachment: CREATE_COMPLETE", ") NAT gateway 1: CREATE_COMPLETE",
        "Route to NAT gateway 1: CREATE_IN_PROGRESS")]
    assert places == sorted(places)
    lines = cloudctl.run("delete", "demo", "--yes").stderr.splitlines()
    places = [next(number for number, line in enumerate(lines) if text in line) for text in (
        ") NAT gateway 1: DELETE_COMPLETE", "Address of NAT gateway 1: DELETE_IN_PROGRESS")]
    assert places == sorted(places)


@pytest.mark.parametrize("words, says", [
    (("--nat-gateways", "one"), "--private-network"),
    (("--private-network", "--nat-gateways", "two"), "one, per-zone"),
    (("--private-network", "--nat-gateways", "per-zone", "--vpc-cidr", "10.0.0.0/24"), "/23 or larger"),
])
def test_bad_input_changes_nothing(cloudctl, local_aws, words, says):
    done = cloudctl.run("setup", "--name", "demo", "--region", REGION, "--yes", *words, code=2)
    assert says in done.stderr and cloudctl.records() == [] and local_aws.requests() == []


def test_the_smallest_vpc(cloudctl):
    cloudctl.run(*SETUP, "--vpc-cidr", "10.0.0.0/24", code=None)
    assert cloudctl.record("demo")["state"] == "ready"


def test_a_killed_run_is_gone_on_with(cloudctl, local_aws):
    """With the same options, and without them: what was asked for is in the record."""
    for again in (PER_ZONE, SETUP[:-1]):
        assert cloudctl.kill_at(local_aws, "cloudformation:CreateStack", 0, *PER_ZONE, lost=True)
        assert cloudctl.record("demo")["network"] == {"nat_gateways": "per-zone", "vpc_cidr": "10.0.0.0/16"}
        cloudctl.run(*again)
        record = cloudctl.record("demo")
        assert (record["networking"], len(record["resources"]["subnet_ids"])) == ("private", 3)
        cloudctl.run("delete", "demo", "--yes")


def test_a_run_killed_while_the_stack_is_made(cloudctl, local_aws):
    assert cloudctl.kill_at(local_aws, "cloudformation:DescribeStackEvents", 0, *SETUP)
    done = cloudctl.run(*PER_ZONE, code=4)
    assert "--nat-gateways: asked for 'per-zone', but its stack has NatGateways 'one'" in done.stderr
    cloudctl.run(*SETUP)
    assert cloudctl.record("demo")["verification"]["verdict"] == "PASS"


def test_a_direct_cloud_stays_direct(cloudctl):
    cloudctl.run(*SETUP[:-1])
    done = cloudctl.run(*SETUP, code=4)
    assert "--private-network: asked for private subnets, but its stack has public ones" in done.stderr


@pytest.mark.parametrize("quota, words, in_use, needed", [
    (("ec2", "L-0263D0A3"), PER_ZONE, 1, 3), (("ec2", "L-0263D0A3"), SETUP, 1, 1), (("vpc", "L-FE5A380F"), SETUP, 1, 1)])
def test_quotas(cloudctl, local_aws, quota, words, in_use, needed):
    """A NAT gateway of somebody else is in the first zone, with an address."""
    ec2 = local_aws.client("ec2")
    [subnet] = ec2.describe_subnets(Filters=[{"Name": "availability-zone", "Values": [f"{REGION}a"]}])["Subnets"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=subnet["VpcId"])
    ec2.create_nat_gateway(SubnetId=subnet["SubnetId"], AllocationId=address)
    for value, code in ((in_use + needed - 1, 4), (in_use + needed, 0)):
        local_aws.control("POST", "quotas", [{"service": quota[0], "code": quota[1], "value": value}])
        done = cloudctl.run(*words, code=code)
        assert code == 0 or f"limit {value}, in use {in_use}, needed {needed}" in done.stdout
