# SPDX-License-Identifier: Apache-2.0
"""A terminal for the tests: a pseudo-terminal whose other end is the emulator pyte. Everything is waited for by what the
screen shows. Judges nothing by itself."""

from __future__ import annotations

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import termios
import time

import pyte
from conftest import CANARY

KEYS = {"up": "\033OA", "down": "\033OB", "right": "\033OC", "left": "\033OD", "page down": "\033[6~",
        "page up": "\033[5~", "home": "\033OH", "end": "\033OF", "enter": "\r", "escape": "\033", "backspace": "\177",
        "ctrl-c": "\003", "ctrl-z": "\032", "ctrl-l": "\014"}
ALTERNATE = re.compile(rb"\033\[\?1049([hl])")


class Screen(pyte.Screen):
    """With REP, SU and SD (ECMA-48 8.3.103, 8.3.147, 8.3.113), which xterm knows and pyte does not."""

    last = " "

    def draw(self, data: str) -> None:
        self.last = data[-1:] or self.last
        super().draw(data)

    def repeat(self, count: int = 1) -> None:
        super().draw(self.last * (count or 1))

    def _scroll(self, move, count: int) -> None:
        x, y = self.cursor.x, self.cursor.y
        self.cursor.y = self.margins.top if self.margins else 0
        move(count or 1)
        self.cursor.x, self.cursor.y = x, y

    def scroll_up(self, count: int = 1) -> None:
        self._scroll(self.delete_lines, count)

    def scroll_down(self, count: int = 1) -> None:
        self._scroll(self.insert_lines, count)


class Stream(pyte.ByteStream):
    csi = {**pyte.ByteStream.csi, "b": "repeat", "S": "scroll_up", "T": "scroll_down"}
    events = pyte.ByteStream.events | {"repeat", "scroll_up", "scroll_down"}


class Terminal:
    """A program in a session of its own, whose controlling terminal this is."""

    def __init__(self, words, environment: dict, cwd=None, width: int = 80, height: int = 24):
        self.raw = b""
        self.width, self.height = width, height
        self.main = Screen(width, height)
        self.alternate: Screen | None = None  # while the program is in it
        self.entered = 0  # how often it went there
        self.stream = Stream(self.main)
        self.master, self.slave = os.openpty()
        self.size(width, height)
        self.before = self.settings()  # that the program has to give back
        self.process = subprocess.Popen(words, env=environment, cwd=cwd, stdin=self.slave, stdout=self.slave,
                                        stderr=self.slave, start_new_session=True, preexec_fn=self._control)

    @staticmethod
    def _control() -> None:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def size(self, width: int, height: int) -> None:
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def resize(self, width: int, height: int) -> None:
        """As the window of a terminal does it: the kernel sends SIGWINCH to the group in front."""
        for screen in filter(None, (self.main, self.alternate)):
            screen.resize(height, width)
        self.width, self.height = width, height
        self.size(width, height)

    def settings(self) -> list:
        return termios.tcgetattr(self.slave)

    def _switch(self, on: bool) -> None:
        self.entered += on
        self.alternate = Screen(self.width, self.height) if on else None
        self.stream = Stream(self.alternate or self.main)

    def _feed(self, data: bytes) -> None:
        self.raw += data
        at = 0
        for match in ALTERNATE.finditer(data):
            self.stream.feed(data[at:match.start()])
            self._switch(match[1] == b"h")
            at = match.end()
        self.stream.feed(data[at:])

    def read(self, seconds: float) -> bool:
        """Take what the program writes within this time; False when nothing came."""
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        data = os.read(self.master, 65536)
        while b"\033" in data[-8:] and select.select([self.master], [], [], 0.02)[0]:
            data += os.read(self.master, 65536)  # the switch of screens must not be cut in two
        self._feed(data)
        return True

    def text(self) -> str:
        return "\n".join(line.rstrip() for line in (self.alternate or self.main).display)

    def wait_for(self, *wanted: str, seconds: float = 30) -> str:
        """Until the screen shows all of these; what it shows then."""
        return self.wait_until(lambda: all(word in self.text() for word in wanted), f"{wanted}", seconds)

    def wait_until(self, condition, what: str, seconds: float = 30) -> str:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"{what} did not come; the terminal shows:\n{self.text()}"
            self.read(0.05)
        return self.text()

    def press(self, *keys: str) -> None:
        for key in keys:
            os.write(self.master, KEYS.get(key, key).encode())

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def end(self, seconds: float = 60) -> int:
        """Read to the end; the exit code."""
        limit = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < limit, f"it does not end; the terminal shows:\n{self.text()}"
            self.read(0.05)
        while self.read(0):
            pass
        return self.process.returncode

    def close(self) -> None:
        CANARY.look("the terminal", self.raw)
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self.master)
        os.close(self.slave)
