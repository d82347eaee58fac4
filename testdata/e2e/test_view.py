# SPDX-License-Identifier: Apache-2.0
"""The full screen on a real terminal: what is seen, what the keys do, and that the terminal is as it was afterwards,
whatever happened. What each screen looks like to the last cell is tested by ui/screen/view_test.c. Signals and job control are
in test_view_signals.py."""

import base64
import re
import shlex
import signal
import subprocess

import pytest
from conftest import BINARY, HELD, REGION, TIMEOUT, Customer, wait_for
from terminal import Terminal

SIZES = [(40, 10), (60, 16), (80, 24), (120, 40), (300, 100)]


@pytest.fixture
def show(cloudctl):
    """Start the program on a terminal; closed at the end of the test."""
    terminals = []

    def start(*words, ui="tui", width=80, height=24, script=None, **environment):
        """script: a line of shell with {} for the command."""
        variables = {**cloudctl.environment, "TERM": "xterm-256color", **environment}
        words = [str(BINARY), *words, *(["--ui", ui] if ui else [])]
        if script:
            words = ["sh", "-c", script.format(shlex.join(words))]
        terminals.append(Terminal(words, variables, cloudctl.home, width, height))
        return terminals[-1]

    yield start
    for terminal in terminals:
        terminal.close()


@pytest.fixture
def cloud(cloudctl):
    cloudctl.run("setup", "--name", "demo", "--region", REGION, "--yes")
    return cloudctl


def break_cloud(local_aws, cloud) -> None:
    """One failure: nothing lets HTTPS in."""
    [group] = cloud.record("demo")["resources"]["security_group_ids"]
    ec2 = local_aws.client("ec2")
    rules = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"]
    ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=[rule for rule in rules if rule.get("FromPort") == 443])


def given_back(terminal, code: int | None = None) -> str:
    """The program has ended and left the terminal as it was; what stands there."""
    ended = terminal.end()
    assert code is None or ended == code, terminal.text()
    assert terminal.alternate is None and terminal.settings() == terminal.before
    assert terminal.entered == 0 or not terminal.main.cursor.hidden
    return terminal.text()


def test_verify_stays_until_it_is_left(show, cloud):
    terminal = show("verify")
    shown = terminal.wait_for("PASSED:", "q quit")
    assert "cloudctl verify demo" in shown and REGION in shown and terminal.alternate
    terminal.press("q")
    text = given_back(terminal, 0)
    assert "Verification result:" in text and "vpc: PASSED" in text and "Verifying" not in text


def test_a_failure_opens_and_is_explained(show, cloud, local_aws):
    break_cloud(local_aws, cloud)
    terminal = show("verify")
    shown = terminal.wait_for("FAILED: 1 failed", "q quit")
    for word in ("FAIL    security-groups.https", "Expected", "Seen", "Why", "Do", "authorize-security-group-ingress"):
        assert word in shown
    terminal.press("q")
    text = given_back(terminal, 1)
    assert "security groups: FAILED" in text and "do: aws ec2 authorize-security-group-ingress" in text


@pytest.mark.parametrize(("variables", "screen"), [({}, True), ({"CI": "true"}, False)])
def test_a_terminal_gets_the_screen_by_itself(show, cloud, variables, screen):
    terminal = show("verify", "--no-wait", ui=None, **variables)
    given_back(terminal, 0)
    assert terminal.entered == screen and (b"\033[?1049h" in terminal.raw) == screen


def test_the_exit_code_and_the_result_are_those_of_lines(show, cloud, local_aws):
    break_cloud(local_aws, cloud)
    lines = cloud.run("verify", code=1).stdout
    terminal = show("verify", "--no-wait", width=300, height=100)
    text = given_back(terminal, 1)
    assert text.rstrip("\n").endswith(lines.rstrip("\n"))


def test_every_key(show, cloud, local_aws):
    break_cloud(local_aws, cloud)
    terminal = show("verify", height=60)
    terminal.wait_for("FAILED:", "q quit", "─ security-groups.https")
    for keys, seen in (
            (("up",), "─ security-groups.vpc"), (("down",), "─ security-groups.https"),
            (("k",), "─ security-groups.vpc"), (("j",), "─ security-groups.https"),
            (("home",), "─ account"), (("enter",), "▾ ✓ account"), ((" ",), "▸ ✓ account"),
            (("right",), "▾ ✓ account"), (("right",), "─ account.identity"), (("left",), "─ account ─"),
            (("left",), "▸ ✓ account"), (("end",), "─ quotas"), (("page up", "g"), "─ account"),
            (("page down",), "─ security-groups"), (("n",), "─ security-groups.https"),
            (("N",), "─ security-groups.https"), (("enter",), "Enter back"), (("enter",), "Enter open"),
            (("?",), "copy the fix to the clipboard"), (("escape",), "Enter open"),
            (("f",), "failures only; f shows everything"), (("f",), "▸ ✓ account"),
            (("/", "e", "f", "s"), "/efs_"), (("backspace",), "/ef_"), (("enter",), "▾ ✓ EFS"),
            (("escape",), "▸ ✓ account"), (("ctrl-l",), "▸ ✓ account")):
        terminal.press(*keys)
        terminal.wait_for(seen)
    terminal.press("q")
    given_back(terminal, 1)


