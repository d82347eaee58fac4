# SPDX-License-Identifier: Apache-2.0
"""Bounded lists of what happened, shown by the control door. No secret of a request is ever recorded: not the signature,
not a token, not a secret value."""

from __future__ import annotations

import re
import threading
from typing import Any

_SECRET = re.compile(r"secret|password|token(?!code)|passcode|plaintext|signature|customerkey|authorization|"
                     r"privatekey|credential", re.IGNORECASE)
_NOT_SECRET = re.compile(r"^(secretid|clienttoken|clientrequesttoken|creationtoken|nexttoken|continuationtoken)$",
                         re.IGNORECASE)
REDACTED = "REDACTED"
MOST = 20000  # rows kept; the oldest go first


class Rows:
    """A bounded list, in the order in which rows were added. Thread-safe."""

    def __init__(self) -> None:
        self._rows: list[dict] = []
        self._lock = threading.Lock()

    def add(self, row: dict) -> None:
        with self._lock:
            self._rows.append(row)
            del self._rows[:-MOST]

    def shown(self) -> list[dict]:
        """A copy of the list."""
        with self._lock:
            return list(self._rows)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._rows = []


class Records(Rows):
    """The recorded requests, in the order in which they were answered."""

    def add(self, row: dict) -> None:
        """Record one request; its parameters are redacted here."""
        super().add(row | {"parameters": redacted(row["parameters"])})


def redacted(value: Any, name: str = "") -> Any:
    """The parameters without their secrets; bytes and other odd values as text."""
    last = name.rpartition(".")[2].replace("-", "")
    if last and _SECRET.search(last) and not _NOT_SECRET.match(last):
        return REDACTED
    if isinstance(value, dict):
        return {key: redacted(item, str(key)) for key, item in value.items()}
    if isinstance(value, list):
        return [redacted(item) for item in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
