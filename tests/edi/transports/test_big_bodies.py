"""Big bodies at our addresses: on disk while they come, opened in flat memory, refused without a trace."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.test import RequestFactory

from edi.api.as2 import as2 as as2_view
from edi.models import As2Message, InboundFile
from edi.process import file_bytes
from edi.transports.arriving import CutOff, Reading, Scratch, TooMuch, arriving
from edi.transports.as2.certificates import KeyPair, key_pem
from edi.transports.as2.message import Recipe, compose
from tests.edi.process.texts import group, po, whole
from tests.edi.transports.as2.keys import make_pair
from tests.edi.transports.as2.partner import OURS, THEIRS, As2Partner

FILE = whole(group(po()))
BIG = whole(group(po()).replace("PO-9", "P" * 2_000_000))


def left() -> list[Path]:
    return [path for path in Path(settings.EDI_SPOOL).rglob("*") if path.is_file()]


def pem(path: Path, pair: KeyPair) -> str:
    path.write_bytes(pair.certificate.public_bytes(Encoding.PEM) + key_pem(pair).encode())
    return str(path)


@pytest.mark.parametrize("recipe", [Recipe(), Recipe(compress="before"), Recipe(cipher="", compress="after")])
def test_a_message_of_48_megabytes_needs_less_than_12_of_memory(tmp_path: Path, recipe: Recipe) -> None:
    ours, theirs = make_pair("portal"), make_pair("partner")
    payload = hashlib.sha256(b"x").digest() * (48 * 1024 * 1024 // 32)
    sent = compose(payload, filename="x", recipe=recipe, signer=theirs, receiver=ours.certificate)
    (tmp_path / "body").write_bytes(sent.body)
    spool = tmp_path / "spool"
    done = subprocess.run(
        [sys.executable, "-m", "tests.edi.transports.flat", str(tmp_path / "body"), sent.headers["Content-Type"],
         pem(tmp_path / "ours.pem", ours), pem(tmp_path / "theirs.pem", theirs), str(spool), "12"],
        capture_output=True, check=False, timeout=100, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    digest, size, mic, *layers = done.stdout.split()
    assert (digest, int(size), mic) == (hashlib.sha256(payload).hexdigest(), len(payload), sent.mic)
    assert "signed" in layers
    assert [path.name for path in spool.rglob("*") if path.is_file()] == [digest], "nothing else is left"


@pytest.mark.django_db
def test_a_big_message_stands_in_the_spool_with_its_file_and_is_one_on_a_repeat(as2: As2Partner) -> None:
    sent = compose(BIG, filename="big.edi", recipe=Recipe(), signer=as2.pair, receiver=as2.our_pair.certificate)
    answers = [as2.post(dict(sent.headers), sent.body) for _ in range(2)]
    assert [a.status_code for a in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    message, file = As2Message.objects.get(), InboundFile.objects.get()
    assert (message.state, message.spooled, bytes(message.body), file.spooled) == ("received", True, b"", True)
    with file_bytes.opened(file) as source:
        assert bytes(source[0 : len(source)]) == BIG
    assert sorted(path.name for path in left()) == sorted([message.sha256, file.sha256])
    assert message.sha256 == hashlib.sha256(sent.body).hexdigest()


@pytest.mark.django_db
def test_a_big_message_that_is_refused_is_kept_and_nothing_is_taken_from_it(as2: As2Partner) -> None:
    other = make_pair("stranger")
    sent = compose(BIG, filename="big.edi", recipe=Recipe(), signer=other, receiver=as2.our_pair.certificate)
    assert as2.post(dict(sent.headers), sent.body).status_code == 200
    message = As2Message.objects.get()
    assert (message.state, message.disposition, message.spooled) == ("failed", "authentication-failed", True)
    assert [path.name for path in left()] == [message.sha256]
    assert not InboundFile.objects.exists()


def chunked(as2: As2Partner, body: bytes, headers: dict[str, str]) -> Any:
    """Our address asked as a server asks it when the length was not announced."""
    kind = headers["Content-Type"]
    request = RequestFactory().post(
        "/as2", data=b"replaced below", content_type=kind,
        headers={"AS2-From": THEIRS, "AS2-To": f'"{OURS}"', "Message-ID": "<c@c>", "Transfer-Encoding": "chunked",
                 "Disposition-Notification-To": "x"},
    )  # fmt: skip
    request.environ |= {"wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True}
    request.environ.pop("CONTENT_LENGTH", None)
    return as2_view(request)


@pytest.mark.django_db
def test_a_body_in_chunks_is_read_to_its_end_and_no_further_than_the_limit(
    as2: As2Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = compose(FILE, filename="x.edi", recipe=Recipe(), signer=as2.pair, receiver=as2.our_pair.certificate)
    assert chunked(as2, sent.body, dict(sent.headers)).status_code == 200
    assert (As2Message.objects.get().problem, As2Message.objects.get().state) == ("", "received")
    monkeypatch.setattr("edi.api.as2.MOST_BYTES", len(sent.body) - 1)
    assert chunked(as2, sent.body, dict(sent.headers)).status_code == 413
    assert chunked(as2, b"", dict(sent.headers)).status_code == 400
    assert (As2Message.objects.count(), left()) == (1, [])


@pytest.mark.parametrize(
    ("read", "length", "error"),
    [
        (io.BytesIO(b"x" * 3_000_000).read, None, TooMuch),
        (io.BytesIO(b"").read, 2_000_001, TooMuch),
        (io.BytesIO(b"x" * 1_500_000).read, 1_500_001, CutOff),
    ],
)
def test_too_much_or_too_little_leaves_nothing(
    tmp_path: Path, read: Callable[[int], bytes], length: int | None, error: type[Exception]
) -> None:
    with pytest.raises(error), arriving(read, length=length, most=2_000_000, folder=tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_what_arrives_is_the_same_in_memory_and_on_disk(tmp_path: Path) -> None:
    for content in (b"", b"few", b"y" * 1_048_576, b"z" * 1_048_577):
        with arriving(io.BytesIO(content + b"more").read, length=len(content), most=2_000_000, folder=tmp_path) as came:
            assert (bytes(came.content), came.size) == (content, len(content))
            assert came.sha256 == hashlib.sha256(content).hexdigest()
            assert Reading(came.content).read() == content
    with Scratch() as scratch:
        assert bytes(scratch.put([b"a", memoryview(b"b")])) == b"ab"
