"""X.509 certificates and private keys as they are uploaded."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)

PrivateKey = RSAPrivateKey | EllipticCurvePrivateKey


class UnusableCertificate(ValueError):
    """The upload cannot be used; the text says what to upload instead."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """One of our certificates with its key."""

    certificate: x509.Certificate
    key: PrivateKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What people and rows need to know of a certificate."""

    pem: str
    subject: str
    fingerprint: str
    valid_from: dt.datetime
    valid_until: dt.datetime


def load_certificate(content: bytes) -> x509.Certificate:
    """The certificate of a PEM or DER file. Raises UnusableCertificate."""
    try:
        if b"-----BEGIN CERTIFICATE" in content:
            return x509.load_pem_x509_certificate(content)
        return x509.load_der_x509_certificate(content)
    except ValueError as error:
        raise UnusableCertificate(
            "This is no certificate. Upload a PEM file that begins with -----BEGIN CERTIFICATE-----, or a .cer file."
        ) from error


def load_key_pair(content: bytes, password: str) -> KeyPair:
    """Certificate and key of a PKCS #12 file, or of a PEM file that holds both. Raises UnusableCertificate."""
    secret = password.encode() if password else None
    if b"-----BEGIN" in content:
        return _pair(load_certificate(content), _pem_key(content, secret))
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(content, secret)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UnusableCertificate(
            "The PKCS #12 file cannot be opened: its password is wrong, or it uses outdated encryption (RC2). Convert "
            "it with `openssl pkcs12 -legacy -in old.p12 -nodes -out new.pem` and upload the PEM file."
        ) from error
    if certificate is None:
        raise UnusableCertificate("The PKCS #12 file holds no certificate.")
    return _pair(certificate, key)


def key_pem(pair: KeyPair) -> str:
    """The private key as unencrypted PKCS #8, to be sealed before it is stored."""
    return pair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def facts_of(certificate: x509.Certificate) -> Facts:
    """What is stored and shown of it."""
    return Facts(
        pem=certificate.public_bytes(Encoding.PEM).decode(),
        subject=certificate.subject.rfc4514_string()[:300],
        fingerprint=certificate.fingerprint(SHA256()).hex(),
        valid_from=certificate.not_valid_before_utc,
        valid_until=certificate.not_valid_after_utc,
    )


def _pem_key(content: bytes, secret: bytes | None) -> object:
    start = content.find(b"PRIVATE KEY-----")
    begin = content.rfind(b"-----BEGIN", 0, start)
    if start < 0 or begin < 0:
        raise UnusableCertificate("The file holds a certificate without its private key. Upload both in one PEM file.")
    try:
        return load_pem_private_key(content[begin:], secret if b"ENCRYPTED" in content[begin:] else None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UnusableCertificate("The private key cannot be opened: its password is wrong or missing.") from error


def _pair(certificate: x509.Certificate, key: object) -> KeyPair:
    if not isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey):
        raise UnusableCertificate("The private key must be an RSA or an elliptic-curve key.")
    if key.public_key() != certificate.public_key():
        raise UnusableCertificate("The private key does not belong to the certificate.")
    return KeyPair(certificate, key)