def test_the_remedy_goes_to_the_clipboard(show, cloud, local_aws):
    break_cloud(local_aws, cloud)
    terminal = show("verify")
    terminal.wait_for("FAILED:", "q quit")
    terminal.press("c")
    terminal.wait_for("in the clipboard")
    terminal.press("q")
    terminal.end()
    [copied] = re.findall(rb"\033\]52;c;([A-Za-z0-9+/=]+)\a", terminal.raw)
    assert base64.b64decode(copied).startswith(b"aws ec2 authorize-security-group-ingress --group-id sg-")


def test_run_again_shows_what_changed(show, cloud, local_aws):
    terminal = show("verify", width=120, height=40)
    terminal.wait_for("PASSED:", "q quit")
    break_cloud(local_aws, cloud)
    before = len(local_aws.requests())
    terminal.press("R")
    terminal.wait_for("round 2: 1 changed", "FAILED:", "(was PASS)", "q quit")
    everything = len(local_aws.requests()) - before
    before += everything
    terminal.press("r")  # the group of the failure alone
    terminal.wait_for("round 3: 0 changed", "FAILED: 1 failed", "q quit")
    assert 0 < len(local_aws.requests()) - before < everything
    terminal.press("q")
    assert terminal.end() == 1


def test_watch(show, cloud, local_aws):
    terminal = show("verify", "--watch", "1s")
    terminal.wait_for("PASSED:", "again in")
    terminal.wait_for("round 2: 0 changed")
    break_cloud(local_aws, cloud)
    terminal.wait_for("1 changed", "security-groups.https (was PASS)")
    terminal.press("q")
    assert terminal.end() == 1


def test_watch_without_a_screen_says_only_what_changed(cloud, local_aws):
    """What it writes is read from files, so that nothing here can wait without end."""
    out, errors = cloud.home / "out", cloud.home / "errors"
    with open(out, "wb") as out_file, open(errors, "wb") as errors_file:
        process = subprocess.Popen([BINARY, "verify", "--watch", "1s"], env=cloud.environment, cwd=cloud.home,
                                   stdin=subprocess.DEVNULL, stdout=out_file, stderr=errors_file)
    try:
        wait_for(lambda: "\ncloudformation stack:" in out.read_text(), TIMEOUT)
        first = len(errors.read_text())
        break_cloud(local_aws, cloud)
        wait_for(lambda: ", was " in errors.read_text()[first:], TIMEOUT)
        local_aws.faults({"match": "s3:*", "delay": HELD})
        wait_for(lambda: local_aws.control("GET", "faults")[0]["seen"], TIMEOUT)  # in the middle of a round
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=TIMEOUT) == -signal.SIGINT
    finally:
        local_aws.faults()
        process.kill()
        process.wait()
    changed, last = errors.read_text()[first:].splitlines()
    assert re.fullmatch(r"\(cloudctl \+\d+\.\ds\) security-groups.https: FAIL, was PASS: .*", changed)
    assert last == "cloudctl: verifying cloud 'demo': interrupted"
    assert out.read_text().count("Verification result:") == 1


@pytest.mark.parametrize("words", [("--watch", "0s"), ("--watch", "25h"), ("--watch", "soon"), ("--watch", "1s", "-o", "json")])
def test_watch_is_not_for_everything(cloud, words):
    cloud.run("verify", *words, code=2)


def test_a_round_that_is_left_does_not_take_the_result_with_it(show, cloud, local_aws):
    terminal = show("verify", "--watch", "1s", height=60)
    terminal.wait_for("round 2: 0 changed")
    local_aws.faults({"match": "s3:*", "delay": HELD})
    terminal.wait_until(lambda: local_aws.control("GET", "faults")[0]["seen"], "a round that waits")
    terminal.wait_for("running:")
    terminal.press("ctrl-c")
    text = given_back(terminal, -signal.SIGINT)
    local_aws.faults()
    assert "s3: PASSED" in text and "UNKNOWN" not in text


