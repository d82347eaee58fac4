# SPDX-License-Identifier: Apache-2.0
"""Commands are made of what replies say, and a facts file may come from somebody else: ids, names, blocks and policies
with shell code in them. Every command of every change in testdata/facts and testdata/permissions is run in bash with a
stub for `aws`: nothing but the stub runs.
"""

import json
import subprocess

import pytest
from conftest import BINARY
from test_remedies import CASES, change, good

# What a reply says in the place of an id, in each way in which a shell could take it for code.
HOSTILE = ("$(touch PWNED)", "`touch PWNED`", "'; touch PWNED; '", "\" ; touch PWNED ; \"", "\n touch PWNED\n",
           " || touch PWNED", "&touch PWNED&", ">PWNED")
# Members of replies that are not ids but words that checks compare: those stay, or nothing would be found.
KEPT = {"state", "State", "Status", "LifeCycleState", "protocol", "ipProtocol", "ruleAction", "egress", "main", "Effect",
        "Action", "Version", "fromPort", "toPort", "ruleNumber", "enableDnsSupport", "value"}
ROWS = [row for path in CASES for row in json.loads(path.read_text())]


def spoiled(value, tail: str, ids: set[str], name: str = ""):
    """The value with the tail behind every text that is one of the ids, or begins with one."""
    if isinstance(value, dict):
        return {key: spoiled(inner, tail, ids, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [spoiled(inner, tail, ids, name) for inner in value]
    if isinstance(value, str) and name not in KEPT and value in ids:
        return value + tail
    return value


def ids_of(value, name: str = "") -> set[str]:
    """Texts that look like what AWS calls a thing by."""
    if isinstance(value, dict):
        return set().union(*(ids_of(inner, key) for key, inner in value.items()))
    if isinstance(value, list):
        return set().union(*(ids_of(inner, name) for inner in value), set())
    if isinstance(value, str) and (name.endswith(("Id", "Name", "Arn")) or name in ("Identifier", "Name", "cidrIp", "ID")):
        return {value}
    return set()


def findings(path, tmp_path) -> list[dict] | None:
    done = subprocess.run([str(BINARY), "verify", "--facts", str(path), "-o", "json"], capture_output=True, text=True,
                          env={"HOME": str(tmp_path)}, timeout=60)
    assert "Sanitizer" not in done.stderr, done.stderr
    return json.loads(done.stdout)["findings"] if done.stdout else None


def pasted(found: list[dict] | None) -> set[str]:
    """What somebody would paste: fixes, looks, and advice that begins with a command."""
    return {row["remedy"] for row in found or () if row["remedy"] and (
        row["remedy_kind"] != "do" or row["remedy"].startswith("aws "))}


@pytest.fixture
def stub(tmp_path):
    """A folder with an `aws` and a `cloudctl` that say what they were given and do nothing."""
    for name in ("aws", "cloudctl"):
        path = tmp_path / name
        path.write_text("#!/bin/sh\nprintf '%s\\n' \"$@\" >>\"$HOME/words\"\n")
        path.chmod(0o755)
    return {"PATH": f"{tmp_path}:/usr/bin:/bin", "HOME": str(tmp_path)}


def run(remedies: set[str], stub, tmp_path) -> None:
    script = "\n".join(remedies)
    subprocess.run(["bash", "-c", script], env=stub, cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert not (tmp_path / "PWNED").exists(), script


@pytest.mark.parametrize("tail", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_in_a_reply_is_run(tmp_path, stub, tail):
    """The record is as it was; its ids in the replies are spoiled only where the reply brings them itself."""
    remedies, made = set(), 0
    for number, row in enumerate(ROWS[HOSTILE.index(tail)::len(HOSTILE)]):
        document = change(good(row["base"]), row["change"])
        cloud = json.dumps(document["cloud"])
        ids = {text for text in ids_of(document["facts"]) if text not in cloud}
        document["facts"] = spoiled(document["facts"], tail, ids)
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(document))
        found = findings(path, tmp_path)
        remedies |= pasted(found)
        made += found is not None
    assert made > 20
    run(remedies, stub, tmp_path)


@pytest.mark.parametrize("name, value", [
    ("vpc_id", "vpc-0a1b2c3d4e5f60718$(touch PWNED)"), ("subnet_ids", ["subnet-00000000000000001", "`touch PWNED`"]),
    ("security_group_ids", ["sg-0a1b2c3d4e5f60718;touch PWNED"]), ("file_system_id", "fs-0a1b2c3d4e5f60718 x"),
    ("node_role_arn", "arn:aws:iam::111122223333:role/$(touch PWNED)"), ("mount_target_ip", "10.0.0.1;x"),
    ("memorydb_cluster", "a$(x)"), ("bucket", "data$(x)")])
def test_an_id_of_another_form_is_refused_when_the_record_is_read(tmp_path, name, value):
    document = good("memorydb")
    document["cloud"]["resources"][name] = value
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(document))
    done = subprocess.run([str(BINARY), "verify", "--facts", str(path)], capture_output=True, text=True,
                          env={"HOME": str(tmp_path)}, timeout=60)
    assert done.returncode == 4 and f"resources.{name}: " in done.stderr and "must be" in done.stderr


@pytest.mark.parametrize("member, value", [("stack_name", "s$(touch PWNED)"), ("external_id", "x'; touch PWNED; '"),
                                           ("control_plane_account", "1$(touch PWNED)"), ("name", "prod")])
def test_what_else_a_record_says_is_not_run(tmp_path, stub, member, value):
    remedies = set()
    for number, row in enumerate(ROWS[::5]):
        document = change(good(row["base"]), row["change"])
        document["cloud"][member] = value
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(document))
        remedies |= pasted(findings(path, tmp_path))
    run(remedies, stub, tmp_path)
