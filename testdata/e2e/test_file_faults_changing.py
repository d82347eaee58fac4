# SPDX-License-Identifier: Apache-2.0
"""As test_file_faults.py, for the commands that change something in AWS: nothing is made twice, and nothing is left."""

import shutil
import subprocess

import pytest
from conftest import BINARY, SOAK, Customer
from file_faults import CALLS, Trace, look_for_losses, needs_strace
from test_killed_anywhere import (
    DELETE,
    SETUP,
    DeleteCleaned,
    DeleteForced,
    DeleteKept,
    DeleteManaged,
    DeleteRegistered,
    DeleteRetained,
    DeleteWithBucket,
    Edit,
    Register,
    Setup,
    Update,
    UpdateContinue,
    UpdateDrift,
    UpdateKept,
)

pytestmark = needs_strace
CHANGING = {"setup": Setup, "register": Register, "delete managed": DeleteManaged, "delete registered": DeleteRegistered,
            "delete retained": DeleteRetained, "delete forced": DeleteForced, "edit": Edit, "update": Update,
            "delete cleaned": DeleteCleaned, "delete with bucket": DeleteWithBucket, "delete kept": DeleteKept,
            "update --continue": UpdateContinue, "update --drift revert": UpdateDrift, "update --drift keep": UpdateKept}
SAMPLE = {"setup": ("link",), "register": ("rename",), "delete managed": (),
          "delete retained": (), "delete forced": (), "delete registered": ("unlink",), "edit": ("rename", "getdents64"),
          "update": ("rename",), "delete cleaned": (), "delete with bucket": (), "delete kept": ("rename",),
          "update --continue": ("rename",), "update --drift revert": (), "update --drift keep": ()}


class Changing:
    """A row of the kills (test_killed_anywhere.py), from the beginning for each run."""

    def __init__(self, kind, cloudctl, local_aws):
        self.kind, self.cloudctl, self.local_aws = kind, cloudctl, local_aws
        self.begin()

    def begin(self):
        self.local_aws.reset()
        shutil.rmtree(self.cloudctl.state, ignore_errors=True)
        self.row = self.kind(self.cloudctl, self.local_aws, lambda: Customer(self.local_aws))
        self.words = self.row.words

    def end(self):
        self.local_aws.quiet()
        begun = self.cloudctl.record("demo")
        if begun or self.row.words_undo:
            self.cloudctl.run(*self.row.words)
        self.row.done(begun)
        if self.cloudctl.records():
            self.cloudctl.run(*DELETE)
        # What a killed write left is removed when it is old.
        for path in self.cloudctl.state.glob("cloudctl/clouds/*.cloudctl-*"):
            path.unlink()
        self.row.nothing_left()


@pytest.mark.parametrize("name, call", [(name, call) for name in CHANGING for call in (CALLS if SOAK else SAMPLE[name])])
def test_fault(cloudctl, local_aws, name, call, record_property):
    look_for_losses(Changing(CHANGING[name], cloudctl, local_aws), call, record_property, name)


def test_no_hard_links(cloudctl, local_aws):
    """As on some network file systems: a record is made all the same."""
    done = Trace(cloudctl, SETUP, "link:error=EPERM").done
    assert done.returncode == 0, done.stderr
    assert cloudctl.record("demo")["state"] == "ready" and cloudctl.records() == ["demo.yaml"]


@pytest.mark.parametrize("words", [("list",), ("verify", "--all")])
def test_a_record_that_vanishes(cloudctl, local_aws, words):
    """Another process deletes it after the names were read."""
    cloudctl.run(*SETUP)
    path = cloudctl.state / "cloudctl/clouds/demo.yaml"
    gone = path.with_name("gone.yaml")
    gone.write_text(path.read_text().replace("name: demo", "name: gone"))
    done = subprocess.run(["strace", "-f", "-o", "/dev/null", "-P", str(gone), "-e", "inject=openat,lstat,newfstatat:error=ENOENT",
                           str(BINARY), *words], env={**cloudctl.environment, "ASAN_OPTIONS": "detect_leaks=0"}, text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, cwd=cloudctl.home, timeout=120)
    assert done.returncode == 0 and "gone" not in done.stdout + done.stderr, done.stderr
