# SPDX-License-Identifier: Apache-2.0
"""Servers on 127.0.0.1 that do one odd thing each, for test_client_faults.py; certificates for them."""

import datetime
import ipaddress
import re
import socket
import ssl
import threading
from contextlib import contextmanager

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SENT: list[bytes] = []  # every request of every server here, until somebody takes them
DENIED = (b"<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>the server was reached"
          b"</Message></Error><RequestId>id-1</RequestId></ErrorResponse>")


def reply(status: str, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Content-Type: text/xml", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def read_request(connection) -> bytes:
    """Head and body; the first bytes of what is no HTTP; empty when the client sends nothing."""
    data = b""
    while b"\r\n\r\n" not in data and (not data or data[:1].isalpha()):
        if not (more := connection.recv(65536)):
            return data
        data += more
    head, end, _ = data.partition(b"\r\n\r\n")
    if not end:
        return data
    found = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    length = len(head) + 4 + (int(found[1]) if found else 0)
    while len(data) < length and (more := connection.recv(65536)):
        data += more
    return data


def relay(connection, request: bytes, url: str) -> None:
    """Hand the request on to the server at url, and its reply back."""
    host, port = url.rpartition("/")[2].split(":")
    with socket.create_connection((host, int(port))) as other:
        other.sendall(request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
        while data := other.recv(65536):
            connection.sendall(data)


class Server:
    """Reads one request a connection and gives it to answer(connection); requests are kept."""

    def __init__(self, answer, context: ssl.SSLContext | None = None):
        self.answer, self.context = answer, context
        self.requests: list[bytes] = []
        self.over = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(0.05)
        self.port = self.listener.getsockname()[1]
        self.threads = [threading.Thread(target=self._accept)]
        self.threads[0].start()

    def _accept(self):
        while not self.over.is_set():
            try:
                connection, _ = self.listener.accept()
            except TimeoutError:
                continue
            thread = threading.Thread(target=self._serve, args=(connection,))
            self.threads.append(thread)
            thread.start()

    def _serve(self, connection):
        connection.settimeout(120)
        try:
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            if request := read_request(connection):
                self.requests.append(request)
                SENT.append(request)
                self.answer(connection)
        except OSError:
            pass  # the client has gone, or did not like the certificate
        finally:
            connection.close()

    def hang(self, _connection=None):
        """An answer that never comes."""
        self.over.wait()

    def stop(self):
        self.over.set()
        for thread in self.threads:
            thread.join()
        self.listener.close()


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    """A frame of HTTP/2 (RFC 9113, section 4.1)."""
    return len(payload).to_bytes(3) + bytes([kind, flags]) + stream.to_bytes(4) + payload


def answer_http2(connection, begun: bytes, status: str, body: bytes) -> None:
    """One request over HTTP/2, of which the client's first bytes have been read, and its answer."""
    settings, headers, data, end_stream, end_headers, acknowledged = 4, 1, 0, 1, 4, 1
    received = begun.removeprefix(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
    connection.sendall(frame(settings, 0, 0))
    while True:
        while len(received) < 9 or len(received) < 9 + int.from_bytes(received[:3]):
            if not (more := connection.recv(65536)):
                return
            received += more
        length, kind, flags = int.from_bytes(received[:3]), received[3], received[4]
        stream, received = int.from_bytes(received[5:9]), received[9 + length:]
        if kind == settings and not flags & acknowledged:
            connection.sendall(frame(settings, acknowledged, 0))
        elif kind in (headers, data) and flags & end_stream:
            # A literal field named by entry 8 of the static table, ":status" (RFC 7541, section 6.2.2).
            field = b"\x08" + bytes([len(status)]) + status.encode()
            connection.sendall(frame(headers, end_headers, stream, field) + frame(data, end_stream, stream, body))


@contextmanager
def serving(answer=None, context=None):
    """answer: bytes to send, or a function of the connection; None: nothing is ever answered."""
    server = Server(None, context)
    if isinstance(answer, bytes):
        server.answer = lambda connection: connection.sendall(answer)
    else:
        server.answer = answer or server.hang
    try:
        yield server
    finally:
        server.stop()


def make_certificate(folder, host: str = "127.0.0.1") -> tuple[ssl.SSLContext, str]:
    """A server's context with a self-signed certificate for the host, and the certificate's file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"odd server at {host}")])
    try:
        other = x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        other = x509.DNSName(host)
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    certificate = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
                   .serial_number(x509.random_serial_number()).not_valid_before(now - day).not_valid_after(now + day)
                   .add_extension(x509.SubjectAlternativeName([other]), critical=False)
                   .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
                   .sign(key, hashes.SHA256()))
    public, private = folder / "certificate.pem", folder / "key.pem"
    public.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                          serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context, str(public)
