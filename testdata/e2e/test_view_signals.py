# SPDX-License-Identifier: Apache-2.0
"""The full screen and signals: interrupted, killed, stopped and continued, the terminal is given back."""

import os
import signal

import pytest
from conftest import BINARY, HELD, REGION, wait_for
from terminal import Terminal
from test_view import break_cloud, cloud, given_back, show  # noqa: F401  (fixtures)

PLAIN_DEATH = {"ASAN_OPTIONS": "handle_segv=0:handle_sigbus=0:handle_abort=0:handle_sigill=0:handle_sigfpe=0"}


def test_ctrl_c_ends_verify(show, cloud, local_aws):
    local_aws.faults({"match": "s3:*", "delay": HELD})
    terminal = show("verify", height=100)
    terminal.wait_for("running", "✓ VPC")
    terminal.press("ctrl-c")
    text = given_back(terminal, -signal.SIGINT)
    local_aws.faults()
    assert "interrupted" in text and "vpc: PASSED" in text


def test_ctrl_c_says_first_what_goes_on(show, cloudctl, local_aws):
    local_aws.control("POST", "settings", {"settle": 30})  # the stack is not made before that is over
    terminal = show("setup", "--name", "demo", "--region", REGION, "--yes")
    terminal.wait_for("creating:")
    terminal.press("ctrl-c")
    shown = terminal.wait_for("goes on in AWS")
    assert "cloudctl setup --name demo" in shown and "cloudctl delete --name demo" in shown
    terminal.press("x")
    terminal.wait_for("Enter open")
    terminal.press("ctrl-c", "ctrl-c")
    text = given_back(terminal, -signal.SIGINT)
    local_aws.control("POST", "settings", {"settle": 0})
    assert "To come back to it: cloudctl setup --name demo" in text.replace("\n", "")
    assert cloudctl.record("demo")["state"] == "creating"
    cloudctl.run("setup", "--name", "demo", "--region", REGION, "--yes")
    assert cloudctl.record("demo")["state"] == "ready"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_signals_that_ask(show, cloud, local_aws, number):
    local_aws.faults({"match": "s3:*", "delay": HELD})
    terminal = show("verify", height=100)
    terminal.wait_for("running")
    terminal.signal(number)
    assert "vpc:" in given_back(terminal, -number)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_while_the_user_looks(show, cloud, number):
    terminal = show("verify")
    terminal.wait_for("PASSED:", "q quit")
    terminal.signal(number)
    assert "Verification result:" in given_back(terminal, -number)


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGFPE, signal.SIGILL,
                                    signal.SIGQUIT, signal.SIGUSR1, signal.SIGALRM])
def test_signals_that_kill(show, cloud, number):
    terminal = show("verify", **PLAIN_DEATH)
    terminal.wait_for("PASSED:", "q quit")
    terminal.signal(number)
    assert "Verification result:\naccount: PASSED\nvpc: PASSED\n" in given_back(terminal, -number)


def test_killed_in_the_middle_what_was_found_is_there(show, cloud, local_aws):
    break_cloud(local_aws, cloud)
    local_aws.faults({"match": "s3:*", "delay": HELD})
    terminal = show("verify", height=40, **PLAIN_DEATH)
    terminal.wait_for("running", "✗ FAIL    security-groups.https")
    terminal.signal(signal.SIGSEGV)
    text = given_back(terminal, -signal.SIGSEGV)
    local_aws.faults()
    assert "FAIL    security-groups.https" in text and "Verification result" not in text


def test_ctrl_backslash(show, cloud):
    terminal = show("verify", **PLAIN_DEATH)
    terminal.wait_for("PASSED:", "q quit")
    terminal.press("\034")
    given_back(terminal, -signal.SIGQUIT)


def test_a_second_signal_kills_and_still_gives_back(show, cloud, local_aws):
    """The first is noted while the process is stopped, the second comes before anybody could look."""
    terminal = show("verify")
    terminal.wait_for("PASSED:", "q quit")
    terminal.signal(signal.SIGSTOP)
    wait_for(lambda: open(f"/proc/{terminal.process.pid}/stat").read().rsplit(") ", 1)[1][0] == "T")
    terminal.signal(signal.SIGTERM)
    terminal.signal(signal.SIGINT)
    terminal.signal(signal.SIGCONT)
    ended = terminal.end()
    assert ended in (-signal.SIGTERM, -signal.SIGINT)
    assert terminal.alternate is None and terminal.settings() == terminal.before


