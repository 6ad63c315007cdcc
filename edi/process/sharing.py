"""A carton or pallet with goods of two orders: one code in both shipments, where one ship notice tells of both."""

from __future__ import annotations

from uuid import UUID

from distportal.canonical.shipments import Carton, Pallet
from edi.choices import Direction, UnitKind
from edi.documents.sscc import plain_sscc
from edi.errors import CodeTaken
from edi.models import LogisticUnit, SharedUnit
from edi.queries.agreements import terms
from edi.queries.departures import departure_of, load_key, notified_partner
from edi.queries.facts import shipment_of
from edi.queries.units import bearer_of


def share_unit(*, shipment_id: UUID, kind: UnitKind, unit: Carton | Pallet) -> None:
    """The carton or pallet of the shipment is the one that bears its code already. Raises CodeTaken, with what to do,
    where it cannot be: no one notice would tell of both.
    """
    holder, row = bearer_of(plain_sscc(unit.sscc)), shipment_of(shipment_id=shipment_id)
    why = _why_not(shipment_id, kind, holder)
    if why:
        raise CodeTaken(
            f"The {kind} {unit.number} of shipment {row.number} bears the SSCC {unit.sscc}, which is on another "
            f"shipment: {holder.kind} {holder.number} of {holder.shipment.number}, PO "
            f"{holder.shipment.order.po_number}. {why} Nothing was sent.",
            sscc=unit.sscc,
        )
    SharedUnit.objects.bulk_create(
        [SharedUnit(unit=holder, shipment_id=shipment_id, number=unit.number)], ignore_conflicts=True
    )


def _why_not(shipment_id: UUID, kind: UnitKind, holder: LogisticUnit) -> str:
    """Why the two are not one thing, and what to do; "" where they are."""
    row, other = shipment_of(shipment_id=shipment_id), holder.shipment
    if row == other or holder.kind != kind or row.order.account_id != other.order.account_id:
        return "It names two things; ask the warehouse which of them bears it, and correct the other."
    mine, theirs = departure_of(shipment_id=shipment_id), departure_of(shipment_id=other.pk)
    partner, together = notified_partner(row), load_key(row) == load_key(other) != ""
    if partner is None:
        return "" if together else f"{_APART} {_ASK}"
    if terms(partner, Direction.OUT, "856").asn_scope != "load":
        return (
            f"{partner} takes a ship notice for each order, and goods of two orders in one {kind} can only be told in "
            "one. Agree on one notice for a load (asn_scope), or have the warehouse pack and label them apart."
        )
    if mine is not None and theirs is not None and mine.pk == theirs.pk:
        return ""
    if together and theirs is not None and theirs.document is not None:
        return f"That one was announced already ({theirs.document}); what came later needs a {kind} of its own. {_ASK}"
    return f"{_APART} {_ASK}"


_APART = "The two are not on one load: ship-to, warehouse, carrier or bill of lading differ."
_ASK = "Ask the warehouse whether it is the same thing, and correct the shipment that is wrong."
