# SPDX-License-Identifier: Apache-2.0
"""The life of one machine: started, running, ended. It knows no AWS."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

from . import namespaces
from .console import Console
from .listeners import Listeners, Service

GUEST = Path(__file__).resolve().parent / "guest"
_NOT_MADE = 1  # the exit code of guest/boot
_BOOT_LIMIT = 60.0  # seconds from the start until the network is up

# A process dies with the thread that started it (prctl(2), PR_SET_PDEATHSIG), and this thread ends with the server:
# however that ends, no machine is left.
_launcher = ThreadPoolExecutor(1, "machines")


@dataclass(frozen=True)
class Specification:
    """What a machine is made of. addresses: all that answer inside. hosts: lines for its /etc/hosts. beyond: what becomes
    of packets to other addresses, "drop" or "unreachable". minute: the seconds of a minute of "shutdown". certificate:
    of an authority that it trusts, PEM. binds: FROM:TO, folders of this computer."""

    name: str
    user_data: bytes = field(repr=False)
    addresses: tuple[str, ...] = ()
    services: tuple[Service, ...] = ()
    hosts: tuple[str, ...] = ()
    beyond: str = "drop"
    minute: float = 60.0
    certificate: str = ""
    binds: tuple[str, ...] = ()

    def environment(self, terminal: str) -> dict[str, str]:
        """That of guest/boot."""
        return {"PATH": namespaces.SYSTEM_PATH, "GUEST": str(GUEST), "TTY": terminal, "NAME": self.name,
                "ADDRESSES": " ".join(self.addresses), "HOSTS": "\n".join(self.hosts), "BEYOND": self.beyond,
                "MINUTE": str(self.minute), "CERTIFICATE": self.certificate, "BINDS": " ".join(self.binds)}


class Machine:
    """started() and ended(failed) are called in a thread of the machine's: started when it is up, ended when nothing of it
    is left; failed: it could not be made."""

    def __init__(self, specification: Specification, started: Callable[[], None], ended: Callable[[bool], None]):
        self._specification = specification
        self._on_start, self._on_end = started, ended
        self.console = Console()
        self._lock = threading.Lock()
        self._killed = False
        self._process: subprocess.Popen | None = None
        self._first: int | None = None  # its process 1, as this computer numbers it
        self._gone = threading.Event()
        threading.Thread(target=self._live, daemon=True).start()

    @property
    def process(self) -> int | None:
        """The id of its process 1; None before it is up."""
        return self._first

    def kill(self) -> None:
        """The power is cut. Returns when nothing of the machine is left; harmless when it has ended."""
        with self._lock:
            self._killed = True
            self._cut()
        self._gone.wait()

    def _cut(self) -> None:
        """With process 1 all others end before it is waited for; without, the kernel ends it with its parent."""
        if self._process is not None and self._process.poll() is None:
            os.kill(self._first or self._process.pid, signal.SIGKILL)

    def _live(self) -> None:
        listeners, failed = None, True
        ours, theirs = socket.socketpair()
        try:
            self._launch(theirs)
            ours.settimeout(_BOOT_LIMIT)
            listeners = self._boot(ours)
            self._on_start()
        except OSError as error:
            print(f"machines: {self._specification.name}: {error}", file=sys.stderr)
            with self._lock:
                self._cut()
        finally:
            ours.close()
        if self._process is not None:
            failed = self._process.wait() == _NOT_MADE
        if listeners is not None:
            listeners.close()
        self.console.ended()
        if failed and not self._killed:
            print(f"machines: {self._specification.name} could not be made: {self.console.text()!r}", file=sys.stderr)
        self._gone.set()
        self._on_end(failed)

    def _launch(self, theirs: socket.socket) -> None:
        environment = self._specification.environment(self.console.terminal)
        command = ("setpriv", "--pdeathsig", "KILL", *namespaces.NEW, "sh", str(GUEST / "boot"))
        with self._lock, theirs:
            try:
                if self._killed:
                    raise ConnectionAbortedError("it was ended before it began")
                self._process = _launcher.submit(
                    subprocess.Popen, command, stdin=theirs, stdout=self.console.theirs, stderr=self.console.theirs,
                    env=environment, start_new_session=True).result()
            finally:
                self.console.start()

    def _boot(self, ours: socket.socket) -> Listeners:
        line = ours.makefile("rb").readline()
        if not line.strip().isdigit():
            raise ConnectionAbortedError("it ended while its network was set up")
        with self._lock:
            self._first = int(line)
        listeners = Listeners(self._first, list(self._specification.services))
        try:
            ours.sendall(b"ready\n" + self._specification.user_data)
        except OSError:
            listeners.close()
            raise
        return listeners
