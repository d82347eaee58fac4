# SPDX-License-Identifier: Apache-2.0
"""As test_odd_replies.py, for the commands that change something: none ends well, and the same command again, with good
replies, ends well and makes nothing twice. A command joins by a row.

The test run takes one reply for each operation that changes something, and for some of the others.
"""

import pytest
from conftest import SOAK, Customer
from odd_replies import NAMES, judge, rule
from test_killed_anywhere import (
    DELETE,
    DeleteCleaned,
    DeleteForced,
    DeleteKept,
    DeleteManaged,
    DeleteRegistered,
    DeleteRetained,
    DeleteWithBucket,
    Edit,
    Import,
    Register,
    Setup,
    Update,
    UpdateContinue,
    UpdateDrift,
    UpdateKept,
)
from test_odd_replies import model_of


# The row, and what its command asks of AWS. Setup's last step is a verification, which test_odd_replies.py has; what the
# preflight does not get to know is a warning (docs/design.md, "The preflight").
ROWS = {
    "setup": (Setup, ("sts:GetCallerIdentity", "ec2:DescribeAvailabilityZones", "cloudformation:CreateStack",
                      "cloudformation:DescribeStacks", "cloudformation:DescribeStackEvents")),
    "update": (Update, ("sts:GetCallerIdentity", "cloudformation:DescribeStacks", "cloudformation:GetTemplate",
                        "cloudformation:CreateChangeSet", "cloudformation:DescribeChangeSet",
                        "cloudformation:DeleteChangeSet", "cloudformation:GetStackPolicy",
                        "cloudformation:ExecuteChangeSet", "cloudformation:DescribeStackEvents")),
    "register": (Register, ("sts:GetCallerIdentity", "efs:DescribeMountTargets", "iam:GetRole", "iam:UpdateAssumeRolePolicy")),
    "delete managed": (DeleteManaged, (
        "sts:GetCallerIdentity", "cloudformation:DescribeStacks", "cloudformation:DeleteStack",
        "cloudformation:DescribeStackEvents", "s3:HeadBucket")),
    "delete retained": (DeleteRetained, ("cloudformation:DeleteStack",)),
    "delete forced": (DeleteForced, ("cloudformation:DeleteStack",)),
    "delete cleaned": (DeleteCleaned, (
        "elbv2:DeleteLoadBalancer", "elbv2:DeleteTargetGroup", "ec2:CancelSpotInstanceRequests",
        "ec2:TerminateInstances", "ec2:DeleteVpcEndpoints", "ec2:DeleteNatGateway", "ec2:DeleteNetworkInterface",
        "ec2:ReleaseAddress", "ec2:DeleteSecurityGroup", "iam:DetachRolePolicy", "iam:RemoveRoleFromInstanceProfile",
        "iam:DeleteRolePolicy", "efs:DeleteMountTarget")),
    "delete with bucket": (DeleteWithBucket, (
        "s3:GetBucketTagging", "s3:GetObjectLockConfiguration", "s3:ListObjectVersions", "s3:DeleteObjects", "s3:DeleteBucket",
        "s3:ListMultipartUploads", "s3:AbortMultipartUpload")),
    "delete kept": (DeleteKept, ("cloudformation:GetTemplate", "cloudformation:CreateChangeSet",
                                 "cloudformation:DescribeChangeSet", "cloudformation:DeleteChangeSet",
                                 "cloudformation:ExecuteChangeSet")),
    "import": (Import, ("sts:GetCallerIdentity", "cloudformation:ListStacks", "cloudformation:DescribeStacks")),
    "delete registered": (DeleteRegistered, ("sts:GetCallerIdentity", "iam:GetRole", "iam:UpdateAssumeRolePolicy")),
    # What is in use is told, and no reason to stop.
    "edit": (Edit, ("sts:GetCallerIdentity", "ec2:DescribeVpcs", "iam:GetRole", "iam:UpdateAssumeRolePolicy")),
    "drift": (Update, ("cloudformation:DetectStackDrift", "cloudformation:DescribeStackDriftDetectionStatus",
                       "cloudformation:DescribeStackResourceDrifts")),
    "update --continue": (UpdateContinue, ("cloudformation:DescribeStacks", "cloudformation:DescribeStackEvents",
                                           "cloudformation:ContinueUpdateRollback")),
    "update --drift revert": (UpdateDrift, ("cloudformation:CreateChangeSet", "cloudformation:DescribeChangeSet",
                                            "cloudformation:ExecuteChangeSet")),
    "update --drift keep": (UpdateKept, ("cloudformation:CreateChangeSet", "cloudformation:DescribeChangeSet",
                                         "cloudformation:ExecuteChangeSet")),
}
CHANGING = ("Create", "Delete", "Update", "Execute", "Continue")
# A stack is asked about until it answers, for a quarter of an hour (stack.c): the reply is odd twice, and then right.
FOLLOWING = ("setup", "update", "update --continue", "delete managed", "drift")
POLLED = ("cloudformation:DescribeStacks", "cloudformation:DescribeStackEvents",
          "cloudformation:DescribeStackDriftDetectionStatus")