def test_aws_out_of_reach(show, cloud, local_aws):
    """Why is readable as a whole; when AWS is back, nothing has changed."""
    terminal = show("verify", "--watch", "1s", width=120, height=40)
    terminal.wait_for("PASSED:")
    local_aws.faults({"match": "*", "drop": "before"})
    terminal.wait_for("NOT DONE (exit code 4)", "closed the connection without an answer")
    local_aws.faults()
    terminal.wait_for("PASSED:", ": 0 changed")
    terminal.press("q")
    assert terminal.end() == 0


def test_keys_do_not_wait_for_aws(show, cloud, local_aws):
    local_aws.faults({"match": "s3:*", "delay": HELD})
    terminal = show("verify", height=60)
    terminal.wait_for("running:")
    for keys, seen in ((("?",), "copy the fix"), (("x", "end"), "─ quotas"), (("/", "e", "f", "s"), "/efs_")):
        terminal.press(*keys)
        assert "running:" in terminal.wait_for(seen)
    terminal.press("escape")
    local_aws.release()
    terminal.wait_for("PASSED:")
    terminal.press("q")
    assert terminal.end() == 0


def test_nobody_is_woken_when_nothing_happens(show, cloud):
    terminal = show("verify")
    terminal.wait_for("PASSED:", "q quit")
    while terminal.read(0.3):
        pass

    def switches() -> int:
        with open(f"/proc/{terminal.process.pid}/status") as status:
            return int(status.read().split("\nvoluntary_ctxt_switches:")[1].split()[0])

    before = switches()
    assert not terminal.read(2) and switches() == before
    terminal.press("q")
    assert terminal.end() == 0


def test_only_what_changed_is_sent(show, cloud):
    terminal = show("verify", width=300, height=100)
    terminal.wait_for("PASSED:", "q quit")

    def sent(key: str) -> int:
        before = len(terminal.raw)
        terminal.press(key)
        while terminal.read(0.5):
            pass
        return len(terminal.raw) - before

    sent("home")
    assert 0 < sent("down") < sent("ctrl-l") / 3
    terminal.press("q")
    assert terminal.end() == 0


def test_a_script_does_not_wait_for_a_key(show, cloud):
    terminal = show("verify", ui=None, script="{}; echo code $?")
    text = given_back(terminal, 0)
    assert terminal.entered == 1 and "Verification result:" in text and "code 0" in text


@pytest.mark.parametrize("redirection", ["< /dev/null", "> out", "2> errors", "> out 2> errors", "< /dev/null > out 2> errors"])
def test_a_redirected_stream_means_lines(show, cloud, local_aws, redirection):
    break_cloud(local_aws, cloud)
    terminal = show("verify", ui=None, script="{} " + redirection + "; echo code $?", width=300)
    text = given_back(terminal, 0)
    assert terminal.entered == 0 and "code 1" in text
    for name, line in (("out", "security groups: FAILED"), ("errors", "] verification FAILED.")):
        written = (cloud.home / name).read_text() if name in redirection else text
        assert line in written
        if name in redirection:
            assert line not in text and all(letter >= " " or letter == "\n" for letter in written)


def test_any_size_at_any_moment(show, cloud, local_aws):
    local_aws.faults({"match": "s3:*", "delay": HELD, "times": 1})
    terminal = show("verify")
    terminal.wait_for("running")

    def fits(*words: str) -> bool:
        lines = terminal.text().split("\n")
        return lines[0].startswith(" cloudctl verify demo") and lines[terminal.height - 1].startswith(" q ") and all(
            word in lines[1] for word in words)

    for width, height in SIZES:
        terminal.resize(width, height)
        terminal.wait_until(fits, f"{width} x {height}")
    local_aws.release()
    terminal.wait_for("PASSED:")
    for width, height in reversed(SIZES):
        terminal.resize(width, height)
        terminal.wait_until(lambda: fits("PASSED:"), f"{width} x {height}")
    terminal.press("q")
    given_back(terminal, 0)


def test_sixteen_colours(show, cloud, local_aws):
    """Few machines know such a terminal: one is made."""
    (cloud.home / "sixteen.src").write_text("sixteen|xterm of 16 colours,\n\tcolors#16, pairs#256, use=xterm-256color,\n")
    subprocess.run(["tic", "-x", "-o", cloud.home / "terminfo", cloud.home / "sixteen.src"], check=True, timeout=60)
    break_cloud(local_aws, cloud)
    terminal = show("verify", TERM="sixteen", TERMINFO=str(cloud.home / "terminfo"))
    terminal.wait_for("FAILED: 1 failed", "q quit", "✗ FAIL    security-groups.https")
    terminal.press("q")
    assert terminal.end() == 1
    assert re.search(rb"\033\[31m", terminal.raw) and b"38;5;" not in terminal.raw


