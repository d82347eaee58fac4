# SPDX-License-Identifier: Apache-2.0
"""That the search for secrets in everything that the end-to-end tests write (canary.py) finds them."""

import json

import conftest
import pytest
from canary import FILES, Canary, spellings
from conftest import CANARY, KEYS, OTHER_KEYS, REGION
from session_support import Sessions

SECRET = "wJalr/XUtnFEMI+K7=MDENG"


@pytest.mark.parametrize("form", sorted(spellings(SECRET)))
def test_every_spelling_is_found(tmp_path, form):
    looking, home = Canary(), tmp_path / "home"
    home.mkdir()
    looking.folder, looking.secrets = tmp_path, {SECRET}
    looking.look("shown", f"before {form} after", None)
    (home / "mine").write_text(f"\0{form}")
    words = looking.asked(("verify", "prod", "--events", "mine"), home)
    assert [word.partition("=")[0] for word in words[4:]] == ["--debug", "--save-facts"]
    (tmp_path / "1--debug").write_text(form)
    count, found = looking.hits()
    assert count == 3 and {hit.partition(":")[0] for hit in found} == {"shown", "mine", "1--debug"}
    assert not (tmp_path / "1--debug").exists() and (home / "mine").exists()
    assert looking.hits() == (0, [])


def test_a_program_that_tells_is_caught(cloudctl, monkeypatch):
    """In place of cloudctl: writes its secret to both streams and into each file that it is asked for."""
    teller = cloudctl.home / "teller"
    teller.write_text("""#!/bin/sh
echo "$AWS_SECRET_ACCESS_KEY"; echo "$AWS_SECRET_ACCESS_KEY" >&2
for word; do case $word in --*=*) echo "$AWS_SECRET_ACCESS_KEY" >"${word#*=}";; esac; done
""")
    teller.chmod(0o700)
    monkeypatch.setattr(conftest, "BINARY", teller)
    cloudctl.run("verify", "prod")
    count, found = CANARY.hits()
    assert count == 2 + len(FILES) and len(found) == count, found
    assert all(KEYS[1][:6] in hit for hit in found)


def test_what_the_local_aws_gives_out_is_looked_for(cloudctl, local_aws):
    """Every trace, and the secrets of sessions whose token a request has carried."""
    made = json.loads((Sessions(cloudctl, local_aws).path / "0.json").read_text())
    cloudctl.run("setup", "--name", "demo", "--region", REGION, "--skip-preflight", "--yes")
    [trace] = [path for path in CANARY.files if path.name.endswith("--debug")]
    assert "> POST" in trace.read_text() and "X-Amz-Security-Token: [hidden]" in trace.read_text()
    count, found = CANARY.hits()
    assert count >= 3 and not found
    assert {KEYS[1], OTHER_KEYS[1], made["SecretAccessKey"], made["SessionToken"]} <= CANARY.secrets
