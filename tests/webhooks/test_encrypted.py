"""By https: the name's certificate counts although its address was connected to, and nobody else's does."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from distportal.webhooks import connecting
from distportal.webhooks.connecting import Answer, post
from tests.webhooks.sink import Sink

NAME = "hooks.example.com"


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[tuple[Sink, Path]]:
    """A sink that proves to be hooks.example.com, and the file of its certificate."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    certificate = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    plain = serialization.NoEncryption()
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    at = tmp_path / "certificate.pem"
    at.write_bytes(pem)
    both = tmp_path / "both.pem"
    both.write_bytes(pem + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    sink = Sink(certificate=both)
    sink.start()
    yield sink, at
    sink.stop()


def call(sink: Sink, name: str) -> Answer:
    return post(f"https://{name}:{sink.port}/in", headers={}, body=b"{}", loopback=True)


def test_the_certificate_is_that_of_the_name(secure: tuple[Sink, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    sink, certificate = secure

    def resolve(host: str, port: int, *args: Any, **how: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    stranger = call(sink, NAME)
    assert (stranger.status, "its certificate is not trusted" in stranger.error) == (None, True)
    trusting = ssl.create_default_context(cafile=str(certificate))
    trusting.verify_flags &= ~ssl.VERIFY_X509_STRICT  # which asks for more than a test's certificate has
    monkeypatch.setattr(connecting, "_trust", lambda: trusting)
    other = call(sink, "other.example.com")
    assert (other.status, "its certificate is not trusted" in other.error) == (None, True)
    assert sink.got == []
    assert call(sink, NAME).status == 200
    assert [one.headers["host"] for one in sink.got] == [f"{NAME}:{sink.port}"]