def test_the_terminal_goes_away(show, cloud):
    """With the window closed and SIGHUP ignored nobody will ever press q."""
    terminal = show("verify")
    terminal.wait_for("PASSED:", "q quit")
    process = terminal.process
    os.close(terminal.slave)
    os.close(terminal.master)
    process.wait(timeout=60)
    terminal.master, terminal.slave = os.openpty()


@pytest.fixture
def shell(cloud):
    """A shell with job control on a terminal."""
    environment = {**cloud.environment, "TERM": "xterm-256color", "PS1": "ready> "}
    terminal = Terminal(["bash", "--norc", "--noprofile", "-i"], environment, cloud.home)
    terminal.wait_for("ready>")
    yield terminal
    terminal.close()


def command(shell, words: str, home, name: str) -> str:
    """Let the shell write something about the terminal to a file."""
    shell.press(f"{words} > {name}.new; mv {name}.new {name}", "enter")
    path = home / name
    wait_for(path.exists)
    return path.read_text()


@pytest.mark.parametrize("running", [False, True], ids=["ended", "running"])
def test_ctrl_z_and_back(shell, cloud, local_aws, running):
    before = command(shell, "stty -g", cloud.home, "before")
    if running:
        local_aws.faults({"match": "s3:*", "delay": HELD})
    shell.press(f"{BINARY} verify --ui tui", "enter")
    shell.wait_for("running" if running else "q quit")
    shell.press("ctrl-z")
    shell.wait_until(lambda: shell.alternate is None and "Stopped" in shell.text(), "the stop")
    assert command(shell, "stty -g", cloud.home, "stopped") == before
    shell.press("fg", "enter")
    shell.wait_until(lambda: shell.alternate is not None, "the screen")
    local_aws.release()
    shell.wait_for("PASSED:", "q quit")
    shell.press("?")
    shell.wait_for("copy the fix")
    shell.press("x", "q")
    shell.wait_until(lambda: shell.alternate is None and "cloudformation stack: PASSED" in shell.text(), "the end")
    assert command(shell, "stty -g", cloud.home, "after") == before


def test_started_in_the_background(shell, cloud):
    """It stops as soon as it wants the terminal, and has it after fg."""
    before = command(shell, "stty -g", cloud.home, "before")
    shell.press(f"{BINARY} verify --ui tui &", "enter")
    pid = command(shell, "echo $!", cloud.home, "pid").strip()
    wait_for(lambda: open(f"/proc/{pid}/stat").read().rsplit(") ", 1)[1][0] == "T", 60)
    assert command(shell, "stty -g", cloud.home, "during") == before and shell.alternate is None
    shell.press("fg", "enter")
    shell.wait_until(lambda: shell.alternate is not None, "the screen")
    shell.wait_for("PASSED:", "q quit")
    shell.press("q")
    shell.wait_until(lambda: shell.alternate is None and "cloudformation stack: PASSED" in shell.text(), "the end")
    assert command(shell, "stty -g", cloud.home, "after") == before


def test_where_nobody_could_say_fg(show, cloud):
    """Started with SIGTSTP ignored: Ctrl-Z does nothing."""
    terminal = show("verify", script="trap '' TSTP; exec {}")
    terminal.wait_for("PASSED:", "q quit")
    terminal.press("ctrl-z", "?")
    terminal.wait_for("copy the fix")
    assert terminal.entered == 1
    terminal.press("x", "q")
    given_back(terminal, 0)


def test_resized_while_stopped(shell, cloud):
    shell.press(f"{BINARY} verify --ui tui", "enter")
    shell.wait_for("q quit")
    shell.press("ctrl-z")
    shell.wait_until(lambda: shell.alternate is None and "Stopped" in shell.text(), "the stop")
    shell.resize(120, 40)
    shell.press("fg", "enter")
    shell.wait_until(lambda: shell.alternate is not None, "the screen")
    shell.wait_until(lambda: shell.text().split("\n")[39].startswith(" q quit") and "│" in shell.text(), "120 x 40")
    shell.press("q")
    shell.wait_until(lambda: shell.alternate is None, "the end")
