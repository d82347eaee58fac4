# SPDX-License-Identifier: Apache-2.0
"""serve [--port N] [--step-delay S] [--partition P]: start the local AWS, say where it is, run until SIGTERM or SIGINT."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="serve", description="A local AWS for tests and the demo.")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--step-delay", type=float, default=0.0,
                        help="seconds that each step of a stack takes (default 0)")
    parser.add_argument("--partition", choices=("aws", "aws-cn", "aws-us-gov"), default="aws",
                        help="the partition of all its regions (default aws)")
    options = parser.parse_args()
    if not 0 <= options.port <= 65535:
        parser.error("--port must be between 0 and 65535")
    if not 0 <= options.step_delay <= 3600:
        parser.error("--step-delay must be between 0 and 3600 seconds")
    return options


def main() -> int:
    options = _options()
    os.environ["LOCAL_AWS_PARTITION"] = options.partition
    # Late, because it takes seconds; environment before moto and boto3.
    from . import environment  # noqa: F401
    from .front import Front
    from .inside import Inside
    from .server import Server
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_signal: stop.set())
    try:
        server = Server(front := Front(options.step_delay), options.port)
    except OSError as error:
        print(f"serve: cannot listen on 127.0.0.1:{options.port}: {error.strerror}", file=sys.stderr)
        return 1
    front.world.specification = Inside(front, server.server_address[1]).specification
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    print(f"local-aws ready http://127.0.0.1:{server.server_address[1]}", flush=True)
    sys.stdout = sys.stderr
    stop.wait()
    server.server_close()
    front.close()
    # Connections may sit in a delay; nothing of theirs outlives the process.
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
