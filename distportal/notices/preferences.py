"""A person's grid of events and their clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from distportal.accounts.models import User
from distportal.accounts.speaking import set_language
from distportal.calendars.models import check_time_zone
from distportal.common.errors import Invalid
from distportal.notices.choices import Mode
from distportal.notices.kinds import NoticeKind, notice_kinds
from distportal.notices.models import NoticeChoice, NoticeSettings
from distportal.notices.people import mode_of


@dataclass(frozen=True, slots=True)
class GridRow:
    """One kind, and how the person wants it now."""

    kind: NoticeKind
    mail: Mode
    in_app: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedClock:
    """What a person says of their day and tongue; an empty time zone is that of the account."""

    language: str
    time_zone: str
    quiet_from: dt.time | None
    quiet_until: dt.time | None
    digest_at: dt.time


def grid(*, user: User, roles: frozenset[str]) -> list[GridRow]:
    """The kinds that somebody with these roles or groups is told of, in the order of their registration."""
    made = {row.kind: row for row in NoticeChoice.objects.filter(user=user)}
    return [
        GridRow(kind, mode_of(kind, choice), kind.mandatory or choice is None or choice.in_app)
        for kind in notice_kinds()
        if kind.audience & roles
        for choice in [made.get(kind.key)]
    ]


@transaction.atomic
def set_grid(*, user: User, roles: frozenset[str], wanted: Mapping[str, tuple[str, bool]]) -> int:
    """How many kinds changed: `wanted` is the mode by mail and whether it shows in the portal, by kind.

    Raises Invalid for a mode that there is none of, or for switching off what is mandatory; nothing is changed then.
    """
    changed = 0
    for row in grid(user=user, roles=roles):
        mail, in_app = wanted.get(row.kind.key, (row.mail.value, row.in_app))
        if mail not in Mode.values or (row.kind.mandatory and mail == Mode.OFF):
            raise Invalid(gettext("“%(kind)s” cannot be set so; nothing was changed.") % {"kind": row.kind.title})
        in_app = in_app or row.kind.mandatory
        if (mail, in_app) != (row.mail, row.in_app):
            values = {"mail": mail, "in_app": in_app}
            NoticeChoice.objects.update_or_create(user=user, kind=row.kind.key, defaults=values)
            changed += 1
    return changed


@transaction.atomic
def set_clock(*, user: User, wanted: WantedClock) -> NoticeSettings:
    """The person's clock from now on; what waits already keeps its moment. Raises Invalid for half of the quiet hours
    or an unknown time zone or language.
    """
    if (wanted.quiet_from is None) != (wanted.quiet_until is None):
        raise Invalid(gettext("Quiet hours need both a beginning and an end; nothing was changed."))
    if wanted.time_zone:
        try:
            check_time_zone(wanted.time_zone)
        except ValidationError as error:
            raise Invalid(" ".join([error.messages[0], gettext("Nothing was changed.")])) from error
    if wanted.language:
        set_language(user=user, language=wanted.language)
    User.objects.filter(pk=user.pk).update(time_zone=wanted.time_zone)
    user.time_zone = wanted.time_zone
    values = {
        "quiet_from": wanted.quiet_from,
        "quiet_until": wanted.quiet_until,
        "digest_at": wanted.digest_at,
    }
    return NoticeSettings.objects.update_or_create(user=user, defaults=values)[0]


@transaction.atomic
def set_choices(
    *, user: User, roles: frozenset[str], clock: WantedClock, wanted: Mapping[str, tuple[str, bool]]
) -> None:
    """Grid and clock together. Raises Invalid as they do: where one of them is refused neither is changed."""
    set_grid(user=user, roles=roles, wanted=wanted)
    set_clock(user=user, wanted=clock)


@transaction.atomic
def try_address_again(*, user: User) -> None:
    """Mails go to the person's address again although a mail server once refused it."""
    NoticeSettings.objects.filter(user=user).update(refused_email="", refused_reason="", refused_at=None)
