# SPDX-License-Identifier: Apache-2.0
"""The local AWS and the program, for tests that look at what is said on the wire."""

import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("CLOUDCTL", ROOT / "build/dev/cloudctl"))
KEYS = ("AKIALOCALAWS00000001", "local-aws-secret-not-for-production-use")
REGION = "us-west-2"
TIMEOUT = 120


@pytest.fixture(scope="session")
def aws_url():
    command = [str(ROOT / "testdata/local-aws/serve"), "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.wait(timeout=10)
        process.stdout.close()


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    """run(url, *words): the program to its end, which must be one of codes. Its home is one for all runs."""
    home = tmp_path_factory.mktemp("home")
    assert BINARY.exists(), f"{BINARY} is not built: cmake --preset dev && cmake --build --preset dev"

    def start(url, *words, codes=(0,)):
        environment = {"PATH": os.environ["PATH"], "HOME": str(home), "AWS_ENDPOINT_URL": url,
                       "AWS_ACCESS_KEY_ID": KEYS[0], "AWS_SECRET_ACCESS_KEY": KEYS[1],
                       "AWS_EC2_METADATA_DISABLED": "true"}
        done = subprocess.run([str(BINARY), *words], env=environment, capture_output=True, text=True, timeout=TIMEOUT,
                              stdin=subprocess.DEVNULL, check=False)
        assert done.returncode in codes and "Sanitizer" not in done.stderr, f"{words}: {done.stdout}{done.stderr}"
        return done

    start.home = home
    return start
