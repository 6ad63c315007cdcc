"""What is wrong now, how much money it concerns and who acts, the worst first.

Like a case, an alarm is as urgent as its money makes it, and at least as its kind says: money is counted by the same
steps as on the desk (`exceptions.process.urgency`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from django.urls import reverse

from distportal.events.backlog import LaneBacklog
from distportal.events.judging import Bounds
from distportal.events.lane_words import lane_word
from distportal.measures.kinds import Team
from distportal.measures.reading import Figure
from distportal.systems.status import ConnectionStatus
from distportal.web.figures.words import said, said_seconds, said_target
from edi.models import MailboxLink
from edi.queries.troubled import DueToPartner
from exceptions.choices import Layer, Severity
from exceptions.process.urgency import count_urgency
from exceptions.queries.blocked import Money
from exceptions.queries.money import QueueStanding, most_of
from orders.queries.operations import Feed
from orders.queries.worth import WaitingForErp

if TYPE_CHECKING:
    from exceptions.models import Incident

QUIET = dt.timedelta(seconds=90)
"""What goes on is looked at every half a minute: what was not seen so long is quiet."""
TEAMS = {"orders": Team.ORDERS, "edi": Team.EDI, "finance": Team.FINANCE, "operations": Team.OPERATIONS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One thing that is wrong. `base` is the least it matters; money by currency makes it worse. `until` is the moment
    that the detail ends with.
    """

    title: str
    detail: str
    team: Team
    base: Severity
    url: str
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    money: Money = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """How much it matters, with its money."""
        now = dt.datetime.now(dt.UTC)  # without a cut-off no time is compared
        return count_urgency(base=self.base, amount=most_of(self.money), tier="", cutoff_at=None, now=now).severity


def worst_first(alarms: Iterable[Alarm]) -> list[Alarm]:
    """By how much each matters, then by money, then by name."""
    return sorted(alarms, key=lambda one: (-one.severity, -most_of(one.money), one.title))


def of_incidents(rows: Iterable[Incident], *, now: dt.datetime) -> Iterator[Alarm]:
    """Outages that go on: each is one alarm, however many cases came of it. One that is quiet says so: it ends itself
    with five quiet minutes.
    """
    for row in rows:
        quiet = now - row.seen_at > QUIET
        why = "It was quiet since and ends with five quiet minutes; last seen" if quiet else row.reason
        cases = f"{row.case_count} {'case' if row.case_count == 1 else 'cases'}"
        waiting = f"{row.waiting} {'thing waits' if row.waiting == 1 else 'things wait'}"
        yield Alarm(
            title=row.title, detail=f"incident {row}: {cases}, {waiting}. {why}", until=row.seen_at if quiet else None,
            team=Team.EDI if row.layer == Layer.PARTNER else Team.OPERATIONS, base=Severity(row.severity),
            url=reverse("desk:incident", args=[row.pk]), since=row.began_at, money=dict(row.money),
        )  # fmt: skip


def of_erps(
    rows: Iterable[ConnectionStatus], waiting: Mapping[str, WaitingForErp], known: Collection[tuple[str, str]] = ()
) -> Iterator[Alarm]:
    """ERP connections that do not answer, with the orders that wait for them; not those in `known` incidents, which are
    layers and places.
    """
    for row in rows:
        if row.word == "failed" and (Layer.ERP, row.name) not in known:
            open_there = waiting.get(row.name)
            detail = row.last_error or "its breaker is open"
            if open_there:
                detail += f"; {open_there.commands} {'command waits' if open_there.commands == 1 else 'commands wait'}"
            yield Alarm(
                title=f"{row.title} does not answer", detail=detail, team=Team.OPERATIONS, base=Severity.HIGH,
                url=reverse("connections"), since=row.last_failed_at, money=open_there.money if open_there else {},
            )  # fmt: skip


