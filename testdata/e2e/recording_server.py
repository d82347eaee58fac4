# SPDX-License-Identifier: Apache-2.0
"""recording_server.py REQUESTS SECRETS [options of serve]: the local AWS. Every request of cloudctl is written to REQUESTS as
it came, a line of JSON each, before it is answered; the secret and token of whoever signs one to SECRETS, a line each."""

import base64
import json
import os
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "local-aws"))

from local_aws import __main__, authentication, front  # noqa: E402


def record(descriptor: int, raw) -> None:
    if not raw.headers.get("user-agent", "").startswith("cloudctl/"):
        return  # boto3, by which tests look and prepare
    row = {"method": raw.method, "target": raw.target, "headers": raw.headers, "body": base64.b64encode(raw.body).decode()}
    os.write(descriptor, json.dumps(row).encode() + b"\n")


def open_log(name: str) -> int:
    return os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def record_secrets(descriptor: int) -> None:
    """Let those who are found to have signed a request be written down, once each."""
    authenticate, known = authentication.authenticate, set()

    def recorded(*arguments):
        claim, principal = authenticate(*arguments)
        new = {principal.secret, principal.token} - known - {""}
        if new:
            known.update(new)
            os.write(descriptor, "".join(f"{secret}\n" for secret in new).encode())
        return claim, principal

    authentication.authenticate = recorded


def main() -> int:
    descriptor = open_log(sys.argv.pop(1))
    record_secrets(open_log(sys.argv.pop(1)))
    answer, lock = front.Front.answer, threading.Lock()

    def recorded(self, raw):
        with lock:
            record(descriptor, raw)
        return answer(self, raw)

    front.Front.answer = recorded
    return __main__.main()


if __name__ == "__main__":
    sys.exit(main())
