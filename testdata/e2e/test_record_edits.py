# SPDX-License-Identifier: Apache-2.0
"""`delete` with records of which one member was edited, is missing, or is another cloud's: a record is input.

No run ends with 0 while the cloud's stack lives, no DeleteStack is sent for a stack without its tag, and no external id
of another cloud is taken out. DeleteStack is refused here, so that one cloud serves for all edits.
"""

import copy
import json

import pytest
import yaml
from conftest import CONTROL_PLANE, REGION, SOAK, wait_for

SETUP = ("setup", "--region", REGION, "--skip-preflight", "--yes", "--name")
LIVE = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
# What decides about what is deleted; every other member too in the long run.
DECIDING = ("version", "id", "name", "provider", "region", "account", "deployment", "state", "stack_arn", "stack_name",
            "control_plane_account", "external_id", "external_id_added", "resources.control_plane_role_arn")
WRONG = {"region": "us-east-1", "account": "210987654321", "deployment": None, "state": "deleting", "version": 2,
         "networking": "private", "external_id_added": None, "created": "2020-01-02T03:04:05Z", "provider": "gcp",
         "id": "cld_" + "b3" * 13, "control_plane_account": "111122223333"}


def leaves(tree, path=()):
    """Paths of all members that hold a value; a list is one."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key)


def edited(record, path, value):
    """A copy with another value at the path; None: without it."""
    changed = copy.deepcopy(record)
    node = changed
    for key in path[:-1]:
        node = node[key]
    if value is None:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    return changed


def edits(record, other):
    """(what was done, record): each member removed, wrong, and as in another cloud's record."""
    for path in leaves(record):
        name = ".".join(path)
        if not SOAK and name not in DECIDING:
            continue
        node, theirs = record, other
        for key in path:
            node, theirs = node[key], theirs.get(key) if isinstance(theirs, dict) else None
        wrong = WRONG.get(name, "garbage" if isinstance(node, str) else None)
        if name == "deployment":
            wrong = "registered" if node == "managed" else "managed"
        yield f"{name} removed", edited(record, path, None)
        if wrong is not None:
            yield f"{name}: {wrong}", edited(record, path, wrong)
        if theirs is not None and theirs != node:
            yield f"{name} of another cloud", edited(record, path, theirs)
    if "stack_arn" in record:
        yield "no stack at all", edited(edited(record, ("stack_arn",), None), ("stack_name",), None)


def put(cloudctl, name, record):
    path = cloudctl.state / "cloudctl/clouds" / f"{name}.yaml"
    path.write_text(yaml.safe_dump(record, sort_keys=False))


def live(local_aws):
    return {stack["StackName"]: stack["StackId"] for stack in local_aws.stacks() if stack["StackStatus"] in LIVE}


def half_made(record):
    """As a setup leaves it whose CreateStack was answered by nobody."""
    made = {key: value for key, value in record.items() if key not in ("resources", "stack_arn", "verification")}
    return {**made, "state": "creating", "operation": {
        "kind": "setup", "token": "setup-abcdefghijklmnopqrstuvwxyz", "step": "create-stack",
        "started": "2026-01-02T03:04:05Z"}}


@pytest.mark.parametrize("form", [lambda record: record, half_made], ids=["ready", "half-made"])
def test_no_edit_loses_a_stack_or_takes_a_foreign_one(cloudctl, local_aws, form, record_property):
    for name in ("demo", "other"):
        cloudctl.run(*SETUP, name, code=None)
    record, other = form(cloudctl.record("demo")), form(cloudctl.record("other"))
    foreign = local_aws.client("cloudformation").create_stack(
        StackName="payroll", TemplateBody='{"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}')["StackId"]
    rows = list(edits(record, other))
    rows += [(f"{key} of a stack without our tag", edited(record, (key,), value))
             for key, value in (("stack_name", "payroll"), ("stack_arn", foreign)) if key in record]
    wait_for(lambda: foreign in live(local_aws).values())
    before = live(local_aws)
    local_aws.faults({"match": "cloudformation:DeleteStack", "code": "AccessDenied"})
    lost = []
    for what, row in rows:
        put(cloudctl, "demo", row)
        local_aws.control("DELETE", "requests")
        done = cloudctl.run("delete", "demo", "--yes", code=None)
        asked = {request["parameters"]["StackName"] for request in local_aws.requests("cloudformation:DeleteStack")}
        kept = cloudctl.record("demo") is not None
        if done.returncode != 4 or not kept or asked - {before[other["stack_name"]], before[record["stack_name"]]} \
                or before[other["stack_name"]] in asked:
            lost.append(f"{what}: exit {done.returncode}, record {'kept' if kept else 'gone'}, DeleteStack of {asked}")
    record_property("tries", len(rows))
    record_property("lost", len(lost))
    assert not lost, f"{len(lost)} of {len(rows)}:\n" + "\n".join(lost)


def test_the_arn_of_an_earlier_stack_of_the_cloud(cloudctl, local_aws):
    """An old copy of the record: the name is the same, the ARN that of a stack which is deleted."""
    local_aws.fail({"logical_id": "FileSystem", "times": 1})
    cloudctl.run(*SETUP, "demo", code=4)
    earlier = cloudctl.record("demo")["stack_arn"]
    cloudctl.run(*SETUP, "demo", code=None)
    record = cloudctl.record("demo")
    assert record["stack_arn"] != earlier
    put(cloudctl, "demo", edited(record, ("stack_arn",), earlier))
    cloudctl.run("delete", "demo", "--yes")
    assert live(local_aws) == {} and cloudctl.records() == []


