# SPDX-License-Identifier: Apache-2.0
"""Files beside the results, --events and --debug: on a full disk, and FIFOs that nobody reads yet."""

import os
import signal

import pytest
from conftest import REGION, TIMEOUT, wait_for

OPTIONS = ["--events", "--debug"]
CAUGHT = 1 << signal.SIGINT - 1  # in a set of signals of /proc/PID/status


@pytest.fixture
def cloud(cloudctl):
    cloudctl.run("setup", "--name", "demo", "--region", REGION, "--yes", "--skip-preflight")
    return cloudctl


def catches_interrupts(process) -> bool:
    with open(f"/proc/{process.pid}/status") as status:
        [caught] = [line.split()[1] for line in status if line.startswith("SigCgt")]
    return bool(int(caught, 16) & CAUGHT)


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("option", OPTIONS)
def test_a_full_disk_is_told_once(cloud, option, form):
    done = cloud.run("verify", f"{option}=/dev/full", "-o", form, code=4)
    [told] = [line for line in done.stderr.splitlines() if "No space left on device" in line]
    assert told.startswith(f"cloudctl: {option}: /dev/full: ")
    assert done.stdout, "the results are written all the same"


@pytest.mark.parametrize("words", [("policy", "verify", "--check", "--region", REGION), ("delete", "demo", "--yes")],
                         ids=["policy", "delete"])
def test_a_full_disk_is_told_of_every_command(cloud, words):
    assert "cloudctl: --debug: /dev/full: " in cloud.run(*words, "--debug=/dev/full", code=4).stderr


@pytest.mark.parametrize("option", OPTIONS)
def test_a_fifo_without_a_reader_is_left(cloud, option):
    """Ctrl-C while nobody reads."""
    os.mkfifo(cloud.home / "fifo")
    process = cloud.start("verify", f"{option}={cloud.home}/fifo")
    try:
        wait_for(lambda: catches_interrupts(process))
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=TIMEOUT)
    finally:
        process.kill()
    assert process.returncode == -signal.SIGINT
    assert f"{option}: {cloud.home}/fifo: interrupted while nobody read it" in errors


@pytest.mark.parametrize(("option", "begin"), [("--events", '{"schema":'), ("--debug", "> ")])
def test_a_fifo_waits_for_its_reader(cloud, option, begin):
    os.mkfifo(cloud.home / "fifo")
    process = cloud.start("verify", f"{option}={cloud.home}/fifo")
    wait_for(lambda: catches_interrupts(process))
    with open(cloud.home / "fifo") as reading:
        text = reading.read()
    process.communicate(timeout=TIMEOUT)
    assert process.returncode == 0 and text.startswith(begin)
