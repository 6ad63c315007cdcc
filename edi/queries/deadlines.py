"""What is due to partners: the facts that ask for a document, what waits, what left, and how good we were."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from edi.choices import AckState, Direction, DocumentState, DueState, InterchangeState
from edi.models import DeadlineRule, Document, DueDocument, FunctionalGroup, TradingPartner
from edi.queries.departures import announced_with
from edi.queries.documents import ack_key
from orders.models import Shipment

ACKS = ("997", "999")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sla:
    """How one set of a partner did: on time and missed of what is over, open and at risk of what is not, and fees."""

    set_id: str
    on_time: int
    missed: int
    open: int
    at_risk: int
    fees: Decimal

    @property
    def percent(self) -> int | None:
        """On time of all that is over; None where nothing is. Rounded down: 99.9 is not 100."""
        over = self.on_time + self.missed
        return self.on_time * 100 // over if over else None


def rules_in_force(partner: TradingPartner) -> list[DeadlineRule]:
    """All rules of the partner, of each set the newest first."""
    return list(DeadlineRule.objects.filter(partner=partner).order_by("set_id", "-valid_from"))


def partners_with_rules() -> QuerySet[TradingPartner]:
    """The active partners that anything can be due to."""
    rows = TradingPartner.objects.filter(active=True, deadline_rules__isnull=False).select_related("account")
    return rows.distinct().order_by("pk")


def groups_without_due(partner: TradingPartner, since: dt.datetime) -> QuerySet[FunctionalGroup]:
    """Live inbound groups that an acknowledgment is owed for and was not noted as due yet."""
    due = DueDocument.objects.filter(partner=partner, set_id__in=ACKS, group=OuterRef("pk"))
    rows = FunctionalGroup.objects.filter(
        interchange__partner=partner,
        interchange__direction=Direction.IN,
        interchange__usage="P",
        interchange__state=InterchangeState.ACCEPTED,
        interchange__created_at__gte=since,
    )
    return (
        rows.exclude(functional_id="FA")
        .exclude(Exists(due))
        .select_related("interchange__file")
        .defer("interchange__file__content")
    )


def orders_without_due(partner: TradingPartner, set_id: str, since: dt.datetime) -> QuerySet[Document]:
    """The 850s that became orders for which the set was not noted as due yet."""
    due = DueDocument.objects.filter(partner=partner, set_id=set_id, order=OuterRef("order"), shipment=None)
    rows = Document.objects.filter(
        partner=partner, direction=Direction.IN, set_id="850", state=DocumentState.PLACED, created_at__gte=since
    )
    return (
        rows.exclude(order=None).exclude(Exists(due)).select_related("order").defer("segments").order_by("created_at")
    )


def shipments_without_due(partner: TradingPartner, set_id: str, since: dt.datetime) -> QuerySet[Shipment]:
    """The shipments of the partner's orders for which the set was not noted as due yet."""
    due = DueDocument.objects.filter(partner=partner, set_id=set_id, shipment=OuterRef("pk"))
    source = Document.objects.filter(
        partner=partner, direction=Direction.IN, set_id="850", state=DocumentState.PLACED, order=OuterRef("order")
    )
    rows = Shipment.objects.filter(Exists(source), recorded_at__gte=since).exclude(Exists(due))
    return rows.select_related("order").order_by("recorded_at")


def waiting_due(*, now: dt.datetime, days: int = 90) -> QuerySet[DueDocument]:
    """All that is due, or was missed in the last days and still did not leave; the most pressing first."""
    missed = Q(state=DueState.MISSED, due_at__gte=now - dt.timedelta(days=days))
    rows = DueDocument.objects.filter(Q(state=DueState.OPEN) | missed, left_at=None)
    return rows.select_related("partner__account", "rule", "order", "shipment", "group").order_by("due_at", "pk")


def documents_for(due: Iterable[DueDocument]) -> Mapping[UUID, Document]:
    """Due row -> the first document that left for it; one that the partner refused is none. Two queries."""
    rows = list(due)
    orders = {row.order_id for row in rows if row.order_id}
    joint = announced_with(order_ids=orders)
    wanted = Q(business_key__in=[ack_key(row.group_id) for row in rows if row.group_id])
    wanted |= Q(order__in=orders) | Q(pk__in={pk for pk, _ in joint})
    sent = (
        Document.objects.filter(wanted, direction=Direction.OUT, sent_at__isnull=False)
        .exclude(ack_state=AckState.REJECTED)
        .exclude(group__interchange__usage="T")
        .select_related("invoice")
        .defer("segments", "findings")
        .order_by("sent_at")
    )
    found: dict[UUID, Document] = {}
    documents = list(sent)
    for row in rows:
        first = next((document for document in documents if _settles(document, row, joint)), None)
        if first:
            found[row.pk] = first
    return found


def _settles(document: Document, row: DueDocument, joint: set[tuple[UUID, UUID]]) -> bool:
    if row.group_id:
        return document.business_key == ack_key(row.group_id)
    if document.set_id != row.set_id:
        return False
    if (document.pk, row.shipment_id or row.order_id) in joint:
        return True
    if document.order_id != row.order_id:
        return False
    if row.shipment_id is None:
        return True
    billed = document.invoice.shipment_id if document.invoice else None
    return document.shipment_id == row.shipment_id or billed == row.shipment_id


def sla_of(partner: TradingPartner, *, now: dt.datetime, days: int = 90) -> list[Sla]:
    """How each set with a deadline did over the last days, by when it was due; one query."""
    rows = DueDocument.objects.filter(partner=partner, due_at__gte=now - dt.timedelta(days=days))
    return [
        Sla(
            set_id=row["set_id"],
            on_time=row["on_time"],
            missed=row["missed"],
            open=row["waiting"],
            at_risk=row["at_risk"],
            fees=row["fees"] or Decimal(0),
        )
        for row in rows.values("set_id")
        .annotate(
            on_time=Count("pk", filter=Q(state=DueState.MET)),
            missed=Count("pk", filter=Q(state=DueState.MISSED)),
            waiting=Count("pk", filter=Q(state=DueState.OPEN)),
            at_risk=Count("pk", filter=Q(state=DueState.OPEN, warn_at__lte=now)),
            fees=Sum("fee", filter=Q(state=DueState.MISSED)),
        )
        .order_by("set_id")
    ]


def troubled_due(partner: TradingPartner, *, now: dt.datetime) -> QuerySet[DueDocument]:
    """What is at risk or was missed, the newest first."""
    rows = DueDocument.objects.filter(partner=partner).filter(
        Q(state=DueState.MISSED) | Q(state=DueState.OPEN, warn_at__lte=now)
    )
    return rows.select_related("order", "shipment", "group", "rule").order_by("-due_at")


def next_due(partner: TradingPartner, *, now: dt.datetime) -> QuerySet[DueDocument]:
    """What is still due and not pressing yet, the next first."""
    rows = DueDocument.objects.filter(partner=partner, state=DueState.OPEN, warn_at__gt=now)
    return rows.select_related("order", "shipment", "group", "rule").order_by("due_at")
