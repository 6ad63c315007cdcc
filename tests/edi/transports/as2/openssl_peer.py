"""A partner that has nothing but the openssl command line. Without openssl the tests that need it fail."""

from __future__ import annotations

import subprocess
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from edi.transports.as2.certificates import KeyPair, key_pem
from edi.transports.as2.message import Keyring
from tests.edi.transports.as2.keys import make_pair


def openssl(*words: str, data: bytes = b"") -> bytes:
    done = subprocess.run(["openssl", *words], input=data, capture_output=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


class Peer:
    """A partner that has nothing but openssl, its own key pair and our certificate."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.pair, self.ours = folder, make_pair("partner"), make_pair("portal")
        self.keys = Keyring(ours=[self.ours], theirs=[self.pair.certificate], allow_3des=True)
        for name, pair in (("peer", self.pair), ("ours", self.ours)):
            self._write(name, pair)

    def _write(self, name: str, pair: KeyPair) -> None:
        (self.folder / f"{name}.pem").write_bytes(pair.certificate.public_bytes(Encoding.PEM))
        (self.folder / f"{name}.key").write_text(key_pem(pair))

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def file(self, name: str, data: bytes) -> str:
        (self.folder / name).write_bytes(data)
        return self.path(name)

    def decrypt(self, der: bytes) -> bytes:
        return openssl(
            "cms", "-decrypt", "-binary", "-inform", "DER", "-in", self.file("in.der", der),
            "-recip", self.path("peer.pem"), "-inkey", self.path("peer.key"),
        )  # fmt: skip

    def verify(self, signature: bytes, data: bytes) -> bytes:
        return openssl(
            "cms", "-verify", "-binary", "-inform", "DER", "-in", self.file("sig.der", signature),
            "-content", self.file("data", data), "-certfile", self.path("ours.pem"), "-CAfile", self.path("ours.pem"),
            "-purpose", "any",
        )  # fmt: skip

    def sign(self, data: bytes, *words: str) -> bytes:
        return openssl(
            "cms", "-sign", "-in", self.file("plain", data), "-signer", self.path("peer.pem"),
            "-inkey", self.path("peer.key"), *words,
        )  # fmt: skip

    def encrypt(self, data: bytes, *words: str) -> bytes:
        return openssl("cms", "-encrypt", "-binary", "-in", self.file("plain", data), *words, self.path("ours.pem"))
