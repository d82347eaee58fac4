# SPDX-License-Identifier: Apache-2.0
"""`--events` and `replay`: every line of a record is as documented, and a replay prints what the run printed, byte for
byte."""

import json
import signal
import subprocess

import jsonschema
import pytest
from conftest import ACCOUNT, BINARY, REGION, ROOT, TIMEOUT, wait_for

SETUP = ("setup", "--name", "demo", "--region", REGION, "--yes")
SCHEMA = jsonschema.Draft202012Validator(json.loads((ROOT / "docs/events.schema.json").read_text()))


def record_of(cloudctl, *words: str, code: int = 0):
    """Run with a record: what the run printed (without the error's own line), and the record."""
    done = cloudctl.run(*words, "--events", "run.events", code=code)
    errors = "".join(line for line in done.stderr.splitlines(keepends=True) if not line.startswith("cloudctl: "))
    return done.stdout, errors, cloudctl.home / "run.events"


def events_of(path) -> list[dict]:
    head, *events = [json.loads(line) for line in path.read_text().splitlines()]
    assert head == {"schema": "cloudctl.events/1"}
    for event in events:
        [kind] = [option for option in SCHEMA.schema["anyOf"] if option["$ref"].endswith(f"/{event['kind']}")]
        SCHEMA.evolve(schema={**kind, "$defs": SCHEMA.schema["$defs"]}).validate(event)
    return events


def same_again(cloudctl, out: str, errors: str, path) -> None:
    again = cloudctl.run("replay", str(path))
    assert (again.stdout, again.stderr) == (out, errors)


def test_setup_and_delete(cloudctl):
    for words in SETUP, ("delete", "demo", "--yes"):
        out, errors, path = record_of(cloudctl, *words)
        events = events_of(path)
        assert {"run", "call", "resource", "step", "end"} <= {event["kind"] for event in events}
        assert (events[0]["kind"], events[-1]["kind"]) == ("run", "end")
        same_again(cloudctl, out, errors, path)


def test_a_failure_and_its_rollback(cloudctl, local_aws):
    local_aws.fail({"logical_id": "MountTarget1", "reason": "no room"})
    out, errors, path = record_of(cloudctl, *SETUP, code=4)
    events = events_of(path)
    assert "failed" in {event.get("state") for event in events} and events[-1]["exit_code"] == 4
    same_again(cloudctl, out, errors, path)


@pytest.fixture
def cloud(cloudctl):
    cloudctl.run(*SETUP)
    return cloudctl


def test_verify_with_retries_and_unknowns(cloud, local_aws):
    local_aws.faults({"match": "ec2:DescribeSubnets", "status": 503, "code": "Unavailable", "times": 1},
                     {"match": "ec2:DescribeRouteTables", "status": 403, "code": "UnauthorizedOperation"})
    out, errors, path = record_of(cloud, "verify", code=3)
    events = events_of(path)
    assert {"retry", "finding"} <= {event["kind"] for event in events}
    same_again(cloud, out, errors, path)


@pytest.mark.parametrize("form", ["json", "yaml", "junit", "sarif", "markdown"])
def test_a_replay_in_another_form(cloud, form):
    out, _, path = record_of(cloud, "verify", "-o", form)
    assert cloud.run("replay", "-o", form, str(path)).stdout == out
    assert "Verification result:" in cloud.run("replay", str(path)).stdout


# Members that records did not have at first.
NEW = {"provider", "effect", "judges", "outer", "leaving", "section", "level", "create_ms", "remove_ms", "removing", "judged"}


@pytest.mark.parametrize("words", [("verify",), ("verify", "-o", "json"), ("verify", "--all", "-o", "markdown")], ids=" ".join)
def test_a_record_of_an_older_version(cloud, words):
    out, errors, path = record_of(cloud, *words)
    events = [json.loads(line) for line in path.read_text().splitlines()]
    older = [{name: value for name, value in event.items() if name not in NEW} for event in events]
    path.write_text("".join(json.dumps(event) + "\n" for event in older))
    again = cloud.run("replay", *words[-2:] if "-o" in words else (), str(path))
    assert (again.stdout, again.stderr) == (out, errors)


def test_a_replay_can_be_recorded(cloud):
    _, _, path = record_of(cloud, "verify")
    cloud.run("replay", str(path), "--events", "again.events")
    assert (cloud.home / "again.events").read_bytes() == path.read_bytes()


