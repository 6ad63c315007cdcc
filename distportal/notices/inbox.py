"""What a person finds in the portal."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from distportal.accounts.models import User
from distportal.events.clock import database_now
from distportal.notices.kinds import NoticeKind, notice_kind
from distportal.notices.models import Notice

MOST_COUNTED = 99
"""The bell counts no further."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice with its words."""

    notice: Notice
    kind: NoticeKind
    sentence: str


def notices_of(user: User, *, unread: bool = False) -> QuerySet[Notice]:
    """The person's notices, the newest first; of accounts that they left none."""
    rows = Notice.objects.filter(user=user, in_app=True)
    if not user.is_staff:
        rows = rows.filter(account__in=user.memberships.filter(active=True).values("account_id"))
    return (rows.filter(read_at=None) if unread else rows).select_related("account").order_by("-id")


def unread_count(user: User) -> int:
    """How many wait, up to one more than the bell counts."""
    return notices_of(user, unread=True).order_by().select_related(None)[: MOST_COUNTED + 1].count()


def shown(notices: Collection[Notice]) -> list[Shown]:
    """Those with their words; a kind that this version of the code does not know has none and is left out."""
    return [Shown(notice, kind, kind.says(notice.facts)) for notice in notices if (kind := notice_kind(notice.kind))]


@transaction.atomic
def mark_read(*, user: User, ids: Collection[int] | None = None) -> int:
    """How many were marked: those of the ids that are the person's own, or all of theirs."""
    rows = Notice.objects.filter(user=user, in_app=True, read_at=None)
    return (rows if ids is None else rows.filter(pk__in=ids)).update(read_at=database_now())
