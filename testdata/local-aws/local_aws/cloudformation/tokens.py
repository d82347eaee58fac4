# SPDX-License-Identifier: Apache-2.0
"""Idempotency tokens: the same request again gives the first one's answer, another request is refused."""

from __future__ import annotations

import json
import threading
from typing import Any

from ..message import AwsError


class Tokens:
    def __init__(self) -> None:
        self._used: dict[tuple[str, str, str], tuple[str, dict[str, Any]]] = {}
        self._lock = threading.Lock()

    def recall(self, account: str, region: str, token: str | None, action: str,
               arguments: dict[str, Any]) -> dict[str, Any] | None:
        """The answer that this request had before, or None when the token is new."""
        with self._lock:
            used = self._used.get((account, region, token or ""))
        if used is None:
            return None
        if used[0] != _fingerprint(action, arguments):
            raise AwsError("TokenAlreadyExistsException",
                           f"The client request token {token} has already been used for this stack. "
                           "Retry the request with a different client request token")
        return used[1]

    def remember(self, account: str, region: str, token: str | None, action: str, arguments: dict[str, Any],
                 answer: dict[str, Any]) -> None:
        if token:
            with self._lock:
                self._used[account, region, token] = (_fingerprint(action, arguments), answer)

    def clear(self) -> None:
        with self._lock:
            self._used.clear()


def _fingerprint(action: str, arguments: dict[str, Any]) -> str:
    return json.dumps([action, arguments], sort_keys=True)
