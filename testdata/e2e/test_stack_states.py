# SPDX-License-Identifier: Apache-2.0
"""Every state that botocore knows of a stack, and what `update` says of it: what to do, by a command where there is one."""

import re

import botocore.session
import pytest
from conftest import REGION
from test_update import SETUP, UPDATE

STATES = botocore.session.get_session().get_service_model("cloudformation").shape_for("StackStatus").enum
SETUP_OR_DELETE = "cloudctl setup --name demo) or give it up (cloudctl delete --name demo)"
# The first pattern that a state matches.
SAYS = (
    (r"(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT|IMPORT_ROLLBACK)_COMPLETE", None),  # it goes on
    (r"DELETE_.*", "cloudctl delete --name demo"),
    (r"UPDATE_ROLLBACK_FAILED", "cloudctl update demo --continue"),
    (r"UPDATE_FAILED", f"aws cloudformation rollback-stack --stack-name STACK --region {REGION}"),
    (r"IMPORT_ROLLBACK_FAILED", "ask AWS Support"),
    (r"(UPDATE|IMPORT)_.*IN_PROGRESS", "wait until that has ended"),
    (r".*", SETUP_OR_DELETE),
)


@pytest.mark.parametrize("state", STATES)
def test_each_state(cloudctl, local_aws, state):
    cloudctl.run(*SETUP)
    stack, seen = cloudctl.record("demo")["stack_name"], []
    cloudformation = local_aws.client("cloudformation")
    cloudformation.meta.events.register("before-parse.cloudformation.DescribeStacks",
                                        lambda response_dict, **_more: seen.append(response_dict["body"].decode()))
    cloudformation.describe_stacks(StackName=stack)
    local_aws.faults({"match": "cloudformation:DescribeStacks", "body": seen[0].replace("CREATE_COMPLETE", state)})
    local_aws.control("DELETE", "requests")
    says = next(words for pattern, words in SAYS if re.fullmatch(pattern, state))
    done = cloudctl.run(*UPDATE, "--plan", code=4 if says else 0)
    assert (says or "").replace("STACK", stack) in done.stderr and (not says or state in done.stderr)
    assert bool(local_aws.requests("cloudformation:CreateChangeSet")) == (says is None)
