# SPDX-License-Identifier: Apache-2.0
"""KMS: operations that take the ARN of a key as well as its id; moto takes only the id and fails."""

from __future__ import annotations

import json
from dataclasses import replace

from .layer import Layer
from .message import Request, Response

_BY_ARN = ("EnableKey", "DisableKey", "ScheduleKeyDeletion", "CancelKeyDeletion")


class Kms(Layer):
    service = "kms"
    actions = {name: "by_id" for name in _BY_ARN}

    def by_id(self, request: Request) -> Response:
        key = request.parameters.get("KeyId", "")
        if ":key/" not in key:
            return self.moto(request)
        parameters = {**request.parameters, "KeyId": key.rpartition("/")[2]}
        return self.moto(replace(request, parameters=parameters, body=json.dumps(parameters).encode()))
