# SPDX-License-Identifier: Apache-2.0
"""The long run, by hand: build/venv/bin/python testdata/differential/run.py --count 20000 --seed 7

Prints the tables of docs/differential.md and, in full, up to --show cases that nothing explains, the shortest first.
Exit code 1 when there are any.
"""

import argparse
import json
import sys
import time

from compare import compare_complete, compare_open, compare_trust


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument(
        "--count", type=int, default=10000, help="cases of each kind (a fifth of it for trust policies)"
    )
    options.add_argument("--seed", default="long", help="any word; the same gives the same cases")
    options.add_argument("--show", type=int, default=5)
    given = options.parse_args()
    found = []
    for compare, count in (
        (compare_complete, given.count),
        (compare_open, given.count),
        (compare_trust, given.count // 5),
    ):
        began = time.monotonic()
        report = compare(given.seed, count)
        print(f"{report}\n  {time.monotonic() - began:.0f} s", flush=True)
        found += report.unexplained
    for evidence in sorted(found, key=lambda row: len(json.dumps(row, default=sorted)))[: given.show]:
        print(json.dumps(evidence, default=sorted))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
