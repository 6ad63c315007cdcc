"""An AS2 library of other authors as receiver: npm's libas2, run by node.

It reads what we send and the receipts we sign. It knows no compression, and what it signs and encrypts itself openssl
refuses too, so the way from it to us is not tried; openssl stands for that.
"""

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
from edi.transports.as2.mdn import Verdict, write_receipt
from edi.transports.as2.message import Recipe, compose
from tests.edi.transports.as2.keys import make_pair

HERE = Path(__file__).parent
PAYLOAD = b"ISA*00*          *00*          *ZZ*A~GS*PO~IEA*1*000000001~"
OURS, PEER, STRANGER = make_pair("portal"), make_pair("partner"), make_pair("stranger")


def pem(pair: KeyPair) -> str:
    return pair.certificate.public_bytes(Encoding.PEM).decode()


@pytest.fixture(scope="module")
def node() -> list[str]:
    """The command that runs the peer. Without node or its packages these tests are left out; in CI they fail."""
    found = shutil.which("node")
    if (found is None or not (HERE / "node_modules").is_dir()) and not os.environ.get("CI"):
        pytest.skip("no libas2 here: install node and run `npm ci` in tests/edi/peers")
    assert found
    # Node refuses RSA PKCS #1 v1.5 decryption where its OpenSSL lacks implicit rejection; newer ones need no flag.
    allow = "--security-revert=CVE-2023-46809"
    known = subprocess.run([found, allow, "-e", "0"], capture_output=True, check=False).returncode == 0
    return [found, *([allow] if known else []), str(HERE / "receive.js")]


def understood(node: list[str], headers: dict[str, str], body: bytes, **more: Any) -> dict[str, Any]:
    raw = "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode() + b"\r\n" + body
    asked = {
        "cert": pem(PEER), "key": key_pem(PEER), "theirs": pem(OURS), "message": base64.b64encode(raw).decode(), **more,
    }  # fmt: skip
    done = subprocess.run(node, input=json.dumps(asked).encode(), capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    answer: dict[str, Any] = json.loads(done.stdout.decode().splitlines()[-1])
    return answer


@pytest.mark.parametrize("cipher", ["", "aes128_cbc", "aes192_cbc", "aes256_cbc"])
@pytest.mark.parametrize("sign", ["sha1", "sha256", "sha384", "sha512"])
def test_it_reads_what_we_send_and_finds_the_same_mic(node: list[str], cipher: str, sign: str) -> None:
    sent = compose(
        PAYLOAD, filename="po.edi", recipe=Recipe(cipher=cipher, sign=sign), signer=OURS, receiver=PEER.certificate
    )
    headers = {"AS2-From": "NORTHLINE", "AS2-To": "CRESTLINE", "Message-ID": "<1@portal>", **sent.headers}
    found = understood(node, headers, sent.body, encrypted=bool(cipher))
    assert (found["processed"], found["mic"]) == (True, sent.mic)
    assert base64.b64decode(found["content"]).rstrip(b"\r\n") == PAYLOAD, "its parser ends the last line"


def test_it_refuses_what_somebody_else_signed(node: list[str]) -> None:
    sent = compose(PAYLOAD, filename="po.edi", recipe=Recipe(cipher=""), signer=STRANGER)
    headers = {"AS2-From": "NORTHLINE", "AS2-To": "CRESTLINE", "Message-ID": "<1@portal>", **sent.headers}
    assert understood(node, headers, sent.body, encrypted=False)["processed"] is False


def test_it_reads_the_receipts_that_we_sign(node: list[str]) -> None:
    verdict = Verdict(message_id="<1@crestline>", as2_from="CRESTLINE", as2_to="NORTHLINE", mic="AAAA",
                      mic_algorithm="sha256")  # fmt: skip
    receipt = write_receipt(verdict, own_message_id="<r@portal>", signer=OURS, digest="sha256")
    found = understood(node, dict(receipt.headers), receipt.body, receipt=True)
    assert found == {"processed": True, "mic": "AAAA", "message": "<1@crestline>"}
