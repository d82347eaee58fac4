# SPDX-License-Identifier: Apache-2.0
"""All machines of the server, by the id of their instance."""

from __future__ import annotations

import re
import threading
from dataclasses import asdict, dataclass
from typing import Callable

from . import namespaces
from .machine import Machine, Specification


@dataclass
class Settings:
    """What tests choose. on: whether user data runs. minute: seconds of a minute of "shutdown"; beyond: what becomes of
    packets to where a machine cannot reach, "drop" as on AWS, or "unreachable", which needs no time-out; internet: names
    that there are."""

    on: bool = True
    minute: float = 60.0
    beyond: str = "drop"
    internet: tuple[str, ...] = ()


class Fleet:
    """Thread-safe. Those that have ended stay known, for what their console said, until they are forgotten."""

    def __init__(self) -> None:
        self.settings = Settings()
        self._machines: dict[str, Machine] = {}
        self._ended: set[str] = set()
        self._lock = threading.Lock()

    def start(self, instance: str, specification: Specification, started: Callable[[], None],
              ended: Callable[[bool], None]) -> None:
        """started and ended: as Machine calls them."""
        def end(failed: bool) -> None:
            with self._lock:
                self._ended.add(instance)
            ended(failed)
        with self._lock:
            self._machines[instance] = Machine(specification, started, end)

    def power_off(self, instances: list[str]) -> None:
        """Returns when nothing of them is left; instances without a machine are passed over."""
        with self._lock:
            machines = [self._machines[name] for name in instances if name in self._machines]
        for machine in machines:
            machine.kill()

    def console(self, instance: str) -> bytes | None:
        """What it wrote last; None when the instance never had a machine."""
        with self._lock:
            machine = self._machines.get(instance)
        return machine.console.text() if machine else None

    def forget(self) -> None:
        """Power all off; settings are as after the start."""
        with self._lock:
            names = list(self._machines)
        self.power_off(names)
        with self._lock:
            for name in names:
                self._machines.pop(name, None)
                self._ended.discard(name)
        self.settings = Settings()

    def set(self, body: dict) -> dict:
        """POST /_local/machines. Raises ValueError."""
        for name, value in body.items():
            if name == "on" and isinstance(value, bool):
                self.settings.on = value
            elif name == "minute" and isinstance(value, (int, float)) and value > 0:
                self.settings.minute = float(value)
            elif name == "beyond" and value in ("drop", "unreachable"):
                self.settings.beyond = value
            elif name == "internet" and isinstance(value, list) and len(value) <= 200 and all(map(_is_name, value)):
                self.settings.internet = tuple(value)
            else:
                raise ValueError(f"machines have no setting {name!r} with the value {value!r}")
        return self.shown()

    def shown(self) -> dict:
        """GET /_local/machines. hindrance: why there can be none; process: that of a machine's process 1."""
        with self._lock:
            rows = {name: {"process": None if name in self._ended else machine.process, "ended": name in self._ended}
                    for name, machine in self._machines.items()}
        return {"hindrance": namespaces.hindrance(), **asdict(self.settings), "machines": rows}


def _is_name(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", value) is not None
