# SPDX-License-Identifier: Apache-2.0
"""The AWS command line as `aws` for a shell, without its half second of start: its own code, loaded once.

`python aws_cli.py FOLDER` puts a program `aws` into the folder and serves it; ready when a line is on standard output. For
each call a forked child runs the command line's own main() with the caller's words, folder and descriptors.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

SERVICES = ("ec2", "iam", "s3", "efs", "memorydb", "kms", "cloudformation", "sts", "service-quotas", "elbv2")
CLIENT = """#!{python} -SI
import json, os, socket, sys
server = socket.socket(socket.AF_UNIX)
server.connect({path!r})
socket.send_fds(server, [json.dumps([os.getcwd(), sys.argv[1:]]).encode()], [0, 1, 2])
sys.exit(int(server.makefile().readline()))
"""


def serve(folder: Path) -> None:
    """Until the process is stopped. Environment: that of this process, not the caller's."""
    from awscli.clidriver import create_clidriver
    driver = create_clidriver()
    loader = driver.session.get_component("data_loader")
    for name in SERVICES:
        loader.load_service_model(name, "service-2")
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(folder / "socket"))
    server.listen()
    client = folder / "aws"
    client.write_text(CLIENT.format(python=sys.executable, path=str(folder / "socket")))
    client.chmod(0o755)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children leave nothing behind
    print("ready", flush=True)
    while True:
        connection, _ = server.accept()
        if os.fork() == 0:
            _run(driver, connection)
        connection.close()


def _run(driver, connection: socket.socket) -> None:
    """In the child: as the command line itself would, and the code to whoever called."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    text, descriptors, *_ = socket.recv_fds(connection, 1 << 20, 3)
    code = 255
    try:
        folder, words = json.loads(text)
        os.chdir(folder)
        for number, descriptor in enumerate(descriptors):
            os.dup2(descriptor, number)
        code = driver.main(words)
        sys.stdout.flush()
    except SystemExit as end:
        code = end.code or 0
    finally:
        with contextlib.suppress(OSError):
            connection.sendall(f"{code}\n".encode())
        os._exit(0)


class AwsCli:
    """A served command line that sends everything to one address, and a shell that finds it as `aws`."""

    def __init__(self, folder: Path, url: str, keys: tuple[str, str]):
        self.folder = folder
        self.environment = {"PATH": f"{folder}:{os.environ['PATH']}", "HOME": str(folder), "AWS_ENDPOINT_URL": url,
                            "AWS_ACCESS_KEY_ID": keys[0], "AWS_SECRET_ACCESS_KEY": keys[1], "AWS_PAGER": "",
                            "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1", "AWS_DEFAULT_REGION": "us-east-1"}
        self.process = subprocess.Popen([sys.executable, __file__, str(folder)], env=self.environment, text=True,
                                        stdout=subprocess.PIPE)
        assert self.process.stdout.readline() == "ready\n"

    def bash(self, command: str) -> subprocess.CompletedProcess:
        """A command as a user pastes it."""
        return subprocess.run(["bash", "-c", command], env=self.environment, cwd=self.folder, text=True,
                              capture_output=True, timeout=60, stdin=subprocess.DEVNULL)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=10)
        self.process.stdout.close()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
