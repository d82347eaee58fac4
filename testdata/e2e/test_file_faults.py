# SPDX-License-Identifier: Apache-2.0
"""Faults in every call to the file system that touches a record, a lock, events or facts, put in by strace: whatever fails,
the file is named, the exit code is not 0, a record is whole or the old one, and the same command again ends well.

Which calls a command makes is seen in a run without faults, so a new one joins by itself; a command joins by a row. The
test run takes the last call of some kinds; testdata/soak.sh takes every call and every fault. Commands that change something
in AWS are in test_file_faults_changing.py.
"""

import shutil

import pytest
from conftest import SOAK, Cloudctl
from file_faults import CALLS, look_for_losses, needs_strace
from verify_support import Site, new_cloud

VERIFY = ("verify", "prod", "--only", "vpc.exists")
KEPT = {"list": ("list",), "set-default": ("set-default", "prod"), "verify": ("verify", "prod"),
        "--events": (*VERIFY, "--events={}/written"), "--save-facts": (*VERIFY, "--save-facts={}/written"),
        "--debug": (*VERIFY, "--debug={}/written")}
SAMPLE = {"list": ("getdents64",), "set-default": ("rename", "fsync"), "verify": ("write",), "--events": ("write", "ftruncate"),
          "--save-facts": ("fsync",), "--debug": ("write",)}


class Kept:
    """A command that leaves AWS as it is, with a copy of the records of a registered cloud for each run."""

    def __init__(self, words, cloudctl, kept):
        self.words = [word.format(cloudctl.home) for word in words]
        self.cloudctl, self.kept = cloudctl, kept
        self.begin()

    def begin(self):
        shutil.rmtree(self.cloudctl.state, ignore_errors=True)
        shutil.copytree(self.kept.state, self.cloudctl.state)

    def end(self):
        self.cloudctl.run(*self.words)


@pytest.fixture(scope="module")
def kept(server, tmp_path_factory):
    return new_cloud(tmp_path_factory.mktemp("kept"), server).register(Site(server)).cloudctl


@needs_strace
@pytest.mark.parametrize("name, call", [(name, call) for name in KEPT for call in (CALLS if SOAK else SAMPLE[name])])
def test_fault(kept, server, tmp_path, name, call, record_property):
    row = Kept(KEPT[name], Cloudctl(tmp_path, server.url), kept)
    look_for_losses(row, call, record_property, name)


# Facts are put in place whole, by a rename, which only a regular file can be; nothing is written then.
@pytest.mark.parametrize("device, option, code, says", [
    ("/dev/full", "--events", 4, "No space left"), ("/dev/full", "--debug", 4, "No space left"),
    ("/dev/full", "--save-facts", 4, "not a regular file"), ("/dev/null", "--events", 0, ""), ("/dev/null", "--debug", 0, ""),
    ("/dev/null", "--save-facts", 4, "not a regular file"), ("/dev/stdout", "--events", 0, ""),
    ("/dev/stdout", "--debug", 0, ""), ("/dev/stdout", "--save-facts", 4, "not a regular file")])
def test_a_device(kept, device, option, code, says):
    done = kept.run(*VERIFY, f"{option}={device}", code=code)
    assert code == 0 or (device in done.stderr and says in done.stderr), done.stderr
    assert "vpc: PASSED" in done.stdout
    shown = {"--events": '"kind":', "--debug": "> POST", "--save-facts": "facts"}[option]
    assert (shown in done.stdout) == (device == "/dev/stdout" and code == 0), done.stdout
