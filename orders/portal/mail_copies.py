"""Who gets a mail about an order that was just placed, and when: the notification grid, said on the confirmation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from distportal.accounts.models import User
from distportal.events.clock import database_now
from distportal.notices.choices import Plan
from distportal.notices.kinds import NoticeKind, Told, notice_kind
from distportal.notices.people import Person, people_told
from orders.choices import OrderStatus
from orders.models import Order

OUTCOMES = {OrderStatus.HELD: "order.held", OrderStatus.REJECTED: "order.rejected"}
ACCEPTED, SHIPPED = "order.accepted", "order.shipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailCopy:
    """Of what is told, to whom, and when in words; `mailed` is False for somebody who gets no mail of it."""

    about: str
    who: str
    when: str
    mailed: bool


def mail_copies(order: Order, reader: User, *, addresses: bool) -> list[MailCopy]:
    """A row for each who is told of the order and of what leaves of it. Addresses stand there for the reader's own,
    and of all with `addresses`; of others the name alone.
    """
    people = [order.placed_by] if order.placed_by and not order.placed_by.is_staff else ()
    told, now = Told(account=order.account, facts={}, people=people), database_now()
    kinds = [notice_kind(OUTCOMES.get(OrderStatus(order.status), ACCEPTED))]
    if order.status != OrderStatus.REJECTED:
        kinds.append(notice_kind(SHIPPED))
    return [copy for kind in kinds if kind for copy in _copies(kind, told, reader, now, addresses=addresses)]


def _copies(kind: NoticeKind, told: Told, reader: User, now: dt.datetime, *, addresses: bool) -> Iterator[MailCopy]:
    for person in people_told(kind, told):
        plan, user = person.plan(kind=kind, now=now, at_once=0), person.user
        named = user.email if addresses or user.pk == reader.pk else str(user.name or user)
        yield MailCopy(about=str(kind.title), who=named, when=_when(plan, person, now), mailed=plan != Plan.NONE)


def _when(plan: Plan, person: Person, now: dt.datetime) -> str:
    if plan == Plan.NONE:
        return _("not by mail")
    if plan == Plan.INSTANT:
        return _("at once")
    ends = person.clock.quiet_ends(now)
    if plan == Plan.QUIET and ends:
        return _("when the quiet hours end, at %(time)s") % {"time": f"{ends.astimezone(person.clock.zone):%H:%M}"}
    return _("in the daily digest at %(time)s") % {"time": f"{person.clock.digest_at:%H:%M}"}
