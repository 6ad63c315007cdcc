"""How late the changes of an ERP came: the pages that were read of its feeds."""

from __future__ import annotations

from django.db.models import F, QuerySet, Value

from distportal.events.retention import Retention
from distportal.measures.counting import seconds_between
from inventory.models import FeedPage

FEED_PAGES = Retention(name="feed_pages", table="inventory_feedpage", age="read_at", days=30)


def pages_read() -> QuerySet[FeedPage]:
    """Each page as a row of the key figure: from its oldest change to its storing, by feed."""
    return FeedPage.objects.annotate(
        fact_at=F("read_at"),
        fact_value=seconds_between("oldest_at", "read_at"),
        fact_partner=Value(""),
        fact_part=F("kind"),
    )
