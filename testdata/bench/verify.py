#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How fast is `cloudctl verify` when every AWS call takes a fixed time?

Not a test: prints figures. Starts the local AWS, sets up a cloud (four subnets, MemoryDB), makes every reply leave
DELAY seconds after its request arrived, and runs verify several times. "chain" is the longest sequence of requests in
which each was sent after the reply to the one before it, seen from the server; the ratio is wall time over chain x
delay, so 1.0 would be a program that does nothing but wait for dependent calls. Lines that begin with "limit" compare a
figure with what it is meant to keep to.

    build/venv/bin/python3 testdata/bench/verify.py [--binary build/release/cloudctl] [--runs 7] [--delay 0.05]
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLOUD = "bench"
CALLS_MOST, CHAIN_MOST, RATIO_MOST = 44, 4, 1.3  # for four subnets with MemoryDB, at 50 ms a call


def request(url, method="GET", document=None):
    body = None if document is None else json.dumps(document).encode()
    call = urllib.request.Request(url, data=body, method=method, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(call) as reply:
        return reply.read()


def start_local_aws():
    server = subprocess.Popen([ROOT / "testdata/local-aws/serve", "--port", "0"], stdout=subprocess.PIPE, text=True)
    line = server.stdout.readline()
    if not line.startswith("local-aws ready "):
        raise SystemExit(f"the local AWS did not start: {line!r}")
    return server, line.split()[-1]


def environment(url, home):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return kept | {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "AKIALOCALAWS00000001",
        "AWS_SECRET_ACCESS_KEY": "local-aws-secret-not-for-production-use",
        "AWS_REGION": "us-west-2",
        "XDG_STATE_HOME": home,
    }


def run(binary, env, *arguments):
    """Wall seconds and exit code of one run."""
    began = time.monotonic()
    code = subprocess.call([binary, *arguments], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - began, code


def peak_memory(binary, env, *arguments):
    """MB, or None without GNU time. A child's figure as Python sees it would include Python's own memory."""
    if not shutil.which("time"):
        return None
    done = subprocess.run([shutil.which("time"), "-f", "%M", binary, *arguments], env=env, text=True,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return int(done.stderr.split()[-1]) / 1024


def longest_chain(requests, delay):
    """Requests are (arrival); a reply leaves no earlier than arrival + delay."""
    chain, free_at = 0, float("-inf")
    for arrival in sorted(entry["time"] for entry in requests):
        if arrival >= free_at:
            chain, free_at = chain + 1, arrival + delay
    return chain


def identity(entry):
    return json.dumps([entry["service"], entry["action"], entry["path"], entry["parameters"]], sort_keys=True)


def measure(binary, url, env, runs, delay):
    request(f"{url}/_local/faults", "POST", [{"match": "*", "delay": delay}])
    walls, seen = [], []
    for _ in range(runs):
        request(f"{url}/_local/requests", "DELETE")
        wall, code = run(binary, env, "verify", CLOUD)
        if code != 0:
            raise SystemExit(f"verify ended with exit code {code}")
        walls.append(wall)
        seen = json.loads(request(f"{url}/_local/requests"))
    request(f"{url}/_local/faults", "POST", [])
    return walls, seen


def limit(what, value, most):
    """One line: a figure, the limit it is meant to keep, and whether it does."""
    print(f"limit               {what}: {value:g} of at most {most:g}: {'kept' if value <= most else 'EXCEEDED'}")


def report(walls, seen, delay):
    chain = longest_chain(seen, delay)
    median = statistics.median(walls)
    print(f"calls made          {len(seen)}")
    print(f"distinct calls      {len({identity(entry) for entry in seen})}")
    print(f"longest chain       {chain}")
    print(f"delay               {delay * 1000:.0f} ms a call")
    print(f"wall time           {median * 1000:.0f} ms median of {len(walls)} "
          f"({min(walls) * 1000:.0f}-{max(walls) * 1000:.0f})")
    print(f"ratio               {median / (chain * delay):.2f} of chain x delay")
    print(f"one after another   {len(seen) * delay * 1000:.0f} ms would be calls x delay")
    distinct = len({identity(entry) for entry in seen})
    limit("calls", len(seen), CALLS_MOST)
    limit("repeated calls", len(seen) - distinct, 0)
    limit("longest chain", chain, CHAIN_MOST)
    limit("ratio", median / (chain * delay), RATIO_MOST)


def start_up(binary, env, runs):
    walls = [run(binary, env, "--version")[0] for _ in range(runs)]
    print(f"--version           {statistics.median(walls) * 1000:.1f} ms median of {runs}, process start included")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", default=ROOT / "build/release/cloudctl")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--delay", type=float, default=0.05)
    options = parser.parse_args()
    server, url = start_local_aws()
    try:
        with tempfile.TemporaryDirectory() as home:
            env = environment(url, home)
            subprocess.run([options.binary, "setup", "--name", CLOUD, "--provider", "aws", "--region", "us-west-2",
                            "--enable-head-node-fault-tolerance", "--yes"], env=env, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            report(*measure(options.binary, url, env, options.runs, options.delay), options.delay)
            memory = peak_memory(options.binary, env, "verify", CLOUD)
            print("peak memory         " + (f"{memory:.1f} MB" if memory else "not measured: GNU time is not installed"))
            start_up(options.binary, env, 20)
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
