#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Mutation testing of the code that judges: one token is changed, the unit tests are built and run, and one must fail.

    testdata/mutate.py                        300 mutants of the engine, the IAM rooms and the checks
    testdata/mutate.py -n 0 verify/ignore.c   every mutant of one file
    testdata/mutate.py --seed 7 providers/aws/iam
    testdata/mutate.py --own -n 0 verify      only by the tests beside the code: quicker, and stricter

A mutant is a comparison, a boolean, a constant or a verdict that was changed; which ones are tried follows from the seed. It
is killed when a unit test fails or does not end. One that does not compile, or that the optimising compiler makes the same
object of, is none. A survivor is printed as file:line with the line before and after. Survivors that change nothing that can
be observed are argued in testdata/mutants.json, by their lines and with the reason, and count as neither. Exit code 0: at
least 95 % of the others were killed.

It works in copies of the tree under build/mutants, built without sanitizers, one a processor; they are kept for the next run.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import queue
import random
import re
import resource
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROOMS = ["verify", "providers/aws/iam", "providers/aws/cloud/checks", "providers/aws/cloud/network",
         "providers/aws/cloud/permissions", "providers/aws/cloud/preflight"]
TEST_SUPPORT = re.compile(r"(_test|_tool|_fuzz|fake_source|toy_table|toy_fixture|fake_aws|access_test_case)\.c$")
# The tests beside the code of a folder, the longest path first, and all that use the judging code.
OWN_SUITES = {"verify": "verify_tests", "providers/aws": "aws_tests", "providers/aws/cloud": "cloud_tests"}
ENOUGH = 0.95
TEST_CPU_SECONDS = 10  # a mutant that computes longer than any test does is caught in a loop
TEST_SECONDS = 120  # and one that waits longer waits for ever
TEST_BYTES = 4 << 30

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


def own_suite(path):
    return OWN_SUITES[max((folder for folder in OWN_SUITES if path.startswith(folder + "/")), key=len)]


def limit_test():
    """In a test's process: a mutant's loop shall not take the machine with it."""
    resource.setrlimit(resource.RLIMIT_CPU, (TEST_CPU_SECONDS, TEST_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (TEST_BYTES, TEST_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Copy:
    """A copy of the tree in which mutants are built, one after another."""

    def __init__(self, number, suites):
        self.tree = ROOT / "build" / "mutants" / str(number)
        self.suites = suites
        self.refresh()
        self.run("cmake", "-G", "Ninja", "-B", "build", "-DCMAKE_BUILD_TYPE=None", "-DCMAKE_C_COMPILER=gcc",
                 "-DCMAKE_C_FLAGS=-O0 -Werror=int-conversion -Werror=type-limits", check=True)
        self.run("ninja", "-C", "build", *self.suites, check=True)
        # A suite is the tests of one label. The last killer comes first: mutants of a room tend to die by the same.
        labels = "|".join(suite.removesuffix("_tests") for suite in self.suites)
        listed = json.loads(self.run("ctest", "--test-dir", "build", "-L", f"^({labels})$", "--show-only=json-v1").stdout)
        self.tests = [test["name"] for test in listed["tests"]]
        failed = self.failing_test(self.tests)
        if failed:
            sys.exit(f"without a mutant, {failed} fails")

    def refresh(self):
        """The tree as it is now. What did not change keeps its time, and is not built again."""
        listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True)
        names = [name for name in listed.stdout.splitlines() if (ROOT / name).exists()]
        for name in names:
            there = self.tree / name
            if not there.exists() or there.read_bytes() != (ROOT / name).read_bytes():
                there.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, there)
        kept = {self.tree / name for name in names}
        for there in self.tree.rglob("*"):
            if there.is_file() and there not in kept and self.tree / "build" not in there.parents:
                there.unlink()

    def binary(self, test):
        return self.tree / "build" / "tests" / test

    def run(self, *command, check=False, seconds=600, **more):
        done = subprocess.run(command, cwd=self.tree, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=seconds, check=False, encoding="utf-8", errors="replace", **more)
        if check and done.returncode:
            sys.exit(done.stdout)
        return done

    def failing_test(self, names):
        """The first of the tests that fails or does not end; None when all pass."""
        for name in names:
            try:
                # cmocka gives up at the first failure
                status = self.run(str(self.binary(name)), seconds=TEST_SECONDS, preexec_fn=limit_test,
                                  env={**os.environ, "CMOCKA_TEST_ABORT": "1"}).returncode
            except subprocess.TimeoutExpired:
                return name
            if status not in (0, 77):
                return name
        return None

    def targets(self, path):
        """What to build, one after the other: the file's own test, the tests beside it, and all others."""
        own = pathlib.Path(path).stem + "_test"
        if (self.tree / path).with_name(own + ".c").exists():
            yield own
        yield own_suite(path)
        yield from self.suites

    def killer(self, mutant):
        """What kills the mutant: a test's name, "" when nothing does, None when it is no mutant."""
        path = self.tree / mutant.path
        original = path.read_text()
        path.write_text(mutant.text)
        changed = path.stat().st_mtime_ns
        passed = set()
        try:
            for target in self.targets(mutant.path):
                if self.run("ninja", "-C", "build", target).returncode:
                    return None
                # A test that was not linked again does not have the file in it.
                linked = [test for test in self.tests
                          if test not in passed and self.binary(test).stat().st_mtime_ns > changed]
                failed = self.failing_test(linked)
                if failed:
                    self.tests.remove(failed)
                    self.tests.insert(0, failed)
                    return failed
                passed.update(linked)
            changed_object = self.optimised(path)
            path.write_text(original)
            return None if self.optimised(path) == changed_object else ""
        finally:
            path.write_text(original)

    def optimised(self, path):
        """The object that the compiler makes of a file when it may drop what has no effect."""
        made = self.tree / "build" / "optimised.o"
        commands = json.loads((self.tree / "build" / "compile_commands.json").read_text())
        command = next(one["command"] for one in commands if one["file"] == str(path)).split(" -o ")[0]
        self.run("sh", "-c", f"{command} -O2 -c {path} -o {made}", check=True)
        return made.read_bytes()


def argued():
    """(path, line before, line after) of the mutants that are known to change nothing."""
    equivalent = set()
    for one in json.loads((ROOT / "testdata" / "mutants.json").read_text())["equivalent"]:
        if not one.get("why"):
            sys.exit(f"mutants.json does not say why this changes nothing: {one['after']}")
        if (one["before"], one["after"]) not in {(mutant.before, mutant.after) for mutant in mutants_of(one["file"])}:
            sys.exit(f"mutants.json argues what is no mutant of {one['file']}: {one['after']}")
        equivalent.add((one["file"], one["before"], one["after"]))
    return equivalent


class Trial:
    def __init__(self, mutants, wanted, jobs, suites):
        self.mutants = iter(mutants)
        self.wanted = wanted
        self.jobs = jobs
        self.suites = suites
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
            for copy in pool.map(Copy, range(self.jobs), [self.suites] * self.jobs):
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
    parser.add_argument("--own", action="store_true", help="only the tests beside the code")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()

    mutants = [mutant for path in files_of(options.places) for mutant in mutants_of(path)]
    if options.number:
        random.Random(options.seed).shuffle(mutants)
    print(f"{len(mutants)} mutants in all", flush=True)
    suites = {own_suite(mutant.path) for mutant in mutants} if options.own else OWN_SUITES.values()
    trial = Trial(mutants, options.number or len(mutants), options.jobs, sorted(suites))
    trial.run()
    return trial.report()


if __name__ == "__main__":
    sys.exit(main())
