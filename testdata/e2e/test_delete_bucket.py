# SPDX-License-Identifier: Apache-2.0
"""`delete --with-bucket`: the bucket goes with all that is in it, and only if it is the cloud's own."""

from __future__ import annotations

import json

import pytest
from conftest import REGION

SETUP = ("setup", "--name", "demo", "--region", REGION, "--skip-preflight", "--yes")
WITH = ("delete", "demo", "--yes", "--with-bucket")
# Names that XML, URLs and shells have trouble with.
KEYS = ["plain", "a b/ü&<>\"'", "tab\tand\rreturn", "%41+%2B", "control\x01", "x" * 1000]


@pytest.fixture
def bucket(cloudctl, local_aws):
    cloudctl.run(*SETUP)
    return cloudctl.record("demo")["resources"]["bucket"]


@pytest.fixture
def s3(local_aws):
    return local_aws.client("s3")


def there(s3) -> list[str]:
    return [row["Name"] for row in s3.list_buckets()["Buckets"]]


def test_everything_in_it_goes(cloudctl, local_aws, s3, bucket):
    """Versions, delete markers, odd names, unfinished uploads."""
    for key in KEYS:
        s3.put_object(Bucket=bucket, Key=key, Body=b"one")
    s3.put_object(Bucket=bucket, Key="plain", Body=b"two")
    s3.delete_object(Bucket=bucket, Key="plain")
    s3.create_multipart_upload(Bucket=bucket, Key="never/completed")
    plan = json.loads(cloudctl.run("delete", "demo", "--plan", "--with-bucket", "-o", "json", code=1).stdout)
    assert bucket in {row["detail"] for row in plan["resources"] if row["data"]}
    assert "bucket" not in {row["kind"] for row in plan["stays"]}
    done = cloudctl.run(*WITH)
    assert f"the S3 bucket {bucket} with {len(KEYS) + 2} objects and versions, 21 bytes" in done.stderr
    assert there(s3) == [] and cloudctl.records() == [] and "still exist" not in done.stderr


def test_more_than_a_batch(cloudctl, s3, bucket):
    for number in range(1100):
        s3.put_object(Bucket=bucket, Key=f"{number:04}", Body=b"")
    cloudctl.run(*WITH)
    assert there(s3) == []


def test_an_empty_bucket(cloudctl, s3, bucket):
    assert f"Deleting the S3 bucket {bucket}, which is empty" in cloudctl.run(*WITH).stderr
    assert there(s3) == []


def test_one_of_somebody_elses(cloudctl, local_aws, s3, bucket):
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "cloudctl-cloud-id", "Value": "cld_other"}]})
    s3.put_object(Bucket=bucket, Key="kept", Body=b"")
    assert "is not this cloud's" in cloudctl.run(*WITH, code=4).stderr
    assert local_aws.requests("cloudformation:DeleteStack") == [] and there(s3) == [bucket]
    assert cloudctl.record("demo")["state"] == "ready"


def test_what_aws_does_not_delete(cloudctl, local_aws, s3, bucket):
    s3.put_object(Bucket=bucket, Key="kept", Body=b"")
    local_aws.faults({"match": "s3:DeleteObjects", "code": "AccessDenied", "status": 403})
    done = cloudctl.run(*WITH, code=4)
    assert f"emptying the bucket {bucket}" in done.stderr and "policy delete --with-bucket --check" in done.stderr
    assert cloudctl.record("demo")["state"] == "deleting" and there(s3) == [bucket]
    local_aws.quiet()
    cloudctl.run(*WITH)
    assert there(s3) == [] and cloudctl.records() == []


@pytest.mark.parametrize("match", ["s3:DeleteObjects", "s3:DeleteBucket"])
@pytest.mark.parametrize("lost", [True, False])
def test_killed(cloudctl, local_aws, s3, bucket, match, lost):
    s3.put_object(Bucket=bucket, Key="some", Body=b"")
    assert cloudctl.kill_at(local_aws, match, 0, *WITH, lost=lost)
    local_aws.quiet()
    cloudctl.run(*WITH)
    assert there(s3) == [] and cloudctl.records() == []


def test_without_the_option_it_stays(cloudctl, s3, bucket):
    cloudctl.run(*WITH[:-1])
    assert there(s3) == [bucket]


def test_a_registered_cloud(cloudctl, customer):
    cloudctl.run("register", "--name", "mine", *customer.arguments, "--yes")
    assert "--with-bucket: cloud 'mine' is registered" in cloudctl.run("delete", "mine", "--yes", "--with-bucket", code=2).stderr


@pytest.mark.parametrize("match", ["s3:DeleteObjects", "s3:AbortMultipartUpload"])
def test_what_is_said_to_be_deleted_and_is_not(cloudctl, local_aws, s3, bucket, match):
    """It ends some time."""
    s3.put_object(Bucket=bucket, Key="some", Body=b"")
    s3.create_multipart_upload(Bucket=bucket, Key="never/completed")
    body = {"body": '<DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>'} if match == "s3:DeleteObjects" else {"body": ""}
    local_aws.faults({"match": match, "status": 200, **body})
    assert "is deleted, and lists it again" in cloudctl.run(*WITH, code=4).stderr
    local_aws.quiet()
    cloudctl.run(*WITH)
    assert there(s3) == [] and cloudctl.records() == []


def lock(rule: str) -> dict:
    """The bucket has Object Lock, with this rule for what has none of its own."""
    return {"match": "s3:GetObjectLockConfiguration", "status": 200, "body":
            '<ObjectLockConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><ObjectLockEnabled>Enabled</ObjectLockEnabled>'
            f"{rule}</ObjectLockConfiguration>"}


@pytest.mark.parametrize("period", ["<Days>30</Days>", "<Years>2</Years>"])
def test_objects_that_are_locked_are_known_before(cloudctl, local_aws, s3, bucket, period):
    """With a default retention all of them are, and nothing is deleted; an empty bucket can go."""
    s3.put_object(Bucket=bucket, Key="kept", Body=b"")
    local_aws.faults(lock(f"<Rule><DefaultRetention><Mode>COMPLIANCE</Mode>{period}</DefaultRetention></Rule>"))
    for words in (WITH, ("delete", "demo", "--plan", "--with-bucket")):
        done = cloudctl.run(*words, code=4)
        assert f"are locked (COMPLIANCE for {'30 days' if 'Days' in period else '2 years'})" in done.stderr
    assert local_aws.requests("cloudformation:DeleteStack") == [] and there(s3) == [bucket]
    for row in s3.list_object_versions(Bucket=bucket)["Versions"]:
        s3.delete_object(Bucket=bucket, Key=row["Key"], VersionId=row["VersionId"])
    cloudctl.run(*WITH)
    assert there(s3) == []


def test_objects_that_may_be_locked_are_said(cloudctl, local_aws, s3, bucket):
    """Each can have a retention or a legal hold of its own."""
    s3.put_object(Bucket=bucket, Key="kept", Body=b"")
    local_aws.faults(lock(""))
    shown = " ".join(cloudctl.run("delete", "demo", "--plan", "--with-bucket", code=1).stdout.split())
    assert "under retention or a legal hold, and the bucket with them: its Object Lock is on" in shown
    local_aws.faults()
    assert "Object Lock" not in cloudctl.run("delete", "demo", "--plan", "--with-bucket", code=1).stdout
