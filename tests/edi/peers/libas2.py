"""npm's libas2 as a process: an AS2 partner of other authors, with an address of its own on loopback."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from edi.transports.as2.certificates import KeyPair, key_pem

HERE = Path(__file__).parent


def pem(pair: KeyPair) -> str:
    return pair.certificate.public_bytes(Encoding.PEM).decode()


def command() -> list[str]:
    """What runs the peer. Without node or its packages its tests are left out; in CI they fail."""
    found = shutil.which("node")
    if (found is None or not (HERE / "node_modules").is_dir()) and not os.environ.get("CI"):
        pytest.skip("no libas2 here: install node and run `npm ci` in tests/edi/peers")
    assert found
    # Node refuses RSA PKCS #1 v1.5 decryption where its OpenSSL lacks implicit rejection; newer ones need no flag.
    allow = "--security-revert=CVE-2023-46809"
    known = subprocess.run([found, allow, "-e", "0"], capture_output=True, check=False).returncode == 0
    return [found, *([allow] if known else []), str(HERE / "peer.js")]


class Libas2:
    """The running peer; it answers in the words of peer.js."""

    def __init__(self, *, own: KeyPair, theirs: KeyPair, own_id: str, their_id: str) -> None:
        self._process = subprocess.Popen(command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.url: str = self.ask(
            "start", cert=pem(own), key=key_pem(own), theirs=pem(theirs), id=own_id, their_id=their_id, decrypt=True
        )["url"]

    def ask(self, word: str, **facts: Any) -> Any:
        """The answer to one command; AssertionError when the peer is gone."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"command": word, **facts}).encode() + b"\n")
        self._process.stdin.flush()
        for line in self._process.stdout:
            if line.startswith(b">"):
                return json.loads(line[1:])
        raise AssertionError("the peer ended")

    def send(self, url: str, payload: bytes, **how: Any) -> Any:
        """A message of the peer to an address, and what it made of the answer."""
        return self.ask("send", url=url, payload=base64.b64encode(payload).decode(), **how)

    def end(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()
