# SPDX-License-Identifier: Apache-2.0
"""The combinations of environment, files and endpoints of test_chain.py. Data only.

A case: name, environment, config, credentials (INI), options (profile, region, endpoint_url, code), files (below the
home folder, "{url}" is the fakes' address), fails (both must find no credentials). "{url}" and "{home}" are replaced
in every text.
"""

import hashlib
import json

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


def keys(name: str, token: str = "") -> str:
    more = f"aws_session_token = {token}\n" if token else ""
    return f"aws_access_key_id = {name}\naws_secret_access_key = secret-{name}\n{more}"


def case(name, env=None, config="", credentials="", options=None, files=None, fails=False, role=True):
    return {"name": name, "env": env or {}, "config": config, "credentials": credentials, "options": options or {},
            "files": files or {}, "fails": fails, "instance_role": role}


ENV = {"AWS_ACCESS_KEY_ID": "ENVKEY", "AWS_SECRET_ACCESS_KEY": "secret-env"}
DEV = {"profile": "dev"}
BASE = "[profile base]\n" + keys("BASE")
ROLE = "[profile dev]\nrole_arn = arn:aws:iam::123456789012:role/r\n"
IMDS = {"AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": "{url}/imds"}
CONTAINER = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "{url}/container/a"}
WEB = {"AWS_WEB_IDENTITY_TOKEN_FILE": "{home}/jwt", "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/web"}
JWT = {"jwt": "eyJ.header.signature"}
SSO_KEYS = "sso_account_id = 123456789012\nsso_role_name = Admin\n"
LEGACY = "[profile dev]\nsso_start_url = https://corp.example.com/start\nsso_region = us-east-1\n" + SSO_KEYS
SESSION = ("[profile dev]\nsso_session = corp\n" + SSO_KEYS +
           "[sso-session corp]\nsso_start_url = https://corp.example.com/start\nsso_region = us-east-1\n"
           "sso_registration_scopes = sso:account:access\n")


def sso_file(key: str, **members) -> dict:
    path = f".aws/sso/cache/{hashlib.sha1(key.encode()).hexdigest()}.json"
    token = {"startUrl": "https://corp.example.com/start", "region": "us-east-1", "accessToken": "bearer",
             "expiresAt": "2098-01-02T03:04:05Z"} | members
    return {path: json.dumps({name: value for name, value in token.items() if value is not None})}


REFRESH = {"clientId": "c", "clientSecret": "s", "refreshToken": "again", "registrationExpiresAt": "2098-01-02T03:04:05Z"}
OVER = {"expiresAt": "2020-01-02T03:04:05Z"}


