# SPDX-License-Identifier: Apache-2.0
"""Canaries: secrets of every kind go in, and none comes out: not on a stream, not in a file, not in an argument list,
and a process that dies leaves no memory behind.
"""

import json
import os
import stat
from pathlib import Path
from urllib.parse import quote

import pytest
from canary import spellings
from conftest import KEYS, REGION, TIMEOUT, wait_for
from odd_servers import reply, serving
from session_support import Sessions

NAME = ("--name", "quiet")
SECRET_FILES = {"config", "credentials", "program", "session.json"}  # where a test put them itself


def contents(home: Path):
    """(path, bytes) of every file below home that a test has not written itself, links not followed."""
    for path in home.rglob("*"):
        if path.is_file() and not path.is_symlink() and path.name not in SECRET_FILES:
            yield path, path.read_bytes()


def assert_silent(cloudctl, secrets, *texts: str):
    """Neither as they are nor in any spelling of theirs."""
    for secret in {form for secret in secrets for form in spellings(secret)}:
        for text in texts:
            assert secret not in text, f"{secret[:6]}... was shown"
        found = [path for path, data in contents(cloudctl.home) if secret.encode() in data]
        kept = [path for path in found if path.parent != cloudctl.home / ".cache/cloudctl/credentials"]
        assert not kept, kept


def full_run(cloudctl, customer, *more: str):
    """Every command that talks to AWS, with every output and every file that one can ask for; what they showed."""
    shown = []
    facts = str(cloudctl.home / "facts.json")
    register = ("register", "--name", "taken", *customer.arguments, "--yes")
    rows = [("setup", *NAME, "--region", REGION, "--yes"), ("verify", *NAME, "--save-facts", facts), register,
            *(("verify", *NAME, "-o", form) for form in ("json", "yaml", "junit", "sarif", "markdown")),
            ("verify", "--all"), ("verify", "--facts", facts), ("verify", *NAME, "--simulate"),
            ("get", *NAME, "-o", "yaml"), ("list", "-o", "json"),
            ("delete", "taken", "--yes"), ("delete", *NAME, "--yes")]
    for number, words in enumerate(rows):
        events = cloudctl.home / f"events-{number}"
        done = cloudctl.run(*words, *more, "--events", str(events), code=None)
        assert done.returncode in (0, 1, 3), f"{words}: {done.stderr}"
        assert events.stat().st_size > 0 or words[0] in ("get", "list")
        shown += [done.stdout, done.stderr]
    shown.append(cloudctl.run("replay", str(cloudctl.home / "events-1"), code=None).stdout)
    assert Path(facts).stat().st_size > 1000
    return shown


def test_keys(cloudctl, customer):
    shown = full_run(cloudctl, customer, "--debug")
    assert any("> POST" in text and "Signature=[hidden]" in text for text in shown), "there was no trace"
    assert_silent(cloudctl, [KEYS[1]], *shown)


@pytest.fixture
def session(cloudctl, local_aws):
    """Credentials of a role, with a token, given by a program; the environment has none."""
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "sts:AssumeRole"}]}
    iam = local_aws.client("iam")
    role = iam.create_role(RoleName="operator", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName="operator", PolicyName="all", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}))
    made = local_aws.client("sts").assume_role(RoleArn=role, RoleSessionName="canary")["Credentials"]
    made = {"Version": 1, **{name: value for name, value in made.items() if isinstance(value, str)}}
    (cloudctl.home / "session.json").write_text(json.dumps(made))
    (cloudctl.home / "config").write_text(
        f"[profile dev]\ncredential_process = /bin/cat {cloudctl.home}/session.json\n"
        f"[profile keys]\naws_access_key_id = {KEYS[0]}\naws_secret_access_key = {KEYS[1]}\n"
        f"[profile role]\nrole_arn = {role}\nsource_profile = keys\nexternal_id = canary-external\n")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        del cloudctl.environment[name]
    cloudctl.environment["AWS_CONFIG_FILE"] = str(cloudctl.home / "config")
    return made


def test_session_of_a_program(cloudctl, customer, session):
    trace = cloudctl.home / "trace"
    shown = full_run(cloudctl, customer, "--profile", "dev", f"--debug={trace}")
    assert_silent(cloudctl, [session["SecretAccessKey"], session["SessionToken"]], *shown)
    assert "X-Amz-Security-Token: [hidden]" in trace.read_text()
    assert stat.S_IMODE(trace.stat().st_mode) == 0o600


def test_assumed_role(cloudctl, session):
    trace = cloudctl.home / "trace"
    trace.write_text("old and open to all")
    trace.chmod(0o644)
    done = cloudctl.run("setup", *NAME, "--region", REGION, "--yes", "--profile", "role", f"--debug={trace}")
    [kept] = (cloudctl.home / ".cache/cloudctl/credentials").iterdir()
    role = json.loads(kept.read_text())
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600 and stat.S_IMODE(trace.stat().st_mode) == 0o600
    text = trace.read_text()
    assert "sts:AssumeRole" in text and "bytes hidden]" in text and "canary-external" not in text
    assert "old and open" not in text
    assert_silent(cloudctl, [KEYS[1], role["SecretAccessKey"], role["SessionToken"]], done.stdout, done.stderr)


