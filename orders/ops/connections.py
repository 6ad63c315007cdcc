"""The connections page: how other systems are doing, what waits for them, and what rests on somebody's word."""

from __future__ import annotations

import datetime as dt

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
from distportal.systems.status import connections, logistics_status
from distportal.web.audience import PersonRequest, staff_view
from distportal.web.flows import flows
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
    }
    return render(request, "orders/ops/connections.html", context)


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
