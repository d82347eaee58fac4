# SPDX-License-Identifier: Apache-2.0
"""What a session resolves to, side by side with botocore: the same access key, secret and token, or none; the same region;
the same endpoint URLs."""

import importlib.util
import json
import stat
from datetime import UTC, datetime, timedelta

import pytest
import test_endpoints
from conftest import ROOT
from cases import (BASE, CREDENTIALS, DEV, ENV, LOGIN, OVER, REFRESH, ROLE, SESSION, case, login_file, login_path,
                   sso_file)


ASKED = [("sts", None), ("ec2", None), ("iam", None), ("s3", "my-bucket")]


def somewhere(row):
    """The case in one of many regions; in every fourth none is configured, except for roles: botocore's STS wants one."""
    number = CREDENTIALS.index(row)
    region = None if number % 4 == 3 and "role_arn" not in row["config"] else test_endpoints.REGIONS[number % len(test_endpoints.REGIONS)]
    return row | {"env": {"AWS_DEFAULT_REGION": region} | row["env"]}


@pytest.mark.parametrize("row", CREDENTIALS, ids=[row["name"].replace(" ", "-") for row in CREDENTIALS])
def test_chain(row, make_world):
    world = make_world(somewhere(row))
    theirs = world.theirs()  # first: a refreshed token changes the file
    for path, text in row["files"].items():
        (world.home / path).write_text(world.filled(text))
    ours = world.ours()
    assert ("error" in theirs) == row["fails"], theirs
    assert ("error" in ours) == row["fails"], ours
    if row["fails"]:
        return
    assert {name: ours[name] for name in ("access_key", "secret_key", "token")} == theirs
    assert ours["region"] == world.their_region()
    # Without a region botocore asks STS and S3 in us-east-1; cloudctl wants to be told.
    asked = ASKED if ours["region"] else [("ec2", None), ("iam", None)]
    assert test_endpoints.ours(world, asked) == [test_endpoints.theirs(world, *pair) for pair in asked]


def test_there_are_enough_and_each_once():
    assert len({row["name"] for row in CREDENTIALS}) == len(CREDENTIALS)
    assert sum(not row["fails"] for row in CREDENTIALS) >= 60


MFA = case("mfa", config=ROLE + "source_profile = base\nmfa_serial = arn:aws:iam::123456789012:mfa/amy\n" + BASE,
           options=DEV | {"code": "123456"})


def test_a_role_is_assumed_once_and_kept_for_its_owner_alone(make_world, fakes):
    world = make_world(MFA)
    first = world.ours()
    world.options["code"] = ""
    again = world.ours()
    assert again["access_key"] == first["access_key"]
    assert [path for _, path in fakes.server.asked] == ["/sts/"]
    folder = world.home / ".cache/cloudctl/credentials"
    [kept] = folder.iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert json.loads(kept.read_text())["AccessKeyId"] == first["access_key"]


def test_another_source_is_another_role_session(make_world):
    world = make_world(case("keys", config=ROLE + "source_profile = base\n" + BASE, options=DEV))
    first = world.ours()["access_key"]
    config = world.home / ".aws/config"
    config.write_text(config.read_text().replace("BASE", "OTHER"))
    assert world.ours()["access_key"] != first


def test_a_broken_cache_is_no_obstacle(make_world):
    world = make_world(case("keys", config=ROLE + "source_profile = base\n" + BASE, options=DEV))
    first = world.ours()["access_key"]
    [kept] = (world.home / ".cache/cloudctl/credentials").iterdir()
    kept.write_text("{")
    assert world.ours()["access_key"] == first


