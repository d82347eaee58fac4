# SPDX-License-Identifier: Apache-2.0
"""Both clients in the same world: the same files, the same environment, the same endpoints on 127.0.0.1."""

import json
import os
import pathlib
import subprocess
from contextlib import contextmanager
from unittest import mock

import botocore.credentials
import botocore.loaders
import botocore.session
import botocore.tokens
import pytest
from botocore.utils import JSONFileCache
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from fakes import Fakes


class EllipticCurve:
    """What botocore takes from awscrt, which is not installed here."""

    def __init__(self, key):
        self.key = key

    @classmethod
    def new_key_from_der_data(cls, der):
        return cls(serialization.load_der_private_key(der, None))

    def get_public_coords(self):
        numbers = self.key.public_key().public_numbers()
        return numbers.x.to_bytes(32), numbers.y.to_bytes(32)

    def sign(self, digest):
        return self.key.sign(digest, ec.ECDSA(Prehashed(SHA256())))

    @staticmethod
    def decode_der_signature_to_padded_pair(signature, pad_to):
        return b"".join(number.to_bytes(pad_to) for number in decode_dss_signature(signature))


ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = pathlib.Path(os.environ.get("CLOUDCTL_TOOLS", ROOT / "build/dev/tests")) / "chain_test_tool"
TIMEOUT = 60
LOADER = botocore.loaders.create_loader()  # one for all sessions: it keeps the services' models that it has read
BOTOCORE_NAMES = {"servicequotas": "service-quotas"}


@pytest.fixture(scope="session")
def fakes():
    with Fakes() as running:
        yield running


class World:
    """A home folder and an environment, from a case."""

    def __init__(self, case: dict, home: pathlib.Path, fakes: Fakes):
        self.case, self.home, self.fakes, self.url = case, home, fakes, (url := fakes.url)
        self.options = case["options"]
        for path, text in ({".aws/config": case["config"], ".aws/credentials": case["credentials"]} | case["files"]).items():
            file = home / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(self.filled(text))
            file.chmod(0o700)
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(home), "AWS_EC2_METADATA_DISABLED": "true",
                            "AWS_ENDPOINT_URL_STS": f"{url}/sts", "AWS_ENDPOINT_URL_SSO": f"{url}/sso",
                            "AWS_ENDPOINT_URL_SSO_OIDC": f"{url}/oidc", "AWS_ENDPOINT_URL_SIGNIN": f"{url}/signin", "AWS_DEFAULT_REGION": "us-west-2",
                            "AWS_S3_US_EAST_1_REGIONAL_ENDPOINT": "regional", "AWS_MAX_ATTEMPTS": "1"}
        for name, value in case["env"].items():
            self.environment.pop(name, None)
            if value is not None:
                self.environment[name] = self.filled(value)

    def filled(self, text: str) -> str:
        return text.replace("{url}", self.url).replace("{home}", str(self.home))

    def ours(self, services=()) -> dict:
        """What chain_test_tool says."""
        question = json.dumps({**self.options, "services": services})
        run = subprocess.run([str(TOOL)], input=question, capture_output=True, text=True, env=self.environment,
                             timeout=TIMEOUT, check=False)
        assert run.returncode == 0 and "Sanitizer" not in run.stderr, run.stderr
        return json.loads(run.stdout)

    @contextmanager
    def botocore(self):
        """A botocore session in this world."""
        sso = JSONFileCache(str(self.home / ".aws/sso/cache"))
        with (mock.patch.dict(os.environ, self.environment, clear=True),
              mock.patch.object(botocore.credentials.SSOProvider, "_SSO_TOKEN_CACHE_DIR", sso._working_dir),
              mock.patch.object(botocore.tokens.SSOTokenProvider, "_SSO_TOKEN_CACHE_DIR", sso._working_dir),
              mock.patch.object(botocore.credentials, "EC", EllipticCurve),
              mock.patch("getpass.getpass", lambda *_: self.options["code"]),
              mock.patch("time.sleep", lambda *_: None)):
            session = botocore.session.Session(profile=self.options.get("profile"))
            session.register_component("data_loader", LOADER)
            if "region" in self.options:
                session.set_config_variable("region", self.options["region"])
            # The prompter was bound when its class was made.
            resolver = session.get_component("credential_provider")
            for provider in resolver.providers:
                if hasattr(provider, "_prompter"):
                    provider._prompter = lambda *_: self.options["code"]
            yield session

    def asked(self) -> list:
        """(method, path) of what the fakes were asked."""
        return self.fakes.server.asked

    def their_region(self):
        with self.botocore() as session:
            return session.get_config_variable("region")

    def theirs(self) -> dict:
        """Credentials as botocore finds them; {} when it finds none or fails."""
        try:
            with self.botocore() as session:
                found = session.get_credentials()
                frozen = found.get_frozen_credentials() if found else None
        except Exception as problem:  # whatever botocore calls it: it found none
            return {"error": repr(problem)}
        if not frozen or not frozen.access_key:
            return {"error": "none"}
        return {"access_key": frozen.access_key, "secret_key": frozen.secret_key, "token": frozen.token}


@pytest.fixture
def make_world(tmp_path, fakes):
    def make(case):
        fakes.server.instance_role = case["instance_role"]
        fakes.server.asked.clear()
        return World(case, tmp_path, fakes)

    assert TOOL.exists(), f"{TOOL} is not built: cmake --preset dev && cmake --build --preset dev"
    return make
