"""Certificates made for a test."""

from __future__ import annotations

import datetime as dt
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from edi.transports.as2.certificates import KeyPair


@cache
def rsa_key(name: str) -> rsa.RSAPrivateKey:
    """One key a name: making them is slow."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def make_pair(name: str, *, days: int = 365, age: int = 1, curve: bool = False) -> KeyPair:
    """A self-signed certificate that began `age` days ago and ends in `days`."""
    key = ec.generate_private_key(ec.SECP256R1()) if curve else rsa_key(name)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=age))
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )
    return KeyPair(certificate, key)
