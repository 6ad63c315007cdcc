"""What a person finds in the portal."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from distportal.accounts.models import User
from distportal.common.prepared import PreparedCount
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
    count, values = unread_of(user)
    return count(*values)


def unread_of(user: User) -> tuple[PreparedCount, tuple[UUID]]:
    """The same to be asked for."""
    return (_UNREAD_BY_STAFF if user.is_staff else _UNREAD), (user.pk,)


def _unread(user_id: UUID, *, staff: bool) -> QuerySet[Notice]:
    return notices_of(User(pk=user_id, is_staff=staff), unread=True).select_related(None)


_UNREAD = PreparedCount(partial(_unread, staff=False), most=MOST_COUNTED + 1)
_UNREAD_BY_STAFF = PreparedCount(partial(_unread, staff=True), most=MOST_COUNTED + 1)


def shown(notices: Collection[Notice]) -> list[Shown]:
    """Those with their words; a kind that this version of the code does not know has none and is left out."""
    return [Shown(notice, kind, kind.says(notice.facts)) for notice in notices if (kind := notice_kind(notice.kind))]


@transaction.atomic
def mark_read(*, user: User, ids: Collection[int] | None = None) -> int:
    """How many were marked: those of the ids that are the person's own, or all of theirs."""
    rows = Notice.objects.filter(user=user, in_app=True, read_at=None)
    return (rows if ids is None else rows.filter(pk__in=ids)).update(read_at=database_now())
