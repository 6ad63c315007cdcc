"""Documents as people look for them in the message monitor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date

from distportal.accounts.models import User
from edi.choices import AckState, Direction
from edi.models import Document, OutboundFile, SavedView, TradingPartner
from edi.queries.search import matching

FILTERS = ("direction", "partner", "set_id", "state", "ack_state", "usage")
DAYS = ("since", "until")
VIEW_PARAMETERS = frozenset({*FILTERS, *DAYS, "q"})
_FIELDS = {"partner": "partner__code", "usage": "group__interchange__usage"}


def documents_in_view(*, user: User, chosen: Mapping[str, str], text: str) -> QuerySet[Document]:
    """The documents the person may see, newest first, by filters, days and PO, order, invoice or control number."""
    rows = Document.objects.visible_to(user).select_related("partner", "order", "shipment", "invoice", "group")
    rows = rows.defer("segments", "findings", "line_sources")
    for name in FILTERS:
        value = chosen.get(name, "")
        if value:
            rows = rows.filter(**{_FIELDS.get(name, name): value})
    since, until = _day(chosen.get("since", "")), _day(chosen.get("until", ""))
    if since:
        rows = rows.filter(created_at__gte=_midnight(since))
    if until:
        rows = rows.filter(created_at__lt=_midnight(until + dt.timedelta(days=1)))
    if text.strip():
        rows = rows.filter(matching(text.strip()))
    return rows.order_by("-created_at", "-pk")


def _day(text: str) -> dt.date | None:
    """The day, or None for anything that is none: an address can be typed by hand."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def partners() -> QuerySet[TradingPartner]:
    """All partners by name, for the filter."""
    return TradingPartner.objects.order_by("name")


def saved_views(user: User) -> QuerySet[SavedView]:
    """The person's views by name."""
    return SavedView.objects.filter(user=user).order_by("name")


def waiting_files() -> int:
    """How many files of ours were not brought to their partners yet."""
    return OutboundFile.objects.filter(sent_at=None).count()


def awaited_acks() -> int:
    """How many documents of ours were sent and not acknowledged yet."""
    rows = Document.objects.filter(direction=Direction.OUT, ack_state=AckState.EXPECTED)
    return rows.exclude(sent_at=None).count()
