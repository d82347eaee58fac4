# SPDX-License-Identifier: Apache-2.0
"""Programs that give credentials (credential_process): the screen lives while one runs, nothing of it outlives cloudctl, and
one that asks its user something is lent the terminal."""

import json
import os
import select
import signal

import pytest
from conftest import BINARY, KEYS, REGION, TIMEOUT, wait_for
from terminal import Terminal
from test_view import given_back, show  # noqa: F401  (a fixture)

GOOD = json.dumps({"Version": 1, "AccessKeyId": KEYS[0], "SecretAccessKey": KEYS[1]})
ASKS = "printf 'Token: ' >/dev/tty\nread -r token </dev/tty\n[ \"$token\" = 123456 ] || exit 9\n"
HIDES = "stty -echo </dev/tty\n" + ASKS + "stty echo </dev/tty\n"
FROM_INPUT = "printf 'Token: ' >/dev/tty\nread -r token\n[ \"$token\" = 123456 ] || exit 9\n"
SLEEPS = "sleep 1000 &\necho >sleeps\nwait\n"


class Program:
    """The program of profile "dev"; whether anything of it is still alive."""

    def __init__(self, cloudctl):
        self.home = cloudctl.home
        self.path = cloudctl.home / "program"
        self.alive = cloudctl.home / "alive"
        os.mkfifo(self.alive)
        # Whatever it starts inherits the writing end: the reading end ends with the last of them.
        self.reading = os.open(self.alive, os.O_RDONLY | os.O_NONBLOCK)
        (cloudctl.home / "config").write_text(f"[profile dev]\nregion = {REGION}\ncredential_process = {self.path}\n")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            del cloudctl.environment[name]
        cloudctl.environment |= {"AWS_CONFIG_FILE": str(cloudctl.home / "config"), "AWS_PROFILE": "dev"}

    def write(self, script: str) -> None:
        self.path.write_text(f"#!/bin/sh\ncd {self.home}\nexec 3>{self.alive}\necho $$ >new\nmv new begun\n{script}echo '{GOOD}'\n")
        self.path.chmod(0o700)

    def sleeps(self) -> bool:
        return (self.home / "sleeps").exists()

    def has(self, terminal) -> bool:
        """Is it lent the terminal?"""
        return os.tcgetpgrp(terminal.master) == int((self.home / "begun").read_text())

    def must_be_gone(self) -> None:
        assert select.select([self.reading], [], [], 60)[0], "something of it lives on"
        assert os.read(self.reading, 1) == b""


@pytest.fixture
def program(cloudctl):
    cloudctl.run("setup", "--name", "demo", "--region", REGION, "--yes")
    made = Program(cloudctl)
    yield made
    os.close(made.reading)


def test_the_screen_lives_while_it_runs(show, program):
    program.write(SLEEPS)
    terminal = show("verify")
    wait_for(program.sleeps, TIMEOUT)
    terminal.wait_for("Enter open")
    terminal.press("?")
    terminal.wait_for("copy the fix")
    terminal.press("x")
    terminal.resize(100, 30)
    terminal.wait_until(lambda: "Enter open" in terminal.text().split("\n")[29], "100 x 30")
    terminal.press("ctrl-c")
    assert "interrupted" in given_back(terminal, -signal.SIGINT)
    program.must_be_gone()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_nothing_outlives_an_interrupt(cloudctl, program, number):
    program.write(SLEEPS)
    process = cloudctl.start("verify")
    wait_for(program.sleeps, TIMEOUT)
    process.send_signal(number)
    process.communicate(timeout=TIMEOUT)
    assert process.returncode == -number
    program.must_be_gone()


@pytest.mark.parametrize("script", [ASKS, HIDES, FROM_INPUT], ids=["terminal", "hidden", "input"])
def test_it_asks_on_the_terminal(show, program, script):
    program.write(script)
    terminal = show("verify", ui="plain")
    terminal.wait_for("Token:")
    terminal.press("123456", "enter")
    assert "Verification result:" in given_back(terminal, 0)


@pytest.mark.parametrize("script", [ASKS, HIDES], ids=["shown", "hidden"])
def test_ctrl_c_while_it_asks_ends_both(show, program, script):
    program.write(script)
    terminal = show("verify", ui="plain")
    terminal.wait_for("Token:")
    wait_for(lambda: program.has(terminal))
    terminal.press("ctrl-c")
    assert "interrupted" in given_back(terminal, -signal.SIGINT)
    program.must_be_gone()


def test_it_cannot_ask_on_the_screen(show, program):
    program.write(ASKS)
    terminal = show("verify", "--no-wait")
    text = given_back(terminal, 4).replace("\n", "")
    assert "it wants to ask on the terminal, which the full screen has; give --ui plain" in text
    program.must_be_gone()


@pytest.fixture
def shell(cloudctl, program):
    """A shell with job control."""
    del program
    environment = {**cloudctl.environment, "TERM": "xterm-256color", "PS1": "ready> "}
    terminal = Terminal(["bash", "--norc", "--noprofile", "-i"], environment, cloudctl.home)
    terminal.wait_for("ready>")
    yield terminal
    terminal.close()


def test_stopped_while_it_asks(shell, program):
    """Ctrl-Z stops the whole job, and fg lets it ask on."""
    program.write(ASKS)
    shell.press(f"{BINARY} verify --ui plain", "enter")
    shell.wait_for("Token:")
    wait_for(lambda: program.has(shell))
    shell.press("ctrl-z")
    shell.wait_for("Stopped")
    shell.press("fg; echo ended with $?", "enter")
    wait_for(lambda: program.has(shell))  # what is typed before is the shell's
    shell.press("123456", "enter")
    shell.wait_for("ended with 0")


def test_in_the_background_it_waits_for_the_terminal(shell, program):
    program.write(ASKS)
    shell.press(f"{BINARY} verify --ui plain & wait; echo it waits", "enter")
    shell.wait_for("Stopped", "it waits")
    shell.press("fg; echo ended with $?", "enter")
    wait_for(lambda: program.has(shell))  # what is typed before is the shell's
    shell.press("123456", "enter")
    shell.wait_for("ended with 0")