# The deletion has ended when the stack says so, whatever the reply was; the bucket is only told of. An update does without
# knowing what somebody else changed, and says so.
TOLD = {("delete managed", "cloudformation:DeleteStack"): "is deleted", ("delete retained", "cloudformation:DeleteStack"): "is deleted",
        ("delete forced", "cloudformation:DeleteStack"): "is deleted", ("delete managed", "s3:HeadBucket"): "still exist",
        ("drift", "cloudformation:DetectStackDrift"): "Not all of the stack could be compared",
        ("drift", "cloudformation:DescribeStackResourceDrifts"): "Not all of the stack could be compared"}


def cases():
    rows = [(name, operation) for name, (_, operations) in ROWS.items() for operation in operations]
    for number, (name, operation) in enumerate(rows):
        if SOAK:
            yield name, operation, NAMES
        elif number % 8 == 0 or name == "drift" or operation.partition(":")[2].startswith(CHANGING):
            yield name, operation, [NAMES[7 * number % len(NAMES)]]


def left_whole(row, cloudctl, local_aws) -> str:
    """What is wrong after the same command again, and after what it made was taken back."""
    local_aws.quiet()
    begun = cloudctl.record("demo")
    if begun or row.words_undo:
        again = cloudctl.run(*row.words, code=None)
        if again.returncode:
            return f"again: exit {again.returncode}: {again.stderr[-300:]}"
    try:
        row.done(begun)
        if cloudctl.records():
            cloudctl.run(*DELETE)
        row.nothing_left()
    except AssertionError as error:
        return f"again: {error}"
    return ""


def well(name, operation, reply, polled, done) -> bool:
    """Whether the run may have ended well all the same."""
    told = TOLD.get((name, operation))
    answered = operation == "s3:HeadBucket" and reply == "404 without a body"  # as S3 says it
    return bool(polled) or answered or (told is not None and told in done.stderr)


@pytest.mark.parametrize("name, operation, replies", list(cases()), ids=lambda value: value if isinstance(value, str) else "")
def test_a_change(cloudctl, local_aws, name, operation, replies, record_property):
    cloudctl.environment["AWS_MAX_ATTEMPTS"] = "1"
    model, lost = model_of(local_aws, operation), []
    for reply in replies:
        local_aws.reset()
        row = ROWS[name][0](cloudctl, local_aws, lambda: Customer(local_aws))
        polled = {"times": 2} if name in FOLLOWING and operation in POLLED else {}
        local_aws.faults({"match": operation, **rule(reply, model, operation.partition(":")[2]), **polled})
        done = cloudctl.run(*row.words, code=None)
        lost += [row for row in judge(reply, done) if not well(name, operation, reply, polled, done) or "exit 0" not in row]
        if problem := left_whole(row, cloudctl, local_aws):
            lost.append(f"{reply}: {problem}")
    record_property("tries", len(replies))
    record_property("lost", len(lost))
    assert not lost, f"{name}, {operation}: {len(lost)} of {len(replies)}:\n" + "\n".join(lost)
