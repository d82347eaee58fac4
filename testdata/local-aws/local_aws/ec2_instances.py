# SPDX-License-Identifier: Apache-2.0
"""Instances: those whose user data is a script become machines, where this computer allows it; all others are rows.

A machine is powered off when its instance is stopped or terminated, and an instance ends as it was told when its machine
shuts itself down. A machine's disk lives as long as the machine: an instance that is started again has none.
"""

from __future__ import annotations

import base64
import re
import zlib

from moto.ec2.models import ec2_backends
from moto.ec2.models.instances import StateReason

from .ec2_wire import listed
from .errors import content_type
from .layer import Layer, ec2_reply
from .machines import namespaces
from .message import AwsError, Request, Response
from .tuning import moto_lock
from .wire import SERVICES

_LARGEST_USER_DATA = 16384  # bytes, before they are encoded (EC2 User Guide, "Run commands when you launch an instance")
_UNPACKED = 1024 * 1024  # bytes of user data that came compressed
_SHUT_DOWN = StateReason("Client.InstanceInitiatedShutdown: Instance initiated shutdown",
                         "Client.InstanceInitiatedShutdown")
_NOT_MADE = StateReason("Server.InternalError: Internal error on launch", "Server.InternalError")
_STATE = re.compile(rb"<instanceState><code>\d+</code><name>[a-z]+</name></instanceState>"
                    rb"|<instanceState><name>[a-z]+</name><code>\d+</code></instanceState>")


class Ec2Instances(Layer):
    service = "ec2"
    actions = {"DescribeInstances": "describe_instances", "RunInstances": "run_instances",
               "StopInstances": "stop_instances", "TerminateInstances": "terminate_instances",
               "GetConsoleOutput": "get_console_output"}

    def describe_instances(self, request: Request) -> Response:
        """With the CPU options, which moto leaves out."""
        reply = self.moto(request)
        types = _backend(request).describe_instance_types()
        threads = {row["InstanceType"]: row["VCpuInfo"] for row in types}
        reply.body = re.sub(rb"<instanceType>([^<]+)</instanceType>", lambda found: found[0] + _cpu_options(
            threads.get(found[1].decode())), reply.body)
        return reply

    def run_instances(self, request: Request) -> Response:
        """The same ClientToken launches nothing again, and the same request is answered with the instances that it launched
        (EC2 API Reference, "Ensuring idempotency")."""
        token = request.parameters.get("ClientToken")
        if not token:
            return self._launch(request)
        launched = _launched(_backend(request))
        asked, reply = launched.get(token, (request.parameters, None))
        if asked != request.parameters:
            raise AwsError("IdempotentParameterMismatch",
                           "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).")
        if reply is None:
            made = self._launch(request)
            if made.status == 200:
                launched[token] = (dict(request.parameters), made.body)
            return made
        return Response(200, {"Content-Type": content_type(SERVICES["ec2"])}, _as_now(_backend(request), reply))

    def _launch(self, request: Request) -> Response:
        """An instance that becomes a machine is pending until that is up. moto forgets the termination protection."""
        if len(_decoded(request.parameters.get("UserData", ""))) > _LARGEST_USER_DATA:
            raise AwsError("InvalidParameterValue", f"User data is limited to {_LARGEST_USER_DATA} bytes")
        before = {row.id for row in _backend(request).all_instances()}
        reply = self.moto(request)
        made = [row for row in _backend(request).all_instances() if row.id not in before]
        for instance in made:
            instance.disable_api_termination = request.parameters.get("DisableApiTermination") == "true"
        script = _script(made[0]) if made else b""
        if script and self.world.machines.settings.on and not namespaces.hindrance():
            for instance in made:
                _change(instance, "pending", 0)
                self._start(instance, script)
            reply.body = _STATE.sub(b"<instanceState><code>0</code><name>pending</name></instanceState>", reply.body)
        return reply

    def _start(self, instance, script: bytes) -> None:
        def started() -> None:
            with moto_lock:
                if instance.state == "pending":
                    _change(instance, "running", 16)

        def ended(failed: bool) -> None:
            with moto_lock:
                if instance.state in ("pending", "running"):
                    _shut_down(instance, failed)
        with moto_lock:
            specification = self.world.specification(instance, script)
        self.world.machines.start(instance.id, specification, started, ended)

    def stop_instances(self, request: Request) -> Response:
        """The machine has no disk to keep, and no time to end in peace."""
        return self._end(request)

    def terminate_instances(self, request: Request) -> Response:
        with moto_lock:
            named = [row for row in _backend(request).all_instances() if row.id in listed(request, "InstanceId")]
            if not any(row.disable_api_termination for row in named):  # else moto refuses
                for instance in named:
                    _release_interface(instance)
        return self._end(request)

    def _end(self, request: Request) -> Response:
        """moto first: a machine that is powered off then finds that its instance is not running any more."""
        reply = self.moto(request)
        self.world.machines.power_off(listed(request, "InstanceId"))
        return reply

    def get_console_output(self, request: Request) -> Response:
        """Latest and the last text are the same here: EC2 gives the other one only after changes of state."""
        reply = self.moto(request)
        name = request.parameters["InstanceId"]
        text = self.world.machines.console(name)
        if text is None:
            return reply
        stamp = re.search(rb"<timestamp>([^<]*)</timestamp>", reply.body)[1].decode()
        return ec2_reply(request, f"<instanceId>{name}</instanceId><timestamp>{stamp}</timestamp>"
                         f"<output>{base64.b64encode(text).decode()}</output>")