def test_rounds(cloud, local_aws):
    """The record of --watch, ended by Ctrl-C."""
    out, errors, path = cloud.home / "out", cloud.home / "errors", cloud.home / "run.events"
    with open(out, "wb") as out_file, open(errors, "wb") as errors_file:
        process = subprocess.Popen([BINARY, "verify", "--watch", "1s", "--events", path], env=cloud.environment,
                                   cwd=cloud.home, stdin=subprocess.DEVNULL, stdout=out_file, stderr=errors_file)
    try:
        wait_for(lambda: path.exists() and '"kind":"end"' in path.read_text(), TIMEOUT)
        local_aws.faults({"match": "ec2:DescribeVpcs", "status": 403, "code": "UnauthorizedOperation"})
        wait_for(lambda: "vpc.exists: UNKNOWN, was PASS" in errors.read_text(), TIMEOUT)
        local_aws.faults()
        wait_for(lambda: "vpc.exists: PASS, was UNKNOWN" in errors.read_text(), TIMEOUT)
        process.send_signal(signal.SIGINT)
        process.wait(timeout=TIMEOUT)
    finally:
        process.kill()
        process.wait()
    assert len({event["kind"] for event in events_of(path)} & {"run", "end", "finding"}) == 3
    lines = [line for line in errors.read_text().splitlines(keepends=True) if not line.startswith("cloudctl: ")]
    same_again(cloud, out.read_text(), "".join(lines), path)


@pytest.mark.parametrize("more", [(), ("--enable-head-node-fault-tolerance",)], ids=["without", "with MemoryDB"])
def test_what_a_stack_will_hold_is_announced(cloudctl, local_aws, more):
    """By name and type, before it begins; and again when it is deleted. The stack itself is the witness."""
    for words in (*SETUP, *more), ("delete", "demo", "--yes"):
        _, _, path = record_of(cloudctl, *words)
        events = [event for event in events_of(path) if event["kind"] == "resource" and "type" in event]
        announced = {(event["id"], event["type"]) for event in events if event["state"] == "waiting"}
        assert announced == {(event["id"], event["type"]) for event in events if event["state"] != "waiting"}
        assert {event.get("removing", False) for event in events} == {words[0] == "delete"}
        assert all(event["section"] and event["create_ms"] and event["remove_ms"] for event in events)
        [stack] = local_aws.stacks()
        rows = local_aws.client("cloudformation").describe_stack_resources(StackName=stack["StackId"])["StackResources"]
        assert announced == {(row["LogicalResourceId"], row["ResourceType"]) for row in rows}


def test_setup_says_which_account(cloudctl):
    events = events_of(record_of(cloudctl, *SETUP)[2])
    assert [event.get("account") for event in events if event["kind"] == "run"] == [None, ACCOUNT]


def test_a_record_that_was_cut_short(cloud):
    _, errors, path = record_of(cloud, "verify")
    text = path.read_bytes()
    path.write_bytes(text[: len(text) - 10])
    again = cloud.run("replay", str(path))
    assert again.stderr.startswith(errors) and "The record ends in the middle of a line" in again.stderr


@pytest.mark.parametrize(("text", "says"), [
    ("", "not a record of events"),
    ('{"schema":"cloudctl.events/9"}\n', "another version"),
    ('{"schema":"cloudctl.events/1"}\n{"kind":"step","at_ms":-1}\n', "line 2: at_ms: must be milliseconds"),
    ('{"schema":"cloudctl.events/1"}\n' + "[" * 100000 + "\n", "line 2: not a JSON object"),
])
def test_what_is_no_record(cloudctl, text, says):
    (cloudctl.home / "bad.events").write_text(text)
    done = cloudctl.run("replay", "bad.events", code=4)
    assert says in done.stderr


@pytest.mark.parametrize("words", [("replay",), ("replay", "x", "--speed", "fast"), ("replay", "x", "--speed", "1001")])
def test_wrong_words(cloudctl, words):
    cloudctl.run(*words, code=2)


def test_a_record_that_cannot_be_written(cloudctl):
    done = cloudctl.run(*SETUP, "--events", "no/such/folder", code=4)
    assert "--events: no/such/folder: No such file or directory" in done.stderr
    assert cloudctl.records() == []
