"""The control tower: is anything wrong, how much money, who acts; one screen that renews itself."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from distportal.events.backlog import backlog
from distportal.events.clock import database_now
from distportal.events.judging import Bounds
from distportal.events.models import Heartbeat
from distportal.events.pressure import read_pressure
from distportal.measures.days import start_of, today
from distportal.measures.definitions import KPIS
from distportal.measures.kinds import Team
from distportal.measures.reading import Asked, read_figures
from distportal.systems.status import connections, logistics_status
from distportal.web.audience import PersonRequest, staff_view
from edi.ops import alarms
from edi.ops.alarms import Alarm
from edi.queries.troubled import due_soon, failing_links, partners_today
from exceptions.choices import Layer, Severity
from exceptions.queries.blocked import Money, blocked_by_all
from exceptions.queries.incidents import ongoing
from exceptions.queries.money import queue_standings
from orders.queries.operations import feeds
from orders.queries.worth import waiting_for_erp

TEAM = staff_view("operator", "agent", "finance")
EVERY = "every 15s"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamWork:
    """What one team has to act on: its alarms, the worst of them, and the most money that one of them is about, for the
    same order may stand behind two.
    """

    team: Team
    alarms: int
    worst: Severity
    money: Money


@require_GET
@TEAM
def tower(request: PersonRequest) -> HttpResponse:
    """Everything at one glance, from what is known here: no other system is asked for it."""
    now, lanes, erps, feed_rows = database_now(), backlog(), connections(), feeds()
    waiting, links, due, queues = waiting_for_erp(), list(failing_links()), due_soon(now=now), queue_standings()
    figures = read_figures(KPIS, Asked.of_days(1))
    beat = Heartbeat.objects.filter(name="sweeper").first()
    incidents = list(ongoing())
    known = {(row.layer, row.place) for row in incidents}
    beat_seconds = (now - beat.beat_at).total_seconds() if beat else None
    found = alarms.worst_first(
        [
            *alarms.of_incidents(incidents, now=now),
            *alarms.of_erps(erps, waiting, known),
            *alarms.of_feeds(feed_rows, known | {(Layer.ERP, row.name) for row in erps if row.word == "failed"}),
            *alarms.of_lanes(lanes, beat_seconds, Bounds(**settings.PRESSURE_BOUNDS)),
            *alarms.of_partners(links, due, known),
            *alarms.of_cases(queues),
            *alarms.of_figures(figures),
        ]
    )
    context = {
        "now": now,
        "live": request.GET.get("live") != "off",
        "every": EVERY,
        "alarms": found,
        "teams": work_by_team(found),
        "load": read_pressure(),
        "erps": [(row, waiting.get(row.name)) for row in erps],
        "logistics": logistics_status(),
        "feeds": feed_rows,
        "lanes": lanes,
        "partners": partners_today(start=start_of(today()), now=now),
        "failing": {link.mailbox.partner_id for link in links},
        "queues": queues,
        "blocked": blocked_by_all(),
        "open_cases": sum(queue.cases for queue in queues),
        "late_cases": sum(queue.late for queue in queues),
        "figures": figures,
    }
    return render(request, "edi/ops/tower.html", context)


def work_by_team(found: list[Alarm]) -> list[TeamWork]:
    """The teams that have to act, the worst first."""
    rows = []
    for team in Team:
        own = [one for one in found if one.team == team]
        if own:
            worst = max(one.severity for one in own)
            rows.append(TeamWork(team=team, alarms=len(own), worst=worst, money=_most_of_each(own)))
    return sorted(rows, key=lambda row: (-row.worst, -row.alarms, row.team))


def _most_of_each(found: list[Alarm]) -> Money:
    most: Money = {}
    for one in found:
        for currency, amount in one.money.items():
            most[currency] = max(most.get(currency, amount), amount)
    return dict(sorted(most.items()))