def of_feeds(rows: Iterable[Feed], known: Collection[tuple[str, str]] = ()) -> Iterator[Alarm]:
    """Feeds that fail or are late: figures and news grow old. Not those of a system that does not answer at all, which
    is an alarm already: `known` are layers and places.
    """
    for row in rows:
        if row.word != "active" and row.source not in known:
            behind = "never read" if row.lag_seconds is None else f"{said_seconds(Decimal(row.lag_seconds))} behind"
            of = f"{row.title.lower()} from {row.connection}" if row.source[0] == Layer.ERP else row.title.lower()
            yield Alarm(
                title=f"Feed {of} {'fails' if row.failing_since else 'is late'}",
                detail=f"{behind}. {row.last_error if row.failing_since else ''}".strip(), team=Team.OPERATIONS,
                base=Severity.HIGH if row.failing_since else Severity.NORMAL, url=reverse("connections"),
                since=row.failing_since,
            )  # fmt: skip


def of_lanes(rows: Iterable[LaneBacklog], beat_seconds: float | None, bounds: Bounds) -> Iterator[Alarm]:
    """Lanes whose oldest work waits too long for a worker, and a sweeper that is away."""
    for row in rows:
        if row.oldest_seconds > bounds.slow_seconds:
            bad = row.oldest_seconds > bounds.shed_seconds
            yield Alarm(
                title=f"Work waits: {lane_word(row.lane)}", team=Team.OPERATIONS,
                detail=f"the oldest for {said_seconds(Decimal(row.oldest_seconds))}, {row.ready} in all",
                base=Severity.HIGH if bad else Severity.NORMAL, url=reverse("connections"),
            )  # fmt: skip
    if beat_seconds is None or beat_seconds > bounds.slow_seconds:
        gone = "never seen" if beat_seconds is None else f"last seen {said_seconds(Decimal(beat_seconds))} ago"
        yield Alarm(
            title="The sweeper is away", detail=f"{gone}: lost hints are not made up for", team=Team.OPERATIONS,
            base=Severity.URGENT, url=reverse("connections"),
        )  # fmt: skip


def of_partners(
    links: Iterable[MailboxLink], due: Iterable[DueToPartner], known: Collection[tuple[str, str]] = ()
) -> Iterator[Alarm]:
    """Mailboxes that cannot be reached, less those in `known` incidents, and documents that are about to be late."""
    soon = {one.code: one for one in due}
    for link in links:
        partner = link.mailbox.partner
        if (Layer.PARTNER, partner.code) in known:
            continue
        late = soon.get(partner.code)
        yield Alarm(
            title=f"{partner.name}: files do not get {'in' if link.direction == 'in' else 'out'}",
            detail=link.last_error, team=Team.EDI, base=Severity.HIGH, url=reverse("edi:partner", args=[partner.code]),
            since=link.failed_since, money=late.money if late and link.direction == "out" else {},
        )  # fmt: skip
    for one in soon.values():
        many = "documents have" if one.documents > 1 else "document has"
        yield Alarm(
            title=f"{one.name}: {one.documents} {many} to leave soon", team=Team.EDI, base=Severity.NORMAL,
            detail="the next by" if one.due_at else "", until=one.due_at,
            url=reverse("edi:scorecard", args=[one.code]), money=one.money,
        )  # fmt: skip


def of_cases(rows: Iterable[QueueStanding]) -> Iterator[Alarm]:
    """Queues with cases that are later than their team agreed."""
    for row in rows:
        if row.late:
            yield Alarm(
                title=f"{row.late} late case{'s' if row.late > 1 else ''} in {row.name}",
                detail=f"{row.cases} open, {row.unowned} of them nobody's", team=TEAMS.get(row.code, Team.ORDERS),
                base=Severity.NORMAL, url=f"{reverse('desk:queue')}?view=late&queue={row.code}",
                since=row.late_since, money=row.late_money,
            )  # fmt: skip


def of_figures(rows: Iterable[Figure]) -> Iterator[Alarm]:
    """Key figures that miss their target today."""
    for row in rows:
        if row.today.met is False:
            yield Alarm(
                title=f"{row.kpi.title} misses its target", team=row.kpi.owner, base=Severity.LOW,
                detail=f"{said(row.today)} today, {said_target(row.kpi)}",
                url=reverse("kpis:figure", args=[row.kpi.code]),
            )  # fmt: skip
