# SPDX-License-Identifier: Apache-2.0
"""One running operation of a stack: its thread, its interruption, and tasks done in dependency order."""

from __future__ import annotations

import threading
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any, Callable

from botocore.exceptions import ParamValidationError
from botocore.validate import ParamValidator

from ..authorization.authorizer import Authorizer
from ..identity import Principal
from .events import stack_status
from .failures import Rules
from .graph import Graph
from .hooks import Hooks
from .permissions import Permissions
from .stacks import Stack, StackResource

MOST_AT_ONCE = 16
LOOK_SECONDS = 0.02  # between two looks at a service's state


class Interrupted(Exception):
    """Another resource failed, or the operation was cancelled."""


class Stopped(Exception):
    """The engine stops: the operation ends where it is and writes nothing more."""


@dataclass
class Undo:
    """One thing that an update did. old: the resource as it was, or None when the update added it."""

    logical_id: str
    old: StackResource | None
    replaced: bool = False


class CheckedClient:
    """A boto3 client that refuses members which the service's model has not, whatever its configuration says."""

    def __init__(self, client: Any):
        self._client = client

    def __getattr__(self, name: str) -> Callable[..., dict]:
        call = getattr(self._client, name)
        operation = self._client.meta.service_model.operation_model(self._client.meta.method_to_api_mapping[name])

        def checked(**arguments: Any) -> dict:
            report = ParamValidator().validate(arguments, operation.input_shape)
            if report.has_errors():
                raise ParamValidationError(report=report.generate_report())
            return call(**arguments)
        return checked


@dataclass
class Services:
    """What every operation shares. direct(service, region, account) gives a boto3 client, the same one each time."""

    direct: Callable[[str, str, str], Any]
    step_delay: float
    rules: Rules = field(default_factory=Rules)
    hooks: Hooks = field(default_factory=Hooks)
    authorizer: Authorizer | None = None

    def client(self, service: str, region: str, account: str) -> CheckedClient:
        return CheckedClient(self.direct(service, region, account))

    def zones(self, region: str, account: str) -> list[str]:
        found = self.client("ec2", region, account).describe_availability_zones()["AvailabilityZones"]
        return sorted(zone["ZoneName"] for zone in found)


class Work:
    """One operation. A phase is a set of tasks; an interruption ends the phase, not the operation."""

    def __init__(self, services: Services, stack: Stack, caller: Principal | None = None):
        self.services = services
        self.stack = stack
        self.permissions = Permissions(services.authorizer, stack, caller)
        self.superseded = False
        self.stopped = False
        self._hurried = False
        self.undo: list[Undo] = []
        self._interrupt = threading.Event()
        self._thread: threading.Thread | None = None

    def zones(self, region: str) -> list[str]:
        """The names of a region's availability zones."""
        self.permissions.zones()
        return self.services.zones(region, self.stack.account)

    def start(self, run: Callable[[Work], None]) -> None:
        self.stack.work = self
        self._thread = threading.Thread(target=self._run, args=(run,), daemon=True,
                                        name=f"cloudformation {self.stack.name}")
        self._thread.start()

    def _run(self, run: Callable[[Work], None]) -> None:
        try:
            run(self)
        except Stopped:
            pass

    def supersede(self, hurry: bool) -> None:
        """Another operation takes the stack over: this one begins nothing and says nothing of the stack any
        more. hurry: resources in flight end as cancelled, instead of being finished."""
        self.superseded = True
        self._hurried = hurry
        if hurry:
            self._interrupt.set()

    def stop(self) -> None:
        self.stopped = True
        self.supersede(True)

    def tell(self, status: str, reason: str | None = None) -> None:
        """The stack's next status. Ends the operation when another has taken over."""
        with self.stack.lock:
            if self.superseded:
                raise Stopped
            stack_status(self.stack, status, reason)

    def join(self) -> None:
        if self._thread and self._thread is not threading.current_thread():
            self._thread.join()

    def pause(self, seconds: float = LOOK_SECONDS) -> None:
        if self._interrupt.wait(seconds):
            raise Stopped if self.stopped else Interrupted

    def step(self) -> None:
        self.pause(self.services.step_delay)

    def run(self, graph: Graph, do: Callable[[str], bool], stop_at_failure: bool) -> list[str]:
        """Does every task whose needs are done, many at once. Gives the names of the failed, in order.

        do(name) gives whether it succeeded. After a failure no task starts that needs the failed one,
        or none at all when stop_at_failure, and then those in flight are interrupted.
        """
        self._interrupt.clear()
        if self._hurried:
            self._interrupt.set()
        waiting = {name: needed & set(graph) for name, needed in graph.items()}
        failed: list[str] = []
        with ThreadPoolExecutor(min(MOST_AT_ONCE, len(graph) or 1)) as pool:
            running: dict[Future, str] = {}
            while True:
                if not self._interrupt.is_set() and not self.superseded:
                    for name in [name for name, needed in waiting.items() if not needed]:
                        del waiting[name]
                        running[pool.submit(do, name)] = name
                if not running:
                    break
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    self._settle(future, running.pop(future), waiting, failed, stop_at_failure)
        if self.stopped:
            raise Stopped
        return failed

    def _settle(self, future: Future, name: str, waiting: Graph, failed: list[str], stop_at_failure: bool) -> None:
        try:
            succeeded = future.result()
        except Stopped:
            return
        if succeeded:
            for needed in waiting.values():
                needed.discard(name)
            return
        failed.append(name)
        if stop_at_failure:
            self._interrupt.set()
