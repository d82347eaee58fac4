# SPDX-License-Identifier: Apache-2.0
"""`verify --all`: every cloud of the registry at the same time; one summary, one code, one document of each form."""

import json
import os
import re
import signal
import zlib

import pytest
import yaml
from conftest import HELD, OTHER_KEYS, wait_for
from report_support import OUTPUTS, document_schema, junit, sarif_log, tree
from verify_support import Site, new_cloud

CLOUDS = 20
NAMES = sorted(f"cloud-{number}" for number in range(CLOUDS))


class Fleet:
    """Records of many clouds, all of the same resources; one of them may be spoiled."""

    def __init__(self, folder, server):
        self.made = new_cloud(folder, server)
        self.site = Site(server)
        self.made.register(self.site)
        self.server = server
        self.cloudctl = self.made.cloudctl
        self.folder = self.cloudctl.state / "cloudctl/clouds"
        self.good = yaml.safe_load((self.folder / "prod.yaml").read_text())
        (self.folder / "prod.yaml").unlink()
        self.reset()

    def write(self, name: str, **changes) -> None:
        letters = "".join("abcdefghij"[int(digit)] for digit in str(zlib.crc32(name.encode())))
        record = self.good | {"name": name, "id": "cld_" + letters.rjust(26, "a")} | changes
        (self.folder / f"{name}.yaml").write_text(yaml.safe_dump(record, sort_keys=False))

    def write_with(self, name: str, **resources) -> None:
        self.write(name, resources=self.good["resources"] | resources)

    def reset(self) -> None:
        self.server.faults()
        for path in self.folder.iterdir():
            path.unlink()
        for name in NAMES:
            self.write(name)
        self.server.control("DELETE", "requests")

    def run(self, *words, code=None):
        return self.cloudctl.run("verify", "--all", *words, code=code)

    def document(self, *words, code=None) -> dict:
        return tree(self.run("-o", "json", *words, code=code).stdout, "json")


@pytest.fixture(scope="module")
def whole_fleet(server, tmp_path_factory):
    return Fleet(tmp_path_factory.mktemp("fleet"), server)


@pytest.fixture
def fleet(whole_fleet):
    yield whole_fleet
    whole_fleet.reset()


def rows(done) -> dict[str, list[str]]:
    """The table at the end: the words of each line by the cloud's name."""
    lines = done.stdout.partition("Verification result:\n")[2].splitlines()
    assert lines[0].split() == ["NAME", "VERDICT", "FAILED", "UNKNOWN", "WARNINGS", "PASSED", "IGNORED"]
    return {line.split()[0]: line.split()[1:] for line in lines[1:]}


def test_all_good(fleet):
    done = fleet.run(code=0)
    table = rows(done)
    assert list(table) == NAMES
    assert {tuple(row[:4]) for row in table.values()} == {("PASS", "0", "0", "0")}
    said = re.findall(r"^\(cloudctl \+\S+\) (\S+): PASS$", done.stderr, re.MULTILINE)
    assert said == NAMES
    for name in NAMES:
        assert fleet.cloudctl.record(name)["verification"]["verdict"] == "PASS"


def test_each_is_what_it_is_alone(fleet):
    """The same findings, whether one is looked at or all."""
    fleet.write_with("cloud-3", vpc_id="vpc-00000000000000000")
    fleet.write("cloud-7", networking="private")
    together = {cloud["cloud"]["name"]: cloud for cloud in fleet.document(code=1)["clouds"]}
    assert list(together) == NAMES
    for name in ("cloud-3", "cloud-7", "cloud-0"):
        alone = json.loads(fleet.cloudctl.run("verify", name, "-o", "json", code=None).stdout)

        def by_check(found):
            return sorted(found["findings"], key=lambda finding: finding["check"])

        assert by_check(together[name]) == by_check(alone)
        for member in ("cloud", "verdict", "exit_code", "counts"):
            assert together[name][member] == alone[member]


def test_they_are_asked_about_together(fleet):
    """Calls of many clouds are on their way at the same time."""
    fleet.server.faults({"match": "*", "delay": HELD})
    process = fleet.cloudctl.start("verify", "--all")
    most = wait_for(lambda: (now := fleet.server.control("GET", "state")["in_flight"]) > 16 and now, 60)
    fleet.server.release()
    process.communicate(timeout=120)
    assert most > 16 and process.returncode == 0


def test_only_what_is_chosen_is_asked(fleet):
    document = fleet.document("--only", "s3.cors", code=0)
    assert {len(cloud["findings"]) for cloud in document["clouds"]} == {1}
    assert {row["service"] for row in fleet.server.requests()} == {"s3", "sts"}
    assert "verification" not in fleet.cloudctl.record(NAMES[0])


# What is wrong with some of the clouds, and the code without and with --strict.
FAIL = {"networking": "private"}
CORRUPT = "name: ["


