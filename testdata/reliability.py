# SPDX-License-Identifier: Apache-2.0
"""The table of trials, and docs/reliability.md, made of it and of what a run of testdata/soak.sh has left.

reliability.py --trials: the names, a line each. reliability.py FOLDER: the page, on standard output. FOLDER holds NAME.xml
(JUnit) of each trial that was run; a test that tries more than once says so by the properties `tries` and `lost`, and `scanned` is how
many files and streams were searched for secrets.
"""

import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

# name: (what is tried, what must hold afterwards). testdata/e2e/test_NAME.py has the trial.
TRIALS = {
    "killed_anywhere": (
        "SIGKILL at every call to AWS of each command that changes something, before the call arrives and after it was "
        "carried out",
        "the same command again ends well, or `delete` takes everything back; one stack, one external id, the same cloud id"),
    "file_faults": (
        "an error (ENOSPC, EIO, EROFS, EACCES, EMFILE, ENOLCK) or SIGKILL in every call to the file system of `list`, "
        "`set-default`, `verify`, `--events`, `--save-facts` and `--debug`; devices in place of files",
        "the file is named and nothing is lost in silence; a record is whole or the old one; the same command again ends well"),
    "file_faults_changing": (
        "the same in `setup`, `register`, `edit` and `delete`; no hard links; a record that vanishes",
        "as above, and no second stack, no orphan, no changed trust policy without a record"),
    "odd_replies": (
        "each of the odd replies (closed, cut, HTML, wrong root, wrong types, bad lengths and chunks, bytes that are no text, "
        "deep, huge, redirects, …) to each operation that `verify` asks, with AddressSanitizer and UBSan",
        "the exit code is never 0, no check passes without its answer, no crash, no control character on the terminal"),
    "odd_replies_changing": (
        "the same for what `setup`, `register`, `edit` and `delete` ask",
        "the exit code is never 0; the same command again ends well and makes nothing twice"),
    "record_edits": (
        "`delete`, `register` and `verify` with a record of which one member is removed, wrong, or another cloud's",
        "no stack of somebody else is deleted, none that lives is forgotten, no external id of another cloud is taken out"),
    "ways_out": (
        "each way out of a changing call: SIGINT, SIGTERM, SIGHUP, no answer, a full disk",
        "what may go on in AWS, how to come back and how to undo are said; the same command again ends well"),
    "functional_sweep": (
        "SIGKILL at each kind of call of a functional verification, before it arrives and after it was carried out",
        "`verify --sweep` takes away all that is left, the instance ends itself without it, and the same command again ends well"),
    "functional_inside": (
        "mutations of a good cloud, with an instance whose script runs for real in the cloud's network",
        "the steps that fail are those that the check's finding predicts, and no others; nothing is left"),
    "register": (
        "two `register` at once on one role, and everything else that can come between",
        "no external id is lost"),
    "out_of_memory": (
        "an allocation that fails, one after the other, inside the libraries and in cloudctl",
        "\"out of memory\" and exit code 70, never a result that is not whole"),
}
HEAD = """\
# Reliability

What is tried to make cloudctl lose something, and what came of it. The trials are tables of the end-to-end tests, against the
[local AWS](../testdata/local-aws/README.md) and with a build that has sanitizers. `testdata/test.sh` takes a sample of each
by a fixed rule, `testdata/soak.sh` takes all. `testdata/reliability.py` makes this page from the reports of the full runs; a
trial that was not run in full since its table last grew has "a sample only". A try that is lost fails the run.

| trial | what is tried | what must hold | tries | survived |
|---|---|---|---|---|
"""
TAIL = """
In {scanned} files and streams that these runs wrote (traces, events, facts, standard output and error), the local AWS's keys,
session secrets and tokens were looked for in plain, percent, hexadecimal, Base64 and JSON-escaped spelling: {leaks} were found.
The end-to-end tests do the same with each of their runs.

Not tried: a real AWS account, network file systems, a machine that loses power.
"""


def counts_of(report: Path) -> Counter:
    """tries, lost, skipped, scanned of one report."""
    counts = Counter()
    for case in ElementTree.parse(report).iter("testcase"):
        said = {row.get("name"): int(row.get("value")) for row in case.iter("property")}
        counts["scanned"] += said.get("scanned", 0)
        if case.find("skipped") is not None:
            counts["skipped"] += 1
            continue
        broken = case.find("failure") is not None or case.find("error") is not None
        counts["tries"] += said.get("tries", 1)
        counts["lost"] += said.get("lost", 0) or broken
        counts["leaks"] += sum("was written" in (row.get("message") or "") for row in case.iter("error"))
    return counts


def page(folder: Path) -> str:
    text, whole = HEAD, Counter()
    for name, (tried, held) in TRIALS.items():
        report = folder / f"{name}.xml"
        counts = counts_of(report) if report.exists() else None
        whole += counts or Counter()
        shown = f"{counts['tries']:,} | {counts['tries'] - counts['lost']:,}" if counts else "a sample only | –"
        if counts and counts["skipped"]:
            shown += f" ({counts['skipped']} skipped)"
        text += f"| `{name}` | {tried} | {held} | {shown} |\n"
    return text + TAIL.format(scanned=f"{whole['scanned']:,}", leaks=whole["leaks"])


if __name__ == "__main__":
    print("\n".join(TRIALS) if sys.argv[1] == "--trials" else page(Path(sys.argv[1])), end="\n" * (sys.argv[1] == "--trials"))
