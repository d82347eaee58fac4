# SPDX-License-Identifier: Apache-2.0
"""Faults in the calls to the file system, put in by strace: whatever fails, the file is named, nothing is lost, and
the same command again ends well.

The test run takes a few; testdata/soak.sh takes every call and every fault.
"""

import re
import subprocess

import pytest
from conftest import BINARY, REGION, SOAK

SETUP = ("setup", "--name", "demo", "--region", REGION, "--skip-preflight", "--yes")
FAULTS = ("error=ENOSPC", "error=EIO", "error=EROFS", "error=EPERM", "signal=KILL")
CALLS = {"fsync": 8, "rename": 3, "link": 1, "unlink": 1, "mkdir": 9}  # folders above the registry are looked at, too


def can_trace():
    try:
        done = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, timeout=30)
    except FileNotFoundError:
        return False
    return done.returncode == 0


pytestmark = pytest.mark.skipif(not can_trace(), reason="strace is missing, or ptrace is refused here")


def run(cloudctl, faults, *words):
    """The program with these faults; LeakSanitizer cannot work under strace."""
    traced = ["strace", "-f", "-o", "/dev/null", *faults, str(BINARY), *words]
    return subprocess.run(traced, env={**cloudctl.environment, "ASAN_OPTIONS": "detect_leaks=0"}, text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, cwd=cloudctl.home, timeout=120)


def cases():
    for call, count in CALLS.items():
        for number in range(1, count + 1):
            for fault in FAULTS:
                yield call, number, fault


SAMPLE = [("fsync", 2, "error=ENOSPC"), ("rename", 1, "error=EIO"), ("link", 1, "error=EPERM"),
          ("rename", 2, "signal=KILL")]


@pytest.mark.parametrize("call, number, fault", cases() if SOAK else SAMPLE)
def test_setup_converges(cloudctl, local_aws, call, number, fault):
    done = run(cloudctl, ["-e", f"inject={call}:{fault}:when={number}"], *SETUP)
    local_aws.quiet()
    if done.returncode == 4:
        named = re.search(r"(/[^:]+): (No space|Input/output|Read-only|Operation not)", done.stderr)
        assert named and (str(cloudctl.state) in named[1] or str(cloudctl.state).startswith(named[1])), done.stderr
    cloudctl.run(*SETUP)
    record = cloudctl.record("demo")
    alive = [stack for stack in local_aws.stacks() if stack["StackStatus"] != "DELETE_COMPLETE"]
    assert record["state"] == "ready" and [stack["StackName"] for stack in alive] == [record["stack_name"]]
    cloudctl.run("delete", "demo", "--yes")
    # What a killed write left is removed when it is old.
    assert [name for name in cloudctl.records() if ".cloudctl-" not in name] == []


def test_no_hard_links(cloudctl, local_aws):
    """As on some network file systems: a record is made all the same."""
    done = run(cloudctl, ["-e", "inject=link:error=EPERM"], *SETUP)
    assert done.returncode == 0, done.stderr
    assert cloudctl.record("demo")["state"] == "ready" and cloudctl.records() == ["demo.yaml"]


@pytest.mark.parametrize("words", [("list",), ("verify", "--all")])
def test_a_record_that_vanishes(cloudctl, local_aws, words):
    """Another process deletes it after the names were read."""
    cloudctl.run(*SETUP)
    path = cloudctl.state / "cloudctl/clouds/demo.yaml"
    (path.parent / "gone.yaml").write_text(path.read_text().replace("name: demo", "name: gone"))
    done = run(cloudctl, ["-P", str(path.parent / "gone.yaml"), "-e", "inject=openat,lstat,newfstatat:error=ENOENT"],
               *words)
    assert done.returncode == 0 and "gone" not in done.stdout + done.stderr, done.stderr
