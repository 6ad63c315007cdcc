"""The bytes of an upload: the body itself or one file of a form, within a limit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request

from distportal.common.errors import Invalid
from distportal.systems.sftp.base import MOST_BYTES
from edi.api.bodies import reader_of
from edi.transports.arriving import Bytes, CutOff, TooMuch, arriving


class TooBig(Invalid):
    """More than the limit; of the file nothing was stored. `data` has its `name`, its `size` where it was said,
    and the `most` that is taken.
    """

    code = "too_big"
    http_status = 413


_FORM_ROOM = 64 * 1024
"""What a form may hold around its file."""


class RawParser(BaseParser):
    """Hands the body on unread."""

    media_type = "*/*"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, IO[Any]]:
        return {"file": stream}


@dataclass(frozen=True, slots=True)
class Upload:
    """What was sent, with its name and digest."""

    name: str
    content: Bytes
    sha256: str


@contextmanager
def upload_of(request: Request) -> Iterator[Upload]:
    """The upload, on disk where it is big. Raises TooBig, where the length was said before anything is read, Invalid
    for an empty one, one that was cut off, or a form without `file`.
    """
    read, length, form_name = _source(request)
    asked = request.query_params.get("name") or form_name
    try:
        with arriving(read, length=length, most=MOST_BYTES, folder=settings.EDI_SPOOL / "unfinished") as came:
            if not re.search(rb"\S", came.content):
                raise Invalid("The file is empty; nothing was stored.")
            yield Upload(_plain(asked or f"{came.sha256[:16]}.edi"), came.content, came.sha256)
    except TooMuch as error:
        raise _too_big(asked, length) from error
    except CutOff as error:
        raise Invalid("The file ended before its Content-Length; nothing was stored, send it again.") from error


def _source(request: Request) -> tuple[Callable[[int], bytes], int | None, str]:
    """How the bytes are read, how many were announced, and the name in the form."""
    read, length = reader_of(request._request)
    if length is not None and length > MOST_BYTES + _FORM_ROOM:
        raise _too_big(request.query_params.get("name", ""), length)
    if not (request.content_type or "").startswith("multipart/form-data"):
        return read, length, ""
    sent = cast(dict[str, Any], request.data).get("file") if length else None
    if not isinstance(sent, UploadedFile):
        raise Invalid("Send the file as the body, or in the field `file` of a form with its Content-Length.")
    return sent.read, sent.size, sent.name or ""


def _too_big(name: str, size: int | None) -> TooBig:
    told = f"A file has at most {MOST_BYTES} bytes; nothing of it was stored. Send it in parts."
    return TooBig(told, name=_plain(name) or "a file without a name", size=size, most=MOST_BYTES)


def _plain(name: str) -> str:
    return name.replace("/", "_").replace("\\", "_")[:255]


PARSERS = (MultiPartParser, RawParser)
