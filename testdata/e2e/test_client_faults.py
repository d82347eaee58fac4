# SPDX-License-Identifier: Apache-2.0
"""What goes wrong between cloudctl and AWS before AWS answers, and around credentials: TLS, names, proxies, redirects,
clocks, tokens that end, endpoints that hang. Each ends in success after another attempt or in its own error with exit
code 4, and nothing is written. Faults in AWS's answers are in test_faults.py.
"""

import json
import signal
from pathlib import Path

import pytest
from conftest import KEYS, TIMEOUT, wait_for
from odd_servers import DENIED, answer_http2, make_certificate, reply, serving
from session_support import Sessions

WORDS = ("setup", "--name", "odd", "--region", "us-west-2", "--yes")
REACHED = "AccessDenied: the server was reached"
IDENTITY = "sts:GetCallerIdentity"


@pytest.fixture
def fails(cloudctl):
    """Run `setup` against a URL; it must end with 4 and leave no record. Returns what it said."""
    def run(url=None, lines=1, **environment):
        cloudctl.environment.update(environment)
        if url:
            cloudctl.environment["AWS_ENDPOINT_URL"] = url
        done = cloudctl.run(*WORDS, code=4)
        assert cloudctl.records() == []
        assert KEYS[1] not in done.stderr + done.stdout
        hints = done.stderr.count("cloudctl policy setup --check\n")
        assert hints == ("AccessDenied" in done.stderr), done.stderr
        assert done.stderr.count("\n") == lines + hints, done.stderr
        return done.stderr

    return run


def test_unknown_certificate(fails, tmp_path):
    context, _ = make_certificate(tmp_path)
    with serving(reply("403 Forbidden", DENIED), context) as server:
        said = fails(f"https://127.0.0.1:{server.port}")
    assert "is not trusted" in said and "odd server at 127.0.0.1" in said and "AWS_CA_BUNDLE" in said
    assert server.requests == []


def test_certificate_of_the_bundle(fails, tmp_path):
    context, bundle = make_certificate(tmp_path)
    with serving(reply("403 Forbidden", DENIED), context) as server:
        assert REACHED in fails(f"https://127.0.0.1:{server.port}", AWS_CA_BUNDLE=bundle)


def test_certificate_of_the_profile(fails, tmp_path):
    context, bundle = make_certificate(tmp_path)
    (tmp_path / "config").write_text(f"[default]\nca_bundle = {bundle}\n")
    with serving(reply("403 Forbidden", DENIED), context) as server:
        assert REACHED in fails(f"https://127.0.0.1:{server.port}", AWS_CONFIG_FILE=str(tmp_path / "config"))


@pytest.mark.parametrize("more,trusted", [({}, True), ({"AWS_CA_BUNDLE": "/etc/ssl/certs/ca-certificates.crt"}, False)])
def test_certificate_of_other_clients(fails, tmp_path, more, trusted):
    """botocore heeds this variable where its own is not set."""
    context, bundle = make_certificate(tmp_path)
    with serving(reply("403 Forbidden", DENIED), context) as server:
        said = fails(f"https://127.0.0.1:{server.port}", REQUESTS_CA_BUNDLE=bundle, **more)
    assert (REACHED in said) == trusted, said


def test_certificate_of_a_proxy(fails, tmp_path):
    context, bundle = make_certificate(tmp_path)
    with serving(reply("407 Proxy Authentication Required"), context) as proxy:
        url = f"https://127.0.0.1:{proxy.port}"
        said = fails("https://aws.invalid", HTTPS_PROXY=url, AWS_MAX_ATTEMPTS="1")
        assert "TLS certificate of the proxy on the way to aws.invalid is not trusted" in said
        assert "odd server at 127.0.0.1" in said and proxy.requests == []
        said = fails("https://aws.invalid", HTTPS_PROXY=url, AWS_CA_BUNDLE=bundle, AWS_MAX_ATTEMPTS="1")
        assert "the proxy refused to connect to aws.invalid with HTTP 407" in said


def test_container_endpoint_with_a_certificate(cloudctl, fails, tmp_path):
    without_keys(cloudctl)
    context, bundle = make_certificate(tmp_path)
    with serving(reply("403 Forbidden"), context) as server:
        said = fails(AWS_CONTAINER_CREDENTIALS_FULL_URI=f"https://127.0.0.1:{server.port}/creds", AWS_CA_BUNDLE=bundle)
    assert "the container's endpoint answered HTTP 403" in said