DPOP_KEY = ec.generate_private_key(ec.SECP256R1()).private_bytes(
    Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode().rstrip()


def login_path(session: str) -> str:
    return f".aws/login/cache/{hashlib.sha256(session.encode()).hexdigest()}.json"


def login_file(session: str, key: str = DPOP_KEY, refresh: str = "r", **members) -> dict:
    access = {"accessKeyId": "LOGINKEY", "secretAccessKey": "s", "sessionToken": "t", "accountId": "123456789012",
              "expiresAt": "2098-01-02T03:04:05Z"} | members
    return {login_path(session): json.dumps({"accessToken": access, "refreshToken": refresh, "dpopKey": key,
                                             "clientId": "c", "tokenType": "urn:aws:params:oauth:token-type:access_token_sigv4"})}


LOGIN = "[profile dev]\nlogin_session = arn:x\n"


def program(output: str, code: int = 0) -> dict:
    return {"creds": f"#!/bin/sh\nprintf '%s' '{output}'\necho \"$@\" >&2\nexit {code}\n"}


def process_json(key: str = "PROCKEY", **members) -> str:
    return json.dumps({"Version": 1, "AccessKeyId": key, "SecretAccessKey": "s"} | members)


KEYS = [
    case("nothing at all", fails=True),
    case("environment", ENV),
    case("environment with token", ENV | {"AWS_SESSION_TOKEN": "t"}),
    case("environment over files", ENV, credentials="[default]\n" + keys("FILE")),
    case("environment over AWS_PROFILE", ENV | {"AWS_PROFILE": "dev"}, credentials="[dev]\n" + keys("FILE")),
    case("a profile by option over the environment", ENV, credentials="[dev]\n" + keys("FILE"), options=DEV),
    case("a profile by option without keys", ENV, config="[profile dev]\nregion = eu-west-1\n", options=DEV, fails=True),
    case("half a pair in the environment", {"AWS_ACCESS_KEY_ID": "X"}, credentials="[default]\n" + keys("FILE"), fails=True),
    case("a secret key alone in the environment is none", {"AWS_SECRET_ACCESS_KEY": "s"}, credentials="[default]\n" + keys("FILE")),
    case("a secret key alone in the file is none", config="[default]\n" + keys("CONFIG"),
         credentials="[default]\naws_secret_access_key = s\n"),
    case("empty variables are none", {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
         credentials="[default]\n" + keys("FILE")),
    case("credentials that end later", ENV | {"AWS_CREDENTIAL_EXPIRATION": "2098-01-02T03:04:05Z"}),
    case("credentials that have ended", ENV | {"AWS_CREDENTIAL_EXPIRATION": "2020-01-02T03:04:05Z"}, fails=True),
    case("credentials file", credentials="[default]\n" + keys("FILE", "t")),
    case("credentials file over config file", config="[default]\n" + keys("CONFIG"), credentials="[default]\n" + keys("FILE")),
    case("config file", config="[default]\n" + keys("CONFIG")),
    case("AWS_PROFILE", {"AWS_PROFILE": "dev"}, credentials="[default]\n" + keys("A") + "[dev]\n" + keys("B")),
    case("AWS_DEFAULT_PROFILE", {"AWS_DEFAULT_PROFILE": "dev"}, credentials="[dev]\n" + keys("B")),
    case("quoted profile name", {"AWS_PROFILE": "my dev"}, config="[profile \"my dev\"]\n" + keys("Q")),
    case("token's old name", credentials="[default]\n" + keys("FILE") + "aws_security_token = old\n"),
    case("half a pair in the file", credentials="[default]\naws_access_key_id = X\n", fails=True),
    case("a profile that does not exist", options={"profile": "none"}, credentials="[default]\n" + keys("A"), fails=True),
    case("comments and blanks", credentials="# c\n\n[default]\n; c\naws_access_key_id=K1\naws_secret_access_key  =  s \n"),
]

ROLES = [
    case("role of a source profile", config=ROLE + "source_profile = base\n" + BASE, options=DEV),
    case("role, by AWS_PROFILE", {"AWS_PROFILE": "dev"}, config=ROLE + "source_profile = base\n" + BASE),
    case("keys in the environment over AWS_PROFILE's role", ENV | {"AWS_PROFILE": "dev"},
         config=ROLE + "source_profile = base\n" + BASE),
    case("role with external id and session name", options=DEV,
         config=ROLE + "source_profile = base\nexternal_id = e-1\nrole_session_name = amy@corp\n" + BASE),
    case("role with a duration", config=ROLE + "source_profile = base\nduration_seconds = 3600\n" + BASE, options=DEV),
    case("role with MFA", config=ROLE + "source_profile = base\nmfa_serial = arn:aws:iam::123456789012:mfa/amy\n" + BASE,
         options=DEV | {"code": "123456"}),
    case("source in the credentials file", config=ROLE + "source_profile = base\n",
         credentials="[base]\n" + keys("FILEBASE", "t"), options=DEV),
    case("chain of roles", options=DEV, config=ROLE + "source_profile = middle\n" + BASE +
         "[profile middle]\nrole_arn = arn:aws:iam::123456789012:role/middle\nsource_profile = base\n"),
    case("source with keys and a role", options=DEV, config=ROLE + "source_profile = middle\n[profile middle]\n" +
         keys("MIDDLE") + "role_arn = arn:aws:iam::123456789012:role/middle\nsource_profile = base\n" + BASE),
    case("profile that is its own source", config=ROLE + "source_profile = dev\n" + keys("OWN"), options=DEV),
    case("loop", options=DEV, fails=True, config=ROLE + "source_profile = middle\n"
         "[profile middle]\nrole_arn = arn:aws:iam::123456789012:role/middle\nsource_profile = dev\n"),
    case("itself without keys", config=ROLE + "source_profile = dev\n", options=DEV, fails=True),
    case("source that does not exist", config=ROLE + "source_profile = nowhere\n", options=DEV, fails=True),
    case("no source", config=ROLE, options=DEV, fails=True),
    case("two sources", config=ROLE + "source_profile = base\ncredential_source = Environment\n" + BASE, options=DEV,
         fails=True),
    case("source Environment", ENV, config=ROLE + "credential_source = Environment\n", options=DEV),
    case("source Environment without keys", config=ROLE + "credential_source = Environment\n", options=DEV, fails=True),
    case("source EcsContainer", CONTAINER, config=ROLE + "credential_source = EcsContainer\n", options=DEV),
    case("source Ec2InstanceMetadata", IMDS, config=ROLE + "credential_source = Ec2InstanceMetadata\n", options=DEV),
    case("source that is no word", config=ROLE + "credential_source = Moon\n", options=DEV, fails=True),
    case("role refused", options=DEV, fails=True,
         config="[profile dev]\nrole_arn = arn:aws:iam::1:role/denied\nsource_profile = base\n" + BASE),
    case("role of a program's keys", options=DEV, files=program(process_json("PROCBASE")),
         config=ROLE + "source_profile = base\n[profile base]\ncredential_process = {home}/creds\n"),
    case("role of an SSO profile", options=DEV, files=sso_file("https://corp.example.com/start"),
         config=ROLE + "source_profile = base\n" + LEGACY.replace("profile dev", "profile base")),
    case("web identity from the environment", WEB, files=JWT),
    case("web identity with session name", WEB | {"AWS_ROLE_SESSION_NAME": "pod-1"}, files=JWT),
    case("web identity from the profile", options=DEV, files=JWT,
         config=ROLE + "web_identity_token_file = {home}/jwt\nrole_session_name = pod\n"),
    case("web identity's variables with a profile by option", WEB, files=JWT, options=DEV, config="[profile dev]\n" + keys("K")),
    case("web identity over keys in files", WEB, files=JWT, credentials="[default]\n" + keys("FILE")),
    case("web identity without role", {"AWS_WEB_IDENTITY_TOKEN_FILE": "{home}/jwt"}, files=JWT, fails=True),
    case("web identity without file", WEB, fails=True),
    case("role of a web identity", options=DEV, files=JWT, config=ROLE + "source_profile = base\n[profile base]\n"
         "role_arn = arn:aws:iam::123456789012:role/base\nweb_identity_token_file = {home}/jwt\n"),
]

OTHERS = [
    case("SSO, legacy", config=LEGACY, options=DEV, files=sso_file("https://corp.example.com/start")),
    case("SSO session", config=SESSION, options=DEV, files=sso_file("corp")),
    case("SSO session renewed", config=SESSION, options=DEV, files=sso_file("corp", **OVER, **REFRESH)),
    case("SSO session that cannot be renewed", config=SESSION, options=DEV, files=sso_file("corp", **OVER), fails=True),
    case("SSO refresh refused", config=SESSION, options=DEV, fails=True,
         files=sso_file("corp", **OVER, **(REFRESH | {"refreshToken": "used"}))),
    case("SSO, legacy, over", config=LEGACY, options=DEV, fails=True, files=sso_file("https://corp.example.com/start", **OVER)),
    case("SSO without login", config=SESSION, options=DEV, fails=True),
    case("SSO login revoked", config=SESSION, options=DEV, fails=True, files=sso_file("corp", accessToken="revoked")),
    case("SSO without role", config=SESSION.replace("sso_role_name = Admin\n", ""), options=DEV, files=sso_file("corp"),
         fails=True),
    case("SSO session that does not exist", options=DEV, fails=True,
         config="[profile dev]\nsso_session = nowhere\n" + SSO_KEYS, files=sso_file("nowhere")),
    case("SSO profile and session disagree", options=DEV, fails=True, files=sso_file("corp"),
         config=SESSION.replace("sso_session = corp\n", "sso_session = corp\nsso_region = eu-west-1\n")),
    case("SSO over keys in files", config=SESSION, credentials="[dev]\n" + keys("FILE"), options=DEV, files=sso_file("corp")),
    case("aws login", config=LOGIN, options=DEV, files=login_file("arn:x")),
    case("aws login after keys", config=LOGIN, credentials="[dev]\n" + keys("FILE"),
         options=DEV, files=login_file("arn:x")),
    case("aws login, renewed", config=LOGIN, options=DEV, files=login_file("arn:x", **OVER)),
    case("aws login, renewed with the region it was made in", config=LOGIN, options=DEV,
         files={path: json.dumps(json.loads(text) | {"signInRegion": "eu-west-1"})
                for path, text in login_file("arn:x", **OVER).items()}),
    case("aws login, refresh refused", config=LOGIN, options=DEV, files=login_file("arn:x", refresh="used", **OVER), fails=True),
    case("aws login with a broken key", config=LOGIN, options=DEV, files=login_file("arn:x", key="k", **OVER), fails=True),
    case("aws login in a folder of its own", {"AWS_LOGIN_CACHE_DIRECTORY": "{home}/logins"}, config=LOGIN, options=DEV,
         files={path.replace(".aws/login/cache", "logins"): text for path, text in login_file("arn:x").items()}),
    case("role of a login", options=DEV, files=login_file("arn:x"),
         config=ROLE + "source_profile = base\n[profile base]\nlogin_session = arn:x\n"),
    case("aws login, never", config=LOGIN, options=DEV, fails=True),
    case("program", config="[profile dev]\ncredential_process = {home}/creds\n", options=DEV, files=program(process_json())),
    case("program with words", config="[profile dev]\ncredential_process = \"{home}/creds\" 'a b' c\\ d \"e\\\"f\"\n",
         options=DEV, files=program(process_json("P2", SessionToken="t", Expiration="2098-01-02T03:04:05Z"))),
    case("program fails", config="[profile dev]\ncredential_process = {home}/creds\n", options=DEV,
         files=program(process_json(), 3), fails=True),
    case("program without version", config="[profile dev]\ncredential_process = {home}/creds\n", options=DEV,
         files=program(process_json(Version=2)), fails=True),
    case("program writes nonsense", config="[profile dev]\ncredential_process = {home}/creds\n", options=DEV,
         files=program("hello"), fails=True),
    case("program that is not there", config="[profile dev]\ncredential_process = /nowhere/creds\n", options=DEV, fails=True),
    case("program after keys", config="[profile dev]\ncredential_process = {home}/creds\n", options=DEV,
         credentials="[dev]\n" + keys("FILE"), files=program(process_json())),
    case("program before keys of the config file", options=DEV, files=program(process_json()),
         config="[profile dev]\ncredential_process = {home}/creds\n" + keys("CONFIG")),
    case("container", CONTAINER),
    case("container with token", CONTAINER | {"AWS_CONTAINER_AUTHORIZATION_TOKEN": "Basic abc"}),
    case("container with token file", CONTAINER | {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "{home}/auth",
                                                   "AWS_CONTAINER_AUTHORIZATION_TOKEN": "other"}, files={"auth": "from-file"}),
    case("container elsewhere", {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://192.0.2.1/creds"}, fails=True),
    case("container answers half", {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "{url}/container/broken"}, fails=True),
    case("container after files", CONTAINER, credentials="[default]\n" + keys("FILE")),
    case("container before instance", CONTAINER | IMDS),
    case("instance", IMDS),
    case("instance by the profile's endpoint", {"AWS_EC2_METADATA_DISABLED": "false"},
         config="[default]\nec2_metadata_service_endpoint = {url}/imds\n"),
    case("instance without role", IMDS, fails=True, role=False),
    case("instance, disabled", IMDS | {"AWS_EC2_METADATA_DISABLED": "true"}, fails=True),
    case("instance after files", IMDS, config="[default]\n" + keys("CONFIG")),
]

LAB = ("services = lab\n[services lab]\nec2 =\n  endpoint_url = {url}/lab/ec2\ns3 =\n  endpoint_url = {url}/lab/s3/\n"
       "sts =\n  endpoint_url = {url}/sts\n")
WITH_ENDPOINTS = [
    case("role of an emulator's profile", {"AWS_ENDPOINT_URL_STS": None}, options=DEV,
         config=ROLE + "source_profile = base\n" + LAB + BASE),
    case("role and an emulator for everything", {"AWS_ENDPOINT_URL": "{url}/sts", "AWS_ENDPOINT_URL_STS": None}, options=DEV,
         config=ROLE + "source_profile = base\n" + BASE),
    case("keys, and a profile's endpoint", ENV, config="[default]\nendpoint_url = http://localhost:9000/base\n"),
    case("keys, and endpoints that are ignored", ENV | {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"},
         config="[default]\n" + LAB),
    case("keys, and FIPS hosts", ENV | {"AWS_USE_FIPS_ENDPOINT": "true", "AWS_ENDPOINT_URL_STS": None,
                                       "AWS_DEFAULT_REGION": "us-gov-west-1"}),
    case("keys, and dual-stack hosts by the profile", ENV | {"AWS_ENDPOINT_URL_STS": None},
         config="[default]\nuse_dualstack_endpoint = true\n"),
    case("a region of the profile for its role", {"AWS_DEFAULT_REGION": None}, options=DEV,
         config=ROLE + "source_profile = base\nregion = eu-central-1\n" + BASE + "region = eu-west-1\n"),
]

CREDENTIALS = KEYS + ROLES + OTHERS + WITH_ENDPOINTS
