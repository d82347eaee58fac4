# SPDX-License-Identifier: Apache-2.0
"""Lines of `edit` and `update` that users of another product know, word by word: each does what they expect of it."""

import shlex

import pytest
from conftest import ACCOUNT
from edit_support import Owner
from guest import Guest, all_well
from test_update import SETUP, Cloud
from verify_support import trust


def an_older_stack(cloud) -> None:
    """Whose cross-account role has not all of its permissions yet."""
    body = cloud.cloudformation.get_template(StackName=cloud.record["stack_name"], TemplateStage="Original")["TemplateBody"]
    older = body.replace('"elasticloadbalancing:DescribeTags", ', "")
    assert older != body
    cloud.cloudformation.update_stack(
        StackName=cloud.record["stack_name"], TemplateBody=older, Capabilities=["CAPABILITY_NAMED_IAM"],
        Parameters=[{"ParameterKey": name, "UsePreviousValue": True} for name in cloud.parameters])
    cloud.cloudformation.get_waiter("stack_update_complete").wait(
        StackName=cloud.record["stack_name"], WaiterConfig={"Delay": 1})


# The line without its program, and the member of the record that has the new value.
EDITS = {
    "edit {name} --aws-s3-id={bucket}": "bucket",
    "edit {name} --aws-efs-id={file_system}": "file_system_id",
    "edit {name} --aws-efs-mount-target-ip={address}": "mount_target_ip",
    "edit --cloud-id={id} --aws-s3-id={bucket}": "bucket",
    "edit {name} --aws-s3-id={bucket} --functional-verify workspace": "bucket",
}


@pytest.mark.parametrize("line", EDITS)
def test_a_line_of_edit(cloudctl, local_aws, line):
    """The cloud is verified before, the question is asked, and nothing old is removed."""
    owner = Owner(cloudctl, local_aws)
    launches = "--functional-verify" in line
    if launches:
        owner.site.set_trust("control-plane", trust({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}))
        local_aws.control("POST", "machines", {"on": False})  # a Guest plays them
    before = owner.register(*(("--control-plane-account", ACCOUNT, "--cloud-tag", "anyscale-cloud-id") if launches else ()))
    values = {"bucket": owner.bucket(), "file_system": owner.file_system(),
              "address": owner.addresses(before["resources"]["file_system_id"])[1]}
    words = shlex.split(line.format(name="prod", id=before["id"], **values))
    code, shown = cloudctl.on_terminal(*words, answer="n")
    assert code == 5 and "Change cloud 'prod'" in shown and owner.record()["resources"] == before["resources"]
    guest = None
    if launches:
        words += ["--image-id", local_aws.client("ec2").describe_images()["Images"][0]["ImageId"]]
        guest = Guest(local_aws, all_well())
    done = cloudctl.run(*words, "--yes")
    if guest:
        guest.join()
        assert "boot: fine" in done.stderr
    assert owner.record()["resources"][EDITS[line]] in values.values()
    assert owner.record()["resources"] != before["resources"]
    owner.site.s3.head_bucket(Bucket=before["resources"]["bucket"])
    assert owner.site.efs.describe_file_systems(FileSystemId=before["resources"]["file_system_id"])["FileSystems"]


@pytest.mark.parametrize("line", EDITS)
def test_edit_is_for_registered_clouds(cloudctl, local_aws, line):
    cloudctl.run(*SETUP)
    values = {"bucket": "other", "file_system": "fs-0123456789abcdef0", "address": "10.0.0.9"}
    refused = cloudctl.run(*shlex.split(line.format(name="demo", id=cloudctl.record("demo")["id"], **values)), "--yes", code=2)
    assert "cloudctl update demo" in refused.stderr


@pytest.mark.parametrize("line", ["update {name}", "update --id {id}"])
def test_a_line_of_update(cloudctl, local_aws, line):
    """It keeps the permissions of the cross-account role up to date. The template is not one of cloudctl's here."""
    cloudctl.run(*SETUP)
    cloud = Cloud(cloudctl, local_aws)
    an_older_stack(cloud)
    assert "elasticloadbalancing:DescribeTags" not in cloud.policies("control_plane_role_arn")
    words = shlex.split(line.format(name="demo", id=cloud.record["id"]))
    code, shown = cloudctl.on_terminal(*words, "--overwrite-template", answer="n")
    assert code == 5 and "DescribeTags" in " ".join(shown.split())
    assert "elasticloadbalancing:DescribeTags" not in cloud.policies("control_plane_role_arn")
    cloudctl.run(*words, "--overwrite-template", "--yes")
    assert "elasticloadbalancing:DescribeTags" in cloud.policies("control_plane_role_arn")


@pytest.mark.parametrize("line", ["update {name}", "update --id {id}"])
def test_update_is_for_managed_clouds(cloudctl, local_aws, line):
    before = Owner(cloudctl, local_aws).register()
    refused = cloudctl.run(*shlex.split(line.format(name="prod", id=before["id"])), "--yes", code=2)
    assert "is registered" in refused.stderr
