#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How fast is `cloudctl verify` when every AWS call takes a fixed time?

Not a test: prints figures. Starts the local AWS, sets up a cloud (four subnets, MemoryDB), records what it answers to
verify, and runs verify several times on a server that repeats the record: every reply leaves DELAY seconds after its
request arrived. The local AWS itself needs about a millisecond of one processor for each request, which is more than all
that verify does, and would be measured with it. "chain" is the longest sequence of requests in which each was sent after
the reply to the one before it, seen from the server; chain x delay is what a program would need that does nothing but
wait for dependent calls. On a busy machine nothing comes near that, so each run of verify is followed by one of a bare
client: curl, which sends as many requests at once, parses nothing and writes nothing. The ratio is verify's wall time over
the bare client's and the delay of the calls that depend on others. Lines that begin with "limit" compare a figure with what
it is meant to keep to.

    build/venv/bin/python3 testdata/bench/verify.py [--binary build/release/cloudctl] [--runs 7] [--delay 0.05]
"""

import argparse
import json
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
import urllib.request

from recorded import BARE, Recorded

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


def longest_chain(arrivals, delay):
    """A reply leaves no earlier than its request's arrival + delay."""
    chain, free_at = 0, float("-inf")
    for arrival in sorted(arrivals):
        if arrival >= free_at:
            chain, free_at = chain + 1, arrival + delay
    return chain


def bare_client(server, count):
    """Wall seconds of curl with so many requests at once."""
    one = f'url = "http://127.0.0.1:{server.port}{BARE}"\noutput = "/dev/null"\n'
    began = time.monotonic()
    subprocess.run(["curl", "-q", "-s", "-f", "-Z", "--parallel-immediate", "--parallel-max", str(count), "-K", "-"],
                   input=one * count, text=True, check=True, stderr=subprocess.DEVNULL)
    return time.monotonic() - began


def measure(binary, server, env, runs):
    """Wall and processor seconds of each run, and the bare client's wall seconds."""
    measured = []
    for _ in range(runs):
        server.arrivals, server.keys = [], []
        before = processor_seconds()
        wall, code = run(binary, env, "verify", CLOUD)
        used = processor_seconds() - before
        if code != 0:
            raise SystemExit(f"verify ended with exit code {code}")
        measured.append((wall, used, bare_client(server, len(server.keys))))
    return measured


def processor_seconds():
    """Of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def limit(what, value, most):
    """One line: a figure, the limit it is meant to keep, and whether it does."""
    print(f"limit               {what}: {value:g} of at most {most:g}: {'kept' if value <= most else 'EXCEEDED'}")


def report(measured, server):
    walls, used, bare = ([row[i] for row in measured] for i in range(3))
    calls, distinct, delay = len(server.keys), len(set(server.keys)), server.delay
    chain = longest_chain(server.arrivals, delay)
    median, floor = statistics.median(walls), statistics.median(bare) + (chain - 1) * delay
    print(f"calls made          {calls}")
    print(f"distinct calls      {distinct}")
    print(f"longest chain       {chain}")
    print(f"delay               {delay * 1000:.0f} ms a call")
    print(f"wall time           {median * 1000:.0f} ms median of {len(walls)} "
          f"({min(walls) * 1000:.0f}-{max(walls) * 1000:.0f})")
    print(f"processor time      {statistics.median(used) * 1000:.0f} ms")
    print(f"bare client         {statistics.median(bare) * 1000:.0f} ms for as many calls at once")
    print(f"chain x delay       {chain * delay * 1000:.0f} ms; wall time is {median / (chain * delay):.2f} of it")
    print(f"one after another   {calls * delay * 1000:.0f} ms would be calls x delay")
    limit("calls", calls, CALLS_MOST)
    limit("repeated calls", calls - distinct, 0)
    limit("longest chain", chain, CHAIN_MOST)
    limit("ratio", round(median / floor, 2), RATIO_MOST)


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
            recorded = Recorded(int(url.rsplit(":", 1)[1]), options.delay)
            env["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{recorded.port}"
            run(options.binary, env, "verify", CLOUD)
            recorded.recording = False
            report(measure(options.binary, recorded, env, options.runs), recorded)
            memory = peak_memory(options.binary, env, "verify", CLOUD)
            print("peak memory         " + (f"{memory:.1f} MB" if memory else "not measured: GNU time is not installed"))
            start_up(options.binary, env, 20)
            recorded.close()
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
