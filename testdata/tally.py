# SPDX-License-Identifier: Apache-2.0
"""Adds up one test run: tally.py FOLDER.

FOLDER holds what testdata/test.sh left there: NAME.xml (JUnit reports of ctest and pytest) and NAME.step ("passed"
or "failed", with NAME.log) for what is one test by itself, and NAME.seconds, how long each took. Prints a line for each
of them, the failures in full, the skips with their reasons, and last the sum. Exit code 1 when anything failed or nothing ran. Runs nothing itself.
"""

import re
import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

# How cmocka reports the cases of a program. A summary at the end repeats the failed and skipped ones.
CMOCKA_STARTED = re.compile(r"^\[ RUN +\] (\S+)$", re.MULTILINE)
CMOCKA_PASSED = re.compile(r"^\[ +OK \] (\S+)$", re.MULTILINE)
CMOCKA_SKIPPED = re.compile(r"^\[ +SKIPPED \] (\S+)$", re.MULTILINE)


def outcome_of(case):
    """What happened to one test case of a JUnit report, and what it says about that."""
    for tag, outcome in (("failure", "failed"), ("error", "failed"), ("skipped", "skipped")):
        element = case.find(tag)
        if element is not None:
            text = element.text if outcome == "failed" and element.text else element.get("message")
            return outcome, text or ""
    return "passed", ""


def cmocka_counts(output):
    """Outcomes of the single cases in a cmocka program's output; one that was started and never ended has failed."""
    started = CMOCKA_STARTED.findall(output)
    passed = len(CMOCKA_PASSED.findall(output))
    skipped = len(set(CMOCKA_SKIPPED.findall(output)) & set(started))
    return Counter(passed=passed, skipped=skipped, failed=len(started) - passed - skipped)


def count_case(case):
    """Counts of one JUnit case; a cmocka program counts by its own cases, and never as less than it is."""
    outcome, text = outcome_of(case)
    output = case.findtext("system-out") or ""
    counts = cmocka_counts(output)
    if not counts.total() or (outcome == "failed" and not counts["failed"]):
        counts[outcome] += 1
    if outcome == "failed":
        text = output or text
    return counts, outcome, text


def read_report(path):
    """Counts of a JUnit report, with its failures and skips as texts."""
    counts, failures, skips = Counter(), [], []
    try:
        cases = list(ElementTree.parse(path).iter("testcase"))
    except ElementTree.ParseError as error:
        return Counter(failed=1), [f"{path.stem}: unreadable report: {error}"], []
    if not cases:
        return Counter(failed=1), [f"{path.stem}: no test ran\n{log_of(path)}"], []
    for case in cases:
        case_counts, outcome, text = count_case(case)
        counts += case_counts
        name = f"{path.stem}: {case.get('name')}"
        if outcome == "failed":
            failures.append(f"{name} ({case.get('classname')})\n{text.strip()}")
        elif outcome == "skipped":
            skips.append(f"{name}: {text.strip()}")
    return counts, failures, skips


def log_of(path):
    """The end of the log that belongs to a result; enough to see what broke."""
    log = path.with_suffix(".log")
    return log.read_text(errors="replace")[-20_000:] if log.exists() else ""


def read_step(path):
    if path.read_text().strip() == "passed":
        return Counter(passed=1), [], []
    return Counter(failed=1), [f"{path.stem}\n{log_of(path)}"], []


def seconds_of(path):
    seconds = path.with_suffix(".seconds")
    return seconds.read_text().strip() if seconds.exists() else "?"


def main(folder):
    total, failures, skips = Counter(), [], []
    for path in sorted(Path(folder).iterdir()):
        if path.suffix in (".xml", ".step"):
            counts, failed, skipped = (read_report if path.suffix == ".xml" else read_step)(path)
            print(f"{path.stem:12} {seconds_of(path):>4} s  "
                  + ", ".join(f"{counts[key]} {key}" for key in sorted(counts) if counts[key]))
            total += counts
            failures += failed
            skips += skipped
    for text in failures:
        print(f"\n==== FAILED {text}")
    for text in skips:
        print(f"skipped {text}")
    skipped_part = f", {total['skipped']} skipped" if total["skipped"] else ""
    print(f"\n{total['passed']} passed, {total['failed']} failed{skipped_part}")
    return 1 if total["failed"] or not total["passed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
