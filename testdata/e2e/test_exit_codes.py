# SPDX-License-Identifier: Apache-2.0
"""The table of exit codes: what is wrong with a cloud, with --strict or not, in every form of output and on the full screen; one
code each, and the same in the document where it carries one."""

import pytest
from conftest import BINARY
from report_support import OUTPUTS, code_in
from terminal import Terminal
from verify_support import Site, new_cloud

DENIED = {"match": "ec2:DescribeRouteTables", "status": 403, "code": "UnauthorizedOperation"}

# What is wrong, and the code without and with --strict.
TABLE = {
    "pass": ((), 0, 0), "warn": (("warn",), 0, 1), "fail": (("fail",), 1, 1), "unknown": (("unknown",), 3, 3),
    "warn and unknown": (("warn", "unknown"), 3, 1), "fail and unknown": (("fail", "unknown"), 1, 1),
}


class Bad:
    """A good cloud that can be made worse in three ways, and good again."""

    def __init__(self, folder, local_aws):
        self.cloud = new_cloud(folder, local_aws)
        self.site = Site(local_aws)
        self.local_aws = local_aws
        self.cloud.register(self.site)
        self.wrong = set()

    def _warn(self, on: bool) -> None:
        self.site.ec2.modify_vpc_attribute(VpcId=self.site.vpc, EnableDnsHostnames={"Value": not on})

    def _fail(self, on: bool) -> None:
        (self.site.shut_in if on else self.site.let_in)("tcp", 443, cidr="0.0.0.0/0")

    def _unknown(self, on: bool) -> None:
        self.local_aws.faults(*[DENIED] if on else [])

    def make(self, *ways: str) -> None:
        for way in self.wrong ^ set(ways):
            getattr(self, f"_{way}")(way in ways)
        self.wrong = set(ways)


@pytest.fixture(scope="module")
def bad(server, tmp_path_factory):
    return Bad(tmp_path_factory.mktemp("bad"), server)


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("strict", [False, True], ids=["", "strict"])
@pytest.mark.parametrize("ways, code, strict_code", TABLE.values(), ids=TABLE)
def test_one_code_in_every_form(bad, ways, code, strict_code, strict, output):
    bad.make(*ways)
    wanted = strict_code if strict else code
    done = bad.cloud.cloudctl.run("verify", "prod", "-o", output, *["--strict"] if strict else [], code=wanted)
    assert code_in(done.stdout, output) in (wanted, None)


@pytest.fixture
def screen(bad):
    """`verify` on a terminal's full screen, which closes by itself when the run has ended."""
    terminals = []

    def start(*words):
        environment = {**bad.cloud.cloudctl.environment, "TERM": "xterm-256color"}
        command = [str(BINARY), "verify", "prod", "--ui", "tui", "--no-wait", *words]
        terminals.append(Terminal(command, environment, bad.cloud.cloudctl.home, height=60))
        return terminals[-1]

    yield start
    for terminal in terminals:
        terminal.close()


@pytest.mark.parametrize("strict", [False, True], ids=["", "strict"])
@pytest.mark.parametrize("ways, code, strict_code", TABLE.values(), ids=TABLE)
def test_the_same_code_on_the_screen(bad, screen, ways, code, strict_code, strict):
    bad.make(*ways)
    terminal = screen(*["--strict"] if strict else [])
    assert terminal.end() == (strict_code if strict else code), terminal.text()
    assert terminal.entered == 1 and "Verification result:" in terminal.text()


@pytest.mark.parametrize("output", OUTPUTS)
def test_nothing_but_the_document_on_stdout(bad, output):
    """What is said on the way goes to stderr, and there is something to say."""
    done = bad.cloud.cloudctl.run("verify", "prod", "-o", output, "--debug", code=None)
    assert "ec2:DescribeVpcs: 200" in done.stderr
    assert "ec2:DescribeVpcs" not in done.stdout
    code_in(done.stdout, output)


@pytest.mark.parametrize("words", [("list",), ("get", "prod"), ("checks",), ("explain", "vpc.dns"), ("template",)],
                         ids=lambda words: words[0])
@pytest.mark.parametrize("output", ["junit", "sarif", "markdown"])
def test_reports_are_for_those_who_write_them(bad, words, output):
    done = bad.cloud.cloudctl.run(*words, "-o", output, code=2)
    assert done.stdout == ""
    assert f"'{output}' is only for reports of verify" in done.stderr


@pytest.mark.parametrize("output", OUTPUTS)
def test_a_run_that_could_not_be_done_ends_with_4(bad, output):
    """Its document must not look like that of a good cloud."""
    cloudctl = bad.cloud.cloudctl
    keys = {name: cloudctl.environment.pop(name) for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
    try:
        done = cloudctl.run("verify", "prod", "-o", output, code=4)
    finally:
        cloudctl.environment.update(keys)
    assert "credentials" in done.stderr
    if output == "junit":
        assert code_in(done.stdout, output) == 3  # an <error>: JUnit has no other word for it
    elif done.stdout:
        assert code_in(done.stdout, output) in (4, None)