@pytest.mark.parametrize(("kind", "colour"), [("xterm-256color", rb"38;5;160m"), ("xterm", rb"\[31m"), ("linux", rb"31m"),
                                              ("screen", rb"31m"), ("vt100", None)])
def test_kinds_of_terminals(show, cloud, local_aws, kind, colour):
    break_cloud(local_aws, cloud)
    terminal = show("verify", TERM=kind)
    terminal.wait_for("FAILED: 1 failed", "q quit", "✗ FAIL    security-groups.https")
    assert colour is None or re.search(colour, terminal.raw)
    terminal.press("q")
    assert terminal.end() == 1 and terminal.settings() == terminal.before


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"CLICOLOR": "0"}])
def test_no_colours(show, cloud, local_aws, variables):
    break_cloud(local_aws, cloud)
    terminal = show("verify", **variables)
    shown = terminal.wait_for("FAILED:", "q quit")
    assert "✗ FAIL" in shown
    terminal.press("q")
    terminal.end()
    assert not re.search(rb"\033\[[0-9;]*(3[0-7]|38;5;\d+)m", terminal.raw)


def test_without_utf8(show, cloud, local_aws):
    break_cloud(local_aws, cloud)
    terminal = show("verify", LC_ALL="C")
    assert "x FAIL" in terminal.wait_for("FAILED:", "q quit")
    terminal.press("q")
    terminal.end()
    assert max(terminal.raw) < 0x80


def test_a_question_on_the_screen(show, cloudctl, local_aws):
    customer = Customer(local_aws)
    for key in "n", "y":
        terminal = show("register", "--name", "mine", *customer.arguments)
        terminal.wait_for("[y/N]", "y yes  n no", "Changes", "Records")
        terminal.press("?")  # looking around is no answer
        terminal.wait_for("answer the question below")
        terminal.press("x", "escape")
        terminal.press("home", "right")
        terminal.wait_for("▾ ✓ account")
        terminal.press(key)
        terminal.wait_for("q quit", *(["NOT DONE (exit code 5)"] if key == "n" else []))
        terminal.press("q")
        given_back(terminal, 5 if key == "n" else None)
    assert cloudctl.record("mine")["state"] == "ready"


def test_setup_shows_its_first_failure_until_the_end(show, cloudctl, local_aws):
    local_aws.fail({"logical_id": "MountTarget2", "reason": "No address is free", "code": "ServiceLimitExceeded"})
    terminal = show("setup", "--name", "demo", "--region", REGION, "--yes", width=160)
    terminal.wait_for("NOT DONE (exit code 4)", "✗ Mount target 2 failed: No address is free")
    terminal.press("q")
    text = given_back(terminal, 4)
    assert "Mount target 2 failed: No address is free" in text and "cloudctl setup --name demo" in text


def test_a_record_on_the_screen(show, cloud):
    cloud.run("verify", "--events", "run.events")
    terminal = show("replay", "run.events", "--speed", "1")
    terminal.wait_for("PASSED:", "q quit")
    terminal.press("r")
    terminal.wait_for("a recorded run cannot be run again")
    terminal.press("q")
    assert "Verification result:" in given_back(terminal, 0)


@pytest.mark.parametrize("variables", [{"TERM": "dumb"}, {"TERM": "nonesuch"}, {"TERM": ""}])
def test_terminals_that_cannot(show, cloud, variables):
    terminal = show("verify", "--color", "auto" if variables["TERM"] == "dumb" else "never", **variables)
    text = given_back(terminal, 0)
    assert "Verification result:" in text
    assert b"\033" not in terminal.raw and min(terminal.raw.replace(b"\r\n", b"")) >= 0x20


@pytest.mark.parametrize("ui", ["tui", "auto", "plain"])
def test_pipes_get_lines(cloud, local_aws, ui):
    break_cloud(local_aws, cloud)
    local_aws.fail({"logical_id": "MountTarget2", "reason": "No address\033[31m is \a\tfree"})
    for words in (("verify", "--name", "demo"), ("setup", "--name", "other", "--region", REGION, "--yes"), ("delete", "other", "--yes"),
                  ("delete", "demo", "--yes")):
        done = cloud.run(*words, "--ui", ui, code=None)
        for text in (done.stdout, done.stderr):
            assert all(letter >= " " or letter == "\n" for letter in text)
        said = [line.split(") ", 1)[1] for line in done.stderr.splitlines() if line.startswith("(cloudctl")]
        assert len(said) == len(set(said))  # a line for each change, and no change twice
        assert not any("waiting" in line for line in said)
