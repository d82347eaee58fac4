# SPDX-License-Identifier: Apache-2.0
"""A certificate authority of the server's own, which its machines trust: "https" works inside them, and nowhere else."""

from __future__ import annotations

import functools
import os
import ssl
from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_LIFE = timedelta(days=2)


class Authority:
    """certificate: its own, PEM."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "local AWS")])
        own = self._begin(self._name, self._key).add_extension(x509.BasicConstraints(True, None), True)
        self.certificate = own.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()

    def _begin(self, name: x509.Name, key) -> x509.CertificateBuilder:
        now = datetime.now(timezone.utc)
        return (x509.CertificateBuilder().subject_name(name).issuer_name(self._name).public_key(key.public_key())
                .serial_number(x509.random_serial_number()).not_valid_before(now - _LIFE).not_valid_after(now + _LIFE))

    @functools.lru_cache(maxsize=64)
    def context(self, names: tuple[str, ...]) -> ssl.SSLContext:
        """For a server that has these names."""
        key = ec.generate_private_key(ec.SECP256R1())
        common = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
        made = self._begin(common, key).add_extension(
            x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), False)
        pem = made.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM) + key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # The ssl module reads certificates and keys from files alone; this one never had a name.
        descriptor = os.memfd_create("certificate")
        try:
            os.write(descriptor, pem)
            context.load_cert_chain(f"/proc/self/fd/{descriptor}")
        finally:
            os.close(descriptor)
        return context
