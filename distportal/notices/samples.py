"""Mails with made-up data, for those who write and those who translate them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from distportal.accounts.models import Account
from distportal.events.clock import database_now
from distportal.notices.clock import PersonClock
from distportal.notices.contents import digest_content, notice_content
from distportal.notices.kinds import NoticeKind, Words, notice_kinds
from distportal.notices.models import Notice
from distportal.notices.wording import Content

NOBODY = UUID(int=0)
MANY = 137


@dataclass(frozen=True, slots=True)
class Sample:
    """One mail of the preview."""

    key: str
    group: Words
    title: Words
    content: Callable[[], Content]


_more: list[Sample] = []


def add_sample(sample: Sample) -> None:
    """Register a mail that is no notice, such as an invitation."""
    _more[:] = [known for known in _more if known.key != sample.key] + [sample]


def samples() -> list[Sample]:
    """Every mail: notices in the order of the grid, then those made of many, then the others."""
    kinds = notice_kinds()
    dealers = [kind for kind in kinds if not kind.groups]
    notices = [Sample(kind.key, kind.group, kind.title, _of_kind(kind)) for kind in kinds]
    gathered = [
        Sample("digest", _("Gathered"), _("The daily digest"), lambda: _gathered(dealers, MANY, quiet=False)),
        Sample("quiet", _("Gathered"), _("After the quiet hours"), lambda: _gathered(dealers, 3, quiet=True)),
    ]
    return [*notices, *(gathered if dealers else []), *_more]


def sample(key: str) -> Sample | None:
    """The mail of that name."""
    return next((known for known in samples() if known.key == key), None)


def _of_kind(kind: NoticeKind) -> Callable[[], Content]:
    return lambda: notice_content(_notice(kind, 1, database_now()), kind)


def _gathered(kinds: Sequence[NoticeKind], count: int, *, quiet: bool) -> Content:
    now = database_now()
    notices = [_notice(kinds[n % len(kinds)], n, now - dt.timedelta(minutes=7 * n)) for n in range(count)]
    clock = PersonClock(zone=ZoneInfo(settings.TIME_ZONE))
    return digest_content(notices, user_id=NOBODY, clock=clock, quiet=quiet)


def _notice(kind: NoticeKind, number: int, at: dt.datetime) -> Notice:
    account = None if kind.groups else Account(code="SAMPLE", name="Sample Hardware")
    return Notice(
        pk=number, user_id=NOBODY, account=account, kind=kind.key, facts=dict(kind.sample), path="/", occurred_at=at
    )