def spoil(fleet, *ways):
    for way in ways:
        if way == "fail":
            fleet.write("cloud-2", **FAIL)
        elif way == "unknown":
            fleet.server.faults({"match": "ec2:DescribeNetworkAcls", "status": 403, "code": "UnauthorizedOperation"})
        elif way == "corrupt":
            (fleet.folder / "cloud-4.yaml").write_text(CORRUPT)


TABLE = {
    (): (0, 0), ("corrupt",): (4, 4), ("unknown",): (3, 3), ("unknown", "corrupt"): (4, 4),
    ("fail",): (1, 1), ("fail", "corrupt"): (1, 1), ("fail", "unknown", "corrupt"): (1, 1),
}


@pytest.mark.parametrize("strict", [False, True], ids=["", "strict"])
@pytest.mark.parametrize("ways, codes", TABLE.items(), ids=["-".join(ways) or "good" for ways in TABLE])
def test_the_code_of_all_is_the_worst(fleet, ways, codes, strict):
    spoil(fleet, *ways)
    document = fleet.document(*["--strict"] if strict else [], code=codes[strict])
    assert document["exit_code"] == codes[strict]
    for verdict in ("pass", "warn", "fail", "unknown", "skip"):
        assert document["counts"][verdict] == sum(cloud["counts"][verdict] for cloud in document["clouds"])


def test_a_warning_anywhere_counts_under_strict(fleet):
    fleet.server.faults({"match": "ec2:DescribeNetworkAcls", "status": 403, "code": "UnauthorizedOperation", "times": 1})
    vpc = fleet.site.vpc
    fleet.site.ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": False})
    try:
        fleet.document(code=3)
        fleet.document("--strict", code=1)
    finally:
        fleet.site.ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})


def test_a_corrupt_record_is_told_and_the_others_go_on(fleet):
    spoil(fleet, "corrupt")
    done = fleet.run(code=4)
    table = rows(done)
    assert table.pop("cloud-4") == ["UNKNOWN", "-", "-", "-", "-", "-"]
    assert {row[0] for row in table.values()} == {"PASS"} and len(table) == CLOUDS - 1
    assert re.search(r"error: cloud-4: .*cloud-4\.yaml: line \d+: ", done.stderr)
    (cloud,) = [cloud for cloud in fleet.document(code=4)["clouds"] if cloud["exit_code"] == 4]
    assert "cloud-4.yaml" in cloud["error"] and cloud["findings"] == []


def test_a_folder_in_place_of_a_record_is_told(fleet):
    folder = fleet.folder / "zz-folder.yaml"
    folder.mkdir()
    try:
        done = fleet.run(code=4)
        listed = fleet.cloudctl.run("list", code=4)
    finally:
        folder.rmdir()
    assert rows(done)["zz-folder"][0] == "UNKNOWN" and "zz-folder.yaml: not a regular file" in done.stderr
    assert "zz-folder.yaml: not a regular file" in listed.stderr
    assert [name for name in NAMES if name in listed.stdout] == NAMES


@pytest.mark.parametrize("output", OUTPUTS)
def test_every_form_is_well_formed_and_names_the_clouds(fleet, output):
    spoil(fleet, "fail", "corrupt")
    text = fleet.run("-o", output, code=1).stdout
    for name in NAMES:
        assert name in text
    if output in ("json", "yaml"):
        found = tree(text, output)
        assert [cloud["cloud"]["name"] for cloud in found["clouds"]] == NAMES
        assert set(found) <= set(document_schema("verify-all")["properties"])
    elif output == "junit":
        suites = list(junit(text))
        assert {suite.name.partition(":")[0] for suite in suites} == set(NAMES)
        assert {suite.name for suite in suites if suite.errors} == {"cloud-4: run"}
        assert {suite.name.partition(":")[0] for suite in suites if suite.failures} == {"cloud-2"}
        classes = [(case.classname, case.name) for suite in suites for case in suite]
        assert len(classes) == len(set(classes)) > 40 * (CLOUDS - 1)
    elif output == "sarif":
        runs = sarif_log(text)["runs"]
        assert [run["automationDetails"]["id"] for run in runs] == [f"{name}/" for name in NAMES]
        assert [run["invocations"][0]["exitCode"] for run in runs].count(1) == 1
        broken = [run for run in runs if not run["invocations"][0]["executionSuccessful"]]
        assert [run["automationDetails"]["id"] for run in broken] == ["cloud-4/"]
    elif output == "markdown":
        assert "exit code 1" in text and "20 clouds" in text
        assert text.count("\n### ") == 2


def test_the_schemas_agree():
    one, many = document_schema("verify"), document_schema("verify-all")
    cloud = many["$defs"]["cloud"]["properties"]
    for name, definition in one["$defs"].items():
        assert many["$defs"][name] == definition
    for name in ("cloud", "groups", "findings"):
        assert cloud[name] == one["properties"][name]
    assert many["$defs"]["counts"] == one["properties"]["counts"]