def test_certificate_for_another_name(fails, tmp_path):
    context, bundle = make_certificate(tmp_path, "aws.example.org")
    with serving(reply("403 Forbidden", DENIED), context) as server:
        said = fails(f"https://127.0.0.1:{server.port}", AWS_CA_BUNDLE=bundle)
    assert "is not trusted" in said and "127.0.0.1" in said
    assert server.requests == []


def test_bundle_that_is_not_there(fails, tmp_path):
    context, _ = make_certificate(tmp_path)
    with serving(reply("403 Forbidden", DENIED), context) as server:
        said = fails(f"https://127.0.0.1:{server.port}", AWS_CA_BUNDLE=str(tmp_path / "none.pem"))
    assert "AWS_CA_BUNDLE" in said and "none.pem" in said


def test_plain_server_on_a_tls_endpoint(fails):
    with serving(reply("403 Forbidden", DENIED)) as server:
        said = fails(f"https://127.0.0.1:{server.port}", AWS_MAX_ATTEMPTS="1")
    assert "no TLS connection with 127.0.0.1" in said


def test_name_that_does_not_exist(fails):
    said = fails("http://aws.invalid", AWS_MAX_ATTEMPTS="2")
    assert "could not resolve host aws.invalid" in said and "giving up after 2 attempts" in said


def test_nobody_listens(fails):
    with serving() as server:
        port = server.port
    assert f"could not connect to 127.0.0.1:{port}" in fails(f"http://127.0.0.1:{port}")


@pytest.mark.parametrize("status", ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"])
def test_redirects_are_not_followed(fails, status):
    with serving(reply("403 Forbidden", DENIED)) as other:
        with serving(reply(status, b"", f"Location: http://127.0.0.1:{other.port}/")) as server:
            said = fails(f"http://127.0.0.1:{server.port}")
    assert REACHED not in said and f"redirected to http://127.0.0.1:{other.port}/, which a signed request must not follow" in said
    assert other.requests == [] and len(server.requests) == 1


@pytest.mark.parametrize("offered", ["h2", "http/1.1"])
def test_http2_where_the_server_speaks_it(fails, tmp_path, offered):
    context, bundle = make_certificate(tmp_path)
    context.set_alpn_protocols([offered])
    agreed = []

    def answer(connection):
        agreed.append(connection.selected_alpn_protocol())
        if offered == "h2":
            answer_http2(connection, server.requests[-1], "403", DENIED)
        else:
            connection.sendall(reply("403 Forbidden", DENIED))

    with serving(answer, context) as server:
        assert REACHED in fails(f"https://127.0.0.1:{server.port}", AWS_CA_BUNDLE=bundle)
    assert agreed == [offered]


def test_no_http_at_all(fails):
    with serving(b"SSH-2.0-OpenSSH_9.2\r\n") as server:
        assert "does not speak HTTP" in fails(f"http://127.0.0.1:{server.port}")


def test_headers_without_end(fails):
    with serving(b"HTTP/1.1 200 OK\r\n" + b"X-Filler: 0123456789\r\n" * 20000) as server:
        assert "larger than" in fails(f"http://127.0.0.1:{server.port}", AWS_MAX_ATTEMPTS="1")


def test_body_that_stops(fails):
    """30 s without a byte end an attempt."""
    def begin(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<Get")
        server.hang()

    with serving(begin) as server:
        said = fails(f"http://127.0.0.1:{server.port}", lines=2, AWS_MAX_ATTEMPTS="1")
    assert "still waiting for: AWS" in said and "no answer from 127.0.0.1" in said and "in time" in said


def test_slow_body(cloudctl, local_aws):
    """Slow, but it arrives."""
    local_aws.faults({"match": IDENTITY, "times": 1, "slow": 200})
    cloudctl.run(*WORDS)
    assert cloudctl.record("odd")["state"] == "ready"


def test_proxy_refuses(fails):
    with serving(reply("407 Proxy Authentication Required")) as proxy:
        said = fails("https://aws.invalid", HTTPS_PROXY=f"http://127.0.0.1:{proxy.port}", AWS_MAX_ATTEMPTS="1")
    assert "the proxy refused to connect to aws.invalid with HTTP 407" in said and "HTTPS_PROXY" in said
    assert proxy.requests[0].startswith(b"CONNECT aws.invalid:443 ")
    assert b"Authorization: AWS4" not in proxy.requests[0]


def test_proxy_that_is_not_there(fails):
    with serving() as proxy:
        port = proxy.port
    said = fails("https://aws.invalid", HTTPS_PROXY=f"http://127.0.0.1:{port}", AWS_MAX_ATTEMPTS="1")
    assert "could not connect to the proxy on the way to aws.invalid" in said and f"127.0.0.1 port {port}" in said
    assert "HTTPS_PROXY" in said
    said = fails("https://aws.invalid", HTTPS_PROXY="http://proxy.invalid:3128", AWS_MAX_ATTEMPTS="1")
    assert "could not resolve the proxy on the way to aws.invalid; look at HTTPS_PROXY" in said


def test_proxy_is_passed_by_where_it_should_be(fails):
    with serving(reply("403 Forbidden", DENIED)) as server, serving() as proxy:
        said = fails(f"http://127.0.0.1:{server.port}", http_proxy=f"http://127.0.0.1:{proxy.port}", NO_PROXY="127.0.0.1")
    assert REACHED in said and proxy.requests == []


def test_proxy_is_used_for_http(fails):
    with serving(reply("403 Forbidden", DENIED)) as proxy:
        assert REACHED in fails("http://aws.invalid", http_proxy=f"http://127.0.0.1:{proxy.port}")


NEW = [("iam:GetRole", "NoSuchEntity", "not known yet", 404), ("ec2:DescribeVpcs", "InvalidVpcID.NotFound", "not known yet", 400),
       ("cloudformation:DescribeStacks", "ValidationError", "Stack with id x does not exist", 400)]


@pytest.mark.parametrize("match,code,message,status", NEW, ids=[row[0] for row in NEW])
def test_what_was_just_made_may_not_be_known_yet(cloudctl, local_aws, match, code, message, status):
    local_aws.faults({"match": match, "times": 1, "code": code, "message": message, "status": status})
    document = json.loads(cloudctl.run(*WORDS, "-o", "json").stdout)
    assert cloudctl.record("odd")["state"] == "ready" and len(local_aws.stacks()) == 1, document
    assert local_aws.control("GET", "faults")[0]["hits"] == 1


@pytest.mark.parametrize("offset", [3600, -3600])
def test_clock(cloudctl, local_aws, offset):
    local_aws.control("POST", "settings", {"clock_offset": offset})
    done = cloudctl.run(*WORDS)
    where = "behind" if offset > 0 else "ahead of"
    assert done.stderr.count(f"the clock of this machine is 60 minutes {where} AWS's") == 1, done.stderr
    assert cloudctl.record("odd")["state"] == "ready"


def test_clock_that_cannot_be_corrected(fails):
    body = DENIED.replace(b"AccessDenied", b"RequestTimeTooSkewed")
    with serving(reply("403 Forbidden", body, "Date: Thu, 01 Jan 2026 00:00:00 GMT")) as server:
        said = fails(f"http://127.0.0.1:{server.port}", lines=2)
    assert "this machine's clock is" in said and "minutes ahead of AWS's; set it" in said
    assert len(server.requests) == 2


def test_token_expires_in_the_middle(cloudctl, local_aws):
    sessions = Sessions(cloudctl, local_aws)
    local_aws.control("DELETE", "requests")
    local_aws.faults({"match": "cloudformation:DescribeStacks", "skip": 1, "times": 1, "code": "ExpiredToken", "status": 403})
    cloudctl.run(*WORDS)
    keys = [row["access_key"] for row in local_aws.requests()]
    first, last = keys[0], keys[-1]
    change = keys.index(last)
    assert sessions.used() == 2 and first != last
    assert set(keys[:change]) == {first} and set(keys[change:]) == {last}
    assert cloudctl.record("odd")["state"] == "ready"


def test_renewed_before_the_end(cloudctl, local_aws):
    """A stack takes longer than the credentials hold: new ones are there in time, and AWS never refuses any."""
    sessions = Sessions(cloudctl, local_aws, life=8)
    local_aws.control("DELETE", "requests")
    local_aws.faults({"match": "cloudformation:DescribeStack*", "times": 6, "delay": 2.0})
    cloudctl.run(*WORDS)
    keys = list(dict.fromkeys(row["access_key"] for row in local_aws.requests()))
    assert len(keys) >= 2 and sessions.used() >= 2
    assert not [row for row in local_aws.requests() if "Expired" in row["error_code"]]
    assert cloudctl.record("odd")["state"] == "ready"


def test_token_that_stays_expired(cloudctl, local_aws):
    sessions = Sessions(cloudctl, local_aws)
    local_aws.faults({"match": IDENTITY, "code": "ExpiredToken", "status": 403})
    said = cloudctl.run(*WORDS, code=4).stderr
    assert "ExpiredToken" in said and "the credentials (credential_process) have expired" in said
    assert sessions.used() == 2 and cloudctl.records() == []


def test_keys_that_expired(fails, local_aws):
    local_aws.faults({"match": IDENTITY, "code": "ExpiredToken", "status": 403})
    said = fails()
    assert "the credentials (environment) have expired: get new ones and set AWS_ACCESS_KEY_ID" in said
    assert len(local_aws.requests(IDENTITY)) == 1


def without_keys(cloudctl):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_EC2_METADATA_DISABLED"):
        del cloudctl.environment[name]


def test_instance_metadata_that_hangs(cloudctl, fails):
    without_keys(cloudctl)
    with serving() as server:
        said = fails(AWS_EC2_METADATA_SERVICE_ENDPOINT=f"http://127.0.0.1:{server.port}")
    assert "instance metadata (no answer from 127.0.0.1" in said and "HttpPutResponseHopLimit" in said
    assert len(server.requests) == 1 and server.requests[0].startswith(b"PUT /latest/api/token ")


def test_instance_metadata_never_through_a_proxy(cloudctl, fails):
    without_keys(cloudctl)
    with serving(reply("404 Not Found")) as server, serving() as proxy:
        said = fails(AWS_EC2_METADATA_SERVICE_ENDPOINT=f"http://127.0.0.1:{server.port}",
                     http_proxy=f"http://127.0.0.1:{proxy.port}")
    assert "HTTP 404" in said and proxy.requests == []


def test_container_endpoint_never_through_a_proxy(cloudctl, fails):
    without_keys(cloudctl)
    with serving(reply("404 Not Found")) as server, serving() as proxy:
        said = fails(AWS_CONTAINER_CREDENTIALS_FULL_URI=f"http://127.0.0.1:{server.port}/creds",
                     http_proxy=f"http://127.0.0.1:{proxy.port}")
    assert "the container's endpoint answered HTTP 404" in said and proxy.requests == []


def test_container_endpoint_fails(cloudctl, fails):
    without_keys(cloudctl)
    with serving(reply("403 Forbidden")) as server:
        said = fails(AWS_CONTAINER_CREDENTIALS_FULL_URI=f"http://127.0.0.1:{server.port}/creds")
    assert "the container's endpoint answered HTTP 403" in said


SILENT = {
    "server": {"AWS_ENDPOINT_URL": "http://{}"}, "TLS": {"AWS_ENDPOINT_URL": "https://{}"},
    "proxy": {"AWS_ENDPOINT_URL": "https://aws.invalid", "HTTPS_PROXY": "http://{}"},
    "instance": {"AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://{}", "AWS_METADATA_SERVICE_TIMEOUT": "50"},
    "container": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://{}/creds"},
}


def interrupt(process):
    """Ctrl-C, when what it waits for would last for ever; its end is the measure. How soon is in providers' unit tests."""
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=TIMEOUT)
    assert process.returncode == -signal.SIGINT and "interrupted by signal 2" in errors, errors
    return errors


@pytest.mark.parametrize("place", SILENT)
def test_interrupted_while_nobody_answers(cloudctl, place):
    if place in ("instance", "container"):
        without_keys(cloudctl)
    with serving() as server:
        cloudctl.environment |= {name: value.format(f"127.0.0.1:{server.port}") for name, value in SILENT[place].items()}
        process = cloudctl.start(*WORDS)
        wait_for(lambda: server.requests)
        interrupt(process)
    assert cloudctl.records() == [] and len(server.requests) == 1


def test_interrupted_while_a_program_runs(cloudctl):
    """It is stopped as well."""
    without_keys(cloudctl)
    script, mark = cloudctl.home / "slow", cloudctl.home / "pid"
    script.write_text(f"#!/bin/sh\necho $$ >{mark}.new\nmv {mark}.new {mark}\nexec sleep 1000\n")
    script.chmod(0o700)
    (cloudctl.home / "config").write_text(f"[default]\ncredential_process = {script}\n")
    cloudctl.environment["AWS_CONFIG_FILE"] = str(cloudctl.home / "config")
    process = cloudctl.start(*WORDS)
    wait_for(mark.exists)
    interrupt(process)
    assert not Path(f"/proc/{mark.read_text().strip()}").exists() and cloudctl.records() == []
