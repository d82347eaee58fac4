# SPDX-License-Identifier: Apache-2.0
"""What `verify` says of random networks, against what reach.py reaches in them: network_judge.py [--count N] [--seed S]."""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from judges import ROOT
from networks import OUTSIDE, Case
from local_aws.machines.network import Acl, Entry
from local_aws.machines.reach import Answer, reach

INTERNET = ("subnets.route", "subnets.network-acl", "security-groups.egress")
FILES = ("efs.security-group",)
# What the checks and reach.py answer differently with reason (docs/differential.md).
HALVES = "internet: passed, as each of two network ACLs lets another half through"


@dataclass
class Report:
    """How often each class of answers came up, and the smallest document of each."""

    classes: Counter = field(default_factory=Counter)
    smallest: dict[str, dict] = field(default_factory=dict)

    def add(self, name: str, document: dict) -> None:
        self.classes[name] += 1
        known = self.smallest.get(name)
        if known is None or len(json.dumps(document)) < len(json.dumps(known)):
            self.smallest[name] = document

    def share(self, *names: str) -> float:
        """Of the classes whose names begin so, among all of the same questions."""
        asked = tuple(name.partition(":")[0] for name in names)
        return sum(count for name, count in self.classes.items() if name.startswith(names)) / sum(
            count for name, count in self.classes.items() if name.startswith(asked))

    def wrong(self) -> dict[str, dict]:
        """The smallest document of each class in which a check is wrong."""
        return {name: document for name, document in self.smallest.items() if "PASSED" in name or "FAILED" in name}

    def __str__(self) -> str:
        return "\n".join(f"{count:6} {name}" for name, count in sorted(self.classes.items()))


def findings(document: dict) -> dict[str, dict]:
    """By check, from the program of the dev build."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(document, file)
        file.flush()
        ran = subprocess.run([Path(ROOT, "build/dev/cloudctl"), "verify", "--facts", file.name, "-o", "json"],
                             capture_output=True, text=True, check=False)
    return {row["check"]: row for row in json.loads(ran.stdout)["findings"]}


def _internet(case: Case) -> list[list[Answer]]:
    return [[reach(case.network, host, address, 443) for address in OUTSIDE] for host in case.hosts.values()]


def _files(case: Case) -> list[list[Answer]]:
    """From each subnet to the mount target of its own zone."""
    return [[reach(case.network, host, case.targets[name].address, 2049)] for name, host in case.hosts.items()]


def judge(case: Case, said: dict[str, dict]) -> list[str]:
    """One class for each question: what the checks say together, what is reached, and which check or obstacle it is."""
    internet = _class("internet", _internet(case), [said[name] for name in INTERNET])
    if internet == "internet: PASSED, and not reached: acl" and _is_of_halves(case):
        internet = HALVES
    return [internet, _class("files", _files(case), [said[name] for name in FILES])]


def _is_of_halves(case: Case) -> bool:
    """Whether each network ACL lets some of the internet through when all others are open."""
    every = (Entry(1, True, "0.0.0.0/0"),)
    for name in case.network.subnets:
        subnets = {other: subnet if other == name else replace(subnet, acl=Acl(every, every))
                   for other, subnet in case.network.subnets.items()}
        network = replace(case.network, subnets=subnets)
        if not all(any(reach(network, host, address, 443).reached for address in OUTSIDE)
                   for host in case.hosts.values()):
            return False
    return True


def _is_about(question: str, row: dict) -> bool:
    """Network ACLs are also between the subnets, and for users from outside: other questions."""
    if row["check"] != "subnets.network-acl" or question != "internet":
        return True
    return any("the internet" in line or "NAT gateway" in line for line in row.get("evidence") or [])


def _class(question: str, answers: list[list[Answer]], rows: list[dict]) -> str:
    bad = sorted(row["check"] for row in rows if row["verdict"] == "FAIL" and _is_about(question, row))
    unsure = sorted(row["check"] for row in rows if row["verdict"] not in ("PASS", "FAIL"))
    every = [answer for row in answers for answer in row]
    lost = sorted({answer.why for row in answers if all(answer.reached is False for answer in row) for answer in row})
    if any(answer.reached is None for answer in every):
        return f"{question}: not judged"
    if lost:
        if bad:
            return f"{question}: agreed, not reached"
        return f"{question}: {'UNSURE ' + ','.join(unsure) if unsure else 'PASSED'}, and not reached: {','.join(lost)}"
    if all(answer.reached for answer in every):
        return f"{question}: agreed, reached" if not bad else f"{question}: FAILED {','.join(bad)}, and reached"
    return f"{question}: some addresses are reached, {'failed' if bad else 'passed'}"


def compare(seed: str, count: int, jobs: int = 2) -> Report:
    """Networks number 0 to count - 1 of the seed."""
    cases = [Case(random.Random(f"{seed} {number}")) for number in range(count)]
    report = Report()
    with ThreadPoolExecutor(jobs) as pool:
        for case, said in zip(cases, pool.map(lambda case: findings(case.facts()), cases)):
            for name in judge(case, said):
                report.add(name, case.facts())
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", default="test")
    parser.add_argument("--keep", type=Path, help="a folder for the smallest document of each class")
    options = parser.parse_args()
    report = compare(options.seed, options.count)
    print(report)
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        for number, (name, document) in enumerate(sorted(report.smallest.items())):
            Path(options.keep, f"{number}.json").write_text(json.dumps({"class": name} | document, indent=1))


if __name__ == "__main__":
    main()
