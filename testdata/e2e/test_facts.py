# SPDX-License-Identifier: Apache-2.0
"""`verify --save-facts` and `--facts`: the same findings without AWS, and files that are not what they should be."""

import json
import os
import stat

import pytest
from conftest import Cloudctl
from report_support import OUTPUTS
from verify_support import Site, new_cloud

NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody listens


@pytest.fixture(scope="module")
def broken(server, tmp_path_factory):
    """A cloud with something of every verdict: a warning, a failure, and a call that is refused."""
    made = new_cloud(tmp_path_factory.mktemp("broken"), server)
    site = Site(server, memorydb=True)
    made.register(site)
    site.ec2.modify_vpc_attribute(VpcId=site.vpc, EnableDnsHostnames={"Value": False})
    site.shut_in("tcp", 443, cidr="0.0.0.0/0")
    server.faults({"match": "ec2:DescribeNetworkAcls", "status": 403, "code": "UnauthorizedOperation"})
    return made


@pytest.fixture
def offline(tmp_path):
    """Somebody else's machine: no records, no credentials, no AWS."""
    elsewhere = Cloudctl(tmp_path, NOWHERE)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        del elsewhere.environment[name]
    return elsewhere


def findings(done) -> list[dict]:
    return json.loads(done.stdout)["findings"]


@pytest.fixture(scope="module")
def saved(broken, tmp_path_factory):
    path = tmp_path_factory.mktemp("saved") / "facts.json"
    done = broken.cloudctl.run("verify", "prod", "-o", "json", "--save-facts", str(path), code=1)
    return path, done


def test_the_same_findings_without_aws(saved, offline):
    path, online = saved
    replayed = offline.run("verify", "--facts", str(path), "-o", "json", code=1)
    document, before = json.loads(replayed.stdout), json.loads(online.stdout)

    def by_check(found):
        return sorted(found["findings"], key=lambda finding: finding["check"])

    assert by_check(document) == by_check(before)
    assert {finding["verdict"] for finding in document["findings"]} >= {"PASS", "WARN", "FAIL", "UNKNOWN"}
    for member in ("cloud", "verdict", "counts", "exit_code"):
        assert document[member] == before[member]
    assert (document["calls"], offline.records()) == (0, [])


def test_what_is_chosen_is_chosen_offline_too(saved, offline):
    done = offline.run("verify", "--facts", str(saved[0]), "--only", "vpc.*", "--strict", "-o", "json", code=1)
    assert {finding["group"] for finding in findings(done)} == {"vpc"}
    offline.run("verify", "--facts", str(saved[0]), "--only", "vpc.*", code=0)


@pytest.mark.parametrize("output", OUTPUTS)
def test_every_form_can_be_made_later(saved, offline, output):
    done = offline.run("verify", "--facts", str(saved[0]), "-o", output, code=1)
    assert "security-groups.https" in done.stdout


def test_the_file_is_the_owners_alone_and_replaced_whole(broken, saved, tmp_path):
    path = tmp_path / "facts.json"
    path.write_text("not facts")
    path.chmod(0o644)
    broken.cloudctl.run("verify", "prod", "--save-facts", str(path), code=1)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text())["schema"] == "cloudctl.facts/1"
    assert os.listdir(tmp_path) == ["facts.json"]


def test_what_was_not_asked_is_unknown_later(broken, offline, tmp_path):
    path = tmp_path / "few.json"
    broken.cloudctl.run("verify", "prod", "--only", "s3.cors", "--save-facts", str(path), code=0)
    offline.run("verify", "--facts", str(path), "--only", "s3.cors", code=0)
    done = offline.run("verify", "--facts", str(path), "-o", "json", code=None)
    unknown = [finding for finding in findings(done) if finding["verdict"] == "UNKNOWN"]
    assert done.returncode in (1, 3)
    assert all("the saved facts do not hold" in finding["text"] for finding in unknown) and unknown


def test_a_file_that_cannot_be_written_is_told(broken, tmp_path):
    done = broken.cloudctl.run("verify", "prod", "--save-facts", str(tmp_path / "no" / "facts.json"), code=4)
    assert "saving the facts" in done.stderr and "No such file" in done.stderr


WRONG = {
    "empty": ("", "line 1"),
    "no JSON": ("{", "line 1"),
    "cut off": ('{"schema": "cloudctl.facts/1", "facts": {"vpc', "line 1"),
    "a list": ("[]", "not saved facts"),
    "something else": ('{"schema": "cloudctl.verify/1"}', "the schema is 'cloudctl.verify/1'"),
    "no facts": ('{"schema": "cloudctl.facts/1"}', "no member 'facts'"),
    "unknown fact": ('{"schema": "cloudctl.facts/1", "cloud": {}, "facts": {"moon": {"reply": null}}}', "'moon'"),
    "no reply": ('{"schema": "cloudctl.facts/1", "cloud": {}, "facts": {"vpc": {}}}', "fact 'vpc'"),
    "text for a reply": ('{"schema": "cloudctl.facts/1", "cloud": {}, "facts": {"vpc": {"reply": "x"}}}', "fact 'vpc'"),
    "a strange record": ('{"schema": "cloudctl.facts/1", "cloud": {"moon": 1}, "facts": {}}', "moon"),
    "the same twice": ('{"schema": "cloudctl.facts/1", "schema": "x"}', "duplicate"),
    "too deep": ("[" * 100000, "line 1"),
}


@pytest.mark.parametrize("text, why", WRONG.values(), ids=WRONG)
def test_files_that_are_not_saved_facts(offline, tmp_path, text, why):
    path = tmp_path / "facts.json"
    path.write_text(text)
    done = offline.run("verify", "--facts", str(path), code=4)
    assert done.stdout == "" and "--facts" in done.stderr and why in done.stderr


def test_facts_of_an_empty_record_are_judged(offline, tmp_path):
    """A stranger's file: nothing in it may end the program."""
    path = tmp_path / "facts.json"
    path.write_text('{"schema": "cloudctl.facts/1", "cloud": {}, "facts": {}}')
    for output in OUTPUTS:
        offline.run("verify", "--facts", str(path), "-o", output, code=None)


def strange(tree, value):
    """The tree with every leaf replaced."""
    if isinstance(tree, dict):
        return {key: strange(below, value) for key, below in tree.items()}
    return [strange(below, value) for below in tree] if isinstance(tree, list) else value


@pytest.mark.parametrize("value", [None, "", "x" * 5000, -1, 2**62, 1e300, True, [], {}, "\x1b[2J", "10.0.0.0/99"],
                         ids=lambda value: repr(value)[:12])
def test_replies_of_any_shape_are_judged(saved, offline, tmp_path, value):
    document = json.loads(saved[0].read_text())
    for entry in document["facts"].values():
        if entry.get("reply"):
            entry["reply"] = strange(entry["reply"], value)
    path = tmp_path / "strange.json"
    path.write_text(json.dumps(document))
    done = offline.run("verify", "--facts", str(path), code=None)
    assert done.returncode in (1, 3)
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize("words, why", [
    (("prod", "--facts", "x.json"), "name no cloud"), (("--name", "prod", "--facts", "x.json"), "name no cloud"),
    (("--facts", "x.json", "--save-facts", "y.json"), "--save-facts")])
def test_options_that_do_not_go_together(offline, words, why):
    assert why in offline.run("verify", *words, code=2).stderr
