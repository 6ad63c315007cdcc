"""The chain page: one story from the first byte to the credit memo."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from distportal.events.lineage import story
from distportal.web.audience import PersonRequest
from orders.models import Order


@require_GET
@login_required
def show(request: PersonRequest, correlation_id: uuid.UUID) -> HttpResponse:
    """All steps for staff; for dealers the story of their own orders without what is internal. 404 for strangers."""
    staff = request.user.is_staff
    orders = list(
        Order.objects.visible_to(request.user).filter(correlation_id=correlation_id).select_related("account")
    )
    # One file can carry orders of one partner only, so a story that holds an own order holds no other account's.
    steps = story(correlation_id, internal=staff) if staff or orders else []
    if not steps:
        raise Http404
    titles = {step.key: step.title for step in steps}
    rows = [{"step": step, "from": titles.get(step.parent, "")} for step in steps]
    return render(request, "orders/ops/chain.html", {"rows": rows, "orders": orders, "correlation_id": correlation_id})