def test_a_stack_of_our_name_without_our_tag(cloudctl, local_aws):
    """A setup that is gone on with does not take it for its own, and delete leaves it alone."""
    cloudctl.run(*SETUP, "demo", code=None)
    record = cloudctl.record("demo")
    cloudformation = local_aws.client("cloudformation")
    local_aws.control("POST", "reset")
    stack = cloudformation.create_stack(StackName=record["stack_name"],
                                        TemplateBody='{"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}')["StackId"]
    wait_for(lambda: live(local_aws))
    for form in (record, half_made(record)):
        put(cloudctl, "demo", form)
        for words in (("delete", "demo", "--yes"), (*SETUP, "demo")):
            done = cloudctl.run(*words, code=4)
            assert "is not that of cloud 'demo'" in done.stderr, done.stderr
    assert live(local_aws) == {record["stack_name"]: stack}


def test_edits_of_a_registered_cloud(cloudctl, customer, local_aws, record_property):
    for name in ("mine", "other"):
        cloudctl.run("register", "--name", name, *customer.arguments, "--skip-verifications", "--yes")
    record, other = cloudctl.record("mine"), cloudctl.record("other")
    trust = customer.trust()
    lost = []
    rows = list(edits(record, other))
    for what, row in rows:
        put(cloudctl, "mine", row)
        customer.set_trust(*trust)
        done = cloudctl.run("delete", "mine", "--yes", code=None)
        now = json.dumps(customer.trust())
        # That it was there before, or that another role was meant, may be true.
        may_be_true = what in ("external_id_added removed", "external_id: garbage")
        if other["id"] not in now or (done.returncode == 0 and record["id"] in now and not may_be_true):
            lost.append(f"{what}: exit {done.returncode}, trust {now}")
    record_property("tries", len(rows))
    record_property("lost", len(lost))
    assert not lost, f"{len(lost)} of {len(rows)}:\n" + "\n".join(lost)
    assert CONTROL_PLANE in json.dumps(trust)


def test_edits_of_a_record_that_is_read(cloudctl, customer, local_aws, record_property):
    """`verify`, and `register` of a name that is taken: nothing in AWS is changed, no good verdict of another account or
    region's, and a record is as it was or whole."""
    register = ("register", "--name", "mine", *customer.arguments, "--skip-verifications", "--yes")
    cloudctl.run(*register)
    record = cloudctl.record("mine")
    trust, lost = customer.trust(), []
    # Without its state a record is that of a registration that was not finished, and register goes on with it.
    rows = [row for row in edits(record, {}) if row[0] != "state removed"]
    for what, row in rows:
        for words in (("verify", "mine", "--only", "account.identity,vpc.exists"), register):
            put(cloudctl, "mine", row)
            done = cloudctl.run(*words, code=None)
            good = done.returncode == 0 and what.startswith(("region", "account", "provider", "version", "name"))
            already = "nothing was changed" in done.stderr  # the record says all that the options say
            if done.returncode == 70 or done.returncode < 0 or (words == register and done.returncode != 4 and not already) or \
                    (good and "removed" not in what) or cloudctl.record("mine") != row:
                lost.append(f"{words[0]}, {what}: exit {done.returncode}: {done.stderr[-200:]}")
    record_property("tries", 2 * len(rows))
    record_property("lost", len(lost))
    assert customer.trust() == trust
    assert not lost, f"{len(lost)} of {2 * len(rows)}:\n" + "\n".join(lost)


def spoilt(value):
    """Another kind of value."""
    return "odd" if not isinstance(value, str) else [{"odd": 1}]


def every_member(tree, path=()):
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
        yield (*path, key), value
        if isinstance(value, (dict, list)):
            yield from every_member(value, (*path, key))


@pytest.mark.parametrize("kind", ["facts", "events"])
def test_edits_of_saved_files(cloudctl, customer, kind, record_property):
    """Facts that are judged and events that are shown again: each member of another kind, or not there. No crash, and no
    exit code that says that all was understood and is well where the file was refused."""
    register = ("register", "--name", "mine", *customer.arguments, "--skip-verifications", "--yes")
    cloudctl.run(*register)
    path = cloudctl.home / kind
    cloudctl.run("verify", "mine", f"--{'save-facts' if kind == 'facts' else 'events'}={path}", code=None)
    text = path.read_text()
    whole = json.loads(text) if kind == "facts" else [json.loads(line) for line in text.splitlines()]
    members = list(every_member(whole))
    chosen = members if SOAK else members[::len(members) // 20]
    lost = []
    for where, value in chosen:
        for new in (None, spoilt(value)):
            changed = json.loads(json.dumps(whole))
            node = changed
            for key in where[:-1]:
                node = node[key]
            if new is None:
                del node[where[-1]]
            else:
                node[where[-1]] = new
            path.write_text(json.dumps(changed) if kind == "facts" else "\n".join(map(json.dumps, changed)) + "\n")
            done = cloudctl.run(*(("verify", "--facts") if kind == "facts" else ("replay",)), str(path), code=None)
            if done.returncode not in (0, 1, 2, 3, 4) or (done.returncode == 0 and "cloudctl: " in done.stderr):
                lost.append(f"{where} {'removed' if new is None else new}: exit {done.returncode}: {done.stderr[-200:]}")
    record_property("tries", 2 * len(chosen))
    record_property("lost", len(lost))
    assert not lost, f"{len(lost)} of {2 * len(chosen)}:\n" + "\n".join(lost)
