# SPDX-License-Identifier: Apache-2.0
"""What answers inside a machine: sockets that listen in its namespace, served by threads of this process."""

from __future__ import annotations

import selectors
import socket
import threading
from typing import Callable

from . import namespaces

# Serves one connection and returns when it is done; the connection is closed for it.
Serve = Callable[[socket.socket], None]
# Address, port, and who serves.
Service = tuple[str, int, Serve]


class Listeners:
    """Of one machine. close() ends every connection, too, so that nothing keeps the namespace alive."""

    def __init__(self, process: int, services: list[Service]):
        self._selector = selectors.DefaultSelector()
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._wake, awoken = socket.socketpair()
        self._selector.register(awoken, selectors.EVENT_READ, None)
        try:
            for address, port, serve in services:
                self._selector.register(namespaces.listening(process, address, port), selectors.EVENT_READ, serve)
        except OSError:
            self._close_all()
            raise
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._wake.close()
        self._thread.join()

    def _accept(self) -> None:
        while True:
            for key, _events in self._selector.select():
                if key.data is None:
                    self._close_all()
                    return
                try:
                    connection, _peer = key.fileobj.accept()
                except OSError:  # the other side is gone already
                    continue
                with self._lock:
                    self._connections.add(connection)
                threading.Thread(target=self._serve, args=(connection, key.data), daemon=True).start()

    def _serve(self, connection: socket.socket, serve: Serve) -> None:
        try:
            with connection:
                serve(connection)
        except OSError:  # so is a failed TLS handshake; a client that goes away is no event
            pass
        finally:
            with self._lock:
                self._connections.discard(connection)

    def _close_all(self) -> None:
        self._wake.close()
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()
        self._selector.close()
        with self._lock:
            for connection in self._connections:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:  # it was closed by the other side
                    pass
