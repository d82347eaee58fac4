# SPDX-License-Identifier: Apache-2.0
"""What stands for MemoryDB inside machines, asked as a client of Redis asks."""

import socket
import sys
import threading
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from local_aws.machines.store import Store  # noqa: E402


@pytest.fixture
def ask():
    """Sends words, gives what is answered."""
    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=Store().serve, args=(theirs,))
    thread.start()
    ours.settimeout(10)

    def send(*words: str) -> bytes:
        ours.sendall(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word.encode()) for word in words))
        return ours.recv(65536)
    yield send
    ours.close()
    thread.join(10)
    theirs.close()


def test_it_keeps_what_it_is_given(ask):
    assert ask("PING") == b"+PONG\r\n"
    assert ask("SET", "RAYa@KV", "one two") == b"+OK\r\n" and ask("GET", "RAYa@KV") == b"$7\r\none two\r\n"
    assert ask("GET", "none") == b"$-1\r\n"
    ask("SET", "RAYb@KV", "x")
    assert ask("SCAN", "0", "MATCH", "RAYa@*", "COUNT", "1000") == b"*2\r\n$1\r\n0\r\n*1\r\n$7\r\nRAYa@KV\r\n"
    assert ask("DEL", "RAYa@KV", "none") == b":1\r\n" and ask("GET", "RAYa@KV") == b"$-1\r\n"
    assert ask("FLUSHALL").startswith(b"-ERR unknown command 'FLUSHALL'")


@pytest.mark.parametrize("line", [b"PING\r\n", b"*1\r\nPING\r\n", b"*1\r\n$99999999\r\n", b"*x\r\n"])
def test_what_is_no_command_ends_the_connection(line):
    ours, theirs = socket.socketpair()
    with ours:
        ours.sendall(line)
        with theirs:
            Store().serve(theirs)
        ours.settimeout(10)
        assert ours.recv(100) == b""
