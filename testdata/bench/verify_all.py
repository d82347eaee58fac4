#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How fast is `cloudctl verify --all`, and does its memory grow with the number of clouds?

Not a test: prints figures. Starts the local AWS, sets up one cloud, writes a record of it under many names, makes every
reply leave DELAY seconds after its request arrived, and verifies a small and a large registry in each form of output.
"growth" is the difference of their peak memory over the difference of their clouds. "at best" is calls x delay / 32, for
32 calls are on their way at the same time: what a program would take that does nothing but wait, before an AWS that
answers any number of calls at once. This one answers with as many processors as there are, so it may be the slower side;
"one cloud" says how long a call takes when it is not in a crowd.

    build/venv/bin/python3 testdata/bench/verify_all.py [--binary build/release/cloudctl] [--clouds 200] [--delay 0.05]
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import tempfile
import time

import verify
import yaml

FLYING = 32  # CALLS_FLYING_MAX of providers/aws/client/call.h
FEW = 50  # more than are under way at a time, so that what is compared is what stays
GROWTH_MOST = 64  # KB
OUTPUTS = ("text", "json", "junit", "markdown")


def write_records(folder, record, count):
    """A registry with so many clouds of the same resources."""
    clouds = folder / "cloudctl" / "clouds"
    clouds.mkdir(parents=True)
    for number in range(count):
        name = f"cloud-{number:04}"
        (clouds / f"{name}.yaml").write_text(yaml.safe_dump(record | {"name": name}, sort_keys=False))


def measure(binary, env, url, *words):
    """Wall seconds, calls, and peak memory in KB (None without GNU time)."""
    verify.request(f"{url}/_local/requests", "DELETE")
    timed = [shutil.which("time"), "-f", "%M"] if shutil.which("time") else []
    began = time.monotonic()
    done = subprocess.run([*timed, binary, "verify", *words], env=env, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)
    wall = time.monotonic() - began
    if done.returncode != 0:
        raise SystemExit(f"verify {' '.join(words)} ended with exit code {done.returncode}:\n{done.stderr}")
    calls = len(json.loads(verify.request(f"{url}/_local/requests")))
    return wall, calls, int(done.stderr.split()[-1]) if timed else None


def report(binary, url, env, folder, record, options):
    wall, calls, _ = measure(binary, env, url, verify.CLOUD)
    print(f"one cloud           {wall:.2f} s, {calls} calls")
    sizes = {count: folder / f"registry-{count}" for count in (FEW, options.clouds)}
    for count, registry in sizes.items():
        write_records(registry, record, count)
    for output in OUTPUTS:
        figures = {}
        for count, registry in sizes.items():
            figures[count] = measure(binary, env | {"XDG_STATE_HOME": str(registry)}, url, "--all", "-o", output)
        wall, calls, peak = figures[options.clouds]
        best = calls * options.delay / FLYING
        print(f"{output:<12} {options.clouds} clouds: {wall:.1f} s, {calls} calls, {calls / wall:.0f} calls a second "
              f"(at best {best:.1f} s, ratio {wall / best:.2f})")
        if peak:
            growth = (peak - figures[FEW][2]) / (options.clouds - FEW)
            print(f"{'':<12} peak memory {peak / 1024:.1f} MB, with {FEW} clouds {figures[FEW][2] / 1024:.1f} MB: "
                  f"growth {growth:.1f} KB a cloud")
            verify.limit(f"{output}, KB of memory for each further cloud", round(growth, 1), GROWTH_MOST)
        else:
            print(f"{'':<12} peak memory not measured: GNU time is not installed")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", default=verify.ROOT / "build/release/cloudctl")
    parser.add_argument("--clouds", type=int, default=200)
    parser.add_argument("--delay", type=float, default=0.05)
    options = parser.parse_args()
    server, url = verify.start_local_aws()
    try:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            env = verify.environment(url, name)
            subprocess.run([options.binary, "setup", "--name", verify.CLOUD, "--provider", "aws", "--region",
                            "us-west-2", "--yes"], env=env, check=True, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
            record = yaml.safe_load((folder / "cloudctl/clouds" / f"{verify.CLOUD}.yaml").read_text())
            verify.request(f"{url}/_local/faults", "POST", [{"match": "*", "delay": options.delay}])
            report(options.binary, url, env, folder, record, options)
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