def test_a_renewed_token_is_written_back(make_world):
    world = make_world(case("sso", config=SESSION, options=DEV, files=sso_file("corp", **OVER, **REFRESH)))
    assert "access_key" in world.ours()
    [path] = (world.home / ".aws/sso/cache").iterdir()
    token = json.loads(path.read_text())
    assert token["accessToken"] == "renewed-again"
    assert token["refreshToken"] == "next"
    assert token["clientSecret"] == REFRESH["clientSecret"]
    assert token["expiresAt"] > OVER["expiresAt"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def contract():
    """The judge of requests of testdata/wire."""
    spec = importlib.util.spec_from_file_location("wire_contract", ROOT / "testdata/wire/contract.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ASKING = {"role with external id and session name": 1, "role with MFA": 1, "chain of roles": 2, "web identity from the profile": 1,
          "SSO, legacy": 1, "SSO session renewed": 2, "aws login, renewed": 1}


@pytest.mark.parametrize("name", ASKING, ids=[name.replace(" ", "-") for name in ASKING])
def test_what_is_asked_is_what_the_service_models_allow(name, make_world, fakes):
    world = make_world(next(row for row in CREDENTIALS if row["name"] == name))
    fakes.server.sent.clear()
    assert "access_key" in world.ours()
    assert len(fakes.server.sent) == ASKING[name]
    for request in fakes.server.sent:
        request.target = "/" + request.target.split("/", 2)[2]  # without the fakes' own prefix
        assert list(contract().violations(request)) == []


def in_minutes(minutes):
    return (datetime.now(UTC) + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_renewed_login_is_written_back(make_world):
    """As the AWS CLI would: the new refresh token is the only one that counts."""
    world = make_world(case("login", config=LOGIN, options=DEV, files=login_file("arn:x", **OVER)))
    found = world.ours()
    path = world.home / login_path("arn:x")
    kept = json.loads(path.read_text())
    assert kept["refreshToken"] == "r2" and kept["clientId"] == "c" and "dpopKey" in kept
    assert kept["accessToken"]["accessKeyId"] == found["access_key"] and kept["accessToken"]["accountId"] == "123456789012"
    assert in_minutes(10) < kept["accessToken"]["expiresAt"] < in_minutes(20)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    world.ours()
    assert [path for _, path in world.asked()] == ["/signin/v1/token"]


@pytest.mark.parametrize("minutes,refresh,renewed", [(4, "r", True), (6, "r", False), (4, "used", False)])
def test_a_login_is_renewed_before_its_end(make_world, minutes, refresh, renewed):
    """And used to its end where it cannot be renewed."""
    world = make_world(case("login", config=LOGIN, options=DEV,
                            files=login_file("arn:x", refresh=refresh, expiresAt=in_minutes(minutes))))
    assert (world.ours()["access_key"] != "LOGINKEY") == renewed


MESSAGES = [
    (case("none"), ["environment (AWS_ACCESS_KEY_ID is not set)", "AWS_WEB_IDENTITY_TOKEN_FILE is not set",
                    "profile 'default'", "AWS_CONTAINER_CREDENTIALS_FULL_URI is not set",
                    "AWS_EC2_METADATA_DISABLED is true", "aws configure"]),
    (case("sso", config=SESSION, options=DEV), ["run `aws sso login --profile dev`"]),
    (case("sso over", config=SESSION, options=DEV, files=sso_file("corp", **OVER)), ["has expired", "aws sso login"]),
    (case("login", config=LOGIN, options=DEV), ["not logged in with `aws login`", "run `aws login --profile dev`"]),
    (case("login over", config=LOGIN, options=DEV, files=login_file("arn:x", refresh="used", **OVER)),
     ["has expired", "run `aws login --profile dev`"]),
    (case("login key", config=LOGIN, options=DEV, files=login_file("arn:x", key="k", **OVER)),
     ["renewing the session of `aws login` (profile 'dev')", "is not a P-256 private key"]),
    (case("role", config="[profile dev]\nrole_arn = arn:aws:iam::1:role/denied\nsource_profile = base\n" + BASE,
          options=DEV), ["assuming role arn:aws:iam::1:role/denied", "AccessDenied", "sts:AssumeRole"]),
    (case("imds", {"AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:1"}),
     ["instance metadata (could not connect", "HttpPutResponseHopLimit"]),
    (case("process", config="[profile dev]\ncredential_process = {home}/creds\n", options=DEV,
          files={"creds": "#!/bin/sh\necho no luck today >&2\nexit 7\n"}), ["it ended with 7: no luck today"]),
    (case("source without", config=ROLE + "source_profile = base\n[profile base]\nregion = us-west-2\n", options=DEV),
     ["profile 'base', source of profile 'dev', has no credentials: profile 'base' in ", "(no keys, role_arn, "]),
    (case("no such profile", options={"profile": "none"}), ["profiles there: none; `aws configure --profile none` creates it"]),
    (case("half", ENV | {"AWS_SECRET_ACCESS_KEY": ""}), ["the environment has the access key but not the secret key"]),
]


@pytest.mark.parametrize("row,words", MESSAGES, ids=[row["name"] for row, _ in MESSAGES])
def test_what_is_said_when_there_are_none(row, words, make_world):
    error = make_world(row).ours()["error"]
    assert [word for word in words if word not in error] == [], error


def test_what_was_tried_is_said_in_its_order(make_world):
    """From what was done to what to do, though it is longer than one frame of an error."""
    error = make_world(case("none")).ours()["error"]
    words = ["looked at environment (", "web identity (", "profile 'default' (not in ", "container (", "instance metadata (",
             ": no AWS credentials found; run `aws configure`"]
    places = [error.find(word) for word in words]
    assert places == sorted(places) and -1 not in places, error
