# SPDX-License-Identifier: Apache-2.0
"""What the tests of CloudFormation share: a server whose stacks take their time, boto3 clients on it, and waiting."""

from __future__ import annotations

import json
import time

import conftest
import pytest
import yaml
from botocore.exceptions import ClientError
from conftest import ACCOUNT, REGION  # noqa: F401

PATIENCE_SECONDS = 60
BUCKET = {"Type": "AWS::S3::Bucket"}
FILE_SYSTEM = {"Type": "AWS::EFS::FileSystem"}


class LocalAws(conftest.LocalAws):
    """A running server, with what tests of stacks do all the time."""

    def __init__(self, url: str, process):
        super().__init__(url, process)
        self._clients = {}
        self.cloudformation = self.client("cloudformation")

    def client(self, service: str, region: str = REGION, **options):
        """As the base's, but the same client again for the same question: making one takes long."""
        key = (service, "us-east-1" if service == "iam" else region, *sorted(options.items()))
        if key not in self._clients:
            self._clients[key] = super().client(service, key[1], **options)
        return self._clients[key]

    def fail(self, **rule) -> None:
        self.control("POST", "fail", [rule])

    def hold(self) -> None:
        """File systems made from now on stay "creating", so their stacks stay in progress, until release()."""
        self.control("POST", "settings", {"settle": 3600})

    def release(self) -> None:
        self.control("POST", "settings", {"settle": 0})

    def create(self, name: str, template, **arguments) -> str:
        return self.cloudformation.create_stack(StackName=name, TemplateBody=body(template), **arguments)["StackId"]

    def status(self, stack: str) -> str:
        return self.cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]

    def settled(self, stack: str) -> dict:
        """The description of a stack once no operation runs on it."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            found = self.cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
            if not found["StackStatus"].endswith("_IN_PROGRESS"):
                return found
            time.sleep(0.01)
        raise AssertionError(f"{stack} is still {found['StackStatus']}")

    def created(self, name: str, template, **arguments) -> dict:
        found = self.settled(self.create(name, template, **arguments))
        assert found["StackStatus"] == "CREATE_COMPLETE", self.reasons(found["StackId"])
        return found

    def deleted(self, stack: str, **arguments) -> dict:
        self.cloudformation.delete_stack(StackName=stack, **arguments)
        return self.settled(stack)

    def events(self, stack: str) -> list[dict]:
        """All events, oldest first."""
        pages = self.cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack)
        return [event for one in pages for event in one["StackEvents"]][::-1]

    def history(self, stack: str, logical_id: str) -> list[str]:
        return [event["ResourceStatus"] for event in self.events(stack) if event["LogicalResourceId"] == logical_id]

    def reasons(self, stack: str) -> dict[str, str]:
        """Logical id -> reason of its first failure."""
        failed = [event for event in self.events(stack) if event["ResourceStatus"].endswith("_FAILED")]
        return {event["LogicalResourceId"]: event.get("ResourceStatusReason", "") for event in reversed(failed)}

    def physical(self, stack: str) -> dict[str, str]:
        found = self.cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
        return {item["LogicalResourceId"]: item.get("PhysicalResourceId", "") for item in found}


def body(template) -> str:
    return template if isinstance(template, str) else json.dumps(template)


def resources(**entries) -> dict:
    return {"Resources": entries}


def outputs(stack: dict) -> dict[str, str]:
    return {item["OutputKey"]: item["OutputValue"] for item in stack.get("Outputs", [])}


def given(**values: str) -> list[dict]:
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()]


def refused(call, code: str = "ValidationError", **arguments) -> str:
    """The message of the error that the call must give."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    assert caught.value.response["Error"]["Code"] == code, caught.value
    return caught.value.response["Error"]["Message"]


def from_yaml(text: str) -> dict:
    """Long-form YAML, for templates that are easier to read so."""
    return yaml.safe_load(text)


@pytest.fixture(scope="module")
def server(stack_server):
    """As after its start when a module begins."""
    stack_server.control("POST", "reset")
    return LocalAws(stack_server.url, stack_server.process)


@pytest.fixture
def local(server):
    """The module's server without failures and without holding; stacks of earlier tests may be there."""
    server.control("POST", "fail", [])
    server.release()
    return server


@pytest.fixture
def emptied(local):
    """The same as after its start; slower."""
    local.control("POST", "reset")
    return local
