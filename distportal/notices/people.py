"""Whom a kind of notice reaches at an account, and how each of them wants it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, UUIDField

from distportal.accounts.models import Account, Membership, User
from distportal.accounts.speaking import zone_of
from distportal.common.among import Among
from distportal.common.marks import A_CODE, A_KEY, SOME_KEYS
from distportal.common.prepared import PreparedRows
from distportal.common.remembering import remembered
from distportal.notices.choices import Mode, Plan
from distportal.notices.clock import PersonClock
from distportal.notices.kinds import NoticeKind, Told
from distportal.notices.models import Notice, NoticeChoice, NoticeSettings

_MEMBERS = PreparedRows(
    lambda account_id: (
        Membership.objects.filter(account_id=account_id, active=True, user__is_active=True)
        .select_related("user__notice_settings")
        .order_by("user_id")
    ),
    A_KEY,
)
_CHOICES = PreparedRows(
    lambda users, kind: NoticeChoice.objects.filter(Among("user_id", users, of=UUIDField()), kind=kind),
    SOME_KEYS,
    A_CODE,
)
AT_ONCE_AN_HOUR = 20
"""More mails at once in an hour reach nobody's mind: the rest goes into the digest, but for what is mandatory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody to tell, and how."""

    user: User
    clock: PersonClock
    mode: Mode
    in_app: bool

    def plan(self, *, kind: NoticeKind, now: dt.datetime, at_once: int) -> Plan:
        """What goes out by mail; `at_once` is how many went out at once in the last hour."""
        if self.mode == Mode.OFF:
            return Plan.NONE
        if self.mode == Mode.DIGEST:
            return Plan.DIGEST
        if self.clock.quiet_ends(now):
            return Plan.QUIET
        return Plan.DIGEST if at_once >= AT_ONCE_AN_HOUR and not kind.mandatory else Plan.INSTANT


def people_told(kind: NoticeKind, told: Told) -> list[Person]:
    """The active people of the account whom the kind reaches: those that are named, else those of its roles. Without an
    account, those of our people that are named.
    """
    if told.account is None:
        return _staff_told(kind, told)
    if kind.groups:
        return _of_ours(kind, told)
    named = frozenset(user.pk for user in told.people)
    known = ("notices.people", kind.key, told.account.pk, named)
    return remembered(known, partial(_members_told, kind, told.account, named))


def _members_told(kind: NoticeKind, account: Account, named: frozenset[UUID]) -> list[Person]:
    rows = _MEMBERS(account.pk)
    # Whom it concerned may have left: then it concerns those of the role.
    users = [row.user for row in rows if row.user_id in named] or [row.user for row in rows if row.role in kind.roles]
    return _each(kind, users, zone_of(account))


def _staff_told(kind: NoticeKind, told: Told) -> list[Person]:
    named = User.objects.filter(pk__in=[user.pk for user in told.people], is_staff=True, is_active=True)
    return _each(kind, list(named.select_related("notice_settings").order_by("pk")), zone_of(None))


def _each(kind: NoticeKind, users: Sequence[User], zone: str) -> list[Person]:
    if not users:
        return []
    made = {row.user_id: row for row in _CHOICES([user.pk for user in users], kind.key)}
    return [_person(kind, user, made.get(user.pk), zone) for user in users]


def _of_ours(kind: NoticeKind, told: Told) -> list[Person]:
    """Our own people of the kind's groups: those that are named, else all of them."""
    rows = User.objects.filter(is_staff=True, is_active=True, groups__name__in=kind.groups).distinct()
    everybody = list(rows.select_related("notice_settings").order_by("pk"))
    named = {user.pk for user in told.people}
    return _each(kind, [user for user in everybody if user.pk in named] or everybody, zone_of(None))


def _person(kind: NoticeKind, user: User, choice: NoticeChoice | None, zone: str) -> Person:
    own = settings_of(user)
    mode = mode_of(kind, choice)
    return Person(
        user=user,
        clock=clock_of(user, zone),
        mode=Mode.OFF if own and own.refused_email == user.email else mode,
        in_app=kind.mandatory or choice is None or choice.in_app,
    )


def settings_of(user: User) -> NoticeSettings | None:
    """The person's row, None for somebody who never changed anything."""
    try:
        return user.notice_settings
    except NoticeSettings.DoesNotExist:
        return None


def mode_of(kind: NoticeKind, choice: NoticeChoice | None) -> Mode:
    """How the person wants the kind by mail; what is mandatory comes with the digest at the least."""
    mode = Mode(choice.mail) if choice else kind.mail
    return Mode.DIGEST if kind.mandatory and mode == Mode.OFF else mode


def clock_of(user: User, zone: str) -> PersonClock:
    """The person's clock; `zone` holds where they have not chosen one."""
    own, here = settings_of(user), ZoneInfo(user.time_zone or zone)
    if own is None:
        return PersonClock(zone=here)
    return PersonClock(
        zone=here,
        quiet_from=own.quiet_from,
        quiet_until=own.quiet_until,
        digest_at=own.digest_at,
    )


def mailed_at_once(users: Sequence[User], *, since: dt.datetime) -> dict[UUID, int]:
    """User id -> how many notices went out at once since then."""
    rows = Notice.objects.filter(user__in=users, plan=Plan.INSTANT, created_at__gt=since)
    return dict(rows.order_by().values_list("user").annotate(Count("pk")))


def still_concerns(user: User, account_ids: Collection[UUID | None]) -> set[UUID | None]:
    """Which of the accounts the person still belongs to; our own people have to do with all of them, and with what is
    of no account.
    """
    if user.is_staff:
        return set(account_ids)
    rows = Membership.objects.filter(user=user, active=True, account__in=[pk for pk in account_ids if pk])
    return set(rows.values_list("account_id", flat=True))
