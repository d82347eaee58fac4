# SPDX-License-Identifier: Apache-2.0
"""A server on 127.0.0.1 that hands every request on to the local AWS as it came, and keeps it."""

import http.client
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

HOP = {"connection", "transfer-encoding", "keep-alive", "content-length"}


@dataclass(frozen=True)
class Recorded:
    method: str
    target: str  # path and query as they were sent
    headers: dict  # names in lower case
    body: bytes
    status: int


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def forward(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        connection = http.client.HTTPConnection(self.server.upstream, timeout=60)
        try:
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            reply = connection.getresponse()
            data = reply.read()
        finally:
            connection.close()
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.recorded.append(Recorded(self.command, self.path, headers, body, reply.status))
        self.send_response_only(reply.status)
        for name, value in reply.getheaders():
            if name.lower() not in HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", reply.getheader("Content-Length") if self.command == "HEAD" else str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = forward


class Server(ThreadingHTTPServer):
    connections = 0

    def process_request(self, request, client_address):
        self.connections += 1
        super().process_request(request, client_address)


class Recorder:
    """Leave the with block and it is gone."""

    def __init__(self, upstream: str):
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.upstream = urlsplit(upstream).netloc
        self.server.recorded = self.requests = []
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    @property
    def connections(self) -> int:
        """How many there have been."""
        return self.server.connections

    def __enter__(self):
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
