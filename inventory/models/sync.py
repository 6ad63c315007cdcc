"""How far each feed of the ERP was read."""

from __future__ import annotations

from django.db import models


class FeedCursor(models.Model):
    """The adapter's own opaque cursor, stored in the transaction of its effects; times for honest freshness."""

    kind = models.CharField(max_length=20, primary_key=True)
    cursor = models.TextField(blank=True)
    read_at = models.DateTimeField(null=True, blank=True, help_text="When the feed was last read to its end")
    failing_since = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    changes_applied = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.kind
