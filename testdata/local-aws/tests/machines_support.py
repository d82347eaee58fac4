# SPDX-License-Identifier: Apache-2.0
"""What the tests of machines share: launching them, and waiting for what they do."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from local_aws.machines import namespaces  # noqa: E402

needs_machines = pytest.mark.skipif(bool(namespaces.hindrance()), reason=namespaces.hindrance())
_LIMIT = 20.0  # seconds; each of these things takes less than one


def eventually(look, wanted=bool):
    """What look() gives once wanted() of it holds. Nothing tells a client of AWS that a state has changed."""
    end = time.monotonic() + _LIMIT
    while not wanted(found := look()):
        assert time.monotonic() < end, found
        time.sleep(0.02)
    return found


class Machines:
    """Instances in one subnet of a server."""

    image = "ami-12c6146b"  # one of moto's

    def __init__(self, server, subnet: str):
        self.server, self.ec2, self.subnet = server, server.client("ec2"), subnet

    def launch(self, script: str | bytes, **more) -> dict:
        more = {"SubnetId": self.subnet} | more
        return self.ec2.run_instances(ImageId=self.image, InstanceType="m5.xlarge", MinCount=1, MaxCount=1,
                                      UserData=script, **more)["Instances"][0]

    def describe(self, made: dict) -> dict:
        found = self.ec2.describe_instances(InstanceIds=[made["InstanceId"]])
        return found["Reservations"][0]["Instances"][0]

    def state(self, made: dict, wanted: str) -> str:
        return eventually(lambda: self.describe(made)["State"]["Name"], lambda name: name == wanted)

    def console(self, made: dict) -> str:
        return self.ec2.get_console_output(InstanceId=made["InstanceId"], Latest=True).get("Output", "")

    def says(self, made: dict, text: str) -> str:
        """The console once it has that text."""
        return eventually(lambda: self.console(made), lambda console: text in console)

    def left(self, made: dict) -> dict:
        return self.server.control("GET", "machines")["machines"][made["InstanceId"]]


@pytest.fixture
def machines(local_aws, subnet):
    return Machines(local_aws, subnet)
