"""MIME entities whose exact bytes matter: what was signed is what is sent."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
import secrets
import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from itertools import pairwise

from distportal.systems.sftp.base import CHUNK
from edi.transports.arriving import Bytes
from edi.transports.as2.errors import UNEXPECTED, As2Failure

CRLF = b"\r\n"
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_NOT_BASE64 = bytes(set(range(256)) - {*string.ascii_letters.encode(), *string.digits.encode(), *b"+/="})


@dataclass(frozen=True, slots=True)
class Entity:
    """Headers and body, and `raw`: both as they travel."""

    headers: tuple[tuple[str, str], ...]
    body: Bytes
    raw: Bytes

    def header(self, name: str) -> str:
        """The value of a header without folds, "" where it is missing."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def content_type(self) -> str:
        """Type and subtype in lower case."""
        return self._typed().get_content_type()

    def parameter(self, name: str) -> str:
        """A parameter of the content type, "" where it is missing."""
        value = self._typed().get_param(name, "")
        return value if isinstance(value, str) else value[2]

    @property
    def filename(self) -> str:
        """The name that the sender gave the content."""
        message = Message()
        message["Content-Type"] = self.header("Content-Type")
        message["Content-Disposition"] = self.header("Content-Disposition")
        return message.get_filename() or ""

    @property
    def content(self) -> bytes:
        """The body without its transfer encoding, in memory. Raises As2Failure for one that cannot be undone."""
        return b"".join(bytes(piece) for piece in self.decoded())

    def decoded(self) -> Iterator[Bytes]:
        """The body without its transfer encoding, in pieces. Raises As2Failure."""
        encoding = self.header("Content-Transfer-Encoding").strip().lower()
        if encoding == "base64":
            yield from _from_base64(self.body)
        elif encoding == "quoted-printable":
            yield quopri.decodestring(bytes(self.body))
        else:
            yield self.body

    @property
    def encoded(self) -> bool:
        """Whether the body travels in another form than its own."""
        return self.header("Content-Transfer-Encoding").strip().lower() in ("base64", "quoted-printable")

    def _typed(self) -> Message:
        message = Message()
        message["Content-Type"] = self.header("Content-Type") or "application/octet-stream"
        return message


def entity(headers: Mapping[str, str], body: bytes) -> Entity:
    """A new entity with CRLF header lines."""
    rows = tuple(headers.items())
    head = b"".join(f"{name}: {value}\r\n".encode("latin-1") for name, value in rows)
    return Entity(rows, body, head + CRLF + body)


def _from_base64(body: Bytes) -> Iterator[bytes]:
    """Decoded in pieces; what is no letter of the alphabet is passed over, as MIME has it (RFC 2045 §6.8)."""
    left = b""
    try:
        for at in range(0, len(body), CHUNK):
            left += bytes(body[at : at + CHUNK]).translate(None, _NOT_BASE64)
            whole = len(left) - len(left) % 4
            yield base64.b64decode(left[:whole])
            left = left[whole:]
        yield base64.b64decode(left)
    except binascii.Error as error:
        raise As2Failure(UNEXPECTED, "a part is marked base64 and is not") from error


def read_entity(raw: Bytes) -> Entity:
    """The entity in some bytes, with CRLF or bare LF lines. Raises As2Failure when there is no end of headers."""
    if raw[:2] == CRLF or raw[:1] == b"\n":
        return Entity((), raw[2 if raw[:2] == CRLF else 1 :], raw)
    end = _HEADER_END.search(raw)
    if end is None:
        raise As2Failure(UNEXPECTED, "a part of the message has no end of its headers")
    text = bytes(raw[: end.start()]).decode("latin-1")
    unfolded = re.sub(r"\r?\n[ \t]+", " ", text)
    rows = [row.partition(":") for row in re.split(r"\r?\n", unfolded) if ":" in row]
    return Entity(tuple((name.strip(), value.strip()) for name, _, value in rows), raw[end.end() :], raw)


def multipart(subtype: str, parts: Iterable[Bytes], parameters: Mapping[str, str]) -> Entity:
    """A multipart entity around raw parts, byte for byte."""
    boundary = f"=_{secrets.token_hex(16)}"
    mark = f"--{boundary}".encode()
    body = b"".join(mark + CRLF + bytes(part) + CRLF for part in parts) + mark + b"--" + CRLF
    words = "; ".join(f'{name}="{value}"' for name, value in parameters.items())
    return entity({"Content-Type": f'multipart/{subtype}; {words}; boundary="{boundary}"'}, body)


def parts_of(whole: Entity) -> list[Bytes]:
    """The raw parts between the boundaries; the line break before a boundary belongs to it (RFC 2046 §5.1.1)."""
    boundary = whole.parameter("boundary").encode("latin-1")
    if not boundary:
        raise As2Failure(UNEXPECTED, f"a {whole.content_type} names no boundary")
    marks = list(re.finditer(rb"(?:^|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|$)", whole.body))
    found: list[Bytes] = []
    for mark, following in pairwise(marks):
        if mark.group(1):
            break
        start = mark.end() + (2 if whole.body[mark.end() : mark.end() + 2] == CRLF else 1)
        found.append(whole.body[start : max(start, following.start())])
    return found


def canonical(raw: Bytes) -> bytes:
    """The bytes with every line ended by CRLF, as text is signed (RFC 5751 §3.1.1)."""
    return re.sub(rb"\r?\n", CRLF, raw)
