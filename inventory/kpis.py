"""The rows of key figures that stock and prices have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.urls import reverse

from distportal.events.retention import days_kept
from distportal.measures.registry import Source, Told, add_source
from distportal.web.speaking import moment_words
from inventory.models import FeedPage
from inventory.queries.feed_pages import FEED_PAGES, pages_read


def _tell(rows: Sequence[FeedPage]) -> Iterator[Told]:
    for row in rows:
        yield Told(
            title=f"{row.kind} feed of {row.connection}",
            detail=f"{row.changes} changes, the oldest of {moment_words(row.oldest_at)}",
            url=reverse("connections"),
        )


add_source(
    Source(
        kpi="inventory_sync", name="pages", title="Pages of changes", rows=pages_read, tell=_tell,
        kept_days=lambda: days_kept(FEED_PAGES),
    )
)  # fmt: skip
