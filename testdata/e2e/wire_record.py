# SPDX-License-Identifier: Apache-2.0
"""What cloudctl sent in a test, to whatever server, judged by botocore's service models (testdata/wire/contract.py)."""

import base64
import importlib.util
import json
from pathlib import Path
from types import SimpleNamespace

_path = Path(__file__).resolve().parents[1] / "wire/contract.py"
_spec = importlib.util.spec_from_file_location("wire_contract", _path)
contract = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(contract)


class WireRecord:
    """Requests as lines in a file, which recording_server.py writes, and those that odd servers keep."""

    def __init__(self):
        self.file: Path | None = None
        self.read = 0  # bytes of the file that were judged
        self.odd: list[bytes] = []
        self.judged = 0
        self._known: dict[tuple, list[str]] = {}

    def problems(self) -> list[str]:
        """Every violation since the last time."""
        return [problem for request in self._new() for problem in self._judge(request)]

    def _new(self):
        if self.file:
            with self.file.open("rb") as lines:
                lines.seek(self.read)
                for line in lines:
                    if not line.endswith(b"\n"):
                        break  # it is being written
                    self.read += len(line)
                    row = json.loads(line)
                    yield SimpleNamespace(**row | {"body": base64.b64decode(row["body"])})
        while self.odd:
            if request := from_bytes(self.odd.pop()):
                yield request

    def _judge(self, request) -> list[str]:
        """Equal requests are judged once; what signs and dates them does not matter."""
        headers = {name: value for name, value in request.headers.items() if name not in ("x-amz-date", "authorization")}
        scope = request.headers.get("authorization", "").partition("/")[2].partition(",")[0][8:]
        key = request.method, request.target, scope, json.dumps(headers, sort_keys=True), request.body
        self.judged += 1
        if key not in self._known:
            self._known[key] = list(contract.violations(request))
        return self._known[key]


def from_bytes(data: bytes):
    """A request to AWS from what a server read; None for one to a proxy's own door or to the machine's metadata."""
    head, end, body = data.partition(b"\r\n\r\n")
    if not end:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if method == "CONNECT" or not headers.get("authorization", "").startswith("AWS4-"):
        return None
    if "://" in target:  # to a proxy
        target = "/" + target.split("://", 1)[1].partition("/")[2]
    return SimpleNamespace(method=method, target=target, headers=headers, body=body)
