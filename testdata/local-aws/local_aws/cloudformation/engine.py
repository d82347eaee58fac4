# SPDX-License-Identifier: Apache-2.0
"""The CloudFormation service: requests in, replies out, and the life of its workers."""

from __future__ import annotations

import threading
from typing import Any, Callable

from ..authorization.authorizer import Authorizer
from ..message import Request, Response
from . import change_sets, descriptions, drift, form, model, rendering, stack_operations, template_operations
from .call import Call
from .stacks import Store
from .tokens import Tokens
from .work import Services

ACTIONS: dict[str, Callable[[Call], dict[str, Any]]] = (
    stack_operations.ACTIONS | descriptions.ACTIONS | template_operations.ACTIONS | change_sets.ACTIONS
    | drift.ACTIONS)


class CloudFormation:
    """Thread-safe. direct(service, region, account) gives a boto3 client past signatures, faults and records;
    step_delay: the least seconds that any resource takes; authorizer: the judge of what policies allow."""

    def __init__(self, direct: Callable[[str, str, str], Any], step_delay: float, authorizer: Authorizer | None = None):
        self._services = Services(direct, step_delay, authorizer=authorizer)
        self._store = Store()
        self._tokens = Tokens()
        self._token_lock = threading.Lock()

    def handle(self, request: Request) -> Response:
        operation = model.operation(request.action)
        if request.action not in ACTIONS:
            raise model.unknown_action(request.action)
        call = Call(self._store, self._services, self._tokens, request.account, request.region, request.action,
                    form.read(operation, request.parameters), request.principal)
        return rendering.reply(operation, self._answer(call), request.request_id)

    def _answer(self, call: Call) -> dict[str, Any]:
        token = call.get("ClientRequestToken") or call.get("ClientToken")
        if not token:
            return ACTIONS[call.action](call)
        # Two copies of one request at the same time are still one request.
        with self._token_lock:
            identity = (call.account, call.region, token, call.action, call.arguments)
            answer = self._tokens.recall(*identity)
            if answer is None:
                answer = ACTIONS[call.action](call)
                self._tokens.remember(*identity, answer)
            return answer

    def tags(self, arn: str) -> dict[str, str]:
        """The tags of the stack of an ARN, also of NAME/* for its id."""
        _, _, _, region, account, rest = arn.split(":", 5) if arn.count(":") >= 5 else [""] * 6
        name = rest.split("/")[1] if "/" in rest else ""
        stack = self._store.find(account, region, arn) or self._store.find(account, region, name)
        return {tag["Key"]: tag["Value"] for tag in stack.target.tags} if stack else {}

    def fail(self, rules: list[dict[str, Any]]) -> None:
        """Sets the rules of POST /_local/fail, in place of those set before. Raises ValueError for a bad one."""
        self._services.rules.set(rules)

    def set_hooks(self, rows: Any) -> list[dict[str, Any]]:
        """Sets the hooks of POST /_local/hooks, in place of those set before. Raises ValueError for a bad one."""
        return self._services.hooks.set(rows)

    def reset(self) -> None:
        """Ends every worker and forgets everything. When it returns, no call to a service is on its way."""
        self._stop()
        self._store.clear()
        self._tokens.clear()
        self._services.rules.set([])
        self._services.hooks.set([])

    def close(self) -> None:
        self._stop()

    def _stop(self) -> None:
        works = [stack.work for stack in self._store.everything() if stack.work]
        for work in works:
            work.stop()
        for work in works:
            work.join()
