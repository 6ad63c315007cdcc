"""The front page of the back office: what waits for finance, in money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from distportal.common.money import show_money
from distportal.events.clock import database_now
from distportal.web.staff_admin import in_groups
from orders.queries.dispute_work import Money, open_disputes, open_findings_money, work_counts


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontCard:
    """One card: what, how much, and the list behind it."""

    title: str
    figure: str
    remark: str
    url: str


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The page's context with the cards of those who may see the lists behind them."""
    return {**context, "front_cards": _finance(request) if in_groups(request, ("finance",)) else []}


def _finance(request: HttpRequest) -> list[FrontCard]:
    user: Any = request.user
    disputes, findings = reverse("admin:orders_dispute_changelist"), reverse("admin:orders_invoicefinding_changelist")
    cards = [
        FrontCard(title="In dispute", figure=_figure(open_disputes()), remark=_many(open_disputes()), url=disputes),
        FrontCard(
            title="Billed wrongly, found by us", figure=_figure(open_findings_money()),
            remark=_many(open_findings_money()), url=f"{findings}?state__exact=open",
        ),
    ]  # fmt: skip
    for name, title, count in work_counts(user=user, now=database_now()):
        cards.append(FrontCard(title=title, figure=str(count), remark="", url=f"{disputes}?list={name}"))
    return cards


def _figure(rows: list[Money]) -> str:
    return " + ".join(show_money(row.amount, row.currency) for row in rows) or "nothing"


def _many(rows: list[Money]) -> str:
    count = sum(row.count for row in rows)
    return f"{count:,} open" if count else ""