def test_what_is_ignored_is_each_clouds_own(fleet):
    fleet.write("cloud-2", **FAIL, ignored=[{"check": "subnets.route", "reason": "here it is so"},
                                            {"check": "subnets.public-ip", "reason": "and this"}])
    fleet.write("cloud-5", ignored=[{"check": "vpc.dns", "reason": "r"}])
    done = fleet.run()
    assert "here it is so" in done.stdout
    assert rows(done)["cloud-2"][-1] == "2"
    assert "cloud-5: vpc.dns passes and no longer needs to be ignored" in done.stderr


def test_clouds_of_several_regions(fleet):
    fleet.write("cloud-6", region="eu-west-1")
    fleet.document(code=1)
    assert {row["region"] for row in fleet.server.requests("ec2:DescribeVpcs")} == {"us-west-2", "eu-west-1"}
    here = fleet.document("--region", "us-west-2", code=0)
    assert len(here["clouds"]) == CLOUDS - 1
    there = fleet.document("--region", "eu-west-1", code=1)
    assert [cloud["cloud"]["name"] for cloud in there["clouds"]] == ["cloud-6"]
    assert "no cloud in ap-south-1" in fleet.run("--region", "ap-south-1", code=2).stderr


def test_credentials_that_are_not_accepted(fleet):
    environment = fleet.cloudctl.environment
    keys = {name: environment[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
    environment.update(AWS_ACCESS_KEY_ID="AKIANOBODY0000000000", AWS_SECRET_ACCESS_KEY="x" * 40)
    try:
        document = fleet.document(code=4)
        environment.update(AWS_ACCESS_KEY_ID=OTHER_KEYS[0], AWS_SECRET_ACCESS_KEY=OTHER_KEYS[1])
        fleet.document(code=1)  # another account: its own, so each cloud fails
    finally:
        environment.update(keys)
    assert {cloud["exit_code"] for cloud in document["clouds"]} == {4}
    assert all(cloud["error"] for cloud in document["clouds"])


def test_no_cloud_is_a_mistake(fleet):
    for path in fleet.folder.iterdir():
        path.unlink()
    assert "there are no clouds in" in fleet.run(code=2).stderr


@pytest.mark.parametrize("words, why", [
    (("cloud-1",), "name no cloud"), (("--name", "cloud-1"), "name no cloud"), (("--facts", "x"), "--facts"),
    (("--save-facts", "x"), "--save-facts"), (("--ignore", "vpc.dns", "--reason", "r"), "cloud by cloud"),
    (("--only", "vpc.moon"), "no check matches 'vpc.moon'")])
def test_options_that_do_not_go_together(fleet, words, why):
    assert why in fleet.run(*words, code=2).stderr
    assert fleet.server.requests() == []


def test_an_interrupt_ends_all_of_them(fleet):
    fleet.server.faults({"match": "*", "delay": HELD})
    process = fleet.cloudctl.start("verify", "--all", "-o", "json")
    wait_for(lambda: fleet.server.control("GET", "state")["in_flight"] > 16, 60)
    os.kill(process.pid, signal.SIGINT)
    out, errors = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGINT
    assert "interrupted after 0 of 20 clouds" in errors and "Sanitizer" not in errors
    assert json.loads(out)["exit_code"] == 130


def test_throttled_calls_are_repeated(fleet):
    """AWS that is asked too much says so, and all the same everything is known in the end."""
    fleet.cloudctl.environment["AWS_MAX_ATTEMPTS"] = "10"
    fleet.server.faults({"match": "ec2:*", "times": 40, "status": 503, "code": "RequestLimitExceeded"})
    try:
        document = fleet.document(code=0)
    finally:
        del fleet.cloudctl.environment["AWS_MAX_ATTEMPTS"]
    assert document["retries"] == 40
    assert document["counts"]["unknown"] == 0


def test_a_slow_cloud_holds_back_only_what_is_said(fleet):
    """The first is told first, however long it takes."""
    fleet.write_with("cloud-0", vpc_id="vpc-0000000000000000a")
    fleet.server.faults({"match": "ec2:DescribeVpcs", "times": 1, "delay": 1.5})
    document = fleet.document(code=1)
    assert [cloud["cloud"]["name"] for cloud in document["clouds"]] == NAMES


def test_the_run_can_be_shown_again(fleet, tmp_path):
    spoil(fleet, "fail", "corrupt")
    record = tmp_path / "all.events"
    shown = fleet.run("--events", str(record), code=1)
    again = fleet.cloudctl.run("replay", str(record))
    assert again.stdout == shown.stdout
    assert [cloud["cloud"]["name"] for cloud in tree(
        fleet.cloudctl.run("replay", str(record), "-o", "json").stdout, "json")["clouds"]] == NAMES
