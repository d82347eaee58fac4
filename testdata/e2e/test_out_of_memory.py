# SPDX-License-Identifier: Apache-2.0
"""Memory that runs out, in whatever library: the program says so, ends with 70 and gives the terminal back. It never goes on
with less."""

import signal
import subprocess

import pytest
from conftest import BINARY, REGION, SOAK, TIMEOUT
from terminal import Terminal
from test_view import given_back

TOOL = BINARY.parent / "tests/exhausted_tool"
SAMPLES = 400 if SOAK else 20  # of each command

COMMANDS = {
    "facts": ("verify", "--facts", "facts.json", "-o", "json"),
    "report": ("verify", "demo", "-o", "sarif"),
    "record": ("get", "demo", "-o", "yaml"),
    "replay": ("replay", "events"),
}


@pytest.fixture
def cloud(cloudctl):
    cloudctl.run("setup", "--name", "demo", "--region", REGION, "--yes", "--skip-preflight")
    cloudctl.run("verify", "demo", "--save-facts", "facts.json", "--events", "events", code=None)
    return cloudctl


def run(cloud, at: int, *words: str) -> subprocess.CompletedProcess:
    return subprocess.run([str(TOOL), str(at), *words], env=cloud.environment, cwd=cloud.home, text=True,
                          capture_output=True, stdin=subprocess.DEVNULL, timeout=TIMEOUT)


def blocks(cloud, *words: str) -> int:
    """How many blocks the command takes: the first number at which none is missing, found by halving."""
    low, high = 1, 1 << 20
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if run(cloud, middle, *words).returncode == 70 else (low, middle)
    return low


@pytest.mark.parametrize("command", COMMANDS)
def test_at_every_block(cloud, command):
    words = COMMANDS[command]
    count = blocks(cloud, *words)
    assert count > 50
    for at in range(1, count, count // SAMPLES + 1):
        done = run(cloud, at, *words)
        assert (done.returncode, done.stderr.splitlines()[-1:]) == (70, ["cloudctl: out of memory"]), f"block {at}: {done}"


def test_on_the_screen(cloud):
    terminal = Terminal([str(TOOL), "0", "verify", "demo", "--ui", "tui"], {**cloud.environment, "TERM": "xterm-256color"},
                        cloud.home)
    try:
        terminal.wait_for("q quit", "PASSED:")
        terminal.signal(signal.SIGURG)
        terminal.press("?")
        assert "cloudctl: out of memory" in given_back(terminal, 70)
    finally:
        terminal.close()
