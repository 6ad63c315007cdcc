"""Finding documents by a number that somebody reads out on the phone."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from edi.models import Document, DocumentOrder, FunctionalGroup, Interchange, TradingPartner
from edi.models.document import NOT_PLACED
from orders.models import Invoice, Order, Shipment
from orders.queries.numbers import order_digits

MOST = 200
"""Of each kind; more are no answer to a search, and every look-up stays a short walk on an index."""


def matching(text: str) -> Q:
    """The documents about a PO, order, shipment or invoice of that number, or that carry it as a control number.

    The numbers are looked up first, each on its own index: one query over all tables would read them whole.
    """
    number = order_digits(text)
    orders = Q(po_norm__startswith=_norm(text)) if _norm(text) else Q(pk__in=())
    if number:
        orders |= Q(number=int(number))
    # lists, not subqueries: each is short, and the planner then walks the index of documents
    named = _ids(Order.objects.filter(orders))
    found = Q(order_id__in=named)
    if named:
        # one document may be about several orders
        found |= Q(pk__in=DocumentOrder.objects.filter(order__in=named).values_list("document_id", flat=True)[:MOST])
    found |= Q(invoice_id__in=_ids(Invoice.objects.filter(number__iexact=text)))
    found |= Q(shipment_id__in=_ids(Shipment.objects.filter(number__iexact=text)))
    found |= Q(pk__in=_ids(_not_placed(text)))
    found |= Q(control_number__in=spellings(text))
    found |= Q(group_id__in=_ids(FunctionalGroup.objects.filter(control_number__in=spellings(text))))
    if number and len(number) <= 9:
        held = Interchange.objects.filter(control_number=number.zfill(9))
        found |= Q(group_id__in=_ids(FunctionalGroup.objects.filter(interchange__in=_ids(held))))
    partners = TradingPartner.objects.filter(Q(name__icontains=text) | Q(code__iexact=text))
    return found | Q(partner_id__in=_ids(partners))


def _not_placed(text: str) -> QuerySet[Document]:
    """Orders and changes that became none: their PO stands in the document alone (BEG03, BCH03)."""
    rows = Document.objects.filter(NOT_PLACED, set_id__in=("850", "860"))
    return rows.filter(segments__1__3__istartswith=text)


def _ids(rows: QuerySet[Any]) -> list[Any]:
    return list(rows.order_by().values_list("pk", flat=True)[:MOST])


def spellings(text: str) -> list[str]:
    """A control number with and without its leading zeros; nothing for what is too long to be one."""
    if len(text) > 9:
        return []
    plain = text.lstrip("0")
    return [text, *(plain.zfill(width) for width in (4, 9) if plain.isdecimal() and len(plain) <= width), plain]


def _norm(text: str) -> str:
    return "".join(c for c in text.upper() if c.isalnum())
