"""Partners whose mailboxes cannot be worked, as troubles that the desk makes incidents of."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Max, Min, Sum

from edi.models import MailboxLink, OutboundFile
from exceptions.registry import Trouble

MOST_FAILURES = 5
"""Failures of a mailbox in a row from which on a person is told."""


def failing_partners() -> Iterator[Trouble]:
    """One trouble a partner, with how many files wait for it; two queries."""
    rows = list(
        MailboxLink.objects.filter(failures__gte=MOST_FAILURES, failed_since__isnull=False)
        .order_by()
        .values("mailbox__partner", "mailbox__partner__code", "mailbox__partner__name")
        .annotate(failed=Sum("failures"), since=Min("failed_since"), last=Max("last_error"))
        .order_by("mailbox__partner__code")
    )
    unsent = OutboundFile.objects.filter(sent_at=None, partner__in=[row["mailbox__partner"] for row in rows])
    waiting = dict(unsent.order_by().values_list("partner").annotate(Count("pk")))
    for row in rows:
        yield Trouble(
            layer="partner", place=row["mailbox__partner__code"], since=row["since"], failures=row["failed"],
            title=f"{row['mailbox__partner__name']} cannot be reached", waiting=waiting.get(row["mailbox__partner"], 0),
            reason=f"{row['failed']} tries in a row failed at its mailboxes, the last: {row['last']}",
        )  # fmt: skip
