"""Files for people's own machines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import translation

from distportal.accounts.speaking import ENGLISH
from distportal.common.csv_lines import csv_lines

T = TypeVar("T", HttpResponse, StreamingHttpResponse)


def csv_answer(heading: Sequence[str], rows: Iterable[Sequence[object]], name: str) -> StreamingHttpResponse:
    """A table that a spreadsheet opens, in English whoever asks; it is sent while it is read."""
    response = StreamingHttpResponse(csv_lines(heading, _in_english(rows)), content_type="text/csv; charset=utf-8")
    return _named(response, name, shown=False)


def _in_english(rows: Iterable[Sequence[object]]) -> Iterator[Sequence[object]]:
    """Each row as it is in English: programs read tables, and must not stumble over who downloads them."""
    left = iter(rows)
    while True:
        with translation.override(ENGLISH):
            row = next(left, None)
        if row is None:
            return
        yield row


def pdf_answer(content: bytes, name: str, *, shown: bool) -> HttpResponse:
    """A PDF that the browser shows, or keeps."""
    return _named(HttpResponse(content, content_type="application/pdf"), name, shown=shown)


def _named(response: T, name: str, *, shown: bool) -> T:
    response["Content-Disposition"] = f'{"inline" if shown else "attachment"}; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
