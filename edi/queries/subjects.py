"""What a document can be about, found by the number that people read on the screen, and the newest of each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet

from edi.choices import Direction, DocumentState, InterchangeState, PartnerRole
from edi.models import Agreement, Document, Interchange, StockTransfer, TradingPartner, WarehouseLink
from edi.queries.documents import TA1
from orders.choices import ChangeStatus
from orders.models import ChangeRequest, Invoice, Order, Return, Shipment

MOST = 20
"""How many of the newest are offered."""


class Choice(NamedTuple):
    """A number that can be chosen, and what it stands for."""

    number: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """`ids` finds the keys of a number, at most one; `recent` are the newest that a partner could be told of."""

    name: str
    ids: Callable[[str], list[str]]
    recent: Callable[[str], list[Choice]]


def _by_edi() -> QuerySet[Order]:
    """The orders of partners that wait for answers."""
    placed = Document.objects.filter(direction=Direction.IN, set_id="850", state=DocumentState.PLACED)
    return Order.objects.filter(pk__in=placed.filter(partner__active=True).values("order")).order_by("-number")


def _digits(number: str, prefix: str) -> int:
    """The number behind its prefix; -1, which no row has, for what is none."""
    plain = number.upper().removeprefix(prefix)
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) <= 18 else -1


def _order_ids(number: str) -> list[str]:
    return _keys(Order.objects.filter(number=_digits(number, "SO-")))


def _orders(_: str) -> list[Choice]:
    return [Choice(str(o), f"PO {o.po_number}, {o.account.name}") for o in _by_edi().select_related("account")[:MOST]]


def _warehouse_orders(_: str) -> list[Choice]:
    linked = WarehouseLink.objects.filter(partner__active=True).values("warehouse")
    rows = Order.objects.filter(lines__warehouse__in=linked, confirmed_at__isnull=False).distinct().order_by("-number")
    return [Choice(str(o), f"PO {o.po_number}, {o.account.name}") for o in rows.select_related("account")[:MOST]]


def _shipments(_: str) -> list[Choice]:
    rows = Shipment.objects.filter(order__in=_by_edi().values("pk")).select_related("order").order_by("-recorded_at")
    return [Choice(s.number, f"{s.order}, PO {s.order.po_number}") for s in rows[:MOST]]


def _invoices(set_id: str) -> list[Choice]:
    rows = Invoice.objects.filter(order__in=_by_edi().values("pk")).select_related("order").order_by("-issued_on")
    rows = rows.filter(kind="credit_memo") if set_id == "812" else rows
    return [Choice(i.number, f"{i.get_kind_display()}, {i.order}") for i in rows[:MOST]]


def _change_ids(number: str) -> list[str]:
    """`SO-100001/2` is the second change of that order."""
    order, _, place = number.rpartition("/")
    rows = ChangeRequest.objects.filter(order__number=_digits(order, "SO-")).order_by("requested_at")
    at = int(place) if place.isascii() and place.isdecimal() and len(place) < 9 else 0
    return _keys(rows)[at - 1 : at] if at else []


def _changes(_: str) -> list[Choice]:
    rows = ChangeRequest.objects.filter(channel="edi").exclude(status=ChangeStatus.RECEIVED)
    found = []
    for change in rows.select_related("order").order_by("-requested_at")[:MOST]:
        earlier = ChangeRequest.objects.filter(order=change.order_id, requested_at__lt=change.requested_at).count()
        words = f"{change.title}, {change.get_status_display().lower()}"
        found.append(Choice(f"{change.order}/{earlier + 1}", words))
    return found


def _returns(_: str) -> list[Choice]:
    rows = Return.objects.filter(source_key__startswith="edi:").select_related("account").order_by("-number")
    return [Choice(str(r), f"{r.account.name}, {r.get_status_display().lower()}") for r in rows[:MOST]]


def _transfers(_: str) -> list[Choice]:
    rows = StockTransfer.objects.select_related("partner", "warehouse").order_by("-pk")
    return [Choice(t.number, f"{t.warehouse}, {t.partner}") for t in rows[:MOST]]


def _buyers(set_id: str) -> list[Choice]:
    agreed = Agreement.objects.filter(direction=Direction.OUT, set_id=set_id, active=True).values("partner")
    rows = TradingPartner.objects.filter(pk__in=agreed, active=True, role=PartnerRole.BUYER).order_by("code")
    return [Choice(p.code, p.name) for p in rows[:MOST]]


def _interchange_ids(number: str) -> list[str]:
    """`CRESTLINE 000001001`: control numbers are counted by each partner."""
    code, _, control = number.rpartition(" ")
    rows = Interchange.objects.filter(direction=Direction.IN, partner__code__iexact=code.strip(), repeat_of=None)
    return _keys(rows.filter(control_number=control.zfill(9)).order_by("-created_at"))[:1]


def _interchanges(set_id: str) -> list[Choice]:
    """What was refused as a whole is answered by a TA1 alone."""
    rows = Interchange.objects.filter(direction=Direction.IN, partner__isnull=False, repeat_of=None)
    rows = rows if set_id == TA1 else rows.filter(state=InterchangeState.ACCEPTED)
    found = rows.select_related("partner").order_by("-created_at")[:MOST]
    return [Choice(f"{i.partner.code} {i.control_number}", i.get_state_display()) for i in found if i.partner]


def _document_ids(number: str) -> list[str]:
    """`CRESTLINE 850 0001` is the newest set of that number that could not be used."""
    words = number.split()
    if len(words) != 3:
        return []
    rows = _unused().filter(partner__code__iexact=words[0], set_id=words[1], control_number=words[2])
    return _keys(rows.order_by("-created_at"))[:1]


def _documents(_: str) -> list[Choice]:
    rows = _unused().select_related("partner").order_by("-created_at")[:MOST]
    return [Choice(f"{d.partner.code} {d.set_id} {d.control_number}", (d.findings or [""])[0][:80]) for d in rows]


def _unused() -> QuerySet[Document]:
    return Document.objects.filter(direction=Direction.IN, state=DocumentState.FAILED)


def _keys(rows: QuerySet[Order] | QuerySet[ChangeRequest] | QuerySet[Interchange] | QuerySet[Document]) -> list[str]:
    return [str(pk) for pk in rows.values_list("pk", flat=True)]


def _named(rows: QuerySet[Shipment] | QuerySet[Invoice] | QuerySet[StockTransfer], number: str) -> list[str]:
    return [str(pk) for pk in rows.filter(number=number).values_list("pk", flat=True)[:1]]


SUBJECTS: Mapping[str, Subject] = {
    "order": Subject(name="order", ids=_order_ids, recent=_orders),
    "warehouse_order": Subject(name="order", ids=_order_ids, recent=_warehouse_orders),
    "shipment": Subject(name="shipment", ids=lambda n: _named(Shipment.objects.all(), n), recent=_shipments),
    "invoice": Subject(name="invoice", ids=lambda n: _named(Invoice.objects.all(), n), recent=_invoices),
    "change": Subject(name="change", ids=_change_ids, recent=_changes),
    "return": Subject(
        name="return",
        ids=lambda n: [str(pk) for pk in Return.objects.filter(number=_digits(n, "RMA-")).values_list("pk", flat=True)],
        recent=_returns,
    ),
    "transfer": Subject(name="transfer", ids=lambda n: _named(StockTransfer.objects.all(), n), recent=_transfers),
    "partner": Subject(
        name="partner",
        ids=lambda n: list(TradingPartner.objects.filter(code__iexact=n).values_list("code", flat=True)),
        recent=_buyers,
    ),
    "interchange": Subject(name="interchange", ids=_interchange_ids, recent=_interchanges),
    "document": Subject(name="document", ids=_document_ids, recent=_documents),
}
"""Kind of fact -> how it is found. The keys are primary keys as text; of a partner its code."""
