# SPDX-License-Identifier: Apache-2.0
"""Which credentials a session finds, side by side with botocore: the same access key, secret and token, or none."""

import json
import stat

import pytest
from cases import BASE, CREDENTIALS, DEV, ENV, ROLE, SESSION, case, sso_file, REFRESH, OVER


@pytest.mark.parametrize("row", CREDENTIALS, ids=[row["name"].replace(" ", "-") for row in CREDENTIALS])
def test_credentials(row, make_world):
    world = make_world(row)
    theirs = world.theirs()  # first: a refreshed token changes the file
    for path, text in row["files"].items():
        (world.home / path).write_text(world.filled(text))
    ours = world.ours()
    assert ("error" in theirs) == row["fails"], theirs
    assert ("error" in ours) == row["fails"], ours
    if not row["fails"]:
        assert {name: ours[name] for name in ("access_key", "secret_key", "token")} == theirs


def test_there_are_enough_and_each_once():
    assert len({row["name"] for row in CREDENTIALS}) == len(CREDENTIALS) >= 60


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


MESSAGES = [
    (case("none"), ["environment (AWS_ACCESS_KEY_ID is not set)", "AWS_WEB_IDENTITY_TOKEN_FILE is not set",
                    "profile 'default'", "AWS_CONTAINER_CREDENTIALS_FULL_URI is not set",
                    "AWS_EC2_METADATA_DISABLED is true", "aws configure"]),
    (case("sso", config=SESSION, options=DEV), ["run `aws sso login --profile dev`"]),
    (case("sso over", config=SESSION, options=DEV, files=sso_file("corp", **OVER)), ["has expired", "aws sso login"]),
    (case("role", config="[profile dev]\nrole_arn = arn:aws:iam::1:role/denied\nsource_profile = base\n" + BASE,
          options=DEV), ["assuming role arn:aws:iam::1:role/denied", "AccessDenied", "sts:AssumeRole"]),
    (case("imds", {"AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:1"}),
     ["instance metadata (could not connect", "HttpPutResponseHopLimit"]),
    (case("process", config="[profile dev]\ncredential_process = {home}/creds\n", options=DEV,
          files={"creds": "#!/bin/sh\necho no luck today >&2\nexit 7\n"}), ["it ended with 7: no luck today"]),
    (case("half", ENV | {"AWS_SECRET_ACCESS_KEY": ""}), ["the environment has the access key but not the secret key"]),
]


@pytest.mark.parametrize("row,words", MESSAGES, ids=[row["name"] for row, _ in MESSAGES])
def test_what_is_said_when_there_are_none(row, words, make_world):
    error = make_world(row).ours()["error"]
    assert [word for word in words if word not in error] == [], error
