"""Messages for tests."""

from __future__ import annotations

import io
import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter

from distportal.accounts.models import User
from distportal.threads.models import Message
from distportal.threads.posting import post_message
from distportal.threads.subjects import Subject
from distportal.uploads.keeping import keep_files


def say(subject: Subject | None, user: User, text: str, **more: Any) -> Message:
    """Somebody writes."""
    assert subject is not None
    return post_message(subject=subject, user=user, token=more.pop("token", uuid.uuid4()), text=text, **more)


def said_with_a_file(subject: Subject | None, user: User, **more: Any) -> Message:
    """Somebody writes and adds a picture."""
    assert subject is not None
    token = uuid.uuid4()
    kept = keep_files(account=subject.account, user=user, form=token, sent=[a_picture()])
    return say(subject, user, "See the picture", token=token, files=[one.pk for one in kept.files], **more)


def a_picture(name: str = "box.png") -> SimpleUploadedFile:
    """A small PNG."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def a_pdf(name: str = "note.pdf", *, script: str = "") -> SimpleUploadedFile:
    """A PDF of one empty page, with a script where one is given."""
    written, out = PdfWriter(), io.BytesIO()
    written.add_blank_page(200, 200)
    if script:
        written.add_js(script)
        written.add_attachment("evil.exe", b"MZ")
    written.write(out)
    return SimpleUploadedFile(name, out.getvalue(), "application/pdf")
