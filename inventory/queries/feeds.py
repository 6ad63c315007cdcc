"""When a feed of the ERP was last read to its end."""

from __future__ import annotations

import datetime as dt

from inventory.models import FeedCursor


def feed_read_at(kind: str, *, of: str = "default") -> dt.datetime | None:
    """By the database's clock; None for one that was never read to its end."""
    return FeedCursor.objects.filter(connection=of, kind=kind).values_list("read_at", flat=True).first()
