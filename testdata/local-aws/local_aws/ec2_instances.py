# SPDX-License-Identifier: Apache-2.0
"""Instances: what moto leaves out of their descriptions, and does not do at their end."""

from __future__ import annotations

import re

from moto.ec2.models import ec2_backends

from .layer import Layer
from .message import Request, Response


class Ec2Instances(Layer):
    service = "ec2"
    actions = {"DescribeInstances": "describe_instances", "TerminateInstances": "terminate_instances"}

    def describe_instances(self, request: Request) -> Response:
        """With the CPU options, which moto leaves out."""
        reply = self.moto(request)
        types = ec2_backends[request.account][request.region].describe_instance_types()
        threads = {row["InstanceType"]: row["VCpuInfo"] for row in types}
        reply.body = re.sub(rb"<instanceType>([^<]+)</instanceType>", lambda found: found[0] + _cpu_options(
            threads.get(found[1].decode())), reply.body)
        return reply

    def terminate_instances(self, request: Request) -> Response:
        """The interface that a launch made goes with its instance, which moto does only when it was asked to."""
        backend = ec2_backends[request.account][request.region]
        launched = [item for key, item in request.parameters.items() if key.startswith("InstanceId.")]
        for interface in backend.enis.values():
            if interface.instance and interface.instance.id in launched and interface.device_index == 0:
                interface.delete_on_termination = True
        return self.moto(request)


def _cpu_options(information: dict | None) -> bytes:
    if information is None:
        return b""
    threads = information.get("DefaultThreadsPerCore", 1)
    cores = information.get("DefaultCores", information["DefaultVCpus"] // threads)
    return f"<cpuOptions><coreCount>{cores}</coreCount><threadsPerCore>{threads}</threadsPerCore></cpuOptions>".encode()
