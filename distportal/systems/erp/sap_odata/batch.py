"""Several writes as one: the body of an OData V2 `$batch` with one change set, and what its answer says.

SAP carries out a change set wholly or not at all (OData V2, "Batch Processing"; each part is a request by itself).
"""

from __future__ import annotations

import email.parser
import email.policy
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

CONTENT_TYPE = "multipart/mixed; boundary=batch"
_CRLF = "\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One write of a change set; `path` is relative to the service."""

    method: str
    path: str
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def written(operations: Sequence[Operation]) -> bytes:
    """The body of the request."""
    parts = "".join(f"--changes{_CRLF}{_part(n, operation)}" for n, operation in enumerate(operations, start=1))
    head = f"--batch{_CRLF}Content-Type: multipart/mixed; boundary=changes{_CRLF}{_CRLF}"
    return f"{head}{parts}--changes--{_CRLF}{_CRLF}--batch--{_CRLF}".encode()


def _part(number: int, operation: Operation) -> str:
    body = "" if operation.body is None else json.dumps(operation.body)
    headers = {"Accept": "application/json", **operation.headers}
    if body:
        headers |= {"Content-Type": "application/json", "Content-Length": str(len(body.encode()))}
    lines = [
        "Content-Type: application/http", "Content-Transfer-Encoding: binary", f"Content-ID: {number}", "",
        f"{operation.method} {operation.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()),
        "", body,
    ]  # fmt: skip
    return _CRLF.join(lines) + _CRLF


def verdict(reply: httpx.Response) -> httpx.Response | None:
    """The first answer inside that says no, None where all were done. Raises ValueError where it cannot be read."""
    head = f"Content-Type: {reply.headers.get('Content-Type', '')}{_CRLF}{_CRLF}".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + reply.content)
    answers = [
        part.get_payload(decode=True) for part in message.walk() if part.get_content_type() == "application/http"
    ]
    if not answers:
        raise ValueError("no answers in the batch")
    return next((told for told in map(_answer, answers) if told.status_code >= 400), None)


def _answer(raw: object) -> httpx.Response:
    if not isinstance(raw, bytes):
        raise ValueError("an answer of the batch is not readable")
    line, _, rest = raw.lstrip(b"\r\n").partition(b"\n")
    _, body = rest.replace(b"\r\n", b"\n").split(b"\n\n", 1) if b"\n" in rest else (b"", b"")
    return httpx.Response(int(line.split()[1]), content=body.strip())
