# SPDX-License-Identifier: Apache-2.0
"""What stands for a MemoryDB cluster inside machines: a store of keys that speaks the protocol of Redis (RESP 2), as far as
a client needs it that looks whether it is there, writes, and cleans up: PING, SET, GET, DEL, SCAN."""

from __future__ import annotations

import fnmatch
import socket
import threading

_LONGEST = 1 << 20  # bytes of a word
_WORDS = 100


class Store:
    """One cluster's. Thread-safe; what is in it lives as long as the cluster."""

    def __init__(self) -> None:
        self.keys: dict[str, str] = {}
        self._lock = threading.Lock()

    def serve(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as stream:
            while words := _command(stream):
                with self._lock:
                    connection.sendall(self._answer(words))

    def _answer(self, words: list[str]) -> bytes:
        name, arguments = words[0].upper(), words[1:]
        if name == "PING":
            return b"+PONG\r\n"
        if name == "SET" and len(arguments) >= 2:
            self.keys[arguments[0]] = arguments[1]
            return b"+OK\r\n"
        if name == "GET" and len(arguments) == 1:
            return _bulk(self.keys.get(arguments[0]))
        if name == "DEL":
            return b":%d\r\n" % sum(self.keys.pop(key, None) is not None for key in arguments)
        if name == "SCAN" and [word.upper() for word in arguments[1::2]][:1] == ["MATCH"]:
            found = [key for key in self.keys if fnmatch.fnmatchcase(key, arguments[2])]
            return b"*2\r\n" + _bulk("0") + b"*%d\r\n" % len(found) + b"".join(map(_bulk, found))
        return f"-ERR unknown command '{name[:50]}'\r\n".encode()


def _bulk(text: str | None) -> bytes:
    if text is None:
        return b"$-1\r\n"
    data = text.encode()
    return b"$%d\r\n%s\r\n" % (len(data), data)


def _command(stream) -> list[str]:
    """The words of the next command; none at the end, and where it is no command."""
    line = stream.readline(_LONGEST)
    if not line.startswith(b"*") or not line[1:].strip().isdigit():
        return []
    words = []
    for _ in range(min(int(line[1:]), _WORDS)):
        length = stream.readline(_LONGEST)
        if not length.startswith(b"$") or not length[1:].strip().isdigit() or int(length[1:]) > _LONGEST:
            return []
        words.append(stream.read(int(length[1:]) + 2)[:-2].decode(errors="replace"))
    return words
