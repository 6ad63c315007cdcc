"""How far each feed of each ERP was read, and what each ERP said last."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class FeedCursor(models.Model):
    """The adapter's own opaque cursor, stored in the transaction of its effects; times for honest freshness.

    `shadowed` counts what came about things that another ERP owns: it is kept as facts and applied to nothing.
    """

    connection = models.CharField(max_length=16, default="default", db_default="default")
    kind = models.CharField(max_length=20)
    cursor = models.TextField(blank=True)
    read_at = models.DateTimeField(null=True, blank=True, help_text="When the feed was last read to its end")
    failing_since = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    changes_applied = models.BigIntegerField(default=0)
    shadowed = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["connection", "kind"], name="inventory_cursor_once")
        ]

    def __str__(self) -> str:
        return f"{self.connection} {self.kind}"


class FeedPage(models.Model):
    """One page of changes that was read and stored: `oldest_at` is the ERP's time of its oldest change. What comes with
    the first read of a feed is history and has no row.
    """

    connection = models.CharField(max_length=16)
    kind = models.CharField(max_length=20)
    changes = models.PositiveIntegerField()
    oldest_at = models.DateTimeField(help_text="The ERP's clock")
    read_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["read_at"], name="inventory_feed_page_read")]

    def __str__(self) -> str:
        return f"{self.connection} {self.kind}: {self.changes}"
