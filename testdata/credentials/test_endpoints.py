# SPDX-License-Identifier: Apache-2.0
"""Region and endpoint URL side by side with botocore: every service, partition and kind of host, and every place in
which an endpoint can be configured."""

import itertools
from unittest import mock
from urllib.parse import urlsplit

import botocore.awsrequest
import pytest
from botocore.exceptions import BotoCoreError
from cases import ENV, IMDS, case
from conftest import BOTOCORE_NAMES

SERVICES = ["sts", "sso", "sso-oidc", "signin", "ec2", "iam", "s3", "s3control", "efs", "memorydb", "cloudformation", "servicequotas", "kms",
            "elbv2", "backup"]
REGIONS = ["us-east-1", "us-west-2", "eu-central-1", "ap-southeast-2", "cn-north-1", "us-gov-west-1", "us-gov-east-1",
           "eusc-de-east-1"]
NO_OVERRIDES = {f"AWS_ENDPOINT_URL_{name}": None for name in ("STS", "SSO", "SSO_OIDC", "SIGNIN")}
BUCKET = "my-bucket"
IN_HOST = {"s3": BUCKET, "s3control": "123456789012"}  # what a request's host begins with


# Services whose host depends on what is asked: how to ask.
ASK = {"s3": lambda client, bucket: client.head_bucket(Bucket=bucket),
       "s3control": lambda client, account: client.get_public_access_block(AccountId=account),
       "signin": lambda client, _: client.create_o_auth2_token(
           tokenInput={"clientId": "c", "refreshToken": "r", "grantType": "refresh_token"})}


BEFORE = {"s3control": "s3-control"}  # as botocore names its events


def sent_to(client, service, bucket):
    """Where a request is sent, without query and without the operation's own path."""
    sent = []

    def keep(request, **_):
        sent.append(request.url)
        return botocore.awsrequest.AWSResponse(request.url, 200, {}, mock.Mock(stream=lambda: iter([b"{}"] if request.body else [])))

    client.meta.events.register(f"before-send.{BEFORE.get(service, service)}", keep)
    ASK[service](client, bucket)
    return sent[0].partition("?")[0].removesuffix("/v1/token").removesuffix("/v20180820/configuration/publicAccessBlock").rstrip("/")


def theirs(world, service, bucket=None):
    try:
        with world.botocore() as session:
            client = session.create_client(BOTOCORE_NAMES.get(service, service), aws_access_key_id="a",
                                           aws_secret_access_key="b")
            return sent_to(client, service, bucket) if service in ASK else client.meta.endpoint_url.rstrip("/")
    except BotoCoreError:
        return None


def ours(world, pairs):
    """URLs as botocore would give them; None where there is none."""
    found = []
    for (_, bucket), row in zip(pairs, world.ours(pairs)["endpoints"], strict=True):
        url = row.get("url")
        found.append(f"{url}/{bucket}" if url and bucket and not row["in_host"] else url)
    return found


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("fips,dual", list(itertools.product(["false", "true"], repeat=2)))
def test_hosts(region, fips, dual, make_world):
    world = make_world(case("hosts", ENV | NO_OVERRIDES | {"AWS_DEFAULT_REGION": region, "AWS_USE_FIPS_ENDPOINT": fips,
                                                         "AWS_USE_DUALSTACK_ENDPOINT": dual}))
    pairs = [(service, IN_HOST.get(service)) for service in SERVICES]
    assert dict(zip(SERVICES, ours(world, pairs), strict=True)) == {
        service: theirs(world, service, bucket) for service, bucket in pairs}


BUCKETS = ["my-bucket", "my.bucket", "My-Bucket", "under_score", "a" * 63, "xn--x", "192.168.1.1"]


@pytest.mark.parametrize("config", ["", "s3 =\n  addressing_style = path\n", "s3 =\n  addressing_style = virtual\n",
                                    "endpoint_url = http://localhost:9000/base\n",
                                    "s3 =\n  use_dualstack_endpoint = true\n"])
def test_buckets(config, make_world):
    world = make_world(case("buckets", ENV | {"AWS_USE_DUALSTACK_ENDPOINT": None}, config=f"[default]\n{config}"))
    pairs = [("s3", bucket) for bucket in BUCKETS]
    assert dict(zip(BUCKETS, ours(world, pairs), strict=True)) == {
        bucket: theirs(world, "s3", bucket) for bucket in BUCKETS}


