"""The statement as page, PDF and CSV."""

from __future__ import annotations

import datetime as dt

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from distportal.accounts.permissions import Act
from distportal.web.audience import PersonRequest, shared_view
from orders.documents.statement_sheet import HEADING, statement_pdf, statement_table
from orders.portal.downloads import csv_answer, pdf_answer
from orders.portal.money_account import account_of
from orders.queries.statement import Statement, statement_of

SHOWN = 100
"""Movements on the page, the newest; PDF and CSV have all."""
FIRST = dt.date(2000, 1, 1)


def _statement(request: PersonRequest, *, newest: int = 0) -> Statement | None:
    account = account_of(request)
    if account is None:
        return None
    today = timezone.localdate()
    as_of = min(_day(request.GET.get("as_of", ""), today), today)
    since = min(_day(request.GET.get("since", ""), (as_of - dt.timedelta(days=60)).replace(day=1)), as_of)
    currency = request.GET.get("currency", "")[:3].upper()
    return statement_of(account, since=since, as_of=as_of, currency=currency, newest=newest)


def _day(text: str, otherwise: dt.date) -> dt.date:
    """The day that was asked for; what is no day, or lies before there were any documents, is left out."""
    try:
        return max(dt.date.fromisoformat(text), FIRST)
    except ValueError:
        return otherwise


@require_GET
@shared_view(Act.VIEW_INVOICES)
def show(request: PersonRequest) -> HttpResponse:
    """Opening balance, movements, closing balance and ages."""
    statement = _statement(request, newest=SHOWN)
    context = {
        "statement": statement,
        "untaken": _untaken(request, statement) if statement else "",
        "account_code": request.GET.get("account", ""),
        "unapplied": -statement.unapplied if statement else None,
    }
    return render(request, "orders/portal/statement.html", context)


def _untaken(request: PersonRequest, statement: Statement) -> str:
    """What of the days that were asked for is not shown, and why; empty where all is as it was asked for."""
    asked = [request.GET.get(name, "") for name in ("since", "as_of")]
    since, as_of = (_day(text, FIRST) for text in asked)
    if any(text and _day(text, FIRST) == FIRST for text in asked):
        return _("That is no day; the other days are shown.")
    if as_of > statement.as_of:
        return _("That day is still to come; this is the statement as of today.")
    if since > statement.since:
        return _("The first day was behind the last one; this is the last day alone.")
    return ""


def _name(statement: Statement, ending: str) -> str:
    return f"statement_{statement.account.code}_{statement.as_of.isoformat()}.{ending}"


@require_GET
@shared_view(Act.VIEW_INVOICES)
def pdf(request: PersonRequest) -> HttpResponseBase:
    """All of it as a paper."""
    statement = _statement(request)
    if statement is None:
        return show(request)
    return pdf_answer(statement_pdf(statement), _name(statement, "pdf"), shown=False)


@require_GET
@shared_view(Act.VIEW_INVOICES)
def table(request: PersonRequest) -> HttpResponseBase:
    """All of it as CSV."""
    statement = _statement(request)
    return (
        show(request) if statement is None else csv_answer(HEADING, statement_table(statement), _name(statement, "csv"))
    )
