"""Whether orders can be judged at all."""

from __future__ import annotations

from distportal.common.remembering import remembered
from inventory.models import FeedCursor

FEEDS = ("item", "stock", "price", "customer")


def unread_feeds() -> list[str]:
    """The ERP feeds that were never read: with an empty catalogue every order would look wrong."""
    return remembered("edi.unread_feeds", _read_unread)


def _read_unread() -> list[str]:
    read = set(
        FeedCursor.objects.filter(connection="default", kind__in=FEEDS, read_at__isnull=False).values_list(
            "kind", flat=True
        )
    )
    return [feed for feed in FEEDS if feed not in read]
