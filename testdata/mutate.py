#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Mutation testing of the code that judges: one token is changed, the unit tests are built and run, and one must fail.

    testdata/mutate.py                        300 mutants of the engine, the IAM rooms and the checks
    testdata/mutate.py -n 0 verify/ignore.c   every mutant of one file
    testdata/mutate.py --seed 7 providers/aws/iam

A mutant is a comparison, a boolean, a constant or a verdict that was changed; which ones are tried follows from the seed. It
is killed when a unit test fails or does not end. One that does not compile is replaced by another. A survivor is printed as
file:line with the line before and after. Survivors that change nothing that can be observed are argued in
testdata/mutants.json, by their lines, and count as neither. Exit code 0: at least 95 % of the others were killed.

It works in copies of the tree under build/mutants, built without sanitizers, one a processor.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import queue
import random
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROOMS = ["verify", "providers/aws/iam", "providers/aws/cloud/checks", "providers/aws/cloud/network",
         "providers/aws/cloud/permissions", "providers/aws/cloud/preflight"]
TEST_SUPPORT = re.compile(r"(_test|_tool|_fuzz|fake_source|toy_table|toy_provider)\.c$")
SUITES = ["verify_tests", "aws_tests", "cloud_tests"]
ENOUGH = 0.95
TEST_SECONDS = 60  # a mutant that runs longer than any test does is caught in a loop

COMPARISONS = {"==": ["!="], "!=": ["=="], "<": ["<=", ">="], "<=": ["<", ">"], ">": [">=", "<="], ">=": [">", "<"]}
BOOLEANS = {"&&": ["||"], "||": ["&&"], "true": ["false"], "false": ["true"], "!": [""]}
VERDICTS = {"VERDICT_PASS": ["VERDICT_WARN", "VERDICT_FAIL"], "VERDICT_WARN": ["VERDICT_PASS", "VERDICT_FAIL"],
            "VERDICT_FAIL": ["VERDICT_WARN", "VERDICT_PASS"], "VERDICT_UNKNOWN": ["VERDICT_PASS"],
            "VERDICT_SKIP": ["VERDICT_PASS"]}
CHANGES = {**COMPARISONS, **BOOLEANS, **VERDICTS}

TOKEN = re.compile(r"""
    (?P<skip>/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|^[ \t]*\#[^\n]*)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<number>\d[\w.]*)
  | (?P<operator>->|<<=|>>=|<<|>>|==|!=|<=|>=|&&|\|\||[<>!])
""", re.VERBOSE | re.DOTALL | re.MULTILINE)


class Mutant:
    def __init__(self, path, text, start, end, new):
        self.path = path
        self.text = text[:start] + new + text[end:]
        self.line = text.count("\n", 0, start) + 1
        self.before = text.split("\n")[self.line - 1].strip()
        self.after = self.text.split("\n")[self.line - 1].strip()

    def __str__(self):
        return f"{self.path}:{self.line}\n    - {self.before}\n    + {self.after}"


def mutants_of(path):
    """Every mutant of a file, in its order."""
    text = (ROOT / path).read_text()
    for token in TOKEN.finditer(text):
        start, end = token.span()
        word = token.group("word") or token.group("operator")
        if word in CHANGES:
            for new in CHANGES[word]:
                yield Mutant(path, text, start, end, new)
        number = token.group("number")
        if number and number.isdigit():
            yield Mutant(path, text, start, end, str(int(number) + 1))


def files_of(places):
    for place in places:
        if (ROOT / place).is_file():
            yield place
            continue
        listed = subprocess.run(["git", "ls-files", f"{place}/*.c"], cwd=ROOT, check=True, capture_output=True, text=True)
        yield from (line for line in listed.stdout.split() if not TEST_SUPPORT.search(line))


