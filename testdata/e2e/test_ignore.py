# SPDX-License-Identifier: Apache-2.0
"""`verify --ignore`, `--reason`, `--unignore`: what is recorded, what counts, what is said, and what is refused."""

import json

import pytest
from report_support import OUTPUTS, code_in, sarif_log
from verify_support import Site, new_cloud

REASON = "the bastion's subnets: see ticket 7"


@pytest.fixture(scope="module")
def site_and_cloud(server, tmp_path_factory):
    """Two subnets without public addresses (WARN), and nobody let in on 443 (FAIL)."""
    made = new_cloud(tmp_path_factory.mktemp("cloud"), server)
    site = Site(server)
    made.register(site)
    for subnet in site.subnets:
        site.ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": False})
    site.shut_in("tcp", 443, cidr="0.0.0.0/0")
    return site, made


@pytest.fixture
def site(site_and_cloud):
    return site_and_cloud[0]


@pytest.fixture
def verify(site_and_cloud):
    """Runs verify on the cloud with nothing ignored; the document, the run, and the record's entries after it."""
    cloudctl = site_and_cloud[1].cloudctl
    path = cloudctl.state / "cloudctl/clouds/prod.yaml"
    clean = path.read_text()

    def run(*words, code=None):
        done = cloudctl.run("verify", "prod", *words, "-o", "json", code=code)
        document = json.loads(done.stdout) if done.stdout else None
        found = {row["check"]: row for row in document["findings"]} if document else {}
        return found, done, cloudctl.record("prod").get("ignored", [])

    yield run
    path.write_text(clean)


def test_an_ignored_finding_is_shown_and_does_not_count(verify):
    found, done, entries = verify("--ignore", "security-groups.https", "--reason", REASON, code=0)
    document = json.loads(done.stdout)
    finding = found["security-groups.https"]
    assert (finding["verdict"], finding["ignored"]) == ("FAIL", REASON)
    assert document["verdict"] == "WARN" and document["counts"]["fail"] == 0
    (group,) = [group for group in document["groups"] if group["id"] == finding["group"]]
    assert group["verdict"] == "PASS"
    (entry,) = entries
    assert (entry["check"], entry["reason"], "resource" in entry) == ("security-groups.https", REASON, False)
    assert entry["since"].endswith("Z")


def test_it_stays_ignored_until_it_is_taken_back(verify):
    verify("--ignore", "security-groups.https,subnets.public-ip", "--reason", REASON, code=0)
    found, done, _ = verify("--strict", code=0)
    assert found["subnets.public-ip"]["ignored"] == REASON
    assert json.loads(done.stdout)["verdict"] == "PASS"
    found, _, entries = verify("--unignore", "security-groups.https", code=1)
    assert found["security-groups.https"]["ignored"] is None
    assert [entry["check"] for entry in entries] == ["subnets.public-ip"]
    assert verify("--unignore", "subnets.public-ip", code=1)[2] == []


def test_every_form_shows_the_reason_and_ends_with_the_same_code(verify, site_and_cloud):
    verify("--ignore", "security-groups.https", "--reason", REASON, code=0)
    for output in OUTPUTS:
        done = site_and_cloud[1].cloudctl.run("verify", "prod", "-o", output, code=0)
        assert "ticket 7" in done.stdout
        assert code_in(done.stdout, output) in (0, None)
        if output == "sarif":
            (result,) = [row for row in sarif_log(done.stdout)["runs"][0]["results"] if row["suppressions"]]
            assert result["suppressions"][0]["justification"] == REASON


def test_a_resource_is_enough_only_when_all_that_fail_are_ignored(verify, site):
    first, second = site.subnets
    found, _, _ = verify("--ignore", f"subnets.public-ip={first}", "--reason", "first", code=1)
    assert found["subnets.public-ip"]["ignored"] is None
    found, _, entries = verify("--ignore", f"subnets.public-ip={second}", "--reason", "second", code=1)
    assert found["subnets.public-ip"]["ignored"] == f"{first}: first; {second}: second"
    assert [entry["resource"] for entry in entries] == [first, second]
    found, _, entries = verify("--unignore", f"subnets.public-ip={first}", code=1)
    assert found["subnets.public-ip"]["ignored"] is None and len(entries) == 1


def test_saying_it_again_replaces_the_reason(verify):
    verify("--ignore", "security-groups.https", "--reason", "old", code=0)
    found, _, entries = verify("--ignore", "security-groups.https", "--reason", "new", code=0)
    assert found["security-groups.https"]["ignored"] == "new" and len(entries) == 1


def test_an_entry_that_is_not_needed_is_noted(verify, site):
    first, second = site.subnets
    _, done, _ = verify("--ignore", f"vpc.dns,subnets.public-ip={first}", "--reason", "r", code=1)
    assert "vpc.dns passes and no longer needs to be ignored: cloudctl verify prod --unignore vpc.dns" in done.stderr
    assert f"public-ip={first} passes" not in done.stderr
    site.ec2.modify_subnet_attribute(SubnetId=first, MapPublicIpOnLaunch={"Value": True})
    try:
        found, done, _ = verify(code=1)
    finally:
        site.ec2.modify_subnet_attribute(SubnetId=first, MapPublicIpOnLaunch={"Value": False})
    assert f"subnets.public-ip={first} passes" in done.stderr
    assert found["subnets.public-ip"]["ignored"] is None
    _, done, _ = verify("--only", "s3.*", code=0)
    assert "need not be ignored" not in done.stderr, "it was not looked at"