def _backend(request: Request):
    return ec2_backends[request.account][request.region]


def _decoded(user_data: str) -> bytes:
    """moto refuses what is not Base64."""
    try:
        return base64.b64decode(user_data, validate=True)
    except ValueError:
        return b""


def _launched(backend) -> dict[str, tuple[dict, bytes]]:
    """By client token: what was asked, and the reply. On moto's backend, so that a reset forgets it."""
    if not hasattr(backend, "local_launched"):
        backend.local_launched = {}
    return backend.local_launched


def _as_now(backend, reply: bytes) -> bytes:
    """A reply that was given before, with the state that its instances have by now."""
    first = re.search(rb"<instanceId>([^<]+)</instanceId>", reply)
    [state] = [row._state for row in backend.all_instances() if row.id == first[1].decode()]
    return _STATE.sub(f"<instanceState><code>{state.code}</code><name>{state.name}</name></instanceState>".encode(), reply)


def _script(instance) -> bytes:
    """The user data when it is a script, which cloud-init runs, compressed or not; else nothing."""
    data = _decoded(instance.user_data.as_bytes().decode()) if instance.user_data else b""
    if data.startswith(b"\x1f\x8b"):
        try:
            data = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, _UNPACKED)
        except zlib.error:
            return b""
    return data if data.startswith(b"#!") else b""


def _change(instance, name: str, code: int) -> None:
    instance._state.name, instance._state.code = name, code


def _release_interface(instance) -> None:
    """The interface that a launch made goes with its instance, which moto does only when it was asked to."""
    if 0 in instance.nics:
        instance.nics[0].delete_on_termination = True


def _shut_down(instance, failed: bool) -> None:
    """By itself, so nobody's protection of the instance is asked. The caller holds moto's lock."""
    if failed or instance.instance_initiated_shutdown_behavior == "terminate":
        _release_interface(instance)
        instance.terminate()
    else:
        instance.stop()
    instance.state_reason = _NOT_MADE if failed else _SHUT_DOWN


def _cpu_options(information: dict | None) -> bytes:
    if information is None:
        return b""
    threads = information.get("DefaultThreadsPerCore", 1)
    cores = information.get("DefaultCores", information["DefaultVCpus"] // threads)
    return f"<cpuOptions><coreCount>{cores}</coreCount><threadsPerCore>{threads}</threadsPerCore></cpuOptions>".encode()
