"""Files that are not what they say: refused, or made anew under a harmless name, and sent so that nothing runs."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from PIL import Image

from distportal.uploads.cleaning import MIB, clean_file
from distportal.uploads.errors import UnusableFile
from distportal.uploads.models import StoredFile
from distportal.web.files import file_answer

SCRIPT = b"<html><script>alert(1)</script></html>"


def picture(kind: str = "PNG") -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(kept, kind)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", SCRIPT),
        ("page.png", SCRIPT),
        ("page.pdf", SCRIPT),
        ("page.pdf", b"%PDF-1.4\n" + SCRIPT),
        ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("list.csv", b"=1+1,2\n"),
        ("tool.exe", b"MZ\x90\x00"),
        ("pack.zip", b"PK\x03\x04"),
        ("nothing.png", b""),
        ("GIFAR.gif", b"GIF89a" + SCRIPT),
    ],
)
def test_what_is_no_picture_and_no_pdf_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(UnusableFile, match=name):
        clean_file(SimpleUploadedFile(name, content))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_that_is_a_page_too_is_drawn_anew_without_the_page(kind: str) -> None:
    clean = clean_file(SimpleUploadedFile("me.html", picture(kind) + SCRIPT))
    assert b"script" not in clean.content
    assert clean.media_type == f"image/{kind.lower()}"
    assert clean.name.endswith(("png", "jpeg", "jpg"))


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.png", "..\\..\\boot.png", "/abs/path.png", 'a"\r\nSet-Cookie: x=1.png', "a\x00b.png",
        "....png",
        "<img src=x>.png", "x" * 300 + ".png", "..", "",
    ],
)  # fmt: skip
def test_a_name_breaks_neither_a_path_nor_a_header(name: str) -> None:
    file = SimpleUploadedFile("x.png", picture())
    file._name = name  # as a client may send it; Django's own setter is the first to clean
    clean = clean_file(file)
    assert not set(clean.name) & set('/\\"<>\r\n\0')
    assert not clean.name.startswith(".")
    assert 0 < len(clean.name) <= 110


def test_a_file_over_the_limit_is_not_read() -> None:
    class Endless(SimpleUploadedFile):
        def read(self, *_: Any) -> bytes:
            raise AssertionError("it was read")

    file = Endless("big.png", b"")
    file.size = 1024 * MIB
    with pytest.raises(UnusableFile, match="too big"):
        clean_file(file)


@pytest.mark.parametrize(("media_type", "shown"), [("application/pdf", False), ("image/png", True)])
def test_what_is_sent_can_be_nothing_else(media_type: str, shown: bool) -> None:
    row = StoredFile(name="a.bin", media_type=media_type, content=b"x", sha256="0" * 64)
    answer = file_answer(RequestFactory().get("/"), row)
    assert answer.headers["Content-Disposition"].startswith("inline" if shown else "attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
