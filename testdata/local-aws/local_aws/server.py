# SPDX-License-Identifier: Apache-2.0
"""The HTTP server: one thread a connection, HTTP/1.1 with keep-alive, replies written in one piece.

Built on the standard library's server; it only reads bodies, writes replies, and disturbs the delivery
where a fault rule says so. What a request means is the front's business.
"""

from __future__ import annotations

import http.server
import socket
import socketserver
import threading
import time
from http.client import responses as REASONS

from . import control
from .front import Delivery, Front
from .wire import Raw

LARGEST_BODY = 128 * 1024 * 1024  # bytes
_SLICES_PER_SECOND = 20  # writes a second of a slow reply


class Server(socketserver.ThreadingTCPServer):
    """Listens on 127.0.0.1."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 256

    def __init__(self, front: Front, port: int):
        self.front = front
        super().__init__(("127.0.0.1", port), Handler)

    def handle_error(self, request, client_address) -> None:
        """A client that goes away is no event; anything else is shown."""
        import sys
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: Server
    wbufsize = -1

    def setup(self) -> None:
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().setup()

    def log_message(self, *_arguments) -> None:
        """Nothing; requests are recorded."""

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        arrived = time.monotonic()
        self.close_connection = True
        if not self.raw_requestline or len(self.raw_requestline) > 65536 or not self.parse_request():
            self.wfile.flush()
            return
        body = self._body()
        if body is None:
            return
        target = self.requestline.split(" ")[1]
        raw = Raw(self.command, target, _headers(self.headers), body, arrived)
        released = self.server.front.enter()
        try:
            self._deliver(self.answer(raw), released)
        finally:
            self.server.front.leave()

    def answer(self, raw: Raw) -> Delivery:
        """What goes back to a request."""
        front = self.server.front
        return control.answer(front, raw) if raw.path.startswith(control.PREFIX) else front.answer(raw)

    def _body(self) -> bytes | None:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return self._chunks()
        length = self.headers.get("Content-Length", "0")
        if not (length.isascii() and length.isdigit()) or int(length) > LARGEST_BODY:
            self.send_error(413 if length.isdigit() else 400)
            return None
        body = self.rfile.read(int(length)) if length != "0" else b""
        return body if len(body) == int(length) else None

    def _chunks(self) -> bytes | None:
        body = b""
        while True:
            line = self.rfile.readline(1026).split(b";")[0].strip()
            try:
                size = int(line, 16)
            except ValueError:
                size = -1
            if size < 0 or len(body) + size > LARGEST_BODY:
                self.send_error(400)
                return None
            if size == 0:
                while self.rfile.readline(65537).strip():
                    pass
                return body
            body += self.rfile.read(size)
            self.rfile.readline(3)

    def _deliver(self, delivery: Delivery, released: threading.Event) -> None:
        wait = delivery.not_before - time.monotonic()
        if wait > 0:
            released.wait(wait)
        if delivery.response is None or delivery.drop in ("before", "after"):
            self.close_connection = True
            return
        if delivery.raw is not None:
            self.close_connection = True
            self.wfile.write(delivery.raw)
            self.wfile.flush()
            return
        response = delivery.response
        body = b"" if self.command == "HEAD" or response.status in (204, 304) else response.body
        head = self._head(response, len(body))
        if delivery.drop == "headers":
            self.close_connection = True
            body = body[:len(body) // 2]
        self.wfile.write(head)
        self._write(body, delivery.slow)
        self.wfile.flush()

    def _head(self, response, length: int) -> bytes:
        headers = dict(response.headers)
        if self.command != "HEAD" and response.status not in (204, 304):
            headers["Content-Length"] = str(length)
        lines = [f"HTTP/1.1 {response.status} {REASONS.get(response.status, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if self.close_connection:
            lines.append("Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")

    def _write(self, body: bytes, slow: int | None) -> None:
        if not slow:
            self.wfile.write(body)
            return
        step = max(1, slow // _SLICES_PER_SECOND)
        for start in range(0, len(body), step):
            self.wfile.write(body[start:start + step])
            self.wfile.flush()
            time.sleep(step / slow)


def _headers(message) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in message.items():
        name = name.lower()
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers
