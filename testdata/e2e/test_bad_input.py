# SPDX-License-Identifier: Apache-2.0
"""Bad input of every kind: the documented exit code, one clear line on stderr, the records untouched, and nothing
asked of AWS that changes anything.

Values of `setup` and `register` are in their own files.
"""

import json
import os
import resource
import shutil
import socket
import subprocess

import pytest
from conftest import BINARY, OTHER_KEYS, REGION, Cloudctl
from verify_support import READING, Site, new_cloud

UNKNOWN_ID = "cld_" + "a" * 26
SETUP = ("setup", "--name", "new", "--region", REGION, "--yes")


@pytest.fixture(scope="module")
def kept(server, tmp_path_factory):
    """Two registered clouds, `prod` and `other`, and the options that registered them."""
    cloud = new_cloud(tmp_path_factory.mktemp("kept"), server)
    site = Site(server)
    cloud.register(site)
    prod = site.arguments()
    trusted = site.iam.get_role(RoleName="control-plane")["Role"]["AssumeRolePolicyDocument"]
    site.control_plane_arn = site.iam.create_role(
        RoleName="other", AssumeRolePolicyDocument=json.dumps(trusted))["Role"]["Arn"]
    cloud.cloudctl.run("register", "--name", "other", *site.arguments(), "--skip-verifications", "--yes")
    return cloud.cloudctl, prod


@pytest.fixture
def ctl(kept, server, tmp_path):
    """The program, with its own copy of the records."""
    shutil.copytree(kept[0].state, tmp_path / "state")
    server.faults()
    server.control("DELETE", "requests")
    yield Cloudctl(tmp_path, server.url)
    server.faults()


def files(ctl) -> dict[str, bytes]:
    """What the registry holds; the locks beside the records say nothing."""
    return {str(path.relative_to(ctl.state)): path.read_bytes() for path in ctl.state.rglob("*")
            if path.is_file() and "lock" not in str(path.relative_to(ctl.state))}


def complaint(errors: str) -> str:
    """The one line that says what is wrong, the last; only progress and the plan may stand before it."""
    *before, last = errors.splitlines()
    assert last.startswith("cloudctl: "), errors
    assert all(line.startswith(("(cloudctl +", "  ")) or " is going to " in line for line in before), errors
    return last.removeprefix("cloudctl: ")


def refused(ctl, server, code: int, *words: str, **more) -> str:
    """Run; what it complains of. Nothing may have changed."""
    before = files(ctl)
    process = ctl.start(*words, **more)
    _, errors = process.communicate(timeout=60)
    assert "Sanitizer" not in errors, errors
    assert process.returncode == code, f"{words} ended with {process.returncode}: {errors}"
    assert files(ctl) == before
    assert [row["action"] for row in server.requests() if not row["action"].startswith(READING)] == []
    return complaint(errors)


@pytest.mark.parametrize("words, says", [
    (["verfy"], "unknown command 'verfy'; did you mean 'verify'?"),
    (["setpu", "--name", "x"], "did you mean 'setup'?"),
    (["frobnicate"], "unknown command 'frobnicate'"),
    (["help", "delte"], "did you mean 'delete'?"),
    (["upgrade", "prod"], "unknown command 'upgrade'; did you mean 'update'?"),
    (["ls"], "unknown command 'ls'; did you mean 'list'?"),
    (["describe", "prod"], "did you mean 'get'?"),
    (["create", "prod"], "did you mean 'setup'?"),
    (["destroy", "prod"], "did you mean 'delete'?"),
    (["status"], "did you mean 'verify'?"),
    (["adopt"], "did you mean 'register'?"),
    (["modify", "prod"], "did you mean 'edit'?"),
    (["restore"], "did you mean 'import'?"),
    (["log", "prod"], "did you mean 'history'?"),
    (["use", "prod"], "did you mean 'set-default'?"),
    (["permissions"], "did you mean 'policy'?"),
    (["verison"], "did you mean '--version'?"),
    (["list", "--json"], "did you mean '--output json'?"),
    (["setup", "prod", "--dry-run"], "did you mean '--plan'?"),
    (["delete", "prod", "--auto-approve"], "did you mean '--yes'?"),
    (["verify", "prod", "--onyl", "vpc.*"], "unknown option '--onyl'; did you mean '--only'?"),
    (["delete", "--nam", "prod"], "did you mean '--name'?"),
    (["get", "-x", "prod"], "-x"),
    (["verify", "prod", "--qqq"], "unknown option '--qqq'"),
    (["verify", "prod", "--only"], "--only needs a value"),
    (["verify", "prod", "--region"], "--region needs a value"),
    (["setup", "--name", "new", "--region", "narnia", "--yes"], "'narnia' is not the name of a region"),
    (["verify", "prod", "--endpoint-url", "ftp://host"], "does not begin with https:// or http://"),
    (["verify", "prod", "--skip", "*"], "no check is left to run"),
    (["verify", "prod", "--only="], "--only: the value is empty"),
    (["verify", "prod", "--strict=yes"], "--strict takes no value"),
    (["verify", "prod", "--output", "xml"], "'xml' is not one of text, json, yaml"),
    (["list", "--color", "blue"], "auto, always, never"),
    (["list", "--registry", ""], "--registry: the value is empty"),
    (["verify", "prod", "--region", REGION, "--region", "eu-west-1"], "--region is given twice"),
    (["verify", "prod", "--region", "eu-west-1"], f"cloud 'prod' is in {REGION}, not in eu-west-1"),
    (["verify", "../prod"], "invalid cloud name '../prod'"),
    (["get", "--name", "a b"], "a b"),
    (["get", "--id", "cld_0"], "cld_"),
    (["verify", "prod", "other"], "unexpected argument 'other'"),
    (["list", "prod"], "unexpected argument 'prod'"),
    (["verify"], "which cloud? There is no default ('cloudctl set-default NAME'); the clouds are: other, prod"),
    (["delete", "--yes"], "other, prod"),
    (["set-default"], "which cloud?"),
    (["verify", "--name", "prod", "other"], "two clouds are named"),
    (["delete", "--yes", "prod", "--name", "other"], "two clouds are named"),
    (["explain", "vpc.exist"], "did you mean 'vpc.exists'?"),
    (["explain"], "which check?"),
])
def test_the_command_line(ctl, server, words, says):
    assert says in refused(ctl, server, 2, *words)
    assert server.requests() == []


def test_name_and_id_of_different_clouds(ctl, server):
    other = ctl.record("other")["id"]
    for words in (["verify", "prod"], ["delete", "--yes", "--name", "prod"], ["get", "prod"]):
        assert "different clouds" in refused(ctl, server, 2, *words, "--id", other)


@pytest.mark.parametrize("words, says", [
    (["verify", "nowhere"], "no cloud is named 'nowhere'"),
    (["delete", "nowhere", "--yes"], "no cloud is named 'nowhere'"),
    (["get", "prdo"], "did you mean 'prod'?"), (["set-default", "Prod"], "did you mean 'prod'?"),
    (["verify", "--id", UNKNOWN_ID], f"no cloud has the id '{UNKNOWN_ID}'"),
    (["verify", "--name", "prod", "--id", UNKNOWN_ID], f"no cloud has the id '{UNKNOWN_ID}'"),
])
def test_a_cloud_that_is_not_recorded(ctl, server, words, says):
    assert says in refused(ctl, server, 4, *words)
    assert server.requests() == []


def test_a_name_that_is_taken(ctl, server, kept):
    for words in (["setup", "--region", REGION], ["register", *kept[1], "--cloud-tag", "another"]):
        said = refused(ctl, server, 4, *words, "--name", "prod", "--yes")
        assert "there is a cloud 'prod' already" in said and "another name" in said


def change(old: str, new: str):
    return lambda good: good.replace(old.encode(), new.encode())


@pytest.mark.parametrize("spoil, says", [
    (lambda good: b"", "nothing but"),
    (lambda good: good[:40] + b"[" + good[40:], "line "),
    (lambda good: bytes(range(256)) * 16, "not a text file"),
    (lambda good: good.replace(b"prod", b"pr\xf6d"), "UTF-8"),
    (lambda good: b"# " + b"x" * (16 << 20), "longer than"),
    (lambda good: good + b"surprise: " + b"[" * 100000, "line "),
    (lambda good: b"- one\n- two\n", "must be a mapping"),
    (lambda good: b"a: &a [x, x]\nb: &b [*a, *a, *a]\n", "anchors"),
    (lambda good: good + b"surprise: 1\n", "surprise: no such member"),
    (lambda good: good + b"region: eu-west-1\n", "'region' is given twice"),
    (change("version: 1", "version: 2"), "reads version 1 only"),
    (change("name: prod", "name: elsewhere"), "the file is named 'prod' but the cloud 'elsewhere'"),
    (change("region: us-west-2", "region: [us-west-2]"), "region: must be text"),
    (change("state: ready", "state: sleepy"), "must be one of creating, ready, failed, deleting"),
    (change("id: cld_", "id: cloud_"), "id: must be cld_"),
], ids=["empty", "broken", "binary", "latin1", "huge", "deep", "list", "aliases", "unknown-member", "twice", "version",
        "name", "type", "state", "id"])
def test_a_spoilt_record(ctl, server, spoil, says):
    path = ctl.state / "cloudctl/clouds/prod.yaml"
    path.write_bytes(spoil(path.read_bytes()))
    for words in (["verify", "prod"], ["get", "prod"], ["delete", "prod", "--yes"], ["set-default", "prod"]):
        said = refused(ctl, server, 4, *words)
        assert "prod.yaml" in said and says in said
    assert server.requests() == []
    # The others are not disturbed by it.
    listed = ctl.run("list", code=4)
    assert "other" in listed.stdout and "prod.yaml" in listed.stderr
    ctl.run("verify", "other", "--only", "vpc.exists")


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo, lambda path: os.symlink("/dev/zero", path)],
                         ids=["folder", "pipe", "device"])
def test_a_record_that_is_no_file(ctl, server, make):
    path = ctl.state / "cloudctl/clouds/prod.yaml"
    path.unlink()
    make(path)
    assert "prod.yaml: not a regular file" in refused(ctl, server, 4, "verify", "prod")


WITH_AWS = [["verify", "prod"], SETUP, ["delete", "prod", "--yes"]]


@pytest.mark.parametrize("words", WITH_AWS, ids=["verify", "setup", "delete"])
@pytest.mark.parametrize("variables, says", [
    ({"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}, ["no AWS credentials found", "aws configure"]),
    ({"AWS_SECRET_ACCESS_KEY": None}, ["has the access key but not the secret key"]),
    ({"AWS_SECRET_ACCESS_KEY": "wrong"}, ["SignatureDoesNotMatch", "Check your AWS Secret Access Key"]),
    ({"AWS_SECRET_ACCESS_KEY": "wr ong"}, ["blanks"]),
    ({"AWS_ACCESS_KEY_ID": "AKIAUNKNOWN000000000"}, ["InvalidClientTokenId"]),
    ({"AWS_SESSION_TOKEN": "made-up"}, ["InvalidClientTokenId"]),
    ({"AWS_PROFILE": "nobody"}, ["there is no profile 'nobody'", ".aws/config"]),
    ({"AWS_ENDPOINT_URL": "gopher://somewhere"}, ["https:// or http://", "gopher"]),
], ids=["none", "half", "wrong secret", "blank in it", "unknown key", "unknown token", "unknown profile", "endpoint"])
def test_credentials(ctl, server, words, variables, says):
    ctl.environment = {key: value for key, value in {**ctl.environment, **variables}.items() if value is not None}
    said = refused(ctl, server, 4, *words)
    assert all(text in said for text in says), said


@pytest.mark.parametrize("words", WITH_AWS, ids=["verify", "setup", "delete"])
def test_an_expired_token(ctl, server, words):
    message = "The security token included in the request is expired"
    server.faults({"match": "*", "code": "ExpiredToken", "message": message})
    assert f"ExpiredToken: {message}" in refused(ctl, server, 4, *words)


def test_secrets_are_never_said(ctl, server):
    secret, token = "a-secret-that-nobody-may-see", "a-token-that-nobody-may-see"
    ctl.environment.update(AWS_SECRET_ACCESS_KEY=secret, AWS_SESSION_TOKEN=token)
    done = ctl.run("verify", "prod", "--debug", code=4)
    assert not any(text in done.stdout + done.stderr for text in (secret, token))


def test_deleting_with_credentials_of_another_account(ctl, server):
    ctl.environment.update(AWS_ACCESS_KEY_ID=OTHER_KEYS[0], AWS_SECRET_ACCESS_KEY=OTHER_KEYS[1])
    assert "123456789012" in refused(ctl, server, 4, "delete", "prod", "--yes")


@pytest.mark.parametrize("words", WITH_AWS, ids=["verify", "setup", "delete"])
def test_an_endpoint_that_nobody_listens_at(ctl, server, words):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{unused.getsockname()[1]}"
        said = refused(ctl, server, 4, *words, "--endpoint-url", f"http://{address}")
    assert f"could not connect to {address}" in said and "giving up after 3 attempts" in said


def test_an_endpoint_without_a_name(ctl, server):
    said = refused(ctl, server, 4, *SETUP, "--endpoint-url", "http://nobody.invalid")
    assert "could not resolve host nobody.invalid" in said


@pytest.mark.parametrize("region, says", [
    ("us-wset-2", "did you mean us-west-2"), ("xx-nowhere-9", "there is no region")])
def test_an_unknown_region(ctl, server, region, says):
    assert says in refused(ctl, server, 4, "setup", "--name", "new", "--region", region, "--yes")


# what cannot be written

def small_files():
    """No file may grow beyond a few bytes, as on a disk that is full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (16, 16))


def test_no_space_for_a_record(ctl, server, kept):
    for words in (SETUP, ["register", "--name", "new", *kept[1], "--yes"], ["delete", "prod", "--yes"]):
        said = refused(ctl, server, 4, *words, preexec_fn=small_files)
        assert "File too large" in said and "cloudctl/clouds" in said


def test_no_space_for_a_verdict(ctl, server):
    """The verdict is not worse for it; that it was not kept is said."""
    before = files(ctl)
    process = ctl.start("verify", "prod", preexec_fn=small_files)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0 and "was not saved in the record" in errors and "File too large" in errors
    assert files(ctl) == before


@pytest.mark.parametrize("where", ["state", "state/cloudctl"])
def test_a_file_where_the_folder_should_be(ctl, server, kept, where):
    shutil.rmtree(ctl.state)
    path = ctl.home / where
    path.parent.mkdir(exist_ok=True)
    path.write_text("not a folder")
    for words in (SETUP, ["register", "--name", "new", *kept[1], "--yes"], ["list"], ["verify", "prod"]):
        said = refused(ctl, server, 4, *words)
        assert "Not a directory" in said and str(path) in said
    assert path.read_text() == "not a folder"


def test_no_home(ctl, server):
    for name in ("HOME", "XDG_STATE_HOME"):
        del ctl.environment[name]
    said = refused(ctl, server, 4, "list")
    assert "--registry" in said and "HOME" in said


OUTPUTS = [["verify", "prod"], ["verify", "prod", "-o", "json"], ["list"], ["get", "prod"], ["checks"], ["template"],
           ["explain", "vpc.dns"], ["help"], ["--version"], ["verify", "--help"]]


@pytest.mark.parametrize("words", OUTPUTS, ids=" ".join)
def test_results_that_cannot_be_written(ctl, server, words):
    """A full disk, and no stdout at all."""
    with open("/dev/full", "w") as full:
        done = subprocess.run([BINARY, *words], env=ctl.environment, stdin=subprocess.DEVNULL, stdout=full,
                              stderr=subprocess.PIPE, text=True, timeout=60)
    assert done.returncode == 4 and "No space left on device" in complaint(done.stderr)
    done = subprocess.run(["sh", "-c", 'exec "$0" "$@" >&-', BINARY, *words], env=ctl.environment,
                          stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=60)
    assert done.returncode == 4 and "Bad file descriptor" in complaint(done.stderr)


def test_a_reader_that_went_away(ctl):
    """It has read what it wanted: `cloudctl verify | head -1` ends with the verdict."""
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w") as gone:
        done = subprocess.run([BINARY, "verify", "prod"], env=ctl.environment, stdout=gone, stderr=subprocess.PIPE,
                              text=True, timeout=60)
    assert done.returncode == 0 and "cloudctl: " not in done.stderr
