"""The chain page: one story from the first byte to the credit memo."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from distportal.accounts.permissions import Act
from distportal.events.lineage import Step, story
from distportal.web.audience import PersonRequest, audiences_of, shared_view
from distportal.web.tones import tone_of
from orders.models import Order
from orders.ops.chain_graph import Graph, graph_of
from orders.queries.line_chain import LineChain, line_chains

ICONS = {
    "edi_file": "file-text", "edi_interchange": "mail", "edi_in": "file-input", "edi_out": "file-output",
    "order": "package", "correction": "pencil", "erp": "database", "shipment": "truck", "invoice": "receipt-text",
    "credit_memo": "receipt", "dispute": "scale", "payment": "banknote", "return": "undo-2",
    "warehouse": "warehouse", "tracking": "map-pin", "case": "siren", "check": "circle-check",
    "message": "message-square",
}  # fmt: skip


@require_GET
@shared_view(Act.VIEW_ORDERS)
def show(request: PersonRequest, correlation_id: uuid.UUID) -> HttpResponseBase:
    """All steps for staff; for dealers the story of their own orders without what is internal. 404 for strangers.

    `at` names a step that somebody looked for: the page is shown at its place.
    """
    staff = request.user.is_staff
    orders = list(
        Order.objects.visible_to(request.user).filter(correlation_id=correlation_id).select_related("account")
    )
    # Where several companies share a story, the second wall leaves a dealer the own rows of it.
    steps = story(correlation_id, internal=staff) if staff or orders else []
    if not steps:
        raise Http404
    if place := _anchors(steps).get(request.GET.get("at", "")):
        return redirect(f"{request.path}#{place}")
    audiences = audiences_of(request)
    context = {
        "rows": _rows(steps, audiences),
        "graph": _graph(steps),
        "lines": [_open_to(audiences, line) for line in line_chains(orders, internal=staff)],
        "orders": orders,
        "correlation_id": correlation_id,
    }
    return render(request, "orders/ops/chain.html", context)


def _open_to(audiences: frozenset[str], chain: LineChain) -> LineChain:
    """The line without a way to where its reader is not let in."""
    if chain.origin is None or chain.origin.readers & audiences:
        return chain
    return replace(chain, origin=replace(chain.origin, url=""))


def _anchors(steps: list[Step]) -> dict[str, str]:
    return {step.key: f"step-{place}" for place, step in enumerate(steps, 1)}


def _graph(steps: list[Step]) -> Graph:
    tones = {step.key: tone_of(step.state).name if step.state else "" for step in steps}
    return graph_of(steps, _anchors(steps), tones)


def _rows(steps: list[Step], audiences: frozenset[str]) -> list[dict[str, Any]]:
    """The steps with links both ways: to what each came from and to what it led to; `url` only where it opens."""
    anchors = _anchors(steps)
    titles = {step.key: step.title for step in steps}
    return [
        {
            "step": step,
            "url": step.url if not step.readers or step.readers & audiences else "",
            "anchor": anchors[step.key],
            "icon": ICONS.get(step.kind, "circle-dot"),
            "tone": tone_of(step.state).name if step.state else "",
            "from": titles.get(step.parent, ""),
            "from_anchor": anchors.get(step.parent, ""),
            "leads_to": [{"anchor": anchors[s.key], "title": s.title} for s in steps if s.parent == step.key],
        }
        for step in steps
    ]