class Copy:
    """A copy of the tree in which mutants are built, one after another."""

    def __init__(self, number):
        self.tree = ROOT / "build" / "mutants" / str(number)
        shutil.rmtree(self.tree, ignore_errors=True)
        self.tree.mkdir(parents=True)
        listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True)
        for name in listed.stdout.splitlines():
            (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.tree / name)
        self.run("cmake", "-G", "Ninja", "-B", "build", "-DCMAKE_BUILD_TYPE=None", "-DCMAKE_C_COMPILER=gcc",
                 "-DCMAKE_C_FLAGS=-O0 -w", check=True)
        self.run("ninja", "-C", "build", *SUITES, check=True)
        failed = self.failing_test()
        if failed:
            sys.exit(f"without a mutant, {failed} fails")

    def run(self, *command, check=False, seconds=600):
        done = subprocess.run(command, cwd=self.tree, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=seconds, check=False)
        if check and done.returncode:
            sys.exit(done.stdout)
        return done

    def tests(self):
        """Names of the unit tests that are built, as ctest knows them."""
        listed = json.loads(self.run("ctest", "--test-dir", "build", "--show-only=json-v1").stdout)
        return [test["name"] for test in listed["tests"] if (self.tree / "build" / "tests" / test["name"]).exists()]

    def failing_test(self, names=None):
        """The first of the tests that fails or does not end; None when all pass."""
        for name in names if names is not None else self.tests():
            try:
                status = self.run(str(self.tree / "build" / "tests" / name), seconds=TEST_SECONDS).returncode
            except subprocess.TimeoutExpired:
                return name
            if status not in (0, 77):
                return name
        return None

    def killer(self, mutant):
        """What kills the mutant: a test's name, "" when nothing does, None when it cannot be built."""
        path = self.tree / mutant.path
        own = pathlib.Path(mutant.path).stem + "_test"
        original = path.read_text()
        path.write_text(mutant.text)
        try:
            # The file's own test is the likeliest to fail, and building it alone is quick.
            if (self.tree / "build" / "tests" / own).exists():
                if self.run("ninja", "-C", "build", own).returncode:
                    return None
                if self.failing_test([own]):
                    return own
            if self.run("ninja", "-C", "build", *SUITES).returncode:
                return None
            return self.failing_test() or ""
        finally:
            path.write_text(original)


def argued():
    """(path, line before, line after) of the mutants that are known to change nothing."""
    return {(one["file"], one["before"], one["after"])
            for one in json.loads((ROOT / "testdata" / "mutants.json").read_text())["equivalent"]}


class Trial:
    def __init__(self, mutants, wanted, jobs):
        self.mutants = iter(mutants)
        self.wanted = wanted
        self.jobs = jobs
        self.equivalent = argued()
        self.counts = {}
        self.survivors = []

    def note(self, mutant, killer):
        room = os.path.dirname(mutant.path)
        killed, survived, equal = self.counts.get(room, (0, 0, 0))
        if killer:
            self.counts[room] = (killed + 1, survived, equal)
        elif (mutant.path, mutant.before, mutant.after) in self.equivalent:
            self.counts[room] = (killed, survived, equal + 1)
        else:
            self.counts[room] = (killed, survived + 1, equal)
            self.survivors.append(mutant)
            print(f"survived: {mutant}", flush=True)

    def run(self):
        copies = queue.SimpleQueue()
        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            for copy in pool.map(Copy, range(self.jobs)):
                copies.put(copy)

            def judge(mutant):
                copy = copies.get()
                try:
                    return mutant, copy.killer(mutant)
                finally:
                    copies.put(copy)

            tried = 0
            flying = set()
            while True:
                while tried + len(flying) < self.wanted and len(flying) < self.jobs:
                    mutant = next(self.mutants, None)
                    if mutant is None:
                        break
                    flying.add(pool.submit(judge, mutant))
                if not flying:
                    return
                done, flying = concurrent.futures.wait(flying, return_when=concurrent.futures.FIRST_COMPLETED)
                for mutant, killer in (one.result() for one in done):
                    if killer is not None:
                        tried += 1
                        self.note(mutant, killer)

    def report(self):
        total = [sum(column) for column in zip(*self.counts.values(), (0, 0, 0))]
        print(f"{'room':<36} {'killed':>7} {'survived':>9} {'argued':>7}")
        for room, row in sorted(self.counts.items()) + [("all", total)]:
            print(f"{room:<36} {row[0]:>7} {row[1]:>9} {row[2]:>7}")
        judged = total[0] + total[1]
        share = total[0] / judged if judged else 0
        print(f"{total[0]} of {judged} killed, {100 * share:.1f} %")
        return 0 if judged and share >= ENOUGH else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("places", nargs="*", default=ROOMS, help="files and folders")
    parser.add_argument("-n", "--number", type=int, default=300, help="how many mutants; 0 means all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()

    mutants = [mutant for path in files_of(options.places) for mutant in mutants_of(path)]
    if options.number:
        random.Random(options.seed).shuffle(mutants)
    print(f"{len(mutants)} mutants in all", flush=True)
    trial = Trial(mutants, options.number or len(mutants), options.jobs)
    trial.run()
    return trial.report()


if __name__ == "__main__":
    sys.exit(main())
