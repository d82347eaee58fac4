# SPDX-License-Identifier: Apache-2.0
"""The instance metadata service of one machine: versions 1 and 2 over HTTP.

EC2 User Guide, "Instance metadata and user data": a token is asked for with PUT and a life in seconds; where tokens are
required, requests without one are answered 401. It knows a tree of texts and no AWS.
"""

from __future__ import annotations

import re
import secrets
import socket
import time
from http.server import BaseHTTPRequestHandler
from typing import Callable

ADDRESS, PORT = "169.254.169.254", 80
LONGEST = 21600  # seconds of a token's life
# Path below the version ("meta-data/instance-id") -> the text, or what gives it.
Tree = dict[str, str | Callable[[], str]]
_VERSION = re.compile(r"/(?:latest|\d{4}-\d\d-\d\d)(?:/|$)")


class Metadata:
    """tree(): asked for at every request, because what it says changes with the instance."""

    def __init__(self, tree: Callable[[], Tree], tokens_required: Callable[[], bool], enabled: Callable[[], bool]):
        self.tree, self.tokens_required, self.enabled = tree, tokens_required, enabled
        self._tokens: dict[str, float] = {}

    def serve(self, connection: socket.socket) -> None:
        """All requests of a connection."""
        _Handler(connection, ("", 0), self)  # type: ignore[arg-type]

    def new_token(self, life: int) -> str:
        token = secrets.token_urlsafe(40)
        self._tokens[token] = time.monotonic() + life
        return token

    def is_valid(self, token: str) -> bool:
        return self._tokens.get(token, 0.0) > time.monotonic()

    def text(self, path: str) -> str | None:
        """What is at a path: a text, or the names below it, folders with a slash at their end."""
        version = _VERSION.match(path)
        if version is None:
            return None
        name, tree = path[version.end():].rstrip("/"), self.tree()
        if name in tree:
            value = tree[name]
            return value if isinstance(value, str) else value()
        below = f"{name}/" if name else ""
        rest = [key[len(below):].partition("/") for key in tree if key.startswith(below)]
        return "\n".join(dict.fromkeys(first + slash for first, slash, _ in rest)) or None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Metadata  # type: ignore[assignment]

    def log_message(self, *_arguments) -> None:
        """Nothing; a machine's metadata is nobody else's business."""

    def do_PUT(self) -> None:
        life = self.headers.get("X-aws-ec2-metadata-token-ttl-seconds", "")
        if not self.server.enabled() or "X-Forwarded-For" in self.headers:
            self._answer(403)
        elif self.path != "/latest/api/token":
            self._answer(405)
        elif not (life.isascii() and life.isdigit() and 1 <= int(life) <= LONGEST):
            self._answer(400)
        else:
            self._answer(200, self.server.new_token(int(life)), ("X-aws-ec2-metadata-token-ttl-seconds", life))

    def do_GET(self) -> None:
        token = self.headers.get("X-aws-ec2-metadata-token")
        if not self.server.enabled():
            self._answer(403)
        elif self.server.tokens_required() if token is None else not self.server.is_valid(token):
            self._answer(401)
        else:
            text = self.server.text(self.path)
            self._answer(404) if text is None else self._answer(200, text)

    do_HEAD = do_GET

    def _answer(self, status: int, text: str = "", *headers: tuple[str, str]) -> None:
        body = text.encode("utf-8", "surrogateescape")
        self.send_response_only(status)
        for name, value in (("Server", "EC2ws"), ("Content-Type", "text/plain"), *headers):
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
