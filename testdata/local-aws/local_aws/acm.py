# SPDX-License-Identifier: Apache-2.0
"""ACM: the renewal of a certificate, which moto has not got."""

from __future__ import annotations

from moto.acm.models import acm_backends

from .layer import Layer
from .message import AwsError, Request, Response


class Acm(Layer):
    service = "acm"
    actions = {"RenewCertificate": "renew_certificate"}

    def renew_certificate(self, request: Request) -> Response:
        """Renews nothing: a certificate of ACM's own is renewed by itself."""
        arn = request.parameters.get("CertificateArn", "")
        if arn not in acm_backends[request.account][request.region]._certificates:
            raise AwsError("ResourceNotFoundException", f"Could not find certificate {arn}.")
        return self.json({})