LAB = """[default]
endpoint_url = http://127.0.0.1:7000
services = lab
[services lab]
ec2 =
  endpoint_url = http://127.0.0.1:7001/ec2
efs =
  endpoint_url = http://127.0.0.1:7002/
"""
OVERRIDES = {
    "nothing": ({}, ""),
    "one service's variable": ({"AWS_ENDPOINT_URL_EC2": "http://127.0.0.1:7100"}, ""),
    "the general variable": ({"AWS_ENDPOINT_URL": "http://127.0.0.1:7101/base/"}, ""),
    "both variables": ({"AWS_ENDPOINT_URL": "http://127.0.0.1:7101", "AWS_ENDPOINT_URL_EFS": "http://127.0.0.1:7102"}, ""),
    "services section and profile": ({}, LAB),
    "a variable over the services section": ({"AWS_ENDPOINT_URL_EC2": "http://127.0.0.1:7100"}, LAB),
    "the general variable over the services section": ({"AWS_ENDPOINT_URL": "http://127.0.0.1:7101"}, LAB),
    "ignored by variable": ({"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true", "AWS_ENDPOINT_URL": "http://127.0.0.1:7101"}, LAB),
    "ignored by profile": ({}, LAB.replace("services = lab", "services = lab\nignore_configured_endpoint_urls = true")),
    "services section that does not exist": ({"AWS_ENDPOINT_URL": None}, "[default]\nservices = nowhere\n"),
    "names with underscores": ({"AWS_ENDPOINT_URL_SERVICE_QUOTAS": "http://127.0.0.1:7103"},
                               "[default]\nservices = s\n[services s]\nservice_quotas =\n  endpoint_url = http://h\n"
                               "memorydb =\n  endpoint_url = http://127.0.0.1:7104\n"),
}


@pytest.mark.parametrize("name", OVERRIDES, ids=[name.replace(" ", "-") for name in OVERRIDES])
def test_configured_endpoints(name, make_world):
    environment, config = OVERRIDES[name]
    world = make_world(case(name, ENV | NO_OVERRIDES | environment, config=config))
    # botocore puts the account before every host, an address too, which then is no address any more.
    services = [service for service in SERVICES if service != "s3control"]
    pairs = [(service, IN_HOST.get(service)) for service in services]
    expected = {service: theirs(world, service, bucket) for service, bucket in pairs}
    assert dict(zip(services, ours(world, pairs), strict=True)) == expected


def test_a_configured_endpoint_of_s3_control_is_taken_as_it_is(make_world):
    world = make_world(case("s3control", ENV | NO_OVERRIDES | {"AWS_ENDPOINT_URL_S3_CONTROL": "http://127.0.0.1:7105"}))
    [row] = world.ours([("s3control", IN_HOST["s3control"])])["endpoints"]
    assert (row["url"], row["in_host"]) == ("http://127.0.0.1:7105", 0)


REGION_PLACES = {
    "variable": ({"AWS_DEFAULT_REGION": "eu-west-1"}, "[default]\nregion = eu-west-2\n", {}),
    "profile": ({"AWS_DEFAULT_REGION": None}, "[default]\nregion = eu-west-2\n", {}),
    "profile by option": ({"AWS_DEFAULT_REGION": None}, "[default]\nregion = a\n[profile dev]\nregion = eu-west-3\n",
                          {"profile": "dev"}),
    "profile by variable": ({"AWS_DEFAULT_REGION": None, "AWS_PROFILE": "dev"}, "[profile dev]\nregion = eu-west-3\n", {}),
    "option": ({"AWS_DEFAULT_REGION": "eu-west-1"}, "[default]\nregion = eu-west-2\n", {"region": "us-gov-west-1"}),
    "none": ({"AWS_DEFAULT_REGION": None}, "", {}),
    "another profile's": ({"AWS_DEFAULT_REGION": None}, "[profile dev]\nregion = eu-west-3\n", {}),
}


@pytest.mark.parametrize("name", REGION_PLACES, ids=[name.replace(" ", "-") for name in REGION_PLACES])
def test_region(name, make_world):
    environment, config, options = REGION_PLACES[name]
    world = make_world(case(name, ENV | environment, config=config, options=options))
    with world.botocore() as session:
        assert world.ours()["region"] == session.get_config_variable("region")


def test_a_region_of_the_newer_variable_counts_first(make_world):
    """Other SDKs and the AWS CLI read AWS_REGION, botocore does not."""
    world = make_world(case("region", ENV | {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-2"}))
    assert world.ours()["region"] == "eu-west-1"


def test_requests_are_signed_for_the_right_region(make_world):
    world = make_world(case("signing", ENV | NO_OVERRIDES | {"AWS_DEFAULT_REGION": "cn-northwest-1"}))
    rows = world.ours([("iam", None), ("sts", None)])["endpoints"]
    assert [row["signing_region"] for row in rows] == ["cn-north-1", "cn-northwest-1"]
    assert urlsplit(rows[1]["url"]).hostname == "sts.cn-northwest-1.amazonaws.com.cn"


@pytest.mark.parametrize("environment,region", [(IMDS, "ap-southeast-4"), ({}, None),
                                                (IMDS | {"AWS_REGION": "eu-west-1"}, "eu-west-1")])
def test_an_instance_knows_its_region(environment, region, make_world):
    """As with the AWS CLI; botocore itself does not ask."""
    world = make_world(case("instance", ENV | {"AWS_DEFAULT_REGION": None} | environment))
    world.options["need_region"] = True
    assert world.ours()["region"] == region
