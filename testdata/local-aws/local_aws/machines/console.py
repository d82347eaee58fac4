# SPDX-License-Identifier: Apache-2.0
"""The serial console of a machine: a terminal of which the last 64 KB are kept, as EC2 keeps them."""

from __future__ import annotations

import os
import pty
import threading

KEPT = 64 * 1024  # bytes (EC2 API Reference, GetConsoleOutput)


class Console:
    """terminal: the path of the machine's end. Read in a thread until nobody has that end open."""

    def __init__(self) -> None:
        self._ours, self.theirs = pty.openpty()
        self.terminal = os.ttyname(self.theirs)
        self._text = bytearray()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._read, daemon=True)

    def start(self) -> None:
        """The machine's process has the terminal now; ours of that end is closed."""
        os.close(self.theirs)
        self._thread.start()

    def _read(self) -> None:
        while data := self._chunk():
            with self._lock:
                self._text += data
                del self._text[:-KEPT]
        os.close(self._ours)

    def _chunk(self) -> bytes:
        try:
            return os.read(self._ours, KEPT)
        except OSError:  # EIO: the other end is closed
            return b""

    def ended(self) -> None:
        """Wait until all that the machine wrote has been read."""
        self._thread.join()

    def text(self) -> bytes:
        """The last KEPT bytes, as they came: lines end in CR LF."""
        with self._lock:
            return bytes(self._text)
