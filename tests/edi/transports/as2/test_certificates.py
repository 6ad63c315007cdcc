"""Uploads: PEM, DER and modern PKCS #12; everything else is refused with what to do."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12

from edi.transports.as2.certificates import UnusableCertificate, facts_of, key_pem, load_certificate, load_key_pair
from tests.edi.transports.as2.keys import make_pair

PAIR, OTHER = make_pair("portal"), make_pair("stranger")
PEM = PAIR.certificate.public_bytes(Encoding.PEM)


def p12(password: bytes = b"secret") -> bytes:
    return pkcs12.serialize_key_and_certificates(
        b"x", PAIR.key, PAIR.certificate, None, BestAvailableEncryption(password)
    )


def test_pem_der_and_pkcs12_are_read() -> None:
    assert load_certificate(PEM) == load_certificate(PAIR.certificate.public_bytes(Encoding.DER)) == PAIR.certificate
    assert load_key_pair(PEM + key_pem(PAIR).encode(), "").certificate == PAIR.certificate
    assert load_key_pair(p12(), "secret").key.private_numbers() == PAIR.key.private_numbers()
    facts = facts_of(PAIR.certificate)
    assert (facts.subject, len(facts.fingerprint)) == ("CN=portal", 64)


@pytest.mark.parametrize(
    ("content", "password", "words"),
    [
        (b"nothing", "", "cannot be opened"),
        (p12(), "wrong", "password is wrong"),
        (PEM, "", "without its private key"),
        (PEM + key_pem(OTHER).encode(), "", "does not belong"),
        (PEM + b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "", "cannot be opened"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "", "This is no certificate"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(content: bytes, password: str, words: str) -> None:
    with pytest.raises(UnusableCertificate, match=words):
        load_key_pair(content, password)
    with pytest.raises(UnusableCertificate, match="Upload a PEM file"):
        load_certificate(b"nothing")


def test_an_old_pkcs12_with_rc2_is_read_as_well(tmp_path: Path) -> None:
    (tmp_path / "c.pem").write_bytes(PEM)
    (tmp_path / "k.pem").write_text(key_pem(PAIR))
    old = tmp_path / "old.p12"
    subprocess.run(
        ["openssl", "pkcs12", "-export", "-legacy", "-in", tmp_path / "c.pem", "-inkey", tmp_path / "k.pem", "-out",
         old, "-passout", "pass:secret", "-certpbe", "PBE-SHA1-RC2-40"], check=True,
    )  # fmt: skip
    assert load_key_pair(old.read_bytes(), "secret").certificate == PAIR.certificate
