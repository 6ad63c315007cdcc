"""The connections page: how other systems are doing, what waits for them, and what rests on somebody's word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from distportal.common.errors import DomainError
from distportal.events.backlog import backlog
from distportal.events.clock import database_now
from distportal.events.models import FlowSwitch, PausedKind
from distportal.events.pauses import pause_kind, resume_kind
from distportal.events.pressure import read_pressure
from distportal.systems.errors import Misconfigured
from distportal.systems.identity import stops
from distportal.systems.ownership import beside
from distportal.systems.status import connections, logistics_status
from distportal.web.audience import PersonRequest, staff_view
from distportal.web.flows import flows
from inventory.process.standing import go_on_with_same_erp
from orders.process.restarting import start_connection_anew
from orders.queries.operations import commands_by_state, feeds, last_comparisons, releases_by_state, stuck_commands
from orders.queries.tracking import event_completeness, unused_messages
from orders.queries.warehouses import recent_events, stuck_releases

TEAM = staff_view("operator")
SEEN = dt.timedelta(days=30)


@require_GET
@TEAM
def show(request: PersonRequest) -> HttpResponse:
    """Everything at one glance; no other system is called for it."""
    paused = {row.kind: row for row in PausedKind.objects.all()}
    context = {
        "load": read_pressure(),
        "connections": connections(),
        "logistics": logistics_status(),
        "releases": releases_by_state(),
        "stuck_releases": stuck_releases(),
        "warehouse_events": recent_events(),
        "completeness": event_completeness(database_now() - SEEN),
        "unused_messages": unused_messages(),
        "feeds": feeds(),
        "commands": commands_by_state(),
        "stuck": stuck_commands(),
        "comparisons": last_comparisons(),
        "lanes": backlog(),
        "flows": [(flow, paused.get(flow.kind)) for flow in flows()],
        "switches": FlowSwitch.objects.all()[:10],
        "titles": {flow.kind: flow.title for flow in flows()},
        "stops": stops(),
        "together": beside(),
    }
    return render(request, "orders/ops/connections.html", context)


@require_POST
@TEAM
def same(request: PersonRequest) -> HttpResponse:
    """It is the same ERP at another place: the connection goes on from where it was."""
    return _say(request, go_on_with_same_erp, "It goes on from where it was")


@require_POST
@TEAM
def anew(request: PersonRequest) -> HttpResponse:
    """It is another ERP, or its place is lost: everything is read from the start."""
    return _say(request, start_connection_anew, "Everything is read anew from now on")


def _say(request: PersonRequest, what: Callable[..., None], done: str) -> HttpResponse:
    try:
        what(of=request.POST.get("connection", ""), reason=request.POST.get("reason", ""), actor=request.user.email)
        messages.success(request, done)
    except (DomainError, Misconfigured) as error:
        messages.error(request, error.message)
    return redirect("connections")


@require_POST
@TEAM
def switch(request: PersonRequest) -> HttpResponse:
    """Pause or resume a flow, with the reason."""
    kind, reason = request.POST.get("kind", ""), request.POST.get("reason", "")
    try:
        if request.POST.get("action") == "resume":
            due = resume_kind(kind=kind, reason=reason, actor=request.user.email)
            messages.success(request, f"It goes on; {due} pieces of work are due")
        else:
            pause_kind(kind=kind, reason=reason, actor=request.user.email)
            messages.success(request, "It rests from now on; what is due waits")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("connections")
