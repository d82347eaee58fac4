# SPDX-License-Identifier: Apache-2.0
"""A server that repeats the replies of another, so that a measurement does not hold the other's own work.

While it records, every request goes on to the other server. While it repeats, the same request gets the recorded reply
`delay` seconds after it arrived. Requests are the same when method, path, target and body are: dates and signatures differ.
"""

import asyncio
import threading
import time

BARE = "/bare"  # answered without a record
BARE_REPLY = b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + b"." * 2000


async def read_message(reader):
    """Head, body, first line and fields (names in lower case); no message is chunked here."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in lines[1:] if b": " in line)
    if b"transfer-encoding" in fields:
        raise ValueError("a message without a length")
    return head, await reader.readexactly(int(fields.get(b"content-length", 0))), lines[0], fields


class Recorded:
    """Runs in a thread of its own, on 127.0.0.1, until close()."""

    def __init__(self, other_port, delay):
        self.other_port = other_port
        self.delay = delay
        self.recording = True
        self.replies = {}
        self.arrivals = []  # of the requests that were answered from the record, monotonic seconds
        self.keys = []  # and which ones
        self.loop = asyncio.new_event_loop()
        self.port = self.loop.run_until_complete(self._listen())
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    async def _listen(self):
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=256)
        return server.sockets[0].getsockname()[1]

    async def _serve(self, reader, writer):
        try:
            while True:
                writer.write(await self._answer(*await read_message(reader)))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _answer(self, head, body, first, fields):
        key = (first, fields.get(b"x-amz-target"), body)
        if self.recording:
            self.replies[key] = await self._ask_the_other(head + body)
            return self.replies[key]
        if first.split()[1] == BARE.encode():
            await asyncio.sleep(self.delay)
            return BARE_REPLY
        self.arrivals.append(time.monotonic())
        self.keys.append(key)
        await asyncio.sleep(self.delay)
        return self.replies[key]

    async def _ask_the_other(self, message):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.other_port)
        writer.write(message)
        await writer.drain()
        head, body, _, _ = await read_message(reader)
        writer.close()
        return head + body
