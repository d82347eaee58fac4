# SPDX-License-Identifier: Apache-2.0
"""Systems Manager: public parameters that name images, of which moto has only Amazon's own."""

from __future__ import annotations

import time

from .layer import Layer
from .message import Request, Response

# A parameter -> one of moto's images that stands for it: same architecture and root device.
_CANONICAL = "/aws/service/canonical/ubuntu/server/22.04/stable/current/{}/hvm/ebs-gp2/ami-id"
_DEEP_LEARNING = "/aws/service/deeplearning/ami/{}/base-oss-nvidia-driver-gpu-ubuntu-22.04/latest/ami-id"
IMAGES = {
    _CANONICAL.format("amd64"): "ami-785db401",
    _CANONICAL.format("arm64"): "ami-0e9271c829888680e",
    _DEEP_LEARNING.format("x86_64"): "ami-dca37ea5",
    _DEEP_LEARNING.format("arm64"): "ami-0e9271c829888680e",
}


class Ssm(Layer):
    service = "ssm"
    actions = {"GetParameter": "get_parameter"}

    def get_parameter(self, request: Request) -> Response:
        name = request.parameters.get("Name", "")
        if name not in IMAGES:
            return self.moto(request)
        return self.json({"Parameter": {
            "Name": name, "Type": "String", "Value": IMAGES[name], "Version": 1, "DataType": "aws:ec2:image",
            "LastModifiedDate": time.time(), "ARN": f"arn:aws:ssm:{request.region}::parameter{name}"}})
