"""A document as its case shows it: as sent, in words, as we understand it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from distportal.common.entries import entries
from edi.documents.marking import marked_rows
from edi.process.canonical_views import canonical_view
from edi.queries.evidence import document_behind
from edi.x12.catalog import release_of

if TYPE_CHECKING:
    from exceptions.models import Case

MOST = 300
"""Segments that are shown; the document's page has all of them."""


def segments_of(case: Case) -> dict[str, Any] | None:
    """The first segments, as sent and in words, with what is wrong at each."""
    row = document_behind(case)
    if row is None or not row.segments:
        return None
    release = release_of(row.group.release) if row.group else ""
    rows, loose = marked_rows(row.segments[:MOST], row.findings, row.line_sources, release=release)
    return {"document": row, "rows": rows, "loose": loose, "more": max(len(row.segments) - MOST, 0)}


def understood(case: Case) -> dict[str, Any] | None:
    """What the document means by today's mapping, or why it means nothing."""
    row = document_behind(case)
    view = canonical_view(row) if row else None
    if view is None:
        return None
    return {"document": row, "entries": entries(view.content) if view.content else [], "problems": view.problems}
