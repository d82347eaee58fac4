# SPDX-License-Identifier: Apache-2.0
"""Public parameters that name images: each image is there."""

import pytest
from cloudformation_support import local, server  # noqa: F401

CANONICAL = "/aws/service/canonical/ubuntu/server/22.04/stable/current/{}/hvm/ebs-gp2/ami-id"
DEEP_LEARNING = "/aws/service/deeplearning/ami/{}/base-oss-nvidia-driver-gpu-ubuntu-22.04/latest/ami-id"


@pytest.mark.parametrize("name, architecture", [
    (CANONICAL.format("amd64"), "x86_64"), (CANONICAL.format("arm64"), "arm64"),
    (DEEP_LEARNING.format("x86_64"), "x86_64"), (DEEP_LEARNING.format("arm64"), "arm64")])
def test_an_image_has_a_parameter(local, name, architecture):
    parameter = local.client("ssm").get_parameter(Name=name)["Parameter"]
    assert parameter["Name"] == name and parameter["DataType"] == "aws:ec2:image"
    [image] = local.client("ec2").describe_images(ImageIds=[parameter["Value"]])["Images"]
    assert image["Architecture"] == architecture


def test_other_parameters_are_the_accounts_own(local):
    ssm = local.client("ssm")
    with pytest.raises(ssm.exceptions.ParameterNotFound):
        ssm.get_parameter(Name="/absent")
    ssm.put_parameter(Name="/own", Value="1", Type="String")
    assert ssm.get_parameter(Name="/own")["Parameter"]["Value"] == "1"
