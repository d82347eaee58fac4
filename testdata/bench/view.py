#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What does the full screen cost on a large terminal with many findings?

Not a test: prints figures. Replays a made-up run on a pseudo-terminal of 300 x 100: 2,000 findings in 40 groups, every
twentieth failed. Measured are
  frame        processor milliseconds, and bytes sent, for a key press that changes the picture: model, grid, curses, write
  jump         the same for Home and End, which change nearly every cell
  all cells    bytes of a picture that is sent as a whole (Ctrl-L), for comparison
  idle         wake-ups of the process a second when the run has ended and nobody presses a key
  tick         wake-ups and bytes a second while a run goes on and nothing happens but the clock's tick; 40 groups turn
  processor    share of a processor meanwhile

    build/venv/bin/python3 testdata/bench/view.py [--binary build/release/cloudctl] [--keys 400]
"""

import argparse
import json
import os
import pathlib
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "testdata/e2e"))
from terminal import Terminal  # noqa: E402

GROUPS, FINDINGS, SIZE = 40, 2000, (300, 100)
WHY = "Clusters are reached by it, and a file system is mounted by name. " * 3


def record(path, ended: bool) -> None:
    """The run; one that has not ended waits an hour for its last event."""
    events = [{"schema": "cloudctl.events/1"}, {"at_ms": 0, "kind": "run", "command": "verify", "cloud": "bench"}]
    for group in range(GROUPS):
        events.append({"at_ms": 0, "kind": "resource", "id": f"g{group}", "name": f"group {group}", "state": "working",
                       "verdict": "SKIP", "elapsed_ms": 0, "physical_id": f"vpc-{group:017x}"})
    for number in range(FINDINGS):
        verdict = "FAIL" if number % 20 == 0 else "PASS"
        events.append({"at_ms": 1, "kind": "finding", "check": f"g{number * GROUPS // FINDINGS}.check-{number}", "verdict": verdict,
                       "group": f"g{number * GROUPS // FINDINGS}", "severity": "FAIL", "holds": f"number {number} holds",
                       "text": f"{number} was found " * 4, "why": WHY, "remedy": f"aws ec2 do --something {number}",
                       "evidence": [f"evidence {line} of {number}" for line in range(20)]})
    if ended:
        events.append({"at_ms": 2, "kind": "end", "exit_code": 1, "verdict": "FAIL", "calls": 1, "retries": 0, "counts":
                       {"PASS": FINDINGS, "WARN": 0, "FAIL": FINDINGS // 20, "UNKNOWN": 0, "SKIP": 0}})
    else:
        events.append({"at_ms": 3600000, "kind": "step", "level": "note", "text": "late"})
    path.write_text("".join(json.dumps(event) + "\n" for event in events))


def show(binary, path, ended: bool) -> Terminal:
    record(path, ended)
    environment = {"PATH": os.environ["PATH"], "HOME": str(path.parent), "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
    terminal = Terminal([binary, "replay", "--ui", "tui", "--speed", "1", str(path)], environment, path.parent, *SIZE)
    terminal.wait_for("FAILED:" if ended else "running:", "group 0")
    while ended and terminal.read(0.3):
        pass
    return terminal


def processor_ms(terminal) -> float:
    fields = pathlib.Path(f"/proc/{terminal.process.pid}/schedstat").read_text().split()
    return int(fields[0]) / 1e6


def wake_ups(terminal) -> int:
    status = pathlib.Path(f"/proc/{terminal.process.pid}/status").read_text()
    return int(status.split("voluntary_ctxt_switches:")[1].split()[0])


def press(terminal, key: str, times: int, other: str | None = None) -> str:
    """Processor milliseconds and bytes a press, the program left in peace between them so that each is a picture of its own."""
    used, sent = processor_ms(terminal), len(terminal.raw)
    for number in range(times):
        terminal.press(other if other and number % 2 else key)
        while terminal.read(0.02):
            pass
    return f"{(processor_ms(terminal) - used) / times:8.2f} ms {(len(terminal.raw) - sent) / times:8.0f} bytes"


def over(terminal, seconds: float = 5) -> str:
    """Wake-ups and bytes a second when nothing is pressed."""
    before, sent, end = wake_ups(terminal), len(terminal.raw), time.monotonic() + seconds
    while time.monotonic() < end:
        terminal.read(0.1)
    return f"{(wake_ups(terminal) - before) / seconds:8.2f} /s {(len(terminal.raw) - sent) / seconds:8.0f} bytes/s"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=str(ROOT / "build/release/cloudctl"))
    parser.add_argument("--keys", type=int, default=400)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "bench.events"
        terminal = show(options.binary, path, ended=True)
        terminal.press("home")
        print(f"frame     {press(terminal, 'down', options.keys)}")
        print(f"jump      {press(terminal, 'end', options.keys // 4, 'home')}")
        print(f"all cells {press(terminal, 'ctrl-l', options.keys // 4)}")
        print(f"idle      {over(terminal)}")
        terminal.close()
        terminal = show(options.binary, path, ended=False)
        used = processor_ms(terminal)
        print(f"tick      {over(terminal)}")
        print(f"processor {(processor_ms(terminal) - used) / 50:8.2f} %")
        terminal.close()


if __name__ == "__main__":
    main()