def test_unknown_is_ignored_with_the_whole_check_only(verify, server, site):
    server.faults({"match": "ec2:DescribeNetworkAcls", "status": 403, "code": "UnauthorizedOperation"})
    try:
        words = ("--only", "subnets.network-acl")
        verify(*words, "--ignore", f"subnets.network-acl={site.subnets[0]}", "--reason", "r", code=3)
        found, _, _ = verify(*words, "--ignore", "subnets.network-acl", "--reason", "r", code=0)
        assert (found["subnets.network-acl"]["verdict"], found["subnets.network-acl"]["ignored"]) == ("UNKNOWN", "r")
    finally:
        server.faults()


def test_saved_facts_remember_what_is_ignored(verify, site_and_cloud, tmp_path):
    path = tmp_path / "facts.json"
    verify("--ignore", "security-groups.https", "--reason", REASON, "--save-facts", str(path), code=0)
    done = site_and_cloud[1].cloudctl.run("verify", "--facts", str(path), "-o", "json", code=0)
    assert REASON in done.stdout


REFUSED = {
    "unknown check": (("--ignore", "vpc.dnss", "--reason", "r"), "unknown check 'vpc.dnss'; did you mean 'vpc.dns'?"),
    "far from any": (("--ignore", "zzzzzzzzzzzz", "--reason", "r"), "'cloudctl checks' lists them"),
    "one of two unknown": (("--ignore", "vpc.dns,vpc.x", "--reason", "r"), "'vpc.x'"),
    "a glob": (("--ignore", "vpc.*", "--reason", "r"), "unknown check 'vpc.*'"),
    "no reason": (("--ignore", "vpc.dns"), "needs --reason"),
    "an empty reason": (("--ignore", "vpc.dns", "--reason="), "--reason"),
    "two lines": (("--ignore", "vpc.dns", "--reason", "a\nb"), "one line"),
    "an escape": (("--ignore", "vpc.dns", "--reason", "\x1b[2J"), "one line"),
    "too long": (("--ignore", "vpc.dns", "--reason", "x" * 501), "at most 500"),
    "a resource of another check": (("--ignore", "vpc.dns=sg-1", "--reason", "r"), "vpc.dns is not about 'sg-1'; it is about vpc-"),
    "a subnet that is not the cloud's": (("--ignore", "subnets.route=subnet-1", "--reason", "r"), "is not about 'subnet-1'"),
    "no resource": (("--ignore", "vpc.dns=", "--reason", "r"), "needs the id of a resource"),
    "reason alone": (("--reason", "r"), "--reason needs --ignore"),
    "not ignored": (("--unignore", "vpc.dns"), "'vpc.dns' is not ignored; the record ignores nothing"),
    "unignore unknown": (("--unignore", "vpc.dnss"), "did you mean 'vpc.dns'?"),
    "saved facts": (("--ignore", "vpc.dns", "--reason", "r", "--facts", "x"), "--facts"),
}


@pytest.mark.parametrize("words, why", REFUSED.values(), ids=REFUSED)
def test_what_is_refused_changes_nothing(site_and_cloud, server, words, why):
    cloudctl = site_and_cloud[1].cloudctl
    before = cloudctl.record("prod")
    server.control("DELETE", "requests")
    done = cloudctl.run("verify", *[] if "--facts" in words else ["prod"], *words, code=2)
    assert why in done.stderr and done.stdout == ""
    assert "\x1b" not in done.stderr
    assert cloudctl.record("prod") == before and server.requests() == []


def test_it_is_recorded_even_when_aws_is_out_of_reach(site_and_cloud, verify):
    cloudctl = site_and_cloud[1].cloudctl
    url = cloudctl.environment["AWS_ENDPOINT_URL"]
    cloudctl.environment["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9"
    try:
        _, _, entries = verify("--ignore", "vpc.dns", "--reason", "r", code=4)
    finally:
        cloudctl.environment["AWS_ENDPOINT_URL"] = url
    assert [entry["check"] for entry in entries] == ["vpc.dns"]


def test_a_record_made_by_hand(site_and_cloud, verify):
    """An entry about a check of another version is said, one without a reason is refused."""
    cloudctl = site_and_cloud[1].cloudctl
    path = cloudctl.state / "cloudctl/clouds/prod.yaml"
    clean = path.read_text()
    path.write_text(clean + "ignored:\n- check: vpc.moon\n  reason: r\n")
    _, done, _ = verify(code=1)
    assert "ignores 'vpc.moon', but there is no such check" in done.stderr
    path.write_text(clean + "ignored:\n- check: vpc.dns\n")
    done = cloudctl.run("verify", "prod", code=4)
    assert "ignored: item 1: reason: is missing" in done.stderr


def test_the_record_stays_one_that_register_accepts(site_and_cloud, verify):
    verify("--ignore", "security-groups.https", "--reason", REASON, code=0)
    shown = site_and_cloud[1].cloudctl.run("get", "prod", "-o", "json").stdout
    assert json.loads(shown)["ignored"][0]["reason"] == REASON