def test_a_device_keeps_its_mode(cloudctl):
    """A trace into what is not a regular file, such as /dev/null in a build as root; here a FIFO, which any user can make."""
    fifo = cloudctl.home / "fifo"
    os.mkfifo(fifo)
    fifo.chmod(0o666)
    cloudctl.environment.update(AWS_ENDPOINT_URL="http://127.0.0.1:1", AWS_MAX_ATTEMPTS="1")
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    try:
        cloudctl.run("setup", *NAME, "--region", REGION, "--yes", f"--debug={fifo}", code=4)
        assert os.read(reader, 100).startswith(b"> ")
    finally:
        os.close(reader)
    assert stat.S_IMODE(fifo.stat().st_mode) == 0o666


def test_a_server_that_repeats_what_it_got(cloudctl, session):
    """An error body may hold anything, even our token; the trace must not repeat it."""
    def echo(connection):
        request = server.requests[-1]
        connection.sendall(reply("403 Forbidden", b"<Error><Code>AccessDenied</Code><Message>no</Message><Seen>" +
                                 request.replace(b"<", b"") + b"</Seen></Error>"))

    with serving(echo) as server:
        cloudctl.environment["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{server.port}"
        done = cloudctl.run("setup", *NAME, "--region", REGION, "--yes", "--profile", "dev", "--debug", code=4)
    assert session["SessionToken"].encode() in server.requests[0]
    assert_silent(cloudctl, [session["SecretAccessKey"], session["SessionToken"]], done.stdout, done.stderr)
    signature = server.requests[0].partition(b"Signature=")[2].split()[0].decode()
    assert signature not in done.stderr


# TOKEN, HEX, SLASHED and PERCENT are replaced by the session's token in that spelling.
PLACES = {
    "message": b"<Error><Code>X</Code><Message>it was TOKEN</Message></Error>",
    "code": b"<Error><Code>TOKEN</Code><Message>no</Message></Error>",
    "request id": b"<Error><Code>X</Code><Message>no</Message><RequestId>TOKEN</RequestId></Error>",
    "behind the cut": b"<Error><Code>X</Code><Message>" + 390 * b"." + b"TOKEN</Message></Error>",
    "hexadecimal": b"<Error><Code>SignatureDoesNotMatch</Code><Message>no</Message>"
                   b"<CanonicalRequestBytes>HEX</CanonicalRequestBytes></Error>",
    "behind the trace's cut": b"<Error><Code>X</Code><Message>no</Message><Seen>" + 16270 * b"." + b"TOKEN</Seen></Error>",
    "JSON": b'{"__type": "X", "message": "it was SLASHED"}',
    "percent": b"<Error><Code>X</Code><Message>it was PERCENT</Message></Error>",
    "header": b"",
}


@pytest.mark.parametrize("place", PLACES)
def test_a_token_in_every_place(cloudctl, session, local_aws, place):
    """Whatever of an answer repeats the session's token and key: no output, no event, no facts and no trace has it."""
    del local_aws
    cloudctl.run("setup", *NAME, "--region", REGION, "--yes", "--profile", "dev", "--skip-preflight")
    token, key = session["SessionToken"].encode(), session["SecretAccessKey"].encode()

    def echo(connection):
        body = PLACES[place]
        for word, value in ((b"TOKEN", token), (b"HEX", (b"x:" + token + b"\n" + key).hex(" ").encode()),
                            (b"SLASHED", token.replace(b"/", b"\\/")), (b"PERCENT", quote(token, safe="").encode())):
            body = body.replace(word, value)
        header = "x-amzn-requestid: " + token.decode() if place == "header" else "x-a: b"
        connection.sendall(reply("400 Bad Request\r\n" + header, body))

    shown = []
    with serving(echo) as server:
        cloudctl.environment["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{server.port}"
        for form in ("text", "json", "yaml", "sarif", "junit", "markdown"):
            events, trace, facts = (cloudctl.home / f"{form}.{kind}" for kind in ("events", "trace", "facts"))
            done = cloudctl.run("verify", *NAME, "--profile", "dev", "-o", form, "--events", str(events),
                                f"--debug={trace}", "--save-facts", str(facts), code=None)
            assert done.returncode not in (0, 70) and events.stat().st_size and trace.stat().st_size
            shown += [done.stdout, done.stderr]
    assert token in server.requests[0]
    assert_silent(cloudctl, [token.decode(), key.decode()], *shown)
    begun = token.decode()[:24]
    assert not [text for text in shown if begun in text], "the beginning of a token that was cut"
    assert not [path for path, data in contents(cloudctl.home) if begun.encode() in data and ".cache" not in path.parts]


PASSWORD = "PW-canary/9"
ADDRESSES = {
    "endpoint": {"AWS_ENDPOINT_URL": f"http://u:{PASSWORD}@127.0.0.1:1"},
    "endpoint without a scheme": {"AWS_ENDPOINT_URL": f"u:{PASSWORD}@127.0.0.1:1"},
    "endpoint of a service": {"AWS_ENDPOINT_URL_STS": f"http://u:{PASSWORD}@127.0.0.1:1"},
    "proxy of no known kind": {"AWS_ENDPOINT_URL": "https://127.0.0.1:1", "HTTPS_PROXY": f"junk://u:{PASSWORD}@127.0.0.1:1"},
    "proxy that is not there": {"AWS_ENDPOINT_URL": "https://127.0.0.1:1", "HTTPS_PROXY": f"http://u:{quote(PASSWORD, safe='')}@127.0.0.1:1"},
    "profile": {"AWS_CONFIG_FILE": "config", "AWS_PROFILE": "p"},
    "container": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://u:{PASSWORD}@127.0.0.1:1/x", "AWS_ACCESS_KEY_ID": None},
    "complaint of a program": {"AWS_CONFIG_FILE": "config", "AWS_PROFILE": "program"},
}


@pytest.mark.parametrize("place", ADDRESSES)
def test_passwords_of_addresses(cloudctl, place):
    cloudctl.environment["AWS_MAX_ATTEMPTS"] = "1"
    cloudctl.run("setup", *NAME, "--region", REGION, "--yes", "--skip-preflight")
    script = cloudctl.home / "program"
    script.write_text(f"""#!/bin/sh\necho '{{"SecretAccessKey": "{PASSWORD}"}}'; echo 'no: {PASSWORD}' >&2; exit 1\n""")
    script.chmod(0o700)
    (cloudctl.home / "config").write_text(
        f"[profile p]\nregion = us-west-2\nendpoint_url = http://u:{PASSWORD}@127.0.0.1:1\n"
        f"[profile program]\ncredential_process = {script}\n")
    del cloudctl.environment["AWS_ENDPOINT_URL"]
    for name, value in ADDRESSES[place].items():
        value = str(cloudctl.home / value) if value == "config" else value
        cloudctl.environment.update({name: value} if value else {})
    if place in ("container", "complaint of a program"):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            cloudctl.environment.pop(name)
    shown = []
    for form in ("text", "json", "sarif"):
        events, trace, facts = (cloudctl.home / f"{form}.{kind}" for kind in ("events", "trace", "facts"))
        done = cloudctl.run("verify", *NAME, "-o", form, "--events", str(events), f"--debug={trace}",
                            "--save-facts", str(facts), code=None)
        assert done.returncode not in (0, 70)
        shown += [done.stdout, done.stderr]
    assert_silent(cloudctl, [PASSWORD], *shown)


def test_arguments_and_core(cloudctl, session):
    """While it runs: nothing secret in its argument list, and no core file if it dies."""
    with serving() as server:
        cloudctl.environment["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{server.port}"
        process = cloudctl.start("setup", *NAME, "--region", REGION, "--yes", "--profile", "dev")
        try:
            wait_for(lambda: server.requests)
            arguments = Path(f"/proc/{process.pid}/cmdline").read_bytes()
            limits = Path(f"/proc/{process.pid}/limits").read_text()
        finally:
            process.kill()
            process.communicate()
    assert session["SecretAccessKey"].encode() not in arguments
    core = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
    assert core.split()[4:6] == ["1", "1"]


def memory_of(process) -> bytes:
    """Everything it can write to, but for a sanitizer's own bookkeeping."""
    found = []
    with Path(f"/proc/{process.pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{process.pid}/maps").read_text().splitlines():
            addresses, rights, *_ = line.split()
            start, end = (int(part, 16) for part in addresses.split("-"))
            if not rights.startswith("rw") or end - start > 256 << 20:
                continue
            try:
                memory.seek(start)
                found.append(memory.read(end - start))
            except OSError:
                pass  # a guard page
    return b"".join(found)


def test_wiped_after_use(cloudctl, local_aws):
    """When a session has been replaced by another, nothing of the first is left in memory."""
    sessions = Sessions(cloudctl, local_aws)
    first, second = (json.loads((sessions.path / f"{number}.json").read_text()) for number in (0, 1))
    local_aws.faults({"match": "cloudformation:DescribeStacks", "skip": 1, "times": 1, "code": "ExpiredToken", "status": 403},
                     {"match": "elasticfilesystem:DescribeMountTargets", "delay": 60})
    process = cloudctl.start("setup", *NAME, "--region", REGION, "--yes")
    try:
        wait_for(lambda: local_aws.control("GET", "faults")[1]["hits"] or process.poll() is not None, TIMEOUT)
        assert process.poll() is None
        memory = memory_of(process)
    finally:
        process.kill()
        process.communicate()
        local_aws.control("POST", "reset")  # lets the held reply go
    assert second["SessionToken"].encode() in memory, "the memory was not looked at"
    left = [name for name in ("SecretAccessKey", "SessionToken") if first[name].encode() in memory]
    assert not left, left
