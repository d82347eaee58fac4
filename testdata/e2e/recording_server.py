# SPDX-License-Identifier: Apache-2.0
"""recording_server.py FILE [options of serve]: the local AWS, with every request of cloudctl written to FILE as it came, a
line of JSON each, before it is answered."""

import base64
import json
import os
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "local-aws"))

from local_aws import __main__, front  # noqa: E402


def record(descriptor: int, raw) -> None:
    if not raw.headers.get("user-agent", "").startswith("cloudctl/"):
        return  # boto3, by which tests look and prepare
    row = {"method": raw.method, "target": raw.target, "headers": raw.headers, "body": base64.b64encode(raw.body).decode()}
    os.write(descriptor, json.dumps(row).encode() + b"\n")


def main() -> int:
    descriptor = os.open(sys.argv.pop(1), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    answer, lock = front.Front.answer, threading.Lock()

    def recorded(self, raw):
        with lock:
            record(descriptor, raw)
        return answer(self, raw)

    front.Front.answer = recorded
    return __main__.main()


if __name__ == "__main__":
    sys.exit(main())
