"""Plan a switch to another ERP, look at what it means, confirm it by name, follow it, take it back."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET, require_POST

from distportal.common.errors import DomainError
from distportal.systems.models import ErpSwitch, OwnedKind
from distportal.systems.ownership import DEFAULT, beside, titles
from distportal.web.audience import PersonRequest, staff_view
from distportal.web.paging import peeked_page
from orders.process.switching.planning import cancel_switch, plan_switch, preview_switch
from orders.process.switching.subjects import keys_named

TEAM = staff_view("operator")


@require_POST
@TEAM
def plan(request: PersonRequest) -> HttpResponse:
    """The preview; with a name under it, the planned switch."""
    form = {name: request.POST.get(name, "").strip() for name in ("kind", "to", "due", "reason", "family", "tier")}
    keys = keys_named(kind=form["kind"], text=request.POST.get("keys", ""), family=form["family"], tier=form["tier"])
    name = request.POST.get("name", "").strip()
    try:
        due = _due(form["due"])
        if name:
            row = plan_switch(
                kind=form["kind"], keys=keys, to=form["to"], due_at=due, reason=form["reason"],
                actor=f"{name} ({request.user.email})",
            )  # fmt: skip
            messages.success(request, "The switch is planned")
            return redirect("two_erps_switch", switch_id=row.pk)
        found = preview_switch(kind=form["kind"], keys=keys, to=form["to"])
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("two_erps")
    context = {
        "form": form, "keys": keys, "text": "\n".join(keys), "due": due, "found": found, "titles": titles(),
        "kind": OwnedKind(form["kind"]).label.lower(),
    }  # fmt: skip
    return render(request, "orders/ops/two_erps_preview.html", context)


@require_GET
@TEAM
def show(request: PersonRequest, switch_id: UUID) -> HttpResponse:
    """One switch with its subjects."""
    row = _found(switch_id)
    state = request.GET.get("state", "")
    subjects = row.subjects.filter(state=state) if state else row.subjects.all()
    context = {
        "row": row,
        "titles": titles(),
        "page": peeked_page(subjects.order_by("key"), request.GET.get("page"), size=100),
        "state": state,
        "open": row.state in ErpSwitch.State.OPEN,
    }
    return render(request, "orders/ops/two_erps_switch.html", context)


@require_POST
@TEAM
def cancel(request: PersonRequest, switch_id: UUID) -> HttpResponse:
    """Take back what was not moved yet."""
    row = _found(switch_id)
    try:
        cancel_switch(switch_id=row.pk, reason=request.POST.get("reason", ""), actor=request.user.email)
        messages.success(request, "The switch is cancelled; what it has moved stays moved")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("two_erps_switch", switch_id=row.pk)


def targets() -> list[tuple[str, str]]:
    """The connections that something can be moved to, with their titles."""
    names = titles()
    return [(name, names[name]) for name in [*beside(), DEFAULT]]


def _due(text: str) -> dt.datetime:
    """The time in the portal's zone; nothing is now."""
    found = parse_datetime(text) if text else timezone.now()
    if found is None:
        raise DomainError(f"{text!r} is no time; nothing was planned")
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def _found(switch_id: UUID) -> ErpSwitch:
    row = ErpSwitch.objects.filter(pk=switch_id).first()
    if row is None:
        raise Http404
    return row
