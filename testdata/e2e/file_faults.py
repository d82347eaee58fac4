# SPDX-License-Identifier: Apache-2.0
"""Faults in calls to the file system, put in by strace, for test_file_faults.py and test_file_faults_changing.py."""

import re
import subprocess
from collections import Counter

import pytest
import yaml
from conftest import BINARY, SOAK

# call: the errors that it is given; and whether the program may also be killed there, because something changes. Symbolic
# links are looked for by readlink, and EINVAL, which is no fault, is what it answers for everything else. What a record holds
# is flushed before close(), and an event or a trace was written when its write() ended.
CALLS = {"openat": (("EACCES", "EMFILE"), True), "read": (("EIO",), False), "write": (("ENOSPC", "EIO"), True),
         "fsync": (("EIO",), True), "rename": (("EIO", "EROFS"), True),
         "link": (("EIO",), True), "unlink": (("EIO",), True), "mkdir": (("ENOSPC", "EROFS"), True),
         "newfstatat": (("EIO",), False), "fcntl": (("ENOLCK",), False), "getdents64": (("EIO",), False),
         "ftruncate": (("EIO",), True), "fchmod": (("EPERM",), False)}
LINE = re.compile(r"^(\d+) +(\w+)\((.*)\) += ")


def can_trace():
    try:
        done = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, timeout=30)
    except FileNotFoundError:
        return False
    return done.returncode == 0


needs_strace = pytest.mark.skipif(not can_trace(), reason="strace is missing, or ptrace is refused here")


class Trace:
    """One run under strace: how it ended, and its calls as (name, which of that name, arguments, line). Those that look
    for what killed writes have left are not among them: the only ones that name a folder with a slash behind it, after
    all is written, and what cannot be removed stays (base/file.h)."""

    def __init__(self, cloudctl, words, fault: str = ""):
        log = cloudctl.home.with_name(cloudctl.home.name + ".strace")
        command = ["strace", "-f", "--seccomp-bpf", "-y", "-o", str(log), "-e",
                   "trace=close," + ",".join(CALLS)]
        # LeakSanitizer cannot work under strace.
        self.done = subprocess.run([*command, *(["-e", f"inject={fault}"] if fault else []), str(BINARY), *words], text=True,
                                   env={**cloudctl.environment, "ASAN_OPTIONS": "detect_leaks=0"}, capture_output=True,
                                   stdin=subprocess.DEVNULL, cwd=cloudctl.home, timeout=120)
        lines = log.read_text(errors="replace").splitlines()
        log.unlink()
        self.calls, counts, first = [], Counter(), lines[0].split()[0] if lines else ""
        sweeping = None
        for line in lines:
            if not (found := LINE.match(line)) or found[1] != first:
                continue
            name, words = found[2], re.sub(r"AT_FDCWD<[^>]*>", "", found[3])
            counts[name] += 1
            if name == "openat" and '/", ' in words:
                sweeping = line[found.end():].partition("<")[0] + "<"  # its descriptor
            if not (sweeping and (name == "openat" or words.startswith(sweeping))):
                self.calls.append((name, counts[name], words, line))
            elif name == "close":
                sweeping = None

    def of(self, *folders):
        """Those that touch files of ours."""
        return [row for row in self.calls if any(str(folder) in row[2] for folder in folders)]

    def injected(self) -> str:
        """The call that the fault was put into."""
        return next((line for *_, line in self.calls if "(INJECTED)" in line), "")


def records_of(cloudctl) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in cloudctl.state.glob("cloudctl/clouds/*.yaml")}


def call_of(fault: str) -> str:
    return fault.partition(":")[0]


def wrong_with(trace, cloudctl, fault) -> str:
    """What is wrong with how the run ended."""
    done, line = trace.done, trace.injected()
    for name, text in records_of(cloudctl).items():
        record = yaml.safe_load(text)
        if not isinstance(record, dict) or not {"version", "id", "name", "state"} <= set(record):
            return f"{name} is not whole: {text[:200]}"
    if "Sanitizer" in done.stderr or done.returncode == 70:
        return f"exit {done.returncode}: {done.stderr[-300:]}"
    if "signal=KILL" in fault or not line:
        return ""
    paths = re.findall(r'["<](/[^">]+)[">]', LINE.match(line)[3]) or [""]
    named = any(part in done.stderr for path in paths for part in (path.partition(".cloudctl-")[0], path.rpartition("/")[0]))
    if done.returncode == 0 and call_of(fault) == "newfstatat":
        return ""  # what is only looked at is opened or made next, and that says what is there
    if done.returncode == 0 and call_of(fault) == "unlink" and ".cloudctl-" in line:
        return ""  # a name of a record that is there under its own; it goes with the leftovers of killed writes
    if done.returncode == 0 and not named:
        return f"exit 0 without a word, {line}"
    return "" if named else f"exit {done.returncode}, and the file is not named: {done.stderr[-300:]}"


def faults_of(trace, cloudctl, call):
    numbers = [number for name, number, *_ in trace.of(cloudctl.state, cloudctl.home / "written") if name == call]
    errors, kill = CALLS[call]
    faults = [*(f"error={error}" for error in errors), *(["signal=KILL"] if kill else [])]
    for number in numbers if SOAK else numbers[-1:]:
        yield from (f"{call}:{fault}:when={number}" for fault in (faults if SOAK else faults[:1]))


def look_for_losses(row, call, record_property, name) -> None:
    """The row's command with each fault at each of its calls of this kind, and then without."""
    lost, tries = [], 0
    good = Trace(row.cloudctl, row.words)
    assert good.done.returncode == 0 and good.of(row.cloudctl.state), good.done.stderr
    for fault in list(faults_of(good, row.cloudctl, call)):
        row.begin()
        trace = Trace(row.cloudctl, row.words, fault)
        tries += 1
        if problem := wrong_with(trace, row.cloudctl, fault):
            lost.append(f"{fault}: {problem}")
        try:
            row.end()
        except AssertionError as error:
            lost.append(f"{fault}, the command again: {error}")
    record_property("tries", tries)
    record_property("lost", len(lost))
    assert not lost, f"{name}: {len(lost)} of {tries}:\n" + "\n".join(lost)
