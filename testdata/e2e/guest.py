# SPDX-License-Identifier: Apache-2.0
"""An instance that a functional verification launches, played from outside: it reads its user data, and reports."""

import base64
import json
import re
import shlex
import threading
import urllib.request

from conftest import wait_for

STEPS = ("boot", "role", "dns", "egress.s3", "egress.ecr", "egress.pypi", "s3", "efs", "ray-install", "ray-start", "ray-task")
SERVICE = ("memorydb-tls", *STEPS[:7], "ray-install", "ray-start", "serve-deploy", "http", "head-kill", "head-restart",
           "http-again", "cleanup")
LIVE = ["pending", "running", "shutting-down", "stopping", "stopped"]


def instances(local_aws, states=LIVE):
    """Those that a functional verification has launched."""
    found = local_aws.client("ec2").describe_instances(
        Filters=[{"Name": "tag-key", "Values": ["cloudctl-run"]}, {"Name": "instance-state-name", "Values": states}])
    return [instance for reservation in found["Reservations"] for instance in reservation["Instances"]]


def written(local_aws):
    """What is in the buckets below cloudctl/functional/."""
    s3 = local_aws.client("s3")
    return [row["Key"] for bucket in s3.list_buckets()["Buckets"]
            for row in s3.list_objects_v2(Bucket=bucket["Name"], Prefix="cloudctl/functional/").get("Contents", [])]


def versions(local_aws):
    """The same, with what was deleted or written over, which a bucket with versions keeps, and delete markers."""
    s3 = local_aws.client("s3")
    found = [s3.list_object_versions(Bucket=bucket["Name"], Prefix="cloudctl/functional/") for bucket in s3.list_buckets()["Buckets"]]
    return [row["Key"] for page in found for kind in ("Versions", "DeleteMarkers") for row in page.get(kind, [])]


class Guest:
    """script: a list of (id, state, detail); None: ends without a word."""

    def __init__(self, local_aws, script, run=None):
        self.local_aws, self.script, self.run, self.failure = local_aws, script, run, None
        self.user_data, self.values, self.steps = "", {}, []
        self.thread = threading.Thread(target=self._live)
        self.thread.start()

    def _live(self):
        try:
            [self.instance] = wait_for(lambda: instances(self.local_aws, ["running"]), 60)
            self._boot()
        except Exception as error:  # told by join(), in the test's own thread
            self.failure = error

    def _boot(self):
        ec2 = self.local_aws.client("ec2")
        found = ec2.describe_instance_attribute(InstanceId=self.instance["InstanceId"], Attribute="userData")
        self.user_data = base64.b64decode(found["UserData"]["Value"]).decode()
        self.values = {name: "".join(shlex.split(value))
                       for name, value in re.findall(r"^([A-Z_]+)=(.*)$", self.user_data, re.MULTILINE)}
        volumes = [row["Ebs"]["VolumeId"] for row in self.instance["BlockDeviceMappings"]]
        [self.volume] = ec2.describe_volumes(VolumeIds=volumes)["Volumes"]
        if self.script is None:
            ec2.terminate_instances(InstanceIds=[self.instance["InstanceId"]])
            return
        for step in self.script:
            self.say(*step)

    def say(self, name, state="ok", detail="fine"):
        self.steps.append({"id": name, "state": state, "at": len(self.steps), "detail": detail})
        report = {"run": self.run or self.values["RUN"], "steps": self.steps}
        urllib.request.urlopen(urllib.request.Request(
            self.values["REPORT"], data=json.dumps(report).encode(), method="PUT",
            headers={"Content-Type": "application/json"}), timeout=10).close()

    def join(self):
        self.thread.join(timeout=60)
        assert not self.thread.is_alive()
        if self.failure:
            raise self.failure
        return self


def all_well(steps=STEPS):
    return [(name, "ok", "fine") for name in (*steps, "end")]
