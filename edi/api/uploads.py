"""The bytes of an upload: the body itself or one file of a form, within a limit."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any, cast

from django.core.files.uploadedfile import UploadedFile
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request

from distportal.common.errors import Invalid
from edi.transports.base import CHUNK

MOST_BYTES = 64 * 1024 * 1024


class TooBig(Invalid):
    """More than the limit, or a length that was not said; nothing was stored."""

    code = "too_big"
    http_status = 413


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
    content: bytes

    @property
    def sha256(self) -> str:
        """Of the bytes."""
        return hashlib.sha256(self.content).hexdigest()


def read_upload(request: Request) -> Upload:
    """The upload. Raises TooBig before anything is read, Invalid for an empty one or a form without `file`."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if not length.isdecimal() or int(length) > MOST_BYTES:
        raise TooBig(f"Send a Content-Length of at most {MOST_BYTES} bytes; nothing was stored.")
    sent = cast(dict[str, Any], request.data).get("file") if int(length) else None
    if sent is None or isinstance(sent, str):
        raise Invalid("Send the file as the body with its Content-Length, or in the field `file` of a form.")
    form_name = sent.name if isinstance(sent, UploadedFile) else ""
    content = _whole(cast(IO[bytes], sent))
    if not content.strip():
        raise Invalid("The file is empty; nothing was stored.")
    name = request.query_params.get("name") or form_name or f"{hashlib.sha256(content).hexdigest()[:16]}.edi"
    return Upload(name.replace("/", "_").replace("\\", "_")[:255], content)


def _whole(stream: IO[bytes]) -> bytes:
    found = bytearray()
    while chunk := stream.read(CHUNK):
        found += chunk
        if len(found) > MOST_BYTES:
            raise TooBig(f"The file has more than {MOST_BYTES} bytes; nothing was stored.")
    return bytes(found)


PARSERS = (MultiPartParser, RawParser)
