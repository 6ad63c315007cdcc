"""Partner pages for staff: how each one does, what was agreed, how far its test has come, and the switch."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from distportal.calendars.queries import Calendars
from distportal.common.errors import DomainError
from distportal.events.clock import database_now
from distportal.web.audience import PersonRequest, audiences_of
from edi.choices import Direction, Outcome
from edi.models import TradingPartner
from edi.ops.audience import READ, TEAM, works_with_edi
from edi.process.due_planning import calendar_of
from edi.process.going_live import back_to_test, go_live
from edi.process.partner_files import export_partner
from edi.process.rehearsal import send_test_invoice, send_test_notice
from edi.queries.agreements import agreements_of
from edi.queries.checklist import checklist
from edi.queries.deadlines import next_due, sla_of, troubled_due
from edi.queries.departures import waiting_departures
from edi.queries.partners import fees_missed, last_documents, open_cases_of, open_onboardings, partner_rows
from edi.queries.transport_facts import transport_facts
from edi.queries.words import words_in_force, words_scope

REHEARSALS: dict[str, Callable[..., Any]] = {"asn": send_test_notice, "invoice": send_test_invoice}


@require_GET
@READ
def partner_list(request: PersonRequest) -> HttpResponse:
    """Every partner with its stage, what is exchanged and how punctual we are."""
    text, stage, now = request.GET.get("q", ""), request.GET.get("stage", ""), database_now()
    rows = partner_rows(text=text, stage=stage if stage in ("live", "test") else "", now=now)
    context = {
        "rows": rows,
        "q": text,
        "stage": stage,
        "filtered": bool(text.strip() or stage),
        "live": sum(row.partner.is_live for row in rows),
        "at_risk": sum(row.at_risk for row in rows),
        "missed": sum(row.missed for row in rows),
        "fees": fees_missed(now=now),
        "waiting": open_onboardings()[:5],
        "works": works_with_edi(request),
    }
    return render(request, "edi/ops/partners.html", context)


@require_GET
@READ
def partner(request: PersonRequest, code: str) -> HttpResponse:
    """One partner: checklist, agreements, transport, certificates, words, deadlines, cases, documents, the switch."""
    row = get_object_or_404(TradingPartner.objects.select_related("account"), code=code)
    checks, now = checklist(row), database_now()
    agreed = agreements_of(row)
    context = {
        **transport_facts(row),
        "partner": row,
        "checks": checks,
        "missing": [check for check in checks if check.must and check.outcome != Outcome.PASSED],
        "passed": sum(check.outcome == Outcome.PASSED for check in checks),
        "inbound": [a for a in agreed if a.direction == Direction.IN],
        "outbound": [a for a in agreed if a.direction == Direction.OUT],
        "words": words_in_force(row),
        "words_scope": words_scope(row),
        "rules": row.deadline_rules.all(),
        "calendar": calendar_of(row, Calendars()),
        "sla": sla_of(row, now=now),
        "due": [*troubled_due(row, now=now)[:10], *next_due(row, now=now)[:5]],
        "departures": waiting_departures(row)[:10],
        "now": now,
        "cases": open_cases_of(row)[:10],
        "documents": last_documents(row)[:10],
        "changes": row.stage_changes.all()[:5],
        "onboarding": row.onboardings.first(),
        "may_edit": "operator" in audiences_of(request),
        "works": works_with_edi(request),
    }
    return render(request, "edi/ops/partner.html", context)


@require_POST
@TEAM
def change_stage(request: PersonRequest, code: str) -> HttpResponse:
    """Go live, or back into test: the person's name and reason stay with it."""
    row = get_object_or_404(TradingPartner, code=code)
    reason, override = request.POST.get("reason", ""), request.POST.get("override") == "on"

    def change() -> str:
        if request.POST.get("to") == "live":
            go_live(partner_id=row.pk, user=request.user, reason=reason, override=override)
            return f"{row.name} is live: its production documents book from now on"
        back_to_test(partner_id=row.pk, user=request.user, reason=reason)
        return f"{row.name} is in test again: its production documents are refused from now on"

    return _told(request, code, change)


@require_POST
@TEAM
def rehearse(request: PersonRequest, code: str, exchange: str) -> HttpResponse:
    """Send a test ship notice or invoice of the newest accepted test order."""
    row = get_object_or_404(TradingPartner, code=code)
    send = REHEARSALS.get(exchange)
    if send is None:
        raise Http404
    return _told(request, code, lambda: f"{send(partner=row).document} is on its way as a test")


@require_GET
@TEAM
def export(request: PersonRequest, code: str) -> HttpResponse:
    """The partner as a file."""
    row = get_object_or_404(TradingPartner.objects.select_related("account"), code=code)
    return HttpResponse(
        json.dumps(export_partner(row), indent=2) + "\n",
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{row.code.lower()}.partner.json"'},
    )


def _told(request: PersonRequest, code: str, work: Callable[[], str]) -> HttpResponse:
    try:
        messages.success(request, work())
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("edi:partner", code=code)
