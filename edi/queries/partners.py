"""Partners as people look at them: the list with how each one does, and what one page shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet, Sum

from distportal.accounts.models import Account
from distportal.common.remembering import remembered
from edi.choices import Direction, DueState
from edi.models import Document, DueDocument, Onboarding, TradingPartner
from exceptions.models import Case
from exceptions.queries import open_cases


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerRow:
    """One partner in the list; `percent` on time is None where nothing was due."""

    partner: TradingPartner
    inbound: str
    outbound: str
    percent: int | None
    at_risk: int
    missed: int
    cases: int
    last_at: dt.datetime | None


def partner_rows(*, text: str = "", stage: str = "", now: dt.datetime, days: int = 90) -> list[PartnerRow]:
    """The partners by name, in five queries however many there are. `stage` is live, test or empty."""
    rows = TradingPartner.objects.select_related("account").prefetch_related("agreements").order_by("name")
    if text.strip():
        words = text.strip()
        rows = rows.filter(Q(name__icontains=words) | Q(code__icontains=words) | Q(their_id__icontains=words))
    if stage:
        rows = rows.filter(usage="P" if stage == "live" else "T")
    due = _due_by_partner(now - dt.timedelta(days=days), now)
    told = open_cases().filter(queue__code="edi").values_list("account").annotate(n=Count("pk"))
    cases = dict(told.values_list("account", "n"))
    last = dict(Document.objects.values_list("partner").annotate(at=Max("created_at")).values_list("partner", "at"))
    found = []
    for partner in rows:
        active = [row for row in partner.agreements.all() if row.active]
        met, missed, at_risk = due.get(partner.pk, (0, 0, 0))
        row = PartnerRow(
            partner=partner,
            inbound=" ".join(row.set_id for row in active if row.direction == Direction.IN),
            outbound=" ".join(row.set_id for row in active if row.direction == Direction.OUT),
            percent=met * 100 // (met + missed) if met + missed else None,
            at_risk=at_risk,
            missed=missed,
            cases=cases.get(partner.account_id, 0) if partner.account_id else 0,
            last_at=last.get(partner.pk),
        )
        found.append(row)
    return found


def _due_by_partner(since: dt.datetime, now: dt.datetime) -> dict[int, tuple[int, int, int]]:
    """Partner -> how many were met, missed and are at risk."""
    rows = (
        DueDocument.objects.filter(due_at__gte=since)
        .values("partner")
        .annotate(
            met=Count("pk", filter=Q(state=DueState.MET)),
            missed=Count("pk", filter=Q(state=DueState.MISSED)),
            at_risk=Count("pk", filter=Q(state=DueState.OPEN, warn_at__lte=now)),
        )
    )
    return {row["partner"]: (row["met"], row["missed"], row["at_risk"]) for row in rows}


def open_cases_of(partner: TradingPartner) -> QuerySet[Case]:
    """The open EDI cases of the partner's account, worst and oldest first."""
    rows = open_cases().filter(queue__code="edi", account=partner.account_id)
    return rows.order_by("-severity", "created_at")


def last_documents(partner: TradingPartner) -> QuerySet[Document]:
    """What came and went, the newest first."""
    rows = Document.objects.filter(partner=partner).select_related("partner", "order", "shipment", "invoice", "group")
    return rows.defer("segments", "findings", "line_sources").order_by("-created_at")


def open_onboardings() -> QuerySet[Onboarding]:
    """Samples that no partner was created from yet, the newest first."""
    return Onboarding.objects.filter(partner=None).order_by("-started_at")


def accounts_for(name: str) -> tuple[list[Account], Account | None]:
    """All accounts by name, and the one that the name or identity seems to mean."""
    rows = list(Account.objects.order_by("name"))
    wanted = _letters(name)
    likely = (a for a in rows if wanted and (_letters(a.code) == wanted or _letters(a.name).startswith(wanted)))
    return rows, next(likely, None)


def _letters(text: str) -> str:
    return "".join(c for c in text.upper() if c.isalnum())


def fees_missed(*, now: dt.datetime, days: int = 90) -> object:
    """What missed deadlines may cost, over all partners."""
    rows = DueDocument.objects.filter(state=DueState.MISSED, due_at__gte=now - dt.timedelta(days=days))
    return rows.aggregate(sum=Sum("fee"))["sum"] or 0


def partner_of(partner_id: int) -> TradingPartner:
    """The partner with its account: one object, its agreements read once, for as long as facts are remembered."""
    return remembered(
        ("edi.partner", partner_id),
        lambda: TradingPartner.objects.select_related("account").get(pk=partner_id),
    )
