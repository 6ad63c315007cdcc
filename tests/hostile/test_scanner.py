"""A virus scanner has the first word on files, and without its word nothing is kept."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from distportal.uploads.cleaning import clean_file
from distportal.uploads.errors import Infected, ScannerAway
from distportal.uploads.keeping import keep_files
from tests.conftest import Cast
from tests.threads.saying import a_picture


@contextmanager
def scanner(path: Path, verdict: bytes) -> Iterator[list[bytes]]:
    """clamd as it speaks: a command, chunks behind their lengths, an empty one, then its verdict; what it saw."""
    saw: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(path))
        door.listen()

        def serve() -> None:
            for _ in range(8):
                try:
                    caller, _address = door.accept()
                except OSError:
                    return
                with caller, caller.makefile("rb") as heard:
                    assert heard.read(10) == b"zINSTREAM\0"
                    content = b""
                    while length := int.from_bytes(heard.read(4), "big"):
                        content += heard.read(length)
                    saw.append(content)
                    caller.sendall(verdict)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield saw
        door.shutdown(socket.SHUT_RDWR)
    thread.join()


def test_a_file_is_seen_whole_and_as_it_came_and_kept_when_nothing_is_found(tmp_path: Path, settings: Any) -> None:
    settings.CLAMD = f"unix://{tmp_path}/clamd"
    big = io.BytesIO()
    Image.effect_noise((600, 600), 90).save(big, "PNG")  # more than one chunk
    with scanner(tmp_path / "clamd", b"stream: OK\0") as saw:
        clean = clean_file(SimpleUploadedFile("noise.png", big.getvalue()))
    assert clean.media_type == "image/png"
    assert len(big.getvalue()) > 64 * 1024
    assert saw == [big.getvalue()]


def test_what_it_finds_is_refused_by_name(tmp_path: Path, settings: Any) -> None:
    settings.CLAMD = f"unix://{tmp_path}/clamd"
    with (
        scanner(tmp_path / "clamd", b"stream: Win.Test.EICAR_HDB-1 FOUND\0"),
        pytest.raises(Infected, match=r"box\.png"),
    ):
        clean_file(a_picture())


@pytest.mark.django_db
@pytest.mark.parametrize("verdict", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"nonsense"])
def test_without_a_verdict_nothing_is_kept_and_the_form_says_so(
    verdict: bytes, tmp_path: Path, settings: Any, cast: Cast
) -> None:
    settings.CLAMD = f"unix://{tmp_path}/clamd"
    with scanner(tmp_path / "clamd", verdict):
        kept = keep_files(account=cast.harbor, user=cast.buyer, form=uuid4(), sent=[a_picture()])
    assert kept.files == []
    assert "send it again in a few minutes" in kept.problems[0]


def test_a_scanner_that_is_away_lets_nothing_through(tmp_path: Path, settings: Any) -> None:
    for address in (f"unix://{tmp_path}/nobody", "tcp://127.0.0.1:1"):
        settings.CLAMD = address
        with pytest.raises(ScannerAway):
            clean_file(a_picture())
