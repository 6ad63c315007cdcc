"""940: tell the partners who run warehouses what to ship, once the ERP has confirmed it; change and cancel follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from distportal.canonical.base import content_hash, from_json, to_json
from distportal.canonical.parts import Address
from distportal.canonical.warehouse import WarehouseOrder
from edi.documents.order940 import write_940
from edi.models import Document, WarehouseLink
from edi.models import WarehouseOrder as Told
from edi.process.control_numbers import hold_numbers
from edi.process.outbound import Outgoing, send_set
from edi.queries.agreements import wants, written_release
from edi.queries.facts import order_of
from edi.queries.warehouses import any_link, last_instruction, links_of
from edi.x12.catalog import release_of
from orders.process.warehouse_orders import following, told_to_warehouses, wanted_of
from orders.queries.warehouses import shipping_places

if TYPE_CHECKING:
    from orders.models import Order

_CODES = {"original": "N", "change": "R", "cancel": "F"}


@transaction.atomic
def instruct_warehouses(*, order_id: UUID) -> list[Document]:
    """The 940s that bring each partner's warehouse to what the order says now; none where it knows that already, or
    where a warehouse connection gives the instructions.
    """
    if not any_link():
        return []
    order = order_of(order_id=order_id)
    if not told_to_warehouses(order):
        return []
    places = shipping_places(order)
    made = (_instruct(order, places, link) for link in links_of(order, set(places.values()) - {""}))
    return [document for document in made if document is not None]


def _instruct(order: Order, places: Mapping[str, str], link: WarehouseLink) -> Document | None:
    if not wants(link.partner, "940"):
        return None
    hold_numbers(partner=link.partner)
    last = last_instruction(order_id=order.pk, warehouse_id=link.warehouse_id)
    before = from_json(WarehouseOrder, last.canonical) if last else None
    sequence = last.sequence + 1 if last else 1
    place = Address(code=link.their_code or link.warehouse.code, name=link.warehouse.name)
    wanted = wanted_of(order, places, link.warehouse.code, place)
    now = following(before, wanted, number=f"{order}-{link.warehouse.code}"[:22], sequence=sequence)
    return send_instruction(order=order, link=link, sequence=sequence, now=now) if now else None


@transaction.atomic
def send_instruction(*, order: Order, link: WarehouseLink, sequence: int, now: WarehouseOrder) -> Document:
    """The 940 of one instruction, once per order, warehouse and sequence. Raises WriteError, Unsendable."""
    key = f"940:{order.pk}:{link.warehouse_id}:{sequence}"
    body = write_940(now, release=release_of(written_release(link.partner, "940")))
    outgoing = Outgoing(set_id="940", business_key=key, body=body, order_id=order.pk)
    document = send_set(partner=link.partner, outgoing=outgoing)
    Told.objects.get_or_create(
        order=order,
        warehouse=link.warehouse,
        sequence=sequence,
        defaults={
            "partner": link.partner,
            "number": now.number,
            "purpose": _CODES[now.purpose],
            "canonical": to_json(now),
            "content_hash": content_hash(replace(now, number="", purpose="original")),
            "document": document,
        },
    )
    return document
